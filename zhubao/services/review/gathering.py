"""Collects from the ledgers what the rules look at, once for all households."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt, Reduction
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow, column_info
from zhubao.ledger.patrol import RectificationStatus, TenancyCase
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment
from zhubao.ledger.tenants import AnnualReview, Member, Relation
from zhubao.services.review.leads import leads_of
from zhubao.services.review.population import Due, ReviewYear
from zhubao.services.review.reasons import Case, Declared, MemberFact, OpenCase, Subsidy
from zhubao.services.review.rules import ReviewRules

DECLARED = ("declared_income", "declared_size", "declared_area_m2")
_SETTLED = (RectificationStatus.RECTIFIED, RectificationStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Facts:
    """Household → what other ledgers say of it."""

    owed: Mapping[str, int]
    owed_cells: Mapping[str, Cell]
    subsidies: Mapping[str, Subsidy]
    cases: Mapping[str, tuple[OpenCase, ...]]


def gather_facts(loaded: Loaded, as_of: dt.date) -> Facts:
    """Balances, months of subsidy and open cases of every household, up to the day."""
    owed, places = _balances(loaded, as_of)
    cases: dict[str, list[OpenCase]] = {}
    for one in sorted(_open_cases(loaded, as_of), key=lambda one: one.row.case_no or ""):
        cases.setdefault(one.row.household_no, []).append(one)
    listed = {number: tuple(found) for number, found in cases.items()}
    return Facts(owed, places, _subsidies(loaded, as_of), listed)


def case_of(view: ReviewYear, due: Due, facts: Facts, rules: ReviewRules) -> Case:
    """One household with everything the rules look at."""
    number = due.number
    text = view.said(due, "matched")
    return Case(
        due=due,
        tier=view.field(due, "tier"),
        size=view.field(due, "size"),
        certificate=view.field(due, "certificate_no"),
        household_cell=view.households.row_cell(due.household),
        declared=_declared(view, due),
        members=tuple(_members(view, number)),
        leads=leads_of(text, rules.wording),
        matched=bool(text),
        lead_cell=view.cell(due, "matched"),
        cases=facts.cases.get(number, ()),
        subsidy=facts.subsidies.get(number, Subsidy()),
        owed=facts.owed.get(number, 0),
        owed_cell=facts.owed_cells.get(number),
        rules=rules,
        as_of=view.as_of,
    )


def _declared(view: ReviewYear, due: Due) -> Declared:
    table, fields = view.reviews, AnnualReview.model_fields
    unread: tuple[str, ...] = ()
    if due.review is not None:
        unread = tuple(
            column_info(fields[name]).header
            for name in DECLARED
            if due.review in table.bad.get(name, ())
        )
    income, size, area = (view.said(due, name) for name in DECLARED)
    first, second, third = (view.cell(due, name) for name in DECLARED)
    return Declared(income, size, area, unread, (first, second, third))


def _members(view: ReviewYear, number: str) -> Iterator[MemberFact]:
    """The members by identity number, so that the order of rows does not matter."""
    table = view.loaded.get(Member)
    deaths, kin = table.column("died_on"), table.column("relation")
    identities = table.column("identity_no")
    rows = view.members.get(number, ())
    for row in sorted(rows, key=lambda row: (identities[row] or "", str(deaths[row]))):
        died = deaths[row]
        known = died if died is not None and died <= view.as_of else None
        yield MemberFact(kin[row] is Relation.SELF, known, table.cell(row, "died_on"))


def _open_cases(loaded: Loaded, as_of: dt.date) -> Iterator[OpenCase]:
    """Found by the day and not settled on it; 不属实 never counts."""
    table = loaded.get(TenancyCase)
    for row in table.usable("household_no", "category", "kind", "found_on", "status"):
        one = table.row(row)
        if one.found_on > as_of or one.status is RectificationStatus.UNFOUNDED:
            continue
        later = one.rectified_on is not None and one.rectified_on > as_of
        if one.status not in _SETTLED or later:
            yield OpenCase(one, table.row_cell(row))


def _balances(loaded: Loaded, as_of: dt.date) -> tuple[dict[str, int], dict[str, Cell]]:
    """Household → opening + charged - received - reduced by the day; and its latest charge.

    A row counts by its 账单期 (opening, charges) or its date (receipts, reductions). Rows that
    cannot be read are left out; `zhubao rent arrears` gives the exact account.
    """
    month = Month.containing(as_of)
    owed: dict[str, int] = {}
    kinds: tuple[tuple[type[LedgerRow], str, Any, int], ...] = (
        (OpeningDebt, "month", month, 1),
        (Charge, "month", month, 1),
        (Receipt, "received_on", as_of, -1),
        (Reduction, "approved_on", as_of, -1),
    )
    for model, when, limit, sign in kinds:
        table = loaded.get(model)
        numbers, amounts = table.column("household_no"), table.column("amount")
        moments = table.column(when)
        for row in table.usable("household_no", "amount", when):
            if moments[row] <= limit:
                owed[numbers[row]] = owed.get(numbers[row], 0) + sign * amounts[row]
    return owed, _latest_charges(loaded, month)


def _latest_charges(loaded: Loaded, month: Month) -> dict[str, Cell]:
    table = loaded.get(Charge)
    numbers, months, keys = (table.column(n) for n in ("household_no", "month", "charge_no"))
    latest: dict[str, tuple[Month, str, int]] = {}
    for row in table.usable("household_no", "month", "amount"):
        found = (months[row], keys[row] or "", row)
        if months[row] <= month and found > latest.get(numbers[row], (Month(-1), "", -1)):
            latest[numbers[row]] = found
    return {number: table.cell(found[2], "amount") for number, found in latest.items()}


def _subsidies(loaded: Loaded, as_of: dt.date) -> dict[str, Subsidy]:
    """Household → months of subsidy paid by the day, those before the ledger included."""
    months: dict[str, int] = {}
    unknown: dict[str, int] = {}
    cells: dict[str, list[Cell]] = {}
    for number, count, cell in (*_before_ledger(loaded), *_paid(loaded, as_of)):
        if count is None:
            unknown[number] = unknown.get(number, 0) + 1
        else:
            months[number] = months.get(number, 0) + count
        cells.setdefault(number, []).append(cell)
    return {
        number: Subsidy(months.get(number, 0), unknown.get(number, 0), _in_order(found))
        for number, found in cells.items()
    }


def _in_order(cells: list[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(cells, key=lambda one: (one.file, one.sheet, one.position)))


def _before_ledger(loaded: Loaded) -> Iterator[tuple[str, int | None, Cell]]:
    table = loaded.get(SubsidyGrant)
    numbers, before = table.column("household_no"), table.column("months_before")
    for row in table.usable("household_no"):
        if before[row]:
            yield numbers[row], before[row], table.cell(row, "months_before")


def _paid(loaded: Loaded, as_of: dt.date) -> Iterator[tuple[str, int | None, Cell]]:
    """Payments that reached the household and were not recovered; no date of payment: by status."""
    table = loaded.get(SubsidyPayment)
    numbers, months = table.column("household_no"), table.column("months")
    paid, states = table.column("paid_on"), table.column("status")
    for row in table.usable("household_no", "status"):
        if states[row] is PaymentStatus.PAID and (paid[row] is None or paid[row] <= as_of):
            yield numbers[row], months[row], table.cell(row, "months")
