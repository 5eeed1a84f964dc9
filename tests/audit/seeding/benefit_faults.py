"""重复享受: two benefits of one household, or of one person in two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.identity_faults import family, join
from tests.audit.seeding.subsidy_rows import any_drawer, drawers
from tests.audit.seeding.town import Home, Place, Town
from zhubao.core.period import Month
from zhubao.ledger.services import Approval, ApprovalKind, ApprovalResult
from zhubao.ledger.subsidies import (
    StaffSubsidy,
    StaffSubsidyStatus,
    SubsidyGrant,
    SubsidyPayment,
    SubsidySignIn,
    SubsidyStatus,
)
from zhubao.ledger.tenants import WaitingStatus


def grant(town: Town, home: Home, **fields: Any) -> Place:
    """A grant for a tenant, like one there is, with an account of its own."""
    like = dict(any_drawer(town).grant.row)
    own = {"grant_no": town.number("ZB"), "household_no": home.number}
    payee = {"payee": home.household["applicant"], "bank_account": f"62{int(home.number[2:]):017d}"}
    return town.add(SubsidyGrant, **{**like, **own, **payee, **fields})


@fault("AU-101")
def subsidy_paid_to_a_tenant(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        like = any_drawer(town)
        ended = {"status": SubsidyStatus.STOPPED, "last_month": Month.of(2020, 3)}
        made = grant(town, home, status_changed_on=dt.date(2020, 4, 1), **ended)
        own = {"grant_no": made["grant_no"], "household_no": home.number}
        town.add(SubsidySignIn, **{**like.sign_in.row, **own})
        payee = {"payee": made["payee"], "bank_account": made["bank_account"]}
        amount = made["monthly_amount"] * 3
        number = town.number("ZP")
        paid = {**like.payment.row, **own, **payee, "payment_no": number, "amount": amount}
        town.add(SubsidyPayment, **paid)
        yield home.subjects


@fault("AU-102")
def tenant_with_a_second_unit(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        unit = town.new_unit()
        town.new_lease(home.household, unit, dt.date(2020, 6, 10))
        yield home.number, unit["unit_no"]


@fault("AU-103", implies=("AU-011",))
def member_of_two_tenants(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(family):
        other, member = next(town.tenants()), home.others[0]
        join(town, other, name=member["name"], identity_no=member["identity_no"])
        yield home.number, other.number


@fault("AU-104")
def tenant_waits_for_another_unit(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        town.waiting(home.household, status=WaitingStatus.WAITING)
        yield home.subjects


@fault("AU-105")
def tenant_granted_a_subsidy(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        grant(town, home, approved_on=dt.date(2020, 6, 24), first_month=Month.of(2020, 7))
        yield home.subjects


def approvals(town: Town, kind: ApprovalKind) -> Iterator[Place]:
    """Approved applications of a kind whose household the bureau did not know."""
    return town.places(
        Approval,
        lambda row: (
            row["kind"] is kind
            and row["result"] is ApprovalResult.APPROVED
            and not row["household_no"]
        ),
        "approval_no",
    )


def _granted(town: Town, numbers: Iterator[str], kind: ApprovalKind) -> Iterator[Subjects]:
    for number, approval in zip(numbers, approvals(town, kind), strict=False):
        town.change(approval, household_no=number)
        yield number, approval["approval_no"]


@fault("AU-111")
def tenant_may_buy_an_affordable_home(town: Town) -> Iterator[Subjects]:
    homes = (home.number for home in town.tenants())
    yield from _granted(town, homes, ApprovalKind.AFFORDABLE_PURCHASE)


@fault("AU-112")
def tenant_draws_resettlement_money(town: Town) -> Iterator[Subjects]:
    homes = (home.number for home in town.tenants())
    yield from _granted(town, homes, ApprovalKind.RESETTLEMENT_SUBSIDY)


@fault("AU-113")
def subsidised_may_buy_an_affordable_home(town: Town) -> Iterator[Subjects]:
    homes = (one.number for one in drawers(town))
    yield from _granted(town, homes, ApprovalKind.AFFORDABLE_PURCHASE)


@fault("AU-114")
def subsidised_draws_resettlement_money(town: Town) -> Iterator[Subjects]:
    homes = (one.number for one in drawers(town))
    yield from _granted(town, homes, ApprovalKind.RESETTLEMENT_SUBSIDY)


@fault("AU-115")
def tenant_draws_a_staff_subsidy(town: Town) -> Iterator[Subjects]:
    approved = town.places(
        StaffSubsidy, lambda row: row["status"] is StaffSubsidyStatus.APPROVED, "application_no"
    )
    for home, place in zip(town.tenants(), approved, strict=False):
        head = home.head
        town.change(place, employee=head["name"], identity_no=head["identity_no"])
        yield home.subjects
