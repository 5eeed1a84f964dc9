"""Values inside formulas, with Excel's conversions, arithmetic and comparison.

Numbers are IEEE doubles, as in Excel, so a result is the double Excel would store, written with
as many digits as it needs. Where Excel's own treatment of the last bits decides (a difference
that is nothing but rounding noise, two numbers equal to 13 digits but not to 17, rounding a half
that is not quite a half), the answer is UNKNOWN.
"""

from __future__ import annotations

import enum
import math
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal


class Uncertain(enum.Enum):
    """No value: it cannot be told with certainty, or it is certainly an error (#DIV/0!)."""

    UNKNOWN = "unknown"
    ERROR = "error"


UNKNOWN = Uncertain.UNKNOWN
ERROR = Uncertain.ERROR


@dataclass(frozen=True, slots=True)
class Noise:
    """A sum that may as well be 0: what is left is within the rounding of its terms.

    `snaps` when Excel stores 0 for it, if the addition is the formula's last step.
    """

    value: float
    snaps: bool


Scalar = float | str | bool | None | Uncertain | Noise
"""One cell's or step's value; None is an empty cell."""

ROUNDINGS = {
    "ROUND": ROUND_HALF_UP,
    "ROUNDUP": ROUND_UP,
    "ROUNDDOWN": ROUND_DOWN,
    "INT": ROUND_FLOOR,
}
_NOISE = 2.0**-44
_SNAP = 2.0**-50
_MOST_DIGITS = 15


def plain(value: object) -> Scalar:
    """A caller's cell value as a scalar; what is no number, text or truth value is UNKNOWN."""
    if value is None or isinstance(value, str | bool | float | Uncertain):
        return value
    if isinstance(value, int | Decimal):
        return float(value)
    return UNKNOWN


def number(value: Scalar) -> float | Uncertain:
    """As an operand of arithmetic; a text may or may not be read as a number: UNKNOWN."""
    if isinstance(value, float):
        return value
    if value is None:
        return 0.0
    if isinstance(value, bool):
        return float(value)
    return value if isinstance(value, Uncertain) else UNKNOWN


def truth(value: Scalar) -> bool | Uncertain:
    """As a condition."""
    if isinstance(value, bool):
        return value
    as_number = number(value)
    return as_number if isinstance(as_number, Uncertain) else as_number != 0


def text(value: Scalar) -> str | Uncertain:
    """As an operand of &; numbers in Excel's general format where that is plain."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _general(value)
    if value is None:
        return ""
    return value if isinstance(value, str | Uncertain) else UNKNOWN


def _general(value: float) -> str | Uncertain:
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e15:
        return UNKNOWN
    return format(Decimal(f"{value:.{_MOST_DIGITS}g}").normalize(), "f")


def worse(left: float | str | Uncertain, right: float | str | Uncertain) -> Uncertain | None:
    """What becomes of a step with these operands, if not a value; UNKNOWN outdoes ERROR."""
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    return ERROR if left is ERROR or right is ERROR else None


def finite(value: float) -> float | Uncertain:
    """A result within Excel's range; beyond it is #NUM!. There is no negative zero."""
    return value + 0.0 if math.isfinite(value) else ERROR


def added(left: float, right: float) -> Scalar:
    """left + right; Noise when nearly everything cancels but not all."""
    return settled(left + right, max(abs(left), abs(right)))


def settled(total: float, greatest: float) -> Scalar:
    """A sum whose greatest term (or subtotal) was `greatest`: itself, or Noise."""
    if total == 0 or abs(total) > greatest * _NOISE or not math.isfinite(total):
        return finite(total)
    return Noise(total, snaps=abs(total) <= greatest * _SNAP)


def powered(base: float, exponent: float) -> float | Uncertain:
    """base ^ exponent."""
    if base == 0 and exponent <= 0:
        return ERROR
    try:
        return finite(math.pow(base, exponent))
    except (ValueError, OverflowError):
        return ERROR


