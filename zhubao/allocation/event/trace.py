"""What the journal remembers of an event, also where an undo took it out of the ledger again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhubao.ledger.store.journal import read_journal

ANNOUNCE, DRAW = "allocate announce", "allocate draw"


@dataclass(frozen=True, slots=True)
class Trace:
    """`announced`: when an announcement was entered first, as the notice had it; "" for never.

    `drawn`: number of the draw → hash of the result that was written into the ledger.
    """

    announced: str = ""
    drawn: Mapping[int, str] = field(default_factory=dict)


def trace_of(root: Path, event_no: str) -> Trace:
    """The event's announcement and draws in the journal, undone or not. JournalBroken: no access.

    Hashes that were published cannot be called back, and a draw that was seen has been seen: an
    undo, or a folder that has gone from the archive, must not open the way to another freeze or to
    other numbers. Whoever removes the journal as well is stopped only by what was published.
    """
    announced, drawn = "", dict[int, str]()
    for entry in read_journal(root).entries:
        if entry.command not in (ANNOUNCE, DRAW) or entry.arguments.get("event") != event_no:
            continue
        if entry.command == ANNOUNCE:
            announced = announced or str(entry.arguments.get("at", entry.time))
        else:
            number = entry.arguments.get("draw_no")
            if isinstance(number, int):
                drawn[number] = str(entry.arguments.get("result_hash", ""))
    return Trace(announced, drawn)
