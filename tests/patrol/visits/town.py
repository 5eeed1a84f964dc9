"""A small town in memory: a unit and a lease per household, visits and key households as told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import (
    Campaign,
    CampaignStatus,
    KeyHousehold,
    KeyHouseholdKind,
    PatrolKind,
    PatrolVisit,
)
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    Household,
    Lease,
    LeaseStatus,
    Member,
    ProtectionStatus,
    Relation,
    Tier,
)
from zhubao.ledger.units import Ownership, Unit, UnitStatus

Rows = list[dict[str, Any]]
IN_FORCE = ProtectionStatus.IN_FORCE


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def home(number: str, **fields: Any) -> dict[str, dict[str, Any]]:
    """A household, its unit and lease; fields go to the row that has them, `row__field` decides."""
    building, door = fields.pop("at", ("1栋", f"0{number[-1]}01"))
    unit = f"U{number}"
    rows: dict[str, dict[str, Any]] = {
        "household": {
            "household_no": number,
            "applicant": f"王大{number[-1]}",
            "identity_no": "430199194001010001",
            "phone": f"1380000000{number[-1]}",
            "size": 1,
            "tier": Tier.LOW_INCOME,
            "status": IN_FORCE,
        },
        "unit": {
            "unit_no": unit,
            "estate": "甲小区",
            "building": building,
            "entrance": "1单元",
            "room": door,
            "ownership": Ownership.CITY,
            "billed_area_m2": Decimal(40),
            "location_grade": "二级",
            "has_lift": False,
            "status": UnitStatus.OCCUPIED,
        },
        "lease": {
            "lease_no": f"L{number}",
            "household_no": number,
            "unit_no": unit,
            "starts_on": day("2018-01-01"),
            "ends_on": day("2022-12-31"),
            "monthly_rent": 10000,
            "status": LeaseStatus.IN_FORCE,
        },
    }
    for name, value in fields.items():
        part, _, field = name.partition("__")
        rows[part][field] = value
    return rows


def visit(household: str, on: str, **fields: Any) -> dict[str, Any]:
    return {
        "household_no": household,
        "visited_on": day(on),
        "kind": PatrolKind.ROUTINE,
        **fields,
    }


def key(household: str, **fields: Any) -> dict[str, Any]:
    return {
        "household_no": household,
        "kind": KeyHouseholdKind.ILL,
        "listed_on": day("2019-01-01"),
        **fields,
    }


def town(
    homes: list[dict[str, dict[str, Any]]],
    visits: Rows | None = None,
    keys: Rows | None = None,
    members: Rows | None = None,
) -> Loaded:
    """The ledgers; visits without a number are XC000001 on."""
    numbered = [{"visit_no": f"XC{n:06d}", **row} for n, row in enumerate(visits or [], 1)]
    campaign = {
        "campaign_no": "ZZ001",
        "estate": "甲小区",
        "subject": "转租转借",
        "started_on": day("2020-02-01"),
        "status": CampaignStatus.RUNNING,
    }
    people = [{"relation": Relation.SELF, "identity_no": "1", **row} for row in members or []]
    return Loaded.of(
        LedgerTable.from_rows(Household, [one["household"] for one in homes]),
        LedgerTable.from_rows(Unit, [one["unit"] for one in homes]),
        LedgerTable.from_rows(Lease, [one["lease"] for one in homes]),
        LedgerTable.from_rows(PatrolVisit, numbered),
        LedgerTable.from_rows(KeyHousehold, keys or []),
        LedgerTable.from_rows(Member, people),
        LedgerTable.from_rows(Campaign, [campaign]),
    )
