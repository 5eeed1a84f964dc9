"""Who chooses when: the order of choice, rooms, needs, working days, what is already booked."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.allocation.schedule.events import (
    EVENT,
    ONE,
    OTHER,
    TWO,
    Entry,
    batch,
    codes,
    events,
    moment,
    other_result,
    planned,
    selection,
)
from zhubao.allocation.schedule.timetable import Schedule
from zhubao.core.workdays import CalendarUnknown, WorkCalendar
from zhubao.ledger.allocation import DrawMode, SelectionAction, Stage

ENTRIES = st.lists(st.tuples(st.sampled_from([ONE, TWO]), st.booleans()), min_size=1, max_size=40)


def check_kept(made: Schedule) -> None:
    """What must hold for every timetable."""
    turns = sorted(
        (seat.chooser.rank, batch.slot.span.start, seat.call_no, seat.call_at)
        for batch in made.batches
        for seat in batch.seats
    )
    for (_, start, call, at), (_, next_start, next_call, next_at) in pairwise(turns):
        assert (start, call) < (next_start, next_call)  # of every stratum, so within each
        assert at <= next_at
    assert all(len(batch.seats) <= batch.capacity for batch in made.batches)
    used = [(s.where, s.span) for batch in made.batches for s in batch.stages]
    for (room, span), (other, other_span) in combinations(used, 2):
        assert room != other or not span.meets(other_span)
    for one in made.batches:
        assert all(a.span.end <= b.span.start for a, b in pairwise(one.stages))


@settings(max_examples=30, deadline=None)
@given(ENTRIES, st.integers(1, 5), st.integers(1, 4), st.integers(0, 3))
def test_nobody_ever_chooses_before_an_earlier_rank_and_no_room_is_used_twice(
    entries: list[Entry], hall: int, accessible: int, spare: int
) -> None:
    loaded = events(entries)
    rooms = {"rooms": f"1号厅:{hall},2号厅:{accessible}", "accessible_rooms": "2号厅"}
    tight = planned(loaded, rooms)
    days = len({batch.slot.day for batch in tight.batches}) + spare
    made = planned(loaded, rooms, days=days)
    for one in (tight, made):
        check_kept(one)
        assert sorted(seat.chooser.rank for seat in one.seats) == [*range(1, len(entries) + 1)]
    assert len(made.unmet) <= len(tight.unmet)  # more days never serve fewer


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=7))
def test_no_other_cut_of_the_queue_would_serve_more_households_in_need(needs: list[bool]) -> None:
    """Two days, two households a slot, mornings accessible: every cut is tried."""
    loaded = events([(ONE, need) for need in needs])
    made = planned(loaded, days=2, rooms="1号厅:2", accessible_slots="09:00-11:30")
    best = min(
        sum(
            sum(part)
            for part, served in zip(_cut(needs, sizes), (1, 0, 1, 0), strict=True)
            if not served
        )
        for sizes in product(range(3), repeat=4)
        if sum(sizes) == len(needs)
    )
    assert len(made.unmet) == best


def _cut(needs: list[bool], sizes: tuple[int, ...]) -> list[list[bool]]:
    parts, start = [], 0
    for size in sizes:
        parts.append(needs[start : start + size])
        start += size
    return parts


def test_a_need_is_met_by_a_room_of_the_same_slot_without_changing_the_order() -> None:
    """Rank 3 goes to the accessible room, and is still called third."""
    entries = [(ONE, number == 3) for number in range(1, 6)]
    made = planned(events(entries), rooms="1号厅:4,2号厅:2", accessible_rooms="2号厅", days=1)
    rooms = {batch.room: [s.chooser.rank for s in batch.seats] for batch in made.batches}
    assert rooms == {"1号厅": [1, 2, 4, 5], "2号厅": [3]}
    calls = {seat.chooser.rank: seat.call_no for seat in made.seats}
    assert calls == {rank: rank for rank in range(1, 6)}
    assert (made.in_need, made.unmet, codes(made)) == (1, (), [])


def test_a_need_that_no_order_can_meet_is_named_and_without_any_facility_all_are_counted() -> None:
    entries = [(ONE, True), (ONE, True)]
    made = planned(
        events(entries),
        rooms="1号厅:1,2号厅:1",
        accessible_rooms="1号厅",
        slots="09:00-11:30",
        days=1,
    )
    assert codes(made) == ["AL-402"]
    assert "顺序号 2" in made.findings[0].message
    assert codes(planned(events(entries))) == ["AL-412"]


def test_the_seventieth_birthday_counts_and_the_dead_do_not() -> None:
    """On 6 July 2020; household 2 is a day too young, the oldest of household 3 has died."""

    def born(home: int, day: dt.date, died: dt.date | None = None) -> dict[str, object]:
        return {
            "household_no": f"JT{home}",
            "name": "张三",
            "identity_no": f"M{home}",
            "birth_date": day,
            "died_on": died,
        }

    members = [
        born(1, dt.date(1950, 7, 6)),
        born(2, dt.date(1950, 7, 7)),
        born(3, dt.date(1940, 1, 1), dt.date(2020, 5, 1)),
    ]
    made = planned(events([(ONE, False)] * 3, members=members))
    assert [seat.chooser.known.need for seat in made.seats] == ["高龄", "", ""]


def test_a_sunday_made_a_working_day_counts_and_the_holiday_before_it_does_not() -> None:
    """Dragon Boat 2020: 25 to 27 June off, Sunday 28 June worked. Notice of the State Council."""
    made = planned(
        events([(ONE, False)] * 6),
        {"from": "2020-06-24", "rooms": "1号厅:1", "days": 3},
        as_of=dt.date(2020, 6, 1),
    )
    days = sorted({batch.slot.day.day for batch in made.batches})
    assert days == [24, 28, 29]


def test_an_unknown_year_is_said_and_a_local_calendar_or_any_day_helps() -> None:
    loaded, first = events([(ONE, False)]), {"from": "2031-01-06", "stages": "签到:30分,选房"}
    with pytest.raises(CalendarUnknown, match="2031"):
        planned(loaded, first)
    known = WorkCalendar({dt.date(2031, 1, 6): False, dt.date(2031, 1, 7): True})
    assert planned(loaded, first, calendar=known).batches[0].slot.day.day == 7
    assert planned(loaded, first, any_day=True).batches[0].slot.day.day == 6


def test_too_little_room_plans_nobody_and_the_advice_is_exactly_enough() -> None:
    loaded = events([(ONE, False)] * 50)
    made = planned(loaded, days=2)  # 2 days × 2 slots × 10
    assert (made.batches, codes(made)) == ((), ["AL-401"])
    assert "还差 10 户" in made.findings[0].message
    assert "--days 3" in made.findings[0].advice
    assert "再容纳 3 户" in made.findings[0].advice
    assert planned(loaded, days=3).batches
    assert planned(loaded, days=2, rooms="1号厅:13").batches
    assert not planned(loaded, days=2, rooms="1号厅:12").batches


def test_a_room_booked_by_another_event_is_left_and_listed_sign_in_included() -> None:
    """Until 13:45 the room is taken: the afternoon's sign-in at 13:30 would meet it."""
    taken = batch(OTHER, f"{OTHER}-1", "2020-07-06 09:30", "2020-07-06 13:45", place="政务中心一楼")
    loaded = events([(ONE, False)] * 2, batches=[taken])
    made = planned(loaded)
    assert made.batches[0].slot.span.start == moment("2020-07-07 09:00")
    assert [clash.span.start.hour for clash in made.clashes] == [9, 14]
    assert codes(made) == ["AL-404"]
    assert made.clashes[0].booking.label == f"{OTHER} 批次 {OTHER}-1 选房"


