"""Reads what the clerk wants, from options and a plan file: 09:00-11:30, 1号厅:20, 签约:5天."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from zhubao import policy
from zhubao.allocation.schedule.order import (
    Room,
    ScheduleOrder,
    SlotTime,
    StageRule,
    check_order,
)
from zhubao.core.errors import UsageError
from zhubao.ledger.allocation import DrawEvent, DrawMode, Stage

KEYS = (
    "from", "days", "slots", "rooms", "place", "stages", "accessible_rooms", "accessible_slots",
    "skip", "any_day", "reserve", "responsible",
)  # fmt: skip
_SEPARATORS = re.compile(r"[,，、;；\n]+")
_SLOT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～至到]\s*(\d{1,2}):(\d{2})")
_ROOM = re.compile(r"(.+?)\s*[:=]\s*(\d+)\s*户?")
_STAGE = re.compile(
    r"(签到|选房|签约|交房)\s*(?:[:+-]?\s*(\d+)\s*(分钟?|天|个?工作日))?\s*(?:@(.+))?"
)
_DATE = re.compile(r"(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?")
_DEFAULT_LEAD = 30  # minutes; 签到 without a number


def make_order(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> ScheduleOrder:
    """The order that options and plan say; texts parted by commas, or lists.

    `defaults` fills in what `values` lacks. UsageError for an unknown key, a value that is not
    understood, slots that overlap (签到 in the same room included), and an unknown accessible room.
    """
    unknown = sorted(set(values) - set(KEYS))
    if unknown:
        raise UsageError(
            f"方案里有不认识的项：{'、'.join(unknown)}", advice=f"可用的项：{'、'.join(KEYS)}。"
        )
    given = {**defaults, **{key: value for key, value in values.items() if value is not None}}
    order = ScheduleOrder(
        first_day=_first_day(given),
        days=None if given.get("days") is None else _whole(given["days"], "days", 1),
        slots=tuple(_slots(given.get("slots"))),
        rooms=tuple(_rooms(given.get("rooms"))),
        stages=tuple(_stages(given.get("stages"))),
        place=str(given.get("place") or "").strip(),
        accessible_rooms=frozenset(_texts(given.get("accessible_rooms"))),
        accessible_slots=frozenset(_slots(given.get("accessible_slots"))),
        skip=frozenset(_day(one, "skip") for one in _texts(given.get("skip"))),
        any_day=bool(given.get("any_day")),
        reserve=_whole(given.get("reserve") or 0, "reserve", 0),
        responsible=str(given.get("responsible") or "").strip(),
    )
    check_order(order)
    return order


def _slots(value: Any) -> Iterable[SlotTime]:
    for text in _texts(value):
        match = _SLOT.fullmatch(text.replace("：", ":"))
        try:
            first, last, end, minute = (int(part) for part in match.groups()) if match else _bad()
            slot = SlotTime(dt.time(first, last), dt.time(end, minute))
        except ValueError as fault:
            raise UsageError(f"时段“{text}”看不懂", advice="请写成 09:00-11:30。") from fault
        if slot.start >= slot.end:
            raise UsageError(f"时段“{text}”的结束不晚于开始", advice="请写成 09:00-11:30。")
        yield slot


def _rooms(value: Any) -> Iterable[Room]:
    if isinstance(value, Mapping):
        value = [f"{name}:{capacity}" for name, capacity in value.items()]
    for text in _texts(value):
        match = _ROOM.fullmatch(text.replace("：", ":"))
        if match is None or int(match[2]) < 1:
            raise UsageError(
                f"场地“{text}”看不懂", advice="请写成 1号厅:20，后面是每时段容纳的户数。"
            )
        yield Room(match[1].strip(), int(match[2]))


def _stages(value: Any) -> Iterable[StageRule]:
    for text in _texts(value):
        match = _STAGE.fullmatch(text.replace("：", ":"))
        if match is None:
            raise UsageError(
                f"节点“{text}”看不懂",
                advice="请写成 签到:30分,选房,签约:5天,交房:10天@物业处。",
            )
        stage, count, place = Stage(match[1]), int(match[2] or 0), (match[4] or "").strip()
        if match[3] is None:
            yield StageRule(stage, _DEFAULT_LEAD if stage is Stage.SIGN_IN else 0, 0, place)
        elif match[3].startswith("分"):
            yield StageRule(stage, count, 0, place)
        else:
            yield StageRule(stage, 0, count, place)


def _first_day(given: Mapping[str, Any]) -> dt.date:
    if given.get("from") in (None, ""):
        raise UsageError("没有写从哪一天开始", advice="请写 --from 2020-07-06。")
    return _day(given["from"], "from")


def _day(value: Any, key: str) -> dt.date:
    if isinstance(value, dt.date):
        return value
    match = _DATE.fullmatch(str(value).strip())
    try:
        return dt.date(*(int(part) for part in match.groups())) if match else _bad()
    except ValueError as fault:
        raise UsageError(f"{key} 的日期“{value}”看不懂", advice="请写成 2020-07-06。") from fault


def _whole(value: Any, key: str, least: int) -> int:
    try:
        number = int(str(value).strip())
    except ValueError:
        number = least - 1
    if number < least:
        raise UsageError(f"{key} 应是不小于 {least} 的整数", advice=f"现在写的是“{value}”。")
    return number


def _texts(value: Any) -> list[str]:
    """The parts of a comma-separated text, of a list, or of a list of such texts."""
    if value is None:
        return []
    if isinstance(value, (str, dt.date)):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise UsageError(f"“{value}”看不懂", advice='请写成文字或列表，如 ["1号厅:20"]。')
    parts = [part.strip() for one in value for part in _SEPARATORS.split(str(one))]
    return [part for part in parts if part]


def _bad() -> Any:
    raise ValueError


def usual_order(
    event: DrawEvent, day: dt.date, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Slots and stages by policy; where the draw gives the unit, nobody chooses (no 选房)."""
    stages = str(policy.at("schedule.stages", day, overrides))
    if event.mode is DrawMode.UNIT:
        parts = (part for part in _texts(stages) if not part.startswith(Stage.SELECT.value))
        stages = ",".join(parts)
    return {"slots": policy.at("schedule.slots", day, overrides), "stages": stages}


def policy_basis(day: dt.date, overrides: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """The parameters a timetable rests on, with their sources."""
    names = ("accessible_age", "accessible_hardships", "slots", "stages")
    return tuple(policy.basis(f"schedule.{name}", day, overrides) for name in names)
