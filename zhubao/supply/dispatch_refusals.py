"""What forbids a dispatch: unreadable cells, words at odds, units held, lots too small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from zhubao.core.errors import UsageError
from zhubao.ledger import unread
from zhubao.ledger.allocation import DrawEvent, UnitSelection
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow, column_info
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Dispatch, DispatchStatus, DispatchType, SupplyBatch, Unit
from zhubao.supply.dispatch_moves import DispatchOrder
from zhubao.supply.holds import Holds
from zhubao.supply.slips import READ, Slip, read_slips

_SHOWN = 12  # refusals named in one message
_NEW_LINE = "\n      "


def refuse_unread(loaded: Loaded) -> None:
    """UsageError where a cell of 房源调配, or the key cells of a unit or batch, cannot be read."""
    wanted: tuple[tuple[type[LedgerRow], tuple[str, ...]], ...] = (
        (Dispatch, READ),
        (Unit, ("unit_no",)),
        (SupplyBatch, ("batch_no", "unit_count", "raised_on")),
    )
    for model, names in wanted:
        table = loaded.get(model)
        for name in names:
            bad = table.bad.get(name)
            if bad:
                where = table.cell(min(bad), name)
                header = column_info(model.model_fields[name]).header
                raise UsageError(
                    f"“{model.SHEET.name}”表的“{header}”有读不出的单元格，占用情况算不准，没有写入",
                    where=str(where),
                    advice="请先用 zhubao check 查看，改正后再办。",
                )


def refuse_missing(loaded: Loaded, *, units: bool) -> None:
    """UsageError when a sheet that says what is held was not found; `units`: not only lots.

    Without 租赁合同 no unit is known to be let, without 摇号活动 and 选房 none to be drawn or
    chosen.
    """
    needed = (Unit, Dispatch, Lease, DrawEvent, UnitSelection) if units else (SupplyBatch, Dispatch)
    unread.refuse_missing(loaded, "占用情况算不准，没有写入", *needed)


def housing_type_of(text: str) -> DispatchType:
    """The type this word names; UsageError when there is none."""
    try:
        return DispatchType(text.strip())
    except ValueError as fault:
        known = "、".join(kind.value for kind in DispatchType)
        raise UsageError(f"没有房源类型“{text}”", advice=f"可以写：{known}。") from fault


def count_of(order: DispatchOrder, units: Sequence[str]) -> int:
    """How many units; `--count` is for lots only."""
    if units:
        if order.count not in (None, len(units)):
            raise UsageError(
                f"写了 {len(units)} 套房源，--count 却是 {order.count}",
                advice="写 --unit 的不用写 --count。",
            )
        return len(units)
    if order.count is None or order.count < 1:
        raise UsageError(
            "没有说清调配哪些房源",
            advice="请写 --unit 房源编号（可以写多个），或 --batch 筹集批号 --count 套数。",
        )
    return order.count


def batch_of(order: DispatchOrder, count: int, loaded: Loaded) -> str | None:
    """The batch's number, checked: known, raised by the day, and with enough left from then on."""
    wanted = order.batch.strip()
    if not wanted:
        return None
    table = loaded.get(SupplyBatch)
    numbers = table.column("batch_no")
    if wanted not in numbers:
        raise UsageError(f"房源筹集表里没有批号 {wanted}", advice="请核对筹集批号。")
    index = numbers.index(wanted)
    raised_on, where = table.column("raised_on")[index], str(table.row_cell(index))
    if raised_on > order.day:
        raise UsageError(
            f"批次 {wanted} 在 {raised_on} 才筹集", where=where, advice="请核对批号和 --date。"
        )
    holding = [s for s in read_slips(loaded) if s.batch_no == wanted and s.holds_after(order.day)]
    raised, used = table.column("unit_count")[index], sum(slip.count for slip in holding)
    if used + count > raised:
        names = "、".join(slip.number for slip in holding[:_SHOWN])
        more = f" 等 {len(holding)} 张" if len(holding) > _SHOWN else ""
        raise UsageError(
            f"批次 {wanted} 只剩 {max(0, raised - used)} 套，不够 {count} 套："
            f"筹集 {raised} 套，调配单 {names}{more} 占用 {used} 套",
            where=where,
            advice="请减少套数、换一批，或先退回其中的调配单。",
        )
    return wanted


def refuse_held(units: Sequence[tuple[str, Collection[str]]], holds: Holds) -> None:
    """UsageError that names, for every unit, all that holds it."""
    found = [(unit, hold) for unit, numbers in units for hold in holds.of(unit, besides=numbers)]
    if not found:
        return
    lines = [
        f"{unit}　{hold.words}{f'（{hold.cell}）' if hold.cell else ''}" for unit, hold in found
    ]
    held = len({unit for unit, _ in found})
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"……共 {len(lines)} 处"]
    raise UsageError(
        _NEW_LINE.join([f"有 {held} 套房源已被占用，没有写入：", *lines]),
        advice="请换房源，或先把占用它的那一处办结（退租、退回调配、结束摇号活动）。",
    )


def slip_of(number: str, loaded: Loaded) -> Slip:
    """The one row of 房源调配 with this number; UsageError for none or several."""
    found = [slip for slip in read_slips(loaded) if slip.number == number.strip()]
    if len(found) == 1:
        return found[0]
    fault = "不止一行的编号是" if found else "没有编号"
    raise UsageError(
        f"房源调配表里{fault} {number}",
        where=str(found[0].cell) if found else "",
        advice="请用 zhubao dispatch list 查看调配编号。",
    )


def refuse_state(slip: Slip, wanted: tuple[DispatchStatus, ...], rule: str) -> None:
    """UsageError unless the dispatch is in one of these states as the sheet stands."""
    state = slip.state()
    if state not in wanted:
        now = state.value if state else "不明"
        raise UsageError(
            f"调配单 {slip.number} 现在是“{now}”，{rule}",
            where=str(slip.cell),
            advice="请用 zhubao dispatch list 核对调配编号。",
        )


def refuse_early(slip: Slip, day: dt.date) -> None:
    """UsageError for a day before the dispatch's latest step."""
    latest = max((d for d in (slip.frozen_on, slip.dispatched_on) if d), default=None)
    if latest is not None and day < latest:
        raise UsageError(
            f"日期 {day} 早于调配单 {slip.number} 的上一步（{latest}）",
            where=str(slip.cell),
            advice="请核对 --date。",
        )
