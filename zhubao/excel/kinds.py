"""The kinds of cell a column may hold, and the Python value each becomes."""

from __future__ import annotations

from enum import StrEnum


class CellKind(StrEnum):
    """One word per kind; the normaliser of each kind lives in `excel.normalise`."""

    TEXT = "text"  # str, trimmed, width and stray characters cleaned
    CODE = "code"  # str: numbers of households, units, leases, phones, accounts; never a float
    IDENTITY = "identity"  # str: identity number, upper-case X; lost digits are unrecoverable
    MONEY = "money"  # int, fen
    DATE = "date"  # datetime.date
    MOMENT = "moment"  # datetime.datetime, local time
    MONTH = "month"  # core.period.Month
    YES_NO = "yes_no"  # bool
    INTEGER = "integer"  # int
    DECIMAL = "decimal"  # decimal.Decimal
    CHOICE = "choice"  # str, one of the column's choices
