from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from zhubao.demo.office_calendar import is_office_day, next_office_day, office_day_until
from zhubao.demo.streams import shares, stream


def test_streams_of_two_topics_are_independent_and_repeatable() -> None:
    assert stream(1, "rent").random() == stream(1, "rent").random()
    assert stream(1, "rent").random() != stream(1, "people").random()
    assert stream(1, "rent").random() != stream(2, "rent").random()


@given(st.integers(0, 5000), st.lists(st.integers(1, 50), min_size=1, max_size=12))
def test_shares_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    parts = shares(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    assert min(parts) >= 0


def test_office_days_know_the_long_new_year_of_2020() -> None:
    assert not is_office_day(dt.date(2020, 1, 31))
    assert next_office_day(dt.date(2020, 1, 23)) == dt.date(2020, 2, 3)
    assert office_day_until(dt.date(2020, 2, 2)) == dt.date(2020, 1, 23)


def test_years_the_calendar_does_not_know_fall_back_to_weekdays() -> None:
    assert is_office_day(dt.date(2040, 3, 1))  # a Thursday
    assert not is_office_day(dt.date(2040, 3, 3))
