"""Where the texts of draws are kept: written once, never replaced, checked whenever they are read.

`.zhubao/draws/<event>/frozen-<first 16 digits of the hash>/` holds a freeze, `draw-<n>/` the n-th
draw. Each folder appears whole or not at all. `seal.json` in it lists the SHA-256 of every file, so
that a text which was changed afterwards is not taken for the frozen one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from zhubao.core.errors import LedgerWriteError
from zhubao.ledger.store.disk import (
    canonical_json,
    make_folder,
    replace,
    sha256_of,
    sync_folder,
    telling,
    write_durably,
)
from zhubao.ledger.store.places import Places

_SEAL = "seal.json"
_DRAW = re.compile(r"draw-([1-9][0-9]*)")
_FROZEN = re.compile(r"frozen-([0-9a-f]{16})")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class DrawArchiveBroken(LedgerWriteError):
    """A frozen text or a draw's record is missing or was changed after it was written."""

    code = "ENV-313"


class DrawArchive:
    """The kept texts of one event below a bureau root. Texts are UTF-8 with LF."""

    def __init__(self, root: Path, event: str) -> None:
        self.root, self.event = root, event
        self._places = Places(root)
        name = _UNSAFE.sub("_", event.strip()) or "_"
        self.folder = self._places.folder / "draws" / (name if name[0] != "." else f"_{name}")

    def keep_frozen(self, rules_hash: str, texts: Mapping[str, str]) -> Path:
        """Keep the texts of a freeze (file name → text); harmless until a ledger names its hash."""
        return self._keep(_frozen_name(rules_hash), texts)

    def frozen(self, rules_hash: str) -> dict[str, str]:
        """The texts of a freeze. DrawArchiveBroken when they are missing or were changed."""
        return self._read(_frozen_name(rules_hash))

    def freezes(self) -> tuple[str, ...]:
        """Of every freeze kept, the first 16 digits of its hash; in ascending order."""
        if not self.folder.is_dir():
            return ()
        found = (_FROZEN.fullmatch(path.name) for path in self.folder.iterdir())
        return tuple(sorted(match[1] for match in found if match))

    def drop_frozen(self, rules_hash: str) -> None:
        """Forget a freeze that no ledger came to name."""
        shutil.rmtree(self.folder / _frozen_name(rules_hash), ignore_errors=True)

    def keep_draw(self, draw_no: int, texts: Mapping[str, str]) -> Path:
        """Keep the texts of the n-th draw; LedgerWriteError when there is one already."""
        return self._keep(f"draw-{draw_no}", texts)

    def draw(self, draw_no: int) -> dict[str, str]:
        """The texts of the n-th draw. DrawArchiveBroken when they are missing or were changed."""
        return self._read(f"draw-{draw_no}")

    def draws(self) -> tuple[int, ...]:
        """The numbers of the draws kept, ascending."""
        if not self.folder.is_dir():
            return ()
        found = (_DRAW.fullmatch(path.name) for path in self.folder.iterdir())
        return tuple(sorted(int(match[1]) for match in found if match))

    def _keep(self, name: str, texts: Mapping[str, str]) -> Path:
        target = self.folder / name
        if target.exists():
            raise LedgerWriteError(
                f"{name} 已经存在，不能覆盖",
                where=str(target),
                advice="冻结的名册和摇过的号不能改写；要重摇，请按重摇的手续办理",
            )
        fresh = target.with_name(f"{name}.{os.getpid()}.new")  # two terminals never share one
        with telling(target):
            for folder in (self._places.folder, self.folder.parent, self.folder):
                make_folder(folder)
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            for file, text in texts.items():
                write_durably(fresh / file, text.encode())
            seal = {file: sha256_of(fresh / file) for file in texts}
            write_durably(fresh / _SEAL, canonical_json(seal).encode())
            replace(fresh, target)
            sync_folder(self.folder)
        return target

    def _read(self, name: str) -> dict[str, str]:
        folder = self.folder / name
        try:
            seal = json.loads((folder / _SEAL).read_bytes())
            changed = [file for file in seal if sha256_of(folder / file) != seal[file]]
            if not changed:
                return {file: (folder / file).read_bytes().decode() for file in seal}
        except (OSError, ValueError, AttributeError, TypeError) as fault:
            raise _broken(folder, "找不到或读不了") from fault
        raise _broken(folder, f"{'、'.join(changed)} 被改动过")


def _frozen_name(rules_hash: str) -> str:
    return f"frozen-{rules_hash[:16]}"


def _broken(folder: Path, fault: str) -> DrawArchiveBroken:
    return DrawArchiveBroken(
        f"摇号存档 {folder.name} {fault}",
        where=str(folder),
        advice="请从备份或已公布的文件恢复这个文件夹，不要自行修改其中的文件；不能恢复的，须重新冻结、重新公布",
    )
