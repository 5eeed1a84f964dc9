"""Rent, counted household by household: debts in their order, money poured in, twice."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from tests.summary.second_period.counted_homes import is_let
from tests.summary.second_period.counting import Asked, Counted
from tests.summary.second_period.ledgers import (
    Ledgers,
    Row,
    covered,
    day,
    fen,
    in_period,
    month,
    within,
)

_LONG = 6  # 累计 6 个月以上, the sixth included
Month = tuple[int, int]
Slot = tuple[int, Month]  # 0 opening debts, 1 charges: that is the order in which they are paid


@dataclass
class Account:
    """What a household was charged and paid; every entry has its day."""

    debts: list[tuple[dt.date, Slot, int]] = field(default_factory=list)
    money: list[tuple[dt.date, Month | None, int, bool]] = field(default_factory=list)

    def due(self, on: dt.date) -> dict[Slot, int]:
        """What was charged by the end of the day, by slot, in order of payment."""
        found: dict[Slot, int] = defaultdict(int)
        for when, slot, amount in self.debts:
            if when <= on:
                found[slot] += amount
        return {slot: found[slot] for slot in sorted(found)}

    def unpaid(self, on: dt.date) -> dict[Slot, int]:
        """What is left of it: money goes to the month it names, the rest to the oldest debt."""
        due = self.due(on)
        left = {slot: max(0, amount) for slot, amount in due.items()}
        pool = -sum(min(0, amount) for amount in due.values())
        named: dict[Month, int] = defaultdict(int)
        for when, which, amount, _ in self.money:
            if when <= on:
                if which is None:
                    pool += amount
                else:
                    named[which] += amount
        for which, amount in named.items():
            pool += _pay_named(left, which, amount)
        if pool < 0:  # reversals take back what was paid by name, the latest month first
            for slot in reversed(left):
                back = min(-pool, max(0, due[slot]) - left[slot])
                left[slot] += back
                pool += back
        for slot in left:
            paid = min(max(0, pool), left[slot])
            left[slot] -= paid
            pool -= paid
        return left


def _pay_named(left: dict[Slot, int], which: Month, amount: int) -> int:
    """Pay the named month, its opening debt before its charge; what is over is returned."""
    for slot in ((0, which), (1, which)):
        paid = min(max(0, amount), left.get(slot, 0))
        if paid:
            left[slot] -= paid
            amount -= paid
    return amount


def accounts(books: Ledgers) -> dict[str, Account]:
    """Every household's account."""
    found: dict[str, Account] = defaultdict(Account)
    for row in books.rows("期初欠租"):
        _charge(found, row, 0, fen(row["欠租金额"]), None)
    for row in books.rows("应收"):
        _charge(found, row, 1, fen(row["应收金额"]), day(row["入账日期"]))
    for row in books.rows("实收"):
        entry = (day(row["收款日期"]), month(row["指定账单期"]), fen(row["实收金额"]), False)
        found[row["家庭编号"]].money.append(entry)  # type: ignore[arg-type]
    for row in books.rows("减免"):
        entry = (day(row["批准日期"]), month(row["账单期"]), fen(row["减免金额"]), True)
        found[row["家庭编号"]].money.append(entry)  # type: ignore[arg-type]
    return found


def _charge(
    found: dict[str, Account], row: Row, kind: int, amount: int, when: dt.date | None
) -> None:
    billed = month(row["账单期"])
    assert billed is not None
    counts_from = when or dt.date(*billed, 1)
    found[row["家庭编号"]].debts.append((counts_from, (kind, billed), amount))


