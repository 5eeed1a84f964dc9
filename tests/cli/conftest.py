"""The command line as a user meets it: run in this process, streams and exit code caught."""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from zhubao.cli.entry import main

SAMPLE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """What one command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Zhubao = Callable[..., Answer]


@pytest.fixture
def zhubao(monkeypatch: pytest.MonkeyPatch) -> Zhubao:
    """Run `zhubao WORDS` at a given width; standard output is no terminal."""

    def run(*words: str | Path, columns: int = 80) -> Answer:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        code = main([str(word) for word in words])
        monkeypatch.undo()
        for thread in threading.enumerate():  # a process of its own would have ended with `code`
            if thread.name.startswith("zhubao"):
                thread.join()
        return Answer(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample bureau: the repository root."""
    return SAMPLE
