"""The answer of `zhubao check`: what was read, what is wrong in it, in counts and in full."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from zhubao.core.finding import Cell, Finding, Severity
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded

_LEVELS = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)


def check_report(
    loaded: Loaded, findings: Sequence[Finding], bureau: str, as_of: dt.date
) -> Report:
    """Sheets read with their counts, kinds of findings with theirs, and every finding."""
    counts = Counter(finding.severity for finding in findings)
    words = "，".join(f"{level.title} {counts[level]} 处" for level in _LEVELS)
    rows = sum(len(table) for table in loaded.tables.values())
    return Report(
        code="check",
        title="台账检查",
        bureau=bureau,
        as_of=as_of,
        tables=(_sheets_table(loaded, findings), _kinds_table(findings)),
        notes=(f"共读取 {rows:,} 行；{words}。",),
        findings=tuple(findings),
        facts={"rows": rows, **{level.value: counts[level] for level in _LEVELS}},
    )


def _level_columns() -> tuple[Column, ...]:
    return tuple(Column(level.value, level.title, ValueKind.COUNT) for level in _LEVELS)


def _sheets_table(loaded: Loaded, findings: Sequence[Finding]) -> Table:
    """One row per sheet that was read or complained about; a file's own findings have no sheet."""
    lengths: dict[tuple[str, str], int] = {}
    for table in loaded.tables.values():
        for segment in table.segments:
            lengths[segment.file, segment.sheet] = len(segment.rows)
    counts: Counter[tuple[str, str, Severity]] = Counter()
    for finding in findings:
        where = finding.where or Cell("")
        lengths.setdefault((where.file, where.sheet), 0)
        counts[where.file, where.sheet, finding.severity] += 1
    rows = [
        Row((file, sheet, length, *(counts[file, sheet, level] for level in _LEVELS)))
        for (file, sheet), length in lengths.items()
    ]
    totals = tuple(sum(row.values[column] for row in rows) for column in range(2, 6))
    return Table(
        key="sheets",
        title="各表",
        columns=(
            Column("file", "文件"),
            Column("sheet", "表"),
            Column("rows", "行数", ValueKind.COUNT),
            *_level_columns(),
        ),
        rows=rows,
        totals=("合计", "", *totals),
        summable=frozenset({"rows", *(level.value for level in _LEVELS)}),
    )


def _kinds_table(findings: Sequence[Finding]) -> Table:
    counts = Counter((finding.code, finding.severity, finding.title) for finding in findings)
    order = sorted(counts, key=lambda kind: (_LEVELS.index(kind[1]), -counts[kind], kind[0]))
    return Table(
        key="kinds",
        title="各类问题",
        columns=(
            Column("code", "代码"),
            Column("severity", "级别"),
            Column("title", "问题"),
            Column("count", "处", ValueKind.COUNT),
        ),
        rows=[
            Row((code, level.title, title, counts[code, level, title]))
            for code, level, title in order
        ],
    )
