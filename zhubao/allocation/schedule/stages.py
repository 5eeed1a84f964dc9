"""The stages of a batch around its slot: sign-in before, lease and keys after, on free rooms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhubao.allocation.schedule.bookings import Booking, RoomBook, Span
from zhubao.allocation.schedule.dealing import Seated
from zhubao.allocation.schedule.order import Room, ScheduleOrder, SlotTime, StageRule
from zhubao.allocation.schedule.slots import Clash, sign_in_span
from zhubao.allocation.schedule.timetable import StagePlace
from zhubao.core.errors import UsageError
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.allocation import Stage

_DAY = dt.timedelta(days=1)
_SEARCHED = 400  # days after the due day: further off the plan itself is wrong
Busy = Callable[[Seated, Span], bool]


@dataclass(slots=True)
class StageBook:
    """Books rooms for the stages; what had to give way is added to `clashes`."""

    order: ScheduleOrder
    place: str
    book: RoomBook
    calendar: WorkCalendar
    busy: Busy
    clashes: list[Clash]

    def at_slot(self, seated: Seated, number: str) -> tuple[StagePlace, ...]:
        """Sign-in and the slot itself, booked."""
        span, order = seated.slot.span, self.order
        stages = [StagePlace(order.anchor, span, self.place, seated.room.name)]
        rule, signing = order.sign_in, sign_in_span(order, span)
        if rule is not None and signing is not None:
            place, room = self._own_place(rule) or (self.place, seated.room.name)
            stages.insert(0, StagePlace(Stage.SIGN_IN, signing, place, room))
        for stage in stages:
            self._take(stage, seated, number)
        return tuple(stages)

    def after(self, seated: Seated, number: str) -> tuple[StagePlace, ...]:
        """The stages behind the slot: each at its due time, or at the next one that is free."""
        made: list[StagePlace] = []
        earliest = seated.slot.span.end
        for rule in self.order.stages:
            if rule.stage not in (Stage.SIGN_IN, self.order.anchor):
                stage = self._next_free(rule, seated, earliest)
                self._take(stage, seated, number)
                earliest = stage.span.end
                made.append(stage)
        return tuple(made)

    def _next_free(self, rule: StageRule, seated: Seated, earliest: dt.datetime) -> StagePlace:
        in_the_way: Booking | None = None
        first: StagePlace | None = None
        for stage in self._candidates(rule, seated, earliest):
            first = first or stage
            party = self._party(stage, seated)
            clash = self.book.clash(stage.place, stage.room, stage.span, party)
            if clash is None and not self.busy(seated, stage.span):
                if in_the_way is not None:
                    done = f"{stage.stage.value}顺延到 {stage.span.text} {stage.where}"
                    self.clashes.append(
                        Clash(first.span, first.place, first.room, in_the_way, done)
                    )
                moved = stage.span != first.span
                return StagePlace(stage.stage, stage.span, stage.place, stage.room, moved)
            in_the_way = in_the_way or clash
        raise UsageError(
            f"{rule.stage.value}在 {_SEARCHED} 天里都排不出空的场地",
            advice="请增加场地或时段，或给这个节点另写地点，如 交房:10天@小区物业处。",
        )

    def _candidates(
        self, rule: StageRule, seated: Seated, earliest: dt.datetime
    ) -> Iterator[StagePlace]:
        """Times and rooms in the order in which they are tried; the due time comes first."""
        slot = seated.slot
        rooms = self._rooms(rule, seated)
        day = slot.day
        if rule.minutes:
            start = slot.span.end + dt.timedelta(minutes=rule.minutes)
            exact = Span(start, start + (slot.span.end - slot.span.start))
            if exact.start >= earliest and exact.end.date() == day:
                yield from (StagePlace(rule.stage, exact, *room) for room in rooms)
                earliest = max(earliest, start)
        else:
            day = self._due(day, rule.days)
        times = [slot.time, *(time for time in self.order.slots if time != slot.time)]
        for offset in range(_SEARCHED):
            on = day + offset * _DAY
            if self._is_open(on):
                for span in (_on(on, time) for time in (times if not offset else self.order.slots)):
                    if span.start >= earliest:
                        yield from (StagePlace(rule.stage, span, *room) for room in rooms)

    def _due(self, day: dt.date, days: int) -> dt.date:
        if self.order.any_day:
            return day + days * _DAY
        return self.calendar.add(day, days)

    def _is_open(self, day: dt.date) -> bool:
        if day in self.order.skip:
            return False
        return self.order.any_day or self.calendar.is_workday(day)

    def _rooms(self, rule: StageRule, seated: Seated) -> list[tuple[str, str]]:
        """The batch's own room, then others that take it; the stage's own place is the only one."""
        own = self._own_place(rule)
        if own is not None:
            return [own]
        rooms = [room for room in self.order.rooms if self._suits(room, seated)]
        rooms.sort(key=lambda room: room != seated.room)
        return [(self.place, room.name) for room in rooms]

    def _suits(self, room: Room, seated: Seated) -> bool:
        if room == seated.room:
            return True
        accessible = room.name in self.order.accessible_rooms
        return room.capacity >= len(seated.choosers) and (accessible or not seated.accessible)

    def _own_place(self, rule: StageRule) -> tuple[str, str] | None:
        return (rule.place, rule.place) if rule.place else None

    def _take(self, stage: StagePlace, seated: Seated, number: str) -> None:
        label = f"本活动批次 {number} {stage.stage.value}"
        party = self._party(stage, seated)
        self.book.take(stage.place, stage.room, Booking(stage.span, label, party=party))

    def _party(self, stage: StagePlace, seated: Seated) -> str:
        """The batches of one slot may share a place of the stage's own, such as one desk."""
        shared = stage.room == stage.place
        return f"{stage.stage.value} {seated.slot.span.text}" if shared else ""


def _on(day: dt.date, time: SlotTime) -> Span:
    return Span(dt.datetime.combine(day, time.start), dt.datetime.combine(day, time.end))
