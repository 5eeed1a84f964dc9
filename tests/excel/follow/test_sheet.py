from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.excel.follow.sheet import follow_head, follow_tail
from zhubao.excel.formula.shifting import UnreadableFormula
from zhubao.excel.guard import Unusual
from zhubao.excel.shift import Shift

APPENDED = Shift("应收", 100, 3, 5)  # 3 records after those of rows 5 to 99, before 合计 in row 100
REMOVED = Shift("应收", 10, -5)  # rows 10 to 14


def tail(xml: str, shift: Shift = APPENDED, home: str = "应收") -> str:
    """What becomes of an element between the rows and the end of the sheet."""
    before = f"</sheetData>{xml}</worksheet>".encode()
    after = follow_tail(before, shift, home)
    assert (after is before) == (after == before)
    text = after.decode()
    assert text.startswith("</sheetData>")
    assert text.endswith("</worksheet>")
    return text.removeprefix("</sheetData>").removesuffix("</worksheet>")


def head(xml: str, shift: Shift = APPENDED) -> str:
    """What becomes of an element between the start of the sheet and the rows."""
    start = (
        '<?xml version="1.0" encoding="UTF-8"?>\r\n<worksheet xmlns="m"><sheetPr filterMode="1"/>'
    )
    after = follow_head((start + xml).encode(), shift).decode()
    assert after.startswith(start)
    return after.removeprefix(start)


UNCHANGED = [
    '<cols><col min="1" max="100" width="9.1"/></cols>',
    '<sheetProtection sheet="1" objects="1"/>',
    '<phoneticPr fontId="1"/><pageMargins left="0.7" right="0.7"/>',
    '<colBreaks count="1" manualBreakCount="1"><brk id="200" max="1048575" man="1"/></colBreaks>',
    '<tableParts count="1"><tablePart r:id="rId9"/></tableParts>',
    '<mergeCells count="1"><mergeCell ref="A1:H1"/></mergeCells>',
    '<drawing r:id="rId1"/><legacyDrawing r:id="rId2"/>',
    '<extLst><ext uri="{A8765BA9}"><x14:slicerList><x14:slicer r:id="rId4"/></x14:slicerList></ext>'
    "</extLst>",
]


