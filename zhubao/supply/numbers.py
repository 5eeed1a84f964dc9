"""New numbers that continue the numbering of a sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_SERIES = re.compile(r"(.*?)([0-9]{1,12})", re.DOTALL)


def new_numbers(count: int, taken: Iterable[str | None], default: str) -> list[str]:
    """`count` unused numbers, following the highest of the series most used.

    A series is what stands before the last digits, with their width: DP0030 → DP0031; at 9s it
    grows by a digit. Without any series the first number is `default`.
    """
    used = {number for number in taken if number}
    prefix, width, highest = _busiest(used) or _parts(default, before=1)
    numbers: list[str] = []
    while len(numbers) < count:
        highest += 1
        number = f"{prefix}{highest:0{width}d}"
        if number not in used:
            numbers.append(number)
    return numbers


def _busiest(used: Iterable[str]) -> tuple[str, int, int] | None:
    series: Counter[tuple[str, int]] = Counter()
    highest: dict[tuple[str, int], int] = {}
    for number in used:
        match = _SERIES.fullmatch(number)
        if match:
            key = match[1], len(match[2])
            series[key] += 1
            highest[key] = max(highest.get(key, 0), int(match[2]))
    if not series:
        return None
    prefix, width = max(series, key=lambda key: (series[key], key))
    return prefix, width, highest[prefix, width]


def _parts(number: str, *, before: int) -> tuple[str, int, int]:
    match = _SERIES.fullmatch(number)
    if match is None:
        raise ValueError(f"no digits at the end of {number}")
    return match[1], len(match[2]), int(match[2]) - before
