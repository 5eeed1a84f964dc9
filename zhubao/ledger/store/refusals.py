"""What stops a change before it begins: open, changed, read-only, no room."""

from __future__ import annotations

import os
import shutil
import stat
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhubao.core.errors import DiskFull, LedgerChanged, LedgerOpen, LedgerReadOnly
from zhubao.excel.owner import holder_of
from zhubao.ledger.store import disk
from zhubao.ledger.store.places import Places

_MARGIN = 1 << 20  # bytes, beyond the size of the present version
_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


Stamp = tuple[int, int, int]
"""Inode, size and time of change (nanoseconds) of a file."""


@dataclass(frozen=True, slots=True)
class Target:
    """A ledger to be replaced: as the clerk knows it, the file itself, and what it should hold."""

    path: Path
    real: Path
    sha256: str


def target_of(path: Path, sha256: str) -> Target:
    """Symbolic links are followed; LedgerChanged when there is no such file."""
    try:
        return Target(path, path.resolve(strict=True), sha256)
    except FileNotFoundError as error:
        raise _changed(path, "不见了") from error
    except (OSError, RuntimeError) as error:  # a link in a circle
        raise _changed(path, "打不开了") from error


def examine(places: Places, targets: Sequence[Target]) -> None:
    """LedgerOpen, LedgerReadOnly, LedgerChanged or DiskFull, each naming the file."""
    for own in (places.folder, places.backups, places.journal):
        if own.exists() and not os.access(own, os.W_OK):
            advice = "请管理员给出 .zhubao 文件夹的写入权限"
            raise _read_only(own, f"操作日志和备份写不进去（{own.name}）", advice)
    for target in targets:
        refuse_open(target)
    for target in targets:
        _refuse_read_only(target)
    for target in targets:
        refuse_changed(target)
    _refuse_no_room(places, targets)


def refuse_open(target: Target) -> None:
    """LedgerOpen when an owner file lies beside the ledger or the file it links to."""
    holder = holder_of(target.path)
    if holder is None and target.real != target.path:
        holder = holder_of(target.real)
    if holder is not None:
        raise LedgerOpen(
            f"{target.path.name} {holder.message}；{disk.UNCHANGED}",
            where=str(target.path),
            advice=holder.advice,
        )


def refuse_changed(target: Target) -> None:
    """LedgerChanged when the file does not hold what was read."""
    try:
        found = disk.sha256_of(target.real)
    except FileNotFoundError as error:
        raise _changed(target.path, "不见了") from error
    except OSError as error:
        raise disk.ledger_error(error, target.path) from error
    if found != target.sha256:
        raise _changed(target.path, "被改动过")


def look_again(target: Target) -> Stamp:
    """LedgerOpen or LedgerChanged, else the file's stamp from before its content was compared."""
    refuse_open(target)
    with disk.telling(target.path):
        stamp = _stamp(target)
    refuse_changed(target)
    return stamp


def refuse_touched(target: Target, stamp: Stamp) -> None:
    """LedgerChanged when the file is no longer the one that was looked at; OSError when it is gone.

    Cheap, for the last moment; a program that writes between this and the swap is not seen.
    """
    if _stamp(target) != stamp:
        raise _changed(target.path, "被改动过")


def _stamp(target: Target) -> Stamp:
    found = target.real.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _changed(path: Path, what: str) -> LedgerChanged:
    return LedgerChanged(
        f"{path.name} 读取之后{what}；{disk.UNCHANGED}",
        where=str(path),
        advice="请重新运行本命令，按最新的台账再算一次",
    )


def _refuse_read_only(target: Target) -> None:
    """Replacing a file needs no right to write it; one that is marked read-only stays, though."""
    try:
        marked = not target.real.stat().st_mode & _ANY_WRITE
    except OSError as error:
        raise disk.ledger_error(error, target.path) from error
    if marked or not os.access(target.real, os.W_OK):
        raise _read_only(target.path, f"{target.path.name} 是只读的", "取消文件的“只读”属性")
    if not os.access(target.real.parent, os.W_OK | os.X_OK):
        folder = f"{target.path.name} 所在的文件夹不能写入"
        raise _read_only(target.real.parent, folder, "请管理员给出这个文件夹的写入权限")


def _read_only(where: Path, message: str, advice: str) -> LedgerReadOnly:
    return LedgerReadOnly(
        f"{message}；{disk.UNCHANGED}", where=str(where), advice=f"{advice}，然后重试"
    )


def _refuse_no_room(places: Places, targets: Sequence[Target]) -> None:
    """Each disk must hold a new version of about the same size, and the backup."""
    needed: dict[int, int] = defaultdict(int)
    folders: dict[int, Path] = {}
    for target in targets:
        size = target.real.stat().st_size
        for folder in (target.real.parent, places.folder):
            device = folder.stat().st_dev
            folders.setdefault(device, folder)
            needed[device] += size + _MARGIN
    for device, folder in folders.items():
        if shutil.disk_usage(folder).free < needed[device]:
            raise _no_room(folder, needed[device], targets)


def _no_room(folder: Path, needed: int, targets: Sequence[Target]) -> DiskFull:
    names = "、".join(target.path.name for target in targets)
    return DiskFull(
        f"磁盘空间不够，写不下 {names} 的新版本和备份；{disk.UNCHANGED}",
        where=str(folder),
        advice=f"请腾出约 {-(-needed // 1_000_000)} MB 空间后重试",
    )
