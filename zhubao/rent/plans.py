"""Instalment plans: which plan of a household counts, and whether it is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from zhubao.core.finding import Cell
from zhubao.ledger.arrears import Instalment, InstalmentPlan, PlanStatus
from zhubao.ledger.loaded import Loaded
from zhubao.rent.postings import Books
from zhubao.rent.settlement import add_up
from zhubao.rent.steps import Ladder, PlanState


@dataclass(frozen=True, slots=True)
class PlanView:
    """A household's plan at the cut-off date; `planned` is what should have been paid by then."""

    plan_no: str
    state: PlanState
    signed_on: dt.date
    planned: int
    received: int
    cell: Cell


def read_plans(loaded: Loaded, books: Books, as_of: dt.date, ladder: Ladder) -> dict[int, PlanView]:
    """Account → plan. Of several, the one in force wins, then the one signed last.

    planned = Σ parts whose due date plus the days of grace is past; received = Σ receipts from the
    day of signing on. Kept when received + tolerance ≥ planned. Simplification: all rent paid since
    signing counts towards the plan.
    """
    chosen = _choose(loaded, books, as_of)
    if not chosen:
        return {}
    parts = _planned_amounts(loaded, as_of, ladder)
    received = _received_since(books, {account: plan[1] for account, plan in chosen.items()})
    table = loaded.get(InstalmentPlan)
    views = {}
    for account, (_, signed, _, row) in chosen.items():
        number = table.column("plan_no")[row]
        planned = parts.get(number)
        status = table.column("status")[row]
        state = _state(status, planned, received[account], ladder)
        cell = table.row_cell(row)
        views[account] = PlanView(number, state, signed, planned or 0, received[account], cell)
    return views


def _state(status: PlanStatus, planned: int | None, received: int, ladder: Ladder) -> PlanState:
    if status is PlanStatus.SETTLED:
        return PlanState.SETTLED
    if planned is None:
        return PlanState.NO_PARTS
    return PlanState.KEPT if received + ladder.tolerance >= planned else PlanState.BEHIND


def _choose(
    loaded: Loaded, books: Books, as_of: dt.date
) -> dict[int, tuple[bool, dt.date, str, int]]:
    table = loaded.get(InstalmentPlan)
    account_of = {number: account for account, number in enumerate(books.numbers)}
    chosen: dict[int, tuple[bool, dt.date, str, int]] = {}
    for row in table.usable("plan_no", "household_no", "signed_on", "status"):
        status, signed = table.column("status")[row], table.column("signed_on")[row]
        account = account_of.get(table.column("household_no")[row])
        if account is None or status is PlanStatus.CANCELLED or signed > as_of:
            continue
        in_force = status is PlanStatus.IN_FORCE
        rank = (in_force, signed, str(table.column("plan_no")[row]), row)
        chosen[account] = max(chosen.get(account, rank), rank)
    return chosen


def _planned_amounts(loaded: Loaded, as_of: dt.date, ladder: Ladder) -> dict[str, int]:
    """Plan number → what should have been paid; a plan without parts is not in it."""
    table = loaded.get(Instalment)
    planned: dict[str, int] = {}
    grace = dt.timedelta(days=ladder.grace_days)
    for row in table.usable("plan_no", "due_on", "amount"):
        number = table.column("plan_no")[row]
        past = table.column("due_on")[row] + grace < as_of
        planned[number] = planned.get(number, 0) + (table.column("amount")[row] if past else 0)
    return planned


def _received_since(books: Books, signed: dict[int, dt.date]) -> dict[int, int]:
    since = np.full(books.size, np.iinfo(np.int64).max)
    for account, day in signed.items():
        since[account] = day.toordinal()
    money = books.money
    counted = ~money.of_part(1) & (money.day >= since[money.account])
    sums = add_up(books.size, money.account[counted], money.amount[counted])
    return {account: int(sums[account]) for account in signed}
