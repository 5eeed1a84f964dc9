"""What a batch must know of a command before it runs; handed in by the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a command does to the ledgers."""

    READS = "reads"
    WRITES = "writes"  # --yes
    PREVIEWS = "previews"  # --dry-run
    UNDECIDED = "undecided"  # would ask, and nobody is there


@dataclass(frozen=True, slots=True)
class Verdict:
    """A command judged without running it; `problem` is empty when it can run."""

    effect: Effect = Effect.READS
    problem: str = ""
    advice: str = ""


Judge = Callable[[Sequence[str]], Verdict]
