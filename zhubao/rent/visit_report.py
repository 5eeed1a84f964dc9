"""The month's visit list as a report: counts by estate, and one list per estate or building."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.masking import mask_phone
from zhubao.core.money import yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.tenants import Household
from zhubao.rent.arrears_tables import shown_name
from zhubao.rent.homes import NO_ESTATE
from zhubao.rent.steps import PlanState
from zhubao.rent.visits import Entered, Stop, VisitList

HARDSHIP_MARK = "★"
VISITED_MARK = " √"
_SHOWN = 15  # rows of each list on a terminal


def visit_report(
    listed: VisitList,
    *,
    by_building: bool = False,
    on_paper: bool = False,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
    origin: str = "",
) -> Report:
    """The list in walking order, one table per estate or per building.

    `on_paper`: for the printed workbook, with full names and telephone numbers and with empty
    columns to write in; otherwise names and numbers are masked.
    """
    result, order = listed.result, listed.order
    groups = [(title, list(stops)) for title, stops in _groups(listed.stops, by_building)]
    tables = [_list(listed, title, stops, on_paper=on_paper) for title, stops in groups]
    hardship = sum(bool(stop.hardship) for stop in listed.stops)
    visited = sum(stop.visited is not None for stop in listed.stops)
    return Report(
        code="rent.visits",
        title=f"收租走访清单（{order.month.title}）",
        bureau=bureau,
        as_of=result.as_of,
        period=order.month.title,
        tables=(_summary(listed), *tables),
        notes=_notes(listed, origin),
        findings=findings,
        facts={
            "households": len(listed.stops),
            "hardship": hardship,
            "visited": visited,
            "unvisited": len(listed.stops) - visited,
            "owed": yuan(sum(stop.owed for stop in listed.stops)),
            "moved_out_in_debt": listed.moved_out,
        },
    )


def entry_report(
    entered: Entered, *, as_of: dt.date, bureau: str = "", findings: tuple[Finding, ...] = ()
) -> Report:
    """What was read back from a filled-in list: counts, and every row at fault."""
    return Report(
        code="rent.visits.enter",
        title="录入收租走访",
        bureau=bureau,
        as_of=as_of,
        notes=(f"新走访 {len(entered.rows):,} 次，台账里已有 {entered.known:,} 次",),
        findings=(*findings, *entered.findings),
        facts={"new": len(entered.rows), "known": entered.known},
    )


def _groups(stops: Iterable[Stop], by_building: bool) -> Iterable[tuple[str, Iterable[Stop]]]:
    def title(stop: Stop) -> str:
        estate = stop.address.estate or NO_ESTATE
        return f"{estate}{stop.address.block}" if by_building else estate

    return groupby(stops, title)


def _summary(listed: VisitList) -> Table:
    rows = []
    for estate, group in _groups(listed.stops, by_building=False):
        rows.append(Row((estate, *_counts(list(group)))))
    return Table(
        key="summary",
        title="汇总",
        columns=_SUMMARY,
        rows=rows,
        totals=("合计", *_counts(listed.stops)),
        summable=frozenset({"households", "hardship", "in_debt", "owed", "visited", "unvisited"}),
    )


def _counts(stops: Any) -> tuple[int, ...]:
    counts = Counter[str]()
    for stop in stops:
        counts["hardship"] += bool(stop.hardship)
        counts["in_debt"] += stop.owed > 0
        counts["visited"] += stop.visited is not None
    size = len(stops)
    owed = sum(stop.owed for stop in stops)
    visited = counts["visited"]
    return size, counts["hardship"], counts["in_debt"], owed, visited, size - visited


def _list(listed: VisitList, title: str, stops: list[Stop], *, on_paper: bool) -> Table:
    rows = [_row(listed, number, stop, on_paper=on_paper) for number, stop in enumerate(stops, 1)]
    return Table(
        key=f"list_{title}",
        title=title,
        columns=_ON_PAPER if on_paper else (*_DOOR, *_VISITS),
        rows=rows,
        notes=(
            f"{HARDSHIP_MARK} 是困难家庭；上次走访带{VISITED_MARK} 的本月已访；"
            "填写走访日期、是否见到（是、否）、走访结果和承诺缴款（元）",
        )
        if on_paper
        else (),
        shown=_SHOWN,
    )


def _row(listed: VisitList, number: int, stop: Stop, *, on_paper: bool) -> Row:
    result = listed.result
    door = stop.address.door or None
    values = (
        number,
        stop.address.block or None,
        door,
        result.books.numbers[stop.account],
        _name(listed, stop, full=on_paper),
        _phone(listed, stop, full=on_paper),
        _mark(stop),
        stop.unpaid_months,
        stop.owed,
    )
    if on_paper:  # a form to be written on: no column of sources
        return Row((*values, _latest(stop), *([None] * len(_BY_HAND))))
    return Row((*values, stop.last_visit, stop.visited), _sources(listed, stop))


def _latest(stop: Stop) -> str | None:
    """The latest visit; a tick when it was this month."""
    if stop.visited is not None:
        return f"{stop.visited.isoformat()}{VISITED_MARK}"
    return stop.last_visit.isoformat() if stop.last_visit else None


def _name(listed: VisitList, stop: Stop, *, full: bool) -> str:
    if full and listed.result.is_registered(stop.account):
        return listed.result.household_field(stop.account, "applicant") or ""
    return shown_name(listed.result, stop.account)


def _phone(listed: VisitList, stop: Stop, *, full: bool) -> str | None:
    phone = listed.result.household_field(stop.account, "phone")
    return (phone if full else mask_phone(phone)) if phone else None


def _mark(stop: Stop) -> str | None:
    """★重病、残疾；分期逾期."""
    marks = [HARDSHIP_MARK + "、".join(stop.hardship)] if stop.hardship else []
    if stop.plan not in (PlanState.NONE, PlanState.SETTLED):
        marks.append(f"分期{stop.plan.value}")
    return "；".join(marks) or None


def _sources(listed: VisitList, stop: Stop) -> tuple[Cell, ...]:
    result = listed.result
    if not result.is_registered(stop.account):
        return ()
    row = result.books.household_rows[stop.account]
    return (result.loaded.get(Household).row_cell(row),)


def _notes(listed: VisitList, origin: str) -> tuple[str, ...]:
    order, result = listed.order, listed.result
    source = f"（{origin}）" if origin else ""
    notes = [f"欠租截至 {result.as_of.isoformat()}{source}；走访看 {order.month.title}"]
    whom = "全部在租家庭" if order.everyone else "欠租、有分期协议或困难的在租家庭"
    notes.append(f"列入：{whom}{'，本月还没有走访的' if order.unvisited else ''}")
    if listed.moved_out:
        notes.append(f"另有 {listed.moved_out:,} 户已退租仍欠租，无门可上，没有列入")
    return tuple(notes)


def _for_hand(key: str, title: str, width: int, kind: ValueKind = ValueKind.TEXT) -> Column:
    """A column to write in by hand: the header's blanks make it wide enough for a pen."""
    blanks = "　" * max(0, (width - 2 * len(title)) // 2)
    return Column(key, f"{blanks}{title}{blanks}", kind)


_MONEY, _COUNT, _DATE = ValueKind.MONEY, ValueKind.COUNT, ValueKind.DATE
_SUMMARY = (
    Column("estate", "小区"),
    Column("households", "户数", _COUNT),
    Column("hardship", "困难", _COUNT),
    Column("in_debt", "欠租户", _COUNT),
    Column("owed", "欠租金额", _MONEY),
    Column("visited", "本月已访", _COUNT),
    Column("unvisited", "还没访", _COUNT),
)
_DOOR = (
    Column("number", "序号", _COUNT, 2),
    Column("building", "楼栋", ValueKind.IDENTITY),
    Column("door", "门牌", ValueKind.IDENTITY),
    Column("household_no", "家庭编号", ValueKind.IDENTITY),
    Column("name", "承租人"),
    Column("phone", "联系电话", ValueKind.IDENTITY, 2),
    Column("mark", "标记", width=12),
    Column("months", "月数", _COUNT),
    Column("owed", "欠租金额", _MONEY),
)
_VISITS = (
    Column("last_visit", "上次走访", _DATE, 2, note="本月以前最近一次"),
    Column("visited", "本月已访", _DATE),
)
_BY_HAND = (
    _for_hand("visited_on", "走访日期", 16, _DATE),
    _for_hand("visitor", "走访人", 12),
    Column("met", "是否见到", note="填 是 或 否"),
    _for_hand("result", "走访结果", 40),
    _for_hand("promised", "承诺缴款", 16, _MONEY),
    _for_hand("signature", "签字", 16),
)
_ON_PAPER = (*_DOOR, Column("latest_visit", "上次走访", ValueKind.IDENTITY), *_BY_HAND)
