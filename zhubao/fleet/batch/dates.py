"""The dates of a batch, all from one reference date, and the {{placeholders}} that name them.

Two families of names. `this_…`, `last_…` and `next_…` go by the calendar, from the reference date.
The bare names (`month`, `quarter`, `half_year`, `year`, `first_day`, `last_day`) go by the month
that was closed last: the latest month whose last day is not after the reference date. On 30 June
and on 3 July alike that is June, so a month's end may be run a few days late, and the half-year is
the first one.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zhubao.core.period import Month, Period

_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_INSIDE = re.compile(
    r"\s*(?P<name>[A-Za-z_]+)\s*(?:(?P<shift>[+-]\s*\d{1,4})\s*)?"
    r"(?:\.(?P<edge>start|end)\s*)?(?::(?P<format>.*))?",
    re.DOTALL,
)
_TOKEN = re.compile(r"yyyy|yy|mm|m|dd|d", re.IGNORECASE)
_WHOLE = "title"  # a format: 2020年上半年


class PlaceholderError(ValueError):
    """A placeholder that cannot be filled in; `advice` says what can be written."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class BatchDates:
    """The reference date, and the cut-off date that {{as_of}} stands for."""

    date: dt.date
    as_of: dt.date

    @classmethod
    def of(cls, date: dt.date, as_of: dt.date | str | None = None) -> BatchDates:
        """From the reference date; without a cut-off date the last day of the closed month.

        A text is a date or a placeholder. PlaceholderError or ValueError when it is neither.
        """
        closing = cls(date, closed_month(date).last_day)
        if as_of is None:
            return closing
        if isinstance(as_of, str):
            as_of = dt.date.fromisoformat(filled(as_of, closing).strip())
        return cls(date, as_of)

    @property
    def closed(self) -> Month:
        """The month that was closed last."""
        return closed_month(self.date)


def pinned_note(pinned: dt.date | None, dates: BatchDates) -> str:
    """What is said where a bureau has fixed another cut-off date than the one the batch goes by.

    The batch keeps its own: a scheduler runs it for the month that has just ended.
    """
    if pinned is None or pinned in (dates.date, dates.as_of):
        return ""
    return (
        f"本局 zhubao.toml 固定了截止日期 {pinned}，批处理的基准日却是 {dates.date}；"
        f"要按固定的日期，请加 --date {pinned}"
    )


def closed_month(date: dt.date) -> Month:
    """The latest month whose last day is not after `date`."""
    month = Month.containing(date)
    return month if date == month.last_day else month.plus(-1)


def filled(text: str, dates: BatchDates, texts: Mapping[str, str] | None = None) -> str:
    """`text` with its placeholders filled in; `texts` are further names with their values.

    {{name}}, {{name+1}} (so many months, quarters, half-years, years or days on), {{name.start}},
    {{name.end}}, {{name:yyyy年m月}}, {{name:title}}. PlaceholderError for anything else.
    """
    result = _PLACEHOLDER.sub(lambda found: _value(found[1], dates, texts or {}), text)
    if "{{" in _PLACEHOLDER.sub("", text) or "}}" in _PLACEHOLDER.sub("", text):
        raise PlaceholderError(f"“{text}”里的花括号没有成对", "占位符写成 {{month}} 这样。")
    return result


def _value(inside: str, dates: BatchDates, texts: Mapping[str, str]) -> str:
    if inside.strip() in texts:
        return texts[inside.strip()]
    match = _INSIDE.fullmatch(inside)
    if match is None or match["name"].lower() not in _NAMES:
        raise _unknown(inside, match["name"] if match else inside, texts)
    months, find = _NAMES[match["name"].lower()]
    shift = int((match["shift"] or "0").replace(" ", ""))
    try:
        period = _shifted(find(dates), months, shift)
    except (ValueError, OverflowError):
        raise PlaceholderError("{{" + inside + "}} 超出了日历", "请改小加减的数。") from None
    if match["edge"]:
        day = period.start if match["edge"] == "start" else period.end
        period, months = Period(day, day), 0
    return _written(period, months, match["format"], inside)


def _shifted(period: Period, months: int, shift: int) -> Period:
    if months:
        return Period.spanning(Month.containing(period.start).plus(shift * months), months)
    day = period.start + dt.timedelta(days=shift)
    return Period(day, day)


def _written(period: Period, months: int, form: str | None, inside: str) -> str:
    day = period.start
    if form is None:
        return period.label if months else day.isoformat()
    if form.strip().lower() == _WHOLE:
        return period.title if months else f"{day.year}年{day.month}月{day.day}日"
    rest = _TOKEN.sub("", form)
    if re.search(r"[A-Za-z%{}]", rest) or not _TOKEN.search(form):
        raise PlaceholderError(
            "{{" + inside + "}} 的格式看不懂",
            "格式用 yyyy、mm、m、dd、d 和文字组成，如 {{month:yyyy年m月}}，或写 {{month:title}}。",
        )
    return _TOKEN.sub(lambda found: _part(found[0].lower(), day), form)


def _part(token: str, day: dt.date) -> str:
    if token[0] == "y":
        return f"{day.year:04d}" if token == "yyyy" else f"{day.year % 100:02d}"
    number = day.month if token[0] == "m" else day.day
    return f"{number:02d}" if len(token) == 2 else str(number)


def _unknown(inside: str, name: str, texts: Mapping[str, str]) -> PlaceholderError:
    known = [*_NAMES, *texts]
    close = difflib.get_close_matches(name.strip().lower(), known, n=1)
    hint = f"是不是 {{{{{close[0]}}}}}？" if close else ""
    return PlaceholderError(
        "没有占位符 {{" + inside.strip() + "}}", f"{hint}可以写：{'、'.join(known)}。"
    )


_Find = Callable[[BatchDates], Period]


def _day(find: Callable[[BatchDates], dt.date]) -> tuple[int, _Find]:
    return 0, lambda dates: Period(find(dates), find(dates))


def _span(months: int, shift: int | None) -> tuple[int, _Find]:
    """The span of so many months around the reference date, shifted; None: the closed month's."""

    def find(dates: BatchDates) -> Period:
        inside = dates.closed if shift is None else Month.containing(dates.date)
        first = Month(int(inside) // months * months)
        return Period.spanning(first.plus((shift or 0) * months), months)

    return months, find


_NAMES: Mapping[str, tuple[int, _Find]] = {
    "today": _day(lambda dates: dates.date),
    "as_of": _day(lambda dates: dates.as_of),
    "first_day": _day(lambda dates: dates.closed.first_day),
    "last_day": _day(lambda dates: dates.closed.last_day),
    **{
        f"{prefix}{name}": _span(months, shift)
        for name, months in (("month", 1), ("quarter", 3), ("half_year", 6), ("year", 12))
        for prefix, shift in (("", None), ("this_", 0), ("last_", -1), ("next_", 1))
    },
}
PLACEHOLDERS = (*_NAMES, "bureau")
