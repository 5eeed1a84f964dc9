"""Decisions of the year: proposals accepted, or one household decided by hand; never twice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding, Severity, declare
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.tenants import ExitReason, ProtectionStatus, ReviewDecision, Tier
from zhubao.services.review.leads import SEPARATOR
from zhubao.services.review.population import Due, ReviewYear
from zhubao.services.review.proposal_report import grounds_text
from zhubao.services.review.proposing import Proposal, Proposals

NOT_APPLICABLE = declare(
    "RV-120",
    "结论没有写明调整成什么，不能写到保障家庭",
    Severity.WARNING,
    "{household} 的年审结论是“{decision}”，备注里没有“{form}”，没有写到保障家庭",
    "用 zhubao review decide {household} --again 写明 --tier 或 --exit-reason，或直接改保障家庭",
    bad="结论“调整类型”，备注写“收入变化”",
    good="备注写“调整为低收入：…”（zhubao review decide 会这样写）",
)

_CHANGE = re.compile(r"(?:^|；)调整为([^：；]+)：")
_EXIT = re.compile(r"(?:^|；)退出（([^）；]+)）：")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision to be written; `tier` and `exit_reason` go with 调整类型 and 退出."""

    due: Due
    decision: ReviewDecision
    day: dt.date
    words: str
    tier: Tier | None = None
    exit_reason: ExitReason | None = None
    fresh: bool = True  # False: taken earlier, now only carried over to 保障家庭

    @property
    def remark(self) -> str:
        """As 年审 notes it; `verdict_of` reads it back."""
        words = self.words.replace(SEPARATOR, "，").strip()
        if self.tier is not None:
            return f"调整为{self.tier.value}：{words}"
        if self.exit_reason is not None:
            return f"退出（{self.exit_reason.value}）：{words}"
        return words


@dataclass(frozen=True, slots=True)
class Order:
    """A decision as the clerk states it for one household."""

    household: str
    decision: ReviewDecision
    reason: str
    day: dt.date
    tier: Tier | None = None
    exit_reason: ExitReason | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """Everything one run decides; `left` are exits proposed that were not accepted."""

    view: ReviewYear
    verdicts: tuple[Verdict, ...]
    left: tuple[Proposal, ...] = ()
    pending: int = 0
    findings: tuple[Finding, ...] = ()


def accept_proposals(
    made: Proposals, chosen: Sequence[Due], day: dt.date, *, with_exits: bool
) -> Decided:
    """The proposals for undecided households as decisions; 待定 never is one.

    退出 is accepted only `with_exits`: it is the clerk who sends somebody away.
    """
    _refuse_day(made.view, day)
    numbers = {one.number for one in chosen}
    items = [one for one in made.pending if one.due.number in numbers]
    verdicts, left, pending = [], [], 0
    for one in items:
        if one.decision is ReviewDecision.PENDING or not made.view.is_open(one.due):
            pending += 1
        elif one.decision is ReviewDecision.EXIT and not with_exits:
            left.append(one)
        else:
            verdicts.append(_accepted(one, day))
    return Decided(made.view, tuple(verdicts), tuple(left), pending)


def decide_one(view: ReviewYear, order: Order) -> Decided:
    """One household decided by hand.

    UsageError without a reason, for a household that is not on the year's list or has two rows,
    for one decided already (unless `again`), for 调整类型 without another tier, 退出 without a
    reason for leaving, and for a day before the year.
    """
    due = view.find(order.household)
    if due is None or due.review is None:
        raise UsageError(
            f"{order.household} 没有 {view.year} 年的年审行",
            advice=f"核对家庭编号；没有名单的，先运行 review list --year {view.year} --write。",
        )
    if due.doubled:
        raise UsageError(
            f"{order.household} 在年审表或保障家庭里有两行，认不准是哪一行",
            where=str(view.cell(due)),
            advice="只留一行，再作结论。",
        )
    _refuse_day(view, order.day)
    _refuse_second(view, due, order)
    _refuse_incomplete(view, due, order)
    verdict = Verdict(
        due, order.decision, order.day, order.reason.strip(), order.tier, order.exit_reason
    )
    return Decided(view, (verdict,))


def decided_earlier(view: ReviewYear, chosen: Sequence[Due]) -> Decided:
    """Decisions of the year that 保障家庭 does not show yet, to be carried over."""
    verdicts, findings = [], []
    for due in chosen:
        taken = view.decision(due)
        if taken not in (ReviewDecision.CHANGE_TIER, ReviewDecision.EXIT) or due.doubled:
            continue
        verdict = _verdict_of(view, due, taken)
        if verdict is None:
            form = "调整为…：" if taken is ReviewDecision.CHANGE_TIER else "退出（…）："
            words = {"household": due.number, "decision": taken.value, "form": form}
            findings.append(NOT_APPLICABLE.at(view.cell(due, "remark"), **words))
        elif _differs(view, verdict):
            verdicts.append(verdict)
    return Decided(view, tuple(verdicts), findings=tuple(findings))


