"""Units of the invented estates: buildings, entrances, floors, rooms, areas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhubao.demo.blueprint import Blueprint, EstatePlan
from zhubao.demo.names import DISTRICT, NEIGHBOUR
from zhubao.demo.streams import stream

ONE_ROOM, TWO_ROOMS = "一室一厅", "两室一厅"
_ROOMS = (ONE_ROOM, TWO_ROOMS, ONE_ROOM, ONE_ROOM)  # by the last digit of the room number
_ENTRANCES = 3


@dataclass(slots=True)
class UnitDraft:
    """One unit; tenancy fills in its status."""

    no: str
    plan: EstatePlan
    building: str
    entrance: str
    floor: int
    room: str
    layout: str
    area_m2: Decimal
    has_lift: bool
    delivered_on: dt.date
    is_new: bool = False
    status: str = "空置"
    vacant_since: dt.date | None = None
    remark: str | None = None


def build_units(plan: Blueprint) -> list[UnitDraft]:
    """All lettable units, estate by estate."""
    return [unit for estate in plan.estates for unit in _estate_units(plan, estate)]


def unlettable_units(plan: Blueprint) -> list[UnitDraft]:
    """Units being fitted out, kept back or disposed of, numbered after the lettable ones."""
    estate = plan.estates[-1]
    units = _numbered(plan, estate, estate.units, sum(plan.counts.unlettable.values()))
    statuses = [status for status, count in plan.counts.unlettable.items() for _ in range(count)]
    for unit, status in zip(units, statuses, strict=True):
        unit.status = status
    return units


def _estate_units(plan: Blueprint, estate: EstatePlan) -> Iterator[UnitDraft]:
    units = _numbered(plan, estate, 0, estate.units)
    rng = stream(plan.seed, f"vacancies/{estate.code}")
    for index, unit in enumerate(units):
        unit.vacant_since = plan.start.first_day - dt.timedelta(days=rng.randint(10, 700))
        if index >= estate.old_units:
            unit.is_new = True
            unit.delivered_on = estate.new_on or plan.start.first_day
            unit.vacant_since = unit.delivered_on
        yield unit


def _numbered(plan: Blueprint, estate: EstatePlan, first: int, count: int) -> list[UnitDraft]:
    rng = stream(plan.seed, f"areas/{estate.code}")
    tweak = Decimal(rng.randint(0, 400)) / 100
    return [_unit(estate, index, tweak) for index in range(first, first + count)]


def _unit(estate: EstatePlan, index: int, tweak: Decimal) -> UnitDraft:
    rest, place = divmod(index, len(_ROOMS))
    rest, level = divmod(rest, estate.floors)
    building, entrance = divmod(rest, _ENTRANCES)
    room = f"{level + 1:02d}{place + 1:02d}"
    layout = _ROOMS[place]
    base = Decimal("36.50") if layout == ONE_ROOM else Decimal("52.40")
    return UnitDraft(
        no=f"{estate.code}-{building + 1:02d}-{entrance + 1}-{room}",
        plan=estate,
        building=f"{building + 1}栋",
        entrance=f"{entrance + 1}单元",
        floor=level + 1,
        room=room,
        layout=layout,
        area_m2=base + tweak + Decimal(place * 73) / 100,
        has_lift=estate.floors > 6,
        delivered_on=dt.date(estate.built, 3 + building % 9, 15),
    )


def unit_row(unit: UnitDraft) -> dict[str, object]:
    """The row of 房源."""
    vacant = unit.vacant_since if unit.status == "空置" else None
    return {
        "unit_no": unit.no,
        "estate": unit.plan.name,
        "building": unit.building,
        "entrance": unit.entrance,
        "floor": unit.floor,
        "room": unit.room,
        "location_district": NEIGHBOUR if unit.plan.outside else DISTRICT,
        "managing_district": DISTRICT,
        "ownership": "市级" if unit.plan.city_owned else "区级",
        "layout": unit.layout,
        "building_area_m2": unit.area_m2,
        "billed_area_m2": unit.area_m2,
        "location_grade": unit.plan.grade,
        "has_lift": unit.has_lift,
        "status": unit.status,
        "delivered_on": None if unit.status == "装修中" else unit.delivered_on,
        "vacant_since": vacant,
        "remark": unit.remark,
    }
