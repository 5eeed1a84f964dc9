"""Legacy drawings (VML): the boxes of comments, buttons and other form controls.

Read by pattern, not as XML: Excel itself writes unclosed line breaks into them.
"""

from __future__ import annotations

import re

from zhubao.excel.follow.anchors import Hold, moved_anchor
from zhubao.excel.follow.xml_elements import Splice, spliced
from zhubao.excel.formula.ranges import move_row
from zhubao.excel.formula.relative import formula_splices
from zhubao.excel.guard import Unusual
from zhubao.excel.shift import Shift

_SHAPE = re.compile(
    rb"<((?:[\w.-]+:)?shape)(?=[\s>])(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>.*?</\1\s*>", re.DOTALL
)
_DATA = re.compile(rb"<((?:[\w.-]+:)?ClientData)(\s[^>]*)?>(.*?)</\1\s*>", re.DOTALL)
_NOTE = re.compile(rb"""\sObjectType\s*=\s*["']Note["']""")
_ROW = re.compile(rb"<((?:[\w.-]+:)?Row)>\s*([0-9]+)\s*</\1\s*>")
_ANCHOR = re.compile(rb"<((?:[\w.-]+:)?Anchor)>([^<]*)</\1\s*>")
_NUMBER = re.compile(rb"-?[0-9]+")
_FORMULA = re.compile(rb"<((?:[\w.-]+:)?Fmla(?:Link|Range|Txbx|Pict))>([^<]*)</\1\s*>")
_ANCHOR_NUMBERS = (
    8  # left column, offset, top row, offset, right column, offset, bottom row, offset
)
_TOP, _TOP_OFFSET, _BOTTOM, _BOTTOM_OFFSET = 2, 3, 6, 7


def follow_vml(xml: bytes, shift: Shift, home: str) -> bytes:
    """A legacy drawing of sheet `home`; the same object when unchanged.

    The box of a comment goes with its cell, and is dropped with it; other objects do what their
    settings say. Raises Unusual and UnreadableFormula.
    """
    if b"\0" in xml:
        raise Unusual
    own = home.lower() == shift.sheet.lower()
    splices: list[Splice] = []
    for shape in _SHAPE.finditer(xml):
        data = _DATA.search(xml, shape.start(), shape.end())
        if data is not None:
            found = _shape(xml, data, shift) if own else []
            gone = found is None
            splices += [(*shape.span(), b"")] if found is None else found
            splices += [] if gone else _formulas(xml, data, shift, home)
    return spliced(xml, splices)


def _shape(xml: bytes, data: re.Match[bytes], shift: Shift) -> list[Splice] | None:
    """A shape's rows; None when it goes with its cell."""
    row = _ROW.search(xml, *data.span(3)) if _NOTE.search(data[2] or b"") else None
    if row is None:
        return _anchor(xml, data, shift, _hold(data[3]))
    moved = move_row(int(row[2]) + 1, shift)
    if moved is None:
        return None
    by = moved - 1 - int(row[2])
    if not by:
        return []
    return [(*row.span(2), b"%d" % (moved - 1)), *_moved_box(xml, data, by)]


def _hold(data: bytes) -> Hold:
    """In VML these two elements say what the object does *not* do."""
    if _is_set(data, b"MoveWithCells"):
        return "absolute"
    return "oneCell" if _is_set(data, b"SizeWithCells") else "twoCell"


def _is_set(data: bytes, name: bytes) -> bool:
    found = re.search(rb"<(?:[\w.-]+:)?%b\s*(?:/>|>([^<]*)<)" % name, data)
    return found is not None and (found[1] or b"").strip().lower() not in {b"false", b"f", b"0"}


def _anchor(xml: bytes, data: re.Match[bytes], shift: Shift, hold: Hold) -> list[Splice]:
    numbers = _anchor_numbers(xml, data)
    if not numbers or hold == "absolute":
        return []
    rows = int(numbers[_TOP][0]), int(numbers[_BOTTOM][0])
    moved = moved_anchor(*rows, hold, shift)
    cuts = (_is_removed(rows[0], shift), hold == "twoCell" and _is_removed(rows[1], shift))
    splices: list[Splice] = []
    for at, offset, row, cut in zip(
        (_TOP, _BOTTOM), (_TOP_OFFSET, _BOTTOM_OFFSET), moved, cuts, strict=True
    ):
        splices += _set(numbers[at], row)
        splices += _set(numbers[offset], 0) if cut else []
    return splices


def _moved_box(xml: bytes, data: re.Match[bytes], by: int) -> list[Splice]:
    """The box of a comment, as many rows further as its cell."""
    numbers = _anchor_numbers(xml, data)
    if not numbers:
        return []
    top = int(numbers[_TOP][0])
    by = max(by, -top)
    return [one for at in (_TOP, _BOTTOM) for one in _set(numbers[at], int(numbers[at][0]) + by)]


def _anchor_numbers(xml: bytes, data: re.Match[bytes]) -> list[re.Match[bytes]]:
    found = _ANCHOR.search(xml, *data.span(3))
    if found is None:
        return []
    numbers = list(_NUMBER.finditer(xml, *found.span(2)))
    if len(numbers) != _ANCHOR_NUMBERS:
        raise Unusual
    return numbers


def _set(number: re.Match[bytes], value: int) -> list[Splice]:
    return [] if int(number[0]) == value else [(*number.span(), b"%d" % value)]


def _is_removed(row: int, shift: Shift) -> bool:
    return move_row(row + 1, shift) is None


def _formulas(xml: bytes, data: re.Match[bytes], shift: Shift, home: str) -> list[Splice]:
    splices: list[Splice] = []
    for formula in _FORMULA.finditer(xml, *data.span(3)):
        splices += formula_splices(xml, formula.span(2), shift, home)
    return splices
