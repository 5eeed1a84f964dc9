"""The change a timetable makes: rows of 批次, and every household's batch in 摇号结果."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhubao.allocation.schedule.timetable import PlannedBatch, Schedule, StagePlace
from zhubao.core.errors import UsageError
from zhubao.core.theme import Formats
from zhubao.ledger.allocation import Batch, DrawResult
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable

Row = dict[str, Any]


def schedule_change(made: Schedule, loaded: Loaded, formats: Formats) -> Change:
    """New batches in the rows of those they replace, more behind the last row.

    Batches that began stay. Households of a replaced batch that got no new one lose its number.
    A timetable without batches changes nothing. LedgerNotWritable when a column is missing.
    """
    event_no = made.event.event_no
    plan = Plan(f"安排选房：{event_no} {made.event.name}", loaded, formats)
    if not made.batches:
        return plan.build()
    _replace(plan, loaded.get(Batch), made.earlier.replaced, batch_rows(made))
    _number(plan, loaded, made)
    seats = len(made.seats)
    plan.note(f"{len(made.batches)} 个批次，{seats} 户；替换尚未开始的旧批次 {_dropped(made)} 个")
    if made.earlier.kept:
        plan.note(f"已经开始的批次不改动：{'、'.join(sorted(made.earlier.kept))}")
    return plan.build()


def batch_rows(made: Schedule) -> list[Row]:
    """One row of 批次 per batch and stage, without the fields that have nothing to say."""
    return [_row(made, batch, stage) for batch in made.batches for stage in batch.stages]


def _dropped(made: Schedule) -> int:
    return len(made.earlier.dropped)


def _replace(
    plan: Plan, table: LedgerTable[Batch], replaced: Sequence[int], rows: Sequence[Row]
) -> None:
    """Old rows are written over; what is over is added, or the rows left over are taken out."""
    if len(rows) >= len(replaced):
        for index, row in zip(replaced, rows, strict=False):
            _overwrite(plan, table, index, row)
        plan.add(table, rows[len(replaced) :])
        return
    _refuse_unreadable(table)
    fresh = dict(zip(replaced, rows, strict=False))
    gone = set(replaced[len(rows) :])
    kept = [index for index in range(len(table)) if index not in gone]
    plan.replace_all(table, [fresh.get(index) or table.values(index) for index in kept])
    if any(table.extras.values()):
        plan.note("批次表里有自己加的列：删去多余的旧批次后，请核对这些列是否还对得上")


def _overwrite(plan: Plan, table: LedgerTable[Batch], index: int, row: Mapping[str, Any]) -> None:
    segment, _ = table.locate(index)
    for name in Batch.model_fields:
        if name in segment.letters or row.get(name) is not None:
            plan.put(table, index, name, row.get(name))


def _refuse_unreadable(table: LedgerTable[Batch]) -> None:
    """Rows move up: a cell that cannot be read could not be carried along."""
    bad = [(index, name) for name, indexes in table.bad.items() for index in indexes]
    if bad:
        index, name = min(bad)
        raise UsageError(
            f"批次表有读不出的单元格（{table.cell(index, name)}），多余的旧批次删不掉",
            where=str(table.cell(index, name)),
            advice="请先用 zhubao check 查看，改正后再排。",
        )


def _number(plan: Plan, loaded: Loaded, made: Schedule) -> None:
    """Every household's batch; nobody keeps the number of a batch that is no more."""
    table = loaded.get(DrawResult)
    numbers = {seat.chooser.index: batch.number for batch in made.batches for seat in batch.seats}
    events, batches = table.column("event_no"), table.column("batch_no")
    for index in range(len(table)):
        if events[index] == made.event.event_no and batches[index] in made.earlier.dropped:
            numbers.setdefault(index, "")
    for index, number in sorted(numbers.items()):
        plan.put(table, index, "batch_no", number or None)


def _row(made: Schedule, batch: PlannedBatch, stage: StagePlace) -> Row:
    groups = {seat.chooser.group for seat in batch.seats}
    first, last = batch.ranks
    row: Row = {
        "batch_no": batch.number,
        "stage": stage.stage,
        "event_no": made.event.event_no,
        "group": groups.pop() if len(groups) == 1 else None,
        "layout": batch.layouts[0] if len(batch.layouts) == 1 else None,
        "first_order": first,
        "last_order": last,
        "starts_at": stage.span.start,
        "ends_at": stage.span.end,
        "place": stage.place or None,
        "room": stage.room or None,
        "capacity": batch.capacity,
        "is_accessible": batch.accessible,
        "responsible": made.order.responsible or None,
        "remark": "已顺延" if stage.moved else None,
    }
    return {name: value for name, value in row.items() if value not in (None, "")}
