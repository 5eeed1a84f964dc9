"""Small ledgers for the tests of the rental subsidy; money in fen, days as ISO text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from zhubao.core.period import Month, Period
from zhubao.core.theme import Formats
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import (
    PaymentStatus,
    SubsidyGrant,
    SubsidyPayment,
    SubsidySignIn,
    SubsidyStatus,
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

Row = dict[str, Any]
Q2 = Period.parse("2020-Q2")
CARD = "6222021901000000016"  # passes the Luhn check
FORMATS = Formats("0", "0.00", "0.00", "yyyy-mm-dd", "@", "0.00%")
ON = dt.date(2020, 7, 20)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def month(text: str | None) -> Month | None:
    return Month.parse(text) if text else None


def grant(number: str = "B1", household: str = "H1", **more: Any) -> Row:
    """One person, 中等偏下收入, no home, rent 550: 300 yuan a month since 2019-06."""
    row: Row = {
        "grant_no": number,
        "household_no": household,
        "tier": Tier.LOWER_MIDDLE,
        "size": 1,
        "actual_rent": 55000,
        "monthly_amount": 30000,
        "approved_on": dt.date(2019, 5, 10),
        "first_month": Month.of(2019, 6),
        "payee": f"张{household}",
        "bank_account": CARD,
        "status": SubsidyStatus.IN_FORCE,
    }
    return row | more


def household(number: str = "H1", person: str = "", **more: Any) -> Row:
    row: Row = {
        "household_no": number,
        "applicant": f"张{number}",
        "identity_no": person or f"ID-{number}",
        "size": 1,
        "tier": Tier.LOWER_MIDDLE,
        "community": "甲社区",
        "status": ProtectionStatus.IN_FORCE,
    }
    return row | more


def member(number: str = "H1", person: str = "", **more: Any) -> Row:
    row: Row = {
        "household_no": number,
        "name": f"张{number}",
        "identity_no": person or f"ID-{number}",
        "relation": Relation.SELF,
    }
    return row | more


def sign(number: str = "B1", quarter: str = "2020-Q2", **more: Any) -> Row:
    row: Row = {"grant_no": number, "quarter": quarter, "signed": True}
    return row | {"signed_on": dt.date(2020, 6, 12)} | more


def payment(number: str = "FF000001", grant_no: str = "B1", **more: Any) -> Row:
    row: Row = {
        "payment_no": number,
        "grant_no": grant_no,
        "household_no": "H1",
        "quarter": "2020-Q2",
        "months": 3,
        "amount": 90000,
        "paid_on": dt.date(2020, 7, 24),
        "status": PaymentStatus.PAID,
    }
    return row | more


def lease(household_no: str = "H1", start: str = "2020-05-10", **more: Any) -> Row:
    row: Row = {
        "lease_no": f"L-{household_no}",
        "household_no": household_no,
        "unit_no": "U1",
        "starts_on": day(start),
        "ends_on": dt.date(2025, 5, 9),
        "monthly_rent": 10000,
        "status": LeaseStatus.IN_FORCE,
    }
    return row | more


def ledgers(
    grants: Sequence[Row] = (),
    signs: Sequence[Row] | None = None,
    payments: Sequence[Row] = (),
    households: Sequence[Row] | None = None,
    members: Sequence[Row] = (),
    leases: Sequence[Row] = (),
) -> Loaded:
    """Everybody signed in and registered, unless said otherwise."""
    if signs is None:
        signs = [sign(one["grant_no"]) for one in grants]
    if households is None:
        households = [household(name) for name in {one["household_no"]: 0 for one in grants}]
    return Loaded.of(
        LedgerTable.from_rows(SubsidyGrant, grants),
        LedgerTable.from_rows(SubsidySignIn, signs),
        LedgerTable.from_rows(SubsidyPayment, payments),
        LedgerTable.from_rows(Household, households),
        LedgerTable.from_rows(Member, members),
        LedgerTable.from_rows(Lease, leases),
    )
