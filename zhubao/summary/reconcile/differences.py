"""Numbers that look contradictory: why they differ by definition, with the numbers in between.

An explanation is given only when it leads from one number to the other without a remainder.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhubao.allocation.publication.allocations import REPORT_MODELS
from zhubao.allocation.publication.waiting_flow import Fate, Origin
from zhubao.core.finding import Cell
from zhubao.ledger.allocation import DrawEvent, UnitSelection
from zhubao.ledger.patrol import PatrolVisit
from zhubao.ledger.tenants import Lease, WaitingEntry
from zhubao.patrol.visits.needs import PLAN_MODELS
from zhubao.summary.reconcile import made
from zhubao.summary.reconcile.checks import Asked, Pair, Side, check
from zhubao.summary.reconcile.entrants import EntrantOrigin, entrants_by_origin, named


@check(
    "waiting.entrants",
    "本期第一场摇号的户数与期初轮候户数",
    needs=(UnitSelection, WaitingEntry),
    reads=REPORT_MODELS,
)
def entrants_and_waiting(asked: Asked) -> Pair | None:
    """Entrants of the first draw = on the list at the start - not in it + approved until it closed.

    An entrant approved after 登记截止日期 (without one, the day of the draw), or not on the list at
    all, is named; `ledgers_apart.entrants_were_listed` makes an open question of it.
    """
    opening, draw = asked.side("waiting.opening"), _first_draw(asked)
    if opening is None or draw is None:
        return None
    closes, event = draw.row.registration_ends_on or draw.day, draw.row.event_no
    groups = entrants_by_origin(asked.loaded, event, asked.scope.period.start, closes)
    old, new = len(groups[EntrantOrigin.OPENING]), len(groups[EntrantOrigin.APPROVED])
    total = sum(map(len, groups.values()))
    strange = (*groups[EntrantOrigin.LATE], *groups[EntrantOrigin.UNLISTED])
    words = (
        f"期初 {opening.number} 户中 {old} 户进入 {draw.day.month} 月 {draw.day.day} 日的"
        f"本期第一场摇号、{opening.number - old} 户没有参加；"
        f"期初以后、登记截止（{closes}）以前又批准 {new} 户参加"
    )
    words += f"；另有 {len(strange)} 户不应在名册里：{named(strange)}" if strange else ""
    cells = (draw.cell, *(one.cell for one in strange))
    roster = Side(f"本期第一场摇号（{event}）名册", total, cells)
    words += f"；合计 {total} 户。两个数的时点不同"
    return Pair(roster, opening, "户", words)


@check(
    "allocation.entrants",
    "配租户数与本期第一场摇号的户数",
    needs=(UnitSelection, WaitingEntry),
    reads=REPORT_MODELS,
)
def housed_and_entrants(asked: Asked) -> Pair | None:
    """Housed in all draws against the entrants of the first one."""
    housed, first = asked.side("allocation.households"), _first_draw(asked)
    if housed is None or not housed.number or first is None:
        return None
    event, cell = first.row.event_no, first.cell
    allocations = asked.once(made.allocations)
    entrants = next((one.entrants for one in allocations.events if one.row.event_no == event), 0)
    by_event = [one for one in allocations.events if one.is_allocation and one.allocated]
    own = sum(len(one.allocated) for one in by_event if one.row.event_no == event)
    words = ""
    if sum(len(one.allocated) for one in by_event) == housed.number:
        words = (
            f"本期第一场摇号的 {entrants} 户中签约 {own} 户，其余没有中签或放弃；"
            f"同期其他 {len(by_event) - bool(own)} 场又签约 {housed.number - own} 户。"
            "一个是参加一场的户数，一个是期间内全部签约的户数"
        )
    return Pair(housed, Side(f"本期第一场摇号（{event}）名册", entrants, (cell,)), "户", words)


@check(
    "allocation.opening",
    "配租户数与期初轮候户数",
    needs=(UnitSelection, WaitingEntry),
    reads=REPORT_MODELS,
)
def housed_and_waiting(asked: Asked) -> Pair | None:
    """Housed = of those on the list at the start + of those approved in the period."""
    housed, opening = asked.side("allocation.households"), asked.side("waiting.opening")
    if housed is None or not housed.number or opening is None:
        return None
    flow = asked.once(made.waiting)
    old = flow.count([Origin.OPENING], [Fate.HOUSED])
    new = flow.count(fates=[Fate.HOUSED]) - old
    words = ""
    if old + new == housed.number:
        words = (
            f"配租的 {housed.number} 户中，期初在册的 {old} 户，期间内新批准的 {new} 户；"
            f"期初在册的另有 {opening.number - old} 户退出或仍在轮候"
        )
    return Pair(housed, opening, "户", words)


@check(
    "patrol.homes",
    "巡查户数与巡查到的在租户数",
    needs=(PatrolVisit, Lease),
    reads=PLAN_MODELS,
)
def visited_and_at_home(asked: Asked) -> Pair | None:
    """Households visited ≥ those of them that have a home at the end of the period."""
    visited, at_home = asked.side("patrol.households"), asked.side("patrol.coverage")
    if visited is None or at_home is None:
        return None
    gone = visited.number - at_home.number
    words = f"巡查过的家庭中有 {gone} 户期末已经不在租，不计入覆盖率" if gone > 0 else ""
    return Pair(visited, Side("其中期末在租的家庭", at_home.number, at_home.cells), "户", words)


@dataclass(frozen=True, slots=True)
class _Draw:
    """A draw that was held, its day, and the cell of its number."""

    row: DrawEvent
    day: dt.date
    cell: Cell


def _first_draw(asked: Asked) -> _Draw | None:
    """The first draw for public rental units held in the period."""
    allocations = asked.once(made.allocations)
    held = [one for one in allocations.events if one.was_drawn and one.is_allocation]
    for one in held:
        if one.row.drawn_at and one.row.drawn_at.date() == allocations.first_draw:
            return _Draw(one.row, allocations.first_draw, one.sources[0])
    return None
