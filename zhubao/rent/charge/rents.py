"""The whole-month rents of a lease: by contract, by the rent table, and what is let off of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhubao import policy
from zhubao.ledger.arrears import Charge
from zhubao.ledger.charge_formula import price_per_m2
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Unit
from zhubao.rent.charge.part_month import Stretch
from zhubao.rent.charge.stays import Stay
from zhubao.rent.charge.terms import NO_RELIEF, Era, ReliefRule, Share, Terms

_HUNDRED = 100
_CLEAR_BASE = 200  # fen; from here on no two whole percentages are within a fen of one amount


@dataclass(frozen=True, slots=True)
class Tariff:
    """What the rent table makes of a lease in one era; `standard` is None, with a reason, when it
    has no answer."""

    standard: int | None
    formula: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """A live lease with the ledger rows that price it; -1 where there is no such row."""

    stay: Stay
    household_row: int
    unit_row: int
    tier: str | None
    area: Decimal | None
    contract: int | None  # fen per month
    relief: Share = NO_RELIEF  # carried over from the month before


@dataclass(frozen=True, slots=True)
class LastRelief:
    """Reductions of an earlier month, by household and unit: what share, how much, which row."""

    share: Share
    amount: int
    row: int


class Rents:
    """Prices leases of one loaded bureau under one month's terms."""

    def __init__(
        self,
        loaded: Loaded,
        terms: Terms,
        last: Mapping[tuple[str, str], LastRelief],
    ) -> None:
        self.terms, self._last = terms, last
        self._leases, self._units = loaded.get(Lease), loaded.get(Unit)
        self._households = loaded.get(Household)
        self._unit_rows = _first_rows(self._units.column("unit_no"))
        self._household_rows = _first_rows(self._households.column("household_no"))

    def home(self, stay: Stay) -> Home:
        """The lease with its household, unit, tier, area, contract rent and carried relief.

        tier: of the lease, else of the household. area: of the lease, else of the unit; a lease
        whose area cell is bad has none.
        """
        household = self._household_rows.get(stay.household_no, -1)
        unit = self.unit_row(stay.unit_no)
        tier = self._leases.column("tier")[stay.row]
        if tier is None and household >= 0:
            tier = self._households.column("tier")[household]
        last = self._last.get((stay.household_no, stay.unit_no))
        return Home(
            stay=stay,
            household_row=household,
            unit_row=unit,
            tier=str(tier) if tier else None,
            area=self._area(stay.row, unit),
            contract=self._leases.column("monthly_rent")[stay.row],
            relief=last.share if last else NO_RELIEF,
        )

    def unit_row(self, unit_no: str | None) -> int:
        """The row of a unit in the unit table, -1 when there is none."""
        return self._unit_rows.get(unit_no or "", -1)

    def tariff(self, home: Home, era: Era) -> Tariff:
        """billed area × price (tier, grade, lift, day), half up to the fen; or why not."""
        if home.unit_row < 0:
            return Tariff(None, reason="房源不在房源表里")
        grade = self._units.column("location_grade")[home.unit_row]
        has_lift = self._units.column("has_lift")[home.unit_row]
        missing = _missing(home, grade, has_lift)
        if missing or home.area is None or home.tier is None:
            return Tariff(None, reason=f"{'、'.join(missing)}空着、为 0 或看不清")
        try:
            rent = self.terms.standard(home.area, home.tier, grade, has_lift, era)
        except policy.PolicyUnknown as fault:
            return Tariff(None, reason=fault.message)
        return Tariff(rent)

    def formula(self, home: Home, era: Era) -> str:
        """area × price, as the clerk would write it; the lease has a tariff."""
        assert home.area is not None
        assert home.tier is not None
        grade = self._units.column("location_grade")[home.unit_row]
        has_lift = self._units.column("has_lift")[home.unit_row]
        price = price_per_m2(home.tier, grade, has_lift, era.on, self.terms.overrides)
        lift = "有电梯" if has_lift else "无电梯"
        return f"{home.area} m² × {price}，{home.tier}、{grade}、{lift}"

    def stretches(self, home: Home, rents: Mapping[int, int]) -> list[tuple[Stretch, int]]:
        """The days charged at one rent each, with what is let off of that whole-month rent.

        `rents` maps the first day of an era to the whole-month rent then.
        """
        found = []
        for era in self.terms.eras:
            first, last = max(home.stay.first.day, era.first), min(home.stay.last.day, era.last)
            if first <= last:
                rent = rents[era.first]
                found.append((Stretch(first, last, rent), self.share(home, era).of(rent)))
        return found

    def share(self, home: Home, era: Era) -> Share:
        """The share of the rent that is let off, by the relief rule in force."""
        if self.terms.relief_rule is ReliefRule.CARRIED:
            return home.relief
        return era.relief(home.tier, self.hardship(home))

    def hardship(self, home: Home) -> str | None:
        """The household's mark of hardship."""
        if home.household_row < 0:
            return None
        mark: str | None = self._households.column("hardship")[home.household_row]
        return mark

    def _area(self, lease_row: int, unit_row: int) -> Decimal | None:
        if lease_row in self._leases.bad.get("area_m2", ()):
            return None
        area = self._leases.column("area_m2")[lease_row]
        if area is None and unit_row >= 0:
            area = self._units.column("billed_area_m2")[unit_row]
        return Decimal(str(area)) if area else None


