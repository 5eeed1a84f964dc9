"""Files against their limits: past, soon, late, paused; the suspension; replaying a past moment."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.services.approval.register import field_of, read, row
from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.core.workdays import CalendarUnknown
from zhubao.services.approval.files import Standing
from zhubao.services.approval.overdue_report import compute_deadlines, overdue_report
from zhubao.services.approval.selection import Wanted

HALF_YEAR = Period.parse("2020-H1")
OPEN: dict[str, Any] = {"district_decided_at": None, "decided_on": None, "result": "办理中"}


def waiting(number: str, received: str, **changes: Any) -> dict[str, Any]:
    return row(number, **{**OPEN, "district_received_at": received, **changes})


def test_the_lists_are_sorted_by_the_half_day_they_fall_due() -> None:
    files = read(
        waiting("P2", "2020-06-22 15:00"),  # 25 to 27 June off, Sunday 28 worked
        waiting("P1", "2020-06-22 10:00"),
        waiting("S2", "2020-06-28 15:00"),
        waiting("S1", "2020-06-28 10:00"),
        waiting("O1", "2020-06-29 15:00"),
        at="2020-06-30 14:00",
    )
    found = compute_deadlines(files, HALF_YEAR)
    assert [(f.number, r.due and r.due.title, r.left) for f, r in found.past] == [
        ("P1", "6月24日下午", -6),
        ("P2", "6月28日上午", -5),
    ]
    assert [(f.number, r.due and r.due.title, r.left) for f, r in found.soon] == [
        ("S1", "6月30日下午", 0),
        ("S2", "7月1日上午", 1),
    ]
    report = overdue_report(found, ())
    assert report.facts["past"] == 2
    assert "超期办结的看2020年上半年办结的" in report.notes[0]
    past = report.table("past")
    assert past.rows[0].values[past.index_of("due")] == "2020年6月24日下午"
    assert [str(cell) for cell in past.rows[0].sources] == ["services.xlsx!审批!V3"]


def test_what_was_decided_late_is_measured_by_the_limit_of_its_day_of_receipt() -> None:
    slow = {"district_received_at": "2020-06-08 10:00", "district_decided_at": "2020-06-11 09:00"}
    old = {"district_received_at": "2019-12-31 10:00", "district_decided_at": "2020-01-07 10:00"}
    files = read(row("A"), row("B", **slow), row("C", **old))
    found = compute_deadlines(files, HALF_YEAR)
    assert [(file.number, run.left) for file, run in found.late] == [("B", -1)]
    assert found.within == Ratio(2, 3)  # C: 4 days within the 7.5 of 2019
    own = {"approval": {"limit_days": {"values": [
        {"valid_from": dt.date(2010, 1, 1), "value": {"区": "3", "社区": "1"}, "source": "本局"}
    ]}}}  # fmt: skip
    found = compute_deadlines(read(row("A"), row("B", **slow), overrides=own), HALF_YEAR)
    assert {(file.number, run.stage.value) for file, run in found.late} == {
        ("A", "社区"),
        ("B", "社区"),
    }


def test_the_suspension_is_taken_off_the_district_stage_and_moves_its_end() -> None:
    slow = {"district_received_at": "2020-06-08 10:00", "district_decided_at": "2020-06-11 09:00"}
    files = read(
        row("A", **slow, suspended_days=Decimal("0.5")),
        row("B", **slow, suspended_days=Decimal("0.4")),
        row("C", suspended_days=Decimal(9)),
        waiting("D", "2020-06-29 10:00", suspended_days=Decimal(1)),
    )
    runs = {file.number: file.runs[-1] for file in files.files}
    assert (runs["A"].gross, runs["A"].taken, runs["A"].standing) == (6, 5, Standing.DECIDED)
    assert (runs["B"].taken, runs["B"].standing) == (6, Standing.LATE)
    assert runs["C"].taken == 0
    assert runs["A"].stage.value == "区"
    assert files.files[0].runs[0].suspended == 0
    assert [(one.code, field_of(one)) for one in files.findings] == [
        ("AP-103", "suspended_days 3"),
        ("AP-103", "suspended_days 4"),
    ]
    assert runs["D"].standing is Standing.OPEN
    late = read(waiting("D", "2020-06-23 10:00", suspended_days=Decimal(1)))
    due = late.files[0].runs[-1].due
    assert due is not None
    assert due.title == "6月29日下午"


def test_a_file_sent_back_for_completion_is_neither_late_nor_soon() -> None:
    files = read(waiting("A", "2020-06-01 10:00", result="补正"))
    found = compute_deadlines(files, HALF_YEAR)
    assert (len(found.past), len(found.soon), len(found.paused)) == (0, 0, 1)


def test_a_past_moment_is_replayed() -> None:
    file = row("A")
    early = read(file, at="2020-06-08 14:00").files[0]
    assert (early.result.value, early.settled_on) == ("办理中", None)
    assert early.runs[-1].standing is Standing.OPEN
    same_day = read(file, at="2020-06-09 14:00").files[0]
    assert (same_day.result.value, same_day.runs[-1].decided) == ("办理中", None)
    assert read(file, at="2020-06-09 15:00").files[0].result.value == "通过"
    assert read(file, at="2020-05-31 15:00").files == ()


def test_a_date_in_an_unknown_year_is_a_finding_and_the_rest_is_measured() -> None:
    typo = {"district_received_at": "2002-06-08 10:00", "district_decided_at": "2020-06-09 15:00"}
    files = read(row("A", **typo), row("B"))
    assert [(one.code, str(one.where)) for one in files.findings] == [
        ("AP-101", "services.xlsx!审批!V2")
    ]
    assert "workdays.toml" in files.findings[0].advice
    assert [file.runs[-1].taken for file in files.files] == [None, 3]
    with pytest.raises(CalendarUnknown):
        read(row("A"), at="2035-01-08 10:00")


def test_lists_can_be_narrowed_and_a_wrong_word_is_refused() -> None:
    files = read(
        waiting("A", "2020-06-01 10:00", district_officer="李四"),
        waiting("B", "2020-06-01 10:00", community="丙社区"),
    )
    for wanted, numbers in (
        (Wanted(officer="李四"), ["A"]),
        (Wanted(community="丙社区"), ["B"]),
        (Wanted(stage="社区"), []),
    ):
        assert [f.number for f, _ in compute_deadlines(files, HALF_YEAR, wanted).past] == numbers
    with pytest.raises(UsageError, match="丁社区"):
        compute_deadlines(files, HALF_YEAR, Wanted(community="丁社区"))
