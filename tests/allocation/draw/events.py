"""A small event for the tests of the draw: frozen, announced, kept in an archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhubao.allocation.draw.algorithm import draw, result_text
from zhubao.allocation.draw.texts import (
    NONE,
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
from zhubao.allocation.event.frozen import Person, people_text
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawMode,
    DrawPurpose,
    DrawResult,
    DrawStatus,
    RosterEntry,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.store.draw_archive import DrawArchive
from zhubao.ledger.table import LedgerTable

EVENT = "YH202009"
BALLS, CALLED = "现场摇球=03 17 22 28 31 05", "观众报数=5 0 7"
ENTROPY = (BALLS, CALLED)
SOURCES = (EntropySource("现场摇球", 6, 2), EntropySource("观众报数", 3, 1))
PUBLISHED = dt.datetime(2020, 9, 10, 9, 0)
AT = dt.datetime(2020, 9, 12, 9, 30)
STRATA = ("粟塘小区·一室一厅", "粟塘小区·两室一厅")
GROUPS = ((1, "优抚对象"), (3, "普通组"), (3, "普通组"))


def people(count: int) -> list[Person]:
    """As many households, with salts of their own."""
    out = []
    for number in range(count):
        no, salt = f"C{number:04d}", f"{number:032x}"
        identity = "11010519491231002X"
        receipt = receipt_of(EVENT, no, identity, salt)
        layout = ("一室一厅", "两室一厅")[number % 2]
        out.append(Person(receipt, no, salt, "张小明", identity, f"JT{number}", layout=layout))
    return out


def entrants_of(persons: Sequence[Person]) -> list[Entrant]:
    """The roster of these households, in three groups' turn and two strata."""
    return [
        Entrant(one.receipt, *GROUPS[n % 3], 1 + n % 4, STRATA[n % 2])
        for n, one in enumerate(persons)
    ]


def units_of(count: int) -> list[DrawUnit]:
    """Units of the two strata in turn; one number outside the first plane, one full-width."""
    names = ["\U00020000-1", "\uff21-1", *(f"01-1-{n:04d}" for n in range(count))][:count]
    return [
        DrawUnit(name, STRATA[n % 2], f"粟塘小区 {name}", f"{40 + n}.50")
        for n, name in enumerate(names)
    ]


def frozen_texts(
    count: int = 12, units: int = 6, mode: str = "unit", name: str = "粟塘小区</script><b>摇号"
) -> dict[str, str]:
    """roster.txt, units.txt, rules.txt, people.jsonl."""
    persons = people(count)
    roster, listed = roster_text(EVENT, entrants_of(persons)), units_text(EVENT, units_of(units))
    rules = Rules(EVENT, name, mode, sha256(roster), sha256(listed), SOURCES)
    return {
        "roster.txt": roster,
        "units.txt": listed,
        "rules.txt": rules_text(rules),
        "people.jsonl": people_text(persons),
    }


def draws_of(
    frozen: dict[str, str], *balls: str, count: int = 12, units: int = 6, mode: str = "unit"
) -> list[dict[str, str]]:
    """One draw per text of balls, each chained to the one before."""
    earlier, out = NONE, []
    for number, ball in enumerate(balls or (BALLS.partition("=")[2],), 1):
        entropy = (("现场摇球", ball), ("观众报数", "5 0 7"))
        ticket = DrawTicket(sha256(frozen["rules.txt"]), number, earlier, entropy)
        drawn = draw(ticket, entrants_of(people(count)), units_of(units), mode)
        out.append({"draw.txt": ticket_text(ticket), "result.txt": result_text(drawn)})
        earlier = sha256(out[-1]["result.txt"])
    return out


@dataclass
class Desk:
    """A bureau folder with one frozen event, and its ledger rows."""

    root: Path
    texts: dict[str, str]
    rows: list[dict[str, Any]]
    selections: list[dict[str, Any]]

    @property
    def archive(self) -> DrawArchive:
        return DrawArchive(self.root, EVENT)

    @property
    def loaded(self) -> Loaded:
        return Loaded.of(
            LedgerTable.from_rows(DrawEvent, self.rows),
            LedgerTable.from_rows(DrawResult, []),
            LedgerTable.from_rows(RosterEntry, []),
            LedgerTable.from_rows(UnitSelection, self.selections),
        )


def event_values(texts: dict[str, str], **changed: Any) -> dict[str, Any]:
    """The ledger's row of the frozen, announced event."""
    values = {
        "event_no": EVENT,
        "draw_no": 1,
        "name": "粟塘小区摇号",
        "purpose": DrawPurpose.PUBLIC_RENTAL,
        "mode": DrawMode.UNIT,
        "frozen_at": dt.datetime(2020, 9, 9, 9, 0),
        "roster_hash": sha256(texts["roster.txt"]),
        "unit_list_hash": sha256(texts["units.txt"]),
        "rules_hash": sha256(texts["rules.txt"]),
        "published_at": PUBLISHED,
        "status": DrawStatus.PUBLISHED,
    }
    return {**values, **changed}


def desk(root: Path, **changed: Any) -> Desk:
    """A frozen event below `root`; `changed` are fields of its row."""
    texts = frozen_texts()
    DrawArchive(root, EVENT).keep_frozen(sha256(texts["rules.txt"]), texts)
    return Desk(root, texts, [event_values(texts, **changed)], [])
