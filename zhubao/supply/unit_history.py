"""One unit's history with its cells: delivery, leases, charges, choices, dispatches, visits."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.money import format_yuan
from zhubao.core.spans import whole_months
from zhubao.ledger.allocation import UnitSelection
from zhubao.ledger.arrears import Charge
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import PatrolVisit, VacancyCheck
from zhubao.ledger.tenants import Household
from zhubao.ledger.units import Unit, UnitStatus
from zhubao.supply.occupancy import LETTABLE
from zhubao.supply.slips import read_slips
from zhubao.supply.tenancies import Tenancy, tenancies

DELIVERED, LEASE, CHARGES, SELECTION, DISPATCH, VISIT, CHECK, GAP = (
    "交付",
    "合同",
    "应收",
    "选房",
    "调配",
    "巡查",
    "空置核查",
    "空置",
)
_ORDER = (DELIVERED, DISPATCH, SELECTION, LEASE, CHARGES, VISIT, CHECK, GAP)


@dataclass(frozen=True, slots=True)
class Event:
    """Something of the unit from `start` on; `end` is its last day, None: a day, or still going."""

    start: dt.date
    end: dt.date | None
    kind: str
    words: str
    cells: tuple[Cell, ...]
    is_long: bool = False  # a gap of so many whole months as the policy flags


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """The unit's row and its events up to the day, oldest first."""

    loaded: Loaded
    as_of: dt.date
    index: int
    unit_no: str
    lease: Tenancy | None
    events: tuple[Event, ...]


def unit_history(loaded: Loaded, unit: str, as_of: dt.date, *, limit_months: int) -> UnitHistory:
    """What the ledgers say of one unit up to the day; names are masked.

    Gaps are days between 交付日期 (or the first lease, without one) and the day that neither a
    lease nor a dispatch covers; those of `limit_months` whole months or more are marked. Raises
    `UsageError` for a number that is not in 房源, or is there twice.
    """
    index = _find(loaded, unit)
    number = str(loaded.get(Unit).column("unit_no")[index])
    own = tenancies(loaded).get(number, [])
    names = _names(loaded)
    events = [
        *_delivered(loaded, index),
        *_leases(own, names, as_of),
        *_charges(loaded, number, names),
        *_selections(loaded, number),
        *_dispatches(loaded, number),
        *_visits(loaded, number, names),
        *_checks(loaded, number),
        *_gaps(loaded, index, own, (as_of, limit_months)),
    ]
    kept = [event for event in events if event.start <= as_of]
    kept.sort(key=lambda event: (event.start, _ORDER.index(event.kind)))
    live = next((lease for lease in own if lease.covers(as_of)), None)
    return UnitHistory(loaded, as_of, index, number, live, tuple(kept))


def _find(loaded: Loaded, wanted: str) -> int:
    numbers: list[Any] = loaded.get(Unit).column("unit_no")
    exact = [index for index, number in enumerate(numbers) if number == wanted.strip()]
    folded = _fold(wanted)
    found = exact or [i for i, number in enumerate(numbers) if number and _fold(number) == folded]
    if len(found) == 1:
        return found[0]
    if found:
        places = "、".join(str(loaded.get(Unit).row_cell(index)) for index in found)
        raise UsageError(f"编号 {wanted} 在房源表里有几行：{places}", advice="请先改正重复的编号。")
    part = [number for number in numbers if number and folded and folded in _fold(number)][:5]
    like = f"相近的有：{'、'.join(part)}。" if part else ""
    raise UsageError(f"房源表里没有编号 {wanted}", advice=f"请核对房源编号。{like}")


def _names(loaded: Loaded) -> dict[str | None, str]:
    """Household → number and masked name of the applicant."""
    table = loaded.get(Household)
    numbers, names = table.column("household_no"), table.column("applicant")
    return {
        numbers[index]: f"{numbers[index]} {mask_name(names[index])}"
        for index in table.usable("household_no", "applicant")
    }


def _delivered(loaded: Loaded, index: int) -> Iterator[Event]:
    units = loaded.get(Unit)
    day = units.column("delivered_on")[index]
    if day is not None:
        yield Event(day, None, DELIVERED, "交付使用", (units.cell(index, "delivered_on"),))


def _leases(own: list[Tenancy], names: dict[str | None, str], as_of: dt.date) -> Iterator[Event]:
    for lease in own:
        gone = lease.free_on is not None and lease.free_on <= as_of
        end = lease.last_day if gone else None
        who = names.get(lease.household_no, lease.household_no)
        words = f"{lease.lease_no}　{who}{'' if gone else '（在租）'}"
        yield Event(lease.start, end, LEASE, words, (lease.cell,))


def _charges(loaded: Loaded, number: str, names: dict[str | None, str]) -> Iterator[Event]:
    """One event per unbroken run of a household: first to last month, rows, sum."""
    table = loaded.get(Charge)
    units, months = table.column("unit_no"), table.column("month")
    amounts, households = table.column("amount"), table.column("household_no")
    rows = [i for i in table.usable("unit_no", "month", "amount") if units[i] == number]
    rows.sort(key=lambda index: (months[index], index))
    for household, group in groupby(rows, key=lambda index: households[index]):
        run = list(group)
        total = format_yuan(sum(amounts[index] for index in run))
        who = names.get(household, household or "")
        words = f"{who}　{len(run)} 笔，合计 {total} 元"
        cells = tuple(table.cell(index, "amount") for index in run)
        yield Event(months[run[0]].first_day, months[run[-1]].last_day, CHARGES, words, cells)


