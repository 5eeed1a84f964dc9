"""Months and periods: what a ledger row belongs to, and what a report covers."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTH = re.compile(r"([0-9]{4})(?:[-./]([0-9]{1,2})|年([0-9]{1,2})月(?:份)?|([0-9]{2}))")
_DAY = re.compile(
    r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
)
_YEAR = re.compile(r"([0-9]{4})年?(?:全年|度)?")
_HALF = re.compile(r"([0-9]{4})(?:-?[Hh]([12])|年?(上|下)半年)")
_QUARTER = re.compile(
    r"([0-9]{4})(?:-?[Qq]([1-4])|(?:年第?|第|(?=[一二三四]))([一二三四1-4])季度?)"
)
_RANGE = re.compile(r"\s*(?:\.\.|至|到|~|～)\s*")
_YEARLESS = re.compile(r"[0-9]{1,2}月")
_NUMERALS = {"上": 1, "下": 2, "一": 1, "二": 2, "三": 3, "四": 4}


class Month(int):
    """A calendar month, as the number year × 12 + month less one; sorts and hashes as that."""

    __slots__ = ()

    @classmethod
    def of(cls, year: int, month: int) -> Month:
        """The month of `year`; ValueError when there is no such month."""
        if not (1 <= month <= 12 and 1 <= year <= 9999):
            raise ValueError(f"没有这个月份：{year}年{month}月")
        return cls(year * 12 + month - 1)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read 2020-06, 2020年6月, 202006, 2020.6 or 2020/06; ValueError for anything else."""
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"看不懂的月份：{text}（写法如 2020-06）")
        year, *months = match.groups()
        return cls.of(int(year), int(next(part for part in months if part)))

    @classmethod
    def containing(cls, day: dt.date) -> Month:
        """The month a day falls in."""
        return cls(day.year * 12 + day.month - 1)

    @property
    def year(self) -> int:
        """The year, e.g. 2020."""
        return int(self) // 12

    @property
    def month(self) -> int:
        """The month of the year, 1 to 12."""
        return int(self) % 12 + 1

    @property
    def first_day(self) -> dt.date:
        """The first day of the month."""
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        """The last day of the month."""
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def title(self) -> str:
        """As written in Chinese text: 2020年6月."""
        return f"{self.year}年{self.month}月"

    def plus(self, months: int) -> Month:
        """The month so many months later (earlier when negative)."""
        return Month(int(self) + months)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __repr__(self) -> str:
        return f"Month({self})"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` to `end`, both included. Label and title follow from the two days."""

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"期间的结束日早于开始日：{self.start} 至 {self.end}")

    @classmethod
    def spanning(cls, first: Month, months: int) -> Period:
        """So many whole months from `first` on."""
        return cls(first.first_day, first.plus(months - 1).last_day)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read 2020, 2020-H1, 2020-Q2, 2020-06, 2020年上半年, 2020上半年, 2020年第一季度,
        2019-07..2020-06 or two days.

        ValueError for anything else.
        """
        first, *rest = _RANGE.split(text.strip(), maxsplit=1)
        span = _parse_span(first)
        for last in rest:
            year = f"{span.start.year}年" if _YEARLESS.match(last) else ""
            span = cls(span.start, _parse_span(year + last).end)
        return span

    @classmethod
    def year_to_date(cls, as_of: dt.date) -> Period:
        """From 1 January to `as_of`."""
        return cls(as_of.replace(month=1, day=1), as_of)

    @property
    def label(self) -> str:
        """The short stable name: 2020, 2020-H1, 2020-Q2, 2020-06, or first..last day."""
        first, size = Month.containing(self.start), self._whole_months
        if size == 12 and first.month == 1:
            return f"{first.year:04d}"
        if size == 6 and first.month in (1, 7):
            return f"{first.year:04d}-H{first.month // 6 + 1}"
        if size == 3 and first.month % 3 == 1:
            return f"{first.year:04d}-Q{first.month // 3 + 1}"
        return str(first) if size == 1 else f"{self.start}..{self.end}"

    @property
    def title(self) -> str:
        """As written in Chinese text: 2020年上半年, 2020年第二季度, 2020年6月."""
        label, year = self.label, self.start.year
        if ".." in label:
            return self._range_title
        if "-H" in label:
            return f"{year}年{'上' if label[-1] == '1' else '下'}半年"
        if "-Q" in label:
            return f"{year}年第{'一二三四'[int(label[-1]) - 1]}季度"
        return f"{year}年" if "-" not in label else Month.containing(self.start).title

    @property
    def _range_title(self) -> str:
        start, end = self.start, self.end
        year = "" if start.year == end.year else f"{end.year}年"
        return f"{start.year}年{start.month}月{start.day}日至{year}{end.month}月{end.day}日"

    @property
    def _whole_months(self) -> int:
        """How many whole months the period is made of; 0 when it cuts into one."""
        last = Month.containing(self.end)
        if self.start.day != 1 or self.end != last.last_day:
            return 0
        return last - Month.containing(self.start) + 1

    def months(self) -> tuple[Month, ...]:
        """Every month the period touches, in order."""
        first, last = Month.containing(self.start), Month.containing(self.end)
        return tuple(Month(index) for index in range(first, last + 1))

    def days(self) -> Iterator[dt.date]:
        """Every day of the period, in order."""
        for ordinal in range(self.start.toordinal(), self.end.toordinal() + 1):
            yield dt.date.fromordinal(ordinal)

    def previous(self) -> Period:
        """The period of the same length just before: half-year to half-year, days to days."""
        size = self._whole_months
        if size:
            return Period.spanning(Month.containing(self.start).plus(-size), size)
        days = self.end - self.start
        end = self.start - dt.timedelta(days=1)
        return Period(end - days, end)

    def same_last_year(self) -> Period:
        """The same period one year earlier; 29 February becomes the 28th, a month end stays one."""
        if self._whole_months:
            return Period.spanning(Month.containing(self.start).plus(-12), self._whole_months)
        return Period(_one_year_earlier(self.start), _one_year_earlier(self.end))

    def contains(self, day: dt.date) -> bool:
        """True when the day falls within the period."""
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.label


def _one_year_earlier(day: dt.date) -> dt.date:
    month = Month.containing(day).plus(-12)
    return month.first_day.replace(day=min(day.day, month.last_day.day))


def _parse_span(text: str) -> Period:
    """A year, half-year, quarter, month or day."""
    for pattern, months in ((_YEAR, 12), (_HALF, 6), (_QUARTER, 3)):
        match = pattern.fullmatch(text)
        if match:
            year, *parts = match.groups()
            index = next((_ordinal(part) for part in parts if part), 1)
            return Period.spanning(Month.of(int(year), 1 + (index - 1) * months), months)
    day = _DAY.fullmatch(text)
    if day:
        start = dt.date(*(int(part) for part in day.groups() if part))
        return Period(start, start)
    if _MONTH.fullmatch(text):
        return Period.spanning(Month.parse(text), 1)
    raise ValueError(f"看不懂的期间：{text}（写法如 2020、2020-H1、2020-Q2、2020-06）")


def _ordinal(text: str) -> int:
    return _NUMERALS.get(text) or int(text)
