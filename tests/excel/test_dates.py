from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.period import Month
from zhubao.excel.dates import DateReader, from_serial

JUNE_30 = dt.date(2020, 6, 30)
READER = DateReader()


@pytest.mark.parametrize(
    "raw",
    [
        "2020.6.30",
        "2020/6/30",
        "2020-06-30",
        "2020年6月30日",
        "2020年06月30号",
        "2020 年 6 月 30 日",
        "20200630",
        "\uff12\uff10\uff12\uff10\uff0e\uff16\uff0e\uff13\uff10",
        "2020-6-30 14:30",
        "2020-06-30T14:30:05",
        "2020/6/30 0:00:00",
        "2020年6月30日14时30分",
        " 2020-06-30\n",
        "'2020-06-30",
        20200630.0,
        20200630,
        44012.0,
        44012.75,
        JUNE_30,
        dt.datetime(2020, 6, 30, 9, 15),
    ],
)
def test_the_ways_to_write_a_day(raw: Any) -> None:
    outcome = READER.read_date(raw)
    assert (outcome.value, outcome.fault) == (JUNE_30, None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2020-02-30", "XL-105"),
        ("20200231", "XL-105"),
        ("2020-13-01", "XL-105"),
        ("2020-13", "XL-105"),
        (20200230.0, "XL-105"),
        ("20.6.30", "XL-106"),
        ("20-06-30", "XL-106"),
        ("20年6月30日", "XL-106"),
        ("6月30日", "XL-104"),
        ("30/6/2020", "XL-104"),
        ("昨天", "XL-104"),
        (2020.0, "XL-104"),
        (2020.06, "XL-104"),
        (1e9, "XL-104"),
        (-5.0, "XL-104"),
        (float("nan"), "XL-104"),
        (float("inf"), "XL-104"),
        (60.0, "XL-104"),
        (True, "XL-104"),
        (dt.time(9, 0), "XL-104"),
    ],
)
def test_what_is_no_day_is_a_finding(raw: Any, code: str) -> None:
    outcome = READER.read_date(raw)
    assert outcome.value is None
    assert outcome.fault is not None
    assert outcome.fault.kind.code == code


@pytest.mark.parametrize("raw", ["2020-06", "2020年6月", "2020.6", "202006", 202006.0])
def test_a_day_less_date_is_the_first_and_a_warning(raw: Any) -> None:
    outcome = READER.read_date(raw)
    assert outcome.value == dt.date(2020, 6, 1)
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-107"


@pytest.mark.parametrize("raw", ["", " ", "/", "-", "无", "—"])
def test_marks_for_nothing_are_an_empty_date(raw: str) -> None:
    outcome = READER.read_date(raw)
    assert (outcome.value, outcome.fault) == (None, None)


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (1, dt.date(1900, 1, 1)),
        (59, dt.date(1900, 2, 28)),
        (61, dt.date(1900, 3, 1)),
        (43831, dt.date(2020, 1, 1)),
        (44012, JUNE_30),
    ],
)
def test_serials_of_the_1900_system_step_over_the_day_that_never_was(
    serial: float, day: dt.date
) -> None:
    moment = from_serial(serial, date1904=False)
    assert moment is not None
    assert moment.date() == day


def test_the_phantom_29_february_1900_is_no_day() -> None:
    assert from_serial(60, date1904=False) is None


def test_the_1904_system_is_four_years_and_a_day_apart() -> None:
    moment = from_serial(42550, date1904=True)
    assert moment is not None
    assert moment.date() == JUNE_30
    assert DateReader(date1904=True).read_date(42550.0).value == JUNE_30


def test_a_moment_keeps_its_time() -> None:
    assert READER.read_moment("2020-6-30 14:30").value == dt.datetime(2020, 6, 30, 14, 30)
    assert READER.read_moment(44012.5).value == dt.datetime(2020, 6, 30, 12)
    assert READER.read_moment(JUNE_30).value == dt.datetime(2020, 6, 30)


@pytest.mark.parametrize(
    "raw",
    [
        "2020-06",
        "2020年6月",
        "2020年6月份",
        "2020年06月",
        "202006",
        202006.0,
        "2020.06",
        "2020.6",
        "2020/6",
        "\uff12\uff10\uff12\uff10\uff0d\uff10\uff16",
        2020.06,
        2020.6,
        JUNE_30,
        "2020-06-30",
        44012.0,
        20200630.0,
    ],
)
def test_the_ways_to_write_a_month(raw: Any) -> None:
    outcome = READER.read_month(raw)
    assert (outcome.value, outcome.fault) == (Month.of(2020, 6), None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (2020.1, "XL-111"),
        (2020.13, "XL-110"),
        (2020.061, "XL-110"),
        ("2020-13", "XL-110"),
        ("6月", "XL-110"),
        ("2020", "XL-110"),
        (2020.0, "XL-110"),
        (202013.0, "XL-110"),
        ("20-06", "XL-106"),
        ("20年6月", "XL-106"),
        (True, "XL-110"),
    ],
)
def test_what_is_no_month_is_a_finding(raw: Any, code: str) -> None:
    outcome = READER.read_month(raw)
    assert outcome.value is None
    assert outcome.fault is not None
    assert outcome.fault.kind.code == code


def test_october_stored_as_2020_10_in_text_is_october() -> None:
    assert READER.read_month("2020.10").value == Month.of(2020, 10)


@given(st.dates(dt.date(1901, 1, 1), dt.date(2199, 12, 30)))
def test_a_day_written_in_any_form_is_read_back(day: dt.date) -> None:
    texts = [
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}{day.month:02d}{day.day:02d}",
    ]
    assert {READER.read_date(text).value for text in texts} == {day}
    assert READER.read_month(f"{day.year}-{day.month:02d}").value == Month.containing(day)


@given(st.integers(2101, 109_574), st.booleans())
def test_serials_run_day_by_day(serial: int, date1904: bool) -> None:
    today = from_serial(serial, date1904=date1904)
    tomorrow = from_serial(serial + 1, date1904=date1904)
    assert today is not None
    assert tomorrow is None or tomorrow - today == dt.timedelta(days=1)


@given(
    st.one_of(
        st.integers(0, 120_000).map(float),
        st.floats(0, 120_000),
        st.from_regex(r"[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}", fullmatch=True),
        st.integers(190001, 210012).map(float),
    ),
    st.booleans(),
)
def test_a_plain_date_is_the_day_of_its_moment(raw: float | str, date1904: bool) -> None:
    reader = DateReader(date1904=date1904)
    day, moment = reader.read_date(raw), reader.read_moment(raw)
    if isinstance(moment.value, dt.datetime):
        assert (day.value, day.odd) == (moment.value.date(), True)
        assert day.fault == moment.fault
    else:
        assert day == moment
