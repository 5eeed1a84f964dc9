"""What is entered at the selection counters: one durable line per entry, shared by all counters.

`.zhubao/draws/<event>/selection.jsonl` is only ever appended to; every line holds the hash of the
line before. Counters on the same bureau folder take turns with one lock and read what the others
wrote before they write themselves. A line that a power cut tore is cut off: it was never confirmed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from zhubao.core.errors import BureauBusy, LedgerWriteError
from zhubao.ledger.store.disk import canonical_json, make_folder, sync, sync_folder, telling
from zhubao.ledger.store.draw_archive import DrawArchive
from zhubao.ledger.store.places import Places

NAME = "selection.jsonl"
_WAIT = 10.0  # seconds; an entry takes milliseconds


class SelectionLogBroken(LedgerWriteError):
    """A line was changed, taken out or put in after it was written."""

    code = "ENV-315"


class SelectionLog:
    """The entries of one event, oldest first; `entries` is what has been read so far.

    An entry is any mapping that JSON can hold; the log adds n, prev and hash.
    """

    def __init__(self, root: Path, event: str) -> None:
        self._places = Places(root)
        self.path = DrawArchive(root, event).folder / NAME
        self.entries: list[dict[str, Any]] = []
        self.torn = False  # an unfinished last line was found
        self._offset = 0
        self._last = ""
        self._others: dict[Path, tuple[int, list[str]]] = {}

    def read(self) -> list[dict[str, Any]]:
        """What has been written since the last call; SelectionLogBroken when it does not follow."""
        try:
            with telling(self.path), self.path.open("rb") as stream:
                stream.seek(0, 2)
                if stream.tell() < self._offset:
                    raise self._broken(len(self.entries), "短了")
                stream.seek(self._offset)
                data = stream.read()
        except LedgerWriteError as fault:
            if isinstance(fault.__cause__, FileNotFoundError) and not self._offset:
                return []
            raise
        whole = data[: data.rfind(b"\n") + 1]
        self.torn = len(whole) < len(data)
        fresh = [self._checked(line) for line in whole.splitlines()]
        self._offset += len(whole)
        return fresh

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else writes; BureauBusy when another counter holds on for ten seconds."""
        from filelock import FileLock, Timeout  # 60 ms, only needed to write

        with telling(self.path):
            for folder in (self._places.folder, self.path.parent.parent, self.path.parent):
                make_folder(folder)
            file = self._places.folder / "selection.lock"
            lock = FileLock(file, fallback_to_soft=False, preserve_lock_file=True)
            try:
                lock.acquire(timeout=_WAIT, poll_interval=0.005)
            except Timeout as fault:
                raise BureauBusy(
                    "别的选房窗口一直占着选房记录，这一条没有登记",
                    where=str(self.path),
                    advice="请重输一次；一再这样的，检查别的窗口是否停住不动",
                ) from fault
        try:
            yield
        finally:
            lock.release()

    def append(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Put entries behind the last one, durably. Only within `locked`, after `read`."""
        known, last = len(self.entries), self._last
        data = b"".join(self._line(entry) for entry in entries)
        try:
            with telling(self.path):
                self._write(data)
        except LedgerWriteError:
            del self.entries[known:]
            self._last = last
            raise
        self._offset += len(data)

    def numbers_elsewhere(self) -> list[str]:
        """The selection numbers in the logs of the bureau's other events."""
        for path in self.path.parent.parent.glob(f"*/{NAME}"):
            size = path.stat().st_size
            if path != self.path and self._others.get(path, (-1, []))[0] != size:
                self._others[path] = (size, _numbers(path))
        return [number for _, numbers in self._others.values() for number in numbers]

    def _write(self, data: bytes) -> None:
        is_new = not self.path.exists()
        with self.path.open("ab") as stream:
            if stream.tell() > self._offset:  # torn by a power cut, or by a full disk
                stream.truncate(self._offset)
            stream.write(data)
            sync(stream)
        if is_new:
            sync_folder(self.path.parent)

    def _line(self, entry: Mapping[str, Any]) -> bytes:
        content = {"n": len(self.entries) + 1, **entry, "prev": self._last}
        self._last = _hash(content)
        self.entries.append({**content, "hash": self._last})
        return canonical_json(self.entries[-1]).encode() + b"\n"

    def _checked(self, line: bytes) -> dict[str, Any]:
        number = len(self.entries) + 1
        try:
            entry = dict(json.loads(line))
        except (ValueError, TypeError) as fault:
            raise self._broken(number, "读不出") from fault
        content = {key: value for key, value in entry.items() if key != "hash"}
        if entry.get("n") != number or entry.get("prev") != self._last:
            raise self._broken(number, "接不上前一行")
        if entry.get("hash") != _hash(content):
            raise self._broken(number, "被改动过")
        self._last = str(entry["hash"])
        self.entries.append(entry)
        return entry

    def _broken(self, line: int, fault: str) -> SelectionLogBroken:
        return SelectionLogBroken(
            f"选房记录第 {line} 行{fault}",
            where=str(self.path),
            advice="请从备份恢复这个文件，不要自行修改；不能恢复的，改名留存后对照签字的选房单重新登记",
        )


class MemoryLog(SelectionLog):
    """For rehearsals: starts with what is on the disk, and writes nothing there."""

    def read(self) -> list[dict[str, Any]]:
        """What is on the disk at the first call, nothing afterwards."""
        return [] if self.entries else super().read()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else is there."""
        yield

    def append(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Keep the entries in memory."""
        for entry in entries:
            self._line(entry)


def _numbers(path: Path) -> list[str]:
    """The numbers in another event's log; its own counter judges whether it is sound."""
    found = []
    for line in path.read_bytes().splitlines():
        with contextlib.suppress(ValueError, TypeError, AttributeError):
            found.append(str(json.loads(line).get("selection_no", "")))
    return found


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
