"""回访: a visit after rectification; 问题反弹 opens a finding again, a closed one too."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from zhubao.audit.rectify import kinds
from zhubao.audit.rectify.book import Dossier, Edit, Taken, dossier_of
from zhubao.audit.rectify.refusing import Refusals
from zhubao.core.errors import UsageError
from zhubao.ledger.audit import AuditFinding, FindingStatus, FollowUp, FollowUpResult
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.registers.numbers import numbers_after
from zhubao.patrol.cases.words import choice, joined

Status = FindingStatus
Result = FollowUpResult
FIRST_FOLLOW_UP = "HF0001"


@dataclass(frozen=True, slots=True)
class FollowUpOrder:
    """One visit as the clerk gives it."""

    finding: str
    day: dt.date
    result: str
    by: str
    evidence: str = ""
    method: str = ""
    situation: str = ""


def record_follow_up(order: FollowUpOrder, loaded: Loaded, latest: dt.date) -> Taken:
    """A row of 回访; 整改到位 makes the finding 已回访, any other result 整改中 again, without
    整改日期 and 回访日期.

    A finding is visited once it is put right; a closed one only for 问题反弹, which takes the
    closure back and keeps its date and override in the remark. Not before the rectification, an
    earlier visit or the closure.

    `UsageError` without a visitor, for an unknown result, and for 整改到位 without evidence.
    """
    result = choice(Result, order.result, "--result")
    if not order.by.strip():
        raise UsageError("没有写回访人", advice="请加 --by。")
    if result is Result.DONE and not order.evidence.strip():
        raise UsageError("“整改到位”的回访没有写佐证", advice="请用 --evidence 写明照片、笔录等。")
    file = dossier_of(order.finding, loaded)
    row = file.row
    refusals = Refusals(f"问题 {file.number} ", "回访", order.day)
    where = loaded.get(AuditFinding).cell(file.index, "status")
    refusals.not_after(latest, where)
    visited = file.last_visit[1].visited_on if file.last_visit else None
    rectified = max(filter(None, (row.rectified_on, file.last_step)), default=row.found_on)
    steps = (("整改日期", rectified), ("上次回访", visited), ("销号日期", row.closed_on))
    refusals.not_before(steps, where)
    _refuse_state(refusals, file, result, loaded)
    values = _values(file, result, order.day)
    notes = () if refusals.done() else tuple(_notes(file, result, values["status"]))
    return Taken(
        f"登记 {file.number} 的回访",
        (file.number,),
        order.day,
        (Edit(AuditFinding, file.index, values),),
        ((FollowUp, _visit(order, file, result, loaded)),),
        notes,
        refusals.done(),
        {"finding": file.number, "status": values["status"].value, "result": result.value},
    )


def _refuse_state(refusals: Refusals, file: Dossier, result: Result, loaded: Loaded) -> None:
    status = file.row.status
    if status in (Status.RECTIFIED, Status.FOLLOWED_UP):
        return
    if status is Status.CLOSED and result is Result.RELAPSED:
        return
    remedy = (
        "已销号的只登记“问题反弹”；没有反弹的不用再登记"
        if status is Status.CLOSED
        else f"整改完成后再回访：先用 zhubao audit progress {file.number} 登记整改"
        "（没有户数、金额可数的，整改完成时加 --done）"
    )
    where = loaded.get(AuditFinding).cell(file.index, "status")
    words = {"finding": file.number, "status": status.value, "step": f"登记“{result.value}”的回访"}
    refusals.add(kinds.WRONG_STATE, where, **words, remedy=remedy)


def _values(file: Dossier, result: Result, day: dt.date) -> dict[str, Any]:
    if result is Result.DONE:
        return {"status": Status.FOLLOWED_UP, "followed_up_on": day}
    row = file.row
    values: dict[str, Any] = {
        "status": Status.IN_PROGRESS,
        "followed_up_on": None,
        "rectified_on": None,
    }
    if row.status is Status.CLOSED:
        was = [f"原销号日期 {row.closed_on or '未填'}"]
        was += [f"原核准人 {row.override_by}"] if row.override_by else []
        was += [f"原核准理由 {row.override_reason}"] if row.override_reason else []
        said = f"{day} 回访{result.value}，重新打开（{'，'.join(was)}）"
        values |= {
            "closed_on": None,
            "override_by": None,
            "override_reason": None,
            "remark": joined(row.remark, said),
        }
    return values


def _visit(order: FollowUpOrder, file: Dossier, result: Result, loaded: Loaded) -> dict[str, Any]:
    taken = loaded.get(FollowUp).column("follow_up_no")
    return {
        "follow_up_no": numbers_after(taken, FIRST_FOLLOW_UP, 1)[0],
        "finding_no": file.number,
        "visited_on": order.day,
        "visitor": order.by.strip(),
        "method": order.method.strip() or None,
        "result": result,
        "situation": order.situation.strip() or None,
        "evidence": order.evidence.strip() or None,
    }


def _notes(file: Dossier, result: Result, status: Status) -> list[str]:
    notes = [f"问题 {file.number}：{file.row.status.value} → {status.value}（{result.value}）"]
    if result is Result.DONE:
        notes.append(f"下一步是销号：zhubao audit close {file.number}，销号时重跑检出它的规则")
        if not file.is_complete:
            notes.append("户数或金额还没有齐，销号前要补齐，或由负责人核准")
    else:
        notes.append(
            f"继续整改，用 zhubao audit progress {file.number} 登记，全部完成时加 --done，再回访"
        )
    return notes
