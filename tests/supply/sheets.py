"""Small ledgers in memory, and the moves of 房源调配 carried out on them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhubao.ledger.allocation import DrawEvent, SelectionAction, UnitSelection
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.ledger.units import (
    Developer,
    Dispatch,
    DispatchType,
    Ownership,
    PipelineProject,
    SupplyBatch,
    SupplyChannel,
    Unit,
    UnitStatus,
)
from zhubao.supply.dispatch_moves import Moves

Rows = dict[type[Any], list[dict[str, Any]]]
MODELS = (Unit, SupplyBatch, Dispatch, Lease, DrawEvent, UnitSelection, Developer, PipelineProject)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def loaded(rows: Rows) -> Loaded:
    return Loaded.of(*(LedgerTable.from_rows(model, rows.get(model, [])) for model in MODELS))


def unit(number: str, status: UnitStatus = UnitStatus.VACANT, **fields: Any) -> dict[str, Any]:
    return {
        "unit_no": number,
        "estate": "甲小区",
        "building": "1栋",
        "room": number,
        "ownership": Ownership.CITY,
        "layout": "一室一厅",
        "billed_area_m2": Decimal(40),
        "location_grade": "二级",
        "has_lift": False,
        "status": status,
        "delivered_on": day("2015-01-01"),
        **fields,
    }


def batch(number: str, count: int, raised: str = "2020-01-01", **fields: Any) -> dict[str, Any]:
    return {
        "batch_no": number,
        "channel": SupplyChannel.GROUP_PURCHASE,
        "unit_count": count,
        "raised_on": day(raised),
        **fields,
    }


def slip(number: str, **fields: Any) -> dict[str, Any]:
    return {
        "dispatch_no": number,
        "project": "外滩项目",
        "housing_type": DispatchType.COMMERCIAL,
        "unit_count": 1,
        **fields,
    }


def lease(
    number: str, unit_no: str, start: str, end: str, left: str | None = None, **fields: Any
) -> dict[str, Any]:
    return {
        "lease_no": number,
        "household_no": f"J{number}",
        "unit_no": unit_no,
        "starts_on": day(start),
        "ends_on": day(end),
        "monthly_rent": 10000,
        "terminated_on": day(left) if left else None,
        "status": LeaseStatus.TERMINATED if left else LeaseStatus.IN_FORCE,
        **fields,
    }


def chosen(number: str, unit_no: str | None, **fields: Any) -> dict[str, Any]:
    return {
        "selection_no": number,
        "event_no": "YH1",
        "entrant_no": "E1",
        "action": SelectionAction.CHOSEN,
        "unit_no": unit_no,
        "selected_at": dt.datetime(2020, 5, 1, 9, 0),
        **fields,
    }


def carried_out(rows: Rows, moves: Moves) -> Rows:
    """The sheets after the moves."""
    after: Rows = {model: [dict(row) for row in records] for model, records in rows.items()}
    for put in moves.puts:
        after[put.model][put.index][put.field] = put.value
    after.setdefault(Dispatch, []).extend(dict(row) for row in moves.rows)
    return after
