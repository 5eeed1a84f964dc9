from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.follow.anchors import moved_anchor
from zhubao.excel.follow.locations import shift_location
from zhubao.excel.follow.part import follow_part
from zhubao.excel.formula.shifting import UnreadableFormula
from zhubao.excel.guard import Unusual
from zhubao.excel.shift import Shift

APPENDED = Shift("应收", 100, 3, 5)  # 3 records after those of rows 5 to 99, before 合计 in row 100
REMOVED = Shift("应收", 10, -5)  # rows 10 to 14
START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def follow(kind: str, xml: str, shift: Shift = APPENDED, home: str | None = "应收") -> str:
    before = (START + xml).encode()
    after = follow_part(kind, before, shift, home)
    assert (after is before) == (after == before)
    return after.decode().removeprefix(START)


def name(text: str, called: str = "欠租", scope: str = "") -> str:
    return f'<x:workbook><x:definedNames><x:definedName{scope} name="{called}">{text}' + (
        "</x:definedName></x:definedNames></x:workbook>"
    )


@pytest.mark.parametrize(
    ("called", "before", "after"),
    [
        ("欠租", "应收!$F$5:$F$99", "应收!$F$5:$F$102"),
        ("欠租", "SUM('应收'!$F$4:$F$99)+应收!$F$100", "SUM('应收'!$F$4:$F$102)+应收!$F$103"),
        ("上一行", "应收!F100", "应收!F100"),
        ("混合", "应收!$F$5:$F99", "应收!$F$5:$F99"),
        ("别处", "实收!$F$5:$F$99", "实收!$F$5:$F$99"),
        ("没有表", "$F$100", "$F$100"),
        ("_xlnm.Print_Area", "应收!$A$1:$H$99", "应收!$A$1:$H$102"),
        ("_xlnm.Print_Area", "应收!$A$1:$H$100", "应收!$A$1:$H$103"),
        ("_xlnm.Print_Area", "应收!A1:H100,应收!J100", "应收!A1:H103,应收!J103"),
        ("_xlnm.Print_Titles", "应收!$A:$B,应收!$1:$99", "应收!$A:$B,应收!$1:$99"),
        ("_xlnm.Print_Titles", "应收!$1:$100", "应收!$1:$103"),
        ("_xlnm._FilterDatabase", "应收!$A$4:$H$99", "应收!$A$4:$H$102"),
        ("_xlnm._FilterDatabase", "应收!$A$9:$H$99", "应收!$A$9:$H$102"),
        ("_xlchart.v1.0", "应收!$F$5:$F$99", "应收!$F$5:$F$102"),
    ],
)
def test_defined_names_follow(called: str, before: str, after: str) -> None:
    assert follow("workbook", name(before, called), home=None) == name(after, called)


def test_a_name_loses_what_was_taken_out() -> None:
    before = name("应收!$F$10:$F$12+应收!$F$9:$F$12+应收!F10", scope=' localSheetId="0"')
    after = name("应收!#REF!+应收!$F$9:$F$9+应收!F10", scope=' localSheetId="0"')
    assert follow("xl/workbook.xml", before, REMOVED) == after


TABLE = (
    '<table xmlns="m" id="1" name="t" displayName="欠租表" ref="{}" totalsRowCount="{}">'
    '<autoFilter ref="{}"/><tableColumns count="1"><tableColumn id="1" name="金额">'
    "<calculatedColumnFormula>{}</calculatedColumnFormula></tableColumn></tableColumns></table>"
)


def test_a_table_takes_in_new_records() -> None:
    before = TABLE.format("A4:H99", 0, "A4:H99", "欠租表[[#This Row],[A100]]*$F$100+SUM(G5:L5)")
    after = TABLE.format("A4:H102", 0, "A4:H102", "欠租表[[#This Row],[A100]]*$F$103+SUM(G5:L5)")
    assert follow("table", before) == after
    assert follow("xl/tables/table12.xml", before) == after
    formula_only = TABLE.format("A4:H99", 0, "A4:H99", "应收!F100")
    expected = formula_only.replace("应收!F100", "应收!F103")
    assert follow("table", formula_only, home="汇总") == expected


def test_a_table_with_totals_stretches_over_new_records() -> None:
    before = TABLE.format("A4:H100", 1, "A4:H99", "A1")
    assert follow("table", before) == TABLE.format("A4:H103", 1, "A4:H102", "A1")


@pytest.mark.parametrize(
    ("ref", "totals"), [("A10:H20", 0), ("A9:H14", 0), ("A9:H15", 1), ("A5:H14", 1), ("A12:B13", 0)]
)
def test_a_table_is_not_robbed_of_what_it_needs(ref: str, totals: int) -> None:
    with pytest.raises(LedgerNotWritable, match="欠租表"):
        follow("table", TABLE.format(ref, totals, ref, "A1"), REMOVED)