@pytest.mark.parametrize("xml", UNCHANGED)
@pytest.mark.parametrize("shift", [APPENDED, REMOVED])
def test_what_names_no_moved_row_keeps_its_bytes(xml: str, shift: Shift) -> None:
    assert tail(xml, shift) == xml
    assert head(xml, shift) == xml


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<dimension ref="A1:H100"/>', '<dimension ref="A1:H103"/>'),
        ('<dimension ref="A1:H99"/>', '<dimension ref="A1:H102"/>'),
        ('<dimension ref="A1:H60"/>', '<dimension ref="A1:H102"/>'),
        ('<dimension ref="A1"/>', '<dimension ref="A1:A102"/>'),
        (
            '<sheetViews><sheetView workbookViewId="0" topLeftCell="A4">'
            '<pane ySplit="4" topLeftCell="A101" activePane="bottomLeft" state="frozen"/>'
            '<selection pane="bottomLeft" activeCell="F100" sqref="F100:G101 A1"/>'
            "</sheetView></sheetViews>",
            '<sheetViews><sheetView workbookViewId="0" topLeftCell="A4">'
            '<pane ySplit="4" topLeftCell="A104" activePane="bottomLeft" state="frozen"/>'
            '<selection pane="bottomLeft" activeCell="F103" sqref="F103:G104 A1"/>'
            "</sheetView></sheetViews>",
        ),
        (
            '<sheetView topLeftCell="A100"><selection activeCell="A99" sqref="A99"/></sheetView>',
            '<sheetView topLeftCell="A100"><selection activeCell="A99" sqref="A99"/></sheetView>',
        ),
    ],
)
def test_the_head_follows_rows_put_in(before: str, after: str) -> None:
    assert head(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<dimension ref="A1:H100"/>', '<dimension ref="A1:H95"/>'),
        ('<dimension ref="A10:H12"/>', '<dimension ref="A1"/>'),
        (
            '<sheetView topLeftCell="A12"><selection activeCell="F12" sqref="F11:F13"/>'
            "</sheetView>",
            '<sheetView topLeftCell="A10"><selection activeCell="F10" sqref="F10"/></sheetView>',
        ),
        (
            '<selection activeCell="A1" activeCellId="1" sqref="B10 A1"/>',
            '<selection activeCell="A1" activeCellId="0" sqref="A1"/>',
        ),
        (
            '<sheetView><pane ySplit="12" topLeftCell="A13" state="frozen"/></sheetView>',
            '<sheetView><pane ySplit="12" topLeftCell="A13" state="frozen"/></sheetView>',
        ),
    ],
)
def test_the_head_follows_rows_taken_out(before: str, after: str) -> None:
    assert head(before, REMOVED) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '<protectedRanges><protectedRange sqref="F5:F99" name="a"/></protectedRanges>',
            '<protectedRanges><protectedRange sqref="F5:F102" name="a"/></protectedRanges>',
        ),
        (
            '<scenarios current="0" sqref="F100"><scenario name="a" count="1">'
            '<inputCells r="B101" val="5"/></scenario></scenarios>',
            '<scenarios current="0" sqref="F103"><scenario name="a" count="1">'
            '<inputCells r="B104" val="5"/></scenario></scenarios>',
        ),
        (
            '<autoFilter ref="A4:H99"><sortState ref="A5:H99"><sortCondition ref="B5:B99"/>'
            "</sortState></autoFilter>",
            '<autoFilter ref="A4:H102"><sortState ref="A5:H102"><sortCondition ref="B5:B102"/>'
            "</sortState></autoFilter>",
        ),
        (
            '<mergeCells count="3"><mergeCell ref="A1:H1"/><mergeCell ref="A98:A99"/>'
            '<mergeCell ref="A100:C100"/></mergeCells>',
            '<mergeCells count="3"><mergeCell ref="A1:H1"/><mergeCell ref="A98:A99"/>'
            '<mergeCell ref="A103:C103"/></mergeCells>',
        ),
        (
            '<conditionalFormatting sqref="F5:F99"><cfRule type="expression" priority="1">'
            "<formula>AND($F5&gt;$F$100,COUNTIF($A$5:$A$99,$A5)&gt;1)</formula></cfRule>"
            '<cfRule type="colorScale" priority="2"><colorScale><cfvo type="num" val="$F$100"/>'
            '<cfvo type="max"/></colorScale></cfRule></conditionalFormatting>',
            '<conditionalFormatting sqref="F5:F102"><cfRule type="expression" priority="1">'
            "<formula>AND($F5&gt;$F$103,COUNTIF($A$5:$A$102,$A5)&gt;1)</formula></cfRule>"
            '<cfRule type="colorScale" priority="2"><colorScale><cfvo type="num" val="$F$103"/>'
            '<cfvo type="max"/></colorScale></cfRule></conditionalFormatting>',
        ),
        (
            '<dataValidations count="2"><dataValidation type="list" sqref="C5:C99 D99">'
            "<formula1>$J$100:$J$120</formula1></dataValidation>"
            '<dataValidation type="list" sqref="E5:E98"><formula1>"是,A100"</formula1>'
            "</dataValidation></dataValidations>",
            '<dataValidations count="2"><dataValidation type="list" sqref="C5:C102 D99:D102">'
            "<formula1>$J$103:$J$123</formula1></dataValidation>"
            '<dataValidation type="list" sqref="E5:E98"><formula1>"是,A100"</formula1>'
            "</dataValidation></dataValidations>",
        ),
        (
            '<hyperlinks><hyperlink ref="A99" r:id="rId1"/><hyperlink ref="A100" '
            'location="\'应收\'!A100" display="A100"/>'
            '<hyperlink ref="B1" location="实收!A100"/></hyperlinks>',
            '<hyperlinks><hyperlink ref="A99" r:id="rId1"/><hyperlink ref="A103" '
            'location="\'应收\'!A103" display="A100"/>'
            '<hyperlink ref="B1" location="实收!A100"/></hyperlinks>',
        ),
        (
            '<rowBreaks count="2" manualBreakCount="2"><brk id="98" max="16383" man="1"/>'
            '<brk id="99" max="16383" man="1"/></rowBreaks>',
            '<rowBreaks count="2" manualBreakCount="2"><brk id="98" max="16383" man="1"/>'
            '<brk id="102" max="16383" man="1"/></rowBreaks>',
        ),
        (
            '<ignoredErrors><ignoredError sqref="B5:B99" numberStoredAsText="1"/></ignoredErrors>',
            '<ignoredErrors><ignoredError sqref="B5:B102" numberStoredAsText="1"/></ignoredErrors>',
        ),
        (
            '<cellWatches><cellWatch r="F100"/></cellWatches><smartTags><cellSmartTags r="A100"/>'
            "</smartTags>",
            '<cellWatches><cellWatch r="F103"/></cellWatches><smartTags><cellSmartTags r="A103"/>'
            "</smartTags>",
        ),
        (
            '<customSheetViews><customSheetView guid="{1}" topLeftCell="A120">'
            '<selection activeCell="A100" sqref="A100"/><autoFilter ref="A4:H99"/>'
            "</customSheetView></customSheetViews>",
            '<customSheetViews><customSheetView guid="{1}" topLeftCell="A123">'
            '<selection activeCell="A103" sqref="A103"/><autoFilter ref="A4:H102"/>'
            "</customSheetView></customSheetViews>",
        ),
        (
            '<mc:AlternateContent xmlns:mc="c"><mc:Choice Requires="x14"><controls>'
            '<control shapeId="1" r:id="rId5"><controlPr linkedCell="$F$100" '
            'listFillRange="应收!$A$5:$A$99"><anchor moveWithCells="1" sizeWithCells="1">'
            "<from><xdr:col>1</xdr:col><xdr:row>98</xdr:row></from>"
            "<to><xdr:col>2</xdr:col><xdr:row>100</xdr:row></to></anchor></controlPr></control>"
            "</controls></mc:Choice></mc:AlternateContent>",
            '<mc:AlternateContent xmlns:mc="c"><mc:Choice Requires="x14"><controls>'
            '<control shapeId="1" r:id="rId5"><controlPr linkedCell="$F$103" '
            'listFillRange="应收!$A$5:$A$102"><anchor moveWithCells="1" sizeWithCells="1">'
            "<from><xdr:col>1</xdr:col><xdr:row>98</xdr:row></from>"
            "<to><xdr:col>2</xdr:col><xdr:row>103</xdr:row></to></anchor></controlPr></control>"
            "</controls></mc:Choice></mc:AlternateContent>",
        ),
        (
            "<anchor><from><xdr:row>100</xdr:row></from><to><xdr:row>101</xdr:row></to></anchor>",
            "<anchor><from><xdr:row>100</xdr:row></from><to><xdr:row>101</xdr:row></to></anchor>",
        ),
        (
            '<extLst><ext uri="{1}"><x14:conditionalFormattings><x14:conditionalFormatting>'
            '<x14:cfRule type="expression"><xm:f>$F$100&lt;F5</xm:f></x14:cfRule>'
            "<xm:sqref>F5:F99</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
            '</ext><ext uri="{2}"><x14:dataValidations count="1"><x14:dataValidation type="list">'
            "<x14:formula1><xm:f>'应收'!$J$100:$J$101</xm:f></x14:formula1>"
            "<xm:sqref>C99</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
            '<ext uri="{3}"><x14:sparklineGroups><x14:sparklineGroup><x14:colorSeries rgb="FF"/>'
            "<x14:sparklines><x14:sparkline><xm:f>应收!F5:F99</xm:f><xm:sqref>F100</xm:sqref>"
            "</x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>"
            "</extLst>",
            '<extLst><ext uri="{1}"><x14:conditionalFormattings><x14:conditionalFormatting>'
            '<x14:cfRule type="expression"><xm:f>$F$103&lt;F5</xm:f></x14:cfRule>'
            "<xm:sqref>F5:F102</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
            '</ext><ext uri="{2}"><x14:dataValidations count="1"><x14:dataValidation type="list">'
            "<x14:formula1><xm:f>'应收'!$J$103:$J$104</xm:f></x14:formula1>"
            "<xm:sqref>C99:C102</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
            '<ext uri="{3}"><x14:sparklineGroups><x14:sparklineGroup><x14:colorSeries rgb="FF"/>'
            "<x14:sparklines><x14:sparkline><xm:f>应收!F5:F102</xm:f><xm:sqref>F103</xm:sqref>"
            "</x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>"
            "</extLst>",
        ),
        ('<unknown ref="A100:B100"/>', '<unknown ref="A103:B103"/>'),
        ('<unknown sqref="A99"/>', '<unknown sqref="A99"/>'),
        ('<unknown ref="图100"/>', '<unknown ref="图100"/>'),
    ],
)
def test_the_tail_follows_rows_put_in(before: str, after: str) -> None:
    assert tail(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '<mergeCells count="4"><mergeCell ref="A9:A12"/><mergeCell ref="B8:B12"/>'
            '<mergeCell ref="A10:H10"/><mergeCell ref="A14:B15"/></mergeCells>',
            '<mergeCells count="2"><mergeCell ref="B8:B9"/><mergeCell ref="A10:B10"/></mergeCells>',
        ),
        ('<mergeCells count="1"><mergeCell ref="A10:H10"/></mergeCells>', ""),
        (
            '<mergeCells count="1">\n <mergeCell ref="A10:H10"></mergeCell>\n</mergeCells><a/>',
            "<a/>",
        ),
        (
            '<hyperlinks><hyperlink ref="A10"/><hyperlink ref="A15" location="应收!A12"/>'
            "</hyperlinks>",
            '<hyperlinks><hyperlink ref="A10" location="应收!#REF!"/></hyperlinks>',
        ),
        (
            '<dataValidations count="2"><dataValidation sqref="C10:C14"><formula1>F10</formula1>'
            '</dataValidation><dataValidation sqref="D1"/></dataValidations>',
            '<dataValidations count="1"><dataValidation sqref="D1"/></dataValidations>',
        ),
        (
            '<rowBreaks count="3" manualBreakCount="2"><brk id="9" max="16383" man="1"/>'
            '<brk id="8" max="16383"/><brk id="20" max="16383" man="1"/></rowBreaks>',
            '<rowBreaks count="2" manualBreakCount="1">'
            '<brk id="8" max="16383"/><brk id="15" max="16383" man="1"/></rowBreaks>',
        ),
        ('<rowBreaks count="1" manualBreakCount="1"><brk id="9" man="1"/></rowBreaks>', ""),
        ('<autoFilter ref="A10:H12"/>', ""),
        (
            '<scenarios current="1" show="1" sqref="A10"><scenario count="1"><inputCells r="A11"/>'
            '</scenario><scenario count="2"><inputCells r="A1"/><inputCells r="A12"/></scenario>'
            "</scenarios>",
            '<scenarios current="0" show="0"><scenario count="1"><inputCells r="A1"/></scenario>'
            "</scenarios>",
        ),
        (
            '<extLst><ext uri="{3}"><x14:sparklineGroups><x14:sparklineGroup><x14:colorSeries/>'
            "<x14:sparklines><x14:sparkline><xm:f>应收!A10:E10</xm:f><xm:sqref>F10</xm:sqref>"
            "</x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>"
            '<ext uri="{1}"><a/></ext></extLst>',
            '<extLst><ext uri="{1}"><a/></ext></extLst>',
        ),
        (
            '<ignoredErrors><ignoredError sqref="A10"/><extLst/></ignoredErrors>'
            '<protectedRanges><protectedRange sqref="A10 A12:B13"/></protectedRanges>',
            "",
        ),
    ],
)
def test_the_tail_loses_what_was_taken_out(before: str, after: str) -> None:
    assert tail(before, REMOVED) == after