def rounded(function: str, value: Scalar, digits: int) -> float | Uncertain:
    """ROUND (half away from zero), ROUNDUP, ROUNDDOWN or INT to `digits` decimals.

    Taken from the shortest decimal and from 15 significant digits; UNKNOWN where these differ.
    """
    if isinstance(value, Noise):
        is_zero = function == "ROUND" and _rounded(function, repr(value.value), digits) == 0
        return 0.0 if is_zero else UNKNOWN
    amount = number(value)
    if isinstance(amount, Uncertain):
        return amount
    if not -_MOST_DIGITS <= digits <= _MOST_DIGITS or abs(amount) >= 1e15:
        return UNKNOWN
    exact = _rounded(function, repr(amount), digits)
    shown = _rounded(function, f"{amount:.{_MOST_DIGITS}g}", digits)
    return exact + 0.0 if exact == shown else UNKNOWN


def _rounded(function: str, written: str, digits: int) -> float:
    step = Decimal(1).scaleb(-digits)
    steps = (Decimal(written) / step).to_integral_value(ROUNDINGS[function])
    return float(steps * step)


def compared(left: Scalar, right: Scalar) -> int | Uncertain:
    """-1, 0 or 1: numbers come before texts, texts before truth values; case does not matter."""
    if isinstance(left, Noise) or isinstance(right, Noise):
        return UNKNOWN
    if isinstance(left, Uncertain) or isinstance(right, Uncertain):
        return UNKNOWN if left is UNKNOWN or right is UNKNOWN else ERROR
    left, right = _as_other(left, right), _as_other(right, left)
    if _rank(left) != _rank(right):
        return -1 if _rank(left) < _rank(right) else 1
    if isinstance(left, str) and isinstance(right, str):
        return _compared_texts(left, right)
    return compared_numbers(float(left or 0), float(right or 0))


def compared_numbers(left: float, right: float) -> int | Uncertain:
    """-1, 0 or 1; UNKNOWN for numbers that differ by rounding noise only."""
    if left == right:
        return 0
    if abs(left - right) <= _NOISE * max(abs(left), abs(right)):
        return UNKNOWN
    return -1 if left < right else 1


def same_text(left: str, right: str) -> bool | Uncertain:
    """Whether Excel's "=" holds; UNKNOWN for texts that differ in width or accents only."""
    if left == right:
        return True
    if left.isascii() and right.isascii():
        return left.lower() == right.lower()
    return UNKNOWN if _bare(left) == _bare(right) else False


def _compared_texts(left: str, right: str) -> int | Uncertain:
    """Order is certain for ASCII letters and digits only, equality nearly always."""
    same = same_text(left, right)
    if same is True:
        return 0
    is_plain = all(value.isascii() and (value.isalnum() or not value) for value in (left, right))
    if same is UNKNOWN or not is_plain:
        return UNKNOWN
    return -1 if left.lower() < right.lower() else 1


def differ(left: Scalar, right: Scalar) -> bool | Uncertain:
    """Whether "<>" holds: two texts may certainly differ though their order is unknown."""
    if isinstance(left, str) and isinstance(right, str):
        same = same_text(left, right)
        return same if isinstance(same, Uncertain) else not same
    order = compared(left, right)
    return order if isinstance(order, Uncertain) else order != 0


def _as_other(value: float | str | bool | None, other: object) -> float | str | bool:
    """An empty cell is 0, "" or FALSE, whichever the other side is."""
    if value is not None:
        return value
    if isinstance(other, bool):
        return False
    return "" if isinstance(other, str) else 0.0


def _rank(value: float | str | bool) -> int:
    if isinstance(value, bool):
        return 2
    return 1 if isinstance(value, str) else 0


def _bare(value: str) -> str:
    """Without width, accents, case and marks that have no width."""
    parts = unicodedata.normalize("NFKD", value).casefold()
    return "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf", "Pd"))
