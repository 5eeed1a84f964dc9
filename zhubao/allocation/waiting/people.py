"""Who belongs to which household, by identity number in one form: 15 and 18 digits are one."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.identity import normalise_identity, to_18
from zhubao.core.masking import mask_identity, mask_name
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Member, Relation


def identity_key(number: str | None) -> str:
    """The number in the form that is compared; "" when there is none, which equals nothing.

    An old number in order becomes eighteen digits; one with a fault stays as it is written.
    """
    text = number or ""
    if len(text) == 18 and text.isascii() and text.isalnum():
        return text.upper()
    text = normalise_identity(text)
    if len(text) != 15:
        return text
    try:
        return to_18(text)
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Person:
    """One person of one household. `key` is "" where the number is missing or unreadable."""

    key: str
    name: str
    household_no: str
    is_applicant: bool
    table: LedgerTable[Any]
    index: int
    died_on: dt.date | None = None

    @property
    def cell(self) -> Cell:
        """Where the identity number stands."""
        return self.table.cell(self.index, "identity_no")

    def is_dead(self, day: dt.date) -> bool:
        """True when the person had died by that day."""
        return self.died_on is not None and self.died_on <= day

    @property
    def shown(self) -> str:
        """Masked name and number, for messages."""
        number = mask_identity(self.key) if self.key else "身份证号空着或读不出"
        return f"{mask_name(self.name)}（{number}）"


class People:
    """Everybody of 保障家庭 and 家庭成员, each once per household.

    `shared`: the numbers that stand in more than one household.
    """

    def __init__(self, loaded: Loaded) -> None:
        self.of_household: dict[str, list[Person]] = defaultdict(list)
        seen: set[tuple[str, str]] = set()
        for person in (*_members(loaded.get(Member)), *_applicants(loaded.get(Household))):
            mark = person.household_no, person.key or person.name
            if mark not in seen:
                seen.add(mark)
                self.of_household[person.household_no].append(person)
        everyone = (person for people in self.of_household.values() for person in people)
        counts = Counter(person.key for person in everyone if person.key)
        self.shared = {key for key, count in counts.items() if count > 1}


class Holders:
    """The people of certain households, found by number; those who had died are left out."""

    def __init__(
        self,
        people: People,
        households: Iterable[str],
        day: dt.date,
        *,
        is_applicant: bool | None = None,
    ) -> None:
        self._by_key: dict[str, dict[str, Person]] = defaultdict(dict)
        for household in dict.fromkeys(households):
            for person in people.of_household.get(household, ()):
                fits = is_applicant is None or person.is_applicant == is_applicant
                if fits and person.key in people.shared and not person.is_dead(day):
                    self._by_key[person.key][household] = person

    def others(self, person: Person) -> tuple[Person, int] | None:
        """The first with the same number in another household, and how many more; else None.

        In constant time: a number that thousands share must not cost its square.
        """
        found = self._by_key.get(person.key, {}) if person.key else {}
        own = person.household_no
        first = next((one for household, one in found.items() if household != own), None)
        if first is None:
            return None
        return first, len(found) - 1 - (own in found)


def _members(table: LedgerTable[Member]) -> Iterator[Person]:
    numbers, names = table.column("identity_no"), table.column("name")
    relations, died = table.column("relation"), table.column("died_on")
    for index, household in enumerate(table.column("household_no")):
        if household:
            key, name = identity_key(numbers[index]), names[index] or ""
            is_applicant = relations[index] == Relation.SELF
            yield Person(key, name, household, is_applicant, table, index, died[index])


def _applicants(table: LedgerTable[Household]) -> Iterator[Person]:
    numbers, names = table.column("identity_no"), table.column("applicant")
    for index, household in enumerate(table.column("household_no")):
        if household:
            key = identity_key(numbers[index])
            yield Person(key, names[index] or "", household, True, table, index)
