"""Problems over small tables: found, not found, and by the bureau's own threshold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Target
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
    assert "1 起已过整改期限、1 起没有定整改期限，发现至今最长 60 天" in one.sentence
    assert found(LedgerTable.from_rows(SafetyHazard, rows[2:])) == {}


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
    assert "房源筹集完成半年目标 200 套的 85.0%（170）" in one.sentence
    assert [str(cell) for cell in one.cells] == [
        "services.xlsx!目标任务!E2",
        "services.xlsx!目标任务!F2",
    ]


def test_every_rule_says_what_it_looks_for() -> None:
    assert len(all_rules()) >= 25
    assert all(one.check.__doc__ and one.title and one.needs for one in all_rules())
