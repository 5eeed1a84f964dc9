"""Where a household lives and what it pays: the lease that counts, its unit, its estate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from zhubao.ledger.arrears import Charge
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.ledger.units import Unit
from zhubao.rent.postings import Books, IntArray

NO_ESTATE = "（小区不明）"
UNREGISTERED = "（未登记家庭）"


@dataclass(frozen=True, slots=True)
class Homes:
    """Per account: estate, row of the lease that counts (-1: none), rent of a live lease.

    `moved_out`: there were leases, and the last of them has ended with the unit given back.
    `begun`: a lease has begun by the day.
    """

    estate: tuple[str, ...]
    lease_row: tuple[int, ...]
    monthly_rent: tuple[int | None, ...]
    moved_out: tuple[bool, ...]
    begun: tuple[bool, ...]


def read_homes(loaded: Loaded, books: Books, as_of: dt.date) -> Homes:
    """The lease living in on the day, else the last one before it, else the first to come.

    A lease is live from its start until the household gives the unit back; one that has run out
    but whose household stays on counts as live. The estate is that of the leased unit, else of the
    unit named in the household's latest charge.
    """
    leases = loaded.get(Lease)
    chosen = _choose_leases(loaded, books, as_of)
    units = loaded.get(Unit)
    estate_of = dict(zip(units.column("unit_no"), units.column("estate"), strict=True))
    unit_nos, rents = leases.column("unit_no"), leases.column("monthly_rent")
    estate = [NO_ESTATE] * books.size
    lease_row, rent = [-1] * books.size, [None] * books.size
    moved_out, begun = [False] * books.size, [False] * books.size
    for account, (stage, _, _, row) in chosen.items():
        lease_row[account] = row
        estate[account] = estate_of.get(unit_nos[row]) or NO_ESTATE
        rent[account] = rents[row] if stage == _LIVE else None
        moved_out[account] = stage == _PAST
        begun[account] = stage != _FUTURE
    _fill_from_charges(books, estate, estate_of)
    estate[books.known :] = [UNREGISTERED] * (books.size - books.known)
    return Homes(tuple(estate), tuple(lease_row), tuple(rent), tuple(moved_out), tuple(begun))


_LIVE, _PAST, _FUTURE = 2, 1, 0
_Rank = tuple[int, dt.date, str, int]


def _choose_leases(loaded: Loaded, books: Books, as_of: dt.date) -> dict[int, _Rank]:
    table = loaded.get(Lease)
    account_of = {number: index for index, number in enumerate(books.numbers[: books.known])}
    numbers, starts = table.column("household_no"), table.column("starts_on")
    ended, status = table.column("terminated_on"), table.column("status")
    lease_nos = table.column("lease_no")
    chosen: dict[int, _Rank] = {}
    for row in table.usable("household_no", "unit_no", "starts_on"):
        account = account_of.get(numbers[row])
        if account is None:
            continue
        stage = _stage(starts[row], ended[row], status[row], as_of)
        rank = (stage, starts[row], str(lease_nos[row]), row)
        if account not in chosen or rank > chosen[account]:
            chosen[account] = rank
    return chosen


def _stage(
    start: dt.date, ended: dt.date | None, status: LeaseStatus | None, as_of: dt.date
) -> int:
    if start > as_of:
        return _FUTURE
    if ended is None:
        return _PAST if status is LeaseStatus.TERMINATED else _LIVE
    return _LIVE if ended > as_of else _PAST


def _fill_from_charges(books: Books, estate: list[str], estate_of: dict[str, str]) -> None:
    """Estates still unknown, from the unit in the latest charge that names one."""
    missing = np.array([name == NO_ESTATE for name in estate], dtype=bool)
    if not missing.any():
        return
    debts = books.debts
    rows: IntArray = np.flatnonzero(missing[debts.account] & debts.of_part(1))
    charges = debts.tables[1]
    assert charges.model is Charge
    unit_nos = charges.column("unit_no")
    for index in rows[np.lexsort((debts.row[rows], debts.month[rows]))]:
        found = estate_of.get(unit_nos[int(debts.row[index])])
        if found:
            estate[int(debts.account[index])] = found
