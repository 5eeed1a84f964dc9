"""核销: debt given up on an authority's decision, for a reason, and never more than is owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from zhubao.core.errors import UsageError
from zhubao.core.masking import mask_name
from zhubao.core.money import format_yuan, yuan
from zhubao.core.period import Month
from zhubao.core.report import Report
from zhubao.core.theme import Formats
from zhubao.ledger.arrears import Reduction, ReductionKind
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.rent.receipts.accounts import PaymentEffect, RentAccounts
from zhubao.rent.receipts.household import resolve_household
from zhubao.rent.receipts.numbers import next_number
from zhubao.rent.receipts.receiving import (
    allotment_table,
    applicant_of,
    balance_note,
    refuse_old_day,
)
from zhubao.rent.receipts.rows import scrubbed

_FIRST = "JM00001"


@dataclass(frozen=True, slots=True)
class WriteOffOrder:
    """A write-off as the clerk states it; `amount` in fen, None for all that is owed.

    `authority` names the decision (批准文号 or 会议纪要), `reason` says why.
    """

    household: str
    amount: int | None
    day: dt.date
    authority: str
    reason: str
    month: Month | None = None


@dataclass(frozen=True, slots=True)
class WriteOff:
    """The write-off as it will stand in the ledger, and what it does to the account."""

    order: WriteOffOrder
    amount: int
    number: str
    allotment: PaymentEffect
    applicant: str
    as_of: dt.date


def write_off(order: WriteOffOrder, loaded: Loaded, as_of: dt.date) -> WriteOff:
    """Work out one write-off of debts up to `as_of`, or to the day of approval where it is later.

    Without a month it closes the oldest debts first; with one, that month's.

    Raises `UsageError` without authority or reason, for an unknown household, a day before 1990,
    an account with cells that cannot be read, where nothing is owed, and for more than is owed (of
    the month, where one is named).
    """
    refuse_old_day(order.day, "批准日期")
    if not order.authority.strip() or not order.reason.strip():
        raise UsageError(
            "核销要写明批准依据和原因", advice="请加 --authority（批准文号或会议纪要）和 --reason。"
        )
    household = resolve_household(order.household, loaded)
    accounts = RentAccounts(loaded, max(as_of, order.day))
    place = accounts.faulty_cell(household)
    if place is not None:
        raise UsageError(
            f"{household} 的账目里有读不出的单元格（{place}），欠租算不准，没有核销",
            where=str(place),
            advice="请先用 zhubao check 查看，改正后再核销。",
        )
    amount = _amount(order, household, accounts)
    allotment = accounts.with_payment(household, order.day, amount, order.month, reduction=True)
    number = next_number(loaded.get(Reduction).column("reduction_no"), _FIRST)
    authority, reason = order.authority.strip(), order.reason.strip()
    order = replace(order, household=household, authority=authority, reason=reason)
    return WriteOff(order, amount, number, allotment, applicant_of(household, loaded), as_of)


def write_off_change(result: WriteOff, loaded: Loaded, formats: Formats) -> Change:
    """The one row of 减免, of kind 核销: the reason as reason, the authority as remark."""
    order = result.order
    title = f"核销欠租：{order.household} {format_yuan(result.amount)} 元"
    plan = Plan(title, loaded, formats)
    row = {
        "reduction_no": result.number,
        "household_no": order.household,
        "kind": ReductionKind.WRITE_OFF,
        "amount": result.amount,
        "approved_on": order.day,
        "reason": order.reason,
        "remark": f"批准依据：{order.authority}",
    }
    if order.month is not None:
        row["month"] = order.month
    plan.add(loaded.get(Reduction), [row])
    return plan.build()


def write_off_report(result: WriteOff, *, bureau: str = "") -> Report:
    """What is given up, month by month, and where the account stands then."""
    order, allotment = result.order, result.allotment
    notes = (
        f"{order.household} {mask_name(result.applicant)}　核销 {format_yuan(result.amount)} 元，"
        f"批准日期 {order.day.isoformat()}，编号 {result.number}",
        scrubbed(f"批准依据：{order.authority}；原因：{order.reason}", (result.applicant,)),
        balance_note(allotment.before, allotment.after),
        *_odd_day(result),
    )
    return Report(
        code="rent.write_off",
        title="核销欠租",
        bureau=bureau,
        as_of=max(result.as_of, order.day),
        tables=(allotment_table(allotment, "核销哪些月"),),
        notes=notes,
        facts={
            "household": order.household,
            "reduction_no": result.number,
            "amount": yuan(result.amount),
            "owed_before": yuan(allotment.before.owed),
            "owed_after": yuan(allotment.after.owed),
        },
    )


def _odd_day(result: WriteOff) -> Iterator[str]:
    day, lines = result.order.day, result.allotment.lines()
    if day > result.as_of:
        until = result.as_of.isoformat()
        yield f"批准日期晚于截止日期 {until}，截至 {until} 的欠租里不含这笔核销"
    later = [month for month, *_ in lines if month.first_day > day]
    if later:
        yield f"批准日期早于账单月 {later[0]}，请核对日期"


def _amount(order: WriteOffOrder, household: str, accounts: RentAccounts) -> int:
    standing = accounts.standing(household)
    month = order.month
    owed = standing.owed if month is None else standing.of_month(month)
    what = f"{household} 在 {month} " if month is not None else f"{household} "
    if not owed:
        raise UsageError(f"{what}没有欠租，不能核销", advice="请核对家庭编号和账单期。")
    amount = owed if order.amount is None else order.amount
    if amount < 0:
        raise UsageError("核销金额要大于 0", advice="请写要核销的元数，如 480.50。")
    if amount > owed:
        raise UsageError(
            f"{what}只欠 {format_yuan(owed)} 元，不能核销 {format_yuan(amount)} 元",
            advice="请改小 --amount；全部核销请用 --all。",
        )
    return amount
