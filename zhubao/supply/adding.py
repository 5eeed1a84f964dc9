"""`zhubao supply add`: one batch more in 房源筹集."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.spans import term_months
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.registers.numbers import numbers_after
from zhubao.ledger.units import Developer, SupplyBatch, SupplyChannel
from zhubao.supply.raising import developer_names

_FIRST = "CJ0001"
_SETTLED = "已落实"
_FIELDS = ("channel", "developer_no", "estate", "unit_count", "raised_on")


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """A batch as the clerk gives it; "" and None where nothing was said."""

    channel: str
    count: int
    day: dt.date
    developer: str = ""  # number or name
    estate: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    number: str = ""
    status: str = _SETTLED
    remark: str = ""


@dataclass(frozen=True, slots=True)
class NewBatch:
    """The row as it will stand in the sheet, and what the clerk should know of it."""

    row: dict[str, Any]
    developer: str
    notes: tuple[str, ...]


def add_batch(order: BatchOrder, loaded: Loaded) -> NewBatch:
    """The new row. Its number follows the sheet's own where none is given.

    Raises `UsageError` for an unknown channel or developer, a count below one, a term that ends
    before it begins or has only one of its days, and a number that is taken.
    """
    channel = _channel(order.channel)
    if order.count < 1:
        raise UsageError("套数要大于 0", advice="请核对 --count。")
    if (order.start is None) != (order.end is None):
        raise UsageError("合作期限只写了一头", advice="请同时写 --start 和 --end，或都不写。")
    if order.start is not None and order.end is not None and order.end < order.start:
        raise UsageError("合作截止日早于开始日", advice="请核对 --start 和 --end。")
    developer_no, developer = _developer(order.developer, loaded)
    row = {
        "batch_no": _number(order.number.strip(), loaded),
        "channel": channel,
        "developer_no": developer_no,
        "estate": order.estate.strip() or None,
        "unit_count": order.count,
        "raised_on": order.day,
        "cooperation_start": order.start,
        "cooperation_end": order.end,
        "status": order.status.strip() or None,
        "remark": order.remark.strip() or None,
    }
    kept = {name: value for name, value in row.items() if value is not None}
    return NewBatch(kept, developer, tuple(_notes(kept, loaded)))


def batch_change(new: NewBatch, loaded: Loaded, formats: Formats) -> Change:
    """One row of 房源筹集."""
    row = new.row
    title = f"登记筹集房源：{row['channel'].value} {row['unit_count']} 套"
    plan = Plan(title, loaded, formats)
    plan.add(loaded.get(SupplyBatch), [row])
    return plan.build()


def batch_report(new: NewBatch, *, as_of: dt.date, bureau: str = "") -> Report:
    """What is registered."""
    row = new.row
    start, end = row.get("cooperation_start"), row.get("cooperation_end")
    term = f"{start} 至 {end}（{term_months(start, end)} 个月）" if start and end else None
    values = (
        row["batch_no"],
        row["channel"].value,
        new.developer or None,
        row.get("estate"),
        row["unit_count"],
        row["raised_on"],
        term,
    )
    table = Table(
        key="batch",
        title="登记的批次",
        columns=(
            Column("batch_no", "批号", ValueKind.IDENTITY),
            Column("channel", "筹集渠道"),
            Column("developer", "开发商"),
            Column("estate", "小区"),
            Column("units", "套数", ValueKind.COUNT),
            Column("raised_on", "筹集日期", ValueKind.DATE),
            Column("term", "合作期限", level=2),
        ),
        rows=[Row(values)],
    )
    return Report(
        code="supply.add",
        title="登记筹集房源",
        bureau=bureau,
        as_of=as_of,
        tables=(table,),
        notes=new.notes,
        facts={"batch_no": row["batch_no"], "units": row["unit_count"]},
    )


def _channel(text: str) -> SupplyChannel:
    try:
        return SupplyChannel(text.strip())
    except ValueError as fault:
        known = "、".join(channel.value for channel in SupplyChannel)
        raise UsageError(f"没有筹集渠道“{text}”", advice=f"可以写：{known}。") from fault


def _developer(text: str, loaded: Loaded) -> tuple[str | None, str]:
    """(number, name) of the developer named by number or name; (None, "") for none."""
    wanted = text.strip()
    if not wanted:
        return None, ""
    names = developer_names(loaded)
    found = {no: name for no, name in names.items() if wanted in (no, name)}
    if len(found) == 1:
        return next(iter(found.items()))
    known = "、".join(f"{no} {name}" for no, name in names.items()) or "（还没有）"
    fault = "不止一家叫" if found else "合作开发商表里没有"
    raise UsageError(
        f"{fault}“{wanted}”", advice=f"请写编号；台账里有：{known}。新的开发商先在表里登记。"
    )


def _number(wanted: str, loaded: Loaded) -> str:
    table = loaded.get(SupplyBatch)
    taken = table.column("batch_no")
    if not wanted:
        return numbers_after(taken, _FIRST, 1)[0]
    if wanted in taken:
        where = table.row_cell(taken.index(wanted))
        raise UsageError(
            f"批号 {wanted} 已经用了",
            where=str(where),
            advice="请换一个，或不写 --no 由本工具续编。",
        )
    return wanted


def _notes(row: dict[str, Any], loaded: Loaded) -> Iterator[str]:
    table = loaded.get(SupplyBatch)
    for index in table.usable():
        if all(table.column(name)[index] == row.get(name) for name in _FIELDS):
            number = table.column("batch_no")[index]
            yield f"台账里已有渠道、开发商、小区、套数、日期都相同的一批 {number}，请核对是否重复"
    yield from _term_notes(row, loaded.get(Developer))


def _term_notes(row: dict[str, Any], developers: Any) -> Iterator[str]:
    start, end, day = row.get("cooperation_start"), row.get("cooperation_end"), row["raised_on"]
    if start and end and not start <= day <= end:
        yield "筹集日期不在本批合作期限内，请核对"
    numbers = developers.column("developer_no")
    if row.get("developer_no") in numbers:
        index = numbers.index(row["developer_no"])
        last = developers.column("cooperation_end")[index]
        if last is not None and last < day:
            yield f"这家开发商的合作已于 {last} 截止，早于筹集日期"
    elif row["channel"] in (SupplyChannel.COOPERATION, SupplyChannel.GROUP_PURCHASE):
        yield f"{row['channel'].value}没有写开发商"