def test_a_table_may_lose_some_records() -> None:
    before = TABLE.format("A4:H16", 1, "A4:H15", "A1")
    assert follow("table", before, REMOVED) == TABLE.format("A4:H11", 1, "A4:H10", "A1")


def test_comments_go_with_their_cells() -> None:
    before = (
        '<comments><authors><author/></authors><commentList><comment ref="A9" authorId="0">'
        '<text><t>A100</t></text></comment><comment ref="B10" authorId="0"><text/></comment>'
        "<comment authorId='0' ref='C15'/></commentList></comments>"
    )
    after = before.replace('<comment ref="B10" authorId="0"><text/></comment>', "")
    assert follow("comments", before, REMOVED) == after.replace("C15", "C10")
    assert follow("xl/comments1.xml", before, REMOVED, "汇总") == before


def test_threaded_comments_go_with_their_cells() -> None:
    before = (
        '<ThreadedComments><threadedComment ref="A100" id="{1}"><text>a</text></threadedComment>'
        '<threadedComment ref="A100" id="{2}" parentId="{1}"/></ThreadedComments>'
    )
    assert follow("threadedComment", before) == before.replace("A100", "A103")
    all_gone = Shift("应收", 100, -1)
    assert follow("threadedComment", before, all_gone) == "<ThreadedComments></ThreadedComments>"


def note(row: int, top: int, bottom: int, inside: str = "<br>a &lt; b") -> str:
    """A comment's box as Excel writes it, with an unclosed line break."""
    return (
        f'<v:shape id="_x0000_s1025" type="#_x0000_t202" style=\'position:absolute;\n z-index:1\'>'
        f'<v:textbox><div style="text-align:left">{inside}</div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>\n    2, 15, {top}, 2, 4, 31, {bottom}, 9</x:Anchor>"
        f"<x:Row>{row}</x:Row><x:Column>1</x:Column></x:ClientData></v:shape>"
    )


def button(rows: tuple[int, int, int, int], holds: str = "", link: str = "$F$100") -> str:
    top, top_offset, bottom, bottom_offset = rows
    return (
        '<v:shape id="b"><x:ClientData ObjectType="Drop">' + holds + "<x:Anchor>1, 0, "
        f"{top}, {top_offset}, 2, 0, {bottom}, {bottom_offset}</x:Anchor>"
        f"<x:FmlaLink>{link}</x:FmlaLink></x:ClientData></v:shape>"
    )


def vml(*shapes: str) -> str:
    layout = '<o:shapelayout v:ext="edit"/><v:shapetype id="_x0000_t202"><v:path/></v:shapetype>'
    return f'<xml xmlns:v="urn">{layout}{"".join(shapes)}</xml>'


def test_the_box_of_a_comment_goes_with_its_cell() -> None:
    before = vml(note(98, 97, 101), note(99, 98, 102), note(120, 119, 123))
    after = vml(note(98, 97, 101), note(102, 101, 105), note(123, 122, 126))
    assert follow("vmlDrawing", before) == after
    assert follow("xl/drawings/vmlDrawing1.vml", before, home="汇总") == before
    taken = vml(note(8, 7, 11), note(9, 8, 12), note(14, 13, 17), note(20, 1, 3))
    assert follow("vmlDrawing", taken, REMOVED) == vml(
        note(8, 7, 11), note(9, 8, 12), note(15, 0, 2)
    )


@pytest.mark.parametrize(
    ("holds", "after"),
    [
        ("", (98, 3, 103, 4)),
        ("<x:SizeWithCells/>", (98, 3, 100, 4)),
        ("<x:MoveWithCells/><x:SizeWithCells/>", (98, 3, 100, 4)),
        ("<x:MoveWithCells>False</x:MoveWithCells>", (98, 3, 103, 4)),
    ],
)
def test_a_control_does_what_its_settings_say(holds: str, after: tuple[int, int, int, int]) -> None:
    before = vml(button((98, 3, 100, 4), holds))
    assert follow("vmlDrawing", before) == vml(button(after, holds, "$F$103"))


def test_a_control_across_rows_taken_out_shrinks() -> None:
    assert follow("vmlDrawing", vml(button((8, 3, 11, 4))), REMOVED) == vml(
        button((8, 3, 9, 0), link="$F$95")
    )


