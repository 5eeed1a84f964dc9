"""Numbers that look contradictory: why they differ by definition, with the numbers in between.

An explanation is given only when it leads from one number to the other without a remainder.
"""

from __future__ import annotations

import datetime as dt

from zhubao.allocation.publication.allocations import REPORT_MODELS
from zhubao.allocation.publication.waiting_flow import Fate, Origin
from zhubao.core.finding import Cell
from zhubao.core.money import format_yuan
from zhubao.ledger.allocation import UnitSelection
from zhubao.ledger.arrears import Charge, Receipt, Remittance
from zhubao.ledger.patrol import PatrolVisit
from zhubao.ledger.tenants import Lease, WaitingEntry
from zhubao.ledger.units import Ownership
from zhubao.patrol.visits.needs import PLAN_MODELS
from zhubao.rent.monthly.remit import REMIT_MODELS, OwnerLine
from zhubao.rent.needs import ARREARS_MODELS
from zhubao.summary.reconcile import made
from zhubao.summary.reconcile.checks import Asked, Pair, Side, check


@check(
    "rent.remitted",
    "市级租金汇缴与租金收缴",
    needs=(Receipt, Remittance),
    reads=REMIT_MODELS,
)
def remitted_and_received(asked: Asked) -> Pair | None:
    """Remitted = received - of other owners - not yet remitted - remitted later + other periods."""
    remitted, received = asked.side("rent.remitted_city"), asked.side("rent.received")
    if remitted is None or received is None or not (remitted.number or received.number):
        return None
    lines = asked.once(made.remitted).lines
    city = next((one for one in lines if one.owner == Ownership.CITY), None)
    other = sum(one.received for one in lines if one.owner != Ownership.CITY)
    closes = city is not None and received.number - other - _kept(city) + city.other_paid == (
        remitted.number
    )
    words = _remittance_words(city, other) if city is not None and closes else ""
    return Pair(remitted, received, "元", words)


@check(
    "rent.settled",
    "租金收缴与当期应收的收缴",
    needs=(Receipt, Charge),
    reads=(*ARREARS_MODELS, *REMIT_MODELS),
)
def received_and_settled(asked: Asked) -> Pair | None:
    """Received = paid for the period's charges + for older debts + what prepayments grew by."""
    received, current = asked.side("rent.received"), asked.side("rent.collection_current")
    if received is None or current is None or not (received.number or current.number):
        return None
    figures = asked.once(made.rent).figures
    old, credit = int(figures.old_received.sum()), int(figures.credit.sum())
    before = int((figures.opening_debt - figures.opening).sum())
    words = ""
    if received.number == current.number + old + credit - before:
        words = (
            f"租金收缴按收款日期，不分缴的是哪个月；其中抵当期应收 {_yuan(current.number)}，"
            f"抵期初欠租 {_yuan(old)}，预缴余额{_grown(credit - before)}"
        )
    return Pair(received, current, "元", words)


@check(
    "waiting.entrants",
    "首次摇号的户数与期初轮候户数",
    needs=(UnitSelection, WaitingEntry),
    reads=REPORT_MODELS,
)
def entrants_and_waiting(asked: Asked) -> Pair | None:
    """Entrants of the first draw = on the list at the start - not in it + approved before it."""
    opening, first = asked.side("waiting.opening"), _first_draw(asked)
    if opening is None or first is None:
        return None
    flow = asked.once(made.waiting)
    event, day, cell = first
    origins = flow.entrants.get(event)
    if origins is None:
        return None
    old, total = origins[Origin.OPENING], sum(origins.values())
    unlisted, new = origins[None], total - old - origins[None]
    words = ""
    if not unlisted:
        words = (
            f"期初 {opening.number} 户中 {old} 户进入 {day.month} 月 {day.day} 日的首次摇号、"
            f"{opening.number - old} 户没有参加；期初以后、摇号以前又批准 {new} 户参加，"
            f"合计 {total} 户。两个数的时点不同"
        )
    return Pair(Side(f"首次摇号（{event}）名册", total, (cell,)), opening, "户", words)


@check(
    "allocation.entrants",
    "配租户数与首次摇号的户数",
    needs=(UnitSelection, WaitingEntry),
    reads=REPORT_MODELS,
)
def housed_and_entrants(asked: Asked) -> Pair | None:
    """Housed in all draws against the entrants of the first one."""
    housed, first = asked.side("allocation.households"), _first_draw(asked)
    if housed is None or not housed.number or first is None:
        return None
    event, _, cell = first
    allocations = asked.once(made.allocations)
    entrants = next((one.entrants for one in allocations.events if one.row.event_no == event), 0)
    by_event = [one for one in allocations.events if one.is_allocation and one.allocated]
    own = sum(len(one.allocated) for one in by_event if one.row.event_no == event)
    words = ""
    if sum(len(one.allocated) for one in by_event) == housed.number:
        words = (
            f"首次摇号的 {entrants} 户中签约 {own} 户，其余没有中签或放弃；"
            f"同期其他 {len(by_event) - bool(own)} 场又签约 {housed.number - own} 户。"
            "一个是参加一场的户数，一个是期间内全部签约的户数"
        )
    return Pair(housed, Side(f"首次摇号（{event}）名册", entrants, (cell,)), "户", words)


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


def _kept(city: OwnerLine) -> int:
    """Of the period's receipts what was not paid on within it."""
    return city.received - city.own_paid


def _remittance_words(city: OwnerLine, other: int) -> str:
    later = city.own - city.own_paid
    parts = [f"减其他产权 {_yuan(other)}"] if other else []
    parts += [f"减所属本期、尚未汇缴 {_yuan(city.received - city.own)}"]
    parts += [f"减所属本期、期后汇缴 {_yuan(later)}"] if later else []
    parts += [f"加所属其他期间、本期汇缴 {_yuan(city.other_paid)}"] if city.other_paid else []
    return (
        "收缴是全部产权、按收款日期，汇缴只是市级产权、按汇缴日期，可以是以前期间的租金："
        f"由收缴{'，'.join(parts)}，得汇缴数"
    )


def _first_draw(asked: Asked) -> tuple[str, dt.date, Cell] | None:
    """The first draw for public rental units held in the period."""
    allocations = asked.once(made.allocations)
    held = [one for one in allocations.events if one.was_drawn and one.is_allocation]
    for one in held:
        if one.row.drawn_at and one.row.drawn_at.date() == allocations.first_draw:
            return one.row.event_no, allocations.first_draw, one.sources[0]
    return None


def _yuan(fen: int) -> str:
    return f"{format_yuan(fen)} 元"


def _grown(fen: int) -> str:
    return f"{'增加' if fen >= 0 else '减少'} {_yuan(abs(fen))}"
