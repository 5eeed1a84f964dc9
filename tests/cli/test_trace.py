"""`zhubao trace`: from a figure to cells, from a report to cells, from a cell to figures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Zhubao


@pytest.fixture
def bureau(sample: Path, tmp_path: Path) -> Path:
    ledgers = tmp_path / "局" / "ledgers"
    ledgers.mkdir(parents=True)
    for name in ("services.xlsx", "zhubao.toml"):
        shutil.copy(sample / "ledgers" / name, ledgers)
    return ledgers.parent


def test_a_figure_leads_to_its_cells(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, "trace", "tickets.handled", "--period", "2020-H1", "--json")
    assert answer.code == 0
    (figure,) = answer.json["facts"]["figures"]
    assert (figure["value"], figure["unit"]) == (21, "份")
    assert "services.xlsx!12345工单!A2" in answer.out
    assert [note for note in answer.json["notes"] if note.startswith("举例：")] == [
        "举例：去年12月收到、1月5日办结 1 份，6月30日办结 2 份，7月1日办结 1 份，退回 1 份："
        "上半年计 3 份"
    ]
    group = zhubao("-C", bureau, "trace", "training", "--period", "2020-H1", "--json")
    assert len(group.json["facts"]["figures"]) == 2
    assert "举例：" not in group.out


def test_a_report_leads_to_the_ledger_and_says_what_has_changed_since(
    zhubao: Zhubao, bureau: Path
) -> None:
    made = bureau / "reports" / "工单.xlsx"
    made.parent.mkdir()
    assert zhubao("-C", bureau, "list", "12345工单", "--out", made).code == 0
    header = [cell.value for cell in openpyxl.load_workbook(made)["12345工单"][3]]
    ref = f"{chr(65 + header.index('办理期限'))}8"
    before = zhubao("-C", bureau, "trace", f"工单.xlsx!12345工单!{ref}")
    assert (before.code, "不同" in before.out) == (0, False)
    os.utime(made, (1_577_836_800, 1_577_836_800))  # made before the change below
    change = ("record", "12345工单", "--update", "GD00005", "办理期限=2020-12-31", "--yes")
    assert zhubao("-C", bureau, *change).code == 0
    after = zhubao("-C", bureau, "trace", f"工单.xlsx!12345工单!{ref}", columns=120)
    assert after.code == 1
    assert "不同" in after.out
    assert "record --update" in after.out


def test_a_ledger_cell_leads_to_figures_and_to_the_workbooks_that_name_its_row(
    zhubao: Zhubao, bureau: Path
) -> None:
    made = bureau / "reports" / "工单.xlsx"
    made.parent.mkdir()
    assert zhubao("-C", bureau, "list", "12345工单", "--out", made).code == 0
    answer = zhubao("-C", bureau, "trace", "services.xlsx!12345工单!C6", "--json")
    assert answer.code == 0
    facts = answer.json["facts"]
    assert [one["code"] for one in facts["figures"]] == ["tickets.handled"]
    assert facts["workbooks"] == ["工单.xlsx!12345工单!A8"]


def test_a_figure_without_its_ledger_is_no_zero(zhubao: Zhubao, bureau: Path) -> None:
    answer = zhubao("-C", bureau, "trace", "rent.received", columns=100)
    assert answer.code == 0
    assert "—（找不到 arrears.xlsx，没有数）" in answer.out
    assert "0.00" not in answer.out
    facts = zhubao("-C", bureau, "trace", "rent.received", "--json").json["facts"]
    assert (facts["figures"][0]["value"], facts["figures"][0]["denominator"]) == (None, None)


def test_a_printed_companion_leads_to_its_own_period(zhubao: Zhubao, bureau: Path) -> None:
    folder = bureau / "reports" / "总结"
    words = ("summary", "month", "--period", "2020-05", "--out", folder)
    assert zhubao("-C", bureau, *words).code in (0, 1)
    sheet = openpyxl.load_workbook(folder / "指标.xlsx")["数量指标"]
    header = [cell.value for cell in sheet[3]]
    column = chr(65 + header.index("上期"))
    row = next(cell.row for cell in sheet["B"] if cell.value == "12345工单办结")
    value = sheet[f"{column}{row}"].value
    answer = zhubao("-C", bureau, "trace", f"总结/指标.xlsx!数量指标!{column}{row}", "--json")
    assert answer.code == 0
    assert answer.json["period"] == "2020年4月"
    assert answer.json["facts"]["figures"][0]["value"] == value > 0

    short = zhubao("-C", bureau, "trace", f"指标.xlsx!数量指标!{column}{row}")
    assert short.code == 3
    assert "是不是 reports/总结/指标.xlsx？" in short.err


def test_a_doctored_summary_is_found_and_an_untouched_one_is_not_accused(
    zhubao: Zhubao, bureau: Path
) -> None:
    made = bureau / "reports" / "总结" / "指标.xlsx"
    words = ("summary", "month", "--period", "2020-05", "--out", made.parent)
    assert zhubao("-C", bureau, *words).code in (0, 1)
    again = zhubao("-C", bureau, "trace", "总结/指标.xlsx!来源!E4")
    assert (again.code, "不同" in again.out) == (0, False)
    assert "按台账重算" in again.out

    book = openpyxl.load_workbook(made)
    row = next(cell.row for cell in book["数量指标"]["B"] if cell.value == "12345工单办结")
    place = f"总结/指标.xlsx!数量指标!C{row}"
    assert zhubao("-C", bureau, "trace", place).code == 0
    value = book["数量指标"][f"C{row}"].value
    book["数量指标"][f"C{row}"].value = int(str(value)) + 100
    book.save(made)
    answer = zhubao("-C", bureau, "trace", place, columns=120)
    assert answer.code == 1
    assert f"按台账重算是 {value} 份" in answer.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("没有这个指标", "没有编号为"),
        ("services.xlsx!12345工单!A1", "不是记录"),
        ("services.xlsx!没有!A2", "没有读到"),
        ("没有.xlsx!表!A5", "没有.xlsx"),
    ],
)
def test_what_cannot_be_traced_is_said_without_a_traceback(
    zhubao: Zhubao, bureau: Path, words: str, said: str
) -> None:
    answer = zhubao("-C", bureau, "trace", words)
    assert answer.code in (2, 3)
    assert said in answer.err
