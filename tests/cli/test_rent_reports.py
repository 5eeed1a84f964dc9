"""`zhubao rent month`, `rent remit` and `rent statement` on the sample bureau."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from zhubao.core.width import display_width

if TYPE_CHECKING:
    from tests.cli.conftest import Answer, Zhubao

MAY, JUNE = "租金月报_2020-05", "租金月报_2020-06"


@pytest.fixture(scope="module")
def bureau(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample, so that reports do not land in the repository."""
    root = tmp_path_factory.mktemp("月") / "示范局"
    shutil.copytree(sample / "ledgers", root / "ledgers")
    return root


@pytest.fixture
def reports(bureau: Path) -> Path:
    """An empty folder of reports."""
    shutil.rmtree(bureau / "reports", ignore_errors=True)
    return bureau / "reports"


def widest(answer: Answer) -> int:
    lines = answer.out.splitlines()
    return max(display_width(line) for line in lines if not line.startswith(("工作簿", "存档")))


def test_a_month_is_filed_and_the_next_one_is_compared_with_it(
    zhubao: Zhubao, bureau: Path, reports: Path
) -> None:
    may = zhubao("-C", bureau, "rent", "month", "--month", "2020-05")
    assert may.code == 0
    assert widest(may) <= 80
    assert "没有 2020-04 月报的存档" in may.out.replace("\n", "").replace(" " * 6, "")
    filed = json.loads((reports / f"{MAY}.json").read_text(encoding="utf-8"))
    june = zhubao("-C", bureau, "rent", "month", "--month", "2020-06", "--json").json
    assert june["facts"]["opening"] == filed["totals"]["closing"]
    assert june["facts"]["filed_month_agrees"]
    assert june["facts"]["proved"]
    assert not (reports / f"{JUNE}.json").exists()
    filed["totals"]["closing"] = "100000.00"
    (reports / f"{MAY}.json").write_text(json.dumps(filed), encoding="utf-8")
    (reports / f"{JUNE}.json").write_text("{}", encoding="utf-8")
    answer = zhubao("-C", bureau, "rent", "month", "--month", "2020-06", "--json")
    assert answer.code == 0
    assert {"RE-240", "RE-241"} <= {one["code"] for one in answer.json["findings"]}


def test_an_archive_is_only_replaced_when_asked(
    zhubao: Zhubao, bureau: Path, reports: Path
) -> None:
    words = ("-C", bureau, "rent", "month", "--month", "2020-06")
    zhubao(*words)
    archive = reports / f"{JUNE}.json"
    first = archive.read_bytes()
    archive.write_bytes(first.replace(b'"received": "209111.54"', b'"received": "1.00"'))
    kept = archive.read_bytes()
    assert "RE-242" in zhubao(*words).out
    assert archive.read_bytes() == kept
    assert (reports / f"{JUNE}_重算.xlsx").exists()
    assert "RE-242" not in zhubao(*words, "--refile").out
    assert archive.read_bytes() == first


def test_a_month_not_yet_over_is_not_filed(zhubao: Zhubao, bureau: Path, reports: Path) -> None:
    answer = zhubao("-C", bureau, "rent", "month", "--as-of", "2020-06-15")
    assert "没有存档" in answer.out
    assert [path.suffix for path in reports.iterdir()] == [".xlsx"]
    assert zhubao("-C", bureau, "rent", "month", "--month", "六月").code == 2


def test_the_workbook_is_ready_to_print_and_its_formulas_are_true(
    zhubao: Zhubao, bureau: Path, reports: Path
) -> None:
    answer = zhubao("-C", bureau, "rent", "month", "--month", "2020-06", columns=140)
    assert widest(answer) <= 140
    book: Any = openpyxl.load_workbook(reports / f"{JUNE}.xlsx")
    values: Any = openpyxl.load_workbook(reports / f"{JUNE}.xlsx", data_only=True)
    sheet = book["按小区"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToHeight == 0
    assert "单位：元" in sheet["A2"].value
    assert any(str(row[0].value).startswith("制表：") for row in sheet.iter_rows())
    checked = 0
    for name in ("按小区", "按产权"):
        for row in book[name].iter_rows(min_row=4):
            for cell in row:
                terms = re.fullmatch(r"=ROUND\(([-+A-Z0-9]+),2\)", str(cell.value))
                if terms:
                    signed = re.findall(r"([-+]?)([A-Z]+\d+)", terms[1])
                    total = sum(
                        (-1 if sign == "-" else 1) * values[name][ref].value for sign, ref in signed
                    )
                    assert round(total, 2) == values[name][cell.coordinate].value
                    checked += 1
    assert checked == 2 * (8 + 2)  # received and closing, per estate and per owner


def test_the_remittance_report_gives_the_figures_of_the_half_year(
    zhubao: Zhubao, bureau: Path, reports: Path
) -> None:
    answer = zhubao("-C", bureau, "rent", "remit", "--period", "2020-H1")
    assert (reports / "租金汇缴_2020-H1.xlsx").exists()
    assert "1,243,430.00" in answer.out
    assert "1,197,100.00" in answer.out
    assert widest(answer) <= 80
    assert "屏幕太窄" not in answer.out


def test_a_statement_is_found_by_lease_and_masks_the_name(
    zhubao: Zhubao, bureau: Path, reports: Path
) -> None:
    by_lease = zhubao("-C", bureau, "rent", "statement", "HT000140", "--json").json
    assert by_lease["facts"]["household_no"] == "JT000123"
    name = by_lease["tables"][0]["rows"][1]["values"]["text"]
    assert "*" in name
    words = ("-C", bureau, "rent", "statement", "JT000123", "--from", "2020-05", "--show-personal")
    answer = zhubao(*words, "--out", reports / "对账单.xlsx")
    assert name not in answer.out
    assert widest(answer) <= 80
    assert "承前余额" in answer.out
    assert "2020-04-01" not in answer.out
    assert (reports / "对账单.xlsx").exists()


def test_a_number_nobody_has_is_exit_code_2(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, "rent", "statement", "JT00123")
    assert answer.code == 2
    assert "JT000123" in answer.err


def test_the_unpaid_months_of_a_statement_are_those_of_the_arrears(
    zhubao: Zhubao, bureau: Path
) -> None:
    arrears = zhubao("-C", bureau, "rent", "arrears", "--json").json
    basis = next(table for table in arrears["tables"] if table["key"] == "basis")["rows"]
    for number in ("JT000008",):
        there = [row["values"] for row in basis if row["values"]["household_no"] == number]
        answer = zhubao("-C", bureau, "rent", "statement", number, "--json").json
        unpaid = next(table for table in answer["tables"] if table["key"] == "unpaid")["rows"]
        assert [(row["values"]["month"], row["values"]["unpaid"]) for row in unpaid] == [
            (row["month"], row["unpaid"]) for row in there
        ]
