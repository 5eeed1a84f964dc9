from __future__ import annotations

import pytest

from zhubao.excel.guard import Unusual
from zhubao.excel.patch.rows import (
    Spelling,
    attributes_for_new_row,
    put_together,
    renumbered,
    take_apart,
    with_formulas,
    with_result,
)

PLAIN, PREFIXED = Spelling.of(b""), Spelling.of(b"x:")
ROW = b'<row r="5" spans="1:3" ht="20"><c r="A5" s="2"><v>1</v></c> <c r="C5"/></row>'


def with_prefix(xml: bytes) -> bytes:
    for name in (b"row", b"c", b"v", b"f"):
        xml = xml.replace(b"<%s " % name, b"<x:%s " % name).replace(
            b"<%s>" % name, b"<x:%s>" % name
        )
        xml = xml.replace(b"</%s>" % name, b"</x:%s>" % name)
    return xml


def test_a_row_put_together_unchanged_has_its_bytes() -> None:
    assert put_together(take_apart(ROW, PLAIN), {}, PLAIN) == ROW


@pytest.mark.parametrize("row", [b'<row r="5"/>', b'<row r="5"></row>', b'<row r="5" />'])
def test_a_row_without_cells_is_short(row: bytes) -> None:
    assert put_together(take_apart(row, PLAIN), {}, PLAIN) == b'<row r="5"/>'


def test_cells_are_found_with_style_and_content() -> None:
    row = take_apart(ROW, PLAIN)
    assert (row.number, row.attributes) == (5, b' spans="1:3" ht="20"')
    assert [(c.column, c.style, c.inner) for c in row.cells] == [
        (1, "2", b"<v>1</v>"),
        (3, "", b""),
    ]
    assert row.cell(2) is None


@pytest.mark.parametrize("spelling", [PLAIN, PREFIXED])
def test_cells_go_before_between_and_behind(spelling: Spelling) -> None:
    data = b'<row r="5"><c r="B5"><v>2</v></c><c r="D5"><v>4</v></c></row>'
    wanted = b'<row r="5"><c r="A5"/><c r="B5"/><c r="C5"/><c r="D5"><v>4</v></c><c r="E5"/></row>'
    data = with_prefix(data) if spelling.prefix else data
    wanted = with_prefix(wanted) if spelling.prefix else wanted
    cells = {n: b'<%sc r="%s5"/>' % (spelling.prefix, b"ABCDE"[n - 1 : n]) for n in (5, 1, 3, 2)}
    assert put_together(take_apart(data, spelling), cells, spelling) == wanted


def test_spans_stretch_and_odd_ones_go() -> None:
    changed = put_together(take_apart(ROW, PLAIN), {7: b'<c r="G5"/>'}, PLAIN)
    assert changed.startswith(b'<row r="5" spans="1:7" ht="20">')
    odd = ROW.replace(b"1:3", b"1:1 3:3")
    changed = put_together(take_apart(odd, PLAIN), {7: b'<c r="G5"/>'}, PLAIN)
    assert changed.startswith(b'<row r="5" ht="20">')


def test_cells_stay_in_front_of_what_else_a_row_holds() -> None:
    data = b'<row r="5"><c r="A5"/><extLst><ext uri="u"/></extLst></row>'
    changed = put_together(take_apart(data, PLAIN), {2: b'<c r="B5"/>'}, PLAIN)
    assert changed == b'<row r="5"><c r="A5"/><c r="B5"/><extLst><ext uri="u"/></extLst></row>'


