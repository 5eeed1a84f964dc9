"""职工住房补贴 as a report: against the target, by round, by employer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhubao import policy
from zhubao.core.finding import Cell, Finding
from zhubao.core.money import yuan
from zhubao.core.period import Period
from zhubao.core.report import Chart, Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.subsidy.staff import figures, kinds
from zhubao.subsidy.staff.applications import (
    Application,
    Applications,
    Stage,
    by_employer,
    read_applications,
)
from zhubao.subsidy.staff.checks import staff_findings
from zhubao.subsidy.staff.figures import Progress

_COUNT, _MONEY = ValueKind.COUNT, ValueKind.MONEY
_SUMMED = ("submitted", "approved", "refused", "review", "incomplete", "amount", "paid")
_ROWS_SHOWN = 30


def staff_report(
    loaded: Loaded,
    period: Period,
    *,
    round_name: str = "",
    overrides: Mapping[str, Any] | None = None,
    bureau: str = "",
    origin: str = "",
) -> Report:
    """What was applied for, approved and paid in the period, and what is pending at its end.

    `round_name` narrows the counts to one round; the target is always for all rounds. UsageError
    for an unknown round. The day of the report is the last day of the period.
    """
    everything = read_applications(loaded, period.end)
    book = everything.of_round(round_name)
    progress = figures.progress(loaded, period.end, overrides)
    targets = figures.find_targets(loaded, period.end, overrides)
    findings = [*staff_findings(loaded, book), *_target_faults(targets, progress)]
    shown = f"，{round_name.strip()}" if round_name.strip() else ""
    return Report(
        code="subsidy.staff.report",
        title=f"职工住房补贴（{period.title}{shown}）",
        bureau=bureau,
        as_of=period.end,
        period=period.title,
        tables=(
            _progress_table(progress),
            _rounds(book, period),
            _employers(book, period),
            _approved_list(book, period),
        ),
        notes=_notes(book, period, origin),
        references=tuple(
            policy.basis(f"staff_subsidy.{name}", period.end, overrides)
            for name in ("target_code", "waiting_days")
        ),
        findings=(*loaded.findings, *findings),
        facts=_facts(book, period, progress),
    )


def _facts(book: Applications, period: Period, progress: Sequence[Progress]) -> dict[str, Any]:
    approved = figures.count(book, figures.approved_in(book, period), "approved_on")
    facts: dict[str, Any] = {
        "period": period.label,
        "applications": len(figures.submitted_in(book, period)),
        "approved_households": approved.households,
        "approved_employers": approved.employers,
        "approved_amount": yuan(approved.amount),
        "refused": len(figures.refused_in(book, period)),
        "in_review": len(figures.at_stage(book, Stage.IN_REVIEW)),
        "incomplete": len(figures.at_stage(book, Stage.INCOMPLETE)),
        "approved_undated": len(figures.at_stage(book, Stage.UNDATED)),
        "paid_households": len(figures.paid_in(book, period)),
        "rows_unread": book.unread,
    }
    for one in progress:
        name = "half_year" if one.title == "半年目标" else "annual"
        facts[name] = {
            "done": one.done,
            "target": one.target,
            "measure": one.measure,
            "reached": one.is_reached,
            "on_time": one.is_on_time,
        }
    return facts


def _notes(book: Applications, period: Period, origin: str) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    notes = [
        f"申报按申报日期、批准和不予批准按审批日期、发放按发放日期计入期间；"
        f"审核中和资料不全看 {period.end.isoformat()}{source}",
        "批准后已发放的仍计入批准数；缺资料的在办申报一律列为资料不全",
    ]
    undated = len(figures.at_stage(book, Stage.UNDATED))
    if undated:
        notes.append(f"已审批而没有审批日期的 {undated} 户没有计入")
    if book.unread:
        notes.append(f"职工住房补贴表有 {book.unread} 行读不出，没有计入")
    return tuple(notes)


def _target_faults(targets: figures.Targets, progress: Sequence[Progress]) -> Iterable[Finding]:
    if progress:
        return
    words = {"year": targets.year, "code": targets.code}
    if targets.row is None:
        yield kinds.TARGET_MISSING.at(Cell("services.xlsx", "目标任务"), **words, said="没有一行")
        return
    said = (
        "没有填目标"
        if targets.is_comparable
        else f"的计量单位是“{targets.measure}”，不能与审批数对照"
    )
    where = targets.table.cell(targets.row, "measure")
    yield kinds.TARGET_MISSING.at(where, **words, said=said)


def _progress_table(progress: Sequence[Progress]) -> Table:
    rows = [
        Row(
            (
                one.title,
                f"{one.span.start:%m-%d} 至 {one.as_of:%m-%d}",
                one.done,
                one.target,
                one.measure,
                one.rate,
                one.elapsed,
                _verdict(one),
            ),
            one.cells,
            "" if one.is_on_time else "warning",
        )
        for one in progress
    ]
    return Table(
        key="progress",
        title="目标任务进度（全部轮次）",
        columns=(
            Column("target_name", "目标"),
            Column("span", "统计区间", level=2),
            Column("done", "已批准", ValueKind.NUMBER),
            Column("target", "目标数", ValueKind.NUMBER),
            Column("measure", "单位"),
            Column("rate", "完成率", ValueKind.RATIO, note="已批准 ÷ 目标数"),
            Column("elapsed", "时间进度", ValueKind.RATIO, note="已过天数 ÷ 区间天数"),
            Column("verdict", "评价", note="完成率不低于时间进度的为达到序时进度"),
        ),
        rows=rows,
    )


def _verdict(one: Progress) -> str:
    if one.done > one.target:
        return "超额完成"
    if one.is_reached:
        return "已完成"
    return "达到序时进度" if one.is_on_time else "落后于序时进度"


def _rounds(book: Applications, period: Period) -> Table:
    groups: defaultdict[str, list[Application]] = defaultdict(list)
    for row in book.rows:
        groups[row.round].append(row)
    rows = [_row(book, period, (name,), group) for name, group in sorted(groups.items())]
    return Table(
        key="rounds",
        title="按轮次",
        columns=(Column("round", "轮次"), *_COLUMNS),
        rows=rows,
        totals=("合计", *_values(book, period, book.rows)),
        summable=frozenset(_SUMMED),  # an employer may be in several rounds
    )


def _employers(book: Applications, period: Period) -> Table:
    rows = []
    for name, group in by_employer(book.rows):
        for round_name in sorted({row.round for row in group}):
            own = [row for row in group if row.round == round_name]
            rows.append(_row(book, period, (name, round_name), own))
    return Table(
        key="employers",
        title="按单位和轮次",
        columns=(
            Column("employer", "单位"),
            Column("round", "轮次"),
            *(column for column in _COLUMNS if column.key != "employers"),
        ),
        rows=rows,
        totals=("合计", None, *_without_employers(_values(book, period, book.rows))),
        summable=frozenset(_SUMMED),
        shown=_ROWS_SHOWN,
        charts=(Chart("bar", "各单位批准户数", "employer", ("approved",)),),
    )


def _row(
    book: Applications, period: Period, head: tuple[str, ...], rows: Sequence[Application]
) -> Row:
    values = _values(book, period, rows)
    cells = book.cells((row for row in rows if _approved(row, period)), "approved_on")
    named = values if len(head) == 1 else _without_employers(values)
    return Row((*head, *named), cells or book.cells(rows, "status"))


def _values(book: Applications, period: Period, rows: Sequence[Application]) -> tuple[Any, ...]:
    part = Applications(book.table, book.as_of, tuple(rows), 0)
    approved = figures.count(part, figures.approved_in(part, period), "approved_on")
    paid = figures.paid_in(part, period)
    return (
        len(figures.submitted_in(part, period)),
        approved.households,
        approved.employers,
        len(figures.refused_in(part, period)),
        len(figures.at_stage(part, Stage.IN_REVIEW)),
        len(figures.at_stage(part, Stage.INCOMPLETE)),
        approved.amount,
        sum(row.amount or 0 for row in paid),
    )


def _without_employers(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*values[:2], *values[3:])


def _approved(row: Application, period: Period) -> bool:
    return row.stage is Stage.APPROVED and period.contains(row.decided or row.submitted)


def _approved_list(book: Applications, period: Period) -> Table:
    """Every approval of the period: in files only."""
    approved = sorted(
        figures.approved_in(book, period), key=lambda row: (row.decided, row.employer, row.number)
    )
    rows = [
        Row(
            (row.number, row.employer, row.round, row.shown_name, row.amount, row.submitted,
             row.decided, _days(row)),
            (book.table.cell(row.index, "approved_on"), book.table.cell(row.index, "amount")),
        )
        for row in approved
    ]  # fmt: skip
    return Table(
        key="approved",
        title="本期批准名单",
        columns=(
            Column("application_no", "申报编号", ValueKind.IDENTITY),
            Column("employer", "单位"),
            Column("round", "轮次"),
            Column("name", "职工"),
            Column("amount", "补贴金额", _MONEY),
            Column("submitted_on", "申报日期", ValueKind.DATE),
            Column("approved_on", "审批日期", ValueKind.DATE),
            Column("days", "办理天数", _COUNT, note="审批日期减申报日期，日历天数"),
        ),
        rows=rows,
        totals=("合计", None, None, None, sum(row.amount or 0 for row in approved), *[None] * 3),
        summable=frozenset({"amount"}),
        shown=0,
    )


def _days(row: Application) -> int | None:
    return (row.decided - row.submitted).days if row.decided else None


_COLUMNS = (
    Column("submitted", "申报", _COUNT, note="申报日期在本期的户数"),
    Column("approved", "批准", _COUNT, note="审批日期在本期的户数"),
    Column("employers", "批准单位", _COUNT, note="有职工获批准的单位数"),
    Column("refused", "不予批准", _COUNT, 2),
    Column("review", "审核中", _COUNT),
    Column("incomplete", "资料不全", _COUNT),
    Column("amount", "批准金额", _MONEY),
    Column("paid", "发放金额", _MONEY, 2, note="发放日期在本期的补贴金额"),
)
