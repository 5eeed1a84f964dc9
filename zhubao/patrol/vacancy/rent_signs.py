"""What the rent says: the last payment of a household, and months charged and not paid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt, Reduction
from zhubao.ledger.loaded import Loaded

_LAG = 1  # months the charges may be behind


@dataclass(frozen=True, slots=True)
class RentRun:
    """The unbroken months up to now that were charged, without a receipt, and are unpaid."""

    months: tuple[Month, ...]  # oldest first
    cells: tuple[Cell, ...]  # their charges


@dataclass(frozen=True, slots=True)
class RentSigns:
    """Household → its last payment (day, row of 实收), and its run of unpaid months."""

    paid: dict[str, tuple[dt.date, int]]
    runs: dict[str, RentRun]


def rent_signs(loaded: Loaded, as_of: dt.date) -> RentSigns:
    """Payments and unpaid months up to the day.

    A month is in the run when it is over, was charged (应收 > 0), saw no receipt, nor did any
    later month, and is unpaid: the balance exceeds the later charges (receipts settle the oldest
    debt first, so what was paid in advance is no sign). The first month not charged ends the run;
    it must reach the last month over, or the one before. A receipt that was reversed in full
    (冲正) is no payment.
    """
    receipts, paid_sums = _receipts(loaded, as_of)
    charges = _charges(loaded, as_of)
    owed = _balances(loaded, as_of, charges, paid_sums)
    runs = {}
    for household, months in charges.items():
        last = receipts.get(household)
        since = Month.containing(last[0]) if last else None
        run = _run(months, owed[household], since, as_of)
        if run:
            runs[household] = _with_cells(loaded, run, months)
    return RentSigns(receipts, runs)


Charged = dict[Month, tuple[int, list[int]]]  # month → (fen, rows of 应收)


def _run(months: Charged, owed: int, paid_in: Month | None, as_of: dt.date) -> list[Month]:
    last_over = Month.containing(as_of + dt.timedelta(days=1)).plus(-1)
    later = sum(amount for month, (amount, _) in months.items() if month > last_over)
    charged = [month for month, (amount, _) in months.items() if amount > 0 and month <= last_over]
    if not charged or max(charged) < last_over.plus(-_LAG):
        return []
    run: list[Month] = []
    month = max(charged)
    while month in months and months[month][0] > 0 and owed > later:
        if paid_in is not None and paid_in >= month:
            break
        run.append(month)
        later += months[month][0]
        month = month.plus(-1)
    return run[::-1]


def _with_cells(loaded: Loaded, run: list[Month], months: Charged) -> RentRun:
    table = loaded.get(Charge)
    rows = [index for month in run for index in months[month][1]]
    return RentRun(tuple(run), tuple(table.cell(index, "amount") for index in rows))


def _charges(loaded: Loaded, as_of: dt.date) -> dict[str, Charged]:
    table, until = loaded.get(Charge), Month.containing(as_of)
    households, months = table.column("household_no"), table.column("month")
    amounts = table.column("amount")
    found: defaultdict[str, Charged] = defaultdict(dict)
    for index in table.usable("household_no", "month", "amount"):
        month = months[index]
        if month <= until:
            own = found[households[index]]
            before, rows = own.get(month, (0, []))
            own[month] = before + amounts[index], [*rows, index]
    return found


def _balances(
    loaded: Loaded, as_of: dt.date, charges: dict[str, Charged], paid: dict[str, int]
) -> defaultdict[str, int]:
    """Household → opening + charged - received - written off, in fen."""
    owed: defaultdict[str, int] = defaultdict(int)
    for household, months in charges.items():
        owed[household] += sum(amount for amount, _ in months.values())
    for household, amount in paid.items():
        owed[household] -= amount
    opening, written = loaded.get(OpeningDebt), loaded.get(Reduction)
    for index in opening.usable("household_no", "amount"):
        owed[opening.column("household_no")[index]] += opening.column("amount")[index]
    for index in written.usable("household_no", "amount", "approved_on"):
        if written.column("approved_on")[index] <= as_of:
            owed[written.column("household_no")[index]] -= written.column("amount")[index]
    return owed


def _receipts(
    loaded: Loaded, as_of: dt.date
) -> tuple[dict[str, tuple[dt.date, int]], dict[str, int]]:
    """Household → its last payment that stands (day, row), and → the sum received."""
    table = loaded.get(Receipt)
    households, days = table.column("household_no"), table.column("received_on")
    amounts = table.column("amount")
    last: dict[str, tuple[dt.date, int]] = {}
    sums: defaultdict[str, int] = defaultdict(int)
    reversed_of: defaultdict[str, list[tuple[dt.date, int]]] = defaultdict(list)
    for index in table.usable("household_no", "received_on", "amount"):
        household, day, amount = households[index], days[index], amounts[index]
        if day > as_of:
            continue
        sums[household] += amount
        if amount < 0:
            reversed_of[household].append((day, -amount))
        elif amount > 0 and (household not in last or day >= last[household][0]):
            last[household] = day, index
    for household, rows in _rows_of(loaded, reversed_of, as_of).items():
        standing = list(_standing(loaded, rows, reversed_of[household]))
        last.pop(household, None)
        if standing:
            last[household] = max(standing)
    return last, dict(sums)


def _rows_of(loaded: Loaded, wanted: Container[str], as_of: dt.date) -> defaultdict[str, list[int]]:
    """Household → its rows of positive receipts by the day, the latest first."""
    table = loaded.get(Receipt)
    days, amounts = table.column("received_on"), table.column("amount")
    households = table.column("household_no")
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index in table.usable("household_no", "received_on", "amount"):
        if households[index] in wanted and amounts[index] > 0 and days[index] <= as_of:
            found[households[index]].append(index)
    for rows in found.values():
        rows.sort(key=lambda index: days[index], reverse=True)
    return found


def _standing(
    loaded: Loaded, rows: list[int], reversals: list[tuple[dt.date, int]]
) -> Iterator[tuple[dt.date, int]]:
    """The receipts that no reversal of the same amount, on or after their day, undoes."""
    table = loaded.get(Receipt)
    days, amounts = table.column("received_on"), table.column("amount")
    left = sorted(reversals)
    for index in rows:
        undone = next((r for r in left if r[1] == amounts[index] and r[0] >= days[index]), None)
        if undone is not None:
            left.remove(undone)
            continue
        yield days[index], index
