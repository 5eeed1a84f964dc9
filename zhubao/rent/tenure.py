"""Whether a charge stands on a lease: the months each lease covers, lease numbers that exist."""

from __future__ import annotations

import datetime as dt

import numpy as np

from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Lease
from zhubao.rent.postings import Books, BoolArray, IntArray


def charges_outside_leases(loaded: Loaded, books: Books) -> tuple[BoolArray, BoolArray]:
    """Two masks over the debts: charges in no lease's months, and whether there is any lease.

    A lease covers every month from its start to the month the unit was given back, or, while that
    has not happened, to the month of its agreed end. Only registered households are tested.
    """
    debts = books.debts
    account, first, last = _lease_terms(loaded, books)
    leased = (np.bincount(account, minlength=books.size) > 0)[debts.account]
    covered = _covered(books, account, first, last)
    outside = ~covered & debts.of_part(1) & (debts.account < books.known)
    return outside, leased


def charges_of_unknown_leases(loaded: Loaded, books: Books) -> BoolArray:
    """Charges of registered households that name a lease number the ledger does not have."""
    debts = books.debts
    mask = np.zeros(len(debts), bool)
    named = debts.tables[1].column("lease_no")
    unknown = set(named) - {*loaded.get(Lease).column("lease_no"), None}
    if unknown:
        charges = np.flatnonzero(debts.of_part(1) & (debts.account < books.known))
        mask[[index for index in charges if named[int(debts.row[index])] in unknown]] = True
    return mask


def _lease_terms(loaded: Loaded, books: Books) -> tuple[IntArray, IntArray, IntArray]:
    """Account, first month and last month of every usable lease."""
    table = loaded.get(Lease)
    account_of = {number: index for index, number in enumerate(books.numbers)}
    numbers, starts = table.column("household_no"), table.column("starts_on")
    ends, ended = table.column("ends_on"), table.column("terminated_on")
    terms = [
        (account_of[numbers[row]], _month(starts[row]), _month(ended[row] or ends[row]))
        for row in table.usable("household_no", "starts_on", "ends_on")
        if numbers[row] in account_of
    ]
    account, first, last = np.array(terms, np.int64).reshape(-1, 3).T
    return account, first, last


def _month(day: dt.date) -> int:
    """The number of the day's month, without making a `Month` of it."""
    return day.year * 12 + day.month - 1


def _covered(books: Books, account: IntArray, first: IntArray, last: IntArray) -> BoolArray:
    """True where a lease of the account covers the month; one pass per lease a household has."""
    debts = books.debts
    order = np.argsort(account, kind="stable")
    turn = np.arange(len(order)) - np.searchsorted(account[order], account[order])
    covered = np.zeros(len(debts), bool)
    for number in range(int(turn.max(initial=-1)) + 1):
        pick = order[turn == number]
        low, high = np.zeros(books.size, np.int64), np.full(books.size, -1)
        low[account[pick]], high[account[pick]] = first[pick], last[pick]
        covered |= (debts.month >= low[debts.account]) & (debts.month <= high[debts.account])
    return covered
