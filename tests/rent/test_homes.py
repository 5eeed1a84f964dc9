"""Which lease counts, which estate follows, which charges stand on no lease."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import LeaseStatus
from zhubao.rent.arrears import compute_arrears
from zhubao.rent.exceptions import ExceptionKind

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)
ESTATES = {"U1": "甲小区", "U2": "乙小区"}


def test_the_live_lease_gives_estate_and_rent(make_loaded: Make, make_lease: Any) -> None:
    """L1 ended in May, L2 runs, L3 begins in August."""
    leases = [
        make_lease("L1", "H1", "U1", 80, terminated_on="2020-05-31"),
        make_lease("L2", "H1", "U2", 100, starts_on="2020-06-01"),
        make_lease("L3", "H1", "U1", 120, starts_on="2020-08-01"),
    ]
    homes = compute_arrears(make_loaded(leases=leases, estates=ESTATES), AS_OF).homes
    assert (homes.estate, homes.monthly_rent, homes.lease_row) == (("乙小区",), (10000,), (1,))


def test_without_a_live_lease_the_last_one_gives_the_estate_but_no_rent(
    make_loaded: Make, make_lease: Any
) -> None:
    leases = [
        make_lease("L1", "H1", "U1", starts_on="2016-01-01", terminated_on="2017-01-31"),
        make_lease("L2", "H1", "U2", status=LeaseStatus.TERMINATED),
    ]
    homes = compute_arrears(make_loaded(leases=leases, estates=ESTATES), AS_OF).homes
    assert (homes.estate, homes.monthly_rent) == (("乙小区",), (None,))


def test_a_household_that_stays_on_after_the_lease_ran_out_is_still_a_tenant(
    make_loaded: Make, make_lease: Any
) -> None:
    """The lease ended on 30 April without the unit given back: rent known, later charges listed."""
    leases = [make_lease("L1", "H1", "U1", 100, ends_on="2020-04-30")]
    charges = [("H1", "2020-04", 100), ("H1", "2020-05", 100), ("H1", "2020-06", 100)]
    result = compute_arrears(make_loaded(leases=leases, charges=charges), AS_OF)
    assert result.rent_multiple(0) == 3.0
    (item,) = result.exceptions
    assert (item.kind, item.amount) == (ExceptionKind.NO_LEASE, 20000)
    assert item.detail == "合同未起租、已到期或已退租（2020-05 至 2020-06，2 个月）"
    assert [str(cell) for cell in item.cells] == ["arrears.xlsx!应收!H3", "arrears.xlsx!应收!H4"]


def test_the_unit_of_the_latest_charge_stands_in_for_a_missing_lease(
    make_loaded: Make, make_lease: Any
) -> None:
    leases = [make_lease("L1", "H2", "U1"), make_lease("L2", "H2", "U2", starts_on="2030-01-01")]
    charges = [
        ("H1", "2020-02", 100, "", "", "U1"),
        ("H1", "2020-01", 100, "", "", "U2"),
        ("H3", "2020-01", 100),
    ]
    result = compute_arrears(
        make_loaded(households=("H1", "H2", "H3"), leases=leases, estates=ESTATES, charges=charges),
        AS_OF,
    )
    assert result.homes.estate == ("甲小区", "甲小区", "（小区不明）")
    assert [item.detail[:8] for item in result.exceptions] == ["该户没有租赁合同"] * 2


def test_months_between_two_leases_are_found_whatever_their_order(
    make_loaded: Make, make_lease: Any
) -> None:
    """January to February and May on are covered; March is not."""
    leases = [
        make_lease("L2", "H1", "U1", starts_on="2020-05-01"),
        make_lease("L1", "H1", "U1", starts_on="2020-01-01", terminated_on="2020-02-10"),
    ]
    charges = [("H1", f"2020-{month:02d}", 100) for month in (1, 2, 3, 5)]
    result = compute_arrears(make_loaded(leases=leases, charges=charges), AS_OF)
    assert [item.detail for item in result.exceptions] == ["合同未起租、已到期或已退租（2020-03）"]


def test_a_lease_number_the_ledger_lacks_is_listed(make_loaded: Make) -> None:
    charges = [("H1", "2020-01", 100, "", "LH1"), ("H1", "2020-02", 100, "", "L404")]
    (item,) = compute_arrears(make_loaded(charges=charges), AS_OF).exceptions
    assert (item.kind, item.amount) == (ExceptionKind.LEASE_UNKNOWN, 10000)


def test_a_household_whose_lease_has_not_begun_is_no_tenant_yet(
    make_loaded: Make, make_lease: Any
) -> None:
    leases = [make_lease("L1", "H1", "U1", starts_on="2030-01-01")]
    result = compute_arrears(make_loaded(leases=leases), AS_OF)
    assert result.homes.begun == (False,)
    assert result.with_rent_account().tolist() == []