@pytest.mark.parametrize(
    "row",
    [
        b"<row><c r='A5'/></row>",
        b"<row r='5'/>",
        b'<row r="5"><c><v>1</v></c></row>',
        b"<row r=\"5\"><c r='A5'/></row>",
        b'<row r="5"><c s="1" r="A5"/></row>',
        b'<row r="5"><c r="A5" t=\'s\'/></row>',
        b'<row r="5"><c r="A6"/></row>',
        b'<row r="5"><c r="B5"/><c r="A5"/></row>',
        b'<row r="5"><c r="A5"/><c r="A5"/></row>',
        b'<row r="5"><c\nr="A5"/></row>',
        b'<row r="5"><c r="A5"><v>1</v></row>',
        b'<row r="5"><c r="A5"/>',
        b'<row r="5"\nht="1"/>',
        b'<rows r="5"/>',
    ],
)
def test_other_spellings_are_unusual(row: bytes) -> None:
    with pytest.raises(Unusual):
        take_apart(row, PLAIN)


@pytest.mark.parametrize("spelling", [PLAIN, PREFIXED])
def test_renumbering_changes_row_and_cells_and_nothing_else(spelling: Spelling) -> None:
    data = b'<row r="5" ht="5"><c r="A5" s="5"><f>A5</f><v>5</v></c><c r="XFD5"/></row>'
    wanted = b'<row r="105" ht="5"><c r="A105" s="5"><f>A5</f><v>5</v></c><c r="XFD105"/></row>'
    if spelling.prefix:
        data, wanted = with_prefix(data), with_prefix(wanted)
    assert renumbered(data, 100, spelling) == wanted


def test_formulas_change_as_told() -> None:
    data = b'<row r="5"><c r="A5"><f t="shared" si="0"/><v>1</v></c><c r="B5"><f>A5</f></c></row>'
    seen = []

    def change(column: int, attributes: bytes, text: bytes) -> tuple[bytes, bytes]:
        seen.append((column, attributes, text))
        return b"", b"A1" if column == 1 else text

    changed = with_formulas(data, change, PLAIN)
    assert seen == [(1, b' t="shared" si="0"', b""), (2, b"", b"A5")]
    assert changed == data.replace(b'<f t="shared" si="0"/>', b"<f>A1</f>")


def test_a_formula_in_another_spelling_is_unusual() -> None:
    for formula in (b"<f t='shared' si='0'/>", b"<f>A<!-- --></f>", b"<f\n>A1</f>"):
        data = b'<row r="5"><c r="A5">' + formula + b"</c></row>"
        with pytest.raises(Unusual):
            with_formulas(data, lambda _, *formula: formula, PLAIN)


def test_rich_text_with_a_font_family_is_no_formula() -> None:
    data = b'<row r="5"><c r="A5" t="inlineStr"><is><r><family val="2"/></r></is></c></row>'
    assert with_formulas(data, lambda *_: (b"", b""), PLAIN) == data


@pytest.mark.parametrize(
    ("result", "wanted"),
    [
        (1.5, b'<c r="A5" s="1"><f>B5</f><v>1.5</v></c>'),
        (2.0, b'<c r="A5" s="1"><f>B5</f><v>2</v></c>'),
        (True, b'<c r="A5" s="1" t="b"><f>B5</f><v>1</v></c>'),
        ("<\x01", b'<c r="A5" s="1" t="str"><f>B5</f><v>&lt;_x0001_</v></c>'),
        (None, b'<c r="A5" s="1"><f>B5</f></c>'),
    ],
)
def test_results_are_stored_with_their_type(result: float | str | None, wanted: bytes) -> None:
    data = b'<row r="5"><c r="A5" s="1" t="e" vm="1"><f>B5</f><v>#REF!</v></c></row>'
    assert with_result(5, take_apart(data, PLAIN).cells[0], result, PLAIN) == wanted


def test_a_cell_filled_from_elsewhere_only_loses_its_result() -> None:
    cell = take_apart(b'<row r="5"><c r="A5" s="1"><v>7</v></c></row>', PLAIN).cells[0]
    assert with_result(5, cell, None, PLAIN) == b'<c r="A5" s="1"/>'
    with pytest.raises(Unusual):
        with_result(5, cell, 1.0, PLAIN)


def test_new_rows_are_never_hidden() -> None:
    attributes = b' ht="2" hidden="1" collapsed="1" outlineLevel="1"'
    assert attributes_for_new_row(attributes) == b' ht="2" outlineLevel="1"'
