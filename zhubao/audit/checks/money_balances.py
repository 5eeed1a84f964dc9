"""资金: the balances of 欠租明细 against its own figures and the postings (AU-804, AU-805)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.debts import arrears
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan
from zhubao.ledger.arrears import ArrearsLine
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.tenants import Household
from zhubao.rent.arrears import ArrearsResult, compute_arrears


@audit_check(
    "AU-804",
    "欠租明细本身不平",
    Family.MONEY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}的欠租明细：期初 {opening} ＋ 应收 {charged} － 实收 {received} "
    "－ 减免核销 {written_off} ＝ {expected} 元，结欠填了 {owed} 元，相差 {amount} 元",
    "欠租明细由 zhubao 计算，不要手改；重跑 zhubao rent arrears 刷新，并查明谁改过",
    basis="期末 ＝ 期初 ＋ 应收 － 实收 － 减免核销；审计常规核对",
    needs=(ArrearsLine,),
    bad="期初 100、应收 600、实收 200、减免 0，结欠填 400",
    good="期初 100、应收 600、实收 200、减免 0，结欠 500",
)
def line_does_not_add_up(facts: Facts) -> Iterator[Hit]:
    """A row of 欠租明细 whose figures do not make its closing balance.

    A balance below zero is a credit, for which nothing is owed.
    """
    table, people = facts.loaded.get(ArrearsLine), facts.once(households)
    names = ("opening", "charged", "received", "written_off", "owed")
    columns = [table.column(name) for name in names]
    for row in table.usable("household_no", "as_of", *names):
        opening, charged, received, written_off, owed = (column[row] for column in columns)
        balance = opening + charged - received - written_off
        if owed == max(balance, 0):
            continue
        number = table.column("household_no")[row]
        words = {
            "who": people.label(number),
            **{name: format_yuan(column[row]) for name, column in zip(names, columns, strict=True)},
            "expected": format_yuan(balance),
            "amount": format_yuan(abs(owed - balance)),
        }
        cells = tuple(table.cell(row, name) for name in ("owed", *names[:-1]))
        key, subject = (str(table.column("as_of")[row]),), people.subject(number)
        yield Hit(cells, words, amount=abs(owed - balance), key=key, **subject)


@audit_check(
    "AU-805",
    "余额结转不连续",
    Family.MONEY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}在 {day} 的欠租明细结欠 {found} 元，按应收、实收、减免重新计算是 {right} 元，"
    "{differs} {amount} 元",
    "查明是明细被改，还是以后补记、改动了 {day} 以前的账；核实后重跑 zhubao rent arrears 刷新",
    basis="本期期初 ＝ 上期期末；审计常规核对",
    needs=(ArrearsLine, Household),
    bad="2020-05-31 的明细结欠 500.00，按各表重新计算是 700.00",
    good="明细与重新计算的结欠相同",
)
def balance_not_carried_forward(facts: Facts) -> Iterator[Hit]:
    """The latest 欠租明细 by the day against the same day computed anew from the postings.

    Households that are missing from it, or in it though they owe nothing, are among the leads.
    Amount: the difference.
    """
    table, people = facts.loaded.get(ArrearsLine), facts.once(households)
    numbers, days, owed = (table.column(n) for n in ("household_no", "as_of", "owed"))
    rows = [
        row for row in table.usable("household_no", "as_of", "owed") if days[row] <= facts.as_of
    ]
    if not rows:
        return
    day = max(days[row] for row in rows)
    result = _arrears_on(facts, day)
    right = {
        number: int(result.figures.owed[account])
        for account, number in enumerate(result.books.numbers)
    }
    listed = {numbers[row]: row for row in rows if days[row] == day}
    for number in dict.fromkeys([*listed, *right]):
        row = listed.get(number)
        found, computed = owed[row] if row is not None else 0, right.get(number, 0)
        if found == computed:
            continue
        words = {
            "who": people.label(number),
            "day": day,
            "found": format_yuan(found),
            "right": format_yuan(computed),
            "differs": "多" if found > computed else "少",
            "amount": format_yuan(abs(found - computed)),
        }
        own = () if row is None else (table.cell(row, "owed"), table.cell(row, "as_of"))
        cells = own + people.cells(number) or (table.row_cell(rows[0]),)
        subject = people.subject(number)
        yield Hit(cells, words, amount=abs(found - computed), key=(str(day),), **subject)


def _arrears_on(facts: Facts, day: dt.date) -> ArrearsResult:
    """The arrears on another day; those of the cut-off date are shared."""
    if day == facts.as_of:
        return facts.once(arrears)
    return compute_arrears(facts.loaded, day, overrides=facts.overrides)
