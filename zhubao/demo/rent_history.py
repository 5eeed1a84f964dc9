"""The rent of a whole bureau: opening debts, receipts, plans, reductions, visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from zhubao.core.period import Month
from zhubao.demo.accounts import (
    METHODS,
    Account,
    Habit,
    Payment,
    Plan,
    bill,
    debtor_habit,
    ordinary_habit,
    pay_promptly,
)
from zhubao.demo.blueprint import Blueprint
from zhubao.demo.streams import day_between, stream, weighted
from zhubao.demo.tenancy import Town, tenants

_DEBTORS = 0.08  # share of the tenants who hold most of the debt
_VISIT_FROM = 2  # unpaid months from which the collectors call every month


class Visit(NamedTuple):
    """One call at a debtor's home."""

    day: dt.date
    household_no: str
    unpaid_months: int
    owed: int
    luck: float


class Relief(NamedTuple):
    """A reduction of a month already charged, or a write-off."""

    day: dt.date
    household_no: str
    month: Month | None
    amount: int
    written_off: bool


@dataclass(slots=True)
class RentHistory:
    """Everything that happened to the rents, apart from the charges (they follow from leases)."""

    opening: list[tuple[str, Month, int]] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    reliefs: list[Relief] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    debtors: list[Account] = field(default_factory=list)  # for a sample that must hit a total

    @property
    def received(self) -> int:
        """All receipts together."""
        return sum(payment.amount for payment in self.payments)


def rent_history(town: Town, progress: Callable[[], None] | None = None) -> RentHistory:
    """Let every tenant's months go by; receipts and visits come out in the order of their days."""
    history = RentHistory()
    rng = stream(town.plan.seed, "rent")
    for home in tenants(town):
        is_debtor = home.role in ("standing", "exited") and rng.random() < _DEBTORS
        account = Account(home, rng, method=weighted(rng, METHODS))
        _live(account, town.plan, history, is_debtor=is_debtor)
        history.payments += account.payments
        if account.plan:
            history.plans.append(account.plan)
        if progress:
            progress()
    history.payments.sort(key=lambda payment: payment[:3])
    history.visits.sort(key=lambda visit: visit[:2])
    history.plans.sort(key=lambda plan: (plan.signed_on, plan.home.no))
    return history


def _live(account: Account, plan: Blueprint, history: RentHistory, *, is_debtor: bool) -> None:
    habit, owed_months = _habit(account, plan, is_debtor=is_debtor)
    _open(account, plan.start, owed_months, history)
    for month in plan.months:
        due = bill(account.home, month)
        if due is not None:
            account.charge(month, due.amount)
            habit(account, month, due.amount)
            if is_debtor:
                _relieve(account, month, due.amount, plan, history)
            _call(account, month, plan, history)
    if is_debtor and account.home.exited_on is None and account.plan is None and account.debts:
        history.debtors.append(account)
    if account.home.exit_reason == "死亡":
        _write_off(account, plan, history)


def _habit(account: Account, plan: Blueprint, *, is_debtor: bool) -> tuple[Habit, int]:
    if is_debtor:
        return debtor_habit(account.rng, plan.months)
    if account.home.role == "standing":
        return ordinary_habit(account.rng)
    return pay_promptly, 0


def _open(account: Account, start: Month, owed_months: int, history: RentHistory) -> None:
    """Debts of the months before the period, at most back to the first lease."""
    for month in (start.plus(back) for back in range(-owed_months, 0)):
        due = bill(account.home, month)
        if due is not None:
            account.charge(month, due.amount)
            history.opening.append((account.home.no, month, due.amount))


def _relieve(
    account: Account, month: Month, amount: int, plan: Blueprint, history: RentHistory
) -> None:
    """Now and then a hardship household is let off half of a month."""
    day = month.last_day
    if account.home.hardship and account.plan is None and account.rng.random() < 0.03:
        part = min(amount // 2, account.unpaid(month))
        if part and day <= plan.as_of:
            account.settle(part, month)
            history.reliefs.append(Relief(day, account.home.no, month, part, False))


def _write_off(account: Account, plan: Blueprint, history: RentHistory) -> None:
    """The debt of a tenant who died alone is given up two months later."""
    day = (account.home.exited_on or plan.as_of) + dt.timedelta(days=45)
    if account.debts and day <= plan.as_of:
        history.reliefs.append(Relief(day, account.home.no, None, account.owed, True))


def _call(account: Account, month: Month, plan: Blueprint, history: RentHistory) -> None:
    """Once a month to everybody who owes two months or more; the month's bill comes too."""
    if len(account.debts) < _VISIT_FROM:
        return
    rng = account.rng
    day = day_between(rng, month.first_day.replace(day=8), month.first_day.replace(day=27))
    if day.weekday() < 6 and day <= plan.as_of:
        visit = Visit(day, account.home.no, len(account.debts), account.owed, rng.random())
        history.visits.append(visit)


def charges(town: Town) -> Iterator[dict[str, object]]:
    """Rows of 应收, month by month, in the order of the households."""
    homes = list(tenants(town))
    for month in town.plan.months:
        number = 0
        for home in homes:
            due = bill(home, month)
            if due is None:
                continue
            number += 1
            yield {
                "charge_no": f"YS{month.year}{month.month:02d}{number:06d}",
                "household_no": home.no,
                "lease_no": due.lease.no,
                "unit_no": due.lease.unit.no,
                "month": month,
                "standard": due.standard,
                "reduction": due.reduction or None,
                "amount": due.amount,
                "charged_on": month.first_day,
            }
