"""Working half days: how many lie between two moments, and on which one a limit ends.

A working day has two halves, each with its opening time (policy approval.working_hours). Let C(t)
be the number of halves of working days that have opened by the moment t. Then

    duration(received, decided) = C(decided) - C(received)

so the half day of receipt is not counted and the half day of decision is; what comes in before
opening, at lunch, after closing or on a day off counts from the next half day that opens; what is
decided after closing or on a day off counts up to the last half day that had opened. A date
without time (midnight) is read by policy approval.date_only: as a rule both as the end of that
day, which gives twice the working days between, the start day not counted.

Exact: whole numbers of half days. C is a prefix sum per year, so a duration is a subtraction.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from zhubao.core.workdays import CalendarUnknown, WorkCalendar
from zhubao.ledger.work_calendar import CALENDAR_NAME
from zhubao.services.approval.rules import Half, Rules

_MIDNIGHT = dt.time()
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True, order=True)
class HalfDay:
    """One half of a working day."""

    day: dt.date
    afternoon: bool

    @property
    def half(self) -> Half:
        """上午 or 下午."""
        return Half.AFTERNOON if self.afternoon else Half.MORNING

    @property
    def title(self) -> str:
        """6月30日上午."""
        return f"{self.day.month}月{self.day.day}日{self.half}"

    @property
    def long_title(self) -> str:
        """2020年6月30日上午."""
        return f"{self.day.year}年{self.title}"


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of a stage: the running numbers of its halves that count, and why others do not."""

    day: dt.date
    works: bool
    morning: int | None
    afternoon: int | None

    @property
    def weekday(self) -> str:
        """周四; a make-up day and a holiday say so."""
        name = f"周{_WEEKDAYS[self.day.weekday()]}"
        if self.works:
            return f"{name}（调休上班）" if self.day.weekday() > 4 else name
        return name if self.day.weekday() > 4 else f"{name}（放假）"


@dataclass(frozen=True, slots=True)
class _OfficeDay:
    """A day, the half days of its year that began before it, and when its own open."""

    works: bool
    begun: int
    morning: dt.time
    afternoon: dt.time


