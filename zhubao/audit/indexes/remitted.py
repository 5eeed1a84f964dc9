"""Rent received by the owner of the unit against what was paid on, month by month."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace

from zhubao.audit.facts import Facts
from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.ledger.arrears import Receipt, Remittance
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import Ownership
from zhubao.rent.monthly.month import Owners, Taking
from zhubao.rent.monthly.remit import RemitResult, Span, compute_remit, reconcile
from zhubao.rent.postings import usable_rows


@dataclass(frozen=True, slots=True)
class Remitted:
    """Months of one owner that are reconciled together.

    `movers_in` was received here from households whose last home on record is another owner's,
    `movers_out` the other way round: a bureau that remits by the later home is right too, so a
    difference of that size says nothing.
    """

    owner: str
    span: Span
    movers_in: int
    movers_out: int
    cells: tuple[Cell, ...]

    @property
    def short(self) -> int:
        """Received and not remitted, beyond what movers explain; zero or less: nothing."""
        return self.span.left - max(self.movers_in, 0)

    @property
    def over(self) -> int:
        """Remitted beyond what was received and what movers explain; zero or less: nothing."""
        return -self.span.left - max(self.movers_out, 0)

    @property
    def title(self) -> str:
        """2020-03, or 2020-01 至 2020-03."""
        first, last = self.span.first, self.span.last
        return str(first) if first == last else f"{first} 至 {last}"


def remitted(facts: Facts) -> list[Remitted]:
    """Every stretch of months from the first receipt to the day, of the owners that matter.

    City-owned units always; district-owned ones where the bureau keeps remittances of them. The
    arithmetic is `rent.monthly.remit`'s, over one sum per owner and month instead of every receipt.
    """
    sums = _sums(facts)
    if not sums.rows:
        return []
    first = min(month for _, _, month in sums.rows)
    result = _result(facts.loaded, Period(first.first_day, facts.as_of), sums)
    owners = {Ownership.CITY.value} | {one.owner for one in result.payments}
    return [
        _line(owner, span, result, sums)
        for owner in sorted(owners, reverse=True)
        for span in reconcile(result, owner)
    ]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Owner on the day, owner of the last home, month → amount and row of the largest receipt."""

    rows: dict[tuple[str, str, Month], tuple[int, int]]
    cells: dict[tuple[str, str, Month], Cell]

    def moved(self, owner: str, span: Span, *, into: bool) -> int:
        return sum(
            amount
            for (here, later, month), (amount, _) in self.rows.items()
            if here != later
            and (here if into else later) == owner
            and span.first <= month <= span.last
        )


def _sums(facts: Facts) -> _Sums:
    table, owners = facts.loaded.get(Receipt), Owners(facts.loaded)
    numbers, days = table.column("household_no"), table.column("received_on")
    amounts = table.column("amount")
    last: dict[str, str] = {}
    sums: defaultdict[tuple[str, str, int], int] = defaultdict(int)
    top: dict[tuple[str, str, int], int] = {}
    for row in usable_rows(table):
        day, number = days[row], numbers[row]
        if day > facts.as_of:
            continue
        later = last.get(number)
        if later is None:
            later = last[number] = owners.on(number, dt.date.max)
        key = owners.on(number, day), later, _month(day)
        sums[key] += amounts[row]
        if key not in top or amounts[row] > amounts[top[key]]:
            top[key] = row
    rows = {
        (own, later, Month(month)): (amount, top[own, later, month])
        for (own, later, month), amount in sums.items()
    }
    cells = {key: table.cell(row, "amount") for key, (_, row) in rows.items()}
    return _Sums(rows, cells)


def _result(loaded: Loaded, period: Period, sums: _Sums) -> RemitResult:
    """The remittances as `compute_remit` reads them, with one taking per owner and month."""
    payments = compute_remit(Loaded.of(loaded.get(Remittance)), period, period.end)
    takings = tuple(
        Taking(own, later, month, amount, "", sums.cells[own, later, month])
        for (own, later, month), (amount, _) in sums.rows.items()
    )
    return replace(payments, takings=takings)


def _line(owner: str, span: Span, result: RemitResult, sums: _Sums) -> Remitted:
    receipts = [
        one.cell
        for one in result.takings
        if one.owner == owner and span.first <= one.month <= span.last
    ]
    return Remitted(
        owner=owner,
        span=span,
        movers_in=sums.moved(owner, span, into=True),
        movers_out=sums.moved(owner, span, into=False),
        cells=(*(one.cell for one in span.payments), *receipts),
    )


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month - 1
