"""Which months were charged to whom, and which months a lease covers: sets of months as bits.

A month is bit `month - base` of a whole number, so that a year of charges of one household is one
number, and "charged but not let" is one operation.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.leases import tenancies_by_unit, unit_rows
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.ledger.units import Unit, UnitStatus
from zhubao.rent.postings import usable_rows
from zhubao.supply.tenancies import Tenancy

_BUSIEST = 10


@dataclass(frozen=True, slots=True)
class Charged:
    """The months charged, up to the month of the day.

    `billed` are the months the bureau charged in: with a tenth of the charges of the busiest month
    or more, so that one charge dated into a wrong year makes no month of billing. `by_home` has
    household and unit ("" where a charge names neither unit nor a known lease). A charge whose
    amount cannot be read is one all the same; `unclear` are the households and units of charges
    whose month or household cannot be read.
    """

    base: int
    last: int
    billed: int
    by_home: dict[tuple[str, str], int]
    unclear: frozenset[str]

    def span(self, first: int, last: int) -> int:
        """The months from first to last, those outside the charged stretch cut off."""
        low, high = max(first, self.base), min(last, self.last)
        return ((1 << (high - low + 1)) - 1) << (low - self.base) if low <= high else 0

    def of(self, household: str, unit: str) -> int:
        """The months charged to a household for a unit, or without naming one."""
        return self.by_home.get((household, unit), 0) | self.by_home.get((household, ""), 0)

    def months(self, bits: int) -> list[Month]:
        """The months of a set, in order."""
        return [Month(self.base + place) for place in range(bits.bit_length()) if bits >> place & 1]


def charged(facts: Facts) -> Charged:
    """Read the sheet 应收 once; charges of months that begin after the day do not count."""
    table = facts.loaded.get(Charge)
    months, units = table.column("month"), table.column("unit_no")
    households, leases = table.column("household_no"), table.column("lease_no")
    now = _month(facts.as_of)
    rows = [row for row in table.usable("household_no", "month") if months[row] <= now]
    base = min((int(months[row]) for row in rows), default=now)
    unit_of = _units_of_leases(facts)
    by_home: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        place = units[row] or unit_of.get(leases[row]) or ""
        by_home[households[row], place] |= 1 << (months[row] - base)
    counts = Counter(int(months[row]) for row in rows)
    least = max(counts.values(), default=0) / _BUSIEST
    billed = sum(1 << (month - base) for month, count in counts.items() if count >= least)
    return Charged(base, now, billed, dict(by_home), _unclear(facts, unit_of))


def charges_without_lease(facts: Facts) -> list[int]:
    """Rows of charges for a month in which the household had no lease at all.

    A lease covers the months from its start to that of 退租日期; without one it goes on (who stays
    past the end pays on), unless it is 已终止: then to its agreed end. A charge that names a lease
    without a household, or the unit of one, cannot be judged.
    """
    book, nobodys = facts.once(charged), _leases_of_nobody(facts)
    covered = _covered(facts, book)
    bare: defaultdict[str, int] = defaultdict(int)
    for (household, _), bits in book.by_home.items():
        bare[household] |= bits
    bare_months = {
        number: left for number, bits in bare.items() if (left := bits & ~covered.get(number, 0))
    }
    if not bare_months:
        return []
    table = facts.loaded.get(Charge)
    months, households = table.column("month"), table.column("household_no")
    leases, units = table.column("lease_no"), table.column("unit_no")
    return [
        row
        for row in usable_rows(table)
        if households[row] in bare_months
        and not {leases[row], units[row]} & nobodys
        and book.base <= months[row] <= book.last
        and bare_months[households[row]] >> (months[row] - book.base) & 1
    ]


def charges_on_vacant_units(facts: Facts) -> list[int]:
    """Rows of charges for a whole month in which the unit they name stood vacant.

    Vacant: its status says 空置, 空置起始日 is not after the month's first day, and no lease covers
    a day of the month.
    """
    table, units = facts.loaded.get(Charge), facts.loaded.get(Unit)
    since, states = units.column("vacant_since"), units.column("status")
    vacant = {
        number: since[row]
        for number, row in facts.once(unit_rows).items()
        if states[row] is UnitStatus.VACANT and since[row] is not None
    }
    lets = facts.once(tenancies_by_unit)
    months, numbers = table.column("month"), table.column("unit_no")
    now = _month(facts.as_of)
    return [
        row
        for row in usable_rows(table)
        if numbers[row] in vacant
        and months[row] <= now
        and vacant[numbers[row]] <= months[row].first_day
        and not any(_touches(one, months[row]) for one in lets.get(numbers[row], ()))
    ]


@dataclass(frozen=True, slots=True)
class Uncharged:
    """A lease with the whole months it was in force, the bureau charged rent and it was not."""

    tenancy: Tenancy
    unit: str
    months: list[Month]


def leases_without_charge(facts: Facts) -> Iterator[Uncharged]:
    """Whole months only: the part months of moving in and out are charged by different rules."""
    book = facts.once(charged)
    for unit, leases in facts.once(tenancies_by_unit).items():
        for one in leases:
            first, last = _whole_months(one, facts.as_of)
            expected = book.span(first, last) & book.billed
            missing = expected & ~book.of(one.household_no, unit)
            unclear = not one.household_no or {unit, one.household_no} & book.unclear
            if missing and not unclear:
                yield Uncharged(one, unit, book.months(missing))


def _leases_of_nobody(facts: Facts) -> frozenset[str]:
    """The numbers and units of the leases whose household is empty or cannot be read."""
    table = facts.loaded.get(Lease)
    pairs = zip(table.column("lease_no"), table.column("unit_no"), strict=True)
    tenants = table.column("household_no")
    rows = (pair for pair, tenant in zip(pairs, tenants, strict=True) if not tenant)
    return frozenset(name for pair in rows for name in pair if name)


def _unclear(facts: Facts, unit_of: Mapping[str | None, str | None]) -> frozenset[str]:
    """The households and units named in charges whose month or household cannot be read."""
    table = facts.loaded.get(Charge)
    rows = table.bad.get("month", set()) | table.bad.get("household_no", set())
    named = {table.column(name)[row] for row in rows for name in ("household_no", "unit_no")}
    named |= {unit_of.get(table.column("lease_no")[row]) for row in rows}
    return frozenset(name for name in named if name)


def _whole_months(one: Tenancy, as_of: dt.date) -> tuple[int, int]:
    """The first and the last month every day of which lies in the lease (and is not to come)."""
    first = _month(one.start) + (one.start.day > 1)
    if one.free_on is None:
        return first, _month(as_of)
    if one.last_day is None or one.last_day > as_of:
        return first, _month(min(one.last_day or one.start, as_of)) - (one.last_day is None)
    ends_month = (one.last_day + dt.timedelta(days=1)).day == 1
    return first, _month(one.last_day) - (not ends_month)


def _covered(facts: Facts, book: Charged) -> dict[str, int]:
    """Household → the months in which any lease of it covers a day."""
    table = facts.loaded.get(Lease)
    starts, ends = table.column("starts_on"), table.column("ends_on")
    left, states = table.column("terminated_on"), table.column("status")
    numbers = table.column("household_no")
    found: defaultdict[str, int] = defaultdict(int)
    for row in range(len(table)):
        if numbers[row] is None:
            continue
        last = left[row] or (ends[row] if states[row] is LeaseStatus.TERMINATED else None)
        first = _month(starts[row]) if starts[row] else book.base
        found[numbers[row]] |= book.span(first, _month(last) if last else book.last)
    return found


def _touches(one: Tenancy, month: Month) -> bool:
    """True when the lease covers a day of the month, the day of leaving included."""
    ended = one.last_day or one.free_on
    return one.start <= month.last_day and (ended is None or ended >= month.first_day)


def _units_of_leases(facts: Facts) -> dict[str | None, str | None]:
    table = facts.loaded.get(Lease)
    units = dict(zip(table.column("lease_no"), table.column("unit_no"), strict=True))
    units.pop(None, None)
    return units


def _month(day: dt.date) -> int:
    """The number of the day's month, as `Month` has it."""
    return day.year * 12 + day.month - 1
