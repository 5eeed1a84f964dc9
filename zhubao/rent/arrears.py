"""Arrears of every household at a cut-off date: the calculation behind `zhubao rent arrears`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.ledger.arrears import (
    CollectionVisit,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household
from zhubao.rent.exceptions import Evidence, ExceptionItem, find_exceptions
from zhubao.rent.figures import Figures, Settled, account_figures, settle_twice, settle_until
from zhubao.rent.homes import Homes, read_homes
from zhubao.rent.plans import PlanView, read_plans
from zhubao.rent.postings import Books, IntArray, Postings, read_books
from zhubao.rent.proof import Proof, prove
from zhubao.rent.settlement import Slots, lay_out
from zhubao.rent.steps import Advice, Case, Ladder, PlanState, next_step


@dataclass(frozen=True, slots=True)
class ArrearsResult:
    """The arrears of the whole bureau. Arrays have one element per account.

    Accounts below `books.known` are the households of the ledger, in its order; the rest are
    numbers that only the money sheets know. `books` hold the postings up to the cut-off date.
    """

    loaded: Loaded
    as_of: dt.date
    start: dt.date
    ladder: Ladder
    books: Books
    slots: Slots
    settled: Settled
    figures: Figures
    homes: Homes
    plans: dict[int, PlanView]
    last_payment: IntArray  # ordinal of the day, 0 = none
    last_visit: IntArray
    exceptions: tuple[ExceptionItem, ...]
    proof: Proof

    @property
    def period(self) -> Period:
        """The statement period."""
        return Period(self.start, self.as_of)

    def with_rent_account(self) -> IntArray:
        """The accounts with a lease begun or any posting; other households are no tenants yet."""
        found = np.array(self.homes.begun, dtype=bool)
        found[self.books.debts.account] = True
        found[self.books.money.account] = True
        accounts: IntArray = np.flatnonzero(found)
        return accounts

    def is_registered(self, account: int) -> bool:
        """True when the household is in the household ledger."""
        return account < self.books.known

    def household_field(self, account: int, name: str) -> Any:
        """A field of the household's row; None for a number the ledger does not have."""
        if not self.is_registered(account):
            return None
        return self.loaded.get(Household).column(name)[self.books.household_rows[account]]

    def hardship_tags(self, account: int) -> tuple[str, ...]:
        """The hardship words in the household's mark and tier."""
        mark = self.household_field(account, "hardship") or ""
        tier = self.household_field(account, "tier") or ""
        return self.ladder.hardship_tags(f"{mark} {tier}")

    def plan_state(self, account: int) -> PlanState:
        """Whether the household has an instalment plan and keeps it."""
        plan = self.plans.get(account)
        return plan.state if plan else PlanState.NONE

    def advice(self, account: int) -> Advice:
        """The suggested next step and its reason."""
        case = Case(
            owed=int(self.figures.owed[account]),
            unpaid_months=int(self.figures.unpaid_months[account]),
            hardship=self.hardship_tags(account),
            plan=self.plan_state(account),
            registered=self.is_registered(account),
            moved_out=self.homes.moved_out[account],
        )
        return next_step(case, self.ladder)

    def rent_multiple(self, account: int) -> float | None:
        """Debt ÷ monthly rent of the live lease, one decimal; None without rent."""
        rent = self.homes.monthly_rent[account]
        return round(int(self.figures.owed[account]) / rent, 1) if rent else None


def compute_arrears(
    loaded: Loaded,
    as_of: dt.date,
    *,
    start: dt.date | None = None,
    overrides: Mapping[str, Any] | None = None,
    books: Books | None = None,
) -> ArrearsResult:
    """Compute every household's account at the end of `as_of`.

    `loaded` needs the tables of `MODELS`; a missing one counts as empty. The statement period runs
    from `start` (default: 1 January of the year of `as_of`) to `as_of`. `overrides` is the bureau's
    [policy] table. `books` are all books of `loaded`, where they have been read for another day.

    What counts: charges by entry date (without one, by the first day of their month), opening
    debts by the first day of their month, receipts by the day received, reductions and write-offs
    by the day approved, each up to `as_of`. How money meets debt: see `settlement.settle`.

    Raises `UsageError` when the period is upside down, `PolicyUnknown` for a date before the
    policy, and `IdentityBroken` when a figure does not tie (a fault of the program).
    """
    start = _start(start, as_of)
    ladder = Ladder.load(as_of, overrides)
    all_books = books or read_books(loaded)
    books = _up_to(all_books, as_of)
    slots = lay_out(books.debts, books.money, books.size)
    settled = settle_twice(books, slots, start)
    figures = account_figures(books, slots, settled, start, as_of)
    plans = read_plans(loaded, books, as_of, ladder)
    return ArrearsResult(
        loaded=loaded,
        as_of=as_of,
        start=start,
        ladder=ladder,
        books=books,
        slots=slots,
        settled=settled,
        figures=figures,
        homes=read_homes(loaded, books, as_of),
        plans=plans,
        last_payment=_last_payment(books),
        last_visit=_last_visit(loaded, books, as_of),
        exceptions=find_exceptions(Evidence(loaded, books, slots, settled, figures, plans)),
        proof=prove(all_books, books, figures, start.toordinal()),
    )


def owed_on(result: ArrearsResult, day: dt.date) -> int:
    """What all households together owed at the end of an earlier day (fen).

    The same postings and the same rule as `compute_arrears` for that day. ValueError for a day
    after `result.as_of`: its books end there.
    """
    if day > result.as_of:
        raise ValueError(f"{day} is after {result.as_of}")
    return int(settle_until(result.books, result.slots, day).owed.sum())


def _start(start: dt.date | None, as_of: dt.date) -> dt.date:
    start = start or as_of.replace(month=1, day=1)
    if start > as_of:
        raise UsageError(
            f"期初 {start.isoformat()} 晚于截止日期 {as_of.isoformat()}",
            advice="期初应早于或等于截止日期",
        )
    return start


def _up_to(books: Books, as_of: dt.date) -> Books:
    last = as_of.toordinal()

    def counted(postings: Postings) -> Postings:
        return postings.where(postings.day <= last)

    return Books(
        books.numbers, books.known, books.household_rows, counted(books.debts), counted(books.money)
    )


def _last_payment(books: Books) -> IntArray:
    """The day of the latest receipt above zero."""
    money = books.money
    paid = ~money.of_part(1) & (money.amount > 0)
    days = np.zeros(books.size, np.int64)
    np.maximum.at(days, money.account[paid], money.day[paid])
    return days


def _last_visit(loaded: Loaded, books: Books, as_of: dt.date) -> IntArray:
    table = loaded.get(CollectionVisit)
    account_of = {number: account for account, number in enumerate(books.numbers)}
    numbers, visited = table.column("household_no"), table.column("visited_on")
    days = np.zeros(books.size, np.int64)
    for row in table.usable("household_no", "visited_on"):
        account = account_of.get(numbers[row])
        if account is not None and visited[row] <= as_of:
            days[account] = max(int(days[account]), visited[row].toordinal())
    return days
