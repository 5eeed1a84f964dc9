"""The one list behind the three editions of a publication: computed once, shown three ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhubao.allocation.draw.texts import sha256
from zhubao.allocation.publication.choices import Choice, precedes, records_of, standing
from zhubao.allocation.publication.draws import KnownDraw
from zhubao.allocation.publication.entrants import Entrant, Refusal, entrants_of, refusals_of
from zhubao.allocation.publication.lines import Incident, Line, Stage
from zhubao.allocation.publication.listing_checks import (
    group_order,
    later,
    own_findings,
    strangers,
)
from zhubao.allocation.publication.places import Given, places_of
from zhubao.allocation.selection.kinds import UNIT_CHOSEN_TWICE
from zhubao.core.finding import Cell, Finding
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawOutcome,
    DrawResult,
    RosterEntry,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded

LISTING_MODELS = (DrawEvent, RosterEntry, DrawResult, UnitSelection)
_NOT_TAKEN = (SelectionAction.ABANDONED, SelectionAction.ABSENT, SelectionAction.WITHDRAWN)


@dataclass(frozen=True)
class Listing:
    """The list on a day, in the order it is published, and what goes with it.

    `digest` is the SHA-256 of what the public edition shows of the lines; every edition of a run
    carries it, so that two files can be told to be of one run.
    """

    known: KnownDraw
    day: dt.date | None
    stage: Stage
    lines: tuple[Line, ...]
    refusals: tuple[Refusal, ...]
    incidents: tuple[Incident, ...]
    digest: str
    findings: tuple[Finding, ...]

    @property
    def row(self) -> DrawEvent:
        """The row of 摇号活动."""
        return self.known.row

    @property
    def is_verifiable(self) -> bool:
        """True when the event was frozen with hashes before the draw."""
        return self.known.frozen is not None

    def count(self, outcome: DrawOutcome) -> int:
        """Lines with this outcome."""
        return sum(line.outcome == outcome.value for line in self.lines)

    def decided(self, action: SelectionAction) -> int:
        """Lines with this decision at the counter."""
        return sum(line.decision == action.value for line in self.lines)


def compute_listing(loaded: Loaded, known: KnownDraw, day: dt.date | None = None) -> Listing:
    """The list of an event as it stood at the end of `day` (None: all that is recorded).

    Frozen: the roster by receipt (by entrant number where there are none). Drawn: by rank. Choices
    made after this draw and by the day are added; then it is a list of selections.
    """
    row = known.row
    entrants = entrants_of(loaded.get(RosterEntry), row.event_no, known.frozen)
    given, findings = _given(loaded, known, entrants)
    choices, twice = _choices(loaded, known, day)
    lines = _lines(loaded, entrants, given, choices)
    stage = Stage.ROSTER if not known.is_drawn else Stage.SELECTION if choices else Stage.RESULT
    numbers = {one.entrant_no: one for one in entrants}
    findings += [*twice, *own_findings(loaded, known)]
    findings += list(group_order(loaded, known, lines))
    findings += list(strangers(loaded, known, numbers))
    findings += later(loaded, known, day)
    return Listing(
        known=known,
        day=day,
        stage=stage,
        lines=lines,
        refusals=refusals_of(loaded.get(RosterEntry), row.event_no, day),
        incidents=tuple(_incidents(loaded, known, numbers, day)),
        digest=sha256("\n".join(_public_words(line) for line in lines)),
        findings=tuple(sorted(findings, key=lambda finding: finding.sort_key)),
    )


def _given(
    loaded: Loaded, known: KnownDraw, entrants: Sequence[Entrant]
) -> tuple[dict[str, Given], list[Finding]]:
    if not known.is_drawn:
        return {}, []
    return places_of(loaded.get(DrawResult), known, entrants)


def _choices(
    loaded: Loaded, known: KnownDraw, day: dt.date | None
) -> tuple[dict[str, Choice], list[Finding]]:
    """What stands at the counter; a unit chosen twice stays with whoever chose it first."""
    if not known.is_drawn:
        return {}, []
    table = loaded.get(UnitSelection)
    indexes = records_of(table).get(known.row.event_no, [])
    found = standing(table, indexes, until=day or dt.date.max, since=known.since)
    holder: dict[str, str] = {}
    twice = []
    for number, one in sorted(found.items(), key=lambda pair: (pair[1].at, pair[1].index)):
        if one.action is not SelectionAction.CHOSEN or not one.unit_no:
            continue
        if holder.setdefault(one.unit_no, number) != number:
            where, first = table.cell(one.index, "unit_no"), holder[one.unit_no]
            words = {"unit": one.unit_no, "first": first, "second": number}
            twice.append(UNIT_CHOSEN_TWICE.at(where, **words))
            found[number] = replace(one, unit_no="")
    return found, twice


def _lines(
    loaded: Loaded,
    entrants: Sequence[Entrant],
    given: Mapping[str, Given],
    choices: Mapping[str, Choice],
) -> tuple[Line, ...]:
    table = loaded.get(UnitSelection)
    lines = []
    for one in entrants:
        place, choice = given.get(one.entrant_no), choices.get(one.entrant_no)
        cells = (
            one.place,
            place.place if place else None,
            table.row_cell(choice.index) if choice else None,
        )
        sources = tuple(cell for cell in cells if cell)
        lines.append(_line(one, place, choice, sources))
    lines.sort(key=lambda line: (line.rank or len(lines) + 1, line.entrant.receipt))
    return tuple(lines)


def _line(
    one: Entrant, place: Given | None, choice: Choice | None, sources: tuple[Cell, ...]
) -> Line:
    decision = choice.action.value if choice else ""
    taken = choice is not None and choice.action is SelectionAction.CHOSEN
    unit = choice.unit_no if choice and taken else (place.unit_no if place and not choice else "")
    if place is None:
        return Line(one, unit_no=unit, decision=decision, sources=sources)
    return Line(
        entrant=one,
        rank=place.rank,
        group_rank=place.group_rank,
        outcome=place.outcome.value,
        reserve_rank=place.reserve_rank,
        unit_no=unit,
        digest=place.digest,
        decision=decision,
        sources=sources,
    )


def _public_words(line: Line) -> str:
    """What the digest covers: nothing that identifies, so that it can stand in public."""
    one = line.entrant
    words: tuple[Any, ...] = (
        one.receipt,
        one.group,
        one.stratum,
        line.rank,
        line.outcome,
        line.reserve_rank,
        line.unit_no,
        line.decision,
    )
    return "\t".join(map(str, words))


def _incidents(
    loaded: Loaded, known: KnownDraw, numbers: Mapping[str, Entrant], day: dt.date | None
) -> Iterator[Incident]:
    """Every 放弃, 未到场 and 撤销 since this draw, in the order they happened."""
    table = loaded.get(UnitSelection)
    for index in records_of(table).get(known.row.event_no, []) if known.is_drawn else ():
        if table.column("action")[index] not in _NOT_TAKEN:
            continue
        record = table.row(index)
        late = day is not None and record.selected_at.date() > day
        early = precedes(record.selected_at, known.since)
        entrant = numbers.get(record.entrant_no)
        if entrant is None or late or early:
            continue
        yield Incident(
            entrant=entrant,
            action=record.action.value,
            order=record.order,
            unit_no=record.unit_no or "",
            at=record.selected_at,
            reason=record.abandon_reason or "",
            clerk=record.clerk or "",
            witness=record.witness or "",
            place=table.row_cell(index),
        )
