"""The write-ahead record: what an interrupted change was about to do, so it can be finished."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from zhubao.ledger.store import disk
from zhubao.ledger.store.journal import Head
from zhubao.ledger.store.places import Places

_VERSION = 1


class RecordUnreadable(ValueError):
    """The record is not what this tool writes."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One workbook of a change. `path` and `target` as `Places.relative` writes them."""

    path: str  # the ledger; may be a symbolic link
    target: str  # the file itself
    staged: str  # name of the new version, beside the target
    backup: str  # name in the backup folder
    before: str  # sha256
    after: str = ""  # sha256; known when committed

    @property
    def name(self) -> str:
        """The ledger's file name."""
        return Path(self.path).name


@dataclass(frozen=True, slots=True)
class Record:
    """A change under way: "staging" while it can only be dropped, "committed" once it counts."""

    id: str
    command: str
    time: str  # ISO, with offset
    files: tuple[FileEntry, ...]
    base: Head  # the journal before this change
    line: str = ""  # the complete journal line, without line end; committed when there

    @property
    def committed(self) -> bool:
        """Whether the change counts, once every new version is in place."""
        return bool(self.line)

    def dropped(self) -> Record:
        """The record of the same change given up."""
        return replace(self, line="")


def write_record(places: Places, record: Record) -> None:
    """Durable when this returns."""
    state = "committed" if record.committed else "staging"
    data = {"version": _VERSION, "state": state, **asdict(record)}
    disk.write_durably(places.pending, disk.ordered_json(data).encode())


def read_record(places: Places) -> Record | None:
    """The change that was interrupted; None when there is none, RecordUnreadable, or OSError."""
    try:
        data = places.pending.read_bytes()
    except FileNotFoundError:
        return None
    try:
        return _record(json.loads(data))
    except (ValueError, KeyError, TypeError) as fault:
        raise RecordUnreadable(str(fault)) from fault


def remove_record(places: Places) -> None:
    """Nothing is under way any more; durable when this returns."""
    disk.remove(places.pending)
    disk.remove(disk.fresh(places.pending))
    disk.sync_folder(places.folder)


def _record(data: dict[str, Any]) -> Record:
    if data["version"] != _VERSION:
        raise RecordUnreadable(f"version {data['version']}")
    files = tuple(FileEntry(**entry) for entry in data["files"])
    return Record(
        data["id"], data["command"], data["time"], files, Head(**data["base"]), data["line"]
    )
