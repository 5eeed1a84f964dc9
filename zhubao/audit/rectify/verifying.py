"""A lead is looked into (核实中), or cleared with a recorded reason (已排除)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from zhubao.audit.rectify import kinds
from zhubao.audit.rectify.book import Edit, Taken, lead_index
from zhubao.audit.rectify.refusing import Refusals
from zhubao.core.errors import UsageError
from zhubao.ledger.audit import Lead, LeadStatus
from zhubao.ledger.loaded import Loaded
from zhubao.patrol.cases.words import joined

_AGAIN = "排除有误、要重新核实的，加 --again"
_CONFIRMED = "已认定的问题按问题编号办理，用 zhubao list 问题清单 查编号"


@dataclass(frozen=True, slots=True)
class VerifyOrder:
    """What came of looking into a lead; `again` takes up one that was cleared."""

    lead: str
    by: str
    day: dt.date
    text: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class ClearOrder:
    """Why a lead is no finding, and who says so."""

    lead: str
    by: str
    day: dt.date
    reason: str


def verify_lead(order: VerifyOrder, loaded: Loaded, latest: dt.date) -> Taken:
    """The lead's 核实人, 核实日期, 核实情况; 待核实 becomes 核实中.

    What was written of an earlier look is kept before it. A cleared lead is taken up again only
    with `again`; its reason goes to the remark. Not before it was raised or last looked into.
    `UsageError` without a name or a text, and for an unknown lead.
    """
    by, text = _said(order.by, "--by", "核实人"), _said(order.text, "--text", "核实情况")
    index = lead_index(order.lead, loaded)
    table = loaded.get(Lead)
    row = table.row(index)
    refusals = _dated(order.day, latest, row, loaded, index, "核实")
    remedy = _AGAIN if row.status is LeadStatus.CLEARED else _CONFIRMED
    reopened = row.status is LeadStatus.CLEARED and order.again
    if row.status not in (LeadStatus.OPEN, LeadStatus.VERIFYING) and not reopened:
        _refuse_decided(refusals, row, loaded, index, "核实", remedy)
    values: dict[str, Any] = {
        "verifier": by,
        "verified_on": order.day,
        "verification": joined(row.verification, text),
        "status": LeadStatus.VERIFYING,
    }
    if reopened:
        said = f"{order.day} 重新核实（原排除理由：{row.clear_reason or '没有填'}）"
        values |= {"clear_reason": None, "remark": joined(row.remark, said)}
    notes = (
        f"疑点 {row.lead_no}：{row.status.value} → {LeadStatus.VERIFYING.value}，"
        f"核实人 {by}，核实日期 {order.day}",
        "属实的用 zhubao audit open 认定，不属实的用 zhubao audit clear 排除",
    )
    title = f"核实疑点 {row.lead_no}"
    return _taken(title, row, order.day, Edit(Lead, index, values), notes, refusals)


def clear_lead(order: ClearOrder, loaded: Loaded, latest: dt.date) -> Taken:
    """The lead becomes 已排除, with its 排除理由; who clears it has looked into it.

    `UsageError` without a name or a reason, and for an unknown lead.
    """
    by, reason = _said(order.by, "--by", "核实人"), _said(order.reason, "--reason", "排除理由")
    index = lead_index(order.lead, loaded)
    row = loaded.get(Lead).row(index)
    refusals = _dated(order.day, latest, row, loaded, index, "排除")
    if row.status not in (LeadStatus.OPEN, LeadStatus.VERIFYING):
        cleared = row.status is LeadStatus.CLEARED
        _refuse_decided(
            refusals, row, loaded, index, "排除", "不用再排除" if cleared else _CONFIRMED
        )
    values: dict[str, Any] = {
        "verifier": by,
        "verified_on": order.day,
        "status": LeadStatus.CLEARED,
        "clear_reason": reason,
    }
    if not row.verification:
        values["verification"] = reason
    notes = (
        f"疑点 {row.lead_no}：{row.status.value} → {LeadStatus.CLEARED.value}，"
        f"核实人 {by}，日期 {order.day}",
        "以后检查仍会检出它，列在“已排除”里，不再计数",
    )
    title = f"排除疑点 {row.lead_no}"
    return _taken(title, row, order.day, Edit(Lead, index, values), notes, refusals)


def _said(text: str, option: str, header: str) -> str:
    if not text.strip():
        raise UsageError(f"没有写{header}", advice=f"请加 {option}。")
    return text.strip()


def _dated(
    day: dt.date, latest: dt.date, row: Lead, loaded: Loaded, index: int, step: str
) -> Refusals:
    refusals = Refusals(f"疑点 {row.lead_no} ", step, day)
    where = loaded.get(Lead).cell(index, "raised_on")
    refusals.not_after(latest, where)
    refusals.not_before((("提出日期", row.raised_on), ("核实日期", row.verified_on)), where)
    return refusals


def _refuse_decided(
    refusals: Refusals, row: Lead, loaded: Loaded, index: int, step: str, remedy: str
) -> None:
    where = loaded.get(Lead).cell(index, "status")
    words = {"lead": row.lead_no, "status": row.status.value, "step": step, "remedy": remedy}
    refusals.add(kinds.LEAD_DECIDED, where, **words)


def _taken(
    title: str, row: Lead, day: dt.date, edit: Edit, notes: tuple[str, ...], refusals: Refusals
) -> Taken:
    said = () if refusals.done() else notes
    facts = {"lead": row.lead_no, "status": edit.values["status"].value}
    return Taken(
        title, (row.lead_no,), day, (edit,), notes=said, refusals=refusals.done(), facts=facts
    )
