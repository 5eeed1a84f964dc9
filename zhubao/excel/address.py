"""Cell addresses: column letters and A1 references, rows and columns counted from 1."""

from __future__ import annotations

import re
from functools import cache

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_REF = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@cache
def column_letter(number: int) -> str:
    """1 → A, 27 → AA. ValueError below 1."""
    if number < 1:
        raise ValueError("columns are counted from 1")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """A → 1, AA → 27. ValueError for anything but letters."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(f"not a column: {letters}")
        number = number * 26 + ord(letter) - 64
    return number


def parse_ref(ref: str) -> tuple[int, int]:
    """ "G12" → (12, 7): row, column. ValueError when it is no A1 reference."""
    match = _REF.fullmatch(ref)
    if match is None:
        raise ValueError(f"not a cell reference: {ref}")
    return int(match[2]), column_number(match[1])


def make_ref(row: int, column: int) -> str:
    """(12, 7) → "G12"."""
    return f"{column_letter(column)}{row}"
