"""The business lines of the sample, read together, tell one story without contradiction."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from zhubao.core.period import Period
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.arrears import CollectionVisit, Receipt
from zhubao.ledger.audit import AuditFinding, FollowUp, RectificationStep
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import ContractorScore
from zhubao.ledger.patrol import PatrolVisit, TenancyCase, VacancyCheck
from zhubao.ledger.services import Approval
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment
from zhubao.ledger.tenants import Household
from zhubao.patrol.campaigns import compute_campaigns
from zhubao.patrol.vacancy.leads import find_leads
from zhubao.patrol.visits.keys import key_list
from zhubao.policy import at
from zhubao.services.approval.rules import Rules
from zhubao.subsidy.rental.leads import wrongly_paid

LAST_DAY = dt.date(2020, 6, 30)
HALF_YEAR = Period.parse("2020-H1")


def rows(loaded: Loaded, model: type[Any]) -> list[Any]:
    table = loaded[model]
    return [table.row(index) for index in range(len(table))]


def test_campaigns_agree_with_the_visits_and_cases_that_name_them(sample: Loaded) -> None:
    found = compute_campaigns(sample, HALF_YEAR, LAST_DAY)
    assert found.findings == ()
    assert sum(line.visited for line in found.lines) > 700
    assert sum(line.found for line in found.lines) == 6


def test_key_households_are_visited_month_after_month(sample: Loaded) -> None:
    found = key_list(sample, LAST_DAY, HALF_YEAR)
    assert found.findings == ()
    kept, due = (sum(getattr(e.due, n) for e in found.entries) for n in ("kept", "required"))
    assert 0.85 < kept / due < 0.95
    visits = Counter(row.household_no for row in rows(sample, PatrolVisit))
    assert {3, 4, 5, 6} >= {visits[entry.household_no] for entry in found.entries}


def test_nobody_is_met_and_nothing_paid_at_a_home_while_it_is_idle(sample: Loaded) -> None:
    until: dict[str, tuple[dt.date, dt.date]] = {
        row.household_no: (row.idle_since, row.closed_on or dt.date.max)
        for row in rows(sample, VacancyCheck)
        if row.idle_since
    }
    assert len(until) > 15
    signs = [(r.household_no, r.received_on) for r in rows(sample, Receipt)]
    for model in (PatrolVisit, CollectionVisit):
        signs += [(r.household_no, r.visited_on) for r in rows(sample, model) if r.met]
    for home, day in signs:
        if home in until:
            assert not until[home][0] <= day < until[home][1], home


def test_the_check_list_finds_the_idle_homes_examined_and_two_more(sample: Loaded) -> None:
    leads = find_leads(sample, LAST_DAY).leads
    assert [len(leads), sum(lead.check is None for lead in leads)] == [5, 2]
    assert all(len(lead.evidence) >= 2 for lead in leads)


def test_cases_found_on_a_visit_name_one_that_saw_the_problem(sample: Loaded) -> None:
    visits = {row.visit_no: row for row in rows(sample, PatrolVisit)}
    named = [case for case in rows(sample, TenancyCase) if case.visit_no]
    for case in named:
        visit = visits[case.visit_no]
        assert (visit.household_no, visit.visited_on) == (case.household_no, case.found_on)
        assert (visit.has_problem, visit.campaign_no) == (True, case.campaign_no)
    assert len(named) == sum(bool(row.has_problem) for row in visits.values()) == 29


def test_approvals_move_in_office_hours_with_officers_and_public_notice(sample: Loaded) -> None:
    calendar, rules = WorkCalendar(), Rules()
    for row in rows(sample, Approval):
        for stage in ("community", "street", "district"):
            assert getattr(row, f"{stage}_officer")
            for end in ("received", "decided"):
                moment = getattr(row, f"{stage}_{end}_at")
                if moment is not None:
                    assert calendar.is_workday(moment.date())
                    assert rules.hours(moment.date()).is_open(moment.time())
        if row.kind == "公租房资格":
            assert (row.notice_to - row.notice_from).days == 6
            assert row.street_received_at.date() < row.notice_from
            assert row.notice_to < row.street_decided_at.date()


def test_the_contractor_is_scored_by_what_the_ledgers_give(sample: Loaded) -> None:
    """The rent figures are pinned; the others are counted here again."""
    actual = {(row.period, row.indicator_code): row.actual for row in rows(sample, ContractorScore)}
    for quarter, debts in (("2020-Q1", "4.48"), ("2020-Q2", "7.63")):
        span = Period.parse(quarter)
        homes = {
            row.household_no for row in rows(sample, PatrolVisit) if span.contains(row.visited_on)
        }
        assert actual[quarter, "XC"] == len(homes)
        assert str(actual[quarter, "QZ"]) == debts
        assert actual[quarter, "TS"] == 100


def test_grants_follow_the_standard_and_no_payment_looks_wrong(sample: Loaded) -> None:
    prices = at("subsidy.price", dt.date(2020, 9, 17))
    for row in rows(sample, SubsidyGrant):
        assert row.price == int(prices[row.tier]) * 100
        amount = row.price * min(15 * row.size, 60)
        if amount < 30_000 < row.actual_rent:
            amount = 30_000
        assert row.monthly_amount == min(amount, row.actual_rent)
        assert row.bank_account.startswith("8199")
    assert wrongly_paid(sample, HALF_YEAR, LAST_DAY) == ()


def test_audit_steps_and_follow_ups_add_up_to_each_finding(sample: Loaded) -> None:
    households: Counter[str] = Counter()
    recovered: Counter[str] = Counter()
    for step in rows(sample, RectificationStep):
        households[step.finding_no] += step.households or 0
        recovered[step.finding_no] += step.recovered or 0
    visited = {row.finding_no: row.visited_on for row in rows(sample, FollowUp)}
    found = rows(sample, AuditFinding)
    for row in found:
        assert households[row.finding_no] == row.rectified_households == row.household_count == 1
        assert recovered[row.finding_no] == (row.recovered or 0) == (row.amount or 0)
        done = row.rectified_on
        assert row.found_on <= done <= visited[row.finding_no] <= row.closed_on <= LAST_DAY
    returned = sum(row.recovered or 0 for row in rows(sample, SubsidyPayment))
    assert sum(row.recovered or 0 for row in found) == returned


@pytest.mark.parametrize(("kind", "remedy"), [("转租转借", "恢复原状"), ("购车", "退出保障")])
def test_audited_tenants_stand_in_the_case_book_too(sample: Loaded, kind: str, remedy: str) -> None:
    cases = {row.household_no: row for row in rows(sample, TenancyCase) if row.source == "审计"}
    exits = {row.household_no: row.exited_on for row in rows(sample, Household)}
    for row in rows(sample, AuditFinding):
        if row.remedy == remedy:
            case = cases[row.household_no]
            assert (case.kind, case.rectified_on) == (kind, row.rectified_on)
            assert case.household_exits == (exits[row.household_no] is not None)
