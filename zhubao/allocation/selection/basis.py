"""Everything a selection starts from: the queue, the rows of 选房, the numbers, what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhubao.allocation.event.frozen import read_draw
from zhubao.allocation.event.record import EventRow, event_row, frozen_of, names_freeze
from zhubao.allocation.event.unit_list import open_events
from zhubao.allocation.selection.kinds import (
    CHOSEN_UNIT_GONE,
    ENTRANT_NOT_IN_LINE,
    UNIT_CHOSEN_TWICE,
)
from zhubao.allocation.selection.lineup import archived_queue, ledger_queue, refresh_homes
from zhubao.allocation.selection.numbers import Series, selection_series
from zhubao.allocation.selection.queue import Queue
from zhubao.allocation.selection.standing import CHOSEN, Entry, Standing, entry_of
from zhubao.core.errors import LedgerWriteError, UsageError
from zhubao.core.finding import Finding
from zhubao.ledger.allocation import (
    Batch,
    DrawEvent,
    DrawResult,
    DrawStatus,
    RosterEntry,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.store.draw_archive import DrawArchive, DrawArchiveBroken
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Dispatch, Unit
from zhubao.ledger.unread import refuse_missing

SELECT_MODELS: tuple[type[LedgerRow], ...] = (
    DrawEvent, Batch, RosterEntry, DrawResult, UnitSelection, Unit, Dispatch, Lease,
)  # fmt: skip
_NEEDED = (DrawEvent, UnitSelection, Unit, Dispatch, Lease)


@dataclass(frozen=True, slots=True)
class Basis:
    """An event ready for the counter; `rows` are its entries in the ledger, oldest first."""

    event: EventRow
    queue: Queue
    rows: tuple[Entry, ...]
    signed: frozenset[str]
    series: Series
    day: dt.date

    @property
    def written(self) -> frozenset[tuple[str, str]]:
        """The entries the ledger has."""
        return frozenset(entry.key for entry in self.rows)

    def unwritten(self, logged: Iterable[Mapping[str, Any]]) -> list[Entry]:
        """The entries of the log that the ledger does not have; an earlier draw's do not count."""
        entries = (_logged(values) for values in logged)
        draw_no, written = self.queue.draw_no, self.written
        return [one for one in entries if one.key not in written and one.draw_no == draw_no]

    def standing(self, logged: Iterable[Mapping[str, Any]] = ()) -> Standing:
        """The ledger's entries replayed, then those that only the log has."""
        replayed = Standing(self.queue, self.signed).take_all(self.rows)
        return replayed.take_all(self.unwritten(logged))


def read_basis(loaded: Loaded, root: Path, event_no: str, day: dt.date) -> Basis:
    """What the ledgers and the archive say of an event on the day.

    UsageError: a sheet that decides was not found, unknown event, not drawn yet, or 选房 has rows
    of it that cannot be read.
    DrawArchiveBroken: the archived draw is missing or was changed.
    """
    refuse_missing(loaded, "哪些房源还能选不能确定", *_NEEDED)
    event = event_row(loaded, event_no)
    queue = _queue_of(event, loaded, root)
    queue = refresh_homes(queue, loaded, day, event.row.purpose)
    table = loaded.get(UnitSelection)
    rows = _entries(table, event)
    signed = frozenset(
        table.column("entrant_no")[entry.index]
        for entry in rows
        if table.column("lease_no")[entry.index] or table.column("signed_on")[entry.index]
    )
    return Basis(event, queue, rows, signed, _series(table, loaded, event), day)


def refuse_status(basis: Basis, *, reopen: bool = False) -> None:
    """UsageError unless units are being chosen: 已摇号 or 选房中, 已结束 only to reopen it."""
    row = basis.event.row
    if row.status in (DrawStatus.DRAWN, DrawStatus.SELECTING):
        return
    if row.status is DrawStatus.FINISHED:
        if reopen:
            return
        advice = "还要递补选房的，请加 --reopen；只看情况，请加 --show。"
    else:
        advice = "摇号之后才能选房。"
    raise UsageError(f"活动 {row.event_no} 的状态是“{row.status.value}”，不能选房", advice=advice)


