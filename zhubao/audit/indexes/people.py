"""Who belongs to which household, and the households by number: indexes that many checks share."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from zhubao.allocation.waiting.people import People, Person
from zhubao.audit.facts import Facts
from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity
from zhubao.ledger.checks.standing import exited_households, households_in_force
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Member


def people(facts: Facts) -> People:
    """Everybody of 保障家庭 and 家庭成员, each once per household."""
    return People(facts.loaded)


def persons_by_number(facts: Facts) -> Mapping[str, tuple[Person, ...]]:
    """Identity number (15 and 18 digits are one) → that person in every household.

    Those who had died by the day are left out, and so are blanks: a blank is nobody.
    """
    found: dict[str, list[Person]] = defaultdict(list)
    for household in facts.once(people).of_household.values():
        for person in household:
            if person.key and not person.is_dead(facts.as_of):
                found[person.key].append(person)
    return {key: tuple(some) for key, some in found.items()}


def household_rows(facts: Facts) -> Mapping[str, int]:
    """Household number → its first row in 保障家庭."""
    rows: dict[str, int] = {}
    for index, number in enumerate(facts.loaded.get(Household).column("household_no")):
        if number:
            rows.setdefault(number, index)
    return rows


def member_rows(facts: Facts) -> Mapping[str, tuple[int, ...]]:
    """Household number → the rows of its members, the dead among them."""
    rows: dict[str, list[int]] = defaultdict(list)
    for index, number in enumerate(facts.loaded.get(Member).column("household_no")):
        if number:
            rows[number].append(index)
    return {number: tuple(some) for number, some in rows.items()}


def in_force(facts: Facts) -> Mapping[str, int]:
    """Household number → row, of the households that had not exited on the day."""
    return households_in_force(facts.loaded.get(Household), facts.as_of)


def exited(facts: Facts) -> Mapping[str, dt.date | None]:
    """Household number → exit date, of the households gone on the day."""
    return exited_households(facts.loaded.get(Household), facts.as_of)


def household_cell(facts: Facts, household: str, name: str = "household_no") -> tuple[Cell, ...]:
    """The household's cell in 保障家庭; nothing where it has no row there."""
    index = facts.once(household_rows).get(household)
    return () if index is None else (facts.loaded.get(Household).cell(index, name),)


def applicant_of(loaded: Loaded, index: int) -> tuple[str, str]:
    """Name and identity number of the applicant, as written; "" for what is not."""
    table = loaded.get(Household)
    return table.column("applicant")[index] or "", table.column("identity_no")[index] or ""


def proper(number: str) -> str:
    """The number when it is a valid one, else "": only a valid one can stand for a person."""
    return number if number and check_identity(number) is None else ""
