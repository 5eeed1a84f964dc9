"""Who lives in which unit on a day, by the leases: whose door there is to knock on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.ledger.addresses import Address, address_of
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.ledger.units import Unit

NOWHERE = Address()


@dataclass(frozen=True, slots=True)
class Dwelling:
    """A household's unit on a day; `address` is empty where the unit is not in the ledger."""

    household_no: str
    unit_no: str
    lease_row: int
    address: Address
    cell: Cell


@dataclass(frozen=True, slots=True)
class _Term:
    start: dt.date
    back: dt.date | None
    status: LeaseStatus | None
    unit_no: str
    household_no: str
    row: int


class Dwellings:
    """The leases by household.

    A lease is lived in from 起租日期 until the day before 退租日期. One that has run out without a
    day of return still is, as the household has not given the unit back, unless another lease of
    this household or of this unit has begun since. One that is 已终止 without a day is not.
    """

    def __init__(self, loaded: Loaded) -> None:
        self._leases, units = loaded.get(Lease), loaded.get(Unit)
        self._unit_rows = {no: row for row, no in enumerate(units.column("unit_no")) if no}
        self._units = units
        self._by_household: defaultdict[str, list[_Term]] = defaultdict(list)
        self._begun: defaultdict[str, list[dt.date]] = defaultdict(list)
        self._addresses: dict[str, Address] = {}
        for term in self._terms():
            self._by_household[term.household_no].append(term)
            self._begun[term.unit_no].append(term.start)

    def of(self, household_no: str, day: dt.date) -> Dwelling | None:
        """Where the household lives on the day; None when nowhere that the leases know of."""
        term = self._term(household_no, day)
        return self._dwelling(term) if term is not None else None

    def is_home(self, household_no: str, day: dt.date) -> bool:
        """True when the household lives somewhere on the day."""
        return self._term(household_no, day) is not None

    def on(self, day: dt.date) -> dict[str, Dwelling]:
        """Household → dwelling, of everybody who lives somewhere on the day."""
        found = ((number, self.of(number, day)) for number in self._by_household)
        return {number: dwelling for number, dwelling in found if dwelling is not None}

    def has_lived(self, household_no: str, day: dt.date) -> bool:
        """True when a lease of the household has begun by the day."""
        return any(one.start <= day for one in self._by_household.get(household_no, ()))

    def has_unit(self, unit_no: str) -> bool:
        """True when the unit is in the sheet 房源."""
        return unit_no in self._unit_rows

    def address(self, unit_no: str | None) -> Address:
        """The unit's address; the empty one where it is not in the sheet 房源."""
        row = self._unit_rows.get(unit_no or "")
        if row is None:
            return NOWHERE
        found = self._addresses.get(unit_no or "")
        if found is None:
            found = self._addresses[unit_no or ""] = address_of(self._units, row)
        return found

    def _term(self, household_no: str, day: dt.date) -> _Term | None:
        """Of the leases lived in on the day the one begun last."""
        last: _Term | None = None
        for one in self._by_household.get(household_no, ()):
            later = last is None or one.start >= last.start
            if later and one.start <= day and self._is_lived_in(one, day):
                last = one
        return last

    def _terms(self) -> list[_Term]:
        table = self._leases
        starts, backs = table.column("starts_on"), table.column("terminated_on")
        states = table.column("status")
        units, numbers = table.column("unit_no"), table.column("household_no")
        rows = table.usable("starts_on", "terminated_on", "unit_no", "household_no")
        return [
            _Term(starts[row], backs[row], states[row], units[row], numbers[row], row)
            for row in rows
        ]

    def _is_lived_in(self, term: _Term, day: dt.date) -> bool:
        if term.back is not None:
            return term.back > day
        if term.status is LeaseStatus.EXPIRED:
            own = (one.start for one in self._by_household[term.household_no])
            since = (*self._begun[term.unit_no], *own)
            return not any(term.start < one <= day for one in since)
        return term.status is not LeaseStatus.TERMINATED

    def _dwelling(self, term: _Term) -> Dwelling:
        return Dwelling(
            term.household_no,
            term.unit_no,
            term.row,
            self.address(term.unit_no),
            self._leases.row_cell(term.row),
        )
