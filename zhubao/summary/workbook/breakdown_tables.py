"""The breakdowns of the summary as tables with native charts; every row has its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from zhubao.core.errors import ZhubaoError
from zhubao.core.report import Chart, Column, Ratio, Row, Table, ValueKind
from zhubao.summary.indicators.breakdowns import (
    BreakdownBroken,
    By,
    Part,
    breakdown,
    owed_at_month_ends,
)
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.summary import Summary
from zhubao.summary.workbook.ranges import ranges_of

_MONEY, _COUNT = ValueKind.MONEY, ValueKind.COUNT


@dataclass(frozen=True, slots=True)
class Split:
    """A figure by something: how its table and chart are called."""

    code: str
    by: By
    title: str
    label: str
    chart: str = "column"  # "" for none

    @property
    def key(self) -> str:
        """The table's key."""
        return f"{self.code.replace('.', '_')}_{self.by.value}"


SPLITS = (
    Split("supply.raised", By.CHANNEL, "房源筹集按渠道", "渠道"),
    Split("dispatch.units", By.TYPE, "房源调配按类型", "类型"),
    Split("dispatch.units", By.PROJECT, "房源调配按项目", "棚改项目", "bar"),
    Split("units.delivered", By.ESTATE, "新交付房源按小区", "小区", ""),
    Split("allocation.households", By.LAYOUT, "配租按户型", "户型"),
    Split("allocation.households", By.MONTH, "配租按月", "签约月份"),
    Split("allocation.households", By.ESTATE, "配租按小区", "小区", "bar"),
    Split("rent.owed", By.ESTATE, "欠租按小区", "小区", "bar"),
    Split("rent.owed", By.BILLING_MONTH, "欠租按账单月份", "账单月份", ""),
)


def breakdown_tables(summary: Summary, scope: Scope) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """The tables, and what has to be said of those that could not be made.

    A figure without a number, or without any part, has no table.
    """
    tables: list[Table] = []
    said: list[str] = []
    for title, make in _makers(summary, scope):
        try:
            table = make()
        except (BreakdownBroken, ZhubaoError) as fault:
            reason = fault.message if isinstance(fault, ZhubaoError) else "各部分之和与总数不符"
            said.append(f"“{title}”没有列出：{reason}")
            continue
        if table.rows:
            tables.append(table)
    return tuple(tables), tuple(said)


def _makers(summary: Summary, scope: Scope) -> Iterator[tuple[str, Callable[[], Table]]]:
    for split in SPLITS:
        if split.code == "rent.owed" and split.by is By.ESTATE and _has_rent(summary):
            yield "租金按月", partial(_rent_by_month, scope)
        if summary.has(split.code):
            yield split.title, partial(_table, summary, scope, split)


def _has_rent(summary: Summary) -> bool:
    return summary.has("rent.charged") and summary.has("rent.received")


def _table(summary: Summary, scope: Scope, split: Split) -> Table:
    figure = summary.value(split.code).figure
    parts = [one for one in breakdown(split.code, scope, split.by) if _says_something(one, split)]
    whole = sum(one.measured.value for one in parts)
    columns = (
        Column("part", split.label),
        Column("value", figure.title, _MONEY if figure.money else _COUNT),
        Column("share", "占比", ValueKind.RATIO),
    )
    rows = [
        Row(
            (
                one.label,
                one.measured.value,
                Ratio(one.measured.value, whole, money=figure.money),
            ),
            ranges_of(one.measured.cells),
        )
        for one in parts
    ]
    title = f"{split.title}（{figure.unit}）"
    charts = (Chart(split.chart, title, "part", ("value",)),) if split.chart and rows else ()
    return Table(
        split.key,
        split.title,
        columns,
        rows,
        totals=("合计", whole, Ratio(whole, whole, money=figure.money)),
        summable=frozenset({"value"}),
        charts=charts,
    )


def _says_something(part: Part, split: Split) -> bool:
    return split.by is not By.ESTATE or part.measured.value != 0


def _rent_by_month(scope: Scope) -> Table:
    """租金按月: charged and received in each month, and what was owed at its end."""
    charged, received = (breakdown(code, scope, By.MONTH) for code in _FLOWS)
    owed = {one.label: one.measured.value for one in owed_at_month_ends(scope)}
    by_label = {one.label: one for one in received}
    rows = []
    for one in charged:
        other = by_label.get(one.label)
        money = other.measured.value if other else 0
        cells = (*one.measured.cells, *(other.measured.cells if other else ()))
        values = (one.label, one.measured.value, money, owed.get(one.label))
        rows.append(Row(values, ranges_of(cells)))
    return Table(
        "rent_months",
        "租金按月",
        (
            Column("month", "月份"),
            Column("charged", "应收", _MONEY),
            Column("received", "实收", _MONEY, note="按收款日期，不分缴的是哪个月"),
            Column("owed", "月末欠租", _MONEY, note="月末当天各户欠租之和，预缴的不抵别户的欠租"),
        ),
        rows,
        totals=("合计", _sum(rows, 1), _sum(rows, 2), None),
        summable=frozenset({"charged", "received"}),
        charts=(
            Chart("column", "每月应收与实收（元）", "month", ("charged", "received")),
            Chart("line", "月末欠租（元）", "month", ("owed",)),
        ),
    )


_FLOWS = ("rent.charged", "rent.received")


def _sum(rows: Iterable[Row], place: int) -> int:
    return sum(row.values[place] for row in rows)
