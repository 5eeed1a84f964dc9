"""The ladder: remind, notice, instalment, warning to vacate; hardship and plans go first."""

from __future__ import annotations

import datetime as dt

import pytest

from zhubao.rent.steps import Case, Ladder, PlanState, Step, next_step

LADDER = Ladder.load(dt.date(2020, 6, 30))


def case(
    months: int,
    *hardship: str,
    plan: PlanState = PlanState.NONE,
    owed: int = 1,
    registered: bool = True,
) -> Case:
    return Case(owed, months, hardship, plan, registered)


@pytest.mark.parametrize(
    ("months", "step"),
    [
        (1, Step.REMIND),
        (2, Step.NOTICE),
        (3, Step.INSTALMENT),
        (5, Step.INSTALMENT),
        (6, Step.VACATE),
        (30, Step.VACATE),
    ],
)
def test_the_step_follows_the_cumulative_unpaid_months(months: int, step: Step) -> None:
    assert next_step(case(months), LADDER).step is step


def test_six_months_is_reached_at_six_and_cites_the_article() -> None:
    """以上 includes the number (公共租赁住房管理办法, art. 29)."""
    advice = next_step(case(6), LADDER)
    assert advice.reason == "累计欠租6个月，达到6个月（第二十九条）"


@pytest.mark.parametrize("months", [1, 6, 24])
def test_a_household_in_hardship_never_gets_a_letter_by_itself(months: int) -> None:
    advice = next_step(case(months, "重病"), LADDER)
    assert advice.step is Step.VISIT
    assert "重病" in advice.reason
    assert ("由人工决定" in advice.reason) == (months >= 6)


def test_a_plan_that_is_kept_holds_the_next_step_back() -> None:
    assert next_step(case(8, plan=PlanState.KEPT), LADDER).step is Step.PLAN_KEPT
    assert next_step(case(8, "残疾", plan=PlanState.KEPT), LADDER).step is Step.PLAN_KEPT


def test_a_plan_that_is_broken_is_called_in_and_at_six_months_the_warning_follows() -> None:
    assert next_step(case(4, plan=PlanState.BEHIND), LADDER).step is Step.PLAN_BROKEN
    assert next_step(case(6, plan=PlanState.BEHIND), LADDER).step is Step.VACATE
    assert next_step(case(6, "孤老", plan=PlanState.BEHIND), LADDER).step is Step.VISIT


def test_without_debt_there_is_no_step_and_an_unknown_number_is_verified_first() -> None:
    assert next_step(case(0, owed=0), LADDER).step is Step.NONE
    assert next_step(case(9, registered=False), LADDER).step is Step.VERIFY


def test_the_bureau_can_move_the_rungs_from_a_date_on() -> None:
    """From 2020-07-01 the reminder goes out at two months; before, the packaged ladder holds."""
    own = {
        "arrears": {
            "remind_months": {
                "values": [{"valid_from": dt.date(2020, 7, 1), "value": 2, "source": "局务会纪要"}]
            },
            "notice_months": {
                "values": [{"valid_from": dt.date(2020, 7, 1), "value": 3, "source": "局务会纪要"}]
            },
        }
    }
    before = Ladder.load(dt.date(2020, 6, 30), own)
    after = Ladder.load(dt.date(2020, 7, 1), own)
    assert next_step(case(1), before).step is Step.REMIND
    assert next_step(case(1), after).step is Step.NONE
    assert next_step(case(2), after).step is Step.REMIND


def test_unverified_sources_are_marked_in_the_citations() -> None:
    marked = [line for line in LADDER.citations if "未核实" in line]
    assert any("催缴通知书" in line for line in marked)
    assert not any("第二十九条" in line for line in marked)


def test_hardship_words_are_found_within_the_mark() -> None:
    assert LADDER.hardship_tags("重病、独居老人") == ("重病", "独居老人")
    assert LADDER.hardship_tags("无") == ()
    assert LADDER.hardship_tags(None) == ()


@pytest.mark.parametrize(("hardship", "step"), [((), Step.RECOVER), (("重病",), Step.VISIT)])
def test_who_has_moved_out_is_not_told_to_vacate(hardship: tuple[str, ...], step: Step) -> None:
    gone = Case(100, 12, hardship, PlanState.NONE, registered=True, moved_out=True)
    assert next_step(gone, LADDER).step is step
