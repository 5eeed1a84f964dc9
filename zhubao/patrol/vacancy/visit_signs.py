"""What the visits say: who was met last, and how often nobody was."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.ledger.arrears import CollectionVisit
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import Occupancy, PatrolVisit

_PATROL, _COLLECTION = PatrolVisit.SHEET.name, CollectionVisit.SHEET.name
_LIVED_IN = frozenset({Occupancy.TENANT, Occupancy.FAMILY, Occupancy.OTHERS})


@dataclass(frozen=True, slots=True)
class Call:
    """One visit. `seen`: somebody was met, or lives there; `tenant`: the tenant himself may be.

    `empty`: the visitor wrote 无人居住. `unit` is "" where the row names none.
    """

    day: dt.date
    sheet: str
    unit: str
    seen: bool
    tenant: bool
    empty: bool
    index: int  # its row
    field: str  # what says whether somebody was met


def call_cell(loaded: Loaded, call: Call) -> Cell:
    """The cell a visit stands in."""
    if call.sheet == _PATROL:
        return loaded.get(PatrolVisit).cell(call.index, call.field)
    return loaded.get(CollectionVisit).cell(call.index, call.field)


def calls_of(loaded: Loaded, as_of: dt.date) -> dict[str, list[Call]]:
    """Household → its visits of 巡查 and 收租走访 by the day, in order of days.

    是否见到 decides; where it is empty, 居住情况 does. A visit that says neither is passed over.
    """
    found: defaultdict[str, list[Call]] = defaultdict(list)
    for household, call in (*_patrols(loaded, as_of), *_collections(loaded, as_of)):
        found[household].append(call)
    for calls in found.values():
        calls.sort(key=lambda call: call.day)
    return found


def _patrols(loaded: Loaded, as_of: dt.date) -> Iterator[tuple[str, Call]]:
    table = loaded.get(PatrolVisit)
    columns = [table.column(n) for n in ("household_no", "visited_on", "unit_no", "met")]
    lived = table.column("occupancy")
    for index in table.usable("household_no", "visited_on"):
        household, day, unit, met = (column[index] for column in columns)
        state = lived[index]
        if day > as_of or (met is None and state is None):
            continue
        seen = met is True or (met is None and state in _LIVED_IN)
        if met is False and state in _LIVED_IN:
            seen = True  # nobody opened, but the visitor wrote that they live there
        yield (
            household,
            Call(
                day=day,
                sheet=_PATROL,
                unit=unit or "",
                seen=seen,
                tenant=seen and state in (None, Occupancy.TENANT),
                empty=not seen and state is Occupancy.EMPTY,
                index=index,
                field="met" if met is not None else "occupancy",
            ),
        )


def _collections(loaded: Loaded, as_of: dt.date) -> Iterator[tuple[str, Call]]:
    table = loaded.get(CollectionVisit)
    columns = [table.column(name) for name in ("household_no", "visited_on", "met")]
    for index in table.usable("household_no", "visited_on"):
        household, day, met = (column[index] for column in columns)
        if met is None or day > as_of:
            continue
        yield household, Call(day, _COLLECTION, "", met, met, False, index, "met")
