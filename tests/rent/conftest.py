"""Ledgers in memory for the rent tests, and a slow reading of the settlement rule to compare with.

A row is written as a short tuple; money is in yuan (whole numbers) and stored in fen.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from zhubao.core.period import Month
from zhubao.ledger.arrears import (
    Charge,
    CollectionVisit,
    Instalment,
    InstalmentPlan,
    OpeningDebt,
    PlanRhythm,
    PlanStatus,
    Receipt,
    Reduction,
    ReductionKind,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, Tier
from zhubao.ledger.units import Unit

Row = dict[str, Any]
Rows = Sequence[tuple[Any, ...]]


def month(text: str) -> Month | None:
    return Month.parse(text) if text else None


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def fen(value: float | None) -> int | None:
    return None if value is None else round(value * 100)


def household(number: str, hardship: str = "", tier: Tier = Tier.LOW_INCOME) -> Row:
    return {
        "household_no": number,
        "applicant": f"测试{number}",
        "identity_no": "",
        "tier": tier,
        "size": 2,
        "hardship": hardship or None,
    }


def lease(number: str, household_no: str, unit: str, rent: int = 100, **more: Any) -> Row:
    terms = {"starts_on": day("2018-01-01"), "ends_on": day("2022-12-31")}
    return {
        "lease_no": number,
        "household_no": household_no,
        "unit_no": unit,
        "monthly_rent": rent * 100,
        "status": LeaseStatus.IN_FORCE,
        **terms,
        **{key: day(text) if key.endswith("_on") else text for key, text in more.items()},
    }


def charge(index: int, household_no: str, billed: str, amount: float | None, *rest: str) -> Row:
    charged_on, lease_no, unit_no = (*rest, "", "", "")[:3]
    return {
        "charge_no": f"C{index}",
        "household_no": household_no,
        "month": month(billed),
        "amount": fen(amount),
        "charged_on": day(charged_on),
        "lease_no": lease_no or None,
        "unit_no": unit_no or None,
    }


def receipt(index: int, household_no: str, on: str, amount: float | None, named: str = "") -> Row:
    return {
        "receipt_no": f"R{index}",
        "household_no": household_no,
        "received_on": day(on),
        "amount": fen(amount),
        "month": month(named),
    }


def reduction(index: int, household_no: str, on: str, amount: float, named: str = "") -> Row:
    return {
        "reduction_no": f"W{index}",
        "household_no": household_no,
        "approved_on": day(on),
        "amount": fen(amount),
        "month": month(named),
        "kind": ReductionKind.WRITE_OFF,
    }


def opening(index: int, household_no: str, billed: str, amount: float) -> Row:
    del index
    return {"household_no": household_no, "month": month(billed), "amount": fen(amount)}


def plan(index: int, household_no: str, on: str, status: PlanStatus = PlanStatus.IN_FORCE) -> Row:
    return {
        "plan_no": f"P{index}",
        "household_no": household_no,
        "signed_on": day(on),
        "rhythm": PlanRhythm.MONTHLY,
        "status": status,
    }


def instalment(index: int, plan_no: str, due: str, amount: float) -> Row:
    return {"plan_no": plan_no, "part": index, "due_on": day(due), "amount": fen(amount)}


def visit(index: int, household_no: str, on: str) -> Row:
    return {"visit_no": f"V{index}", "household_no": household_no, "visited_on": day(on)}


_MAKERS: dict[str, tuple[Any, Callable[..., Row]]] = {
    "opening": (OpeningDebt, opening),
    "charges": (Charge, charge),
    "receipts": (Receipt, receipt),
    "reductions": (Reduction, reduction),
    "plans": (InstalmentPlan, plan),
    "instalments": (Instalment, instalment),
    "visits": (CollectionVisit, visit),
}


def build(
    *,
    households: Sequence[str | Row] = ("H1",),
    leases: Sequence[Row] | None = None,
    estates: dict[str, str] | None = None,
    **sheets: Rows,
) -> Loaded:
    """Every household gets a lease of its own unit in 甲小区 unless leases are given."""
    known = [household(one) if isinstance(one, str) else one for one in households]
    numbers = [one["household_no"] for one in known]
    if leases is None:
        leases = [lease(f"L{n}", n, f"U{n}") for n in numbers]
    units = [
        {"unit_no": one["unit_no"], "estate": (estates or {}).get(one["unit_no"], "甲小区")}
        for one in leases
    ]
    tables: list[LedgerTable[Any]] = [
        LedgerTable.from_rows(Household, known),
        LedgerTable.from_rows(Lease, leases),
        LedgerTable.from_rows(Unit, units),
    ]
    for name, rows in sheets.items():
        model, maker = _MAKERS[name]
        records = [maker(place, *row) for place, row in enumerate(rows, 1)]
        tables.append(LedgerTable.from_rows(model, records))
    return Loaded.of(*tables)


def account_by_hand(
    debts: list[tuple[int, int, int]], money: list[tuple[int | None, int]]
) -> dict[str, Any]:
    """One account settled step by step with plain lists.

    `debts` are (0 opening or 1 charge, month, fen), `money` (named month or None, fen).
    """
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for kind, billed, amount in debts:
        sums[kind, billed] += amount
    due = {slot: max(amount, 0) for slot, amount in sums.items()}
    pool = -sum(min(amount, 0) for amount in sums.values())
    paid, excess = pay_named_by_hand(due, money)
    pool += excess
    for slot in sorted(due, reverse=True):
        back = min(paid[slot], max(-pool, 0))
        paid[slot] -= back
        pool += back
    for slot in sorted(due):
        more = min(due[slot] - paid[slot], max(pool, 0))
        paid[slot] += more
        pool -= more
    unpaid = {slot: due[slot] - paid[slot] for slot in due if due[slot] > paid[slot]}
    return {
        "owed": sum(unpaid.values()),
        "credit": max(pool, 0),
        "overdrawn": max(-pool, 0),
        "unpaid": unpaid,
    }


def pay_named_by_hand(
    due: dict[tuple[int, int], int], money: list[tuple[int | None, int]]
) -> tuple[dict[tuple[int, int], int], int]:
    """What named money pays in its month, and the sum of all money that is left for the pool."""
    named: dict[int | None, int] = defaultdict(int)
    for billed, amount in money:
        named[billed] += amount
    paid = dict.fromkeys(due, 0)
    pool = 0
    for billed, amount in named.items():
        left = amount
        for slot in ((0, billed), (1, billed)):
            if slot in due and left > 0:
                paid[slot] = min(left, due[slot])
                left -= paid[slot]
        pool += left
    return paid, pool


@pytest.fixture(scope="session")
def make_loaded() -> Callable[..., Loaded]:
    return build


@pytest.fixture(scope="session")
def make_household() -> Callable[..., Row]:
    return household


@pytest.fixture(scope="session")
def make_lease() -> Callable[..., Row]:
    return lease


@pytest.fixture(scope="session")
def by_hand() -> Callable[..., dict[str, Any]]:
    return account_by_hand
