"""What a change consists of: the workbooks to replace, and what the journal will say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from zhubao.ledger.store.journal import EntryFile
from zhubao.ledger.store.places import Places
from zhubao.ledger.store.record import Record
from zhubao.ledger.store.refusals import Target


@dataclass(frozen=True, slots=True)
class FileWrite:
    """One workbook to replace.

    `sha256`: of the version the change was planned on. `write` writes the whole new version.
    `check` gets the path of the finished new version and raises to stop the change.
    """

    path: Path
    sha256: str
    write: Callable[[BinaryIO], None]
    check: Callable[[Path], None] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the journal will say. All JSON; `arguments` and `cells` with personal data masked.

    `private` is not masked: it goes beside the backups, and only its hash into the journal.
    """

    command: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    cells: Sequence[Mapping[str, Any]] = ()
    private: Mapping[str, Any] = field(default_factory=dict)
    undoes: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """A change that was made. `notes`: what else the clerk should know (Chinese)."""

    id: str
    files: tuple[EntryFile, ...]
    backup: Path
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A change under way."""

    places: Places
    writes: Sequence[FileWrite]
    targets: Sequence[Target]
    record: Record
    draft: Draft
    now: dt.datetime
    user: str