def last_reliefs(
    table: LedgerTable[Charge], rows: list[int], leases: LedgerTable[Lease]
) -> dict[tuple[str, str], LastRelief]:
    """Household and unit → the reduction in these charges: Σ reduction ÷ Σ standard (see `_share`).

    A charge without standard rent has amount + reduction; one without unit takes its lease's.
    Only usable rows with a reduction above zero, and bases above zero, count.
    """
    unit_of = dict(zip(leases.column("lease_no"), leases.column("unit_no"), strict=True))
    rent_of = dict(zip(leases.column("lease_no"), leases.column("monthly_rent"), strict=True))
    household, unit, lease, standard, reduction, amount = (
        table.column(name)
        for name in ("household_no", "unit_no", "lease_no", "standard", "reduction", "amount")
    )
    sums: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        number, flat = household[row], unit[row] or unit_of.get(lease[row])
        if number is None or flat is None or amount[row] is None:
            continue
        let_off = reduction[row] or 0
        base = standard[row] if standard[row] is not None else amount[row] + let_off
        entry = sums.setdefault((number, flat), [0, 0, row])
        entry[0] += let_off
        entry[1] += base
    return {
        place: LastRelief(_share(let_off, base, rent_of.get(lease[row])), let_off, row)
        for place, (let_off, base, row) in sums.items()
        if let_off > 0 and base > 0
    }


def _share(let_off: int, base: int, rent: int | None) -> Share:
    """`let_off` ÷ `base`, as the charge has them.

    A charge of another amount than the contract rent is mostly one of part of a month: both numbers
    are rounded, and their ratio would be a fen off in a whole month. There a whole percentage that
    gives the reduction to within a fen is taken: 34.83 of 174.17 is 20 %, not 19.9977 %.
    """
    percent = (200 * let_off + base) // (2 * base)
    if base != rent and base >= _CLEAR_BASE and abs(100 * let_off - percent * base) < _HUNDRED:
        return Share(percent, _HUNDRED)
    return Share(let_off, base)


def _missing(home: Home, grade: Any, has_lift: Any) -> list[str]:
    wanted = (("计租面积", home.area), ("保障类型", home.tier), ("地段等级", grade))
    return [name for name, value in wanted if not value] + (["电梯"] if has_lift is None else [])


def _first_rows(numbers: list[Any]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for row, number in enumerate(numbers):
        if number:
            rows.setdefault(number, row)
    return rows
