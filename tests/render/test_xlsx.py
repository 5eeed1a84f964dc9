"""Reports as workbooks: cell values, formats and links, read back with openpyxl."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zhubao.core.errors import OutputError
from zhubao.core.finding import Cell
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.core.theme import load_theme
from zhubao.render import worksheet
from zhubao.render import xlsx as xlsx_module
from zhubao.render.xlsx import write_xlsx

THEME = load_theme()
HEADER = 3  # Excel row


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Any]:
    """Write a report below a bureau folder and open the workbook."""

    def write(report: Report, *, values: bool = False, linked: bool = True) -> Any:
        path = tmp_path / "reports" / "欠租.xlsx"
        root = tmp_path / "ledgers" if linked else None
        write_xlsx(report, path, THEME, source_root=root)
        return openpyxl.load_workbook(path, data_only=values)

    return write


def test_the_header_follows_title_and_circumstances(
    written: Callable[..., Any], report: Report
) -> None:
    sheet = written(report)["欠租户"]
    assert sheet["A1"].value == "欠租情况表"
    assert sheet["A2"].value.split() == [
        "某区住保局",
        "期间：2020-H1",
        "截止日期：2020-06-30",
        "金额单位：元",
    ]
    assert [cell.value for cell in sheet[HEADER]] == [
        "家庭编号",
        "小区",
        "结欠",
        "欠租月数",
        "收缴率",
        "收缴率\n分子",
        "收缴率\n分母",
        "最早欠租月",
        "最近缴款",
        "建议",
        "面积",
        "来源",
        "其余来源",
    ]
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref == "A3:M33"
    assert sheet["B3"].comment.text == "房屋所在的小区"


def test_values_keep_their_types_and_formats(written: Callable[..., Any], report: Report) -> None:
    sheet = written(report)["欠租户"]
    values = {cell.column_letter: cell for cell in sheet[HEADER + 3]}
    assert (values["A"].value, values["A"].number_format) == ("430102199001010002", "@")
    assert (values["B"].value, values["B"].data_type) == ("=北辰中央公园", "s")
    assert (values["C"].value, values["C"].number_format) == (1000.02, "#,##0.00")
    assert (values["D"].value, values["D"].number_format) == (2, "#,##0")
    assert (values["E"].value, values["E"].number_format) == (0.5, "0.00%")
    assert (values["F"].value, values["G"].value) == (2, 4)
    assert (values["H"].value, values["H"].number_format) == (dt.datetime(2020, 3, 1), "yyyy-mm")
    assert values["I"].value == dt.datetime(2020, 6, 1)
    assert values["K"].value == 45.5


def test_a_ratio_without_denominator_is_a_dash(written: Callable[..., Any], report: Report) -> None:
    sheet = written(report)["欠租户"]
    assert [sheet.cell(HEADER + 1, column).value for column in (5, 6, 7)] == ["—", 0, 0]


def test_totals_are_formulas_with_their_value_cached(
    written: Callable[..., Any], report: Report
) -> None:
    assert written(report)["欠租户"]["C34"].value == "=SUBTOTAL(9,C4:C33)"
    sheet = written(report, values=True)["欠租户"]
    assert [sheet.cell(34, column).value for column in range(1, 8)] == [
        "合计",
        None,
        30004.35,
        147,
        0.5,
        435,
        870,
    ]


def test_every_row_leads_to_its_first_ledger_cell(
    written: Callable[..., Any], report: Report
) -> None:
    sheet = written(report)["欠租户"]
    link = sheet["L6"].hyperlink
    assert link.target.replace("\\", "/") == "../ledgers/arrears.xlsx"
    assert link.location == "'应收'!F4"
    assert sheet["L6"].value == "arrears.xlsx!应收!F4（共 2 处）"
    assert sheet["M6"].value == "arrears.xlsx!实收!D4"
    assert (sheet["L5"].value, sheet["M5"].value) == ("arrears.xlsx!应收!F3", None)


def test_without_a_ledger_folder_sources_are_text(
    written: Callable[..., Any], report: Report
) -> None:
    cell = written(report, linked=False)["欠租户"]["L6"]
    assert (cell.value, cell.hyperlink) == ("arrears.xlsx!应收!F4（共 2 处）", None)


def test_a_folder_with_odd_characters_is_escaped(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_xlsx(report, path, THEME, source_root=tmp_path / "台账 #1 100%")
    link = openpyxl.load_workbook(path)["欠租户"]["L4"].hyperlink
    assert link.target.replace("\\", "/") == "台账%20%231%20100%25/arrears.xlsx"


def test_many_sources_are_named_up_to_a_bound(written: Callable[..., Any]) -> None:
    sources = tuple(Cell("a.xlsx", "应收", f"F{number}") for number in range(1, 5001))
    table = Table("t", "表", (Column("a", "甲"),), (Row(("x",), sources),))
    sheet = written(Report("t", "题", "局", tables=(table,)))["表"]
    assert sheet["B4"].value == "a.xlsx!应收!F1（共 5,000 处）"
    assert sheet["C4"].value.startswith("a.xlsx!应收!F2、F3、")
    assert sheet["C4"].value.endswith("F41……另有 4,959 处")


def test_links_stop_at_excels_limit(
    written: Callable[..., Any], report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worksheet, "MOST_LINKS", 10)
    sheet = written(report)["欠租户"]
    linked = [row for row in range(4, 34) if sheet.cell(row, 12).hyperlink]
    assert linked == list(range(4, 14))
    assert sheet["L20"].value.startswith("arrears.xlsx!应收!F18")


def test_a_text_longer_than_a_cell_is_cut_and_says_so(written: Callable[..., Any]) -> None:
    table = Table("t", "表", (Column("a", "甲"),), (Row(("长" * 40_000,)),))
    text = written(Report("t", "题", "局", tables=(table,)))["表"]["A4"].value
    assert len(text) == 32_767
    assert text.endswith("……（已截断）")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-", "@SUM(A1)", "http://x.cn", "00123", " "])
def test_text_stays_text(written: Callable[..., Any], text: str) -> None:
    table = Table("t", "表", (Column("a", "甲"),), (Row((text,)),))
    cell = written(Report("t", "题", "局", tables=(table,)))["表"]["A4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_odd_values_do_not_stop_a_report(written: Callable[..., Any]) -> None:
    columns = (Column("a", "甲", ValueKind.MONEY), Column("b", "乙", ValueKind.DATE))
    rows = (
        Row(("待定", dt.date(1899, 1, 1))),
        Row((float("nan"), True)),
        Row((Ratio(1, 4), None)),
    )
    sheet = written(Report("t", "题", "局", tables=(Table("t", "表", columns, rows),)))["表"]
    values = [[cell.value for cell in row] for row in sheet["A4:B6"]]
    assert values == [["待定", "1899-01-01"], ["nan", "是"], [0.25, None]]


@pytest.mark.parametrize(
    ("day", "serial"),
    [
        (dt.date(1900, 1, 1), 1),
        (dt.date(1900, 2, 28), 59),
        (dt.date(1900, 3, 1), 61),  # Excel counts a 29 February between them
        (dt.date(2020, 6, 30), 44012),
        (dt.datetime(2020, 6, 30, 12), 44012.5),
    ],
)
def test_a_day_is_its_serial_number(tmp_path: Path, day: dt.date, serial: float) -> None:
    table = Table("t", "表", (Column("a", "甲", ValueKind.DATE),), (Row((day,)),))
    write_xlsx(Report("t", "题", "局", tables=(table,)), tmp_path / "a.xlsx", THEME)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(rf'<c r="A4" s="[0-9]+"><v>{serial}</v>', text)


def test_rows_of_emphasis_are_coloured(written: Callable[..., Any], report: Report) -> None:
    sheet = written(report)["欠租户"]
    assert sheet["A10"].fill.start_color.rgb == "FF" + THEME.colours.error_fill[1:]
    assert sheet["A9"].fill.fill_type is None


def test_the_sheet_is_ready_to_print(written: Callable[..., Any], report: Report) -> None:
    sheet = written(report)["欠租户"]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.oddFooter.center.text == THEME.print.footer
    assert sheet.print_area.endswith("$L$49")


def test_a_narrow_table_is_printed_upright(written: Callable[..., Any]) -> None:
    table = Table("t", "表", (Column("a", "甲"),), (Row(("x",)),))
    sheet = written(Report("t", "题", "局", tables=(table,)))["表"]
    assert sheet.page_setup.orientation == "portrait"


def test_widths_follow_the_text_within_bounds(written: Callable[..., Any], report: Report) -> None:
    widths = written(report)["欠租户"].column_dimensions
    assert widths["A"].width == pytest.approx(18 + 2, abs=1)
    assert widths["J"].width == pytest.approx(16 + 2, abs=1)
    assert all(6 <= one.width <= 43 for one in widths.values())


def test_the_font_is_the_themes_not_the_readers(
    written: Callable[..., Any], report: Report
) -> None:
    font = written(report)["欠租户"]["B5"].font
    assert (font.name, font.scheme, font.charset) == ("宋体", None, 134)


def test_there_is_a_native_chart(written: Callable[..., Any], report: Report) -> None:
    (chart,) = written(report)["欠租户"]._charts
    assert chart.series[0].val.numRef.f == "'欠租户'!$C$4:$C$33"


def test_bars_stand_in_the_order_of_the_rows_with_their_values(
    written: Callable[..., Any], report: Report
) -> None:
    (table,) = report.tables
    bars = replace(table, charts=tuple(replace(one, kind="bar") for one in table.charts))
    (chart,) = written(replace(report, tables=(bars,)))["欠租户"]._charts
    assert chart.barDir == "bar"
    assert (chart.x_axis.scaling.orientation, chart.y_axis.crosses) == ("maxMin", "max")
    assert chart.y_axis.numFmt.formatCode == "#,##0"
    labels = chart.series[0].dLbls
    assert (labels.showVal, labels.numFmt) == (True, "#,##0;-#,##0;;")


def test_findings_have_a_sheet_of_their_own(written: Callable[..., Any], report: Report) -> None:
    sheet = written(report)["数据问题"]
    assert [cell.value for cell in sheet[5]][1:6] == [
        "错误",
        "TT-104",
        "校验位不符（填写：4301…9999）",
        "对照户口簿改正后重跑",
        "tenants.xlsx!保障家庭!G3",
    ]
    assert sheet["F5"].hyperlink.location == "'保障家庭'!G3"


def test_notes_stand_below_the_table(written: Callable[..., Any], report: Report) -> None:
    sheet = written(report)["欠租户"]
    assert [sheet["A35"].value, sheet["A36"].value] == [
        "注：满6个月的以红色标出。",
        "注：由台账计算。",
    ]


def test_sheets_with_the_same_or_a_forbidden_title_get_names_of_their_own(
    written: Callable[..., Any],
) -> None:
    titles = ("一/二[三]", "一二三", "长" * 40, "长" * 40)
    tables = tuple(Table(str(n), title, (Column("a", "甲"),), ()) for n, title in enumerate(titles))
    names = written(Report("t", "题", "局", tables=tables)).sheetnames
    assert names == ["一二三", "一二三(2)", "长" * 31, "长" * 28 + "(2)"]


def test_an_empty_table_and_an_empty_report_are_written(written: Callable[..., Any]) -> None:
    table = Table("t", "表", (Column("a", "甲", ValueKind.COUNT),), (), (0,), frozenset("a"))
    assert written(Report("t", "题", "局", tables=(table,)))["表"]["A4"].value == 0
    assert written(Report("t", "题", "局")).sheetnames == ["数据问题"]


def test_the_same_report_gives_the_same_bytes(report: Report, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_xlsx(report, tmp_path / name, THEME)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_target_that_is_open_elsewhere_is_left_alone(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "欠租.xlsx"
    path.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputError) as caught:
        write_xlsx(report, path, THEME)
    assert "关闭" in caught.value.advice
    assert caught.value.where == str(path)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"old"]


def test_a_folder_in_the_way_is_an_output_error(report: Report, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_xlsx(report, tmp_path, THEME)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError):
        write_xlsx(report, tmp_path / "file" / "r.xlsx", THEME)


def test_more_rows_than_a_sheet_holds_are_refused(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_module, "MOST_ROWS", 29)
    with pytest.raises(OutputError):
        write_xlsx(report, tmp_path / "r.xlsx", THEME)
    assert not list(tmp_path.iterdir())


def forget_cached_values(path: Path) -> None:
    """Rewrite the workbook without the values of its formulas, so that they must be computed."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            parts[name] = re.sub(rb"</f><v>[^<]*</v>", b"</f>", package.read(name))
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_recalculated_totals_agree_with_the_cached_ones(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_xlsx(report, path, THEME)
    cached = [cell.value for cell in openpyxl.load_workbook(path, data_only=True)["欠租户"][34]]
    forget_cached_values(path)
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless"]
    convert = ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1"]
    place = ["--outdir", str(tmp_path), str(path)]
    subprocess.run([*command, *convert, *place], check=True, capture_output=True, timeout=120)
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as stream:
        totals = next(line for line in csv.reader(stream) if line[0] == "合计")
    assert [totals[2].replace(",", ""), totals[3]] == [str(cached[2]), str(cached[3])]


def test_a_sheet_too_wide_to_read_prints_its_essential_columns(
    written: Callable[..., Any],
) -> None:
    columns = tuple(Column(f"c{i}", f"列{i}", level=3 if i % 2 else 1) for i in range(12))
    table = Table("t", "表", columns, (Row(tuple("字" * 12 for _ in columns)),))
    sheet = written(Report("t", "题", "局", tables=(table,)))["表"]
    headers = [cell.value for cell in sheet[3]]
    assert headers == [f"列{i}" for i in (0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11)]
    assert sheet.print_area.startswith("'表'!$A$1:$F$")
