"""A bureau of two small ledgers, a change of both, and copies of it as a crash would leave it."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from zhubao.ledger.store import disk, swap
from zhubao.ledger.store.places import Places
from zhubao.ledger.store.record import Record
from zhubao.ledger.store.transaction import Applied, Draft, FileWrite, Keep, commit

NOW = dt.datetime(2020, 6, 30, 15, 30)
OLD = {"arrears.xlsx": b"arrears 0", "tenants.xlsx": b"tenants 0"}
NEW = {"arrears.xlsx": b"arrears 1", "tenants.xlsx": b"tenants 1"}


class Bench:
    """A bureau folder to try changes on."""

    old, new = OLD, NEW

    def __init__(self, root: Path) -> None:
        self.root, self.places = root, Places(root)

    def ledger(self, name: str) -> Path:
        return self.root / "ledgers" / name

    @property
    def ledgers(self) -> dict[str, bytes]:
        """Everything in the ledgers folder, whatever it is called."""
        return {path.name: path.read_bytes() for path in sorted(self.ledger(".").iterdir())}

    @property
    def backups(self) -> list[str]:
        folder = self.places.backups
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    @property
    def journal_lines(self) -> list[bytes]:
        journal = self.places.journal
        return journal.read_bytes().splitlines(keepends=True) if journal.exists() else []

    def write(
        self, name: str, content: bytes, check: Callable[[Path], None] | None = None
    ) -> FileWrite:
        """Replace what the ledger now holds."""
        path = self.ledger(name)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()

        def write(stream: BinaryIO) -> None:
            stream.write(content)

        return FileWrite(path, sha256, write, check)

    def change(self, contents: Mapping[str, bytes] = NEW, **options: Any) -> Applied:
        """Change these ledgers; `check` goes to each."""
        check = options.pop("check", None)
        return self.commit(*(self.write(*item, check) for item in contents.items()), **options)

    def commit(self, *writes: FileWrite, **options: Any) -> Applied:
        """One change; options of the draft and of `commit`."""
        settings: dict[str, Any] = {"now": NOW, "keep": Keep(), "wait": 0}
        settings |= {key: options.pop(key) for key in settings if key in options}
        draft = Draft(**{"command": "rent post", "private": {"name": "张小明"}} | options)
        return commit(self.root, writes, draft, user="李四", **settings)


@pytest.fixture
def bureau(tmp_path: Path) -> Bench:
    """Two ledgers with their old content."""
    (tmp_path / "bureau/ledgers").mkdir(parents=True)
    bench = Bench(tmp_path / "bureau")
    for name, content in OLD.items():
        bench.ledger(name).write_bytes(content)
    return bench


@pytest.fixture
def crash(bureau: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Bench]:
    """The bureau as its second change, C0002, leaves it when it is cut off at some moment.

    "staging", "committed" (nothing swapped), "half" (the first of two), "swapped", "torn" (in the
    middle of the journal line), "journaled" (the head not yet).
    """
    bureau.change(OLD)

    def at(moment: str) -> Bench:
        copy = Bench(tmp_path / f"crashed-{moment}")

        def snapshot(_: object = None) -> None:
            if not copy.root.exists():
                shutil.copytree(bureau.root, copy.root, symlinks=True)

        with monkeypatch.context() as patch:
            _watch(patch, moment, snapshot)
            bureau.change(check=snapshot if moment == "staging" else None)
        if moment == "torn":
            with copy.places.journal.open("ab") as stream:
                stream.write(bureau.journal_lines[-1][:50])
        return copy

    return at


def _watch(patch: pytest.MonkeyPatch, moment: str, snapshot: Callable[[], None]) -> None:
    awaited = {"committed": "arrears.xlsx", "half": "tenants.xlsx", "journaled": "journal.head"}
    replace, finish = disk.replace, swap.finish

    def replacing(source: Path, target: Path) -> None:
        if target.name == awaited.get(moment):
            snapshot()
        replace(source, target)

    def finishing(places: Places, record: Record) -> None:
        if moment in ("swapped", "torn"):
            snapshot()
        finish(places, record)

    patch.setattr(disk, "replace", replacing)
    patch.setattr(swap, "finish", finishing)
