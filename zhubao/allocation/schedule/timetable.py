"""What a timetable of choosing is made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from zhubao.allocation.schedule.bookings import Span
from zhubao.allocation.schedule.earlier import Earlier
from zhubao.allocation.schedule.households import Chooser
from zhubao.allocation.schedule.order import ScheduleOrder
from zhubao.allocation.schedule.slots import Clash, Slot
from zhubao.core.finding import Finding
from zhubao.ledger.allocation import DrawEvent, Stage


@dataclass(frozen=True, slots=True)
class Seat:
    """A household's turn: `call_no` counts over all rooms of the slot; `call_at` is an estimate."""

    chooser: Chooser
    call_no: int
    call_at: dt.datetime


@dataclass(frozen=True, slots=True)
class StagePlace:
    """When and where a batch goes through a stage; `moved`: later than the rule says."""

    stage: Stage
    span: Span
    place: str
    room: str
    moved: bool = False

    @property
    def where(self) -> str:
        """区政务中心 1号厅; a place of the stage's own is named once."""
        names = dict.fromkeys(name for name in (self.place, self.room) if name)
        return " ".join(names)


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """The households of one room in one slot, and their stages in order of time."""

    number: str
    slot: Slot
    room: str
    capacity: int
    accessible: bool
    seats: tuple[Seat, ...]
    stages: tuple[StagePlace, ...]

    @property
    def ranks(self) -> tuple[int, int]:
        """The earliest and the latest order number in it."""
        ranks = [seat.chooser.rank for seat in self.seats]
        return min(ranks), max(ranks)

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layouts in it, in order of choice."""
        return tuple(dict.fromkeys(seat.chooser.layout for seat in self.seats))


@dataclass(frozen=True, slots=True)
class Schedule:
    """The timetable. No batches when something kept it from being made: the findings say what."""

    event: DrawEvent
    order: ScheduleOrder
    as_of: dt.date
    place: str
    batches: tuple[PlannedBatch, ...] = ()
    clashes: tuple[Clash, ...] = ()
    unmet: tuple[tuple[PlannedBatch, Seat], ...] = ()
    earlier: Earlier = field(default_factory=Earlier)
    in_need: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Every turn, batch by batch."""
        return tuple(seat for batch in self.batches for seat in batch.seats)
