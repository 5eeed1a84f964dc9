"""The whole summary of a period: figures, problems, 勾稽, and the report made of them.

Who prints a summary and who makes one again to check a printed one go the same way.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhubao.core.period import Period
from zhubao.core.report import Report
from zhubao.ledger.model import LedgerRow
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.problems.rules import Problem, find_problems, problem_models
from zhubao.summary.reconcile.checks import Reconciled, reconcile, reconcile_models
from zhubao.summary.summary import SUMMARY_MODELS, Measuring, Summary, compute_summary
from zhubao.summary.workbook.report import summary_report


@dataclass(frozen=True, slots=True)
class Whole:
    """A summary with what belongs to it; `scope` is that of its figures."""

    summary: Summary
    scope: Scope
    problems: tuple[Problem, ...]
    reconciled: tuple[Reconciled, ...]
    report: Report


def whole_models(*, problems: bool = True, reconciled: bool = True) -> tuple[type[LedgerRow], ...]:
    """The sheets to load for a whole summary, or one without problems or 勾稽."""
    models = [*SUMMARY_MODELS]
    models += problem_models() if problems else ()
    models += reconcile_models() if reconciled else ()
    return tuple(dict.fromkeys(models))


def make_whole(
    measuring: Measuring,
    period: Period,
    as_of: dt.date,
    *,
    bureau: str,
    problems: bool = True,
    reconciled: bool = True,
) -> Whole:
    """Everything of the period up to the day, over the ledgers of `measuring`, which need the
    sheets of `whole_models`. What is not asked for is empty. ValueError for a period after `as_of`.
    """
    scope = measuring.scope(period, as_of)
    summary = compute_summary(measuring.loaded, period, as_of, bureau=bureau, measuring=measuring)
    loaded, overrides = measuring.loaded, scope.overrides
    found = find_problems(loaded, summary, as_of, overrides, scope=scope) if problems else ()
    compared = reconcile(summary, scope) if reconciled else ()
    report = summary_report(summary, scope, found, compared)
    return Whole(summary, scope, tuple(found), tuple(compared), report)
