"""口径, 来源, 勾稽 and 问题: what an indicator means, where it comes from, what was compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from zhubao.audit.trace.places import count_cells
from zhubao.core.finding import Cell
from zhubao.core.report import Column, Row, Table, ValueKind
from zhubao.summary.problems.rules import Problem, Weight
from zhubao.summary.reconcile.checks import Outcome, Reconciled
from zhubao.summary.summary import Summary, Value
from zhubao.summary.workbook.indicators import by_line
from zhubao.summary.workbook.ranges import Ranges, ranges_of

_COUNT = ValueKind.COUNT
_RANGES_PER_ROW = 40  # that many a workbook spells out in one row


def definitions_table(summary: Summary) -> Table:
    """口径: every indicator with definition, worked example, sheets and the command for it."""
    columns = (
        Column("code", "编号"),
        Column("title", "指标"),
        Column("unit", "单位"),
        Column("definition", "怎么算", width=60),
        Column("example", "举例", level=2, width=60),
        Column("sheets", "来源的表", level=2, width=30),
        Column("target", "目标任务编号", level=2),
        Column("command", "单独查看的命令", level=2, width=34),
    )
    rows = [
        Row(
            (
                one.code,
                one.title,
                one.unit,
                one.definition,
                one.example,
                "、".join(model.SHEET.name for model in one.sheets),
                one.target or None,
                one.command,
            )
        )
        for one in (value.figure for value in by_line(summary.values.values()))
    ]
    return Table("definitions", "口径", columns, rows, shown=0)


def sources_table(summary: Summary, ranges: Ranges) -> Table:
    """来源: every source cell of every indicator, unbroken runs of rows as ranges.

    A row names at most 40 ranges, so that a workbook spells out each of them; a longer list goes
    on in the rows below.
    """
    columns = (
        Column("code", "编号"),
        Column("title", "指标"),
        Column("part", "用在"),
        Column("sheet", "台账和表"),
        Column("count", "单元格数", _COUNT),
    )
    rows = [
        Row((value.figure.code, value.figure.title, part, sheet, count_cells(cells)), cells)
        for value in by_line(summary.values.values())
        for part, everything in _parts(value)
        for sheet, cells in _chunks(ranges.of(everything))
    ]
    return Table(
        "sources",
        "来源",
        columns,
        rows,
        notes=(
            "相连的行合成一段，如 A2:A40；每行的第一段有链接，其余各段写在旁边",
            "查一个指标的全部来源：zhubao trace 编号",
        ),
        shown=0,
    )


def _parts(value: Value) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    measured = value.measured
    if measured is None:
        return
    yield ("分子" if value.figure.is_rate else "数值"), measured.cells
    if measured.base:
        yield "分母", measured.base


def _chunks(cells: Sequence[Cell]) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    by_sheet: dict[str, list[Cell]] = {}
    for cell in cells:
        by_sheet.setdefault(str(Cell(cell.file, cell.sheet)), []).append(cell)
    for sheet, own in by_sheet.items():
        for start in range(0, len(own), _RANGES_PER_ROW):
            yield sheet, tuple(own[start : start + _RANGES_PER_ROW])


def reconciled_tables(reconciled: Sequence[Reconciled]) -> tuple[Table, ...]:
    """勾稽: open questions first; counts and amounts apart, since a column has one format."""
    order = (Outcome.OPEN, Outcome.EXPLAINED, Outcome.HOLDS)
    ordered = sorted(reconciled, key=lambda one: order.index(one.outcome))
    counts = [one for one in ordered if one.unit != "元"]
    money = [one for one in ordered if one.unit == "元"]
    tables = (
        _reconciled("reconciled", "勾稽", counts, _COUNT),
        _reconciled("reconciled_money", "勾稽（金额）", money, ValueKind.MONEY),
    )
    return tuple(table for table in tables if table.rows)


def _reconciled(key: str, title: str, found: Iterable[Reconciled], kind: ValueKind) -> Table:
    columns = tuple(replace(one, kind=kind) if one.kind is _COUNT else one for one in _PAIR_COLUMNS)
    rows = [
        Row(
            (
                one.outcome.value,
                one.title,
                one.left_title,
                one.left,
                one.right_title,
                one.right,
                one.unit,
                one.difference,
                _explained(one),
            ),
            ranges_of(one.cells),
            "warning" if one.outcome is Outcome.OPEN else "",
        )
        for one in found
    ]
    return Table(
        key,
        title,
        columns,
        rows,
        notes=("“口径不同”：两个数不必相等，说明里写了从一个数到另一个数的每一步",),
    )


def _explained(one: Reconciled) -> str | None:
    if one.outcome is not Outcome.OPEN:
        return one.explanation or None
    left = one.unexplained or one.difference
    question = f"差 {one.words(left)}没有口径可以说明，请核对两边的台账"
    return f"{one.explanation}；其中{question}" if one.explanation else question


def problems_table(problems: Iterable[Problem]) -> Table:
    """问题: what the ledgers show, with a plan; the clerk keeps or deletes it in the document."""
    rows = [
        Row(
            (
                one.severity.value,
                one.title,
                None if one.unit == "元" else one.count,
                None if one.unit == "元" else one.unit,
                one.count if one.unit == "元" else None,
                one.sentence,
                one.plan,
            ),
            ranges_of(one.cells),
            "warning" if one.severity is Weight.HIGH else "",
        )
        for one in problems
    ]
    return Table(
        "problems",
        "问题与打算",
        _PROBLEM_COLUMNS,
        rows,
        notes=(
            "按台账和提示门槛列出；不用的请在 工作总结.docx 里删改，下次生成会照办",
            "提示门槛可在 zhubao.toml 的 [policy.summary] 里改",
        ),
    )


_PAIR_COLUMNS = (
    Column("outcome", "结果"),
    Column("title", "核对事项", width=36),
    Column("left_title", "一方", width=26),
    Column("left", "一方的数", _COUNT),
    Column("right_title", "另一方", width=26),
    Column("right", "另一方的数", _COUNT),
    Column("unit", "单位"),
    Column("difference", "差额", _COUNT, formula="ROUND({left}-{right},2)"),
    Column("explanation", "说明", width=60),
)
_PROBLEM_COLUMNS = (
    Column("severity", "轻重"),
    Column("title", "问题"),
    Column("count", "数量", _COUNT),
    Column("unit", "单位"),
    Column("amount", "金额", ValueKind.MONEY),
    Column("sentence", "存在的问题", width=60),
    Column("plan", "下一步打算", width=60),
)
