"""资金: single receipts that cannot be right (AU-811, AU-813 to AU-816)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.debts import arrears
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.tenants import Household, Lease
from zhubao.rent.exceptions import ExceptionKind
from zhubao.rent.postings import usable_rows

_PRACTICE = "审计常规核对：每笔收款有据、入户、按时入账"
_CELLS = 12


@audit_check(
    "AU-811",
    "收款查无家庭",
    Family.MONEY,
    IssueKind.FUNDS_HELD_BACK,
    Severity.WARNING,
    "家庭编号 {number} 不在保障家庭表里，有收款 {count} 笔共 {amount} 元",
    "对照收据存根改正家庭编号；认不出是谁缴的转入待认款",
    basis=_PRACTICE,
    needs=(Household, Receipt),
    bad="实收记在 JT9999 名下，保障家庭表里没有 JT9999",
    good="实收的家庭编号都在保障家庭表里",
)
def receipt_of_nobody(facts: Facts) -> Iterator[Hit]:
    """Receipts by the day under a number that 保障家庭 does not have, one lead per number."""
    for item in facts.once(arrears).exceptions:
        if item.kind is ExceptionKind.RECEIPT_UNKNOWN:
            amount = item.amount or 0
            words = {
                "number": item.household_no,
                "count": len(item.cells),
                "amount": format_yuan(amount),
            }
            cells = item.cells[:_CELLS]
            yield Hit(cells, words, household=item.household_no, amount=amount)


@audit_check(
    "AU-813",
    "收款日期在将来",
    Family.MONEY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}的收据 {number} 收款日期 {day}，晚于截止日期 {as_of}，{amount} 元",
    "对照收据存根改正日期，常见的是年份写错",
    basis=_PRACTICE,
    needs=(Receipt,),
    bad="截止 2020-06-30，收款日期 2026-06-12",
    good="收款日期不晚于截止日期",
)
def receipt_from_the_future(facts: Facts) -> Iterator[Hit]:
    """Received after the day. When a past day is replayed (charges go beyond it), only those after
    the last charged month too: what came later is no fault then."""
    table, months = facts.loaded.get(Receipt), facts.loaded.get(Charge).column("month")
    last = max((month for month in months if month is not None), default=None)
    replayed = last is not None and last.first_day > facts.as_of
    limit = last.last_day if last is not None and replayed else facts.as_of
    days = table.column("received_on")
    for row in usable_rows(table):
        if days[row] > limit:
            names = ("received_on", "amount")
            yield _hit(facts, row, names, {"day": days[row], "as_of": facts.as_of})


@audit_check(
    "AU-814",
    "起租之前收款",
    Family.MONEY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}的收据 {number} 收款日期 {day}，首份合同 {start} 才起租，没有以前的欠租，{amount} 元",
    "核对收款日期和家庭编号；属保证金、房款的从实收里转出",
    basis=_PRACTICE,
    needs=(Receipt, Lease),
    bad="首份合同 2020-05-01 起租，收款日期 2020-01-15",
    good="首份合同 2020-05-01 起租，收款日期 2020-04-20",
)
def receipt_before_the_lease(facts: Facts) -> Iterator[Hit]:
    """Received longer before the household's first lease than policy audit.advance_days, and
    nothing was owed or charged from before it."""
    table, leases = facts.loaded.get(Receipt), facts.loaded.get(Lease)
    first: dict[str, dt.date] = {}
    tenants, starts = leases.column("household_no"), leases.column("starts_on")
    for row in leases.usable("household_no", "starts_on"):
        first[tenants[row]] = min(first.get(tenants[row], starts[row]), starts[row])
    most = facts.once(dated).count("audit.advance_days")
    numbers, days = table.column("household_no"), table.column("received_on")
    early = [
        row
        for row in usable_rows(table)
        if (start := first.get(numbers[row])) is not None and (start - days[row]).days > most
    ]
    owing = _owing_before(facts, {numbers[row]: first[numbers[row]] for row in early})
    for row in early:
        if numbers[row] not in owing and table.column("amount")[row] > 0:
            words = {"day": days[row], "start": first[numbers[row]]}
            yield _hit(facts, row, ("received_on", "amount"), words)


@audit_check(
    "AU-815",
    "冲正没有写原因",
    Family.MONEY,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{who}的收据 {number}（{day}）冲正 {amount} 元，没有写原因",
    "查冲正审批和原收据，在备注里补写原因；没有依据的恢复入账",
    basis="审计常规核对：红字冲正须有原因和审批",
    needs=(Receipt,),
    bad="实收 -480.50，备注空着",
    good="实收 -480.50，备注写“冲正 SJ0000012，重复入账”",
)
def reversal_without_reason(facts: Facts) -> Iterator[Hit]:
    """A receipt below zero without a remark."""
    table = facts.loaded.get(Receipt)
    amounts, remarks = table.column("amount"), table.column("remark")
    days = table.column("received_on")
    for row in usable_rows(table):
        if amounts[row] < 0 and days[row] <= facts.as_of and not (remarks[row] or "").strip():
            yield _hit(facts, row, ("amount", "remark", "received_on"), {"day": days[row]})


@audit_check(
    "AU-816",
    "冲正超过已收",
    Family.MONEY,
    IssueKind.FUNDS_DIVERTED,
    Severity.WARNING,
    "{who}的冲正超过该户全部已收，超出 {amount} 元",
    "查每笔冲正对应的原收据和退款去向，冲正有误的撤回",
    basis="审计常规核对：冲正不超过原收款",
    needs=(Household, Receipt),
    bad="该户只收过 200.00，冲正 -480.50",
    good="该户收过 480.50，冲正 -480.50",
)
def reversal_beyond_receipts(facts: Facts) -> Iterator[Hit]:
    """Reversals took back more than was ever received of the household (`rent.settlement`)."""
    people = facts.once(households)
    for item in facts.once(arrears).exceptions:
        if item.kind is ExceptionKind.OVERDRAWN:
            amount = item.amount or 0
            words = {"who": people.label(item.household_no), "amount": format_yuan(amount)}
            cells = item.cells[:_CELLS] + people.cells(item.household_no)
            yield Hit(cells, words, amount=amount, **people.subject(item.household_no))


def _hit(facts: Facts, row: int, names: tuple[str, ...], words: Mapping[str, object]) -> Hit:
    """A lead on one receipt; the amount in the words is without sign."""
    table, people = facts.loaded.get(Receipt), facts.once(households)
    number, household = table.column("receipt_no")[row], table.column("household_no")[row]
    amount, day = table.column("amount")[row], table.column("received_on")[row]
    return Hit(
        cells=tuple(table.cell(row, name) for name in names) + people.cells(household),
        words={
            "who": people.label(household),
            "number": number or "（编号空着）",
            "amount": format_yuan(abs(amount)),
            **words,
        },
        amount=abs(amount),
        key=(number or f"{day} {amount}",),
        **people.subject(household),
    )


def _owing_before(facts: Facts, starts: Mapping[str, dt.date]) -> set[str]:
    """The households that were charged, or had an opening debt, for a month before their start."""
    found = set()
    for table in (facts.loaded.get(OpeningDebt), facts.loaded.get(Charge)):
        numbers, months = table.column("household_no"), table.column("month")
        for row in usable_rows(table) if starts else ():
            start = starts.get(numbers[row])
            if start is not None and months[row].last_day < start:
                found.add(numbers[row])
    return found
