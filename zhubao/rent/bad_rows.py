"""Households whose account cannot be trusted, because a cell of their money rows has an error."""

from __future__ import annotations

from zhubao.core.finding import Cell
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.postings import Books, rows_left_out


def bad_accounts(result: ArrearsResult) -> dict[int, Cell]:
    """`faulty_accounts` of the arrears' own books."""
    return faulty_accounts(result.books)


def faulty_accounts(books: Books) -> dict[int, Cell]:
    """Account → the first faulty cell among its charges, receipts and reductions.

    A row that is left out of the arrears makes the household's debt too large or too small. A row
    whose household itself cannot be read is nobody's and cannot be found here.
    """
    account_of = {number: account for account, number in enumerate(books.numbers)}
    found: dict[int, Cell] = {}
    for table in (*books.debts.tables, *books.money.tables):
        numbers = table.column("household_no")
        for row, names in rows_left_out(table):
            account = account_of.get(numbers[row] or "")
            if account is not None:
                found.setdefault(account, table.cell(row, names[0]))
    return found
