"""Everybody of every household, by identity number in all its forms, and by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from zhubao.allocation.waiting.people import People, Person
from zhubao.audit.match.spans import Span, protection_spans
from zhubao.core.identity import check_identity
from zhubao.ledger.checks.standing import households_in_force, live_leases
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.tenants import Household, Lease, Member, Tier
from zhubao.policy.lookup import Overrides

MATCH_MODELS = (Household, Member, Lease, SubsidyGrant)
_CERTIFIED = (Tier.LOW_SUBSISTENCE, Tier.DESTITUTE)


class Members:
    """Built once, then any number of lists is compared with it.

    `known`: number as a list may write it (eighteen digits, and the old fifteen of who was born
    19xx) → those persons. `faulty`: numbers of ours with a fault, as they are written. `named`:
    name → persons. The dead and the households that left are among them: the dates decide.
    """

    def __init__(self, loaded: Loaded, as_of: dt.date, overrides: Overrides | None = None) -> None:
        self.loaded, self.as_of = loaded, as_of
        self.known: dict[Any, list[Person]] = {}
        self.faulty: dict[str, list[Person]] = {}
        self.named: dict[str, list[Person]] = {}
        self.count = self.without_number = 0
        for persons in People(loaded).of_household.values():
            for person in persons:
                self._add(person)
        self._spans = protection_spans(loaded, as_of, overrides)
        self._units = _units(loaded, as_of)
        self._in_force = households_in_force(loaded.get(Household), as_of)

    def spans(self, household: str) -> tuple[Span, ...]:
        """When the household was protected."""
        return self._spans.get(household, ())

    def unit(self, household: str) -> str:
        """The unit it lives in on the day; "" for none."""
        return self._units.get(household, "")

    def certified(self) -> Mapping[str, int]:
        """The households in force that are 低保 or 特困 → row."""
        tiers = self.loaded.get(Household).column("tier")
        return {no: row for no, row in self._in_force.items() if tiers[row] in _CERTIFIED}

    def tier(self, household: str) -> Tier | None:
        """保障类型 of a household in force."""
        row = self._in_force.get(household)
        return None if row is None else self.loaded.get(Household).column("tier")[row]

    def _add(self, person: Person) -> None:
        self.count += 1
        name = "".join(person.name.split())
        if name:
            self.named.setdefault(name, []).append(person)
        number = person.key
        if not number or check_identity(number) is not None:
            self.without_number += 1
            if number:
                self.faulty.setdefault(number, []).append(person)
            return
        for form in _forms(number):
            self.known.setdefault(form, []).append(person)


def _forms(number: str) -> Sequence[str]:
    """The number, its old form, and the small x that lists often have."""
    forms = [number]
    if number.endswith("X"):
        forms.append(number[:-1] + "x")
    if number[6:8] == "19":
        forms.append(number[:6] + number[8:17])
    return forms


def _units(loaded: Loaded, as_of: dt.date) -> dict[str, str]:
    table = loaded.get(Lease)
    homes, units = table.column("household_no"), table.column("unit_no")
    return {homes[row]: units[row] or "" for row in live_leases(table, as_of) if homes[row]}
