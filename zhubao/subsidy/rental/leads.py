"""Payments that look wrong: leads (疑点) with the cells that contradict each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from zhubao.core.finding import Cell, Finding
from zhubao.core.money import format_yuan
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment
from zhubao.subsidy.rental import kinds
from zhubao.subsidy.rental.entitle import computed_amount
from zhubao.subsidy.rental.figures import paid_rows
from zhubao.subsidy.rental.paid import Paid, SignIns
from zhubao.subsidy.rental.quarters import label_of, months_of, span_of
from zhubao.subsidy.rental.rules import Overrides, PaymentRules
from zhubao.subsidy.rental.standard import Standard
from zhubao.subsidy.rental.standing import Standing
from zhubao.subsidy.rental.term import Term, term_of

_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Lead:
    """A hit to be looked into, not a verdict: the payment's row, the money, both sides' cells."""

    finding: Finding
    row: int
    amount: int
    cells: tuple[Cell, ...]


def wrongly_paid(
    loaded: Loaded, period: Period, as_of: dt.date, *, overrides: Overrides = None
) -> tuple[Lead, ...]:
    """Leads among the payments made in the period and not given back.

    Paid without sign-in; for months out of force; while housed; twice for a quarter; above the
    ledger's own 月补贴额, or above the standard where one is known for the quarter. By place.
    """
    search = _Search(loaded, as_of, overrides)
    states = search.payments.column("status")
    rows = [row for row in paid_rows(loaded, period) if states[row] is PaymentStatus.PAID]
    found = [lead for row in rows for lead in search.of(row)]
    return tuple(sorted(found, key=lambda one: one.finding.sort_key))


class _Search:
    """Holds what all checks need; the sign-ins and the standard of each quarter once."""

    def __init__(self, loaded: Loaded, as_of: dt.date, overrides: Overrides) -> None:
        self._loaded, self._overrides = loaded, overrides
        self.payments, self._grants = loaded.get(SubsidyPayment), loaded.get(SubsidyGrant)
        self._offset = PaymentRules.load(as_of, overrides).start_offset
        self._paid = Paid(loaded)
        self._row = {
            number: row for row, number in enumerate(self._grants.column("grant_no")) if number
        }
        self._terms: dict[int, Term] = {}
        self._signs: dict[str, SignIns] = {}
        self._standards: dict[dt.date, Standard | None] = {}

    @cached_property
    def _standing(self) -> Standing:
        return Standing(self._loaded)

    def of(self, row: int) -> Iterator[Lead]:
        """The leads about one payment; none for a quarter that cannot be read (LG-362 says so)."""
        quarter = span_of(self.payments.column("quarter")[row])
        if quarter is None:
            return
        yield from self._unsigned(row, quarter)
        yield from self._twice(row, quarter)
        yield from self._housed(row, quarter)
        index = self._row.get(self.payments.column("grant_no")[row] or "")
        if index is not None:
            yield from self._out_of_force(row, index, quarter)
            yield from self._too_much(row, index, quarter)

    def _words(self, row: int, quarter: Period) -> dict[str, object]:
        table = self.payments
        return {
            "payment": table.column("payment_no")[row],
            "grant": table.column("grant_no")[row],
            "quarter": quarter.label,
            "amount": format_yuan(table.column("amount")[row]),
            "paid": self._months(row),
        }

    def _lead(self, row: int, finding: Finding, amount: int, *cells: Cell) -> Lead:
        return Lead(finding, row, amount, (self.payments.cell(row, "amount"), *cells))

    def _months(self, row: int) -> int:
        months = self.payments.column("months")[row]
        return _QUARTER if months is None else int(months)

    def _unsigned(self, row: int, quarter: Period) -> Iterator[Lead]:
        if "-Q" not in label_of(quarter):
            return
        signs = self._signs.get(label_of(quarter))
        if signs is None:
            signs = self._signs[label_of(quarter)] = SignIns(self._loaded, quarter)
        number = self.payments.column("grant_no")[row]
        if signs.signed_row(number) is not None:
            return
        cells = tuple(signs.table.cell(one, "signed") for one in signs.rows(number))
        where = self.payments.row_cell(row)
        finding = kinds.PAID_UNSIGNED.at(where, **self._words(row, quarter))
        yield self._lead(row, finding, self.payments.column("amount")[row], *cells)

    def _twice(self, row: int, quarter: Period) -> Iterator[Lead]:
        table = self.payments
        household = table.column("household_no")[row]
        for other in self._paid.rows_for(quarter, household, table.column("grant_no")[row]):
            state = table.column("status")[other]
            span = span_of(table.column("quarter")[other])
            if other >= row or span is None or state is not PaymentStatus.PAID:
                continue
            words = {**self._words(row, quarter), "household": household}
            words["other"] = f"{table.column('payment_no')[other]}（{table.row_cell(other)}）"
            finding = kinds.PAID_TWICE.at(table.row_cell(row), **words)
            yield self._lead(row, finding, table.column("amount")[row], table.row_cell(other))

    def _housed(self, row: int, quarter: Period) -> Iterator[Lead]:
        household, paid = self.payments.column("household_no")[row], self._months(row)
        months = months_of(quarter)
        for stay in self._standing.stays(household):
            held = [month for month in months if stay.touches(month)]
            over = paid - (len(months) - len(held))
            if held and over > 0:
                words = self._words(row, quarter)
                shown = "、".join(map(str, held))
                finding = kinds.PAID_WHILE_HOUSED.at(
                    self.payments.row_cell(row), **words, months=shown, lease=stay.lease_no
                )
                yield self._lead(row, finding, self._share(row, over), stay.cell)

    def _out_of_force(self, row: int, index: int, quarter: Period) -> Iterator[Lead]:
        term = self._terms.get(index)
        if term is None:
            term = self._terms[index] = term_of(self._grants, index, self._offset)
        months, paid = months_of(quarter), self._months(row)
        right = len(term.months(months))
        bars = [bar for bar in map(term.bar, months) if bar is not None]
        if bars and paid > right:
            words = {**self._words(row, quarter), "right": right, "why": bars[0].words}
            finding = kinds.PAID_OUT_OF_FORCE.at(self.payments.row_cell(row), **words)
            yield self._lead(row, finding, self._share(row, paid - right), bars[0].cell)

    def _too_much(self, row: int, index: int, quarter: Period) -> Iterator[Lead]:
        """Against the ledger's 月补贴额, and against the standard of the quarter's last day."""
        amount, months = self.payments.column("amount")[row], self._months(row)
        limits = [("台账月补贴额", self._grants.column("monthly_amount")[index])]
        computed = computed_amount(self._grants, index, self._standard(quarter.end))
        limits.append((f"{quarter.end} 的标准", computed))
        for what, monthly in limits:
            if monthly is None or amount <= monthly * months:
                continue
            right = monthly * months
            words = {**self._words(row, quarter), "what": what, "months": months}
            words |= {"right": format_yuan(right), "gap": format_yuan(amount - right)}
            finding = kinds.PAID_TOO_MUCH.at(self.payments.cell(row, "amount"), **words)
            cell = self._grants.cell(index, "monthly_amount")
            yield self._lead(row, finding, amount - right, cell)

    def _standard(self, day: dt.date) -> Standard | None:
        if day not in self._standards:
            self._standards[day] = Standard.load(day, self._overrides)
        return self._standards[day]

    def _share(self, row: int, months: int) -> int:
        """The part of a payment that so many of its months make, fen."""
        amount, paid = self.payments.column("amount")[row], self._months(row)
        return int(amount * min(months, paid) // paid if paid else amount)
