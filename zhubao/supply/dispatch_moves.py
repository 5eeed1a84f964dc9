"""What a command of 房源调配 amounts to: moves, new rows, cells that get another value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.units import Dispatch, DispatchStatus, DispatchType


@dataclass(frozen=True, slots=True)
class DispatchOrder:
    """What is to be frozen or dispatched: units, or `count` of a batch ("" for none)."""

    project: str
    housing_type: str
    day: dt.date
    units: tuple[str, ...] = ()
    batch: str = ""
    count: int | None = None
    headquarters: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Put:
    """A field of one record gets this value."""

    model: type[LedgerRow]
    index: int
    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class Move:
    """One dispatch as the clerk is shown it: before and after."""

    number: str
    project: str
    housing_type: DispatchType
    unit_no: str | None
    batch_no: str | None
    count: int
    before: DispatchStatus | None
    after: DispatchStatus
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """Everything one command does: new rows of 房源调配, cells, and notes for the clerk."""

    title: str
    day: dt.date
    moves: tuple[Move, ...]
    rows: tuple[dict[str, Any], ...] = ()
    puts: tuple[Put, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Units moved."""
        return sum(move.count for move in self.moves)


def dispatch_change(moves: Moves, loaded: Loaded, formats: Formats) -> Change:
    """The moves as a change of 房源调配 and 房源."""
    plan = Plan(moves.title, loaded, formats)
    plan.add(loaded.get(Dispatch), moves.rows)
    for put in moves.puts:
        plan.put(loaded.get(put.model), put.index, put.field, put.value)
    for note in moves.notes:
        plan.note(note)
    return plan.build()
