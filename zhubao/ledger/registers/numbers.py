"""The next number of a sheet: its own series continued."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

_SERIES = re.compile(r"(.*?)([0-9]{1,12})", re.DOTALL)
_DIGIT = re.compile(r"[0-9]")


def next_numbers(taken: Iterable[str | None]) -> Iterator[str]:
    """Unused numbers without end, after the highest of the sheet's series; none without a series.

    A series is what stands before the last digits, with their width: GD00023 → GD00024; at 9s it
    grows by a digit. Of several series the one of the most used form counts (CJ2019-0001 and
    CJ2020-0001 have one form), and of that form the latest: CJ2020-0001 → CJ2020-0002.
    """
    used = {number for number in taken if number}
    found = _series(used)
    if found is None:
        return
    prefix, width, highest = found
    while True:
        highest += 1
        number = f"{prefix}{highest:0{width}d}"
        if number not in used:
            yield number


def next_number(taken: Iterable[str | None]) -> str | None:
    """The one number after those taken; None where there is no series to continue."""
    return next(next_numbers(taken), None)


def numbers_after(taken: Iterable[str | None], first: str, count: int) -> list[str]:
    """So many new numbers: the sheet's own series continued, or from `first` on."""
    known = [number for number in taken if number]
    found = list(islice(next_numbers(known), count))
    return found or [first, *islice(next_numbers([first]), count - 1)]


def _series(used: Iterable[str]) -> tuple[str, int, int] | None:
    """(prefix, width, highest) of the latest series of the most used form."""
    forms: Counter[tuple[str, int]] = Counter()
    highest: dict[tuple[str, int], int] = {}
    for number in used:
        match = _SERIES.fullmatch(number)
        if match:
            key = match[1], len(match[2])
            forms[_form(key)] += 1
            highest[key] = max(highest.get(key, 0), int(match[2]))
    if not forms:
        return None
    form = max(forms, key=lambda one: (forms[one], one))
    prefix, width = max(key for key in highest if _form(key) == form)
    return prefix, width, highest[prefix, width]


def _form(key: tuple[str, int]) -> tuple[str, int]:
    """The series with every digit of its prefix alike."""
    return _DIGIT.sub("0", key[0]), key[1]
