"""The words for a value: what a terminal or a page shows for money, dates, months and ratios."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from zhubao.core.money import format_yuan, prorate
from zhubao.core.period import Month
from zhubao.core.report import Ratio, ValueKind

NO_VALUE = "—"
NUMERIC = frozenset(
    {ValueKind.COUNT, ValueKind.NUMBER, ValueKind.MONEY, ValueKind.RATIO, ValueKind.POINTS}
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def word(value: Any, kind: ValueKind, *, with_parts: bool = False) -> str:
    """The text for one value of a column; "" for None.

    A value tells its own type first, so that a column of text may hold a date or a ratio;
    `kind` decides what a plain number means. `with_parts` adds both numbers to a ratio.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Ratio):
        return word_ratio(value, with_parts=with_parts)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Month | dt.date):
        return str(value)
    if kind is ValueKind.MONEY and isinstance(value, int):
        return format_yuan(value)
    if not isinstance(value, int | float | Decimal):
        return plain(str(value))
    return f"{value:,.2f}" if kind is ValueKind.POINTS else _number(value)


def word_ratio(ratio: Ratio, *, with_parts: bool = False) -> str:
    """98.40%（123/125）, half up; "—" for the percentage when there is no denominator."""
    percent = percent_of(ratio, places=2)
    words = NO_VALUE if percent is None else f"{percent}%"
    return words + (f"（{parts_of(ratio)}）" if with_parts else "")


def percent_of(ratio: Ratio, *, places: int) -> Decimal | None:
    """The percentage, exact and half up, or None without a denominator."""
    if not ratio.denominator:
        return None
    sign = -1 if ratio.denominator < 0 else 1
    shown = prorate(sign * ratio.numerator, 100 * 10**places, sign * ratio.denominator)
    return Decimal(shown).scaleb(-places)


def parts_of(ratio: Ratio) -> str:
    """Both numbers of a ratio, money in yuan: 123/125."""
    numbers = (ratio.numerator, ratio.denominator)
    return "/".join(format_yuan(one) if ratio.money else f"{one:,}" for one in numbers)


def plain(text: str) -> str:
    """Text on one line, without characters that would steer a terminal."""
    return _CONTROL.sub(" ", text).strip() if not text.isprintable() else text


def _number(value: int | float | Decimal) -> str:
    """Thousands separated, at most two decimals, no trailing zeros."""
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
