"""The journal: one line of JSON per applied change, each holding the hash of the line before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhubao.core.errors import JournalBroken
from zhubao.ledger.store import disk
from zhubao.ledger.store.places import Places

_KEYS = (
    "n", "id", "time", "user", "command", "arguments", "files", "cells",
    "private_sha256", "undoes", "prev", "hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the journal: number of lines, last hash ("" when empty), size in bytes."""

    lines: int = 0
    hash: str = ""
    size: int = 0

    def after(self, line: str) -> Head:
        """The head once this line is appended."""
        size = self.size + len(line.encode()) + 1
        return Head(self.lines + 1, str(json.loads(line)["hash"]), size)


@dataclass(frozen=True, slots=True)
class EntryFile:
    """One workbook of a change: name, path from the bureau root, sha256 before and after."""

    name: str
    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One applied change."""

    n: int
    id: str
    time: str  # ISO, with offset
    user: str
    command: str
    arguments: Mapping[str, Any]
    files: tuple[EntryFile, ...]
    cells: tuple[Mapping[str, Any], ...]
    private_sha256: str
    undoes: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class JournalFault:
    """What is wrong with the journal. `line` counts from 1, 0 when no line can be named; for
    backups and ledgers it is the number the line gives itself.

    `notice`: nothing has been tampered with, but somebody may want to know.
    """

    kind: str  # not_json, changed, chain, torn, tail, pending, private, backup, outside
    line: int
    message: str
    change: str = ""  # the id
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Journal:
    """The changes, oldest first, and what is wrong with the lines themselves."""

    entries: tuple[Entry, ...]
    faults: tuple[JournalFault, ...]


def line_of(values: Mapping[str, Any]) -> str:
    """The journal line of these values (all but the hash), without line end."""
    content = {key: values[key] for key in _KEYS if key != "hash"}
    return disk.ordered_json({**content, "hash": _hash(content)})


def read_journal(root: Path) -> Journal:
    """All lines; a line that cannot be read is a fault and no entry. JournalBroken: no access."""
    places = Places(root)
    try:
        data = places.journal.read_bytes()
    except FileNotFoundError:
        return Journal((), ())
    except OSError as error:
        raise _broken(places, f"操作日志读不了（{error.strerror}）") from error
    lines = data.split(b"\n")
    torn = lines.pop()
    parsed = [parse(line, number) for number, line in enumerate(lines, 1)]
    entries = tuple(line for line in parsed if isinstance(line, Entry))
    faults = [line for line in parsed if isinstance(line, JournalFault)]
    faults += _chain_faults(parsed)
    if torn and not places.pending.exists():
        number = len(lines) + 1
        faults.append(JournalFault("torn", number, f"第 {number} 行不完整，没有写完"))
    return Journal(entries, tuple(faults))


def _chain_faults(parsed: Sequence[Entry | JournalFault]) -> Iterator[JournalFault]:
    """Where a line does not follow on the one above; unreadable lines count as they stand."""
    known = {line.n for line in parsed if isinstance(line, Entry)}
    above, at = Head(), 0  # the last good line and where it stands
    for number, line in enumerate(parsed, 1):
        if isinstance(line, JournalFault):
            continue
        follows = line.n == above.lines + number - at
        if not follows or (at == number - 1 and line.prev != above.hash):
            told = _break(line, above.lines, number, known)
            yield JournalFault("chain", number, told, line.id)
        above, at = Head(line.n, line.hash), number


def _break(line: Entry, above: int, number: int, known: set[int]) -> str:
    gone = set(range(above + 1, line.n)) - known
    if gone and line.n > above:
        return f"第 {number} 行之前少了 {len(gone)} 行"
    return f"第 {number} 行接不上前一行：有一行是插进来的，或者顺序调换过"


def parse(line: bytes, number: int) -> Entry | JournalFault:
    """The change on this line; a fault when the line is not as it was written."""
    try:
        values = json.loads(line)
        entry = _entry(values)
    except (ValueError, KeyError, TypeError):
        return JournalFault("not_json", number, f"第 {number} 行不是日志的内容")
    content = {key: value for key, value in values.items() if key != "hash"}
    if _hash(content) != entry.hash or disk.ordered_json(values).encode() != line:
        return JournalFault("changed", number, f"第 {number} 行被改动过", entry.id)
    return entry


def head_of(places: Places) -> Head:
    """The end of the journal, to go on from; JournalBroken when head and journal disagree."""
    try:
        size = places.journal.stat().st_size if places.journal.exists() else 0
        if not places.head.exists() and not size:
            return Head()
        head = Head(**json.loads(places.head.read_bytes()))
    except FileNotFoundError as error:
        raise _broken(places, "操作日志的 journal.head 不见了") from error
    except OSError as error:
        raise _broken(places, f"操作日志读不了（{error.strerror}）") from error
    except (ValueError, TypeError) as error:
        raise _broken(places, "操作日志的 journal.head 被改动过") from error
    if size != head.size:
        raise _broken(places, f"操作日志被改动过：应有 {head.lines} 行、{head.size} 字节")
    return head


def append(places: Places, line: str, base: Head) -> None:
    """Put the line after `base`, durably, and move the head on; harmless when it is there already.

    A torn beginning of the line is cut off first. Other content after `base` stays before it: the
    chain then shows the break.
    """
    if not contains(places, line, base):
        _append(places, line.encode() + b"\n", base)
    disk.write_durably(places.head, disk.ordered_json(asdict(base.after(line))).encode())


def contains(places: Places, line: str, base: Head) -> bool:
    """Whether the complete line stands after `base`."""
    return _tail(places, base) == line.encode() + b"\n"


def _append(places: Places, data: bytes, base: Head) -> None:
    is_new = not places.journal.exists()
    with places.journal.open("ab") as stream:
        tail = b"" if is_new else _tail(places, base)
        if tail and b"\n" not in tail:
            stream.truncate(base.size)
        stream.write(data)
        disk.sync(stream)
    if is_new:
        disk.sync_folder(places.folder)


def _tail(places: Places, base: Head) -> bytes:
    """What stands after `base`."""
    try:
        with places.journal.open("rb") as stream:
            stream.seek(base.size)
            return stream.read()
    except FileNotFoundError:
        return b""


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(disk.canonical_json(content).encode()).hexdigest()


def _entry(values: dict[str, Any]) -> Entry:
    if tuple(values) != _KEYS:
        raise KeyError("keys")
    files = tuple(EntryFile(**file) for file in values["files"])
    return Entry(**{**values, "files": files, "cells": tuple(values["cells"])})


def _broken(places: Places, message: str) -> JournalBroken:
    return JournalBroken(
        f"{message}；{disk.UNCHANGED}",
        where=str(places.journal),
        advice="请先核对操作日志，查明原因；确认要另起一本的，把 journal.jsonl 和 journal.head "
        "改名留存（不要删除），再重试",
    )
