"""Personal data with most of it starred out, for messages and public lists."""

from __future__ import annotations

import re

_STAR = "*"
IDENTITY_NUMBER = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9])")
PHONE_NUMBER = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
# A receipt or a checksum is passed over: its digits are nobody's number.
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{32}){1,2}(?![0-9A-Za-z])"
    rf"|(?P<identity>{IDENTITY_NUMBER.pattern})|(?P<phone>{PHONE_NUMBER.pattern})"
)


def mask_name(name: str) -> str:
    """张*明; two characters 张*; one character is starred out."""
    text = name.strip()
    if len(text) <= 2:
        return text[: len(text) - 1] + _STAR if text else ""
    return text[0] + _STAR * (len(text) - 2) + text[-1]


def mask_identity(number: str) -> str:
    """First six and last four of eighteen (old numbers: last three); the birth date is starred.

    A text of any other length keeps a quarter at each end at most.
    """
    text = number.strip()
    if len(text) == 18:
        return _ends(text, 6, 4)
    if len(text) == 15:
        return _ends(text, 6, 3)
    return _ends(text, min(6, len(text) // 4), min(4, len(text) // 4))


def mask_phone(number: str) -> str:
    """138****5678; a number of any other length keeps a quarter at each end at most."""
    text = number.strip()
    if len(text) == 11:
        return _ends(text, 3, 4)
    return _ends(text, min(3, len(text) // 4), min(4, len(text) // 4))


def mask_account(number: str) -> str:
    """Four stars and the last four digits, whatever the length; fewer of a short number."""
    text = "".join(number.split())
    kept = min(4, len(text) // 4)
    return _STAR * 4 + text[len(text) - kept :] if text else ""


def mask_numbers(text: str) -> str:
    """Free text with the identity and mobile numbers in it starred out."""
    return _NUMBERS.sub(_mask_match, text)


def _mask_match(match: re.Match[str]) -> str:
    if match["identity"]:
        return mask_identity(match[0])
    return mask_phone(match[0]) if match["phone"] else match[0]


def _ends(text: str, head: int, tail: int) -> str:
    return text[:head] + _STAR * (len(text) - head - tail) + text[len(text) - tail :]
