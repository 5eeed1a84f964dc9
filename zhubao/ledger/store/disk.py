"""Durable file operations: what they did survives a power cut once they have returned."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from zhubao.core.errors import DiskFull, LedgerReadOnly, LedgerWriteError

UNCHANGED = "台账没有改动"
_CHUNK = 1 << 20
_WINDOWS_TRIES = 10  # a virus scanner or indexer may hold a fresh file for a moment
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}  # file systems without it
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_PERMISSION = {errno.EACCES, errno.EPERM, errno.EROFS}


def sha256_of(path: Path) -> str:
    """The file's hash in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_if_there(path: Path) -> str:
    """The file's hash; "" when there is no such file. OSError when it cannot be read."""
    try:
        return sha256_of(path)
    except FileNotFoundError:
        return ""


def sync(stream: BinaryIO) -> None:
    """Everything written to the stream is on the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames and new names in the folder durable (Windows has no such call)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """The folder exists, durably; its parent must be there."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        sync_folder(folder.parent)


def fresh(path: Path) -> Path:
    """Where the new content of `path` is written first."""
    return path.with_name(path.name + ".new")


def write_durably(path: Path, data: bytes) -> None:
    """`path` holds `data`, or what it held before: never anything in between."""
    with fresh(path).open("wb") as stream:
        stream.write(data)
        sync(stream)
    replace(fresh(path), path)
    sync_folder(path.parent)


def open_private(path: Path, mode: str) -> BinaryIO:
    """Open a new file that nobody else may read until `copy_mode` says so."""
    return cast(BinaryIO, open(path, mode, opener=_private_opener))


def _private_opener(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def copy_durably(source: Path, target: Path) -> str:
    """Copy content, mode and time of change; the hash of what was copied.

    The new name is durable only after `sync_folder`.
    """
    digest = hashlib.sha256()
    with source.open("rb") as reader, open_private(target, "wb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
        found = os.fstat(reader.fileno())
        copy_mode(found, target)
        sync(writer)
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
    return digest.hexdigest()


def copy_mode(original: os.stat_result, target: Path) -> None:
    """Give `target` the permission bits, and where permitted the owner, of the original."""
    if hasattr(os, "chown"):
        now = target.stat()
        if (now.st_uid, now.st_gid) != (original.st_uid, original.st_gid):
            with contextlib.suppress(OSError):
                os.chown(target, original.st_uid, original.st_gid)
    target.chmod(stat.S_IMODE(original.st_mode))


def replace(source: Path, target: Path) -> None:
    """`os.replace`, with some patience on Windows."""
    tries = _WINDOWS_TRIES if os.name == "nt" else 1
    for left in reversed(range(tries)):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(0.1)


def remove(path: Path) -> None:
    """The file is gone."""
    path.unlink(missing_ok=True)


def ordered_json(value: Any) -> str:
    """One line of JSON in the order of the keys. TypeError or ValueError for anything else."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")


def canonical_json(value: Any) -> str:
    """One line of JSON with sorted keys: what is hashed."""
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode("utf-8", "replace").decode("utf-8")


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """An OSError in the block becomes a message that names `path`."""
    try:
        yield
    except OSError as error:
        raise ledger_error(error, path) from error


def ledger_error(error: OSError, path: Path, outcome: str = UNCHANGED) -> LedgerWriteError:
    """The system's refusal as a message that names the file and says how the ledgers stand."""
    name = path.name or str(path)
    if error.errno in _NO_ROOM:
        return DiskFull(
            f"磁盘空间不够，写不下 {name}；{outcome}",
            where=str(path),
            advice="请腾出磁盘空间后重试",
        )
    if error.errno in _NO_PERMISSION:
        return LedgerReadOnly(
            f"没有权限写 {name}，或它正被别的程序占用；{outcome}",
            where=str(path),
            advice="请关闭正在使用它的程序，并请管理员检查文件和文件夹的写入权限，然后重试",
        )
    if error.errno == errno.ENOENT:
        return LedgerWriteError(
            f"找不到 {name}；{outcome}",
            where=str(path),
            advice="移走或改了名的，请放回原处；在网络盘上的，请先连上，然后重试",
        )
    return LedgerWriteError(
        f"写 {name} 时出错（{error.strerror or error}）；{outcome}",
        where=str(path),
        advice="请检查磁盘或网络连接后重试；一再出现的，请联系管理员检查磁盘",
    )
