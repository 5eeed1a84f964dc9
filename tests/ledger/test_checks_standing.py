"""Which leases and households are in force on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhubao.ledger.checks.standing import exited_households, households_in_force, live_leases
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, ProtectionStatus, Tier

LEASE = {
    "lease_no": "L1",
    "starts_on": dt.date(2019, 1, 1),
    "ends_on": dt.date(2020, 12, 31),
    "status": LeaseStatus.IN_FORCE,
}
LEFT = {"status": LeaseStatus.TERMINATED, "terminated_on": dt.date(2020, 3, 31)}


@pytest.mark.parametrize(
    ("row", "as_of", "live"),
    [
        ({}, "2020-06-30", True),
        ({}, "2018-12-31", False),
        ({}, "2021-06-30", True),  # past its term, nobody has left
        (LEFT, "2020-03-30", True),
        (LEFT, "2020-03-31", False),
        ({"status": LeaseStatus.TERMINATED}, "2020-06-30", False),
        ({"status": LeaseStatus.EXPIRED}, "2020-12-31", True),
        ({"status": LeaseStatus.EXPIRED}, "2021-01-01", False),
        ({"starts_on": None}, "2020-06-30", False),
    ],
)
def test_a_lease_is_live_from_its_start_until_the_tenant_leaves(
    row: dict[str, Any], as_of: str, live: bool
) -> None:
    table = LedgerTable.from_rows(Lease, [{**LEASE, **row}])
    assert live_leases(table, dt.date.fromisoformat(as_of)) == ([0] if live else [])


def test_a_household_is_in_force_until_its_exit() -> None:
    common = {"tier": Tier.LOW_INCOME, "size": 1}
    gone = {**common, "status": ProtectionStatus.EXITED}
    rows = [
        {**common, "household_no": "A", "status": ProtectionStatus.IN_FORCE},
        {**common, "household_no": "B", "status": ProtectionStatus.SUSPENDED},
        {**gone, "household_no": "C", "exited_on": dt.date(2020, 3, 1)},
        {**gone, "household_no": "D", "exited_on": None},
    ]
    table = LedgerTable.from_rows(Household, rows)
    assert list(households_in_force(table, dt.date(2020, 2, 29))) == ["A", "B", "C"]
    assert list(households_in_force(table, dt.date(2020, 3, 1))) == ["A", "B"]
    assert list(exited_households(table, dt.date(2020, 3, 1))) == ["C", "D"]
