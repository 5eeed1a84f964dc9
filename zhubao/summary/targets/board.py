"""The year's targets against what is done: `zhubao targets`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.office import Target
from zhubao.summary.indicators.figures import Figure, Measured
from zhubao.summary.summary import FIGURES, Measuring, count_errors
from zhubao.summary.targets import kinds
from zhubao.summary.targets.progress import (
    Progress,
    TargetRow,
    YearToDate,
    progress_of,
    target_rows,
)


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target of the year; without progress the reason is in `missing`."""

    target: TargetRow
    progress: Progress | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class TargetBoard:
    """The targets of the year of `day`, as things stood at its end.

    `row_errors` is how many cells of the ledgers could not be used.
    """

    day: dt.date
    lines: tuple[TargetLine, ...]
    findings: tuple[Finding, ...]
    row_errors: int = 0

    @property
    def behind(self) -> tuple[TargetLine, ...]:
        """The targets behind their time."""
        return tuple(one for one in self.lines if one.progress and one.progress.is_behind)


def models_of_targets(loaded: Loaded, day: dt.date) -> tuple[type[LedgerRow], ...]:
    """The sheets that the year's targets need, `loaded` having 目标任务."""
    figures = [one.figure for one in target_rows(loaded, day.year, FIGURES) if one.figure]
    return tuple(dict.fromkeys([Target, *(model for one in figures for model in one.reads)]))


def compute_targets(
    loaded: Loaded,
    day: dt.date,
    *,
    overrides: Mapping[str, Any] | None = None,
    calendar: WorkCalendar | None = None,
) -> TargetBoard:
    """Compare each target of the day's year with what was done from 1 January to the day.

    `loaded` needs `models_of_targets`. Unknown codes (SM-102), units that cannot be compared
    (SM-103), a year without targets (SM-104) and figures that failed (SM-101) are findings.
    """
    measuring = Measuring(loaded, overrides, calendar)
    lines = []
    findings: list[Finding] = []
    for target in target_rows(loaded, day.year, FIGURES):
        made = progress_of(target, day, _counter(measuring))
        if isinstance(made, Finding):
            findings.append(made)
            lines.append(TargetLine(target, None, made.title))
        else:
            lines.append(TargetLine(target, made, "" if made else _reason(measuring, target)))
    if not lines:
        findings.append(kinds.TARGETS_ABSENT.at(Cell("services.xlsx", "目标任务"), year=day.year))
    findings += measuring.findings
    return TargetBoard(
        day, tuple(lines), tuple(dict.fromkeys(findings)), count_errors(loaded.findings)
    )


def _counter(measuring: Measuring) -> YearToDate:
    def since_new_year(figure: Figure, span: Period) -> Measured | None:
        return measuring.measure(figure, span, span.end)[0]

    return since_new_year


def _reason(measuring: Measuring, target: TargetRow) -> str:
    empty = measuring.empty_sheets(target.figure) if target.figure else []
    return f"台账“{'、'.join(empty)}”没有记录" if empty else "没有算出来"
