"""Amounts in 万元 must never be read as yuan."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhubao.excel.scale import declared_unit, in_yuan
from zhubao.excel.table import TypedTable

Read = Callable[..., TypedTable]


def test_a_header_in_wan_is_turned_into_yuan_and_that_is_said(read: Read) -> None:
    rows: list[list[object]] = [["家庭编号", "姓名", "账单期", "应收金额（万元）"]]
    rows += [["J1", "张三", "2020-06", amount] for amount in (0.012, "0.02", "300元", "(0.5)", "")]
    table = read(rows)
    amount = table.columns["amount"]
    assert amount.values == [12000, 20000, 30000, -500000, None]
    assert amount.originals == {0: 0.012, 1: "0.02", 2: "300元", 3: "(0.5)"}
    assert [(str(f.where), f.code) for f in table.findings] == [("欠租.xlsx!应收!D1", "XL-209")]


def test_the_line_above_the_header_counts_unless_the_header_says_yuan(read: Read) -> None:
    top = ["应收表", None, None, "单位： 万元"]
    record = ["J1", "张三", "2020-06", 0.5]
    for header, fen in (("应收金额", 500_000), ("应收金额（元）", 50)):
        table = read([top, ["家庭编号", "姓名", "账单期", header], record])
        assert table.columns["amount"].values == [fen]


def test_an_unreadable_amount_is_shown_as_it_is_written(read: Read) -> None:
    table = read([["家庭编号", "账单期", "应收金额(万元)"], ["J1", "2020-06", "约5"]])
    found = next(finding for finding in table.findings if finding.code == "XL-108")
    assert "填写：约5" in found.message


@pytest.mark.parametrize(
    ("header", "above", "unit"),
    [
        ("金额", [], ""),
        ("金额（元）", ["单位：万元"], ""),
        ("金额（元/月）", ["金额单位：万元"], ""),
        ("金额", ["金额单位：千元"], "千"),
        ("金额", ["填报单位：某局", "单位:(万元)"], "万"),
        ("金额（百万元）", [], "百万"),
        ("金额【万元】", [], "万"),
        ("金额", ["单位：元"], ""),
    ],
)
def test_units_are_found_in_the_header_first(header: str, above: list[str], unit: str) -> None:
    assert declared_unit(header, above) == unit


def test_what_is_no_number_stays_as_it_is() -> None:
    assert in_yuan(True, "万") is True
    assert in_yuan("无", "万") == "无"
    assert in_yuan(float("inf"), "万") == float("inf")
