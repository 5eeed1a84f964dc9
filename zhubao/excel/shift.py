"""Rows put into a sheet, or taken out: what everything that names its rows has to follow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows put in before row `at` (`count` > 0), or `-count` rows taken out from row `at` on.

    `block` is the first row of the records that end in row `at - 1`: ranges that hold all of them
    up to that row (a 合计, a defined name, a print area, a table, a filter) grow with new records.
    0 when no block grows. `sheet` is the sheet's name.
    """

    sheet: str
    at: int
    count: int
    block: int = 0
