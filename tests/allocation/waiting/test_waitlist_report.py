"""The report of a day's waiting list: what is shown, how the list moved, what was left out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.allocation.waiting.waiting_ledgers import D, Town, number
from zhubao.allocation.waiting.waitlist_report import WaitlistOptions, waitlist_report
from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.core.report import Report
from zhubao.ledger.tenants import WaitingStatus

H1 = Period(D(2020, 1, 1), D(2020, 6, 30))
HOUSED, ABANDONED, OUT = (
    WaitingStatus.HOUSED,
    WaitingStatus.ABANDONED,
    WaitingStatus.DISQUALIFIED,
)


@pytest.fixture(scope="module")
def town() -> Town:
    """Old: two wait on, one is housed, one leaves later. New: one waits, one comes and goes."""
    town = Town()
    for serial, (no, approved, state, size) in enumerate(
        [
            ("W1", D(2019, 1, 1), (WaitingStatus.WAITING, None), 1),
            ("W2", D(2019, 12, 31), (HOUSED, D(2020, 1, 1)), 2),
            ("W3", D(2019, 3, 1), (HOUSED, D(2020, 7, 1)), 3),
            ("W4", D(2020, 1, 1), (WaitingStatus.WAITING, None), 4),
            ("W5", D(2020, 2, 1), (ABANDONED, D(2020, 2, 1)), 1),
            ("W6", D(2018, 2, 1), (OUT, D(2019, 12, 31)), 1),
            ("W7", D(2019, 2, 1), (WaitingStatus.PENDING, None), 1),
            ("W8", D(2019, 2, 1), (HOUSED, None), 1),
            ("W9", D(2020, 7, 1), (WaitingStatus.WAITING, None), 1),
        ]
    ):
        town.home(f"H{no}", number(serial), size=size, applicant="张小明")
        group = "孤老病残" if no == "W4" else None
        town.waits(no, f"H{no}", approved, state=state, priority_group=group)
    return town


def report_of(town: Town, **options: Any) -> Report:
    return waitlist_report(town.loaded(), H1, WaitlistOptions(**options))


def shown(report: Report, key: str) -> list[str]:
    table = report.table(key)
    return [row.values[table.index_of("waiting_no")] for row in table.rows]


def test_the_list_is_that_of_the_day_with_its_cells(town: Town) -> None:
    report = report_of(town)
    assert shown(report, "list_低收入") == ["W4", "W1", "W3"]
    table = report.table("list_低收入")
    first = table.rows[0]
    assert first.values[table.index_of("name")] == "张*明"
    assert first.values[table.index_of("entitled")] == "两室一厅"
    assert first.values[table.index_of("grounds")] == "组序 2（孤老病残）；2020-01-01 批准"
    assert [cell.sheet for cell in first.sources] == ["轮候册", "轮候册", "轮候册", "保障家庭"]
    assert "points" not in [column.key for column in table.columns]


def test_opening_and_approved_less_those_who_left_is_closing(town: Town) -> None:
    """Opening W1 W2 W3, approved W4 W5, housed W2, abandoned W5: closing W1 W3 W4, counted anew."""
    report = report_of(town)
    names = ("opening", "approved", "housed", "abandoned", "disqualified", "closing")
    assert [report.facts[name] for name in names] == [3, 2, 1, 1, 0, 3]
    assert report.facts["proved"]
    totals = report.table("movement").totals
    assert totals is not None
    assert totals[8:] == (6, 5, 2, 1, 0, 8)  # people: 1+2+3, 4+1, 2, 1, 0, 1+3+4
    origin = [row.values[:7] for row in report.table("origin").rows]
    assert origin == [("期初在册", 3, 0, 1, 0, 0, 2), ("本期批准", 0, 2, 0, 1, 0, 1)]
    moves = [row.values[1:3] for row in report.table("moves").rows]
    assert moves == [("批准", "W4"), ("配租", "W2"), ("批准", "W5"), ("放弃", "W5")]
    assert [str(cell) for cell in report.table("moves").rows[1].sources[:2]] == [
        "tenants.xlsx!轮候册!I3",
        "tenants.xlsx!轮候册!H3",
    ]


def test_what_cannot_be_counted_is_said(town: Town) -> None:
    report = report_of(town)
    notes = "".join(report.notes)
    assert "待审核的 1 个" in notes
    assert "不符的 1 行" in notes
    assert "违规与变动" in notes  # no such data: not checked
    assert [one.code for one in report.findings] == ["AL-117"]


def test_a_part_keeps_the_ranks_of_the_whole(town: Town) -> None:
    report = report_of(town, group="普通")
    assert [row.values[0] for row in report.table("list_低收入").rows] == [2, 3]
    assert report.facts["waiting"] == 3
    assert report.facts["closing"] == 3


def test_those_who_left_are_listed_by_status(town: Town) -> None:
    assert shown(report_of(town, status=HOUSED), "others") == ["W2"]
    assert shown(report_of(town, status=WaitingStatus.PENDING), "others") == ["W7"]
    assert shown(report_of(town, status=HOUSED, group="孤老病残"), "others") == []


@pytest.mark.parametrize("options", [{"category": "廉租"}, {"group": "老人"}])
def test_an_unknown_category_or_group_is_refused_with_the_known_ones(
    town: Town, options: dict[str, str]
) -> None:
    with pytest.raises(UsageError) as caught:
        report_of(town, **options)
    assert "低收入" in caught.value.advice or "普通" in caught.value.advice


def test_an_empty_list_is_an_error_not_a_zero() -> None:
    assert [one.code for one in report_of(Town()).findings] == ["AL-120"]
