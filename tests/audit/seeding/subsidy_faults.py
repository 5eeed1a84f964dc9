"""补贴: paid without ground, twice, too much, too late, to somebody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.subsidy_rows import Drawer, drawers
from tests.audit.seeding.town import Town
from zhubao.core.period import Month
from zhubao.ledger.subsidies import PaymentStatus, SubsidyPayment, SubsidySignIn, SubsidyStatus

_LAST_YEAR = "2019-Q4"


@fault("AU-601")
def paid_without_a_sign_in(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.change(one.sign_in, signed=False, signed_on=None, method=None)
        yield one.subjects


@fault("AU-602")
def paid_on_after_the_stop(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        ended = {"status": SubsidyStatus.STOPPED, "status_changed_on": dt.date(2020, 1, 20)}
        town.change(one.grant, last_month=Month.of(2020, 1), **ended)
        yield one.subjects


@fault("AU-603")
def quarter_paid_twice(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.add(SubsidyPayment, **{**one.payment.row, "payment_no": town.number("ZP")})
        yield one.subjects


@fault("AU-604")
def paid_more_than_granted(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        more = town.pick(1, 600)
        if one.grant["actual_rent"] * 3 >= one.payment["amount"] + more:
            town.change(one.payment, amount=one.payment["amount"] + more)
            yield one.subjects


@fault("AU-605")
def rent_below_the_subsidy(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.change(one.grant, actual_rent=one.grant["monthly_amount"] - 2_000)
        yield one.subjects


def _add_last_year(town: Town, one: Drawer, paid: dt.date) -> None:
    signed = {"quarter": _LAST_YEAR, "signed_on": dt.date(2019, 12, 9)}
    town.add(SubsidySignIn, **{**one.sign_in.row, **signed})
    number = {"payment_no": town.number("ZP"), "quarter": _LAST_YEAR, "paid_on": paid}
    town.add(SubsidyPayment, **{**one.payment.row, **number})


@fault("AU-606")
def last_quarter_paid_after_the_day(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        if one.grant["approved_on"] < dt.date(2019, 8, 1):
            _add_last_year(town, one, town.pick(dt.date(2019, 12, 26), dt.date(2019, 12, 30)))
            yield one.subjects


@fault("AU-607")
def paid_long_after_the_quarter(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.change(one.payment, paid_on=town.pick(dt.date(2020, 5, 1), dt.date(2020, 6, 15)))
        yield one.subjects


@fault("AU-608")
def two_households_with_one_account(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        other = next(drawers(town))
        account = one.grant["bank_account"]
        town.change(other.grant, bank_account=account)
        town.change(other.payment, bank_account=account)
        yield (account,)


@fault("AU-609", implies=("AU-607",))
def bounced_and_forgotten(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.change(one.payment, status=PaymentStatus.BOUNCED)
        yield one.subjects


@fault("AU-610")
def recovered_without_the_money(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.change(one.payment, status=PaymentStatus.RECOVERED)
        yield one.subjects


@fault("AU-611")
def rental_contract_ended(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.change(one.grant, rental_ends_on=dt.date(2020, 1, 31))
        yield one.subjects


@fault("AU-612")
def paid_before_the_approval(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.change(one.grant, approved_on=dt.date(2020, 5, 20))
        yield one.subjects


@fault("AU-613")
def drawn_by_a_stranger(town: Town) -> Iterator[Subjects]:
    for one in drawers(town):
        town.change(one.payment, payee="陌路人")
        yield one.subjects
