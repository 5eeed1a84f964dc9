"""程序: limits passed, stages in disorder, refusals untold, matters left open or closed early."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from tests.audit.seeding.clean import Row
from tests.audit.seeding.eligibility_faults import case
from tests.audit.seeding.fault import Subjects, fault
from tests.audit.seeding.town import Place, Town
from zhubao.ledger.audit import (
    AuditFinding,
    FindingStatus,
    FollowUp,
    FollowUpResult,
    IssueKind,
    Lead,
    LeadSource,
    LeadStatus,
    RectificationStep,
)
from zhubao.ledger.patrol import (
    CaseKind,
    HazardLevel,
    KeyHousehold,
    KeyHouseholdKind,
    RectificationStatus,
    SafetyHazard,
)
from zhubao.ledger.services import (
    Approval,
    ApprovalResult,
    CaseProgress,
    HotlineTicket,
    SpecialCase,
    TicketStatus,
)
from zhubao.ledger.tenants import AnnualReview, ReviewDecision

_DAY, _HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
_FEB, _MAR = dt.date(2020, 2, 12), dt.date(2020, 3, 20)


def _passed(town: Town, *needs: str) -> Iterator[Place]:
    """Approved applications decided before June with these dates; without any, of strangers."""

    def fits(row: Row) -> bool:
        done = row["result"] is ApprovalResult.APPROVED and bool(needs or not row["household_no"])
        return done and row["decided_on"].month < 6 and all(row.get(name) for name in needs)

    return town.places(Approval, fits, "approval_no")


@fault("AU-901")
def decided_three_weeks_late(town: Town) -> Iterator[Subjects]:
    for one in _passed(town):
        later = {"district_decided_at": one["district_decided_at"] + 21 * _DAY}
        town.change(one, decided_on=one["decided_on"] + 21 * _DAY, **later)
        yield (one["approval_no"],)


@fault("AU-902")
def received_before_the_stage_below_decided(town: Town) -> Iterator[Subjects]:
    for one in _passed(town, "street_received_at", "community_decided_at"):
        town.change(one, community_decided_at=one["street_received_at"] + _HOUR)
        yield (one["approval_no"],)


@fault("AU-903")
def refused_and_not_told(town: Town) -> Iterator[Subjects]:
    for one in _passed(town):
        town.change(one, result=ApprovalResult.REFUSED, refusal_reason="不符合条件", amount=None)
        yield (one["approval_no"],)


@fault("AU-904")
def notice_of_two_days(town: Town) -> Iterator[Subjects]:
    for one in _passed(town, "notice_from", "notice_to"):
        town.change(one, notice_to=one["notice_from"] + _DAY)
        yield (one["approval_no"],)


@fault("AU-905")
def approved_without_a_day(town: Town) -> Iterator[Subjects]:
    for one in _passed(town):
        town.change(one, decided_on=None)
        yield (one["approval_no"],)


@fault("AU-911")
def change_of_income_not_dealt_with(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        still = {"status": RectificationStatus.OPEN, "rectified_on": None, "checked_on": None}
        day = town.pick(town.as_of - _DAY, _MAR)
        yield (case(town, home, CaseKind.INCOME, deadline=day, **still),)


def _finding(town: Town, **fields: Any) -> str:
    number = town.number("ZT")
    given = {
        "finding_no": number,
        "kind": IssueKind.PROCEDURE,
        "subject": "台账",
        "matter": "台账登记不及时",
        "found_on": _FEB,
        "department": "保障科",
        "responsible": "整改专班",
        "deadline": dt.date(2020, 4, 30),
        "status": FindingStatus.CLOSED,
        "rectified_on": _MAR,
        "followed_up_on": _MAR + 5 * _DAY,
        "closed_on": _MAR + 9 * _DAY,
    }
    town.add(AuditFinding, **{**given, **fields})
    return number


def _step(town: Town, finding: str) -> None:
    number = town.number("ZR")
    town.add(RectificationStep, step_no=number, finding_no=finding, done_on=_MAR, action="已补登")


def _visit(town: Town, finding: str, result: FollowUpResult) -> None:
    number, day = town.number("ZH"), _MAR + 5 * _DAY
    row = {"follow_up_no": number, "finding_no": finding, "visited_on": day}
    town.add(FollowUp, **row, result=result)


@fault("AU-912")
def finding_past_its_deadline(town: Town) -> Iterator[Subjects]:
    while True:
        none: dict[str, None] = dict.fromkeys(("rectified_on", "followed_up_on", "closed_on"))
        day = town.pick(town.as_of - _DAY, _MAR)
        yield (_finding(town, status=FindingStatus.OPEN, deadline=day, **none),)


@fault("AU-913")
def hazard_past_its_deadline(town: Town) -> Iterator[Subjects]:
    while True:
        number = town.number("ZA")
        town.add(
            SafetyHazard,
            hazard_no=number,
            estate="粟塘小区",
            description="外墙砖松动",
            level=HazardLevel.ORDINARY,
            found_on=_FEB,
            deadline=town.pick(town.as_of - _DAY, _MAR),
            status=RectificationStatus.IN_PROGRESS,
        )
        yield (number,)


@fault("AU-914")
def closed_without_a_follow_up(town: Town) -> Iterator[Subjects]:
    while True:
        number = _finding(town, followed_up_on=None)
        _step(town, number)
        yield (number,)


@fault("AU-915")
def closed_without_papers(town: Town) -> Iterator[Subjects]:
    while True:
        number = _finding(town)
        _visit(town, number, FollowUpResult.DONE)
        yield (number,)


@fault("AU-916")
def closed_with_half_of_the_money(town: Town) -> Iterator[Subjects]:
    while True:
        number = _finding(town, amount=180_000, recovered=90_000)
        _step(town, number)
        _visit(town, number, FollowUpResult.DONE)
        yield (number,)


@fault("AU-917")
def closed_though_not_put_right(town: Town) -> Iterator[Subjects]:
    while True:
        number = _finding(town)
        _step(town, number)
        _visit(town, number, FollowUpResult.NOT_DONE)
        yield (number,)


@fault("AU-921")
def ticket_left_open(town: Town) -> Iterator[Subjects]:
    while True:
        number = town.number("ZD")
        row = {
            "ticket_no": number,
            "received_on": _MAR,
            "due_on": town.pick(town.as_of - _DAY, _MAR),
        }
        town.add(HotlineTicket, **row, content="反映漏水", status=TicketStatus.HANDLING)
        yield (number,)


@fault("AU-922")
def special_case_left_open(town: Town) -> Iterator[Subjects]:
    while True:
        number = town.number("ZE")
        row = {"case_no": number, "applicant": "祝某某", "difficulty": "产权不清"}
        days = {"received_on": _FEB, "due_on": town.pick(town.as_of - _DAY, _MAR)}
        town.add(SpecialCase, **row, **days, status=CaseProgress.HANDLING)
        yield (number,)


@fault("AU-923")
def lead_left_unverified(town: Town) -> Iterator[Subjects]:
    while True:
        number = town.number("ZI")
        town.add(
            Lead,
            lead_no=number,
            kind=IssueKind.RECORDS,
            source=LeadSource.REPORT,
            raised_on=town.pick(town.as_of - 31 * _DAY, _FEB),
            matter="邻居反映长期无人",
            status=LeadStatus.OPEN,
        )
        yield (number,)


@fault("AU-924")
def lonely_tenant_not_visited(town: Town) -> Iterator[Subjects]:
    for home in town.unseen():
        row = {"household_no": home.number, "kind": KeyHouseholdKind.ELDERLY_ALONE}
        town.add(KeyHousehold, **row, listed_on=dt.date(2019, 3, 1), visits_per_month=1)
        yield home.subjects


@fault("AU-925", implies=("AU-204",))
def review_never_concluded(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: not home.owes and home.review is not None):
        assert home.review is not None
        town.change(home.review, decision=ReviewDecision.PENDING, decided_on=None, notified=None)
        yield home.subjects


@fault("AU-926")
def change_of_tier_not_told(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(lambda home: not home.owes and home.review is not None):
        assert home.review is not None
        town.change(home.review, decision=ReviewDecision.CHANGE_TIER, notified=False)
        yield home.subjects


@fault("AU-204")
def not_reviewed_for_years(town: Town) -> Iterator[Subjects]:
    for home in town.tenants(_reviewed_long_ago):
        assert home.review is not None
        assert home.review.model is AnnualReview
        town.drop(home.review)
        yield home.subjects


def _reviewed_long_ago(home: Any) -> bool:
    return bool(not home.owes and home.review and home.lease["starts_on"].year < 2019)
