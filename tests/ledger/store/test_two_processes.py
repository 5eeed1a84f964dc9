"""Two runs at once: no update is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from zhubao.ledger.store.journal import read_journal
from zhubao.ledger.store.verify import verify_journal

if TYPE_CHECKING:
    from tests.ledger.store.conftest import Bench

HERE = Path(__file__).parent
ROUNDS = 50


def test_two_runs_that_count_lose_nothing(bureau: Bench) -> None:
    bureau.ledger("counter.xlsx").write_bytes(b"0")
    command = [sys.executable, str(HERE / "counter.py"), str(bureau.root), str(ROUNDS)]
    env = {**os.environ, "PYTHONPATH": str(HERE.parents[2])}
    runs = [subprocess.Popen(command, env=env) for _ in range(2)]
    assert [run.wait(timeout=120) for run in runs] == [0, 0]
    assert bureau.ledger("counter.xlsx").read_bytes() == str(2 * ROUNDS).encode()
    entries = read_journal(bureau.root).entries
    assert [entry.n for entry in entries] == list(range(1, 2 * ROUNDS + 1))
    assert len({entry.arguments["pid"] for entry in entries}) == 2
    assert all(fault.notice for fault in verify_journal(bureau.root))