def test_a_household_is_never_in_two_places_and_where_it_must_be_that_is_an_error() -> None:
    """Rank 2 is elsewhere on Monday morning: it waits, and with it all behind it."""
    elsewhere = batch(OTHER, f"{OTHER}-1", "2020-07-06 10:00", "2020-07-06 11:00", room="9号厅")
    loaded = events(
        [(ONE, False)] * 3, batches=[elsewhere], results=[other_result(2, f"{OTHER}-1")]
    )
    made = planned(loaded)
    hours = {
        seat.chooser.rank: batch.slot.span.start.hour
        for batch in made.batches
        for seat in batch.seats
    }
    assert hours == {1: 9, 2: 14, 3: 14}
    check_kept(made)
    assert codes(planned(loaded, slots="09:00-11:30", days=1)) == ["AL-403"]


def test_the_lease_is_signed_when_the_room_is_free_again() -> None:
    """Ten days of choosing in one room: the lease five working days on finds it taken."""
    made = planned(events([(ONE, False)] * 20), rooms="1号厅:1")
    check_kept(made)
    first = made.batches[0].stages[2]
    assert (first.stage, first.moved) == (Stage.SIGN_LEASE, True)
    assert first.span.start > made.batches[-1].slot.span.end
    assert "AL-411" in codes(made)
    shared = planned(events([(ONE, False)] * 20), rooms="1号厅:1", stages="选房,签约:5天@签约处")
    assert [b.stages[1].span.start.date() for b in shared.batches[:1]] == [dt.date(2020, 7, 13)]


