"""Freezing, dispatching and giving back: what each does to the sheets, and what forbids it.

frozen → dispatched → returned; a freeze can be lifted as well, and a dispatch need not have been
frozen. A unit is never in two places, a lot never more than what is left of its batch.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.registers.numbers import numbers_after
from zhubao.ledger.units import (
    Dispatch,
    DispatchStatus,
    DispatchType,
    SupplyBatch,
    SupplyChannel,
    Unit,
    UnitStatus,
)
from zhubao.supply.dispatch_moves import DispatchOrder, Move, Moves, Put
from zhubao.supply.dispatch_refusals import (
    batch_of,
    count_of,
    housing_type_of,
    refuse_early,
    refuse_held,
    refuse_missing,
    refuse_state,
    refuse_unread,
    slip_of,
)
from zhubao.supply.holds import Holds
from zhubao.supply.remarks import joined
from zhubao.supply.slips import DISPATCHED, FROZEN, RETURNED, Slip
from zhubao.supply.unit_cells import reserved, vacated

_FIRST = "DP0001"


def place(order: DispatchOrder, loaded: Loaded, drawn: Mapping[str, str], *, frozen: bool) -> Moves:
    """Freeze (`frozen`) or dispatch units or a lot; one row per unit, one per lot.

    The units become 预留, with the project in the remark. `drawn`: see `Holds`.

    Raises `UsageError` naming everything that holds a unit, when a sheet that says so was not
    found, when a batch has less left than asked for, and for words that make no sense together.
    """
    refuse_unread(loaded)
    kind, project = housing_type_of(order.housing_type), order.project.strip()
    if not project:
        raise UsageError("没有写棚改项目", advice="请加 --project。")
    refuse_missing(loaded, units=bool(order.units))
    holds = Holds(loaded, order.day, drawn)
    units = tuple(dict.fromkeys(holds.find(unit) for unit in order.units))
    count = count_of(order, units)
    refuse_held([(unit, ()) for unit in units], holds)
    batch = batch_of(order, count, loaded)
    after = FROZEN if frozen else DISPATCHED
    lots: list[tuple[str | None, int]] = [(unit, 1) for unit in units] or [(None, count)]
    numbers = numbers_after(loaded.get(Dispatch).column("dispatch_no"), _FIRST, len(lots))
    common = _common(order, project, loaded, after)
    rows, moves, puts = [], [], []
    for number, (unit, size) in zip(numbers, lots, strict=True):
        own = {"dispatch_no": number, "housing_type": kind, "unit_no": unit, "batch_no": batch}
        rows.append(_written({**own, "unit_count": size, **common}))
        moves.append(Move(number, project, kind, unit, batch, size, None, after))
        puts += _reserve(unit, project, after, loaded, holds)
    title = f"{'冻结' if frozen else '调配'}房源 {count} 套：{project}"
    notes = _lot_notes(kind, batch, units, loaded)
    return Moves(title, order.day, tuple(moves), tuple(rows), tuple(puts), notes)


def dispatch_frozen(
    numbers: Sequence[str], day: dt.date, loaded: Loaded, drawn: Mapping[str, str]
) -> Moves:
    """Make frozen dispatches real. Raises `UsageError` for one that is not frozen or is held."""
    refuse_unread(loaded)
    slips = [slip_of(number, loaded) for number in dict.fromkeys(numbers)]
    for slip in slips:
        refuse_state(slip, (FROZEN,), "只有已冻结的才能转为已调配")
        refuse_early(slip, day)
    refuse_missing(loaded, units=any(slip.unit_no for slip in slips))
    holds = Holds(loaded, day, drawn)
    refuse_held([(slip.unit_no, (slip.number,)) for slip in slips if slip.unit_no], holds)
    puts: list[Put] = []
    for slip in slips:
        puts.append(Put(Dispatch, slip.index, "dispatched_on", day))
        puts += _word(slip, DISPATCHED, loaded)
        puts += _reserve(slip.unit_no, slip.project, DISPATCHED, loaded, holds)
    moves = tuple(_move(slip, DISPATCHED) for slip in slips)
    total = sum(slip.count for slip in slips)
    return Moves(f"调配已冻结的房源 {total} 套", day, moves, (), tuple(puts))


def give_back(
    numbers: Sequence[str],
    day: dt.date,
    reason: str,
    loaded: Loaded,
    *,
    count: int | None = None,
) -> Moves:
    """Take back dispatches or lift freezes; the units become 空置 from the day on.

    `count`: only so many of one lot; a new row has the part given back, the old one keeps the rest.
    A unit that something else holds, or whose 状态 is not 预留, keeps its status, and a note says
    so. Raises `UsageError` without a reason, for what is not frozen or dispatched, and when a sheet
    that says what holds a unit was not found.
    """
    refuse_unread(loaded)
    if not reason.strip():
        raise UsageError("没有写退回原因", advice="请加 --reason。")
    slips = [slip_of(number, loaded) for number in dict.fromkeys(numbers)]
    for slip in slips:
        refuse_state(slip, (FROZEN, DISPATCHED), "已退回的不能再退")
        refuse_early(slip, day)
    refuse_missing(loaded, units=any(slip.unit_no for slip in slips))
    if count is not None and (len(slips) != 1 or not 1 <= count <= slips[0].count):
        raise UsageError(
            "--count 只用于一张调配单，并且不多于它的套数", advice="请核对 --count 和调配编号。"
        )
    if count is not None and count < slips[0].count:
        return _part_back(slips[0], count, day, reason.strip(), loaded)
    return _all_back(slips, day, reason.strip(), loaded)


def _common(
    order: DispatchOrder, project: str, loaded: Loaded, after: DispatchStatus
) -> dict[str, Any]:
    """What the rows of one order share. An old sheet without 调配状态 can still dispatch."""
    day = "frozen_on" if after is FROZEN else "dispatched_on"
    return {
        "project": project,
        "headquarters": order.headquarters.strip() or _headquarters(project, loaded),
        day: order.day,
        "status": after if after is FROZEN or _has_word(loaded) else None,
        "remark": order.remark.strip() or None,
    }


def _all_back(slips: Sequence[Slip], day: dt.date, reason: str, loaded: Loaded) -> Moves:
    table = loaded.get(Dispatch)
    puts: list[Put] = []
    for slip in slips:
        remark = joined(table.column("remark")[slip.index], f"退回原因：{reason}")
        puts.append(Put(Dispatch, slip.index, "returned_on", day))
        puts.append(Put(Dispatch, slip.index, "remark", remark))
        puts += _word(slip, RETURNED, loaded)
    unit_puts, notes = _vacate(slips, day, loaded)
    moves = tuple(_move(slip, RETURNED) for slip in slips)
    title = f"退回房源 {sum(slip.count for slip in slips)} 套"
    return Moves(title, day, moves, (), (*puts, *unit_puts), notes)


def _part_back(slip: Slip, count: int, day: dt.date, reason: str, loaded: Loaded) -> Moves:
    """Split the lot: the rest stays, the part has a row of its own."""
    table = loaded.get(Dispatch)
    number = numbers_after(table.column("dispatch_no"), _FIRST, 1)[0]
    row = {
        **table.values(slip.index),
        "dispatch_no": number,
        "unit_count": count,
        "returned_on": day,
        "status": RETURNED if _has_word(loaded) else None,
        "remark": f"由 {slip.number} 分出；退回原因：{reason}",
    }
    rest = slip.count - count
    puts = (Put(Dispatch, slip.index, "unit_count", rest),)
    part = Move(number, slip.project, slip.housing_type, slip.unit_no, slip.batch_no, count,
                slip.state(), RETURNED)  # fmt: skip
    note = f"{slip.number} 原有 {slip.count} 套，留下 {rest} 套；退回的 {count} 套记在 {number}"
    return Moves(f"退回房源 {count} 套", day, (part,), (_written(row),), puts, (note,))


def _reserve(
    unit: str | None, project: str, state: DispatchStatus, loaded: Loaded, holds: Holds
) -> list[Put]:
    index = holds.row_of(unit) if unit else None
    return [] if index is None else reserved(loaded, index, project, state)


def _vacate(
    slips: Sequence[Slip], day: dt.date, loaded: Loaded
) -> tuple[list[Put], tuple[str, ...]]:
    """The cells of the units given back, and a note for each that is not free by it."""
    projects: defaultdict[str, list[str]] = defaultdict(list)
    for slip in slips:
        if slip.unit_no:
            projects[slip.unit_no].append(slip.project)
    holds, numbers = Holds(loaded, day, {}), [slip.number for slip in slips]
    puts: list[Put] = []
    notes: list[str] = []
    for unit, names in projects.items():
        index = holds.row_of(unit)
        if index is None:
            continue
        others, status = holds.of(unit, besides=numbers), loaded.get(Unit).column("status")[index]
        if others or status is not UnitStatus.RESERVED:
            why = others[0].words if others else f"状态是“{status.value if status else '不明'}”"
            notes.append(f"房源 {unit} {why}，状态没有改为“空置”")
        else:
            puts += vacated(loaded, index, names, day)
    return puts, tuple(notes)


def _word(slip: Slip, state: DispatchStatus, loaded: Loaded) -> list[Put]:
    """The word beside the dates, where the sheet has a column for it."""
    return [Put(Dispatch, slip.index, "status", state)] if _has_word(loaded) else []


def _has_word(loaded: Loaded) -> bool:
    """True when every sheet of 房源调配 has 调配状态, or there is no sheet yet."""
    return all("status" in segment.letters for segment in loaded.get(Dispatch).segments)


def _written(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _move(slip: Slip, after: DispatchStatus) -> Move:
    return Move(
        slip.number,
        slip.project,
        slip.housing_type,
        slip.unit_no,
        slip.batch_no,
        slip.count,
        slip.state(),
        after,
        slip.cell,
    )


def _headquarters(project: str, loaded: Loaded) -> str | None:
    """The one last written for the project."""
    table = loaded.get(Dispatch)
    pairs = zip(table.column("project"), table.column("headquarters"), strict=True)
    known = [str(headquarters) for name, headquarters in pairs if name == project and headquarters]
    return known[-1] if known else None


def _lot_notes(
    kind: DispatchType, batch: str | None, units: Sequence[str], loaded: Loaded
) -> tuple[str, ...]:
    if batch is None:
        return () if units else ("没有写筹集批号，不能核对这一批还剩多少",)
    table = loaded.get(SupplyBatch)
    channel = table.column("channel")[table.column("batch_no").index(batch)]
    rental = channel is SupplyChannel.PUBLIC_RENTAL
    if channel is not None and rental != (kind is DispatchType.PUBLIC_RENTAL):
        return (f"批次 {batch} 的筹集渠道是{channel.value}，调配的房源类型是{kind.value}，请核对",)
    return ()
