"""Debts and what was done about them: the arrears on the day, letters, visits, plans, deaths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.households import households
from zhubao.core.finding import Cell
from zhubao.ledger.arrears import (
    CollectionVisit,
    InstalmentPlan,
    LetterKind,
    PlanStatus,
    RentLetter,
)
from zhubao.ledger.checks.standing import exited_households
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import PatrolVisit
from zhubao.ledger.tenants import Household, Member, Relation
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.arrears_tables import DebtSources

_CELLS = 12  # of a debt, the oldest months: enough to find the account, not a second ledger


def arrears(facts: Facts) -> ArrearsResult:
    """The arrears of the bureau at the end of the day (`rent.arrears.compute_arrears`)."""
    return compute_arrears(facts.loaded, facts.as_of, overrides=facts.overrides)


@dataclass(frozen=True, slots=True)
class Debtor:
    """A registered household that owes. `account` is its place in the arrays of the arrears."""

    account: int
    number: str
    owed: int
    months: int
    moved_out: bool


def debtors(facts: Facts) -> list[Debtor]:
    """The households that owe on the day, in the order of the sheet.

    Accounts with a cell that cannot be read are left in: the debt shown is what can be read.
    """
    result = facts.once(arrears)
    return [
        Debtor(
            account=account,
            number=result.books.numbers[account],
            owed=int(result.figures.owed[account]),
            months=int(result.figures.unpaid_months[account]),
            moved_out=result.homes.moved_out[account],
        )
        for account in np.flatnonzero(result.figures.owed[: result.books.known] > 0).tolist()
    ]


def debt_sources(facts: Facts) -> DebtSources:
    """The cells of all unpaid debts."""
    return DebtSources(facts.once(arrears), [one.account for one in facts.once(debtors)])


def debt_cells(facts: Facts, one: Debtor) -> tuple[Cell, ...]:
    """The household's cell and those of its oldest unpaid months."""
    own = facts.once(households).cells(one.number)
    return own + tuple(facts.once(debt_sources).cells(one.account)[:_CELLS])


@dataclass(frozen=True, slots=True, order=True)
class Action:
    """Something done about a debt."""

    day: dt.date
    what: str
    cell: Cell


def last_actions(facts: Facts) -> dict[str, Action]:
    """Household → the last letter, collection visit or instalment plan by the day."""
    found: dict[str, Action] = {}
    for number, action in _actions(facts.loaded):
        known = found.get(number)
        if action.day <= facts.as_of and (known is None or action.day > known.day):
            found[number] = action
    return found


def _actions(loaded: Loaded) -> Iterator[tuple[str, Action]]:
    letters, kinds = loaded.get(RentLetter), loaded.get(RentLetter).column("kind")
    plans, states = loaded.get(InstalmentPlan), loaded.get(InstalmentPlan).column("status")
    visits = loaded.get(CollectionVisit)
    numbers, days = letters.column("household_no"), letters.column("issued_on")
    for row in letters.usable("household_no", "issued_on"):
        what = str(kinds[row] or "文书")
        yield numbers[row], Action(days[row], what, letters.cell(row, "issued_on"))
    numbers, days = plans.column("household_no"), plans.column("signed_on")
    for row in plans.usable("household_no", "signed_on"):
        if states[row] is not PlanStatus.CANCELLED:
            yield numbers[row], Action(days[row], "分期协议", plans.cell(row, "signed_on"))
    numbers, days = visits.column("household_no"), visits.column("visited_on")
    for row in visits.usable("household_no", "visited_on"):
        yield numbers[row], Action(days[row], "收租走访", visits.cell(row, "visited_on"))


def visit_days(facts: Facts) -> dict[str, list[dt.date]]:
    """Household → the days of every visit to it, to collect rent or on patrol, in order."""
    found: dict[str, list[dt.date]] = {}
    for table in (facts.loaded.get(CollectionVisit), facts.loaded.get(PatrolVisit)):
        numbers, days = table.column("household_no"), table.column("visited_on")
        for row in table.usable("household_no", "visited_on"):
            if days[row] <= facts.as_of:
                found.setdefault(numbers[row], []).append(days[row])
    for each in found.values():
        each.sort()
    return found


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on record by the day."""

    number: str
    household: str
    kind: LetterKind
    issued_on: dt.date
    delivered_on: dt.date | None
    cell: Callable[[str], Cell]


def letters(facts: Facts) -> list[Letter]:
    """The letters issued by the day, in the order of the sheet."""
    table = facts.loaded.get(RentLetter)
    numbers, days = table.column("household_no"), table.column("issued_on")
    kinds, own = table.column("kind"), table.column("letter_no")
    delivered = table.column("delivered_on")

    def place(row: int) -> Callable[[str], Cell]:
        return lambda name: table.cell(row, name)

    return [
        Letter(own[row] or "", numbers[row], kinds[row], days[row], delivered[row], place(row))
        for row in table.usable("household_no", "issued_on", "kind")
        if days[row] <= facts.as_of
    ]


@dataclass(frozen=True, slots=True)
class Death:
    """The tenant's death as written, and how many of the household are alive."""

    day: dt.date
    alive: int
    cells: tuple[Cell, ...]


def dead_tenants(facts: Facts) -> dict[str, Death]:
    """Household → the death of its tenant (the member 本人, or with the applicant's number).

    The death of all members counts as the tenant's.
    """
    table = facts.loaded.get(Member)
    numbers, deaths = table.column("household_no"), table.column("died_on")
    dead: dict[str, list[int]] = {}
    for row, day in enumerate(deaths):
        if day is not None and day <= facts.as_of and numbers[row]:
            dead.setdefault(numbers[row], []).append(row)
    size: dict[str, int] = dict.fromkeys(dead, 0)
    for number in numbers:
        if number in size:
            size[number] += 1
    found = {}
    for number, rows in dead.items():
        own = [row for row in rows if _is_tenant(facts, row, number)]
        if own or len(rows) == size[number]:
            shown = own or rows
            cells = tuple(table.cell(row, "died_on") for row in shown)
            day = max(deaths[row] for row in shown)
            found[number] = Death(day, size[number] - len(rows), cells)
    return found


def _is_tenant(facts: Facts, row: int, number: str) -> bool:
    table = facts.loaded.get(Member)
    if table.column("relation")[row] is Relation.SELF:
        return True
    applicant = facts.once(households).field(number, "identity_no")
    return bool(applicant) and table.column("identity_no")[row] == applicant


def exits(facts: Facts) -> dict[str, dt.date | None]:
    """Household → the day it exited (None: not written) of those gone by the day."""
    return exited_households(facts.loaded.get(Household), facts.as_of)
