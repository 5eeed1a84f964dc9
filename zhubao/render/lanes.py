"""The columns of a worksheet: those of the table, both numbers of each ratio, and the sources.

A sheet that would print too small prints its essential columns only; the others stand to the right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any

from zhubao.core.report import Column, Ratio, Row, Table, ValueKind
from zhubao.core.theme import Widths
from zhubao.core.width import display_width
from zhubao.render.sources import first_source, other_sources
from zhubao.render.wording import word

_MEASURED_ROWS = 300
_FILTER_BUTTON = 2
_READABLE = 190  # half-width characters across an A4 page, landscape, that can still be read


@dataclass(slots=True)
class Lane:
    """One worksheet column. `part` names what it shows of the table's column."""

    title: str
    kind: ValueKind
    index: int = -1
    part: str = ""  # "", "numerator", "denominator", "first source", "other sources"
    key: str = ""
    note: str = ""
    limit: int | None = None  # widest, from the column's declaration
    width: float = 0
    wraps: bool = False
    essential: bool = True
    printed: bool = True

    def value(self, row: Row) -> Any:
        """What this column shows of a row."""
        if self.part == "first source":
            return first_source(row.sources)
        if self.part == "other sources":
            return other_sources(row.sources)
        return self.of(row.values)

    def of(self, values: Sequence[Any]) -> Any:
        """What this column shows of a row's values; None for a column of sources."""
        if self.index < 0:
            return None
        value = values[self.index]
        if not self.part:
            return value
        return getattr(value, self.part) if isinstance(value, Ratio) else None

    def kind_of(self, values: Sequence[Any]) -> ValueKind:
        """The kind of what it shows: a part of a ratio is money where that row's ratio is."""
        ratio = values[self.index] if self.part and self.index >= 0 else None
        if not isinstance(ratio, Ratio):
            return self.kind
        return ValueKind.MONEY if ratio.money else ValueKind.COUNT

    def lines(self, values: Sequence[Any]) -> int:
        """How many lines this column's text takes; 1 when there is none."""
        value = self.of(values)
        return math.ceil(display_width(word(value, self.kind)) / (self.width - 1)) if value else 1


def lanes_of(table: Table, widths: Widths) -> list[Lane]:
    """The worksheet's columns with their widths."""
    lanes = [
        lane for index, column in enumerate(table.columns) for lane in _split(table, index, column)
    ]
    if any(row.sources for row in table.rows):
        lanes.append(_source_lane("来源", "first source", widths))
    if any(len(row.sources) > 1 for row in table.rows):
        lanes.append(_source_lane("其余来源", "other sources", widths))
    for lane in lanes:
        if not lane.width:
            _measure(lane, table, widths)
    return _arranged(lanes)


def _source_lane(title: str, part: str, widths: Widths) -> Lane:
    return Lane(title, ValueKind.TEXT, part=part, width=widths.source, essential=False)


def _arranged(lanes: list[Lane]) -> list[Lane]:
    """What is printed first; the text of further sources never is."""
    for lane in lanes:
        lane.printed = lane.part != "other sources"
    if sum(lane.width for lane in lanes if lane.printed) > _READABLE:
        for lane in lanes:
            lane.printed = lane.essential
    return sorted(lanes, key=lambda lane: not lane.printed)


def _split(table: Table, index: int, column: Column) -> Iterator[Lane]:
    """The column itself, and for ratios both numbers after it."""
    yield Lane(
        column.title,
        column.kind,
        index,
        key=column.key,
        note=column.note,
        limit=column.width,
        essential=column.level < 3,
    )
    if column.kind is not ValueKind.RATIO:
        return
    ratios = (row.values[index] for row in table.rows)
    money = any(isinstance(ratio, Ratio) and ratio.money for ratio in ratios)
    kind = ValueKind.MONEY if money else ValueKind.COUNT
    yield Lane(f"{column.title}\n分子", kind, index, "numerator", essential=False)
    yield Lane(f"{column.title}\n分母", kind, index, "denominator", essential=False)


def _measure(lane: Lane, table: Table, widths: Widths) -> None:
    """As wide as the values and half the header (it may take two lines), within bounds."""
    values = [lane.of(row.values) for row in table.rows[:_MEASURED_ROWS]]
    if table.totals is not None:
        values.append(lane.of(table.totals))
    widest = (display_width(word(value, lane.kind)) for value in _extremes(values))
    needed = max(widest, default=0)
    lines = lane.title.split("\n")
    header = max(math.ceil(display_width(line) / (1 if len(lines) > 1 else 2)) for line in lines)
    wanted = max(needed, header + _FILTER_BUTTON) + widths.padding
    text = lane.kind is ValueKind.TEXT
    limit = (
        min(widths.maximum, lane.limit + widths.padding) if lane.limit and text else widths.maximum
    )
    lane.width = min(max(wanted, widths.minimum), limit)
    lane.wraps = text and needed + widths.padding > lane.width


def _extremes(values: Sequence[Any]) -> Iterable[Any]:
    """Those among which the widest is: of whole numbers the first and last in order."""
    types = set(map(type, values)) - {NoneType}
    if types == {int}:
        numbers = [value for value in values if value is not None]
        return min(numbers), max(numbers)
    return set(values) if types == {str} else values
