"""Working days."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.errors import BureauError
from zhubao.core.workdays import CalendarUnknown, WorkCalendar, load_overrides

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2021, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_first_half_of_2020_has_121_working_days() -> None:
    """国办发明电〔2019〕16号 with the extension of 国办发明电〔2020〕1号."""
    assert WorkCalendar().between(day("2019-12-31"), day("2020-06-30")) == 121


def test_the_spring_festival_of_2020_was_extended() -> None:
    """国办发明电〔2020〕1号: off until 2 February."""
    calendar = WorkCalendar()
    off = [day("2020-01-24") + dt.timedelta(days=offset) for offset in range(10)]
    assert off[-1] == day("2020-02-02")
    assert not any(calendar.is_workday(one) for one in off)
    assert calendar.is_workday(day("2020-02-03"))


@pytest.mark.parametrize("text", ["2020-04-26", "2020-05-09", "2020-06-28"])
def test_make_up_days_are_worked(text: str) -> None:
    """国办发明电〔2019〕16号: weekends worked for the May and Dragon Boat holidays."""
    assert WorkCalendar().is_workday(day(text))


def test_the_fifteenth_working_day_after_a_receipt() -> None:
    """Fifteen working days as of 公共租赁住房管理办法 art. 9; the day of receipt is not counted."""
    calendar = WorkCalendar()
    assert calendar.add(day("2020-01-17"), 15) == day("2020-02-14")
    assert calendar.between(day("2020-01-17"), day("2020-02-14")) == 15
    assert calendar.add(day("2020-01-25"), 0) == day("2020-01-25")


@given(DAYS, st.integers(-60, 60))
def test_adding_and_counting_agree(start: dt.date, workdays: int) -> None:
    calendar = WorkCalendar()
    end = calendar.add(start, workdays)
    if workdays > 0:
        assert calendar.between(start, end) == workdays
    if workdays:
        assert calendar.is_workday(end)


@given(DAYS, DAYS)
def test_counting_backwards_is_the_negative(one: dt.date, other: dt.date) -> None:
    calendar = WorkCalendar()
    assert calendar.between(one, other) == -calendar.between(other, one)


def test_an_unknown_year_says_so() -> None:
    with pytest.raises(CalendarUnknown) as caught:
        WorkCalendar().is_workday(day("2093-01-04"))
    assert "2093" in caught.value.message
    assert caught.value.advice


def test_a_local_file_fills_in_an_unknown_year(tmp_path: Path) -> None:
    path = tmp_path / "工作日.toml"
    path.write_text(
        "years = [2093]\noff = [2093-01-01]\nwork = [2093-01-03]\n", encoding="utf-8-sig"
    )
    calendar = WorkCalendar(load_overrides(path))
    assert not calendar.is_workday(day("2093-01-01"))
    assert calendar.is_workday(day("2093-01-02"))
    assert calendar.is_workday(day("2093-01-03"))
    assert not calendar.is_workday(day("2093-01-04"))
    assert not calendar.is_workday(day("2020-05-01"))


def test_a_local_file_may_change_a_known_day() -> None:
    calendar = WorkCalendar({day("2020-06-30"): False})
    assert calendar.between(day("2019-12-31"), day("2020-06-30")) == 120


@pytest.mark.parametrize(
    "content", ["off = 2027", "days = []", "off = ['2027-01-01']", "years = [20270]", "off = ["]
)
def test_a_local_file_that_makes_no_sense_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "days.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BureauError) as caught:
        load_overrides(path)
    assert caught.value.where == str(path)


def test_a_missing_local_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BureauError):
        load_overrides(tmp_path / "none.toml")
