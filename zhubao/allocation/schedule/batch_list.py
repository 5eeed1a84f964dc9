"""The list of one batch, to be printed, called from and signed on.

Names are masked; a mark says who is to be helped, not why.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhubao.allocation.schedule.timetable import PlannedBatch, Schedule, Seat
from zhubao.core.masking import mask_name
from zhubao.core.report import Column, Row, Table, ValueKind

_WEEK = "一二三四五六日"
_MARK = "★"


def batch_list(made: Schedule, batch: PlannedBatch) -> Table:
    """One batch, to be printed and signed: in order of call."""
    columns = (
        Column("call", "叫号", ValueKind.COUNT, note="同一时段各场地统一叫号"),
        Column("at", "预计时间"),
        Column("rank", "顺序号", ValueKind.COUNT),
        Column("name", "申请人"),
        Column("receipt", "凭证号", ValueKind.IDENTITY),
        Column("layout", "户型"),
        Column("mark", "协助", note=f"{_MARK} 需要照顾"),
        Column("signature", "签　　　　　　　名"),  # the blanks make room to write in,
    )
    rows = [Row(_line(seat)) for seat in batch.seats]  # no sources: there is a signature to fit in
    slot = batch.slot
    where = " ".join(filter(None, (made.place, batch.room)))
    when = f"{day_text(slot.day)} {slot.time.text}"
    notes = (f"{when}　{where}　{len(rows)} 户　顺序号 {range_text(batch)}",)
    return Table(
        f"batch:{batch.number}",
        f"批次 {batch.number}　{batch.slot.span.start:%m-%d %H:%M} {batch.room}",
        columns,
        rows,
        notes=notes,
        shown=0,
        signatures=("叫号人", "监督人"),
    )


def _line(seat: Seat) -> tuple[Any, ...]:
    one = seat.chooser
    return (
        seat.call_no,
        f"{seat.call_at:%H:%M}",
        one.rank,
        mask_name(one.known.name),
        one.receipt or one.entrant_no,
        one.layout,
        _MARK if one.known.need else "",
        "",
    )


def day_text(day: dt.date) -> str:
    """2020-07-06（周一）."""
    return f"{day.isoformat()}（周{_WEEK[day.weekday()]}）"


def range_text(batch: PlannedBatch) -> str:
    """1–20; a batch of one has one number."""
    first, last = batch.ranks
    return str(first) if first == last else f"{first}–{last}"
