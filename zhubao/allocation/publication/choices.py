"""What a household decided at the counter, as it stands on a day: the last record that counts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from zhubao.ledger.allocation import SelectionAction, UnitSelection
from zhubao.ledger.table import LedgerTable


@dataclass(frozen=True, slots=True)
class Choice:
    """The record of 选房 at `index` that stands for an entrant."""

    index: int
    action: SelectionAction
    unit_no: str
    at: dt.datetime


Choices = Mapping[tuple[str, str], Choice]  # (event, entrant) → what stands


def records_of(table: LedgerTable[UnitSelection]) -> dict[str, list[int]]:
    """Event → its records in the order they happened; rows with bad cells are left out."""
    events, moments = table.column("event_no"), table.column("selected_at")
    found: dict[str, list[int]] = defaultdict(list)
    for index in table.usable("event_no", "entrant_no", "action", "selected_at"):
        found[events[index]].append(index)
    for indexes in found.values():
        indexes.sort(key=lambda index: (moments[index], index))
    return dict(found)


def standing(
    table: LedgerTable[UnitSelection],
    indexes: list[int],
    *,
    until: dt.date,
    since: dt.datetime | None = None,
) -> dict[str, Choice]:
    """Entrant → the record that stands at the end of the day `until`.

    A later record takes the place of an earlier one; 撤销 takes the earlier one away and stands for
    nothing itself. Records before `since` (an earlier draw's) do not count.
    """
    entrants, actions = table.column("entrant_no"), table.column("action")
    units, moments = table.column("unit_no"), table.column("selected_at")
    found: dict[str, Choice] = {}
    for index in indexes:
        if moments[index].date() > until or precedes(moments[index], since):
            continue
        if actions[index] is SelectionAction.WITHDRAWN:
            found.pop(entrants[index], None)
        else:
            unit = units[index] or ""
            found[entrants[index]] = Choice(index, actions[index], unit, moments[index])
    return found


def precedes(moment: dt.datetime, since: dt.datetime | None) -> bool:
    """True when a record was made before `since`; a bare date counts by its day."""
    if since is None:
        return False
    return moment.date() < since.date() or (moment < since and moment.time() != dt.time())
