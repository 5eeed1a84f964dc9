from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from zhubao.excel.book import Book, open_book
from zhubao.excel.kinds import CellKind
from zhubao.excel.sheet import Merge
from zhubao.excel.table import ColumnSpec, read_table

Package = Callable[..., Path]
Convert = Callable[[Path, str], Path]

SPECS = (
    ColumnSpec("no", "家庭编号", (), CellKind.CODE, required=True),
    ColumnSpec("paid_on", "收款日期", (), CellKind.DATE, required=True),
    ColumnSpec("amount", "实收金额", (), CellKind.MONEY, required=True),
)


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Title, hidden rows and sheet, merges, formulas, errors: written by xlsxwriter."""
    path = tmp_path_factory.mktemp("book") / "实收.xlsx"
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("实收")
    sheet.merge_range("A1:C1", "实收台账")
    sheet.write_row("A2", ["家庭编号", "收款日期", "实收金额"])
    sheet.write_row("A3", ["JT001", None, 50])
    sheet.write_datetime("B3", dt.datetime(2020, 6, 30), day)
    sheet.write_row("A4", ["JT002", "2020.6.30"])
    sheet.write_formula("C4", "=C3*2", None, 100)
    sheet.write_row("A5", ["JT003", "2020年6月30日"])
    sheet.write_formula("C5", "=NA()", None, "#N/A")
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.write_row("A6", ["合计", None, 150])
    hidden = book.add_worksheet("旧表")
    hidden.write("B2", "x")
    hidden.hide()
    book.close()
    return path


def check_messy(book: Book, *, hidden_rows: int = 1) -> None:
    assert book.sheet_names == ("实收", "旧表")
    sheet = book.sheet("实收")
    assert sheet is not None
    assert sheet.merged == [Merge(1, 1, 1, 3)]
    assert sheet.errors == {(5, 3): "#N/A"}
    assert sheet.hidden_rows == hidden_rows
    table = read_table(sheet, SPECS)
    assert table is not None
    assert table.rows == [3, 4, 5]
    assert set(table.columns["paid_on"].values) == {dt.date(2020, 6, 30)}
    assert table.columns["amount"].values == [5000, 10000, None]
    assert [(str(f.where), f.code) for f in table.findings if f.severity == "error"] == [
        (f"{book.name}!实收!C5", "XL-102")
    ]


def test_a_workbook_of_xlsxwriter_is_read_whole(messy: Path) -> None:
    book = open_book(messy)
    check_messy(book)
    assert book.sheets[0].formulas == 2
    assert book.sheets[1].hidden
    assert [finding.code for finding in book.findings] == ["XL-202", "XL-201"]


def test_cell_a1_is_row_one_column_a_even_when_it_is_empty(messy: Path) -> None:
    assert open_book(messy).sheets[1].rows == [["", ""], ["", "x"]]


def test_only_the_wanted_sheets_are_loaded(messy: Path) -> None:
    book = open_book(messy, sheets={"旧表"})
    assert [sheet.name for sheet in book.sheets] == ["旧表"]
    assert book.sheet_names == ("实收", "旧表")


@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", ["xls", "ods", "xlsx"])
def test_what_libreoffice_makes_of_it_reads_the_same(
    extension: str, messy: Path, soffice: Convert
) -> None:
    check_messy(open_book(soffice(messy, extension)))


@pytest.mark.libreoffice
def test_a_wps_et_file_is_known_by_its_bytes(messy: Path, soffice: Convert) -> None:
    converted = soffice(messy, "xls")
    check_messy(open_book(converted.rename(converted.with_suffix(".et"))))


def test_the_extension_does_not_matter(messy: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "实收.xls"
    renamed.write_bytes(messy.read_bytes())
    check_messy(open_book(renamed))


def test_formulas_that_openpyxl_wrote_have_no_result(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["家庭编号", "收款日期", "实收金额"], ["JT1", "2020-06-30", "=1+1"]):
        sheet.append(row)
    workbook.save(tmp_path / "a.xlsx")
    raw = open_book(tmp_path / "a.xlsx").sheets[0]
    assert raw.uncached == {(2, 3)}
    table = read_table(raw, SPECS)
    assert table is not None
    assert [(f.code, f.where.ref if f.where else "") for f in table.findings] == [("XL-103", "C2")]


def test_the_1904_date_system_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    book = xlsxwriter.Workbook(str(path), {"date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_datetime("A1", dt.datetime(2020, 6, 30), book.add_format({"num_format": "d/m/yy"}))
    sheet.write_number("A2", 42550)
    book.close()
    opened = open_book(path)
    assert opened.date1904
    assert opened.sheets[0].date1904
    assert opened.sheets[0].rows == [[dt.date(2020, 6, 30)], [42550.0]]


UNUSUAL = {
    "prefixed": '<x:worksheet xmlns:x="{ns}"><x:sheetData>{x}</x:sheetData></x:worksheet>',
    "commented": '<worksheet xmlns="{ns}"><sheetData><!-- <c r="Z9"> -->{p}</sheetData>'
    "</worksheet>",
    "single-quoted": "<worksheet xmlns='{ns}'><sheetData>{q}</sheetData></worksheet>",
    "pretty": '<worksheet xmlns="{ns}">\n<sheetData>\n{n}\n</sheetData>\n</worksheet>',
    "without positions": '<worksheet xmlns="{ns}"><sheetData>{r}</sheetData></worksheet>',
}
CELLS = (
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c>'
    '<c r="C1"><f>A1</f></c><c r="D1" t="str"><f>A1</f><v></v></c></row>'
)


def unusual(name: str) -> str:
    return UNUSUAL[name].format(
        ns="http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        p=CELLS,
        x=CELLS.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:"),
        q=CELLS.replace('"', "'"),
        n=CELLS.replace("><", ">\n<"),
        r="".join(part for part in _without_positions(CELLS)),
    )


def _without_positions(text: str) -> str:
    for ref in ("A1", "B1", "C1", "D1", "1"):
        text = text.replace(f' r="{ref}"', "")
    return text


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_writing_is_parsed_not_guessed(name: str, package: Package) -> None:
    sheet = open_book(package(sheet=unusual(name))).sheets[0]
    assert sheet.rows[0][0] == 1.0
    assert sheet.errors == {(1, 2): "#REF!"}
    assert sheet.uncached == {(1, 3)}
    assert sheet.formulas == 2


@pytest.mark.parametrize("encoding", ["utf-16", "gbk"])
def test_other_encodings_are_read_not_lost(encoding: str, package: Package) -> None:
    body = unusual("commented").replace("<v>1</v>", "<v>1</v>")
    text = f'<?xml version="1.0" encoding="{encoding}"?>{body}'
    sheet = open_book(package(sheet=text.encode(encoding))).sheets[0]
    assert sheet.rows[0][0] == 1.0
    assert sheet.errors == {(1, 2): "#REF!"}


def test_error_values_newer_than_the_parser_are_kept(package: Package) -> None:
    path = package('<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c><c r="B1"><v>2</v></c></row>')
    sheet = open_book(path).sheets[0]
    assert sheet.errors == {(1, 1): "#SPILL!"}
    assert sheet.rows == [["", 2.0]]


def test_an_odd_claim_about_the_extent_does_no_harm(package: Package) -> None:
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    for claim in ("A1:XFD1048576", "1:4", ""):
        sheet = (
            f'<worksheet xmlns="{ns}"><dimension ref="{claim}"/><sheetData>'
            '<row r="1"><c r="A1"><v>7</v></c></row></sheetData></worksheet>'
        )
        assert open_book(package(sheet=sheet)).sheets[0].rows == [[7.0]]


def test_cells_merely_styled_far_away_do_no_harm(package: Package) -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    sheet = open_book(package('<row r="1"><c r="A1"><v>1</v></c></row>' + far)).sheets[0]
    assert sheet.rows == [[1.0]]


def oracle_values(path: Path) -> dict[tuple[str, int, int], Any]:
    workbook = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.row, cell.column): cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def comparable(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.replace(microsecond=0)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def test_values_and_errors_agree_with_openpyxl_cell_by_cell(messy: Path) -> None:
    ours: dict[tuple[str, int, int], Any] = {}
    for sheet in open_book(messy).sheets:
        for number, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row, 1):
                shown = sheet.errors.get((number, column), value)
                if shown != "":
                    ours[sheet.name, number, column] = comparable(shown)
    theirs = {place: comparable(value) for place, value in oracle_values(messy).items()}
    assert ours == theirs
