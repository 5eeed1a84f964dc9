"""Where pictures, charts, shapes and controls come to lie when the rows under them move."""

from __future__ import annotations

from typing import Literal

from zhubao.excel.address import MAX_ROW
from zhubao.excel.follow.xml_elements import Element, Splice, replaced
from zhubao.excel.formula.ranges import move_row
from zhubao.excel.shift import Shift

Hold = Literal["twoCell", "oneCell", "absolute"]
"""What an object does with its cells: move and stretch, move only, neither."""


def follow_anchor(anchor: Element, hold: Hold, shift: Shift) -> list[Splice]:
    """The rows (counted from 0) of an anchor's `from` and `to`."""
    start, end = _marker(anchor, "from"), _marker(anchor, "to")
    if start is None or hold == "absolute":
        return []
    last = end if end is not None else start
    top, bottom = moved_anchor(int(start.text()), int(last.text()), hold, shift)
    splices = _set_row(anchor, "from", top, cut=_is_removed(start, shift))
    if end is not None:
        cut = hold == "twoCell" and _is_removed(end, shift)
        splices += _set_row(anchor, "to", bottom, cut=cut)
    return splices


def moved_anchor(top: int, bottom: int, hold: Hold, shift: Shift) -> tuple[int, int]:
    """The first and last row (counted from 0) of an object afterwards.

    An object of which all rows are taken out keeps its size and lies where they were.
    """
    first = _moved(top, shift)
    gone = move_row(top + 1, shift) is None and move_row(bottom + 1, shift) is None
    last = first + bottom - top if hold == "oneCell" or gone else _moved(bottom, shift)
    return first, min(last, MAX_ROW - 1)


def _moved(row: int, shift: Shift) -> int:
    moved = move_row(row + 1, shift)
    if moved is not None:
        return moved - 1
    return shift.at - 1 if shift.count < 0 else MAX_ROW - 1


def _marker(anchor: Element, name: str) -> Element | None:
    marker = anchor.child(name)
    return marker.child("row") if marker else None


def _is_removed(row: Element, shift: Shift) -> bool:
    return move_row(int(row.text()) + 1, shift) is None


def _set_row(anchor: Element, name: str, row: int, *, cut: bool) -> list[Splice]:
    """The marker's row; its offset into the row is 0 where the row itself was taken out."""
    marker = anchor.child(name)
    place, offset = (marker.child("row"), marker.child("rowOff")) if marker else (None, None)
    splices = []
    if place is not None:
        splices += replaced(place.xml, (place.inner, place.inner_end), str(row))
    if cut and offset is not None:
        splices += replaced(offset.xml, (offset.inner, offset.inner_end), "0")
    return splices
