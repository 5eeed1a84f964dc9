"""One writer at a time for each bureau: a lock of the operating system, free when a run dies."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from zhubao.core.errors import BureauBusy
from zhubao.ledger.store import disk
from zhubao.ledger.store.places import Places

if TYPE_CHECKING:
    from filelock import FileLock


@dataclass(frozen=True, slots=True)
class LockHolder:
    """The run that has, or had, the lock; `since` in seconds since 1970."""

    pid: int
    host: str
    command: str
    since: float

    @property
    def words(self) -> str:
        """Process, computer and command, for a message."""
        return f"进程 {self.pid}，电脑 {self.host}，命令 {self.command}"

    @property
    def began(self) -> str:
        """When it began, local time."""
        return f"{dt.datetime.fromtimestamp(self.since):%Y-%m-%d %H:%M}"


@contextlib.contextmanager
def held(places: Places, command: str, wait: float, outcome: str = disk.UNCHANGED) -> Iterator[str]:
    """Hold the bureau's lock; gives a note when the last holder ended abruptly, else "".

    BureauBusy when it is not free within `wait` seconds (0: at once); LedgerReadOnly, DiskFull or
    LedgerWriteError when the tool's folder cannot be written. `outcome` is how the ledgers stand
    then, for the message.
    """
    try:
        disk.make_folder(places.folder)
        lock = _acquired(places, wait)
    except OSError as error:
        raise disk.ledger_error(_explained(error), places.folder, outcome) from error
    if lock is None:
        raise _busy(read_holder(places), outcome)
    try:
        yield _announced(places, command, outcome)
    finally:
        with contextlib.suppress(OSError):
            disk.remove(places.holder)
        lock.release()


def read_holder(places: Places) -> LockHolder | None:
    """Who has the lock, as far as can be told."""
    try:
        found = json.loads(places.holder.read_bytes())
        return LockHolder(
            int(found["pid"]), str(found["host"]), str(found["command"]), float(found["since"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _acquired(places: Places, wait: float) -> FileLock | None:
    from filelock import FileLock, Timeout  # 60 ms, only needed to write

    lock = FileLock(places.lock, fallback_to_soft=False, preserve_lock_file=True)
    try:
        lock.acquire(timeout=wait, poll_interval=0.02)
    except Timeout:
        return None
    return lock


def _explained(error: OSError) -> OSError:
    """A file system without locks, in words."""
    if error.errno in (errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK):
        return OSError(error.errno, "这个磁盘或网络盘不支持加锁")
    return error


def _announced(places: Places, command: str, outcome: str) -> str:
    """Write down who holds the lock; a note when somebody else is still written there."""
    note = _taken_over(places)
    mine = LockHolder(os.getpid(), socket.gethostname(), command, time.time())
    try:
        disk.remove(places.holder)  # may be somebody else's, who alone may write it
        places.holder.write_text(disk.ordered_json(asdict(mine)), encoding="utf-8")
    except OSError as error:
        raise disk.ledger_error(error, places.holder, outcome) from error
    return note


def _taken_over(places: Places) -> str:
    if not places.holder.exists():
        return ""
    former = read_holder(places)
    told = f"（{former.words}，{former.began} 开始）" if former else ""
    return f"上一次运行意外中断{told}，已由本次接替"


def _busy(holder: LockHolder | None, outcome: str) -> BureauBusy:
    told = f"（{holder.words}，{_age(time.time() - holder.since)}）" if holder else ""
    return BureauBusy(
        f"另一个 zhubao 正在修改本局的台账{told}；{outcome}",
        where=holder.host if holder else "",
        advice="请等它结束后重试；若它停住不动，请在那台电脑上结束它",
    )


def _age(seconds: float) -> str:
    if seconds < 60:
        return "刚开始不到 1 分钟"
    if seconds < 3600:
        return f"已进行 {int(seconds // 60)} 分钟"
    return f"已进行 {int(seconds // 3600)} 小时"
