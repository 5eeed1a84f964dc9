"""Ledger rows as a person reads them: the sheet by its name, the column by its header."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

Row = dict[str, Any]
Days = tuple[dt.date, dt.date]  # first and last day of a period
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DIGITS = re.compile(r"[0-9]+")


class Ledgers:
    """The eight workbooks of a folder. The first row of every sheet is its header."""

    def __init__(self, folder: Path) -> None:
        self._sheets: dict[str, list[Row]] = {}
        for path in sorted(folder.glob("*.xlsx")):
            book = load_workbook(path, read_only=True, data_only=True)
            for sheet in book.worksheets:
                header, *lines = list(sheet.iter_rows(values_only=True)) or [()]
                rows = [dict(zip(map(str, header), line, strict=False)) for line in lines]
                self._sheets[sheet.title] = [row for row in rows if any(row.values())]
            book.close()

    def rows(self, sheet: str) -> list[Row]:
        """The rows of a sheet, in its order."""
        return self._sheets[sheet]


def day(value: Any) -> dt.date | None:
    """A day, however it is written: as a date, 2021年7月1日 or 2021.7.1."""
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    year, month, number = map(int, _DIGITS.findall(str(value)))
    return dt.date(year, month, number)


def month(value: Any) -> tuple[int, int] | None:
    """Year and month of 2021-07 or of a date."""
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.year, value.month
    year, number = map(int, _DIGITS.findall(str(value)))
    return year, number


def fen(value: Any) -> int:
    """An amount in yuan as fen; text with 元 and thousands separators too. Nothing is 0."""
    if value is None:
        return 0
    found = _NUMBER.search(str(value).replace(",", ""))
    assert found, value
    amount = Decimal(found[0]) * 100
    assert amount == int(amount), value
    return int(amount)


def within(value: Any, days: Days) -> bool:
    """True when the day lies in the period, first and last day included."""
    found = day(value)
    return found is not None and days[0] <= found <= days[1]


def in_period(rows: list[Row], header: str, days: Days) -> list[Row]:
    """The rows whose day lies in the period."""
    return [row for row in rows if within(row[header], days)]


def covered(text: str) -> Days:
    """The days that 2021, 2021-H2, 2021-Q3 or 2021-07 stands for."""
    year, _, part = text.partition("-")
    first, months = 1, 12
    if part.startswith("H"):
        first, months = int(part[1]) * 6 - 5, 6
    elif part.startswith("Q"):
        first, months = int(part[1]) * 3 - 2, 3
    elif part:
        first, months = int(part), 1
    last = first + months
    end = dt.date(int(year) + (last > 12), last - 12 if last > 12 else last, 1)
    return dt.date(int(year), first, 1), end - dt.timedelta(days=1)
