"""Unusual rows that are in order: none of them may raise a lead. Many stand just inside a limit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.audit.seeding.arrears_faults import in_debt, letter, relief
from tests.audit.seeding.eligibility_faults import case
from tests.audit.seeding.fault import Subjects, harmless
from tests.audit.seeding.identity_faults import bury, family, join
from tests.audit.seeding.money_faults import pays
from tests.audit.seeding.subsidy_rows import drawers
from tests.audit.seeding.tenancy_faults import plain
from tests.audit.seeding.town import Home, Town
from zhubao.core.period import Month
from zhubao.ledger.arrears import LetterKind, ReductionKind
from zhubao.ledger.patrol import CaseKind, RectificationStatus
from zhubao.ledger.subsidies import PaymentStatus, SubsidyPayment, SubsidyStatus
from zhubao.ledger.tenants import (
    ExitReason,
    LeaseStatus,
    Member,
    ProtectionStatus,
    Relation,
    WaitingStatus,
)
from zhubao.ledger.units import UnitStatus

_DAY = dt.timedelta(days=1)


@harmless
def filed_on_the_thirtieth_day(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(plain):
        town.change(home.lease, filed_on=home.lease["signed_on"] + 30 * _DAY)
        yield home.subjects


@harmless
def signed_thirty_days_ago_and_not_filed(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        signed = {"signed_on": town.as_of - 30 * _DAY, "filed_on": None}
        yield _exchanged(town, home, **signed)


@harmless
def lease_of_exactly_five_years(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(plain):
        start = home.lease["starts_on"]
        end = start.replace(year=start.year + 5) - _DAY
        if end > town.as_of + 100 * _DAY:
            town.change(home.lease, ends_on=end)
            yield home.subjects


@harmless
def lease_that_ran_out_and_was_renewed(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(plain):
        ended = dt.date(2020, 4, 30)
        town.change(home.lease, ends_on=ended, status=LeaseStatus.EXPIRED)
        tier = {"tier": home.lease["tier"]}
        town.new_lease(home.household, home.unit, ended + _DAY, **tier)
        yield home.subjects


@harmless
def unit_exchanged_for_another(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        yield _exchanged(town, home)


def _exchanged(town: Town, home: Home, **fields: object) -> Subjects:
    """The tenant has another unit since June."""
    moved, unit = dt.date(2020, 6, 10), town.new_unit()
    town.change(home.lease, status=LeaseStatus.TERMINATED, terminated_on=moved - _DAY)
    town.change(home.unit, status=UnitStatus.FITTING_OUT, vacant_since=moved)
    town.new_lease(home.household, unit, moved, **fields)
    return unit["unit_no"], *home.subjects


@harmless
def exited_and_moved_out(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: not home.owes and not home.watched):
        gone = {"status": ProtectionStatus.EXITED, "exit_reason": ExitReason.VOLUNTARY}
        day = dt.date(2020, 6, 12)
        town.change(home.household, exited_on=day, **gone)
        town.change(home.lease, status=LeaseStatus.TERMINATED, terminated_on=day)
        town.change(home.unit, status=UnitStatus.FITTING_OUT, vacant_since=day + _DAY)
        yield home.subjects


@harmless
def died_and_taken_off_the_household(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(family):
        town.change(home.others[0], died_on=dt.date(2020, 5, 2))
        town.change(home.household, size=home.household["size"] - 1)
        yield home.subjects


@harmless
def child_born(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        join(town, home, name="祝新生", identity_no=town.identity_no())
        yield home.subjects


@harmless
def applicant_died_and_was_replaced(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(family):
        bury(town, home)
        heir = home.others[0]
        town.change(home.head, relation=Relation.OTHER)
        town.change(heir, relation=Relation.SELF)
        number = {"applicant": heir["name"], "identity_no": heir["identity_no"]}
        town.change(home.household, **number)
        yield home.subjects


@harmless
def charge_taken_back_and_made_anew(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        row = home.charges[2].row
        back = {"standard": None, "reduction": None, "amount": -row["amount"]}
        for change in (back, {"standard": None, "reduction": None, "amount": row["amount"]}):
            number = {"charge_no": town.number("ZY")}
            town.add(home.charges[2].model, **{**row, **change, **number})
        yield home.subjects


@harmless
def receipt_reversed_with_a_reason(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        made = town.receive(home, dt.date(2020, 5, 18), 7_770)
        told = {"receipt_no": made["receipt_no"], "remark": "冲正，误入他户"}
        town.receive(home, dt.date(2020, 5, 19), -7_770, **told)
        yield home.subjects


@harmless
def rent_paid_half_a_year_ahead(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        town.receive(home, dt.date(2020, 6, 28), 120_001)
        yield home.subjects


@harmless
def five_months_owed(town: Town) -> Iterator[Subjects]:
    for home in town.unseen():
        if pays(home):
            in_debt(town, home.number, Month.of(2019, 8), 5, home.charges[0]["amount"])
            yield home.subjects


def _never_owed(home: Home) -> bool:
    return pays(home) and not home.opened


@harmless
def eight_months_owed_and_warned(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(_never_owed):
        in_debt(town, home.number, Month.of(2019, 5), 8, 100_000)
        letter(town, home, LetterKind.INSTALMENT, dt.date(2020, 5, 12))
        yield home.subjects


@harmless
def written_off_by_a_decision(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        remark = {"remark": "批准依据：局长办公会议纪要"}
        relief(town, home, ReductionKind.WRITE_OFF, 1_000, **remark)
        yield home.subjects


@harmless
def month_let_off_whole(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(pays):
        charge = home.charges[3]
        given = {"month": charge["month"], "reason": "困难家庭临时减免"}
        relief(town, home, ReductionKind.REDUCTION, charge["amount"], **given)
        yield home.subjects


@harmless
def unit_empty_for_a_day_less_than_six_months(town: Town) -> Iterator[Subjects]:
    while True:
        since = {"vacant_since": dt.date(2020, 1, 2), "status": UnitStatus.VACANT}
        yield (town.new_unit(delivered_on=dt.date(2019, 7, 5), **since)["unit_no"],)


@harmless
def car_bought_and_found_eligible(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        yield (case(town, home, CaseKind.CAR_BOUGHT, household_exits=False), *home.subjects)


@harmless
def report_that_was_unfounded(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        none = {"rectified_on": None, "checked_on": None}
        state = {"status": RectificationStatus.UNFOUNDED, **none}
        yield (case(town, home, CaseKind.SUBLET, **state), *home.subjects)


@harmless
def violation_due_on_the_day(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        none = {"rectified_on": None, "checked_on": None}
        state = {"status": RectificationStatus.OPEN, "deadline": town.as_of, **none}
        yield (case(town, home, CaseKind.SUBLET, **state), *home.subjects)


@harmless
def payment_bounced_and_paid_again(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.change(one.payment, status=PaymentStatus.BOUNCED)
        again = {"payment_no": town.number("ZP"), "paid_on": dt.date(2020, 4, 29)}
        town.add(SubsidyPayment, **{**one.payment.row, **again})
        yield one.subjects


@harmless
def grant_ended_after_the_last_payment(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        ended = {"status": SubsidyStatus.STOPPED, "status_changed_on": dt.date(2020, 4, 2)}
        town.change(one.grant, last_month=Month.of(2020, 3), **ended)
        yield one.subjects


@harmless
def drawn_by_a_member(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        name = f"祝{one.number}"
        row = {"household_no": one.number, "name": name, "identity_no": town.identity_no()}
        gone = {"relation": Relation.OTHER, "died_on": dt.date(2020, 6, 29)}
        town.add(Member, **row, **gone)
        town.change(one.payment, payee=name)
        yield one.subjects


@harmless
def waits_for_a_day_less_than_five_years(town: Town) -> Iterator[Subjects]:
    while True:
        since = dt.date(2015, 7, 1)
        household = town.new_household(approved_on=since)
        town.waiting(household, approved_on=since, status=WaitingStatus.WAITING)
        yield (household["household_no"],)
