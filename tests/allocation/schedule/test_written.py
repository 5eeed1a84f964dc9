"""What the timetable writes, says and asks: rows, lists, notices, words that make no sense."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tests.allocation.schedule.events import (
    AS_OF,
    EVENT,
    ONE,
    TWO,
    batch,
    events,
    planned,
)
from zhubao.allocation.draw.algorithm import RESERVE, SELECTED, Drawn, Place
from zhubao.allocation.draw.texts import DrawTicket, Rules
from zhubao.allocation.event.frozen import Frozen, Person
from zhubao.allocation.event.record import event_row
from zhubao.allocation.schedule.households import differing_results, read_choosers
from zhubao.allocation.schedule.notices import PLACEHOLDERS, notice_contexts
from zhubao.allocation.schedule.order_words import make_order
from zhubao.allocation.schedule.people import NeedRule, frozen_people
from zhubao.allocation.schedule.report import schedule_report
from zhubao.allocation.schedule.write import batch_rows, schedule_change
from zhubao.core.errors import UsageError
from zhubao.core.theme import load_theme
from zhubao.ledger.allocation import Stage

FORMATS = load_theme().formats
PLAN = {"rooms": "1号厅:2", "stages": "签到:30分,选房,签约:5天@签约处"}


def test_rows_replace_those_of_the_batches_that_did_not_begin() -> None:
    """Two old rows are written over, four are added; the household left out loses its number."""
    old = batch(EVENT, f"{EVENT}-1", "2020-07-20 09:00", "2020-07-20 11:00")
    loaded = events(
        [(ONE, False), (TWO, False), (ONE, False), (ONE, False)],
        reserve=1,
        batches=[old, {**old, "stage": Stage.SIGN_IN}],
        changed={4: {"batch_no": f"{EVENT}-1"}},
    )
    change = schedule_change(planned(loaded, PLAN), loaded, FORMATS)
    assert len(change.added[0].rows) == 4
    put = {(str(edit.cell), edit.new) for edit in change.edits if edit.cell.sheet == "摇号结果"}
    assert put == {
        ("allocation.xlsx!摇号结果!M2", f"{EVENT}-1"),
        ("allocation.xlsx!摇号结果!M3", f"{EVENT}-1"),
        ("allocation.xlsx!摇号结果!M4", f"{EVENT}-2"),
        ("allocation.xlsx!摇号结果!M5", None),
    }


def test_fewer_batches_than_before_leave_no_old_row_behind() -> None:
    rows = [
        batch(EVENT, f"{EVENT}-{n}", "2020-07-20 09:00", "2020-07-20 11:00") for n in range(1, 6)
    ]
    other = batch("YH202006", "YH202006-1", "2020-08-20 09:00", "2020-08-20 11:00")
    loaded = events([(ONE, False)], batches=[*rows, other])
    change = schedule_change(planned(loaded, stages="签到:30分,选房"), loaded, FORMATS)
    (gone,) = change.removed
    assert (gone.first, gone.last) == (5, 7)
    moved = {edit.new for edit in change.edits if edit.cell.ref == "A4"}
    assert moved == {"YH202006-1"}


def test_what_was_written_is_planned_again_without_any_change() -> None:
    loaded = events([(ONE, False)] * 5)
    made = planned(loaded, PLAN)
    rows = batch_rows(made)
    numbers = {s.chooser.rank: {"batch_no": b.number} for b in made.batches for s in b.seats}
    again = events([(ONE, False)] * 5, batches=rows, changed=numbers)
    assert schedule_change(planned(again, PLAN), again, FORMATS).is_empty


def test_lists_and_report_name_nobody_in_full() -> None:
    made = planned(events([(ONE, True), (TWO, False)]), rooms="1号厅:1,2号厅:1")
    report = schedule_report(made, bureau="示范局")
    lists = [table for table in report.tables if table.key.startswith("batch:")]
    assert [table.rows[0].values[3:5] for table in lists] == [
        ("张*明", f"{1:032x}"),
        ("张*明", f"{2:032x}"),
    ]
    assert [table.rows[0].values[6] for table in lists] == ["★", ""]  # whom to help, not why
    assert "张小明" not in repr(report)
    assert report.facts["in_need"] == 1


def test_a_notice_has_the_household_s_own_turn_and_every_placeholder() -> None:
    made = planned(
        events([(ONE, True), (TWO, False)], reserve=1), reserve=1, accessible_rooms="1号厅"
    )
    first, second = notice_contexts(made, "示范局")
    assert set(first) == set(PLACEHOLDERS)
    assert (first["申请人"], first["叫号"], first["预计时间"]) == ("张小明", "1", "9时00分")
    assert [row["节点"] for row in first["节点安排"]] == ["签到", "选房", "签约", "交房"]
    assert first["节点安排"][1]["地点"] == "政务中心 1号厅"
    assert (bool(first["无障碍说明"]), first["递补说明"]) == (True, "")
    assert (second["结果"], bool(second["递补说明"])) == ("递补", True)


def test_a_result_that_is_not_the_archive_s_is_named() -> None:
    loaded = events([(ONE, False)] * 3, reserve=1)
    choosers = read_choosers(loaded, event_row(loaded, EVENT).row, {}).choosers

    def place(rank: int, outcome: str = SELECTED) -> Place:
        return Place(rank, f"{rank:032x}", 1, rank, ONE, outcome, 0, "", "")

    drawn = Drawn(DrawTicket("", 1, "-", ()), "", (place(1), place(2), place(3, RESERVE)))
    assert [*differing_results(choosers, drawn, 1)] == []
    swapped = (replace(choosers[0], rank=2), replace(choosers[1], rank=1), choosers[2])
    assert len([*differing_results(swapped, drawn, 1)]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"from": None}, "从哪一天"),
        ({"from": "7月6日"}, "from"),
        ({"from": str(AS_OF)}, "不晚于截止日期"),
        ({"rooms": None}, "没有写场地"),
        ({"rooms": "1号厅"}, "1号厅"),
        ({"rooms": "1号厅:5,1号厅:6"}, "两次"),
        ({"slots": "9点到11点"}, "时段"),
        ({"slots": "09:00-11:30,11:00-12:00"}, "重叠"),
        ({"slots": "09:00-11:30,11:40-12:30"}, "不够签到"),
        ({"accessible_rooms": "3号厅"}, "3号厅"),
        ({"stages": "选房,签到:30分"}, "先后"),
        ({"stages": "选房,签约"}, "之后多久"),
        ({"stages": "签到:30分"}, "节点里没有"),
        ({"days": "0"}, "days"),
        ({"room": "1号厅:5"}, "room"),
        ({"reserve": "全部"}, "reserve"),
    ],
)
def test_words_that_make_no_sense_say_what_and_how(words: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        planned(events([(ONE, False)]), words)


def test_the_freeze_says_who_needs_help_whatever_the_ledgers_say_today() -> None:
    """Seventy on the first day counts; a birth date that is none is not known."""

    def person(number: int, hardship: str, born: str) -> Person:
        return Person(
            f"{number:032x}", f"E{number}", "", "张小明", "", "", "", "", "", "", hardship, born
        )

    people = (
        person(1, "", "1950-07-06"),
        person(2, "", "1950-07-07"),
        person(3, "重病、三无", "1949-01-01"),
        person(4, "三无", "不详"),
    )
    kept = {one.receipt: one for one in people}
    frozen = Frozen({}, Rules("", "", "", "", "", ()), "", (), (), kept)
    known = frozen_people(frozen, NeedRule.load(dt.date(2020, 7, 6)))
    assert [known[f"E{n}"].need for n in range(1, 5)] == ["高龄", "", "高龄、困难", ""]


def test_a_plan_file_may_use_lists_tables_and_dates() -> None:
    import tomllib

    plan = tomllib.loads(
        'from = 2020-07-06\nslots = ["9：00—11:30"]\nskip = [2020-07-08, "2020.7.9"]\n'
        'stages = "签到-30分钟，选房，签约+5个工作日@签约处"\nany_day = true\n'
        '[rooms]\n"1号厅" = 20\n'
    )
    order = make_order(plan, {})
    assert (order.slots[0].text, order.rooms[0].capacity, len(order.skip)) == ("09:00-11:30", 20, 2)
    assert [(one.minutes, one.days, one.place) for one in order.stages] == [
        (30, 0, ""),
        (0, 0, ""),
        (0, 5, "签约处"),
    ]
