"""Months and periods."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.period import Month, Period

MONTHS = st.builds(Month.of, st.integers(1900, 2200), st.integers(1, 12))
DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    "text", ["2020-06", "2020-6", "2020年6月", "2020年06月份", "202006", "2020.6", "2020/06"]
)
def test_every_usual_way_of_writing_a_month_is_read(text: str) -> None:
    assert Month.parse(text) == Month.of(2020, 6)


@pytest.mark.parametrize("text", ["", "2020", "2020-13", "2020-00", "20206", "2020-06-01", "六月"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Month.parse(text)


def test_a_month_knows_its_days_and_names() -> None:
    month = Month.of(2020, 2)
    assert (month.first_day, month.last_day) == (dt.date(2020, 2, 1), dt.date(2020, 2, 29))
    assert (str(month), f"{month}", month.title) == ("2020-02", "2020-02", "2020年2月")
    assert repr(month) == "Month(2020-02)"
    assert Month.containing(dt.date(2020, 2, 29)) == month


def test_counting_months_crosses_the_year() -> None:
    assert Month.of(2019, 11).plus(3) == Month.of(2020, 2)
    assert Month.of(2020, 1).plus(-1) == Month.of(2019, 12)
    assert Month.of(2020, 6) - Month.of(2019, 6) == 12


@given(MONTHS)
def test_a_month_survives_text_and_pickle(month: Month) -> None:
    assert Month.parse(str(month)) == Month.parse(month.title) == month
    restored = pickle.loads(pickle.dumps(month))
    assert (restored, type(restored)) == (month, Month)


@pytest.mark.parametrize(
    ("text", "start", "end", "title"),
    [
        ("2020", "2020-01-01", "2020-12-31", "2020年"),
        ("2020-H1", "2020-01-01", "2020-06-30", "2020年上半年"),
        ("2020年下半年", "2020-07-01", "2020-12-31", "2020年下半年"),
        ("2020-Q2", "2020-04-01", "2020-06-30", "2020年第二季度"),
        ("2020年三季度", "2020-07-01", "2020-09-30", "2020年第三季度"),
        ("2020年", "2020-01-01", "2020-12-31", "2020年"),
        ("2020上半年", "2020-01-01", "2020-06-30", "2020年上半年"),
        ("2020年第1季度", "2020-01-01", "2020-03-31", "2020年第一季度"),
        ("2020第一季度", "2020-01-01", "2020-03-31", "2020年第一季度"),
        ("2020-06", "2020-06-01", "2020-06-30", "2020年6月"),
        ("2020年2月", "2020-02-01", "2020-02-29", "2020年2月"),
        ("2019-07..2020-06", "2019-07-01", "2020-06-30", "2019年7月1日至2020年6月30日"),
        ("2020-01-01..2020-05-20", "2020-01-01", "2020-05-20", "2020年1月1日至5月20日"),
    ],
)
def test_a_period_is_read_and_titled(text: str, start: str, end: str, title: str) -> None:
    period = Period.parse(text)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.title == title


@pytest.mark.parametrize("text", ["", "2020-H3", "2020-Q5", "2020-13", "半年", "2020-06..2020-01"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(text)


@given(DAYS, DAYS)
def test_a_period_survives_its_label_and_its_title(one: dt.date, other: dt.date) -> None:
    period = Period(min(one, other), max(one, other))
    assert Period.parse(period.label) == Period.parse(period.title) == period


@pytest.mark.parametrize(
    ("label", "previous", "last_year"),
    [
        ("2020-H1", "2019-H2", "2019-H1"),
        ("2020-Q1", "2019-Q4", "2019-Q1"),
        ("2020-02", "2020-01", "2019-02"),
        ("2021-02", "2021-01", "2020-02"),
        ("2020", "2019", "2019"),
        ("2020-03-02..2020-03-11", "2020-02-21..2020-03-01", "2019-03-02..2019-03-11"),
        ("2020-02-29..2020-03-01", "2020-02-27..2020-02-28", "2019-02-28..2019-03-01"),
    ],
)
def test_neighbouring_periods(label: str, previous: str, last_year: str) -> None:
    period = Period.parse(label)
    assert str(period.previous()) == previous
    assert str(period.same_last_year()) == last_year


@given(DAYS, DAYS)
def test_the_previous_period_ends_the_day_before(one: dt.date, other: dt.date) -> None:
    period = Period(min(one, other), max(one, other))
    assert period.previous().end + dt.timedelta(days=1) == period.start


def test_the_months_and_days_of_a_period() -> None:
    period = Period.parse("2020-H1")
    assert [str(month) for month in period.months()] == [f"2020-0{n}" for n in range(1, 7)]
    assert period.contains(dt.date(2020, 1, 1))
    assert period.contains(dt.date(2020, 6, 30))
    assert not period.contains(dt.date(2020, 7, 1))


def test_the_year_to_date_is_the_half_year_at_its_last_day() -> None:
    assert Period.year_to_date(dt.date(2020, 6, 30)).label == "2020-H1"
    assert Period.year_to_date(dt.date(2020, 5, 20)).label == "2020-01-01..2020-05-20"


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError):
        Period(dt.date(2020, 2, 1), dt.date(2020, 1, 1))
