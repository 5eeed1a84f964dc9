"""Amounts in capitals, read back by a reader that shares no code with the writer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.capitals import amount_in_capitals

UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_integer(text: str) -> int:
    """A plain left-to-right reader: digits, small units, then 万 and 亿 multiply what is left."""
    if "亿" in text:
        high, low = text.rsplit("亿", 1)
        return read_integer(high) * 10**8 + read_integer(low)
    if "万" in text:
        high, low = text.split("万")
        return read_integer(high) * 10**4 + read_integer(low)
    total = digit = 0
    for character in text:
        if character in UNITS:
            total, digit = total + digit * UNITS[character], 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
    return total + digit


def read_capitals(text: str) -> int:
    """Fen from an amount in capitals."""
    match = re.fullmatch(r"(负?)(?:(.+)元)?零?(?:(.)角)?(?:(.)分)?整?", text)
    assert match is not None, text
    sign, yuan, jiao, fen = match.groups()
    size = read_integer(yuan or "零") * 100 + read_integer(jiao or "零") * 10
    return (size + read_integer(fen or "零")) * (-1 if sign else 1)


@pytest.mark.parametrize(
    ("fen", "capitals"),
    [
        (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"),
        (10700053, "壹拾万柒仟元零伍角叁分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
    ],
)
def test_the_examples_of_the_payment_rules(fen: int, capitals: str) -> None:
    """支付结算办法 (银发〔1997〕393号), annex 1: how dates and amounts are filled in."""
    assert amount_in_capitals(fen) == capitals


@pytest.mark.parametrize(
    ("fen", "capitals"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (1000, "壹拾元整"),
        (100_0100, "壹万零壹元整"),
        (10**10, "壹亿元整"),
        (10**10 + 100_000, "壹亿零壹仟元整"),
        (10**14, "壹万亿元整"),
        (-350, "负叁元伍角"),
    ],
)
def test_round_and_odd_amounts(fen: int, capitals: str) -> None:
    assert amount_in_capitals(fen) == capitals


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_every_amount_reads_back(fen: int) -> None:
    assert read_capitals(amount_in_capitals(fen)) == fen


@given(st.integers(0, 3000), st.integers(0, 14), st.integers(0, 99))
def test_amounts_full_of_zeros_read_back(head: int, zeros: int, tail: int) -> None:
    fen = head * 10**zeros + tail
    text = amount_in_capitals(fen)
    assert read_capitals(text) == fen
    assert "零零" not in text


def test_an_amount_beyond_all_measure_is_refused() -> None:
    with pytest.raises(ValueError):
        amount_in_capitals(10**18)
