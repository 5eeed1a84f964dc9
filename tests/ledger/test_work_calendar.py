"""The local file of working days stands before the published holidays."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from zhubao.core.errors import BureauError
from zhubao.core.workdays import CalendarUnknown
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.work_calendar import CALENDAR_NAME, calendar_of

MONDAY_2035 = dt.date(2035, 1, 8)


def ledgers_of(root: Path) -> Path:
    ledgers = root / "ledgers"
    ledgers.mkdir()
    (ledgers / "zhubao.toml").write_text('bureau = "示范局"\n', encoding="utf-8")
    return ledgers


def test_a_year_without_holidays_is_refused_until_the_file_names_it(tmp_path: Path) -> None:
    ledgers = ledgers_of(tmp_path)
    with pytest.raises(CalendarUnknown):
        calendar_of(open_bureau(tmp_path)).is_workday(MONDAY_2035)
    (ledgers / CALENDAR_NAME).write_text("years = [2035]\noff = [2035-01-08]\n", encoding="utf-8")
    calendar = calendar_of(open_bureau(tmp_path))
    assert not calendar.is_workday(MONDAY_2035)
    assert calendar.is_workday(MONDAY_2035 + dt.timedelta(days=1))


def test_an_unusable_file_is_named(tmp_path: Path) -> None:
    path = ledgers_of(tmp_path) / CALENDAR_NAME
    path.write_text("day off", encoding="utf-8")
    with pytest.raises(BureauError) as caught:
        calendar_of(open_bureau(tmp_path))
    assert str(path) in caught.value.where
