"""The rows of 发放 that a roll adds, and what becomes of them at the bank."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding
from zhubao.core.masking import mask_account
from zhubao.core.money import format_yuan
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment
from zhubao.ledger.table import LedgerTable
from zhubao.subsidy.rental import kinds
from zhubao.subsidy.rental.quarters import label_of, months_of, span_of
from zhubao.subsidy.rental.roll import Line, Roll, digits_of
from zhubao.subsidy.rental.rules import Overrides, last_payment_day

_CAN_DO_WITHOUT = ("months", "payee", "bank_account", "remark")


def roll_change(roll: Roll, formats: Formats) -> Change:
    """One row of 发放, 待发放, for every line of the roll."""
    title = f"发放 {roll.order.quarter.label} 租赁补贴：{roll.roll_no}，{len(roll.lines)} 户"
    plan = Plan(title, roll.loaded, formats)
    table = roll.loaded.get(SubsidyPayment)
    letters = table.segments[-1].letters if table.segments else SubsidyPayment.model_fields
    absent = [name for name in _CAN_DO_WITHOUT if name not in letters]
    rows = [
        {name: value for name, value in _row(roll, line).items() if name not in absent}
        for line in roll.lines
    ]
    plan.add(table, rows)
    if absent and rows:
        fields = SubsidyPayment.model_fields
        headers = "、".join(column_info(fields[name]).header for name in absent)
        plan.note(f"发放表没有这些列，不写：{headers}")
    if rows:
        plan.note(f"合计 {format_yuan(roll.total)} 元，状态“待发放”")
    return plan.build()


def _row(roll: Roll, line: Line) -> dict[str, Any]:
    grants, account = roll.loaded.get(SubsidyGrant), roll.account_of(line)
    remarks = []
    if len(line.months) < len(months_of(roll.order.quarter)):
        remarks.append(f"发放月份 {'、'.join(map(str, line.months))}")
    if roll.is_late:
        remarks.append(f"逾期发放：{roll.order.late.strip()}")
    return {
        "payment_no": line.payment_no,
        "roll_no": roll.roll_no,
        "grant_no": grants.column("grant_no")[line.index],
        "household_no": grants.column("household_no")[line.index],
        "quarter": label_of(roll.order.quarter),
        "months": len(line.months),
        "amount": line.amount,
        "status": PaymentStatus.PENDING,
        "payee": account.payee or None,
        "bank_account": account.number,
        "remark": "；".join(remarks) or None,
    }


@dataclass(frozen=True, slots=True)
class Settled:
    """Payments whose state changes: rows of 发放, and what could not be matched."""

    loaded: Loaded
    title: str
    rows: tuple[int, ...]
    values: tuple[dict[str, Any], ...]  # per row: field → new value
    findings: tuple[Finding, ...] = ()

    @property
    def amount(self) -> int:
        """The sum of the payments concerned, fen."""
        amounts = self.loaded.get(SubsidyPayment).column("amount")
        return sum(amounts[row] or 0 for row in self.rows)


def mark_paid(
    loaded: Loaded,
    roll_no: str,
    on: dt.date,
    voucher: str = "",
    *,
    overrides: Overrides = None,
) -> Settled:
    """The 待发放 payments of a roll become 已发放 on the day.

    Those 银行退回 meanwhile stay so. A day after the year's last day of payment is a finding.
    Raises `UsageError` for an unknown roll.
    """
    table = loaded.get(SubsidyPayment)
    rows = [row for row, number in enumerate(table.column("roll_no")) if number == roll_no]
    if not rows:
        raise UsageError(f"发放表里没有批次 {roll_no}", advice="请核对 --paid 的批次号。")
    states = table.column("status")
    pending = tuple(row for row in rows if states[row] is PaymentStatus.PENDING)
    values: dict[str, Any] = {"status": PaymentStatus.PAID, "paid_on": on}
    if voucher:
        values["voucher_no"] = voucher
    title = f"发放批次 {roll_no} 到账：{len(pending)} 笔"
    findings = _late(table, pending, on, overrides)
    return Settled(loaded, title, pending, (values,) * len(pending), findings)


def _late(
    table: LedgerTable[SubsidyPayment], rows: Sequence[int], on: dt.date, overrides: Overrides
) -> tuple[Finding, ...]:
    found = []
    for text in dict.fromkeys(table.column("quarter")[row] for row in rows):
        quarter = span_of(text)
        deadline = last_payment_day(quarter, overrides) if quarter else None
        if quarter is not None and deadline is not None and on > deadline:
            words = {"quarter": quarter.title, "deadline": deadline, "day": on}
            found.append(kinds.PAYMENT_LATE.at(None, **words))
    return tuple(found)


def returned_of(table: LedgerTable[SubsidyPayment]) -> list[Returned]:
    """The rows of a bank's list that name a payment, or an account; 备注 is the bank's reason."""
    found = []
    for index in range(len(table)):
        values = table.values(index)
        if values["payment_no"] or values["bank_account"]:
            found.append(
                Returned(
                    payment_no=values["payment_no"] or "",
                    account=values["bank_account"] or "",
                    amount=values["amount"],
                    reason=values["remark"] or "",
                    where=table.row_cell(index),
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class Returned:
    """One payment the bank sent back: by its number, or by account and amount."""

    payment_no: str = ""
    account: str = ""
    amount: int | None = None
    reason: str = ""
    where: Cell | None = None


def mark_bounced(
    loaded: Loaded, returned: Sequence[Returned], on: dt.date, reason: str = "", roll_no: str = ""
) -> Settled:
    """The payments become 银行退回, the reason and the day in their remark.

    One that is 银行退回 already is left as it is, so that the same list may come twice. A payment
    is found by its number; without one by account and amount, where one payment (of `roll_no`,
    where given) fits. What fits none or several, or was 已追回, is a finding.
    """
    table = loaded.get(SubsidyPayment)
    finder = _Finder(table, roll_no)
    rows: list[int] = []
    values: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for one in returned:
        row, why = finder.find(one)
        if row is None:
            what = one.payment_no or mask_account(one.account) or "这一行"
            findings.append(kinds.BOUNCE_UNMATCHED.at(one.where, what=what, why=why))
            continue
        if row in rows or table.column("status")[row] is PaymentStatus.BOUNCED:
            continue
        rows.append(row)
        values.append(_bounced(table, row, on, one.reason or reason))
    title = f"登记银行退回：{len(rows)} 笔"
    return Settled(loaded, title, tuple(rows), tuple(values), tuple(findings))


def settle_change(settled: Settled, formats: Formats) -> Change:
    """The new states in 发放."""
    plan = Plan(settled.title, settled.loaded, formats)
    table = settled.loaded.get(SubsidyPayment)
    for row, values in zip(settled.rows, settled.values, strict=True):
        for name, value in values.items():
            plan.put(table, row, name, value)
    if settled.rows:
        plan.note(f"合计 {format_yuan(settled.amount)} 元")
    return plan.build()


def _bounced(
    table: LedgerTable[SubsidyPayment], row: int, on: dt.date, reason: str
) -> dict[str, Any]:
    words = f"{on} 银行退回：{reason.strip() or '原因未注明'}"
    before = table.column("remark")[row]
    return {
        "status": PaymentStatus.BOUNCED,
        "remark": f"{before}；{words}" if before else words,
    }


class _Finder:
    """Payments by number, and by account and amount."""

    def __init__(self, table: LedgerTable[SubsidyPayment], roll_no: str) -> None:
        self._table, self._roll_no = table, roll_no
        self._by_number: defaultdict[str, list[int]] = defaultdict(list)
        self._by_account: defaultdict[str, list[int]] = defaultdict(list)
        rolls = table.column("roll_no")
        pairs = zip(table.column("payment_no"), table.column("bank_account"), strict=True)
        for row, (number, account) in enumerate(pairs):
            if roll_no and rolls[row] != roll_no:
                continue
            if number:
                self._by_number[number].append(row)
            if account:
                self._by_account[digits_of(account)].append(row)

    def find(self, one: Returned) -> tuple[int | None, str]:
        """(row, "") or (None, why not)."""
        rows = (
            self._by_number.get(one.payment_no, [])
            if one.payment_no
            else self._of_account(digits_of(one.account), one.amount)
        )
        states = self._table.column("status")
        if len(rows) > 1:
            # An account is paid every quarter: what may still come back is what is not settled.
            pending = [row for row in rows if states[row] is PaymentStatus.PENDING]
            rows = pending or rows
        if len(rows) != 1:
            among = f"在批次 {self._roll_no} 里" if self._roll_no else "在发放表里"
            return None, f"{among}{'有几笔，分不清是哪一笔' if rows else '找不到'}"
        if states[rows[0]] is PaymentStatus.RECOVERED:
            return None, "已经追回，不会再退回"
        return rows[0], ""

    def _of_account(self, account: str, amount: int | None) -> list[int]:
        amounts = self._table.column("amount")
        rows = self._by_account.get(account, []) if account else []
        return [row for row in rows if amount is None or amounts[row] == amount]
