"""What a job file says, once it is read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

LONGEST = 3600.0  # seconds a job may take when the file says nothing: a batch never hangs for good
EXPECTED = frozenset({0, 1})  # 1: done, with findings


class OnFailure(StrEnum):
    """What becomes of the jobs that follow when one fails."""

    STOP = "stop"
    CONTINUE = "continue"


class PeriodEnd(StrEnum):
    """The month that was closed last is the last one of such a period."""

    QUARTER = "quarter_end"
    HALF_YEAR = "half_year_end"
    YEAR = "year_end"

    @property
    def months(self) -> frozenset[int]:
        """The months that end such a period."""
        step = {"quarter_end": 3, "half_year_end": 6, "year_end": 12}[self.value]
        return frozenset(range(step, 13, step))

    @property
    def title(self) -> str:  # type: ignore[override]
        """In words."""
        return {"quarter_end": "季末", "half_year_end": "半年末", "year_end": "年末"}[self.value]


@dataclass(frozen=True, slots=True)
class When:
    """In which closed months (1 to 12) a job is due; `words` say so."""

    months: frozenset[int] = frozenset(range(1, 13))
    words: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as written: `command` still has its placeholders; `timeout` is in seconds."""

    name: str
    command: tuple[str, ...]
    on_failure: OnFailure = OnFailure.STOP
    expect: frozenset[int] = EXPECTED
    timeout: float = LONGEST
    when: When = When()
    needs: tuple[str, ...] = ()
    bureaus: tuple[str, ...] = ()  # only there; empty = everywhere
    line: int = 0
    command_line: int = 0


@dataclass(frozen=True, slots=True)
class JobFile:
    """A job file: its place, the sha256 of its bytes, and what it says."""

    path: Path
    sha256: str
    title: str = ""
    date: dt.date | None = None
    as_of: dt.date | str | None = None  # a text may be a placeholder
    bureaus: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()  # of the keys above the jobs

    def line_of(self, key: str) -> int:
        """Where a key above the jobs stands; 0 when it cannot be told."""
        return dict(self.lines).get(key, 0)