def _selections(loaded: Loaded, number: str) -> Iterator[Event]:
    table = loaded.get(UnitSelection)
    units, times = table.column("unit_no"), table.column("selected_at")
    for index in table.usable("unit_no", "selected_at", "action"):
        if units[index] != number or times[index] is None:
            continue
        event, action = table.column("event_no")[index], table.column("action")[index]
        entrant = table.column("entrant_no")[index]
        words = f"{action.value}　摇号活动 {event}，参摇编号 {entrant}"
        yield Event(times[index].date(), None, SELECTION, words, (table.row_cell(index),))


def _dispatches(loaded: Loaded, number: str) -> Iterator[Event]:
    for slip in read_slips(loaded):
        if slip.unit_no != number:
            continue
        words = f"{slip.number}　{slip.project}（{slip.housing_type.value}）"
        steps = (
            ("冻结", slip.frozen_on),
            ("调配", slip.dispatched_on),
            ("退回", slip.returned_on),
        )
        for step, day in steps:
            if day is not None:
                yield Event(day, None, DISPATCH, f"{step}　{words}", (slip.cell,))


def _visits(loaded: Loaded, number: str, names: dict[str | None, str]) -> Iterator[Event]:
    table = loaded.get(PatrolVisit)
    units = table.column("unit_no")
    for index in table.usable("unit_no", "visited_on", "kind"):
        if units[index] != number:
            continue
        kind, seen = table.column("kind")[index], table.column("occupancy")[index]
        household = table.column("household_no")[index]
        found = "发现问题" if table.column("has_problem")[index] else ""
        parts = (kind.value, names.get(household, household), seen.value if seen else "", found)
        words = "　".join(part for part in parts if part)
        yield Event(table.column("visited_on")[index], None, VISIT, words, (table.row_cell(index),))


def _checks(loaded: Loaded, number: str) -> Iterator[Event]:
    table = loaded.get(VacancyCheck)
    units = table.column("unit_no")
    for index in table.usable("unit_no", "checked_on", "reason", "result"):
        if units[index] == number:
            reason, result = table.column("reason")[index], table.column("result")[index]
            words = mask_numbers(f"{reason.value}：{result.value}")
            day = table.column("checked_on")[index]
            yield Event(day, None, CHECK, words, (table.row_cell(index),))


def _gaps(
    loaded: Loaded, index: int, own: list[Tenancy], when: tuple[dt.date, int]
) -> Iterator[Event]:
    """The days neither a lease nor a dispatch covers; the last gap ends with the day.

    Overlapping ones count once. A vacant unit's last gap begins with 空置起始日 where that is later
    than the end of what covered it before.
    """
    as_of, limit = when
    units = loaded.get(Unit)
    free = units.column("delivered_on")[index]
    cell = units.cell(index, "delivered_on")
    for start, end, place in _covered(loaded, index, own):
        if start > as_of:
            break
        if free is not None and start > free:
            yield _gap(free, start, (cell, place), limit)
        if end is None or end > as_of:
            return
        if free is None or end > free:
            free, cell = end, place
    free, cell = _latest(loaded, index, (free, cell), as_of)
    if free is not None and free <= as_of:
        status = units.column("status")[index]
        now = "至今" if status in LETTABLE or status is None else f"至今，状态“{status.value}”"
        yield _gap(free, as_of, (cell,), limit, going=now)


def _covered(
    loaded: Loaded, index: int, own: list[Tenancy]
) -> list[tuple[dt.date, dt.date | None, Cell]]:
    """(first day, first free day, cell) of leases and dispatches, by first day."""
    number = loaded.get(Unit).column("unit_no")[index]
    spans = [
        (lease.start, lease.vacant_from, lease.cell)
        for lease in own
        if lease.free_on is None or lease.vacant_from is not None
    ]
    spans += [
        (slip.began_on, slip.returned_on, slip.cell)
        for slip in read_slips(loaded)
        if slip.unit_no == number and slip.began_on is not None
    ]
    return sorted(spans, key=lambda span: (span[0], span[1] or dt.date.max))


def _latest(
    loaded: Loaded, index: int, known: tuple[dt.date | None, Cell], as_of: dt.date
) -> tuple[dt.date | None, Cell]:
    """What is known, or 空置起始日 of a vacant unit where that is later and has come."""
    units = loaded.get(Unit)
    written = units.column("vacant_since")[index]
    if units.column("status")[index] is not UnitStatus.VACANT or written is None:
        return known
    if written > as_of or (known[0] is not None and written < known[0]):
        return known
    return written, units.cell(index, "vacant_since")


def _gap(
    first: dt.date, until: dt.date, cells: tuple[Cell, ...], limit: int, *, going: str = ""
) -> Event:
    months, days = whole_months(first, until), (until - first).days
    end = None if going else until - dt.timedelta(days=1)
    words = f"{days} 天，整 {months} 个月{f'（{going}）' if going else ''}"
    return Event(first, end, GAP, words, cells, months >= limit)


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
