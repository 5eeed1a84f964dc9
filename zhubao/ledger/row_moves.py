"""Where a row of a past change is now, as far as the journal tells: rows put in, rows taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from zhubao.ledger.store.journal import Entry


class Move(NamedTuple):
    """Rows put in before `at` (`by` > 0) or taken out from `at` on (`by` < 0)."""

    at: int
    by: int

    def forward(self, row: int) -> int | None:
        """The row's number afterwards; None when it was taken out."""
        if row < self.at:
            return row
        if self.by < 0 and row < self.at - self.by:
            return None
        return row + self.by

    def back(self, row: int) -> int | None:
        """The row's number before; None when it was put in here."""
        if row < self.at:
            return row
        if self.by > 0 and row < self.at + self.by:
            return None
        return row - self.by


def moves_of(cells: Iterable[Mapping[str, Any]], file: str, sheet: str) -> list[Move]:
    """The moves one journaled change made on a sheet."""
    signs = {"added": 1, "removed": -1}
    return [
        Move(int(cell["at"]), signs[cell["rows"]] * int(cell["count"]))
        for cell in cells
        if cell.get("rows") in signs and (cell["file"], cell["sheet"]) == (file, sheet)
    ]


def row_now(row: int | None, later: Sequence[Entry], file: str, sheet: str) -> int | None:
    """The number today of what was row `row` before the changes `later`; None when taken out."""
    for entry in later:
        for move in moves_of(entry.cells, file, sheet):
            row = None if row is None else move.forward(row)
    return row
