"""Leases: which are live, which follow which, and the days each unit is let."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from zhubao.audit.facts import Facts
from zhubao.ledger.arrears import Charge
from zhubao.ledger.checks.standing import live_leases
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit
from zhubao.supply.tenancies import Tenancy, tenancies


def live(facts: Facts) -> list[int]:
    """Rows of the leases under which somebody lives on the day (`standing.live_leases`)."""
    return live_leases(facts.loaded.get(Lease), facts.as_of)


def tenancies_by_unit(facts: Facts) -> dict[str, list[Tenancy]]:
    """Unit → its leases by first day (`supply.tenancies`)."""
    return tenancies(facts.loaded)


@dataclass(frozen=True, slots=True)
class LiveLeases:
    """The rows of live leases by household and by unit."""

    by_household: dict[str, list[int]]
    by_unit: dict[str, list[int]]

    def of(self, household: str, unit: str = "") -> list[int]:
        """The live leases of a household; those of one unit where it is named."""
        rows = self.by_household.get(household, [])
        if not unit:
            return rows
        own = set(self.by_unit.get(unit, ()))
        return [row for row in rows if row in own]


def live_by_key(facts: Facts) -> LiveLeases:
    """The live leases by household and unit."""
    table = facts.loaded.get(Lease)
    found = LiveLeases(defaultdict(list), defaultdict(list))
    households, units = table.column("household_no"), table.column("unit_no")
    for row in facts.once(live):
        if households[row]:
            found.by_household[households[row]].append(row)
        if units[row]:
            found.by_unit[units[row]].append(row)
    return LiveLeases(dict(found.by_household), dict(found.by_unit))


class Successors:
    """Whether a lease of a household and unit is followed by a later one of the same two."""

    def __init__(self, loaded: Loaded) -> None:
        table = loaded.get(Lease)
        self._households, self._units = table.column("household_no"), table.column("unit_no")
        self._starts = table.column("starts_on")
        self._last: dict[tuple[str, str], dt.date] = {}
        for row in table.usable("household_no", "unit_no", "starts_on"):
            key = self._households[row], self._units[row]
            self._last[key] = max(self._last.get(key, self._starts[row]), self._starts[row])

    def has_successor(self, row: int) -> bool:
        """True when a lease that begins later is on record, begun by the day or not."""
        last = self._last.get((self._households[row], self._units[row]))
        return last is not None and last > self._starts[row]


def successors(facts: Facts) -> Successors:
    """The renewals on record."""
    return Successors(facts.loaded)


def units_ever_let(facts: Facts) -> set[str]:
    """The units that a lease names; where its unit cannot be read, those its charges name."""
    table, charges = facts.loaded.get(Lease), facts.loaded.get(Charge)
    units = table.column("unit_no")
    found = {unit for unit in units if unit}
    numbers = table.column("lease_no")
    lost = {numbers[row] for row in table.bad.get("unit_no", ()) if numbers[row]}
    if lost:
        homes = zip(charges.column("lease_no"), charges.column("unit_no"), strict=True)
        found |= {unit for lease, unit in homes if unit and lease in lost}
    return found


def unit_rows(facts: Facts) -> dict[str, int]:
    """Unit number → its row; the first of two rows with one number counts."""
    rows: dict[str, int] = {}
    for row, number in enumerate(facts.loaded.get(Unit).column("unit_no")):
        if number:
            rows.setdefault(number, row)
    return rows
