"""Putting new versions in place, or old ones back; used by a change and by its recovery alike."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zhubao.ledger.store import backups, disk, journal
from zhubao.ledger.store.places import Places, restoring
from zhubao.ledger.store.record import FileEntry, Record, remove_record, write_record


class Standing(enum.Enum):
    """How a target stands. A new version that lies no longer beside it has been swapped in."""

    OLD = enum.auto()
    NEW = enum.auto()
    OLD_EDITED = enum.auto()  # neither, and the new version is still waiting
    NEW_EDITED = enum.auto()  # neither, and the new version has been swapped in


@dataclass(frozen=True, slots=True)
class Standings:
    """Every target of a change, and what can be done without losing an edit."""

    places: Places
    by_entry: tuple[tuple[FileEntry, Standing], ...]

    def having(self, *standings: Standing) -> list[FileEntry]:
        """The targets that stand like this."""
        return [entry for entry, standing in self.by_entry if standing in standings]

    @property
    def can_go_forward(self) -> bool:
        """Nobody edited an old version, and each new version still to be put in is intact."""
        waiting = self.having(Standing.OLD)
        return not self.having(Standing.OLD_EDITED) and all(
            disk.sha256_if_there(staged_path(self.places, entry)) == entry.after
            for entry in waiting
        )

    def can_go_back(self, change_id: str) -> bool:
        """Nobody edited a new version, and each backup to be put back is intact."""
        folder = self.places.backup(change_id)
        return not self.having(Standing.NEW_EDITED) and all(
            disk.sha256_if_there(folder / entry.backup) == entry.before
            for entry in self.having(Standing.NEW)
        )


def target_path(places: Places, entry: FileEntry) -> Path:
    """The file to be replaced."""
    return places.absolute(entry.target)


def staged_path(places: Places, entry: FileEntry) -> Path:
    """Its new version, as long as it is waiting."""
    return target_path(places, entry).with_name(entry.staged)


def standings(places: Places, record: Record) -> Standings:
    """How the targets of a committed change stand. OSError when one cannot be read."""
    return Standings(places, tuple((entry, _standing(places, entry)) for entry in record.files))


def put_in(places: Places, entries: Iterable[FileEntry]) -> None:
    """Swap in the waiting versions, durably. OSError at the first that cannot be."""
    folders = set()
    for entry in entries:
        target = target_path(places, entry)
        disk.replace(staged_path(places, entry), target)
        folders.add(target.parent)
    for folder in sorted(folders):
        disk.sync_folder(folder)


def put_back(places: Places, record: Record, entries: Iterable[FileEntry]) -> None:
    """Put the backups back in place, durably. OSError at the first that cannot be."""
    for entry in entries:
        target = target_path(places, entry)
        temporary = restoring(staged_path(places, entry))
        disk.copy_durably(places.backup(record.id) / entry.backup, temporary)
        disk.replace(temporary, target)
        disk.sync_folder(target.parent)


def finish(places: Places, record: Record) -> None:
    """Every new version is in place: write the journal line, then forget the record."""
    journal.append(places, record.line, record.base)
    _remove_staged(places, record)
    remove_record(places)


def give_up(places: Places, record: Record) -> None:
    """No new version is in place: remove what was prepared, then forget the record.

    A committed record is taken back first: without its staged files it would look as if they
    had been swapped in. OSError when something is left behind; the record then stays as well.
    """
    if record.committed:
        try:
            write_record(places, record.dropped())
        except OSError:  # no room: forgetting needs none
            remove_record(places)
    _remove_staged(places, record)
    backups.discard(places, record.id, [entry.backup for entry in record.files])
    remove_record(places)


def _standing(places: Places, entry: FileEntry) -> Standing:
    """FileNotFoundError when both versions are gone: the folder may have been moved."""
    waiting = staged_path(places, entry).exists()
    target = target_path(places, entry)
    found = disk.sha256_if_there(target) if waiting else disk.sha256_of(target)
    if found == entry.before and (waiting or found != entry.after):
        return Standing.OLD
    if found == entry.after:
        return Standing.NEW
    return Standing.OLD_EDITED if waiting else Standing.NEW_EDITED


def _remove_staged(places: Places, record: Record) -> None:
    for entry in record.files:
        staged = staged_path(places, entry)
        disk.remove(staged)
        disk.remove(restoring(staged))
