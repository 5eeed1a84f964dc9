"""Households as a payment sees them: who belongs to them, who is dead, who holds a unit when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity, normalise_identity, to_18
from zhubao.core.period import Month
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, Member

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """One lease: let from `start` to the day before `free_on` (None: not yet left)."""

    lease_no: str
    household: str
    start: dt.date
    free_on: dt.date | None
    cell: Cell

    def touches(self, month: Month) -> bool:
        """True when the unit is held on any day of the month."""
        begun = max(self.start, month.first_day)
        return begun <= month.last_day and (self.free_on is None or begun < self.free_on)


class Standing:
    """People, deaths and leases by household number; built once from the tables."""

    def __init__(self, loaded: Loaded) -> None:
        self.households, self.members = loaded.get(Household), loaded.get(Member)
        numbers = self.households.column("household_no")
        self._row: dict[str, int] = {}
        for row, number in enumerate(numbers):
            if number:
                self._row.setdefault(number, row)
        self._members: defaultdict[str, list[int]] = defaultdict(list)
        for row, number in enumerate(self.members.column("household_no")):
            if number:
                self._members[number].append(row)
        self._stays = _stays(loaded)
        self._people, self._homes = self._living_people()

    def row_of(self, household: str | None) -> int | None:
        """The household's row in 保障家庭."""
        return self._row.get(household or "")

    def text(self, household: str | None, name: str) -> str | None:
        """A text of the household's row."""
        row = self.row_of(household)
        value = None if row is None else self.households.column(name)[row]
        return value if isinstance(value, str) else None

    def kin(self, household: str) -> tuple[str, ...]:
        """Other households that a living member (applicant included) also stands in, sorted."""
        found = {
            other for person in self._people.get(household, ()) for other in self._homes[person]
        }
        return tuple(sorted(found - {household}))

    def stays(self, household: str) -> Iterator[Stay]:
        """The leases of the household, and of the other households of its members."""
        for number in (household, *self.kin(household)):
            yield from self._stays.get(number, ())

    def dead(self, household: str, on: dt.date, payee: str | None) -> tuple[str, Cell] | None:
        """Who of those that matter has died by the day: the applicant, everybody, the payee.

        A 死亡日期 that cannot be read says that somebody died.
        """
        died = self.members.column("died_on")
        rows = self._members.get(household, [])
        for one in rows:
            if one in self.members.bad.get("died_on", ()):
                return "有成员的死亡日期读不懂", self.members.cell(one, "died_on")
        gone = [row for row in rows if died[row] is not None and died[row] <= on]
        if not gone:
            return None
        if len(gone) == len(rows):
            return "家庭成员都已死亡", self.members.cell(gone[0], "died_on")
        for one in gone:
            role = self._role(household, one, payee)
            if role:
                return f"{role}于 {died[one]} 死亡", self.members.cell(one, "died_on")
        return None

    def _role(self, household: str, member: int, payee: str | None) -> str:
        """申请人 or 领取人, where the member is one."""
        row = self.row_of(household)
        applicant = one_form(self.households.column("identity_no")[row]) if row is not None else ""
        if applicant and one_form(self.members.column("identity_no")[member]) == applicant:
            return "申请人"
        return "领取人" if payee and self.members.column("name")[member] == payee else ""

    def _living_people(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Household → its living people, and the reverse; blanks are nobody."""
        people: defaultdict[str, set[str]] = defaultdict(set)
        homes: defaultdict[str, set[str]] = defaultdict(set)
        died = self.members.column("died_on")
        dead = {
            one_form(number)
            for number, day in zip(self.members.column("identity_no"), died, strict=True)
            if number and day is not None
        }
        for table in (self.households, self.members):
            pairs = zip(table.column("household_no"), table.column("identity_no"), strict=True)
            for household, number in pairs:
                person = one_form(number)
                if household and person and person not in dead:
                    people[household].add(person)
                    homes[person].add(household)
        return dict(people), dict(homes)


def one_form(number: str | None) -> str:
    """Old and new form of one valid identity number alike; "" for a blank."""
    text = normalise_identity(number) if number else ""
    return to_18(text) if len(text) == 15 and check_identity(text) is None else text


def _stays(loaded: Loaded) -> dict[str, list[Stay]]:
    """Household → its leases.

    Held until 退租日期 (that day no longer counts); without one 已到期 and 已终止 until 到期日期,
    履行中 without end. A lease whose dates or status cannot be read is taken as held throughout:
    money is not paid on a doubt.
    """
    table = loaded.get(Lease)
    usable = set(table.usable("starts_on", "ends_on", "terminated_on", "status"))
    names = ("household_no", "lease_no", "starts_on", "ends_on", "terminated_on", "status")
    columns = [table.column(name) for name in names]
    found: defaultdict[str, list[Stay]] = defaultdict(list)
    for index, values in enumerate(zip(*columns, strict=True)):
        household, lease, start, ends, left, status = values
        if not household:
            continue
        free: dt.date | None = None
        if index not in usable:
            start = dt.date.min
        elif left is not None:
            free = left
        elif status is not LeaseStatus.IN_FORCE:
            free = ends + _ONE_DAY
        found[household].append(Stay(lease or "", household, start, free, table.row_cell(index)))
    return dict(found)
