"""The waiting list of a day as a report: ranked lists, how it moved, and how it was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.allocation.waiting.eligibility import ELIGIBILITY_MODELS
from zhubao.allocation.waiting.movement import Movement, waiting_movement
from zhubao.allocation.waiting.movement_tables import (
    movement_table,
    moves_table,
    origin_table,
    proof_text,
)
from zhubao.allocation.waiting.points import CODE as POINTS_CODE
from zhubao.allocation.waiting.ranking import Place, RankedList, rank_waiting_list
from zhubao.allocation.waiting.replay import Registration
from zhubao.allocation.waiting.waitlist_tables import (
    NO_CATEGORY,
    ORDINARY,
    is_barred,
    list_tables,
    others_table,
    summary_table,
)
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.period import Period
from zhubao.core.report import Report, Table
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import WaitingEntry, WaitingStatus

WAITLIST_MODELS = ELIGIBILITY_MODELS

LIST_EMPTY = declare(
    "AL-120",
    "轮候册没有数据",
    Severity.ERROR,
    "轮候册一行也没有读到，排不出名单",
    "检查台账文件夹、文件名和表名；用 zhubao check 看读到了哪些表",
    bad="tenants.xlsx 里没有“轮候册”表",
    good="轮候册每个登记一行",
)
POINTS_MISSING = declare(
    "AL-121",
    "积分算不出",
    Severity.WARNING,
    "{waiting} 的积分算不出：{why}；排在同组有积分的之后",
    "补填轮候册的评分或保障家庭表的家庭人口，或在 zhubao.toml 改积分公式",
    bad="公式要用轮候册的评分，评分空着",
    good="每个轮候登记都有评分",
)


@dataclass(frozen=True, slots=True)
class WaitlistOptions:
    """What is shown. Empty: everything. `group` may be 普通 for those without a priority group."""

    category: str = ""
    group: str = ""
    status: WaitingStatus = WaitingStatus.WAITING

    def wants(self, one: Registration) -> bool:
        """True for the category and group asked for; the status is another matter."""
        category, group = one.category or NO_CATEGORY, one.group or ORDINARY
        return self.category in ("", category) and self.group in ("", group)


def waitlist_report(
    loaded: Loaded,
    period: Period,
    options: WaitlistOptions,
    *,
    bureau: str = "",
    overrides: Mapping[str, Any] | None = None,
    origin: str = "",
) -> Report:
    """The list at the end of the period, and its movement since the period's start.

    Category and group choose what is shown; ranks stay those of the whole category, and the
    movement is that of the whole list. Raises `UsageError` for an unknown category or group.
    `origin` says in the notes where the cut-off date comes from.
    """
    as_of = period.end
    listed = rank_waiting_list(loaded, as_of, overrides)
    movement = waiting_movement(listed.waiting, loaded, period)
    places = select(listed, options)
    lists = list_tables(listed, places)
    shown = [summary_table(listed, places), *lists]
    if options.status is not WaitingStatus.WAITING:
        gone = [one for one in listed.gone(options.status) if options.wants(one)]
        places, lists = [], [others_table(listed, options.status, gone)]
        shown = lists
    return Report(
        code="allocate.waitlist",
        title=f"轮候名单（{as_of.year}年{as_of.month}月{as_of.day}日）",
        bureau=bureau,
        as_of=as_of,
        period=period.title,
        tables=(
            *shown,
            movement_table(movement),
            origin_table(movement),
            moves_table(listed, movement),
        ),
        notes=(*_notes(listed, options, origin), *_limits(listed, loaded)),
        references=_references(as_of, overrides),
        findings=(*loaded.findings, *_findings(listed, places)),
        facts=_facts(listed, places, lists, movement),
    )


def select(listed: RankedList, options: WaitlistOptions) -> list[Place]:
    """The places asked for; UsageError when 轮候册 knows no such category or group."""
    rows = listed.waiting.registrations
    categories = {one.category or NO_CATEGORY for one in rows}
    groups = {one.group or ORDINARY for one in rows}
    _refuse_unknown("--category", "轮候类别", options.category, categories)
    _refuse_unknown("--group", "优先类别", options.group, groups)
    return [place for place in listed.places if options.wants(place.registration)]


def _refuse_unknown(option: str, title: str, wanted: str, known: set[str]) -> None:
    if wanted and wanted not in known:
        names = "、".join(sorted(known)) or "（一个也没有）"
        raise UsageError(
            f"轮候册里没有名为“{wanted}”的{title}", advice=f"{option} 可以写：{names}。"
        )


def _findings(listed: RankedList, places: Sequence[Place]) -> tuple[Finding, ...]:
    if not len(listed.loaded.get(WaitingEntry)):
        return (LIST_EMPTY.at(Cell("tenants.xlsx", WaitingEntry.SHEET.name)),)
    found = [*listed.contradictions, *(one for place in places for one in place.faults)]
    if listed.formula.is_used:
        found += [_points_missing(place) for place in places if place.points.value is None]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.sort_key))


def _points_missing(place: Place) -> Finding:
    one = place.registration
    return POINTS_MISSING.at(one.cell("points"), waiting=one.waiting_no, why=place.points.text)


def _notes(listed: RankedList, options: WaitlistOptions, origin: str) -> list[str]:
    source = f"（{origin}）" if origin else ""
    scored = "积分从高到低、" if listed.formula.is_used else ""
    notes = [
        f"截至 {listed.as_of}{source}当日终了在册：已经批准，没有出册或出册在这一天之后",
        f"各类别内的先后：优先类别的组序、{scored}批准日期、轮候号；"
        f"{'积分怎么算的见工作簿的排序依据' if listed.formula.is_used else '本局没有启用积分'}",
        "有标记的照常排名；标“须先查清”的，查清之前不能参加配租",
    ]
    if options.category or options.group:
        notes.append("只列出了要看的一部分，名次仍是在整个类别里的名次；变动表是全部的")
    return notes


def _limits(listed: RankedList, loaded: Loaded) -> list[str]:
    """What could not be counted, not replayed or not checked."""
    notes = [
        "轮候状态是今天的，哪天在册由批准日期和出册日期推算；家庭人口、优先类别、意向户型、"
        "评分和家庭成员只有现在的，推算不出当时的"
    ]
    if listed.pending:
        notes.append(f"待审核的 {listed.pending:,} 个登记哪天都不计入")
    if listed.contradictions:
        notes.append(f"状态与日期不符的 {len(listed.contradictions):,} 行没有计入（AL-117）")
    if listed.waiting.unread:
        notes.append(f"轮候号、家庭编号、日期或状态读不出的 {listed.waiting.unread:,} 行没有计入")
    empty = [model.SHEET.name for model in WAITLIST_MODELS if not loaded.has(model)]
    if empty:
        notes.append(f"这些表没有数据，相应的核对没有做：{'、'.join(empty)}")
    return notes


def _references(as_of: dt.date, overrides: Mapping[str, Any] | None) -> tuple[str, ...]:
    codes = ("priority_groups", "layout_by_size", "max_waiting_years", "ban_years")
    named = (*(f"allocation.{code}" for code in codes), POINTS_CODE)
    return tuple(policy.basis(code, as_of, overrides) for code in named)


def _facts(
    listed: RankedList, places: Sequence[Place], lists: Sequence[Table], movement: Movement
) -> dict[str, Any]:
    total = movement.total
    return {
        "waiting": len(listed.places),
        "listed": sum(len(table.rows) for table in lists),
        "people": sum(listed.home_value(place.home, "size") or 0 for place in listed.places),
        "barred": sum(is_barred(place) for place in places),
        "flagged": sum(bool(place.faults) for place in places),
        "points_used": listed.formula.is_used,
        "opening": total.opening.households,
        "approved": total.approved.households,
        "housed": total.housed.households,
        "housed_people": total.housed.people,
        "abandoned": total.abandoned.households,
        "disqualified": total.disqualified.households,
        "closing": total.closing.households,
        "proved": movement.is_proved,
        "proof": proof_text(movement),
    }