def anchor(kind: str, top: int, bottom: int, edit_as: str = "", offset: int = 7) -> str:
    attribute = f' editAs="{edit_as}"' if edit_as else ""
    marker = "<xdr:{0}><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{1}</xdr:row>" + (
        "<xdr:rowOff>{2}</xdr:rowOff></xdr:{0}>"
    )
    to = marker.format("to", bottom, offset) if kind == "twoCellAnchor" else "<xdr:ext cx='1'/>"
    return (
        f"<xdr:wsDr><xdr:{kind}{attribute}>{marker.format('from', top, offset)}{to}"
        '<xdr:sp macro="" textlink=""/></xdr:' + kind + "></xdr:wsDr>"
    )


@pytest.mark.parametrize(
    ("kind", "edit_as", "before", "after"),
    [
        ("twoCellAnchor", "", (98, 98), (98, 98)),
        ("twoCellAnchor", "", (99, 110), (102, 113)),
        ("twoCellAnchor", "twoCell", (50, 110), (50, 113)),
        ("twoCellAnchor", "oneCell", (50, 110), (50, 110)),
        ("twoCellAnchor", "oneCell", (99, 110), (102, 113)),
        ("twoCellAnchor", "absolute", (99, 110), (99, 110)),
        ("oneCellAnchor", "", (99, 0), (102, 0)),
        ("absoluteAnchor", "", (99, 0), (99, 0)),
    ],
)
def test_drawings_move_and_stretch(
    kind: str, edit_as: str, before: tuple[int, int], after: tuple[int, int]
) -> None:
    assert follow("drawing", anchor(kind, *before, edit_as)) == anchor(kind, *after, edit_as)
    assert follow("drawing", anchor(kind, *before, edit_as), home="汇总") == anchor(
        kind, *before, edit_as
    )


def test_a_picture_whose_first_row_goes_begins_at_the_next_one() -> None:
    before = anchor("twoCellAnchor", 11, 20)
    after = before.replace(">11<", ">9<").replace(">20<", ">15<").replace(">7<", ">0<", 1)
    assert follow("drawing", before, REMOVED) == after


def test_the_cell_a_shape_shows_is_followed_from_any_sheet() -> None:
    before = '<xdr:wsDr><xdr:sp macro="" textlink="应收!$F$100"/></xdr:wsDr>'
    assert follow("drawing", before, home="汇总") == before.replace("100", "103")


@given(
    st.integers(0, 150), st.integers(0, 40), st.integers(1, 150), st.integers(-9, 9).filter(bool)
)
def test_an_object_that_only_moves_keeps_its_height(
    top: int, height: int, at: int, count: int
) -> None:
    shift = Shift("应收", at, count)
    first, last = moved_anchor(top, top + height, "oneCell", shift)
    assert last - first == height
    first, last = moved_anchor(top, top + height, "twoCell", shift)
    assert 0 <= first <= last


def test_charts_take_in_new_records() -> None:
    before = (
        "<c:chart><c:ser><c:tx><c:strRef><c:f>应收!$F$4</c:f></c:strRef></c:tx><c:cat><c:strRef>"
        "<c:f>应收!$A$5:$A$99</c:f><c:strCache><c:pt idx='0'><c:v>A100</c:v></c:pt></c:strCache>"
        "</c:strRef></c:cat><c:val><c:f>(应收!$F$5:$F$99,实收!$F$100)</c:f></c:val>"
        "<c15:sqref>应收!$F$100</c15:sqref></c:ser></c:chart>"
    )
    after = before.replace("$99", "$102").replace("应收!$F$100", "应收!$F$103")
    assert follow("chart", before, home=None) == after
    assert follow("xl/charts/chartEx1.xml", before.replace("c:f>", "cx:f>")) == after.replace(
        "c:f>", "cx:f>"
    )


def test_a_series_along_a_row_stays_one_row() -> None:
    before = "<c:ser><c:f>应收!$B$5:$M$5</c:f><c:f>应收!$B$5:$B$5</c:f></c:ser>"
    after = before.replace("$B$5:$B$5", "$B$5:$B$6")
    assert follow("chart", before, Shift("应收", 6, 1, 5)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('ref="A4:H99" sheet="应收"', 'ref="A4:H102" sheet="应收"'),
        ('ref="A4:H99" sheet="实收"', None),
        ('ref="A4:H99" sheet="应收" r:id="rId1"', None),
        ('name="欠租" sheet="应收"', None),
    ],
)
def test_the_data_of_a_pivot_table_takes_in_new_records(before: str, after: str | None) -> None:
    part = '<pivotCacheDefinition r:id="rId1"><cacheSource type="worksheet"><worksheetSource {}/>'
    part += "</cacheSource></pivotCacheDefinition>"
    kind = "xl/pivotCache/pivotCacheDefinition1.xml"
    assert follow(kind, part.format(before), home=None) == part.format(after or before)


