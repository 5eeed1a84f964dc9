"""The figures of every account: the statement of a period, unpaid months, ageing, collection."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import numpy as np

from zhubao.core.period import Month
from zhubao.core.report import Ratio
from zhubao.rent.postings import NO_MONTH, Books, IntArray
from zhubao.rent.settlement import Position, Slots, add_up, settle

AGE_TITLES = ("1个月", "2个月", "3—5个月", "6—11个月", "12个月以上")
_AGE_LIMITS = np.array([1, 2, 5, 11])  # the last month of each class but the open one


def age_class(months: int) -> int:
    """The place in `AGE_TITLES` of an age in months."""
    return int(np.searchsorted(_AGE_LIMITS, months))


@dataclass(frozen=True, slots=True)
class Figures:
    """One number per account. Money in fen.

    opening + charged - received - written_off = owed + overdrawn - credit, where `opening` is a
    balance (negative: in credit). `opening_debt` leaves credits aside. `old_received` is what
    receipts paid in the period towards debts from before it, `current_received` towards the
    period's own charges. `ages` has one row per account and one column per age class.
    """

    opening: IntArray
    opening_debt: IntArray
    charged: IntArray
    received: IntArray
    written_off: IntArray
    owed: IntArray
    credit: IntArray
    overdrawn: IntArray
    unpaid_months: IntArray
    oldest_month: IntArray
    ages: IntArray
    old_received: IntArray
    current_received: IntArray

    def select(self, accounts: IntArray) -> Figures:
        """The figures of some accounts."""
        return Figures(*(getattr(self, field.name)[accounts] for field in fields(self)))

    @property
    def gap(self) -> IntArray:
        """What the account identity misses by; zero everywhere, or the calculation is wrong."""
        flow = self.opening + self.charged - self.received - self.written_off
        return flow - (self.owed + self.overdrawn - self.credit)


@dataclass(frozen=True, slots=True)
class CollectionRates:
    """The three collection rates, each with numerator and denominator in fen."""

    current: Ratio  # received for the period's charges ÷ charged
    old_debt: Ratio  # received for older debts ÷ opening debt
    combined: Ratio  # received ÷ (opening debt + charged)


def collection_rates(figures: Figures) -> CollectionRates:
    """The rates over the accounts of `figures`.

    Money paid in advance counts as received for the charges it settles. A reversal, or a charge
    entered late for an old month, can lower a numerator below what the period's receipts say.
    """
    charged, debt = int(figures.charged.sum()), int(figures.opening_debt.sum())
    return CollectionRates(
        current=Ratio(int(figures.current_received.sum()), charged, money=True),
        old_debt=Ratio(int(figures.old_received.sum()), debt, money=True),
        combined=Ratio(int(figures.received.sum()), debt + charged, money=True),
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """The positions on the day before the period and on its last day, and what was due then."""

    before: Position
    now: Position
    due_before: IntArray
    due_now: IntArray
    named_now: IntArray


def settle_twice(books: Books, slots: Slots, start: dt.date) -> Settled:
    """Settle all postings, and again those before `start`; the rule is the same both times."""
    first = start.toordinal()
    due_before, due_now = _both(
        len(slots.month), slots.of_debt, books.debts.amount, books.debts.day < first
    )
    money = books.money
    earlier = money.day < first
    named_before, named_now = _both(len(slots.month), slots.of_money, money.amount, earlier)
    total_before, total_now = _both(books.size, money.account, money.amount, earlier)
    return Settled(
        before=settle(slots, due_before, named_before, total_before),
        now=settle(slots, due_now, named_now, total_now),
        due_before=due_before,
        due_now=due_now,
        named_now=named_now,
    )


def settle_until(books: Books, slots: Slots, day: dt.date) -> Position:
    """Settle the postings up to the day; `slots` may hold later debts too, nothing is due there."""
    debts, money, last = books.debts, books.money, day.toordinal()
    owed, paid = debts.day <= last, money.day <= last
    size = len(slots.month)
    return settle(
        slots,
        add_up(size, slots.of_debt[owed], debts.amount[owed]),
        add_up(size, slots.of_money[paid], money.amount[paid]),
        add_up(books.size, money.account[paid], money.amount[paid]),
    )


def account_figures(
    books: Books, slots: Slots, settled: Settled, start: dt.date, as_of: dt.date
) -> Figures:
    """Assemble the figures of every account."""
    first, size = start.toordinal(), books.size
    in_period = books.debts.day >= first
    charged = add_up(size, books.debts.account[in_period], books.debts.amount[in_period])
    flow = _money_of_period(books, first)
    old, current = _settled_in_period(slots, settled)
    written_off_old = np.clip(flow.written_off - flow.written_off_current, 0, np.maximum(old, 0))
    written_off_current = np.clip(flow.written_off - written_off_old, 0, np.maximum(current, 0))
    months, oldest, ages = _unpaid_months(slots, settled.now, size, Month.containing(as_of))
    return Figures(
        opening=settled.before.balance,
        opening_debt=settled.before.owed,
        charged=charged,
        received=flow.received,
        written_off=flow.written_off,
        owed=settled.now.owed,
        credit=settled.now.credit,
        overdrawn=settled.now.overdrawn,
        unpaid_months=months,
        oldest_month=oldest,
        ages=ages,
        old_received=old - written_off_old,
        current_received=current - written_off_current,
    )


@dataclass(frozen=True, slots=True)
class _Flow:
    received: IntArray
    written_off: IntArray
    written_off_current: IntArray  # the part that names a month of the period


def _both(
    size: int, places: IntArray, amounts: IntArray, earlier: np.ndarray
) -> tuple[IntArray, IntArray]:
    """Sums by place of the earlier postings, and of all."""
    before = add_up(size, places[earlier], amounts[earlier])
    later = ~earlier
    return before, before + add_up(size, places[later], amounts[later])


def _money_of_period(books: Books, first: int) -> _Flow:
    money = books.money.where(books.money.day >= first)
    reductions = money.of_part(1)
    start_month = Month.containing(dt.date.fromordinal(first))
    own = reductions & (money.month >= start_month)
    sums = [
        add_up(books.size, money.account[mask], money.amount[mask])
        for mask in (~reductions, reductions, own)
    ]
    return _Flow(*sums)


def _settled_in_period(slots: Slots, settled: Settled) -> tuple[IntArray, IntArray]:
    """What was paid or written off in the period: of debts from before it, and of its charges.

    Within one slot the part charged earlier is paid first.
    """
    before, now = settled.before, settled.now
    paid_now = now.payable - now.unpaid
    old_now = np.minimum(paid_now, before.payable)
    old = old_now - (before.payable - before.unpaid)
    return slots.per_account(old), slots.per_account(paid_now - old_now)


def _unpaid_months(
    slots: Slots, position: Position, size: int, now: Month
) -> tuple[IntArray, IntArray, IntArray]:
    """Distinct unpaid months, the oldest of them (or NO_MONTH), and the debt by age class."""
    unpaid = np.flatnonzero(position.unpaid)
    account, month = slots.account[unpaid], slots.month[unpaid]
    age = np.maximum(now - month + 1, 1)
    classes = len(AGE_TITLES)
    ages = add_up(
        size * classes,
        account * classes + np.searchsorted(_AGE_LIMITS, age),
        position.unpaid[unpaid],
    )
    oldest = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(oldest, account, month)
    oldest[oldest == np.iinfo(np.int64).max] = NO_MONTH
    repeated = _second_of_month(slots, position)
    months = np.bincount(account, minlength=size)
    months -= np.bincount(slots.account[repeated], minlength=size)
    return months.astype(np.int64), oldest, ages.reshape(size, classes)


def _second_of_month(slots: Slots, position: Position) -> IntArray:
    """Charge slots still unpaid whose opening twin is unpaid too: the same month, counted once."""
    early, late = slots.twins
    both: IntArray = late[(position.unpaid[early] > 0) & (position.unpaid[late] > 0)]
    return both
