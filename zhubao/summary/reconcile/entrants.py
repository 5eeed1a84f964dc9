"""Where the entrants of a draw come from, by the waiting list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from zhubao.allocation.waiting.replay import Registration, read_waiting_list
from zhubao.core.finding import Cell
from zhubao.ledger.allocation import RosterEntry, RosterStatus
from zhubao.ledger.loaded import Loaded

_SHOWN = 5
_TAKING_PART = (RosterStatus.FROZEN, RosterStatus.REGISTERED)


class EntrantOrigin(Enum):
    """Where an entrant stood on the list, seen from the period and the close of registration."""

    OPENING = auto()
    APPROVED = auto()
    LATE = auto()
    UNLISTED = auto()


@dataclass(frozen=True, slots=True)
class Entrant:
    """A row of 摇号名册; `approved_on` is None for one that is not on the waiting list."""

    number: str
    origin: EntrantOrigin
    approved_on: dt.date | None
    cell: Cell

    @property
    def words(self) -> str:
        """Who, and when approved."""
        when = f"{self.approved_on} 才批准" if self.approved_on else "当时不在轮候册"
        return f"{self.number}（{when}）"


def entrants_by_origin(
    loaded: Loaded, event_no: str, start: dt.date, closes: dt.date
) -> dict[EntrantOrigin, list[Entrant]]:
    """The entrants of a draw whose registration closed on `closes`, in the order of the rows.

    OPENING: on the list the day before `start`. APPROVED: from then up to `closes`, that day
    included. LATE: after it. UNLISTED: on no registration that counts, or on one that had ended.
    An entrant belongs to the registration of its 轮候号, without one to that of its household.
    """
    found: dict[EntrantOrigin, list[Entrant]] = {origin: [] for origin in EntrantOrigin}
    for one in _entrants(loaded, event_no, start, closes):
        found[one.origin].append(one)
    return found


def named(entrants: Sequence[Entrant]) -> str:
    """The first few of them, each with what is wrong."""
    told = "、".join(one.words for one in entrants[:_SHOWN])
    return f"{told}等" if len(entrants) > _SHOWN else told


def _entrants(loaded: Loaded, event_no: str, start: dt.date, closes: dt.date) -> Iterator[Entrant]:
    listed = [one for one in read_waiting_list(loaded).registrations if one.counts]
    by_household = {one.household_no: one for one in listed}
    by_number = {one.waiting_no: one for one in listed}
    table, eve = loaded.get(RosterEntry), start - dt.timedelta(days=1)
    names = ("event_no", "waiting_no", "household_no", "entrant_no")
    events, waiting, households, entrants = (table.column(name) for name in names)
    states = table.column("status")
    for row in table.usable("event_no", "status"):
        if events[row] != event_no or states[row] not in _TAKING_PART:
            continue
        own = by_number.get(waiting[row] or "") or by_household.get(households[row] or "")
        origin = _origin(own, eve, closes)
        approved = own.approved_on if own and origin is not EntrantOrigin.UNLISTED else None
        number = households[row] or waiting[row] or entrants[row] or ""
        yield Entrant(number, origin, approved, table.cell(row, "entrant_no"))


def _origin(own: Registration | None, eve: dt.date, closes: dt.date) -> EntrantOrigin:
    if own is None:
        return EntrantOrigin.UNLISTED
    if own.is_live(eve):
        return EntrantOrigin.OPENING
    if own.approved_on > closes:
        return EntrantOrigin.LATE
    return EntrantOrigin.APPROVED if own.approved_on > eve else EntrantOrigin.UNLISTED
