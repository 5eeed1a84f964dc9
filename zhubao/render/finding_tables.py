"""Findings as tables, so that every surface shows them the way it shows tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from zhubao.core.finding import Finding, Severity
from zhubao.core.report import Column, Row, Table, ValueKind

_EMPHASIS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: ""}


def findings_by_code(findings: Iterable[Finding]) -> Table:
    """One row per code, the worst first, with title, count and the first place."""
    ordered = sorted(findings, key=lambda finding: finding.sort_key)
    first = {finding.code: finding for finding in reversed(ordered)}
    counts = Counter(finding.code for finding in ordered)
    order = list(Severity)
    codes = sorted(
        counts, key=lambda code: (order.index(first[code].severity), -counts[code], code)
    )
    return Table(
        key="findings",
        title="问题汇总",
        columns=(
            Column("severity", "级别"),
            Column("code", "代码"),
            Column("title", "问题"),
            Column("count", "条数", ValueKind.COUNT),
            Column("first", "第一处"),
        ),
        rows=tuple(_code_row(first[code], counts[code]) for code in codes),
        totals=("合计", None, None, len(ordered), None),
        summable=frozenset({"count"}),
    )


def findings_by_place(findings: Iterable[Finding]) -> Table:
    """One row per finding, by file, sheet and cell, with what to do about it."""
    ordered = sorted(findings, key=lambda finding: finding.sort_key)
    return Table(
        key="findings",
        title="数据问题",
        columns=(
            Column("number", "序号", ValueKind.COUNT),
            Column("severity", "级别"),
            Column("code", "代码"),
            Column("message", "问题"),
            Column("advice", "怎么办"),
        ),
        rows=tuple(_place_row(number, finding) for number, finding in enumerate(ordered, 1)),
    )


def _code_row(first: Finding, count: int) -> Row:
    sources = (first.where,) if first.where else ()
    place = str(first.where or "")
    return Row((first.severity.title, first.code, first.title, count, place), sources)


def _place_row(number: int, finding: Finding) -> Row:
    values = (number, finding.severity.title, finding.code, finding.message, finding.advice)
    sources = (finding.where,) if finding.where else ()
    return Row(values, sources, _EMPHASIS[finding.severity])
