"""Report > Table > Column: what a calculation hands to every surface. Surfaces never calculate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from zhubao.core.finding import Cell, Finding

_HUNDREDTH, _ALMOST = Decimal("0.01"), Decimal("99.99")


class ValueKind(StrEnum):
    """The type of a column's values; None is an empty cell in every kind."""

    TEXT = "text"
    COUNT = "count"  # int
    NUMBER = "number"  # int, float or Decimal
    MONEY = "money"  # int, fen; shown in yuan with two decimals
    DATE = "date"  # datetime.date
    MONTH = "month"  # core.period.Month
    RATIO = "ratio"  # Ratio: shown as a percentage, both numbers at hand
    POINTS = "points"  # float or Decimal: percentage points, always two decimals
    IDENTITY = "identity"  # text that must never become a number


@dataclass(frozen=True, slots=True)
class Ratio:
    """Numerator ÷ denominator; 0/0 and x/0 have no value and show as "—"."""

    numerator: int
    denominator: int
    money: bool = False  # both are hundredths: fen, points of a score

    @property
    def value(self) -> float | None:
        """The quotient, or None when the denominator is zero."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def percent(self) -> Decimal | None:
        """The quotient in per cent, two decimals, half up; less than all is at most 99.99."""
        if not self.denominator:
            return None
        exact = Decimal(self.numerator) * 100 / Decimal(self.denominator)
        shown = exact.quantize(_HUNDREDTH, ROUND_HALF_UP)
        return min(shown, _ALMOST) if self.numerator < self.denominator else shown

    def points_over(self, earlier: Ratio) -> Decimal | None:
        """Percentage points above `earlier`: of the percentages as printed.

        So that who subtracts one from the other on paper gets the same. None without denominators.
        """
        now, then = self.percent, earlier.percent
        return None if now is None or then is None else now - then


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `level`: 1 shown at 80 columns, 2 on wide terminals, 3 only in files."""

    key: str
    title: str
    kind: ValueKind = ValueKind.TEXT
    level: int = 1
    width: int | None = None  # in display columns; None = from the values
    note: str = ""  # definition, shown as a comment on the header
    on_phone: bool = True  # False: left out where a page is no wider than a phone
    flush_right: bool = False  # of text on a terminal: a number with its unit, which is not cut
    # For workbooks, e.g. "ROUND({opening}+{charged},2)": keys of this table's columns in braces,
    # "{rate.numerator}" for a number of a ratio. The row's value is cached with it.
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Values in column order, and the ledger cells they come from."""

    values: tuple[Any, ...]
    sources: tuple[Cell, ...] = ()
    emphasis: str = ""  # "", "warning", "error", "total": a hint to the surface


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart over a table's columns."""

    kind: str  # "column", "bar", "line", "pie"
    title: str
    category: str  # column key
    series: tuple[str, ...]  # column keys
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `totals` has one value per column (None = blank); computed by whoever made the rows.

    `summable` names the columns whose total is the plain sum of the rows, so that a workbook can
    carry a SUM formula with the computed value cached.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    totals: tuple[Any, ...] | None = None
    summable: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    shown: int | None = None  # rows shown on a terminal; None = all; 0 = table not shown there
    signatures: tuple[str, ...] = ()  # who signs below the table, on paper

    def index_of(self, key: str) -> int:
        """Position of the column `key`; KeyError when there is none."""
        for index, column in enumerate(self.columns):
            if column.key == key:
                return index
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Report:
    """What a command answers: tables, notes and findings under a title, period and cut-off date."""

    code: str  # stable, e.g. "rent.arrears"
    title: str
    bureau: str
    as_of: dt.date | None = None
    period: str = ""
    stocks_on: dt.date | None = None  # day of the figures of the period's end, if before as_of
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # legal basis and sources: in files, not on a terminal
    findings: tuple[Finding, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)  # headline values for JSON

    def cut_off(self, label: str) -> str:
        """How the cut-off day is printed: `label` and the day; "" without one.

        Where the period ended before it, the day of its last figures is said first.
        """
        if self.as_of is None:
            return ""
        if self.stocks_on is None or self.stocks_on >= self.as_of:
            return f"{label}{self.as_of}"
        return ended_before(self.stocks_on, self.as_of)

    def table(self, key: str) -> Table:
        """The table with this key; KeyError when there is none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)


def ended_before(stocks_on: dt.date, as_of: dt.date) -> str:
    """The words for a period that ended before the cut-off: which figures are of which day."""
    return f"期末数截至{in_words(stocks_on)}（台账截止{in_words(as_of)}）"


def in_words(day: dt.date) -> str:
    """2020年5月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
