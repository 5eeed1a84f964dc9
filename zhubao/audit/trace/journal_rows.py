"""What the journal says of some rows: every change that touched them, followed through moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.audit.trace.places import rows_of_cell
from zhubao.core.finding import Cell
from zhubao.ledger.row_moves import moves_of
from zhubao.ledger.store.journal import Entry

Rows = Mapping[tuple[str, str], Iterable[int]]  # (file, sheet) → rows as they stand now


@dataclass(frozen=True, slots=True)
class Touch:
    """One cell of a change; `now` is where it stands today, `then` where it stood."""

    entry: Entry
    now: Cell
    then: Cell
    old: str
    new: str


def touches(entries: Sequence[Entry], rows: Rows) -> list[Touch]:
    """Every change of cells in these rows, the newest first; rows put in count with their values.

    A row is followed back through the rows put in and taken out above it. Journaled values of
    personal cells are masked in the journal already.
    """
    followed = {key: {row: row for row in own} for key, own in rows.items()}
    found: list[Touch] = []
    for entry in reversed(entries):
        for key, then_now in followed.items():
            found += _added(entry, key, then_now)
            before = _before(entry, key, then_now)
            found += _changed(entry, key, before)
            followed[key] = before
    return found


def _before(entry: Entry, key: tuple[str, str], rows: Mapping[int, int]) -> dict[int, int]:
    """Rows before the change → rows today; those it put in are gone."""
    moves = list(reversed(moves_of(entry.cells, *key)))
    if not moves:
        return dict(rows)
    found = {}
    for then, now in rows.items():
        row: int | None = then
        for move in moves:
            row = None if row is None else move.back(row)
        if row is not None:
            found[row] = now
    return found


def _changed(entry: Entry, key: tuple[str, str], rows: Mapping[int, int]) -> Iterator[Touch]:
    for block in _blocks(entry, key):
        letter = block.get("letter")
        for cell in block.get("cells", ()) if letter else ():
            if cell[0] in rows:
                yield Touch(
                    entry,
                    Cell(*key, f"{letter}{rows[cell[0]]}"),
                    Cell(*key, f"{letter}{cell[0]}"),
                    str(cell[2] or ""),
                    str(cell[3] or ""),
                )


def _added(entry: Entry, key: tuple[str, str], rows: Mapping[int, int]) -> Iterator[Touch]:
    for block in _blocks(entry, key):
        if block.get("rows") != "added":
            continue
        first = int(block["at"])
        for offset, values in enumerate(block["values"]):
            row = first + offset
            if row not in rows:
                continue
            for letter, value in zip(block["letters"], values, strict=False):
                if value not in (None, ""):
                    now = Cell(*key, f"{letter}{rows[row]}")
                    then = Cell(*key, f"{letter}{row}")
                    yield Touch(entry, now, then, "（新增行）", str(value))


def _blocks(entry: Entry, key: tuple[str, str]) -> Iterator[Mapping[str, Any]]:
    for block in entry.cells:
        if (block.get("file"), block.get("sheet")) == key:
            yield block


def rows_by_sheet(cells: Iterable[Cell]) -> dict[tuple[str, str], set[int]]:
    """(file, sheet) → the Excel rows of these cells and ranges."""
    found: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for cell in cells:
        found[cell.file, cell.sheet].update(rows_of_cell(cell))
    return dict(found)
