"""Money as a whole number of fen: reading yuan, writing yuan, sharing out without losing a fen."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
_LIMIT_YUAN = Decimal(10) ** 15


def parse_yuan(value: Decimal | str | int | float) -> int:
    """An amount in yuan as fen, half up (away from zero). ValueError when it is no amount.

    A float is taken at its shortest decimal form (0.1 is ten fen); text may carry thousands commas.
    """
    if isinstance(value, bool):
        raise ValueError("不是金额")
    if isinstance(value, int):
        return _bounded(Decimal(value))
    text = repr(value) if isinstance(value, float) else str(value).strip().replace(",", "")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"不是金额：{value}") from None
    if not amount.is_finite():
        raise ValueError(f"不是金额：{value}")
    return _bounded(amount)


def _bounded(amount: Decimal) -> int:
    if abs(amount) >= _LIMIT_YUAN:
        raise ValueError("金额超过一千万亿元")
    return int((amount * FEN_PER_YUAN).to_integral_value(ROUND_HALF_UP))


def yuan(fen: int) -> Decimal:
    """Fen as yuan, exact, two decimals."""
    return Decimal(fen).scaleb(-2)


def format_yuan(fen: int, *, unit: str = "") -> str:
    """1234.5 yuan as "1,234.50", with `unit` after it."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}{unit}"


def format_wan(fen: int, *, places: int = 2) -> str:
    """Fen in ten thousands of yuan (万元), half up: 119.71."""
    shown = prorate(fen, 10**places, FEN_PER_WAN)
    return f"{Decimal(shown).scaleb(-places):,.{places}f}"


def prorate(fen: int, numerator: int, denominator: int) -> int:
    """fen × numerator ÷ denominator, half up (away from zero). ValueError unless positive."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    product = fen * numerator
    size = (2 * abs(product) + denominator) // (2 * denominator)
    return -size if product < 0 else size


def split_evenly(fen: int, parts: int) -> list[int]:
    """`fen` in so many parts that differ by one fen at most, the larger first; they sum exactly."""
    if parts < 1:
        raise ValueError("parts must be at least 1")
    share, rest = divmod(abs(fen), parts)
    sign = -1 if fen < 0 else 1
    return [sign * (share + (index < rest)) for index in range(parts)]
