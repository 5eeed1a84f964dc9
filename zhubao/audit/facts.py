"""What every check is given: the tables, the day, the policy; and indexes that several share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.loaded import Loaded

T = TypeVar("T")


class Facts:
    """The ledgers as of a day. Nothing here is changed once it has been made.

    `drawn` are the frozen texts of draws by event number (file name → text), for checks that
    compare the ledgers with what was frozen.
    """

    def __init__(
        self,
        loaded: Loaded,
        as_of: dt.date,
        *,
        overrides: Mapping[str, Any] | None = None,
        calendar: WorkCalendar | None = None,
        drawn: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.loaded, self.as_of = loaded, as_of
        self.overrides: Mapping[str, Any] = overrides or {}
        self.calendar = calendar or WorkCalendar()
        self.drawn: Mapping[str, Mapping[str, str]] = drawn or {}
        self._made: dict[Callable[..., Any], Any] = {}

    def once(self, make: Callable[[Facts], T]) -> T:
        """What `make` makes of these facts, made at the first call and kept."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made
