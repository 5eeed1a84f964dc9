"""Which debt is paid by which money: named months first, the rest to the oldest debt.

The rule looks at sums only, so the order in which rows were typed in cannot matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhubao.rent.postings import NO_MONTH, BoolArray, IntArray, Postings

_DENSE_SLACK = 1 << 20


@dataclass(frozen=True, slots=True)
class Slots:
    """The debts of every account in the order they are paid; one slot per account and month.

    Opening debts come first, then charges, each from the oldest month on. `bounds[a]` to
    `bounds[a + 1]` are the slots of account `a`. `of_debt` and `of_money` give the slot of each
    posting (-1: money that names no month, or a month without debt). `twins` pairs an opening slot
    with the charge slot of the same account and month.
    """

    account: IntArray
    month: IntArray
    opening: BoolArray
    bounds: IntArray
    of_debt: IntArray
    of_money: IntArray
    twins: tuple[IntArray, IntArray]

    def per_account(self, values: IntArray) -> IntArray:
        """Sum the slots' values by account, exactly."""
        running = np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))
        result: IntArray = running[self.bounds[1:]] - running[self.bounds[:-1]]
        return result


@dataclass(frozen=True, slots=True)
class Position:
    """Where the accounts stand at a date. Per slot: payable and unpaid; per account the rest.

    `credit` is money left when nothing is owed; `overdrawn` is what reversals took beyond all
    money ever received. An account never has both.
    """

    payable: IntArray
    unpaid: IntArray
    owed: IntArray
    credit: IntArray
    overdrawn: IntArray

    @property
    def balance(self) -> IntArray:
        """What the account owes on balance; negative when it is in credit."""
        return self.owed + self.overdrawn - self.credit


def lay_out(debts: Postings, money: Postings, accounts: int) -> Slots:
    """Build the slots of all debts and find the slot of every posting."""
    calendar = _Calendar.of(debts)
    key = debts.account * calendar.span + calendar.code(debts.month, debts.of_part(0))
    index = _KeyIndex.of(key, accounts * calendar.span)
    account, code = np.divmod(index.keys, max(calendar.span, 1))
    opening = code < calendar.opening_span
    month = code + np.where(opening, calendar.opening_base, calendar.charge_base)
    bounds = np.searchsorted(account, np.arange(accounts + 1))
    early = np.flatnonzero(opening)
    late = calendar.find(index, account[early], month[early], opening=False)
    paired = late >= 0
    return Slots(
        account=account,
        month=month,
        opening=opening,
        bounds=bounds,
        of_debt=index.find(key),
        of_money=_named_slots(money, calendar, index),
        twins=(early[paired], late[paired]),
    )


def settle(slots: Slots, due: IntArray, named: IntArray, total: IntArray) -> Position:
    """Settle debts with money.

    `due` and `named` are per slot: what is charged, and what money names the slot. `total` is all
    money per account. Money for a named month pays that month up to what is due; everything else,
    with the excess, forms the account's pool, which pays from the first slot on. A slot charged
    below zero (a correction) pays nothing and adds to the pool. A pool below zero (reversals)
    takes named money back from the last slot on.
    """
    payable = np.maximum(due, 0)
    paid_by_name = _pay_named(slots, payable, named)
    by_account = slots.per_account(paid_by_name)
    pool = total - by_account - slots.per_account(np.minimum(due, 0))
    short = pool < 0
    taken_back = short[slots.account]
    room = np.where(taken_back, paid_by_name, payable - paid_by_name)
    budget = np.where(short, pool + by_account, pool)
    paid = _fill(slots, room, budget)
    paid += np.where(taken_back, 0, paid_by_name)
    unpaid = payable - paid
    left = budget - slots.per_account(room)
    return Position(
        payable=payable,
        unpaid=unpaid,
        owed=slots.per_account(unpaid),
        credit=np.where(short, 0, np.maximum(left, 0)),
        overdrawn=np.maximum(-budget, 0),
    )


