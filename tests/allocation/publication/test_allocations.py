"""Allocations of a period and the account of the waiting list, to the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhubao.allocation.publication.allocations import Allocations, compute_allocations
from zhubao.allocation.publication.allocations_report import allocations_report
from zhubao.allocation.publication.waiting_flow import Fate, Origin, WaitingFlow, compute_flow
from zhubao.core.period import Period
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
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import WaitingEntry, WaitingStatus
from zhubao.ledger.units import Unit

HALF = Period.parse("2020-H1")
DRAWN = dt.datetime(2020, 2, 9, 9, 30)
CHOSEN, ABANDONED = SelectionAction.CHOSEN, SelectionAction.ABANDONED
HOUSED, ABANDONED_LIST = WaitingStatus.HOUSED, WaitingStatus.ABANDONED
Row = dict[str, Any]


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def event(number: str = "YH1", drawn_at: dt.datetime | None = DRAWN, **values: Any) -> Row:
    row = {
        "event_no": number,
        "draw_no": 1,
        "name": f"{number}摇号",
        "purpose": DrawPurpose.PUBLIC_RENTAL,
        "mode": DrawMode.ORDER,
        "drawn_at": drawn_at,
        "status": DrawStatus.FINISHED,
    }
    return row | values


def choice(
    who: int, action: SelectionAction = CHOSEN, signed: str | None = None, **more: Any
) -> Row:
    row = {
        "selection_no": f"XF{who}{action}{more.get('selected_at')}",
        "event_no": "YH1",
        "entrant_no": f"E{who}",
        "household_no": f"JT{who}",
        "action": action,
        "selected_at": dt.datetime(2020, 2, 10, 9),
        "signed_on": day(signed),
        "unit_no": f"U{who}" if action is CHOSEN else None,
        "people": 2 if signed else None,
    }
    return row | more


def waiting(who: int, approved: str, closed: str | None, status: WaitingStatus) -> Row:
    return {
        "waiting_no": f"LH{who}",
        "household_no": f"JT{who}",
        "approved_on": day(approved),
        "closed_on": day(closed),
        "status": status,
    }


def ledgers(events: list[Row], choices: list[Row], entries: list[Row] | None = None) -> Loaded:
    results, roster = [], []
    for one in events:
        for who in range(1, 7):
            key = {"event_no": one["event_no"], "entrant_no": f"E{who}"}
            outcome = DrawOutcome.SELECTED if who < 5 else DrawOutcome.RESERVE
            results.append({**key, "draw_no": one["draw_no"], "rank": who, "outcome": outcome})
            roster.append({**key, "waiting_no": f"LH{who}", "applicant": "甲乙", "size": 3})
            roster[-1] |= {"identity_no": "11010519491231002X", "status": RosterStatus.FROZEN}
    units = [{"unit_no": f"U{n}", "estate": "粟塘小区", "layout": "一室一厅"} for n in (1, 2, 3)]
    return Loaded.of(
        LedgerTable.from_rows(DrawEvent, events),
        LedgerTable.from_rows(DrawResult, results),
        LedgerTable.from_rows(RosterEntry, roster),
        LedgerTable.from_rows(UnitSelection, choices),
        LedgerTable.from_rows(WaitingEntry, entries or []),
        LedgerTable.from_rows(Unit, units),
    )


def computed(loaded: Loaded, period: Period = HALF) -> tuple[Allocations, WaitingFlow]:
    found = compute_allocations(loaded, period)
    return found, compute_flow(loaded, found)


def test_signed_in_the_period_is_allocated_whenever_it_was_drawn_or_chosen() -> None:
    loaded = ledgers(
        [event()],
        [
            choice(1, signed="2020-01-01"),
            choice(2, signed="2020-06-30"),
            choice(3, signed="2020-07-01"),
            choice(4, ABANDONED, abandon_reason="不满意"),
        ],
    )
    (figures,) = computed(loaded)[0].events
    assert (figures.entrants, figures.selected) == (6, 4)
    assert (figures.chosen, figures.abandoned) == (3, 1)
    assert (len(figures.allocated), figures.people) == (2, 4)
    (later,) = computed(loaded, Period.parse("2020-H2"))[0].events
    assert (later.entrants, later.selected, later.chosen) == (0, 0, 0)
    assert [one.household_no for one in later.allocated] == ["JT3"]
    assert [str(cell) for cell in later.sources] == [
        "allocation.xlsx!摇号活动!A2",
        "allocation.xlsx!选房!A4",
    ]
    assert computed(loaded, Period.parse("2021"))[0].events == ()


def test_what_was_withdrawn_or_changed_counts_once_as_it_stands_in_the_end() -> None:
    later = dt.datetime(2020, 2, 11, 9)
    loaded = ledgers(
        [event()],
        [
            choice(1, ABANDONED),
            choice(1, signed="2020-03-01", selected_at=later),
            choice(2, signed="2020-03-01"),
            choice(2, SelectionAction.WITHDRAWN, selected_at=later),
        ],
    )
    (figures,) = computed(loaded)[0].events
    assert (figures.chosen, figures.abandoned, len(figures.allocated)) == (1, 0, 1)


def test_people_come_from_the_roster_when_nobody_wrote_them_down() -> None:
    stranger = choice(9, signed="2020-03-01", people=None)
    loaded = ledgers([event()], [choice(1, signed="2020-03-01", people=None), stranger])
    found, _ = computed(loaded)
    assert sorted(one.people for one in found.allocated) == [0, 3]
    assert [(str(one.where), one.code) for one in found.findings] == [
        ("allocation.xlsx!选房!J2", "AL-622"),
        ("allocation.xlsx!选房!J3", "AL-622"),
    ]
    assert {one.estate for one in found.allocated} == {"粟塘小区", "（房源台账里没有）"}


def test_resettlement_is_told_apart_and_a_void_draw_gives_way() -> None:
    taken = event("ZS1", purpose=DrawPurpose.RESETTLEMENT)
    void = event(status=DrawStatus.VOID)
    again = event(draw_no=2, drawn_at=dt.datetime(2020, 2, 9, 15))
    signed = choice(1, signed="2020-03-01", selected_at=dt.datetime(2020, 2, 10))
    other = choice(2, signed="2020-03-01", event_no="ZS1")
    loaded = ledgers([taken, void, again], [signed, other])
    found, flow = computed(loaded)
    assert [(one.row.event_no, one.row.draw_no) for one in found.events] == [("ZS1", 1), ("YH1", 2)]
    assert [one.household_no for one in found.allocated] == ["JT1"]
    report = allocations_report(found, flow, bureau="示范局")
    assert report.facts["allocated_households"] == 1
    assert [row.values[0] for row in report.table("resettlement").rows] == ["ZS1"]


def test_the_waiting_list_is_proved_and_every_approval_has_its_place() -> None:
    entries = [
        waiting(1, "2019-05-01", "2020-03-01", HOUSED),
        waiting(2, "2019-12-31", "2020-01-01", ABANDONED_LIST),
        waiting(3, "2020-01-01", None, WaitingStatus.WAITING),
        waiting(4, "2020-02-09", "2020-07-01", HOUSED),  # still waiting at the end
        waiting(5, "2018-01-01", "2019-12-31", HOUSED),  # gone before
        waiting(6, "2020-07-01", None, WaitingStatus.WAITING),  # not there yet
        waiting(7, "2020-01-05", None, WaitingStatus.PENDING),
    ]
    found, flow = computed(ledgers([event()], [choice(1, signed="2020-03-01")], entries))
    assert (flow.opening, flow.approved, flow.closing, flow.pending) == (2, 2, 2, 1)
    assert (flow.count(fates=[Fate.HOUSED]), flow.count(fates=[Fate.LEFT])) == (1, 1)
    assert flow.is_proved
    assert (flow.count([Origin.EARLY]), flow.count([Origin.LATER])) == (1, 1)
    assert flow.findings == ()
    report = allocations_report(found, flow, bureau="示范局")
    assert report.table("waiting").notes == ("验算：2 ＋ 2 － 1 － 1 ＝ 2",)
    assert report.table("entrants").rows[0].values[2:] == (6, 2, 1, 1, 2)
    for row in report.table("waiting").rows:
        assert len(row.sources) == row.values[1]


@pytest.mark.parametrize(
    ("entry", "where", "code"),
    [
        ((1, "2020-01-02", None, WaitingStatus.WAITING), "allocation.xlsx!选房!A2", "AL-620"),
        ((8, "2020-01-02", "2020-03-01", HOUSED), "tenants.xlsx!轮候册!A2", "AL-621"),
        ((8, "2020-01-02", None, HOUSED), "tenants.xlsx!轮候册!I2", "AL-623"),
        ((8, "2020-03-02", "2020-03-01", ABANDONED_LIST), "tenants.xlsx!轮候册!I2", "AL-624"),
    ],
)
def test_where_list_and_leases_disagree_is_named(
    entry: tuple[Any, ...], where: str, code: str
) -> None:
    loaded = ledgers([event()], [choice(1, signed="2020-03-01")], [waiting(*entry)])
    _, flow = computed(loaded)
    assert (where, code) in [(str(one.where), one.code) for one in flow.findings]
    assert flow.is_proved


def test_a_bureau_without_waiting_list_or_draws_gets_an_empty_report() -> None:
    found, flow = computed(ledgers([], []))
    report = allocations_report(found, flow, bureau="示范局")
    assert (found.events, flow.findings, flow.is_proved) == ((), (), True)
    assert report.table("events").totals == ("合计", None, None, 0, 0, 0, 0, 0, 0)
