"""Annotated copies: the same cells at the same addresses, faulty ones coloured and explained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zhubao.core.errors import OutputError
from zhubao.core.finding import Cell, Finding, FindingKind, Severity
from zhubao.core.theme import load_theme
from zhubao.excel import annotate
from zhubao.excel.annotate import write_annotated
from zhubao.excel.sheet import Merge, RawSheet

THEME = load_theme()
RED = "FF" + THEME.colours.error_fill[1:]
AMBER = "FF" + THEME.colours.warning_fill[1:]
UNREAD = FindingKind("TT-101", "看不懂", Severity.ERROR, "日期看不懂：{value}", "改成 2020-06-30")
NO_DAY = FindingKind("TT-102", "缺日", Severity.WARNING, "缺日：{value}", "补上日")

ROWS: list[list[Any]] = [
    ["应收台账", "", "", ""],
    ["编号", "账单期", "金额", "日期"],
    ["JT001", "2020年6月", 123.5, dt.datetime(2020, 6, 30)],
    ["", "=1+1", 430102199001011000.0, dt.datetime(2020, 6, 30, 8, 15)],
    [True, dt.time(8, 15), dt.timedelta(hours=30), ""],
]


def make_sheet(file: str = "arrears.xlsx", name: str = "应收", **found: Any) -> RawSheet:
    return RawSheet(file, name, [list(row) for row in ROWS], **found)


def copy_of(tmp_path: Path, sheets: Sequence[RawSheet], findings: Sequence[Finding] = ()) -> Any:
    path = tmp_path / "问题.xlsx"
    write_annotated(path, sheets, findings, THEME)
    return openpyxl.load_workbook(path)


def at(kind: FindingKind, ref: str, file: str = "arrears.xlsx", sheet: str = "应收") -> Finding:
    return kind.at(Cell(file, sheet, ref), value="x")


@pytest.mark.parametrize("many_cells", [5, 1_000_000])
def test_every_value_keeps_its_address_and_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many_cells: int
) -> None:
    monkeypatch.setattr(annotate, "_MANY_CELLS", many_cells)
    sheet = copy_of(tmp_path, [make_sheet()], [at(UNREAD, "B3")])["应收"]
    values = [[cell.value for cell in row] for row in sheet["A1:D5"]]
    assert values == [
        ["应收台账", None, None, None],
        ["编号", "账单期", "金额", "日期"],
        ["JT001", "2020年6月", 123.5, dt.datetime(2020, 6, 30)],
        [None, "=1+1", 430102199001011000.0, dt.datetime(2020, 6, 30, 8, 15)],
        [True, dt.time(8, 15), dt.timedelta(hours=30), None],
    ]
    assert sheet["B4"].data_type == "s"
    assert sheet["C4"].number_format == "0"
    assert sheet["D3"].number_format == THEME.formats.date


def test_faulty_cells_are_red_or_amber_and_the_others_plain(tmp_path: Path) -> None:
    findings = [at(UNREAD, "D3"), at(NO_DAY, "B3"), at(NO_DAY, "D3")]
    sheet = copy_of(tmp_path, [make_sheet()], findings)["应收"]
    assert sheet["D3"].fill.start_color.rgb == RED
    assert sheet["D3"].number_format == THEME.formats.date
    assert sheet["B3"].fill.start_color.rgb == AMBER
    assert sheet["A3"].fill.fill_type is None


def test_all_findings_of_a_cell_are_in_its_comment(tmp_path: Path) -> None:
    sheet = copy_of(tmp_path, [make_sheet()], [at(UNREAD, "D3"), at(NO_DAY, "D3")])["应收"]
    assert sheet["D3"].comment.text.split("\n") == [
        "错误 TT-101：日期看不懂：x",
        "怎么办：改成 2020-06-30",
        "警告 TT-102：缺日：x",
        "怎么办：补上日",
    ]
    assert sheet["A3"].comment is None


def test_empty_cells_and_cells_beyond_the_data_are_marked_too(tmp_path: Path) -> None:
    sheet = copy_of(tmp_path, [make_sheet()], [at(UNREAD, "A4"), at(NO_DAY, "F9")])["应收"]
    assert (sheet["A4"].value, sheet["A4"].fill.start_color.rgb) == (None, RED)
    assert (sheet["F9"].value, sheet["F9"].fill.start_color.rgb) == (None, AMBER)


def test_error_cells_say_so(tmp_path: Path) -> None:
    raw = make_sheet(errors={(5, 4): "#N/A", (7, 6): "#REF!"})
    sheet = copy_of(tmp_path, [raw], [at(UNREAD, "D5")])["应收"]
    assert (sheet["D5"].value, sheet["D5"].fill.start_color.rgb) == ("#N/A", RED)
    assert sheet["F7"].value == "#REF!"


def test_merged_cells_stay_merged(tmp_path: Path) -> None:
    merged = [Merge(1, 1, 1, 4), Merge(3, 1, 5, 1), Merge(5, 1, 5, 2)]
    sheet = copy_of(tmp_path, [make_sheet(merged=merged)])["应收"]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:D1", "A3:A5"]


def test_the_list_names_every_finding_and_leads_to_its_cell(tmp_path: Path) -> None:
    findings = [at(NO_DAY, "D10"), at(UNREAD, "D3"), at(NO_DAY, ""), UNREAD.at(None, value="y")]
    book = copy_of(tmp_path, [make_sheet()], findings)
    sheet = book.worksheets[0]
    assert sheet.title == "问题清单"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["序号", "级别", "代码", "文件", "表", "单元格", "问题", "怎么办"],
        [1, "错误", "TT-101", None, None, None, "日期看不懂：y", "改成 2020-06-30"],
        [2, "警告", "TT-102", "arrears.xlsx", "应收", "整张表", "缺日：x", "补上日"],
        [3, "错误", "TT-101", "arrears.xlsx", "应收", "D3", "日期看不懂：x", "改成 2020-06-30"],
        [4, "警告", "TT-102", "arrears.xlsx", "应收", "D10", "缺日：x", "补上日"],
    ]
    assert [sheet.cell(row, 6).hyperlink.location for row in (3, 4)] == ["'应收'!A1", "'应收'!D3"]


def test_sheets_of_the_same_name_keep_apart(tmp_path: Path) -> None:
    sheets = [make_sheet(), make_sheet("旧账.xlsx"), make_sheet("旧账.xlsx", "很长" * 20)]
    book = copy_of(tmp_path, sheets, [at(UNREAD, "D3", "旧账.xlsx")])
    assert book.sheetnames[:3] == ["问题清单", "arrears-应收", "旧账-应收"]
    assert len(book.sheetnames[3]) == 31
    assert book["旧账-应收"]["D3"].comment is not None
    assert book["arrears-应收"]["D3"].comment is None
    assert book["问题清单"]["F2"].hyperlink.location == "'旧账-应收'!D3"


def test_a_ledger_sheet_named_like_the_list_is_renamed(tmp_path: Path) -> None:
    book = copy_of(tmp_path, [make_sheet(name="问题清单")])
    assert book.sheetnames == ["问题清单", "问题清单(2)"]
    assert book["问题清单"]["A2"].value == "没有发现问题"


def test_hidden_sheets_stay_hidden_unless_something_is_wrong(tmp_path: Path) -> None:
    sheets = [make_sheet(hidden=True), make_sheet(name="实收", hidden=True)]
    book = copy_of(tmp_path, sheets, [at(UNREAD, "D3")])
    assert (book["应收"].sheet_state, book["实收"].sheet_state) == ("visible", "hidden")


def test_comments_stop_at_a_bound_and_colours_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotate, "MOST_COMMENTS", 1)
    sheet = copy_of(tmp_path, [make_sheet()], [at(UNREAD, "A3"), at(UNREAD, "B3")])["应收"]
    assert sheet["A3"].comment is not None
    assert sheet["B3"].comment is None
    assert sheet["B3"].fill.start_color.rgb == RED


def test_widths_come_from_the_text_but_not_from_a_merged_title(tmp_path: Path) -> None:
    raw = make_sheet(merged=[Merge(1, 1, 1, 4)])
    raw.rows[0][0] = "长沙市某区住房保障局公共租赁住房租金应收台账"
    widths = copy_of(tmp_path, [raw])["应收"].column_dimensions
    assert widths["A"].width < 10
    assert widths["D"].width > 10


def test_an_empty_sheet_is_copied(tmp_path: Path) -> None:
    assert copy_of(tmp_path, [RawSheet("a.xlsx", "空", [])]).sheetnames == ["问题清单", "空"]


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_annotated(tmp_path, [make_sheet()], [], THEME)


def test_a_long_message_in_the_list_has_the_height_it_needs(tmp_path: Path) -> None:
    long = FindingKind("TT-103", "长", Severity.NOTICE, "很长的话" * 20, "照办")
    rows = copy_of(tmp_path, [make_sheet()], [at(UNREAD, "A3"), at(long, "A4")])["问题清单"]
    heights = [rows.row_dimensions[number].height or 15 for number in (2, 3)]
    assert heights == [15, 60]
