"""Amounts that a header, or the line above it, declares to be in 万元, 千元: turned into yuan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from zhubao.excel.cleaning import clean_symbols

_FACTORS = {"百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "亿": 100_000_000}
_LARGE = re.compile(r"(百万|百|千|万|亿)元")
_YUAN = re.compile(r"[(\[【〔](?:单位:?)?元")
_ABOVE = re.compile(r"单位:?\(?(百万|百|千|万|亿)元")
_SAYS_UNIT = re.compile("[元圆块万亿千百]")
_DIGITS = re.compile(r"[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+")


def declared_unit(header: str, above: Iterable[Any]) -> str:
    """万, 千 … when the header says 万元, or the cells above it 单位：万元; "" for plain yuan."""
    text = clean_symbols(header)
    own = _LARGE.search(text)
    if own or _YUAN.search(text):
        return own[1] if own else ""
    texts = (clean_symbols(value) for value in above if isinstance(value, str))
    return next((match[1] for text in texts if (match := _ABOVE.search(text))), "")


def in_yuan(raw: Any, unit: str) -> Any:
    """The raw amount times the unit; one that names its own unit, and what is no number, stays."""
    factor = _FACTORS[unit]
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        number = Decimal(repr(raw))
        return f"{number * factor:f}" if number.is_finite() else raw
    if not isinstance(raw, str):
        return raw
    text = clean_symbols(raw)
    if _SAYS_UNIT.search(text):
        return raw
    return _DIGITS.sub(lambda match: _times(match[0], factor), text, count=1)


def _times(digits: str, factor: int) -> str:
    return f"{Decimal(digits.replace(',', '')) * factor:f}"


def from_yuan(amount: Decimal, unit: str) -> Decimal:
    """An amount in yuan as the column keeps it, in 万元 or the like; exact."""
    return amount / _FACTORS[unit]
