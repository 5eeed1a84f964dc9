"""What the ledgers know of the households on a roster: members, hardship, ages, waiting list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from zhubao.core.identity import birth_date_of, check_identity, normalise_identity, to_18
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Member, WaitingEntry

_OLD_LENGTH = 15


class Households:
    """保障家庭, 家庭成员 and 轮候册 by their numbers, as they are when this is made."""

    def __init__(self, loaded: Loaded, as_of: dt.date) -> None:
        self._homes = loaded.get(Household)
        self._waiting = loaded.get(WaitingEntry)
        self._home_of = _places(self._homes.column("household_no"))
        self._waiting_of = _places(self._waiting.column("waiting_no"))
        self._people: dict[str, dict[str, dt.date | None]] = {}
        self._read_members(loaded, as_of)

    def has_home(self, household_no: str | None) -> bool:
        """True when 保障家庭 has the household."""
        return household_no in self._home_of

    def home(self, household_no: str | None, name: str) -> Any:
        """A field of the household's row in 保障家庭; None when there is none."""
        place = self._home_of.get(household_no or "")
        return None if place is None else self._homes.column(name)[place]

    def has_waiting(self, waiting_no: str | None) -> bool:
        """True when 轮候册 has the registration."""
        return waiting_no in self._waiting_of

    def waiting(self, waiting_no: str | None, name: str) -> Any:
        """A field of the registration's row in 轮候册; None when there is none."""
        place = self._waiting_of.get(waiting_no or "")
        return None if place is None else self._waiting.column(name)[place]

    def people(self, household_no: str | None) -> Iterable[str]:
        """The identity numbers of the living members, 18 digits where they are valid."""
        return self._people.get(household_no or "", {})

    def oldest_born_on(self, household_no: str | None, applicant: str) -> dt.date | None:
        """The earliest date of birth of applicant and living members; None when none is known."""
        known = dict(self._people.get(household_no or "", {}))
        number = comparable(applicant)
        known.setdefault(number, _born(number))
        days = [day for day in known.values() if day is not None]
        return min(days, default=None)

    def _read_members(self, loaded: Loaded, as_of: dt.date) -> None:
        """Those who died by the day are no members any more."""
        table = loaded.get(Member)
        names = ("household_no", "identity_no", "birth_date", "died_on")
        for home, number, born, died in zip(*map(table.column, names), strict=True):
            if home and number and not (died is not None and died <= as_of):
                known = comparable(number)
                self._people.setdefault(home, {})[known] = born or _born(known)


def comparable(identity_no: str | None) -> str:
    """18 digits where an old number is valid, else as it stands, without blanks."""
    number = normalise_identity(identity_no or "")
    if len(number) != _OLD_LENGTH or check_identity(number) is not None:
        return number
    return to_18(number)


def _born(number: str) -> dt.date | None:
    try:
        return birth_date_of(number)
    except ValueError:
        return None


def _places(numbers: Iterable[str | None]) -> dict[str, int]:
    """Number → index of its first row."""
    places: dict[str, int] = {}
    for index, number in enumerate(numbers):
        if number:
            places.setdefault(number, index)
    return places
