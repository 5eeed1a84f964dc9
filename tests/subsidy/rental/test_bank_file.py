"""The bank's file: columns by the map, accounts as text, a sum proved from the bytes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhubao.core.errors import OutputError, UsageError
from zhubao.policy import PolicyInvalid
from zhubao.subsidy.rental.bank_file import (
    Transfer,
    bank_bytes,
    bank_map,
    make_bank_file,
    prove_sum,
)

DAY = dt.date(2020, 7, 20)
TWO = [
    Transfer("FF1", "张三", "0622202190100000", "工行,星河支行", 90000, purpose="补贴"),
    Transfer("FF2", "李“四”", "6222021901000000024", "", 112550, purpose="补贴"),
]


def own(**table: Any) -> dict[str, Any]:
    value = {"type": "txt", "columns": ["账号=bank_account", "金额=amount"]} | table
    entry = {"valid_from": dt.date(2020, 1, 1), "value": {"本行": value}, "source": "银行"}
    return {"subsidy": {"bank_maps": {"values": [entry]}}}


def test_the_general_map_is_gbk_text_with_a_header_and_whole_account_numbers() -> None:
    made = bank_bytes(make_bank_file(TWO, bank_map("通用", DAY)))
    assert made.decode("gbk").split("\r\n") == [
        "序号,户名,账号,开户银行,金额,用途,发放编号",
        '1,张三,0622202190100000,"工行,星河支行",900.00,补贴,FF1',
        "2,李“四”,6222021901000000024,,1125.50,补贴,FF2",
        "",
    ]


def test_a_map_of_the_bureau_stands_beside_the_packaged_ones() -> None:
    rules = own(
        separator="\t",
        header=False,
        encoding="UTF-8",
        amount_unit="fen",
        columns=["代码=constant:0710", "金额=amount", "账号=bank_account"],
    )
    made = bank_bytes(make_bank_file(TWO, bank_map("本行", DAY, rules)))
    assert made.decode().splitlines()[1] == "0710\t112550\t6222021901000000024"
    assert bank_map("文本", DAY, rules).separator == "|"


def test_what_the_file_cannot_hold_is_refused() -> None:
    rare = [Transfer("F", "张𠮷", "1", "", 1)]
    with pytest.raises(OutputError, match="编码"):
        bank_bytes(make_bank_file(rare, bank_map("通用", DAY)))
    broken = [Transfer("F", "张|三", "1", "", 1)]
    with pytest.raises(OutputError, match="分隔符"):
        bank_bytes(make_bank_file(broken, bank_map("文本", DAY)))
    with pytest.raises(OutputError, match="不一致"):
        prove_sum(make_bank_file(TWO, bank_map("通用", DAY)), ["900.00", "1125.49"])


@pytest.mark.parametrize(
    "table",
    [
        {"columns": ["账号=bank_account"]},
        {"columns": ["账号=bank_account", "金额=amount", "手机=phone"]},
        {"encoding": "EBCDIC"},
        {"type": "pdf"},
        {"type": "csv", "separator": "||"},
    ],
)
def test_a_map_that_cannot_be_used_says_so(table: dict[str, Any]) -> None:
    with pytest.raises(PolicyInvalid, match="本行"):
        bank_map("本行", DAY, own(**table))


def test_an_unknown_map_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="农商行") as error:
        bank_map("农商行", DAY)
    assert "通用、文本、表格" in error.value.advice
