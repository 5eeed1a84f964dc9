"""The way of an application through community and street: office days, officers, public notice."""

from __future__ import annotations

import datetime as dt
import random
from typing import NamedTuple

from zhubao.demo.names import full_name
from zhubao.demo.office_calendar import office_day_until
from zhubao.demo.streams import ONE_DAY, stream

NOTICE_DAYS = {"公租房资格": 7}  # calendar days, first and last included
_DISTRICT_OFFICERS = 4


class LowerStages(NamedTuple):
    """The days of the two lower stages; the notice falls within the street's."""

    community_received: dt.date
    community_decided: dt.date
    street_received: dt.date
    street_decided: dt.date
    notice_from: dt.date | None
    notice_to: dt.date | None


class Route:
    """Draws days and officers from streams of their own."""

    def __init__(self, seed: int) -> None:
        self._rng: random.Random = stream(seed, "approval route")
        self._names: random.Random = stream(seed, "approval officers")
        self._officers: dict[str, str] = {}

    def days(self, district: dt.date, notice: int) -> LowerStages:
        """Back from the day on which the district receives the file."""
        rng, first, last = self._rng, None, None
        decided = _before(district, rng.randint(1, 2))
        received = _before(decided, rng.randint(2, 4))
        if notice:
            last = decided - ONE_DAY
            first = last - ONE_DAY * (notice - 1)
            received = _before(first, rng.randint(1, 2))
        community = _before(received, 1)
        return LowerStages(
            _before(community, rng.randint(1, 3)), community, received, decided, first, last
        )

    def officer(self, office: str) -> str:
        """The officer of a community, always the same one."""
        if office not in self._officers:
            self._officers[office] = full_name(self._names)
        return self._officers[office]

    def district_officer(self) -> str:
        """One of the district's."""
        return self.officer(f"district {self._rng.randrange(_DISTRICT_OFFICERS)}")


def _before(day: dt.date, count: int) -> dt.date:
    """So many working days before the day."""
    for _ in range(count):
        day = office_day_until(day - ONE_DAY)
    return day
