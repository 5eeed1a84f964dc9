"""The clerk's own numbers: pointed out where they name a figure and differ, and only there."""

from __future__ import annotations

import datetime as dt

import pytest

from zhubao.core.period import Period
from zhubao.summary.indicators.figures import Measured, all_figures
from zhubao.summary.summary import Summary, Value
from zhubao.summary.words.own_numbers import differing_numbers

_VALUES = {
    "supply.raised": 2113,
    "supply.raised.public_rental": 715,
    "rent.received": 119_710_000,
    "rent.received_city": 85_798_317,
    "subsidy.new_grants": 307,
}
_SUMMARY = Summary(
    "示范局",
    Period.parse("2020-H1"),
    dt.date(2020, 6, 30),
    {one.code: Value(one, Measured(_VALUES[one.code], ()) if one.code in _VALUES else None)
     for one in all_figures()},
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("共筹集房源9999套，收缴租金500万元。", ["9999套（房源筹集 2,113套）",
                                                "500万元（租金收缴 1,197,100.00元）"]),
        ("筹集公租房 \uff17\uff11\uff16 套", ["716套（筹集公租房 715套）"]),
        ("收缴市级产权租金85.81万元", ["85.81万元（市级产权租金收缴 857,983.17元）"]),
    ],
)  # fmt: skip
def test_a_number_that_differs_from_the_figure_it_names_is_pointed_out(
    text: str, said: list[str]
) -> None:
    found = differing_numbers([text], _SUMMARY)
    assert [f"{one}（{figure}）" for one, figure in found] == said


@pytest.mark.parametrize(
    "text",
    [
        "共筹集房源2113套，收缴租金119.71万元，收缴租金1,197,100元，收缴租金120万元",  # rounded
        "收缴市级产权租金85.8万元",
        "上年同期筹集房源300套，下半年计划筹集房源500套，其中筹集房源60套",
        "筹集房源近3000套，筹集房源2000余套，比上期增加筹集房源40套",
        "筹集房源的5家单位，房源筹集协调会12次",  # another unit
        "走访1200户，接待群众350人",  # names no figure
        "筹集房源3套",  # too small to be a total
        "新增租赁补贴307户",
    ],
)
def test_what_agrees_or_speaks_of_something_else_is_left_alone(text: str) -> None:
    assert differing_numbers([text], _SUMMARY) == ()
