"""How a selection stands: the entries of ledger and log replayed in order, and who is next."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from zhubao.allocation.selection.queue import Candidate, Home, Queue
from zhubao.ledger.allocation import SelectionAction

CHOSEN, ABANDONED = SelectionAction.CHOSEN, SelectionAction.ABANDONED
ABSENT, WITHDRAWN = SelectionAction.ABSENT, SelectionAction.WITHDRAWN


class State(StrEnum):
    """Where a household stands."""

    WAITING = "待选"
    ABSENT = "未到场"
    CHOSEN = "选定"
    ABANDONED = "放弃"


_UNDECIDED = (State.WAITING, State.ABSENT)
_BECOMES = {
    CHOSEN: State.CHOSEN,
    ABANDONED: State.ABANDONED,
    ABSENT: State.ABSENT,
    WITHDRAWN: State.WAITING,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of 选房: what became of a household at a moment. `index`: its row in the ledger."""

    selection_no: str
    entrant_no: str
    action: SelectionAction
    unit_no: str = ""
    reason: str = ""
    at: dt.datetime | None = None
    clerk: str = ""
    witness: str = ""
    remark: str = ""
    counter: str = ""
    draw_no: int = 1
    index: int = -1

    @property
    def key(self) -> tuple[str, str]:
        """What makes a line of the log and a row of the ledger the same entry."""
        return self.selection_no, self.entrant_no

    def as_json(self) -> dict[str, Any]:
        """For the log."""
        values = {name: value for name, value in asdict(self).items() if value not in ("", None)}
        values.pop("index")
        moment = self.at.isoformat(timespec="seconds") if self.at else None
        return {**values, "action": self.action.value, "at": moment}


def entry_of(values: Mapping[str, Any]) -> Entry:
    """What `as_json` wrote; KeyError, TypeError or ValueError for anything else."""
    names = set(Entry.__dataclass_fields__) - {"at", "action", "index"}
    kept = {name: value for name, value in values.items() if name in names}
    moment = values.get("at")
    at = dt.datetime.fromisoformat(moment) if moment else None
    return Entry(**kept, action=SelectionAction(values["action"]), at=at)


