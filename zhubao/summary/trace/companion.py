"""A printed 上年同期 or 上期: which figure of which period it is, and whether it still holds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.audit.trace.printed import Printed
from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.excel.sheet import RawSheet
from zhubao.summary.indicators.figures import Figure, Measured, all_figures

LAST_YEAR, LAST_PERIOD = "上年同期", "上期"
_CODE = "编号"
_PARTS = {"分子": "numerator", "分母": "denominator"}
_CHANGE = re.compile(rf"比({LAST_YEAR}|{LAST_PERIOD})(?:（百分点）)?")
_PERIOD = re.compile(r"期间：([^\u3000]+)")
_HEADING = 2  # rows above the header: title and circumstances
_NEAR = 1e-7


@dataclass(frozen=True, slots=True)
class Companion:
    """The figure and period of a printed companion; `part` is that of a rate it shows, or ""."""

    figure: Figure
    period: Period
    printed: Printed
    part: str = ""

    def is_same(self, measured: Measured | None) -> bool:
        """True when the cell shows what is measured now; an empty cell shows nothing."""
        wanted, found = self._wanted(measured), self.printed.value
        if wanted is None or isinstance(wanted, str):
            return found == wanted or (wanted is None and found == "")
        return isinstance(found, int | float) and abs(found - wanted) <= _NEAR

    def _wanted(self, measured: Measured | None) -> float | str | None:
        """What the cell would hold: yuan, the quotient or one number of a rate, "—" for 0/0."""
        if measured is None:
            return None
        shown = self.figure.shown(measured)
        if isinstance(shown, Ratio) and not self.part:
            return "—" if shown.value is None else shown.value
        number: Any = getattr(shown, self.part) if self.part else shown
        return number / 100 if self.figure.money else float(number)


def companion_of(sheets: Sequence[RawSheet], printed: Printed) -> Companion | None:
    """The companion a cell of a summary's workbook shows; None for any other cell.

    Its period is that of the sheet's second row, a year earlier or just before. UsageError for the
    difference of two periods, which has no cells of its own.
    """
    figure = _figure(printed)
    spans = _spans(next((one for one in sheets if one.name == printed.where.sheet), None))
    if figure is None or spans is None:
        return None
    change = _CHANGE.fullmatch(printed.header)
    if change:
        raise UsageError(
            f"这一格是本期减{change[1]}（{spans[change[1]].title}），没有自己的来源",
            where=str(printed.where),
            advice=f"请追溯同一行的本期或“{change[1]}”那一格。",
        )
    for name, period in spans.items():
        if printed.header == name:
            return Companion(figure, period, printed)
        part = printed.header.removeprefix(name)
        if printed.header.startswith(name) and part in _PARTS and figure.is_rate:
            return Companion(figure, period, printed, _PARTS[part])
    return None


def told(printed: Printed) -> str:
    """The cell as it is read on paper: 257, 21,235.15, 96.72%（2,003/2,071）, 2017-12-01.

    A rate is known by the columns of its two numbers.
    """
    value, row = printed.value, printed.row
    parts = [row.get(f"{printed.header}{name}", "") for name in ("分子", "分母")]
    if isinstance(value, float) and "" not in parts:
        return f"{value:.2%}（{'/'.join(map(_number, parts))}）"
    return _number(value)


def _number(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return f"{value:,}".removesuffix(".0") if isinstance(value, int | float) else str(value)


def _figure(printed: Printed) -> Figure | None:
    code = printed.row.get(_CODE)
    return next((one for one in all_figures() if one.code == code), None) if code else None


def _spans(sheet: RawSheet | None) -> dict[str, Period] | None:
    """The two periods beside the sheet's own; None where it names none that is understood."""
    words = " ".join(
        str(value) for row in (sheet.rows if sheet else [])[:_HEADING] for value in row
    )
    match = _PERIOD.search(words)
    try:
        period = Period.parse(match[1].strip()) if match else None
    except ValueError:
        return None
    if period is None:
        return None
    return {LAST_YEAR: period.same_last_year(), LAST_PERIOD: period.previous()}
