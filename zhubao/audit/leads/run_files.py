"""Where runs are kept: `.zhubao/audit/`, one small file per run, written whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path

from zhubao.audit.leads.history import RunRecord, from_text, is_repetition, to_text
from zhubao.audit.leads.kinds import RUN_UNREAD
from zhubao.core.finding import Cell, Finding
from zhubao.ledger.store.disk import make_folder, telling, write_durably
from zhubao.ledger.store.places import Places

_NAME = "run-{as_of}-{at}-{state}.json"
_UNSAFE = re.compile(r"[^0-9T]")


def runs_folder(root: Path) -> Path:
    """The folder of a bureau's runs; it may not exist yet."""
    return Places(root).folder / "audit"


def read_runs(root: Path) -> tuple[list[RunRecord], list[Finding]]:
    """Every run kept, oldest first, and a notice for each file that cannot be read."""
    runs, faults = [], []
    folder = runs_folder(root)
    for path in sorted(folder.glob("run-*.json")) if folder.is_dir() else ():
        try:
            runs.append(from_text(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            faults.append(RUN_UNREAD.at(Cell(path.name), name=path.name))
    return sorted(runs, key=lambda run: run.order), faults


def keep_run(root: Path, record: RunRecord, kept: list[RunRecord]) -> Path | None:
    """Write the run down; None when the same run is kept already.

    LedgerWriteError when the folder cannot be written.
    """
    if any(is_repetition(record, one) for one in kept):
        return None
    folder = runs_folder(root)
    moment = _UNSAFE.sub("", record.at)[:21]
    path = folder / _NAME.format(as_of=record.as_of, at=moment, state=record.state[:8])
    with telling(path):
        make_folder(folder.parent)
        make_folder(folder)
        write_durably(path, to_text(record).encode())
    return path
