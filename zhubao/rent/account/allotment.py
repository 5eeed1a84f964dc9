"""Which receipt paid which month: the settled amounts of one account, shared out to its receipts.

Nothing is settled here. `settlement.settle` says what every month has been paid; this says with
which money.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from zhubao.core.period import Month
from zhubao.rent.figures import settle_twice
from zhubao.rent.postings import Books, IntArray, Postings
from zhubao.rent.proof import IdentityBroken
from zhubao.rent.settlement import Position, Slots, lay_out


@dataclass(frozen=True, slots=True)
class Share:
    """Part of one payment that went to one month.

    `money` is the index of the payment in the account's books; -1: a charge below zero, which
    pays like money, and before all of it. `month` is None for what is left in credit or, when
    `reversed`, was taken back; `opening` tells an opening debt from a charge of the same month.
    """

    money: int
    month: Month | None
    opening: bool
    amount: int
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Allotment:
    """The shares of an account at one date, and the position they follow from.

    Σ shares of a month = what the month has been paid; Σ shares of a payment = its amount.
    `overdrawn` is what reversals took beyond all money; no share can name it.
    """

    shares: tuple[Share, ...]
    slots: Slots
    position: Position

    def months_of(self, money: int) -> dict[tuple[Month, bool], int]:
        """What one payment paid: (month, is an opening debt) → fen."""
        found: dict[tuple[Month, bool], int] = {}
        for one in self.shares:
            if one.money == money and one.month is not None:
                key = (one.month, one.opening)
                found[key] = found.get(key, 0) + one.amount
        return found


def books_of(books: Books, account: int) -> Books:
    """The books of one account alone, with its rows in their order."""

    def own(postings: Postings) -> Postings:
        kept = postings.where(postings.account == account)
        zeros = np.zeros(len(kept), np.int64)
        return Postings(kept.tables, kept.part, kept.row, zeros, kept.month, kept.day, kept.amount)

    known = account < books.known
    rows = books.household_rows[account : account + 1] if known else ()
    return Books((books.numbers[account],), int(known), rows, own(books.debts), own(books.money))


def allot(books: Books, until: dt.date) -> Allotment:
    """Share out the account's money as of the end of `until`; `books` are those of one account.

    The rule, as in `settlement.settle`: money for a named month pays that month (its opening debt
    first) up to what is due; the rest and all other money pays from the oldest debt on. Within
    that, earlier money pays first. Reversals cancel, in this order: a payment of the same month
    named, a payment of just that amount, the latest payment before, the latest of all; and, when
    money that names no month does not suffice, named payments of the latest months.
    Raises `IdentityBroken` when the shares do not add up to the settlement.
    """
    slots = lay_out(books.debts, books.money, 1)
    settled = settle_twice(books, slots, until + dt.timedelta(days=1))
    position, due = settled.before, settled.due_before
    paid = position.payable - position.unpaid
    pieces = [
        _Piece(int(index), int(books.money.day[index]), int(books.money.amount[index]))
        for index in _in_order(books.money)
        if books.money.day[index] <= until.toordinal()
    ]
    shares: list[Share] = []
    by_name = np.zeros(len(paid), np.int64)
    pool = _pay_named(slots, paid, pieces, by_name, shares)
    pool += [_Piece(-1, 0, -int(due[slot])) for slot in np.flatnonzero(due < 0)]
    shares += _cancelled(pool)
    shares += _fill(slots, paid - by_name, pool)
    shares += [Share(one.money, None, False, one.left) for one in pool if one.left > 0]
    _check(slots, paid, shares)
    return Allotment(tuple(shares), slots, position)


@dataclass(slots=True)
class _Piece:
    """A payment being shared out; `left` is what is not yet shared."""

    money: int
    day: int
    left: int


def _in_order(money: Postings) -> IntArray:
    """By day, then by sheet and row."""
    order: IntArray = np.lexsort((money.row, money.part, money.day))
    return order


def _pay_named(
    slots: Slots,
    paid: IntArray,
    pieces: Sequence[_Piece],
    by_name: IntArray,
    shares: list[Share],
) -> list[_Piece]:
    """Give named money its month; returns the pool: all that is left, in order of date."""
    groups: dict[int, list[_Piece]] = {}
    for piece in pieces:
        slot = int(slots.of_money[piece.money])
        if slot >= 0:
            groups.setdefault(slot, []).append(piece)
    first_of = dict(zip(slots.twins[1].tolist(), slots.twins[0].tolist(), strict=True))
    for slot, group in groups.items():
        shares += _cancelled(group)
        for place in (first_of.get(slot), slot):
            if place is not None:
                shares += _pour(slots, place, int(paid[place] - by_name[place]), group, by_name)
    return list(pieces)


def _pour(
    slots: Slots, slot: int, room: int, pieces: Sequence[_Piece], filled: IntArray
) -> Iterator[Share]:
    """Fill one slot from the pieces in order."""
    month, opening = Month(int(slots.month[slot])), bool(slots.opening[slot])
    for piece in pieces:
        part = min(room, piece.left)
        if part > 0:
            piece.left -= part
            room -= part
            filled[slot] += part
            yield Share(piece.money, month, opening, part)


def _fill(slots: Slots, room: IntArray, pool: Sequence[_Piece]) -> Iterator[Share]:
    """Pay from the first slot on, with the earliest money first."""
    ordered = sorted(pool, key=lambda one: one.day)
    filled = np.zeros(len(room), np.int64)
    for slot in np.flatnonzero(room > 0).tolist():
        yield from _pour(slots, slot, int(room[slot]), ordered, filled)


def _cancelled(pieces: Sequence[_Piece]) -> Iterator[Share]:
    """Let reversals take back payments of the same list; both sides become shares."""
    for reversal in [one for one in pieces if one.left < 0]:
        for piece in _candidates(reversal, pieces):
            part = min(piece.left, -reversal.left)
            if part > 0:
                piece.left -= part
                reversal.left += part
                yield Share(piece.money, None, False, part, reversed=True)
                yield Share(reversal.money, None, False, -part, reversed=True)


def _candidates(reversal: _Piece, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Payments a reversal may take back, the likeliest first."""
    return sorted(
        (one for one in pieces if one.left > 0),
        key=lambda one: (
            one.money < 0,
            not (one.day <= reversal.day and one.left == -reversal.left),
            one.day > reversal.day,
            -one.day,
        ),
    )


