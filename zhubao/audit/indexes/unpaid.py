"""Quarters for which a household signed in, nothing bars the payment, and no money came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.subsidised import grant_rows, paid_index
from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment, SubsidySignIn
from zhubao.ledger.table import LedgerTable
from zhubao.subsidy.rental.exclusions import Judge, Reason
from zhubao.subsidy.rental.paid import SignIns
from zhubao.subsidy.rental.quarters import quarter_label, span_of
from zhubao.subsidy.rental.rules import PaymentRules
from zhubao.subsidy.rental.term import quarter_months, term_of

_NOT_OURS = (Reason.NO_ACCOUNT, Reason.PAID)  # no ground for keeping the money back; judged here


@dataclass(frozen=True, slots=True)
class Unpaid:
    """One grant and quarter; `amount` is 月补贴额 × the months due, None where it is not known."""

    grant: str
    household: str
    quarter: Period
    days: int
    amount: int | None
    hint: str
    cells: tuple[Cell, ...]


def unpaid_quarters(facts: Facts, limit: int) -> Iterator[Unpaid]:
    """Those over more than `limit` days before the day, by quarter and grant.

    A payment made after the day has not been made; one that waits (待发放) is named.
    """
    for quarter in _quarters(facts):
        days = (facts.as_of - quarter.end).days
        if days > limit:
            yield from _Quarter(facts, quarter, days).unpaid()


def _quarters(facts: Facts) -> list[Period]:
    texts = set(facts.loaded.get(SubsidySignIn).column("quarter"))
    spans = {span_of(text) for text in texts if quarter_label(text) is not None}
    return sorted(span for span in spans if span is not None)


class _Quarter:
    """One quarter; what bars a payment is worked out only where nothing was paid."""

    def __init__(self, facts: Facts, quarter: Period, days: int) -> None:
        self._facts, self._quarter, self._days = facts, quarter, days
        self._grants = facts.loaded.get(SubsidyGrant)
        self._rules = PaymentRules.load(facts.as_of, facts.overrides)
        self._judge: Judge | None = None

    def unpaid(self) -> Iterator[Unpaid]:
        rows, signs = self._facts.once(grant_rows), SignIns(self._facts.loaded, self._quarter)
        for number, sign in signs.signed():
            index = rows.get(number)
            day = signs.table.column("signed_on")[sign]
            if index is None or (day is not None and day > self._facts.as_of):
                continue
            household = self._grants.column("household_no")[index] or ""
            waiting, paid = self._waiting(household, number)
            months = () if paid else self._months(index)
            if months:
                yield self._one(index, signs.table.cell(sign, "signed"), months, waiting)

    def _waiting(self, household: str, grant: str) -> tuple[list[int], bool]:
        """The rows of 发放 that are not yet paid, and whether another one is."""
        paid = self._facts.once(paid_index)
        days, states = paid.table.column("paid_on"), paid.table.column("status")
        rows = paid.rows_for(self._quarter, household, grant)
        waiting = [
            row
            for row in rows
            if states[row] is PaymentStatus.PENDING or _later(days[row], self._facts.as_of)
        ]
        return waiting, len(waiting) < len(rows)

    def _months(self, index: int) -> tuple[Month, ...]:
        """The months to be paid for."""
        term = term_of(self._grants, index, self._rules.start_offset)
        months = quarter_months(term, self._quarter)
        if not months:
            return ()
        if self._judge is None:
            self._judge = Judge(self._facts.loaded, self._quarter, self._facts.as_of, self._rules)
        judge = self._judge
        if judge.unreadable(index) is not None:
            return ()
        if any(one.reason not in _NOT_OURS for one in judge.against_all(index)):
            return ()
        barred = {month for one in judge.against_months(index, term) for month in one.months}
        return tuple(month for month in months if month not in barred)

    def _one(self, index: int, sign: Cell, months: tuple[Month, ...], waiting: list[int]) -> Unpaid:
        grants, payments = self._grants, self._facts.loaded.get(SubsidyPayment)
        monthly = grants.column("monthly_amount")[index]
        hint = _hint(payments, waiting) or _no_account(grants, index)
        return Unpaid(
            grant=grants.column("grant_no")[index],
            household=grants.column("household_no")[index],
            quarter=self._quarter,
            days=self._days,
            amount=None if monthly is None else monthly * len(months),
            hint=hint,
            cells=(
                sign,
                grants.cell(index, "monthly_amount"),
                *(payments.cell(row, "status") for row in waiting),
            ),
        )


def _later(day: dt.date | None, as_of: dt.date) -> bool:
    return day is not None and day > as_of


def _hint(payments: LedgerTable[SubsidyPayment], waiting: list[int]) -> str:
    if not waiting:
        return ""
    number = payments.column("payment_no")[waiting[0]] or "没有编号"
    return f"（发放表里是“{payments.column('status')[waiting[0]].value}”：{number}）"


def _no_account(grants: LedgerTable[SubsidyGrant], index: int) -> str:
    return "" if grants.column("bank_account")[index] else "（银行账号空着）"
