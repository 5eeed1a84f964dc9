"""Money in fen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.money import format_wan, format_yuan, parse_yuan, prorate, split_evenly, yuan

FEN = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        ("1234.50", 123450),
        ("1,234.5", 123450),
        (" 12 ", 1200),
        (Decimal("0.005"), 1),
        (Decimal("-0.005"), -1),
        (0.1, 10),
        (1409.5, 140950),
        (2.675, 268),
        (362, 36200),
    ],
)
def test_an_amount_in_yuan_becomes_fen_half_up(value: Decimal | str | float, fen: int) -> None:
    assert parse_yuan(value) == fen


@pytest.mark.parametrize(
    "value", ["", "壹元", "1.2.3", "nan", float("inf"), float("nan"), True, "1e400", 10**15]
)
def test_what_is_no_amount_is_a_value_error(value: str | float) -> None:
    with pytest.raises(ValueError):
        parse_yuan(value)


@given(FEN)
def test_an_amount_survives_writing_and_reading(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == parse_yuan(yuan(fen)) == fen


def test_amounts_as_text() -> None:
    assert format_yuan(123450) == "1,234.50"
    assert format_yuan(-5, unit="元") == "-0.05元"


def test_the_rent_of_the_half_year_in_wan() -> None:
    """The summary of the first half of 2020: 119.71 万元 collected, 124.343 万元 remitted."""
    assert format_wan(119_710_000) == "119.71"
    assert format_wan(124_343_000, places=3) == "124.343"
    assert format_wan(-1_234_567_890_000) == "-1,234,567.89"


def test_a_part_month_is_rounded_half_up() -> None:
    assert prorate(10_001, 1, 2) == 5001
    assert prorate(-10_001, 1, 2) == -5001
    assert prorate(14_000, 10, 31) == 4516


def test_prorating_by_nothing_is_refused() -> None:
    with pytest.raises(ValueError):
        prorate(100, 1, 0)


@given(st.integers(0, 10**12), st.integers(0, 400), st.integers(1, 400))
def test_a_part_lies_between_nothing_and_the_whole(fen: int, numerator: int, extra: int) -> None:
    denominator = numerator + extra
    part = prorate(fen, numerator, denominator)
    assert 0 <= part <= fen
    assert abs(part * denominator - fen * numerator) * 2 <= denominator


@given(FEN, st.integers(1, 200))
def test_parts_sum_to_the_whole_and_differ_by_a_fen(fen: int, parts: int) -> None:
    shares = split_evenly(fen, parts)
    assert (len(shares), sum(shares)) == (parts, fen)
    assert max(shares) - min(shares) <= 1
    assert [abs(share) for share in shares] == sorted(map(abs, shares), reverse=True)


def test_no_parts_is_refused() -> None:
    with pytest.raises(ValueError):
        split_evenly(100, 0)
