"""The time slots of the window, day by day, with the rooms that are free in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhubao.allocation.schedule.bookings import Booking, RoomBook, Span
from zhubao.allocation.schedule.order import Room, ScheduleOrder, SlotTime
from zhubao.core.workdays import WorkCalendar

_DAY = dt.timedelta(days=1)
_MOST_DAYS = 250  # a working year: whoever needs longer should say so


@dataclass(frozen=True, slots=True)
class Slot:
    """One time slot of one day; `rooms` are those free, in the order given."""

    day: dt.date
    time: SlotTime
    rooms: tuple[Room, ...]
    accessible: frozenset[str] = frozenset()  # names of rooms

    @property
    def span(self) -> Span:
        """From its start to its end."""
        day = self.day
        return Span(
            dt.datetime.combine(day, self.time.start), dt.datetime.combine(day, self.time.end)
        )

    @property
    def capacity(self) -> int:
        """Households that the free rooms take."""
        return sum(room.capacity for room in self.rooms)

    @property
    def accessible_capacity(self) -> int:
        """Households that the free accessible rooms take."""
        return sum(room.capacity for room in self.rooms if room.name in self.accessible)


@dataclass(frozen=True, slots=True)
class Clash:
    """A room that was asked for and is taken by somebody else."""

    span: Span
    place: str
    room: str
    booking: Booking
    done: str = ""  # what was done instead, where something was

    @property
    def refused(self) -> bool:
        """True when the room was simply not used in that slot."""
        return not self.done


@dataclass(slots=True)
class Window:
    """The days to choose on, with their slots."""

    days: list[dt.date] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def capacity(self) -> int:
        """Households that all free rooms of all slots take."""
        return sum(slot.capacity for slot in self.slots)


def open_days(order: ScheduleOrder, calendar: WorkCalendar) -> Iterator[dt.date]:
    """Without end: the days from the first on that are not skipped, working days unless any day.

    CalendarUnknown when a year's holidays are not known.
    """
    day = order.first_day
    while True:
        if day not in order.skip and (order.any_day or calendar.is_workday(day)):
            yield day
        day += _DAY


def open_window(
    order: ScheduleOrder, calendar: WorkCalendar, book: RoomBook, place: str, wanted: int
) -> Window:
    """The slots of `order.days` days; without a number, of as many as `wanted` households take."""
    window = Window()
    most = order.days if order.days is not None else _MOST_DAYS
    for day in open_days(order, calendar):
        window.days.append(day)
        _add_day(window, order, book, place, day)
        if len(window.days) == most or (order.days is None and window.capacity >= wanted):
            return window
    raise AssertionError("open_days does not end")


def _add_day(
    window: Window, order: ScheduleOrder, book: RoomBook, place: str, day: dt.date
) -> None:
    for time in order.slots:
        whole = Slot(day, time, order.rooms)
        occupied, desk = occupied_span(order, whole.span), _desk_clash(order, book, whole.span)
        free = []
        for room in order.rooms:
            booking = desk or book.clash(place, room.name, occupied)
            if booking is None:
                free.append(room)
            else:
                window.clashes.append(Clash(whole.span, place, room.name, booking))
        accessible = frozenset(room.name for room in free if order.is_accessible(time, room))
        window.slots.append(Slot(day, time, tuple(free), accessible))


def sign_in_span(order: ScheduleOrder, span: Span) -> Span | None:
    """When the households of a slot sign in; None without that stage."""
    rule = order.sign_in
    return Span(span.start - dt.timedelta(minutes=rule.minutes), span.start) if rule else None


def _desk_clash(order: ScheduleOrder, book: RoomBook, span: Span) -> Booking | None:
    """Who has the place of their own that households sign in at: the slot is of no use then."""
    rule, signing = order.sign_in, sign_in_span(order, span)
    if rule is None or signing is None or not rule.place:
        return None
    return book.clash(rule.place, rule.place, signing)


def occupied_span(order: ScheduleOrder, span: Span) -> Span:
    """The slot with the sign-in before it, where that is in the same room."""
    signing = sign_in_span(order, span)
    if signing is None or (order.sign_in and order.sign_in.place):
        return span
    return Span(signing.start, span.end)
