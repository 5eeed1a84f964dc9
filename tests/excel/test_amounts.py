from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.money import format_yuan, parse_yuan
from zhubao.excel.amounts import read_decimal, read_integer, read_money


@pytest.mark.parametrize(
    ("raw", "fen"),
    [
        (1234.5, 123450),
        (1234, 123400),
        (0.1 + 0.2, 30),
        (49.870000000000005, 4987),
        (-83.6, -8360),
        ("1,234.50", 123450),
        ("１２３４", 123400),
        ("１，２３４．５０元", 123450),
        ("1234.5元", 123450),
        ("500元整", 50000),
        ("500元/月", 50000),
        ("0.12万元", 120000),
        ("119.71万", 119710000),
        ("￥1 234.50", 123450),
        ("¥-5", -500),
        ("(1,234.50)", -123450),
        ("（1,234.50）", -123450),
        ("-0.01", -1),
        ("负20", -2000),
        (" \u200b12.30\u00a0", 1230),
        ("'88", 8800),
        (".5", 50),
        ("", None),
        ("  ", None),
        ("-", None),
        ("/", None),
        ("无", None),
        ("——", None),
    ],
)
def test_money_as_clerks_write_it(raw: Any, fen: int | None) -> None:
    outcome = read_money(raw)
    assert (outcome.value, outcome.fault) == (fen, None)


@pytest.mark.parametrize(
    "raw",
    [
        "约500",
        "1,23",
        "12,34.5",
        "五百",
        "1-2",
        "--5",
        "(5",
        "(-5)",
        "1.2.3",
        "12%",
        "1e5",
        True,
        dt.date(2020, 6, 30),
        "5元3角",
        "100-200",
        float("nan"),
        float("inf"),
        1e300,
        ".",
    ],
)
def test_what_is_no_amount_is_a_finding(raw: Any) -> None:
    outcome = read_money(raw)
    assert outcome.value is None
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-108"


@pytest.mark.parametrize(("raw", "fen"), [(33.335, 3334), ("33.335", 3334), (-0.005, -1)])
def test_more_than_two_decimals_are_rounded_half_up_and_said(raw: Any, fen: int) -> None:
    outcome = read_money(raw)
    assert outcome.value == fen
    assert outcome.odd
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-109"


@given(st.integers(-(10**12), 10**12))
def test_a_float_of_whole_fen_is_read_exactly(fen: int) -> None:
    outcome = read_money(fen / 100)
    assert (outcome.value, outcome.fault) == (fen, None)


@given(st.floats(-1e9, 1e9))
def test_the_quick_way_agrees_with_exact_money(amount: float) -> None:
    assert abs(read_money(amount).value - parse_yuan(amount)) <= (
        0 if abs(amount * 100 % 1 - 0.5) > 1e-2 else 1
    )


@given(st.integers(-(10**14), 10**14))
def test_money_written_by_us_is_read_back(fen: int) -> None:
    assert read_money(format_yuan(fen, unit="元")).value == fen


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (3.0, 3),
        (3, 3),
        ("3", 3),
        ("３人", 3),
        ("12个月", 12),
        ("3.0", 3),
        ("-1层", -1),
        ("1,200", 1200),
        ("/", None),
        ("", None),
    ],
)
def test_whole_numbers_with_and_without_unit(raw: Any, value: int | None) -> None:
    outcome = read_integer(raw)
    assert (outcome.value, outcome.fault) == (value, None)


@pytest.mark.parametrize("raw", [3.5, "3.5", "三", "3万", "3-4", "约3", True, 1e16, "3多人"])
def test_what_is_no_whole_number_is_a_finding(raw: Any) -> None:
    outcome = read_integer(raw)
    assert outcome.value is None
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-113"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (45.6, Decimal("45.6")),
        (45.0, Decimal(45)),
        ("45.6㎡", Decimal("45.6")),
        ("\uff14\uff15\uff0e\uff16", Decimal("45.6")),
        ("45.60平方米", Decimal("45.60")),
        ("45.6 m²", Decimal("45.6")),
        ("45.6M2", Decimal("45.6")),
        ("—", None),
    ],
)
def test_decimals_with_and_without_unit(raw: Any, value: Decimal | None) -> None:
    outcome = read_decimal(raw)
    assert (outcome.value, outcome.fault) == (value, None)


@pytest.mark.parametrize("raw", ["45万", "四十五", "12%", "45*2", float("nan"), False])
def test_what_is_no_decimal_is_a_finding(raw: Any) -> None:
    outcome = read_decimal(raw)
    assert outcome.value is None
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-114"


def test_noise_below_the_digits_excel_keeps_is_no_part_of_a_number() -> None:
    """33.32999999999999 is what =a+b may leave of 33.33; half a unit more would be lost on it."""
    assert read_decimal(33.32999999999999).value == Decimal("33.33")
    assert read_decimal(0.1 + 0.2).value == Decimal("0.3")
    assert read_decimal(45.67).value == Decimal("45.67")
