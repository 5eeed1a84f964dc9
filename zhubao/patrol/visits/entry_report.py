"""What was read from filled-in lists: counts, the visits entered, every row at fault."""

from __future__ import annotations

from collections import Counter
from typing import Any

from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.patrol.visits.entry import Entry

_SHOWN = 15


def entry_report(entry: Entry, *, bureau: str = "") -> Report:
    """New visits by kind and visitor; rows passed over and refused are counted in the notes."""
    facts = {
        "new": len(entry.merged.added),
        "completed": len(entry.merged.changed),
        "known": entry.known,
        "refused": entry.refused,
        "blank": entry.blank,
    }
    notes = [
        f"新巡查 {facts['new']:,} 次，补充已有的 {facts['completed']:,} 次，"
        f"台账里已有的 {facts['known']:,} 次，有错没有录入的 {facts['refused']:,} 行"
    ]
    if entry.blank:
        notes.append(f"没有填的 {entry.blank:,} 行略过")
    rows = list(entry.merged.new_rows)
    problems = sum(bool(row.get("has_problem")) for row in rows)
    if problems:
        notes.append(
            f"其中 {problems:,} 次发现问题：核实后用 zhubao patrol case --new 登记违规与变动"
        )
    return Report(
        code="patrol.import",
        title="录入巡查清单",
        bureau=bureau,
        as_of=entry.as_of,
        tables=(_table(rows),) if rows else (),
        notes=tuple(notes),
        findings=entry.findings,
        facts={**facts, "problems": problems},
    )


def _table(rows: list[Any]) -> Table:
    groups: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        key = row["kind"].value, row.get("visitor") or "（未填）"
        tally = groups.setdefault(key, Counter())
        tally["visits"] += 1
        tally["met"] += int(row.get("met") is True)
        tally["problems"] += int(row.get("has_problem") is True)
    names = ("visits", "met", "problems")
    lines = [Row((*key, *(groups[key][name] for name in names))) for key in sorted(groups)]
    totals = [sum(tally[name] for tally in groups.values()) for name in names]
    return Table(
        key="new",
        title="新录入的巡查",
        columns=(
            Column("kind", "巡查类型"),
            Column("visitor", "巡查人"),
            Column("visits", "次数", ValueKind.COUNT),
            Column("met", "见到", ValueKind.COUNT),
            Column("problems", "发现问题", ValueKind.COUNT),
        ),
        rows=lines,
        totals=("合计", None, *totals),
        summable=frozenset(names),
        shown=_SHOWN,
    )
