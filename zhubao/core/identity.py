"""Identity numbers (GB 11643-1999): check, birth date, sex, and the old fifteen-digit form."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_STRAY = re.compile(r"[\s'’‘`\u200b-\u200f\u202a-\u202e\ufeff]+")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_EARLIEST_YEAR = 1800  # the standard's own example was born in 1880


class IdentityFault(StrEnum):
    """What is wrong with an identity number."""

    LENGTH = "length"
    CHARACTER = "character"
    BIRTH_DATE = "birth_date"
    CHECK_DIGIT = "check_digit"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The words shown to the clerk."""
        return _FAULT_TITLES[self]


_FAULT_TITLES = {
    IdentityFault.LENGTH: "身份证号应为18位（旧证15位）",
    IdentityFault.CHARACTER: "身份证号含有数字以外的字符",
    IdentityFault.BIRTH_DATE: "身份证号中的出生日期不存在",
    IdentityFault.CHECK_DIGIT: "身份证号校验位不符",
}


def normalise_identity(text: str) -> str:
    """Half-width, capital X, without blanks, invisible characters and leading apostrophes."""
    return _STRAY.sub("", text.translate(_NARROW)).upper()


def check_identity(text: str, *, as_of: dt.date | None = None) -> IdentityFault | None:
    """The first fault of a normalised number, or None. With `as_of`, a later birth is a fault.

    Length, characters, birth date and check digit only: district codes have changed too often
    for a fault, and valid numbers carry abolished ones.
    """
    if len(text) not in (15, 18):
        return IdentityFault.LENGTH
    if not _SHAPE.fullmatch(text):
        return IdentityFault.CHARACTER
    born = _born(text)
    if born is None or (as_of is not None and born > as_of):
        return IdentityFault.BIRTH_DATE
    if len(text) == 18 and _check_character(text) != text[17]:
        return IdentityFault.CHECK_DIGIT
    return None


def to_18(text: str) -> str:
    """The eighteen-digit form of an old number (a new one comes back as it is).

    Old numbers have two-digit years, all taken as 19xx. ValueError when the number has a fault.
    """
    fault = check_identity(text)
    if fault is not None:
        raise ValueError(fault.title)
    if len(text) == 18:
        return text
    body = f"{text[:6]}19{text[6:]}"
    return body + _check_character(body)


def birth_date_of(text: str) -> dt.date:
    """The birth date in the number; ValueError when the number has a fault."""
    number = to_18(text)
    return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(text: str) -> str:
    """男 when the seventeenth digit is odd, else 女; ValueError when the number has a fault."""
    return "男" if int(to_18(text)[16]) % 2 else "女"


def same_person(first: str, second: str) -> bool:
    """True when both are the same number, old or new form. A blank is never the same as a blank."""
    one, other = normalise_identity(first), normalise_identity(second)
    if not one or not other:
        return False
    return one == other or _comparable(one) == _comparable(other)


def _comparable(text: str) -> str:
    return to_18(text) if check_identity(text) is None else text


def _check_character(text: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECK_CHARACTERS[total % 11]


def _born(text: str) -> dt.date | None:
    """The birth date by position, or None when there is no such day."""
    digits = text[6:14] if len(text) == 18 else f"19{text[6:12]}"
    if int(digits[:4]) < _EARLIEST_YEAR:
        return None
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
