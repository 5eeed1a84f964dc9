"""资格: who may no longer enjoy and still does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.subsidy_rows import drawers
from tests.audit.seeding.town import Home, Town
from zhubao.core.period import Month
from zhubao.ledger.patrol import CaseCategory, CaseKind, RectificationStatus, TenancyCase
from zhubao.ledger.tenants import ExitReason, ProtectionStatus, ReviewDecision, Tier


def case(town: Town, home: Home, kind: CaseKind, **fields: object) -> str:
    """A case of the tenant, found in February and settled; returns its number."""
    changes = (CaseKind.CAR_BOUGHT, CaseKind.HOME_BOUGHT, CaseKind.BUSINESS, CaseKind.INCOME)
    given: dict[str, object] = {
        "case_no": town.number("ZW"),
        "category": CaseCategory.CHANGE if kind in changes else CaseCategory.VIOLATION,
        "kind": kind,
        "household_no": home.number,
        "unit_no": home.unit["unit_no"],
        "found_on": dt.date(2020, 2, 10),
        "deadline": dt.date(2020, 3, 10),
        "rectified_on": dt.date(2020, 3, 2),
        "checked_on": dt.date(2020, 3, 5),
        "household_exits": False,
        "status": RectificationStatus.RECTIFIED,
    }
    row = {**given, **fields}
    town.add(TenancyCase, **row)
    return str(row["case_no"])


@fault("AU-201")
def declared_income_too_high(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: not home.owes and home.review is not None):
        assert home.review is not None
        most = 2_000_000 * home.review["declared_size"]
        town.change(home.review, declared_income=most + town.pick(1, 500_000))
        yield home.subjects


@fault("AU-202")
def declared_home_too_large(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: not home.owes and home.review is not None):
        assert home.review is not None
        area = Decimal(20 * home.household["size"])
        town.change(home.review, declared_area_m2=area)
        yield home.subjects


@fault("AU-203")
def term_of_the_subsidy_over(town: Town) -> Iterator[Subjects]:
    for one in drawers(town, capped=True):
        town.change(one.grant, months_before=23)
        yield one.subjects


@fault("AU-207")
def term_over_by_the_first_month(town: Town) -> Iterator[Subjects]:
    for one in drawers(town, capped=True):
        begun = {"approved_on": dt.date(2017, 10, 20), "first_month": Month.of(2017, 11)}
        town.change(one.grant, months_before=None, **begun)
        yield one.subjects


@fault("AU-205")
def review_said_exit(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: not home.owes and home.review is not None):
        assert home.review is not None
        town.change(home.review, decision=ReviewDecision.EXIT)
        yield home.subjects


@fault("AU-206")
def certificate_not_entered(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(_certified):
        town.change(home.household, certificate_no=None)
        yield home.subjects


def _certified(home: Home) -> bool:
    return not home.owes and home.household["tier"] in (Tier.LOW_SUBSISTENCE, Tier.DESTITUTE)


@fault("AU-211")
def exited_and_still_a_tenant(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        gone = {"status": ProtectionStatus.EXITED, "exit_reason": ExitReason.VOLUNTARY}
        town.change(home.household, exited_on=dt.date(2020, 4, 15), **gone)
        yield home.subjects


@fault("AU-212")
def banned_and_still_a_tenant(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        case(town, home, CaseKind.SUBLET, banned_until=dt.date(2025, 2, 9))
        yield home.subjects


def _acquired(town: Town, kind: CaseKind) -> Iterator[Subjects]:
    for home in town.tenants():
        case(town, home, kind, household_exits=True)
        yield home.subjects


@fault("AU-213")
def home_bought_and_nothing_done(town: Town) -> Iterator[Subjects]:
    yield from _acquired(town, CaseKind.HOME_BOUGHT)


@fault("AU-214")
def car_bought_and_nothing_done(town: Town) -> Iterator[Subjects]:
    yield from _acquired(town, CaseKind.CAR_BOUGHT)


@fault("AU-215")
def business_registered_and_nothing_done(town: Town) -> Iterator[Subjects]:
    yield from _acquired(town, CaseKind.BUSINESS)
