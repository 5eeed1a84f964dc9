"""An event frozen, drawn and chosen from in memory, with its archive in a temporary folder."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zhubao.allocation.draw.algorithm import SELECTED, Drawn, draw, result_text
from zhubao.allocation.draw.texts import (
    NONE,
    ORDER,
    DrawTicket,
    DrawUnit,
    Entrant,
    EntropySource,
    Rules,
    receipt_of,
    roster_text,
    rules_text,
    sha256,
    ticket_text,
    units_text,
)
from zhubao.allocation.event.frozen import (
    PEOPLE,
    RESULT,
    ROSTER,
    RULES,
    TICKET,
    UNITS,
    Frozen,
    Person,
    people_text,
    read_frozen,
)
from zhubao.core.identity import to_18
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawMode,
    DrawOutcome,
    DrawPurpose,
    DrawResult,
    DrawStatus,
    RosterEntry,
    RosterStatus,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.store.draw_archive import DrawArchive
from zhubao.ledger.table import LedgerTable

EVENT = "YH202101"
FREEZE_AT, DRAW_AT = dt.datetime(2021, 3, 1, 9), dt.datetime(2021, 3, 5, 9, 30)
STRATA = ("粟塘小区　一室一厅", "粟塘小区　两室一厅")
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈", "甲乙丙丁戊己庚辛壬癸"
Row = dict[str, Any]


def identity(number: int) -> str:
    """A valid number of an invented person; every second one is a woman's."""
    return to_18(f"43019970010{1 + number % 9}{number % 1000:03d}")


