"""Working half days: worked examples around the Spring Festival of 2020 and its make-up days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.workdays import CalendarUnknown, WorkCalendar
from zhubao.policy import PolicyInvalid
from zhubao.services.approval.halfdays import HalfDayClock, in_days
from zhubao.services.approval.rules import Rules, Stage

CLOCK = HalfDayClock(WorkCalendar())


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def half_hours(first: int, last: int) -> st.SearchStrategy[dt.datetime]:
    return st.builds(
        lambda day, half: dt.datetime(2020, 1, 1) + dt.timedelta(days=day, minutes=30 * half + 1),
        st.integers(first, last),
        st.integers(0, 47),
    )


@pytest.mark.parametrize(
    ("received", "decided", "halves"),
    [
        # Thursday afternoon before the festival; 24 January to 2 February are all off
        ("2020-01-23 15:00", "2020-01-23 16:30", 0),
        ("2020-01-23 15:00", "2020-02-03 10:00", 1),
        ("2020-01-23 15:00", "2020-02-05 11:00", 5),
        ("2020-01-23 15:00", "2020-02-05 15:00", 6),
        ("2020-01-23 10:00", "2020-02-05 11:00", 6),
        # the half day of receipt is not counted, that of the decision is
        ("2020-06-29 09:00", "2020-06-29 11:59", 0),
        ("2020-06-29 09:00", "2020-06-29 13:00", 1),
        # before opening, at lunch and after closing: from the next half day on
        ("2020-06-29 08:59", "2020-06-29 11:00", 1),
        ("2020-06-29 12:30", "2020-06-29 14:00", 1),
        ("2020-06-29 18:00", "2020-06-30 09:30", 1),
        # received on a day off; decided after closing, at lunch, on a day off
        ("2020-06-26 10:00", "2020-06-28 09:00", 1),
        ("2020-06-29 15:00", "2020-06-30 20:00", 2),
        ("2020-06-29 15:00", "2020-06-30 12:30", 1),
        ("2020-06-19 15:00", "2020-06-21 10:00", 0),
        # make-up days: Sunday 26 April, Saturday 9 May, Sunday 28 June
        ("2020-04-25 10:00", "2020-04-26 16:00", 2),
        ("2020-05-08 15:00", "2020-05-09 16:00", 2),
        ("2020-06-27 09:00", "2020-06-29 10:00", 3),
        # dates without time: the start day is not counted, the last day is
        ("2020-01-23", "2020-02-03", 2),
        ("2020-04-24", "2020-04-27", 4),
        ("2020-06-29", "2020-06-29", 0),
        ("2020-06-29 10:00", "2020-06-29", 1),
        ("2019-12-31", "2020-06-30", 242),  # 121 working days in the half-year
    ],
)
def test_half_days_from_receipt_to_decision(received: str, decided: str, halves: int) -> None:
    assert CLOCK.count(moment(received), moment(decided)) == halves


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        ("2020-01-23 15:00", 5, "2020年2月5日上午"),
        ("2020-01-23 10:00", 5, "2020年2月4日下午"),
        ("2020-01-23", 5, "2020年2月5日上午"),
        ("2020-06-24 15:00", 5, "2020年6月30日上午"),  # 25 to 27 off, Sunday 28 worked
        ("2020-12-31 10:00", 5, "2021年1月5日下午"),
        ("2020-06-29 10:00", 0, "2020年6月29日上午"),
        ("2020-01-01 10:00", 0, "2019年12月31日下午"),
    ],
)
def test_the_half_day_on_which_a_limit_ends(received: str, limit: int, due: str) -> None:
    assert CLOCK.due(moment(received), limit).long_title == due


@given(half_hours(0, 800), half_hours(0, 800), half_hours(0, 800))
def test_durations_add_up(one: dt.datetime, two: dt.datetime, three: dt.datetime) -> None:
    first, middle, last = sorted((one, two, three))
    parts = CLOCK.count(first, middle) + CLOCK.count(middle, last)
    assert parts == CLOCK.count(first, last)
    assert CLOCK.count(first, last) >= 0
    numbers = [n for day in CLOCK.explain(first, last) for n in (day.morning, day.afternoon) if n]
    assert numbers == list(range(1, CLOCK.count(first, last) + 1))


@given(half_hours(0, 700), st.integers(1, 40))
def test_a_decision_in_the_due_half_day_is_in_time_and_in_the_next_is_not(
    received: dt.datetime, limit: int
) -> None:
    due = CLOCK.due(received, limit)
    hours = CLOCK.rules.hours(due.day)
    opening = (hours.afternoon if due.afternoon else hours.morning)[0]
    assert CLOCK.count(received, dt.datetime.combine(due.day, opening)) == limit
    before = dt.datetime.combine(due.day, opening) - dt.timedelta(seconds=1)
    assert CLOCK.count(received, before) == limit - 1


def test_a_year_without_published_holidays_names_the_local_file() -> None:
    with pytest.raises(CalendarUnknown) as caught:
        CLOCK.count(moment("2035-01-08"), moment("2035-01-09"))
    assert "2035年" in caught.value.message
    assert "zhubao.toml 旁边的 workdays.toml" in caught.value.advice
    days = (dt.date(2035, 1, 1) + dt.timedelta(days=n) for n in range(365))
    local = HalfDayClock(WorkCalendar({day: day.weekday() < 5 for day in days}))
    assert local.count(moment("2035-01-08"), moment("2035-01-09")) == 2


def own(name: str, value: Any) -> dict[str, Any]:
    return {
        "approval": {
            name: {
                "values": [{"valid_from": dt.date(2020, 3, 1), "value": value, "source": "本局"}]
            }
        }
    }


def test_hours_and_limits_change_on_their_day() -> None:
    clock = HalfDayClock(
        WorkCalendar(), Rules(own("working_hours", ["08:30-12:00", "14:30-17:30"]))
    )
    assert clock.count(moment("2020-02-28 08:45"), moment("2020-02-28 14:00")) == 2
    assert clock.count(moment("2020-03-02 08:45"), moment("2020-03-02 14:00")) == 0
    limits = Rules(own("limit_days", {"区": "1", "区/购房奖励": 0.5, "社区": 3}))
    days = [dt.date(2016, 5, 1), dt.date(2017, 1, 1), dt.date(2020, 1, 1), dt.date(2020, 3, 1)]
    assert [limits.limit(Stage.DISTRICT, "半边户", day) for day in days] == [30, 15, 5, 2]
    assert limits.limit(Stage.DISTRICT, "购房奖励", days[-1]) == 1
    assert limits.limit(Stage.COMMUNITY, None, days[-1]) == 6
    assert limits.limit(Stage.STREET, None, days[-1]) is None


def test_a_date_without_time_may_be_read_as_the_morning() -> None:
    early = Rules(own("date_only", {"received": "上午", "decided": "上午"}))
    clock = HalfDayClock(WorkCalendar(), early)
    assert clock.count(moment("2020-06-29"), moment("2020-06-30")) == 2
    assert clock.count(moment("2020-06-29"), moment("2020-06-29 15:00")) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit_days", {"区": "2.3"}),
        ("limit_days", {"区县": "2.5"}),
        ("working_hours", ["09:00-12:00"]),
        ("working_hours", ["13:00-17:00", "09:00-12:00"]),
        ("date_only", {"received": "中午"}),
    ],
)
def test_a_policy_written_wrongly_is_refused(name: str, value: Any) -> None:
    clock = HalfDayClock(WorkCalendar(), Rules(own(name, value)))
    day = dt.datetime(2020, 6, 29)
    with pytest.raises(PolicyInvalid):
        _ = clock.rules.limit(Stage.DISTRICT, None, day.date()), clock.count(day, day)


def test_half_days_are_shown_as_days() -> None:
    assert [str(in_days(n)) for n in (0, 5, 20, None)] == ["0", "2.5", "10", "None"]
