"""Makes the timetable: who chooses when and where, and the stages before and after.

The order of choice: within a stratum (小区 × 户型) nobody is called before somebody of an earlier
rank. Slots follow the queue, and within a slot one list is called over all its rooms in the same
order (`Seat.call_no`, with an estimated time). An accessible room therefore never changes the
order, only the door. See `dealing` for how needs and order are reconciled.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from zhubao.allocation.schedule.bookings import RoomBook, Span, ledger_bookings
from zhubao.allocation.schedule.dealing import Seated, cut_queue, seat
from zhubao.allocation.schedule.earlier import Engagements, engagements, read_earlier
from zhubao.allocation.schedule.households import (
    Chooser,
    Drawing,
    settled_entrants,
    wanted_choosers,
)
from zhubao.allocation.schedule.order import ScheduleOrder
from zhubao.allocation.schedule.slots import Clash, Slot, Window, open_window
from zhubao.allocation.schedule.stages import Busy, StageBook
from zhubao.allocation.schedule.timetable import PlannedBatch, Schedule, Seat
from zhubao.allocation.schedule.told import in_two_places, overtaken, told_of, too_small
from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding, has_errors
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.allocation import Batch, DrawEvent, DrawStatus
from zhubao.ledger.loaded import Loaded

_SERIAL = re.compile(r"-(\d+)$")


def plan_schedule(
    loaded: Loaded,
    event: DrawEvent,
    order: ScheduleOrder,
    drawing: Drawing,
    *,
    as_of: dt.date,
    calendar: WorkCalendar | None = None,
) -> Schedule:
    """Give every wanted household of the draw its batch.

    Batches of this event that began on or before `as_of` stay with their households; the others
    are planned anew. Nothing is planned when the results cannot be relied on, when a batch of the
    event cannot be read, or when the households do not all fit: then there are findings only.
    UsageError for a void draw, when the first day is not after `as_of`, and with nobody to plan.
    """
    _refuse(event, order, as_of)
    earlier = read_earlier(loaded, event.event_no, as_of)
    place = order.place or event.place or ""
    blank = Schedule(event, order, as_of, place, earlier=earlier)
    faults = [*drawing.findings, *earlier.findings]
    if has_errors(faults):
        return replace(blank, findings=_sorted(faults))
    queue = _queue(loaded, event, order, drawing, earlier.kept, as_of)
    book, days = RoomBook(), calendar or WorkCalendar()
    faults += ledger_bookings(loaded.get(Batch), earlier.replaced, order.first_day, book)
    window = open_window(order, days, book, place, len(queue))
    busy = engagements(loaded, event.event_no, order.first_day)
    counts = cut_queue(queue, window.slots, _elsewhere(queue, window.slots, busy, order))
    if counts is None:
        short = too_small(window, order, len(queue), queue[0].where)
        return replace(blank, findings=_sorted([*faults, short]), clashes=tuple(window.clashes))
    stages = StageBook(order, place, book, days, _any_busy(busy), [])
    pieces = seat(queue, counts, window.slots)
    batches = _batches(pieces, stages, _numbers(event.event_no, earlier.kept))
    made = _put_together(blank, batches, window, stages.clashes)
    faults += [*told_of(made), *in_two_places(made, busy)]
    faults += overtaken(queue, drawing.choosers, earlier)
    return replace(made, findings=_sorted(faults))


def _refuse(event: DrawEvent, order: ScheduleOrder, as_of: dt.date) -> None:
    if event.status is DrawStatus.VOID:
        raise UsageError(
            f"摇号活动 {event.event_no} 第 {event.draw_no} 次{event.status.value}，不能安排选房",
            advice="请核对活动编号和“活动状态”；重摇以后再安排。",
        )
    if order.first_day <= as_of:
        raise UsageError(
            f"开始日期 {order.first_day} 不晚于截止日期 {as_of}",
            advice="请把 --from 写成以后的日期；要回放过去，请用 --as-of 写明当时的日期。",
        )


def _queue(
    loaded: Loaded,
    event: DrawEvent,
    order: ScheduleOrder,
    drawing: Drawing,
    kept: frozenset[str],
    as_of: dt.date,
) -> tuple[Chooser, ...]:
    """Who is to be given a time, in the order of choice; UsageError when nobody is left."""
    begun = {one.entrant_no for one in drawing.choosers if one.batch_no in kept}
    settled = settled_entrants(loaded, event.event_no, as_of)
    queue = wanted_choosers(drawing.choosers, order.reserve, settled | begun)
    if not queue:
        raise UsageError(
            f"{event.event_no} 没有要安排的家庭：已经开始的批次 {len(begun)} 户，"
            f"已选定或放弃 {len(settled)} 户",
            advice="要安排递补家庭，请写 --reserve 户数；要回放过去，请用 --as-of。",
        )
    return queue


def _elsewhere(
    queue: Sequence[Chooser], slots: Sequence[Slot], busy: Engagements, order: ScheduleOrder
) -> list[list[int]]:
    """Per slot, sign-in included, the places in the queue of those who are somewhere else."""
    engaged = [(place, one) for place, one in enumerate(queue) if busy.has(one)]
    lead = dt.timedelta(minutes=order.sign_in.minutes if order.sign_in else 0)
    found = []
    for slot in slots if engaged else ():
        span = Span(slot.span.start - lead, slot.span.end)
        found.append([place for place, one in engaged if busy.at(one, span) is not None])
    return found or [[] for _ in slots]


def _any_busy(busy: Engagements) -> Busy:
    def check(seated: Seated, span: Span) -> bool:
        return any(busy.at(one, span) is not None for one in seated.choosers if busy.has(one))

    return check


def _numbers(event_no: str, kept: Iterable[str]) -> Iterator[str]:
    """YH202007-1, -2 …, behind the batches that stay."""
    found = (_SERIAL.search(number) for number in kept)
    number = max((int(match[1]) for match in found if match), default=0)
    while True:
        number += 1
        yield f"{event_no}-{number}"


def _batches(
    pieces: Sequence[Seated], stages: StageBook, numbers: Iterator[str]
) -> tuple[PlannedBatch, ...]:
    """All slots are booked before the first later stage, so that no lease pushes a choice aside."""
    turns = _turns(pieces)
    named = [(next(numbers), piece) for piece in pieces]
    at_slot = [stages.at_slot(piece, number) for number, piece in named]
    return tuple(
        PlannedBatch(
            number,
            piece.slot,
            piece.room.name,
            piece.room.capacity,
            piece.accessible,
            tuple(turns[one.entrant_no] for one in piece.choosers),
            (*first, *stages.after(piece, number)),
        )
        for (number, piece), first in zip(named, at_slot, strict=True)
    )


def _turns(pieces: Sequence[Seated]) -> dict[str, Seat]:
    """Entrant → turn. The k-th of n in a slot of d minutes is called at start + ⌊d(k-1)/n⌋."""
    by_slot: dict[Span, list[Chooser]] = defaultdict(list)
    for piece in pieces:
        by_slot[piece.slot.span] += piece.choosers
    turns: dict[str, Seat] = {}
    for span, choosers in by_slot.items():
        minutes = int((span.end - span.start).total_seconds()) // 60
        ordered = sorted(choosers, key=lambda one: (one.is_reserve, one.rank))
        for place, one in enumerate(ordered):
            at = span.start + dt.timedelta(minutes=minutes * place // len(ordered))
            turns[one.entrant_no] = Seat(one, place + 1, at)
    return turns


def _put_together(
    blank: Schedule, batches: tuple[PlannedBatch, ...], window: Window, moved: Sequence[Clash]
) -> Schedule:
    seats = [(batch, one) for batch in batches for one in batch.seats if one.chooser.known.need]
    return replace(
        blank,
        batches=batches,
        clashes=(*window.clashes, *moved),
        in_need=len(seats),
        unmet=tuple((batch, one) for batch, one in seats if not batch.accessible),
    )


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: one.sort_key))
