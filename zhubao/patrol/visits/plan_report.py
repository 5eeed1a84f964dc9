"""The month's plan as a report: counts by estate, the most urgent, and the doors by building."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.patrol import Occupancy, PatrolKind
from zhubao.patrol.visits.planning import Stop, VisitPlan
from zhubao.patrol.visits.rules import bases

NO_ESTATE = "（小区不明）"
NEVER = "从未"
KEY_MARK = "★"
_URGENT = 15
_SHOWN = 30


def plan_report(
    plan: VisitPlan,
    *,
    by_building: bool = False,
    on_paper: bool = False,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
    origin: str = "",
    overrides: Any = None,
) -> Report:
    """The plan in walking order, one table per estate or per building.

    `on_paper`: for the printed workbook, with full names and telephone numbers and with empty
    columns to write in, and nothing a visitor does not need; otherwise masked.
    """
    order = plan.order
    groups = [(title, list(stops)) for title, stops in _groups(plan.stops, by_building)]
    estates = {stop.address.estate for stop in plan.stops}
    shown = _SHOWN if len(estates) == 1 and not by_building else 0
    lists = [_list(plan, title, stops, shown, on_paper=on_paper) for title, stops in groups]
    tables = lists if on_paper else [_summary(plan), _urgent(plan), *lists]
    return Report(
        code="patrol.plan",
        title=f"巡查走访清单（{order.month.title}）",
        bureau=bureau,
        as_of=order.day,
        period=order.month.title,
        tables=tuple(tables) or (_summary(plan),),
        notes=() if on_paper and tables else _notes(plan, origin, shown),
        references=bases(order.on, overrides, "patrol.routine_months", "patrol.key_visits"),
        findings=findings,
        facts=_facts(plan),
    )


def _facts(plan: VisitPlan) -> dict[str, Any]:
    stops = plan.stops
    return {
        "households": len(stops),
        "key_households": sum(stop.is_key for stop in stops),
        "required_visits": sum(stop.required for stop in stops),
        "due_households": sum(stop.due > 0 for stop in stops),
        "due_visits": sum(stop.due for stop in stops),
        "never_visited": sum(stop.last_on is None for stop in stops),
        "key_households_without_lease": len(plan.doorless),
        "without_visitor": plan.unassigned,
    }


def _groups(stops: Iterable[Stop], by_building: bool) -> Iterator[tuple[str, Iterable[Stop]]]:
    def title(stop: Stop) -> str:
        estate = stop.address.estate or NO_ESTATE
        return f"{estate}{stop.address.block}" if by_building else estate

    return groupby(stops, title)


def _notes(plan: VisitPlan, origin: str, shown: int) -> tuple[str, ...]:
    order, rules, facts = plan.order, plan.rules, _facts(plan)
    source = f"（{origin}）" if origin else ""
    every = "每月" if rules.routine_months == 1 else f"每 {rules.routine_months} 个月"
    notes = [
        f"列入 {facts['households']:,} 户，本月还要走访 {facts['due_visits']:,} 次；"
        f"走访记录截至 {plan.log.until.isoformat()}{source}",
        f"按 {order.on.isoformat()} 在租的家庭：{every}一次；重点对象（{KEY_MARK}）按每月走访次数，"
        "没有填的按重点类型；见到没见到、哪种巡查都计一次",
    ]
    if order.unvisited:
        notes.append("只列本月还没有访够次数的")
    if plan.not_yet:
        notes.append(f"另有 {plan.not_yet:,} 户前几个月访过，本月不用访，没有列入")
    if plan.doorless:
        notes.append(f"另有 {len(plan.doorless):,} 户重点对象没有在租合同，无门可上，没有列入")
    if plan.unassigned:
        notes.append(f"另有 {plan.unassigned:,} 户没有责任人、也没有人访过，没有列入这一份")
    if not shown and plan.stops:
        notes.append("逐户清单在工作簿里；终端上看一个小区，用 --estate 小区，或加 --all")
    return tuple(notes)


def _summary(plan: VisitPlan) -> Table:
    rows = [
        Row((estate, *_counts(list(group))))
        for estate, group in _groups(plan.stops, by_building=False)
    ]
    return Table(
        key="summary",
        title="按小区",
        columns=_SUMMARY,
        rows=rows,
        totals=("合计", *_counts(plan.stops)),
        summable=frozenset({"households", "key", "required", "due", "never"}),
    )


def _counts(stops: Sequence[Stop]) -> tuple[Any, ...]:
    tally = Counter[str]()
    for stop in stops:
        tally["key"] += stop.is_key
        tally["required"] += stop.required
        tally["made"] += stop.required - stop.due
        tally["due"] += stop.due
        tally["never"] += stop.last_on is None
    done = Ratio(tally["made"], tally["required"])
    return len(stops), tally["key"], tally["required"], tally["due"], done, tally["never"]


def _urgent(plan: VisitPlan) -> Table:
    rows = []
    for stop in plan.most_urgent():
        values = (
            stop.address.estate or NO_ESTATE,
            stop.address.block or None,
            stop.address.door or None,
            *_household(plan, stop, full=False),
            stop.due,
            stop.last_on.isoformat() if stop.last_on else NEVER,
            stop.days_since,
        )
        emphasis = "warning" if stop.last_on is None else ""
        rows.append(Row(values, _sources(plan, stop), emphasis))
    return Table(
        key="urgent",
        title="先访：从未访过的，其次隔得最久的",
        columns=(Column("estate", "小区"), *_DOOR, *_VISITS),
        rows=rows,
        shown=_URGENT,
    )


def _list(plan: VisitPlan, title: str, stops: list[Stop], shown: int, *, on_paper: bool) -> Table:
    make = _paper_row if on_paper else _screen_row
    rows = [make(plan, number, stop) for number, stop in enumerate(stops, 1)]
    kinds = "、".join(one.value for one in Occupancy)
    notes = (
        f"{KEY_MARK} 是重点对象；填了巡查日期和右边任何一格，就算访过；",
        f"是否见到、是否发现问题填 是 或 否；居住情况填：{kinds}",
        "填好后运行 zhubao patrol import 这个文件，录入台账",
    )
    return Table(
        key=f"list_{title}",
        title=title,
        columns=_ON_PAPER if on_paper else (Column("number", "序号", _COUNT, 2), *_DOOR, *_VISITS),
        rows=rows,
        notes=notes if on_paper else (),
        shown=None if on_paper else shown,
        signatures=("走访人", "走访日期") if on_paper else (),
    )


def _screen_row(plan: VisitPlan, number: int, stop: Stop) -> Row:
    values = (
        number,
        stop.address.block or None,
        stop.address.door or None,
        *_household(plan, stop, full=False),
        stop.due,
        stop.last_on.isoformat() if stop.last_on else NEVER,
        stop.days_since,
    )
    return Row(values, _sources(plan, stop))


def _paper_row(plan: VisitPlan, number: int, stop: Stop) -> Row:
    """A form to be written on: no column of sources."""
    kind = PatrolKind.KEY_HOUSEHOLD if stop.is_key else PatrolKind.ROUTINE
    values = (
        number,
        stop.address.block or None,
        stop.address.door or None,
        *_household(plan, stop, full=True),
        stop.due,
        stop.last_on.isoformat() if stop.last_on else NEVER,
        kind.value,
    )
    return Row((*values, *([None] * len(_BY_HAND))))


def _household(plan: VisitPlan, stop: Stop, *, full: bool) -> tuple[str | None, ...]:
    """Number, name, telephone and what kind of key household it is."""
    kinds = f"{KEY_MARK}{'、'.join(stop.kinds)}" if stop.is_key else None
    number, people = stop.household_no, plan.people
    return number, people.name(number, full=full), people.phone(number, full=full), kinds


def _sources(plan: VisitPlan, stop: Stop) -> tuple[Cell, ...]:
    """The lease, the key rows, the last visit."""
    cells = [stop.dwelling.cell, *(plan.roll.table.row_cell(row) for row in stop.key_rows)]
    if stop.last_row is not None:
        cells.append(plan.log.table.cell(stop.last_row, "visited_on"))
    return tuple(cells)


def _for_hand(key: str, title: str, width: int, note: str = "") -> Column:
    """A column to write in by hand: the header's blanks make it wide enough for a pen."""
    blanks = "　" * max(0, (width - 2 * len(title)) // 4)
    return Column(key, f"{blanks}{title}{blanks}", note=note)


_COUNT, _CODE = ValueKind.COUNT, ValueKind.IDENTITY
_SUMMARY = (
    Column("estate", "小区"),
    Column("households", "户数", _COUNT),
    Column("key", "重点", _COUNT),
    Column("required", "应访次", _COUNT, note="本月应走访的次数"),
    Column("due", "还差次", _COUNT, note="本月应访而还没有访的次数"),
    Column("done", "完成", ValueKind.RATIO, note="已完成的应访次数 ÷ 应访次数；超出应访的不计"),
    Column("never", "从未访过", _COUNT, note="台账里没有巡查记录的户"),
)
_DOOR = (
    Column("building", "楼栋", _CODE),
    Column("door", "门牌", _CODE),
    Column("household_no", "家庭编号", _CODE),
    Column("name", "承租人"),
    Column("phone", "联系电话", _CODE, 2),
    Column("mark", "重点类型", width=12),
)
_VISITS = (
    Column("due", "还差", _COUNT, note="本月还要走访的次数"),
    Column("last", "上次", _CODE, note="上一次巡查的日期"),
    Column("days", "天数", _COUNT, 2, note="距上次巡查的天数"),
)
_BY_HAND = (
    _for_hand("visited_on", "巡查日期", 16, "写成 2020-07-08"),
    _for_hand("visitor", "巡查人", 10),
    Column("met", "是否见到", note="填 是 或 否"),
    _for_hand("occupancy", "居住情况", 16, f"填：{'、'.join(one.value for one in Occupancy)}"),
    _for_hand("condition", "房屋情况", 24),
    _for_hand("needs", "住户诉求", 28),
    Column("has_problem", "是否发现问题", note="填 是 或 否"),
)
_ON_PAPER = (
    Column("number", "序号", _COUNT),
    *_DOOR,
    Column("due", "还差", _COUNT),
    Column("last", "上次", _CODE),
    Column("kind", "巡查类型"),
    *_BY_HAND,
)
PRINTED = frozenset("".join(column.title.split()) for column in _ON_PAPER)
