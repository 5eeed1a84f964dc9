"""What an operator is answerable for: its estates, a period, and the rent accounts in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.checks.standing import live_leases
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit


@dataclass(frozen=True, slots=True)
class Sum:
    """Numerator and denominator in fen, and the cells they are added up from."""

    numerator: int
    denominator: int
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """The rent of the scope's accounts in the period, as the rent line settles it.

    Money pays the month it names, else the oldest debt first; so what was received for old debts
    is known only after settling every account. That is the rent line's arithmetic, done once there
    and handed over: `old` received for debts from before the period ÷ opening debt, `current`
    received for the period's charges ÷ charged, `combined` received ÷ (opening debt + charged).
    `in_debt` are the households that owed on the day before the period.
    """

    old: Sum
    current: Sum
    combined: Sum
    in_debt: frozenset[str]

    @classmethod
    def of(
        cls,
        *,
        old: tuple[Ratio, tuple[Cell, ...]],
        current: tuple[Ratio, tuple[Cell, ...]],
        combined: tuple[Ratio, tuple[Cell, ...]],
        in_debt: Iterable[str] = (),
    ) -> Collection:
        """From the rent line's rates (fen), each with its cells."""
        one, two, three = (
            Sum(rate.numerator, rate.denominator, cells) for rate, cells in (old, current, combined)
        )
        return cls(one, two, three, frozenset(in_debt))


def column_cells(table: LedgerTable[Any], name: str) -> tuple[Cell, ...]:
    """The whole column of a field, one range per sheet: K2:K9."""
    return tuple(
        Cell(part.file, part.sheet, f"{part.ref(0, name, '')}:{part.ref(-1, name, '')}")
        for part in table.segments
        if len(part.rows)
    )


class Scope:
    """The sheets, the days counted (first and last included) and the operator's estates.

    Without estates everything counts. A record belongs to the estate of the unit it names, else of
    the household's unit on the last day, else of the household's last unit.
    """

    def __init__(
        self,
        loaded: Loaded,
        period: Period,
        collection: Collection,
        estates: Iterable[str] = (),
    ) -> None:
        self.loaded, self.period, self.collection = loaded, period, collection
        self.estates = frozenset(estates)
        units = loaded.get(Unit)
        numbers, names = units.column("unit_no"), units.column("estate")
        self._estate_of_unit = dict(zip(numbers, names, strict=True))
        self._unit_of = self._units_of_households()

    @property
    def end(self) -> dt.date:
        """The last day counted."""
        return self.period.end

    def unknown_estates(self) -> list[str]:
        """The operator's estates that no unit lies in."""
        return sorted(self.estates - set(self._estate_of_unit.values()))

    def has_estate(self, estate: str | None) -> bool:
        """True when the estate is the operator's."""
        return not self.estates or estate in self.estates

    def has(self, unit_no: str | None, household_no: str | None) -> bool:
        """True when the unit, else the household's unit, lies in the operator's estates."""
        return not self.estates or self.estate_of(unit_no, household_no) in self.estates

    def estate_of(self, unit_no: str | None, household_no: str | None) -> str | None:
        """The estate; None where it is not known."""
        number = unit_no or self._unit_of.get(household_no or "")
        return self._estate_of_unit.get(number)

    def households_on(self, day: dt.date) -> set[str]:
        """The operator's households that live somewhere on the day."""
        leases = self.loaded.get(Lease)
        numbers, units = leases.column("household_no"), leases.column("unit_no")
        return {
            numbers[index]
            for index in live_leases(leases, day)
            if numbers[index] and self.has(units[index], numbers[index])
        }

    def _units_of_households(self) -> dict[str, str]:
        leases = self.loaded.get(Lease)
        numbers, units = leases.column("household_no"), leases.column("unit_no")
        starts = leases.column("starts_on")
        begun = [
            i
            for i in leases.usable("household_no", "unit_no", "starts_on")
            if starts[i] <= self.end
        ]
        order = sorted(begun, key=lambda index: (starts[index], index))
        found = {numbers[index]: units[index] for index in order}
        return found | {numbers[i]: units[i] for i in live_leases(leases, self.end) if units[i]}
