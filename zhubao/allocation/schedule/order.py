"""What the clerk asks for: days, time slots, rooms and stages, and whether they fit together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from zhubao.core.errors import UsageError
from zhubao.ledger.allocation import Stage


@dataclass(frozen=True, slots=True, order=True)
class SlotTime:
    """A time of day to choose in, the same on every day."""

    start: dt.time
    end: dt.time

    @property
    def text(self) -> str:
        """09:00-11:30."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Room:
    """A room and how many households it takes in one time slot."""

    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class StageRule:
    """A stage: minutes before (签到) or minutes or days after the choice, and its own place."""

    stage: Stage
    minutes: int = 0
    days: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleOrder:
    """Everything asked for. `days` None: as many as it takes; `place` "": the event's own."""

    first_day: dt.date
    days: int | None
    slots: tuple[SlotTime, ...]
    rooms: tuple[Room, ...]
    stages: tuple[StageRule, ...]
    place: str = ""
    accessible_rooms: frozenset[str] = frozenset()
    accessible_slots: frozenset[SlotTime] = frozenset()
    skip: frozenset[dt.date] = frozenset()
    any_day: bool = False
    reserve: int = 0
    responsible: str = ""

    @property
    def anchor(self) -> Stage:
        """The stage the time slots are for: 选房; where there is none, the first after 签到."""
        return next(rule.stage for rule in self.stages if rule.stage is not Stage.SIGN_IN)

    @property
    def sign_in(self) -> StageRule | None:
        """The stage before the slot, if there is one."""
        return next((rule for rule in self.stages if rule.stage is Stage.SIGN_IN), None)

    @property
    def has_access(self) -> bool:
        """True when some room or slot is accessible."""
        return bool(self.accessible_rooms or self.accessible_slots)

    def is_accessible(self, slot: SlotTime, room: Room) -> bool:
        """True when the room is, or the whole slot is."""
        return slot in self.accessible_slots or room.name in self.accessible_rooms


def check_order(order: ScheduleOrder) -> None:
    """UsageError for slots, rooms and stages that contradict each other."""
    if not order.slots:
        raise UsageError("没有写时段", advice="请写 --slots 09:00-11:30,14:00-17:00。")
    if not order.rooms:
        raise UsageError(
            "没有写场地", advice="请写 --rooms 1号厅:20,2号厅:20（每时段容纳的户数）。"
        )
    names = [room.name for room in order.rooms]
    if len(set(names)) < len(names):
        raise UsageError("有场地写了两次", advice="每个场地只写一次。")
    strange = sorted(order.accessible_rooms - set(names))
    strange += sorted(slot.text for slot in order.accessible_slots - set(order.slots))
    if strange:
        raise UsageError(
            f"无障碍的{'、'.join(strange)}不在场地和时段里",
            advice=f"场地：{'、'.join(names)}；时段：{'、'.join(s.text for s in order.slots)}。",
        )
    _check_slots(order)
    _check_stages(order)


def _check_slots(order: ScheduleOrder) -> None:
    """Slots in order of time, none in another, sign-in between them where it shares the room."""
    sign_in = order.sign_in
    lead = sign_in.minutes if sign_in and not sign_in.place else 0
    for earlier, later in pairwise(order.slots):
        gap = _minutes(later.start) - _minutes(earlier.end)
        if gap < 0:
            raise UsageError(
                f"时段 {earlier.text} 和 {later.text} 重叠，或没有按先后写", advice="请改 --slots。"
            )
        if gap < lead:
            raise UsageError(
                f"时段 {earlier.text} 和 {later.text} 之间只有 {gap} 分钟，不够签到的 {lead} 分钟",
                advice="请把时段隔开，缩短签到，或给签到另写地点，如 签到:30分@一楼大厅。",
            )
    if sign_in and _minutes(order.slots[0].start) < sign_in.minutes:
        raise UsageError("签到会早于当天零点", advice="请缩短签到，或推迟第一个时段。")


def _check_stages(order: ScheduleOrder) -> None:
    kinds = [rule.stage for rule in order.stages]
    if not [kind for kind in kinds if kind is not Stage.SIGN_IN]:
        raise UsageError("节点里没有选房、签约或交房", advice="请写 --stages 签到:30分,选房。")
    if kinds != sorted(set(kinds), key=list(Stage).index):
        raise UsageError("节点重复，或没有按先后写", advice="先后是：签到、选房、签约、交房。")
    for rule in order.stages:
        if rule.stage is Stage.SIGN_IN and (rule.days or not rule.minutes):
            raise UsageError("签到要写提前多少分钟", advice="如 签到:30分。")
        if rule.stage not in (Stage.SIGN_IN, order.anchor) and not rule.days + rule.minutes:
            raise UsageError(
                f"没有写{rule.stage.value}在{order.anchor.value}之后多久",
                advice=f"如 {rule.stage.value}:5天（工作日）或 {rule.stage.value}:30分。",
            )


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute
