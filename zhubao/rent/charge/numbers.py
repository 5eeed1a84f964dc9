"""New charge numbers that continue the ledger's own numbering."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhubao.core.period import Month

_SERIAL = re.compile(r"(.*?)([0-9]{1,12})", re.DOTALL)
_DEFAULT_PREFIX, _DEFAULT_WIDTH = "YS", 6


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the ledger numbers charges: prefix, the month in some spelling ("" if none), serial."""

    prefix: str
    style: str  # a key of the month spellings, or "" for one running number
    middle: str
    width: int

    def head(self, month: Month) -> str:
        """Everything before the serial number."""
        return f"{self.prefix}{_spelled(self.style, month)}{self.middle}"


DEFAULT = Numbering(_DEFAULT_PREFIX, "compact", "", _DEFAULT_WIDTH)
_STYLES = {
    "compact": "{year:04d}{month:02d}",
    "dashed": "{year:04d}-{month:02d}",
    "dotted": "{year:04d}.{month:02d}",
    "short": "{short:02d}{month:02d}",
}


def new_numbers(
    count: int, month: Month, numbers: Sequence[str | None], months: Sequence[Month | None]
) -> list[str]:
    """`count` unused numbers for charges of the month, in order.

    `numbers` and `months` are the ledger's columns. The numbering is read from the charges of the
    two latest months there are: prefix + month + serial where most of them are written so (the
    serial starts anew every month), else prefix + one running serial. A new serial follows the
    highest one under the same prefix and has the same width; without any ledger YS202007000001 is
    the pattern (YS, month, six digits).
    """
    used = {number for number in numbers if number}
    numbering = detect(_recent(numbers, months))
    head = numbering.head(month)
    serial = max(_serials(used, head), default=0)
    result: list[str] = []
    while len(result) < count:
        serial += 1
        number = f"{head}{serial:0{numbering.width}d}"
        if number not in used:
            result.append(number)
    return result


def detect(recent: Iterable[tuple[str, Month]]) -> Numbering:
    """The numbering most of these charges (number, billing month) follow."""
    pairs = list(recent)
    if not pairs:
        return DEFAULT
    months = {month for _, month in pairs}
    for style in _STYLES:
        spelled = {month: _spelled(style, month) for month in months}
        shapes = (_monthly(number, style, spelled[month]) for number, month in pairs)
        found = Counter(filter(None, shapes))
        if found.total() * 2 > len(pairs):
            return _commonest(found)
    running = Counter(filter(None, (_running(number) for number, _ in pairs)))
    return _commonest(running) if running else DEFAULT


def _commonest(found: Counter[Numbering]) -> Numbering:
    """The most frequent; among equals the first in the order of the alphabet."""
    return min(found, key=lambda one: (-found[one], one.prefix, one.middle, one.width))


def _recent(
    numbers: Sequence[str | None], months: Sequence[Month | None]
) -> Iterator[tuple[str, Month]]:
    latest = sorted({month for month in months if month is not None})[-2:]
    for number, month in zip(numbers, months, strict=True):
        if number and month is not None and month in latest:
            yield number, month


def _monthly(number: str, style: str, spelled: str) -> Numbering | None:
    prefix, found, rest = number.partition(spelled)
    match = re.fullmatch(r"([^0-9]*)([0-9]{1,12})", rest) if found else None
    if match is None:
        return None
    return Numbering(prefix, style, match[1], len(match[2]))


def _running(number: str) -> Numbering | None:
    match = _SERIAL.fullmatch(number)
    return Numbering(match[1], "", "", len(match[2])) if match else None


def _spelled(style: str, month: Month) -> str:
    if not style:
        return ""
    return _STYLES[style].format(year=month.year, month=month.month, short=month.year % 100)


def _serials(used: Iterable[str], head: str) -> Iterator[int]:
    size = len(head)
    for number in used:
        rest = number[size:]
        if number.startswith(head) and rest.isascii() and rest.isdigit() and len(rest) <= 12:
            yield int(rest)
