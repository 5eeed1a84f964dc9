"""Allocations of a period: who was selected, chose, gave up and signed, by event, estate and size.

A household counts as allocated when it signed: its record of 选房 stands as 选定 and its 签约日期
lies in the period. Draws for households losing their homes (被征收户选房) are no allocations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhubao.allocation.event.record import EventRow
from zhubao.allocation.publication.choices import Choice, records_of, standing
from zhubao.allocation.publication.findings import PEOPLE_MISSING
from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawOutcome,
    DrawPurpose,
    DrawResult,
    DrawStatus,
    RosterEntry,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import WaitingEntry
from zhubao.ledger.units import Unit

REPORT_MODELS = (DrawEvent, RosterEntry, DrawResult, UnitSelection, WaitingEntry, Unit)
UNKNOWN_ESTATE = "（房源台账里没有）"
_NOT_TAKEN = (SelectionAction.ABANDONED, SelectionAction.ABSENT)


@dataclass(frozen=True, slots=True)
class Allocated:
    """A household that signed in the period. `people` 0 when nobody has written it down."""

    event_no: str
    entrant_no: str
    household_no: str
    unit_no: str
    estate: str
    layout: str
    people: int
    chosen_on: dt.date
    signed_on: dt.date
    lease_no: str
    place: Cell


@dataclass(frozen=True)
class EventFigures:
    """One event in the period. `entrants` and `selected` are of a draw held in the period."""

    row: DrawEvent
    was_drawn: bool
    entrants: int
    selected: int
    chosen: int  # choices made in the period that stand at its end
    abandoned: int  # 放弃 and 未到场 in the period that stand at its end
    allocated: tuple[Allocated, ...]
    sources: tuple[Cell, ...]

    @property
    def is_allocation(self) -> bool:
        """False for a draw among households losing their homes."""
        return self.row.purpose is not DrawPurpose.RESETTLEMENT

    @property
    def people(self) -> int:
        """People in the households that signed."""
        return sum(one.people for one in self.allocated)


@dataclass(frozen=True)
class Allocations:
    """Every event with something in the period, by date of the draw."""

    period: Period
    events: tuple[EventFigures, ...]
    findings: tuple[Finding, ...]

    @property
    def allocated(self) -> tuple[Allocated, ...]:
        """The households housed, without resettlement."""
        return tuple(one for event in self.events if event.is_allocation for one in event.allocated)

    @property
    def first_draw(self) -> dt.date | None:
        """The day of the first draw for public rental units held in the period."""
        days = [one.row.drawn_at.date() for one in self._held if one.row.drawn_at]
        return min(days) if days else None

    @property
    def _held(self) -> list[EventFigures]:
        return [one for one in self.events if one.was_drawn and one.is_allocation]


def compute_allocations(loaded: Loaded, period: Period) -> Allocations:
    """The allocations of the period, as the records stood at its end.

    People: 入住人数, else 家庭人口 of the roster, else 0; both of the latter are findings.
    """
    work = _Work(loaded, period)
    events = [figures for one in work.events() if (figures := work.figures(one))]
    events.sort(key=lambda one: (one.row.drawn_at or dt.datetime.max, one.row.event_no))
    findings = sorted(work.findings, key=lambda finding: finding.sort_key)
    return Allocations(period, tuple(events), tuple(findings))


class _Work:
    """One pass over the ledgers."""

    def __init__(self, loaded: Loaded, period: Period) -> None:
        self.findings: list[Finding] = []
        self._loaded, self._period = loaded, period
        self._records = records_of(loaded.get(UnitSelection))
        self._results = _results_by_draw(loaded)
        units = loaded.get(Unit)
        numbers = units.column("unit_no")
        self._units = {numbers[row]: row for row in units.usable("unit_no", "estate")}
        roster = loaded.get(RosterEntry)
        events, entrants = roster.column("event_no"), roster.column("entrant_no")
        rows = roster.usable("event_no", "entrant_no", "size")
        self._roster = {(events[row], entrants[row]): row for row in rows}

    def events(self) -> Iterator[EventRow]:
        """Per event the latest draw by the period's end, a void one only as a last resort."""
        table = self._loaded.get(DrawEvent)
        latest: dict[str, EventRow] = {}
        for index in table.usable("event_no", "draw_no", "purpose", "status"):
            one = EventRow(index, table.row(index))
            drawn_at = one.row.drawn_at
            if drawn_at is None or drawn_at.date() > self._period.end:
                continue
            known = latest.get(one.row.event_no)
            if known is None or _weight(one.row) > _weight(known.row):
                latest[one.row.event_no] = one
        yield from latest.values()

    def figures(self, event: EventRow) -> EventFigures | None:
        """What the period has of one event; None when it has nothing."""
        row, table = event.row, self._loaded.get(UnitSelection)
        indexes = self._records.get(row.event_no, [])
        since = row.drawn_at if row.draw_no > 1 else None  # a re-draw starts anew
        stands = standing(table, indexes, until=self._period.end, since=since)
        held = row.drawn_at is not None and self._period.contains(row.drawn_at.date())
        recent = [one for one in stands.values() if self._period.contains(one.at.date())]
        allocated = tuple(self._allocated(row.event_no, stands))
        if not (held or recent or allocated):
            return None
        rows = self._results.get((row.event_no, row.draw_no), []) if held else []
        outcomes = self._loaded.get(DrawResult).column("outcome")
        return EventFigures(
            row=row,
            was_drawn=held,
            entrants=len(rows),
            selected=sum(outcomes[one] is DrawOutcome.SELECTED for one in rows),
            chosen=sum(one.action is SelectionAction.CHOSEN for one in recent),
            abandoned=sum(one.action in _NOT_TAKEN for one in recent),
            allocated=allocated,
            sources=self._sources(event, rows, stands.values()),
        )

    def _sources(
        self, event: EventRow, rows: Sequence[int], stands: Iterable[Choice]
    ) -> tuple[Cell, ...]:
        """The event, the results of a draw in the period, and the choices made or signed in it."""
        results, table = self._loaded.get(DrawResult), self._loaded.get(UnitSelection)
        return (
            self._loaded.get(DrawEvent).row_cell(event.index),
            *(results.row_cell(row) for row in rows),
            *(table.row_cell(one.index) for one in stands if self._counts(one)),
        )

    def _counts(self, one: Choice) -> bool:
        """True when the choice was made or signed in the period."""
        signed = self._loaded.get(UnitSelection).column("signed_on")[one.index]
        days = (one.at.date(), signed)
        return any(day is not None and self._period.contains(day) for day in days)

    def _allocated(self, event_no: str, stands: dict[str, Choice]) -> Iterator[Allocated]:
        table, units = self._loaded.get(UnitSelection), self._loaded.get(Unit)
        for entrant, choice in stands.items():
            record = table.row(choice.index)
            signed = record.signed_on
            if choice.action is not SelectionAction.CHOSEN or signed is None:
                continue
            if not self._period.contains(signed):
                continue
            unit = self._units.get(choice.unit_no)
            yield Allocated(
                event_no=event_no,
                entrant_no=entrant,
                household_no=record.household_no or "",
                unit_no=choice.unit_no,
                estate=units.column("estate")[unit] if unit is not None else UNKNOWN_ESTATE,
                layout=(units.column("layout")[unit] or "") if unit is not None else "",
                people=record.people or self._people(event_no, entrant, choice.index),
                chosen_on=choice.at.date(),
                signed_on=signed,
                lease_no=record.lease_no or "",
                place=table.row_cell(choice.index),
            )

    def _people(self, event_no: str, entrant: str, index: int) -> int:
        """People by the roster, for a record that does not say."""
        row = self._roster.get((event_no, entrant))
        size = int(self._loaded.get(RosterEntry).column("size")[row]) if row is not None else 0
        used = f"按名册的家庭人口 {size} 人计" if size else "名册里也没有，按 0 人计"
        table = self._loaded.get(UnitSelection)
        household = table.column("household_no")[index] or entrant
        where = table.cell(index, "people")
        self.findings.append(PEOPLE_MISSING.at(where, household=household, used=used))
        return size


def _weight(row: DrawEvent) -> tuple[bool, int]:
    return row.status is not DrawStatus.VOID, row.draw_no


def _results_by_draw(loaded: Loaded) -> dict[tuple[str, int], list[int]]:
    table = loaded.get(DrawResult)
    events, draws = table.column("event_no"), table.column("draw_no")
    found: dict[tuple[str, int], list[int]] = {}
    for row in table.usable("event_no", "draw_no", "outcome"):
        found.setdefault((events[row], draws[row]), []).append(row)
    return found
