"""The waiting list and the draws that shorten it: rows of 轮候册 and of allocation.xlsx."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhubao.demo.estates import ONE_ROOM, TWO_ROOMS
from zhubao.demo.streams import day_between, stream
from zhubao.demo.tenancy import Home, Town

Row = dict[str, Any]
_PRIORITY = "孤老病残"


@dataclass(slots=True)
class Entry:
    """One registration on the waiting list."""

    no: str
    home: Home
    approved_on: dt.date
    status: str = "轮候中"
    closed_on: dt.date | None = None

    @property
    def priority(self) -> str | None:
        """Elderly, ill and disabled applicants come first."""
        return _PRIORITY if self.home.hardship else None

    @property
    def layout(self) -> str:
        """The unit type that fits the household."""
        return ONE_ROOM if len(self.home.people) <= 2 else TWO_ROOMS


@dataclass(slots=True)
class Draw:
    """One event: who chose a unit, and how many units there were."""

    no: str
    name: str
    estate: str
    day: dt.date
    winners: list[Entry]
    supply: int
    ranked: list[Entry] = field(default_factory=list)

    @property
    def batch_size(self) -> int:
        """Households per batch: a hundred, or more so that three days are enough."""
        return max(100, -(-self.supply // 3))

    def batch(self, rank: int) -> int:
        """The batch in which a rank has its turn, from 1."""
        return (rank - 1) // self.batch_size + 1


class WaitingList:
    """Registrations in the order: first draw, dropped, later draws, dropped, still waiting."""

    def __init__(self, town: Town) -> None:
        self._town, self._plan = town, town.plan
        self._rng = stream(town.plan.seed, "waiting")
        groups = _groups(town)
        self.first_day = _first_draw_day(town, groups[0])
        self.entries = self._register(groups)
        self.draws = self._draw(groups)

    def rows(self) -> list[Row]:
        """Rows of 轮候册, by date of approval."""
        ordered = sorted(self.entries, key=lambda entry: (entry.approved_on, entry.home.no))
        for number, entry in enumerate(ordered, 1):
            entry.no = f"LH{number:05d}"
        return [
            {
                "waiting_no": entry.no,
                "household_no": entry.home.no,
                "category": "低收入" if entry.home.tier in ("低保", "特困") else entry.home.tier,
                "priority_group": entry.priority,
                "approved_on": entry.approved_on,
                "desired_layout": entry.layout,
                "status": entry.status,
                "closed_on": entry.closed_on,
            }
            for entry in ordered
        ]

    def _register(self, groups: list[list[Home]]) -> list[Entry]:
        sizes = self._plan.waiting
        first, *later = groups
        waiting = sizes.total - sizes.dropped - self._plan.allocated
        homes = [
            *first,
            *(self._applicant("dropped") for _ in range(sizes.dropped_early)),
            *(home for group in later for home in group),
            *(self._applicant("dropped") for _ in range(sizes.dropped_later)),
            *(self._applicant("waiting") for _ in range(waiting)),
        ]
        entries = [Entry("", home, self._approval_day(i, home)) for i, home in enumerate(homes)]
        early = entries[len(first) : len(first) + sizes.dropped_early]
        for entry in entries:
            entry.home.approved_on = entry.approved_on
            if entry.home.role == "dropped":
                self._drop(entry, early=entry in early)
            elif entry.home.role == "allocated":
                entry.status, entry.closed_on = "已配租", entry.home.lease.signed_on
        return entries

    def _approval_day(self, position: int, home: Home) -> dt.date:
        plan, rng, day = self._plan, self._rng, dt.timedelta(days=1)
        start = plan.start.first_day
        if position < plan.waiting.opening:
            return day_between(rng, start - day * 800, start - day * 25)
        if position < plan.waiting.opening + plan.waiting.early:
            return day_between(rng, start, self.first_day - day * 8)
        latest = home.lease.signed_on - day * 14 if home.leases else plan.as_of - day * 4
        return day_between(rng, self.first_day + day, max(self.first_day + day, latest))

    def _drop(self, entry: Entry, *, early: bool) -> None:
        plan, rng = self._plan, self._rng
        entry.status = rng.choice(("已放弃", "取消资格"))
        first = plan.start.first_day if early else self.first_day + dt.timedelta(days=5)
        last = self.first_day - dt.timedelta(days=2) if early else plan.as_of
        entry.closed_on = max(entry.approved_on, day_between(rng, first, max(first, last)))
        if entry.status == "取消资格":
            entry.home.exited_on, entry.home.exit_reason = entry.closed_on, "资格取消"

    def _applicant(self, role: str) -> Home:
        rng = self._rng
        size = rng.choices((1, 2, 3, 4), (4, 3, 3, 1))[0]
        return self._town.new_home(role, size, high=rng.random() < 0.3)

    def _draw(self, groups: list[list[Home]]) -> list[Draw]:
        by_home = {entry.home.no: entry for entry in self.entries}
        draws = []
        for number, homes in enumerate(groups, 1):
            if not homes:
                continue
            winners = [by_home[home.no] for home in homes]
            day = self.first_day
            if number > 1:
                day = min(home.lease.signed_on for home in homes) - dt.timedelta(days=6)
            estate = homes[0].lease.unit.plan.name if number < 3 else ""
            supply = len(winners) if number == 3 else _new_units(self._town, homes)
            name = f"{estate}公租房摇号选房" if estate else "腾退房源递补配租"
            draw = Draw(f"YH{day:%Y}{number:02d}", name, estate, day, winners, supply)
            draw.ranked = self._ranked(draw)
            draws.append(draw)
        return draws

    def _ranked(self, draw: Draw) -> list[Entry]:
        """Everybody approved and still waiting on the day; winners and those who decline first."""
        rng = self._rng
        winning = {id(entry) for entry in draw.winners}
        others = [
            entry
            for entry in self.entries
            if id(entry) not in winning
            and entry.approved_on < draw.day
            and (entry.closed_on is None or entry.closed_on >= draw.day)
        ]
        rng.shuffle(others)
        declining = max(0, draw.supply - len(draw.winners))
        front = draw.winners + others[:declining]
        rng.shuffle(front)
        front.sort(key=lambda entry: entry.priority is None)
        return front + others[declining:]


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
                "registration_ends_on": draw.day - dt.timedelta(days=3),
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
        head = entry.home.people[0]
        yield {
            "event_no": draw.no,
            "entrant_no": entrant_no(draw, entry),
            "household_no": entry.home.no,
            "waiting_no": entry.no,
            "applicant": head.name,
            "identity_no": head.identity_no,
            "size": len(entry.home.people),
            "category": entry.home.tier,
            "group": entry.priority,
            "group_order": 1 if entry.priority else 2,
            "estate": draw.estate or None,
            "layout": entry.layout,
            "points": Decimal(60 + len(entry.home.people) * 5),
            "registered_at": dt.datetime.combine(
                draw.day - dt.timedelta(days=4), dt.time(9 + len(entry.home.people) % 7)
            ),
            "status": "已冻结",
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
        lease = entry.home.lease if chose else None
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


def _groups(town: Town) -> list[list[Home]]:
    """Allocated households: first new estate, other new units, units that came free."""
    groups: list[list[Home]] = [[], [], []]
    housed = [home for home in town.homes if home.role == "allocated"]
    first = town.plan.estates[0].name
    for home in housed:
        unit = home.lease.unit
        groups[2 if not unit.is_new else int(unit.plan.name != first)].append(home)
    return groups


def _first_draw_day(town: Town, homes: list[Home]) -> dt.date:
    usual = town.plan.start.plus(1).first_day + dt.timedelta(days=8)
    signed = [home.lease.signed_on for home in homes] or [usual + dt.timedelta(days=9)]
    return min(usual, min(signed) - dt.timedelta(days=4))


def _new_units(town: Town, homes: list[Home]) -> int:
    names = {home.lease.unit.plan.name for home in homes}
    return sum(unit.is_new and unit.plan.name in names for unit in town.units)