def person(number: int) -> Person:
    """The `number`-th household."""
    name = _SURNAMES[number % 10] + _GIVEN[number // 10 % 10] + _GIVEN[number // 100 % 10] + "明"
    entrant_no, salt = f"{EVENT}-{number:05d}", f"{number:032x}"
    receipt = receipt_of(EVENT, entrant_no, identity(number), salt)
    household, waiting = f"JT{number:06d}", f"LH{number:05d}"
    return Person(receipt, entrant_no, salt, name, identity(number), household, waiting)


@dataclass
class Event:
    """The rows of an event so far, and its archive."""

    root: Path
    people: list[Person]
    frozen: Frozen
    events: list[Row]
    roster: list[Row]
    results: list[Row] = field(default_factory=list)
    selections: list[Row] = field(default_factory=list)
    drawn: Drawn | None = None

    @property
    def archive(self) -> DrawArchive:
        return DrawArchive(self.root, EVENT)

    @property
    def loaded(self) -> Loaded:
        return Loaded.of(
            LedgerTable.from_rows(DrawEvent, self.events),
            LedgerTable.from_rows(RosterEntry, self.roster),
            LedgerTable.from_rows(DrawResult, self.results),
            LedgerTable.from_rows(UnitSelection, self.selections),
        )

    def draw(self, *, draw_no: int = 1, entropy: str = "17 4 23", **changes: Any) -> None:
        """Carry out a draw and write it to the archive and to the rows."""
        earlier = sha256(result_text(self.drawn)) if self.drawn else NONE
        ticket = DrawTicket(self.frozen.rules_hash, draw_no, earlier, (("摇球", entropy),))
        self.drawn = draw(ticket, self.frozen.entrants, self.frozen.units, ORDER)
        texts = {TICKET: ticket_text(ticket), RESULT: result_text(self.drawn)}
        self.archive.keep_draw(draw_no, texts)
        if draw_no > 1:
            self.events.append({**self.events[-1], "draw_no": draw_no})
            self.events[-2]["status"] = DrawStatus.VOID
        drawn = {
            "drawn_at": DRAW_AT + dt.timedelta(days=7 * (draw_no - 1)),
            "result_hash": sha256(texts[RESULT]),
            "earlier_hash": None if earlier == NONE else earlier,
            "status": DrawStatus.DRAWN,
        }
        self.events[-1] |= drawn | changes
        self.results += [self._result(place, draw_no) for place in self.drawn.places]

    def choose(self, rank: int, action: SelectionAction, **values: Any) -> None:
        """A record of the counter by whoever has this rank in the latest draw."""
        assert self.drawn is not None
        receipt = self.drawn.places[rank - 1].receipt
        who = self.frozen.people[receipt]
        record = {
            "selection_no": f"XF{len(self.selections):04d}",
            "event_no": EVENT,
            "entrant_no": who.entrant_no,
            "household_no": who.household_no,
            "order": rank,
            "action": action,
            "selected_at": self.events[-1]["drawn_at"] + dt.timedelta(days=1, minutes=rank),
        }
        self.selections.append(record | values)

    def _result(self, place: Any, draw_no: int) -> Row:
        who = self.frozen.people[place.receipt]
        selected = place.outcome == SELECTED
        return {
            "event_no": EVENT,
            "draw_no": draw_no,
            "entrant_no": who.entrant_no,
            "household_no": who.household_no,
            "receipt_no": place.receipt,
            "rank": place.rank,
            "outcome": DrawOutcome.SELECTED if selected else DrawOutcome.RESERVE,
            "reserve_rank": place.reserve_rank or None,
            "digest": place.key,
        }


def frozen_event(root: Path, entrants: int = 40, units: int = 24, priority: int = 6) -> Event:
    """An event just frozen and published; the first `priority` households are in a group."""
    people = [person(number) for number in range(1, entrants + 1)]
    lines = [
        Entrant(
            one.receipt,
            1 if number <= priority else 4,
            "孤老病残" if number <= priority else "",
            number % 4 + 1,
            STRATA[number % 2],
        )
        for number, one in enumerate(people, 1)
    ]
    homes = [DrawUnit(f"01-{n:03d}", STRATA[n % 2], f"1栋{n}", "50") for n in range(units)]
    roster, listed = roster_text(EVENT, lines), units_text(EVENT, homes)
    source = EntropySource("摇球", 3, 2)
    rules = Rules(EVENT, "粟塘小区摇号", ORDER, sha256(roster), sha256(listed), (source,))
    texts = {ROSTER: roster, UNITS: listed, RULES: rules_text(rules), PEOPLE: people_text(people)}
    frozen = read_frozen(texts)
    DrawArchive(root, EVENT).keep_frozen(frozen.rules_hash, texts)
    rows = [_roster_row(one, line) for one, line in zip(people, lines, strict=True)]
    return Event(root, people, frozen, [_event_row(frozen)], rows)


def _event_row(frozen: Frozen) -> Row:
    return {
        "event_no": EVENT,
        "draw_no": 1,
        "name": frozen.rules.name,
        "purpose": DrawPurpose.PUBLIC_RENTAL,
        "mode": DrawMode.ORDER,
        "estate": "粟塘小区",
        "frozen_at": FREEZE_AT,
        "published_at": FREEZE_AT + dt.timedelta(days=1),
        "published_where": "区政府门户网站",
        "roster_hash": frozen.rules.roster_hash,
        "unit_list_hash": frozen.rules.units_hash,
        "rules_hash": frozen.rules_hash,
        "status": DrawStatus.PUBLISHED,
    }


def _roster_row(one: Person, line: Entrant) -> Row:
    return {
        "event_no": EVENT,
        "entrant_no": one.entrant_no,
        "household_no": one.household_no,
        "waiting_no": one.waiting_no,
        "applicant": one.applicant,
        "identity_no": one.identity_no,
        "size": line.size,
        "group": line.group or None,
        "group_order": line.group_order,
        "registered_at": FREEZE_AT - dt.timedelta(hours=int(one.entrant_no[-5:])),
        "checked_on": dt.date(2021, 2, 20),
        "status": RosterStatus.FROZEN,
        "salt": one.salt,
        "receipt_no": one.receipt,
        "row_hash": sha256(one.receipt),
    }


def without_hashes(event: Event) -> Event:
    """The same event as a ledger kept before zhubao has it: no archive, no hash, no receipt."""
    hashes = ("roster_hash", "unit_list_hash", "rules_hash", "result_hash", "earlier_hash")
    bare = {"salt", "receipt_no", "row_hash", "digest"}
    return replace(
        event,
        root=event.root / "without",
        events=[{k: v for k, v in row.items() if k not in hashes} for row in event.events],
        roster=[{k: v for k, v in row.items() if k not in bare} for row in event.roster],
        results=[{k: v for k, v in row.items() if k not in bare} for row in event.results],
    )
