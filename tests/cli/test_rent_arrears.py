"""`zhubao rent arrears` as a clerk, a section head and a script run it, on the sample bureau."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


@pytest.fixture(scope="session")
def bureau(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample, so that reports do not land in the repository."""
    root = tmp_path_factory.mktemp("局") / "示范局"
    shutil.copytree(sample / "ledgers", root / "ledgers")
    return root


@pytest.mark.parametrize("columns", [80, 140])
def test_the_table_fits_the_terminal(zhubao: Zhubao, bureau: Path, columns: int) -> None:
    answer = zhubao("-C", bureau, "rent", "arrears", columns=columns)
    assert answer.code == 0
    assert max(map(display_width, answer.out.splitlines()[:-1])) <= columns
    assert "\x1b[" not in answer.out
    assert "结欠" in answer.out
    assert "勾稽" in answer.out


def test_a_wide_terminal_shows_more(zhubao: Zhubao, bureau: Path) -> None:
    narrow = zhubao("-C", bureau, "rent", "arrears", columns=80).out
    wide = zhubao("-C", bureau, "rent", "arrears", columns=140).out
    assert "最近走访" not in narrow
    assert "最近走访" in wide


def test_the_workbook_has_its_sheets_chart_and_links(zhubao: Zhubao, bureau: Path) -> None:
    zhubao("-C", bureau, "rent", "arrears")
    book: Any = openpyxl.load_workbook(bureau / "reports" / "欠租_2020-06-30.xlsx")
    assert {"汇总", "明细", "账龄", "依据"} <= set(book.sheetnames)
    assert len(book["账龄"]._charts) == 1
    rows = list(book["明细"].iter_rows(min_row=4))
    linked = [row for row in rows if any(cell.hyperlink for cell in row)]
    assert len(linked) == 306  # every household in debt
    target = next(cell.hyperlink for cell in linked[0] if cell.hyperlink)
    assert target.target.replace("\\", "/") == "../ledgers/tenants.xlsx"


def test_json_carries_the_same_total_as_the_workbook(zhubao: Zhubao, bureau: Path) -> None:
    facts = zhubao("-C", bureau, "rent", "arrears", "--json").json["facts"]
    zhubao("-C", bureau, "rent", "arrears")
    path = bureau / "reports" / "欠租_2020-06-30.xlsx"
    book: Any = openpyxl.load_workbook(path, data_only=True)
    sheet = book["明细"]
    headers = {cell.value: cell.column for cell in sheet[3]}
    owed = [row[headers["结欠"] - 1].value for row in sheet.iter_rows(min_row=4)]
    amounts = [value for value in owed if isinstance(value, int | float)]
    assert round(sum(amounts[:-1]) * 100) == round(amounts[-1] * 100)  # rows, then their total
    assert f"{amounts[-1]:.2f}" == facts["owed"]
    assert facts["received"] == "1197100.00"


def test_json_leaves_no_workbook_unless_asked(zhubao: Zhubao, sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample / "ledgers", tmp_path / "ledgers")
    zhubao("-C", tmp_path, "rent", "arrears", "--json")
    assert not (tmp_path / "reports").exists()
    answer = zhubao("-C", tmp_path, "rent", "arrears", "--json", "--out", tmp_path / "a.xlsx")
    assert answer.json["code"] == "rent.arrears"
    assert (tmp_path / "a.xlsx").exists()


def test_an_earlier_date_is_replayed(zhubao: Zhubao, bureau: Path) -> None:
    now = zhubao("-C", bureau, "rent", "arrears", "--json").json
    march = zhubao("-C", bureau, "rent", "arrears", "--json", "--as-of", "2020-03-31").json
    assert (now["as_of"], march["as_of"]) == ("2020-06-30", "2020-03-31")
    assert float(march["facts"]["charged"]) < float(now["facts"]["charged"])
    assert march["facts"]["proved"]


def test_estate_and_months_narrow_the_list(zhubao: Zhubao, bureau: Path) -> None:
    words = ("-C", bureau, "rent", "arrears", "--json", "--estate", "粟塘小区")
    everyone = _details(zhubao(*words).json)
    six = _details(zhubao(*words, "--min-months", "6").json)
    assert {row["estate"] for row in everyone} == {"粟塘小区"}
    assert 0 < len(six) < len(everyone)
    assert min(row["unpaid_months"] for row in six) >= 6


def test_an_unknown_estate_names_the_known_ones(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, "rent", "arrears", "--estate", "没有小区")
    assert answer.code == 2
    assert "粟塘小区" in answer.err


def test_names_are_masked_everywhere(zhubao: Zhubao, bureau: Path) -> None:
    rows = _details(zhubao("-C", bureau, "rent", "arrears", "--json").json)
    assert all("*" in row["name"] for row in rows)


def test_ledgers_without_charges_are_not_all_fine(zhubao: Zhubao, tmp_path: Path) -> None:
    assert zhubao("init", tmp_path / "局").code == 0
    answer = zhubao("-C", tmp_path / "局", "rent", "arrears")
    assert answer.code == 1
    assert "RE-101" in answer.out


def test_a_damaged_ledger_is_exit_code_3_and_names_the_file(
    zhubao: Zhubao, sample: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample / "ledgers", tmp_path / "ledgers")
    path = tmp_path / "ledgers" / "arrears.xlsx"
    path.write_bytes(path.read_bytes()[:5000])
    answer = zhubao("-C", tmp_path, "rent", "arrears")
    assert answer.code == 3
    assert "arrears.xlsx" in answer.err
    assert "怎么办" in answer.err
    assert not answer.out


def test_a_report_that_cannot_be_written_is_explained(
    zhubao: Zhubao, bureau: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "在这里.xlsx"
    folder.mkdir()
    answer = zhubao("-C", bureau, "rent", "arrears", "--out", folder)
    assert answer.code == 3
    assert "怎么办" in answer.err
    wrong = zhubao("-C", bureau, "rent", "arrears", "--out", tmp_path / "欠租.doc")
    assert wrong.code == 3
    assert ".xlsx" in wrong.err


def _details(answer: Any) -> list[dict[str, Any]]:
    table = next(table for table in answer["tables"] if table["key"] == "detail")
    return [row["values"] for row in table["rows"]]
