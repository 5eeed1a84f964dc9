"""Refusals collected, so that all that stands in the way of a step is said at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from zhubao.audit.rectify import kinds
from zhubao.core.finding import Cell, Finding, FindingKind


class Refusals:
    """What stands in the way of a step on one lead or finding."""

    def __init__(self, what: str, step: str, day: dt.date) -> None:
        self._what, self._step, self._day = what, step, day
        self._found: list[Finding] = []

    def add(self, kind: FindingKind, where: Cell | None, **words: Any) -> None:
        """One more condition that is not met."""
        self._found.append(kind.at(where, **words))

    def not_after(self, latest: dt.date, where: Cell | None) -> None:
        """The step is no later than the cut-off date."""
        if self._day > latest:
            words = {"what": self._what, "step": self._step, "day": self._day, "bound": latest}
            self.add(kinds.TOO_LATE, where, **words)

    def not_before(self, steps: Iterable[tuple[str, dt.date | None]], where: Cell | None) -> None:
        """The step is no earlier than any of these (name, day); the latest one is named."""
        known = [(day, name) for name, day in steps if day is not None]
        bound, name = max(known, default=(dt.date.min, ""))
        if self._day < bound:
            words = {"what": self._what, "step": self._step, "day": self._day}
            self.add(kinds.TOO_EARLY, where, before=name, bound=bound, **words)

    def done(self) -> tuple[Finding, ...]:
        """All of them, as they were found."""
        return tuple(self._found)
