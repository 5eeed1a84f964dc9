"""The queue of an event: from the archived draw, or from the ledger for draws made without one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from zhubao.allocation.draw.algorithm import RESERVE, Drawn
from zhubao.allocation.draw.texts import UNIT, clean
from zhubao.allocation.event.frozen import Frozen, Person
from zhubao.allocation.event.record import EventRow
from zhubao.allocation.event.strata import Strata, estates_of
from zhubao.allocation.selection.availability import households_housed, unavailable
from zhubao.allocation.selection.queue import Candidate, Home, Queue, door_aliases
from zhubao.core.errors import UsageError
from zhubao.ledger.allocation import (
    Batch,
    DrawMode,
    DrawOutcome,
    DrawPurpose,
    DrawResult,
    RosterEntry,
    Stage,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.units import Unit, UnitStatus

NO_ARCHIVE = (
    "这次摇号没有 zhubao 的冻结存档：顺序取自“摇号结果”表，房源取自“房源”表中本活动小区的空置房源"
)
NO_UNITS = "“房源”表里没有本活动小区的空置房源，没有可以选的；请核对摇号活动的小区和房源的状态"
NO_ESTATE = "摇号活动没有写小区，不知道有哪些房源可选；要继续选房，请先填写摇号活动的“小区”"
_COUNTED = (DrawOutcome.SELECTED, DrawOutcome.RESERVE)


def archived_queue(event: EventRow, frozen: Frozen, drawn: Drawn, loaded: Loaded) -> Queue:
    """The queue as the archive has it; names are those of the freeze, batches today's."""
    batches = _Batches(loaded, event.row.event_no)
    nobody = Person("", "", "", "", "")
    candidates = []
    for place in drawn.places:
        person = frozen.people.get(place.receipt, nobody)
        entrant = frozen.by_receipt[place.receipt]
        entrant_no = person.entrant_no or place.receipt
        one = Candidate(
            place.rank,
            entrant_no,
            person.applicant,
            place.stratum,
            entrant.size,
            place.receipt,
            place.reserve_rank if place.outcome == RESERVE else 0,
            place.unit_no,
            household_no=person.household_no,
            waiting_no=person.waiting_no,
            group=entrant.group,
        )
        candidates.append(replace(one, batch_no=batches.of(one, person.layout)))
    units = loaded.get(Unit)
    spelling = {clean(number): number for number in units.column("unit_no") if number}
    homes = [
        Home(spelling.get(unit.unit_no, unit.unit_no), unit.stratum, unit.place, unit.area)
        for unit in frozen.units
    ]
    direct = frozen.rules.mode == UNIT
    if direct:
        candidates = [replace(c, unit_no=spelling.get(c.unit_no, c.unit_no)) for c in candidates]
    return _queue(event, direct, candidates, homes, loaded)


def ledger_queue(event: EventRow, loaded: Loaded, promised: Collection[str] = ()) -> Queue:
    """The queue of a draw that was not made with zhubao; `notes` says where it comes from.

    The units are the vacant ones of the event's estates without those `promised` to other draws.
    A stratum is 小区 × 户型, or 户型 alone where the estate of some household is not known.
    UsageError when 摇号结果 has no order for the event.
    """
    row = event.row
    ranked = _ranked(event, loaded)
    if not ranked:
        raise UsageError(
            f"“摇号结果”表里没有活动 {row.event_no} 第 {row.draw_no} 次摇号的名次",
            advice="请先摇号；不是用 zhubao 摇的，先把结果录入“摇号结果”表。",
        )
    strata = Strata.ESTATE_LAYOUT if all(one.estate for one in ranked) else Strata.LAYOUT
    homes = _vacant_homes(event, loaded, strata, promised)
    candidates = [replace(one.who, stratum=strata.text(one.estate, one.layout)) for one in ranked]
    queue = _queue(event, row.mode is DrawMode.UNIT, candidates, homes, loaded)
    return replace(queue, notes=_notes(event, homes))


def _notes(event: EventRow, homes: Sequence[Home]) -> tuple[str, ...]:
    if not event.row.estate:
        return NO_ARCHIVE, NO_ESTATE
    return (NO_ARCHIVE,) if homes else (NO_ARCHIVE, NO_UNITS)


def refresh_homes(queue: Queue, loaded: Loaded, day: dt.date, purpose: DrawPurpose) -> Queue:
    """The same queue with what the ledgers say today of its units."""
    in_ledger = purpose is DrawPurpose.PUBLIC_RENTAL
    gone = unavailable(loaded, day, queue.event_no, queue.homes, in_ledger=in_ledger)
    homes = {
        number: replace(home, gone=gone.get(number, "")) for number, home in queue.homes.items()
    }
    housed = households_housed(loaded, day) if in_ledger else {}
    return replace(queue, homes=homes, housed=housed)


def _queue(
    event: EventRow,
    direct: bool,
    candidates: Iterable[Candidate],
    homes: Iterable[Home],
    loaded: Loaded,
) -> Queue:
    row, units = event.row, loaded.get(Unit)
    ordered = tuple(sorted(candidates, key=lambda one: one.rank))
    row_of = {number: index for index, number in enumerate(units.column("unit_no"))}
    known = {home.unit_no: _with_door(home, units, row_of.get(home.unit_no)) for home in homes}
    return Queue(row.event_no, row.name, row.draw_no, direct, ordered, known)


