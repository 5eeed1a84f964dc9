"""Formula cells found in a worksheet's bytes: by the scan, by the parser, and both alike."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.core.errors import WorkbookDamaged, WorkbookHostile
from zhubao.excel.address import make_ref
from zhubao.excel.formula.cells import FormulaCell, area_bounds
from zhubao.excel.formula.index import formulas_in, read_formulas
from zhubao.excel.formula.index_xml import formulas_in_xml
from zhubao.excel.guard import Unusual

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}">'
TAIL = '<pageMargins left="0.7"/><extLst><f>1</f></extLst></worksheet>'


def sheet(rows: str, head: str = HEAD) -> bytes:
    return f"{head}<cols/><sheetData>{rows}</sheetData>{TAIL}".encode()


def cut(data: bytes, size: int) -> Iterable[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def parsed(data: bytes) -> list[FormulaCell]:
    return formulas_in_xml([data], "台账.xlsx", "xl/worksheets/sheet1.xml")


def read(data: bytes) -> list[FormulaCell]:
    return read_formulas(lambda: [data], "台账.xlsx", "xl/worksheets/sheet1.xml")


USUAL = sheet(
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="3"><f>A1*2&amp;"&lt;"</f><v>2</v></c></row>'
    '<row r="2"><c r="B2"><f>A2</f></c><c r="C2" t="str"><f>B2&amp;""</f><v></v></c></row>'
    '<row r="3"><c r="D3"><f t="shared" ref="D3:D5" si="0">SUM(A3:$C3)*应收!B$1</f><v>1</v></c>'
    '<c r="E3" cm="1"><f t="array" ref="E3:E9">A1:A7</f><v>5</v></c></row>'
    '<row r="5"><c r="D5"><f t="shared" si="0"/><v>3</v></c>'
    '<c r="F5"><f t="dataTable" ref="F5:F6" dt2D="1" dtr="1" r1="A1" r2="A2"/><v>3</v></c></row>'
)
EXPECTED = [
    FormulaCell(1, 2, 'A1*2&"<"'),
    FormulaCell(2, 2, "A2", cached=False),
    FormulaCell(2, 3, 'B2&""'),
    FormulaCell(3, 4, "SUM(A3:$C3)*应收!B$1", "shared", ref="D3:D5", shared=0),
    FormulaCell(3, 5, "A1:A7", "array", ref="E3:E9"),
    FormulaCell(5, 4, "SUM(A5:$C5)*应收!B$1", "shared", shared=0),
    FormulaCell(5, 6, "", "dataTable", ref="F5:F6"),
]


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1 << 20])
def test_formulas_are_found_wherever_the_bytes_are_cut(size: int) -> None:
    assert formulas_in(cut(USUAL, size)) == EXPECTED
    assert formulas_in_xml(cut(USUAL, size), "台账.xlsx", "部件") == EXPECTED


def test_the_cells_an_array_fills_are_told() -> None:
    assert area_bounds(EXPECTED[4]) == (3, 5, 9, 5)
    assert area_bounds(EXPECTED[3]) == (3, 4, 3, 4)
    assert area_bounds(FormulaCell(3, 5, "A1", "array", ref="?")) == (3, 5, 3, 5)


def test_a_sheet_without_rows_has_no_formulas() -> None:
    data = f"{HEAD}<sheetData/><rowBreaks/><f>1</f></worksheet>".encode()
    assert formulas_in(cut(data, 10)) == []
    assert parsed(data) == []


@pytest.mark.parametrize(
    "data",
    [
        sheet("<row><c><v>1</v></c><c><f>A1</f><v>1</v></c></row>"),  # no r
        sheet('<row r="1"><c s="1" r="B1"><f>A1</f><v>1</v></c></row>'),
        sheet("<row r='1'><c r='B1'><f>A1</f><v>1</v></c></row>"),
        sheet('<row r="1"><c r="B1"><f><![CDATA[A1]]></f><v>1</v></c></row>'),
        sheet('<row r="1"><c r="B1"><!-- <c r="X1"><f>1</f></c> --><f>A1</f><v>1</v></c></row>'),
        sheet('<row r="1"><c r="B1"><v>1</v><f>A1</f></c></row>'),
        sheet('<row r="1"><c r="B1"><f xml:space="preserve">A1</f ><v >1</v></c></row>'),
        sheet('<row r="1"><c r="b1"><f>A1</f><v>1</v></c></row>'),
        sheet('<row r="1"><c r="B1" t="n" ><f>A&#49;</f><v xml:space="preserve">1</v></c></row>'),
    ],
)
def test_unusual_spelling_is_left_to_the_parser(data: bytes) -> None:
    with pytest.raises(Unusual):
        formulas_in([data])
    assert read(data) == [FormulaCell(1, 2, "A1")]


def test_prefixed_elements_are_left_to_the_parser() -> None:
    data = (
        f'<x:worksheet xmlns:x="{MAIN}" xmlns:o="urn:other"><x:sheetData><x:row r="1">'
        '<x:c r="B1"><x:f>A1</x:f><x:v>1</x:v><o:f>2</o:f></x:c></x:row></x:sheetData>'
        "</x:worksheet>"
    ).encode()
    assert read(data) == [FormulaCell(1, 2, "A1")]
    mixed = sheet('<row r="1"/>', f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}">')
    with pytest.raises(Unusual):
        formulas_in([mixed])


def test_another_encoding_is_left_to_the_parser() -> None:
    text = sheet('<row r="1"><c r="B1"><f>应收!A1</f><v>1</v></c></row>').decode()
    data = text.replace("UTF-8", "GB18030").encode("gb18030")
    assert read(data) == [FormulaCell(1, 2, "应收!A1")]


def test_a_member_without_a_master_has_no_text() -> None:
    data = sheet('<row r="1"><c r="B1"><f t="shared" si="4"/><v>1</v></c></row>')
    assert read(data) == [FormulaCell(1, 2, "", "shared", shared=4)]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="XFE1"><f>A1</f></c></row>',
        '<row r="0"><c r="A1"><f>A1</f></c></row>',
        '<row r="1"><c r="B1"><f t="shared" si="x"/></c></row>',
        '<row r="1"><c r="B1"><f t="odd">A1</f></c></row>',
        '<row r="1"><c r="?"><f>A1</f></c></row>',
        '<row r="1"><c r="B1"><f>A1&nbsp;</f></c></row>',
        '<row r="1"><c r="B1"><f>A1</c></row>',
    ],
)
def test_what_makes_no_sense_is_damage(rows: str) -> None:
    with pytest.raises(WorkbookDamaged):
        formulas_in_xml([sheet(rows)], "台账.xlsx", "部件")


def test_a_part_cut_short_is_damage() -> None:
    with pytest.raises(WorkbookDamaged):
        read(USUAL[:-300])


def test_a_document_type_is_refused() -> None:
    with pytest.raises(WorkbookHostile):
        read(b"<!DOCTYPE x>" + sheet(""))


_TEXTS = st.sampled_from(["A1+1", 'B$2&"<&>"', "SUM(应收!A:A)", "$A1*'My Sheet'!B2", "1", "A1\n+2"])
_VALUES = st.sampled_from(["", "<v>1</v>", "<v></v>", "<v/>"])
_USUAL = st.tuples(
    st.sampled_from(["plain", "array", "shared", "none"]),
    _TEXTS,
    _VALUES,
    st.sampled_from(["", ' t="str"', ' s="1"']),
)
_ODD = st.tuples(
    st.sampled_from(["plain", "member", "odd"]), _TEXTS, _VALUES, st.sampled_from(["", " s='1'"])
)


def _element(place: str, kind: str, text: str, value: str, attributes: str) -> str:
    formula = {
        "plain": f"<f>{escape(text)}</f>",
        "array": f'<f t="array" ref="{place}:{place}">{escape(text)}</f>',
        "shared": f'<f ca="1" t="shared" ref="{place}:Z99" si="1">{escape(text)}</f>',
        "member": '<f t="shared" si="1"/>',
        "none": "",
        "odd": f'<f a:b="1" t="normal">{escape(text)} </f >',
    }[kind]
    return f'<c r="{place}"{attributes}>{formula}{value}</c>'


Cell = tuple[str, str, str, str]


def _written(rows: list[list[Cell]]) -> bytes:
    written = "".join(
        f'<row r="{row}">'
        + "".join(_element(make_ref(row, column), *cell) for column, cell in enumerate(cells, 1))
        + "</row>"
        for row, cells in enumerate(rows, 1)
    )
    return sheet(written, f'<worksheet xmlns="{MAIN}" xmlns:a="urn:a">')


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(_USUAL, max_size=4), max_size=5), st.integers(1, 400))
def test_the_scan_agrees_with_the_parser(rows: list[list[Cell]], size: int) -> None:
    data = _written(rows)
    assert formulas_in(cut(data, size)) == parsed(data)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(_USUAL | _ODD, max_size=3), max_size=4), st.integers(1, 400))
def test_the_scan_agrees_with_the_parser_or_passes(rows: list[list[Cell]], size: int) -> None:
    data = _written(rows)
    try:
        found = formulas_in(cut(data, size))
    except Unusual:
        return
    assert found == parsed(data)
