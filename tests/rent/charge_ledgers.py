"""Small ledgers for the tests of the monthly charge; money is in fen, days are ISO text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Reduction, ReductionKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, ProtectionStatus, Tier
from zhubao.ledger.units import Ownership, Unit, UnitStatus
from zhubao.rent.charge.charging import ChargeRun, compute_charges

Row = dict[str, Any]
JULY = Month.of(2020, 7)
AREA, RENT = "50", 27500  # 50 m² × 5.50 (lower-middle, second grade, no lift) = 275.00


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def lease(number: str, household: str, unit: str, start: str = "2018-01-01", **more: Any) -> Row:
    """Five years from the start, of 50 m² at 275.00, unless said otherwise."""
    row: Row = {
        "lease_no": number,
        "household_no": household,
        "unit_no": unit,
        "starts_on": start,
        "ends_on": "2025-12-31",
        "monthly_rent": RENT,
        "area_m2": Decimal(AREA),
        "tier": Tier.LOWER_MIDDLE,
        "status": LeaseStatus.IN_FORCE,
        **more,
    }
    return {key: day(value) if key.endswith("_on") else value for key, value in row.items()}


def household(number: str, **more: Any) -> Row:
    return {
        "household_no": number,
        "applicant": "张小明",
        "tier": Tier.LOWER_MIDDLE,
        "size": 2,
        "status": ProtectionStatus.IN_FORCE,
        **more,
    }


def unit(number: str, **more: Any) -> Row:
    return {
        "unit_no": number,
        "estate": "甲小区",
        "ownership": Ownership.CITY,
        "billed_area_m2": Decimal(AREA),
        "location_grade": "二级",
        "has_lift": False,
        "status": UnitStatus.OCCUPIED,
        **more,
    }


def charge(number: str, household_no: str, month: str, amount: int | None, **more: Any) -> Row:
    return {
        "charge_no": number,
        "household_no": household_no,
        "month": Month.parse(month) if month else None,
        "amount": amount,
        **more,
    }


def reduction(number: str, household_no: str, month: str, amount: int) -> Row:
    return {
        "reduction_no": number,
        "household_no": household_no,
        "month": Month.parse(month),
        "kind": ReductionKind.REDUCTION,
        "amount": amount,
        "approved_on": day("2020-07-10"),
    }


def ledgers(
    leases: Sequence[Row],
    *,
    charges: Sequence[Row] = (),
    reductions: Sequence[Row] = (),
    households: Sequence[Row] | None = None,
    units: Sequence[Row] | None = None,
) -> Loaded:
    """Every household and unit the leases name is registered, unless they are given."""
    homes = dict.fromkeys(row["household_no"] for row in leases)
    flats = dict.fromkeys(row["unit_no"] for row in leases)
    return Loaded.of(
        LedgerTable.from_rows(Lease, leases),
        LedgerTable.from_rows(Charge, charges),
        LedgerTable.from_rows(Reduction, reductions),
        LedgerTable.from_rows(
            Household, [household(one) for one in homes] if households is None else households
        ),
        LedgerTable.from_rows(Unit, [unit(one) for one in flats] if units is None else units),
    )


def own_policy(**values: Any) -> dict[str, Any]:
    """Overrides of rent parameters in force since 2010: `own_policy(part_month="半月")`."""
    since = dt.date(2010, 1, 1)
    return {
        f"rent.{name}": {"values": [{"valid_from": since, "value": value, "source": "示例"}]}
        for name, value in values.items()
    }


def price_change(on: dt.date, before: str, after: str) -> dict[str, Any]:
    """A rent table with one price for the lower-middle tier that changes on a day."""

    def table(price: str) -> dict[str, Any]:
        return {"中等偏下收入": {"二级": {"无电梯": price, "有电梯": price}}}

    return {
        "rent.price": {
            "values": [
                {"valid_from": dt.date(2010, 1, 1), "value": table(before), "source": "示例"},
                {"valid_from": on, "value": table(after), "source": "示例"},
            ]
        }
    }


def run(loaded: Loaded, month: Month = JULY, **policy: Any) -> ChargeRun:
    rules = {"relief_rule": "减免比例", **policy}  # a table, unless the test says otherwise
    return compute_charges(loaded, month, overrides=own_policy(**rules))


def amounts(charged: ChargeRun) -> dict[str, int]:
    return {draft.stay.lease_no: draft.amount for draft in charged.new}


def codes(charged: ChargeRun) -> list[str]:
    return sorted(finding.code for finding in charged.findings)


def booked(charged: ChargeRun) -> list[Row]:
    """The new charges as rows of the sheet, for a second run."""
    return [
        {
            "charge_no": draft.charge_no,
            "household_no": draft.stay.household_no,
            "lease_no": draft.stay.lease_no,
            "unit_no": draft.stay.unit_no,
            "month": charged.month,
            "standard": draft.standard,
            "reduction": draft.reduction or None,
            "amount": draft.amount,
            "charged_on": charged.charged_on,
            "remark": draft.remark or None,
        }
        for draft in charged.new
    ]
