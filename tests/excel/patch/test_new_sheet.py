"""Sheets added at the end, as every program here opens them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from tests.excel.patch.patching import new_sheet, patched, reopened, with_sets
from tests.excel.patch.workbooks import BUILDERS, cells_of, changed_parts, parts_of
from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.patch.new_sheet import Places, add_to
from zhubao.excel.patch.plan import CellValue, NewSheet, WorkbookPatch

# openpyxl says of every chart style and sparkline that it will not keep it.
pytestmark = pytest.mark.filterwarnings("ignore:.*not supported and will be removed")

ROWS: tuple[tuple[CellValue, ...], ...] = (
    ("001", dt.date(2020, 5, 6), Decimal("12.30")),
    ("=1+1", None, Decimal(-7)),
    ("a<&>\n ", dt.date(2019, 1, 1), None),
)
NEW = WorkbookPatch(new_sheets=(new_sheet(*ROWS),))


@pytest.fixture(params=BUILDERS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The rich workbooks in turn."""
    return BUILDERS[request.param](tmp_path / "台账.xlsx")


def test_openpyxl_finds_values_formats_and_widths(source: Path) -> None:
    after, _ = patched(source, NEW)
    book = reopened(after)
    sheet = book["新表"]
    assert book.sheetnames[-1] == "新表"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["编号", "日期", "数额"],
        ["001", dt.datetime(2020, 5, 6), 12.3],
        ["=1+1", None, -7],
        ["a<&>\n ", dt.datetime(2019, 1, 1), None],
    ]
    assert sheet["A3"].data_type == "s"
    assert [sheet.cell(2, n).number_format for n in (1, 2, 3)] == ["@", "yyyy-mm-dd", "0.00"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C4"
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [10, 12, 14]
    assert sheet["A1"].font.b


def test_calamine_finds_the_values(source: Path) -> None:
    after, _ = patched(source, NEW)
    rows = python_calamine.load_workbook(str(after)).get_sheet_by_name("新表").to_python()
    assert rows[1] == ["001", dt.date(2020, 5, 6), 12.3]
    assert rows[2] == ["=1+1", "", -7.0]


@pytest.mark.libreoffice
def test_libreoffice_finds_the_values(source: Path, soffice: Callable[[Path, str], Path]) -> None:
    after, _ = patched(source, NEW)
    book = reopened(soffice(after, "xlsx"))
    assert [cell.value for cell in book["新表"][2]] == ["001", dt.datetime(2020, 5, 6), 12.3]
    assert book["新表"]["A3"].value == "=1+1"
    assert book["新表"]["A3"].data_type == "s"


def test_all_other_cells_and_parts_stay(source: Path) -> None:
    after, result = patched(source, NEW)
    before, now = cells_of(source), cells_of(after)
    assert {name: now[name] for name in before} == before
    listed = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"}
    part = "xl/worksheets/sheet4.xml"
    assert changed_parts(source, after) == {*listed, part, "xl/styles.xml"}
    assert set(result.changed_parts) == {*listed, part, "xl/styles.xml"}


def test_several_sheets_and_cells_at_once(source: Path) -> None:
    patch = WorkbookPatch(
        {"应收": with_sets((5, 2, "改"))},
        (new_sheet(*ROWS, name="甲"), new_sheet(name="乙 & 丙")),
    )
    after, _ = patched(source, patch)
    book = reopened(after)
    assert book.sheetnames[-2:] == ["甲", "乙 & 丙"]
    assert book["应收"]["B5"].value == "改"
    assert [cell.value for cell in book["乙 & 丙"][1]] == ["编号", "日期", "数额"]
    ids = re.findall(rb'sheetId="(\d+)"', parts_of(after)["xl/workbook.xml"])
    assert len(ids) == len(set(ids)) == 5


def test_a_sheet_added_to_one_that_was_added(source: Path) -> None:
    once, _ = patched(source, NEW)
    twice, _ = patched(once, WorkbookPatch(new_sheets=(new_sheet(name="再一张"),)))
    assert reopened(twice).sheetnames[-2:] == ["新表", "再一张"]


def test_dates_count_from_1904_where_the_workbook_does(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = dt.datetime(1904, 1, 1)
    book.save(tmp_path / "a.xlsx")
    after, _ = patched(tmp_path / "a.xlsx", NEW)
    assert reopened(after)["新表"]["B2"].value == dt.datetime(2020, 5, 6)


def test_what_no_cell_can_hold_names_the_sheet_and_the_cell(source: Path) -> None:
    patch = WorkbookPatch(new_sheets=(new_sheet(("长" * 32_768, None, None)),))
    with pytest.raises(LedgerNotWritable) as caught:
        patched(source, patch)
    assert caught.value.where.endswith("新表!A2")


def test_a_sheet_of_nothing_but_a_header(source: Path) -> None:
    patch = WorkbookPatch(new_sheets=(NewSheet("空", ("甲",), ()),))
    after, _ = patched(source, patch)
    assert reopened(after)["空"].dimensions == "A1:A1"


def test_prefixes_and_quotes_of_the_lists_are_followed() -> None:
    places = Places(
        b"<x:workbook xmlns:x='m'><x:sheets><x:sheet name='a' sheetId='7' q:id='rId2' "
        b"xmlns:q='r'/></x:sheets></x:workbook>",
        b"<p:Relationships xmlns:p='n'><p:Relationship Id='rId2'/></p:Relationships>",
        b"<t:Types xmlns:t='o'></t:Types>",
    )
    after = add_to(places, new_sheet(), "xl/worksheets/sheet9.xml", "台账.xlsx")
    assert b'sheetId="8"' in after.workbook
    assert b"<x:sheet " in after.workbook
    assert b'<p:Relationship Id="rId3"' in after.relations.replace(b"rId2'/", b"")
    assert b'<t:Override PartName="/xl/worksheets/sheet9.xml"' in after.content_types


def test_lists_in_no_known_form_are_refused() -> None:
    with pytest.raises(LedgerNotWritable):
        add_to(Places(b"<workbook/>", b"</r>", b"</t>"), new_sheet(), "xl/a.xml", "台账.xlsx")


def test_every_part_is_declared(source: Path) -> None:
    after, _ = patched(source, NEW)
    with zipfile.ZipFile(after) as archive:
        types = archive.read("[Content_Types].xml")
        assert len(archive.namelist()) == len(set(archive.namelist()))
    assert types.count(b"/xl/worksheets/sheet4.xml") == 1
