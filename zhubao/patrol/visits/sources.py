"""The cells behind a number: an unbroken run of rows is one range, so that many stay readable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from zhubao.core.finding import Cell
from zhubao.ledger.table import LedgerTable, key_fields


def cell_ranges(table: LedgerTable[Any], rows: Iterable[int]) -> tuple[Cell, ...]:
    """The key cells of these records, in the order of the sheet: A2:A40, A45, …"""
    name = key_fields(table.model)[0]
    places: defaultdict[int, list[int]] = defaultdict(list)
    if len(table.segments) == 1:
        excel_rows = table.segments[0].rows
        places[0] = [excel_rows[row] for row in set(rows)]
    else:
        for row in set(rows):
            segment, offset = table.locate(row)
            places[table.segments.index(segment)].append(segment.rows[offset])
    found: list[Cell] = []
    for part in sorted(places):
        segment = table.segments[part]
        letter = segment.letters.get(name, "A")
        found += [Cell(segment.file, segment.sheet, ref) for ref in _runs(places[part], letter)]
    return tuple(found)


def _runs(rows: list[int], letter: str) -> list[str]:
    """A2:A4, A6 of the rows 2, 3, 4, 6 in any order."""
    refs: list[str] = []
    first = last = 0
    for row in [*sorted(rows), 0]:
        if row == last + 1:
            last = row
            continue
        if first:
            refs.append(f"{letter}{first}:{letter}{last}" if last > first else f"{letter}{first}")
        first = last = row
    return refs
