"""The tables of indicators: counts, amounts and rates, by business line, and the targets."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zhubao.core.report import Column, Ratio, Row, Table, ValueKind
from zhubao.summary.indicators.figures import Measured, complete
from zhubao.summary.summary import Summary, Value
from zhubao.summary.targets.progress import Progress
from zhubao.summary.targets.standing import Standing, standing
from zhubao.summary.workbook.ranges import Ranges, ranges_of

_LINES = {
    "supply": "房源筹集",
    "dispatch": "房源调配",
    "units": "房源管理",
    "allocation": "轮候配租",
    "waiting": "轮候配租",
    "rent": "租金收缴",
    "approval": "资格审批",
    "subsidy": "租赁补贴",
    "staff": "职工住房补贴",
    "patrol": "动态管理",
    "campaigns": "动态管理",
    "cases": "动态管理",
    "vacancy": "动态管理",
    "safety": "安全生产",
    "tickets": "工单与个案",
    "review": "年审",
    "contractor": "购买服务",
    "audit": "审计整改",
}
_OFFICE = "综合"
_OWN_LINES = {"cases.special_resolved": "工单与个案"}
_RATIO, _POINTS = ValueKind.RATIO, ValueKind.POINTS
_LAST_YEAR_NOTE = "上年同一期间，按当时的期末计；台账里没有那时的记录时空着"
_LAST_PERIOD_NOTE = "紧接在前、同样长的期间，按当时的期末计；台账里没有那时的记录时空着"
_LARGE, _FINE = frozenset({"万元", "亿元"}), Decimal("0.01")
_LINE = Column("line", "业务条线", on_phone=False)
COUNTS, MONEY, RATES, TARGETS = "counts", "amounts", "rates", "targets"


def line_of(code: str) -> str:
    """The business line of an indicator."""
    return _OWN_LINES.get(code) or _LINES.get(code.partition(".")[0], _OFFICE)


def by_line(values: Iterable[Value]) -> list[Value]:
    """The values, those of a line together, lines in the order they first appear."""
    groups: dict[str, list[Value]] = {}
    for one in values:
        groups.setdefault(line_of(one.figure.code), []).append(one)
    return [one for group in groups.values() for one in group]


def indicator_tables(summary: Summary, ranges: Ranges) -> tuple[Table, ...]:
    """Counts, amounts, rates and targets. A figure without a number keeps its row and its reason.

    Tables without any row are left out.
    """
    values = by_line(summary.values.values())
    rates = [one for one in values if one.figure.is_rate]
    plain = [one for one in values if not one.figure.is_rate]
    counts = [one for one in plain if not one.figure.money]
    amounts = [one for one in plain if one.figure.money]
    tables = (
        _numbers(COUNTS, "数量指标", counts, summary, ranges),
        _numbers(MONEY, "金额指标", amounts, summary, ranges),
        _rates(rates, summary, ranges),
        _targets(values),
    )
    return tuple(table for table in tables if table.rows)


def _numbers(key: str, title: str, values: list[Value], summary: Summary, ranges: Ranges) -> Table:
    kind = ValueKind.MONEY if key == MONEY else ValueKind.COUNT
    change = "ROUND({value}-{%s},2)" if key == MONEY else "{value}-{%s}"
    columns = (
        _LINE,
        Column("title", "指标"),
        Column("value", summary.period.title, kind),
        Column("unit", "单位"),
        Column("last_year", "上年同期", kind, 2, note=_LAST_YEAR_NOTE),
        Column("year_change", "比上年同期", kind, 2, formula=change % "last_year"),
        Column("last_period", "上期", kind, 2, note=_LAST_PERIOD_NOTE),
        Column("period_change", "比上期", kind, 2, formula=change % "last_period"),
        Column("note", "说明", level=2, width=40),
        Column("code", "编号", level=2),
    )
    rows = [_row(one, _number_values(one), ranges) for one in values]
    return Table(key, title, columns, rows)


def _number_values(value: Value) -> tuple[Any, ...]:
    def number(one: Measured | None) -> int | None:
        return None if one is None else one.value

    now, year, before = map(number, (value.measured, value.last_year, value.last_period))
    changes = (_less(now, number(complete(one))) for one in (value.last_year, value.last_period))
    return (now, value.figure.unit, year, next(changes), before, next(changes))


def _rates(values: list[Value], summary: Summary, ranges: Ranges) -> Table:
    points = "百分点；两个比率都有值时才有"
    columns = (
        _LINE,
        Column("title", "指标"),
        Column("value", summary.period.title, _RATIO),
        Column("last_year", "上年同期", _RATIO, 2, note=_LAST_YEAR_NOTE),
        Column("year_change", "比上年同期（百分点）", _POINTS, 2, note=points),
        Column("last_period", "上期", _RATIO, 2, note=_LAST_PERIOD_NOTE),
        Column("period_change", "比上期（百分点）", _POINTS, 2, note=points),
        Column("unit", "分子分母的单位", level=3),
        Column("note", "说明", level=2, width=40),
        Column("code", "编号", level=2),
    )
    rows = [_row(one, _rate_values(one), ranges) for one in values]
    return Table(RATES, "比率指标", columns, rows)


def _rate_values(value: Value) -> tuple[Any, ...]:
    def ratio(one: Measured | None) -> Ratio | None:
        shown = None if one is None else value.figure.shown(one)
        return shown if isinstance(shown, Ratio) else None

    now, year, before = map(ratio, (value.measured, value.last_year, value.last_period))
    changes = (_points(now, ratio(complete(one))) for one in (value.last_year, value.last_period))
    return (now, year, next(changes), before, next(changes), value.figure.unit)


def _row(value: Value, numbers: tuple[Any, ...], ranges: Ranges) -> Row:
    figure, measured = value.figure, value.measured
    said = [value.missing if measured is None else measured.note]
    said += [one.partial for one in (value.last_year, value.last_period) if one is not None]
    note = "；".join(dict.fromkeys(filter(None, said)))
    line = line_of(figure.code)
    sources = () if measured is None else ranges.of_measured(measured)
    return Row((line, figure.title, *numbers, note or None, figure.code), sources)


def _targets(values: list[Value]) -> Table:
    columns = (
        Column("title", "目标任务"),
        Column("done", "年初以来完成"),
        Column("half", "半年目标"),
        Column("half_rate", "完成半年目标", _RATIO),
        Column("annual", "全年目标"),
        Column("annual_rate", "完成全年目标", _RATIO),
        Column("elapsed", "全年时间已过", _RATIO, note="年初至截止日的天数 ÷ 全年天数"),
        Column("half_state", "半年目标情况"),
        Column("state", "全年目标情况"),
    )
    rows = [_target(one, one.progress) for one in values if one.progress is not None]
    return Table(
        TARGETS,
        "目标进度",
        columns,
        rows,
        notes=(
            f"完成的比例高于时间已过的比例为“{Standing.AHEAD}”，低于的为“{Standing.BEHIND}”，"
            f"时间已满而没有达到目标的为“{Standing.UNDONE}”；比率类目标直接与目标比，不按时间折算",
        ),
    )


def _target(value: Value, progress: Progress) -> Row:
    behind = progress.is_behind
    done = worded(progress.done, progress.unit)
    if progress.half_done != progress.done:
        done = f"{done}（至 6 月 30 日 {worded(progress.half_done, progress.unit)}）"
    cells = (
        value.figure.title,
        done,
        worded(progress.half_year, progress.unit),
        progress.half_rate,
        worded(progress.annual, progress.unit),
        progress.annual_rate,
        None if progress.is_level else progress.elapsed,
        standing(progress, half=True).value,
        standing(progress, half=False).value,
    )
    return Row(cells, ranges_of(progress.cells), "warning" if behind else "")


def worded(number: Decimal | None, unit: str) -> str | None:
    """1,800 套, 124.34 万元: no trailing zeros, 万元 in two decimals at most; None for None."""
    if number is None:
        return None
    if unit in _LARGE:
        number = number.quantize(_FINE, ROUND_HALF_UP)
    text = f"{number:,f}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{short}{unit}" if unit == "%" else f"{short} {unit}"


def _less(now: int | None, then: int | None) -> int | None:
    return None if now is None or then is None else now - then


def _points(now: Ratio | None, then: Ratio | None) -> Decimal | None:
    return None if now is None or then is None else now.points_over(then)
