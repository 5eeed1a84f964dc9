"""Numbers of letters: CJ2020-0001, a running number per kind and year. No official 文号."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from zhubao.ledger.arrears import LetterKind

PREFIXES: Mapping[LetterKind, str] = {
    LetterKind.DEMAND: "CJ",
    LetterKind.INSTALMENT: "XY",
    LetterKind.VACATE: "TT",
}
_SERIES = re.compile(r"([A-Z]+[0-9]{4})-([0-9]{1,9})")
_DIGITS = 4


class LetterNumbers:
    """Gives numbers that follow the highest on record in their series."""

    def __init__(self, known: Iterable[str | None]) -> None:
        self._highest: dict[str, int] = {}
        for one in known:
            match = _SERIES.fullmatch(one or "")
            if match:
                self._highest[match[1]] = max(self._highest.get(match[1], 0), int(match[2]))

    def next(self, kind: LetterKind, year: int) -> str:
        """The next number of a kind in a year."""
        series = f"{PREFIXES[kind]}{year}"
        self._highest[series] = self._highest.get(series, 0) + 1
        return f"{series}-{self._highest[series]:0{_DIGITS}d}"
