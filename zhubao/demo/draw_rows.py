"""Rows of allocation.xlsx: the draws, their batches, rosters, results and choices of units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zhubao.demo.waiting_list import Draw, Entry, WaitingList

Row = dict[str, Any]


def draw_rows(waiting: WaitingList) -> Iterator[tuple[Row, Draw]]:
    """Rows of 摇号活动 with their draws."""
    for draw in waiting.draws:
        when = dt.datetime.combine(draw.day, dt.time(9, 30))
        yield (
            {
                "event_no": draw.no,
                "draw_no": 1,
                "name": draw.name,
                "purpose": "公租房配租",
                "mode": "选房顺序",
                "estate": draw.estate or None,
                "registration_ends_on": draw.registration_ends_on,
                "planned_at": when,
                "place": "区政务中心报告厅",
                "frozen_at": when - dt.timedelta(days=2),
                "roster_count": len(draw.ranked),
                "unit_count": draw.supply,
                "published_at": when - dt.timedelta(days=1),
                "published_where": "区政府门户网站、各社区公示栏",
                "witnesses": "公证员、居民代表、媒体代表",
                "drawn_at": when,
                "status": "已结束",
            },
            draw,
        )


def roster_rows(draw: Draw) -> Iterator[Row]:
    """Rows of 摇号名册, by household."""
    for entry in sorted(draw.ranked, key=lambda entry: entry.no):
        yield {
            **entrant_row(draw.no, draw.estate, entry),
            "group_order": 1 if entry.priority else 2,
            "points": Decimal(60 + len(entry.home.people) * 5),
            "registered_at": dt.datetime.combine(
                draw.day - dt.timedelta(days=4), dt.time(9 + len(entry.home.people) % 7)
            ),
            "status": "已冻结",
        }


def entrant_row(event_no: str, estate: str, entry: Entry) -> Row:
    """What a roster says of a household in every draw."""
    head = entry.home.people[0]
    return {
        "event_no": event_no,
        "entrant_no": f"{event_no}-{entry.no}",
        "household_no": entry.home.no,
        "waiting_no": entry.no,
        "applicant": head.name,
        "identity_no": head.identity_no,
        "size": len(entry.home.people),
        "category": entry.home.tier,
        "group": entry.priority,
        "estate": estate or None,
        "layout": entry.layout,
    }


def result_rows(draw: Draw) -> Iterator[Row]:
    """Rows of 摇号结果, by rank."""
    for rank, entry in enumerate(draw.ranked, 1):
        selected = rank <= draw.supply
        yield {
            "event_no": draw.no,
            "draw_no": 1,
            "entrant_no": entrant_no(draw, entry),
            "household_no": entry.home.no,
            "group": entry.priority,
            "layout": entry.layout,
            "rank": rank,
            "outcome": "中签" if selected else "递补",
            "reserve_rank": None if selected else rank - draw.supply,
            "batch_no": f"{draw.no}-{draw.batch(rank)}" if selected else None,
        }


def selection_rows(draw: Draw) -> Iterator[Row]:
    """Rows of 选房: a choice or an abandonment by everybody who was drawn."""
    winning = {id(entry) for entry in draw.winners}
    for rank, entry in enumerate(draw.ranked[: draw.supply], 1):
        chose = id(entry) in winning
        lease = entry.home.leases[0] if chose else None
        day = draw.day + dt.timedelta(days=draw.batch(rank))
        minutes = (rank - 1) % draw.batch_size * 180 // draw.batch_size
        yield {
            "selection_no": f"XF{draw.no[2:]}{rank:05d}",
            "event_no": draw.no,
            "entrant_no": entrant_no(draw, entry),
            "household_no": entry.home.no,
            "batch_no": f"{draw.no}-{draw.batch(rank)}",
            "order": rank,
            "action": "选定" if chose else "放弃",
            "unit_no": lease.unit.no if lease else None,
            "selected_at": dt.datetime.combine(day, dt.time(9)) + dt.timedelta(minutes=minutes),
            "people": len(entry.home.people) if chose else None,
            "abandon_reason": None if chose else "对位置或户型不满意",
            "lease_no": lease.no if lease else None,
            "signed_on": lease.signed_on if lease else None,
            "handed_over_on": lease.starts_on if lease else None,
        }


def batch_rows(draw: Draw) -> Iterator[Row]:
    """Rows of 批次: each batch signs in at half past eight and chooses until noon."""
    for batch in range(1, draw.batch(draw.supply) + 1):
        day = draw.day + dt.timedelta(days=batch)
        first, last = (batch - 1) * draw.batch_size + 1, min(batch * draw.batch_size, draw.supply)
        slots = (("签到", dt.time(8, 30), dt.time(9)), ("选房", dt.time(9), dt.time(12)))
        for stage, start, end in slots:
            yield {
                "batch_no": f"{draw.no}-{batch}",
                "stage": stage,
                "event_no": draw.no,
                "first_order": first,
                "last_order": last,
                "starts_at": dt.datetime.combine(day, start),
                "ends_at": dt.datetime.combine(day, end),
                "place": "区政务中心",
                "room": f"{batch % 3 + 1}号厅",
                "capacity": last - first + 1,
                "is_accessible": batch == 1,
            }


def entrant_no(draw: Draw, entry: Entry) -> str:
    """The number of an entrant within a draw: the event and the waiting number."""
    return f"{draw.no}-{entry.no}"
