"""Which leases are live on which days of a month, and which of them cannot be told."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from zhubao.core.finding import Finding
from zhubao.core.period import Month
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.rent.charge import kinds

_ONE_DAY = dt.timedelta(days=1)
_NEVER = dt.date.max
_NEEDED = ("lease_no", "household_no", "unit_no", "starts_on", "status", "terminated_on")


@dataclass(frozen=True, slots=True)
class Stay:
    """A lease and the days of the month it is charged for, both included."""

    row: int  # in the lease table
    lease_no: str
    household_no: str
    unit_no: str
    first: dt.date
    last: dt.date
    is_whole_month: bool  # every day of the month is charged
    overrun: bool  # past its agreed end, the household stays on
    superseded: str = ""  # why it ends although no date of leaving is written down

    @property
    def days(self) -> int:
        """How many days are charged."""
        return (self.last - self.first).days + 1

    @property
    def sort_key(self) -> tuple[str, dt.date, str, int]:
        """By household, first day, lease number."""
        return self.household_no, self.first, self.lease_no, self.row


@dataclass(frozen=True, slots=True)
class Stays:
    """The live leases of a month in the order of households; `faults` has those not to charge.

    `faults` maps rows of the lease table to an error; `findings` are warnings and notices.
    `suspects` are lease numbers that may be live but whose days are unknown.
    """

    stays: tuple[Stay, ...]
    faults: dict[int, Finding]
    findings: tuple[Finding, ...]
    suspects: frozenset[str]


class _Term(NamedTuple):
    """A lease that has begun, as the rules of succession see it."""

    start: dt.date
    lease_no: str
    row: int
    household_no: str
    unit_no: str
    end: dt.date  # last day charged, before succession; the far future while the unit is kept
    agreed: dt.date | None
    expired: bool
    open: bool  # no date of leaving is written down


def read_stays(loaded: Loaded, month: Month, *, last_day_charged: bool) -> Stays:
    """Every lease live on any day of the month.

    A lease runs from `starts_on` to `terminated_on`; that last day counts when `last_day_charged`.
    Without a date of leaving it goes on, also past its agreed end (as `homes.read_homes` has it);
    one marked terminated without a date is past. Three successions cut a lease short, to the day
    before the next one starts:

    - a later lease of the same household and unit (a renewal), always;
    - an expired lease without a date of leaving, when the unit is let again or the household takes
      another unit after the agreed end (a finding asks for the date);
    - a date of leaving on the very day the household or the unit starts its next lease: that day
      is charged once, under the new lease.

    Not to be charged, an error each: unclear cells, a date of leaving before the start (unless the
    lease is marked terminated: then it never began), a lease number on two rows, one unit let to
    two households on the same day. Two units of one household on the same day are charged and
    warned.
    """
    table = loaded.get(Lease)
    terms, unclear = _begun(table, month, last_day_charged)
    faults = {row: _unclear(table, row, names) for row, names in unclear.items()}
    stays = [stay for stay in _cut(terms, month) if stay.row not in faults]
    faults |= _twice(table, stays)
    faults |= _let_to_two(table, [stay for stay in stays if stay.row not in faults])
    findings = [*_two_units(table, [s for s in stays if s.row not in faults])]
    findings += [_superseded(table, stay) for stay in stays if stay.superseded]
    numbers = table.column("lease_no")
    suspects = frozenset(numbers[row] for row in faults if numbers[row])
    return Stays(
        tuple(sorted(stays, key=lambda stay: stay.sort_key)), faults, tuple(findings), suspects
    )


def _begun(
    table: LedgerTable[Lease], month: Month, last_day_charged: bool
) -> tuple[list[_Term], dict[int, list[str]]]:
    """Leases begun by the end of the month, and those that may be live but are unclear."""
    terms: list[_Term] = []
    unclear: dict[int, list[str]] = {}
    closes = month.last_day
    bad = {row for name in _NEEDED for row in table.bad.get(name, ())}
    columns = zip(*(table.column(name) for name in (*_NEEDED, "ends_on")), strict=True)
    for row, (lease, household, unit, start, status, left, agreed) in enumerate(columns):
        if row in bad:
            if _may_be_live(month, start, left, status):
                names = [name for name in _NEEDED if row in table.bad.get(name, ())]
                unclear[row] = names
            continue
        if start > closes:
            continue
        if left is not None and left < start:
            if status is not LeaseStatus.TERMINATED:
                unclear[row] = ["terminated_on", "starts_on"]
            continue
        is_open = left is None and status is not LeaseStatus.TERMINATED
        end = _last_day(left, is_open, start, last_day_charged)
        expired = status is LeaseStatus.EXPIRED
        terms.append(_Term(start, lease, row, household, unit, end, agreed, expired, is_open))
    return terms, unclear


def _last_day(
    left: dt.date | None, is_open: bool, start: dt.date, last_day_charged: bool
) -> dt.date:
    if left is None:
        return _NEVER if is_open else start - _ONE_DAY
    return left if last_day_charged else left - _ONE_DAY


def _may_be_live(
    month: Month, start: dt.date | None, left: dt.date | None, status: LeaseStatus | None
) -> bool:
    """Unclear leases that ended before the month, or begin after it, do not matter."""
    if start is not None and start > month.last_day:
        return False
    if left is not None:
        return left >= month.first_day
    return status is not LeaseStatus.TERMINATED


def _cut(terms: Sequence[_Term], month: Month) -> Iterator[Stay]:
    """The days of the month each lease is charged for, after succession."""
    opens, closes = month.first_day, month.last_day
    succession = _Succession(terms)
    for term in terms:
        if term.end < opens:
            continue
        end, why = succession.end_of(term)
        first, last = max(term.start, opens), min(end, closes)
        if first <= last:
            yield Stay(
                row=term.row,
                lease_no=term.lease_no,
                household_no=term.household_no,
                unit_no=term.unit_no,
                first=first,
                last=last,
                is_whole_month=(first, last) == (opens, closes),
                overrun=term.agreed is not None and last > term.agreed,
                superseded=why if last < closes else "",
            )


class _Succession:
    """Finds the later lease that ends one; groups are sorted, so a crowded one costs little."""

    def __init__(self, terms: Sequence[_Term]) -> None:
        self._by_home: dict[str, list[_Term]] = defaultdict(list)
        self._by_unit: dict[str, list[_Term]] = defaultdict(list)
        self._by_both: dict[tuple[str, str], list[_Term]] = defaultdict(list)
        for term in sorted(terms):
            self._by_home[term.household_no].append(term)
            self._by_unit[term.unit_no].append(term)
            self._by_both[term.household_no, term.unit_no].append(term)

    def end_of(self, term: _Term) -> tuple[dt.date, str]:
        """The last day the lease is charged for, and why, where that is an inference."""
        unit, home = self._by_unit[term.unit_no], self._by_home[term.household_no]
        if len(unit) == len(home) == 1:
            return term.end, ""
        end, why = term.end, ""
        renewal = _later(self._by_both[term.household_no, term.unit_no], term, term.start)
        if renewal is not None and renewal.start <= end:
            end = renewal.start - _ONE_DAY
        for group, what in ((unit, "房源"), (home, "该户")):
            found = _later(group, term, _day_after(term.agreed))
            if term.open and term.expired and found is not None and found.start <= end:
                end = found.start - _ONE_DAY
                why = f"{what}已于 {found.start} 另订合同 {found.lease_no}"
            next_one = None if term.open else _later(group, term, term.end)
            if next_one is not None and next_one.start == term.end:
                end = min(end, term.end - _ONE_DAY)
        return end, why


def _day_after(day: dt.date | None) -> dt.date:
    """The next day; the far future after no day or the last there is (9999-12-31, "for ever")."""
    return _NEVER if day is None or day == _NEVER else day + _ONE_DAY


def _later(group: Sequence[_Term], term: _Term, since: dt.date) -> _Term | None:
    """The first lease of the group behind `term` that starts on `since` or after it."""
    place = max(bisect_right(group, term), bisect_left(group, since, key=lambda one: one.start))
    return group[place] if place < len(group) else None


def _twice(table: LedgerTable[Lease], stays: Sequence[Stay]) -> dict[int, Finding]:
    counts = Counter(table.column("lease_no"))
    return {
        stay.row: kinds.LEASE_TWICE.at(
            table.cell(stay.row, "lease_no"), lease=stay.lease_no, count=counts[stay.lease_no]
        )
        for stay in stays
        if counts[stay.lease_no] > 1
    }


def _let_to_two(table: LedgerTable[Lease], stays: Sequence[Stay]) -> dict[int, Finding]:
    """Errors for both leases of a unit that two households hold on one day."""
    found: dict[int, Finding] = {}
    for one, other in _overlapping(stays, "unit_no"):
        if one.household_no == other.household_no:
            continue
        for stay, rival in ((one, other), (other, one)):
            found.setdefault(
                stay.row,
                kinds.UNIT_LET_TO_TWO.at(
                    table.cell(stay.row, "unit_no"),
                    unit=stay.unit_no, lease=stay.lease_no, other=rival.lease_no,
                ),
            )  # fmt: skip
    return found


def _two_units(table: LedgerTable[Lease], stays: Sequence[Stay]) -> Iterator[Finding]:
    for one, other in _overlapping(stays, "household_no"):
        yield kinds.TWO_UNITS.at(
            table.cell(other.row, "household_no"),
            household=one.household_no, lease=one.lease_no, other=other.lease_no,
        )  # fmt: skip


def _overlapping(stays: Sequence[Stay], name: str) -> Iterator[tuple[Stay, Stay]]:
    """Pairs that share a unit or a household on the same day; each later stay at most once."""
    groups: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        groups[getattr(stay, name)].append(stay)
    for group in groups.values():
        if len(group) < 2:
            continue
        ordered = sorted(group, key=lambda stay: (stay.first, stay.sort_key))
        reach = ordered[0]
        for _, stay in pairwise(ordered):
            if stay.first <= reach.last:
                yield reach, stay
            reach = max(reach, stay, key=lambda one: one.last)


def _unclear(table: LedgerTable[Lease], row: int, names: Sequence[str]) -> Finding:
    headers = [column_info(Lease.model_fields[name]).header for name in names]
    number = table.column("lease_no")[row] or "（编号不清）"
    return kinds.LEASE_UNCLEAR.at(
        table.cell(row, names[0]), lease=number, fields="、".join(headers)
    )


def _superseded(table: LedgerTable[Lease], stay: Stay) -> Finding:
    cell = table.cell(stay.row, "terminated_on")
    return kinds.SUPERSEDED.at(
        cell, lease=stay.lease_no, why=stay.superseded, last=stay.last.isoformat()
    )
