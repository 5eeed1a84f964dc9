"""Backups: for each change the ledgers as they were, and its private payload."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhubao.core.errors import LedgerWriteError
from zhubao.ledger.store import disk
from zhubao.ledger.store.places import Places

PAYLOAD = "change.json"
_DROPPED = ".dropped"
_ID = re.compile(r"C(\d{4,})")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long backups stay: the newest `count` changes always, others for `days` days.

    A backup is dropped when both allow it; the newest one is never dropped.
    """

    count: int = 50
    days: int = 365


def next_id(places: Places, lines: int) -> str:
    """The running number of the next change, C0001 on; never one that has a backup already."""
    return f"C{max([lines, *map(_number, _folders(places))]) + 1:04d}"


def names_for(names: Sequence[str]) -> list[str]:
    """The names of these files in one backup folder: theirs, numbered where they collide."""
    taken = {PAYLOAD}
    chosen = []
    for number, name in enumerate(names, 1):
        name = f"{number}-{name}" if name.casefold() in taken else name
        taken.add(name.casefold())
        chosen.append(name)
    return chosen


def payload_of(change_id: str, private: Mapping[str, Any]) -> tuple[bytes, str]:
    """The content of change.json and its sha256.

    A random number goes in, so that nobody can find short personal data by trying hashes.
    """
    data = {"id": change_id, "nonce": secrets.token_hex(16), "private": private}
    text = (disk.ordered_json(data) + "\n").encode()
    return text, hashlib.sha256(text).hexdigest()


def write_payload(folder: Path, data: bytes, mode: int, now: dt.datetime) -> None:
    """Write change.json, dated `now` (that date decides how long the backup stays)."""
    path = folder / PAYLOAD
    with disk.open_private(path, "wb") as stream:
        stream.write(data)
        path.chmod(mode)
        disk.sync(stream)
    os.utime(path, (now.timestamp(), now.timestamp()))


def read_private(root: Path, change_id: str) -> Mapping[str, Any]:
    """The private payload of a change; LedgerWriteError when it is gone or cannot be read."""
    path = Places(root).backup(change_id) / PAYLOAD
    try:
        private = json.loads(path.read_bytes())["private"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerWriteError(
            f"改动 {change_id} 的备份已经清理，或读不了",
            where=str(path),
            advice="备份只保留一段时间；可按操作日志里的记录手工改回",
        ) from error
    return dict(private)


def discard(places: Places, change_id: str, names: Sequence[str]) -> None:
    """Remove the backup of a change that did not come about."""
    folder = places.backup(change_id)
    for name in (*names, PAYLOAD):
        disk.remove(folder / name)
    try:
        folder.rmdir()
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):  # something of somebody else's
            raise


def prune(places: Places, keep: Keep, now: dt.datetime) -> None:
    """Drop the backups that need not stay. OSError when that fails."""
    for rest in places.backups.glob(f"*{_DROPPED}"):
        shutil.rmtree(rest)
    limit = (now - dt.timedelta(days=keep.days)).timestamp()
    newest_first = sorted(_folders(places), key=_number, reverse=True)
    for folder in newest_first[max(keep.count, 1) :]:
        if _dated(folder) < limit:
            gone = folder.with_name(folder.name + _DROPPED)
            folder.rename(gone)  # at once, so that no half backup is taken for one
            shutil.rmtree(gone)


def _folders(places: Places) -> list[Path]:
    with contextlib.suppress(FileNotFoundError):
        return [path for path in places.backups.iterdir() if _ID.fullmatch(path.name)]
    return []


def _number(folder: Path) -> int:
    return int(folder.name[1:])


def _dated(folder: Path) -> float:
    payload = folder / PAYLOAD
    return (payload if payload.exists() else folder).stat().st_mtime
