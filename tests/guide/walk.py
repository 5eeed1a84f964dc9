"""The guided half hour of the README, walked as it is written there."""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

import pytest

from zhubao.cli.entry import main

README = Path(__file__).resolve().parents[2] / "README.md"
HEADING = "## 半小时走一遍"
_COMMENT = re.compile(r"\s+#.*$")
_WORD = re.compile(r"[a-z][a-z-]*")


@dataclass(frozen=True)
class Step:
    """One command of the guide: as typed, how it ended, what the screen showed."""

    command: str
    code: int
    screen: str

    @property
    def name(self) -> str:
        """The words that name the command: `allocate-draw`."""
        return "-".join(takewhile(_WORD.fullmatch, self.command.split()[1:]))


@dataclass(frozen=True)
class Walk:
    """The whole half hour, and the bureau it left behind."""

    bureau: Path
    steps: tuple[Step, ...]


def guide() -> str:
    """The section of the README."""
    text = README.read_text(encoding="utf-8")
    begin = text.index(HEADING)
    return text[begin : text.index("\n## ", begin)]


def commands() -> list[str]:
    """The lines of its block of commands, without their comments."""
    block = re.search(r"```sh\n(.*?)```", guide(), re.DOTALL)
    assert block, "the guide has no block of commands"
    return [_COMMENT.sub("", line) for line in block[1].splitlines() if line.strip()]


def walk(folder: Path) -> Walk:
    """Type every line in `folder`, at a terminal of 80 columns, answering yes when asked.

    One thing is not as in life: the salts of the freeze, which are random, are the same at every
    walk, so that hashes and places of the draw are. Everything else the commands pin by their
    dates.
    """
    steps: list[Step] = []
    with pytest.MonkeyPatch.context() as patch:
        _furnish(patch)
        patch.chdir(folder)
        for line in commands():
            steps += _typed(line, folder, patch)
        here = Path.cwd()
    return Walk(here, tuple(steps))


def _furnish(patch: pytest.MonkeyPatch) -> None:
    """A terminal with colours, and salts that anyone can guess."""
    for name in ("NO_COLOR", "COLORTERM", "ZHUBAO_BUREAU"):
        patch.delenv(name, raising=False)
    for name, value in {"COLUMNS": "80", "TERM": "xterm-256color", "FORCE_COLOR": "1"}.items():
        patch.setenv(name, value)
    salts = _salts()
    patch.setattr("zhubao.cli.allocate_freeze._fresh_salt", lambda: next(salts))


def _salts() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield sha256(str(number).encode()).hexdigest()[:32]


def _typed(line: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Step]:
    for command in line.split(" && "):
        program, *words = shlex.split(command)
        if program == "cd":
            os.chdir(folder / words[0])
            continue
        assert program == "zhubao", command
        code, screen = _run(words, patch)
        yield Step(command, code, screen.replace(f"{Path.cwd()}{os.sep}", ""))


def _run(words: list[str], patch: pytest.MonkeyPatch) -> tuple[int, str]:
    screen = _Screen()
    with patch.context() as streams:
        streams.setattr(sys, "stdout", screen)
        streams.setattr(sys, "stderr", screen)
        streams.setattr(sys, "stdin", _Keyboard(screen))
        code = main(words)
    for thread in threading.enumerate():  # a process of its own would have ended with `code`
        if thread.name.startswith("zhubao"):
            thread.join()
    return code, screen.getvalue()


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


class _Keyboard:
    """Whoever sits there answers yes, and sees it on the screen."""

    def __init__(self, screen: _Screen) -> None:
        self._screen = screen

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        self._screen.write("y\n")
        return "y\n"
