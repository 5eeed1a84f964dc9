"""The office's figures: worked examples on single rows, and the sample's half-year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhubao.core.period import Month, Period
from zhubao.core.report import Ratio
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import (
    CareKind,
    CareVisit,
    FileDelivery,
    PublicityKind,
    StaffAssessment,
)
from zhubao.ledger.patrol import RectificationStatus, SafetyHazard
from zhubao.ledger.services import CaseProgress, HotlineTicket, SpecialCase, TicketStatus
from zhubao.ledger.table import LedgerTable
from zhubao.services.office import figures as count
from zhubao.services.office.attendance import attendance_months
from zhubao.services.office.deadlines import (
    CASES,
    TICKETS,
    State,
    contradictions,
    items,
    overdue,
)
from zhubao.services.office.report import Asked, office_report, overdue_report
from zhubao.services.office.weeks import delivery_weeks

_ROOT = Path(__file__).resolve().parents[2]
_HALF, _END = Period.parse("2020-H1"), dt.date(2020, 6, 30)
_CALENDAR = WorkCalendar()


def _june(day: int) -> dt.date:
    return dt.date(2020, 6, day)


def _ticket(number: str, due: int | None, handled: int | None, status: TicketStatus) -> Any:
    return {
        "ticket_no": number,
        "received_on": _june(1),
        "due_on": _june(due) if due else None,
        "handled_on": _june(handled) if handled else None,
        "status": status,
    }


@pytest.fixture(scope="module")
def tickets() -> Loaded:
    """In time, on the last day, late, open and late, open, returned, no date, no deadline."""
    closed, opened = TicketStatus.CLOSED, TicketStatus.HANDLING
    rows = [
        _ticket("A", 10, 5, closed),
        _ticket("B", 10, 10, closed),
        _ticket("C", 10, 11, closed),
        _ticket("D", 10, None, opened),
        _ticket("E", 20, None, opened),
        _ticket("F", 10, None, TicketStatus.RETURNED),
        _ticket("G", 10, None, closed),
        _ticket("H", None, 12, closed),
    ]
    return Loaded.of(LedgerTable.from_rows(HotlineTicket, rows))


def test_the_last_day_is_in_time_and_rates_show_both_numbers(tickets: Loaded) -> None:
    assert count.tickets_handled(tickets, _HALF, _END).value == 4
    assert count.in_time_rate(tickets, TICKETS, _HALF, _END).ratio == Ratio(2, 3)
    assert count.closing_rate(tickets, TICKETS, _HALF, _END).ratio == Ratio(5, 7)


@pytest.mark.parametrize(("day", "late"), [(10, []), (11, ["D"]), (20, ["D"]), (21, ["D", "E"])])
def test_a_row_is_overdue_from_the_day_after_its_deadline(
    tickets: Loaded, day: int, late: list[str]
) -> None:
    assert [one.number for one in overdue(tickets, _june(day))] == late


def test_a_past_day_is_replayed(tickets: Loaded) -> None:
    states = {one.number: one.state for one in items(tickets, TICKETS, _june(8))}
    assert (states["A"], states["B"]) == (State.CLOSED, State.OPEN)
    assert count.tickets_handled(tickets, _HALF, _june(8)).value == 1


def test_status_and_date_that_disagree_are_found(tickets: Loaded) -> None:
    odd = LedgerTable.from_rows(HotlineTicket, [_ticket("X", 10, 5, TicketStatus.HANDLING)])
    assert [one.code for one in contradictions(tickets, TICKETS)] == ["OF-130"]
    assert [one.code for one in contradictions(Loaded.of(odd), TICKETS)] == ["OF-131"]


def test_an_unresolvable_case_is_closed_but_not_resolved() -> None:
    row = {"case_no": "GA1", "received_on": _june(1), "resolved_on": _june(9)}
    rows = [{**row, "status": one} for one in (CaseProgress.RESOLVED, CaseProgress.UNRESOLVABLE)]
    loaded = Loaded.of(LedgerTable.from_rows(SpecialCase, rows))
    assert count.closed(loaded, CASES, _HALF, _END).value == 2
    assert count.cases_resolved(loaded, _HALF, _END).value == 1


def test_overdue_rows_of_all_registers_stand_in_the_order_of_their_deadlines(
    tickets: Loaded,
) -> None:
    hazard = {
        "hazard_no": "YC1",
        "found_on": _june(1),
        "deadline": _june(3),
        "status": RectificationStatus.OPEN,
    }
    both = Loaded.of(tickets[HotlineTicket], LedgerTable.from_rows(SafetyHazard, [hazard]))
    report = overdue_report(both, _june(15))
    numbers = [row.values[1] for row in report.table("overdue").rows]
    assert (numbers, report.facts["overdue"]) == (["YC1", "D"], 2)


def _weeks(*days: dt.date, as_of: dt.date = _END) -> list[tuple[str, int, int]]:
    table = LedgerTable.from_rows(FileDelivery, [{"delivered_on": day} for day in days])
    found = delivery_weeks(Loaded.of(table), _HALF, as_of, _CALENDAR.is_workday)
    return [(f"{one.monday:%m-%d}", one.due, one.made) for one in found.short]


def test_weeks_of_holidays_ask_for_no_more_deliveries_than_working_days() -> None:
    days = [dt.date(2020, 1, 14), dt.date(2020, 1, 17), dt.date(2020, 1, 21)]
    # 24 January to 2 February 2020 was off, the Sunday 19 January worked.
    assert _weeks(*days, as_of=dt.date(2020, 2, 9)) == [("01-20", 2, 1), ("02-03", 2, 0)]


def test_a_week_that_is_not_over_is_not_judged() -> None:
    monday = dt.date(2020, 6, 22)
    assert _weeks(monday, as_of=dt.date(2020, 6, 27)) == []
    assert _weeks(monday, as_of=dt.date(2020, 6, 28)) == [("06-22", 2, 1)]


def test_a_person_visited_twice_is_one_person_and_two_visits() -> None:
    visit = {"kind": CareKind.HOSPITAL, "person": "张三", "is_retired": True}
    rows = [{**visit, "visited_on": _june(day)} for day in (1, 2)]
    rows.append({**visit, "person": "李四", "is_retired": False, "visited_on": _june(3)})
    loaded = Loaded.of(LedgerTable.from_rows(CareVisit, rows))
    assert count.retired_in_hospital(loaded, _HALF, _END).value == 1
    assert count.care_visits(loaded, CareKind.HOSPITAL, _HALF, _END).value == 3


def test_half_days_keep_the_attendance_rate_exact() -> None:
    month = Month.of(2020, 6)
    rows = [
        {"month": month, "due_days": Decimal(21), "present_days": Decimal("20.5")},
        {"month": month, "due_days": Decimal(21), "present_days": None},
    ]
    found = attendance_months(Loaded.of(LedgerTable.from_rows(StaffAssessment, rows)), _HALF, _END)
    assert (found[0].rate, found[0].days_known, found[0].people) == (Ratio(41, 42), 1, 2)


def test_the_sample_gives_the_half_years_figures() -> None:
    bureau = open_bureau(_ROOT)
    loaded = bureau.load(*count.OFFICE_MODELS, StaffAssessment)
    where = loaded, _HALF, _END
    assert count.tickets_handled(*where).value == 21
    assert count.cases_resolved(*where).value == 11
    assert count.news_items(*where).value == 38
    assert count.retired_in_hospital(*where).value == 6
    assert count.memorial_meetings(*where).value == 4
    assert count.training_sessions(*where).value == 6
    assert count.published(loaded, PublicityKind.QUESTIONNAIRE, _HALF, _END).value == 1
    outlets = {one.title: one.value for one in count.items_by_outlet(*where)}
    assert outlets == {"区信息平台": 38, "": 3}
    weeks = delivery_weeks(*where, _CALENDAR.is_workday)
    short = [f"{one.monday:%m-%d}" for one in weeks.short]
    assert (short, weeks.kept) == (["01-20", "04-27", "05-04", "06-22"], Ratio(20, 24))
    report = office_report(Asked(*where, _CALENDAR.is_workday))
    months = report.table("months")
    assert months.totals is not None
    assert months.totals[months.index_of("c1")] == report.facts["tickets.closed"] == 21
    handled = next(row for row in report.table("figures").rows if row.values[1] == 21)
    assert (len(handled.sources), handled.sources[0].sheet) == (21, "12345工单")
