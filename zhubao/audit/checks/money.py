"""资金: rent received against what was paid on, and charges (AU-801 to AU-803, AU-806)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.indexes.remitted import Remitted, remitted
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit
from zhubao.rent.postings import usable_rows

_RULES = "《公共租赁住房管理办法》"
_CELLS = 12


@audit_check(
    "AU-801",
    "租金收取后没有上缴",
    Family.MONEY,
    IssueKind.RENT_UNREMITTED,
    Severity.WARNING,
    "{owner}房源 {months} 收租 {received} 元，已汇缴 {paid} 元，少缴 {amount} 元，"
    "汇缴期限 {deadline} 已过",
    "核对银行对账单和汇缴凭证：已缴的补记汇缴，未缴的立即上缴",
    basis=f"{_RULES}第二十二条（收支两条线）",
    needs=(Receipt, Lease, Unit),
    bad="市级房源 2020-02 收租 2,000.00 元，没有所属 2020-02 的汇缴",
    good="市级房源 2020-02 收租 2,000.00 元，2020-03-12 汇缴 2,000.00 元",
)
def rent_held_back(facts: Facts) -> Iterator[Hit]:
    """Per owner and stretch of months: received less remitted for them, when the time is up.

    City-owned units, and district-owned ones where remittances of them are kept. Due policy
    audit.remit_days after the last month's end. A difference no larger than the receipts of
    households that moved to another owner's unit is none: which owner they belong to depends on
    the day one looks at.
    """
    grace = dt.timedelta(days=facts.once(dated).count("audit.remit_days"))
    for one in facts.once(remitted):
        deadline = one.span.last.last_day + grace
        if one.short > 0 and deadline < facts.as_of:
            yield _remit_hit(one, one.span.left, {"deadline": deadline})


@audit_check(
    "AU-802",
    "上缴多于收取",
    Family.MONEY,
    IssueKind.RECORDS,
    Severity.NOTICE,
    "{owner}房源 {months} 收租 {received} 元，汇缴 {paid} 元，多 {amount} 元",
    "核对汇缴的所属期间：补缴以前期间的改写所属期间，多缴的申请抵缴",
    basis="审计常规核对：汇缴与实收按所属期间一致",
    needs=(Receipt, Lease, Unit),
    bad="市级房源 2020-02 收租 2,000.00 元，所属 2020-02 的汇缴 2,500.00 元",
    good="所属 2020-02 的汇缴与当月实收相同",
)
def remitted_too_much(facts: Facts) -> Iterator[Hit]:
    """More remitted for a stretch of months than received in it, beyond what movers explain."""
    for one in facts.once(remitted):
        if one.over > 0:
            yield _remit_hit(one, -one.span.left, {})


@audit_check(
    "AU-803",
    "应收与公式不符",
    Family.MONEY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who} {month} 的应收 {number}：标准租金 {standard} 减去减免 {reduction} 应为 {expected} 元，"
    "填了 {found} 元，{differs} {amount} 元",
    "核对标准租金、减免和应收，改正填错的一个，多收的退还，少收的补收",
    basis="应收金额 ＝ 标准租金 － 减免租金；审计常规核对",
    needs=(Charge,),
    bad="标准租金 180.00，减免 24.00，应收 160.00",
    good="标准租金 180.00，减免 24.00，应收 156.00",
)
def charge_off_its_formula(facts: Facts) -> Iterator[Hit]:
    """standard - reduction ≠ amount, to the fen; an empty reduction is zero, an empty standard no
    ground for a lead."""
    table, people = facts.loaded.get(Charge), facts.once(households)
    standards, reliefs = table.column("standard"), table.column("reduction")
    amounts, months, numbers = (table.column(n) for n in ("amount", "month", "charge_no"))
    unread = table.bad.get("reduction", set()) | table.bad.get("standard", set())
    for row in usable_rows(table):
        if standards[row] is None or row in unread or months[row].first_day > facts.as_of:
            continue
        expected = standards[row] - (reliefs[row] or 0)
        gap = amounts[row] - expected
        if not gap:
            continue
        household = table.column("household_no")[row]
        words = {
            "who": people.label(household),
            "month": months[row],
            "number": numbers[row] or "（编号空着）",
            "standard": format_yuan(standards[row]),
            "reduction": format_yuan(reliefs[row] or 0),
            "expected": format_yuan(expected),
            "found": format_yuan(amounts[row]),
            "differs": "多收" if gap > 0 else "少收",
            "amount": format_yuan(abs(gap)),
        }
        cells = tuple(table.cell(row, name) for name in ("amount", "standard", "reduction"))
        key = (str(months[row]), numbers[row] or "")
        unit = table.column("unit_no")[row] or ""
        subject = people.subject(household)
        yield Hit(cells, words, unit=unit, amount=abs(gap), key=key, **subject)


@audit_check(
    "AU-806",
    "同月重复计租",
    Family.MONEY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}{unit} {month} 有 {count} 笔应收（{numbers}），共 {total} 元，重复计 {amount} 元",
    "核对合同：重复记的冲销一笔，补差的在备注里写明",
    basis="审计常规核对：每户每房源每月一笔应收，更正用负数",
    needs=(Charge,),
    bad="同一户同一房源 2020-03 有两笔 180.00 的应收",
    good="同一户 2020-03 有 180.00 和更正 -180.00、200.00",
)
def charged_twice(facts: Facts) -> Iterator[Hit]:
    """The same amount charged more than once for one household, unit and month.

    Charges below zero (corrections) each take one of the same amount back. Two part months of a
    renewal differ in amount or lease and are no lead. Amount: what is charged beyond once.
    """
    table, people = facts.loaded.get(Charge), facts.once(households)
    for (number, unit, _, month, amount), rows in _alike(facts).items():
        numbers = [table.column("charge_no")[row] or "（编号空着）" for row in rows]
        extra = amount * (len(rows) - 1)
        words = {
            "who": people.label(number),
            "unit": f"（房源 {unit}）" if unit else "",
            "month": month,
            "count": len(rows),
            "numbers": "、".join(numbers[:4]),
            "total": format_yuan(amount * len(rows)),
            "amount": format_yuan(extra),
        }
        cells = tuple(table.cell(row, "amount") for row in rows[:_CELLS])
        key, subject = (str(month), str(amount)), people.subject(number)
        yield Hit(cells, words, unit=unit or "", amount=extra, key=key, **subject)


_Bill = tuple[str, str | None, str | None, Month, int]  # household, unit, lease, month, amount


def _alike(facts: Facts) -> dict[_Bill, list[int]]:
    """Charges alike in all of it, more than one after corrections are taken off."""
    table = facts.loaded.get(Charge)
    columns = [table.column(n) for n in ("household_no", "unit_no", "lease_no", "month", "amount")]
    first: dict[_Bill, int] = {}
    found: defaultdict[_Bill, list[int]] = defaultdict(list)
    back: defaultdict[_Bill, int] = defaultdict(int)
    for row in usable_rows(table):
        number, unit, lease, month, amount = (column[row] for column in columns)
        key = (number, unit, lease, month, abs(amount))
        if amount < 0:
            back[key] += 1
        elif amount > 0 and first.setdefault(key, row) != row:
            found[key].append(row)
    pairs = {key: [first[key], *rows] for key, rows in found.items()}
    kept = {key: rows[: len(rows) - back[key]] for key, rows in pairs.items()}
    return {
        key: rows for key, rows in kept.items() if len(rows) > 1 and key[3].first_day <= facts.as_of
    }


def _remit_hit(one: Remitted, amount: int, words: dict[str, object]) -> Hit:
    """A lead on a stretch of months: the remittances first, then the largest receipts."""
    said = {
        "owner": one.owner,
        "months": one.title,
        "received": format_yuan(one.span.received),
        "paid": format_yuan(one.span.received - one.span.left),
        "amount": format_yuan(amount),
    }
    key = (one.owner, str(one.span.first))
    return Hit(cells=one.cells, words={**said, **words}, amount=amount, key=key)
