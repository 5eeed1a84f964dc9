"""An application as it stood at a moment, its stages, and all of them together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.services import Approval, ApprovalKind, ApprovalResult
from zhubao.ledger.table import LedgerTable
from zhubao.services.approval.halfdays import HalfDay, HalfDayClock
from zhubao.services.approval.rules import Stage

SETTLED = frozenset({ApprovalResult.APPROVED, ApprovalResult.REFUSED})
CLOSED = SETTLED | {ApprovalResult.WITHDRAWN}


class Standing(StrEnum):
    """Where a stage stands against its limit."""

    DECIDED = "已办结"
    LATE = "超期办结"
    OPEN = "在办"
    SOON = "即将到期"
    PAST = "已超期"
    PAUSED = "补正中"
    UNKNOWN = "无法计算"

    @property
    def is_open(self) -> bool:
        """True when received and neither decided nor closed with the file."""
        return self in (Standing.OPEN, Standing.SOON, Standing.PAST, Standing.PAUSED)

    @property
    def is_past(self) -> bool:
        """True when open past the limit."""
        return self is Standing.PAST


@dataclass(frozen=True, slots=True)
class Run:
    """One stage of one file. Numbers are half days.

    `gross` runs to the decision or, while open, to the moment asked for; `taken` is less the
    suspension (district only). Both are None where they cannot be told. `due` is filled where a
    limit holds and the stage is open or late.
    """

    stage: Stage
    received: dt.datetime | None
    decided: dt.datetime | None
    gross: int | None = None
    suspended: int = 0
    limit: int | None = None
    due: HalfDay | None = None
    standing: Standing = Standing.UNKNOWN

    @property
    def taken(self) -> int | None:
        """Half days that count."""
        return None if self.gross is None else max(0, self.gross - self.suspended)

    @property
    def left(self) -> int | None:
        """Half days to the limit; negative past it."""
        if self.limit is None or self.taken is None:
            return None
        return self.limit - self.taken

    @property
    def is_open(self) -> bool:
        """True when received and neither decided nor closed with the file."""
        return self.standing.is_open

    @property
    def is_measured(self) -> bool:
        """True for a decided stage whose duration is known."""
        return self.standing in (Standing.DECIDED, Standing.LATE)


@dataclass(frozen=True, slots=True)
class File:
    """One application; `result` and `settled_on` as known at the moment."""

    index: int
    number: str
    kind: ApprovalKind
    result: ApprovalResult
    settled_on: dt.date | None
    runs: tuple[Run, ...]

    @property
    def at_stage(self) -> Run | None:
        """The latest stage it has reached."""
        return self.runs[-1] if self.runs else None


@dataclass(frozen=True, slots=True)
class Files:
    """All applications known at the moment. `unread`: rows whose number, kind or result is bad."""

    loaded: Loaded
    table: LedgerTable[Approval]
    at: dt.datetime
    clock: HalfDayClock
    soon: int
    files: tuple[File, ...]
    unread: int
    findings: tuple[Finding, ...]
    _cells: dict[tuple[int, str], Cell] = field(default_factory=dict)
    _decided: dict[Stage, list[tuple[File, Run]]] = field(default_factory=dict)

    @property
    def as_of(self) -> dt.date:
        """The cut-off day."""
        return self.at.date()

    def value(self, file: File, name: str) -> Any:
        """A field of the file's row."""
        return self.table.column(name)[file.index]

    def cell(self, file: File, name: str) -> Cell:
        """The cell of a field."""
        key = file.index, name
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self.table.cell(file.index, name)
        return found

    def cells(self, file: File, run: Run) -> tuple[Cell, ...]:
        """The cells a stage's duration comes from."""
        names = [run.stage.received]
        names += [run.stage.decided] if run.decided is not None else []
        names += ["suspended_days"] if run.suspended else []
        return tuple(self.cell(file, name) for name in names)

    def decided(self, stage: Stage) -> list[tuple[File, Run]]:
        """The decided runs of a stage, in sheet order."""
        if not self._decided:
            self._decided.update({one: [] for one in Stage})
            for file, run in self.runs():
                if run.decided is not None:
                    self._decided[run.stage].append((file, run))
        return self._decided[stage]

    def runs(self) -> Iterator[tuple[File, Run]]:
        """Every stage of every file, in sheet order."""
        return ((file, run) for file in self.files for run in file.runs)
