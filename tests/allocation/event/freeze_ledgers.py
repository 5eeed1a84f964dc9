"""A small event in memory: five households, three vacant units, and the ledgers behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from zhubao.allocation.draw.texts import EntropySource
from zhubao.allocation.event.freeze import Freeze, FreezeOrder, compute_freeze
from zhubao.allocation.event.record import event_row
from zhubao.allocation.event.strata import Strata
from zhubao.allocation.event.unit_list import units_of_ledger
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawMode,
    DrawPurpose,
    DrawStatus,
    RosterEntry,
    RosterStatus,
    UnitSelection,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    Household,
    Member,
    ProtectionStatus,
    Relation,
    Tier,
    WaitingEntry,
    WaitingStatus,
)
from zhubao.ledger.units import Dispatch, Ownership, Unit, UnitStatus

Row = dict[str, Any]
AT = dt.datetime(2020, 5, 12, 9, 30)
BALLS = (EntropySource("现场摇球", 6, 2),)
IDENTITIES = (
    "11010519491231002X",
    "440524188001010014",
    "430102196301011236",
    "43010219750202234X",
    "430102198803033450",
)


def event(**values: Any) -> Row:
    """An event under preparation."""
    return {
        "event_no": "YH1",
        "draw_no": 1,
        "name": "甲小区摇号",
        "purpose": DrawPurpose.PUBLIC_RENTAL,
        "mode": DrawMode.ORDER,
        "estate": "甲小区",
        "registration_ends_on": dt.date(2020, 5, 11),
        "status": DrawStatus.PREPARING,
        **values,
    }


def entry(number: int, **values: Any) -> Row:
    """The roster row of household `number`, counted from 0."""
    return {
        "event_no": "YH1",
        "entrant_no": f"E{number}",
        "household_no": f"H{number}",
        "waiting_no": f"W{number}",
        "applicant": f"张小{'甲乙丙丁戊'[number]}",
        "identity_no": IDENTITIES[number],
        "size": 2,
        "layout": "一室一厅",
        "registered_at": dt.datetime(2020, 5, 1 + number, 9),
        "status": RosterStatus.REGISTERED,
        **values,
    }


def unit(number: int, **values: Any) -> Row:
    """A vacant unit of the estate."""
    return {
        "unit_no": f"U{number}",
        "estate": "甲小区",
        "building": "1",
        "entrance": "2",
        "room": f"{number}01",
        "ownership": Ownership.CITY,
        "layout": "一室一厅",
        "billed_area_m2": Decimal("50.50"),
        "location_grade": "一级",
        "has_lift": True,
        "status": UnitStatus.VACANT,
        **values,
    }


def ledgers(
    entries: Sequence[Row] | None = None,
    *,
    events: Sequence[Row] | None = None,
    units: Sequence[Row] | None = None,
    **more: Sequence[Row],
) -> Loaded:
    """The tables; `more`: rows of household, member, waiting, dispatch or selection, by name."""
    numbers = range(len(IDENTITIES))
    tables: dict[Any, Sequence[Row]] = {
        DrawEvent: [event()] if events is None else events,
        RosterEntry: [entry(n) for n in numbers] if entries is None else entries,
        Unit: [unit(n) for n in (1, 2, 3)] if units is None else units,
        Household: more.get("household", [home(n) for n in numbers]),
        Member: more.get("member", [member(n) for n in numbers]),
        WaitingEntry: more.get("waiting", [waiting(n) for n in numbers]),
        Dispatch: more.get("dispatch", []),
        UnitSelection: more.get("selection", []),
    }
    return Loaded.of(*(LedgerTable.from_rows(model, rows) for model, rows in tables.items()))


def home(number: int, **values: Any) -> Row:
    """A protected household of two."""
    return {
        "household_no": f"H{number}",
        "applicant": f"张小{'甲乙丙丁戊'[number]}",
        "identity_no": IDENTITIES[number],
        "size": 2,
        "tier": Tier.LOW_INCOME,
        "status": ProtectionStatus.IN_FORCE,
        **values,
    }


def member(number: int, **values: Any) -> Row:
    """The applicant as a member."""
    return {
        "household_no": f"H{number}",
        "name": f"张小{'甲乙丙丁戊'[number]}",
        "identity_no": IDENTITIES[number],
        "relation": Relation.SELF,
        **values,
    }


def waiting(number: int, **values: Any) -> Row:
    """A registration that waits."""
    return {
        "waiting_no": f"W{number}",
        "household_no": f"H{number}",
        "approved_on": dt.date(2019, 1, 1),
        "status": WaitingStatus.WAITING,
        **values,
    }


def salts() -> Callable[[], str]:
    """Salts that come out the same every time."""
    numbers = count(1)
    return lambda: f"{next(numbers):032x}"


def freeze(
    loaded: Loaded, strata: Strata = Strata.ESTATE_LAYOUT, held: Mapping[str, str] | None = None,
    **order: Any,
) -> Freeze:  # fmt: skip
    """The freeze of YH1 at the usual moment, with the usual balls."""
    row = event_row(loaded, "YH1")
    wanted = FreezeOrder(
        **{"at": AT, "as_of": AT.date(), "sources": BALLS, "strata": strata, **order}
    )
    units = units_of_ledger(loaded, row, strata, held or {})
    return compute_freeze(loaded, row, wanted, units, salts())
