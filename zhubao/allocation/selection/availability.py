"""Which units cannot be let any more, whatever the draw's list says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from zhubao.ledger.allocation import SelectionAction, UnitSelection
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.ledger.units import Dispatch, DispatchStatus, Unit, UnitStatus

_OCCUPIED = (UnitStatus.OCCUPIED, UnitStatus.DISPOSED)


def open_leases(table: LedgerTable[Lease], day: dt.date) -> list[int]:
    """Indexes of the leases not ended on the day, those that begin later among them.

    In force until terminated, past its term too; expired ones until their last day.
    """
    left, states = table.column("terminated_on"), table.column("status")
    ends = table.column("ends_on")
    found: list[int] = []
    for index in table.usable("household_no", "unit_no", "status"):
        if left[index] is not None:
            alive = left[index] > day
        elif states[index] == LeaseStatus.EXPIRED:
            alive = ends[index] is not None and ends[index] >= day
        else:
            alive = states[index] == LeaseStatus.IN_FORCE
        if alive:
            found.append(index)
    return found


def units_let(loaded: Loaded, day: dt.date) -> dict[str, str]:
    """Unit → the lease it is let under."""
    table = loaded.get(Lease)
    units, numbers = table.column("unit_no"), table.column("lease_no")
    return {units[index]: numbers[index] or "" for index in open_leases(table, day)}


def households_housed(loaded: Loaded, day: dt.date) -> dict[str, str]:
    """Household → the lease it has."""
    table = loaded.get(Lease)
    households, numbers = table.column("household_no"), table.column("lease_no")
    return {households[index]: numbers[index] or "" for index in open_leases(table, day)}


def units_dispatched(loaded: Loaded, day: dt.date) -> dict[str, str]:
    """Unit → the dispatch (or freeze for one) that holds it on the day."""
    table = loaded.get(Dispatch)
    units, numbers = table.column("unit_no"), table.column("dispatch_no")
    states, returned = table.column("status"), table.column("returned_on")
    held: dict[str, str] = {}
    for index, unit in enumerate(units):
        back = returned[index] is not None and returned[index] <= day
        if unit and not back and states[index] != DispatchStatus.RETURNED:
            held[unit] = numbers[index] or ""
    return held


def units_chosen_elsewhere(loaded: Loaded, event_no: str) -> dict[str, str]:
    """Unit → another event in which a household has chosen it and has not signed a lease yet."""
    table = loaded.get(UnitSelection)
    events, entrants = table.column("event_no"), table.column("entrant_no")
    actions, units = table.column("action"), table.column("unit_no")
    leases = table.column("lease_no")
    chosen: dict[tuple[str, str], tuple[str, bool]] = {}
    for index in table.usable("event_no", "entrant_no", "action"):
        if events[index] == event_no or actions[index] == SelectionAction.ABSENT:
            continue
        key = events[index], entrants[index]
        chosen.pop(key, None)
        if actions[index] == SelectionAction.CHOSEN and units[index]:
            chosen[key] = units[index], leases[index] is not None
    return {unit: event for (event, _), (unit, signed) in chosen.items() if not signed}


def unavailable(
    loaded: Loaded, day: dt.date, event_no: str, unit_nos: Iterable[str], *, in_ledger: bool = True
) -> dict[str, str]:
    """Unit → why it cannot be chosen; units that can be are not in it.

    `in_ledger`: a unit that 房源 does not have cannot be chosen; units for resettled households
    need not be there.
    """
    table = loaded.get(Unit)
    row_of = {number: index for index, number in enumerate(table.column("unit_no")) if number}
    states = table.column("status")
    held: tuple[tuple[str, Mapping[str, str]], ...] = (
        ("已有在租合同 {}", units_let(loaded, day)),
        ("房源调配 {} 已占用", units_dispatched(loaded, day)),
        ("已在活动 {} 中选定", units_chosen_elsewhere(loaded, event_no)),
    )
    found: dict[str, str] = {}
    for unit in unit_nos:
        row = row_of.get(unit)
        if row is None:
            why = "“房源”表里没有这一套" if in_ledger else ""
        else:
            why = _by_status(states[row])
        why = why or next((words.format(by[unit]) for words, by in held if unit in by), "")
        if why:
            found[unit] = why
    return found


def _by_status(state: UnitStatus | None) -> str:
    if state is None:
        return "“房源”表里的状态空着或读不出"
    return f"“房源”表里的状态是“{state.value}”" if state in _OCCUPIED else ""
