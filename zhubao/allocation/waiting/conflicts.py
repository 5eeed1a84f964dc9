"""Members of staff and their kin (利害关系人) among the people of a draw or of the waiting list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao.allocation.waiting.people import People, Person, identity_key
from zhubao.allocation.waiting.replay import read_waiting_list
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.masking import mask_identity, mask_name
from zhubao.ledger.allocation import DrawEvent, RelatedPerson, RosterEntry
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Member, WaitingEntry

CONFLICT_MODELS = (WaitingEntry, Household, Member, DrawEvent, RosterEntry, RelatedPerson)
_OWN = "本人"


class Match(StrEnum):
    """How a person of the list and a related person agree."""

    NUMBER = "号码相同"
    UNREADABLE = "同名，号码缺"  # the same name, and one of the numbers is missing
    NAME_ONLY = "只是同名"  # the same name, and two different numbers


@dataclass(frozen=True, slots=True)
class Related:
    """One row of 利害关系人; `key` is "" where the number is missing or unreadable."""

    table: LedgerTable[RelatedPerson]
    index: int
    key: str
    name: str
    staff: str
    relation: str
    department: str
    declared_on: dt.date | None

    @property
    def cell(self) -> Cell:
        """Where the row stands."""
        return self.table.cell(self.index, "identity_no")

    @property
    def shown(self) -> str:
        """张*明（430102********1234）."""
        return f"{mask_name(self.name)}（{mask_identity(self.key) if self.key else '号码缺'}）"


@dataclass(frozen=True, slots=True)
class Entrant:
    """One household to be compared: an entry of a roster, or of the waiting list."""

    number: str  # 参摇编号 or 轮候号
    household_no: str
    cell: Cell
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One person of the list who is, or may be, a related person. Never a verdict."""

    match: Match
    entrant: Entrant
    person: Person
    related: Related


@dataclass(frozen=True, slots=True)
class Conflicts:
    """What was compared and what agreed; `without_members`: households known by applicant only."""

    as_of: dt.date
    event_no: str
    event_name: str
    loaded: Loaded
    entrants: tuple[Entrant, ...]
    register: tuple[Related, ...]
    hits: tuple[Conflict, ...]

    def of(self, match: Match) -> tuple[Conflict, ...]:
        """The hits of one kind, in the order of the list."""
        return tuple(hit for hit in self.hits if hit.match is match)

    @property
    def people(self) -> int:
        """How many persons were compared."""
        return sum(len(entrant.people) for entrant in self.entrants)

    @property
    def unreadable(self) -> tuple[Person, ...]:
        """Persons of the list whose number is missing or unreadable."""
        return tuple(one for entrant in self.entrants for one in entrant.people if not one.key)

    @property
    def staff_without_row(self) -> tuple[Related, ...]:
        """The first row of each member of staff who is not in the register themselves (本人)."""
        own = {_name(one.staff or one.name) for one in self.register if one.relation == _OWN}
        missing: dict[str, Related] = {}
        for one in self.register:
            if one.staff and _name(one.staff) not in own:
                missing.setdefault(_name(one.staff), one)
        return tuple(missing.values())


def find_conflicts(loaded: Loaded, as_of: dt.date, event_no: str = "") -> Conflicts:
    """Compare every person of the event's 摇号名册 with 利害关系人, by number, then by name.

    Without an event: everybody waiting at the end of `as_of`. People are the members of the
    household (not those who had died), and for a roster the applicant as it names them.
    Numbers: 15 and 18 digits are one; a blank never equals a blank. A name alone is a coincidence
    unless a number is missing. Raises `UsageError` for an event the ledger does not have.
    """
    people = People(loaded)
    name = _event_name(loaded, event_no) if event_no else ""
    found = _roster(loaded, event_no, people) if event_no else _waiting(loaded, as_of, people)
    entrants = tuple(
        Entrant(e.number, e.household_no, e.cell, _alive(e.people, as_of)) for e in found
    )
    register = tuple(_register(loaded.get(RelatedPerson)))
    hits = tuple(_matches(entrants, register))
    return Conflicts(as_of, event_no, name, loaded, entrants, register, hits)


def _event_name(loaded: Loaded, event_no: str) -> str:
    table = loaded.get(DrawEvent)
    names = dict(zip(table.column("event_no"), table.column("name"), strict=True))
    names.pop(None, None)
    if event_no in names:
        return str(names[event_no] or "")
    if event_no in loaded.get(RosterEntry).column("event_no"):
        return ""
    known = "、".join(sorted(names)) or "（一次也没有登记）"
    raise UsageError(f"没有编号为“{event_no}”的摇号活动", advice=f"已登记的活动：{known}。")


def _roster(loaded: Loaded, event_no: str, people: People) -> Iterator[Entrant]:
    table = loaded.get(RosterEntry)
    numbers, households = table.column("entrant_no"), table.column("household_no")
    names, identities = table.column("applicant"), table.column("identity_no")
    for index, event in enumerate(table.column("event_no")):
        if event != event_no:
            continue
        household = households[index] or ""
        key, name = identity_key(identities[index]), names[index] or ""
        named = Person(key, name, household, True, table, index)
        members = people.of_household.get(household, []) if household else []
        known = any(one.key == key if key else one.name == name for one in members)
        everyone = tuple(members) if known else (named, *members)
        yield Entrant(numbers[index] or "", household, table.row_cell(index), everyone)


def _waiting(loaded: Loaded, as_of: dt.date, people: People) -> Iterator[Entrant]:
    for one in read_waiting_list(loaded).live(as_of):
        members = tuple(people.of_household.get(one.household_no, ()))
        yield Entrant(one.waiting_no, one.household_no, one.cell(), members)


def _alive(people: Iterable[Person], as_of: dt.date) -> tuple[Person, ...]:
    return tuple(one for one in people if not one.is_dead(as_of))


def _register(table: LedgerTable[RelatedPerson]) -> Iterator[Related]:
    numbers, names = table.column("identity_no"), table.column("name")
    staff, relations = table.column("staff"), table.column("relation")
    departments, declared = table.column("department"), table.column("declared_on")
    for index in range(len(table)):
        yield Related(
            table,
            index,
            identity_key(numbers[index]),
            names[index] or "",
            staff[index] or "",
            relations[index] or "",
            departments[index] or "",
            declared[index],
        )


def _matches(entrants: Iterable[Entrant], register: Iterable[Related]) -> Iterator[Conflict]:
    by_key: dict[str, list[Related]] = defaultdict(list)
    by_name: dict[str, list[Related]] = defaultdict(list)
    for one in register:
        if one.key:
            by_key[one.key].append(one)
        if _name(one.name):
            by_name[_name(one.name)].append(one)
    for entrant in entrants:
        for person in entrant.people:
            same = by_key.get(person.key, [])  # a blank is no key of it
            named = by_name.get(_name(person.name), [])
            for related in (*same, *(one for one in named if one not in same)):
                yield Conflict(_match(person, related), entrant, person, related)


def _match(person: Person, related: Related) -> Match:
    if not person.key or not related.key:
        return Match.UNREADABLE
    return Match.NUMBER if person.key == related.key else Match.NAME_ONLY


def _name(text: Any) -> str:
    """The name without blanks inside; clerks write 张　明 and 张明."""
    return "".join(str(text).split())
