"""Which of many identity numbers are plainly sound: the check of GB 11643 over whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_LENGTH = 18
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)
_EARLIEST_YEAR = 1800


def not_sound(values: Sequence[Any]) -> list[int]:
    """Places of the values that are not plainly a sound eighteen-digit number.

    A plain one is text of eighteen characters, with a real birth date and the right check
    character. The others must be looked at one by one (`core.identity`): blanks, numbers with
    stray signs, old forms, faults.
    """
    plain = [
        place
        for place, value in enumerate(values)
        if type(value) is str and len(value) == _LENGTH and value.isascii()
    ]
    if not plain:
        return list(range(len(values)))
    packed = "".join([values[place] for place in plain]).encode("ascii")
    good = _sound(np.frombuffer(packed, dtype=np.uint8).reshape(-1, _LENGTH))
    odd = np.ones(len(values), dtype=bool)
    odd[np.array(plain)[good]] = False
    places: list[int] = np.flatnonzero(odd).tolist()
    return places


def _sound(characters: Any) -> Any:
    digits = characters[:, :17].astype(np.int64) - ord("0")
    plain = ((digits >= 0) & (digits <= 9)).all(axis=1)
    digits = np.where(plain[:, None], digits, 0)
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1])
    month = digits[:, 10:12] @ np.array([10, 1])
    day = digits[:, 12:14] @ np.array([10, 1])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _DAYS[np.where(month <= 12, month, 0)] + (leap & (month == 2))
    dated = (year >= _EARLIEST_YEAR) & (day >= 1) & (day <= longest)
    checked = _CHECK[(digits @ _WEIGHTS) % 11] == characters[:, 17]
    return plain & dated & checked