FORMAT = '<conditionalFormatting sqref="{}"><cfRule><formula>{}</formula></cfRule>' + (
    "</conditionalFormatting>"
)
RULE = '<dataValidation type="{}" sqref="{}"><formula1>{}</formula1></dataValidation>'


@pytest.mark.parametrize(
    ("shift", "before", "after"),
    [
        (
            REMOVED,
            ("F10:F99", "AND(F10&gt;G9,&quot;A1&quot;&lt;$A$20)"),
            ("F10:F94", "AND(F10&gt;G9,&quot;A1&quot;&lt;$A$15)"),
        ),
        (REMOVED, ("F10 H12:H20", "F10=$A$1"), ("H10:H15", "H10=$A$1")),
        (REMOVED, ("F5:F99", "COUNTIF(F$5:F5,F5)"), ("F5:F94", "COUNTIF(F$5:F5,F5)")),
        (REMOVED, ("F14:F99", "COUNTIF(F$14:F14,F14)"), ("F10:F94", "COUNTIF(F$10:F10,F10)")),
        (REMOVED, ("F15:F99", "F1+F15+实收!F15"), ("F10:F94", "F1048572+F10+实收!F15")),
        (REMOVED, ("F9:F12", "F9&gt;F10"), ("F9", "F9&gt;F10")),
        (APPENDED, ("F99", "F99&gt;F100"), ("F99:F102", "F99&gt;F103")),
        (APPENDED, ("F98:F99", "F98&gt;F100"), ("F98:F102", "F98&gt;F100")),
        (APPENDED, ("F100:F101", "F99&gt;F$5:F$99"), ("F103:F104", "F102&gt;F$5:F$102")),
        (APPENDED, ("F5:F99", "SUM(F5:F$99)"), ("F5:F102", "SUM(F5:F$102)")),
        (APPENDED, ("F5:F99", "SUM(5:5)+A:A"), ("F5:F102", "SUM(5:5)+A:A")),
    ],
)
def test_a_format_counts_from_its_first_cell(
    shift: Shift, before: tuple[str, str], after: tuple[str, str]
) -> None:
    assert tail(FORMAT.format(*before), shift) == FORMAT.format(*after)


