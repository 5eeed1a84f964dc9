"""The timetable as tables: days and rooms, stages, a list per batch to sign on, what clashed.

Names are masked and receipts whole in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from zhubao.allocation.schedule.batch_list import batch_list, day_text, range_text
from zhubao.allocation.schedule.findings import TOO_SMALL
from zhubao.allocation.schedule.timetable import PlannedBatch, Schedule
from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name
from zhubao.core.report import Column, Report, Row, Table, ValueKind


def schedule_report(
    made: Schedule,
    *,
    bureau: str = "",
    findings: Iterable[Finding] = (),
    references: tuple[str, ...] = (),
    origin: str = "",
) -> Report:
    """Everything about the timetable; `findings` are those of loading the ledgers."""
    tables = [_overview(made), _by_day(made)] if made.batches else []
    tables += [_stages(made)] if made.batches else []
    tables += [_unmet(made)] if made.unmet and made.order.has_access else []
    tables += [_clashes(made)] if made.clashes else []
    tables += [batch_list(made, batch) for batch in made.batches]
    return Report(
        code="allocation.schedule",
        title=f"选房安排：{made.event.event_no} {made.event.name}",
        bureau=bureau,
        as_of=made.as_of,
        tables=tuple(tables),
        notes=tuple(_notes(made, origin)),
        references=references,
        findings=(*findings, *made.findings),
        facts=_facts(made),
    )


def _overview(made: Schedule) -> Table:
    columns = (
        Column("batch", "批次"),
        Column("day", "日期"),
        Column("time", "时段"),
        Column("room", "场地"),
        Column("households", "户数", ValueKind.COUNT),
        Column("capacity", "可容", ValueKind.COUNT),
        Column("orders", "顺序号", note="总名次的起止；同一时段几个场地的起止可以交错"),
        Column("layouts", "户型", level=2),
        Column("in_need", "需照顾", ValueKind.COUNT, level=2),
        Column("accessible", "无障碍", level=2),
        Column("place", "地点", level=3),
    )
    rows = [
        Row(
            (
                batch.number,
                day_text(batch.slot.day),
                batch.slot.time.text,
                batch.room,
                len(batch.seats),
                batch.capacity,
                range_text(batch),
                "、".join(filter(None, batch.layouts)),
                _in_need(batch),
                "是" if batch.accessible else "",
                made.place,
            ),
            (batch.seats[0].chooser.where,),
        )
        for batch in made.batches
    ]
    total = [None] * len(columns)
    totals: list[Any] = ["合计", *total[1:]]
    totals[4], totals[8] = len(made.seats), made.in_need
    summable = frozenset({"households", "in_need"})
    return Table("batches", "批次", columns, rows, tuple(totals), summable, shown=30)


def _by_day(made: Schedule) -> Table:
    columns = (
        Column("day", "日期"),
        Column("slots", "时段", ValueKind.COUNT),
        Column("batches", "批次", ValueKind.COUNT),
        Column("households", "户数", ValueKind.COUNT),
        Column("orders", "顺序号"),
    )
    rows = []
    for day, group in groupby(made.batches, key=lambda batch: batch.slot.day):
        batches = list(group)
        ranks = [rank for batch in batches for rank in batch.ranks]
        seats = sum(len(batch.seats) for batch in batches)
        slots = len({batch.slot.time for batch in batches})
        orders = f"{min(ranks)}–{max(ranks)}"
        rows.append(Row((day_text(day), slots, len(batches), seats, orders)))
    totals = ("合计", None, len(made.batches), len(made.seats), None)
    summable = frozenset({"batches", "households"})
    return Table("days", "每天", columns, rows, totals, summable)


def _stages(made: Schedule) -> Table:
    columns = (
        Column("batch", "批次"),
        Column("stage", "节点"),
        Column("day", "日期"),
        Column("time", "时间"),
        Column("where", "地点和场地"),
        Column("moved", "顺延"),
    )
    rows = [
        Row(
            (
                batch.number,
                stage.stage.value,
                day_text(stage.span.start.date()),
                f"{stage.span.start:%H:%M}-{stage.span.end:%H:%M}",
                stage.where,
                "已顺延" if stage.moved else "",
            )
        )
        for batch in made.batches
        for stage in batch.stages
    ]
    return Table("stages", "节点安排", columns, rows, shown=8)


def _unmet(made: Schedule) -> Table:
    columns = (
        Column("rank", "顺序号", ValueKind.COUNT),
        Column("name", "申请人"),
        Column("receipt", "凭证号", ValueKind.IDENTITY, level=2),
        Column("need", "原因"),
        Column("batch", "批次"),
        Column("when", "时间"),
        Column("room", "场地"),
    )
    rows = [
        Row(
            (
                seat.chooser.rank,
                mask_name(seat.chooser.known.name),
                seat.chooser.receipt or seat.chooser.entrant_no,
                seat.chooser.known.need,
                batch.number,
                batch.slot.span.text,
                batch.room,
            ),
            (seat.chooser.where,),
            "warning",
        )
        for batch, seat in made.unmet
    ]
    return Table("unmet", "没有排到无障碍的（内部）", columns, rows, shown=12)


def _clashes(made: Schedule) -> Table:
    columns = (
        Column("when", "时间"),
        Column("room", "场地"),
        Column("by", "已被占用"),
        Column("done", "怎么处理"),
    )
    rows = [
        Row(
            (
                clash.span.text,
                clash.room,
                clash.booking.label,
                clash.done or "这个时段不用这个场地",
            ),
            (clash.booking.where,) if clash.booking.where else (),
        )
        for clash in made.clashes
    ]
    return Table("clashes", "场地冲突", columns, rows, shown=12)


_PASSED_OVER = "这个时段不用这个场地"


def _notes(made: Schedule, origin: str) -> Iterable[str]:
    event, order = made.event, made.order
    if made.batches:
        met = made.in_need - len(made.unmet)
        yield (
            f"第 {event.draw_no} 次摇号，{len(made.seats)} 户排入 {len(made.batches)} 个批次"
            f"（含递补 {sum(seat.chooser.is_reserve for seat in made.seats)} 户）；"
            f"需照顾 {made.in_need} 户，排到无障碍的 {met} 户"
        )
        yield "场次按选房顺序排；同一时段各场地统一叫号，名次在前的先叫，换到无障碍场地也不改变先后"
        yield "预计时间按时段均分，仅供参考，以现场叫号为准"
    if made.earlier.kept:
        kept = "、".join(sorted(made.earlier.kept))
        yield f"截至 {made.as_of}（{origin}）已经开始的批次不改动：{kept}"
    if order.skip:
        yield f"不排的日期：{'、'.join(day.isoformat() for day in sorted(order.skip))}"
    if order.any_day:
        yield "按 --any-day，休息日也排"


def _facts(made: Schedule) -> dict[str, Any]:
    short = any(one.code == TOO_SMALL.code for one in made.findings)
    return {
        "event": made.event.event_no,
        "draw_no": made.event.draw_no,
        "households": len(made.seats),
        "batches": len(made.batches),
        "days": len({batch.slot.day for batch in made.batches}),
        "in_need": made.in_need,
        "unmet": len(made.unmet),
        "clashes": len(made.clashes),
        "fits": not short,
        "kept": sorted(made.earlier.kept),
    }


def _in_need(batch: PlannedBatch) -> int:
    return sum(bool(seat.chooser.known.need) for seat in batch.seats)
