"""空置: units empty for long, charged though empty, lived in without a lease."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.town import Town
from zhubao.core.period import Month
from zhubao.ledger.patrol import (
    Occupancy,
    PatrolKind,
    PatrolVisit,
    VacancyCheck,
    VacancyReason,
    VacancyResult,
    VacancyStatus,
)
from zhubao.ledger.units import UnitStatus

_DAY, _HALF = dt.timedelta(days=1), dt.date(2019, 12, 30)
_NEW = dt.date(2019, 7, 5)  # not yet a year: the estate's rate does not count it
_VACANT = {"status": UnitStatus.VACANT}


@fault("AU-501")
def unit_empty_for_six_months_or_more(town: Town) -> Iterator[Subjects]:
    while True:
        since = town.pick(dt.date(2019, 12, 30), dt.date(2019, 10, 1))
        yield (town.new_unit(vacant_since=since, delivered_on=_NEW, **_VACANT)["unit_no"],)


@fault("AU-502")
def empty_unit_charged(town: Town) -> Iterator[Subjects]:
    while True:
        unit = town.new_unit(vacant_since=dt.date(2020, 2, 29), delivered_on=_NEW, **_VACANT)
        household = town.new_household()
        place = {"unit_no": unit["unit_no"]}
        town.charge(household["household_no"], Month.of(2020, 5), 20_000, **place)
        yield unit["unit_no"], household["household_no"]


@fault("AU-503")
def let_unit_without_a_lease(town: Town) -> Iterator[Subjects]:
    while True:
        yield (town.new_unit()["unit_no"],)


@fault("AU-504")
def let_unit_marked_vacant(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        town.change(home.unit, status=UnitStatus.VACANT)
        yield home.subjects


@fault("AU-505")
def tenant_never_there(town: Town) -> Iterator[Subjects]:
    for home in town.unseen():
        for day in (town.pick(_HALF, _HALF - 20 * _DAY), dt.date(2020, 5, 12)):
            town.add(
                PatrolVisit,
                visit_no=town.number("ZC"),
                household_no=home.number,
                unit_no=home.unit["unit_no"],
                kind=PatrolKind.ROUTINE,
                visited_on=day,
                met=False,
                occupancy=Occupancy.EMPTY,
            )
        yield home.subjects


@fault("AU-506")
def delivered_and_never_let(town: Town) -> Iterator[Subjects]:
    while True:
        day = town.pick(dt.date(2019, 6, 30), dt.date(2018, 6, 1))
        yield (town.new_unit(delivered_on=day, **_VACANT)["unit_no"],)


@fault("AU-507")
def estate_nobody_lives_in(town: Town) -> Iterator[Subjects]:
    while True:
        name = town.number("新苑")
        town.new_unit(estate=name, vacant_since=dt.date(2020, 5, 1), **_VACANT)
        yield (name,)


@fault("AU-508")
def idle_unit_not_taken_back(town: Town) -> Iterator[Subjects]:
    for home in town.unseen():
        number = town.number("ZK")
        town.add(
            VacancyCheck,
            check_no=number,
            unit_no=home.unit["unit_no"],
            household_no=home.number,
            reason=VacancyReason.IDLE,
            idle_since=dt.date(2019, 6, 1),
            checked_on=town.pick(town.as_of - 91 * _DAY, dt.date(2020, 1, 10)),
            result=VacancyResult.IDLE,
            status=VacancyStatus.RECOVERING,
        )
        yield number, *home.subjects
