"""Whatever is entered in whatever order: no unit twice, and the order of ranks holds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.allocation.selection.events import AT, queue_of
from zhubao.allocation.selection.judging import Refused, Wish, judge
from zhubao.allocation.selection.standing import (
    ABANDONED,
    ABSENT,
    CHOSEN,
    WITHDRAWN,
    Entry,
    Standing,
    State,
    entry_of,
)

_WISHES = st.lists(
    st.tuples(
        st.sampled_from([CHOSEN, CHOSEN, CHOSEN, ABANDONED, ABSENT, WITHDRAWN]),
        st.integers(0, 8),  # 0: whoever's turn it is
        st.integers(1, 3),
    ),
    max_size=40,
)


def play(wishes: list[tuple[object, int, int]], line: str, direct: bool) -> list[Standing]:
    """The standing after every entry that stood; what does not stand changes nothing."""
    queue = queue_of(line, {"A": 3, "B": 2}, direct=direct)
    entries: list[Entry] = []
    after = [Standing(queue)]
    for action, rank, unit in wishes:
        standing = after[-1]
        now = standing.next_in_line()
        who = queue.by_rank.get(rank) or now
        if who is None:
            continue
        typed = "" if direct else f"{who.stratum}-{unit}"
        try:
            wish = Wish(who.entrant_no, action, typed, "原因")  # type: ignore[arg-type]
            verdict = judge(wish, standing)
        except Refused:
            continue
        number = f"XF{len(entries) + 1}"
        entry = Entry(number, who.entrant_no, wish.action, verdict.unit_no, at=AT)
        assert entry_of(entry.as_json()) == entry
        entries.append(entry)
        after.append(Standing(queue).take_all(entries))
    return after


@given(_WISHES, st.text("AB", min_size=5, max_size=8), st.booleans())
@settings(max_examples=100, deadline=None)
def test_no_sequence_of_entries_gives_a_unit_twice_or_lets_anyone_jump_the_queue(
    wishes: list[tuple[object, int, int]], line: str, direct: bool
) -> None:
    """Those who never missed their turn choose in the order of rank of their stratum."""
    after = play(wishes, line, direct)
    last = after[-1]
    assert all(not standing.twice for standing in after)
    assert len(set(last.unit_of.values())) == len(last.unit_of)
    for entrant, unit in last.unit_of.items():
        assert last.queue.homes[unit].stratum == last.queue.by_entrant[entrant].stratum
    missed = {e.entrant_no for e in last.entries if e.action in (ABSENT, WITHDRAWN)}
    for stratum in "AB":
        ranks = [
            last.queue.by_entrant[e.entrant_no].rank
            for e in last.entries
            if e.action is CHOSEN
            and e.entrant_no not in missed
            and last.queue.by_entrant[e.entrant_no].stratum == stratum
        ]
        if not direct:
            assert ranks == sorted(ranks)
    if direct:
        own = {one.entrant_no: one.unit_no for one in last.queue.candidates if one.unit_no}
        assert all(own.get(who, unit) == unit for who, unit in last.unit_of.items())


@given(_WISHES, st.text("AB", min_size=5, max_size=8))
@settings(max_examples=50, deadline=None)
def test_a_unit_left_is_always_called_out_to_somebody_undecided(
    wishes: list[tuple[object, int, int]], line: str
) -> None:
    standing = play(wishes, line, direct=False)[-1]
    for stratum in standing.queue.strata:
        undecided, left = standing.undecided(stratum), standing.left(stratum)
        assert len(standing.called(stratum)) == min(len(undecided), len(left))


def test_a_place_given_up_goes_to_the_reserves_in_their_order() -> None:
    standing = Standing(queue_of("AAAAA", {"A": 2}))
    assert [one.rank for one in standing.called("A")] == [1, 2]
    standing.take(Entry("1", "E1", ABANDONED))
    assert [one.rank for one in standing.called("A")] == [2, 3]
    with pytest.raises(Refused, match="前面还有第 2 号"):
        judge(Wish("E3", CHOSEN, "A-1"), standing)
    with pytest.raises(Refused, match="还没有轮到第 4 号"):
        judge(Wish("E4", CHOSEN, "A-1"), standing)


def test_an_absent_household_keeps_its_place_and_chooses_from_what_is_left() -> None:
    standing = Standing(queue_of("AAA", {"A": 2}))
    standing.take(Entry("1", "E1", ABSENT))
    assert standing.turn("A") == standing.queue.by_rank[2]
    standing.take(Entry("2", "E2", CHOSEN, "A-1"))
    assert not standing.is_done()
    assert standing.turn("A") is None  # the reserve is not called while the place is kept
    with pytest.raises(Refused, match="已由第 2 号"):
        judge(Wish("E1", CHOSEN, "A-1"), standing)
    assert judge(Wish("E1", CHOSEN, "A-2"), standing).unit_no == "A-2"


def test_in_a_direct_draw_a_reserve_gets_the_unit_that_was_given_up() -> None:
    standing = Standing(queue_of("AAA", {"A": 2}, direct=True))
    assert judge(Wish("E2", CHOSEN), standing).unit_no == "A-2"
    with pytest.raises(Refused, match="摇中的是 A-2"):
        judge(Wish("E2", CHOSEN, "A-1"), standing)
    standing.take(Entry("1", "E1", ABANDONED))
    standing.take(Entry("2", "E2", CHOSEN, "A-2"))
    verdict = judge(Wish("E3", CHOSEN), standing)
    assert (verdict.unit_no, verdict.remark) == ("A-1", "递补")
    standing.take(Entry("3", "E3", CHOSEN, "A-1"))
    with pytest.raises(Refused, match="名额已由别的家庭选房"):
        judge(Wish("E1", WITHDRAWN, reason="反悔"), standing)


def test_another_stratum_needs_a_reason_and_a_unit_nobody_waits_for() -> None:
    standing = Standing(queue_of("AB", {"A": 2, "B": 1}))
    wish = Wish("E2", CHOSEN, "A-2")
    with pytest.raises(Refused, match="应选B"):
        judge(wish, standing)
    assert judge(wish, standing, "经局务会同意").remark == "跨户型选房：经局务会同意"
    full = Standing(queue_of("AAB", {"A": 2, "B": 1}))
    with pytest.raises(Refused, match="不能给别的户型选"):
        judge(Wish("E3", CHOSEN, "A-2"), full, "经局务会同意")


def test_what_is_signed_cannot_be_undone_at_the_counter() -> None:
    standing = Standing(queue_of("A", {"A": 1}), frozenset({"E1"}))
    standing.take(Entry("1", "E1", CHOSEN, "A-1"))
    for action in (WITHDRAWN, ABANDONED):
        with pytest.raises(Refused, match="已经签约"):
            judge(Wish("E1", action, reason="x"), standing)


def test_hand_made_rows_that_give_a_unit_twice_leave_it_to_the_first() -> None:
    standing = Standing(queue_of("AA", {"A": 2}))
    standing.take_all([Entry("1", "E1", CHOSEN, "A-1"), Entry("2", "E2", CHOSEN, "A-1")])
    assert (standing.holder["A-1"], [one.entrant_no for one in standing.twice]) == ("E1", ["E2"])
    assert standing.state_of(standing.queue.by_rank[2]) is State.CHOSEN


def test_an_entry_survives_the_log_to_the_second() -> None:
    entry = Entry("XF1", "E1", CHOSEN, "A-1", at=dt.datetime(2020, 6, 15, 9, 1, 2), clerk="李")
    assert entry_of(entry.as_json()) == entry
