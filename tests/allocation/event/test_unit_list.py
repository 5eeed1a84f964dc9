"""Which units are drawn for, from the ledger and from a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.allocation.event.freeze_ledgers import event, ledgers, unit
from zhubao.allocation.event.frozen import Frozen
from zhubao.allocation.event.record import EventRow, event_row
from zhubao.allocation.event.strata import Strata, one_spelling, spelt_like
from zhubao.allocation.event.unit_list import (
    UNIT_FILE_SPECS,
    UnitList,
    open_unit_lists,
    place_text,
    units_of_file,
    units_of_ledger,
)
from zhubao.core.errors import UsageError
from zhubao.excel.sheet import RawSheet
from zhubao.excel.table import read_table
from zhubao.ledger.allocation import DrawStatus, SelectionAction
from zhubao.ledger.units import DispatchStatus, DispatchType, UnitStatus

_OTHER = {"event_no": "YH2", "status": DrawStatus.SELECTING}


def _listed(held: dict[str, str] | None = None, **tables: Any) -> UnitList:
    loaded = ledgers(**tables)
    return units_of_ledger(loaded, event_row(loaded, "YH1"), Strata.ESTATE_LAYOUT, held or {})


def _numbers(found: UnitList) -> list[str]:
    return [one.unit_no for one in found.units]


def test_only_vacant_units_of_the_estate_are_drawn_for() -> None:
    others = [unit(2, status=UnitStatus.RESERVED), unit(3, estate="乙小区")]
    assert _numbers(_listed(units=[unit(1), *others])) == ["U1"]


def test_a_unit_held_by_a_dispatch_is_left_out_until_it_is_given_back() -> None:
    def dispatch(number: int, **values: Any) -> dict[str, Any]:
        kind = {"housing_type": DispatchType.PUBLIC_RENTAL, "unit_count": 1}
        return (
            {"dispatch_no": f"D{number}", "project": "P", "unit_no": f"U{number}"} | kind | values
        )

    rows = [
        dispatch(1),
        dispatch(2, status=DispatchStatus.RETURNED),
        dispatch(3, status=DispatchStatus.FROZEN),
    ]
    found = _listed(dispatch=rows)
    assert _numbers(found) == ["U2"]
    assert [one.reason for one in found.left_out] == [
        "已调配（调配编号 D1）",
        "已冻结待调配（调配编号 D3）",
    ]


def test_what_another_open_event_promises_or_chose_is_left_out() -> None:
    at = dt.datetime(2020, 5, 1, 9)

    def choice(number: int, action: SelectionAction, who: str = "A") -> dict[str, Any]:
        row = {"selection_no": f"X{number}", "event_no": "YH2", "entrant_no": who}
        return row | {"action": action, "unit_no": f"U{number}", "selected_at": at}

    rows = [
        choice(1, SelectionAction.CHOSEN),
        choice(2, SelectionAction.CHOSEN, "B"),
        choice(2, SelectionAction.WITHDRAWN, "B"),
    ]
    found = _listed({"U3": "YH2"}, events=[event(), event(**_OTHER)], selection=rows)
    assert _numbers(found) == ["U2"]
    finished = event(**{**_OTHER, "status": DrawStatus.FINISHED})
    assert _numbers(_listed(events=[event(), finished], selection=rows)) == ["U1", "U2", "U3"]


def test_only_open_events_with_a_freeze_are_asked_for_their_list() -> None:
    rows = [event(), event(**_OTHER), event(event_no="YH3", status=DrawStatus.FINISHED)]

    def never(row: EventRow) -> Frozen:
        raise AssertionError(row)

    assert open_unit_lists(ledgers(events=rows), "YH1", never) == {}


def test_a_unit_without_layout_stops_the_freeze() -> None:
    assert [one.code for one in _listed(units=[unit(1, layout=None)]).stopping] == ["AL-212"]


def test_an_event_without_estate_needs_a_file() -> None:
    with pytest.raises(UsageError, match="没有写小区"):
        _listed(events=[event(estate=None)])


def test_a_file_of_units_is_read_with_its_faults() -> None:
    rows: list[list[Any]] = [
        ["安置房源一览", "", "", "", ""],
        ["房屋编号", "栋号", "房号", "房型", "建筑面积"],
        ["A1", "3", "301", "两室一厅", 88.5],
        ["A1", "3", "302", "两室一厅", 88.5],
        ["A3", "3", "303", "", 90],
        ["U1", "3", "304", "两室一厅", 90],
    ]
    table = read_table(RawSheet("安置.xlsx", "房源", rows), UNIT_FILE_SPECS)
    assert table is not None
    loaded = ledgers(units=[unit(1, status=UnitStatus.OCCUPIED)])
    row = event_row(loaded, "YH1")
    found = units_of_file([table], loaded, row, Strata.ESTATE_LAYOUT, {})
    assert [(one.unit_no, one.place, one.area) for one in found.units] == [
        ("A1", "甲小区3栋301", "88.5")
    ]
    assert [(one.code, str(one.where)) for one in found.stopping] == [
        ("AL-215", "安置.xlsx!房源!A4"),
        ("AL-212", "安置.xlsx!房源!A5"),
    ]
    assert [one.reason for one in found.left_out] == ["房源台账里是“在租”"]


def test_spellings_of_layouts() -> None:
    spelling = one_spelling(["两室一厅", "2室1厅", "两室一厅", "两室两厅"])
    assert spelling == {"两室一厅": "两室一厅", "2室1厅": "两室一厅", "两室两厅": "两室两厅"}
    offered = ("一室一厅", "两室一厅", "两室两厅")
    assert spelt_like("二房一厅", offered) == "两室一厅"
    assert spelt_like("一居室", offered) == "一室一厅"
    assert spelt_like("两居室", offered) == "两居室"  # could be either
    assert place_text("甲小区", "1号楼", None, "301室") == "甲小区1号楼301室"
