"""Amounts of money, whole numbers and decimals as clerks write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from zhubao.core.finding import FindingKind
from zhubao.core.money import format_yuan, parse_yuan
from zhubao.excel.cleaning import clean_symbols, is_empty_mark
from zhubao.excel.faults import (
    DECIMAL_UNREADABLE,
    INTEGER_UNREADABLE,
    MONEY_ROUNDED,
    MONEY_UNREADABLE,
)
from zhubao.excel.outcome import EMPTY, MARKED_EMPTY, Fault, Outcome, refuse, shown

_NUMBER = r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(\.[0-9]*)?"
_MONEY = re.compile(
    rf"(\()?([-+\u2212负])?(?:¥|￥|RMB|CNY|人民币)?([-+\u2212])?{_NUMBER}"
    r"(万)?(?:元整?|圆整?|块)?(?:/月|每月)?(\))?",
    re.IGNORECASE,
)
_UNIT = (
    r"(?:(?![十百千万亿半多余约])[\u4e00-\u9fff]){0,3}"  # any word that does not change the number
)
_INTEGER = re.compile(rf"([-+\u2212])?{_NUMBER}{_UNIT}")
_DECIMAL = re.compile(rf"([-+\u2212])?{_NUMBER}(?:{_UNIT}|㎡|[mM]²|[mM]2|[mM]\^2)")
_QUICK_LIMIT = 1e11
_EXACT_LIMIT = 1e15
_NOISE_FEN = 1e-3


def read_money(raw: object) -> Outcome:
    """Yuan → fen, half up; a loss of more than float noise is a warning."""
    if isinstance(raw, float) and -_QUICK_LIMIT < raw < _QUICK_LIMIT:
        scaled = raw * 100
        fen = round(scaled)
        if abs(scaled - fen) < _NOISE_FEN:
            return Outcome(fen)
    if isinstance(raw, str):
        return _money_from_text(raw)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _money_from_amount(_shown_number(raw), raw, odd=False)
    return refuse(MONEY_UNREADABLE, raw)


def _money_from_text(raw: str) -> Outcome:
    text = clean_symbols(raw)
    if not text:
        return EMPTY
    if is_empty_mark(text):
        return MARKED_EMPTY
    match = _MONEY.fullmatch(text)
    if match is None:
        return refuse(MONEY_UNREADABLE, raw)
    opened, sign, late_sign, whole, fraction, wan, closed = match.groups()
    digits = _digits(whole, fraction)
    if digits is None or bool(opened) != bool(closed) or (sign and late_sign):
        return refuse(MONEY_UNREADABLE, raw)
    amount = digits * 10_000 if wan else digits
    minus = (sign or late_sign or "+") in "-\u2212负"
    if opened and minus:
        return refuse(MONEY_UNREADABLE, raw)
    return _money_from_amount(-amount if opened or minus else amount, raw, odd=True)


def _money_from_amount(amount: Decimal, raw: object, *, odd: bool) -> Outcome:
    try:
        fen = parse_yuan(amount)
    except ValueError:
        return refuse(MONEY_UNREADABLE, raw)
    if abs(amount * 100 - fen) < Decimal("0.001"):
        return Outcome(fen, odd)
    taken = format_yuan(fen)
    return Outcome(fen, odd=True, fault=Fault(MONEY_ROUNDED, {"shown": shown(raw), "taken": taken}))


def read_integer(raw: object) -> Outcome:
    """3.0, "3", "３", "3人" → 3; fractions are refused."""
    if isinstance(raw, float):
        whole = raw.is_integer() and abs(raw) < _EXACT_LIMIT
        return Outcome(int(raw)) if whole else refuse(INTEGER_UNREADABLE, raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Outcome(raw)
    number = _number(raw, _INTEGER, INTEGER_UNREADABLE)
    if isinstance(number, Outcome):
        return number
    if number != number.to_integral_value(ROUND_HALF_UP):
        return refuse(INTEGER_UNREADABLE, raw)
    return Outcome(int(number), odd=True)


def _shown_number(raw: float) -> Decimal:
    """A number to the 15 digits that Excel keeps: what a formula adds below is noise."""
    return Decimal(f"{raw:.15g}") if isinstance(raw, float) else Decimal(raw)


def read_decimal(raw: object) -> Outcome:
    """45.6, "45.6㎡", full-width too → Decimal("45.6"); a float as Excel shows it, to 15 digits."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        number = _shown_number(raw)
        if isinstance(raw, float) and raw.is_integer() and abs(raw) < _EXACT_LIMIT:
            number = Decimal(int(raw))
        return Outcome(number) if number.is_finite() else refuse(DECIMAL_UNREADABLE, raw)
    found = _number(raw, _DECIMAL, DECIMAL_UNREADABLE)
    return found if isinstance(found, Outcome) else Outcome(found, odd=True)


def _number(raw: object, shape: re.Pattern[str], fault: FindingKind) -> Decimal | Outcome:
    if not isinstance(raw, str):
        return refuse(fault, raw)
    text = clean_symbols(raw)
    if not text:
        return EMPTY
    if is_empty_mark(text):
        return MARKED_EMPTY
    match = shape.fullmatch(text)
    digits = _digits(match[2], match[3]) if match else None
    if match is None or digits is None:
        return refuse(fault, raw)
    return -digits if match[1] in ("-", "\u2212") else digits


def _digits(whole: str | None, fraction: str | None) -> Decimal | None:
    """None when there is no digit at all."""
    text = (whole or "").replace(",", "") + (fraction or "")
    return Decimal(text) if text.strip(".") else None
