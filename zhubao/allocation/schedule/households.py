"""The households to be given a time: selected in the event's latest draw, in order of choice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from zhubao.allocation.draw.algorithm import SELECTED, Drawn
from zhubao.allocation.schedule.findings import NAME_UNKNOWN, RESULT_DIFFERS, RESULT_UNREADABLE
from zhubao.allocation.schedule.people import Known
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawOutcome,
    DrawResult,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded

_NEEDED = ("event_no", "draw_no", "entrant_no", "rank", "outcome")
_DONE = (SelectionAction.CHOSEN, SelectionAction.ABANDONED)


@dataclass(frozen=True, slots=True)
class Chooser:
    """A household in the queue. `stratum` is 小区 × 户型: within it the order of choice is law."""

    index: int  # of its row in 摇号结果
    entrant_no: str
    receipt: str
    rank: int
    reserve_rank: int | None
    stratum: str
    layout: str
    group: str
    batch_no: str  # as the ledger has it now
    known: Known
    where: Cell

    @property
    def is_reserve(self) -> bool:
        """True when it only chooses if somebody before it does not."""
        return self.reserve_rank is not None

    @property
    def title(self) -> str:
        """The receipt, or the entrant's number where there is none: what a finding calls it."""
        return f"凭证号 {self.receipt[:8]}…" if self.receipt else f"参摇编号 {self.entrant_no}"

    @property
    def keys(self) -> frozenset[str]:
        """Whatever tells that a row of another event is the same household."""
        return frozenset(filter(None, (self.known.household_no, self.known.identity_no)))


@dataclass(frozen=True, slots=True)
class Drawing:
    """The results of a draw: everybody by place in the order of choice, and what is wrong."""

    choosers: tuple[Chooser, ...]
    findings: tuple[Finding, ...]


def read_choosers(loaded: Loaded, event: DrawEvent, people: Mapping[str, Known]) -> Drawing:
    """Every selected and reserve household of the draw, the selected first, then by rank.

    Rows without rank, outcome or number, and ranks that occur twice, are errors: the order of
    choice would be a guess. UsageError when the draw has no results yet.
    """
    table = loaded.get(DrawResult)
    events, draws = table.column("event_no"), table.column("draw_no")
    rows = [
        i for i in range(len(table)) if (events[i], draws[i]) == (event.event_no, event.draw_no)
    ]
    if not rows:
        raise UsageError(
            f"摇号活动 {event.event_no} 第 {event.draw_no} 次还没有摇号结果",
            advice=f"请先摇号：zhubao allocate draw {event.event_no}",
        )
    findings = [*_faults(loaded, rows)]
    if findings:
        return Drawing((), tuple(findings))
    choosers = [
        _chooser(loaded, index, people)
        for index in rows
        if table.column("outcome")[index] is not DrawOutcome.NOT_SELECTED
    ]
    choosers.sort(key=lambda one: (one.is_reserve, one.rank))
    nameless = [
        NAME_UNKNOWN.at(one.where, entrant=one.entrant_no)
        for one in choosers
        if not one.known.name and not one.is_reserve
    ]
    return Drawing(tuple(choosers), tuple(nameless))


def wanted_choosers(
    choosers: tuple[Chooser, ...], reserve: int, settled: Collection[str]
) -> tuple[Chooser, ...]:
    """The selected and, per stratum, the first `reserve` in reserve; not those `settled`."""
    counted: Counter[str] = Counter()
    wanted = []
    for one in choosers:
        if one.is_reserve:
            counted[one.stratum] += 1
        if one.entrant_no not in settled and counted[one.stratum] <= reserve * one.is_reserve:
            wanted.append(one)
    return tuple(wanted)


def settled_entrants(loaded: Loaded, event_no: str, as_of: dt.date) -> set[str]:
    """Entrants who have chosen a unit or given up by `as_of`: the latest row of 选房 counts."""
    table = loaded.get(UnitSelection)
    latest: dict[str, SelectionAction] = {}
    for index in table.usable("event_no", "entrant_no", "action", "selected_at"):
        row = table.row(index)
        if row.event_no == event_no and row.selected_at.date() <= as_of:
            latest[row.entrant_no] = row.action
    return {entrant for entrant, action in latest.items() if action in _DONE}


def differing_results(
    choosers: tuple[Chooser, ...], drawn: Drawn, draw_no: int
) -> Iterator[Finding]:
    """Rows whose rank or outcome is not that of the archived draw, found by receipt."""
    places = {place.receipt: place for place in drawn.places}
    for one in choosers:
        place = places.get(one.receipt)
        told = (one.rank, not one.is_reserve)
        if place is None or told != (place.rank, place.outcome == SELECTED):
            yield RESULT_DIFFERS.at(one.where, entrant=one.entrant_no, draw_no=draw_no)


def _faults(loaded: Loaded, rows: list[int]) -> Iterator[Finding]:
    table = loaded.get(DrawResult)
    ranks = table.column("rank")
    times = Counter(ranks[index] for index in rows)
    for index in rows:
        entrant = table.column("entrant_no")[index] or "（空）"
        bad = next((name for name in _NEEDED if index in table.bad.get(name, ())), "")
        if bad:
            where = table.cell(index, bad)
            yield RESULT_UNREADABLE.at(where, entrant=entrant, fault="有必填的单元格空着或读不出")
        elif times[ranks[index]] > 1:
            where = table.cell(index, "rank")
            fault = f"总名次 {ranks[index]} 有 {times[ranks[index]]} 户"
            yield RESULT_UNREADABLE.at(where, entrant=entrant, fault=fault)


def _chooser(loaded: Loaded, index: int, people: Mapping[str, Known]) -> Chooser:
    table = loaded.get(DrawResult)
    row = table.row(index)
    known = people.get(row.entrant_no) or Known("", household_no=row.household_no or "")
    reserve = row.outcome is DrawOutcome.RESERVE
    return Chooser(
        index=index,
        entrant_no=row.entrant_no,
        receipt=row.receipt_no or "",
        rank=row.rank,
        reserve_rank=(row.reserve_rank or row.rank) if reserve else None,
        stratum=" ".join(filter(None, (known.estate, row.layout or ""))),
        layout=row.layout or "",
        group=row.group or "",
        batch_no=row.batch_no or "",
        known=known,
        where=table.row_cell(index),
    )
