"""A number of an indicator table: which figure of which period it is, and whether it holds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.audit.trace.printed import Printed
from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.excel.sheet import RawSheet
from zhubao.summary.indicators.figures import Figure, Measured, all_figures
from zhubao.summary.summary import Measuring
from zhubao.summary.trace.heading import Heading, heading_of

LAST_YEAR, LAST_PERIOD = "上年同期", "上期"
_CODE = "编号"
_PARTS = {"分子": "numerator", "分母": "denominator"}
_CHANGE = re.compile(rf"比({LAST_YEAR}|{LAST_PERIOD})(?:（百分点）)?")
_NEAR = 1e-7


@dataclass(frozen=True, slots=True)
class Companion:
    """The figure and period of a printed number; `part` is that of a rate it shows, or "".

    `cut_off` is the sheet's own where the number is that of its own period, else None: 上年同期 and
    上期 are counted as things stood at their own end.
    """

    figure: Figure
    period: Period
    printed: Printed
    part: str = ""
    cut_off: dt.date | None = None

    @property
    def day(self) -> dt.date:
        """The last day that counts."""
        return self.period.end if self.cut_off is None else min(self.period.end, self.cut_off)

    @property
    def part_title(self) -> str:
        """分子 or 分母 where one number of a rate is shown, else ""."""
        return next((name for name, part in _PARTS.items() if part == self.part), "")

    def measure(self, measuring: Measuring) -> tuple[Measured | None, str]:
        """The number as the ledgers say it now, by the rule the summary counts it by."""
        if self.cut_off is None:
            return measuring.measure_dated(self.figure, self.period, report=True)
        missing = measuring.begins_later(self.figure, Period(self.period.start, self.day))
        if missing:
            return None, missing
        return measuring.measure(self.figure, self.period, self.cut_off)

    def is_same(self, measured: Measured | None) -> bool:
        """True when the cell shows what is measured now; an empty cell shows nothing."""
        wanted, found = self.wanted(measured), self.printed.value
        if wanted is None or isinstance(wanted, str):
            return found == wanted or (wanted is None and found == "")
        return isinstance(found, int | float) and abs(found - wanted) <= _NEAR

    def wanted(self, measured: Measured | None) -> float | str | None:
        """What the cell would hold: yuan, the quotient or one number of a rate, "—" for 0/0."""
        if measured is None:
            return None
        shown = self.figure.shown(measured)
        if isinstance(shown, Ratio) and not self.part:
            return "—" if shown.value is None else shown.value
        number: Any = getattr(shown, self.part) if self.part else shown
        hundredths = self.figure.hundredths if self.part else self.figure.money
        return number / 100 if hundredths else float(number)


def companion_of(sheets: Sequence[RawSheet], printed: Printed) -> Companion | None:
    """The figure and period that a cell of an indicator table shows; None for any other cell.

    The sheet's own period is read above its header. UsageError for the difference of two periods,
    which has no cells of its own.
    """
    figure = _figure(printed)
    heading = heading_of(sheets, printed.where.sheet)
    if figure is None or heading is None:
        return None
    _refuse_change(printed, heading)
    for name, period, cut_off in _periods(heading):
        part = printed.header.removeprefix(name)
        if not printed.header.startswith(name) or (part and not figure.is_rate):
            continue
        if part == "" or part in _PARTS:
            return Companion(figure, period, printed, _PARTS.get(part, ""), cut_off)
    return None


def _periods(heading: Heading) -> Iterator[tuple[str, Period, dt.date | None]]:
    """Header → period and cut-off: the sheet's own, and the two beside it."""
    yield heading.period.title, heading.period, heading.as_of
    yield LAST_YEAR, heading.span.same_last_year(), None
    yield LAST_PERIOD, heading.span.previous(), None


def _refuse_change(printed: Printed, heading: Heading) -> None:
    change = _CHANGE.fullmatch(printed.header)
    if change is None:
        return
    period = next(one for name, one, _ in _periods(heading) if name == change[1])
    raise UsageError(
        f"这一格是本期减{change[1]}（{period.title}），没有自己的来源",
        where=str(printed.where),
        advice=f"请追溯同一行的本期或“{change[1]}”那一格。",
    )


def told(printed: Printed) -> str:
    """The cell as it is read on paper: 257, 21,235.15, 96.72%（2,003/2,071）, 2017-12-01.

    A rate is known by the columns of its two numbers.
    """
    value, row = printed.value, printed.row
    parts = [row.get(f"{printed.header}{name}", "") for name in ("分子", "分母")]
    if isinstance(value, float) and "" not in parts:
        return f"{value:.2%}（{'/'.join(map(told_value, parts))}）"
    return told_value(value)


def told_value(value: Any) -> str:
    """A cell's value by itself, as it is read on paper."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return f"{value:,}".removesuffix(".0") if isinstance(value, int | float) else str(value)


def _figure(printed: Printed) -> Figure | None:
    code = printed.row.get(_CODE)
    return next((one for one in all_figures() if one.code == code), None) if code else None
