"""整改: one step on a finding, and how far households and money have come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhubao.audit.rectify import kinds
from zhubao.audit.rectify.book import Dossier, Edit, Taken, dossier_of
from zhubao.audit.rectify.refusing import Refusals
from zhubao.core.errors import UsageError
from zhubao.core.finding import FindingKind
from zhubao.core.money import format_yuan
from zhubao.core.report import Ratio
from zhubao.ledger.audit import (
    AuditFinding,
    FindingStatus,
    FollowUpResult,
    RectificationStep,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.registers.numbers import numbers_after

Status = FindingStatus
FIRST_STEP = "ZG0001"


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is counted of a finding, and how it is called."""

    total: str
    total_header: str
    due: str
    due_header: str
    what: str
    option: str
    over: FindingKind
    shown: Callable[[int], str]


_HOUSEHOLDS = _Measure(
    "rectified_households",
    "已整改户数",
    "household_count",
    "涉及户数",
    "户数",
    "--households",
    kinds.TOO_MANY_HOUSEHOLDS,
    str,
)
_MONEY = _Measure(
    "recovered",
    "已追回",
    "amount",
    "涉及金额",
    "金额",
    "--recovered",
    kinds.TOO_MUCH_MONEY,
    format_yuan,
)


@dataclass(frozen=True, slots=True)
class ProgressOrder:
    """One step; `households` and `recovered` (fen) are of this step alone.

    `done`: the finding is put right as a whole.
    """

    finding: str
    day: dt.date
    action: str
    households: int | None = None
    recovered: int | None = None
    voucher: str = ""
    handler: str = ""
    evidence: str = ""
    done: bool = False


def record_progress(order: ProgressOrder, loaded: Loaded, latest: dt.date) -> Taken:
    """A row of 整改记录; 已整改户数 and 已追回 of the finding become the sums of its steps.

    Neither sum may exceed what is due; without a due nothing can be counted against it. The finding
    is 整改中 until this step completes what is due or says `done`, then 已整改 with the day of the
    step. `done` before all is complete stands, but closure will ask for the rest. Not before the
    finding, its earlier steps and its follow-up visits.

    `UsageError` without an action, for a negative number, an unknown or unreadable finding.
    """
    _refuse_words(order)
    file = dossier_of(order.finding, loaded)
    refusals = Refusals(f"问题 {file.number} ", "整改", order.day)
    where = loaded.get(AuditFinding).cell(file.index, "status")
    refusals.not_after(latest, where)
    visited = file.last_visit[1].visited_on if file.last_visit else None
    steps = (("认定日期", file.row.found_on), ("上一步整改", file.last_step))
    refusals.not_before((*steps, ("回访", visited)), where)
    _refuse_state(refusals, file, loaded)
    _refuse_sums(refusals, file, order, loaded)
    households = file.households_done + (order.households or 0)
    money = file.money_back + (order.recovered or 0)
    complete = _complete(file.row, households, money)
    newly_complete = file.has_dues and complete and not file.is_complete
    done = order.done or newly_complete
    still_done = file.row.status is Status.RECTIFIED
    status = Status.RECTIFIED if done or still_done else Status.IN_PROGRESS
    values = _values(file, order, households, money, status)
    edits = (Edit(AuditFinding, file.index, values),)
    added = ((RectificationStep, _step(order, file, status, loaded)),)
    notes = () if refusals.done() else tuple(_notes(file, households, money, status))
    facts = {
        "finding": file.number,
        "status": status.value,
        "households": Ratio(households, file.row.household_count or 0),
        "recovered": Ratio(money, file.row.amount or 0, money=True),
    }
    title = f"登记 {file.number} 的整改"
    numbers = (file.number,)
    return Taken(title, numbers, order.day, edits, added, notes, refusals.done(), facts)


def _refuse_words(order: ProgressOrder) -> None:
    if not order.action.strip():
        raise UsageError("没有写整改情况", advice="请加 --action，写明做了什么。")
    if (order.households or 0) < 0 or (order.recovered or 0) < 0:
        raise UsageError(
            "户数和金额不能是负数", advice="登记错了的，用 zhubao undo 撤销那一次再登记。"
        )


