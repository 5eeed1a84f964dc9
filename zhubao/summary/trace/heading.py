"""The circumstances printed above a sheet of the summary: its period and its cut-off day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhubao.core.period import Period
from zhubao.excel.sheet import RawSheet

_PERIOD = re.compile(r"期间：([^\u3000]+)")
_CUT_OFF = re.compile(r"(?:截止日期：|台账截止)(\d{4})[-年](\d{1,2})[-月](\d{1,2})")
_ROWS = 2  # above the header: title and circumstances
_SUMMARY = "工作总结数据"


@dataclass(frozen=True, slots=True)
class Heading:
    """The period of a sheet and the cut-off day it was made at.

    `is_summary`: the sheet is one of the summary's workbook, which can be made again.
    """

    period: Period
    as_of: dt.date
    is_summary: bool

    @property
    def span(self) -> Period:
        """The days of the period that count."""
        return Period(self.period.start, min(self.period.end, self.as_of))


def heading_of(sheets: Sequence[RawSheet], name: str) -> Heading | None:
    """The circumstances of a sheet; None where it names no period that is understood.

    Without a cut-off day the period's last day counts; one before the period is no cut-off of it.
    """
    sheet = next((one for one in sheets if one.name == name), None)
    words = "　".join(str(value) for row in (sheet.rows if sheet else [])[:_ROWS] for value in row)
    match = _PERIOD.search(words)
    if match is None:
        return None
    try:
        period = Period.parse(match[1].strip())
        day = _CUT_OFF.search(words)
        as_of = dt.date(*map(int, day.groups())) if day else period.end
    except ValueError:
        return None
    return Heading(period, as_of, _SUMMARY in words) if as_of >= period.start else None