def moved_since(books: Books, until: dt.date) -> dict[int, dict[tuple[Month, bool], int]]:
    """Payment → what it paid on the day it came in, where that is no longer so at `until`.

    The rule is applied to all postings up to a date, so later money that names a month, a late
    charge for an old month or a reversal can move earlier money. Credit that has since paid a
    month is no move.
    """
    last = allot(books, until)
    money, at_first, found = books.money, dict[int, Allotment](), {}
    for index in np.flatnonzero((money.amount > 0) & (money.day <= until.toordinal())).tolist():
        day = int(money.day[index])
        if day not in at_first:
            at_first[day] = allot(books, dt.date.fromordinal(day))
        first, now = at_first[day].months_of(index), last.months_of(index)
        if any(now.get(month, 0) < amount for month, amount in first.items()):
            found[index] = first
    return found


def _check(slots: Slots, paid: IntArray, shares: Sequence[Share]) -> None:
    """Every month is paid by its shares exactly."""
    sums: dict[tuple[int, bool], int] = {}
    for one in shares:
        if one.month is not None:
            key = (int(one.month), one.opening)
            sums[key] = sums.get(key, 0) + one.amount
    for slot, amount in enumerate(paid.tolist()):
        if sums.get((int(slots.month[slot]), bool(slots.opening[slot])), 0) != amount:
            raise IdentityBroken(f"month {Month(int(slots.month[slot]))} is not paid by its shares")
