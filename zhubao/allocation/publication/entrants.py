"""Who stands on the list: from the freeze where there is one, else from the ledger's roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhubao.allocation.event.frozen import Frozen, Person
from zhubao.core.finding import Cell
from zhubao.ledger.allocation import RosterEntry, RosterStatus
from zhubao.ledger.table import LedgerTable

NO_GROUP = "普通组"
_OUTSIDE = (RosterStatus.REFUSED, RosterStatus.LATE)


@dataclass(frozen=True, slots=True)
class Entrant:
    """A household on the list. Personal. `place` is its row in 摇号名册, None when that is gone."""

    receipt: str  # "" for a draw without freeze
    entrant_no: str
    name: str
    identity_no: str
    household_no: str
    waiting_no: str
    group: str
    group_order: int
    size: int
    stratum: str
    salt: str = ""
    row_hash: str = ""
    registered_at: dt.datetime | None = None
    checked_on: dt.date | None = None
    place: Cell | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A registration that was not admitted, with the reason."""

    entrant_no: str
    name: str
    identity_no: str
    household_no: str
    waiting_no: str
    status: str
    reason: str
    registered_at: dt.datetime | None
    place: Cell


def rows_of_event(table: LedgerTable[RosterEntry], event_no: str) -> list[int]:
    """The rows of an event that can be read."""
    events = table.column("event_no")
    return [row for row in table.usable() if events[row] == event_no]


def entrants_of(
    table: LedgerTable[RosterEntry], event_no: str, frozen: Frozen | None
) -> tuple[Entrant, ...]:
    """The entrants by entrant number.

    A frozen event takes group, size and stratum from the published roster and the names from the
    people frozen with it; today's ledger adds the moment of registration and the day of the check.
    Without the private lines names are taken from the ledger's row with the same receipt.
    """
    rows = rows_of_event(table, event_no)
    if frozen is None:
        found = [_as_in_ledger(table, row) for row in rows if _takes_part(table, row)]
    else:
        found = list(_as_frozen(table, rows, frozen))
    return tuple(sorted(found, key=lambda one: one.entrant_no))


def refusals_of(
    table: LedgerTable[RosterEntry], event_no: str, day: dt.date | None
) -> tuple[Refusal, ...]:
    """Who was refused or came too late, registered by the day; by row."""
    found = []
    for row in rows_of_event(table, event_no):
        if _takes_part(table, row):
            continue
        entry = table.row(row)
        late = day and entry.registered_at and entry.registered_at.date() > day
        if not late:
            found.append(
                Refusal(
                    entrant_no=entry.entrant_no,
                    name=entry.applicant,
                    identity_no=entry.identity_no,
                    household_no=entry.household_no or "",
                    waiting_no=entry.waiting_no or "",
                    status=entry.status.value,
                    reason=entry.refusal_reason or "",
                    registered_at=entry.registered_at,
                    place=table.row_cell(row),
                )
            )
    return tuple(found)


def stratum_of(estate: str | None, layout: str | None) -> str:
    """小区 × 户型 as one text; "不分" when neither is known."""
    return "　".join(part for part in (estate, layout) if part) or "不分"


def _takes_part(table: LedgerTable[RosterEntry], row: int) -> bool:
    return table.column("status")[row] not in _OUTSIDE


def _as_in_ledger(table: LedgerTable[RosterEntry], row: int) -> Entrant:
    entry = table.values(row)
    return Entrant(
        receipt=entry["receipt_no"] or "",
        entrant_no=entry["entrant_no"],
        name=entry["applicant"],
        identity_no=entry["identity_no"],
        household_no=entry["household_no"] or "",
        waiting_no=entry["waiting_no"] or "",
        group=entry["group"] or NO_GROUP,
        group_order=entry["group_order"] or 1,
        size=entry["size"],
        stratum=stratum_of(entry["estate"], entry["layout"]),
        salt=entry["salt"] or "",
        row_hash=entry["row_hash"] or "",
        registered_at=entry["registered_at"],
        checked_on=entry["checked_on"],
        place=table.row_cell(row),
    )


def _as_frozen(
    table: LedgerTable[RosterEntry], rows: list[int], frozen: Frozen
) -> Iterator[Entrant]:
    numbers, receipts = table.column("entrant_no"), table.column("receipt_no")
    by_number = {numbers[row]: row for row in rows}
    by_receipt = {receipts[row]: row for row in rows if receipts[row]}
    for entrant in frozen.entrants:
        person = frozen.people.get(entrant.receipt)
        row = by_number.get(person.entrant_no) if person else by_receipt.get(entrant.receipt)
        said = _as_in_ledger(table, row) if row is not None else None
        known = person or _person(entrant.receipt, said)
        yield Entrant(
            receipt=entrant.receipt,
            entrant_no=known.entrant_no,
            name=known.applicant,
            identity_no=known.identity_no,
            household_no=known.household_no,
            waiting_no=known.waiting_no,
            group=entrant.group or NO_GROUP,
            group_order=entrant.group_order,
            size=entrant.size,
            stratum=entrant.stratum,
            salt=known.salt,
            row_hash=said.row_hash if said else "",
            registered_at=said.registered_at if said else None,
            checked_on=said.checked_on if said else None,
            place=said.place if said else None,
        )


def _person(receipt: str, said: Entrant | None) -> Person:
    """The person by today's ledger, for a freeze whose private lines are gone.

    Without a row there either, the receipt stands for the entrant number.
    """
    if said is None:
        return Person(receipt, receipt, "", "", "")
    return Person(
        receipt,
        said.entrant_no,
        said.salt,
        said.name,
        said.identity_no,
        said.household_no,
        said.waiting_no,
    )


def by_number(entrants: tuple[Entrant, ...]) -> Mapping[str, Entrant]:
    """Entrant number → entrant."""
    return {one.entrant_no: one for one in entrants}
