"""Everything that can name a household: numbers, leases, homes, people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, Member
from zhubao.ledger.units import Unit
from zhubao.rent.receipts.accounts import RentAccounts
from zhubao.rent.receipts.lines import StatementLine
from zhubao.rent.receipts.signs import (
    AddressReader,
    HomeKey,
    NumberFinder,
    home_key,
    name_key,
    names_in,
)

_AHEAD = dt.timedelta(days=31)  # the first rent is often paid before the lease starts


class Rule(StrEnum):
    """认领依据, in the order they are tried."""

    DECIDED = "人工认定"
    NUMBER = "家庭编号"
    LEASE = "合同编号"
    ADDRESS = "房源地址"
    NAME = "户名和金额"
    REVERSAL = "冲正原收款"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """One rule's households; `unknown`: numbers that look right and are not in the ledger."""

    rule: Rule
    households: frozenset[str]
    unknown: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Tenancy:
    household: str
    start: dt.date
    end: dt.date | None  # the day the unit was given back; None: still lived in

    def covers(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or self.end > day)


class Directory:
    """Everything that can name a household: numbers, leases, homes, people.

    Needs the tables Household, Member, Lease and Unit besides those of `RentAccounts`.
    """

    def __init__(self, loaded: Loaded, accounts: RentAccounts) -> None:
        self.accounts = accounts
        households = [one for one in loaded.get(Household).column("household_no") if one]
        self.numbers = NumberFinder({number: number for number in households})
        self.leases = NumberFinder(_pairs(loaded, Lease, "lease_no"))
        self.people = _people(loaded, accounts)
        self._tenancies = _tenancies(loaded)
        self._homes = _homes(loaded)
        units = (unit for unit in loaded.get(Unit).column("unit_no") if unit)
        self._units = NumberFinder({unit: unit for unit in units})
        self._addresses = AddressReader({address.estate for address in self._homes})

    def addressed(self, line: StatementLine) -> Sign:
        """The households that any address in the line, or a unit's number, points to."""
        found: set[str] = set()
        sure = True
        for text in filter(None, (line.address, line.memo)):
            for terms in self._terms_in(text):
                more, live = _living(terms, line.day)
                found |= more
                sure &= live or not more
            if found:
                break
        note = "" if sure or not found else "这套房当天没有人在租，只有已退租的"
        return Sign(Rule.ADDRESS, frozenset(found), note=note)

    def _terms_in(self, text: str) -> list[list[_Tenancy]]:
        """The tenancies of every home named in the text, by its number or by its address."""
        units, _ = self._units.search(text)
        if units:
            return [self._tenancies.get(unit, []) for unit in units]
        found = [self._homes.get(address, ()) for address in self._addresses.find(text)]
        return [[one for unit in home for one in self._tenancies.get(unit, [])] for home in found]

    def named(self, line: StatementLine) -> frozenset[str]:
        """The households of the payer, and of people named in the memo."""
        names = names_in(line.memo, self.people)
        payer = name_key(line.payer)
        if payer in self.people:
            names = {payer, *names}
        return frozenset(number for name in names for number in self.people[name])


def _living(terms: Sequence[_Tenancy], day: dt.date) -> tuple[set[str], bool]:
    """(households living there on the day, is that so); else the last one that did.

    Who moves in within a month counts where nobody lives there yet.
    """
    live = {one.household for one in terms if one.covers(day)}
    if not live:
        live = {one.household for one in terms if day < one.start <= day + _AHEAD}
    if live or not terms:
        return live, True
    ended = [one for one in terms if one.start <= day]
    if not ended:
        return set(), True
    last = max(one.start for one in ended)
    return {one.household for one in ended if one.start == last}, False


def _people(loaded: Loaded, accounts: RentAccounts) -> dict[str, set[str]]:
    """Name → the households with a rent account in which somebody is called so."""
    people: dict[str, set[str]] = {}
    for model, field in ((Household, "applicant"), (Member, "name")):
        table = loaded.get(model)
        numbers, names = table.column("household_no"), table.column(field)
        for number, name in zip(numbers, names, strict=True):
            key = name_key(name) if name else ""
            if len(key) > 1 and number and accounts.has_account(number):
                people.setdefault(key, set()).add(number)
    return people


def _pairs(loaded: Loaded, model: type[Lease], field: str) -> dict[str, str]:
    table = loaded.get(model)
    pairs = zip(table.column(field), table.column("household_no"), strict=True)
    return {code: number for code, number in pairs if code and number}


def _tenancies(loaded: Loaded) -> dict[str, list[_Tenancy]]:
    """Unit number → who rented it when; a lease that ran out goes on until the unit is back."""
    table = loaded.get(Lease)
    ends, backs, states = (table.column(n) for n in ("ends_on", "terminated_on", "status"))
    units, numbers, starts = (table.column(n) for n in ("unit_no", "household_no", "starts_on"))
    found: dict[str, list[_Tenancy]] = {}
    for row in table.usable("unit_no", "household_no", "starts_on"):
        back = backs[row] or (ends[row] if states[row] is LeaseStatus.TERMINATED else None)
        found.setdefault(units[row], []).append(_Tenancy(numbers[row], starts[row], back))
    return found


def _homes(loaded: Loaded) -> dict[HomeKey, list[str]]:
    """HomeKey → unit numbers, also as written without entrance and without estate."""
    table = loaded.get(Unit)
    names = ("unit_no", "estate", "building", "entrance", "room")
    homes: dict[HomeKey, list[str]] = {}
    for unit, *parts in zip(*(table.column(name) for name in names), strict=True):
        estate, building, entrance, room = parts
        if not (unit and estate and building and room):
            continue
        full = home_key(estate, building, entrance, room)
        ways = {
            full,
            HomeKey(estate, full.building, "", full.room),
            HomeKey("", full.building, full.entrance, full.room),
            HomeKey("", full.building, "", full.room),
        }
        for way in ways:
            homes.setdefault(way, []).append(unit)
    return homes
