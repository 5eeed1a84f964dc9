"""Invented people: valid check digits, and numbers that nobody real can have.

Identity numbers use the district code 430199, which no edition of GB/T 2260 has ever assigned.
Phone numbers begin with 154, a prefix the national numbering plan has given to no carrier.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from zhubao.demo.names import full_name, given_name
from zhubao.demo.streams import stream

UNASSIGNED_DISTRICT = "430199"
UNASSIGNED_PREFIX = "154"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_GENERATION = (23, 31)  # years between parents and children


@dataclass(slots=True)
class Person:
    """One member of a family."""

    name: str
    identity_no: str
    male: bool
    born: dt.date
    relation: str
    died_on: dt.date | None = None

    @property
    def sex(self) -> str:
        """The word of the ledger."""
        return "男" if self.male else "女"


class People:
    """Makes families. `today` is the day their ages are counted on; numbers never repeat."""

    def __init__(self, seed: int, today: dt.date) -> None:
        self._seed = seed
        self._rng = stream(seed, "people")
        self._today = today
        self._used: set[str] = set()

    def apart(self, purpose: str) -> People:
        """Others of the same town: drawing them changes nothing in who comes after here."""
        others = People(self._seed, self._today)
        others._rng, others._used = stream(self._seed, f"people/{purpose}"), self._used
        return others

    def family(self, size: int, *, elderly: bool = False) -> list[Person]:
        """The applicant first, then a likely family of `size`."""
        rng = self._rng
        age = rng.randint(61, 88) if elderly else rng.randint(27, 60)
        head = self._person("本人", age, rng.random() < 0.52, full_name(rng))
        others = [self._relative(head, relation) for relation in _relations(rng, size, age)]
        return [head, *others]

    def phone(self) -> str:
        """Eleven digits under a prefix without a carrier."""
        return f"{UNASSIGNED_PREFIX}{self._rng.randrange(10**8):08d}"

    def _relative(self, head: Person, relation: str) -> Person:
        rng, age = self._rng, self._today.year - head.born.year
        surname = head.name[0] if relation != "配偶" else None
        name = full_name(rng) if surname is None else surname + given_name(rng)
        if relation == "配偶":
            return self._person(relation, max(22, age + rng.randint(-4, 4)), not head.male, name)
        if relation == "父母":
            return self._person(relation, min(94, age + rng.randint(*_GENERATION)), None, name)
        return self._person(relation, max(2, age - rng.randint(*_GENERATION)), None, name)

    def _person(self, relation: str, age: int, male: bool | None, name: str) -> Person:
        rng = self._rng
        male = rng.random() < 0.5 if male is None else male
        born = dt.date(self._today.year - age, 1, 1) - dt.timedelta(days=rng.randint(1, 365))
        while True:
            number = identity_number(born, male, rng.randrange(500))
            if number not in self._used:
                self._used.add(number)
                return Person(name, number, male, born, relation)


def identity_number(born: dt.date, male: bool, order: int) -> str:
    """A number with a valid check digit; `order` 0 to 499 within the day and sex."""
    body = f"{UNASSIGNED_DISTRICT}{born:%Y%m%d}{order * 2 + male:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECK[total % 11]


def _relations(rng: random.Random, size: int, age: int) -> list[str]:
    """Who lives with the applicant: a spouse or not, children, parents for the younger."""
    others: list[str] = []
    if size >= 2:
        others.append("配偶" if rng.random() < (0.6 if size == 2 else 0.88) else "子女")
    while len(others) < size - 1:
        parents = others.count("父母")
        wants_parent = age < 58 and parents < 2 and rng.random() < 0.25
        others.append("父母" if wants_parent else "子女")
    return others
