"""Adds one to a ledger, again and again: `counter.py ROOT ROUNDS`. Started twice by a test."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
import sys
import time
from pathlib import Path
from typing import BinaryIO

from zhubao.core.errors import BureauBusy, LedgerChanged
from zhubao.ledger.store.transaction import Draft, FileWrite, Keep, commit


def add_one(root: Path) -> bool:
    """Whether it was done; not when somebody else was quicker."""
    path = root / "ledgers/counter.xlsx"
    content = path.read_bytes()
    time.sleep(random.uniform(0, 0.01))  # between reading and writing

    def write(stream: BinaryIO) -> None:
        stream.write(str(int(content) + 1).encode())

    write_plan = FileWrite(path, hashlib.sha256(content).hexdigest(), write)
    draft = Draft("count", {"pid": os.getpid()})
    try:
        commit(
            root, [write_plan], draft, now=dt.datetime(2020, 6, 30), user="x", keep=Keep(), wait=0.5
        )
    except (LedgerChanged, BureauBusy):
        return False
    return True


def main(root: str, rounds: str) -> None:
    left = int(rounds)
    while left:
        left -= add_one(Path(root))


if __name__ == "__main__":
    main(*sys.argv[1:])
