"""A bureau of other numbers: generated for another half-year, then rows added at every border."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.summary.second_period import (
    rows_homes,
    rows_money,
    rows_moves,
    rows_patrol,
    rows_services,
)
from tests.summary.second_period.counting import Asked
from tests.summary.second_period.drawing import Drawing, Ledger
from zhubao.core.period import Month
from zhubao.demo.synthetic import write_demo

# Seen three weeks after its end: rows of January are in the ledgers and belong to no figure of it.
PERIOD = Asked(dt.date(2021, 7, 1), dt.date(2021, 12, 31), dt.date(2022, 1, 20))
LABEL = "2021-H2"
EARLIER = Asked(dt.date(2021, 1, 1), dt.date(2021, 6, 30), dt.date(2021, 6, 30))
_PARTS = (
    *rows_homes.ADDED,
    *rows_money.ADDED,
    *rows_patrol.ADDED,
    *rows_services.ADDED,
    *rows_moves.ADDED,
)
# The ledgers begin with 2021: of a half-year they begin within nothing is compared.
_HOUSEHOLDS, _MONTHS, _SEED = 150, 12, 20211231


def make(root: Path) -> None:
    """Write the ledgers of the bureau into `root`/ledgers."""
    write_demo(root, households=_HOUSEHOLDS, months=_MONTHS, seed=_SEED, end=Month.of(2021, 12))
    books = {path.stem: load_workbook(path) for path in (root / "ledgers").glob("*.xlsx")}
    ledger = _Books(books)
    rng = random.Random(_SEED)
    for part in _PARTS:
        part(ledger, Drawing(rng, PERIOD))
    for name, book in books.items():
        book.save(root / "ledgers" / f"{name}.xlsx")


class _Books(Ledger):
    """The workbooks, open for writing."""

    def __init__(self, books: dict[str, Workbook]) -> None:
        self._sheets = {sheet.title: sheet for book in books.values() for sheet in book.worksheets}

    def add(self, sheet: str, rows: Iterable[dict[str, Any]]) -> None:
        page = self._sheets[sheet]
        header = [cell.value for cell in page[1]]
        for row in rows:
            assert row.keys() <= set(header), (sheet, row.keys() - set(header))
            page.append([row.get(str(name)) for name in header])

    def column(self, sheet: str, header: str) -> list[Any]:
        page = self._sheets[sheet]
        at = [cell.value for cell in page[1]].index(header)
        return [line[at] for line in page.iter_rows(min_row=2, values_only=True)]


def change(root: Path, book: str, sheet: str, header: str, key: str, value: Any) -> None:
    """Overwrite one cell: the row is that whose first cell is `key`."""
    path = root / "ledgers" / f"{book}.xlsx"
    workbook = load_workbook(path)
    page = workbook[sheet]
    column = [cell.value for cell in page[1]].index(header) + 1
    (row,) = (cell.row for cell in page["A"] if cell.value == key)
    page.cell(row, column, value)
    workbook.save(path)
