"""The waiting list over a period: opening + approved - housed - left = closing, row by row.

opening   approved before the period, not closed before it
approved  approved within it
housed    closed within it as 已配租;   left: closed within it as 已放弃 or 取消资格
closing   approved by its end, not closed by its end (counted on its own, then compared)
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zhubao.allocation.publication.allocations import Allocations
from zhubao.allocation.publication.findings import (
    CLOSED_EARLY,
    CLOSED_UNDATED,
    HOUSED_NOT_SIGNED,
    SIGNED_NOT_HOUSED,
)
from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.ledger.allocation import RosterEntry, RosterStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import WaitingEntry, WaitingStatus

_TAKING_PART = (RosterStatus.FROZEN, RosterStatus.REGISTERED)


class Origin(StrEnum):
    """Where a registration comes from, seen from the period."""

    OPENING = "期初在册"
    EARLY = "首次摇号前批准"
    LATER = "首次摇号后批准"
    NEW = "本期批准"  # in a period without a draw


class Fate(StrEnum):
    """What became of it by the end of the period."""

    HOUSED = "配租"
    LEFT = "放弃或取消"
    WAITING = "期末在册"


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration that stood on the list at some time in the period."""

    waiting_no: str
    household_no: str
    approved_on: dt.date
    closed_on: dt.date | None
    status: str
    origin: Origin
    fate: Fate
    place: Cell


@dataclass(frozen=True)
class WaitingFlow:
    """The list's movements. `closing` is counted on its own, `is_proved` compares."""

    period: Period
    first_draw: dt.date | None
    registrations: tuple[Registration, ...]
    closing: int
    pending: int
    entrants: Mapping[str, Counter[Origin | None]]  # event → where its entrants come from
    findings: tuple[Finding, ...]

    def count(self, origins: Iterable[Origin] = (), fates: Iterable[Fate] = ()) -> int:
        """Registrations of these origins and fates; none named means all."""
        wanted, ends = set(origins) or set(Origin), set(fates) or set(Fate)
        return sum(one.origin in wanted and one.fate in ends for one in self.registrations)

    @property
    def opening(self) -> int:
        """On the list when the period began."""
        return self.count([Origin.OPENING])

    @property
    def approved(self) -> int:
        """Approved within the period."""
        return len(self.registrations) - self.opening

    @property
    def is_proved(self) -> bool:
        """opening + approved - housed - left = closing."""
        gone = self.count(fates=[Fate.HOUSED, Fate.LEFT])
        return self.opening + self.approved - gone == self.closing


def compute_flow(loaded: Loaded, allocations: Allocations) -> WaitingFlow:
    """The movements of 轮候册 in the period, and how they agree with the allocations.

    待审核 is not on the list yet. A closed registration without a date, or closed before it was
    approved, is a finding and left out on both sides. Without any 轮候册 nothing is compared.
    """
    period, first = allocations.period, allocations.first_draw
    table = loaded.get(WaitingEntry)
    findings: list[Finding] = []
    found, closing, pending = [], 0, 0
    for row in table.usable("waiting_no", "household_no", "approved_on", "status"):
        entry = table.row(row)
        if entry.status is WaitingStatus.PENDING:
            pending += 1
            continue
        fault = _fault(table, row, entry)
        if fault is not None:
            findings.append(fault)
            continue
        closed = entry.closed_on if entry.status is not WaitingStatus.WAITING else None
        closing += entry.approved_on <= period.end and (closed is None or closed > period.end)
        if entry.approved_on <= period.end and (closed is None or closed >= period.start):
            found.append(_registration(entry, closed, period, first, table.row_cell(row)))
    if len(table):
        findings += _disagreements(found, allocations)
    return WaitingFlow(
        period=period,
        first_draw=first,
        registrations=tuple(found),
        closing=closing,
        pending=pending,
        entrants=_entrants(loaded, allocations, found),
        findings=tuple(sorted(findings, key=lambda finding: finding.sort_key)),
    )


def _fault(table: LedgerTable[WaitingEntry], row: int, entry: WaitingEntry) -> Finding | None:
    if entry.status is WaitingStatus.WAITING:
        return None
    where = table.cell(row, "closed_on")
    if entry.closed_on is None:
        return CLOSED_UNDATED.at(where, waiting=entry.waiting_no, status=entry.status.value)
    if entry.closed_on < entry.approved_on:
        words = {"closed": entry.closed_on, "approved": entry.approved_on}
        return CLOSED_EARLY.at(where, waiting=entry.waiting_no, **words)
    return None


def _registration(
    entry: WaitingEntry,
    closed: dt.date | None,
    period: Period,
    first: dt.date | None,
    place: Cell,
) -> Registration:
    fate = Fate.WAITING
    if closed is not None and closed <= period.end:
        fate = Fate.HOUSED if entry.status is WaitingStatus.HOUSED else Fate.LEFT
    return Registration(
        waiting_no=entry.waiting_no,
        household_no=entry.household_no,
        approved_on=entry.approved_on,
        closed_on=closed if fate is not Fate.WAITING else None,
        status=entry.status.value,
        origin=_origin(entry.approved_on, period, first),
        fate=fate,
        place=place,
    )


def _origin(approved: dt.date, period: Period, first: dt.date | None) -> Origin:
    if approved < period.start:
        return Origin.OPENING
    if first is None:
        return Origin.NEW
    return Origin.EARLY if approved < first else Origin.LATER


def _entrants(
    loaded: Loaded, allocations: Allocations, found: Iterable[Registration]
) -> dict[str, Counter[Origin | None]]:
    """Per draw held in the period, where its entrants come from; None: not on the list then."""
    origin = {one.waiting_no: one.origin for one in found}
    held = {one.row.event_no for one in allocations.events if one.was_drawn and one.is_allocation}
    counts: dict[str, Counter[Origin | None]] = {event: Counter() for event in held}
    table = loaded.get(RosterEntry)
    events, numbers = table.column("event_no"), table.column("waiting_no")
    status = table.column("status")
    for row in table.usable("event_no", "status"):
        if events[row] in held and status[row] in _TAKING_PART:
            counts[events[row]][origin.get(numbers[row] or "")] += 1
    return counts


def _disagreements(found: Iterable[Registration], allocations: Allocations) -> list[Finding]:
    """Households that signed but stay on the list, and those housed without having signed."""
    housed = {one.household_no: one for one in found if one.fate is Fate.HOUSED}
    signed = {one.household_no: one for one in allocations.allocated if one.household_no}
    missing = [
        SIGNED_NOT_HOUSED.at(one.place, household=number, day=one.signed_on)
        for number, one in signed.items()
        if number not in housed
    ]
    other = [
        HOUSED_NOT_SIGNED.at(one.place, household=number, day=one.closed_on)
        for number, one in housed.items()
        if number not in signed
    ]
    return missing + other
