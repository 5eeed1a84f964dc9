"""How the days that were counted are called, where a period has not ended or begins late."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from zhubao.core.period import Month

if TYPE_CHECKING:
    from zhubao.summary.summary import Summary

_MONTH, _YEAR = 1, 12
_HALF_ENDS = (6, 30)


def counted_span(summary: Summary) -> str:
    """本月 or the period's name; of a period that has not ended the days counted: 2020年1—5月."""
    period, day = summary.period, summary.as_of
    is_month = len(period.months()) == _MONTH
    if day >= period.end:
        return "本月" if is_month else period.title
    named = _from_to(period.start, day)
    return named if is_month else f"{period.start.year}年{named}"


def since_new_year(summary: Summary) -> str:
    """1—6月: from 1 January to the last day that counts; "" for a period that begins then."""
    start = summary.period.start
    if (start.month, start.day) == (1, 1):
        return ""
    return _from_to(dt.date(start.year, 1, 1), min(summary.period.end, summary.as_of))


def cut_note(summary: Summary) -> str:
    """What is said of a period that has not ended; "" of one that has."""
    period, day = summary.period, summary.as_of
    if day >= period.end:
        return ""
    months = len(period.months())
    name = {_MONTH: "这个月", _YEAR: "全年"}.get(months, "半年")
    note = f"{name}还没有结束，只统计到{day.month}月{day.day}日"
    if months == _YEAR and (day.month, day.day) >= _HALF_ENDS:
        note += f"；上半年的总结请用 zhubao summary half-year --period {day.year}-H1"
    return note


def _from_to(first: dt.date, last: dt.date) -> str:
    """1—6月 of whole months, 6月; else 1月1日至6月15日, 6月1日至15日."""
    one_month = first.month == last.month
    if last == Month.containing(last).last_day:
        return f"{first.month}月" if one_month else f"{first.month}—{last.month}月"
    end = f"{last.day}日" if one_month else f"{last.month}月{last.day}日"
    return f"{first.month}月{first.day}日至{end}"
