"""The rows that an import adds to 实收 and 待认款."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from zhubao.core.masking import mask_account, mask_name, mask_numbers
from zhubao.core.money import format_yuan
from zhubao.core.theme import Formats
from zhubao.ledger.arrears import Receipt, SuspenseReceipt, SuspenseStatus
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.table import LedgerTable
from zhubao.rent.receipts.numbers import IMPORTED, following, imported_from, next_number
from zhubao.rent.receipts.statement_import import SOURCE_NUMBER, ImportResult, Outcome, Sorted

Row = dict[str, Any]
CLAIMED = "由待认款 "
FIRST_RECEIPT, FIRST_SUSPENSE = "SJ0000001", "GZ0001"
DEFAULT_METHOD = "银行转账"

_FROM_LIST = re.compile(f"{IMPORTED}|{CLAIMED}")
_CAN_DO_WITHOUT = ("method", "payer", "remark")  # written where the sheet has the column
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[0-9]{16,19}(?![0-9])")


def import_change(
    result: ImportResult, loaded: Loaded, formats: Formats, method: str = DEFAULT_METHOD
) -> Change:
    """Certain lines go to 实收, unknown ones to 待认款; nothing else is written."""
    booked, waiting = result.of(Outcome.BOOKED), result.of(Outcome.SUSPENSE)
    plan = Plan(
        f"导入 {result.statement.file}：入账 {len(booked)} 笔，转待认款 {len(waiting)} 笔",
        loaded,
        formats,
    )
    add_receipts(plan, loaded.get(Receipt), [_receipt(one, method) for one in booked])
    plan.add(loaded.get(SuspenseReceipt), _suspense_rows(waiting, loaded))
    total = format_yuan(result.total(Outcome.BOOKED))
    put_aside = format_yuan(result.total(Outcome.SUSPENSE))
    plan.note(f"入账 {total} 元，转待认款 {put_aside} 元")
    return plan.build()


def add_receipts(plan: Plan, table: LedgerTable[Receipt], rows: Iterable[Row]) -> None:
    """Put receipts in; remarks, payers and methods only where the sheet has such a column.

    A month or anything else without its column is refused by the plan.
    """
    letters = table.segments[-1].letters if table.segments else Receipt.model_fields
    absent = [name for name in _CAN_DO_WITHOUT if name not in letters]
    kept = [
        {name: value for name, value in row.items() if name not in absent and _needed(name, value)}
        for row in rows
    ]
    plan.add(table, kept)
    if absent and kept:
        headers = "、".join(column_info(Receipt.model_fields[name]).header for name in absent)
        plan.note(f"实收表没有这些列，没有写：{headers}")


def own_numbers(loaded: Loaded) -> list[str | None]:
    """The receipt numbers of the ledger's own series: without those that came with a list."""
    table = loaded.get(Receipt)
    pairs = zip(table.column("receipt_no"), table.column("remark"), strict=True)
    return [number for number, remark in pairs if not _FROM_LIST.search(remark or "")]


def scrubbed(text: str, names: Iterable[str] = ()) -> str:
    """Text for a remark or the screen: names of the line, identity, phone and account numbers
    starred."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    return _ACCOUNT.sub(lambda found: mask_account(found[0]), mask_numbers(text))


def _needed(name: str, value: Any) -> bool:
    return value is not None or name != "month"


def _receipt(one: Sorted, method: str) -> Row:
    line = one.line
    words = [scrubbed(line.memo, one.names), imported_from(line.place)]
    if line.amount < 0:
        words.insert(0, one.match.reason)
    return {
        "receipt_no": one.number,
        "household_no": one.match.household,
        "received_on": line.day,
        "amount": line.amount,
        "month": line.month,
        "method": line.method or method,
        "payer": line.payer or None,
        "remark": "；".join(filter(None, words)),
    }


def _suspense_rows(waiting: list[Sorted], loaded: Loaded) -> list[Mapping[str, Any]]:
    taken = loaded.get(SuspenseReceipt).column("suspense_no")
    numbers = following(next_number(taken, FIRST_SUSPENSE), len(waiting))
    return [_suspense(one, number) for one, number in zip(waiting, numbers, strict=True)]


def _suspense(one: Sorted, number: str) -> Row:
    line = one.line
    tail = f"对方账号 {mask_account(line.account)}" if line.account else None
    return {
        "suspense_no": number,
        "received_on": line.day,
        "amount": line.amount,
        "payer": line.payer or None,
        "memo": line.memo or None,
        "source": f"{line.place} {SOURCE_NUMBER}{one.number}",
        "reason": one.match.reason,
        "status": SuspenseStatus.OPEN,
        "remark": tail,
    }
