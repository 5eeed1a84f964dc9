"""All figures for two periods side by side, with the difference and the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhubao.core.finding import Finding
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.loaded import Loaded
from zhubao.summary.indicators.figures import Figure, Measured, complete
from zhubao.summary.summary import FIGURES, Measuring, count_errors


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of two periods. A None has its reason in `missing`."""

    figure: Figure
    first: Measured | None
    second: Measured | None
    missing: str = ""

    @property
    def difference(self) -> int | None:
        """Second - first, fen or the figure's unit; None for a rate or a missing number."""
        first, second = complete(self.first), complete(self.second)
        if self.figure.is_rate or first is None or second is None:
            return None
        return second.value - first.value

    @property
    def change(self) -> Ratio | None:
        """Difference ÷ first; "—" where the first is zero."""
        if self.difference is None or self.first is None:
            return None
        return Ratio(self.difference, self.first.value, money=self.figure.money)

    @property
    def points(self) -> Decimal | None:
        """Of a rate, second - first in percentage points (`Ratio.points_over`); None of others."""
        earlier, later = complete(self.first), complete(self.second)
        if earlier is None or later is None:
            return None
        first, second = self.figure.shown(earlier), self.figure.shown(later)
        if isinstance(first, Ratio) and isinstance(second, Ratio):
            return second.points_over(first)
        return None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every figure in the order of the registry; `as_of` is the cut-off of both periods.

    `row_errors` is how many cells of the ledgers could not be used.
    """

    first: Period
    second: Period
    as_of: dt.date
    lines: tuple[Compared, ...]
    findings: tuple[Finding, ...]
    row_errors: int = 0


def compare_periods(
    loaded: Loaded,
    first: Period,
    second: Period,
    as_of: dt.date,
    *,
    overrides: Mapping[str, Any] | None = None,
    calendar: WorkCalendar | None = None,
) -> Comparison:
    """Compute every figure for both periods, each as it stood at its own end (or at `as_of`).

    `loaded` needs `SUMMARY_MODELS`. A period that the figure's ledger does not reach back to has
    no number; the period that holds `as_of` says what its summary says. ValueError for a period
    after `as_of`.
    """
    one, other = (Period(span.start, min(span.end, as_of)) for span in (first, second))
    measuring = Measuring(loaded, overrides, calendar)
    lines = tuple(_compared(measuring, figure, one, other, as_of) for figure in FIGURES)
    findings = tuple(dict.fromkeys(measuring.findings))
    return Comparison(one, other, as_of, lines, findings, count_errors(loaded.findings))


def _compared(
    measuring: Measuring, figure: Figure, first: Period, second: Period, as_of: dt.date
) -> Compared:
    one, why = _measured(measuring, figure, first, as_of)
    other, why_other = _measured(measuring, figure, second, as_of)
    partial = [found.partial for found in (one, other) if found is not None]
    reasons = dict.fromkeys(reason for reason in (why, why_other, *partial) if reason)
    return Compared(figure, one, other, "；".join(reasons))


def _measured(
    measuring: Measuring, figure: Figure, period: Period, as_of: dt.date
) -> tuple[Measured | None, str]:
    """As in the period's own summary where it holds `as_of`, else as a summary's companion."""
    if not period.contains(as_of):
        return measuring.measure_dated(figure, period, report=True)
    later = measuring.begins_later(figure, period)
    return (None, later) if later else measuring.measure(figure, period, as_of)
