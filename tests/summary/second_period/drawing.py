"""What the added rows are drawn from: days at the borders of the period, amounts with fen."""

from __future__ import annotations

import datetime as dt
import random
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from tests.summary.second_period.counting import Asked

_DAY = dt.timedelta(days=1)


class Ledger(ABC):
    """The workbooks that rows are added to."""

    @abstractmethod
    def add(self, sheet: str, rows: Iterable[dict[str, Any]]) -> None:
        """Append rows (header → value) to a sheet."""

    @abstractmethod
    def column(self, sheet: str, header: str) -> list[Any]:
        """The values of a column, in the order of the rows."""


class Drawing:
    """A seeded source of values."""

    def __init__(self, rng: random.Random, asked: Asked) -> None:
        self.rng = rng
        self.first, self.last = asked.first, asked.last
        self.before, self.after = asked.first - _DAY, asked.last + _DAY

    def inside(self) -> dt.date:
        """Any day of the period."""
        return self.first + self.rng.randrange((self.last - self.first).days + 1) * _DAY

    def days(self, more: int = 3) -> list[dt.date]:
        """The first and the last day, the days before and after them, and so many inside."""
        borders = [self.before, self.first, self.last, self.after]
        return borders + [self.inside() for _ in range(more)]

    def yuan(self, most: int) -> float:
        """An amount with fen."""
        return self.rng.randrange(1_00, most * 100) / 100

    def some(self, values: list[Any], many: int) -> list[Any]:
        """So many different values."""
        return self.rng.sample(sorted(set(values)), many)


def numbered(rows: list[dict[str, Any]], header: str, prefix: str) -> list[dict[str, Any]]:
    """The rows, each with a key of its own in the column `header`."""
    return [{**row, header: f"{prefix}{number:05d}"} for number, row in enumerate(rows, 1)]
