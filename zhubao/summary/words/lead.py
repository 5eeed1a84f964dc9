"""The lead: the headline figures in one paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from zhubao.summary.words.telling import RATE, Telling, listed

HEADLINES: tuple[tuple[str, str], ...] = (
    ("筹集房源", "supply.raised"),
    ("调配房源", "dispatch.units"),
    ("新交付公租房", "units.delivered"),
    ("实物配租", "allocation.households"),
    ("新增租赁补贴", "subsidy.new_grants"),
    ("发放租赁补贴", "subsidy.households_paid"),
    ("补贴金额", "subsidy.amount_paid"),
    ("收缴租金", "rent.received"),
    ("动态巡查", "patrol.households"),
)
_FILES: tuple[tuple[str, str], ...] = (
    ("经济适用房购房资格", "approval.affordable_purchase"),
    ("棚改安置补贴", "approval.resettlement_subsidy"),
    ("购房奖励", "approval.purchase_reward"),
    ("半边户", "approval.half_couple"),
)


def headline(telling: Telling) -> str | None:
    """What was done in the period at a glance; None when nothing was counted."""
    done = listed(telling, HEADLINES, "，")
    files = listed(telling, _FILES)
    tickets = listed(telling, (("办结“12345”热线工单", "tickets.handled"),))
    parts: Sequence[str] = [
        *([done] if done else []),
        *([f"审批{files}"] if files else []),
        *([tickets] if tickets else []),
    ]
    if not parts:
        return None
    rate = ""
    if telling.told("units.occupancy"):
        rate = f"期末公租房入住率{telling.n('units.occupancy', RATE)}。"
    return f"{_when(telling)}，全局{'；'.join(parts)}。{rate}"


def _when(telling: Telling) -> str:
    """The period; one that has not ended says up to which day it was counted."""
    summary = telling.summary
    if summary.as_of >= summary.period.end:
        return summary.period.title
    day = summary.as_of
    return f"{summary.period.title}（截至{day.year}年{day.month}月{day.day}日）"
