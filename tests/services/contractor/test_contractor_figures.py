"""Every figure on a ledger small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.contractor.ledgers import collected, day, patrol, patrols, scope, table, visits
from zhubao.ledger.patrol import (
    CaseCategory,
    CaseKind,
    HazardLevel,
    SafetyHazard,
    TenancyCase,
    VacancyCheck,
    VacancyReason,
)
from zhubao.ledger.patrol import RectificationStatus as Stage
from zhubao.ledger.patrol import VacancyResult as Result
from zhubao.ledger.patrol import VacancyStatus as State
from zhubao.ledger.services import HotlineTicket, TicketStatus
from zhubao.services.contractor import figures
from zhubao.services.contractor.catalog import FIGURES, Figure
from zhubao.services.contractor.figures import Measured


def numbers(measured: Measured) -> tuple[int, int]:
    return measured.numerator, measured.denominator


def test_a_household_in_debt_is_to_be_visited_once_in_every_month() -> None:
    """H1 and H2 owed, three months: six visits due; a second one in a month counts once."""
    rows = [("H1", "01-01"), ("H1", "01-31"), ("H1", "03-31"), ("H2", "04-01"), ("H3", "02-01")]
    made = scope(visits(*(collected(*row) for row in rows)), in_debt=("H1", "H2", "H9"))
    measured = figures.monthly_visits(made)
    assert numbers(measured) == (2, 6)
    assert [cell.ref for cell in measured.cells] == ["C2", "C4"]


def test_patrol_counts_households_not_visits_and_only_those_of_the_estates() -> None:
    rows = [("H1", "01-01"), ("H1", "02-01"), ("H2", "03-31"), ("H3", "04-01")]
    sheet = patrols(*(patrol(*row) for row in rows), patrol("H7", "02-02"))
    assert numbers(figures.patrolled(scope(sheet))) == (3, 5)  # H7 has no lease, and was visited
    assert numbers(figures.patrolled(scope(sheet, estates=("甲小区",)))) == (1, 2)
    assert numbers(figures.patrolled(scope())) == (0, 4)


def violation(household: str, **values: Any) -> dict[str, Any]:
    row = {"case_no": household, "category": CaseCategory.VIOLATION, "kind": CaseKind.SUBLET}
    begun = {"household_no": household, "found_on": day("02-01"), "status": Stage.OPEN}
    return row | begun | values


def test_a_unit_is_put_right_when_all_its_violations_are() -> None:
    fixed = {"status": Stage.RECTIFIED, "rectified_on": day("03-31")}
    cases = table(
        TenancyCase,
        violation("H1", unit_no="U1", **fixed, household_exits=True),
        violation("H1", unit_no="U1", **fixed),
        violation("H2", unit_no="U2", **fixed),
        violation("H2", unit_no="U2"),
        violation("H3", status=Stage.UNFOUNDED),
        violation("H4", status=Stage.RECTIFIED, rectified_on=day("04-01")),
        violation("H5", status=Stage.RECTIFIED),  # without a date: not put right
        violation("H6", found_on=day("01-01").replace(year=2019), status=Stage.CLOSED,
                  rectified_on=day("01-01").replace(year=2019)),  # settled before the period
        violation("H7", category=CaseCategory.CHANGE, **fixed),
    )  # fmt: skip
    assert numbers(figures.violations(scope(cases))) == (1, 4)
    assert numbers(figures.vacated(scope(cases))) == (1, 4)


def ticket(number: str, **values: Any) -> dict[str, Any]:
    row = {"ticket_no": number, "content": "漏水", "subject": "房屋维修"}
    opened = {"received_on": day("03-01"), "due_on": day("03-11"), "status": TicketStatus.CLOSED}
    return row | opened | values


def test_a_ticket_is_judged_when_it_is_answered_or_its_term_runs_out() -> None:
    sheet = table(
        HotlineTicket,
        ticket("in time, on the last day", handled_on=day("03-11")),
        ticket("late", handled_on=day("03-12")),
        ticket("open and overdue", status=TicketStatus.OPEN),
        ticket("open, still in time", status=TicketStatus.OPEN, due_on=day("03-31")),
        ticket("answered before", handled_on=day("01-02").replace(year=2019)),
        ticket("sent back", status=TicketStatus.RETURNED, handled_on=day("03-02")),
        ticket("no term", due_on=None, handled_on=day("03-02")),
        ticket("answered after the period", handled_on=day("04-02"), subject="政策咨询"),
    )  # fmt: skip
    made = scope(sheet)
    assert numbers(figures.tickets(made)) == (1, 4)
    assert [cell.ref for cell in figures.tickets_without_term(made)] == ["C8"]
    assert numbers(figures.tickets(made, ("政策咨询",))) == (0, 1)
    assert numbers(figures.tickets(scope(sheet, estates=("甲小区",)))) == (0, 0)
    assert figures.tickets_unplaced(scope(sheet, estates=("甲小区",))) == 8


def check(unit: str, result: Result, state: State, **values: Any) -> dict[str, Any]:
    row = {"check_no": unit, "unit_no": unit, "reason": VacancyReason.IDLE}
    return row | {"checked_on": day("02-01"), "result": result, "status": state} | values


def test_vacancies_count_as_recovered_when_closed_with_a_date() -> None:
    sheet = table(
        VacancyCheck,
        check("U1", Result.IDLE, State.RECOVERED, closed_on=day("03-31")),
        check("U2", Result.DEAD, State.RECOVERED, closed_on=day("04-01")),
        check("U3", Result.LIVED_IN, State.CLEARED, closed_on=day("02-02")),
        check("U4", Result.UNCERTAIN, State.CONTACTING),
    )
    assert numbers(figures.vacancies_recovered(scope(sheet))) == (1, 2)
    assert numbers(figures.vacancies_found(scope(sheet))) == (2, 4)
    assert numbers(figures.vacancies_recovered(scope(sheet, estates=("乙小区",)))) == (0, 1)


def hazard(number: str, **values: Any) -> dict[str, Any]:
    row = {"hazard_no": number, "estate": "甲小区", "description": "外墙", "status": Stage.OPEN}
    return row | {"level": HazardLevel.ORDINARY, "found_on": day("02-01")} | values


def test_a_hazard_stays_until_status_and_date_say_it_is_fixed() -> None:
    sheet = table(
        SafetyHazard,
        hazard("1", status=Stage.RECTIFIED, fixed_on=day("03-31")),
        hazard("2", status=Stage.RECTIFIED, fixed_on=day("04-01")),
        hazard("3", fixed_on=day("03-01")),
        hazard("4", found_on=day("04-01")),
        hazard("5", estate="乙小区", status=Stage.UNFOUNDED),
    )
    assert numbers(figures.hazards(scope(sheet))) == (1, 3)
    assert numbers(figures.hazards(scope(sheet, estates=("乙小区",)))) == (0, 0)


@pytest.mark.parametrize("figure", FIGURES.values(), ids=lambda one: one.key)
def test_an_empty_ledger_has_nothing_to_do_except_patrols(figure: Figure) -> None:
    measured = figure.measure(scope())
    assert measured.numerator == (6_00 if figure.is_money else 0)
    assert measured.denominator == (
        10_00 if figure.is_money else 4 if figure.key == "patrol" else 0
    )