def _refuse_state(refusals: Refusals, file: Dossier, loaded: Loaded) -> None:
    """Steps are taken until the finding is put right, and again after a visit found it is not."""
    row = file.row
    where = loaded.get(AuditFinding).cell(file.index, "status")
    if row.status is Status.CLOSED:
        remedy = f"又有反弹的，先登记 zhubao audit follow-up {file.number} --result 问题反弹"
        words = {"finding": file.number, "status": row.status.value, "step": "登记整改"}
        refusals.add(kinds.WRONG_STATE, where, **words, remedy=remedy)
    elif row.status in (Status.RECTIFIED, Status.FOLLOWED_UP) and file.is_complete:
        day = row.rectified_on or file.last_step or row.found_on
        refusals.add(kinds.NOTHING_LEFT, where, finding=file.number, day=day)


def _refuse_sums(refusals: Refusals, file: Dossier, order: ProgressOrder, loaded: Loaded) -> None:
    """Totals agree with the steps, and no sum exceeds its due."""
    refuse_differing(refusals, file, loaded)
    households = order.households, file.households_done
    _refuse_sum(refusals, _HOUSEHOLDS, file, households, loaded)
    _refuse_sum(refusals, _MONEY, file, (order.recovered, file.money_back), loaded)


def _refuse_sum(
    refusals: Refusals, sort: _Measure, file: Dossier, sums: tuple[int | None, int], loaded: Loaded
) -> None:
    """`sums` are what this step adds, and what the steps before it come to."""
    now, before = sums
    due = getattr(file.row, sort.due)
    where = loaded.get(AuditFinding).cell(file.index, sort.due)
    if not now:
        return
    if due is None:
        words = {"header": sort.due_header, "what": sort.what, "option": sort.option}
        refusals.add(kinds.DUE_UNKNOWN, where, finding=file.number, **words)
    elif before + now > due:
        amounts = {"due": due, "before": before, "now": now, "over": due}
        said = {key: sort.shown(amount) for key, amount in amounts.items()}
        refusals.add(sort.over, where, finding=file.number, **said)


def refuse_differing(refusals: Refusals, file: Dossier, loaded: Loaded) -> None:
    """已整改户数 and 已追回, where they are filled, are the sums of the steps."""
    for sort, steps in ((_HOUSEHOLDS, file.households_done), (_MONEY, file.money_back)):
        total = getattr(file.row, sort.total)
        if total is not None and total != steps:
            words = {"total": sort.shown(total), "steps": sort.shown(steps)}
            where = loaded.get(AuditFinding).cell(file.index, sort.total)
            words["header"] = sort.total_header
            refusals.add(kinds.TOTALS_DIFFER, where, finding=file.number, **words)


def _complete(row: AuditFinding, households: int, money: int) -> bool:
    return households >= (row.household_count or 0) and money >= (row.amount or 0)


def _values(
    file: Dossier, order: ProgressOrder, households: int, money: int, status: Status
) -> dict[str, Any]:
    values: dict[str, Any] = {"status": status}
    if households or file.row.rectified_households is not None:
        values["rectified_households"] = households
    if money or file.row.recovered is not None:
        values["recovered"] = money
    values["rectified_on"] = order.day if status is Status.RECTIFIED else None
    values["followed_up_on"] = None  # what was visited before this step is to be visited again
    return values


def _step(order: ProgressOrder, file: Dossier, status: Status, loaded: Loaded) -> dict[str, Any]:
    taken = loaded.get(RectificationStep).column("step_no")
    return {
        "step_no": numbers_after(taken, FIRST_STEP, 1)[0],
        "finding_no": file.number,
        "done_on": order.day,
        "action": order.action.strip(),
        "status": status,
        "households": order.households,
        "recovered": order.recovered,
        "voucher_no": order.voucher.strip() or None,
        "handler": order.handler.strip() or None,
        "evidence": order.evidence.strip() or None,
    }


def _notes(file: Dossier, households: int, money: int, status: Status) -> list[str]:
    row = file.row
    notes = [f"问题 {file.number}：{row.status.value} → {status.value}"]
    if row.household_count:
        notes.append(f"户数：已整改 {households}，涉及 {row.household_count}")
    if row.amount:
        notes.append(f"金额：已追回 {format_yuan(money)} 元，涉及 {format_yuan(row.amount)} 元")
    last = file.last_visit
    if last and last[1].result is not FollowUpResult.DONE and status is Status.RECTIFIED:
        notes.append(f"上次回访（{last[1].visited_on}）是“{last[1].result.value}”，要再回访")
    elif status is Status.RECTIFIED:
        notes.append(f"下一步是回访：zhubao audit follow-up {file.number}")
    if status is Status.RECTIFIED and not _complete(row, households, money):
        notes.append("户数或金额还没有齐，销号前要补齐，或由负责人核准")
    return notes
