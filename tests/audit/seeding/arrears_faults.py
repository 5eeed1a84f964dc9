"""欠租: debts left alone, plans broken, letters too soon, rent let off without ground."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.identity_faults import bury
from tests.audit.seeding.town import Home, Place, Town
from zhubao.core.money import prorate
from zhubao.core.period import Month
from zhubao.ledger.arrears import (
    Instalment,
    InstalmentPlan,
    LetterKind,
    OpeningDebt,
    PlanRhythm,
    PlanStatus,
    Reduction,
    ReductionKind,
    RentLetter,
)
from zhubao.ledger.tenants import ExitReason, ProtectionStatus, Tier

_DAY = dt.timedelta(days=1)
_JUNE = dt.date(2020, 6, 15)


def in_debt(town: Town, number: str, first: Month, count: int, amount: int = 30_000) -> None:
    """Months unpaid from before the ledger."""
    for step in range(count):
        town.add(OpeningDebt, household_no=number, month=first.plus(step), amount=amount)


def letter(town: Town, home: Home, kind: LetterKind, day: dt.date) -> str:
    """A letter about the rent; returns its number."""
    number = town.number("ZX")
    town.add(RentLetter, letter_no=number, household_no=home.number, kind=kind, issued_on=day)
    return number


@fault("AU-401")
def six_months_owed_and_nothing_done(town: Town) -> Iterator[Subjects]:
    for home in town.unseen():
        charges = {one["amount"] for one in home.charges}
        if len(charges) == 1 and len(home.charges) > 5 and len(home.receipts) > 4:
            in_debt(town, home.number, Month.of(2019, 7), town.pick(6, 8), charges.pop())
            yield home.subjects


@fault("AU-402", implies=("AU-016",))
def debtor_died(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: home.owes and bool(home.others)):
        bury(town, home)
        yield home.subjects


@fault("AU-403")
def exited_with_debts(town: Town) -> Iterator[Subjects]:
    while True:
        gone = {"status": ProtectionStatus.EXITED, "exit_reason": ExitReason.VOLUNTARY}
        day = town.pick(town.as_of - 91 * _DAY, dt.date(2020, 1, 20))
        household = town.new_household(exited_on=day, **gone)
        number = household["household_no"]
        in_debt(town, number, Month.of(2019, 10), 2)
        yield (number,)


@fault("AU-404")
def plan_broken_and_nothing_done(town: Town) -> Iterator[Subjects]:
    while True:
        number = town.new_household()["household_no"]
        in_debt(town, number, Month.of(2019, 10), 3)
        plan = town.number("ZQ")
        town.add(
            InstalmentPlan,
            plan_no=plan,
            household_no=number,
            signed_on=dt.date(2020, 1, 8),
            rhythm=PlanRhythm.MONTHLY,
            total=90_000,
            parts=3,
            status=PlanStatus.IN_FORCE,
        )
        for part in (1, 2, 3):
            due = dt.date(2020, part, 28)
            town.add(Instalment, plan_no=plan, part=part, due_on=due, amount=30_000)
        yield number, plan


@fault("AU-405")
def demand_to_a_household_in_hardship(town: Town) -> Iterator[Subjects]:
    for home in town.unseen():
        town.change(home.household, hardship="重病")
        yield letter(town, home, LetterKind.DEMAND, dt.date(2020, 5, 12)), *home.subjects


@fault("AU-406")
def old_debt_that_nobody_pays(town: Town) -> Iterator[Subjects]:
    while True:
        number = town.new_household()["household_no"]
        in_debt(town, number, Month.of(2018, 11), 2)
        yield (number,)


@fault("AU-407")
def notice_to_vacate_without_consequence(town: Town) -> Iterator[Subjects]:
    for home in town.unseen():
        if home.household["tier"] is not Tier.LOWER_MIDDLE:
            continue
        in_debt(town, home.number, Month.of(2019, 5), 8, 100_000)
        yield letter(town, home, LetterKind.VACATE, dt.date(2020, 4, 10)), *home.subjects


@fault("AU-411")
def fixed_relief_above_the_percentage(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: not home.owes and len(home.charges) > 5):
        charge = town.pick(*home.charges)
        off = prorate(charge["standard"], 7, 10) + town.pick(3, 500)
        town.change(charge, reduction=off, amount=charge["standard"] - off)
        yield home.subjects


def relief(town: Town, home: Home, kind: ReductionKind, amount: int, **fields: object) -> Place:
    """A row of 减免."""
    number, common = town.number("ZM"), {"household_no": home.number, "kind": kind}
    row = {"reduction_no": number, "amount": amount, "approved_on": _JUNE, **common, **fields}
    return town.add(Reduction, **row)


@fault("AU-408")
def written_off_without_authority(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        made = relief(town, home, ReductionKind.WRITE_OFF, 1_000, reason="收不回")
        yield made["reduction_no"], *home.subjects


@fault("AU-409")
def reduced_without_a_reason(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        made = relief(town, home, ReductionKind.REDUCTION, 1_000)
        yield made["reduction_no"], *home.subjects


@fault("AU-410")
def reduced_by_more_than_the_rent(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: not home.owes and len(home.charges) > 5):
        charge = home.charges[3]
        given = {"month": charge["month"], "reason": "困难家庭临时减免"}
        relief(town, home, ReductionKind.REDUCTION, charge["amount"] + town.pick(1, 5_000), **given)
        yield home.subjects
