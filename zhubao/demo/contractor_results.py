"""What the contractor achieved in a quarter, counted from the other rows of the town."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from zhubao.core.period import Month
from zhubao.demo.old_debt import OldDebts
from zhubao.demo.patrol_visits import Call
from zhubao.demo.rent_history import RentHistory
from zhubao.demo.tenancy import Town
from zhubao.demo.tenancy_cases import VIOLATION, Case

_FEN_PER_WAN = 1_000_000


class Results:
    """The figures of a quarter, each in the unit it is scored in."""

    def __init__(
        self,
        town: Town,
        history: RentHistory,
        calls: Sequence[Call],
        cases: Sequence[Case],
        tickets: Sequence[dict[str, Any]],
    ) -> None:
        self._town, self._history = town, history
        self._calls, self._tickets = calls, tickets
        self._violations = [case for case in cases if case.category == VIOLATION]
        self._debts: OldDebts | None = None

    def of(self, code: str, first: Month) -> Fraction | None:
        """The figure of an item in the quarter that begins with `first`; None: nothing to do."""
        start, last = first.first_day, first.plus(2).last_day
        if code == "QZ":
            return self._old_debt(first, last)
        if code == "TF":
            return self._vacated(start, last)
        if code == "XC":
            homes = {call.home.no for call in self._calls if start <= call.day <= last}
            return Fraction(len(homes))
        return self._answered(start, last)

    def _old_debt(self, first: Month, last: dt.date) -> Fraction | None:
        """万元 received for debts from before the quarter."""
        if self._debts is None:
            self._debts = OldDebts(self._town, self._history)
        received, owed = self._debts.recovered(first, last)
        return Fraction(received, _FEN_PER_WAN) if owed else None

    def _vacated(self, start: dt.date, last: dt.date) -> Fraction | None:
        """Units with violations that were all put right by the end of the quarter."""
        there = [
            case.rectified_on
            for case in self._violations
            if case.found_on <= last and case.rectified_on >= start
        ]
        return Fraction(sum(day <= last for day in there)) if there else None

    def _answered(self, start: dt.date, last: dt.date) -> Fraction | None:
        """Per cent of the tickets that came to an end which were answered in time."""
        done = ended = 0
        for row in self._tickets:
            if row["received_on"] > last:
                continue
            handled = row["handled_on"] or dt.date.max
            if start <= handled <= last:
                ended += 1
                done += handled <= row["due_on"]
            elif handled > last and row["due_on"] < last:
                ended += 1
        return Fraction(100 * done, ended) if ended else None
