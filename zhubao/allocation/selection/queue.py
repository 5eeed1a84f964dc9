"""Who chooses in which order, and among which units: the fixed part of a selection."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from zhubao.core.finding import Cell
from zhubao.core.masking import mask_name

_WORDS = re.compile(r"号楼|单元|栋|幢|座|楼|室|房|号")
_GAPS = re.compile(r"[\s\-－—–_/.]+")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A household in line. `reserve_rank` 0: selected by the draw; `unit_no`: drawn with it."""

    rank: int
    entrant_no: str
    applicant: str
    stratum: str
    size: int = 1
    receipt: str = ""
    reserve_rank: int = 0
    unit_no: str = ""
    batch_no: str = ""
    household_no: str = ""
    waiting_no: str = ""
    group: str = ""
    place: Cell | None = None

    @property
    def masked(self) -> str:
        """The name as it is shown at the counter."""
        return mask_name(self.applicant)


@dataclass(frozen=True, slots=True)
class Home:
    """A unit of the event. `gone` says why it cannot be chosen any more, "" when it can."""

    unit_no: str
    stratum: str
    address: str = ""
    area: str = ""
    gone: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Queue:
    """The households by rank and the units of an event.

    `direct`: the draw gave each its unit. `housed`: household → the lease it lives under already.
    """

    event_no: str
    title: str
    draw_no: int
    direct: bool
    candidates: tuple[Candidate, ...]
    homes: Mapping[str, Home]
    notes: tuple[str, ...] = ()
    housed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_entrant(self) -> Mapping[str, Candidate]:
        """Entrant number → household."""
        return {one.entrant_no: one for one in self.candidates}

    @cached_property
    def by_rank(self) -> Mapping[int, Candidate]:
        """Rank → household."""
        return {one.rank: one for one in self.candidates}

    @cached_property
    def strata(self) -> Mapping[str, tuple[Candidate, ...]]:
        """Stratum → its households by rank; strata in the order of their first household."""
        lines: dict[str, list[Candidate]] = defaultdict(list)
        for one in self.candidates:
            lines[one.stratum].append(one)
        return {stratum: tuple(line) for stratum, line in lines.items()}

    @cached_property
    def homes_of(self) -> Mapping[str, tuple[Home, ...]]:
        """Stratum → its units by number."""
        found: dict[str, list[Home]] = defaultdict(list)
        for _, home in sorted(self.homes.items()):
            found[home.stratum].append(home)
        return {stratum: tuple(homes) for stratum, homes in found.items()}

    @cached_property
    def all_strata(self) -> tuple[str, ...]:
        """Every stratum with households or units, those with households first."""
        return tuple(dict.fromkeys((*self.strata, *self.homes_of)))

    @cached_property
    def drawn_for(self) -> Mapping[str, Candidate]:
        """Unit → the household the draw gave it to."""
        return {one.unit_no: one for one in self.candidates if one.unit_no}

    def find(self, text: str) -> list[Home]:
        """The units a clerk may mean by this text: one when it is clear, several when it is not."""
        exact = self.homes.get(text.strip())
        return [exact] if exact else list(self._aliases.get(spelled(text), ()))

    @cached_property
    def _aliases(self) -> Mapping[str, Sequence[Home]]:
        found: dict[str, list[Home]] = defaultdict(list)
        for home in self.homes.values():
            for alias in {*tails(home.unit_no), *home.aliases}:
                found[alias].append(home)
        return found


def spelled(text: str) -> str:
    """A unit as typed, in one spelling: 5栋0101室, ５－101 and 5-0101 are all 5-101."""
    plain = unicodedata.normalize("NFKC", text).upper()
    parts = [part for part in _GAPS.split(_WORDS.sub("-", plain)) if part]
    return "-".join(_without_zeros(part) for part in parts)


def tails(unit_no: str) -> list[str]:
    """The whole number and its endings of at least two parts; the last part alone counts too."""
    parts = spelled(unit_no).split("-")
    return ["-".join(parts[start:]) for start in range(len(parts))]


def door_aliases(building: str | None, entrance: str | None, room: str | None) -> tuple[str, ...]:
    """Building-room and building-entrance-room, as the numbers in them are typed."""
    if not building or not room:
        return ()
    parts = [spelled(_number_in(text)) for text in (building, entrance or "", room)]
    house, door, flat = parts
    return tuple({f"{house}-{flat}", f"{house}-{door}-{flat}" if door else f"{house}-{flat}"})


def shown_place(homes: Iterable[Home], most: int = 8) -> str:
    """Some unit numbers for a message."""
    numbers = [home.unit_no for home in homes]
    more = f" 等 {len(numbers)} 套" if len(numbers) > most else ""
    return "、".join(numbers[:most]) + more


def _number_in(text: str) -> str:
    found = _DIGITS.search(unicodedata.normalize("NFKC", text))
    return found[0] if found else text


def _without_zeros(part: str) -> str:
    return part.lstrip("0") or "0" if part.isdigit() else part