def rent(books: Ledgers, asked: Asked) -> Counted:
    """Charged, received, owed, debtors, the three collection rates."""
    eve, found = asked.first - dt.timedelta(days=1), accounts(books).values()
    received = sum(
        fen(row["实收金额"]) for row in in_period(books.rows("实收"), "收款日期", asked.days)
    )
    charged = sum(
        amount for one in found for when, _, amount in one.debts if eve < when <= asked.day
    )
    before = [one.unpaid(eve) for one in found]
    now = [one.unpaid(asked.day) for one in found]
    opening = sum(sum(one.values()) for one in before)
    months = [len({slot[1] for slot, left in one.items() if left}) for one in now]
    old, current = (
        sum(parts) for parts in zip(*(_collected(one, asked) for one in found), strict=True)
    )
    return {
        "rent.received": (received, None),
        "rent.charged": (charged, None),
        "rent.opening_debt": (opening, None),
        "rent.owed": (sum(sum(one.values()) for one in now), None),
        "rent.debtors": (sum(many > 0 for many in months), None),
        "rent.debtors_long": (sum(many >= _LONG for many in months), None),
        "rent.collection_current": (current, charged),
        "rent.collection_old": (old, opening),
        "rent.collection_combined": (received, opening + charged),
    }


def _collected(one: Account, asked: Asked) -> tuple[int, int]:
    """What receipts paid in the period of older debts, and of the period's own charges.

    What was written off in the period is no receipt: it comes out of the month it names, of the
    older debts where it names none or an older one, and out of the rest when they are too small.
    """
    eve = asked.first - dt.timedelta(days=1)
    due_then, left_then = one.due(eve), one.unpaid(eve)
    due_now, left_now = one.due(asked.day), one.unpaid(asked.day)
    old = current = 0
    for slot, amount in due_now.items():
        older = max(0, due_then.get(slot, 0))
        paid = max(0, amount) - left_now[slot]
        paid_of_older = min(paid, older)
        old += paid_of_older - (older - left_then.get(slot, 0))
        current += paid - paid_of_older
    off_old = off_current = 0
    for when, which, amount, is_reduction in one.money:
        if is_reduction and eve < when <= asked.day:
            own = which is not None and which >= (asked.first.year, asked.first.month)
            off_old, off_current = off_old + amount * (not own), off_current + amount * own
    taken = min(off_old, max(0, old))
    rest = min(off_old + off_current - taken, max(0, current))
    return old - taken, current - rest


def city_rent(books: Ledgers, asked: Asked) -> Counted:
    """Receipts by the owner of the home lived in that day, and what was paid on to the city."""
    owner = {row["房源编号"]: row["产权单位"] for row in books.rows("房源")}
    leases: dict[str, list[Row]] = defaultdict(list)
    for row in books.rows("租赁合同"):
        leases[row["家庭编号"]].append(row)
    received = 0
    for row in in_period(books.rows("实收"), "收款日期", asked.days):
        on = day(row["收款日期"])
        assert on is not None
        if owner.get(_home(leases[row["家庭编号"]], on)) == "市级":
            received += fen(row["实收金额"])
    remitted = for_period = 0
    for row in books.rows("租金汇缴"):
        on = day(row["汇缴日期"])
        assert on is not None
        if row["产权单位"] != "市级" or on > asked.day:
            continue
        remitted += fen(row["汇缴金额"]) * within(on, asked.days)
        first, last = covered(row["所属期间"])
        for_period += fen(row["汇缴金额"]) * (asked.first <= first and last <= asked.last)
    return {
        "rent.received_city": (received, None),
        "rent.remitted_city": (remitted, None),
        "rent.remittance_rate_city": (for_period, received),
    }


def _home(leases: list[Row], on: dt.date) -> str:
    """The unit lived in on the day, else the last one before it, else the first to come."""

    def start(row: Row) -> dt.date:
        found = day(row["起租日期"])
        assert found is not None
        return found

    lived_in = [row for row in leases if is_let(row, on)]
    past = [row for row in leases if start(row) <= on]
    if lived_in or past:
        return str(max(lived_in or past, key=lambda row: (start(row), row["合同编号"]))["房源编号"])
    return str(min(leases, key=start)["房源编号"]) if leases else ""
