"""What is to be changed in one workbook. Rows and columns are counted from 1."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

CellValue = None | bool | int | Decimal | str | dt.date | dt.datetime
"""None and "" empty the cell, its style stays; a text stays text, whatever it begins with."""


@dataclass(frozen=True, slots=True)
class CellSet:
    """One cell's new value; `row` is the row's number before any shift of the same patch.

    `number_format` is what the cell needs when its own format does not show such a value
    (a date in a "General" cell); "" leaves the format alone.
    """

    row: int
    column: int
    value: CellValue
    number_format: str = ""
    over_formula: bool = False  # a formula is replaced only when the plan says so


@dataclass(frozen=True, slots=True)
class NewRows:
    """Records put in before row `at`, looking like row `like` above it; per row, column → value.

    A column the row does not name takes the formula of row `like`, where that has one.
    `block` as in `Shift`.
    """

    at: int
    like: int
    rows: tuple[Mapping[int, CellValue], ...]
    block: int = 0
    number_formats: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetPatch:
    """The changes of one sheet: cells, and either rows put in or rows taken out, not both."""

    sets: tuple[CellSet, ...] = ()
    new_rows: NewRows | None = None
    removed: tuple[int, int] | None = None  # first and last row


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet added at the end: header, rows, and per column its width and number format."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    widths: tuple[float, ...] = ()
    number_formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkbookPatch:
    """Everything to be changed in one workbook, by sheet name."""

    sheets: Mapping[str, SheetPatch] = field(default_factory=dict)
    new_sheets: tuple[NewSheet, ...] = ()


@dataclass(frozen=True, slots=True)
class PatchResult:
    """What came of a patch: parts that differ now, and formula cells left without a result."""

    changed_parts: tuple[str, ...]
    uncached: tuple[tuple[str, str], ...] = ()  # (sheet, reference)
