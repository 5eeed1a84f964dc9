"""待认款: money that came in for nobody known, listed with who it may be, and claimed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name
from zhubao.core.money import format_yuan, yuan
from zhubao.core.period import Month
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import Formats
from zhubao.ledger.arrears import Receipt, SuspenseReceipt, SuspenseStatus
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.rent.receipts.accounts import PaymentEffect, RentAccounts
from zhubao.rent.receipts.directory import Directory
from zhubao.rent.receipts.household import resolve_household
from zhubao.rent.receipts.lines import StatementLine
from zhubao.rent.receipts.matching import Match, match_line
from zhubao.rent.receipts.numbers import next_number
from zhubao.rent.receipts.receiving import (
    ReceiptOrder,
    allotment_table,
    applicant_of,
    balance_note,
    receipt_findings,
    refuse_reversal,
)
from zhubao.rent.receipts.rows import (
    CLAIMED,
    DEFAULT_METHOD,
    FIRST_RECEIPT,
    add_receipts,
    own_numbers,
    scrubbed,
)
from zhubao.rent.receipts.signs import NumberFinder, names_in
from zhubao.rent.receipts.statement_import import suspense_number


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of 待认款 to be booked to a household."""

    row: int
    suspense_no: str
    household: str
    day: dt.date  # the day of the claim
    month: Month | None
    receipt_no: str
    amount: int
    allotment: PaymentEffect
    applicant: str
    as_of: dt.date
    findings: tuple[Finding, ...] = ()


def suspense_report(
    loaded: Loaded, as_of: dt.date, *, bureau: str = "", findings: tuple[Finding, ...] = ()
) -> Report:
    """The open rows, the oldest first, each with days waiting and who it may be by now.

    Rows that came in after `as_of` are listed too, with no days. Needs what `sort_lines` needs.
    """
    table = loaded.get(SuspenseReceipt)
    directory = Directory(loaded, RentAccounts(loaded, as_of))
    open_rows = [row for row, status in enumerate(table.column("status")) if _is_open(status)]
    days = table.column("received_on")
    open_rows.sort(key=lambda row: (days[row] or dt.date.max, row))
    rows = [_row(table.values(row), row, loaded, as_of, directory) for row in open_rows]
    total = sum(row.values[2] or 0 for row in rows)
    others = len(table) - len(open_rows)
    notes = (
        f"待认领 {len(rows)} 笔，共 {format_yuan(total)} 元；已认领或已退回 {others} 笔",
        "认领：zhubao rent suspense --claim 挂账编号 --household 家庭编号",
    )
    columns = (
        Column("suspense_no", "挂账编号", ValueKind.IDENTITY),
        Column("received_on", "收款日期", ValueKind.DATE),
        Column("amount", "金额", ValueKind.MONEY),
        Column("days", "已挂天数", ValueKind.COUNT),
        Column("candidates", "可能是"),
        Column("payer", "付款人", level=2),
        Column("memo", "摘要", level=2, width=30),
        Column("reason", "说明", level=2, width=36),
        Column("source", "来源", level=3),
    )
    totals = ("合计", None, total, *([None] * (len(columns) - 3)))
    listed = Table("suspense", "待认款", columns, rows, totals, frozenset({"amount"}))
    return Report(
        code="rent.suspense",
        title="待认款",
        bureau=bureau,
        as_of=as_of,
        tables=(listed,),
        notes=notes,
        findings=findings,
        facts={"open": len(rows), "amount": yuan(total), "closed": others},
    )


def claim(
    suspense_no: str,
    household: str,
    loaded: Loaded,
    as_of: dt.date,
    *,
    day: dt.date | None = None,
    month: Month | None = None,
) -> Claim:
    """Work out a claim: the money counts from the day it came in, under the bank's own number.

    `day` is the day of the claim; without it `as_of`, or the day the money came in where that is
    later. Raises `UsageError` for a number that is not in 待认款, one already claimed or returned,
    a row without day or amount, a claim before the money, an unknown household, and a reversal of
    more than it ever paid.
    """
    table = loaded.get(SuspenseReceipt)
    row = _row_of(suspense_no, loaded)
    values = table.values(row)
    if values["received_on"] is None or values["amount"] is None:
        raise UsageError(
            f"{values['suspense_no']} 没有收款日期或金额，不能认领",
            where=str(table.row_cell(row)),
            advice="请先在待认款表里改正这一行。",
        )
    owner = resolve_household(household, loaded)
    received, amount = values["received_on"], int(values["amount"])
    on = _claim_day(day or max(as_of, received), received)
    accounts = RentAccounts(loaded, max(as_of, received))
    refuse_reversal(amount, owner, accounts)
    return Claim(
        row=row,
        suspense_no=str(values["suspense_no"]),
        household=owner,
        day=on,
        month=month,
        receipt_no=_receipt_no(values["source"], loaded),
        amount=amount,
        allotment=accounts.with_payment(owner, received, amount, month),
        applicant=applicant_of(owner, loaded),
        as_of=max(as_of, received),
        findings=receipt_findings(
            ReceiptOrder(owner, amount, received, month), loaded, accounts, max(as_of, received)
        ),
    )


