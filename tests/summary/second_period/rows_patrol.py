"""Rows added to patrol.xlsx."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.summary.second_period.drawing import Drawing, Ledger, numbered

_DAY = dt.timedelta(days=1)
_RECTIFIED = ("已整改", "已销号", "整改中", "待整改", "不属实")


def visits(ledger: Ledger, draw: Drawing) -> None:
    """Visits of every kind at every border; key households listed and removed at every border."""
    people = draw.some(ledger.column("保障家庭", "家庭编号"), 40)
    kinds = ("日常巡查", "重点走访", "专项巡查", "回访")
    rows = [
        {
            "家庭编号": draw.rng.choice(people),
            "巡查类型": draw.rng.choice(kinds),
            "巡查日期": on,
            "是否见到": draw.rng.choice(("是", "否", None)),
        }
        for _ in range(6)
        for on in draw.days(1)
    ]
    ledger.add("巡查", numbered(rows, "巡查编号", "XX"))
    listed = set(ledger.column("重点对象", "家庭编号"))
    fresh = [one for one in people if one not in listed]
    spans: list[tuple[dt.date, dt.date | None]] = [
        *((on, None) for on in draw.days(2)),
        *((draw.first - 90 * _DAY, on) for on in draw.days(2)),
        (draw.first - 90 * _DAY, draw.first + _DAY),
    ]
    ledger.add(
        "重点对象",
        (
            {"家庭编号": who, "重点类型": kind, "列入日期": start, "移出日期": end}
            for who, (start, end) in zip(fresh, spans, strict=False)
            for kind in ("孤寡老人", "病痛户")
        ),
    )


def cases(ledger: Ledger, draw: Drawing) -> None:
    """Violations and changes found at every border and put right at every border."""
    people = draw.some(ledger.column("保障家庭", "家庭编号"), 8)
    rows = []
    for category, kind in (("日常违规", "转租转借"), ("情况变动", "购车")):
        for on in draw.days(9):
            state = draw.rng.choice(_RECTIFIED)
            done = max(on, draw.rng.choice(draw.days(1))) if state in _RECTIFIED[:2] else None
            rows.append(
                {
                    "类别": category,
                    "具体类型": kind,
                    "家庭编号": draw.rng.choice(people),
                    "发现日期": on,
                    "整改状态": state,
                    "整改日期": done,
                }
            )
    ledger.add("违规与变动", numbered(rows, "事项编号", "WX"))


def campaigns(ledger: Ledger, draw: Drawing) -> None:
    """Campaigns across every border, planned, running and over."""
    first, last = draw.first, draw.last
    spans = (
        (first - 30 * _DAY, draw.before, "已完成"),
        (first - 30 * _DAY, first, "已完成"),
        (last, last + 9 * _DAY, "进行中"),
        (draw.after, None, "计划"),
        (draw.inside(), None, "进行中"),
        (draw.inside(), last, "已完成"),
    )
    ledger.add(
        "专项整治",
        (
            {
                "整治编号": f"ZX{number:03d}",
                "小区": f"新城{number // 2}区",
                "整治内容": "转租转借专项整治",
                "开始日期": start,
                "结束日期": end,
                "进展": state,
            }
            for number, (start, end, state) in enumerate(spans, 1)
        ),
    )


def idle(ledger: Ledger, draw: Drawing) -> None:
    """Units checked at every border, some twice."""
    units = draw.some(ledger.column("房源", "房源编号"), 5)
    rows: list[dict[str, Any]] = [
        {
            "房源编号": draw.rng.choice(units),
            "核查原因": draw.rng.choice(("空置六个月以上", "疑似死亡")),
            "核查日期": on,
            "核查结果": "暂未查清",
            "办理状态": "联系家属中",
        }
        for on in draw.days(4)
    ]
    ledger.add("空置核查", numbered(rows, "核查编号", "KX"))


def hazards(ledger: Ledger, draw: Drawing) -> None:
    """Hazards found at every border, repaired late or not."""
    rows: list[dict[str, Any]] = []
    for on in draw.days(7):
        state = draw.rng.choice(_RECTIFIED)
        done = max(on, draw.rng.choice(draw.days(0))) if state in _RECTIFIED[:2] else None
        rows.append(
            {
                "小区": "新城1区",
                "隐患内容": "外墙砖松动",
                "隐患等级": "一般",
                "发现日期": on,
                "整改状态": state,
                "整改日期": done,
            }
        )
    ledger.add("安全隐患", numbered(rows, "隐患编号", "YX"))


ADDED = (visits, cases, campaigns, idle, hazards)
