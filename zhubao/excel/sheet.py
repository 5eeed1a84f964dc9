"""A sheet as it lies in the workbook: raw values by row and column, and the guard's finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Merge(NamedTuple):
    """A merged range, counted from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class RawSheet:
    """`rows[0]` is Excel's row 1, its item 0 column A; "" is an empty cell; one width for all.

    `errors` and `uncached` are keyed by (row, column), counted from 1.
    """

    file: str
    name: str
    rows: list[list[Any]]
    hidden: bool = False
    merged: list[Merge] = field(default_factory=list)
    hidden_rows: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    formulas: int = 0
    date1904: bool = False
