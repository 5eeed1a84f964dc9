"""The findings of a timetable: what could not be had, what was avoided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from zhubao.allocation.schedule.earlier import Earlier, Engagements
from zhubao.allocation.schedule.findings import (
    NEED_UNMET,
    NO_ACCESS,
    OVERTAKEN,
    ROOM_TAKEN,
    STAGE_MOVED,
    TOO_SMALL,
    TWO_PLACES,
)
from zhubao.allocation.schedule.households import Chooser
from zhubao.allocation.schedule.order import ScheduleOrder
from zhubao.allocation.schedule.slots import Window
from zhubao.allocation.schedule.timetable import Schedule
from zhubao.core.finding import Cell, Finding


def too_small(window: Window, order: ScheduleOrder, wanted: int, where: Cell) -> Finding:
    """How much is missing: more days, or more places in every slot, whichever the clerk prefers."""
    short = wanted - window.capacity
    remedies = []
    a_day = sum(room.capacity for room in order.rooms) * len(order.slots)
    days = -(-short // a_day)
    remedies.append(f"至少再加 {days} 天（--days {len(window.days) + days}，每天可排 {a_day} 户）")
    if window.slots:
        more = -(-short // len(window.slots))
        largest = max(room.capacity for room in order.rooms)
        rooms = -(-more // largest)
        remedies.append(
            f"或每个时段再容纳 {more} 户（照最大的场地每时段 {largest} 户算，再加 {rooms} 个场地）"
        )
    return TOO_SMALL.at(
        where,
        wanted=wanted,
        days=len(window.days),
        slots=len(window.slots),
        room=window.capacity,
        short=short,
        remedy="，".join(remedies),
    )


def told_of(made: Schedule) -> Iterator[Finding]:
    """Needs that are not met, rooms taken by others, stages that moved."""
    if made.in_need and not made.order.has_access:
        yield _no_access(made)
    elif made.order.has_access:
        for batch, seat in made.unmet:
            one, when = seat.chooser, batch.slot.span.text
            words = {"rank": one.rank, "need": one.known.need, "when": when, "room": batch.room}
            yield NEED_UNMET.at(one.where, receipt=one.title, **words)
    taken = [clash for clash in made.clashes if clash.refused]
    if taken:
        first = f"{taken[0].span.text} {taken[0].room}：{taken[0].booking.label}"
        yield ROOM_TAKEN.at(taken[0].booking.where, count=len(taken), first=first)
    moved = [(b, s) for b in made.batches for s in b.stages if s.moved]
    if moved:
        batch, stage = moved[0]
        first = f"批次 {batch.number} 的{stage.stage.value}改在 {stage.span.text}"
        numbers = {one.number for one, _ in moved}
        yield STAGE_MOVED.at(None, count=len(numbers), first=first)


def in_two_places(made: Schedule, busy: Engagements) -> Iterator[Finding]:
    """Households that are somewhere else during one of their stages."""
    for batch in made.batches:
        for seat in batch.seats:
            for stage in batch.stages:
                other = busy.at(seat.chooser, stage.span)
                if other is not None:
                    one = seat.chooser
                    words = {"rank": one.rank, "when": stage.span.text, "other": other.label}
                    yield TWO_PLACES.at(one.where, receipt=one.title, **words)


def overtaken(
    queue: Sequence[Chooser], choosers: Sequence[Chooser], earlier: Earlier
) -> Iterator[Finding]:
    """Households still to be planned although one of a later rank is in a batch that began."""
    latest: dict[str, int] = defaultdict(int)
    for one in choosers:
        if one.batch_no in earlier.kept:
            latest[one.stratum] = max(latest[one.stratum], one.rank)
    for one in queue:
        if one.rank < latest[one.stratum]:
            later = latest[one.stratum]
            yield OVERTAKEN.at(one.where, receipt=one.title, rank=one.rank, later=later)


def _no_access(made: Schedule) -> Finding:
    words: Counter[str] = Counter()
    first: Cell | None = None
    for seat in made.seats:
        if seat.chooser.known.need:
            first = first or seat.chooser.where
            words.update(seat.chooser.known.need.split("、"))
    needs = "，".join(f"{word} {count} 户" for word, count in words.items())
    return NO_ACCESS.at(first, count=made.in_need, needs=needs)
