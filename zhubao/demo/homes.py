"""A household and its leases, and what its unit costs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from zhubao.demo.estates import UnitDraft
from zhubao.demo.people import Person
from zhubao.ledger.charge_formula import monthly_rent_fen

_PRICES_BEGIN = dt.date(2010, 1, 1)  # the rent table starts here; older leases take its first value


@dataclass(slots=True)
class LeaseDraft:
    """One lease; `last_day` is the day the tenant's duty to pay ends."""

    no: str
    unit: UnitDraft
    starts_on: dt.date
    ends_on: dt.date
    rent: int
    signed_on: dt.date
    terminated_on: dt.date | None = None
    renewed: bool = False

    @property
    def last_day(self) -> dt.date:
        """The earlier of termination and end."""
        return self.terminated_on or self.ends_on

    @property
    def status(self) -> str:
        """The word of the ledger."""
        if self.terminated_on:
            return "已终止"
        return "已到期" if self.renewed else "履行中"


@dataclass(slots=True)
class Home:
    """One household: tenants, applicants on the waiting list, or recipients of a subsidy."""

    no: str
    role: str  # standing, moved, exited, allocated, waiting, dropped, subsidy
    people: list[Person]
    tier: str
    phone: str
    street: str
    community: str
    income: int
    approved_on: dt.date
    hardship: str | None = None
    reduction_percent: int = 0
    leases: list[LeaseDraft] = field(default_factory=list)
    exited_on: dt.date | None = None
    exit_reason: str | None = None
    remark: str | None = None

    @property
    def lease(self) -> LeaseDraft:
        """The latest lease."""
        return self.leases[-1]


def rent_on(unit: UnitDraft, tier: str, day: dt.date) -> int:
    """The monthly rent of the unit for a tier, in fen, at the prices of the day."""
    return _rent(unit.area_m2, tier, unit.plan.grade, unit.has_lift, max(day, _PRICES_BEGIN))


@cache
def _rent(area: Decimal, tier: str, grade: str, lift: bool, day: dt.date) -> int:
    return monthly_rent_fen(area, tier, grade, lift, day)
