"""Draws as the ledgers tell them: the events drawn by the day, their rosters, results, choices."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.allocation.event.record import EventRow
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.households import Subject, households
from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity, normalise_identity
from zhubao.core.masking import mask_name
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawPurpose,
    DrawResult,
    DrawStatus,
    RosterEntry,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.table import LedgerTable


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of 选房."""

    row: int
    entrant: str
    household: str
    action: SelectionAction
    unit: str
    at: dt.datetime


@dataclass(frozen=True)
class Draw:
    """The latest draw of an event: its row, the rows of 摇号结果 by rank, its choices in order."""

    event: EventRow
    at: dt.datetime
    results: tuple[int, ...]
    choices: tuple[Choice, ...]

    @property
    def number(self) -> str:
        """活动编号."""
        return self.event.row.event_no

    @property
    def is_rental(self) -> bool:
        """True for 公租房配租; False where homes of a resettlement project are chosen."""
        return self.event.row.purpose is DrawPurpose.PUBLIC_RENTAL


def all_draws(facts: Facts) -> tuple[EventRow, ...]:
    """Every draw held by the day (作废 ones too), by event and number of the draw."""
    table = facts.loaded.get(DrawEvent)
    drawn = table.column("drawn_at")
    found = [
        EventRow(row, table.row(row))
        for row in table.usable("event_no", "draw_no", "status")
        if drawn[row] is not None and drawn[row].date() <= facts.as_of
    ]
    return tuple(sorted(found, key=lambda one: (one.row.event_no, one.row.draw_no, one.index)))


def draws(facts: Facts) -> Mapping[str, Draw]:
    """活动编号 → its latest draw held by the day; events that were voided are left out."""
    latest: dict[str, EventRow] = {one.row.event_no: one for one in facts.once(all_draws)}
    results, choices = _results(facts), _choices(facts)
    found = {}
    for number, one in latest.items():
        at = one.row.drawn_at
        if at is None or one.row.status is DrawStatus.VOID:
            continue
        since = at if one.row.draw_no > 1 else dt.datetime.min
        own = tuple(choice for choice in choices.get(number, ()) if choice.at >= since)
        found[number] = Draw(one, at, tuple(results.get((number, one.row.draw_no), ())), own)
    return found


def roster(facts: Facts) -> Mapping[tuple[str, str], int]:
    """(活动编号, 参摇编号) → its first row in 摇号名册."""
    table = facts.loaded.get(RosterEntry)
    rows: dict[tuple[str, str], int] = {}
    pairs = zip(table.column("event_no"), table.column("entrant_no"), strict=True)
    for row, (event, entrant) in enumerate(pairs):
        if event and entrant:
            rows.setdefault((event, entrant), row)
    return rows


class Entrants:
    """What the roster says of a household in a draw: rows, words, cells."""

    def __init__(self, facts: Facts) -> None:
        self.table: LedgerTable[RosterEntry] = facts.loaded.get(RosterEntry)
        self._rows = facts.once(roster)

    def row(self, event: str, entrant: str) -> int | None:
        """The household's row of the event."""
        return self._rows.get((event, entrant))

    def field(self, event: str, entrant: str, name: str) -> Any:
        """A field of its row; None without one."""
        row = self.row(event, entrant)
        return None if row is None else self.table.column(name)[row]

    def cells(self, event: str, entrant: str, *names: str) -> tuple[Cell, ...]:
        """Cells of its row; none without one."""
        row = self.row(event, entrant)
        return () if row is None else tuple(self.table.cell(row, name) for name in names)

    def label(self, event: str, entrant: str) -> str:
        """YH202001-LH00012（张*明）."""
        name = mask_name(self.field(event, entrant, "applicant") or "")
        return entrant + (f"（{name}）" if name else "")


def entrants(facts: Facts) -> Entrants:
    """The roster of these facts."""
    return Entrants(facts)


def households_of(facts: Facts) -> Mapping[tuple[str, str], str]:
    """(活动编号, 参摇编号) → 家庭编号, from the roster, else from 摇号结果 and 选房."""
    found: dict[tuple[str, str], str] = {}
    for model in (RosterEntry, DrawResult, UnitSelection):
        table = facts.loaded.get(model)
        names = ("event_no", "entrant_no", "household_no")
        for event, entrant, household in zip(*map(table.column, names), strict=True):
            if event and entrant and household:
                found.setdefault((event, entrant), household)
    return found


def entrant_subject(facts: Facts, event: str, entrant: str) -> Subject:
    """Household, name and identity number of an entrant; those of the roster where it has them."""
    household = facts.once(households_of).get((event, entrant), "")
    known, own = facts.once(entrants), facts.once(households).subject(household)
    name = known.field(event, entrant, "applicant") or own["person"]
    number = normalise_identity(known.field(event, entrant, "identity_no") or "")
    valid = number and check_identity(number) is None
    identity = number if valid else own["identity_no"]
    return Subject(household=household, person=name, identity_no=identity)


def _results(facts: Facts) -> Mapping[tuple[str, int], list[int]]:
    table = facts.loaded.get(DrawResult)
    events, numbers, ranks = (table.column(n) for n in ("event_no", "draw_no", "rank"))
    found: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for row in table.usable("event_no", "draw_no", "entrant_no", "rank", "outcome"):
        found[events[row], numbers[row]].append(row)
    for rows in found.values():
        rows.sort(key=ranks.__getitem__)
    return found


def _choices(facts: Facts) -> Mapping[str, list[Choice]]:
    """活动编号 → rows of 选房 by the day, by time and then by place in the sheet."""
    table = facts.loaded.get(UnitSelection)
    names = ("event_no", "entrant_no", "household_no", "action", "unit_no", "selected_at")
    events, numbers, homes, actions, units, moments = (table.column(n) for n in names)
    found: defaultdict[str, list[Choice]] = defaultdict(list)
    for row in table.usable("event_no", "entrant_no", "action", "selected_at"):
        at = moments[row]
        if at.date() <= facts.as_of:
            one = Choice(row, numbers[row], homes[row] or "", actions[row], units[row] or "", at)
            found[events[row]].append(one)
    for choices in found.values():
        choices.sort(key=lambda one: (one.at, one.row))
    return found
