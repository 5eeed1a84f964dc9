"""Filled-in lists against the ledger: new visits, known ones completed, nothing twice."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhubao.core.finding import Cell, Finding, FindingKind
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.patrol import PatrolKind, PatrolVisit
from zhubao.ledger.registers.merging import Merged, merge_rows
from zhubao.ledger.table import LedgerTable
from zhubao.patrol.visits.dwellings import Dwellings
from zhubao.patrol.visits.entry_findings import (
    ENTRY_CELL_BAD,
    ENTRY_NUMBERED_ANEW,
    ENTRY_TWICE,
    ENTRY_WITHOUT_LEASE,
)
from zhubao.patrol.visits.entry_rows import SAID, WRITTEN, Judge, is_faulty, kept_rows
from zhubao.patrol.visits.lists import FilledList, FilledLists
from zhubao.patrol.visits.numbers import HouseholdNumbers, has_column, visit_numbers
from zhubao.patrol.visits.roll import KeyRoll, People
from zhubao.patrol.visits.writable import refuse_unread

Occasion = tuple[str, dt.date, PatrolKind]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the lists come to; `known` rows say nothing new, `blank` ones were not filled in."""

    change: Change
    merged: Merged
    known: int
    blank: int
    refused: int
    findings: tuple[Finding, ...]
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class EntryOrder:
    """What goes for rows that do not say it: "" leaves the visitor empty and finds the kind.

    `latest` is the last day a visit can be of.
    """

    latest: dt.date
    visitor: str = ""
    kind: PatrolKind | None = None


def enter_lists(lists: FilledLists, loaded: Loaded, order: EntryOrder, formats: Formats) -> Entry:
    """Work out what the lists add to 巡查.

    A visit is the same as one of the ledger with the same household, day and kind (any kind where
    the list names none): its empty cells are filled, cells that say something else are kept and
    told. New visits continue the sheet's numbers; their kind is that of `order`, else 重点走访 for
    a key household, 专项巡查 with a campaign, 日常巡查; their unit that of the lease on the day.
    Every row at fault is a finding with its cell and is left out, the others are entered.
    Raises LedgerNotWritable where 巡查 is there and cannot be read.
    """
    refuse_unread(loaded)
    reading = _Reading(loaded, order)
    parts = [reading.part(one) for one in lists.lists]
    kept = LedgerTable.joined(PatrolVisit, parts) if parts else LedgerTable.empty(PatrolVisit)
    plan = Plan(f"录入巡查：{lists.file}", loaded, formats)
    merged = merge_rows(plan, loaded.get(PatrolVisit), kept, fill_only=True)
    plan.note(
        f"新录入 {len(merged.added):,} 次，补充已有的 {len(merged.changed):,} 次，"
        f"已在台账里的 {reading.known + len(merged.same):,} 次没有重复录入"
    )
    found = (*lists.findings, *reading.findings, *merged.findings)
    return Entry(
        plan.build(),
        merged,
        reading.known + len(merged.same),
        reading.blank,
        reading.refused + len(merged.refused_rows),
        tuple(sorted(found, key=lambda one: one.sort_key)),
        order.latest,
    )


@dataclass(slots=True)
class _Line:
    """One row being judged: its values, and where its cells are."""

    table: LedgerTable[PatrolVisit]
    index: int
    values: dict[str, Any]
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def occasion(self) -> Occasion:
        return self.values["household_no"], self.values["visited_on"], self.values["kind"]

    def give(self, name: str, value: Any) -> None:
        """Fill in what the row does not say."""
        if self.values.get(name) is None and value is not None:
            self.values[name] = self.changes[name] = value


