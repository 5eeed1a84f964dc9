"""One batch at a time for each bureau: a lock of the operating system, free when a run dies."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from zhubao.core.errors import BureauBusy
from zhubao.ledger.store import disk
from zhubao.ledger.store.places import Places

_OUTCOME = "批处理没有开始"


@contextlib.contextmanager
def only_batch(root: Path, file: Path, began: str) -> Iterator[None]:
    """Hold the bureau's batch lock. BureauBusy, at once, when another batch has it.

    Another lock than that of the ledgers, which the jobs take for themselves. `began` is when this
    batch began, for the message to the other.
    """
    from filelock import FileLock, Timeout  # 60 ms, only needed to run

    folder = Places(root).folder
    note = folder / "batch.json"
    lock = FileLock(folder / "batch.lock", fallback_to_soft=False, preserve_lock_file=True)
    try:
        disk.make_folder(folder)
        lock.acquire(timeout=0)
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "file": str(file)}
        note.write_text(json.dumps(holder | {"began": began}, ensure_ascii=False), "utf-8")
    except Timeout:
        raise _busy(root, note) from None
    except OSError as error:
        lock.release()
        raise disk.ledger_error(error, folder, _OUTCOME) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink()
        lock.release()


def _busy(root: Path, note: Path) -> BureauBusy:
    try:
        found = json.loads(note.read_bytes())
        told = (
            f"（进程 {found['pid']}，电脑 {found['host']}，{found['began']} 开始，{found['file']}）"
        )
    except (OSError, ValueError, KeyError, TypeError):
        told = ""
    return BureauBusy(
        f"另一个批处理正在本局运行{told}，这次没有开始",
        where=str(root),
        advice="请等它结束后重试；若它停住不动，请结束那个进程。",
    )
