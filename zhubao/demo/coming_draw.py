"""The draw that is being prepared at the end of the period, and the register of staff and kin."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhubao.demo.draw_rows import entrant_row
from zhubao.demo.people import Person
from zhubao.demo.tenancy import Town
from zhubao.demo.waiting_list import Entry, WaitingList

Row = dict[str, Any]
_DAY = dt.timedelta(days=1)
_STAFF = (("综合科", "本人"), ("配租科", "配偶"), ("配租科", "子女"), ("租赁科", "父母"))


@dataclass(slots=True)
class ComingDraw:
    """Everybody who still waits has registered; units stand empty in `estate`."""

    no: str
    estate: str
    ends_on: dt.date  # registration
    entries: list[Entry]


def coming_draw(town: Town, waiting: WaitingList) -> ComingDraw | None:
    """The draw of the month after the period; None where nobody waits or nothing is vacant."""
    empty = Counter(unit.plan.name for unit in town.units if unit.status == "空置")
    entries = [entry for entry in waiting.entries if entry.status == "轮候中"]
    if not empty or not entries:
        return None
    estate = min(empty, key=lambda name: (-empty[name], name))
    month = town.plan.end.plus(1).first_day
    return ComingDraw(f"YH{month:%Y%m}", estate, town.plan.as_of, entries)


def event_row(draw: ComingDraw) -> Row:
    """The row of 摇号活动, as a clerk prepares it."""
    when = dt.datetime.combine(draw.ends_on + 10 * _DAY, dt.time(9, 30))
    return {
        "event_no": draw.no,
        "draw_no": 1,
        "name": f"{draw.estate}空置房源摇号配租",
        "purpose": "公租房配租",
        "mode": "选房顺序",
        "estate": draw.estate,
        "registration_ends_on": draw.ends_on,
        "planned_at": when,
        "place": "区政务中心报告厅",
        "entropy_sources": "现场摇球=6x2；公证员报号=1x4",
        "status": "筹备",
    }


def roster_rows(draw: ComingDraw) -> Iterator[Row]:
    """Rows of 摇号名册, by waiting number; the last one came a day too late."""
    ordered = sorted(draw.entries, key=lambda entry: entry.no)
    for number, entry in enumerate(ordered):
        late = number == len(ordered) - 1 and number > 0
        day = draw.ends_on + _DAY if late else max(entry.approved_on, draw.ends_on - 12 * _DAY)
        when = dt.datetime.combine(day, dt.time(9 + number % 8, number * 7 % 60))
        yield {
            **entrant_row(draw.no, draw.estate, entry),
            "registered_at": when,
            "status": "已登记",
        }


def related_rows(town: Town, draw: ComingDraw | None) -> Iterator[Row]:
    """Rows of 利害关系人: invented staff and kin; one of the kin belongs to an entrant's family."""
    people = town.people.apart("staff")
    for department, relation in _STAFF:
        staff, kin = people.family(2)
        person = staff if relation == "本人" else kin
        yield _related(person, staff.name, relation, department, town.plan.start.first_day)
    families = sorted(draw.entries, key=lambda entry: entry.no) if draw else []
    family = next((entry.home.people for entry in families if len(entry.home.people) > 2), None)
    if family:
        staff = people.family(1)[0]
        yield _related(family[1], staff.name, "兄弟姐妹", "租赁科", town.plan.start.first_day)


def _related(person: Person, staff: str, relation: str, department: str, day: dt.date) -> Row:
    return {
        "identity_no": person.identity_no,
        "name": person.name,
        "staff": staff,
        "relation": relation,
        "department": department,
        "declared_on": day,
    }