def test_the_data_of_a_pivot_table_cannot_all_go() -> None:
    part = '<pivotCacheDefinition><worksheetSource ref="A10:H12" sheet="应收"/>'
    with pytest.raises(LedgerNotWritable):
        follow("pivotCacheDefinition", part + "</pivotCacheDefinition>", REMOVED)


def pivot(ref: str, pages: str = "") -> str:
    return f'<pivotTableDefinition><location ref="{ref}"{pages}/></pivotTableDefinition>'


def test_a_pivot_table_moves_as_a_whole() -> None:
    assert follow("pivotTable", pivot("A100:B120")) == pivot("A103:B123")
    assert follow("pivotTable", pivot("A1:B99")) == pivot("A1:B99")
    assert follow("pivotTable", pivot("A15:B20"), REMOVED) == pivot("A10:B15")
    assert follow("pivotTable", pivot("A1:B9"), REMOVED) == pivot("A1:B9")
    assert follow("pivotTable", pivot("A90:B110"), home="汇总") == pivot("A90:B110")


@pytest.mark.parametrize(
    ("shift", "xml"),
    [
        (APPENDED, pivot("A99:B100")),
        (APPENDED, pivot("A101:B120", ' rowPageCount="1"')),
        (REMOVED, pivot("A14:B20")),
        (REMOVED, pivot("A1:B10")),
        (REMOVED, pivot("A11:B12")),
    ],
)
def test_a_pivot_table_is_not_cut(shift: Shift, xml: str) -> None:
    with pytest.raises(LedgerNotWritable, match="透视表"):
        follow("pivotTable", xml, shift)


def test_controls_follow_the_cells_they_are_linked_to() -> None:
    before = '<formControlPr objectType="Drop" fmlaLink=\'$F$100\' fmlaRange="应收!$A$5:$A$99"/>'
    after = before.replace("$100", "$103").replace("$99", "$102")
    assert follow("ctrlProp", before) == after
    assert follow("ctrlProp", before, home="汇总") == before.replace("$99", "$102")


def test_mapped_cells_and_named_views_follow() -> None:
    single = '<singleXmlCells><singleXmlCell id="1" r="A100"/></singleXmlCells>'
    assert follow("xl/tables/tableSingleCells1.xml", single) == single.replace("100", "103")
    view = '<namedSheetViews><nsvFilter filterId="{1}" ref="A4:H99"/></namedSheetViews>'
    assert follow("namedSheetView", view) == view.replace("99", "102")


@pytest.mark.parametrize("kind", ["styles", "xl/theme/theme1.xml", "sharedStrings", "queryTable"])
def test_other_parts_are_left_alone(kind: str) -> None:
    assert (
        follow(kind, '<a ref="A100"><f>应收!A100</f></a>') == '<a ref="A100"><f>应收!A100</f></a>'
    )


@pytest.mark.parametrize(
    ("kind", "xml"),
    [
        ("workbook", "<a><!-- 1 --></a>"),
        ("comments", '<comments><comment ref="x"/></comments>'),
        (
            "vmlDrawing",
            '<v:shape><x:ClientData ObjectType="Drop"><x:Anchor>1, 2</x:Anchor>'
            "</x:ClientData></v:shape>",
        ),
        ("drawing", anchor("twoCellAnchor", 1, 2).replace(">1</xdr:row>", ">x</xdr:row>")),
        ("table", '<table ref="x"/>'),
    ],
)
def test_an_unusual_part_is_refused(kind: str, xml: str) -> None:
    with pytest.raises(Unusual):
        follow(kind, xml)


def test_a_name_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(UnreadableFormula):
        follow("workbook", name('应收!$F$100&amp;"'))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("应收!A100", "应收!A103"),
        ("#'应收'!$A$100:B200", "#'应收'!$A$103:B203"),
        ("A100", "A103"),
        ("欠租", "欠租"),
        ("实收!A100", "实收!A100"),
        ("应收!欠租", "应收!欠租"),
        ("https://例.cn/a!A100", "https://例.cn/a!A100"),
        ("", ""),
    ],
)
def test_links_lead_to_where_the_cells_went(before: str, after: str) -> None:
    assert shift_location(before, "应收", APPENDED) == after


def test_links_understand_sheet_names_without_their_quotes() -> None:
    shift = Shift("应收 2020", 5, 1)
    assert shift_location("应收 2020!A5", "汇总", shift) == "应收 2020!A6"
    assert shift_location("'应收 2020'!A5", "汇总", shift) == "'应收 2020'!A6"
    assert (
        shift_location("'应收 2020'!A5", "汇总", Shift("应收 2020", 5, -1)) == "'应收 2020'!#REF!"
    )
