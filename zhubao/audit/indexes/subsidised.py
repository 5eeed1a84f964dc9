"""Grants and payments of rental subsidy by number, and the wrong payments one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.households import households
from zhubao.audit.indexes.payments import wrong_payments
from zhubao.audit.registry import Hit
from zhubao.core.finding import Cell, FindingKind
from zhubao.core.period import Period
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment
from zhubao.subsidy.rental.figures import paid_rows
from zhubao.subsidy.rental.leads import Lead
from zhubao.subsidy.rental.paid import Paid
from zhubao.subsidy.rental.quarters import span_of

QUARTER = 3  # months of a payment whose 发放月数 is empty


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that was made by the day and not given back; `months` is what it was paid for."""

    row: int
    number: str
    grant: str
    household: str
    quarter: Period
    months: int
    amount: int

    def share(self, months: int) -> int:
        """The part of the payment that so many of its months make, fen."""
        return self.amount * min(months, self.months) // self.months if self.months else 0

    @property
    def words(self) -> dict[str, object]:
        """For a message: number, grant, quarter."""
        return {"payment": self.number, "grant": self.grant, "quarter": self.quarter.label}


def grant_rows(facts: Facts) -> Mapping[str, int]:
    """补贴编号 → its first row in 租赁补贴."""
    rows: dict[str, int] = {}
    for row, number in enumerate(facts.loaded.get(SubsidyGrant).column("grant_no")):
        if number:
            rows.setdefault(number, row)
    return rows


def paid_index(facts: Facts) -> Paid:
    """The rows of 发放 by household and grant."""
    return Paid(facts.loaded)


def payments(facts: Facts) -> tuple[Payment, ...]:
    """已发放 by the day; those whose quarter cannot be read are left out (LG-362 says so)."""
    table = facts.loaded.get(SubsidyPayment)
    names = ("payment_no", "grant_no", "household_no", "quarter", "months", "amount", "status")
    numbers, grants, homes, texts, months, amounts, states = (table.column(n) for n in names)
    found = []
    for row in paid_rows(facts.loaded, Period(dt.date.min, facts.as_of)):
        quarter = span_of(texts[row])
        if quarter is None or states[row] is not PaymentStatus.PAID:
            continue
        count = QUARTER if months[row] is None else months[row]
        name = numbers[row] or "（没有编号）"
        grant, home = grants[row] or "", homes[row] or ""
        found.append(Payment(row, name, grant, home, quarter, count, amounts[row]))
    return tuple(found)


def wrongly_paid_as(facts: Facts, kind: FindingKind) -> Iterator[Hit]:
    """One hit per payment that `wrongly_paid` has a finding of this kind for.

    Several findings about one payment (two limits, two other payments) are one: the first is
    told, the largest amount and the cells of all are kept. The words are `what`.
    """
    table, known = facts.loaded.get(SubsidyPayment), facts.once(households)
    grouped: dict[int, list[Lead]] = {}
    for lead in facts.once(wrong_payments):
        if lead.finding.code == kind.code:
            grouped.setdefault(lead.row, []).append(lead)
    for row, leads in grouped.items():
        more = f"（另有 {len(leads) - 1} 处）" if len(leads) > 1 else ""
        values = table.values(row)
        key = tuple(str(values[name] or "") for name in ("payment_no", "grant_no", "quarter"))
        yield Hit(
            _cells(leads),
            {"what": leads[0].finding.message + more},
            **known.subject(values["household_no"]),
            amount=max(lead.amount for lead in leads),
            key=key,
        )


def _cells(leads: Iterable[Lead]) -> tuple[Cell, ...]:
    return tuple(dict.fromkeys(cell for lead in leads for cell in lead.cells))
