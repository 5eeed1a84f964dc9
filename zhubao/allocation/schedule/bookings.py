"""Which rooms and which households are taken at what time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from zhubao.allocation.schedule.findings import OTHER_UNCLEAR
from zhubao.core.finding import Cell, Finding
from zhubao.ledger.allocation import Batch
from zhubao.ledger.table import LedgerTable


class Span(NamedTuple):
    """From a moment up to, not including, another."""

    start: dt.datetime
    end: dt.datetime

    def meets(self, other: Span) -> bool:
        """True when the two share a moment."""
        return self.start < other.end and other.start < self.end

    @property
    def text(self) -> str:
        """2020-07-06 09:00-11:30."""
        return f"{self.start:%Y-%m-%d %H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Booking:
    """A room taken for a span; `party` are those who may share it (batches of one slot)."""

    span: Span
    label: str
    where: Cell | None = None
    party: str = ""


class RoomBook:
    """What is booked, by place and room.

    A booking without a place counts for every place; of two places one of which is named within
    the other's name (区政务中心, 区政务中心报告厅), the same room is taken for the same.
    """

    def __init__(self) -> None:
        self._by_day: dict[tuple[str, dt.date], list[tuple[str, Booking]]] = defaultdict(list)

    def take(self, place: str, room: str, booking: Booking) -> None:
        """Enter a booking; whether the room is free is asked before."""
        for day in _days(booking.span):
            self._by_day[_plain(room), day].append((_plain(place), booking))

    def clash(self, place: str, room: str, span: Span, party: str = "") -> Booking | None:
        """The first booking in the way, or None."""
        wanted, name = _plain(place), _plain(room)
        for other, booking in (
            entry for day in _days(span) for entry in self._by_day.get((name, day), ())
        ):
            same_place = other in wanted or wanted in other  # an empty name is in every name
            shared = party and booking.party == party
            if same_place and not shared and booking.span.meets(span):
                return booking
        return None


def ledger_bookings(
    table: LedgerTable[Batch], passed: Iterable[int], since: dt.date, book: RoomBook
) -> Iterator[Finding]:
    """Enter the batches that end on `since` or later, but not those with an index in `passed`.

    Yields a finding for each that has no room or no readable time: it cannot be judged.
    """
    left_out = set(passed)
    timed = set(table.usable("batch_no", "stage", "starts_at", "ends_at"))
    for index in range(len(table)):
        if index in left_out:
            continue
        row, where = table.row(index), table.row_cell(index)
        span = span_of(row) if index in timed else None
        if span is not None and span.end.date() < since:
            continue
        if span is None or not row.room:
            yield OTHER_UNCLEAR.at(where, batch=row.batch_no or "", event=row.event_no or "")
            continue
        label = f"{row.event_no} 批次 {row.batch_no} {row.stage.value}"
        book.take(row.place or "", row.room, Booking(span, label, where))


def span_of(row: Batch) -> Span:
    """When a batch's stage takes place; start and end in the wrong order are put right."""
    return Span(min(row.starts_at, row.ends_at), max(row.starts_at, row.ends_at))


def _days(span: Span) -> Iterator[dt.date]:
    """Every day the span touches."""
    for number in range(span.start.toordinal(), span.end.toordinal() + 1):
        yield dt.date.fromordinal(number)


def _plain(text: str) -> str:
    return "".join(text.split())
