"""`zhubao patrol case NO --notify …`: one step of a case, in the order the work goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import CaseCategory, RectificationStatus, TenancyCase
from zhubao.patrol.cases.book import SETTLED
from zhubao.patrol.cases.law import Ruling, ban_until, refuse_high_fine, ruling_of
from zhubao.patrol.cases.words import dated, joined

Status = RectificationStatus
_BEGUN = frozenset({Status.OPEN, Status.IN_PROGRESS})


class Step(StrEnum):
    """What is done."""

    NOTIFY = "送达整改通知"
    RECTIFY = "整改"
    CHECK = "复查销号"
    EXIT = "退出保障"
    REOPEN = "重新打开"
    UNFOUNDED = "核为不属实"


@dataclass(frozen=True, slots=True)
class StepOrder:
    """A step as the clerk gives it; `reason` of reopening or of being unfounded; money in fen."""

    step: Step
    day: dt.date
    notice_no: str = ""
    deadline: dt.date | None = None
    action: str = ""
    evidence: str = ""
    reason: str = ""
    article: str = ""
    illegal_gain: int | None = None
    fine: int | None = None
    back_rent: int | None = None


@dataclass(frozen=True, slots=True)
class Stepped:
    """The cells a step changes (field → new value), and what the clerk should know."""

    index: int
    case: TenancyCase
    order: StepOrder
    ruling: Ruling
    values: dict[str, Any]
    notes: tuple[str, ...]


def case_index(number: str, loaded: Loaded) -> int:
    """The row of a case; `UsageError` when there is none, or its required cells are unreadable."""
    table = loaded.get(TenancyCase)
    key = number.strip().upper()
    numbers = table.column("case_no")
    found = [index for index, one in enumerate(numbers) if one and one.upper() == key]
    if not found:
        raise UsageError(
            f"违规与变动表里没有事项编号“{number}”", advice="用 zhubao patrol cases 查编号。"
        )
    if len(found) > 1 or found[0] not in set(table.usable()):
        fault = "有几行" if len(found) > 1 else "必填项读不出"
        raise UsageError(
            f"{key} 在违规与变动表里{fault}",
            where="、".join(str(table.row_cell(index)) for index in found),
            advice="请先用 zhubao check 查看并改正。",
        )
    return found[0]


def take_step(
    number: str,
    order: StepOrder,
    loaded: Loaded,
    latest: dt.date,
    *,
    overrides: Mapping[str, Any] | None = None,
) -> Stepped:
    """What the step changes; the order 通知 → 整改 → 复查销号 is enforced.

    A violation is notified before it is rectified (a change may be settled without a notice);
    checked only after it was rectified; closed only with evidence; reopened only once settled or
    unfounded. 退出 sets 限制申请至 to return + 5 years where arts 35 or 36 apply. A fine above the
    maximum is refused with its article. Raises `UsageError` that says why.
    """
    index = case_index(number, loaded)
    case = loaded.get(TenancyCase).row(index)
    day = dated(order.day, "日期", latest, after=case.found_on)
    basis = None if order.article else case.basis
    ruling = ruling_of(case.kind, day, overrides, article=order.article, basis=basis)
    gain = order.illegal_gain if order.illegal_gain is not None else case.illegal_gain
    fine = order.fine if order.fine is not None else case.fine
    if order.fine is not None or order.illegal_gain is not None or order.article:
        refuse_high_fine(fine, ruling, gain, day, overrides)
    values = _STEPS[order.step](case, order)
    notes: list[str] = []
    if order.step is Step.EXIT:
        values["banned_until"] = ban_until(ruling, day, overrides)
        notes.append("保障家庭和租赁合同的状态不在这里改：请另行办理退出和退租")
    values |= _common(case, order, ruling)
    if order.fine and ruling.condition:
        notes.append(f"按第三十六条罚款的前提：{ruling.condition}")
    values = {name: value for name, value in values.items() if getattr(case, name) != value}
    return Stepped(index, case, order, ruling, values, tuple(notes))


def step_change(result: Stepped, loaded: Loaded, formats: Formats) -> Change:
    """The cells of the one row."""
    plan = Plan(f"{result.case.case_no} {result.order.step.value}", loaded, formats)
    table = loaded.get(TenancyCase)
    for name, value in result.values.items():
        plan.put(table, result.index, name, value)
    return plan.build()


def _common(case: TenancyCase, order: StepOrder, ruling: Ruling) -> dict[str, Any]:
    """What any step may carry with it."""
    values: dict[str, Any] = {}
    if order.evidence.strip():
        values["evidence"] = joined(case.evidence, order.evidence.strip())
    if order.article:
        values["basis"] = ruling.basis
    for name in ("illegal_gain", "fine", "back_rent"):
        amount = getattr(order, name)
        if amount is not None:
            values[name] = amount
    return values


def _notify(case: TenancyCase, order: StepOrder) -> dict[str, Any]:
    _refuse_over(case)
    if case.notified_on is not None:
        raise _refused(case, f"已于 {case.notified_on} 通知（{case.notice_no or '没有通知书号'}）")
    if not order.notice_no.strip():
        raise UsageError("没有写整改通知书号", advice="请加 --notice-no。")
    values: dict[str, Any] = {
        "notified_on": order.day,
        "notice_no": order.notice_no.strip(),
        "status": Status.IN_PROGRESS,
    }
    deadline = order.deadline or case.deadline
    if deadline is None or deadline < order.day:
        raise UsageError(
            f"{case.case_no} 的整改时限是 {deadline or '空的'}，不在通知日期之后",
            advice="请用 --deadline 写新的时限。",
        )
    return values | {"deadline": deadline}


def _rectify(case: TenancyCase, order: StepOrder) -> dict[str, Any]:
    _refuse_over(case)
    _refuse_unnotified(case, order)
    action = order.action.strip() or case.action
    if not action:
        raise UsageError("没有写处理措施", advice="请加 --action，写明怎么整改的。")
    return {"rectified_on": order.day, "action": action, "status": Status.RECTIFIED}


def _check(case: TenancyCase, order: StepOrder) -> dict[str, Any]:
    if case.status in _BEGUN or case.rectified_on is None:
        raise _refused(case, "还没有整改，不能复查", "先用 --rectify 登记整改。")
    if case.status is not Status.RECTIFIED:
        raise _refused(case, f"的状态是“{case.status.value}”，不用复查")
    if order.day < case.rectified_on:
        raise _refused(case, f"于 {case.rectified_on} 整改，复查日期 {order.day} 比它早")
    if not (case.evidence or order.evidence.strip()):
        raise _refused(case, "没有证据，不能销号", "请用 --evidence 写明照片、笔录等证据。")
    return {"checked_on": order.day, "status": Status.CLOSED}


def _exit(case: TenancyCase, order: StepOrder) -> dict[str, Any]:
    if case.status in (Status.CLOSED, Status.UNFOUNDED):
        raise _refused(case, f"的状态是“{case.status.value}”", "要改的先用 --reopen 重新打开。")
    if case.household_exits:
        raise _refused(case, "已登记退出保障")
    _refuse_unnotified(case, order)
    said = order.action.strip()
    action = joined(case.action, f"{order.day} 退出保障{f'：{said}' if said else ''}")
    if case.status is Status.RECTIFIED:
        return {"household_exits": True, "action": action}
    return {
        "household_exits": True,
        "rectified_on": order.day,
        "action": action,
        "status": Status.RECTIFIED,
    }


def _reopen(case: TenancyCase, order: StepOrder) -> dict[str, Any]:
    if case.status in _BEGUN:
        raise _refused(case, f"的状态是“{case.status.value}”，没有结束，不用重新打开")
    if not order.reason.strip():
        raise UsageError("没有写重新打开的原因", advice="请写 --reopen 原因。")
    was = [f"原状态 {case.status.value}"]
    was += [f"原整改日期 {case.rectified_on}"] if case.rectified_on else []
    was += [f"原复查日期 {case.checked_on}"] if case.checked_on else []
    was += [f"原限制申请至 {case.banned_until}"] if case.banned_until else []
    words = f"{order.day} 重新打开：{order.reason.strip()}（{'，'.join(was)}）"
    return {
        "status": Status.IN_PROGRESS if case.notified_on else Status.OPEN,
        "rectified_on": None,
        "checked_on": None,
        "household_exits": None,
        "banned_until": None,
        "remark": joined(case.remark, words),
    }


def _unfounded(case: TenancyCase, order: StepOrder) -> dict[str, Any]:
    _refuse_over(case)
    if not order.reason.strip():
        raise UsageError("没有写不属实的原因", advice="请写 --unfounded 原因。")
    words = f"{order.day} 核实不属实：{order.reason.strip()}"
    return {"status": Status.UNFOUNDED, "remark": joined(case.remark, words)}


_STEPS: Mapping[Step, Callable[[TenancyCase, StepOrder], dict[str, Any]]] = {
    Step.NOTIFY: _notify,
    Step.RECTIFY: _rectify,
    Step.CHECK: _check,
    Step.EXIT: _exit,
    Step.REOPEN: _reopen,
    Step.UNFOUNDED: _unfounded,
}


def _refuse_over(case: TenancyCase) -> None:
    if case.status in SETTLED or case.status is Status.UNFOUNDED:
        raise _refused(
            case, f"的状态已是“{case.status.value}”", "要改的先用 --reopen 重新打开，并写原因。"
        )


def _refuse_unnotified(case: TenancyCase, order: StepOrder) -> None:
    if case.notified_on is None:
        if case.category is CaseCategory.VIOLATION:
            raise _refused(case, "还没有送达整改通知", "先用 --notify 登记通知日期和通知书号。")
    elif order.day < case.notified_on:
        raise _refused(case, f"于 {case.notified_on} 通知，日期 {order.day} 比它早")


def _refused(case: TenancyCase, why: str, advice: str = "请核对事项编号。") -> UsageError:
    return UsageError(f"{case.case_no} {why}", advice=advice)
