"""The lock: one holder at a time, named to the others; a dead holder's lock is free."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from zhubao.core.errors import BureauBusy, LedgerReadOnly, LedgerWriteError
from zhubao.ledger.store import disk, lock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ledger.store.conftest import Bench

HOLD = """
import pathlib, sys, time
from zhubao.ledger.store import lock
from zhubao.ledger.store.places import Places
with lock.held(Places(pathlib.Path(sys.argv[1])), "rent receipt", 0):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_holder_that_is_killed_frees_the_lock_and_is_named(bureau: Bench) -> None:
    command = [sys.executable, "-c", HOLD, str(bureau.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BureauBusy, match=f"进程 {holder.pid}"):
            bureau.change()
        holder.send_signal(signal.SIGTERM)
    notes = bureau.change().notes
    assert "上一次运行意外中断" in notes[0]
    assert f"进程 {holder.pid}" in notes[0]
    assert "命令 rent receipt" in notes[0]


@pytest.mark.parametrize("content", [b"", b"{", b'{"pid": "x"}', b"[]"])
def test_a_holder_that_cannot_be_read_is_not_named(bureau: Bench, content: bytes) -> None:
    with lock.held(bureau.places, "x", 0):
        bureau.places.holder.write_bytes(content)
        with pytest.raises(BureauBusy) as caught:
            bureau.change()
    assert caught.value.message.startswith("另一个 zhubao 正在修改本局的台账；")
    bureau.places.folder.mkdir(exist_ok=True)
    bureau.places.holder.write_bytes(content)
    assert bureau.change().notes == ("上一次运行意外中断，已由本次接替",)


@pytest.mark.parametrize(
    ("seconds", "words"), [(200, "已进行 3 分钟"), (7300, "已进行 2 小时"), (-5, "不到 1 分钟")]
)
def test_the_age_of_the_holder_is_told(bureau: Bench, seconds: float, words: str) -> None:
    with lock.held(bureau.places, "x", 0):
        text = disk.ordered_json(
            {"pid": 1, "host": "PC01", "command": "x", "since": time.time() - seconds}
        )
        bureau.places.holder.write_text(text, encoding="utf-8")
        with pytest.raises(BureauBusy, match=words) as caught:
            bureau.change()
    assert "电脑 PC01" in caught.value.message


def test_the_lock_is_free_after_an_error(bureau: Bench) -> None:
    def fail(_: Path) -> None:
        raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            bureau.change(check=fail)
    assert bureau.change().id == "C0001"


def test_a_place_that_cannot_be_written_is_named(
    bureau: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "denied", str(folder))

    with monkeypatch.context() as patch:
        patch.setattr(disk, "make_folder", deny)
        with pytest.raises(LedgerReadOnly, match=r"\.zhubao"):
            bureau.change()
    bureau.places.folder.touch()  # a file where the folder should be
    with pytest.raises(LedgerWriteError):
        bureau.change()
    assert bureau.ledgers == bureau.old


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX locks")
def test_a_file_system_without_locks_is_said_so(
    bureau: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def missing(*_: object) -> None:
        raise OSError(errno.ENOSYS, "not implemented")

    monkeypatch.setattr(fcntl, "flock", missing)
    with pytest.raises(LedgerWriteError, match="加锁"):
        bureau.change()
    assert bureau.ledgers == bureau.old
