"""What the counters entered, as rows of 选房."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.allocation.selection.basis import Basis
from zhubao.allocation.selection.kinds import NUMBER_TAKEN
from zhubao.allocation.selection.standing import ABANDONED, CHOSEN, Entry
from zhubao.core.finding import Finding
from zhubao.core.theme import Formats
from zhubao.ledger.allocation import DrawEvent, DrawStatus, UnitSelection
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info

_CAN_DO_WITHOUT = (
    "household_no", "batch_no", "order", "people", "clerk", "witness", "remark",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SelectionRows:
    """The change, how many entries it writes, and what cannot be written."""

    change: Change
    count: int
    findings: tuple[Finding, ...]


def selection_rows(
    basis: Basis, logged: Iterable[Mapping[str, Any]], loaded: Loaded, formats: Formats
) -> SelectionRows:
    """One row for every entry that only the log has; the event becomes 选房中.

    `basis` must have been read from `loaded`. A number that somebody typed into the sheet in the
    meantime is a finding, and its entry is left out until the sheet is put right.
    """
    pending = basis.unwritten(logged)
    table, event = loaded.get(UnitSelection), basis.event
    owners = dict(zip(table.column("selection_no"), table.column("entrant_no"), strict=True))
    free = [one for one in pending if one.selection_no not in owners]
    taken = [one for one in pending if one.selection_no in owners]
    plan = Plan(f"选房登记：{event.row.event_no} {len(free)} 条", loaded, formats)
    rows = [_row(one, basis) for one in free]
    letters = table.segments[-1].letters if table.segments else UnitSelection.model_fields
    absent = [name for name in _CAN_DO_WITHOUT if name not in letters]
    names = [n for n in UnitSelection.model_fields if any(row.get(n) is not None for row in rows)]
    plan.add(table, [{n: row.get(n) for n in names if n not in absent} for row in rows])
    missing = [column_info(UnitSelection.model_fields[n]).header for n in absent if n in names]
    if missing:
        plan.note(f"选房表没有这些列，没有写：{'、'.join(missing)}")
    if free and event.row.status in (DrawStatus.DRAWN, DrawStatus.FINISHED):
        plan.put(loaded.get(DrawEvent), event.index, "status", DrawStatus.SELECTING)
    findings = tuple(_clash(one, table, owners, basis) for one in taken)
    return SelectionRows(plan.build(), len(free), findings)


def _row(entry: Entry, basis: Basis) -> dict[str, Any]:
    who = basis.queue.by_entrant[entry.entrant_no]
    return {
        "selection_no": entry.selection_no,
        "event_no": basis.event.row.event_no,
        "entrant_no": entry.entrant_no,
        "household_no": who.household_no or None,
        "batch_no": who.batch_no or None,
        "order": who.rank,
        "action": entry.action,
        "unit_no": entry.unit_no or None,
        "selected_at": entry.at,
        "people": who.size if entry.action is CHOSEN else None,
        "abandon_reason": entry.reason if entry.action is ABANDONED else None,
        "clerk": entry.clerk or None,
        "witness": entry.witness or None,
        "remark": entry.remark or None,
    }


def _clash(entry: Entry, table: Any, owners: Mapping[str, str | None], basis: Basis) -> Finding:
    index = table.column("selection_no").index(entry.selection_no)
    return NUMBER_TAKEN.at(
        table.cell(index, "selection_no"),
        number=entry.selection_no,
        other=owners[entry.selection_no] or "别户",
        entrant=entry.entrant_no,
        event=basis.event.row.event_no,
    )
