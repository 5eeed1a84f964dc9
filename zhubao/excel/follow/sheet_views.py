"""What a window shows of a sheet: where it is scrolled to, what is selected."""

from __future__ import annotations

from dataclasses import replace

from zhubao.excel.address import make_ref, parse_ref
from zhubao.excel.follow.xml_elements import Element, Splice, replaced
from zhubao.excel.formula.ranges import move_row, shift_ref
from zhubao.excel.shift import Shift


def follow_view(view: Element, shift: Shift) -> list[Splice]:
    """The scroll positions of a `sheetView` or `customSheetView` and of its frozen pane.

    A window that begins with the row before which rows are put in shows the new rows. The number
    of frozen rows stays, as in Excel.
    """
    splices = _scrolled(view, shift, 1)
    pane = view.child("pane")
    if pane is not None:
        frozen = (pane.get("state") or "split").startswith("frozen")
        top = parse_ref(view.get("topLeftCell") or "A1")[0]
        rows = int(float(pane.get("ySplit") or 0)) if frozen else 0
        splices += _scrolled(pane, shift, top + rows if rows else 1)
    return splices


def follow_selection(selection: Element, shift: Shift) -> list[Splice]:
    """The active cell and the selected ranges; the active cell alone where it was taken out."""
    active = selection.get("activeCell") or "A1"
    selected = selection.get("sqref") or "A1"
    row, column = parse_ref(active)
    moved = move_row(row, shift)
    new_active = make_ref(shift.at if moved is None else moved, column)
    ranges = [shift_ref(ref, shift, grow="never") for ref in selected.split()]
    if moved is None or None in ranges:
        return _select(selection, new_active, new_active) + _set(selection, "activeCellId", "0")
    return _select(selection, new_active, " ".join(ref for ref in ranges if ref))


def _select(selection: Element, active: str, selected: str) -> list[Splice]:
    return _set(selection, "activeCell", active) + _set(selection, "sqref", selected)


def _set(element: Element, attribute: str, value: str) -> list[Splice]:
    span = element.span(attribute)
    return [] if span is None else replaced(element.xml, span, value)


def _scrolled(element: Element, shift: Shift, lowest: int) -> list[Splice]:
    corner = element.get("topLeftCell")
    if corner is None:
        return []
    row, column = parse_ref(corner)
    beyond = replace(shift, at=shift.at + 1) if shift.count > 0 else shift
    moved = move_row(row, beyond) or shift.at
    return (
        [] if moved == row else _set(element, "topLeftCell", make_ref(max(moved, lowest), column))
    )
