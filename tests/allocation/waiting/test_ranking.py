"""Who comes first on the waiting list, and the points with their arithmetic."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest

from tests.allocation.waiting.waiting_ledgers import AS_OF, D, Town, number
from zhubao.allocation.waiting.points import Circumstances, Points, formula_on
from zhubao.allocation.waiting.ranking import rank_waiting_list
from zhubao.core.spans import whole_months
from zhubao.ledger.tenants import Tier, WaitingEntry
from zhubao.policy import PolicyUnknown


def policy_of(value: Any) -> dict[str, Any]:
    entry = {"valid_from": D(2020, 1, 1), "value": value, "source": "示范局轮候办法"}
    return {"allocation": {"points": {"values": [entry]}}}


def ranked(town: Town, overrides: dict[str, Any] | None = None) -> list[tuple[str, int, str]]:
    places = rank_waiting_list(town.loaded(), AS_OF, overrides).places
    return [(p.registration.category, p.rank, p.registration.waiting_no) for p in places]


def a_town() -> Town:
    town = Town()
    for serial, (no, day, group) in enumerate(
        [
            ("LH10", D(2019, 5, 1), None),
            ("LH9", D(2019, 5, 1), None),
            ("LH3", D(2018, 1, 1), None),
            ("LH7", D(2020, 6, 1), "孤老病残"),
            ("LH8", D(2020, 6, 30), "优抚对象"),
            ("LH6", D(2020, 1, 1), "见义勇为"),
        ]
    ):
        town.home(f"H{no}", number(serial))
        town.waits(no, f"H{no}", day, priority_group=group)
    town.home("HX", number(90))
    town.waits("LH1", "HX", D(2020, 2, 1), category="新就业")
    town.home("HY", number(91))
    town.waits("LH2", "HY", D(2020, 2, 1), category=None)
    return town


def test_group_then_date_then_number_rank_each_category_whatever_the_order_of_rows() -> None:
    """Unlisted priority groups follow the listed ones and precede everybody else."""
    expected = [
        ("低收入", 1, "LH8"),
        ("低收入", 2, "LH7"),
        ("低收入", 3, "LH6"),
        ("低收入", 4, "LH3"),
        ("低收入", 5, "LH9"),
        ("低收入", 6, "LH10"),
        ("新就业", 1, "LH1"),
        ("", 1, "LH2"),
    ]
    town = a_town()
    assert ranked(town) == expected
    random.Random(7).shuffle(town.rows[WaitingEntry])
    assert ranked(town) == expected


def test_points_rank_within_the_group_and_those_without_come_after() -> None:
    town = Town()
    for no, points in (("W1", "70"), ("W2", "80.5"), ("W3", None)):
        town.home(f"H{no}", number(int(no[1])))
        town.waits(no, f"H{no}", points=Decimal(points) if points else None)
    town.home("HW4", number(9))
    town.waits("W4", "HW4", priority_group="孤老病残", points=Decimal(1))
    order = [no for _, _, no in ranked(town, policy_of({"from_ledger": True}))]
    assert order == ["W4", "W2", "W1", "W3"]
    assert [no for _, _, no in ranked(town)] == ["W4", "W1", "W2", "W3"]


FULL = {
    "base": 60,
    "per_month": "0.5",
    "month_cap": 20,
    "per_person": 5,
    "person_cap": 12,
    "tier": {"低保": 10},
    "group": {"孤老病残": 5},
    "hardship": {"重病": 8, "残疾": 6},
    "hardship_cap": 10,
}


@pytest.mark.parametrize(
    ("formula", "case", "points"),
    [
        (
            FULL,
            Circumstances(29, 2, Tier.LOW_SUBSISTENCE, "重病", "孤老病残", None),
            Points(
                Decimal("107.5"),
                "基础 60 ＋ 轮候 29 个月×0.5＝14.5 ＋ 人口 2 人×5＝10 ＋ 保障类型（低保）10 ＋ "
                "优先类别（孤老病残）5 ＋ 困难（重病 8） ＝ 107.5",
            ),
        ),
        (
            FULL,
            Circumstances(41, 3, Tier.LOW_INCOME, "残疾（二级）、重病，残疾、失独", "", None),
            Points(
                Decimal(102),
                "基础 60 ＋ 轮候 41 个月×0.5＝20.5（封顶 20） ＋ 人口 3 人×5＝15（封顶 12） ＋ "
                "困难（残疾 6、重病 8）（封顶 10） ＝ 102",
            ),
        ),
        (
            {"from_ledger": True, "per_month": 1},
            Circumstances(3, 1, "", "", "", Decimal("65.50")),
            Points(Decimal("68.50"), "轮候 3 个月×1＝3 ＋ 轮候册评分 65.5 ＝ 68.5"),
        ),
        (FULL, Circumstances(3, None, "", "", "", None), None),
        ({"from_ledger": True}, Circumstances(3, 1, "", "", "", None), None),
    ],
)
def test_points_are_the_sum_that_is_written_out(
    formula: dict[str, Any], case: Circumstances, points: Points | None
) -> None:
    found = formula_on(AS_OF, policy_of(formula)).points_of(case)
    assert found.value is None if points is None else found == points


@pytest.mark.parametrize(
    "value",
    [{"pro_month": 1}, {"base": "六十"}, {"base": True}, {"tier": 5}, "60", {"from_ledger": 1}],
)
def test_a_formula_that_makes_no_sense_is_refused(value: Any) -> None:
    with pytest.raises(PolicyUnknown, match="积分公式"):
        formula_on(AS_OF, policy_of(value))


def test_no_points_are_given_unless_the_bureau_says_so() -> None:
    assert not formula_on(AS_OF).is_used


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (D(2020, 1, 15), D(2020, 6, 14), 4),
        (D(2020, 1, 15), D(2020, 6, 15), 5),
        (D(2020, 1, 31), D(2020, 2, 29), 1),
        (D(2020, 1, 31), D(2020, 2, 28), 0),
        (D(2020, 6, 30), D(2020, 6, 30), 0),
    ],
)
def test_months_waited_are_whole(start: dt.date, end: dt.date, months: int) -> None:
    assert whole_months(start, end) == months
