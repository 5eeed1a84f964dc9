"""Small changes in the workbook part and the lists of parts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zhubao.excel.address import make_ref, parse_ref

_CALC = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*>")
_FULL = re.compile(rb"""(\sfullCalcOnLoad\s*=\s*)(["'])[^"']*["']""")
_BEFORE_CALC = re.compile(
    rb"</((?:\w+:)?)(?:sheets|functionGroups|externalReferences|definedNames)\s*>"
    rb"|<((?:\w+:)?)(?:functionGroups|externalReferences|definedNames)\b[^>]*/>"
)
_FORMULA = re.compile(rb"[<:]f(?:[\s/>]|$)")
_NAME = 3
_DIMENSION = re.compile(rb"""(<(?:\w+:)?dimension\b[^>]*?\sref=["'])([^"']*)(["'])""")


def recalculated_on_load(workbook: bytes) -> bytes:
    """The workbook part, telling Excel to compute every formula when it opens the file."""
    found = _CALC.search(workbook)
    if found is None:
        ends = list(_BEFORE_CALC.finditer(workbook))
        if not ends:
            return workbook
        name = (ends[-1][1] or ends[-1][2] or b"") + b"calcPr"
        at = ends[-1].end()
        return workbook[:at] + b"<" + name + b' fullCalcOnLoad="1"/>' + workbook[at:]
    tag = found[0]
    if _FULL.search(tag):
        changed = _FULL.sub(rb'\g<1>"1"', tag)
    else:
        end = -2 if tag.endswith(b"/>") else -1
        changed = tag[:end] + b' fullCalcOnLoad="1"' + tag[end:]
    return workbook[: found.start()] + changed + workbook[found.end() :]


def without_part(listing: bytes, part: str) -> bytes:
    """A relationships or content types part without its line on `part`."""
    name = re.escape(part.rpartition("/")[2].encode())
    line = re.compile(
        rb"<(?:\w+:)?(?:Relationship|Override)\b[^>]*?(?:Target|PartName)="
        rb"""["'](?:[^"']*/)?""" + name + rb"""["'][^>]*?"""
        rb"(?:/>|>\s*</(?:\w+:)?(?:Relationship|Override)\s*>)"
    )
    return line.sub(b"", listing, count=1)


def may_hold_formulas(pieces: Iterable[bytes]) -> bool:
    """False only when a worksheet part, given in pieces, holds no formula: a quick look."""
    last = b""
    for piece in pieces:
        if b"f" in piece:
            text = last + piece
            if b"<f>" in text or b"<f " in text or _FORMULA.search(text):
                return True
        if b"\0" in piece[:64]:
            return True  # UTF-16
        last = piece[-_NAME:]
    return False


def with_extent(head: bytes, cells: list[tuple[int, int]]) -> bytes:
    """What precedes a sheet's rows, its `dimension` wide enough for these (row, column)."""
    found = _DIMENSION.search(head)
    if found is None or not cells:
        return head
    first, _, last = found[2].decode().partition(":")
    try:
        corners = [parse_ref(first), parse_ref(last or first), *cells]
    except ValueError:
        return head
    rows, columns = zip(*corners, strict=True)
    ref = f"{make_ref(min(rows), min(columns))}:{make_ref(max(rows), max(columns))}"
    if min(rows) == max(rows) and min(columns) == max(columns):
        ref = make_ref(min(rows), min(columns))
    return head[: found.start(2)] + ref.encode() + head[found.end(2) :]
