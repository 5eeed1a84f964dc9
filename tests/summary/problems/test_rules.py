"""Problems over small tables: found, not found, and by the bureau's own threshold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhubao.core.period import Month, Period
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import ContractorScore, Target
from zhubao.ledger.patrol import HazardLevel, RectificationStatus, SafetyHazard
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import WaitingEntry, WaitingStatus
from zhubao.ledger.units import Developer, SupplyBatch, SupplyChannel
from zhubao.summary.problems.rules import Problem, Weight, all_rules, find_problems
from zhubao.summary.summary import compute_summary

DAY, HALF_YEAR = dt.date(2020, 6, 30), Period.parse("2020-H1")


def found(*tables: LedgerTable[Any], overrides: dict[str, Any] | None = None) -> dict[str, Problem]:
    loaded = Loaded.of(*tables)
    summary = compute_summary(loaded, HALF_YEAR, DAY, bureau="", overrides=overrides)
    return {one.code: one for one in find_problems(loaded, summary, DAY, overrides)}


def developers(*ends: dt.date) -> LedgerTable[Developer]:
    return LedgerTable.from_rows(
        Developer,
        [
            {
                "developer_no": f"KF{number}",
                "name": f"第{number}置业",
                "cooperation_start": dt.date(2020, 4, 1),
                "cooperation_end": end,
            }
            for number, end in enumerate(ends, 1)
        ],
    )


def test_cooperation_that_ends_within_thirty_days_is_named_with_its_day() -> None:
    problems = found(developers(dt.date(2020, 7, 30), dt.date(2020, 7, 31), dt.date(2020, 5, 31)))
    one = problems["cooperation.expiring"]
    assert (one.severity, one.count, one.whole) == (Weight.HIGH, 1, 2)
    assert "第1置业（2020年7月30日）" in one.sentence
    assert [str(cell) for cell in one.cells] == ["units.xlsx!合作开发商!A2"]
    assert "第3置业（2020年5月31日）" in problems["cooperation.expired"].sentence


def test_the_bureau_sets_its_own_threshold() -> None:
    table = developers(dt.date(2020, 12, 31))
    assert "cooperation.few" in found(table)
    own = [{"valid_from": dt.date(2020, 1, 1), "value": 0, "source": "本局规定"}]
    assert found(table, overrides={"summary": {"few_developers": {"values": own}}}) == {}


def test_no_developer_left_is_none_and_not_few() -> None:
    one = found(developers(dt.date(2020, 5, 31)))["cooperation.few"]
    assert (one.title, one.count, one.whole) == ("没有仍在合作的开发商", 0, 1)
    assert one.sentence.startswith("已经没有仍在合作的开发商")
    few = found(developers(dt.date(2020, 12, 31)))["cooperation.few"]
    assert (few.title, few.count) == ("合作开发商偏少", 1)


def test_open_hazards_are_counted_by_their_deadline_and_fixed_ones_are_none() -> None:
    def hazard(
        number: int, deadline: dt.date | None, status: RectificationStatus
    ) -> dict[str, Any]:
        fixed = dt.date(2020, 6, 1) if status is RectificationStatus.RECTIFIED else None
        return {
            "hazard_no": f"YH{number}",
            "estate": "粟塘小区",
            "description": "消火栓无水",
            "level": HazardLevel.ORDINARY,
            "found_on": dt.date(2020, 5, 1),
            "deadline": deadline,
            "fixed_on": fixed,
            "status": status,
        }

    rows = [
        hazard(1, dt.date(2020, 6, 29), RectificationStatus.OPEN),
        hazard(2, None, RectificationStatus.OPEN),
        hazard(3, None, RectificationStatus.RECTIFIED),
    ]
    one = found(LedgerTable.from_rows(SafetyHazard, rows))["safety.open"]
    assert one.count == 2
    assert one.sentence == (
        "粟塘小区 2 起安全隐患尚未消除，其中 1 起已过整改期限，1 起没有定整改期限，"
        "发现至今最长 60 天。"
    )
    assert found(LedgerTable.from_rows(SafetyHazard, rows[2:])) == {}
    in_time = hazard(4, dt.date(2020, 6, 30), RectificationStatus.OPEN)
    waiting = found(LedgerTable.from_rows(SafetyHazard, [in_time]))["safety.open"]
    assert (one.severity, waiting.severity) == (Weight.HIGH, Weight.LOW)
    assert waiting.sentence == ("粟塘小区 1 起安全隐患尚未消除，仍在整改期限内，发现至今 60 天。")
    assert waiting.plan == "对没有消除的安全隐患盯住整改期限，到期前复查销号。"


def test_a_sheet_that_begins_after_the_period_is_no_problem_of_it() -> None:
    later = developer(1, dt.date(2020, 7, 1))
    assert found(LedgerTable.from_rows(Developer, [later])) == {}
    begun = developer(2, dt.date(2020, 6, 30))
    assert "cooperation.few" in found(LedgerTable.from_rows(Developer, [later, begun]))


def developer(number: int, start: dt.date) -> dict[str, Any]:
    return {
        "developer_no": f"KF{number}",
        "name": f"第{number}置业",
        "cooperation_start": start,
        "cooperation_end": dt.date(2020, 12, 31),
    }


def test_rent_not_received_and_what_is_missing_to_the_limit_are_two_numbers() -> None:
    charges = [
        {
            "charge_no": f"YS{number}",
            "household_no": f"JT{number}",
            "month": Month.of(2020, 6),
            "amount": 1_000_000,
        }
        for number in range(10)
    ]
    receipts = [
        {
            "receipt_no": f"SJ{number}",
            "household_no": f"JT{number}",
            "received_on": dt.date(2020, 6, 10),
            "amount": 1_000_000,
        }
        for number in range(9)
    ]
    tables = (LedgerTable.from_rows(Charge, charges), LedgerTable.from_rows(Receipt, receipts))
    one = found(*tables)["rent.collection"]
    assert "低于 95%，尚有 1.00 万元未收缴，距 95% 还差 0.50 万元" in one.sentence


def test_points_below_the_limit_are_a_problem_and_the_limit_is_the_bureaus() -> None:
    score = {
        "operator": "星河物业",
        "period": "2020-Q2",
        "indicator_code": "QZ",
        "indicator": "欠缴租金收回",
        "full_score": Decimal(20),
        "score": Decimal("15.9"),
    }
    table = LedgerTable.from_rows(ContractorScore, [score])
    assert "星河物业得 79.5 分，低于 80 分" in found(table)["contractor.low"].sentence
    own = [{"valid_from": dt.date(2020, 1, 1), "value": 79.5, "source": "本局规定"}]
    assert found(table, overrides={"summary": {"contractor_points": {"values": own}}}) == {}


def test_five_years_on_the_waiting_list_count_from_the_very_day() -> None:
    def waiting(number: int, approved: dt.date) -> dict[str, Any]:
        return {
            "waiting_no": f"LH{number}",
            "household_no": f"JT{number}",
            "approved_on": approved,
            "status": WaitingStatus.WAITING,
        }

    rows = [waiting(1, dt.date(2015, 6, 30)), waiting(2, dt.date(2015, 7, 1))]
    problems = found(LedgerTable.from_rows(WaitingEntry, rows))
    assert (problems["waiting.long"].count, problems["waiting.long"].whole) == (1, 2)
    assert "waiting.many" not in problems


def test_a_target_behind_its_time_is_named_with_its_share() -> None:
    batch = {
        "batch_no": "P1",
        "channel": SupplyChannel.COOPERATION,
        "unit_count": 170,
        "raised_on": dt.date(2020, 3, 1),
    }
    target = {
        "year": 2020,
        "indicator_code": "CJ",
        "indicator": "房源筹集",
        "measure": "套",
        "half_year_target": Decimal(200),
        "annual_target": Decimal(300),
    }
    tables = (LedgerTable.from_rows(SupplyBatch, [batch]), LedgerTable.from_rows(Target, [target]))
    one = found(*tables)["targets.behind"]
    assert one.sentence == (
        "半年目标 1 项未完成：房源筹集完成 170 套，为半年目标 200 套的 85.00%。"
    )
    assert [str(cell) for cell in one.cells] == [
        "services.xlsx!目标任务!E2",
        "services.xlsx!目标任务!F2",
    ]


def test_every_rule_says_what_it_looks_for() -> None:
    assert len(all_rules()) >= 25
    assert all(one.check.__doc__ and one.title and one.needs for one in all_rules())
