"""The parts beside the worksheets when rows of a sheet are put in or taken out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from zhubao.excel.follow.anchors import Hold, follow_anchor
from zhubao.excel.follow.pivot import follow_pivot_source, follow_pivot_table
from zhubao.excel.follow.table import follow_table
from zhubao.excel.follow.vml import follow_vml
from zhubao.excel.follow.xml_elements import Element, Splice, edited, elements, replaced, spliced
from zhubao.excel.formula.ranges import Grow, shift_ref
from zhubao.excel.formula.relative import for_series, formula_splices, series_splices
from zhubao.excel.formula.shifting import Edit, shift_edits
from zhubao.excel.guard import Unusual
from zhubao.excel.shift import Shift

_FORMULA_ATTRIBUTES = ("fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup")
_DIGITS_TO_END = re.compile(r"[0-9]*$")
_RELATIVE_ROW = re.compile(r"(?<![$0-9])[0-9]")
_HOLDS: dict[str, Hold] = {"oneCell": "oneCell", "absolute": "absolute"}


def follow_part(kind_or_name: str, xml: bytes, shift: Shift, home: str | None) -> bytes:
    """A part after the shift; the same object when nothing in it changes, or its kind is unknown.

    The kind is the last word of a relationship's type ("table", "vmlDrawing") or a part's name
    ("xl/tables/table3.xml"). `home` is the sheet that tables, comments, drawings, controls and
    pivot tables lie on. Raises Unusual for a spelling that is not understood, UnreadableFormula,
    and LedgerNotWritable where a table or pivot table cannot follow.
    """
    stem = kind_or_name.rpartition("/")[2].partition(".")[0]
    follow = _KINDS.get(_DIGITS_TO_END.sub("", stem).lower())
    if follow is None:
        return xml
    try:
        return follow(xml, shift, home or "")
    except ValueError as error:  # a reference or number that is none
        raise Unusual from error


def _defined_names(xml: bytes, shift: Shift, home: str) -> bytes:
    splices: list[Splice] = []
    for root in elements(xml):
        for name in root.under("definedName"):
            edits = _name_edits(name.get("name") or "", shift, home)
            splices += edited(xml, (name.inner, name.inner_end), edits)
    return spliced(xml, splices)


def _name_edits(name: str, shift: Shift, home: str) -> Callable[[str], list[Edit]]:
    """How a defined name follows; a relative row in a clerk's own counts from where it is used."""
    if name == "_xlnm.Print_Titles":
        shift = replace(shift, block=0)
    elif name == "_xlnm._FilterDatabase" and shift.block:
        shift = replace(shift, block=shift.at - 1)  # as the filter itself: wherever it begins
    if name.startswith("_xlnm."):
        return lambda text: shift_edits(text, home, shift)
    if name.startswith("_xlchart."):
        return lambda text: shift_edits(text, home, for_series(text, shift))
    return lambda text: [
        edit for edit in shift_edits(text, home, shift) if not _is_relative(text, edit)
    ]


def _is_relative(text: str, edit: Edit) -> bool:
    start, end, _ = edit
    return _RELATIVE_ROW.search(text, start, end) is not None


def _comments(xml: bytes, shift: Shift, home: str) -> bytes:
    """Comments and threaded comments: each goes with its cell."""
    return _referring(xml, shift, home, {"comment": "ref", "threadedComment": "ref"}, "never")


def _single_cells(xml: bytes, shift: Shift, home: str) -> bytes:
    return _referring(xml, shift, home, {"singleXmlCell": "r"}, "never")


def _named_views(xml: bytes, shift: Shift, home: str) -> bytes:
    return _referring(xml, shift, home, {"nsvFilter": "ref"}, "contains")


def _referring(
    xml: bytes, shift: Shift, home: str, attributes: dict[str, str], grow: Grow
) -> bytes:
    """Elements with a reference on sheet `home`; they are dropped with their cells."""
    if home.lower() != shift.sheet.lower():
        return xml
    splices: list[Splice] = []
    for root in elements(xml):
        for name, attribute in attributes.items():
            for element in root.under(name):
                span = element.span(attribute)
                if span is not None:
                    moved = shift_ref(element.get(attribute) or "", shift, grow=grow)
                    splices += (
                        [(element.start, element.end, b"")]
                        if moved is None
                        else replaced(xml, span, moved)
                    )
    return spliced(xml, splices)


def _drawing(xml: bytes, shift: Shift, home: str) -> bytes:
    """Where pictures, charts and shapes lie, and the cells whose text shapes show."""
    splices: list[Splice] = []
    for root in elements(xml):
        for shape in root.under("sp"):
            splices += _attribute_formula(shape, "textlink", shift, home)
        if home.lower() == shift.sheet.lower():
            for anchor in root.under("twoCellAnchor"):
                hold = _HOLDS.get(anchor.get("editAs") or "", "twoCell")
                splices += follow_anchor(anchor, hold, shift)
            for anchor in root.under("oneCellAnchor"):
                splices += follow_anchor(anchor, "oneCell", shift)
    return spliced(xml, splices)


def _control(xml: bytes, shift: Shift, home: str) -> bytes:
    splices: list[Splice] = []
    for root in elements(xml):
        for name in _FORMULA_ATTRIBUTES:
            splices += _attribute_formula(root, name, shift, home)
    return spliced(xml, splices)


def _attribute_formula(element: Element, attribute: str, shift: Shift, home: str) -> list[Splice]:
    span = element.span(attribute)
    return [] if span is None else formula_splices(element.xml, span, shift, home)


def _chart(xml: bytes, shift: Shift, home: str) -> bytes:
    """The data of a chart; the numbers it keeps beside stay until the workbook is opened."""
    splices: list[Splice] = []
    for root in elements(xml):
        for name in ("f", "nf", "sqref"):
            for formula in root.under(name):
                if not formula.children:
                    span = formula.inner, formula.inner_end
                    splices += series_splices(xml, span, shift, home)
    return spliced(xml, splices)


_KINDS: dict[str, Callable[[bytes, Shift, str], bytes]] = {
    "workbook": _defined_names,
    "table": follow_table,
    "comments": _comments,
    "comment": _comments,
    "threadedcomment": _comments,
    "threadedcomments": _comments,
    "vmldrawing": follow_vml,
    "drawing": _drawing,
    "chart": _chart,
    "chartex": _chart,
    "ctrlprop": _control,
    "ctrlprops": _control,
    "pivotcachedefinition": follow_pivot_source,
    "pivottable": follow_pivot_table,
    "tablesinglecells": _single_cells,
    "namedsheetview": _named_views,
}
