"""Whole months between two days, also where a month has no such day."""

from __future__ import annotations

import datetime as dt

import pytest

from zhubao.core.spans import months_later, term_months, whole_months, years_later


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "until", "months"),
    [
        ("2019-12-30", "2020-06-30", 6),
        ("2019-12-30", "2020-06-29", 5),
        ("2018-08-31", "2019-02-28", 6),
        ("2020-01-31", "2020-02-29", 1),
        ("2020-01-31", "2020-02-28", 0),
        ("2020-06-30", "2020-01-01", 0),
    ],
)
def test_whole_months_have_passed(first: str, until: str, months: int) -> None:
    assert whole_months(day(first), day(until)) == months


def test_a_term_counts_its_first_and_its_last_day() -> None:
    assert term_months(day("2020-06-03"), day("2020-08-02")) == 2
    assert term_months(day("2020-06-03"), day("2020-08-01")) == 1


def test_the_same_day_later_is_the_last_day_of_a_shorter_month() -> None:
    assert months_later(day("2020-01-31"), 1) == day("2020-02-29")
    assert months_later(day("2020-01-31"), 13) == day("2021-02-28")


def test_the_same_day_years_later_is_the_first_of_march_after_a_leap_day() -> None:
    assert years_later(day("2020-02-29"), 5) == day("2025-03-01")
    assert years_later(day("2020-02-29"), 4) == day("2024-02-29")
    assert years_later(day("2020-06-30"), 5) == day("2025-06-30")
