"""Numbers of receipts: the ledger's own series continued, and fingerprints of lines without one."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from zhubao.core.finding import Cell
from zhubao.ledger.registers import numbers as series
from zhubao.rent.receipts.lines import StatementLine

IMPORTED = "导入 "
REVERSED = "-冲正"

_SERIES = re.compile(r"(.*?)([0-9]{1,12})")
_FINGERPRINT = re.compile(r"DR[0-9a-f]{10}")


def next_number(taken: Iterable[str | None], default: str) -> str:
    """The number after the highest of the sheet's series; `default` where there is none.

    A series is what stands before the last digits, with their width: SJ0010253 → SJ0010254. At 9s
    it grows by a digit. Fingerprints of imported lines are no series.
    """
    known = (number for number in taken if number and not is_fingerprint(number))
    return series.next_number(known) or default


def following(number: str, count: int) -> list[str]:
    """So many numbers from this one on."""
    match = _SERIES.fullmatch(number)
    if match is None:
        raise ValueError(f"no number to count on from: {number}")
    first, width = int(match[2]), len(match[2])
    return [f"{match[1]}{first + place:0{width}d}" for place in range(count)]


def is_fingerprint(number: str) -> bool:
    """True for a number made by `fingerprints`, reversed or not."""
    return _FINGERPRINT.fullmatch(number.removesuffix(REVERSED)) is not None


def fingerprints(lines: Iterable[StatementLine]) -> list[str]:
    """A number for every line: the bank's serial, else "DR" and ten hexadecimal digits.

    The digits are the start of SHA-256 over day, amount, payer, account, memo and the ordinal of
    the line among identical ones of the file, so that the same file gives the same numbers again,
    wherever its other lines stand. Two different lines share one with probability below 10⁻¹².
    """
    seen: Counter[tuple[str, ...]] = Counter()
    numbers: list[str] = []
    for line in lines:
        if line.serial:
            numbers.append(line.serial)
            continue
        parts = (line.day.isoformat(), str(line.amount), line.payer, line.account, line.memo)
        seen[parts] += 1
        text = "\x1f".join((*parts, str(seen[parts])))
        numbers.append(f"DR{hashlib.sha256(text.encode()).hexdigest()[:10]}")
    return numbers


def imported_from(place: Cell) -> str:
    """How a booked line says where it comes from."""
    return f"{IMPORTED}{place}"
