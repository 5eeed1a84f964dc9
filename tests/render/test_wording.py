"""Values in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhubao.core.period import Month
from zhubao.core.report import Ratio, ValueKind
from zhubao.render.wording import word


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, ValueKind.MONEY, ""),
        (123456, ValueKind.MONEY, "1,234.56"),
        (-5, ValueKind.MONEY, "-0.05"),
        (1234567, ValueKind.COUNT, "1,234,567"),
        (Decimal("45.50"), ValueKind.NUMBER, "45.5"),
        (1200.0, ValueKind.NUMBER, "1,200"),
        (dt.date(2020, 6, 30), ValueKind.DATE, "2020-06-30"),
        (Month.of(2020, 6), ValueKind.MONTH, "2020-06"),
        (Month.of(2020, 6), ValueKind.TEXT, "2020-06"),
        (True, ValueKind.TEXT, "是"),
        ("已退回", ValueKind.DATE, "已退回"),
        (Ratio(123, 125), ValueKind.RATIO, "98.40%"),
        (Ratio(0, 0), ValueKind.RATIO, "—"),
    ],
)
def test_each_kind_has_its_form(value: object, kind: ValueKind, text: str) -> None:
    assert word(value, kind) == text


def test_a_ratio_with_its_parts() -> None:
    assert word(Ratio(1230, 1250), ValueKind.RATIO, with_parts=True) == "98.40%（1,230/1,250）"
    money = Ratio(123450, 200000, money=True)
    assert word(money, ValueKind.RATIO, with_parts=True) == "61.73%（1,234.50/2,000.00）"
