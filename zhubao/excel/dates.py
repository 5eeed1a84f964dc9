"""Dates, moments and months: cell dates, serial numbers, and the ways clerks write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import TypeGuard

from zhubao.core.finding import FindingKind
from zhubao.core.period import Month
from zhubao.excel.cleaning import clean_moment, is_empty_mark
from zhubao.excel.faults import (
    DATE_IMPOSSIBLE,
    DATE_UNREADABLE,
    DAY_MISSING,
    MONTH_AMBIGUOUS,
    MONTH_UNREADABLE,
    YEAR_TWO_DIGITS,
)
from zhubao.excel.outcome import EMPTY, MARKED_EMPTY, Fault, Outcome, refuse, shown

_TIME = r"(?:(?:\s|T)*([0-2]?[0-9])[:时]([0-5]?[0-9])分?(?::?([0-5]?[0-9])(?:\.[0-9]+)?秒?)?Z?)?"
_DAY = re.compile(r"([0-9]{4})\s?[-./年]\s?([0-9]{1,2})\s?[-./月]\s?([0-9]{1,2})\s?[日号]?" + _TIME)
_PLAIN_DAY = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})")  # nothing to clean
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})(?:\s?[-./年]\s?([0-9]{1,2})\s?月?|([0-9]{2}))(?:份)?")
_SHORT_YEAR = re.compile(r"'?[0-9]{2}\s?[-./年]\s?[0-9]{1,2}(?:\s?[-./月]\s?[0-9]{0,2}日?)?月?")

_EPOCH_1900 = dt.datetime(1899, 12, 30)
_EPOCH_1904 = dt.datetime(1904, 1, 1)
_PHANTOM_DAY = 60  # 1900-02-29, which Excel believes in
_LAST_SERIAL = 109_575  # the end of 2199
_COMPACT_LIMIT = 100_000_000
_YEAR_LIKE = range(1900, 2101)


def from_serial(serial: float, *, date1904: bool) -> dt.datetime | None:
    """The moment of an Excel serial number; None for the day that never was or out of range."""
    if not 0 < serial < _LAST_SERIAL or (not date1904 and int(serial) == _PHANTOM_DAY):
        return None
    if date1904:
        epoch = _EPOCH_1904
    else:
        epoch = _EPOCH_1900 + dt.timedelta(days=1 if serial < _PHANTOM_DAY else 0)
    return epoch + dt.timedelta(seconds=round(serial * 86_400))


class DateReader:
    """Reads DATE, MOMENT and MONTH cells of a workbook with one date system."""

    def __init__(self, *, date1904: bool = False) -> None:
        self._date1904 = date1904
        self._day_zero = (_EPOCH_1904 if date1904 else _EPOCH_1900).toordinal()

    def read_date(self, raw: object) -> Outcome:
        """A date; a time of day is dropped (and kept in the original)."""
        if type(raw) is dt.date:
            return Outcome(raw)
        plain = self._plain_date(raw)
        if plain is not None:
            return Outcome(plain, odd=True)
        outcome = self.read_moment(raw)
        moment = outcome.value
        if not isinstance(moment, dt.datetime):
            return outcome
        odd = outcome.odd or moment.time() != dt.time()
        return Outcome(moment.date(), odd, outcome.fault)

    def _plain_date(self, raw: object) -> dt.date | None:
        """The date of what most cells hold: year, month and day as text, or a whole serial."""
        if type(raw) is float:
            if not raw.is_integer() or not _YEAR_LIKE[-1] < raw < _LAST_SERIAL:
                return None
            return dt.date.fromordinal(self._day_zero + int(raw))
        match = _PLAIN_DAY.fullmatch(raw) if type(raw) is str else None
        try:
            return dt.date(int(match[1]), int(match[2]), int(match[3])) if match else None
        except ValueError:
            return None

    def read_moment(self, raw: object) -> Outcome:
        """A date with its time of day, midnight when there is none."""
        if isinstance(raw, dt.datetime):
            return Outcome(raw)
        if isinstance(raw, dt.date):
            return Outcome(dt.datetime(raw.year, raw.month, raw.day))
        if isinstance(raw, str):
            return _moment_from_text(raw)
        if _is_number(raw):
            return self._moment_from_number(raw)
        return refuse(DATE_UNREADABLE, raw)

    def read_month(self, raw: object) -> Outcome:
        """A calendar month; a day in it is dropped (and kept in the original)."""
        if isinstance(raw, str):
            return _month_from_text(raw)
        if isinstance(raw, dt.date):
            return Outcome(Month.containing(raw), odd=True)
        if _is_number(raw):
            return self._month_from_number(raw)
        return refuse(MONTH_UNREADABLE, raw)

    def _moment_from_number(self, raw: float) -> Outcome:
        if raw == int(raw) and 1_000_000 < raw < 99_999_999:
            return _moment_from_text(str(int(raw)))
        if raw == int(raw) and _is_compact_month(int(raw)):
            return _moment_from_text(str(int(raw)))
        if int(raw) in _YEAR_LIKE:
            return refuse(DATE_UNREADABLE, raw)
        moment = from_serial(raw, date1904=self._date1904)
        return Outcome(moment, odd=True) if moment else refuse(DATE_UNREADABLE, raw)

    def _month_from_number(self, raw: float) -> Outcome:
        if raw == int(raw) and _is_compact_month(int(raw)):
            return Outcome(Month.of(int(raw) // 100, int(raw) % 100))
        if raw != int(raw) and int(raw) in _YEAR_LIKE:
            return _month_from_fraction(raw)
        day = self._moment_from_number(raw)
        if day.value is None or day.fault is not None:
            return refuse(MONTH_UNREADABLE, raw)
        return Outcome(Month.containing(day.value.date()), odd=True)


def _is_number(raw: object) -> TypeGuard[float]:
    """A number that could be a serial or a compact date; infinities and truth values are not."""
    return isinstance(raw, (int, float)) and not isinstance(raw, bool) and 0 < raw < _COMPACT_LIMIT


def _is_compact_month(number: int) -> bool:
    return number // 100 in _YEAR_LIKE and 1 <= number % 100 <= 12


def _month_from_fraction(raw: float) -> Outcome:
    """2020.06 and 2020.6 can only be June; 2020.1 is January or October."""
    digits = repr(raw).partition(".")[2]
    if digits == "1":
        return refuse(MONTH_AMBIGUOUS, raw)
    if len(digits) > 2 or not 1 <= int(digits) <= 12:
        return refuse(MONTH_UNREADABLE, raw)
    return Outcome(Month.of(int(raw), int(digits)), odd=True)


def _moment_from_text(raw: str) -> Outcome:
    plain = _PLAIN_DAY.fullmatch(raw)
    if plain:
        return _moment(plain, raw)
    text = clean_moment(raw)
    if not text:
        return EMPTY
    if is_empty_mark(text):
        return MARKED_EMPTY
    match = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    if match:
        return _moment(match, raw)
    month = _MONTH.fullmatch(text)
    if month:
        return _first_of_month(month, raw)
    return _refuse_text(text, raw, DATE_UNREADABLE)


def _moment(match: re.Match[str], raw: str) -> Outcome:
    try:
        moment = dt.datetime(*(int(part) for part in match.groups() if part))  # type: ignore[arg-type]
    except ValueError:
        return refuse(DATE_IMPOSSIBLE, raw)
    return Outcome(moment, odd=True)


def _first_of_month(match: re.Match[str], raw: str) -> Outcome:
    year, month = int(match[1]), int(match[2] or match[3])
    if not 1 <= month <= 12 or year == 0:
        return refuse(DATE_IMPOSSIBLE, raw)
    return Outcome(
        dt.datetime(year, month, 1), odd=True, fault=Fault(DAY_MISSING, {"shown": shown(raw)})
    )


def _month_from_text(raw: str) -> Outcome:
    text = clean_moment(raw)
    if not text:
        return EMPTY
    if is_empty_mark(text):
        return MARKED_EMPTY
    match = _MONTH.fullmatch(text)
    if match:
        year, month = int(match[1]), int(match[2] or match[3])
        if not 1 <= month <= 12 or year == 0:
            return refuse(MONTH_UNREADABLE, raw)
        value = Month.of(year, month)
        return Outcome(value, odd=str(value) != raw)
    day = _moment_from_text(raw)
    if day.value is not None:
        return Outcome(Month.containing(day.value.date()), odd=True)
    return _refuse_text(text, raw, MONTH_UNREADABLE)


def _refuse_text(text: str, raw: str, kind: FindingKind) -> Outcome:
    return refuse(YEAR_TWO_DIGITS if _SHORT_YEAR.fullmatch(text) else kind, raw)
