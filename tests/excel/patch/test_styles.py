from __future__ import annotations

from xml.etree import ElementTree

import pytest

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.patch.styles import FormatClass, Styles, class_of_format

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FONTS = '<fonts count="1"><font><sz val="11"/></font></fonts>'
NUM_FMTS = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m月"/>'
    '<numFmt numFmtId="170" formatCode="[>100]0.0;0"/></numFmts>'
)
XFS = (
    '<cellXfs count="5"><xf numFmtId="0" fontId="0"/><xf numFmtId="164" fontId="0"/>'
    '<xf numFmtId="49" fontId="0"><alignment/></xf><xf numFmtId="170" fontId="0"/>'
    '<xf numFmtId="14" fontId="0"/></cellXfs>'
)


def part(inside: str) -> bytes:
    return f'<?xml version="1.0"?><styleSheet xmlns="{MAIN}">{inside}</styleSheet>'.encode()


def styles(inside: str = NUM_FMTS + FONTS + XFS) -> Styles:
    return Styles(part(inside), "台账.xlsx")


def counted(xml: bytes | None, name: str) -> list[dict[str, str]]:
    """The elements of one list, whose count must be right."""
    assert xml is not None
    lists = [one for one in ElementTree.fromstring(xml).iter() if one.tag.endswith("}" + name)]
    assert len(lists) == 1
    assert lists[0].get("count") in (None, str(len(lists[0])))
    return [dict(one.attrib) for one in lists[0]]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("General", FormatClass.GENERAL),
        ("", FormatClass.GENERAL),
        ("@", FormatClass.TEXT),
        ("yyyy-mm-dd", FormatClass.DATE),
        ("[$-804]yyyy年m月", FormatClass.DATE),
        ("[h]:mm", FormatClass.DATE),
        ("#,##0.00", FormatClass.NUMBER),
        ('0"days"', FormatClass.NUMBER),
        ("0\\d", FormatClass.NUMBER),
        ("[Red]0.00;[Blue]-0.00", FormatClass.NUMBER),
        ("_d0*y", FormatClass.NUMBER),
    ],
)
def test_formats_are_told_apart(code: str, wanted: FormatClass) -> None:
    assert class_of_format(code) is wanted


@pytest.mark.parametrize(
    ("style", "wanted"),
    [("1", "yyyy-mm-dd"), ("4", "yyyy-mm-dd"), ("3", "0.00"), ("0", "0.00"), ("2", "@"), ("", "")],
)
def test_a_format_of_the_same_class_stays(style: str, wanted: str) -> None:
    known = styles()
    assert known.suited(style, wanted) == style
    assert known.changed_xml() is None


def test_a_format_that_does_not_show_the_value_is_cloned_once() -> None:
    known = styles()
    assert [known.suited("2", "yyyy-mm-dd") for _ in range(3)] == ["5", "5", "5"]
    assert known.suited("", "yyyy-mm-dd") == "6"
    xml = known.changed_xml()
    assert counted(xml, "numFmts")[2:] == [{"numFmtId": "171", "formatCode": "yyyy-mm-dd"}]
    new = {"numFmtId": "171", "fontId": "0", "applyNumberFormat": "1"}
    assert counted(xml, "cellXfs")[5:] == [new, new]
    assert xml is not None
    assert xml.count(b"<alignment/>") == 2


def test_a_format_that_is_there_is_used() -> None:
    known = styles()
    known.suited("2", 'yyyy"年"m月')
    known.suited("1", "[>100]0.0;0")
    known.suited("2", "0.00")
    xml = known.changed_xml()
    assert [one["numFmtId"] for one in counted(xml, "cellXfs")[5:]] == ["164", "170", "2"]
    assert len(counted(xml, "numFmts")) == 2


def test_texts_like_formulas_are_marked_unless_the_format_is_text() -> None:
    known = styles()
    assert known.suited("2", "", quoted=True) == "2"
    assert known.suited("0", "", quoted=True) == "5"
    assert counted(known.changed_xml(), "cellXfs")[5]["quotePrefix"] == "1"


@pytest.mark.parametrize(
    "inside",
    [
        FONTS + XFS,
        '<numFmts count="0"/>' + FONTS + XFS,
        '<numFmts count="0" />' + FONTS + XFS,
        "<numFmts/>" + FONTS + XFS,
        '<numFmts count="0"></numFmts>' + FONTS + XFS,
    ],
)
def test_new_formats_go_into_the_one_list_in_front(inside: str) -> None:
    known = styles(inside)
    known.suited("0", "yyyy-mm-dd")
    xml = known.changed_xml()
    assert [one["formatCode"] for one in counted(xml, "numFmts")] == ["yyyy-mm-dd"]
    assert xml is not None
    assert ElementTree.fromstring(xml)[0].tag.endswith("}numFmts")


def test_prefixes_are_kept() -> None:
    import re

    inside = re.sub(r"<(/?)(\w)", r"<\1x:\2", FONTS + XFS)
    xml = f'<x:styleSheet xmlns:x="{MAIN}">{inside}</x:styleSheet>'.encode()
    known = Styles(xml, "台账.xlsx")
    known.suited("0", "yyyy-mm-dd")
    assert known.bold() == "6"
    assert len(counted(known.changed_xml(), "cellXfs")) == 7
    assert b"<x:b/>" in (known.changed_xml() or b"")


def test_the_bold_font_is_made_once() -> None:
    known = styles()
    assert known.bold() == known.bold() == "5"
    xml = known.changed_xml()
    assert counted(xml, "cellXfs")[5] == {"numFmtId": "0", "fontId": "1", "applyFont": "1"}
    assert len(counted(xml, "fonts")) == 2


@pytest.mark.parametrize(
    "fonts",
    [
        "",
        "<fonts/>",
        '<fonts count="1"><font/></fonts>',
        '<fonts count="1"><font><b/></font></fonts>',
        '<fonts count="1"><font><b val="1"/></font></fonts>',
    ],
)
def test_without_a_font_to_clone_the_header_is_plain(fonts: str) -> None:
    assert styles(fonts + XFS).bold() == ""


def test_a_style_that_is_not_there_is_left_alone() -> None:
    assert styles().suited("99", "yyyy-mm-dd") == "99"


@pytest.mark.parametrize("inside", [FONTS, FONTS + "<cellXfs/>", FONTS + '<cellXfs count="0"/>'])
def test_a_part_without_cell_formats_serves_as_long_as_none_is_needed(inside: str) -> None:
    known = styles(inside)
    assert known.suited("", "0.00") == ""
    assert known.bold() == ""
    with pytest.raises(LedgerNotWritable) as caught:
        known.suited("", "yyyy-mm-dd")
    assert caught.value.where == "台账.xlsx"


def test_plain_styles_for_new_sheets() -> None:
    known = styles()
    assert known.made("") == known.made("General") == ""
    assert (known.made("0.00"), known.made("0.00"), known.made("@")) == ("5", "5", "6")
    assert known.made("", quoted=True) == "7"