def claim_change(claimed: Claim, loaded: Loaded, formats: Formats) -> Change:
    """A row of 实收, and the row of 待认款 marked as claimed."""
    table = loaded.get(SuspenseReceipt)
    values = table.values(claimed.row)
    title = f"认领 {claimed.suspense_no}：{claimed.household} {format_yuan(claimed.amount)} 元"
    plan = Plan(title, loaded, formats)
    receipt = {
        "receipt_no": claimed.receipt_no,
        "household_no": claimed.household,
        "received_on": values["received_on"],
        "amount": claimed.amount,
        "month": claimed.month,
        "method": DEFAULT_METHOD,
        "payer": values["payer"],
        "remark": f"{CLAIMED}{claimed.suspense_no} 认领",
    }
    add_receipts(plan, loaded.get(Receipt), [receipt])
    plan.put(table, claimed.row, "status", SuspenseStatus.CLAIMED)
    plan.put(table, claimed.row, "household_no", claimed.household)
    plan.put(table, claimed.row, "claimed_on", claimed.day)
    return plan.build()


def claim_report(claimed: Claim, *, bureau: str = "") -> Report:
    """What the claimed money pays."""
    after, before = claimed.allotment.after, claimed.allotment.before
    notes = (
        f"{claimed.suspense_no} 的 {format_yuan(claimed.amount)} 元记到 {claimed.household} "
        f"{mask_name(claimed.applicant)}，收据号 {claimed.receipt_no}",
        balance_note(before, after),
    )
    return Report(
        code="rent.suspense.claim",
        title="认领待认款",
        bureau=bureau,
        as_of=claimed.as_of,
        tables=(allotment_table(claimed.allotment, "这笔款抵哪些月"),),
        notes=notes,
        findings=claimed.findings,
        facts={
            "suspense_no": claimed.suspense_no,
            "household": claimed.household,
            "receipt_no": claimed.receipt_no,
            "amount": yuan(claimed.amount),
            "owed_after": yuan(after.owed),
            "credit_after": yuan(after.credit),
        },
    )


def _is_open(status: SuspenseStatus | None) -> bool:
    """A row without a readable status has not been dealt with either."""
    return status is None or status is SuspenseStatus.OPEN


def _claim_day(day: dt.date, received: dt.date) -> dt.date:
    if day < received:
        raise UsageError(
            f"认领日期 {day.isoformat()} 早于收款日期 {received.isoformat()}",
            advice="请核对 --date。",
        )
    return day


def _receipt_no(source: str | None, loaded: Loaded) -> str:
    """The bank's own number; the ledger's next where there is none or it is taken."""
    number = suspense_number(source)
    if number and number not in loaded.get(Receipt).column("receipt_no"):
        return number
    return next_number(own_numbers(loaded), FIRST_RECEIPT)


def _row_of(suspense_no: str, loaded: Loaded) -> int:
    table = loaded.get(SuspenseReceipt)
    numbers = table.column("suspense_no")
    wanted = NumberFinder({number: number for number in numbers if number}).owner(suspense_no)
    if wanted is None:
        raise UsageError(
            f"待认款里没有 {suspense_no}", advice="用 zhubao rent suspense 查看挂账编号。"
        )
    row = numbers.index(wanted)
    status = table.column("status")[row]
    if not _is_open(status):
        raise UsageError(
            f"{wanted} {status.value}，不能再认领",
            where=str(table.cell(row, "status")),
            advice="请核对挂账编号；认错的，用 zhubao undo 撤销那次认领。",
        )
    return row


def _row(
    values: dict[str, object], row: int, loaded: Loaded, as_of: dt.date, directory: Directory
) -> Row:
    table = loaded.get(SuspenseReceipt)
    received, amount = values["received_on"], values["amount"]
    payer, memo = str(values["payer"] or ""), str(values["memo"] or "")
    match = Match.nobody()
    days = None
    if isinstance(received, dt.date):
        days = max((as_of - received).days, 0)
        if isinstance(amount, int):
            place = table.row_cell(row)
            match = match_line(
                StatementLine(place, received, amount, payer=payer, memo=memo), directory
            )
    likely = (match.household,) if match.household else match.candidates
    return Row(
        (
            values["suspense_no"],
            received,
            amount,
            days,
            "、".join(likely),
            mask_name(payer),
            scrubbed(memo, (payer, *names_in(memo, directory.people))),
            match.reason or values["reason"],
            values["source"],
        ),
        (table.row_cell(row),),
    )
