from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.errors import WorkbookDamaged, WorkbookHostile
from zhubao.excel.guard import Unusual
from zhubao.excel.patch.respell import respelled
from zhubao.excel.patch.rows import Spelling, take_apart

START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def of(xml: str | bytes) -> str:
    data = xml if isinstance(xml, bytes) else xml.encode()
    text = respelled(data, "台账.xlsx", "xl/worksheets/sheet1.xml").decode()
    assert text.startswith(START)
    return text.removeprefix(START)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<a b='1'/>", '<a b="1"/>'),
        ("<a b='\"'/>", '<a b="&quot;"/>'),
        ("<a\n b = '1' ></a >", '<a b="1"/>'),
        ("<a><!-- x --><b/><?y z?></a>", "<a><b/></a>"),
        ("<a><![CDATA[<&]]></a>", "<a>&lt;&amp;</a>"),
        ("<a b='&#10;&#9;&#13;'>&#13;\n</a>", '<a b="&#10;&#9;&#13;">&#13;\n</a>'),
        ("<x:a xmlns:x='u' xml:space='preserve'> </x:a>", None),
    ],
)
def test_the_content_stays_and_the_spelling_is_the_usual_one(
    before: str, after: str | None
) -> None:
    assert of(before) == (after or before.replace("'", '"'))


def test_rows_and_cells_get_their_places() -> None:
    xml = (
        "<sheetData><row><c/><c r='D1'/><c/></row><row/>"
        "<row ht='1' r='9'><c s='1'/></row></sheetData>"
    )
    rows = (
        '<sheetData><row r="1"><c r="A1"/><c r="D1"/><c r="E1"/></row><row r="2"/>'
        '<row r="9" ht="1"><c r="A9" s="1"/></row></sheetData>'
    )
    assert of(xml) == rows


def test_elements_of_the_same_name_outside_the_rows_stay() -> None:
    xml = "<w><row/><sheetData><row/></sheetData><c/></w>"
    assert of(xml) == '<w><row/><sheetData><row r="1"/></sheetData><c/></w>'


@pytest.mark.parametrize("ref", ["A2", "1A", "", "A$1", "AAAA1"])
def test_a_cell_that_stands_elsewhere_is_unusual(ref: str) -> None:
    xml = f"<sheetData><row r='1'><c r='{ref}'/></row></sheetData>"
    if ref:
        with pytest.raises(Unusual):
            of(xml)
    else:
        assert 'r="A1"' in of(xml)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "us-ascii"])
def test_every_encoding_becomes_utf_8(encoding: str) -> None:
    text = "甲" if encoding != "us-ascii" else "&#30002;"
    xml = f"<?xml version='1.0' encoding='{encoding.removesuffix('-sig')}'?><a>{text}</a>"
    assert of(xml.encode(encoding)) == "<a>甲</a>"


@pytest.mark.parametrize("xml", ["<a>", "<a></b>", "", "<a b=1/>", "<a>&x;</a>"])
def test_what_is_no_xml_is_damaged(xml: str) -> None:
    with pytest.raises(WorkbookDamaged):
        of(xml)


def test_a_document_type_is_hostile() -> None:
    with pytest.raises(WorkbookHostile):
        of("<!DOCTYPE a><a/>")


@given(
    st.recursive(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
        lambda inner: st.tuples(
            st.sampled_from(["is", "t", "v", "x:y"]),
            st.dictionaries(
                st.sampled_from(["a", "x:b", "xml:space"]),
                st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5),
                max_size=2,
            ),
            st.lists(inner, max_size=3),
        ),
        max_leaves=6,
    )
)
def test_any_content_survives(node: object) -> None:
    root = ElementTree.Element("root", {"xmlns:x": "urn:x"})
    _grow(root, [node])
    xml = ElementTree.tostring(root, encoding="unicode").replace("\ufffe", "").replace("\uffff", "")
    assert canonical(of(xml)) == canonical(xml)


def _grow(parent: ElementTree.Element, nodes: list[object]) -> None:
    for node in nodes:
        if isinstance(node, str):
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + node
            else:
                parent.text = (parent.text or "") + node
        elif isinstance(node, tuple):
            _grow(ElementTree.SubElement(parent, node[0], node[1]), node[2])


def canonical(xml: str) -> str:
    out = io.StringIO()
    ElementTree.canonicalize(xml, out=out)
    return out.getvalue()


def test_a_respelled_row_is_read_as_usual() -> None:
    text = of("<sheetData><row><c t='s'><v>1</v></c></row></sheetData>")
    data = text.removeprefix("<sheetData>").removesuffix("</sheetData>").encode()
    assert take_apart(data, Spelling.of(b"")).cells[0].column == 1
