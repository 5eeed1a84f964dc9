"""Whether what a report shows of a text is what the ledger says, however the report dresses it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from zhubao.audit.trace.present import agrees
from zhubao.ledger.arrears import Receipt
from zhubao.ledger.audit import AuditFinding, FindingStatus
from zhubao.ledger.office import Target
from zhubao.ledger.registers.values import rules_of

MATTER = "王小明领取补贴，电话13812345678"


@pytest.mark.parametrize(
    ("field", "value", "shown", "same"),
    [
        ("matter", MATTER, f"WT0001 {MATTER}", True),
        ("matter", MATTER, "WT0001 王*明领取补贴，电话138****5678", True),
        ("matter", MATTER, "WT0001 李*明领取补贴，电话138****5678", False),
        ("matter", "转租", "WT0001 未转租", False),
        ("measures", "停发补贴", "退回资金：停发补贴", True),
        ("measures", "停发补贴", "退回资金：追回补贴", False),
        ("status", FindingStatus.IN_PROGRESS, "整改中（逾期 3 天）", True),
        ("status", FindingStatus.RECTIFIED, "整改中（逾期 3 天）", False),
        ("subject", "王小明", "王*明", True),
        ("subject", "王小明", "张三 王小明", False),
    ],
)
def test_a_report_may_dress_a_text_but_not_change_it(
    field: str, value: object, shown: str, same: bool
) -> None:
    assert agrees(rules_of(AuditFinding)[field], shown, value) is same


@pytest.mark.parametrize(
    ("shown", "value", "same"),
    [
        ("110 万元", Decimal(110), True),
        ("1,800 套", Decimal(1800), True),
        ("120 万元", Decimal(110), False),
        ("110", Decimal(110), True),
        ("约 110", Decimal(110), False),
    ],
)
def test_a_number_may_have_its_unit_behind_it(shown: str, value: Decimal, same: bool) -> None:
    assert agrees(rules_of(Target)["half_year_target"], shown, value) is same


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        (1_197_100, True),
        ("119.71 万元", True),
        ("1,197,100.00 元", True),
        ("119.7 万元", True),
        ("119.72 万元", False),
        ("119.71 套", False),
    ],
)
def test_an_amount_may_be_printed_in_a_larger_unit(shown: Any, same: bool) -> None:
    assert agrees(rules_of(Receipt)["amount"], shown, 119_710_000) is same