def basis_findings(basis: Basis, standing: Standing, loaded: Loaded) -> list[Finding]:
    """Units chosen twice, choices of units gone since, entries of households not in line."""
    table, queue = loaded.get(UnitSelection), basis.queue
    found: list[Finding] = []
    for entry in standing.twice:
        where = table.cell(entry.index, "unit_no") if entry.index >= 0 else None
        first = standing.holder.get(entry.unit_no, "")
        words = {"unit": entry.unit_no, "first": first, "second": entry.entrant_no}
        found.append(UNIT_CHOSEN_TWICE.at(where, **words))
    for entrant, entry in standing.last.items():
        where = table.row_cell(entry.index) if entry.index >= 0 else None
        if entrant not in queue.by_entrant:
            found.append(ENTRANT_NOT_IN_LINE.at(where, entrant=entrant))
        home = queue.homes.get(entry.unit_no)
        if entry.action is CHOSEN and entrant not in basis.signed and home and home.gone:
            words = {"who": entrant, "unit": entry.unit_no, "why": home.gone}
            found.append(CHOSEN_UNIT_GONE.at(where, **words))
    return sorted(found, key=lambda finding: finding.sort_key)


def _queue_of(event: EventRow, loaded: Loaded, root: Path) -> Queue:
    row = event.row
    archive = DrawArchive(root, row.event_no)
    if not names_freeze(archive, row):
        return ledger_queue(event, loaded, _promised(loaded, root, row.event_no))
    frozen = frozen_of(archive, event)
    if row.draw_no not in archive.draws():
        raise UsageError(
            f"活动 {row.event_no} 第 {row.draw_no} 次还没有摇号",
            advice=f"请先摇号：zhubao allocate draw {row.event_no}",
        )
    try:
        drawn = read_draw(frozen, archive.draw(row.draw_no))
    except (KeyError, ValueError) as fault:
        raise DrawArchiveBroken(
            f"第 {row.draw_no} 次摇号的存档读不通（{fault}）",
            where=str(archive.folder),
            advice="请从备份或已公布的文件恢复这个文件夹",
        ) from fault
    return archived_queue(event, frozen, drawn, loaded)


def _promised(loaded: Loaded, root: Path, event_no: str) -> set[str]:
    """The units on the frozen lists of the other draws that are open."""
    found: set[str] = set()
    for other in open_events(loaded, event_no):
        if other.row.rules_hash is not None:
            frozen = frozen_of(DrawArchive(root, other.row.event_no), other)
            found |= {unit.unit_no for unit in frozen.units}
    return found


def _entries(table: LedgerTable[UnitSelection], event: EventRow) -> tuple[Entry, ...]:
    """The event's rows in the order they happened; rows before a re-draw do not count."""
    since = event.row.drawn_at if event.row.draw_no > 1 else None
    events = table.column("event_no")
    own = [index for index, number in enumerate(events) if number == event.row.event_no]
    _refuse_bad(table, own)
    entries = [_entry(table, index) for index in own]
    kept = [one for one in entries if since is None or one.at is None or one.at >= since]
    if all(one.at is not None for one in kept):
        kept.sort(key=lambda one: (one.at or dt.datetime.min, one.index))
    return tuple(kept)


def _refuse_bad(table: LedgerTable[UnitSelection], indexes: Sequence[int]) -> None:
    names = ("selection_no", "entrant_no", "action", "unit_no")
    bad = [
        table.cell(index, name)
        for index in indexes
        for name in names
        if index in table.bad.get(name, ())
    ]
    if bad:
        raise UsageError(
            f"“选房”表里有 {len(bad)} 个单元格空着或读不出，哪些房源已选不能确定",
            where=str(bad[0]),
            advice="请先用 zhubao check 查看，改正后再选房。",
        )


def _entry(table: LedgerTable[UnitSelection], index: int) -> Entry:
    row = table.row(index)
    return Entry(
        row.selection_no,
        row.entrant_no,
        row.action,
        row.unit_no or "",
        row.abandon_reason or "",
        row.selected_at,
        index=index,
    )


def _series(table: LedgerTable[UnitSelection], loaded: Loaded, event: EventRow) -> Series:
    pairs = zip(table.column("selection_no"), table.column("event_no"), strict=True)
    rows = [(number, owner) for number, owner in pairs if number and owner]
    events = {number for number in loaded.get(DrawEvent).column("event_no") if number}
    return selection_series(event.row.event_no, rows, events | {owner for _, owner in rows})


def _logged(values: Mapping[str, Any]) -> Entry:
    try:
        return entry_of(values)
    except (KeyError, TypeError, ValueError) as fault:
        raise LedgerWriteError(
            f"选房记录第 {values.get('n', '?')} 行读不通（{fault}）",
            advice="请用同一版本的 zhubao 打开，或从备份恢复 selection.jsonl",
        ) from fault
