"""欠租: every check finds its bad example and passes its good one; and the boundaries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads, places
from zhubao.audit.registry import Family, all_checks
from zhubao.policy import PolicyInvalid

Row = dict[str, Any]
Tables = dict[str, Any]
NOTHING: Row = {}
HOME: Row = {"household_no": "JT0001", "applicant": "王小明", "tier": "中等偏下收入"}
LEASE: Row = {"starts_on": "2015-01-01", "ends_on": "2021-12-31", "status": "履行中"}
SIX = ("2020-01", "2020-02", "2020-03", "2020-04", "2020-05", "2020-06")
RELIEF: Row = {"amount": 6000, "approved_on": "2020-04-01", "kind": "减免", "month": "2020-03"}
WRITE_OFF: Row = {**RELIEF, "kind": "核销", "reason": "收不回"}
LETTER: Row = {"letter_no": "TT01", "kind": "腾退告知书", "issued_on": "2020-03-01"}
ILL: Row = {"hardship": "重病"}
GONE: Row = {"status": "已终止", "terminated_on": "2020-03-31"}
PLAN: Row = {"plan_no": "FQ01", "signed_on": "2020-01-05", "total": 20000, "parts": 2}
PARTS = [
    {"plan_no": "FQ01", "part": 1, "due_on": "2020-02-15", "amount": 10000},
    {"plan_no": "FQ01", "part": 2, "due_on": "2020-03-15", "amount": 10000},
]
DEAD: Row = {"relation": "本人", "died_on": "2020-05-02"}


def tables(
    months: tuple[str, ...] = SIX,
    *,
    home: Row = NOTHING,
    lease: Row = NOTHING,
    **more: list[Row],
) -> Tables:
    """A household that was charged 100.00 in each of these months, and what else there is."""
    return {
        "household": [{**HOME, **home}],
        "lease": [{**LEASE, **lease}],
        "charge": [{"month": month, "amount": 10000} for month in months],
        **more,
    }


def paid(day: str, amount: int) -> list[Row]:
    return [{"received_on": day, "amount": amount}]


def visited(day: str) -> list[Row]:
    return [{"visited_on": day}]


# code, where it is found, what is wrong, what is not
CASES: list[tuple[str, str, Tables, Tables]] = [
    ("AU-401", "保障家庭!A2", tables(), tables(SIX[1:])),
    (
        "AU-401",
        "保障家庭!A2",
        tables(collection_visit=visited("2020-03-31")),
        tables(collection_visit=visited("2020-04-01")),
    ),
    ("AU-402", "家庭成员!H2", tables(member=[DEAD]), tables((), member=[DEAD])),
    (
        "AU-403",
        "保障家庭!A2",
        tables(SIX[:2], lease=GONE),
        tables(SIX[:2], lease=GONE, receipt=paid("2020-04-10", 5000)),
    ),
    (
        "AU-404",
        "分期协议!A2",
        tables(instalment_plan=[PLAN], instalment=PARTS),
        tables(instalment_plan=[PLAN], instalment=PARTS, collection_visit=visited("2020-05-10")),
    ),
    (
        "AU-405",
        "催缴文书!D2",
        tables(home=ILL, rent_letter=[LETTER]),
        tables(home=ILL, rent_letter=[LETTER], patrol_visit=visited("2020-03-01")),
    ),
    (
        "AU-406",
        "保障家庭!A2",
        tables(("2019-06", "2020-06"), receipt=paid("2019-06-30", 1000)),
        tables(("2019-06", "2020-06"), receipt=paid("2019-07-01", 1000)),
    ),
    (
        "AU-407",
        "催缴文书!D2",
        tables(rent_letter=[{**LETTER, "issued_on": "2020-05-30"}]),
        tables(rent_letter=[{**LETTER, "issued_on": "2020-05-31"}]),
    ),
    (
        "AU-408",
        "减免!E2",
        tables(reduction=[WRITE_OFF]),
        tables(reduction=[{**WRITE_OFF, "remark": "批准依据：会议纪要〔2020〕3号"}]),
    ),
    (
        "AU-409",
        "减免!E2",
        tables(reduction=[RELIEF]),
        tables(reduction=[{**RELIEF, "reason": "困难家庭临时减免"}]),
    ),
    (
        "AU-410",
        "减免!E2",
        tables(reduction=[RELIEF, {**RELIEF, "reduction_no": "JM2", "amount": 4001}]),
        tables(reduction=[RELIEF, {**RELIEF, "reduction_no": "JM2", "amount": 4000}]),
    ),
]


@pytest.mark.parametrize(("code", "place", "bad", "good"), CASES, ids=[case[0] for case in CASES])
def test_the_bad_example_is_found_and_the_good_one_is_not(
    code: str, place: str, bad: Tables, good: Tables
) -> None:
    assert places(code, facts(**bad)) == [place]
    assert places(code, facts(**good)) == []


def test_the_debt_is_the_amount_and_its_oldest_months_are_among_the_cells() -> None:
    (lead,) = leads("AU-401", facts(**tables(receipt=paid("2020-02-01", 2500))))
    assert lead.hit.amount == 57500
    assert [cell.sheet for cell in lead.hit.cells] == ["保障家庭", *["应收"] * 6]
    assert "累计欠租 6 个月" in lead.finding.message
    assert "没有任何催收记录" in lead.finding.message


def test_a_plan_that_is_kept_a_move_and_a_death_take_a_debtor_out_of_the_first_check() -> None:
    kept = tables(
        instalment_plan=[PLAN], instalment=PARTS, receipt=paid("2020-03-10", 20000)
    )  # fmt: skip
    assert leads("AU-401", facts(**kept)) == []
    assert leads("AU-401", facts(**tables(lease=GONE))) == []
    assert leads("AU-401", facts(**tables(member=[DEAD]))) == []


def test_a_debtor_whose_family_lives_on_is_told_from_one_who_lived_alone() -> None:
    child = {"relation": "子女", "name": "王小小", "identity_no": "B"}
    (lead,) = leads("AU-402", facts(**tables(member=[DEAD, child])))
    assert "户内还有 1 人" in lead.finding.message
    assert leads("AU-402", facts(**tables(member=[{**DEAD, "relation": "子女"}, child]))) == []


def test_an_exit_counts_from_the_day_written_and_says_nothing_without_one() -> None:
    exited = {"status": "已退出", "exited_on": "2020-03-31"}
    (lead,) = leads("AU-403", facts(**tables(SIX[:2], home=exited)))
    assert "2020-03-31 退出" in lead.finding.message
    assert leads("AU-403", facts(**tables(SIX[:2], home={**exited, "exited_on": None}))) == []
    assert leads("AU-403", facts(**tables(SIX[:2], home=exited), as_of="2020-06-29")) == []


def test_what_a_broken_plan_is_short_of_and_the_parts_missed_are_shown() -> None:
    given = facts(
        **tables(instalment_plan=[PLAN], instalment=PARTS, receipt=paid("2020-02-10", 10000))
    )
    (lead,) = leads("AU-404", given)
    assert lead.hit.amount == 10000
    assert [str(cell) for cell in lead.hit.cells[:2]] == [
        "arrears.xlsx!分期协议!A2",
        "arrears.xlsx!分期计划!C3",
    ]


def test_a_relief_above_the_bureaus_own_percentage_is_found_beyond_two_fen() -> None:
    values = {
        "relief_rule": "减免比例",
        "relief_percent": {"保障类型": {"低保": 20}, "困难标识": {}},
    }
    dated = {
        name: {"values": [{"valid_from": dt.date(2020, 1, 1), "value": value, "source": "文件"}]}
        for name, value in values.items()
    }
    charge = {"month": "2020-03", "standard": 18001, "reduction": 3603, "amount": 14398}
    given: Tables = {"household": [{**HOME, "tier": "低保"}], "charge": [charge]}
    assert leads("AU-411", facts(**given)) == []  # the bureau has no table of its own
    (lead,) = leads("AU-411", facts(**given, overrides={"rent": dated}))
    assert lead.hit.amount == 3
    charge["reduction"] = 3602
    assert leads("AU-411", facts(**given, overrides={"rent": dated})) == []


def test_a_parameter_written_as_no_number_is_refused_with_its_name() -> None:
    days = {"values": [{"valid_from": dt.date(2020, 1, 1), "value": "许多", "source": "文件"}]}
    with pytest.raises(PolicyInvalid, match=r"audit\.action_days"):
        leads("AU-401", facts(**tables(), overrides={"audit": {"action_days": days}}))


def test_every_check_of_the_family_has_its_examples() -> None:
    declared = {check.code for check in all_checks() if check.family is Family.ARREARS}
    assert {case[0] for case in CASES} | {"AU-411"} == declared
