"""What the counters are asked, and what they answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tests.summary.second_period.ledgers import Days

# code → the number and, of a rate, what it is divided by; money in fen
Counted = dict[str, tuple[int, int | None]]


@dataclass(frozen=True)
class Asked:
    """A period and the cut-off date."""

    first: dt.date
    last: dt.date
    as_of: dt.date

    @property
    def day(self) -> dt.date:
        """The last day that counts."""
        return min(self.last, self.as_of)

    @property
    def days(self) -> Days:
        """The days of the period that count."""
        return self.first, self.day
