"""How far a finding had come by a day, and what its rates are made of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checklist.rows import DAY, day, ledgers, standing
from zhubao.audit.checklist.rates import rates_of, rectification_rates
from zhubao.audit.checklist.standing import in_period, read_standings
from zhubao.core.period import Period
from zhubao.ledger.audit import FindingStatus, FollowUpResult

CLOSED: dict[str, Any] = {
    "status": FindingStatus.CLOSED,
    "rectified_on": day("04-20"),
    "followed_up_on": day("05-20"),
    "closed_on": day("05-25"),
    "amount": 900_00,
    "recovered": 900_00,
    "household_count": 1,
    "rectified_households": 1,
}
STEPS = [
    {"done_on": day("03-10"), "recovered": 400_00},
    {"done_on": day("04-20"), "recovered": 500_00, "households": 1},
]
VISITS = [{"visited_on": day("05-20")}]


@pytest.mark.parametrize(
    ("as_of", "stage", "recovered"),
    [
        ("03-09", "待整改", 0),
        ("03-10", "整改中", 400_00),
        ("04-20", "已整改", 900_00),
        ("05-19", "已整改", 900_00),
        ("05-20", "已回访", 900_00),
        ("05-25", "已销号", 900_00),
    ],
)
def test_a_past_day_shows_the_finding_as_it_stood_then(
    as_of: str, stage: str, recovered: int
) -> None:
    one = standing(ledgers([CLOSED], STEPS, VISITS), day(as_of))
    assert (one.stage, one.recovered) == (stage, recovered)


def test_a_finding_made_later_is_not_there_yet() -> None:
    assert read_standings(ledgers([CLOSED]), day("02-16")) == []


def test_the_word_holds_where_dates_are_missing_and_dates_beyond_it_are_no_progress() -> None:
    closed = standing(ledgers([{"status": FindingStatus.CLOSED}]))
    ahead = {"status": FindingStatus.IN_PROGRESS, "closed_on": day("05-25")}
    assert closed.is_closed
    assert standing(ledgers([ahead])).stage is FindingStatus.IN_PROGRESS


def test_a_follow_up_that_found_it_undone_puts_it_back() -> None:
    undone = [{"visited_on": day("05-20"), "result": FollowUpResult.PARTLY}]
    row = {"status": FindingStatus.FOLLOWED_UP, "rectified_on": day("04-20")}
    again = {"status": FindingStatus.RECTIFIED, "rectified_on": day("06-01")}
    assert standing(ledgers([row], visits=undone)).stage is FindingStatus.IN_PROGRESS
    assert standing(ledgers([again], visits=undone)).stage is FindingStatus.RECTIFIED


def test_the_day_of_the_deadline_is_not_overdue_and_the_next_one_is() -> None:
    loaded = ledgers([{"status": FindingStatus.IN_PROGRESS}])
    assert [standing(loaded, day(at)).overdue_days for at in ("05-25", "05-26")] == [0, 1]
    late = {"status": FindingStatus.RECTIFIED, "rectified_on": day("06-01")}
    assert (standing(ledgers([late])).overdue_days, standing(ledgers([late])).late_days) == (0, 7)


def test_rates_by_count_household_and_money_cap_each_finding_and_zero_has_no_value() -> None:
    loaded = ledgers(
        [
            {**CLOSED, "recovered": 1000_00},  # above its amount: no cover for the other
            {"amount": 100_00, "household_count": 3, "rectified_households": 1},
        ]
    )
    rates = rectification_rates(loaded, None, DAY)
    assert (rates.by_count.numerator, rates.by_count.denominator) == (1, 2)
    assert (rates.by_household.numerator, rates.by_household.denominator) == (2, 4)
    assert (rates.by_money.numerator, rates.by_money.denominator) == (900_00, 1000_00)
    assert rates_of([]).by_money.value is None


def test_a_period_has_what_was_found_in_it_and_what_was_still_open_when_it_began() -> None:
    loaded = ledgers([CLOSED, {"found_on": day("03-02")}, {"found_on": day("06-02")}])
    found = in_period(read_standings(loaded, DAY), Period.parse("2020-06"))
    assert [one.row.finding_no for one in found] == ["WT2", "WT3"]
    assert len(in_period(read_standings(loaded, DAY), Period.parse("2020-05"))) == 2
