"""Which columns of a table fit a given width, and how wide each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhubao.core.report import Column, Row, Table, ValueKind
from zhubao.core.width import display_width, pad, truncate
from zhubao.render.wording import NUMERIC, word

GAP = "  "
_SMALLEST_TEXT = 8
_USUAL_TEXT = 30


@dataclass(slots=True)
class _Lane:
    """One column being laid out: its cells as text, and the width it is given."""

    index: int
    column: Column
    cells: list[str]
    totals: str
    needed: int = 0
    width: int = 0
    long_cells: list[str] = field(default_factory=list)

    def measure(self) -> None:
        """Take the natural width, text no wider than usual until there is room."""
        texts = (self.column.title, self.totals, *self.cells)
        self.needed = max(map(display_width, texts))
        self.width = (
            min(self.needed, self.column.width or _USUAL_TEXT) if self.soft else self.needed
        )

    @property
    def soft(self) -> bool:
        """Only text may be cut; half a number would be a lie."""
        return self.column.kind is ValueKind.TEXT and not self.column.flush_right

    @property
    def right(self) -> bool:
        """Numbers stand flush right, with their unit too."""
        return self.column.kind in NUMERIC or self.column.flush_right


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines of text, each as wide as the table."""

    width: int
    header: str
    rows: tuple[str, ...]
    totals: str | None
    dropped: tuple[str, ...]  # titles of level 1 columns that did not fit
    hidden: tuple[str, ...] = ()  # titles of level 2 columns that did not fit
    full_width: int = 0  # at which they would


def lay_out(table: Table, rows: Sequence[Row], width: int) -> Layout:
    """Lay out `rows` of `table`: columns of level 1, then of level 2 while they fit.

    Too narrow for level 1: text is cut first, then columns are dropped from the right.
    Ratios carry both numbers where there is room for them.
    """
    lanes = [_lane(table, rows, index, level=1) for index in _of_level(table, 1)]
    dropped = _squeeze(lanes, width)
    if not dropped:
        _lengthen_ratios(table, rows, lanes, width)
        for index in _of_level(table, 2):
            lane = _lane(table, rows, index, level=2)
            if _total([*lanes, lane]) > width:
                break
            lanes.append(lane)
        _lengthen_ratios(table, rows, lanes, width)
        _widen(lanes, width)
    hidden = _hidden(table, rows, lanes)
    lanes.sort(key=lambda lane: lane.index)
    return Layout(
        width=_total(lanes),
        header=_line(lanes, [lane.column.title for lane in lanes]),
        rows=tuple(
            _line(lanes, [lane.cells[number] for lane in lanes]) for number in range(len(rows))
        ),
        totals=_line(lanes, [lane.totals for lane in lanes]) if table.totals else None,
        dropped=tuple(dropped),
        hidden=tuple(lane.column.title for lane in hidden),
        full_width=_total([*lanes, *hidden]) if hidden else 0,
    )


def _of_level(table: Table, level: int) -> list[int]:
    return [index for index, column in enumerate(table.columns) if column.level == level]


def _lane(table: Table, rows: Sequence[Row], index: int, *, level: int) -> _Lane:
    column = table.columns[index]
    totals = table.totals[index] if table.totals else None
    cells = [word(row.values[index], column.kind) for row in rows]
    lane = _Lane(index, column, cells, word(totals, column.kind))
    lane.measure()
    if level > 1:
        lane.width = lane.needed if not lane.soft else lane.width
    return lane


def _hidden(table: Table, rows: Sequence[Row], lanes: Sequence[_Lane]) -> list[_Lane]:
    """The columns of level 2 that are not among the lanes, each in its natural width."""
    shown = {lane.index for lane in lanes}
    left = [index for index in _of_level(table, 2) if index not in shown]
    return [_lane(table, rows, index, level=2) for index in left]


def _total(lanes: Sequence[_Lane]) -> int:
    return sum(lane.width for lane in lanes) + len(GAP) * max(0, len(lanes) - 1)


def _squeeze(lanes: list[_Lane], width: int) -> list[str]:
    """Cut the widest text until the lanes fit; drop the last lanes when that is not enough."""
    dropped: list[str] = []
    while (excess := _total(lanes) - width) > 0:
        soft = [lane for lane in lanes if lane.soft and lane.width > _SMALLEST_TEXT]
        if soft:
            widest = max(soft, key=lambda lane: lane.width)
            others = sorted(lane.width for lane in soft)[:-1]
            floor = max(_SMALLEST_TEXT, others[-1] - 1 if others else _SMALLEST_TEXT)
            widest.width = max(floor, widest.width - excess)
        elif len(lanes) > 1:
            dropped.insert(0, lanes.pop().column.title)
        else:
            lanes[0].width = width
    return dropped


def _lengthen_ratios(table: Table, rows: Sequence[Row], lanes: Sequence[_Lane], width: int) -> None:
    """Give each column of ratios both numbers, as long as everything still fits."""
    for lane in lanes:
        if lane.column.kind is not ValueKind.RATIO or lane.long_cells:
            continue
        index = lane.index
        totals = table.totals[index] if table.totals else None
        long_cells = [word(row.values[index], lane.column.kind, with_parts=True) for row in rows]
        long = _Lane(
            index, lane.column, long_cells, word(totals, lane.column.kind, with_parts=True)
        )
        long.measure()
        if _total(lanes) - lane.width + long.width <= width:
            lane.cells = lane.long_cells = long_cells
            lane.totals, lane.width = long.totals, long.width


def _widen(lanes: Sequence[_Lane], width: int) -> None:
    """Give what room is left to text that is cut."""
    for lane in lanes:
        if lane.soft:
            lane.width = min(lane.needed, lane.width + width - _total(lanes))


def _line(lanes: Sequence[_Lane], texts: Sequence[str]) -> str:
    parts = (
        pad(truncate(text, lane.width), lane.width, right=lane.right)
        for lane, text in zip(lanes, texts, strict=True)
    )
    return GAP.join(parts).rstrip()
