"""`zhubao trace CODE` as reports: a figure with its cells, and the catalogue of figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.audit.trace.places import compact, count_cells
from zhubao.core.finding import Cell, Finding
from zhubao.core.money import format_yuan
from zhubao.core.period import Period
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.summary.indicators.figures import Figure, Measured
from zhubao.summary.summary import Measuring

_SHOWN = 20
_COUNT = ValueKind.COUNT


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure asked for; without a number the reason is in `missing`."""

    figure: Figure
    measured: Measured | None
    missing: str = ""

    @property
    def words(self) -> str:
        """362 户; —（找不到 arrears.xlsx，没有数）."""
        if self.measured is None:
            return f"—（{self.missing}）"
        return worded(self.figure, self.measured)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of both its numbers; none without a number."""
        return () if self.measured is None else self.measured.sources


def ask(
    figures: Iterable[Figure],
    measuring: Measuring,
    period: Period,
    as_of: dt.date,
    *,
    absent: Mapping[str, str] | None = None,
) -> list[Asked]:
    """Each figure of the period; one whose ledgers have no rows has no number.

    `absent` is workbook → file name of the ledgers that were not found.
    """
    asked = []
    for figure in figures:
        measured, missing = measuring.measure(figure, period, as_of)
        files = dict.fromkeys(
            (absent or {}).get(model.SHEET.workbook, "") for model in figure.needs
        )
        lost = "、".join(file for file in files if file)
        if measured is None and lost:
            missing = f"找不到 {lost}，没有数"
        asked.append(Asked(figure, measured, missing))
    return asked


def figure_report(
    asked: Sequence[Asked],
    period: Period,
    as_of: dt.date,
    *,
    bureau: str = "",
    origin: str = "",
    findings: Sequence[Finding] = (),
    notes: Sequence[str] = (),
    part: str = "",
) -> Report:
    """The figures with definition, both numbers, and every source cell (ranges where unbroken).

    With `part` (分子, 分母) only the cells of that number of a rate. A figure asked for alone has
    its worked example among the notes.
    """
    title = asked[0].figure.title if len(asked) == 1 else f"{len(asked)} 个指标"
    return Report(
        code="trace.figure",
        title=f"数字溯源：{title}",
        bureau=bureau,
        as_of=as_of,
        period=period.title,
        tables=(_values(asked), _cells(asked, part)),
        notes=(
            *notes,
            *(f"{one.figure.title}：{one.figure.definition}" for one in asked),
            *(f"举例：{one.figure.example}" for one in asked if len(asked) == 1),
            f"截止日期 {as_of}{f'（{origin}）' if origin else ''}",
        ),
        findings=tuple(findings),
        facts={
            "figures": [_fact(one) for one in asked],
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
        if figure.hundredths
        else f"{one.value:,}/{whole:,}"
    )
    share = f"{one.value / whole:.2%}" if whole else "—"
    return f"{shown} {figure.unit}（{share}）"


def _values(asked: Sequence[Asked]) -> Table:
    columns = (
        Column("code", "编号"),
        Column("title", "指标"),
        Column("value", "数值", width=40),
        Column("cells", "来源单元格", _COUNT, note="分子（或数值）来自多少个单元格"),
        Column("base", "分母单元格", _COUNT, level=2),
        Column("note", "说明", level=2, width=40),
        Column("command", "由哪个命令统计", level=2),
    )
    rows = [
        Row(
            (
                one.figure.code,
                one.figure.title,
                one.words,
                count_cells(one.measured.cells) if one.measured else None,
                count_cells(one.measured.base) if one.measured and one.figure.is_rate else None,
                one.measured.note or None if one.measured else None,
                one.figure.command,
            ),
            one.cells,
            "" if one.measured else "warning",
        )
        for one in asked
    ]
    return Table("figures", "指标", columns, rows)


def _cells(asked: Sequence[Asked], only: str) -> Table:
    columns = (
        Column("code", "编号"),
        Column("part", "用在"),
        Column("cell", "来源", width=44),
        Column("count", "单元格数", _COUNT),
    )
    rows = [
        Row((one.figure.code, part, str(cell), count_cells((cell,))), (cell,))
        for one in asked
        for part, cells in _parts(one)
        if only in ("", part)
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


def _parts(one: Asked) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    if one.measured is None:
        return ()
    if not one.figure.is_rate:
        return (("数值", one.measured.cells),)
    return (("分子", one.measured.cells), ("分母", one.measured.base))


def _fact(one: Asked) -> dict[str, Any]:
    figure, measured = one.figure, one.measured
    value: int | Ratio | None = None if measured is None else figure.shown(measured)
    return {
        "code": figure.code,
        "title": figure.title,
        "unit": figure.unit,
        "value": value,
        "numerator": measured.value if measured else None,
        "denominator": measured.whole if measured else None,
        "note": measured.note if measured else "",
        "missing": one.missing,
    }
