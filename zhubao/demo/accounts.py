"""Rent accounts: what each tenant is charged, and how the different kinds of payer pay."""

from __future__ import annotations

import datetime as dt
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from zhubao.core.money import split_evenly
from zhubao.core.period import Month
from zhubao.demo.homes import Home, LeaseDraft, rent_on
from zhubao.demo.streams import weighted

METHODS = (("银行代扣", 0.72), ("银行转账", 0.12), ("现金", 0.11), ("POS刷卡", 0.05))
_NAMED = 0.15  # share of ordinary receipts that name their billing month


class Payment(NamedTuple):
    """One receipt; sorts by day, then household."""

    day: dt.date
    household_no: str
    amount: int
    month: Month | None
    method: str
    remark: str | None = None


class Bill(NamedTuple):
    """One month's charge under a lease."""

    lease: LeaseDraft
    standard: int
    reduction: int

    @property
    def amount(self) -> int:
        """What is to be paid."""
        return self.standard - self.reduction


def bill(home: Home, month: Month) -> Bill | None:
    """The charge of a month; None when no lease covers it. Leases begin and end with months."""
    first = month.first_day
    for lease in home.leases:
        if lease.starts_on <= first <= lease.last_day:
            standard = rent_on(lease.unit, home.tier, first)
            return Bill(lease, standard, (standard * home.reduction_percent + 50) // 100)
    return None


@dataclass(slots=True)
class Plan:
    """An instalment plan over the debt of the day it was signed."""

    home: Home
    signed_on: dt.date
    quarterly: bool
    parts: list[tuple[dt.date, int]]
    kept: bool

    @property
    def total(self) -> int:
        """The debt that was shared out."""
        return sum(amount for _, amount in self.parts)


@dataclass(slots=True)
class Account:
    """A tenant's account as the months go by; debts are (month, unpaid), oldest first."""

    home: Home
    rng: random.Random
    debts: deque[list[int]] = field(default_factory=deque)
    credit: int = 0
    payments: list[Payment] = field(default_factory=list)
    plan: Plan | None = None
    method: str = ""

    @property
    def owed(self) -> int:
        """The debt in all."""
        return sum(left for _, left in self.debts)

    def charge(self, month: Month, amount: int) -> None:
        """Bill a month; money paid ahead settles it first."""
        used = min(self.credit, amount)
        self.credit -= used
        if amount > used:
            self.debts.append([month, amount - used])

    def pay(self, day: dt.date, amount: int, month: Month | None = None) -> None:
        """Take money in; it settles the named month, or the oldest debts first."""
        if amount <= 0:
            return
        record = Payment(day, self.home.no, amount, month, self.method)
        self.payments.append(record)
        self.settle(amount, month)

    def settle(self, amount: int, month: Month | None = None) -> None:
        """Lower the debts by `amount`; what is left over is credit."""
        for debt in self.debts:
            if month is None or debt[0] == month:
                part = min(amount, debt[1])
                debt[1] -= part
                amount -= part
        self.debts = deque(debt for debt in self.debts if debt[1])
        self.credit += amount

    def unpaid(self, month: Month) -> int:
        """What is still unpaid of a month."""
        return sum(left for billed, left in self.debts if billed == month)


Habit = Callable[[Account, Month, int], None]  # once a month, after the bill: its month and amount


def pay_promptly(account: Account, month: Month, amount: int) -> None:
    """This month's bill, in this month."""
    rng = account.rng
    day = month.first_day + dt.timedelta(days=rng.randint(2, 24))
    if rng.random() < 0.0012:
        _paid_twice(account, day, amount)
    account.pay(day, amount, month if rng.random() < _NAMED else None)


def pay_quarterly(account: Account, month: Month, amount: int) -> None:
    """Three months ahead in the first month of a quarter; until then by the month."""
    if account.credit == 0 and account.debts:
        ahead = 3 if month.month % 3 == 1 else 1
        day = month.first_day + dt.timedelta(days=account.rng.randint(4, 15))
        account.pay(day, amount * ahead)


def pay_yearly(account: Account, month: Month, amount: int) -> None:
    """A whole year ahead as soon as there is a bill to pay."""
    if account.debts:
        day = month.first_day + dt.timedelta(days=account.rng.randint(4, 15))
        account.pay(day, account.owed + amount * 11)


def pay_late(lag: int) -> Habit:
    """Every bill `lag` months after its own month."""

    def habit(account: Account, month: Month, _: int) -> None:
        if account.debts and account.debts[0][0] <= month - lag:
            day = month.first_day + dt.timedelta(days=account.rng.randint(5, 26))
            account.pay(day, account.debts[0][1])

    return habit


def pay_now_and_then(account: Account, month: Month, amount: int) -> None:
    """Some months something, often in round sums; now and then exactly this month's bill."""
    rng = account.rng
    chance = rng.random()
    day = month.first_day + dt.timedelta(days=rng.randint(3, 26))
    if chance < 0.12:
        account.pay(day, account.unpaid(month), month)
    elif chance < 0.42:
        part = max(1000, amount * rng.choice((1, 2, 2, 3)) // 1000 * 1000)
        account.pay(day, min(part, account.owed))


def pay_nothing(account: Account, month: Month, amount: int) -> None:
    """Not a fen."""


def follow_plan(signing: Month, *, kept: bool) -> Habit:
    """Nothing until a plan is signed; then bills and instalments, or a start that soon stops."""

    def habit(account: Account, month: Month, _: int) -> None:
        if month < signing:
            return
        if month == signing:
            _sign(account, month, kept)
        plan = account.plan
        if plan is None:
            return
        due = [part for part in plan.parts if Month.containing(part[0]) == month]
        if kept or month <= signing.plus(account.rng.randint(0, 1)):
            account.pay(month.first_day + dt.timedelta(days=8), account.unpaid(month), month)
            for day, part in due:
                account.pay(day - dt.timedelta(days=account.rng.randint(1, 6)), part)

    return habit


def _sign(account: Account, month: Month, kept: bool) -> None:
    """Share out the debt up to the month before: this month's bill is paid on its own."""
    rng = account.rng
    total = account.owed - account.unpaid(month)
    if total < 6000:
        return
    quarterly = rng.random() < 0.3
    step, count = (3, 4) if quarterly else (1, rng.choice((4, 6, 6, 12)))
    shares = split_evenly(total, count)
    dues = [month.plus(step * index).first_day.replace(day=20) for index in range(count)]
    signed = month.first_day + dt.timedelta(days=rng.randint(3, 7))
    parts = list(zip(dues, shares, strict=True))
    account.plan = Plan(account.home, signed, quarterly, parts, kept)


def _paid_twice(account: Account, day: dt.date, amount: int) -> None:
    """The bank collected twice and gave one sum back: two rows that cancel out."""
    again, back = day + dt.timedelta(days=1), day + dt.timedelta(days=3)
    no = account.home.no
    account.payments.append(Payment(again, no, amount, None, "银行代扣", "银行重复扣款"))
    account.payments.append(Payment(back, no, -amount, None, "银行代扣", "重复扣款冲正"))


def ordinary_habit(rng: random.Random) -> tuple[Habit, int]:
    """The habit of a tenant who pays, and how many months he owed when the period began."""
    lag = weighted(rng, ((0, 0.80), (1, 0.08), (2, 0.04)))
    if lag:
        return pay_late(lag), lag
    habits: tuple[tuple[Habit, float], ...] = (
        (pay_promptly, 0.895),
        (pay_quarterly, 0.10),
        (pay_yearly, 0.005),
    )
    return weighted(rng, habits), 0


def debtor_habit(rng: random.Random, months: tuple[Month, ...]) -> tuple[Habit, int]:
    """The habit of one of the few who hold most of the debt, and the months owed before."""
    low, high = weighted(rng, (((2, 5), 0.35), ((6, 12), 0.35), ((13, 36), 0.30)))
    opening = rng.randint(low, high)
    signing = months[rng.randrange(max(1, len(months) // 2))]
    habit = weighted(
        rng,
        (
            (pay_now_and_then, 0.36),
            (pay_nothing, 0.27),
            (follow_plan(signing, kept=True), 0.22),
            (follow_plan(signing, kept=False), 0.15),
        ),
    )
    return habit, opening
