"""Household numbers as people type them, and what a new row of 巡查 can hold."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.ledger.registers.numbers import next_numbers
from zhubao.ledger.table import LedgerTable

_FIRST = ("XC000000",)
_PARTS = re.compile(r"(.*?)([0-9]+)", re.DOTALL)
_NEAR = 3


class HouseholdNumbers:
    """The ledger's household numbers, found in any width and case, and without leading zeros.

    JT123 means JT000123 where no other number is short for it; JT00123 is a slip and means nothing.
    """

    def __init__(self, numbers: Iterable[str | None]) -> None:
        self._known = list(dict.fromkeys(number for number in numbers if number))
        self._exact = {_plain(number): number for number in self._known}
        self._short: dict[tuple[str, str], set[str]] = {}
        for number in self._known:
            self._short.setdefault(_short(number), set()).add(number)

    def find(self, text: str) -> str | None:
        """The number meant; None where there is none."""
        found = self._exact.get(_plain(text))
        if found is not None or _short(text) != _short(text, zeros=True):
            return found
        near = self._short.get(_short(text), set())
        return next(iter(near)) if len(near) == 1 else None

    def resolve(self, text: str) -> str:
        """The number meant; `UsageError` with the nearest ones where there is none."""
        found = self.find(text)
        if found is None:
            near = sorted(self._short.get(_short(text), set()))[:_NEAR]
            near = near or difflib.get_close_matches(_plain(text), self._known, _NEAR, 0.75)
            hint = f"是不是 {'、'.join(near)}？" if near else ""
            raise UsageError(
                f"保障家庭台账里没有编号“{text}”",
                advice=f"{hint}请在 tenants.xlsx 的保障家庭表里查到编号再写",
            )
        return found


def visit_numbers(taken: Iterable[str | None]) -> Iterator[str]:
    """Unused visit numbers that continue the sheet's own; XC000001 on where there is no series."""
    numbers = [number for number in taken if number]
    first = next(next_numbers(numbers), None)
    return next_numbers(numbers if first else [*numbers, *_FIRST])


def has_column(table: LedgerTable[Any], name: str) -> bool:
    """True when what is written to the table can have this field; a sheet to be made has all."""
    return not table.segments or name in table.segments[-1].letters


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _short(text: str, *, zeros: bool = False) -> tuple[str, str]:
    """What stands before the last digits, and those; without leading zeros unless they stay."""
    match = _PARTS.fullmatch(_plain(text))
    if match is None:
        return _plain(text), ""
    return match[1], match[2] if zeros else match[2].lstrip("0")
