"""Households of one year's review for the tests: complete rows, changed where a test says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from zhubao.core.theme import Formats, load_theme
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    AnnualReview,
    Household,
    Lease,
    LeaseStatus,
    Member,
    ProtectionStatus,
    Relation,
    ReviewDecision,
    Tier,
)

AS_OF = dt.date(2020, 6, 30)
LIMITS: dict[str, Any] = {
    "review": {
        "income_limits": {
            "values": [
                {
                    "valid_from": dt.date(2020, 1, 1),
                    "value": {"低收入": "1500", "中等偏下收入": "3000", "新就业": "4000"},
                    "source": "试行标准",
                }
            ]
        }
    }
}
Rows = Sequence[Mapping[str, Any]]


def household(number: str = "H1", **changes: Any) -> dict[str, Any]:
    """A household of two of lower-middle income, 在保."""
    values = {
        "household_no": number,
        "applicant": "张小明",
        "identity_no": "11010519491231002X",
        "size": 2,
        "tier": Tier.LOWER_MIDDLE,
        "street": "甲街道",
        "community": "乙社区",
        "status": ProtectionStatus.IN_FORCE,
    }
    return {**values, **changes}


def review(number: str = "H1", **changes: Any) -> dict[str, Any]:
    """A complete declaration: 4,000 yuan, two people, no home; compared, nothing found."""
    values = {
        "year": 2020,
        "household_no": number,
        "declared_income": 400_000,
        "declared_size": 2,
        "declared_area_m2": Decimal(0),
        "matched": "无异常",
        "decision": ReviewDecision.PENDING,
    }
    return {**values, **changes}


def member(number: str = "H1", **changes: Any) -> dict[str, Any]:
    """A member, by default the applicant."""
    values = {
        "household_no": number,
        "name": "张小明",
        "identity_no": "11010519491231002X",
        "relation": Relation.SELF,
    }
    return {**values, **changes}


def lease(number: str = "H1", **changes: Any) -> dict[str, Any]:
    """A lease in force."""
    values = {
        "lease_no": f"L-{number}",
        "household_no": number,
        "unit_no": f"U-{number}",
        "starts_on": dt.date(2018, 1, 1),
        "ends_on": dt.date(2022, 12, 31),
        "monthly_rent": 20_000,
        "status": LeaseStatus.IN_FORCE,
    }
    return {**values, **changes}


def ledgers(
    households: Rows = (), reviews: Rows = (), **others: tuple[type[LedgerRow], Rows]
) -> Loaded:
    """The ledgers in memory; one household with lease and declaration by default."""
    own = households or [household()]
    said = reviews or [review(str(one["household_no"])) for one in own]
    tables: dict[type[LedgerRow], Rows] = {
        Household: own,
        AnnualReview: said,
        Lease: [lease(str(one["household_no"])) for one in own],
        Member: [],
        **dict(others.values()),
    }
    return Loaded.of(*(LedgerTable.from_rows(model, rows) for model, rows in tables.items()))


@cache
def formats() -> Formats:
    """The number formats a change is built with."""
    return load_theme(Path(__file__).parent).formats