class _Reading:
    """The rows of one file, judged against the ledger."""

    def __init__(self, loaded: Loaded, order: EntryOrder) -> None:
        self._order = order
        self._ledger = loaded.get(PatrolVisit)
        self._numbers = HouseholdNumbers(People.of(loaded).rows)
        self._homes, self._roll = Dwellings(loaded), KeyRoll.of(loaded)
        self._judge = Judge(loaded, self._numbers, self._homes, order.latest)
        taken = self._ledger.column("visit_no")
        self._known_numbers, self._new_numbers = set(taken), visit_numbers(taken)
        self._on_record = _on_record(self._ledger)
        self._claimed: set[int] = set()
        self._seen: dict[Occasion, _Line] = {}
        self.findings: list[Finding] = []
        self.known = self.blank = self.refused = 0

    def part(self, filled: FilledList) -> LedgerTable[PatrolVisit]:
        """The rows of one sheet that go on to the ledger, completed."""
        table, kept = filled.table, dict[int, Mapping[str, Any]]()
        asks = bool(filled.fields & set(SAID))
        for index in range(len(table)):
            line = _Line(table, index, table.values(index))
            bad = [name for name in table.bad if is_faulty(table, index, name)]
            if bad:
                self._refuse_cells(line, bad, filled.faults)
            elif all(line.values[name] is None for name in WRITTEN):
                self.blank += 1
            elif self._is_sound(line, asks=asks) and self._is_to_enter(line):
                kept[index] = line.changes
        return kept_rows(table, kept)

    def _refuse_cells(self, line: _Line, bad: list[str], faults: Mapping[Cell, Finding]) -> None:
        """One finding per cell that cannot be read, in the reader's words."""
        for name in bad:
            said = faults.get(line.table.cell(line.index, name))
            header = column_info(PatrolVisit.model_fields[name]).header
            fault = said.message if said else f"“{header}”读不懂"
            how = said.advice.rstrip("。") if said else "改正这个单元格"
            household = line.values["household_no"] or "这一行"
            where = line.table.cell(line.index, name)
            self.findings.append(
                ENTRY_CELL_BAD.at(where, household=household, fault=fault, how=how)
            )
        self.refused += 1

    def _is_sound(self, line: _Line, *, asks: bool) -> bool:
        number = line.values["household_no"]
        if number is not None:
            owner = self._numbers.find(number)
            if owner is not None and owner != number:
                line.values["household_no"] = line.changes["household_no"] = owner
        fault = self._judge.fault(line.values, asks=asks)
        if fault is None:
            return True
        kind, name, words = fault
        self._refuse(line, kind, name, **words)
        return False

    def _is_to_enter(self, line: _Line) -> bool:
        """Give the row its number; False for one that is told twice."""
        number, day = line.values["household_no"], line.values["visited_on"]
        written, said_kind = line.values["visit_no"], line.values["kind"]
        row = None if written in self._known_numbers else self._same_visit(number, day, said_kind)
        if row is not None and written is not None:
            place, kind = self._ledger.row_cell(row), self._ledger.column("kind")[row]
            words = {"visit": written, "place": place, "kind": kind}
            self._refuse(line, ENTRY_NUMBERED_ANEW, "visit_no", **words)
            return False
        if row is not None:
            line.give("kind", self._ledger.column("kind")[row])
        line.give("kind", self._kind(line.values))
        if self._is_repeated(line):
            return False
        if row is not None:
            self._claimed.add(row)
            line.give("visit_no", self._ledger.column("visit_no")[row])
        elif written not in self._known_numbers:
            self._complete(line)
        return True

    def _same_visit(self, number: str, day: dt.date, kind: PatrolKind | None) -> int | None:
        """The ledger's row of this visit, one that no other row of the file is; else None."""
        kinds = self._ledger.column("kind")
        rows = self._on_record.get((number, day), ())
        fitting = [row for row in rows if kind is None or kinds[row] in (kind, None)]
        free = [row for row in fitting if row not in self._claimed]
        return next(iter(free or fitting), None)

    def _is_repeated(self, line: _Line) -> bool:
        """True when the file has this visit already; the same words are passed over."""
        if line.values["visit_no"] is not None:
            return False
        first = self._seen.setdefault(line.occasion, line)
        if first is line:
            return False
        names = (*SAID, "remark")
        if all(line.values[name] in (None, first.values[name]) for name in names):
            self.known += 1
        else:
            place = first.table.cell(first.index, "visited_on")
            words = {"first": place, "kind": line.values["kind"].value}
            self._refuse(line, ENTRY_TWICE, "visited_on", **words)
        return True

    def _complete(self, line: _Line) -> None:
        """A new visit: number, unit and visitor."""
        number, day = line.values["household_no"], line.values["visited_on"]
        home = self._homes.of(number, day)
        if line.values["visit_no"] is None:
            line.give("visit_no", next(self._new_numbers))
        if has_column(self._ledger, "unit_no"):
            line.give("unit_no", home.unit_no if home else None)
        line.give("visitor", self._order.visitor or None)
        if home is None:
            where = line.table.cell(line.index, "visited_on")
            words = {"household": number, "day": day.isoformat()}
            self.findings.append(ENTRY_WITHOUT_LEASE.at(where, **words))

    def _kind(self, values: Mapping[str, Any]) -> PatrolKind:
        if self._order.kind is not None:
            return self._order.kind
        if values["campaign_no"] is not None:
            return PatrolKind.CAMPAIGN
        rows = self._roll.rows.get(values["household_no"], ())
        is_key = any(self._roll.is_listed(row, values["visited_on"]) for row in rows)
        return PatrolKind.KEY_HOUSEHOLD if is_key else PatrolKind.ROUTINE

    def _refuse(self, line: _Line, fault: FindingKind, name: str, /, **words: Any) -> None:
        household = line.values["household_no"] or "这一行"
        day = line.values["visited_on"]
        shown = {"household": household, "day": day.isoformat() if day else ""} | words
        self.findings.append(fault.at(line.table.cell(line.index, name), **shown))
        self.refused += 1


def _on_record(table: LedgerTable[PatrolVisit]) -> Mapping[tuple[str, dt.date], list[int]]:
    numbers, days = table.column("household_no"), table.column("visited_on")
    found: defaultdict[tuple[str, dt.date], list[int]] = defaultdict(list)
    for row in table.usable("household_no", "visited_on"):
        found[numbers[row], days[row]].append(row)
    return found
