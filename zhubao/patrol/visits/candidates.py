"""Households that should be on the list of key households and are not."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.identity import birth_date_of
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import KeyHouseholdKind
from zhubao.ledger.tenants import Member, ProtectionStatus
from zhubao.patrol.visits.dwellings import Dwelling, Dwellings
from zhubao.patrol.visits.roll import KeyRoll, People
from zhubao.patrol.visits.rules import VisitRules

Reasons = dict[KeyHouseholdKind, tuple[str, Cell]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A household that should be on the list and is not: as what, why, and the cells that say so.

    `listed_as` has the kinds it is on the list for already.
    """

    household_no: str
    kind: KeyHouseholdKind
    reason: str
    dwelling: Dwelling
    cells: tuple[Cell, ...]
    listed_as: tuple[str, ...] = ()


def candidates(
    loaded: Loaded, rules: VisitRules, roll: KeyRoll, homes: Dwellings, as_of: dt.date
) -> list[Candidate]:
    """Protected households with a door that the list lacks on the day, in walking order.

    困难标识 has a word of the policy, or the only living member has reached the age of the policy
    (the number included). One per household and kind.
    """
    people, active = People.of(loaded), roll.on(as_of)
    alone = dict(_alone(loaded, people, rules, as_of))
    found = []
    for number, reasons in _reasons(people, rules, alone):
        home = homes.of(number, as_of)
        if home is not None:
            listed = roll.kinds(active.get(number, ()))
            found += [
                Candidate(number, kind, reason, home, (cell, home.cell), listed)
                for kind, (reason, cell) in reasons.items()
                if kind not in listed
            ]
    return sorted(found, key=lambda one: (one.dwelling.address.walk_key, one.household_no))


def _reasons(
    people: People, rules: VisitRules, alone: Mapping[str, tuple[str, Cell]]
) -> Iterator[tuple[str, Reasons]]:
    """Household → kinds it should be listed under; households that have exited left out."""
    table = people.table
    hardship, status = table.column("hardship"), table.column("status")
    for number, row in people.rows.items():
        if status[row] is ProtectionStatus.EXITED:
            continue
        reasons: Reasons = {}
        for word, kind in rules.hardship_words.items():
            if hardship[row] and word in hardship[row]:
                reasons.setdefault(kind, (f"困难标识：{word}", table.cell(row, "hardship")))
        if number in alone:
            reasons.setdefault(KeyHouseholdKind.ELDERLY_ALONE, alone[number])
        if reasons:
            yield number, reasons


def _alone(
    loaded: Loaded, people: People, rules: VisitRules, as_of: dt.date
) -> Iterator[tuple[str, tuple[str, Cell]]]:
    """Households whose only living member has reached the age, with the cell of the birth date.

    Where 家庭人口 is more than the sheet 家庭成员 has rows, members are missing: nothing is said.
    """
    table, sizes = loaded.get(Member), people.table.column("size")
    numbers, died = table.column("household_no"), table.column("died_on")
    members: defaultdict[str, list[int]] = defaultdict(list)
    for row in table.usable("household_no", "died_on"):
        members[numbers[row]].append(row)
    for number, rows in members.items():
        place = people.rows.get(number)
        living = [row for row in rows if died[row] is None or died[row] > as_of]
        if place is None or len(living) != 1 or (sizes[place] or 1) > len(rows):
            continue
        only = living[0]
        age = _age(table.column("birth_date")[only], table.column("identity_no")[only], as_of)
        if age is not None and age >= rules.alone_age:
            yield number, (f"只有一人，{age} 岁", table.cell(only, "birth_date"))


def _age(written: dt.date | None, identity: str | None, day: dt.date) -> int | None:
    """By 出生日期, else by the identity number; None where neither can be read."""
    born = written
    if born is None and identity:
        try:
            born = birth_date_of(identity)
        except ValueError:
            return None
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