def add_up(size: int, places: IntArray, amounts: IntArray) -> IntArray:
    """Sum amounts by place, exactly; places below zero are passed over."""
    result = np.zeros(size, np.int64)
    if len(places) and places.min() < 0:
        kept = places >= 0
        places, amounts = places[kept], amounts[kept]
    np.add.at(result, places, amounts)
    return result


def _pay_named(slots: Slots, payable: IntArray, named: IntArray) -> IntArray:
    paid: IntArray = np.minimum(np.maximum(named, 0), payable)
    early, late = slots.twins
    if len(early):
        paid[early] = np.minimum(np.maximum(named[late], 0), payable[early])
        paid[late] = np.minimum(np.maximum(named[late] - paid[early], 0), payable[late])
    return paid


def _fill(slots: Slots, room: IntArray, budget: IntArray) -> IntArray:
    """Pour each account's budget into its slots in order: min(room, what is left)."""
    running = np.cumsum(room)
    before = running - room
    starts = slots.bounds[:-1]
    head = np.concatenate((np.zeros(1, np.int64), running))[starts]
    left = (budget + head)[slots.account] - before
    filled: IntArray = np.clip(left, 0, room)
    return filled


def _named_slots(money: Postings, calendar: _Calendar, index: _KeyIndex) -> IntArray:
    """The charge slot of the named month, else its opening slot, else -1."""
    slot = np.full(len(money), -1, np.int64)
    named = np.flatnonzero(money.month != NO_MONTH)
    account, month = money.account[named], money.month[named]
    charge = calendar.find(index, account, month, opening=False)
    rest = charge < 0
    charge[rest] = calendar.find(index, account[rest], month[rest], opening=True)
    slot[named] = charge
    return slot


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Numbers the months of an account: opening months first, then charged months.

    month = code + base, with a base for either stretch.
    """

    opening_base: int
    opening_span: int
    charge_base: int
    charge_span: int

    @classmethod
    def of(cls, debts: Postings) -> _Calendar:
        opening = debts.of_part(0)
        opening_base, opening_span = _extent(debts.month[opening])
        first_charge, charge_span = _extent(debts.month[~opening])
        return cls(opening_base, opening_span, first_charge - opening_span, charge_span)

    @property
    def span(self) -> int:
        return self.opening_span + self.charge_span

    def code(self, month: IntArray, opening: BoolArray) -> IntArray:
        return month - np.where(opening, self.opening_base, self.charge_base)

    def find(
        self, index: _KeyIndex, account: IntArray, month: IntArray, *, opening: bool
    ) -> IntArray:
        """The slots of these accounts and months, -1 where there is none."""
        code = month - (self.opening_base if opening else self.charge_base)
        low, high = (0, self.opening_span) if opening else (self.opening_span, self.span)
        inside = (code >= low) & (code < high)
        slot = np.full(len(code), -1, np.int64)
        slot[inside] = index.find(account[inside] * self.span + code[inside])
        return slot


def _extent(months: IntArray) -> tuple[int, int]:
    if not len(months):
        return 0, 0
    first = int(months.min())
    return first, int(months.max()) - first + 1


@dataclass(frozen=True, slots=True)
class _KeyIndex:
    """Sorted distinct keys and the way from a key to its place among them."""

    keys: IntArray
    table: npt.NDArray[np.int32] | None  # key → place, where the keys are dense enough

    @classmethod
    def of(cls, keys: IntArray, size: int) -> _KeyIndex:
        if size > 8 * len(keys) + _DENSE_SLACK:
            return cls(np.unique(keys), None)
        table = np.full(size, -1, np.int32)
        table[keys] = 0
        distinct = np.flatnonzero(table == 0)
        table[distinct] = np.arange(len(distinct), dtype=np.int32)
        return cls(distinct, table)

    def find(self, keys: IntArray) -> IntArray:
        if self.table is not None:
            return self.table[keys].astype(np.int64)
        place = np.searchsorted(self.keys, keys)
        place[place == len(self.keys)] = 0
        if not len(self.keys):
            return np.full(len(keys), -1, np.int64)
        found: IntArray = np.where(self.keys[place] == keys, place, -1)
        return found
