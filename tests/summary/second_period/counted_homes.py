"""Supply, dispatch, units, allocation and the waiting list, counted by their definitions."""

from __future__ import annotations

import datetime as dt

from tests.summary.second_period.counting import Asked, Counted
from tests.summary.second_period.ledgers import Ledgers, Row, day, in_period, within

_CHANNELS = {
    "cooperation": "社会合作房",
    "group_purchase": "团购商品房",
    "price_capped": "限价商品房",
    "public_rental": "公租房",
}
_TYPES = {"affordable": "经适房", "commercial": "商品房", "public_rental": "公租房"}


def supply(books: Ledgers, asked: Asked) -> Counted:
    """套数 by 筹集日期; projects the city approved by the day; developers within their term."""
    batches = in_period(books.rows("房源筹集"), "筹集日期", asked.days)
    found: Counted = {"supply.raised": (_units(batches), None)}
    for name, channel in _CHANNELS.items():
        own = [row for row in batches if row["筹集渠道"] == channel]
        found[f"supply.raised.{name}"] = (_units(own), None)
    pipeline = 0
    for row in books.rows("筹建项目"):
        approved = day(row["市级批复日期"])
        if approved is not None and approved <= asked.day:
            pipeline += row["预计套数"]
    going = 0
    for row in books.rows("合作开发商"):
        start, end = day(row["合作开始日"]), day(row["合作截止日"])
        assert start is not None
        assert end is not None
        going += start <= asked.day <= end
    return found | {"supply.pipeline": (pipeline, None), "supply.cooperating": (going, None)}


def dispatch(books: Ledgers, asked: Asked) -> Counted:
    """套数 by 调配日期, whether or not given back since; what is only frozen has no day."""
    slips = in_period(books.rows("房源调配"), "调配日期", asked.days)
    found: Counted = {"dispatch.units": (_units(slips), None)}
    for name, housing in _TYPES.items():
        own = [row for row in slips if row["房源类型"] == housing]
        found[f"dispatch.units.{name}"] = (_units(own), None)
    return found


def _units(rows: list[Row]) -> int:
    return sum(row["套数"] for row in rows)


def units(books: Ledgers, asked: Asked) -> Counted:
    """Units by 交付日期; units let on the day out of those let, 在租 or 空置 and delivered."""
    let = {row["房源编号"] for row in books.rows("租赁合同") if is_let(row, asked.day)}
    delivered = occupied = lettable = 0
    for row in books.rows("房源"):
        on = day(row["交付日期"])
        delivered += within(row["交付日期"], asked.days)
        lived_in = row["房源编号"] in let
        ready = row["状态"] in ("在租", "空置") and (on is None or on <= asked.day)
        occupied += lived_in
        lettable += lived_in or ready
    return {"units.delivered": (delivered, None), "units.occupancy": (occupied, lettable)}


def is_let(lease: Row, on: dt.date) -> bool:
    """From 起租日期 to the day before 退租日期; past its term while 履行中, the tenant stays."""
    start, back, end = (day(lease[name]) for name in ("起租日期", "退租日期", "到期日期"))
    assert start is not None
    assert end is not None
    if start > on:
        return False
    if back is not None:
        return on < back
    if lease["合同状态"] == "已终止":
        return False
    return lease["合同状态"] == "履行中" or on <= end


def is_lived_in(lease: Row, on: dt.date, leases: list[Row]) -> bool:
    """As `is_let`, but 已到期 without 退租日期 the household stays.

    Until it takes another home, or the unit is let again.
    """
    if lease["合同状态"] != "已到期" or lease["退租日期"] is not None:
        return is_let(lease, on)
    start = day(lease["起租日期"])
    assert start is not None
    again = (
        day(row["起租日期"])
        for row in leases
        if row["房源编号"] == lease["房源编号"] or row["家庭编号"] == lease["家庭编号"]
    )
    return start <= on and not any(start < one <= on for one in again if one is not None)


def allocation(books: Ledgers, asked: Asked) -> Counted:
    """Choices that stand as 选定, by 签约日期; draws for homes taken are no allocations."""
    purpose = {row["活动编号"]: row["活动类型"] for row in books.rows("摇号活动")}
    sizes = {(row["活动编号"], row["参摇编号"]): row["家庭人口"] for row in books.rows("摇号名册")}
    households = people = 0
    for row in in_period(books.rows("选房"), "签约日期", asked.days):
        if row["选房情况"] != "选定" or purpose[row["活动编号"]] != "公租房配租":
            continue
        households += 1
        people += row["入住人数"] or sizes[row["活动编号"], row["参摇编号"]]
    return {"allocation.households": (households, None), "allocation.people": (people, None)}


def waiting(books: Ledgers, asked: Asked) -> Counted:
    """Registrations approved by the day and not closed by it, at both ends of the period."""
    eve = asked.days[0] - dt.timedelta(days=1)
    rows = books.rows("轮候册")
    opening, closing = (sum(_waits(row, on) for row in rows) for on in (eve, asked.day))
    return {"waiting.opening": (opening, None), "waiting.closing": (closing, None)}


def _waits(row: Row, on: dt.date) -> bool:
    approved, closed = day(row["批准日期"]), day(row["出册日期"])
    assert approved is not None
    return row["轮候状态"] != "待审核" and approved <= on and (closed is None or closed > on)
