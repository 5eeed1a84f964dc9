"""A draw for households whose homes are taken: they choose units of a redevelopment project.

They are no protected households, so their roster rows name no household and no waiting number,
and their choices are not counted as allocations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhubao.demo.estates import ONE_ROOM, TWO_ROOMS
from zhubao.demo.people import Person
from zhubao.demo.streams import stream
from zhubao.demo.tenancy import Town

Row = dict[str, Any]
_ESTATE = "星河佳苑"
_ENTRANTS = 46


@dataclass(slots=True)
class ResettlementDraw:
    """The event; families stand in the order of their numbers, `ranks` says who chooses when."""

    no: str
    drawn_at: dt.datetime
    families: list[list[Person]]
    ranks: list[int]


def resettlement_draw(town: Town) -> ResettlementDraw:
    """One event in the fourth month (in the last of a shorter period)."""
    plan = town.plan
    rng = stream(plan.seed, "resettlement")
    month = plan.months[min(3, len(plan.months) - 1)]
    families = [town.people.family(rng.choice((1, 2, 3, 3, 4))) for _ in range(_ENTRANTS)]
    ranks = list(range(1, _ENTRANTS + 1))
    rng.shuffle(ranks)
    drawn_at = dt.datetime(month.year, month.month, 10, 9, 30)
    return ResettlementDraw(f"ZS{month.year}01", drawn_at, families, ranks)


def event_row(draw: ResettlementDraw) -> Row:
    """The row of 摇号活动."""
    day = dt.timedelta(days=1)
    return {
        "event_no": draw.no,
        "draw_no": 1,
        "name": f"{_ESTATE}被征收户摇号选房",
        "purpose": "被征收户选房",
        "mode": "选房顺序",
        "estate": _ESTATE,
        "registration_ends_on": draw.drawn_at.date() - 3 * day,
        "planned_at": draw.drawn_at,
        "place": "外滩指挥部",
        "frozen_at": draw.drawn_at - 2 * day,
        "roster_count": len(draw.families),
        "unit_count": len(draw.families),
        "published_at": draw.drawn_at - day,
        "published_where": "项目现场公示栏",
        "witnesses": "公证员、被征收户代表",
        "drawn_at": draw.drawn_at,
        "status": "已结束",
    }


def roster_rows(draw: ResettlementDraw) -> Iterator[Row]:
    """Rows of 摇号名册."""
    for number, family in enumerate(draw.families, 1):
        yield {
            "event_no": draw.no,
            "entrant_no": f"{draw.no}-{number:03d}",
            "applicant": family[0].name,
            "identity_no": family[0].identity_no,
            "size": len(family),
            "category": "被征收户",
            "estate": _ESTATE,
            "layout": _layout(family),
            "registered_at": draw.drawn_at - dt.timedelta(days=4),
            "status": "已冻结",
        }


def result_rows(draw: ResettlementDraw) -> Iterator[Row]:
    """Rows of 摇号结果, by rank; there is a unit for everybody."""
    for rank, number in sorted(zip(draw.ranks, range(1, len(draw.ranks) + 1), strict=True)):
        yield {
            "event_no": draw.no,
            "draw_no": 1,
            "entrant_no": f"{draw.no}-{number:03d}",
            "layout": _layout(draw.families[number - 1]),
            "rank": rank,
            "outcome": "中签",
        }


def _layout(family: list[Person]) -> str:
    return ONE_ROOM if len(family) <= 2 else TWO_ROOMS
