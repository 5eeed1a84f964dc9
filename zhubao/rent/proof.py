"""The account identity and the tie between report and sheets, proved to the fen or raised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhubao.ledger.table import LedgerTable
from zhubao.rent.figures import Figures
from zhubao.rent.postings import Books, Postings, usable_rows


class IdentityBroken(AssertionError):
    """A figure does not tie: a fault of the program, never of the data."""


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One equation: what it says, both sides in fen."""

    title: str
    left: int
    right: int

    @property
    def holds(self) -> bool:
        """True when both sides agree to the fen."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Proof:
    """The equations, and how many households the account identity was tested on."""

    lines: tuple[ProofLine, ...]
    accounts: int


def prove(all_books: Books, books: Books, figures: Figures, start: int) -> Proof:
    """Test the identity per account and in total, and each sheet against the report.

    `all_books` has every usable row, `books` those that count at the cut-off date. Raises
    `IdentityBroken` at the first equation that fails.
    """
    lines = tuple(_lines(all_books, books, figures, start))
    broken = [line.title for line in lines if not line.holds]
    accounts = np.flatnonzero(figures.gap)
    if broken or len(accounts):
        raise IdentityBroken(f"account identity broken: {broken}, accounts {accounts[:5].tolist()}")
    return Proof(lines, books.size)


def _lines(all_books: Books, books: Books, figures: Figures, start: int) -> Iterator[ProofLine]:
    total = {
        name: int(getattr(figures, name).sum())
        for name in ("opening", "charged", "received", "written_off", "owed", "overdrawn", "credit")
    }
    yield ProofLine(
        "期初 ＋ 应收 － 实收 － 减免核销 ＝ 结欠 ＋ 冲正超额 － 预缴",
        total["opening"] + total["charged"] - total["received"] - total["written_off"],
        total["owed"] + total["overdrawn"] - total["credit"],
    )
    yield ProofLine("账龄各段合计 ＝ 结欠", int(figures.ages.sum()), total["owed"])
    yield ProofLine(
        "期初余额 ＝ 期初前应收 － 期初前实收和减免",
        total["opening"],
        _before(books.debts, start) - _before(books.money, start),
    )
    yield ProofLine("本期应收各户合计 ＝ 各行合计", total["charged"], _within(books.debts, start))
    yield ProofLine(
        "本期实收、减免各户合计 ＝ 各行合计",
        total["received"] + total["written_off"],
        _within(books.money, start),
    )
    for whole, counted in ((all_books.debts, books.debts), (all_books.money, books.money)):
        for part, table in enumerate(whole.tables):
            yield _sheet_line(table, part, whole, counted, start)


def _sheet_line(
    table: LedgerTable[Any], part: int, whole: Postings, counted: Postings, start: int
) -> ProofLine:
    """The sheet's usable rows = before the period + in the period + after the cut-off date."""
    amounts, rows = table.column("amount"), usable_rows(table)
    sheet = sum(amounts if isinstance(rows, range) else [amounts[row] for row in rows])
    own = counted.where(counted.of_part(part))
    everything = int(whole.amount[whole.of_part(part)].sum())
    later = everything - int(own.amount.sum())
    right = _before(own, start) + _within(own, start) + later
    return ProofLine(f"{table.model.SHEET.name}表合计 ＝ 期初前 ＋ 本期 ＋ 截止日后", sheet, right)


def _before(postings: Postings, start: int) -> int:
    return int(postings.amount[postings.day < start].sum())


def _within(postings: Postings, start: int) -> int:
    return int(postings.amount[postings.day >= start].sum())