class HalfDayClock:
    """Counts working half days. Raises CalendarUnknown where a year's holidays are not known."""

    def __init__(self, calendar: WorkCalendar, rules: Rules | None = None) -> None:
        self._calendar = calendar
        self.rules = rules or Rules()
        self._years: dict[int, list[int]] = {}
        self._days: dict[dt.date, _OfficeDay] = {}
        self._unknown: dict[int, CalendarUnknown] = {}

    def count(self, received: dt.datetime, decided: dt.datetime) -> int:
        """Half days from receipt to decision; 0 when nothing opened in between or they cross."""
        return max(0, self.elapsed(received, self.end_of(decided)))

    def elapsed(self, received: dt.datetime, moment: dt.datetime) -> int:
        """Half days that opened after the receipt and by the moment (with its time)."""
        first, begun = self._begun(self.start_of(received))
        last, done = self._begun(moment)
        if last < first:
            return -1
        return done - begun + sum(self._halves(year) for year in range(first, last))

    def due(self, received: dt.datetime, limit: int) -> HalfDay:
        """The last half day in which a decision keeps within `limit` half days."""
        year, begun = self._begun(self.start_of(received))
        wanted = begun + limit
        while wanted > self._halves(year):
            wanted -= self._halves(year)
            year += 1
        while wanted <= 0:
            year -= 1
            wanted += self._halves(year)
        day = bisect_left(self._year(year), (wanted + 1) // 2) - 1
        return HalfDay(dt.date(year, 1, 1) + dt.timedelta(days=day), wanted % 2 == 0)

    def is_outside(self, moment: dt.datetime) -> bool:
        """True outside working time; a date without time only when that day is off."""
        if not self.works(moment.date()):
            return True
        time = moment.time()
        return time != _MIDNIGHT and not self.rules.hours(moment.date()).is_open(time)

    def works(self, day: dt.date) -> bool:
        """True on a working day."""
        return self._day(day).works

    def half_of(self, moment: dt.datetime) -> HalfDay | None:
        """The half day that had opened that day; None on a day off and before opening."""
        hours, time = self.rules.hours(moment.date()), moment.time()
        if not self.works(moment.date()) or time < hours.morning[0]:
            return None
        return HalfDay(moment.date(), time >= hours.afternoon[0])

    def explain(self, received: dt.datetime, moment: dt.datetime) -> Iterator[DayCount]:
        """Every day from the receipt to the moment, with the numbers of the half days counted."""
        done = 0
        for ordinal in range(received.toordinal(), moment.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            numbers: list[int | None] = [None, None]
            hours = self.rules.hours(day)
            for half, (opening, _) in enumerate((hours.morning, hours.afternoon)):
                begins = dt.datetime.combine(day, opening)
                if self.works(day) and self.start_of(received) < begins <= moment:
                    done += 1
                    numbers[half] = done
            yield DayCount(day, self.works(day), numbers[0], numbers[1])

    def start_of(self, received: dt.datetime) -> dt.datetime:
        """The receipt with a time, as the policy reads a date without one."""
        return received if received.time() != _MIDNIGHT else self._read(received, "received")

    def end_of(self, decided: dt.datetime) -> dt.datetime:
        """The decision with a time, as the policy reads a date without one."""
        return decided if decided.time() != _MIDNIGHT else self._read(decided, "decided")

    def _read(self, moment: dt.datetime, what: str) -> dt.datetime:
        day = moment.date()
        if self.rules.date_only(what, day) is Half.AFTERNOON:
            return end_of_day(day)
        return dt.datetime.combine(day, self.rules.hours(day).morning[0])

    def _begun(self, moment: dt.datetime) -> tuple[int, int]:
        """The year, and how many of its half days have opened by the moment."""
        day = self._day(moment.date())
        if not day.works:
            return moment.year, day.begun
        time = moment.time()
        return moment.year, day.begun + (time >= day.morning) + (time >= day.afternoon)

    def _day(self, day: dt.date) -> _OfficeDay:
        found = self._days.get(day)
        if found is None:
            sums, place = self._year(day.year), day.timetuple().tm_yday
            hours = self.rules.hours(day)
            found = self._days[day] = _OfficeDay(
                works=sums[place] > sums[place - 1],
                begun=2 * sums[place - 1],
                morning=hours.morning[0],
                afternoon=hours.afternoon[0],
            )
        return found

    def _halves(self, year: int) -> int:
        return 2 * self._year(year)[-1]

    def _year(self, year: int) -> list[int]:
        """Working days among the first n days of the year, for n from 0 on."""
        found = self._years.get(year)
        if found is None:
            if year in self._unknown:
                raise self._unknown[year]
            found = self._years[year] = self._sums(year)
        return found

    def _sums(self, year: int) -> list[int]:
        sums, first = [0], dt.date(year, 1, 1).toordinal()
        try:
            for ordinal in range(first, dt.date(year, 12, 31).toordinal() + 1):
                sums.append(sums[-1] + self._calendar.is_workday(dt.date.fromordinal(ordinal)))
        except CalendarUnknown as fault:
            unknown = CalendarUnknown(
                f"{year}年的放假和调休安排尚不清楚，不能推算工作日",
                where=fault.where,
                advice=f"在 zhubao.toml 旁边的 {CALENDAR_NAME} 里写明全年安排"
                f"（years = [{year}]，off 写放假日，work 写调休上班日）；或升级 chinesecalendar",
            )
            self._unknown[year] = unknown
            raise unknown from None
        return sums


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of the day."""
    return dt.datetime.combine(day, dt.time.max)


def has_time(moment: dt.datetime) -> bool:
    """False for a date without time, which the ledger keeps as midnight."""
    return moment.time() != _MIDNIGHT


def is_before(first: dt.datetime, second: dt.datetime) -> bool:
    """True when `first` surely lies before; where a time is missing only the dates tell."""
    if has_time(first) and has_time(second):
        return first < second
    return first.date() < second.date()


def in_days(halves: Fraction | int | None) -> Decimal | None:
    """Half days as working days with at most two decimals, half up; 5 gives 2.5."""
    if halves is None:
        return None
    days = Fraction(halves) / 2
    exact = Decimal(days.numerator) / Decimal(days.denominator)
    shown = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole = shown.to_integral_value()
    return whole if shown == whole else shown.normalize()


def say_days(halves: Fraction | int | None) -> str:
    """2.5 个工作日."""
    days = in_days(halves)
    return "—" if days is None else f"{days:f} 个工作日"


def say_moment(moment: dt.datetime | None) -> str | None:
    """2020-06-29 15:30; a date without time as a date."""
    if moment is None:
        return None
    return f"{moment:%Y-%m-%d %H:%M}" if has_time(moment) else f"{moment:%Y-%m-%d}"
