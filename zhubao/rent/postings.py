"""Ledger rows as arrays of postings: every debt and every payment with account, month, day, row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zhubao.core.finding import Cell
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt, Reduction
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

NO_MONTH = -1
_EPOCH_MONTH = 1970 * 12
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_NEEDED: dict[type[LedgerRow], tuple[str, ...]] = {
    OpeningDebt: ("household_no", "month", "amount"),
    Charge: ("household_no", "month", "amount", "charged_on"),
    Receipt: ("household_no", "received_on", "amount", "month"),
    Reduction: ("household_no", "month", "amount", "approved_on"),
}


class Accounts(dict[str, int]):
    """Household number → account index; a number not seen before gets the next index."""

    def __missing__(self, number: str) -> int:
        self[number] = index = len(self)
        return index


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows of one nature. `part` says which of `tables` a row is in, `row` its index there.

    `day` is the ordinal of the day the posting counts from; `month` is `NO_MONTH` where a payment
    names none. All arrays are of one length.
    """

    tables: tuple[LedgerTable[Any], ...]
    part: IntArray
    row: IntArray
    account: IntArray
    month: IntArray
    day: IntArray
    amount: IntArray

    def __len__(self) -> int:
        return len(self.amount)

    def of_part(self, part: int) -> BoolArray:
        """True where the posting is in `tables[part]`."""
        mask: BoolArray = self.part == part
        return mask

    def cell(self, index: int, name: str = "amount") -> Cell:
        """The cell of a posting."""
        return self.tables[int(self.part[index])].cell(int(self.row[index]), name)

    def cells(self, indexes: Iterable[int]) -> tuple[Cell, ...]:
        """The amount cells of several postings."""
        chosen = np.fromiter(indexes, np.int64)
        at = [_cell_finder(table) for table in self.tables]
        parts, rows = self.part[chosen].tolist(), self.row[chosen].tolist()
        return tuple(at[part](row) for part, row in zip(parts, rows, strict=True))

    def where(self, mask: BoolArray) -> Postings:
        """The postings the mask picks; itself when it picks all."""
        if mask.all():
            return self
        part, row, account = self.part[mask], self.row[mask], self.account[mask]
        month, day, amount = self.month[mask], self.day[mask], self.amount[mask]
        return Postings(self.tables, part, row, account, month, day, amount)


@dataclass(frozen=True, slots=True)
class Books:
    """All postings of the bureau. Debts: opening debts (part 0), charges (1). Money: receipts (0),
    reductions and write-offs (1). Accounts below `known` are households of the ledger."""

    numbers: tuple[str, ...]
    known: int
    household_rows: tuple[int, ...]
    debts: Postings
    money: Postings

    @property
    def size(self) -> int:
        """Number of accounts."""
        return len(self.numbers)


def read_books(loaded: Loaded) -> Books:
    """Number the accounts and turn the four money sheets into arrays.

    Rows with a bad cell in a needed column are not in the books; see `rows_left_out`.
    """
    accounts = Accounts()
    households = loaded.get(Household)
    rows: list[int] = []
    for row, number in enumerate(households.column("household_no")):
        if number and accounts[number] == len(rows):
            rows.append(row)
    known = len(accounts)
    reader = _Reader(accounts)
    debts = reader.postings((loaded.get(OpeningDebt), ""), (loaded.get(Charge), "charged_on"))
    money = reader.postings(
        (loaded.get(Receipt), "received_on"), (loaded.get(Reduction), "approved_on")
    )
    return Books(tuple(accounts), known, tuple(rows), debts, money)


def usable_rows(table: LedgerTable[Any]) -> list[int] | range:
    """Indexes of the rows that count: no bad cell in a column the calculation needs."""
    names = _NEEDED[table.model]
    return table.usable(*names) if any(table.bad.get(name) for name in names) else range(len(table))


def rows_left_out(table: LedgerTable[Any]) -> list[tuple[int, tuple[str, ...]]]:
    """Rows that do not count, each with the fields at fault."""
    names = _NEEDED[table.model]
    faulty = {index for name in names for index in table.bad.get(name, ())}
    return [
        (index, tuple(name for name in names if index in table.bad.get(name, ())))
        for index in sorted(faulty)
    ]


def _cell_finder(table: LedgerTable[Any]) -> Callable[[int], Cell]:
    """Row → its amount cell. What is the same in every row of a sheet is looked up once."""
    if len(table.segments) != 1 or "amount" not in table.segments[0].letters:
        return lambda row: table.cell(row, "amount")
    (place,) = table.segments
    file, sheet, letter, rows = place.file, place.sheet, place.letters["amount"], place.rows
    return lambda row: Cell(file, sheet, f"{letter}{rows[row]}")


def first_days(months: IntArray) -> IntArray:
    """The ordinal of each month's first day."""
    days = (months - _EPOCH_MONTH).astype("datetime64[M]").astype("datetime64[D]")
    return days.astype(np.int64) + _EPOCH_DAY


class _Reader:
    """Converts columns; numbers and days are looked up, so a repeated value costs one look-up."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._days = _Days({None: 0})

    def postings(self, *sources: tuple[LedgerTable[Any], str]) -> Postings:
        parts = [self._read(table, day, part) for part, (table, day) in enumerate(sources)]
        arrays = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return Postings(tuple(table for table, _ in sources), *arrays)

    def _read(self, table: LedgerTable[Any], day: str, part: int) -> tuple[IntArray, ...]:
        rows = usable_rows(table)
        month = _months(table, rows)
        days = _column(table, day, rows, self._days.__getitem__) if day else np.zeros_like(month)
        return (
            np.full(len(rows), part, np.int64),
            np.fromiter(rows, np.int64, len(rows)),
            _column(table, "household_no", rows, self._accounts.__getitem__),
            month,
            np.where(days == 0, first_days(month), days),
            _column(table, "amount", rows, None),
        )


class _Days(dict[dt.date | None, int]):
    """Date → ordinal, worked out once per distinct date."""

    def __missing__(self, day: dt.date | None) -> int:
        assert day is not None
        self[day] = ordinal = day.toordinal()
        return ordinal


def _column(
    table: LedgerTable[Any],
    name: str,
    rows: list[int] | range,
    convert: Callable[[Any], int] | None,
) -> IntArray:
    values = _picked(table, name, rows)
    return np.fromiter(map(convert, values) if convert else values, np.int64, len(values))


def _months(table: LedgerTable[Any], rows: list[int] | range) -> IntArray:
    values = _picked(table, "month", rows)
    if None in values:
        values = [NO_MONTH if value is None else value for value in values]
    return np.fromiter(values, np.int64, len(values))


def _picked(table: LedgerTable[Any], name: str, rows: list[int] | range) -> list[Any]:
    values = table.column(name)
    return values if isinstance(rows, range) else [values[index] for index in rows]
