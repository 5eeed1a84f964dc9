"""The first half of a change: new versions, backups, a second look, and the record that counts."""

from __future__ import annotations

import contextlib
from dataclasses import asdict, replace

from zhubao.ledger.store import backups, disk, journal, refusals, swap
from zhubao.ledger.store.apply import take_back
from zhubao.ledger.store.draft import Work
from zhubao.ledger.store.journal import EntryFile
from zhubao.ledger.store.places import Places
from zhubao.ledger.store.record import FileEntry, Record, write_record
from zhubao.ledger.store.refusals import Stamp

_PRIVATE_MODE = 0o666  # at most, and no more than every ledger of the change allows


def prepare(work: Work) -> tuple[Record, list[Stamp]]:
    """Everything up to the point where the change counts; else nothing is left of it.

    The stamps tell whether a target is touched after the second look.
    """
    payload, digest = backups.payload_of(work.record.id, work.draft.private)
    record = work.record
    _line(work, record, digest)  # what is no JSON fails here, before anything is written
    try:
        _write_down(work.places, record)
        record = replace(record, files=tuple(_staged(work)))
        _back_up(work, payload)
        stamps = [refusals.look_again(target) for target in work.targets]
        record = replace(record, line=_line(work, record, digest))
        _write_down(work.places, record)
    except BaseException as error:
        _abandon(work.places, record, error)
        raise
    return record, stamps


def entry_file(entry: FileEntry) -> EntryFile:
    """The workbook as the journal names it."""
    return EntryFile(entry.name, entry.path, entry.before, entry.after)


def _write_down(places: Places, record: Record) -> None:
    with disk.telling(places.pending):
        write_record(places, record)


def _abandon(places: Places, record: Record, cause: BaseException) -> None:
    """Remove what was prepared; while the change does not count, the next run can do it as well."""
    if record.committed:
        take_back(places, record, cause)
        return
    with contextlib.suppress(OSError):
        swap.give_up(places, record)


def _staged(work: Work) -> list[FileEntry]:
    """Write, check and hash the new versions."""
    entries = []
    for write, target, entry in zip(work.writes, work.targets, work.record.files, strict=True):
        staged = swap.staged_path(work.places, entry)
        with disk.telling(target.path):
            with disk.open_private(staged, "x+b") as stream:
                write.write(stream)
                disk.copy_mode(target.real.stat(), staged)
                disk.sync(stream)
            if write.check is not None:
                write.check(staged)
            entries.append(replace(entry, after=disk.sha256_of(staged)))
            disk.sync_folder(staged.parent)
    return entries


def _back_up(work: Work, payload: bytes) -> None:
    """Copies of what was read, and the payload; LedgerChanged when a copy is of something else."""
    folder = work.places.backup(work.record.id)
    mode = _PRIVATE_MODE
    with disk.telling(folder):
        disk.make_folder(work.places.backups)
        disk.make_folder(folder)
    for target, entry in zip(work.targets, work.record.files, strict=True):
        with disk.telling(folder / entry.backup):
            if disk.copy_durably(target.real, folder / entry.backup) != entry.before:
                refusals.refuse_changed(target)
                raise OSError(f"{entry.backup}: the copy differs")
            mode &= target.real.stat().st_mode
    with disk.telling(folder / backups.PAYLOAD):
        backups.write_payload(folder, payload, mode, work.now)
        disk.sync_folder(folder)


def _line(work: Work, record: Record, digest: str) -> str:
    draft = work.draft
    return journal.line_of(
        {
            "n": record.base.lines + 1,
            "id": record.id,
            "time": record.time,
            "user": work.user,
            "command": draft.command,
            "arguments": dict(draft.arguments),
            "files": [asdict(entry_file(entry)) for entry in record.files],
            "cells": [dict(cell) for cell in draft.cells],
            "private_sha256": digest,
            "undoes": draft.undoes,
            "prev": record.base.hash,
        }
    )
