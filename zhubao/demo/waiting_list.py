"""The waiting list and the draws that shorten it: rows of 轮候册 and of allocation.xlsx."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from zhubao.demo.estates import ONE_ROOM, TWO_ROOMS
from zhubao.demo.homes import Home
from zhubao.demo.office_calendar import office_day_until
from zhubao.demo.streams import day_between, stream
from zhubao.demo.tenancy import Town

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
    def registration_ends_on(self) -> dt.date:
        """The last day of registration: only who is approved by then is on the roster."""
        return _registration_end(self.day)

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
        self._last_days = {
            home.no: _registration_end(_draw_day(homes)) for homes in groups[1:] for home in homes
        }
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
            if self._rng.random() < 0.12:
                entry.home.hardship = "重病"
            if entry.home.role == "dropped":
                self._drop(entry, early=entry in early)
            elif entry.home.role == "allocated":
                entry.status, entry.closed_on = "已配租", entry.home.leases[0].signed_on
        return entries

    def _approval_day(self, position: int, home: Home) -> dt.date:
        plan, rng, day = self._plan, self._rng, dt.timedelta(days=1)
        start = plan.start.first_day
        if position < plan.waiting.opening:
            return day_between(rng, start - day * 800, start - day * 25)
        if position < plan.waiting.opening + plan.waiting.early:
            first, last = start + day * 12, self.first_day - day * 8
            return office_day_until(day_between(rng, first, max(first, last)))
        latest = home.leases[0].signed_on - day * 14 if home.leases else plan.as_of - day * 4
        first = self.first_day + day * 4
        approved = day_between(rng, first, max(first, latest))
        return office_day_until(min(approved, self._last_days.get(home.no, approved)))

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
                day = _draw_day(homes)
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
            and entry.approved_on <= draw.registration_ends_on
            and (entry.closed_on is None or entry.closed_on >= draw.day)
        ]
        rng.shuffle(others)
        others.sort(key=lambda entry: entry.priority is None)
        declining = max(0, draw.supply - len(draw.winners))
        front = draw.winners + others[:declining]
        rng.shuffle(front)
        front.sort(key=lambda entry: entry.priority is None)
        rest = others[declining:]
        if any(entry.priority is None for entry in front):  # no priority household was passed over
            rest = [entry for entry in rest if entry.priority is None]
        return front + rest


def _groups(town: Town) -> list[list[Home]]:
    """Allocated households: first new estate, other new units, units that came free."""
    groups: list[list[Home]] = [[], [], []]
    housed = [home for home in town.homes if home.role == "allocated"]
    first = town.plan.estates[0].name
    for home in housed:
        unit = home.leases[0].unit
        groups[2 if not unit.is_new else int(unit.plan.name != first)].append(home)
    return groups


def _draw_day(homes: list[Home]) -> dt.date:
    """Six days before the first of them signs."""
    return min(home.leases[0].signed_on for home in homes) - dt.timedelta(days=6)


def _registration_end(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=3)


def _first_draw_day(town: Town, homes: list[Home]) -> dt.date:
    usual = town.plan.start.plus(1).first_day + dt.timedelta(days=8)
    signed = [home.leases[0].signed_on for home in homes] or [usual + dt.timedelta(days=9)]
    return min(usual, min(signed) - dt.timedelta(days=4))


def _new_units(town: Town, homes: list[Home]) -> int:
    names = {home.leases[0].unit.plan.name for home in homes}
    return sum(unit.is_new and unit.plan.name in names for unit in town.units)
