"""The summary of a period: every figure with its companions, computed once, for every surface.

Text, tables, workbook, page and JSON are all made from one `Summary`, so that they cannot differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zhubao.core.errors import ZhubaoError
from zhubao.core.finding import Finding, Severity
from zhubao.core.period import Month, Period
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.bureau import Bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.office import Target
from zhubao.ledger.work_calendar import calendar_of
from zhubao.summary.indicators.figures import Figure, Measured, Scope, all_figures
from zhubao.summary.indicators.sheet_days import SheetDays
from zhubao.summary.targets import kinds
from zhubao.summary.targets.progress import Progress, progress_of, target_rows

__all__ = ["SUMMARY_MODELS", "Progress", "Summary", "Value", "compute_summary"]

FIGURES = all_figures()
SUMMARY_MODELS: tuple[type[LedgerRow], ...] = tuple(
    dict.fromkeys([*(model for one in FIGURES for model in one.reads), Target])
)


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of the period with its companions. A None has its reason beside it.

    `last_year` is the same period a year before, `last_period` the period of the same length just
    before, each counted as it stood at its own end.
    """

    figure: Figure
    measured: Measured | None
    last_year: Measured | None = None
    last_period: Measured | None = None
    progress: Progress | None = None
    missing: str = ""
    last_year_missing: str = ""
    last_period_missing: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of a period, in the order of the registry, by code.

    `findings` are those of the summary itself (figures that failed, targets of no use); what is
    wrong with the rows is in `Loaded.findings`.
    """

    bureau: str
    period: Period
    as_of: dt.date
    values: Mapping[str, Value]
    findings: tuple[Finding, ...] = ()

    def has(self, code: str) -> bool:
        """True when the figure exists and has a number."""
        value = self.values.get(code)
        return value is not None and value.measured is not None

    def value(self, code: str) -> Value:
        """The figure with this code; KeyError when there is none."""
        return self.values[code]

    @property
    def last_year(self) -> Period:
        """The period that `Value.last_year` counts."""
        return _span(self.period, self.as_of).same_last_year()

    @property
    def last_period(self) -> Period:
        """The period that `Value.last_period` counts."""
        return _span(self.period, self.as_of).previous()


def compute_summary(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    *,
    bureau: str,
    overrides: Mapping[str, Any] | None = None,
    calendar: WorkCalendar | None = None,
    measuring: Measuring | None = None,
) -> Summary:
    """Compute every figure of the period up to its end, or to `as_of` where that is earlier.

    `loaded` needs the tables of `SUMMARY_MODELS`; a missing one counts as empty. A figure one of
    whose sheets has no row has no value (`Figure.needs`), nor has one whose sheet begins after the
    period; one that raises has none either, and finding SM-101. ValueError for a period after
    `as_of`. With `measuring`, its ledgers, overrides and calendar are taken instead; what its
    scopes have made stands ready for whoever asks next.
    """
    measuring = measuring or Measuring(loaded, overrides, calendar)
    values = {one.code: _value(measuring, one, period, as_of) for one in FIGURES}
    findings = list(measuring.findings)
    findings += _add_progress(values, measuring, _span(period, as_of).end)
    return Summary(bureau, period, as_of, values, tuple(dict.fromkeys(findings)))


class Measuring:
    """Computes figures over one `Loaded`, each once per period and day.

    Problems, 勾稽 and tables asked of `scope` find there what the figures were made of.
    """

    def __init__(
        self,
        loaded: Loaded,
        overrides: Mapping[str, Any] | None = None,
        calendar: WorkCalendar | None = None,
    ) -> None:
        self.loaded = loaded
        self.findings: list[Finding] = []
        self._overrides, self._calendar = overrides, calendar
        self._scopes: dict[tuple[Period, dt.date], Scope] = {}
        self._shared: dict[Hashable, Any] = {}

    def scope(self, period: Period, as_of: dt.date) -> Scope:
        """The scope of a period and day."""
        key = (period, as_of)
        if key not in self._scopes:
            self._scopes[key] = Scope(
                self.loaded,
                period,
                as_of,
                overrides=self._overrides,
                calendar=self._calendar,
                shared=self._shared,
            )
        return self._scopes[key]

    def empty_sheets(self, figure: Figure) -> list[str]:
        """The names of the sheets the figure cannot do without and that have no row."""
        return [one.SHEET.name for one in figure.needs if not len(self.loaded.get(one))]

    def measure(
        self, figure: Figure, period: Period, as_of: dt.date, *, report: bool = True
    ) -> tuple[Measured | None, str]:
        """The figure, or None and the reason; `report` makes a finding of a failure."""
        empty = self.empty_sheets(figure)
        if empty:
            return None, _no_rows(empty)
        scope = self.scope(period, as_of)
        try:
            unfit = figure.why_not(scope)
            return (None, unfit) if unfit else (figure.of(scope), "")
        except Exception as fault:
            reason = fault.message if isinstance(fault, ZhubaoError) else type(fault).__name__
            if report:
                self.findings.append(_failed(figure, period, reason))
            return None, f"没有算出来：{reason}"

    def measure_dated(
        self, figure: Figure, period: Period, *, report: bool = False
    ) -> tuple[Measured | None, str]:
        """The figure of a period as it stood at its end, where the ledgers reach back to it.

        None unless the sheet that is counted (the first of the figure) has a row dated in the
        period or the year before it: a ledger that begins later must not say 0. A zero counts only
        where a row's *last* day lies there: a file received then and settled later does not show
        that those settled then were ever entered. What happened in a period within which the sheet
        begins is `Measured.partial` (`begins_within`). A stock is what the ledgers of today say
        about that day, and its note says so.
        """
        empty = self.empty_sheets(figure)
        if empty:
            return None, _no_rows(empty)
        began = f"台账里没有{period.title}的记录"
        if not self._is_dated(figure, period, last=False):
            return None, began
        measured, reason = self.measure(figure, period, period.end, report=report)
        if measured is None:
            return None, reason
        if not (measured.cells or measured.base) and not self._is_dated(figure, period, last=True):
            return None, began
        if figure.is_stock:
            note = f"按现有台账推算到 {period.end}；删去的记录不在内"
            return replace(measured, note=note), ""
        return replace(measured, partial=self.begins_within(figure, period)), ""

    def begins_later(self, figure: Figure, period: Period) -> str:
        """Why the sheet that is counted says nothing of the period; "" where it may.

        Its first day lies after the period: what was done then is unknown, which is not none.
        """
        sheet = figure.sheets[0]
        first = self._sheet_days(period).first(sheet)
        if first is None or first <= period.end:
            return ""
        return (
            f"“{sheet.SHEET.name}”自{first.year}年{first.month}月起登记，没有{period.title}的记录"
        )

    def begins_within(self, figure: Figure, period: Period) -> str:
        """Why what the sheet counts in the period is only a part of it; "" where it is all.

        Its first day lies in a later month than the first of the period.
        """
        sheet = figure.sheets[0]
        first = self._sheet_days(period).first(sheet)
        if first is None or Month.containing(first) <= Month.containing(period.start):
            return ""
        return (
            f"“{sheet.SHEET.name}”自{first.year}年{first.month}月起登记，"
            f"{period.title}的记录可能不全，不作比较"
        )

    def _is_dated(self, figure: Figure, period: Period, *, last: bool) -> bool:
        reach = Period(period.same_last_year().start, period.end)
        return self._sheet_days(period).within(figure.sheets[0], reach, last=last)

    def _sheet_days(self, period: Period) -> SheetDays:
        return self.scope(period, period.end).shared(SheetDays)


def measuring_of(bureau: Bureau, models: Iterable[type[LedgerRow]]) -> Measuring:
    """Figures over these sheets of the bureau, by its policy and calendar."""
    return Measuring(bureau.load(*models), bureau.config.policy, calendar_of(bureau))


def _value(measuring: Measuring, figure: Figure, period: Period, as_of: dt.date) -> Value:
    span = _span(period, as_of)
    measured, missing = None, measuring.begins_later(figure, span)
    if not missing:
        measured, missing = measuring.measure(figure, period, as_of)
    if measured is None:
        return Value(figure, None, missing=missing)
    year, year_missing = measuring.measure_dated(figure, span.same_last_year())
    before, before_missing = measuring.measure_dated(figure, span.previous())
    return Value(
        figure,
        measured,
        year,
        before,
        last_year_missing=year_missing,
        last_period_missing=before_missing,
    )


def _add_progress(
    values: dict[str, Value], measuring: Measuring, day: dt.date
) -> Iterable[Finding]:
    def since_new_year(figure: Figure, span: Period) -> Measured | None:
        return measuring.measure(figure, span, span.end, report=False)[0]

    for target in target_rows(measuring.loaded, day.year, FIGURES):
        made = progress_of(target, day, since_new_year)
        if isinstance(made, Finding):
            yield made
        elif made is not None and target.figure is not None:
            code = target.figure.code
            values[code] = replace(values[code], progress=made)


def _no_rows(sheets: Iterable[str]) -> str:
    return f"台账“{'、'.join(sheets)}”没有记录"


def count_errors(findings: Iterable[Finding]) -> int:
    """How many findings of error severity: cells that keep their rows out of the figures."""
    return sum(one.severity is Severity.ERROR for one in findings)


def _failed(figure: Figure, period: Period, reason: str) -> Finding:
    sheets = "、".join(model.SHEET.name for model in figure.reads)
    return kinds.FIGURE_FAILED.at(
        None,
        title=figure.title,
        figure=figure.code,
        period=period.title,
        reason=reason,
        sheets=sheets,
    )


def _span(period: Period, as_of: dt.date) -> Period:
    return Period(period.start, min(period.end, as_of))
