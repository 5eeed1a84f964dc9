"""What a quarter brought in of the rent that was owed when it began, account by account."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from zhubao.core.period import Month
from zhubao.demo.accounts import bill
from zhubao.demo.rent_history import RentHistory
from zhubao.demo.tenancy import Town, tenants


@dataclass(slots=True)
class _Ledger:
    """One account: debts by month, money as (day, month named or None, amount, is a relief)."""

    debts: dict[Month, int] = field(default_factory=dict)
    money: list[tuple[dt.date, Month | None, int, bool]] = field(default_factory=list)


class OldDebts:
    """The accounts of a town, laid out once."""

    def __init__(self, town: Town, history: RentHistory) -> None:
        ledgers: defaultdict[str, _Ledger] = defaultdict(_Ledger)
        for number, month, amount in history.opening:
            ledgers[number].debts[month] = amount
        for home in tenants(town):
            own = ledgers[home.no].debts
            for month in town.plan.months:
                due = bill(home, month)
                if due is not None and due.amount:
                    own[month] = due.amount
        for payment in history.payments:
            entry = (payment.day, payment.month, payment.amount, False)
            ledgers[payment.household_no].money.append(entry)
        for relief in history.reliefs:
            ledgers[relief.household_no].money.append(
                (relief.day, relief.month, relief.amount, True)
            )
        self._ledgers = list(ledgers.values())

    def recovered(self, first: Month, last: dt.date) -> tuple[int, int]:
        """Fen received from `first` to `last` for debts from before that month; those debts.

        Money for a named month pays that month; the rest pays the oldest debts. What was let off
        or written off is not received.
        """
        parts = [_recovered(ledger, first, last) for ledger in self._ledgers]
        return sum(part[0] for part in parts), sum(part[1] for part in parts)


def _recovered(ledger: _Ledger, first: Month, last: dt.date) -> tuple[int, int]:
    old = {month: due for month, due in sorted(ledger.debts.items()) if month < first}
    if not old:
        return 0, 0
    start = first.first_day
    before = _paid(old, [entry for entry in ledger.money if entry[0] < start])
    owed = sum(old.values()) - sum(before.values())
    if not owed:
        return 0, 0
    due_now = {m: due for m, due in sorted(ledger.debts.items()) if m.first_day <= last}
    now = _paid(due_now, [entry for entry in ledger.money if entry[0] <= last])
    settled = sum(now[month] - before[month] for month in old)
    reliefs = [entry for entry in ledger.money if entry[3] and start <= entry[0] <= last]
    let_off = sum(amount for _, month, amount, _ in reliefs if month is None or month < first)
    return settled - min(max(let_off, 0), max(settled, 0)), owed


def _paid(
    due: dict[Month, int], money: list[tuple[dt.date, Month | None, int, bool]]
) -> dict[Month, int]:
    """What is paid of each month: named months first, then the oldest."""
    named: defaultdict[Month, int] = defaultdict(int)
    for _, month, amount, _ in money:
        if month is not None:
            named[month] += amount
    paid = {month: min(max(named[month], 0), owed) for month, owed in due.items()}
    pool = sum(entry[2] for entry in money) - sum(paid.values())
    for month, owed in due.items():
        part = max(0, min(owed - paid[month], pool))
        paid[month] += part
        pool -= part
    return paid