def test_a_list_of_choices_is_where_it_is_for_the_first_cell() -> None:
    before, after = ("C5:C99", "J100:J120"), ("C5:C102", "J103:J123")
    assert tail(RULE.format("list", *before)) == RULE.format("list", *after)
    kept = RULE.format("custom", after[0], before[1])
    assert tail(RULE.format("custom", *before)) == kept


def test_a_row_of_a_sparkline_stays_one_row_where_there_is_one_record() -> None:
    first = Shift("应收", 6, 2, 5)
    group = (
        "<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>应收!{}</xm:f></x14:sparkline>"
        "</x14:sparklines></x14:sparklineGroup>"
    )
    for home in ("应收", "汇总"):
        assert tail(group.format("G5:L5"), first, home) == group.format("G5:L5")
        assert tail(group.format("G5:G5"), first, home) == group.format("G5:G7")


def test_another_sheet_changes_only_where_it_names_the_shifted_one() -> None:
    before = (
        '<autoFilter ref="A4:H99"/><mergeCells count="1"><mergeCell ref="A100:B100"/></mergeCells>'
        '<conditionalFormatting sqref="F5:F99"><cfRule><formula>F100&gt;应收!$F$100</formula>'
        '</cfRule></conditionalFormatting><dataValidations count="1"><dataValidation '
        'sqref="C99"><formula1>应收!$A$5:$A$99</formula1></dataValidation></dataValidations>'
        '<hyperlinks><hyperlink ref="A100" location="应收!A100"/></hyperlinks>'
        '<rowBreaks><brk id="100"/></rowBreaks>'
        '<controlPr linkedCell="应收!$F$100"><anchor moveWithCells="1"><from><row>200</row></from>'
        "</anchor></controlPr>"
    )
    after = (
        before.replace("应收!$F$100", "应收!$F$103")
        .replace("应收!$A$5:$A$99", "应收!$A$5:$A$102")
        .replace("应收!A100", "应收!A103")
    )
    assert tail(before, home="汇总") == after
    assert tail(before.replace("应收", "实收"), home="汇总") == before.replace("应收", "实收")


