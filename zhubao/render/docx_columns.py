"""The columns of a table on paper: which stand side by side, how wide, in what size.

Columns of levels 1 and 2 are printed. What does not fit the page side by side, even small, is
continued in a further table below, with the first column repeated: no column is lost to the width.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.report import Column, Ratio, Table, ValueKind
from zhubao.core.width import display_width
from zhubao.render.docx_package import TABLE_SIZES, TWIPS_PER_POINT, page_width
from zhubao.render.wording import parts_of, plain, word

PRINTED_LEVEL = 2
PARTS_SCALE = 0.8  # both numbers of a ratio, below the percentage
_SIZES_TO_WRAP_IN = (10.0, 9.0)
_LONG = 40  # rows; longer tables begin with a smaller size
_LONG_SIZE = 10.5
_USUAL_TEXT = 30  # half-width characters of a text column before it wraps
_SMALLEST_TEXT = 10
_PADDING = 114 + 20  # twips: the cell's margins, and what a border takes
_UNIT = 0.5 * TWIPS_PER_POINT * 1.06  # twips of a half-width character of one point, with slack
_CAPITALS = re.compile("[A-Z%]")  # the sign, too, is as wide as a capital
_CAPITAL = 0.45  # how much wider than a digit
_BOLD = 1.06  # how much wider than plain
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Lane:
    """One printed column: its cells as lines of text, and the widths it can have (characters)."""

    column: Column
    cells: Sequence[tuple[str, ...]]
    totals: tuple[str, ...]
    needed: int
    natural: int
    floor: int


@dataclass(frozen=True, slots=True)
class Band:
    """Columns side by side across the page: widths in twips, size in points."""

    lanes: tuple[Lane, ...]
    widths: tuple[int, ...]
    size: float


def lanes_of(table: Table) -> list[Lane]:
    """The printed columns, measured over all rows."""
    return [
        _lane(table, index, column)
        for index, column in enumerate(table.columns)
        if column.level <= PRINTED_LEVEL
    ]


def fits(lanes: Sequence[Lane], *, landscape: bool) -> bool:
    """True when the columns stand side by side in some size with little wrapping."""
    room, naturals = page_width(landscape=landscape), [lane.natural for lane in lanes]
    return any(_width(naturals, size) <= room for size in TABLE_SIZES)


def bands_of(lanes: Sequence[Lane], *, landscape: bool) -> list[Band]:
    """The columns as one band, or as several that share the first column."""
    room = page_width(landscape=landscape)
    whole = _band(lanes, room)
    if whole is not None or len(lanes) < 3:
        return [whole or _crammed(lanes, room)]
    first, bands, taken = lanes[0], list[Band](), list[Lane]()
    share = _evened([lane.floor for lane in lanes], room)
    for lane in lanes[1:]:
        wider = [lane.floor for lane in (first, *taken, lane)]
        if taken and _width(wider, _SIZES_TO_WRAP_IN[0]) > share:
            bands.append(_fitted((first, *taken), room))
            taken = []
        taken.append(lane)
    return _of_one_size([*bands, _fitted((first, *taken), room)], room)


def header_lines(band: Band, place: int) -> tuple[str, ...]:
    """A header in lines of about equal length, each within its column's width."""
    text = writable(plain(band.lanes[place].column.title))
    room = int((band.widths[place] - _PADDING) / (band.size * _UNIT) + 0.2)
    count = math.ceil(display_width(text) / max(room, 2))
    if count < 2:
        return (text,)
    step = math.ceil(len(text) / count)
    return tuple(text[at : at + step] for at in range(0, len(text), step))


def writable(text: str) -> str:
    """Text without the characters no XML may hold."""
    return text if text.isprintable() else _UNWRITABLE.sub(" ", text)


def _lane(table: Table, index: int, column: Column) -> Lane:
    """Only text may wrap; half a number would be a lie."""
    cells = [_lines(row.values[index], column.kind) for row in table.rows]
    totals = _lines(table.totals[index] if table.totals else None, column.kind)
    needed = max(map(_cell_width, set(cells)), default=0)
    needed = max(needed, math.ceil(_cell_width(totals) * _BOLD))
    header = display_width(column.title)
    if column.kind is ValueKind.TEXT:
        natural = max(min(needed, column.width or _USUAL_TEXT), _half(header))
        floor = max(min(needed, _SMALLEST_TEXT), _third(header))
    else:
        natural, floor = max(needed, _half(header)), max(needed, _third(header))
    return Lane(column, cells, totals, needed, natural, floor)


