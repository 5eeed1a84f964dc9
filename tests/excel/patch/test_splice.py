"""A worksheet streamed through with its changes, in the spellings there are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.excel.patch.patching import (
    attributes_of,
    part_of,
    patched,
    rows_of,
    with_rows,
    with_sets,
)
from zhubao.core.errors import LedgerNotWritable, PatchUnsound, WorkbookHostile
from zhubao.excel.book import open_book
from zhubao.excel.patch.plan import CellSet, NewRows, SheetPatch

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PLAIN = (
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="2"><c r="A2"><v>1</v></c>'
    '<c r="C2"><v>3</v></c></row><row r="4"><c r="B4"><v>5</v></c></row></sheetData></worksheet>'
)
BEFORE = {2: {1: "1", 3: "3"}, 4: {2: "5"}}

Build = Callable[..., Path]


def prefixed(xml: str) -> str:
    """The same with every element in a prefix of its own."""
    xml = re.sub(r"<(/?)(\w+)", r"<\1x:\2", xml)
    return xml.replace("xmlns=", "xmlns:x=")


SPELLINGS = {
    "plain": PLAIN,
    "a declaration and a byte order mark": '\ufeff<?xml version="1.0" encoding="UTF-8"?>' + PLAIN,
    "prefixed": prefixed(PLAIN),
    "single quotes": PLAIN.replace('"', "'"),
    "blanks in tags": PLAIN.replace('">', '" >').replace("<c r", "<c  r").replace("</row", "</row"),
    "line breaks in tags": PLAIN.replace("<c r", "<c\n r").replace("<row r", "<row\n r"),
    "pretty": PLAIN.replace("><", ">\n  <"),
    "attributes before r": PLAIN.replace("<c r", '<c s="0" r').replace("<row r", '<row ht="9" r'),
    "cells without r": PLAIN.replace('<c r="A2"', "<c").replace(' r="B4"', ' r="B4"'),
    "comments": PLAIN.replace("<row r", '<!-- <row r="9"/> --><row r').replace(
        "<v>", "<!--c--><v>"
    ),
    "a comment before the rows": PLAIN.replace("<sheetData>", "<!-- <sheetData> --><sheetData>"),
    "a comment behind the rows": PLAIN.replace("</worksheet>", "<!-- </sheetData> --></worksheet>"),
    "CDATA": PLAIN.replace("<v>1</v>", "<v><![CDATA[1]]></v>"),
    "instructions": PLAIN.replace("<row r", '<?x <row r="9"?><row r'),
    "spans": PLAIN.replace('<row r="2"', '<row r="2" spans="1:3"'),
    "many spans": PLAIN.replace('<row r="2"', '<row r="2" spans="1:1 3:3"'),
    "xml:space": PLAIN.replace("<worksheet", '<worksheet xml:space="preserve"'),
    "foreign attributes": PLAIN.replace(
        '<row r="2"', '<row xmlns:x14ac="urn:x" x14ac:dyDescent="0.25" r="2"'
    ),
    "a larger-than sign in a value": PLAIN.replace('<row r="2"', '<row r="2" note="a>b"'),
    "lower case letters": PLAIN.replace('r="A2"', 'r="a2"'),
    "UTF-16": '<?xml version="1.0" encoding="UTF-16"?>' + PLAIN,
    "GBK": '<?xml version="1.0" encoding="gbk"?>' + PLAIN.replace("<v>3</v>", "<v>3</v>"),
    "ASCII": '<?xml version="1.0" encoding="us-ascii"?>' + PLAIN,
    "row and cell in extension": PLAIN.replace(
        "</worksheet>", '<extLst><ext uri="u"><rowBreaks/></ext></extLst></worksheet>'
    ),
}


def encoded(xml: str) -> bytes:
    match = re.search(r'encoding="([^"]*)"', xml)
    return xml.encode(match[1] if match else "utf-8")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_cells_are_set_in_every_spelling(package: Build, spelling: str) -> None:
    source = package(sheet=encoded(SPELLINGS[spelling]))
    patch = with_sets(
        (2, 1, "甲<&>"), (2, 2, 7), (3, 1, True), (4, 2, None), (9, 5, Decimal("0.1"))
    )
    after, result = patched(source, patch)
    wanted = {2: {1: "甲<&>", 2: "7", 3: "3"}, 3: {1: "1"}, 4: {2: ""}, 9: {5: "0.1"}}
    assert rows_of(after) == wanted
    assert result.changed_parts == ("xl/worksheets/sheet1.xml",)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_rows_are_put_in_and_taken_out_in_every_spelling(package: Build, spelling: str) -> None:
    source = package(sheet=encoded(SPELLINGS[spelling]))
    after, _ = patched(source, with_rows(4, {1: "新"}, {2: 8}, like=2))
    assert rows_of(after) == {
        2: BEFORE[2],
        4: {1: "新", 3: ""},
        5: {1: "", 2: "8", 3: ""},
        6: {2: "5"},
    }
    back, _ = patched(after, SheetPatch(removed=(4, 5)))
    assert rows_of(back) == BEFORE


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_was_written_reads_as_planned(package: Build, spelling: str) -> None:
    source = package(sheet=encoded(SPELLINGS[spelling]))
    after, _ = patched(source, with_sets((3, 2, "读得出")))
    rows = open_book(after).sheets[0].rows
    assert (rows[2][1], float(rows[1][0]), float(rows[3][1])) == ("读得出", 1.0, 5.0)


@pytest.mark.parametrize("data", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>"])
def test_a_sheet_without_rows_takes_cells_and_rows(package: Build, data: str) -> None:
    xml = f'<worksheet xmlns="{MAIN}">{data}<pageMargins left="1"/></worksheet>'
    after, _ = patched(package(sheet=xml), with_sets((3, 2, 1)))
    assert rows_of(after) == {3: {2: "1"}}
    after, _ = patched(package(sheet=xml), with_rows(5, {1: 1}))
    assert rows_of(after) == {5: {1: "1"}}
    assert b"<pageMargins" in part_of(after)


def test_rows_without_numbers_are_counted(package: Build) -> None:
    source = package("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")
    after, _ = patched(source, with_sets((2, 2, 4), (1, 1, 9)))
    assert rows_of(after) == {1: {1: "9", 2: "2"}, 2: {1: "3", 2: "4"}}


def test_only_the_rows_named_change_their_bytes(package: Build) -> None:
    rows = "".join(
        f'<row r="{n}" ht="{n}"><c r="A{n}" s="0"><v>{n}</v></c></row>' for n in range(1, 99)
    )
    source = package(rows)
    after, _ = patched(source, with_sets((50, 1, 1)))
    changed = rows.replace('<c r="A50" s="0"><v>50</v>', '<c r="A50" s="0"><v>1</v>')
    assert part_of(after) == part_of(source).replace(rows.encode(), changed.encode())


def test_a_sheet_of_many_chunks_keeps_every_other_byte(package: Build) -> None:
    """Rows lie across the borders of the pieces that are read."""
    filler = "字" * 90
    line = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c>'
    line += '<c r="B{0}"><v>7</v></c></row>'
    rows = [line.format(number, filler) for number in range(1, 12_001)]
    source = package("".join(rows))
    numbers = [1, 2, 2_999, 6_000, 11_999, 12_000, 12_500]
    after, _ = patched(source, with_sets(*((number, 2, 0) for number in numbers)))
    for number in numbers[:-1]:
        rows[number - 1] = rows[number - 1].replace("<v>7</v>", "<v>0</v>")
    rows.append('<row r="12500"><c r="B12500"><v>0</v></c></row>')
    assert part_of(after).count(b"<row") == 12_001
    assert "".join(rows).encode() in part_of(after)


def test_the_ends_of_the_grid_can_be_written(package: Build) -> None:
    source = package('<row r="1"><c r="A1"><v>1</v></c></row>')
    after, _ = patched(source, with_sets((1_048_576, 16_384, "角")))
    assert rows_of(after) == {1: {1: "1"}, 1_048_576: {16_384: "角"}}


@pytest.mark.parametrize("place", [(0, 1), (1, 0), (1_048_577, 1), (1, 16_385)])
def test_places_beyond_the_grid_are_refused(package: Build, place: tuple[int, int]) -> None:
    with pytest.raises(LedgerNotWritable, match="写不进去"):
        patched(package(), with_sets((*place, 1)))


def test_rows_with_content_are_not_pushed_off_the_sheet(package: Build) -> None:
    source = package('<row r="1"/><row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    with pytest.raises(LedgerNotWritable, match="1048576"):
        patched(source, with_rows(2, {1: 1}))


def test_formatted_rows_without_content_fall_off_the_end(package: Build) -> None:
    source = package('<row r="1"/><row r="1048576"><c r="A1048576" s="0"/></row>')
    after, _ = patched(source, with_rows(2, {1: 1}))
    assert rows_of(after) == {1: {}, 2: {1: "1"}}


def test_phonetic_and_style_stay_while_metadata_of_the_value_goes(package: Build) -> None:
    source = package(
        '<row r="1"><c r="A1" s="0" t="str" cm="1" vm="2" ph="1"><v>旧</v></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>東京</t>'
        '<rPh sb="0" eb="2"><t>トウ</t></rPh></is></c></row>'
    )
    after, _ = patched(source, with_sets((1, 1, 3)))
    assert attributes_of(after, "A1") == {"s": "0", "ph": "1"}
    assert "<rPh" in part_of(after).decode()


def test_new_rows_take_height_and_style_but_are_not_hidden(package: Build) -> None:
    source = package(
        '<row r="1" ht="30" customHeight="1" hidden="1" outlineLevel="1" collapsed="1">'
        '<c r="A1" s="0"><v>1</v></c><c r="B1" s="0" t="s"><v>0</v></c></row>'
    )
    after, _ = patched(source, with_rows(2, {1: 5}))
    new = b'<row r="2" ht="30" customHeight="1" outlineLevel="1">'
    assert new + b'<c r="A2" s="0"><v>5</v></c><c r="B2" s="0"/></row>' in part_of(after)


def test_sets_below_new_rows_go_with_their_row(package: Build) -> None:
    source = package('<row r="1"/><row r="5"><c r="A5"><v>1</v></c></row>')
    patch = SheetPatch((CellSet(5, 1, 8), CellSet(3, 1, 9)), NewRows(3, 1, ({1: 7},)))
    after, _ = patched(source, patch)
    assert rows_of(after) == {1: {}, 3: {1: "7"}, 4: {1: "9"}, 6: {1: "8"}}


def test_sets_in_rows_that_go_are_dropped(package: Build) -> None:
    source = package("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 8)))
    patch = SheetPatch((CellSet(3, 1, 30), CellSet(4, 2, 40), CellSet(6, 1, 60)), removed=(3, 4))
    after, _ = patched(source, patch)
    assert rows_of(after) == {1: {1: "1"}, 2: {1: "2"}, 3: {1: "5"}, 4: {1: "60"}, 5: {1: "7"}}


def test_rows_out_of_order_are_refused(package: Build) -> None:
    rows = '<row r="5"><c r="A5"><v>5</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    with pytest.raises(LedgerNotWritable, match="写法不常见"):
        patched(package(rows), with_sets((5, 1, 1), (2, 1, 1)))


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="B1"/><c r="A1"/>',
        '<c r="A1"/><c r="A1"/>',
        '<c r="A2"/>',
        '<c r="A$1"/>',
        '<c r="1A"/>',
    ],
)
def test_cells_in_no_order_are_refused(package: Build, cells: str) -> None:
    with pytest.raises((LedgerNotWritable, PatchUnsound)):
        patched(package(f'<row r="1">{cells}</row>'), with_sets((1, 3, 1)))


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "２"])
def test_a_row_with_an_odd_number_is_refused(package: Build, number: str) -> None:
    with pytest.raises(LedgerNotWritable):
        patched(package(f'<row r="{number}"><c><v>1</v></c></row>'), with_sets((1, 3, 1)))


def test_a_document_type_is_refused(package: Build) -> None:
    xml = '<!DOCTYPE worksheet [<!ENTITY a "b">]>' + PLAIN
    with pytest.raises(WorkbookHostile):
        patched(package(sheet=xml), with_sets((1, 3, 1)))


def test_new_rows_look_like_a_row_above_them(package: Build) -> None:
    with pytest.raises(ValueError, match="above"):
        patched(package(), with_rows(2, {1: 1}, like=2))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("长" * 32_768, "32,767"),
        ("😀" * 16_384, "32,767"),
        (Decimal("NaN"), "放不下"),
        (Decimal("1E309"), "放不下"),
        (10**400, "放不下"),
        (dt.date(1899, 12, 30), "1900"),
    ],
)
def test_what_no_cell_can_hold_is_refused_with_its_place(
    package: Build, value: Decimal | str | int | dt.date, message: str
) -> None:
    with pytest.raises(LedgerNotWritable, match=message) as caught:
        patched(package(), with_sets((4, 3, value)))
    assert caught.value.where == "台账.xlsx!应收!C4"


def test_dates_count_from_1904_where_the_workbook_does(package: Build) -> None:
    source = package(workbook='<workbookPr date1904="1"/>')
    with pytest.raises(LedgerNotWritable, match="1904"):
        patched(source, with_sets((1, 1, dt.date(1903, 12, 31))))
    after, _ = patched(source, with_sets((1, 1, dt.date(1904, 1, 2))))
    assert rows_of(after) == {1: {1: "1"}}


def test_a_date_is_not_written_where_no_style_can_show_it(package: Build) -> None:
    patch = SheetPatch((CellSet(1, 1, dt.date(2020, 1, 2), "yyyy-mm-dd"),))
    with pytest.raises(LedgerNotWritable):
        patched(package(), patch)


def test_a_cell_that_is_a_text_of_nothing_is_empty(package: Build) -> None:
    after, _ = patched(package(), with_sets((1, 1, "")))
    assert b'<c r="A1"/>' in part_of(after)