def test_prefixes_quotes_and_order_do_not_matter() -> None:
    before = (
        "<x:dataValidations xmlns:x='m' count='1'>\n  <x:dataValidation\n\tsqref = 'C5:C99' "
        'type="list"><x:formula1 >$J$100</x:formula1></x:dataValidation >\n</x:dataValidations>'
    )
    after = before.replace("C5:C99", "C5:C102").replace("$J$100", "$J$103")
    assert tail(before) == after


def test_entities_stay_as_they_are_written() -> None:
    shift = Shift("李 & '张'", 100, 1)
    formula = (
        "'李 &amp; &apos;&apos;张&apos;&apos;'!A100&amp;&quot;A100&#10;&quot;&amp;"
        "'李 &#38; ''张'''!A100"
    )
    before = f"<cfRule><formula>{formula}</formula></cfRule>"
    assert tail(before, shift, "汇总") == before.replace("!A100", "!A101")


@pytest.mark.parametrize(
    "xml",
    [
        "<a><!-- x --></a>",
        "<formula><![CDATA[A100]]></formula>",
        "<a></b>",
        '<mergeCell ref="A1:B"/>',
        '<rowBreaks><brk id="x"/></rowBreaks>',
    ],
)
def test_an_unusual_tail_is_refused(xml: str) -> None:
    with pytest.raises(Unusual):
        tail(xml)


