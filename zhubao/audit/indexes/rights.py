"""Other housing benefits granted to persons: approvals passed, staff housing subsidies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhubao.allocation.waiting.people import Person, identity_key
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.people import persons_by_number
from zhubao.core.finding import Cell
from zhubao.ledger.services import Approval, ApprovalKind, ApprovalResult


@dataclass(frozen=True, slots=True)
class Granted:
    """One approval passed by the day, and a household it touches with the person it touches it by.

    `person` is None where the approval itself names the household number.
    """

    number: str
    household: str
    person: Person | None
    amount: int | None
    cells: tuple[Cell, ...]


def approvals_by_kind(facts: Facts) -> Mapping[ApprovalKind, tuple[int, ...]]:
    """The rows of 审批 that are 通过 and decided by the day (no day written counts as decided)."""
    table = facts.loaded.get(Approval)
    kinds, results, days = (table.column(n) for n in ("kind", "result", "decided_on"))
    found: dict[ApprovalKind, list[int]] = {}
    for row in table.usable("kind", "result"):
        passed = results[row] is ApprovalResult.APPROVED
        if passed and (days[row] is None or days[row] <= facts.as_of):
            found.setdefault(kinds[row], []).append(row)
    return {kind: tuple(rows) for kind, rows in found.items()}


def granted(facts: Facts, kind: ApprovalKind) -> Iterator[Granted]:
    """Every approval of the kind with each household it touches, once.

    Joined by the household number written down, and by the identity numbers of applicant and
    spouse with every living member of every household.
    """
    table, persons = facts.loaded.get(Approval), facts.once(persons_by_number)
    for row in facts.once(approvals_by_kind).get(kind, ()):
        touched: dict[str, Person | None] = {}
        for name in ("identity_no", "spouse_identity_no"):
            for person in persons.get(identity_key(table.column(name)[row]), ()):
                touched.setdefault(person.household_no, person)
        if table.column("household_no")[row]:
            touched.setdefault(table.column("household_no")[row], None)
        number = table.column("approval_no")[row] or "（没有编号）"
        for household, found in touched.items():
            cells = (table.cell(row, "result"), *((found.cell,) if found else ()))
            yield Granted(number, household, found, table.column("amount")[row], cells)