def _lines(value: Any, kind: ValueKind) -> tuple[str, ...]:
    """A value's text; a ratio has both numbers below the percentage, money on a line each."""
    text = writable(word(value, kind))
    if not isinstance(value, Ratio):
        return (text,)
    parts = parts_of(value)
    return (text, *parts.replace("/", "/\n").split("\n")) if value.money else (text, parts)


def _cell_width(lines: tuple[str, ...]) -> int:
    first, *others = lines
    widest = max(map(display_width, others), default=0)
    capitals = len(_CAPITALS.findall(first))
    return max(
        display_width(first) + math.ceil(capitals * _CAPITAL), math.ceil(widest * PARTS_SCALE)
    )


def _half(width: int) -> int:
    """What a header takes when it stands on two lines, in whole characters."""
    return width if width <= 4 else 2 * math.ceil(width / 4)


def _third(width: int) -> int:
    return width if width <= 4 else max(4, 2 * math.ceil(width / 6))


def _width(characters: Iterable[float], size: float) -> float:
    return sum(one * size * _UNIT + _PADDING for one in characters)


def _band(lanes: Sequence[Lane], room: float) -> Band | None:
    """All columns side by side in the largest size that fits; None when none does."""
    naturals, floors = [lane.natural for lane in lanes], [lane.floor for lane in lanes]
    is_long = bool(lanes) and len(lanes[0].cells) > _LONG
    for size in TABLE_SIZES:
        if is_long and size > _LONG_SIZE:
            continue
        if _width(naturals, size) <= room:
            return _filled(lanes, naturals, size, room)
    for size in _SIZES_TO_WRAP_IN:
        if _width(floors, size) <= room:
            return _filled(lanes, floors, size, room)
    return None


def _fitted(lanes: Sequence[Lane], room: float) -> Band:
    return _band(lanes, room) or _crammed(lanes, room)


def _of_one_size(bands: Sequence[Band], room: float) -> list[Band]:
    """The parts of one table in the smallest of their sizes."""
    size = min(band.size for band in bands)
    return [band if band.size == size else _resized(band, size, room) for band in bands]


def _resized(band: Band, size: float, room: float) -> Band:
    widths = [lane.natural for lane in band.lanes]
    if _width(widths, size) > room:
        widths = [lane.floor for lane in band.lanes]
    return _filled(band.lanes, widths, size, room)


def _crammed(lanes: Sequence[Lane], room: float) -> Band:
    """The last resort: the smallest size, and widths in proportion."""
    floors = [lane.floor for lane in lanes]
    size = TABLE_SIZES[-1]
    scale = room / _width(floors, size)
    widths = [int((one * size * _UNIT + _PADDING) * scale) for one in floors]
    return Band(tuple(lanes), tuple(widths), size)


def _evened(floors: Sequence[int], room: int) -> float:
    """How wide each of several bands may grow so that they come out about equal."""
    size = _SIZES_TO_WRAP_IN[0]
    first, others = _width(floors[:1], size), _width(floors[1:], size)
    bands = math.ceil(others / max(room - first, 1))
    return min(room, first + others / bands + _width([max(floors[1:])], size) / 2)


def _filled(lanes: Sequence[Lane], widths: Sequence[int], size: float, room: float) -> Band:
    """Room that is left goes to text that wraps, then to all columns alike."""
    unit = size * _UNIT
    lacking = [max(0, lane.needed - at) for lane, at in zip(lanes, widths, strict=True)]
    spare = (room - _width(widths, size)) / unit
    share = min(1.0, spare / sum(lacking)) if sum(lacking) else 0.0
    grown = [at + lack * share for at, lack in zip(widths, lacking, strict=True)]
    scale = room / _width(grown, size)
    made = [int((one * unit + _PADDING) * scale) for one in grown]
    return Band(tuple(lanes), tuple(made), size)
