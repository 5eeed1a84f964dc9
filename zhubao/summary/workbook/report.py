"""The summary as one report: what the workbook and the web page are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhubao.core.period import Period
from zhubao.core.report import Report
from zhubao.policy import lookup
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.problems.rules import Problem
from zhubao.summary.reconcile.checks import Outcome, Reconciled
from zhubao.summary.summary import Summary
from zhubao.summary.workbook.breakdown_tables import breakdown_tables
from zhubao.summary.workbook.evidence import (
    definitions_table,
    problems_table,
    reconciled_tables,
    sources_table,
)
from zhubao.summary.workbook.indicators import indicator_tables
from zhubao.summary.workbook.ranges import Ranges


def summary_report(
    summary: Summary,
    scope: Scope,
    problems: Sequence[Problem],
    reconciled: Sequence[Reconciled],
) -> Report:
    """Indicators, breakdowns with charts, problems, 勾稽, definitions and sources.

    `scope` is that of the summary's ledgers, period and day. The code is summary.month,
    .quarter, .half_year, .year or .period, by the period. `facts` carries every value by code.
    """
    ranges = Ranges()
    breakdowns, said = breakdown_tables(summary, scope)
    return Report(
        code=f"summary.{kind_of(summary.period)}",
        title=f"{summary.period.title}工作总结数据",
        bureau=summary.bureau,
        as_of=summary.as_of,
        period=summary.period.title,
        stocks_on=summary.period.end,
        tables=(
            *indicator_tables(summary, ranges),
            *breakdowns,
            problems_table(problems),
            *reconciled_tables(reconciled),
            definitions_table(summary),
            sources_table(summary, ranges),
        ),
        notes=(*_notes(summary, reconciled), *said),
        references=_references(scope),
        findings=summary.findings,
        facts=_facts(summary, problems, reconciled),
    )


def kind_of(period: Period) -> str:
    """month, quarter, half_year, year, or period for any other span."""
    label = period.label
    if ".." in label:
        return "period"
    if "-H" in label:
        return "half_year"
    if "-Q" in label:
        return "quarter"
    return "month" if "-" in label else "year"


def _notes(summary: Summary, reconciled: Sequence[Reconciled]) -> tuple[str, ...]:
    missing = [one.figure.title for one in summary.values.values() if one.measured is None]
    counts = {kind: sum(one.outcome is kind for one in reconciled) for kind in Outcome}
    words = "、".join(f"{kind.value} {count} 项" for kind, count in counts.items() if count)
    notes = [
        f"上年同期指{summary.last_year.title}，上期指{summary.last_period.title}",
        "金额以元计；比率都列出分子、分母；每个数来自哪些单元格见“来源”，怎么算见“口径”",
    ]
    if words:
        notes.append(f"勾稽 {len(reconciled)} 项：{words}")
    if missing:
        notes.append(f"没有数的指标 {len(missing)} 个：{'、'.join(missing)}；原因见各行说明")
    return tuple(notes)


def _references(scope: Scope) -> tuple[str, ...]:
    """The thresholds of the problems, and where they come from."""
    codes = [one.code for one in lookup.parameters() if one.code.startswith("summary.")]
    return tuple(lookup.basis(code, scope.day, scope.overrides) for code in codes)


def _facts(
    summary: Summary, problems: Sequence[Problem], reconciled: Sequence[Reconciled]
) -> dict[str, Any]:
    return {
        "label": summary.period.label,
        "values": {
            code: one.figure.shown(one.measured)
            for code, one in summary.values.items()
            if one.measured is not None
        },
        "problems": len(problems),
        "reconciled": len(reconciled),
        "open_questions": [one.code for one in reconciled if one.outcome is Outcome.OPEN],
    }