@pytest.mark.parametrize("start", ['<?xml version="1.0" encoding="GBK"?>', "\0", "<!DOCTYPE a>"])
def test_another_encoding_is_refused(start: str) -> None:
    with pytest.raises(Unusual):
        follow_head(start.encode() + b"<worksheet>", APPENDED)


def test_an_unknown_element_that_loses_its_cells_is_refused() -> None:
    with pytest.raises(Unusual):
        tail('<unknown ref="A10"/>', REMOVED)


def test_a_formula_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(UnreadableFormula):
        tail('<dataValidation sqref="A1"><formula1>"A100</formula1></dataValidation>')


refs = st.builds("{}{}:{}{}".format, *[st.sampled_from("ABF"), st.integers(1, 130)] * 2)
pieces = st.lists(
    st.one_of(
        st.builds(
            '<mergeCell ref="{}"/>'.format, refs.filter(lambda r: r[0] != r.split(":")[1][0])
        ),
        st.builds('<conditionalFormatting sqref="{}"/>'.format, refs),
        st.builds(
            '<dataValidation sqref="{0}"><formula1>{0}</formula1></dataValidation>'.format, refs
        ),
        st.builds('<hyperlink location="应收!{0}" ref="{0}"/>'.format, refs),
        st.builds('<rowBreaks><brk id="{}"/></rowBreaks>'.format, st.integers(0, 130)),
        st.builds('<selection activeCell="A{0}" sqref="A{0}"/>'.format, st.integers(1, 130)),
        st.sampled_from(UNCHANGED[:4]),
    )
)


@given(pieces, st.integers(1, 130), st.integers(1, 9))
def test_putting_in_and_taking_out_gives_the_same_bytes(
    parts: list[str], at: int, count: int
) -> None:
    xml = "".join(parts).encode()
    there = follow_tail(xml, Shift("应收", at, count), "应收")
    assert follow_tail(there, Shift("应收", at, -count), "应收") == xml
    assert re.sub(rb"[0-9]+", b"", there) == re.sub(rb"[0-9]+", b"", xml)
