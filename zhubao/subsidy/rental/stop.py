"""暂停, 终止, 恢复 of one grant: the state, its day, the reason and the last month paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.period import Month
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment, SubsidyStatus
from zhubao.ledger.table import LedgerTable
from zhubao.subsidy.rental.quarters import span_of
from zhubao.subsidy.rental.term import spell_words, suspended_spells


class Action(StrEnum):
    """What is done to the grant."""

    SUSPEND = "暂停"
    STOP = "终止"
    RESUME = "恢复"


@dataclass(frozen=True, slots=True)
class StopOrder:
    """`start` is the first month not paid, or paid again; `grant` a grant or household number."""

    action: Action
    grant: str
    reason: str
    start: Month


@dataclass(frozen=True, slots=True)
class StopResult:
    """The grant's row, its new values, and payments already made for months that are stopped."""

    loaded: Loaded
    order: StopOrder
    index: int
    values: dict[str, Any]
    overpaid: tuple[tuple[str, str, Cell], ...]  # payment number, quarter, cell


def stop_grant(loaded: Loaded, order: StopOrder) -> StopResult:
    """Work out the new state.

    暂停 and 终止: no month from `start` on is paid; 终止 also sets 止发月份. 恢复 (of 暂停 only):
    from `start` on months are paid again, those between stay unpaid and are kept in 变更原因. The
    day of the change is the first of `start`.

    Raises `UsageError` for an unknown grant, several of one household, no reason, a state that the
    action does not fit, and a resumption that is not after the suspension.
    """
    if not order.reason.strip():
        raise UsageError("没有写原因", advice="请用 --reason 写明原因，原因记入台账。")
    grants = loaded.get(SubsidyGrant)
    index = find_grant(grants, order.grant)
    status = grants.column("status")[index]
    number = grants.column("grant_no")[index]
    _refuse_unfit(order, status, number)
    values: dict[str, Any] = {
        "status": _NEW[order.action],
        "status_changed_on": order.start.first_day,
        "status_reason": _reason(grants, index, order, number),
    }
    if order.action is Action.STOP:
        planned = grants.column("last_month")[index]
        last = order.start.plus(-1)
        values["last_month"] = last if planned is None else min(planned, last)
    overpaid = () if order.action is Action.RESUME else _overpaid(loaded, number, order.start)
    return StopResult(loaded, order, index, values, overpaid)


def stop_change(result: StopResult, formats: Formats) -> Change:
    """The cells of the grant's row."""
    grants = result.loaded.get(SubsidyGrant)
    number = grants.column("grant_no")[result.index]
    plan = Plan(f"{result.order.action.value}租赁补贴 {number}", result.loaded, formats)
    for name, value in result.values.items():
        plan.put(grants, result.index, name, value)
    return plan.build()


def stop_report(result: StopResult, *, as_of: dt.date, bureau: str = "") -> Report:
    """What is changed, and payments that may have to be recovered."""
    grants, order = result.loaded.get(SubsidyGrant), result.order
    number, household, payee = (
        grants.column(name)[result.index] or "" for name in ("grant_no", "household_no", "payee")
    )
    verb = "起恢复发放" if order.action is Action.RESUME else "起不再发放"
    notes = [
        f"{number}（家庭 {household} {mask_name(payee)}）{order.start.title}{verb}",
        f"原因：{mask_numbers(order.reason.strip())}",
    ]
    rows = [Row((number_, quarter), (cell,)) for number_, quarter, cell in result.overpaid]
    columns = (
        Column("payment_no", "发放编号", ValueKind.IDENTITY),
        Column("quarter", "所属季度", ValueKind.IDENTITY),
    )
    table = Table("overpaid", "已发放、可能要追回的（含停发之后的月份）", columns, rows)
    return Report(
        code="subsidy.stop",
        title=f"{order.action.value}租赁补贴",
        bureau=bureau,
        as_of=as_of,
        tables=(table,) if rows else (),
        notes=tuple(notes),
        facts={
            "grant_no": number,
            "household_no": household,
            "action": order.action.value,
            "from": str(order.start),
            "payments_to_check": len(rows),
        },
    )


def find_grant(grants: LedgerTable[SubsidyGrant], text: str) -> int:
    """The row of a grant, or of a household with one grant only; `UsageError` otherwise."""
    for name in ("grant_no", "household_no"):
        rows = [row for row, number in enumerate(grants.column(name)) if number == text]
        if len(rows) == 1:
            return rows[0]
        if rows:
            found = "、".join(str(grants.row_cell(row)) for row in rows)
            raise UsageError(f"{text} 有几份补贴（{found}）", advice="请写补贴编号；重复的先改正。")
    raise UsageError(f"租赁补贴台账里没有 {text}", advice="请核对补贴编号。")


_NEW = {
    Action.SUSPEND: SubsidyStatus.SUSPENDED,
    Action.STOP: SubsidyStatus.STOPPED,
    Action.RESUME: SubsidyStatus.IN_FORCE,
}
_FIT = {
    Action.SUSPEND: (SubsidyStatus.IN_FORCE,),
    Action.STOP: (SubsidyStatus.IN_FORCE, SubsidyStatus.SUSPENDED),
    Action.RESUME: (SubsidyStatus.SUSPENDED,),
}


def _refuse_unfit(order: StopOrder, status: SubsidyStatus | None, number: str) -> None:
    if status in _FIT[order.action]:
        return
    shown = f"“{status.value}”" if status else "读不懂"
    allowed = "、".join(one.value for one in _FIT[order.action])
    advice = f"只有{allowed}的补贴能{order.action.value}；已终止、到期的要重新审批，新立一份。"
    raise UsageError(f"{number} 的状态是{shown}，不能{order.action.value}", advice=advice)


def _reason(grants: LedgerTable[SubsidyGrant], index: int, order: StopOrder, number: str) -> str:
    """The new reason, and every suspension that is over: `term_of` reads them."""
    spells = list(suspended_spells(grants.column("status_reason")[index]))
    changed = grants.column("status_changed_on")[index]
    was_suspended = grants.column("status")[index] is SubsidyStatus.SUSPENDED
    if was_suspended and order.action is not Action.SUSPEND:
        if changed is None:
            raise UsageError(
                f"{number} 的状态是“暂停”，没有状态变更日期，不知道从哪个月暂停",
                advice="请先在台账里补填状态变更日期。",
            )
        start = Month.containing(changed)
        if start >= order.start and order.action is Action.RESUME:
            raise UsageError(
                f"{number} 从 {start} 起暂停，恢复的月份应在它之后",
                advice="请改 --from；暂停本来就错了的，用 zhubao undo 撤销。",
            )
        if start < order.start:
            spells.append((start, order.start.plus(-1)))
    words = [spell_words(first, last) for first, last in spells]
    return "；".join([order.reason.strip(), *words])


def _overpaid(loaded: Loaded, number: str, start: Month) -> tuple[tuple[str, str, Cell], ...]:
    """Payments of the grant, made or pending, for quarters that end in a stopped month."""
    table = loaded.get(SubsidyPayment)
    names = ("grant_no", "quarter", "status", "payment_no")
    found = []
    for row, values in enumerate(zip(*(table.column(name) for name in names), strict=True)):
        grant, text, status, payment = values
        span = span_of(text)
        owed = status in (PaymentStatus.PAID, PaymentStatus.PENDING)
        if grant == number and owed and span is not None and span.end >= start.first_day:
            found.append((payment or "", text, table.cell(row, "amount")))
    return tuple(found)
