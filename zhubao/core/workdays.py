"""Working days: the State Council's holidays and make-up days, with local overrides."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from zhubao.core.errors import BureauError, ZhubaoError
from zhubao.core.period import Period

_DAY = dt.timedelta(days=1)


class CalendarUnknown(ZhubaoError):
    """The holidays of the year asked for are not known yet."""

    code = "ENV-030"


class WorkCalendar:
    """Answers from `overrides` first (True = working day), then from the published holidays.

    Half days and hours are not known here; whoever counts moments counts them on top.
    """

    def __init__(self, overrides: Mapping[dt.date, bool] | None = None) -> None:
        self._known: dict[dt.date, bool] = dict(overrides or {})

    def is_workday(self, day: dt.date) -> bool:
        """True on a working day; CalendarUnknown when the year's holidays are not known."""
        answer = self._known.get(day)
        if answer is None:
            answer = self._known[day] = _published(day)
        return answer

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days from `start` to `end`: `start` is not counted, `end` is.

        Negative when `end` comes first: then the days after `end` up to `start`.
        """
        if end < start:
            return -self.between(end, start)
        days = range(1, (end - start).days + 1)
        return sum(self.is_workday(start + dt.timedelta(days=offset)) for offset in days)

    def add(self, start: dt.date, workdays: int) -> dt.date:
        """The day on which the last of so many working days falls, `start` not counted.

        Zero gives `start`; a negative number counts backwards.
        """
        step = -_DAY if workdays < 0 else _DAY
        day, left = start, abs(workdays)
        while left:
            day += step
            left -= self.is_workday(day)
        return day


def _published(day: dt.date) -> bool:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise CalendarUnknown(
            f"{day.year}年的节假日安排尚不清楚，不能推算工作日",
            where=day.isoformat(),
            advice=f"请升级 chinesecalendar，或在工作日文件中写明 {day.year} 年的放假和调休",
        ) from None


def load_overrides(path: Path) -> dict[dt.date, bool]:
    """Read a local calendar: `years` (weekends off, before the lists), `off`, `work`.

    All three are optional lists: whole years, and days as 2027-02-06. BureauError when the file
    cannot be read or says something else.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return dict(_overrides(content))
    except (OSError, ValueError) as error:
        raise BureauError(
            f"工作日文件不能用：{error}",
            where=str(path),
            advice="写法：years = [2027]，off = [2027-02-06]（休），work = [2027-02-20]（班）",
        ) from error


def _overrides(content: dict[str, Any]) -> Iterator[tuple[dt.date, bool]]:
    """The days the file speaks of; a later one replaces an earlier one."""
    unknown = set(content) - {"years", "off", "work"}
    if unknown:
        raise ValueError(f"不认识的项目 {'、'.join(sorted(unknown))}")
    for year in _listed(content, "years", int):
        for day in Period(dt.date(year, 1, 1), dt.date(year, 12, 31)).days():
            yield day, day.weekday() < 5
    for key, working in (("off", False), ("work", True)):
        for day in _listed(content, key, dt.date):
            yield day, working


def _listed(content: dict[str, Any], key: str, kind: type[Any]) -> list[Any]:
    """The list under `key`, its items of exactly this kind."""
    items = content.get(key, [])
    if not isinstance(items, list) or any(type(item) is not kind for item in items):
        raise ValueError(f"{key} 应为{'年份' if kind is int else '日期'}的列表")
    return items
