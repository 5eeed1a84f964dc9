"""Changing several workbooks: all of them or none, whatever happens and whenever it happens.

Order: lock; finish what an earlier run left; refuse; stage each new version beside its target;
back up; look again; write down that the change counts (from here on it is completed, if need be by
the next run); swap; journal; forget the record. Names that are hard links come apart, symbolic
links stay. Two bureaus that link to one ledger have two locks: the second look still catches all
but the last moment.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from pathlib import Path

from zhubao.ledger.store import backups, disk, journal, lock, recovery, refusals
from zhubao.ledger.store.apply import apply
from zhubao.ledger.store.backups import Keep
from zhubao.ledger.store.draft import Applied, Draft, FileWrite, Work
from zhubao.ledger.store.places import Places
from zhubao.ledger.store.prepare import entry_file, prepare
from zhubao.ledger.store.record import FileEntry, Record

__all__ = ["Applied", "Draft", "FileWrite", "Keep", "commit"]

_NAME_TAIL = 40  # characters of the ledger's name in the name of its new version


def commit(
    root: Path,
    writes: Sequence[FileWrite],
    draft: Draft,
    *,
    now: dt.datetime,
    user: str,
    keep: Keep,
    wait: float = 2.0,
) -> Applied:
    """Replace all these workbooks, or none: then a LedgerWriteError, or what a callback raised.

    `wait` in seconds: how long to wait for another run (0: not at all). `now` without a time zone
    is local time. JournalBroken and RecoveryConflict: something must be put right first.
    """
    places = Places(root)
    with lock.held(places, draft.command, wait) as taken_over:
        recovered = recovery.resolve(places)
        if recovered is not None and recovered.conflict is not None:
            raise recovered.conflict
        notes = [taken_over, recovered.message if recovered else ""]
        with disk.telling(places.folder):
            work = _begun(places, writes, draft, now.astimezone(), user)
        record, stamps = prepare(work)
        unfinished = apply(work, record, stamps)
        notes += [unfinished or _pruned(places, keep, work.now)]
    files = tuple(entry_file(entry) for entry in record.files)
    return Applied(record.id, files, places.backup(record.id), tuple(filter(None, notes)))


def _begun(
    places: Places, writes: Sequence[FileWrite], draft: Draft, now: dt.datetime, user: str
) -> Work:
    """Refusals, and the plan of the change; nothing is written yet."""
    targets = [refusals.target_of(write.path, write.sha256) for write in writes]
    if not targets or len({target.real for target in targets}) < len(targets):
        raise ValueError("a change replaces one or more different files")
    refusals.examine(places, targets)
    base = journal.head_of(places)
    change_id = backups.next_id(places, base.lines)
    names = backups.names_for([target.path.name for target in targets])
    token = secrets.token_hex(3)
    files = tuple(
        FileEntry(
            path=places.relative(target.path),
            target=places.relative(target.real),
            staged=f".zhubao-{change_id}-{token}-{target.real.name[-_NAME_TAIL:]}",
            backup=name,
            before=target.sha256,
        )
        for target, name in zip(targets, names, strict=True)
    )
    record = Record(change_id, draft.command, now.isoformat(timespec="seconds"), files, base)
    return Work(places, writes, targets, record, draft, now, user)


def _pruned(places: Places, keep: Keep, now: dt.datetime) -> str:
    """Old backups go; that they cannot is no reason to fail."""
    try:
        backups.prune(places, keep, now)
    except OSError as error:
        return f"过期的备份没能清理（{error.strerror or error}），下次会再试"
    return ""
