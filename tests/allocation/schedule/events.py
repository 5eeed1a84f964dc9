"""Small events in memory: one row per household, drawn in the order given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from zhubao.allocation.event.record import event_row
from zhubao.allocation.schedule.households import read_choosers
from zhubao.allocation.schedule.order_words import make_order, usual_order
from zhubao.allocation.schedule.people import NeedRule, ledger_people
from zhubao.allocation.schedule.planning import plan_schedule
from zhubao.allocation.schedule.timetable import Schedule
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.allocation import (
    Batch,
    DrawEvent,
    DrawMode,
    DrawOutcome,
    DrawPurpose,
    DrawResult,
    DrawStatus,
    RosterEntry,
    RosterStatus,
    SelectionAction,
    Stage,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Member

EVENT, OTHER = "YH202007", "YH202006"
AS_OF = dt.date(2020, 6, 30)
ONE, TWO = "一室一厅", "两室一厅"
Entry = tuple[str, bool]  # layout, in need
Row = Mapping[str, Any]


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def events(
    entries: Sequence[Entry],
    *,
    reserve: int = 0,
    batches: Sequence[Row] = (),
    results: Sequence[Row] = (),
    selections: Sequence[Row] = (),
    members: Sequence[Row] = (),
    mode: DrawMode = DrawMode.ORDER,
    changed: Mapping[int, Row] | None = None,
) -> Loaded:
    """The tables of a draw; the last `reserve` entries are in reserve. `changed`: by rank."""
    selected = len(entries) - reserve
    numbers = range(1, len(entries) + 1)
    drawn = [
        {
            **_result(number, layout),
            "outcome": DrawOutcome.SELECTED if number <= selected else DrawOutcome.RESERVE,
            "reserve_rank": None if number <= selected else number - selected,
            **(changed or {}).get(number, {}),
        }
        for number, (layout, _) in zip(numbers, entries, strict=True)
    ]
    homes = [
        _home(number, "残疾" if in_need else None)
        for number, (_, in_need) in zip(numbers, entries, strict=True)
    ]
    return Loaded.of(
        LedgerTable.from_rows(DrawEvent, [_event(mode)]),
        LedgerTable.from_rows(RosterEntry, [_entrant(number) for number in numbers]),
        LedgerTable.from_rows(DrawResult, [*drawn, *results]),
        LedgerTable.from_rows(Batch, batches),
        LedgerTable.from_rows(UnitSelection, selections),
        LedgerTable.from_rows(Household, homes),
        LedgerTable.from_rows(Member, members),
    )


def planned(
    loaded: Loaded,
    values: Mapping[str, Any] | None = None,
    *,
    as_of: dt.date = AS_OF,
    calendar: WorkCalendar | None = None,
    **more: Any,
) -> Schedule:
    """The timetable for what the clerk writes; from 6 July 2020, one room of ten."""
    event = event_row(loaded, EVENT).row
    given = {"from": "2020-07-06", "rooms": "1号厅:10", **(values or {}), **more}
    order = make_order(given, usual_order(event, AS_OF))
    people = ledger_people(loaded, EVENT, NeedRule.load(order.first_day))
    drawing = read_choosers(loaded, event, people)
    return plan_schedule(loaded, event, order, drawing, as_of=as_of, calendar=calendar)


def batch(event: str, number: str, start: str, end: str, **more: Any) -> Row:
    return {
        "batch_no": number,
        "stage": Stage.SELECT,
        "event_no": event,
        "starts_at": moment(start),
        "ends_at": moment(end),
        "place": "政务中心",
        "room": "1号厅",
        **more,
    }


def other_result(household: int, batch_no: str) -> Row:
    """The same household drawn in another event."""
    return {
        "event_no": OTHER,
        "draw_no": 1,
        "entrant_no": f"F{household}",
        "household_no": f"JT{household}",
        "rank": household,
        "outcome": DrawOutcome.SELECTED,
        "batch_no": batch_no,
    }


def selection(number: int, action: SelectionAction, at: str) -> Row:
    return {
        "selection_no": f"XF{number}",
        "event_no": EVENT,
        "entrant_no": f"E{number}",
        "action": action,
        "selected_at": moment(at),
    }


def codes(made: Schedule) -> list[str]:
    return [one.code for one in made.findings]


def _event(mode: DrawMode) -> Row:
    return {
        "event_no": EVENT,
        "draw_no": 1,
        "name": "粟塘小区摇号",
        "purpose": DrawPurpose.PUBLIC_RENTAL,
        "mode": mode,
        "place": "政务中心",
        "status": DrawStatus.DRAWN,
    }


def _entrant(number: int) -> Row:
    return {
        "event_no": EVENT,
        "entrant_no": f"E{number}",
        "household_no": f"JT{number}",
        "applicant": "张小明",
        "identity_no": f"ID{number}",
        "size": 2,
        "estate": "粟塘小区",
        "status": RosterStatus.FROZEN,
    }


def _result(number: int, layout: str) -> Row:
    return {
        "event_no": EVENT,
        "draw_no": 1,
        "entrant_no": f"E{number}",
        "household_no": f"JT{number}",
        "receipt_no": f"{number:032x}",
        "layout": layout,
        "rank": number,
    }


def _home(number: int, hardship: str | None) -> Row:
    return {
        "household_no": f"JT{number}",
        "applicant": "张小明",
        "identity_no": f"ID{number}",
        "size": 2,
        "hardship": hardship,
    }
