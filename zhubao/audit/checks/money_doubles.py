"""资金: receipts that may be one, and money nobody has claimed (AU-812, AU-817, AU-818)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.masking import mask_name
from zhubao.core.money import format_yuan
from zhubao.ledger.arrears import Receipt, SuspenseReceipt, SuspenseStatus
from zhubao.ledger.audit import IssueKind
from zhubao.rent.postings import usable_rows

_PRACTICE = "审计常规核对：每笔收款有据、入户、按时入账"
_CELLS = 12
_Key = TypeVar("_Key")


@audit_check(
    "AU-812",
    "收据号重复",
    Family.MONEY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "收据号 {number} 用了 {count} 次（{who}），金额 {amounts} 元",
    "对照收据存根：重复登记的删去一笔，写错号的改正，一号两用的追查票据",
    basis="审计常规核对：一个收据号只对应一笔收款",
    needs=(Receipt,),
    bad="两笔收款的收据号都是 SJ0000012",
    good="每笔收款各有收据号；冲正可用原收据号",
)
def receipt_number_twice(facts: Facts) -> Iterator[Hit]:
    """One receipt number on two receipts; an amount and its own reversal are one receipt."""
    table, people = facts.loaded.get(Receipt), facts.once(households)
    numbers, amounts = table.column("receipt_no"), table.column("amount")
    owners = table.column("household_no")
    for number, rows in _repeated(numbers).items():
        kept = _without_reversals([row for row in rows if amounts[row] is not None], amounts)
        if len(kept) < 2:
            continue
        who = sorted({owners[row] or "" for row in kept})
        words = {
            "number": number,
            "count": len(kept),
            "who": "、".join(people.label(one) for one in who[:3]),
            "amounts": "、".join(format_yuan(amounts[row]) for row in kept[:4]),
        }
        cells = tuple(table.cell(row, "receipt_no") for row in kept[:_CELLS])
        extra = sum(amounts[row] for row in kept[1:])
        subject = people.subject(who[0] if len(who) == 1 else None)
        yield Hit(cells, words, amount=max(extra, 0), key=(number,), **subject)


@audit_check(
    "AU-817",
    "待认款长期挂账",
    Family.MONEY,
    IssueKind.FUNDS_HELD_BACK,
    Severity.WARNING,
    "挂账 {number}（{payer}，{day} 收到）{amount} 元，已 {days} 日没有认领，也没有退回",
    "按付款人、摘要查找家庭入账；确实认不出的退回或按规定上缴",
    basis=_PRACTICE,
    needs=(SuspenseReceipt,),
    bad="2020-03-10 挂账 480.50，截止 2020-06-30 仍“待认领”",
    good="2020-03-10 挂账，2020-03-20 已认领",
)
def suspense_left_open(facts: Facts) -> Iterator[Hit]:
    """Money in suspense longer than policy audit.suspense_days, on the day neither claimed nor
    given back."""
    table, limit = facts.loaded.get(SuspenseReceipt), facts.once(dated).count("audit.suspense_days")
    days, states = table.column("received_on"), table.column("status")
    claimed, amounts = table.column("claimed_on"), table.column("amount")
    payers, numbers = table.column("payer"), table.column("suspense_no")
    for row in table.usable("received_on", "amount", "status"):
        later = claimed[row] is not None and claimed[row] > facts.as_of
        waiting, old = states[row] is SuspenseStatus.OPEN or later, facts.as_of - days[row]
        if amounts[row] <= 0 or not waiting or old.days <= limit:
            continue
        words = {
            "number": numbers[row] or "（编号空着）",
            "payer": mask_name(payers[row]) if payers[row] else "付款人不明",
            "day": days[row],
            "amount": format_yuan(amounts[row]),
            "days": old.days,
        }
        cells = tuple(table.cell(row, name) for name in ("status", "amount", "received_on"))
        key = (numbers[row] or f"{days[row]} {amounts[row]}",)
        yield Hit(cells, words, person=payers[row] or "", amount=amounts[row], key=key)


@audit_check(
    "AU-818",
    "疑似重复登记的收款",
    Family.MONEY,
    IssueKind.RECORDS,
    Severity.NOTICE,
    "{who}在 {day} 有 {count} 笔同额收款（收据 {numbers}），每笔 {each} 元",
    "对照收据存根和银行流水：确是两笔的不用处理，同一笔记了两次的冲正一笔",
    basis=_PRACTICE,
    needs=(Receipt,),
    bad="同一户 2020-05-12 有两笔 480.50 的收款",
    good="同一户 2020-05-12 只有一笔 480.50 的收款",
)
def receipt_booked_twice(facts: Facts) -> Iterator[Hit]:
    """The same household, day, amount and named month on receipts of different numbers.

    Two payments of one amount are possible, so it is a notice.
    """
    table, people = facts.loaded.get(Receipt), facts.once(households)
    names = ("household_no", "received_on", "amount", "month")
    columns = [table.column(name) for name in names]
    kept = [row for row in usable_rows(table) if columns[1][row] <= facts.as_of]
    keys = [tuple(column[row] for column in columns) for row in kept]
    numbers = table.column("receipt_no")
    for (number, day, amount, month), places in _repeated(keys).items():
        rows = [kept[place] for place in places]
        if amount <= 0 or len({numbers[row] for row in rows}) < len(rows):
            continue
        words = {
            "who": people.label(number),
            "day": day,
            "count": len(rows),
            "numbers": "、".join(str(numbers[row]) for row in rows[:4]),
            "each": format_yuan(amount),
        }
        cells = tuple(table.cell(row, "amount") for row in rows[:_CELLS])
        key = (str(day), str(amount), str(month or ""))
        extra = amount * (len(rows) - 1)
        yield Hit(cells, words, amount=extra, key=key, **people.subject(number))


def _repeated(values: Sequence[_Key | None]) -> dict[_Key, list[int]]:
    """Value → its places, of those that stand more than once; empty ones are passed over."""
    first: dict[_Key, int] = {}
    found: defaultdict[_Key, list[int]] = defaultdict(list)
    for place, value in enumerate(values):
        if value is not None and first.setdefault(value, place) != place:
            found[value].append(place)
    return {value: [first[value], *places] for value, places in found.items()}


def _without_reversals(rows: list[int], amounts: Sequence[int]) -> list[int]:
    """The rows left when each amount below zero has taken one of the same size back."""
    left: list[int] = []
    for row in rows:
        match = next((one for one in left if amounts[one] == -amounts[row]), None)
        if match is None:
            left.append(row)
        else:
            left.remove(match)
    return left
