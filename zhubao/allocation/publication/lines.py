"""One line of a published list, how far the list has come, and what happened at the counter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from zhubao.allocation.publication.entrants import Entrant
from zhubao.core.finding import Cell


class Stage(StrEnum):
    """How far an event has come: what its list shows."""

    ROSTER = "摇号名册"
    RESULT = "摇号结果"
    SELECTION = "选房结果"


@dataclass(frozen=True, slots=True)
class Line:
    """One household on the list. `rank` 0 before the draw; `decision` "" before the counter."""

    entrant: Entrant
    rank: int = 0
    group_rank: int = 0
    outcome: str = ""
    reserve_rank: int = 0
    unit_no: str = ""
    digest: str = ""
    decision: str = ""
    sources: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """A record of 选房 in which somebody did not take a unit, or gave one back."""

    entrant: Entrant
    action: str
    order: int | None
    unit_no: str
    at: dt.datetime
    reason: str
    clerk: str
    witness: str
    place: Cell
