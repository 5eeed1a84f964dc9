"""选房通知书: one household's turn as the words its template asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhubao import policy
from zhubao.allocation.schedule.timetable import PlannedBatch, Schedule, Seat

TEMPLATE = "选房通知书.docx"
BLANK = "____________"  # to be filled in by hand

PLACEHOLDERS: Mapping[str, str] = {
    "局名": "zhubao.toml 里的 bureau",
    "活动名称": "摇号活动的名称",
    "活动编号": "摇号活动的编号",
    "申请人": "申请人姓名",
    "凭证号": "摇号凭证号；没有的写参摇编号",
    "顺序号": "总名次",
    "户型": "所摇的户型",
    "结果": "中签或递补",
    "递补说明": "递补的写明何时才能选；中签的是空的",
    "批次": "批次编号",
    "叫号": "在本时段的叫号",
    "预计时间": "预计叫号的时间，如 9时15分",
    "节点安排": "列表，每行一个节点：行.节点、行.日期、行.时间、行.地点",
    "无障碍说明": "安排了无障碍场地的写明；没有的是空的",
    "携带材料": "[policy.schedule.documents]",
    "联系电话": "[policy.letters.phone]",
    "出具日期": "落款日期",
}


def notice_contexts(
    made: Schedule, bureau: str, overrides: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """One set of `PLACEHOLDERS` per household, batch by batch, in order of call.

    Full name, no identity number and no telephone of the household.
    """
    documents = policy.at("schedule.documents", made.as_of, overrides)
    phone = policy.at("letters.phone", made.as_of, overrides)
    shared = {
        "局名": bureau or BLANK,
        "活动名称": made.event.name,
        "活动编号": made.event.event_no,
        "携带材料": _joined(documents, "；"),
        "联系电话": _joined(phone, "、") or BLANK,
        "出具日期": chinese_date(made.as_of),
    }
    contexts = []
    for batch in made.batches:
        stages = [
            {
                "节点": stage.stage.value,
                "日期": chinese_date(stage.span.start.date()),
                "时间": f"{stage.span.start:%H:%M}—{stage.span.end:%H:%M}",
                "地点": stage.where or BLANK,
            }
            for stage in batch.stages
        ]
        contexts += [{**shared, **_own(batch, seat, stages)} for seat in batch.seats]
    return contexts


def chinese_date(day: dt.date) -> str:
    """2020年7月6日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _own(batch: PlannedBatch, seat: Seat, stages: list[dict[str, str]]) -> dict[str, Any]:
    one = seat.chooser
    helped = bool(one.known.need) and batch.accessible
    return {
        "申请人": one.known.name or BLANK,
        "凭证号": one.receipt or one.entrant_no,
        "顺序号": str(one.rank),
        "户型": one.layout or "不分户型",
        "结果": "递补" if one.is_reserve else "中签",
        "递补说明": _RESERVE if one.is_reserve else "",
        "批次": batch.number,
        "叫号": str(seat.call_no),
        "预计时间": f"{seat.call_at.hour}时{seat.call_at.minute:02d}分",
        "节点安排": stages,
        "无障碍说明": _HELPED if helped else "",
    }


_RESERVE = "您是递补家庭：前面的家庭有放弃的，且还有同户型的房源时，才能依次选房。"
_HELPED = "已为您安排无障碍场地，需要协助的请向现场工作人员提出。"


def _joined(value: Any, between: str) -> str:
    if isinstance(value, str):
        return value
    return between.join(str(one) for one in value)