class Standing:
    """The state after some entries. Only `take` changes it."""

    def __init__(self, queue: Queue, signed: frozenset[str] = frozenset()) -> None:
        self.queue, self.signed = queue, signed
        self.entries: list[Entry] = []
        self.state: dict[str, State] = {}
        self.unit_of: dict[str, str] = {}
        self.holder: dict[str, str] = {}
        self.last: dict[str, Entry] = {}
        self.twice: list[Entry] = []  # entries that chose a unit somebody else held
        self._open = {stratum: list(line) for stratum, line in queue.strata.items()}
        self._left = {
            stratum: [home for home in homes if not home.gone]
            for stratum, homes in queue.homes_of.items()
        }

    def take(self, entry: Entry) -> None:
        """Replay one entry; whoever chose a unit first keeps it."""
        entrant = entry.entrant_no
        self._free(entrant)
        self._move(entrant, _BECOMES[entry.action])
        self.entries.append(entry)
        self.last[entrant] = entry
        if entry.action is CHOSEN and entry.unit_no:
            self.unit_of[entrant] = entry.unit_no
            if self.holder.setdefault(entry.unit_no, entrant) != entrant:
                self.twice.append(entry)
            self._put_left(entry.unit_no, is_left=False)

    def take_all(self, entries: Iterable[Entry]) -> Standing:
        """Replay entries in order; the same object."""
        for entry in entries:
            self.take(entry)
        return self

    def state_of(self, candidate: Candidate) -> State:
        """待选 for a household nothing has been entered of."""
        return self.state.get(candidate.entrant_no, State.WAITING)

    def undecided(self, stratum: str) -> list[Candidate]:
        """Waiting or absent, by rank; do not change the list."""
        return self._open.get(stratum, [])

    def left(self, stratum: str) -> list[Home]:
        """The units still to be had, by number; do not change the list."""
        return self._left.get(stratum, [])

    def called(self, stratum: str) -> list[Candidate]:
        """Those for whom there is a unit: as many of the undecided, by rank, as units are left.

        The selected stand before the reserves in every stratum, so an abandoned place opens one
        for the next reserve, and an absent household keeps its own until it abandons it.
        """
        return self.undecided(stratum)[: len(self.left(stratum))]

    def is_called(self, candidate: Candidate) -> bool:
        """Whether the household is among those called."""
        called, stratum = len(self.left(candidate.stratum)), candidate.stratum
        place = bisect_left(self.undecided(stratum), candidate.rank, key=_rank)
        return place < called and self.state_of(candidate) in _UNDECIDED

    def turn(self, stratum: str) -> Candidate | None:
        """Whose turn it is in a stratum: the first of those called who is not absent."""
        called = islice(self.undecided(stratum), len(self.left(stratum)))
        return next((one for one in called if self.state_of(one) is State.WAITING), None)

    def next_in_line(self, strata: Iterable[str] | None = None) -> Candidate | None:
        """Whose turn it is among the strata (all when None): the lowest rank."""
        chosen = self.queue.strata if strata is None else strata
        turns = (self.turn(stratum) for stratum in chosen)
        return min((one for one in turns if one), key=lambda one: one.rank, default=None)

    def offered(self, candidate: Candidate) -> str:
        """The unit a household gets in a direct draw: its own, or for a reserve a freed one.

        Freed units go, by the rank of those they were drawn for, to the reserves in their order.
        """
        if candidate.unit_no:
            return candidate.unit_no
        freed = [home for home in self.left(candidate.stratum) if self._is_freed(home)]
        freed.sort(key=lambda home: (self._drawn_rank(home), home.unit_no))
        reserves = [one for one in self.undecided(candidate.stratum) if not one.unit_no]
        place = reserves.index(candidate) if candidate in reserves else len(freed)
        return freed[place].unit_no if place < len(freed) else ""

    def is_done(self) -> bool:
        """Nobody is called any more, the absent included."""
        return not any(self.called(stratum) for stratum in self.queue.strata)

    def _move(self, entrant: str, state: State) -> None:
        one = self.queue.by_entrant.get(entrant)
        was = self.state.get(entrant, State.WAITING)
        self.state[entrant] = state
        if one is None or (was in _UNDECIDED) == (state in _UNDECIDED):
            return
        line = self._open[one.stratum]
        place = bisect_left(line, one.rank, key=_rank)
        if state in _UNDECIDED:
            line.insert(place, one)
        else:
            del line[place]

    def _free(self, entrant: str) -> None:
        """Whatever the household held can be had again."""
        unit = self.unit_of.pop(entrant, "")
        if unit and self.holder.get(unit) == entrant:
            del self.holder[unit]
            self._put_left(unit, is_left=True)

    def _put_left(self, unit: str, *, is_left: bool) -> None:
        home = self.queue.homes.get(unit)
        if home is None or home.gone:
            return
        homes = self._left[home.stratum]
        place = bisect_left(homes, unit, key=_number)
        there = place < len(homes) and homes[place].unit_no == unit
        if is_left and not there:
            homes.insert(place, home)
        elif there and not is_left:
            del homes[place]

    def _is_freed(self, home: Home) -> bool:
        owner = self.queue.drawn_for.get(home.unit_no)
        return owner is None or self.state_of(owner) is State.ABANDONED

    def _drawn_rank(self, home: Home) -> int:
        owner = self.queue.drawn_for.get(home.unit_no)
        return owner.rank if owner else len(self.queue.candidates) + 1


def _rank(candidate: Candidate) -> int:
    return candidate.rank


def _number(home: Home) -> str:
    return home.unit_no
