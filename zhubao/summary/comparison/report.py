"""The comparison of two periods as a report: counts, money and rates apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from zhubao.audit.trace.places import compact
from zhubao.core.finding import Cell
from zhubao.core.money import yuan
from zhubao.core.period import Period
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.summary.comparison.comparing import Compared, Comparison
from zhubao.summary.indicators.figures import Measured


def comparison_report(comparison: Comparison, *, bureau: str = "", origin: str = "") -> Report:
    """The two periods side by side; what is missing is said in each row and counted in a note."""
    lines = comparison.lines
    tables = (
        _numbers(comparison, "counts", "数量", [o for o in lines if not o.figure.is_rate], False),
        _numbers(
            comparison, "money", "金额（元）", [o for o in lines if not o.figure.is_rate], True
        ),
        _rates(comparison, [one for one in lines if one.figure.is_rate]),
    )
    first, second = comparison.first, comparison.second
    return Report(
        code="summary.compare",
        title=f"指标对比：{first.title}与{second.title}",
        bureau=bureau,
        as_of=comparison.as_of,
        period=f"{first.title}、{second.title}",
        tables=tuple(table for table in tables if table.rows),
        notes=tuple(_notes(comparison, origin)),
        findings=comparison.findings,
        facts={
            "first": first.label,
            "second": second.label,
            "figures": [_fact(one) for one in lines],
        },
    )


def _numbers(
    comparison: Comparison, key: str, title: str, lines: Sequence[Compared], money: bool
) -> Table:
    kind = ValueKind.MONEY if money else ValueKind.COUNT
    columns = (
        *_heads(comparison, kind, money),
        Column("difference", "增减", kind, note="后一期间减前一期间"),
        Column("change", "增减率", ValueKind.RATIO, note="增减 ÷ 前一期间；前一期间是 0 的没有"),
        *_TAILS,
    )
    rows = [
        Row((*_start(one, money), one.difference, one.change, *_end(one)), _sources(one))
        for one in lines
        if one.figure.money is money
    ]
    return Table(key, title, columns, rows)


def _rates(comparison: Comparison, lines: Sequence[Compared]) -> Table:
    columns = (
        *_heads(comparison, ValueKind.RATIO, False),
        Column("points", "增减百分点", ValueKind.POINTS, note="后一期间的百分比减前一期间的百分比"),
        *_TAILS,
    )
    rows = [Row((*_start(one, False), one.points, *_end(one)), _sources(one)) for one in lines]
    return Table("rates", "比率", columns, rows)


def _heads(comparison: Comparison, kind: ValueKind, money: bool) -> tuple[Column, ...]:
    bare = money or kind is ValueKind.RATIO  # a rate has no unit
    unit = () if bare else (Column("unit", "单位"),)
    return (
        Column("title", "指标"),
        *unit,
        Column("first", comparison.first.title, kind),
        Column("second", comparison.second.title, kind),
    )


_TAILS = (
    Column("missing", "说明", level=2, width=36),
    Column("code", "编号", level=3),
    Column("definition", "怎么算", level=3, width=60),
)


def _start(one: Compared, money: bool) -> tuple[Any, ...]:
    figure = one.figure
    values = (_shown(one, one.first), _shown(one, one.second))
    return (figure.title, *(() if money or figure.is_rate else (figure.unit,)), *values)


def _end(one: Compared) -> tuple[Any, ...]:
    return one.missing or None, one.figure.code, one.figure.definition


def _shown(one: Compared, measured: Measured | None) -> Any:
    return None if measured is None else one.figure.shown(measured)


def _sources(one: Compared) -> tuple[Cell, ...]:
    cells = [cell for m in (one.first, one.second) if m is not None for cell in m.sources]
    return tuple(compact(tuple(dict.fromkeys(cells)))[:_MOST_SOURCES])


def _notes(comparison: Comparison, origin: str) -> Iterable[str]:
    first, second = comparison.first, comparison.second
    yield f"前一期间 {first.start} 至 {first.end}，后一期间 {second.start} 至 {second.end}"
    days = [(one.end - one.start).days + 1 for one in (first, second)]
    if abs(days[0] - days[1]) > _ALIKE:
        yield f"两个期间长短不同（{days[0]} 天、{days[1]} 天），按期间累计的数不能直接相比"
    yield from _order_notes(first, second)
    for period, name in ((first, "first"), (second, "second")):
        lost = [one.figure.title for one in comparison.lines if getattr(one, name) is None]
        if lost:
            yield f"{period.title}有 {len(lost)} 个指标没有数（台账里没有记录，空着不等于 0）"
        partial = [
            one for one in comparison.lines if (found := getattr(one, name)) and found.partial
        ]
        if partial:
            yield (
                f"{period.title}有 {len(partial)} 个指标的台账是期间当中才开始登记的，"
                "印出已登记的数，不作比较（见说明）"
            )
    stocks = [one.figure.title for one in comparison.lines if one.figure.is_stock]
    yield f"{'、'.join(stocks)}：各期末当天的数，按现有台账推算，以前删去的记录不在内"
    if comparison.row_errors:
        yield f"台账有 {comparison.row_errors:,} 处读不出的错误，所在的行没有计入，见 zhubao check"
    yield "各期间按它自己期末的情况算"
    if any(len(_sources(one)) >= _MOST_SOURCES for one in comparison.lines):
        yield f"每行最多列 {_MOST_SOURCES} 段来源；全部来源用 zhubao trace 编号 --period 期间 查看"
    yield f"截止日期 {comparison.as_of}{f'（{origin}）' if origin else ''}"


def _order_notes(first: Period, second: Period) -> Iterable[str]:
    """What must be said of two periods that overlap, or stand the other way round."""
    if first == second:
        yield "两个期间相同，没有增减可比"
    elif first.start <= second.end and second.start <= first.end:
        start, end = max(first.start, second.start), min(first.end, second.end)
        yield f"两个期间有重叠（{start} 至 {end}），重叠的部分两边都算了"
    if second.start < first.start:
        yield (
            f"先写的{first.title}晚于后写的{second.title}，增减是后写的减先写的；"
            "要看近期的变化请对调两个期间"
        )


_MOST_SOURCES = 200  # ranges of a row; `zhubao trace` names all
_ALIKE = 3  # days: half-years and quarters differ by that much


def _fact(one: Compared) -> dict[str, Any]:
    return {
        "code": one.figure.code,
        "title": one.figure.title,
        "unit": one.figure.unit,
        "first": _number(one, one.first),
        "second": _number(one, one.second),
        "difference": yuan(one.difference)
        if one.figure.money and one.difference is not None
        else one.difference,
        "change": one.change,
        "points": one.points,
        "missing": one.missing,
    }


def _number(one: Compared, measured: Measured | None) -> Any:
    """Money in yuan; of a rate both numbers."""
    shown = _shown(one, measured)
    return yuan(shown) if one.figure.money and isinstance(shown, int) else shown
