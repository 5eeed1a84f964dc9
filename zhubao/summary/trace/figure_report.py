"""`zhubao trace CODE` as reports: a figure with its cells, and the catalogue of figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from zhubao.audit.trace.places import compact, count_cells
from zhubao.core.finding import Cell, Finding
from zhubao.core.money import format_yuan
from zhubao.core.period import Period
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.summary.indicators.figures import Figure, Measured

_SHOWN = 20
_COUNT = ValueKind.COUNT


def figure_report(
    measured: Sequence[tuple[Figure, Measured]],
    period: Period,
    as_of: dt.date,
    *,
    bureau: str = "",
    origin: str = "",
    findings: Sequence[Finding] = (),
) -> Report:
    """The figures with definition, both numbers, and every source cell (ranges where unbroken)."""
    title = measured[0][0].title if len(measured) == 1 else f"{len(measured)} 个指标"
    return Report(
        code="trace.figure",
        title=f"数字溯源：{title}",
        bureau=bureau,
        as_of=as_of,
        period=period.title,
        tables=(_values(measured), _cells(measured)),
        notes=(
            *(f"{figure.title}：{figure.definition}" for figure, _ in measured),
            f"截止日期 {as_of}{f'（{origin}）' if origin else ''}",
        ),
        findings=tuple(findings),
        facts={
            "figures": [_fact(figure, one) for figure, one in measured],
            "period": period.label,
        },
    )


def catalogue_report(figures: Iterable[Figure], *, bureau: str = "") -> Report:
    """Every figure that can be traced, with the command that prints it."""
    columns = (
        Column("code", "编号"),
        Column("title", "指标"),
        Column("unit", "单位"),
        Column("target", "目标指标编码", level=2),
        Column("command", "由哪个命令统计", level=2),
        Column("sheets", "来源的表", level=2),
        Column("definition", "怎么算", level=3, width=60),
    )
    rows = [
        Row(
            (
                one.code,
                one.title,
                one.unit,
                one.target or None,
                one.command,
                "、".join(model.SHEET.name for model in one.sheets),
                one.definition,
            )
        )
        for one in figures
    ]
    return Report(
        code="trace.catalogue",
        title="可以追溯的指标",
        bureau=bureau,
        tables=(Table("figures", "指标", columns, rows),),
        notes=(
            "追溯一个指标：zhubao trace 编号 --period 2020-H1；写前半截（如 dispatch）列出一组",
        ),
        facts={"figures": len(rows)},
    )


def worded(figure: Figure, one: Measured) -> str:
    """362 户, 1,197,100.00 元, 2,003/2,071 套（96.72%）."""
    if not figure.is_rate:
        return f"{format_yuan(one.value) if figure.money else f'{one.value:,}'} {figure.unit}"
    whole = one.whole or 0
    shown = (
        f"{format_yuan(one.value)}/{format_yuan(whole)}"
        if figure.money
        else f"{one.value:,}/{whole:,}"
    )
    share = f"{one.value / whole:.2%}" if whole else "—"
    return f"{shown} {figure.unit}（{share}）"


def _values(measured: Sequence[tuple[Figure, Measured]]) -> Table:
    columns = (
        Column("code", "编号"),
        Column("title", "指标"),
        Column("value", "数值"),
        Column("cells", "来源单元格", _COUNT, note="分子（或数值）来自多少个单元格"),
        Column("base", "分母单元格", _COUNT, level=2),
        Column("note", "说明", level=2, width=40),
        Column("command", "由哪个命令统计", level=2),
    )
    rows = [
        Row(
            (
                figure.code,
                figure.title,
                worded(figure, one),
                count_cells(one.cells),
                count_cells(one.base) if figure.is_rate else None,
                one.note or None,
                figure.command,
            ),
            one.sources,
        )
        for figure, one in measured
    ]
    return Table("figures", "指标", columns, rows)


def _cells(measured: Sequence[tuple[Figure, Measured]]) -> Table:
    columns = (
        Column("code", "编号"),
        Column("part", "用在"),
        Column("cell", "来源", width=44),
        Column("count", "单元格数", _COUNT),
    )
    rows = [
        Row((figure.code, part, str(cell), count_cells((cell,))), (cell,))
        for figure, one in measured
        for part, cells in _parts(figure, one)
        for cell in compact(cells)
    ]
    return Table(
        "sources",
        "来源单元格",
        columns,
        rows,
        notes=("相连的行合成一段，如 A2:A40；每段的第一格有链接",) if rows else (),
        shown=_SHOWN,
    )


def _parts(figure: Figure, one: Measured) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    if not figure.is_rate:
        return (("数值", one.cells),)
    return (("分子", one.cells), ("分母", one.base))


def _fact(figure: Figure, one: Measured) -> dict[str, Any]:
    value: int | Ratio = figure.shown(one)
    return {
        "code": figure.code,
        "title": figure.title,
        "unit": figure.unit,
        "value": value,
        "numerator": one.value,
        "denominator": one.whole,
        "note": one.note,
    }
