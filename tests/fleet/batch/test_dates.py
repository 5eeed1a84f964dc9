"""Dates of a batch: one reference date, closing names and calendar names."""

from __future__ import annotations

import datetime as dt

import pytest

from zhubao.fleet.batch.dates import PLACEHOLDERS, BatchDates, PlaceholderError, filled


def dates(day: str, as_of: str | None = None) -> BatchDates:
    return BatchDates.of(dt.date.fromisoformat(day), as_of)


@pytest.mark.parametrize("day", ["2020-06-30", "2020-07-01", "2020-07-30"])
def test_a_month_closed_on_its_last_day_or_late_is_the_same_month(day: str) -> None:
    text = "{{month}} {{quarter}} {{half_year}} {{year}} {{first_day}} {{last_day}} {{as_of}}"
    wanted = "2020-06 2020-Q2 2020-H1 2020 2020-06-01 2020-06-30 2020-06-30"
    assert filled(text, dates(day)) == wanted


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2020-07-01", "2020-06 2020-07 2020-08 2020-Q2 2020-H1 2019"),
        ("2020-06-30", "2020-05 2020-06 2020-07 2020-Q1 2019-H2 2019"),
        ("2021-01-31", "2020-12 2021-01 2021-02 2020-Q4 2020-H2 2020"),
    ],
)
def test_names_with_a_prefix_go_by_the_calendar(day: str, wanted: str) -> None:
    text = (
        "{{last_month}} {{this_month}} {{next_month}} "
        "{{last_quarter}} {{last_half_year}} {{last_year}}"
    )
    assert filled(text, dates(day)) == wanted


def test_the_year_closed_in_january_is_the_last_one() -> None:
    assert filled("{{year}} {{half_year}} {{as_of}}", dates("2021-01-04")) == (
        "2020 2020-H2 2020-12-31"
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{month+1}}", "2020-07"),
        ("{{ quarter - 2 }}", "2019-Q4"),
        ("{{today-1}}", "2020-06-30"),
        ("{{year.start}}..{{as_of}}", "2020-01-01..2020-06-30"),
        ("{{quarter.end:yyyy.m.d}}", "2020.6.30"),
        ("{{month:yyyy年m月}}.xlsx", "2020年6月.xlsx"),
        ("{{today:YYMMDD}}", "200701"),
        ("{{half_year:title}}", "2020年上半年"),
        ("{{today:title}}", "2020年7月1日"),
        ("{{bureau}}", "甲区{{month}}"),  # what was filled in is not looked at again
    ],
)
def test_forms(text: str, wanted: str) -> None:
    assert filled(text, dates("2020-07-01"), {"bureau": "甲区{{month}}"}) == wanted


@pytest.mark.parametrize(
    "text",
    ["{{mnth}}", "{{}}", "{{month", "month}}", "{{month:%Y}}", "{{month:}}", "{{month+9999999}}",
     "{{year+9999}}", "{{month.middle}}"],
)  # fmt: skip
def test_what_cannot_be_filled_in_is_refused(text: str) -> None:
    with pytest.raises(PlaceholderError) as caught:
        filled(text, dates("2020-07-01"))
    assert caught.value.advice


def test_the_cut_off_may_be_given() -> None:
    assert dates("2020-07-05", "{{today-1}}").as_of == dt.date(2020, 7, 4)
    assert BatchDates.of(dt.date(2020, 7, 5), dt.date(2020, 5, 31)).as_of == dt.date(2020, 5, 31)
    with pytest.raises(ValueError):
        dates("2020-07-05", "月底")


def test_every_name_can_be_filled_in() -> None:
    for name in PLACEHOLDERS:
        assert filled("{{" + name + "}}", dates("2020-07-01"), {"bureau": "局"})
