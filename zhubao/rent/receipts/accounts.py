"""Where every rent account stands at a date, asked one household at a time, and after one payment.

The settlement rule itself is in `settlement`; here it is only put to use.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.ledger.loaded import Loaded
from zhubao.rent.bad_rows import faulty_accounts
from zhubao.rent.homes import Homes, read_homes
from zhubao.rent.postings import NO_MONTH, Books, IntArray, Postings, read_books
from zhubao.rent.settlement import Position, Slots, add_up, lay_out, settle

RENTS_AT_ONCE = (1, 3, 6, 12)  # a month, a quarter, half a year, a year


@dataclass(frozen=True, slots=True)
class Standing:
    """One account: unpaid debts (month, is it an opening debt, fen) in the order they are paid."""

    unpaid: tuple[tuple[Month, bool, int], ...]
    owed: int
    credit: int
    overdrawn: int

    def of_month(self, month: Month) -> int:
        """What is unpaid of one billing month, opening debt and charge together."""
        return sum(amount for billed, _, amount in self.unpaid if billed == month)


@dataclass(frozen=True, slots=True)
class PaymentEffect:
    """What a payment does to an account: the standing before and after, same order of debts."""

    before: Standing
    after: Standing

    def lines(self) -> list[tuple[Month, bool, int, int]]:
        """(month, is it an opening debt, owed before, owed after) of every debt that changes."""
        left = {(month, opening): amount for month, opening, amount in self.after.unpaid}
        old = {(month, opening): amount for month, opening, amount in self.before.unpaid}
        keys = sorted({*old, *left}, key=lambda key: (not key[1], key[0]))
        return [
            (*key, old.get(key, 0), left.get(key, 0))
            for key in keys
            if old.get(key, 0) != left.get(key, 0)
        ]


class RentAccounts:
    """The accounts of the bureau with everything posted up to `as_of`.

    Needs the tables Household, Lease, Unit, OpeningDebt, Charge, Receipt and Reduction.
    """

    def __init__(self, loaded: Loaded, as_of: dt.date) -> None:
        self.loaded, self.as_of = loaded, as_of
        books, last = read_books(loaded), as_of.toordinal()
        self.books = Books(
            books.numbers,
            books.known,
            books.household_rows,
            books.debts.where(books.debts.day <= last),
            books.money.where(books.money.day <= last),
        )
        self._index = {number: place for place, number in enumerate(books.numbers)}
        self._slots, self._position = _settled(self.books)

    @cached_property
    def homes(self) -> Homes:
        """Estate, lease and monthly rent of every account."""
        return read_homes(self.loaded, self.books, self.as_of)

    @cached_property
    def _has_account(self) -> list[bool]:
        found = np.array(self.homes.lease_row, np.int64) >= 0
        found[self.books.debts.account] = True
        found[self.books.money.account] = True
        result: list[bool] = found.tolist()
        return result

    @cached_property
    def _faulty(self) -> dict[int, Cell]:
        return faulty_accounts(self.books)

    @cached_property
    def start(self) -> dt.date | None:
        """The first day of the first month charged; None when nothing is charged."""
        charged = self.books.debts.of_part(1)
        if not charged.any():
            return None
        return Month(int(self.books.debts.month[charged].min())).first_day

    def has_account(self, number: str) -> bool:
        """True when the household has a lease or anything posted."""
        place = self._index.get(number)
        return place is not None and self._has_account[place]

    def is_charged(self, number: str, month: Month) -> bool:
        """True when the household has a charge or an opening debt of the month."""
        place, debts = self._index.get(number), self.books.debts
        return bool(((debts.account == place) & (debts.month == int(month))).any())

    def faulty_cell(self, number: str) -> Cell | None:
        """The first cell of the household's money rows that could not be read; None: all could.

        Such a row is in no sum, so that what the household owes is too much or too little.
        """
        return self._faulty.get(self._index.get(number, -1))

    def monthly_rent(self, number: str) -> int:
        """The monthly rent of the household's lease, in fen; 0 where none is known."""
        place = self._index.get(number)
        return 0 if place is None else int(self.homes.monthly_rent[place] or 0)

    def owed(self, number: str) -> int:
        """What the household owes, in fen."""
        place = self._index.get(number)
        return 0 if place is None else int(self._position.owed[place])

    def received(self, number: str) -> int:
        """All money ever received of the household less reversals, in fen."""
        place, money = self._index.get(number), self.books.money
        if place is None:
            return 0
        return int(money.amount[(money.account == place) & money.of_part(0)].sum())

    def standing(self, number: str) -> Standing:
        """Where the household stands; nothing owed where it has no account."""
        place = self._index.get(number)
        if place is None:
            return Standing((), 0, 0, 0)
        return _standing(self._slots, self._position, place)

    def fits(self, number: str, amount: int) -> bool:
        """True when the amount is a natural one for the household.

        It is one unpaid month; the oldest unpaid months together, whatever their number; or the
        monthly rent of the live lease for a month, a quarter, half a year or a year.
        """
        place = self._index.get(number)
        if place is None or amount <= 0:
            return False
        rent = self.homes.monthly_rent[place]
        if rent and amount in [rent * times for times in RENTS_AT_ONCE]:
            return True
        first, last = self._slots.bounds[place], self._slots.bounds[place + 1]
        unpaid = self._position.unpaid[first:last]
        return bool((unpaid == amount).any() or (np.cumsum(unpaid) == amount).any())

    def with_payment(
        self,
        number: str,
        day: dt.date,
        amount: int,
        month: Month | None,
        *,
        reduction: bool = False,
    ) -> PaymentEffect:
        """What one more receipt (or reduction) of the household does to its account.

        KeyError for a household that has no account and is not in the ledger.
        """
        place, money = self._index[number], self.books.money
        named = NO_MONTH if month is None else int(month)
        added = Postings(
            money.tables,
            _appended(money.part, int(reduction)),
            _appended(money.row, -1),
            _appended(money.account, place),
            _appended(money.month, named),
            _appended(money.day, day.toordinal()),
            _appended(money.amount, amount),
        )
        slots, position = _settled(
            Books(self.books.numbers, self.books.known, (), self.books.debts, added)
        )
        return PaymentEffect(self.standing(number), _standing(slots, position, place))


def _settled(books: Books) -> tuple[Slots, Position]:
    debts, money = books.debts, books.money
    slots = lay_out(debts, money, books.size)
    size = len(slots.month)
    due = add_up(size, slots.of_debt, debts.amount)
    named = add_up(size, slots.of_money, money.amount)
    return slots, settle(slots, due, named, add_up(books.size, money.account, money.amount))


def _standing(slots: Slots, position: Position, place: int) -> Standing:
    places = range(int(slots.bounds[place]), int(slots.bounds[place + 1]))
    unpaid = tuple(
        (Month(int(slots.month[slot])), bool(slots.opening[slot]), int(position.unpaid[slot]))
        for slot in places
        if position.unpaid[slot] > 0
    )
    owed, credit = int(position.owed[place]), int(position.credit[place])
    return Standing(unpaid, owed, credit, int(position.overdrawn[place]))


def _appended(values: IntArray, value: int) -> IntArray:
    result: IntArray = np.append(values, np.int64(value))
    return result
