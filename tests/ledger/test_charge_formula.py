"""charge = billed area × price (tier, grade, lift, date), two decimals, half up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhubao.ledger.charge_formula import monthly_rent_fen, price_per_m2
from zhubao.policy import PolicyUnknown

JUNE = dt.date(2020, 6, 1)


@pytest.mark.parametrize(
    ("area", "price", "fen"),
    [
        ("48.35", "1.10", 5319),  # 53.185 → 53.19: the half goes up
        ("61.27", "4.00", 24508),  # 245.08
        ("50", "0.333", 1665),  # 16.65
    ],
)
def test_area_times_price_is_rounded_half_up(area: str, price: str, fen: int) -> None:
    own = {
        "rent.price": {
            "values": [
                {
                    "valid_from": dt.date(2020, 1, 1),
                    "value": {"低保": {"一级": {"有电梯": price, "无电梯": "9"}}},
                    "source": "示例",
                }
            ]
        }
    }
    assert monthly_rent_fen(Decimal(area), "低保", "一级", True, JUNE, own) == fen


def test_grade_and_lift_change_the_packaged_price() -> None:
    """The packaged table: lower-middle incomes pay 4 to 8 yuan, low incomes about 1."""
    assert price_per_m2("中等偏下收入", "三级", False, JUNE) == 4
    assert price_per_m2("中等偏下收入", "一级", True, JUNE) == 8
    assert price_per_m2("低保", "二级", False, JUNE) == Decimal("0.80")


@pytest.mark.parametrize(("tier", "grade"), [("不存在", "一级"), ("低保", "九级")])
def test_a_tier_or_grade_without_price_is_refused_with_advice(tier: str, grade: str) -> None:
    with pytest.raises(PolicyUnknown) as caught:
        monthly_rent_fen(Decimal(50), tier, grade, False, JUNE)
    assert tier in caught.value.message
    assert caught.value.advice
