"""Results that several checks, problems and tables need, each made once per scope."""

from __future__ import annotations

import numpy as np

from zhubao.allocation.publication.allocations import Allocations, compute_allocations
from zhubao.allocation.publication.waiting_flow import WaitingFlow, compute_flow
from zhubao.core.finding import Cell
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.monthly.remit import RemitResult
from zhubao.services.approval.files import Files
from zhubao.services.approval.halfdays import HalfDayClock, end_of_day
from zhubao.services.approval.reading import read_files
from zhubao.services.approval.rules import Rules
from zhubao.services.review.population import ReviewYear, review_year
from zhubao.summary.indicators.benefit_figures import files_at_cut_off
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.indicators.rent_figures import rent_accounts, rent_remitted
from zhubao.supply.raising import Raised, compute_raised
from zhubao.supply.vacancy import Vacancies, compute_vacancies


def raised(scope: Scope) -> Raised:
    """What was raised, and the terms of cooperation on the last day that counts."""
    return compute_raised(scope.loaded, scope.span, scope.day, overrides=scope.overrides)


def vacancies(scope: Scope) -> Vacancies:
    """The vacant units on the last day that counts."""
    return compute_vacancies(scope.loaded, scope.day, overrides=scope.overrides)


def rent(scope: Scope) -> ArrearsResult:
    """Every rent account at the end of the last day that counts; the figures' own result."""
    return scope.once(rent_accounts)


def reductions(scope: Scope) -> tuple[Cell, ...]:
    """The cells of what was reduced or written off in the period."""
    money = scope.once(rent_accounts).books.money
    first, last = scope.period.start.toordinal(), scope.day.toordinal()
    own = money.of_part(1) & (money.day >= first) & (money.day <= last)
    return money.cells(np.flatnonzero(own))


def remitted(scope: Scope) -> RemitResult:
    """Receipts and remittances of the period by owner of the unit."""
    return scope.once(rent_remitted)


def allocations(scope: Scope) -> Allocations:
    """The households housed in the period."""
    return compute_allocations(scope.loaded, scope.span)


def waiting(scope: Scope) -> WaitingFlow:
    """The movements of the waiting list in the period."""
    return compute_flow(scope.loaded, scope.once(allocations))


def review(scope: Scope) -> ReviewYear:
    """The households due for the review of the year of the last day that counts."""
    return review_year(scope.loaded, scope.day.year, scope.day)


def files(scope: Scope) -> Files:
    """The approval files as they stood at the end of the last day that counts."""
    if scope.day == scope.as_of:
        return scope.once(files_at_cut_off)
    clock = HalfDayClock(scope.calendar, Rules(scope.overrides))
    return read_files(scope.loaded, end_of_day(scope.day), clock)
