"""What became of 摇号名册 since the freeze: it changes nothing about the draw, but is told."""

from __future__ import annotations

from collections.abc import Iterator

from zhubao.allocation.draw.texts import Entrant, clean
from zhubao.allocation.event.admission import roster_rows
from zhubao.allocation.event.entrants import group_of
from zhubao.allocation.event.frozen import Frozen, Person
from zhubao.allocation.event.households import comparable
from zhubao.allocation.event.kinds import ROW_ADDED_SINCE, ROW_CHANGED_SINCE, ROW_GONE_SINCE
from zhubao.allocation.event.strata import spelt_like
from zhubao.core.finding import Cell, Finding
from zhubao.ledger.allocation import RosterEntry, RosterStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.table import LedgerTable

_OUT = (RosterStatus.REFUSED, RosterStatus.LATE)


def drift(loaded: Loaded, frozen: Frozen) -> tuple[Finding, ...]:
    """Rows of the event added, gone or changed since it was frozen, as notices.

    A row marked 不予参加 or 逾期登记 that did not take part is no news. Compared is what the freeze
    holds: applicant, identity number, size, waiting number, receipt, salt, status, and where the
    row still says something of them household, group order, estate and layout.
    """
    table = loaded.get(RosterEntry)
    return tuple(sorted(_changes(table, frozen), key=lambda finding: finding.sort_key))


def _changes(table: LedgerTable[RosterEntry], frozen: Frozen) -> Iterator[Finding]:
    people, seen = frozen.by_entrant_no, set()
    for index in roster_rows(table, frozen.rules.event):
        row = table.row(index)
        person = people.get(row.entrant_no or "")
        if person is None:
            if row.status not in _OUT:
                shown = row.entrant_no or f"第 {table.row_cell(index).position[0]} 行"
                yield ROW_ADDED_SINCE.at(table.row_cell(index), entrant=shown)
            continue
        seen.add(person.entrant_no)
        differing = list(_differing(row, person, frozen.by_receipt[person.receipt]))
        if differing:
            fields = RosterEntry.model_fields
            headers = "、".join(column_info(fields[name]).header for name in differing)
            where = table.cell(index, differing[0])
            yield ROW_CHANGED_SINCE.at(where, entrant=row.entrant_no, headers=headers)
    place = _sheet(table)
    for entrant_no in people.keys() - seen:
        yield ROW_GONE_SINCE.at(place, entrant=entrant_no)


def _differing(row: RosterEntry, person: Person, entrant: Entrant) -> Iterator[str]:
    """Names of the fields that no longer say what was frozen."""
    pairs = (
        ("applicant", clean(row.applicant), person.applicant),
        ("identity_no", comparable(row.identity_no), person.identity_no),
        ("size", row.size, entrant.size),
        ("group", group_of(row.group), entrant.group),
        ("group_order", row.group_order or entrant.group_order, entrant.group_order),
        ("estate", clean(row.estate) or person.estate, person.estate),
        ("layout", _layout(row, person), person.layout),
        ("household_no", row.household_no or person.household_no, person.household_no),
        ("waiting_no", row.waiting_no or "", person.waiting_no),
        ("receipt_no", row.receipt_no, person.receipt),
        ("salt", row.salt, person.salt),
        ("status", row.status, RosterStatus.FROZEN),
    )
    for name, now, then in pairs:
        if now != then:
            yield name


def _layout(row: RosterEntry, person: Person) -> str:
    """A spelling of the frozen layout is no change."""
    layout = clean(row.layout)
    return spelt_like(layout, (person.layout,)) if layout else person.layout


def _sheet(table: LedgerTable[RosterEntry]) -> Cell:
    if table.segments:
        return Cell(table.segments[0].file, table.segments[0].sheet)
    return Cell(f"{RosterEntry.SHEET.workbook}.xlsx", RosterEntry.SHEET.name)
