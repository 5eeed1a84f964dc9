"""Finishing what an interrupted run left: the change is completed or taken back, not half done."""

from __future__ import annotations

import datetime as dt
import enum
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhubao.core.errors import BureauBusy, LedgerOpen, LedgerWriteError, RecoveryConflict
from zhubao.excel.owner import holder_of
from zhubao.ledger.store import disk, journal, lock, swap
from zhubao.ledger.store.places import Places
from zhubao.ledger.store.record import FileEntry, Record, RecordUnreadable, read_record
from zhubao.ledger.store.swap import Standing, Standings

_UNFINISHED = "上次的改动没有做完，台账可能只改了一部分"


class Outcome(enum.StrEnum):
    """What became of an interrupted change."""

    COMPLETED = "completed"  # all new
    TAKEN_BACK = "taken_back"  # all old
    UNRESOLVED = "unresolved"  # as it was found; `conflict` says why


@dataclass(frozen=True, slots=True)
class Recovery:
    """An interrupted change and what became of it. `files` and `edited` are file names.

    `edited` were saved by somebody after the interruption; what they saved stays.
    `conflict`: why the ledgers may be half new, for a warning; a change of ledgers raises it.
    """

    id: str
    outcome: Outcome
    command: str
    time: str  # of the change; ISO
    files: tuple[str, ...]
    edited: tuple[str, ...] = ()
    conflict: LedgerWriteError | None = None

    @property
    def message(self) -> str:
        """What happened, for the clerk."""
        if self.conflict is not None:
            return f"{self.conflict.message}。{self.conflict.advice}"
        names = "、".join(self.files)
        if self.outcome is Outcome.COMPLETED:
            told = f"现已补完：{names} 都是改动后的内容"
        else:
            told = f"现已撤回：{names} 都是改动前的内容，需要时请重新运行该命令"
        return f"改动 {self.id}（{self.command}，{_clock(self.time)}）中途中断，{told}{self._kept}"

    @property
    def _kept(self) -> str:
        if not self.edited:
            return ""
        return f"；{'、'.join(self.edited)} 在中断之后有人修改并保存过，修改已保留"


def recover(root: Path, wait: float = 10.0) -> Recovery | None:
    """Finish an interrupted change, if there is one (else one look at the disk); never raises.

    While another run is putting new versions in place, waits up to `wait` seconds for it; while
    one is only preparing, the ledgers are all old and there is nothing to wait for.
    """
    places = Places(root)
    deadline = time.monotonic() + wait
    while _is_pending(places):
        try:
            with lock.held(places, "recover", 0, _UNFINISHED):
                return resolve(places)
        except BureauBusy as busy:
            if not _is_swapping(places):
                return None
            if time.monotonic() >= deadline:
                return _unknown(busy)
        except LedgerWriteError as error:
            return _unknown(error)
        time.sleep(0.05)
    return None


def resolve(places: Places) -> Recovery | None:
    """The same under the lock, at once. None when nothing was interrupted."""
    try:
        record = read_record(places)
    except (RecordUnreadable, OSError):
        return _unknown(_unreadable(places))
    if record is None:
        return None
    try:
        return _resolved(places, record)
    except OSError as error:
        where = Path(error.filename2 or error.filename or places.folder)
        return _told(record, Outcome.UNRESOLVED, disk.ledger_error(error, where, _UNFINISHED))


def _resolved(places: Places, record: Record) -> Recovery:
    if not record.committed:
        swap.give_up(places, record)
        return _told(record, Outcome.TAKEN_BACK)
    if journal.contains(places, record.line, record.base):
        swap.finish(places, record)
        return _told(record, Outcome.COMPLETED)
    found = swap.standings(places, record)
    if found.can_go_forward:
        return _forward(places, record, found)
    if found.can_go_back(record.id):
        return _back(places, record, found)
    return _told(record, Outcome.UNRESOLVED, _conflict(places, record, found))


def _forward(places: Places, record: Record, found: Standings) -> Recovery:
    waiting = found.having(Standing.OLD)
    if is_open := _open_error(places, waiting):
        return _told(record, Outcome.UNRESOLVED, is_open)
    swap.put_in(places, waiting)
    swap.finish(places, record)
    return _told(record, Outcome.COMPLETED, edited=found.having(Standing.NEW_EDITED))


def _back(places: Places, record: Record, found: Standings) -> Recovery:
    swapped = found.having(Standing.NEW)
    if is_open := _open_error(places, swapped):
        return _told(record, Outcome.UNRESOLVED, is_open)
    swap.put_back(places, record, swapped)
    swap.give_up(places, record)
    return _told(record, Outcome.TAKEN_BACK, edited=found.having(Standing.OLD_EDITED))


def _is_pending(places: Places) -> bool:
    """Whoever may not look into the tool's folder goes on reading without."""
    try:
        return places.pending.exists()
    except OSError:
        return False


def _is_swapping(places: Places) -> bool:
    try:
        record = read_record(places)
    except (RecordUnreadable, OSError):
        return True
    return record is not None and record.committed


def _told(
    record: Record,
    outcome: Outcome,
    conflict: LedgerWriteError | None = None,
    edited: Sequence[FileEntry] = (),
) -> Recovery:
    files = tuple(entry.name for entry in record.files)
    names = tuple(entry.name for entry in edited)
    return Recovery(record.id, outcome, record.command, record.time, files, names, conflict)


def _unknown(conflict: LedgerWriteError) -> Recovery:
    return Recovery("", Outcome.UNRESOLVED, "", "", (), (), conflict)


def _open_error(places: Places, entries: Sequence[FileEntry]) -> LedgerOpen | None:
    for entry in entries:
        path, real = places.absolute(entry.path), swap.target_path(places, entry)
        if holder := holder_of(path) or holder_of(real):
            message = f"{entry.name} {holder.message}；{_UNFINISHED}，关闭之后会自动接着处理"
            return LedgerOpen(message, where=str(path), advice=holder.advice)
    return None


def _conflict(places: Places, record: Record, found: Standings) -> RecoveryConflict:
    words = {
        Standing.OLD: "是改动前的内容",
        Standing.NEW: "是改动后的内容",
        Standing.OLD_EDITED: "没有改到，后来有人修改过",
        Standing.NEW_EDITED: "已经改好，后来又有人修改过",
    }
    told = "，".join(f"{entry.name} {words[standing]}" for entry, standing in found.by_entry)
    backup = places.backup(record.id)
    return RecoveryConflict(
        f"改动 {record.id}（{record.command}，{_clock(record.time)}）中途中断，"
        f"不能自动补完或撤回：{told}",
        where=str(backup),
        advice="请先把这几本台账各另存一份留底，再用备份文件夹里的文件覆盖它们"
        f"（备份在 {backup}），然后重新运行 zhubao：这次改动会自动撤回，"
        "最后对照留底把各自的修改补上",
    )


def _unreadable(places: Places) -> RecoveryConflict:
    return RecoveryConflict(
        "有一次改动中途中断，而它的记录读不了，台账可能只改了一部分",
        where=str(places.pending),
        advice=f"请对照备份文件夹 {places.backups} 里最新的一份核对台账；"
        f"核对好以后，把 {places.pending} 改名留存，再重新运行",
    )


def _clock(iso: str) -> str:
    return f"{dt.datetime.fromisoformat(iso):%Y-%m-%d %H:%M}"