def decisions_change(decided: Decided, formats: Formats, *, to_households: bool) -> Change:
    """年审: 年审结论, 结论日期, 备注, and 是否告知 taken back where a decision is changed.

    `to_households` also writes 保障类型, or 保障状态, 退出日期 and 退出原因, of 保障家庭.
    """
    view = decided.view
    title = f"{view.year} 年年审结论 {len(decided.verdicts):,} 户"
    plan = Plan(title, view.loaded, formats)
    for verdict in decided.verdicts:
        if verdict.fresh:
            _put_review(plan, view, verdict)
        if to_households:
            _put_household(plan, view, verdict)
    return plan.build()


def _accepted(one: Proposal, day: dt.date) -> Verdict:
    judged = one.judgement
    words = grounds_text(judged.grounds) or "符合保障条件"
    exits = judged.exit_reason if one.decision is ReviewDecision.EXIT else None
    tier = judged.new_tier if one.decision is ReviewDecision.CHANGE_TIER else None
    return Verdict(one.due, one.decision, day, words, tier, exits)


def _refuse_day(view: ReviewYear, day: dt.date) -> None:
    if day.year not in (view.year, view.year + 1):
        raise UsageError(
            f"结论日期 {day} 不在 {view.year} 年或下一年", advice="请核对 --year 和 --date。"
        )


def _refuse_second(view: ReviewYear, due: Due, order: Order) -> None:
    taken = view.said(due, "decision")
    if taken not in (None, ReviewDecision.PENDING) and not order.again:
        on = view.said(due, "decided_on")
        raise UsageError(
            f"{due.number} {view.year} 年已有结论“{taken.value}”（{on or '没有写日期'}）",
            where=str(view.cell(due, "decision")),
            advice="不重复作结论；确实要改的，加 --again。",
        )


def _refuse_incomplete(view: ReviewYear, due: Due, order: Order) -> None:
    if not order.reason.strip():
        raise UsageError("年审结论要写明理由", advice="请加 --reason。")
    if order.decision is ReviewDecision.PENDING:
        raise UsageError("待定不是结论", advice="可写 继续保障、调整类型、退出。")
    changing, leaving = (
        order.decision is ReviewDecision.CHANGE_TIER,
        order.decision is ReviewDecision.EXIT,
    )
    if changing != (order.tier is not None):
        raise UsageError(
            "调整类型要写调整成哪一类，别的结论不写", advice="请写 --tier 低收入 这样的类型。"
        )
    if changing and order.tier == view.field(due, "tier"):
        raise UsageError(
            f"{due.number} 现在就是“{order.tier}”，没有要调整的", advice="请核对 --tier。"
        )
    if leaving != (order.exit_reason is not None):
        known = "、".join(one.value for one in ExitReason)
        raise UsageError(
            "退出要写退出原因，别的结论不写", advice=f"请写 --exit-reason，可写 {known}。"
        )


def _verdict_of(view: ReviewYear, due: Due, taken: ReviewDecision) -> Verdict | None:
    """A decision taken earlier, read back from the last remark of its form; None without one."""
    remark = view.said(due, "remark") or ""
    day = view.said(due, "decided_on") or view.as_of
    found = (_CHANGE if taken is ReviewDecision.CHANGE_TIER else _EXIT).findall(remark)
    if not found:
        return None
    try:
        if taken is ReviewDecision.CHANGE_TIER:
            return Verdict(due, taken, day, "", tier=Tier(found[-1].strip()), fresh=False)
        return Verdict(due, taken, day, "", exit_reason=ExitReason(found[-1].strip()), fresh=False)
    except ValueError:
        return None


def _differs(view: ReviewYear, verdict: Verdict) -> bool:
    if verdict.tier is not None:
        return bool(view.field(verdict.due, "tier") is not verdict.tier)
    return bool(view.field(verdict.due, "status") is not ProtectionStatus.EXITED)


def _put_review(plan: Plan, view: ReviewYear, verdict: Verdict) -> None:
    row, table = verdict.due.review, view.reviews
    assert row is not None
    taken = view.said(verdict.due, "decision")
    plan.put(table, row, "decision", verdict.decision)
    plan.put(table, row, "decided_on", verdict.day)
    old = view.said(verdict.due, "remark")
    plan.put(table, row, "remark", SEPARATOR.join(_remarks(old, verdict)))
    if taken not in (None, ReviewDecision.PENDING) and view.said(verdict.due, "notified"):
        plan.put(table, row, "notified", False)


def _remarks(old: str | None, verdict: Verdict) -> Iterator[str]:
    if old:
        yield old
    if verdict.remark:
        yield verdict.remark


def _put_household(plan: Plan, view: ReviewYear, verdict: Verdict) -> None:
    row, table = verdict.due.household, view.households
    if verdict.tier is not None:
        plan.put(table, row, "tier", verdict.tier)
    if verdict.exit_reason is not None:
        plan.put(table, row, "status", ProtectionStatus.EXITED)
        plan.put(table, row, "exited_on", verdict.day)
        plan.put(table, row, "exit_reason", verdict.exit_reason)
