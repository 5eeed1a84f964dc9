"""Goes through a list once: hits by number, rows with a name only, rows that cannot be used."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from zhubao.allocation.waiting.people import Person
from zhubao.audit.match.external_list import Batch, ListSheet, text_of
from zhubao.audit.match.kinds import RULES, ListRules, MatchKind
from zhubao.audit.match.members import Members
from zhubao.audit.match.soundness import not_sound
from zhubao.audit.match.spans import Span, Timing, timing_of
from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity, normalise_identity, to_18
from zhubao.core.masking import mask_numbers
from zhubao.excel.header import header_key
from zhubao.excel.kinds import CellKind
from zhubao.excel.normalise import Reader, reader_for
from zhubao.ledger.tenants import Household

KEPT = 2_000  # rows of a kind that are named one by one; the others are counted
_BETWEEN = re.compile(r"[、，,；;/|\s]+")  # between the joint owners that one cell names


@dataclass(frozen=True, slots=True)
class Hit:
    """A member whom the list knows by number. `cells` has the list's rows, merged where alike.

    `begun` and `ended` are the list's days; `details` what it says, header and value.
    """

    person: Person
    timing: Timing
    span: Span | None
    begun: dt.date | None
    ended: dt.date | None
    details: tuple[tuple[str, str], ...]
    list_name: str  # the name as the list writes it
    cells: tuple[Cell, ...]
    is_known: bool = False  # our ledger says the same already: a death that is registered

    @property
    def is_lead(self) -> bool:
        """True when somebody must verify it."""
        return self.timing.is_lead and not self.is_known

    @property
    def words(self) -> str:
        """初次登记日期 2019-05-01，号牌号码 湘A12345."""
        return "，".join(f"{name} {value}" for name, value in self.details)

    @property
    def same_name(self) -> bool:
        """False when the list has another name for the number."""
        own, other = "".join(self.person.name.split()), "".join(self.list_name.split())
        return not own or not other or own == other


@dataclass(frozen=True, slots=True)
class NameOnly:
    """A row without a number whose name is that of members: a coincidence until verified."""

    name: str
    cell: Cell
    persons: Sequence[Person]


@dataclass(frozen=True, slots=True)
class Unusable:
    """A row whose number has a fault; `persons` are members of that name or faulty number."""

    fault: str
    shown: str
    name: str
    cell: Cell
    persons: Sequence[Person]


@dataclass(frozen=True, slots=True)
class Absent:
    """A 低保 or 特困 household none of whose members is on the list."""

    household: str
    cell: Cell


@dataclass(slots=True)
class MatchResult:
    """What the list says. `rows` counts those with a number or a name.

    `namesakes` are rows whose name is a member's and whose number is another's: other people.
    """

    kind: MatchKind
    list_name: str
    as_of: dt.date
    members: int
    without_number: int
    rows: int = 0
    blank: int = 0
    duplicates: int = 0
    name_only_count: int = 0
    unusable_count: int = 0
    hits: tuple[Hit, ...] = ()
    name_only: list[NameOnly] = field(default_factory=list)
    unusable: list[Unusable] = field(default_factory=list)
    absent: tuple[Absent, ...] = ()

    @property
    def leads(self) -> tuple[Hit, ...]:
        """The hits to be verified; on a list where standing is right, none."""
        if RULES[self.kind].expects_listing:
            return ()
        return tuple(hit for hit in self.hits if hit.is_lead)

    @property
    def households(self) -> int:
        """Households with at least one hit to be verified, or absent from the list."""
        found = {hit.person.household_no for hit in self.leads}
        return len(found | {one.household for one in self.absent})


def match(
    members: Members, batches: Iterable[Batch], kind: MatchKind, list_name: str
) -> MatchResult:
    """Join the list on the identity number of every member.

    Old and new form of a number are one; X and x, full-width digits and stray blanks make no
    difference; a blank is nobody's. A row whose number is another's is never joined by its name.
    Rows of one person that say the same are merged. A cell with the sound numbers of several people
    (共有) is a row of each of them; where one of them has a fault the row cannot be used.
    """
    result = MatchResult(kind, list_name, members.as_of, members.count, members.without_number)
    reading = _Reading(members, RULES[kind], result)
    for batch in batches:
        reading.take(batch)
    result.hits = reading.finished()
    if RULES[kind].expects_listing:
        result.absent = tuple(_absent(members, result.hits))
    return result


class _Reading:
    """One pass over a list."""

    def __init__(self, members: Members, rules: ListRules, result: MatchResult) -> None:
        self._members, self._rules, self._result = members, rules, result
        self._hits: dict[tuple[Any, ...], Hit] = {}
        self._cells: dict[tuple[Any, ...], list[Cell]] = {}

    def take(self, batch: Batch) -> None:
        """Look every row of the batch up."""
        numbers = batch.column(batch.sheet.number)
        known = self._members.known
        for place, persons in enumerate(map(known.get, numbers)):
            if persons is not None:
                self._hit(batch, place, persons)
        odd = not_sound(numbers)
        self._result.rows += len(numbers) - len(odd)
        names = batch.column(batch.sheet.person) if odd else []
        for place in odd:
            if numbers[place] in known:
                self._result.rows += 1
            else:
                self._odd(batch, place, numbers[place], names[place])

    def finished(self) -> tuple[Hit, ...]:
        """The hits with all their cells, by household, person and day."""
        made = [replace(hit, cells=tuple(self._cells[key])) for key, hit in self._hits.items()]
        day = dt.date.min
        return tuple(
            sorted(
                made, key=lambda h: (h.person.household_no, h.person.key, h.begun or day, h.words)
            )
        )

    def _odd(self, batch: Batch, place: int, written: Any, named: Any) -> None:
        """A row whose number is not plainly sound: blank, stray signs, old form, or a fault."""
        name = "".join(text_of(named).split())
        text = text_of(written)
        if not text and not name:
            return
        header = batch.sheet.header.matched["number"]
        if text and header_key(text) in header.names:
            return  # the header once more
        self._result.rows += 1
        number, fault = _read(written, text)
        persons = self._members.known.get(number) if number and not fault else None
        if persons is not None:
            self._hit(batch, place, persons)
        elif not number:
            self._blank(batch, place, name)
        elif fault and not self._shared(batch, place, text):
            self._unusable(batch, place, number, fault, name)

    def _shared(self, batch: Batch, place: int, text: str) -> bool:
        """True for a cell of several numbers, all of them sound: each is looked up by itself."""
        numbers = [_read(part, part) for part in _BETWEEN.split(text) if part]
        if len(numbers) < 2 or any(fault or not number for number, fault in numbers):
            return False
        for number, _ in numbers:
            persons = self._members.known.get(number)
            if persons is not None:
                self._hit(batch, place, persons, joint=True)
        return True

    def _hit(
        self, batch: Batch, place: int, persons: Sequence[Person], *, joint: bool = False
    ) -> None:
        """`joint`: the row's name is that of several people and is compared with nobody's."""
        row, sheet = batch.rows[place], batch.sheet
        read = reader_for(CellKind.DATE, date1904=sheet.date1904)
        begun, ended = (
            _day(sheet, row, self._rules.begins, read),
            _day(sheet, row, self._rules.ends, read),
        )
        details = tuple(_details(sheet, row, self._rules, read))
        cell = sheet.cell(batch.first + place, sheet.number)
        named = not joint and 0 <= sheet.person < len(row)
        name = text_of(row[sheet.person]) if named else ""
        for person in persons:
            key = person.household_no, person.key, begun, ended, details
            if key in self._hits:
                self._result.duplicates += 1
                self._cells[key].append(cell)
                continue
            spans = self._members.spans(person.household_no)
            timing, span = timing_of(begun, ended, spans, self._members.as_of)
            known = self._is_known(person)
            self._hits[key] = Hit(
                person, timing, span, begun, ended, details, name, (), is_known=known
            )
            self._cells[key] = [cell]

    def _is_known(self, person: Person) -> bool:
        return self._result.kind is MatchKind.DEATH and person.is_dead(self._members.as_of)

    def _blank(self, batch: Batch, place: int, name: str) -> None:
        self._result.blank += 1
        persons = self._members.named.get(name, [])
        if persons:
            self._result.name_only_count += 1
            if len(self._result.name_only) < KEPT:
                cell = batch.sheet.cell(batch.first + place, batch.sheet.person)
                self._result.name_only.append(NameOnly(name, cell, persons))

    def _unusable(self, batch: Batch, place: int, number: str, fault: str, name: str) -> None:
        self._result.unusable_count += 1
        members = self._members
        persons = members.faulty.get(number) or members.named.get(name, [])
        kept = self._result.unusable
        if len(kept) < KEPT:
            cell = batch.sheet.cell(batch.first + place, batch.sheet.number)
            kept.append(Unusable(fault, number, name, cell, persons))


def _read(written: Any, text: str) -> tuple[str, str]:
    """The number in its eighteen-digit form and its fault; "" for a blank."""
    outcome = reader_for(CellKind.IDENTITY)(written if not isinstance(written, str) else text)
    if outcome.fault is not None:
        return text, "存成了数字，第 15 位以后已丢失"
    if outcome.value is None:
        return "", ""
    number = normalise_identity(str(outcome.value))
    fault = check_identity(number)
    return (number, fault.title) if fault is not None else (to_18(number), "")


def _day(
    sheet: ListSheet, row: Sequence[Any], names: Sequence[str], read: Reader
) -> dt.date | None:
    """The first of the named columns that holds a date."""
    for _, place in sheet.place(names):
        value = read(row[place]).value if place < len(row) else None
        if isinstance(value, dt.date):
            return value
    return None


def _details(
    sheet: ListSheet, row: Sequence[Any], rules: ListRules, read: Reader
) -> Iterator[tuple[str, str]]:
    """What the row says, dates first: header of the list and value, blanks left out."""
    for header, place in sheet.place((*rules.begins, *rules.ends)):
        value = read(row[place]).value if place < len(row) else None
        if isinstance(value, dt.date):
            yield header, value.isoformat()
    for header, place in sheet.place(group[0] for group in rules.details):
        text = text_of(row[place]) if place < len(row) else ""
        if text:
            yield header, mask_numbers(text)


def _absent(members: Members, hits: Iterable[Hit]) -> Iterator[Absent]:
    """Households certified by 民政 in our ledger of whom the list knows nobody any more."""
    day = members.as_of
    listed = {h.person.household_no for h in hits if h.ended is None or h.ended > day}
    table = members.loaded.get(Household)
    for household, row in members.certified().items():
        if household not in listed:
            yield Absent(household, table.cell(row, "tier"))
