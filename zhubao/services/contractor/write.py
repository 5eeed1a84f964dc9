"""Results and scores written into 购买服务考核: filled in where rows stand, else added."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.office import ContractorScore
from zhubao.services.contractor import kinds
from zhubao.services.contractor.recorded import Recorded
from zhubao.services.contractor.sheet import Line, ScoreSheet

_OPTIONAL = (
    "measure", "contract_no", "target", "full_score", "deduction_reason", "scored_on", "scorer",
    "remark",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signing:
    """Who scores and on which day; `again` also replaces scores already dated or signed."""

    day: dt.date
    scorer: str = ""
    again: bool = False


def score_change(
    sheet: ScoreSheet, loaded: Loaded, signing: Signing, formats: Formats
) -> tuple[Change, tuple[Finding, ...]]:
    """The change, and the rows left alone because they are scored already.

    A row that stands there gets 完成值, 得分, 扣分原因, day and scorer; target and full score only
    where they are empty. A score with a date or a scorer beside it is never replaced unless
    `again`. Where the sheet has no row for the period, one per item of the scheme is added. Items
    without a computed score are left out. Raises `UsageError` for a period that is not over.
    """
    if not sheet.is_over:
        raise UsageError(
            f"{sheet.period.title}还没有结束，不能写入得分",
            advice=f"请在 {sheet.period.end} 之后再写，或用 --as-of 写明截止日期。",
        )
    plan = Plan(f"购买服务考核评分：{sheet.operator.name} {sheet.period.label}", loaded, formats)
    table, kept, absent = sheet.register.table, [], set[str]()
    letters = table.segments[-1].letters if table.segments else ContractorScore.model_fields
    added: list[dict[str, Any]] = []
    for line in sheet.counted:
        if line.scored is None or line.score is None:
            continue
        row = line.recorded
        if row is not None and row.score is not None and row.is_signed and not signing.again:
            kept.append(_kept(line, row))
            continue
        values = _result(line, signing) if row is not None else _new_row(sheet, line, signing)
        absent |= {name for name in values if name in _OPTIONAL and name not in letters}
        values = {name: value for name, value in values.items() if name not in absent}
        if row is None:
            added.append({name: value for name, value in values.items() if value is not None})
            continue
        for name, value in values.items():
            plan.put(table, row.index, name, value)
    plan.add(table, added)
    if absent:
        heads = [column_info(ContractorScore.model_fields[name]).header for name in sorted(absent)]
        plan.note(f"购买服务考核表没有这些列，没有写：{'、'.join(heads)}")
    return plan.build(), tuple(kept)


def _result(line: Line, signing: Signing) -> dict[str, Any]:
    assert line.scored is not None
    assert line.recorded is not None
    row = line.recorded
    values: dict[str, Any] = {
        "actual": line.shown_actual,
        "score": line.score,
        "deduction_reason": _reason(line),
        "scored_on": signing.day,
    }
    if signing.scorer.strip():
        values["scorer"] = signing.scorer.strip()
    if row.target is None and line.goal.target is not None:
        values["target"] = line.goal.target
    if row.full is None:
        values["full_score"] = line.goal.full
    return values


def _new_row(sheet: ScoreSheet, line: Line, signing: Signing) -> dict[str, Any]:
    assert line.scored is not None
    return {
        "operator": sheet.operator.name,
        "period": sheet.period.label,
        "indicator_code": line.code,
        "indicator": line.title,
        "measure": line.goal.unit,
        "contract_no": sheet.operator.contract_no or None,
        "target": line.goal.target,
        "actual": line.shown_actual,
        "full_score": line.goal.full,
        "score": line.score,
        "deduction_reason": _reason(line),
        "scored_on": signing.day,
        "scorer": signing.scorer.strip() or None,
        "remark": line.scored.arithmetic,
    }


def _reason(line: Line) -> str | None:
    """The arithmetic where points were lost; nothing otherwise."""
    lost = line.score is not None and line.score < Decimal(line.goal.full)
    return line.scored.arithmetic if lost and line.scored else None


def _kept(line: Line, row: Recorded) -> Finding:
    words = {"code": line.code, "title": line.title, "score": row.score}
    return kinds.ALREADY_SCORED.at(row.cell, **words, who="考核日期或考核人")