def test_batches_that_began_stay_and_who_has_chosen_is_not_called_again() -> None:
    begun = batch(EVENT, f"{EVENT}-1", "2020-06-29 09:00", "2020-06-29 11:00")
    lease = batch(
        EVENT, f"{EVENT}-1", "2020-07-06 09:00", "2020-07-06 11:00", stage=Stage.SIGN_LEASE
    )
    ahead = batch(EVENT, f"{EVENT}-2", "2020-07-07 09:00", "2020-07-07 11:00")
    loaded = events(
        [(ONE, False)] * 5,
        batches=[begun, lease, ahead],
        changed={
            2: {"batch_no": f"{EVENT}-1"},
            **{rank: {"batch_no": f"{EVENT}-2"} for rank in (3, 4)},
        },
        selections=[
            selection(5, SelectionAction.CHOSEN, "2020-06-30 09:00"),
            selection(4, SelectionAction.CHOSEN, "2020-07-30 09:00"),  # not yet
        ],
    )
    made = planned(loaded)
    assert [seat.chooser.rank for seat in made.seats] == [1, 3, 4]
    assert (made.batches[0].number, made.earlier.replaced) == (f"{EVENT}-2", (2,))
    assert made.batches[0].slot.span.start.hour == 14  # the kept lease has the room before
    assert codes(made) == ["AL-404", "AL-408"]  # rank 1 was passed over on 29 June


def test_the_first_in_reserve_of_each_layout_come_after_everybody_selected() -> None:
    entries = [(ONE, False), (TWO, False), (ONE, False), (ONE, False), (TWO, False)]
    made = planned(events(entries, reserve=3), reserve=1)
    assert [seat.chooser.rank for seat in made.seats] == [1, 2, 3, 5]


def test_where_the_draw_gave_the_unit_the_slots_are_for_the_lease() -> None:
    made = planned(events([(ONE, False)], mode=DrawMode.UNIT))
    assert [stage.stage.value for stage in made.batches[0].stages] == ["签到", "签约", "交房"]


def test_a_rank_that_occurs_twice_plans_nobody() -> None:
    made = planned(events([(ONE, False)] * 3, changed={3: {"rank": 2}}))
    assert (made.batches, set(codes(made))) == ((), {"AL-407"})
    assert {str(one.where) for one in made.findings} == {
        f"allocation.xlsx!摇号结果!H{row}" for row in (3, 4)
    }