def _with_door(home: Home, units: LedgerTable[Unit], index: int | None) -> Home:
    if index is None:
        return home
    names = ("building", "entrance", "room")
    building, entrance, room = (units.column(name)[index] for name in names)
    address = " ".join(part for part in (building, entrance, room) if part)
    return replace(home, address=address, aliases=door_aliases(building, entrance, room))


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A household of 摇号结果 with what its stratum is made of."""

    who: Candidate
    estate: str
    layout: str


def _ranked(event: EventRow, loaded: Loaded) -> list[_Ranked]:
    table, row = loaded.get(DrawResult), event.row
    events, draws = table.column("event_no"), table.column("draw_no")
    outcomes = table.column("outcome")
    roster, batches = _roster(loaded, row.event_no), _Batches(loaded, row.event_no)
    estates = estates_of(row.estate)
    only = estates[0] if len(estates) == 1 else ""
    return [
        _one(table, index, roster, batches, only)
        for index in table.usable("event_no", "draw_no", "entrant_no", "rank", "outcome")
        if (events[index], draws[index]) == (row.event_no, row.draw_no)
        and outcomes[index] in _COUNTED
    ]


def _one(
    table: LedgerTable[DrawResult],
    index: int,
    roster: Mapping[str, RosterEntry],
    batches: _Batches,
    only: str,
) -> _Ranked:
    result = table.row(index)
    entry = roster.get(result.entrant_no)
    who = Candidate(
        result.rank,
        result.entrant_no,
        (entry.applicant if entry else "") or "",
        "",
        (entry.size if entry else None) or 1,
        result.receipt_no or "",
        (result.reserve_rank or 1) if result.outcome is DrawOutcome.RESERVE else 0,
        result.unit_no or "",
        household_no=result.household_no or (entry.household_no if entry else "") or "",
        waiting_no=(entry.waiting_no if entry else "") or "",
        group=result.group or "",
        place=table.row_cell(index),
    )
    layout = clean(result.layout or (entry.layout if entry else ""))
    batch = result.batch_no or batches.of(who, layout)
    estate = clean(entry.estate if entry else "") or only
    return _Ranked(replace(who, batch_no=batch), estate, layout)


def _roster(loaded: Loaded, event_no: str) -> dict[str, RosterEntry]:
    table = loaded.get(RosterEntry)
    events, entrants = table.column("event_no"), table.column("entrant_no")
    return {
        entrants[index]: table.row(index)
        for index in table.usable("event_no", "entrant_no")
        if events[index] == event_no
    }


def _vacant_homes(
    event: EventRow, loaded: Loaded, strata: Strata, promised: Collection[str]
) -> list[Home]:
    """The vacant units of the event's estates, and those chosen already."""
    table, estates = loaded.get(Unit), estates_of(event.row.estate)
    states, names = table.column("status"), table.column("estate")
    chosen = _chosen_here(loaded, event.row.event_no)
    homes = []
    for index in table.usable("unit_no", "estate"):
        unit = table.row(index)
        vacant = states[index] is UnitStatus.VACANT and unit.unit_no not in promised
        if unit.unit_no in chosen or (vacant and clean(names[index]) in estates):
            area = "" if unit.billed_area_m2 is None else f"{unit.billed_area_m2.normalize():f}"
            homes.append(Home(unit.unit_no, strata.text(unit.estate, unit.layout), "", area))
    return homes


def _chosen_here(loaded: Loaded, event_no: str) -> set[str]:
    """Every unit a row of 选房 (or of a direct 摇号结果) of the event names."""
    found: set[str] = set()
    for model in (UnitSelection, DrawResult):
        table = loaded.get(model)
        pairs = zip(table.column("event_no"), table.column("unit_no"), strict=True)
        found |= {unit for event, unit in pairs if event == event_no and unit}
    return found


class _Batches:
    """Which batch a household chooses in: the 选房 line of 批次 whose orders hold its rank."""

    def __init__(self, loaded: Loaded, event_no: str) -> None:
        table = loaded.get(Batch)
        rows = [table.row(index) for index in table.usable("batch_no", "stage", "event_no")]
        self._spans = [
            row
            for row in rows
            if row.event_no == event_no and row.stage is Stage.SELECT and row.first_order
        ]
        results = loaded.get(DrawResult)
        names = ("event_no", "entrant_no", "batch_no")
        columns = [results.column(name) for name in names]
        self._named = {
            entrant: batch
            for event, entrant, batch in zip(*columns, strict=True)
            if event == event_no and batch
        }

    def of(self, candidate: Candidate, layout: str) -> str:
        """The number of the batch; "" when none can be told."""
        named = self._named.get(candidate.entrant_no)
        return named or next(
            (one.batch_no for one in self._spans if _holds(one, candidate, layout)), ""
        )


def _holds(batch: Batch, candidate: Candidate, layout: str) -> bool:
    last = batch.last_order or batch.first_order or 0
    return (
        (batch.first_order or 0) <= candidate.rank <= last
        and batch.layout in (None, layout, candidate.stratum)
        and batch.group in (None, candidate.group)
    )
