"""Small events in memory: a queue by hand, and ledgers of a draw made without an archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhubao.allocation.selection.basis import Basis, read_basis
from zhubao.allocation.selection.queue import Candidate, Home, Queue
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
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    Household,
    Lease,
    ProtectionStatus,
    Tier,
    WaitingEntry,
    WaitingStatus,
)
from zhubao.ledger.units import Dispatch, Ownership, Unit, UnitStatus

EVENT, DAY = "YH202004", dt.date(2020, 6, 15)
AT = dt.datetime(2020, 6, 15, 9, 0)
ONE, TWO = "甲小区 一室一厅", "甲小区 两室一厅"
IDENTITY = "11010519491231002X"


def queue_of(line: str, homes: Mapping[str, int], *, direct: bool = False) -> Queue:
    """`line`: a letter per household, its stratum; as many are selected as there are units."""
    left = dict(homes)
    reserves = dict.fromkeys(homes, 0)
    candidates = []
    for rank, stratum in enumerate(line, 1):
        unit, reserve = "", 0
        if left.get(stratum, 0) > 0:
            unit = f"{stratum}-{homes[stratum] - left[stratum] + 1}" if direct else ""
            left[stratum] -= 1
        else:
            reserves[stratum] = reserve = reserves.get(stratum, 0) + 1
        who = Candidate(rank, f"E{rank}", "张小明", stratum, 2, "", reserve, unit)
        candidates.append(who)
    units = {
        f"{s}-{n}": Home(f"{s}-{n}", s) for s, count in homes.items() for n in range(1, count + 1)
    }
    return Queue(EVENT, "演示", 1, direct, tuple(candidates), units)


def event_ledgers(
    line: Sequence[str] = ("一室一厅", "两室一厅", "一室一厅", "一室一厅"),
    units: Sequence[str] = ("一室一厅", "一室一厅", "两室一厅"),
    *,
    selections: Sequence[Mapping[str, Any]] = (),
    event: Mapping[str, Any] | None = None,
    unit_changes: Mapping[int, Mapping[str, Any]] | None = None,
    **tables: Sequence[Mapping[str, Any]],
) -> Loaded:
    """Household H<n> of rank n waits as W<n>; unit U<n> stands in 1栋; selected by supply."""
    changes = unit_changes or {}
    return Loaded.of(
        LedgerTable.from_rows(DrawEvent, [{**_EVENT_ROW, **(event or {})}]),
        LedgerTable.from_rows(RosterEntry, [_entry(n, layout) for n, layout in enumerate(line, 1)]),
        LedgerTable.from_rows(DrawResult, _results(line, units)),
        LedgerTable.from_rows(Batch, [_BATCH]),
        LedgerTable.from_rows(UnitSelection, [{"event_no": EVENT, **row} for row in selections]),
        LedgerTable.from_rows(
            Unit, [{**_unit(n, layout), **changes.get(n, {})} for n, layout in enumerate(units, 1)]
        ),
        LedgerTable.from_rows(Dispatch, tables.get("dispatches", ())),
        LedgerTable.from_rows(Lease, tables.get("leases", ())),
        LedgerTable.from_rows(
            Household, tables.get("households", [_household(n) for n in range(1, len(line) + 1)])
        ),
        LedgerTable.from_rows(
            WaitingEntry, tables.get("waiting", [_waiting(n) for n in range(1, len(line) + 1)])
        ),
        LedgerTable.from_rows(SubsidyGrant, tables.get("grants", ())),
    )


def basis_of(loaded: Loaded, root: Path = Path("/nowhere")) -> Basis:
    return read_basis(loaded, root, EVENT, DAY)


def chosen(n: int, unit: int, number: int, **more: Any) -> dict[str, Any]:
    """Household n chose unit U<unit>."""
    row = {"selection_no": f"XF202004{number:05d}", "entrant_no": f"E{n}", "unit_no": f"U{unit}"}
    return {**row, "action": SelectionAction.CHOSEN, "selected_at": AT, **more}


_EVENT_ROW = {
    "event_no": EVENT,
    "draw_no": 1,
    "name": "甲小区摇号选房",
    "purpose": DrawPurpose.PUBLIC_RENTAL,
    "mode": DrawMode.ORDER,
    "estate": "甲小区",
    "status": DrawStatus.DRAWN,
}
_BATCH = {
    "batch_no": "P1",
    "stage": Stage.SELECT,
    "event_no": EVENT,
    "first_order": 1,
    "last_order": 2,
    "starts_at": AT,
    "ends_at": AT,
}


def _entry(n: int, layout: str) -> dict[str, Any]:
    return {
        "event_no": EVENT,
        "entrant_no": f"E{n}",
        "household_no": f"H{n}",
        "waiting_no": f"W{n}",
        "applicant": "张小明",
        "identity_no": IDENTITY,
        "size": 2,
        "layout": layout,
        "status": RosterStatus.FROZEN,
    }


def _results(line: Sequence[str], units: Sequence[str]) -> list[dict[str, Any]]:
    left = {layout: list(units).count(layout) for layout in set(line)}
    rows = []
    for n, layout in enumerate(line, 1):
        selected = left[layout] > 0
        left[layout] -= 1
        rows.append(
            {
                "event_no": EVENT,
                "draw_no": 1,
                "entrant_no": f"E{n}",
                "household_no": f"H{n}",
                "layout": layout,
                "rank": n,
                "outcome": DrawOutcome.SELECTED if selected else DrawOutcome.RESERVE,
                "reserve_rank": None if selected else -left[layout],
            }
        )
    return rows


def _unit(n: int, layout: str) -> dict[str, Any]:
    return {
        "unit_no": f"U{n}",
        "estate": "甲小区",
        "building": "1栋",
        "entrance": "2单元",
        "room": f"010{n}",
        "ownership": Ownership.CITY,
        "layout": layout,
        "billed_area_m2": Decimal(40),
        "location_grade": "二级",
        "has_lift": False,
        "status": UnitStatus.VACANT,
        "vacant_since": dt.date(2020, 5, 1),
    }


def _household(n: int) -> dict[str, Any]:
    return {
        "household_no": f"H{n}",
        "applicant": "张小明",
        "identity_no": IDENTITY,
        "size": 2,
        "tier": Tier.LOW_INCOME,
        "status": ProtectionStatus.IN_FORCE,
    }


def _waiting(n: int) -> dict[str, Any]:
    return {
        "waiting_no": f"W{n}",
        "household_no": f"H{n}",
        "approved_on": dt.date(2018, 1, 1),
        "status": WaitingStatus.WAITING,
    }
