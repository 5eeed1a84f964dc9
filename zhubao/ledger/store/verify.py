"""Does the journal still say what was written? Looks at lines, chain, head, backups and ledgers.

Whoever replaces journal and head together, with every hash computed anew, is not found out:
to guard against that, keep the last hash (`read_journal(root).entries[-1].hash`) elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from zhubao.ledger.store import disk
from zhubao.ledger.store.backups import PAYLOAD, names_for
from zhubao.ledger.store.journal import Entry, EntryFile, Head, JournalFault, read_journal
from zhubao.ledger.store.places import Places


def verify_journal(root: Path) -> list[JournalFault]:
    """Everything that is wrong, and notices; lines first. JournalBroken when it cannot be read.

    Found: a line changed, removed, inserted or moved; a cut end; what is no line; a payload or
    backup changed or lost. Noticed: backups tidied away, ledgers changed since by other means, a
    change under way.
    """
    places = Places(root)
    journal = read_journal(root)
    faults = [*journal.faults, *_head_faults(places, journal.entries)]
    for entry in journal.entries:
        faults += _backup_faults(places, entry)
    return [*faults, *_ledger_notices(places, journal.entries)]


def _head_faults(places: Places, entries: Sequence[Entry]) -> Iterator[JournalFault]:
    if places.pending.exists():
        message = "有一次改动正在进行，或中途中断"
        yield JournalFault("pending", 0, message, notice=True)
        return
    lines = places.journal.read_bytes().count(b"\n") if places.journal.exists() else 0
    if not places.head.exists():
        if lines:
            yield JournalFault("tail", lines, "journal.head 不见了，不能确定末尾有没有少")
        return
    head = _head(places)
    if head is None:
        yield JournalFault("tail", lines, "journal.head 被改动过")
    elif lines < head.lines:
        gone = head.lines - lines
        yield JournalFault("tail", lines, f"末尾少了 {gone} 行：应有 {head.lines} 行")
    elif lines > head.lines:
        message = f"末尾多出 {lines - head.lines} 行：应有 {head.lines} 行"
        yield JournalFault("tail", head.lines + 1, message)
    elif entries and entries[-1].n == lines and entries[-1].hash != head.hash:
        yield JournalFault("tail", lines, f"第 {lines} 行不是当初写下的那一行", entries[-1].id)


def _head(places: Places) -> Head | None:
    try:
        return Head(**json.loads(places.head.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _backup_faults(places: Places, entry: Entry) -> Iterator[JournalFault]:
    folder = places.backup(entry.id)
    if not folder.exists():
        message = f"改动 {entry.id} 的备份已经清理"
        yield JournalFault("backup", entry.n, message, entry.id, notice=True)
        return
    expected = {PAYLOAD: ("private", entry.private_sha256)}
    names = names_for([file.name for file in entry.files])
    expected |= {
        name: ("backup", file.before) for name, file in zip(names, entry.files, strict=True)
    }
    for name, (kind, sha256) in expected.items():
        if what := _difference(folder / name, sha256):
            message = f"改动 {entry.id} 的备份 {name} {what}"
            yield JournalFault(kind, entry.n, message, entry.id)


def _difference(path: Path, sha256: str) -> str:
    try:
        found = disk.sha256_if_there(path)
    except OSError:
        return "读不了"
    if not found:
        return "不见了"
    return "" if found == sha256 else "被改动过"


def _ledger_notices(places: Places, entries: Sequence[Entry]) -> Iterator[JournalFault]:
    last: dict[str, tuple[Entry, EntryFile]] = {}
    for entry in entries:
        for file in entry.files:
            before = last.get(file.path)
            if before is not None and before[1].after != file.before:
                span = f"在改动 {before[0].id} 和 {entry.id} 之间"
                message = f"{file.name} {span}在 zhubao 以外改动过"
                yield JournalFault("outside", entry.n, message, entry.id, notice=True)
            last[file.path] = entry, file
    for path, (entry, file) in last.items():
        if what := _difference(places.absolute(path), file.after):
            told = "之后在 zhubao 以外改动过" if what == "被改动过" else f"现在{what}"
            message = f"{file.name} 在改动 {entry.id} {told}"
            yield JournalFault("outside", entry.n, message, entry.id, notice=True)
