"""Where the tool keeps its own files: `.zhubao` in the bureau folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = ".zhubao"
_BACK = ".back"  # suffix of a backup that is about to be put back


@dataclass(frozen=True, slots=True)
class Places:
    """The paths below one bureau root."""

    root: Path

    @property
    def folder(self) -> Path:
        """The tool's own folder."""
        return self.root / FOLDER

    @property
    def lock(self) -> Path:
        """The file that is locked; it has no content and is never deleted."""
        return self.folder / "lock"

    @property
    def holder(self) -> Path:
        """Who has the lock."""
        return self.folder / "holder.json"

    @property
    def pending(self) -> Path:
        """The write-ahead record; there only while a change is under way or interrupted."""
        return self.folder / "pending.json"

    @property
    def journal(self) -> Path:
        """One line per applied change."""
        return self.folder / "journal.jsonl"

    @property
    def head(self) -> Path:
        """Number of lines, last hash and size of the journal."""
        return self.folder / "journal.head"

    @property
    def backups(self) -> Path:
        """One folder per change."""
        return self.folder / "backups"

    def backup(self, change_id: str) -> Path:
        """The ledgers as they were before this change, and its private payload."""
        return self.backups / change_id

    def relative(self, path: Path) -> str:
        """The path as it is written down: from the root, with `/`; absolute when outside."""
        full = Path(os.path.abspath(path))
        for root in (Path(os.path.abspath(self.root)), self.root.resolve()):
            if full.is_relative_to(root):
                return full.relative_to(root).as_posix()
        return str(full)

    def absolute(self, text: str) -> Path:
        """The file that `relative` wrote down."""
        return self.root / text


def restoring(staged: Path) -> Path:
    """Beside the target: the backup while it is being put back."""
    return staged.with_name(staged.name + _BACK)
