"""The score sheet as a report."""

from __future__ import annotations

from typing import Any

from zhubao.core.money import yuan
from zhubao.core.report import Chart, Column, Report, Row, Table, ValueKind
from zhubao.services.contractor.figures import tickets_unplaced
from zhubao.services.contractor.sheet import Line, ScoreSheet

_NUMBER, _RATIO = ValueKind.NUMBER, ValueKind.RATIO
_SIGNATURES = ("运营单位", "考核人", "考核日期")


def score_report(sheet: ScoreSheet, *, bureau: str = "", origin: str = "") -> Report:
    """The sheet, what every item is computed from, and the figures shown for information."""
    until = sheet.scope.period.end
    return Report(
        code="contractor.score",
        title=f"购买服务考核评分表：{sheet.operator.name}（{sheet.period.title}）",
        bureau=bureau,
        as_of=until,
        period=sheet.period.title,
        tables=(_scores(sheet), _basis(sheet), _arithmetic(sheet), *_others(sheet)),
        notes=_notes(sheet, origin),
        references=sheet.scheme.basis,
        findings=(*sheet.scope.loaded.findings, *sheet.findings),
        facts=_facts(sheet),
    )


def _facts(sheet: ScoreSheet) -> dict[str, Any]:
    return {
        "operator": sheet.operator.name,
        "period": sheet.period.label,
        "total": sheet.total,
        "full": sheet.full,
        "points": sheet.points,
        "unscored": len(sheet.unscored),
        "provisional": not sheet.is_over,
        "items": {
            line.code: {
                "figure": line.indicator.figure.key if line.indicator else None,
                "numerator": _count(line, "numerator"),
                "denominator": _count(line, "denominator"),
                "actual": line.shown_actual,
                "unit": line.goal.unit,
                "target": line.goal.target,
                "full": line.goal.full,
                "score": line.score,
            }
            for line in sheet.lines
        },
    }


def _count(line: Line, name: str) -> Any:
    if line.measured is None:
        return None
    number = getattr(line.measured, name)
    return yuan(number) if line.measured.money else number


def _notes(sheet: ScoreSheet, origin: str) -> tuple[str, ...]:
    until, estates = sheet.scope.period.end, "、".join(sorted(sheet.scope.estates))
    source = f"（{origin}）" if origin else ""
    notes = [f"考核范围：{estates or '全部小区'}；台账看到 {until.isoformat()}{source}"]
    if not sheet.is_over:
        notes.append(f"{sheet.period.title}还没有结束，以下是到 {until} 为止的暂计数")
    if any(line.recorded for line in sheet.lines):
        notes.append("考核表已列本期指标：按列出的指标、满分、单位和目标值计分，算法按考核方案")
    else:
        notes.append("考核表没有列本期指标：按考核方案的全部指标计分")
    notes.append("分母为 0 的指标没有可考核的事项，不扣分；得分四舍五入")
    if sheet.unscored:
        names = "、".join(line.title for line in sheet.unscored)
        notes.append(f"还没有得分的指标：{names}，没有计入合计")
    unplaced = tickets_unplaced(sheet.scope)
    if unplaced:
        notes.append(f"没有写家庭编号的工单 {unplaced} 份，不知属于哪个小区，没有计入")
    return tuple(notes)


def _scores(sheet: ScoreSheet) -> Table:
    rows = [_score_row(line) for line in sheet.counted]
    return Table(
        key="scores",
        title="评分",
        columns=(
            Column("code", "编号", ValueKind.IDENTITY),
            Column("title", "考核指标"),
            Column("target", "目标值", _NUMBER),
            Column("actual", "完成值", _NUMBER, note="分母为 0 的空着"),
            Column("unit", "单位"),
            Column("full", "满分", _NUMBER),
            Column("score", "得分", _NUMBER),
            Column("recorded_actual", "原完成值", _NUMBER, 2, note="考核表里已有的"),
            Column("recorded_score", "原得分", _NUMBER, 2, note="考核表里已有的"),
            Column("arithmetic", "怎么算的", level=3),
        ),
        rows=rows,
        totals=(
            "合计",
            None,
            None,
            None,
            None,
            sheet.full,
            sheet.total,
            None,
            None,
            _points(sheet),
        ),
        summable=frozenset({"score"}) | (frozenset() if sheet.unscored else {"full"}),
        charts=(Chart("bar", "各项得分与满分", "title", ("full", "score")),),
        signatures=_SIGNATURES,
    )


def _points(sheet: ScoreSheet) -> str | None:
    if sheet.points is None or sheet.full == 100:
        return None
    return f"折合百分制 {sheet.points}"


def _score_row(line: Line) -> Row:
    row = line.recorded
    lost = line.score is not None and line.score < line.goal.full
    values = (
        line.code,
        line.title,
        line.goal.target,
        line.shown_actual,
        line.goal.unit,
        line.goal.full,
        line.score,
        row.actual if row else None,
        row.score if row else None,
        line.scored.arithmetic if line.scored else "不能从台账计算，照考核表",
    )
    cells = line.cells if row is None else (row.cell,)
    return Row(values, cells, "warning" if lost or line.score is None else "")


def _basis(sheet: ScoreSheet) -> Table:
    """Every result with both numbers and what they are."""
    rows = [_basis_row(line) for line in sheet.counted if line.measured is not None]
    return Table(
        key="basis",
        title="完成值的来历",
        columns=(
            Column("code", "编号", ValueKind.IDENTITY),
            Column("ratio", "分子/分母", _RATIO),
            Column("definition", "分子 ÷ 分母"),
            Column("origin", "目标来自", level=2),
        ),
        rows=rows,
    )


def _arithmetic(sheet: ScoreSheet) -> Table:
    rows = [
        Row((line.code, line.title, line.scored.arithmetic))
        for line in sheet.counted
        if line.scored is not None
    ]
    return Table(
        key="arithmetic",
        title="得分的算式",
        columns=(
            Column("code", "编号", ValueKind.IDENTITY),
            Column("title", "考核指标", level=2),
            Column("arithmetic", "怎么算的"),
        ),
        rows=rows,
    )


def _others(sheet: ScoreSheet) -> tuple[Table, ...]:
    """Items of the scheme that the sheet of this period does not list."""
    rows = [_other_row(line) for line in sheet.lines if not line.counts]
    if not rows:
        return ()
    table = Table(
        key="others",
        title="方案里另有的指标（考核表没有列，不计分）",
        columns=(
            Column("code", "编号", ValueKind.IDENTITY),
            Column("title", "指标"),
            Column("ratio", "分子/分母", _RATIO),
            Column("definition", "分子 ÷ 分母", level=2),
        ),
        rows=rows,
    )
    return (table,)


def _basis_row(line: Line) -> Row:
    assert line.indicator is not None
    assert line.measured is not None
    definition = line.indicator.figure.definition
    values = (line.code, line.measured.ratio, definition, line.goal.origin or None)
    return Row(values, line.cells)


def _other_row(line: Line) -> Row:
    assert line.indicator is not None
    assert line.measured is not None
    values = (line.code, line.title, line.measured.ratio, line.indicator.figure.definition)
    return Row(values, line.cells)
