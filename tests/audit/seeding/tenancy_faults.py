"""合同: leases run out, unfiled, too long, doubled, without charges, at the wrong rent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from tests.audit.seeding.eligibility_faults import case
from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.town import Home, Town
from zhubao.core.period import Month
from zhubao.ledger.patrol import CaseKind, RectificationStatus
from zhubao.ledger.tenants import LeaseStatus
from zhubao.ledger.units import UnitStatus

_DAY = dt.timedelta(days=1)


def plain(home: Home) -> bool:
    """Owes nothing, begun in 2016 or later."""
    return not home.owes and home.lease["starts_on"].year >= 2016


@fault("AU-301")
def lease_ran_out(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(plain):
        town.change(home.lease, ends_on=town.pick(town.as_of - _DAY, dt.date(2020, 5, 31)))
        yield home.subjects


@fault("AU-302")
def renewal_not_applied_for(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(plain):
        end = town.pick(town.as_of, dt.date(2020, 8, 31), dt.date(2020, 9, 29))
        town.change(home.lease, ends_on=end)
        yield home.subjects


@fault("AU-303")
def lease_never_filed(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(plain):
        town.change(home.lease, filed_on=None)
        yield home.subjects


@fault("AU-304")
def filed_too_late(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(plain):
        town.change(home.lease, filed_on=home.lease["signed_on"] + town.pick(31, 61) * _DAY)
        yield home.subjects


@fault("AU-305")
def term_of_more_than_five_years(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(plain):
        start, years = home.lease["starts_on"], town.pick(5, 7)
        town.change(home.lease, ends_on=start.replace(year=start.year + years))
        yield home.subjects


@fault("AU-306")
def unit_let_to_a_second_household(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        other, moved = next(town.tenants()), dt.date(2020, 6, 10)
        town.change(other.lease, status=LeaseStatus.TERMINATED, terminated_on=moved - _DAY)
        town.change(other.unit, status=UnitStatus.FITTING_OUT, vacant_since=moved)
        town.new_lease(other.household, home.unit, moved)
        yield (*other.subjects, *home.subjects)


@fault("AU-307")
def charge_of_a_month_missing(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: plain(home) and len(home.charges) > 5):
        town.drop(town.pick(*home.charges))
        yield home.subjects


@fault("AU-309")
def charge_of_somebody_without_a_lease(town: Town) -> Iterator[Subjects]:
    while True:
        household = town.new_household()
        number = household["household_no"]
        town.charge(number, Month.of(2020, 5), 20_000)
        yield (number,)


@fault("AU-310")
def rent_off_the_standard(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        town.change(home.lease, monthly_rent=home.lease["monthly_rent"] + town.pick(1, -1, 5_000))
        yield home.subjects


@fault("AU-311")
def area_of_the_lease_wrong(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        area = home.lease["area_m2"] + Decimal("3.5")
        tier, start = home.lease["tier"], home.lease["starts_on"]
        rent = town.rent(home.unit, tier, start, area)
        town.change(home.lease, area_m2=area, monthly_rent=rent)
        yield home.subjects


@fault("AU-312")
def moved_out_and_unit_still_let(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        ended = {"status": LeaseStatus.TERMINATED, "terminated_on": dt.date(2020, 6, 12)}
        town.change(home.lease, **ended)
        yield home.subjects


@fault("AU-313", implies=("AU-911",))
def sublet_and_not_put_right(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        still = {"status": RectificationStatus.OPEN, "rectified_on": None, "checked_on": None}
        number = case(town, home, CaseKind.SUBLET, **still)
        yield number, *home.subjects


@fault("AU-314")
def violation_settled_by_an_exit_on_paper(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        number = case(town, home, CaseKind.USE_CHANGED, household_exits=True)
        yield number, *home.subjects
