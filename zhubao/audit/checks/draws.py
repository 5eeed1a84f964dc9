"""Draws: announced when, drawn again why, who took part and in which group (AU-701 to AU-706)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhubao.allocation.draw.facts import split_names
from zhubao.allocation.entitlement import group_order
from zhubao.allocation.event.admission import Deadline
from zhubao.allocation.event.entrants import group_of
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.draws import (
    Draw,
    Entrants,
    all_draws,
    draws,
    entrant_subject,
    entrants,
)
from zhubao.audit.indexes.frozen_draws import frozen_draws
from zhubao.audit.indexes.sequence import misplaced
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawResult,
    RosterEntry,
    RosterStatus,
)
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.tenants import WaitingEntry

_RULES = "《公共租赁住房管理办法》"
_OPEN = f"{_RULES}第十一条至第十四条：配租的方法、过程和结果公开"
_APPROVERS = 2


@audit_check(
    "AU-701",
    "没有公布就摇号，或先摇号后公布",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "活动 {event} 第 {draw} 次摇号在 {drawn}，{what}",
    "查公布的记录；确实没有先冻结、先公布的，结果的公正性存疑，报监督部门决定是否重摇",
    basis=f"{_OPEN}；摇号惯例：名册、房源和规则先公布，随机数后产生",
    needs=(DrawEvent,),
    bad="2020-02-09 09:30 摇号，2020-02-10 才公布名册",
    good="2020-02-08 公布，2020-02-09 摇号",
)
def drawn_before_publication(facts: Facts) -> Iterator[Hit]:
    """No 公布时间, or drawn before it, or before the freeze (the same moment is in order)."""
    table = facts.loaded.get(DrawEvent)
    for one in facts.once(all_draws):
        row, told = one.row, []
        for name, header in (("frozen_at", "冻结时间"), ("published_at", "公布时间")):
            moment: dt.datetime | None = getattr(row, name)
            if one.index in table.bad.get(name, ()):
                continue
            if moment is None and name == "published_at":
                told.append((name, f"没有{header}"))
            elif moment is not None and row.drawn_at is not None and moment > row.drawn_at:
                told.append((name, f"{header}是 {_spoken(moment)}"))
        if told:
            words = {"event": row.event_no, "draw": row.draw_no, "drawn": _spoken(row.drawn_at)}
            yield Hit(
                (*(table.cell(one.index, name) for name, _ in told), _drawn_cell(facts, one.index)),
                {**words, "what": "，".join(said for _, said in told)},
                key=(row.event_no, str(row.draw_no)),
            )


@audit_check(
    "AU-702",
    "重摇没有原因或批准人不足两名",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "活动 {event} 第 {draw} 次摇号是重摇，{what}",
    "补充重摇的原因和批准文件；没有批准的，以前次结果为准并报监督部门",
    basis=f"{_OPEN}；摇号惯例：重摇须有原因和两名批准人，前次结果保留",
    needs=(DrawEvent,),
    bad="第 2 次摇号，重摇原因空着",
    good="第 2 次摇号写明原因，批准人“张三、李四”",
)
def redrawn_without_approval(facts: Facts) -> Iterator[Hit]:
    """A re-draw without 重摇原因 or two different 重摇批准人, or whose earlier draw is gone."""
    table = facts.loaded.get(DrawEvent)
    held = {(one.row.event_no, one.row.draw_no) for one in facts.once(all_draws)}
    for one in facts.once(all_draws):
        row = one.row
        if row.draw_no == 1:
            continue
        told = [] if (row.redraw_reason or "").strip() else ["没有写原因"]
        count = len(split_names([row.redraw_approvers or ""]))
        told += [] if count >= _APPROVERS else [f"批准人 {count} 名"]
        told += [] if (row.event_no, row.draw_no - 1) in held else ["前一次摇号的记录没有了"]
        if told:
            names = ("redraw_reason", "redraw_approvers", "draw_no")
            yield Hit(
                tuple(table.cell(one.index, name) for name in names),
                {"event": row.event_no, "draw": row.draw_no, "what": "，".join(told)},
                key=(row.event_no, str(row.draw_no)),
            )


@audit_check(
    "AU-703",
    "不在名册上的家庭进了摇号结果",
    Family.ALLOCATION,
    IssueKind.FRAUD,
    Severity.ERROR,
    "活动 {event} 的结果第 {rank} 名{who}{what}",
    "调阅冻结的名册：名册里没有的取消结果并查清怎么加进来的；编号抄错的改正",
    basis=f"{_RULES}第十一条至第十四条；审计惯例：结果与冻结名册逐户核对",
    needs=(DrawEvent, DrawResult),
    bad="摇号结果里的参摇编号，名册里没有",
    good="结果里的每一户都在已冻结的名册里",
)
def drawn_without_being_on_the_roster(facts: Facts) -> Iterator[Hit]:
    """Not on the frozen roster (where its texts are at hand), or no row 已冻结 in 摇号名册.

    Also a result that names another household than the roster does.
    """
    table, frozen = facts.loaded.get(DrawResult), facts.once(frozen_draws)
    known = facts.once(entrants)
    ranks, numbers, receipts = (table.column(n) for n in ("rank", "entrant_no", "receipt_no"))
    for number, draw in facts.once(draws).items():
        kept = frozen.get(number)
        for row in draw.results:
            entrant = numbers[row]
            what = _roster_fault(known, number, entrant, table.column("household_no")[row])
            if kept is not None and not kept.takes_part(entrant, receipts[row]):
                what = "不在冻结的名册里"
            if not what:
                continue
            yield Hit(
                (
                    table.cell(row, "entrant_no"),
                    table.cell(row, "outcome"),
                    *known.cells(number, entrant, "entrant_no", "status", "household_no"),
                ),
                {
                    "event": number,
                    "rank": ranks[row],
                    "who": known.label(number, entrant),
                    "what": what,
                },
                **entrant_subject(facts, draw.number, entrant),
                key=(number, str(draw.event.row.draw_no), entrant),
            )


def _roster_fault(known: Entrants, event: str, entrant: str, household: str | None) -> str:
    if not len(known.table):
        return ""
    if known.row(event, entrant) is None:
        return "在摇号名册里没有"
    status = known.field(event, entrant, "status")
    if status in (RosterStatus.REFUSED, RosterStatus.LATE):
        return f"在名册里是“{status.value}”"
    own = known.field(event, entrant, "household_no")
    return f"，家庭编号与名册不同（{household}，名册 {own}）" if _differ(own, household) else ""


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and one != other)


@audit_check(
    "AU-704",
    "优先组与普通组的名次颠倒",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "第 {rank} 名是{group}的{who}，第 {other_rank} 名是{other_group}的{other}（活动 {event}）",
    "核对名册的组序和摇号结果；确实排错的，按规定重摇或更正并公告",
    basis=f"{_RULES}第十五条：优先配租",
    needs=(DrawEvent, DrawResult, RosterEntry),
    bad="普通组的一户排第 1 名，优先组从第 2 名开始",
    good="各优先组依次在前，普通组在后",
)
def groups_out_of_order(facts: Facts) -> Iterator[Hit]:
    """Ranks should never go back from a later group to an earlier one.

    By 组序 of the roster, or, where some have none, by 优先类别 in the order of
    `allocation.priority_groups`. As few households as possible are named: the one that was put
    ahead, not those it was put ahead of. Those without a row in the roster are AU-703.
    """
    table, known = facts.loaded.get(DrawResult), facts.once(entrants)
    numbers, ranks = table.column("entrant_no"), table.column("rank")
    for number, draw in facts.once(draws).items():
        rows, orders = _group_orders(facts, draw)
        for one in misplaced(orders):
            row, against = rows[one.place], rows[one.against]
            entrant, other = numbers[row], numbers[against]
            words = {"event": number, "rank": ranks[row], "other_rank": ranks[against]}
            words |= {"who": known.label(number, entrant), "other": known.label(number, other)}
            words["group"] = _group_words(known, number, entrant)
            yield Hit(
                (
                    table.cell(row, "rank"),
                    table.cell(against, "rank"),
                    *known.cells(number, entrant, "group", "group_order"),
                ),
                {**words, "other_group": _group_words(known, number, other)},
                **entrant_subject(facts, draw.number, entrant),
                key=(number, str(draw.event.row.draw_no), entrant),
            )


def _group_orders(facts: Facts, draw: Draw) -> tuple[list[int], list[int]]:
    """The results by rank whose group is known, and the order of each; one scale for all."""
    known, numbers = facts.once(entrants), facts.loaded.get(DrawResult).column("entrant_no")
    rows = [row for row in draw.results if known.row(draw.number, numbers[row]) is not None]
    written = [known.field(draw.number, numbers[row], "group_order") for row in rows]
    if all(order is not None for order in written):
        return rows, written
    groups = [known.field(draw.number, numbers[row], "group") for row in rows]
    day = draw.at.date()
    return rows, [group_order(group_of(one) or None, day, facts.overrides) for one in groups]


def _group_words(known: Entrants, event: str, entrant: str) -> str:
    return group_of(known.field(event, entrant, "group")) or "普通组"


@audit_check(
    "AU-705",
    "逾期登记的家庭参加了摇号",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "活动 {event}：{who} {why}，名册状态是“{status}”",
    "核对登记的原始记录；确实逾期的取消本次结果，转入下一次",
    basis=f"{_RULES}第十一条至第十四条：登记配租意向；审计惯例：登记时间与截止日期核对",
    needs=(DrawEvent, RosterEntry),
    bad="登记 6 日截止，8 日登记的家庭名册状态是“已冻结”",
    good="截止以后登记的，名册状态是“逾期登记”",
)
def late_registration_took_part(facts: Facts) -> Iterator[Hit]:
    """已冻结 though registered after 登记截止日期 (that day is in time) or after the freeze."""
    table, held = facts.loaded.get(RosterEntry), facts.once(draws)
    events, moments = table.column("event_no"), table.column("registered_at")
    states, known = table.column("status"), facts.once(entrants)
    for row in table.usable("event_no", "entrant_no", "status", "registered_at"):
        draw = held.get(events[row])
        if draw is None or moments[row] is None or states[row] is not RosterStatus.FROZEN:
            continue
        event = draw.event.row
        deadline = Deadline(event.frozen_at or draw.at, event.registration_ends_on)
        why = deadline.late(table.row(row)) if _may_be_late(deadline, moments[row]) else ""
        if why:
            entrant = table.column("entrant_no")[row]
            yield Hit(
                (
                    table.cell(row, "registered_at"),
                    table.cell(row, "status"),
                    _event_cell(facts, draw, "registration_ends_on"),
                ),
                {
                    "event": draw.number,
                    "who": known.label(draw.number, entrant),
                    "why": why,
                    "status": states[row].value,
                },
                **entrant_subject(facts, draw.number, entrant),
                key=(draw.number, entrant),
            )


def _may_be_late(deadline: Deadline, at: dt.datetime) -> bool:
    after = deadline.ends_on is not None and at.date() > deadline.ends_on
    return after or at > deadline.frozen_at


@audit_check(
    "AU-706",
    "名册上的优先类别与轮候册不同",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "活动 {event}：{who} 在名册上是{group}，轮候册 {waiting} 是{registered}",
    "核对优先资格的证明：漏了优先的，下次补偿并说明；没有资格而优先的，取消结果",
    basis=f"{_RULES}第十五条：优先配租",
    needs=(DrawEvent, RosterEntry, WaitingEntry),
    bad="轮候册登记“孤老病残”，名册上优先类别空着",
    good="名册与轮候册的优先类别一致",
)
def priority_unlike_the_waiting_list(facts: Facts) -> Iterator[Hit]:
    """A frozen entrant of a public rental draw whose 优先类别 is not that of its waiting number."""
    table, waiting = facts.loaded.get(RosterEntry), facts.loaded.get(WaitingEntry)
    rows = {number: row for row, number in enumerate(waiting.column("waiting_no")) if number}
    groups, priority = table.column("group"), waiting.column("priority_group")
    held, known = facts.once(draws), facts.once(entrants)
    for row in table.usable("event_no", "entrant_no", "status", "group"):
        draw = held.get(table.column("event_no")[row])
        place = rows.get(table.column("waiting_no")[row] or "")
        frozen = table.column("status")[row] is RosterStatus.FROZEN
        if draw is None or place is None or not draw.is_rental or not frozen:
            continue
        ours, theirs = group_of(groups[row]), group_of(priority[place])
        if ours != theirs and place not in waiting.bad.get("priority_group", ()):
            entrant = table.column("entrant_no")[row]
            words = {"event": draw.number, "who": known.label(draw.number, entrant)}
            words |= {"group": ours or "普通组", "registered": theirs or "普通组"}
            yield Hit(
                (table.cell(row, "group"), waiting.cell(place, "priority_group")),
                {**words, "waiting": waiting.column("waiting_no")[place]},
                **entrant_subject(facts, draw.number, entrant),
                key=(draw.number, entrant),
            )


def _event_cell(facts: Facts, draw: Draw, name: str) -> Cell:
    return facts.loaded.get(DrawEvent).cell(draw.event.index, name)


def _drawn_cell(facts: Facts, index: int) -> Cell:
    return facts.loaded.get(DrawEvent).cell(index, "drawn_at")


def _spoken(moment: dt.datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "（没有时间）"
