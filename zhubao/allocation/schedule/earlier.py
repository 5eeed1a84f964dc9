"""What the ledger already has: the event's batches, begun or to be replaced, and other events."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhubao.allocation.schedule.bookings import Booking, Span, span_of
from zhubao.allocation.schedule.findings import BATCH_UNREADABLE
from zhubao.allocation.schedule.households import Chooser
from zhubao.core.finding import Finding
from zhubao.ledger.allocation import Batch, DrawResult, RosterEntry
from zhubao.ledger.loaded import Loaded


@dataclass(frozen=True, slots=True)
class Earlier:
    """Batches of the event before this run, and who is in those that began.

    `replaced` are indexes of rows of 批次; `kept` and `dropped` numbers of batches.
    """

    replaced: tuple[int, ...] = ()
    kept: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def read_earlier(loaded: Loaded, event_no: str, as_of: dt.date) -> Earlier:
    """A batch has begun when one of its stages began on or before `as_of`; then all of it stays."""
    table = loaded.get(Batch)
    events = table.column("event_no")
    own = [index for index in range(len(table)) if events[index] == event_no]
    timed = set(table.usable("batch_no", "stage", "starts_at", "ends_at"))
    bad = [index for index in own if index not in timed]
    if bad:
        numbers = table.column("batch_no")
        faults = [BATCH_UNREADABLE.at(table.row_cell(i), batch=numbers[i] or "") for i in bad]
        return Earlier(findings=tuple(faults))
    rows = {index: table.row(index) for index in own}
    kept = {row.batch_no for row in rows.values() if span_of(row).start.date() <= as_of}
    return Earlier(
        tuple(index for index, row in rows.items() if row.batch_no not in kept),
        frozenset(kept),
        frozenset(row.batch_no for row in rows.values()) - kept,
    )


class Engagements:
    """Where households are at what time, by household and identity number."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[Booking]] = defaultdict(list)

    def add(self, keys: Iterable[str], booking: Booking) -> None:
        """Enter a booking for whoever has one of these keys."""
        for key in keys:
            self._by_key[key].append(booking)

    def has(self, one: Chooser) -> bool:
        """True when the household is somewhere at some time."""
        return any(key in self._by_key for key in one.keys) if self._by_key else False

    def at(self, one: Chooser, span: Span) -> Booking | None:
        """Where the household is in this span, or None."""
        if not self._by_key:
            return None
        found = (booking for key in one.keys for booking in self._by_key.get(key, ()))
        return next((booking for booking in found if booking.span.meets(span)), None)


def engagements(loaded: Loaded, event_no: str, since: dt.date) -> Engagements:
    """The stages of other events' batches from `since` on, for the households drawn into them."""
    spans = _spans_elsewhere(loaded, event_no, since)
    made = Engagements()
    if not spans:
        return made
    identities = _identities(loaded)
    table = loaded.get(DrawResult)
    for index in table.usable("event_no", "entrant_no"):
        row = table.row(index)
        bookings = spans.get((row.event_no, row.batch_no or ""))
        if bookings:
            keys = {row.household_no, *identities.get((row.event_no, row.entrant_no), ())}
            for booking in bookings:
                made.add(sorted(filter(None, keys)), booking)
    return made


def _spans_elsewhere(
    loaded: Loaded, event_no: str, since: dt.date
) -> dict[tuple[str, str], list[Booking]]:
    table = loaded.get(Batch)
    spans: dict[tuple[str, str], list[Booking]] = defaultdict(list)
    for index in table.usable("batch_no", "stage", "event_no", "starts_at", "ends_at"):
        row = table.row(index)
        span = span_of(row)
        if row.event_no != event_no and span.end.date() >= since:
            label = f"{row.event_no} 批次 {row.batch_no} {row.stage.value}"
            spans[row.event_no, row.batch_no].append(Booking(span, label, table.row_cell(index)))
    return spans


def _identities(loaded: Loaded) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, number in _roster(loaded):
        found[key].append(number)
    return found


def _roster(loaded: Loaded) -> Iterator[tuple[tuple[str, str], str]]:
    table = loaded.get(RosterEntry)
    names = ("event_no", "entrant_no", "identity_no")
    for event, entrant, identity in zip(*(table.column(n) for n in names), strict=True):
        if event and entrant and identity:
            yield (event, entrant), identity
