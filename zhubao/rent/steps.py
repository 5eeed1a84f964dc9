"""The suggested next step for a household in arrears, by the dated ladder, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zhubao import policy
from zhubao.core.money import parse_yuan


class Step(StrEnum):
    """下一步."""

    NONE = "无需催缴"
    REMIND = "提醒缴租"
    NOTICE = "发催缴通知"
    INSTALMENT = "约谈分期"
    PLAN_BROKEN = "催办分期"
    PLAN_KEPT = "按分期履行"
    VACATE = "腾退告知"
    VISIT = "走访订计划"
    VERIFY = "核对编号"
    RECOVER = "退租追缴"


class PlanState(StrEnum):
    """分期情况."""

    NONE = ""
    KEPT = "按期"
    BEHIND = "逾期"
    SETTLED = "已结清"
    NO_PARTS = "缺分期计划"


LADDER_CODES = (
    "arrears.remind_months",
    "arrears.notice_months",
    "arrears.instalment_months",
    "arrears.vacate_months",
    "arrears.plan_grace_days",
    "arrears.plan_tolerance",
    "arrears.hardship_words",
)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The policy in force on a day: unpaid months per step, plan tolerance, hardship words."""

    remind: int
    notice: int
    instalment: int
    vacate: int
    grace_days: int
    tolerance: int  # fen
    hardship_words: tuple[str, ...]
    vacate_article: str
    citations: tuple[str, ...]

    @classmethod
    def load(cls, on: dt.date, overrides: Mapping[str, Any] | None = None) -> Ladder:
        """Look the ladder up; raises `PolicyUnknown` for a day before the policy begins."""
        values = [policy.at(code, on, overrides) for code in LADDER_CODES]
        remind, notice, instalment, vacate, grace, tolerance, words = values
        return cls(
            remind=int(remind),
            notice=int(notice),
            instalment=int(instalment),
            vacate=int(vacate),
            grace_days=int(grace),
            tolerance=parse_yuan(Decimal(str(tolerance))),
            hardship_words=tuple(words),
            vacate_article=policy.in_force("arrears.vacate_months", on, overrides).article,
            citations=_citations(on, overrides),
        )

    def hardship_tags(self, text: str | None) -> tuple[str, ...]:
        """The hardship words a household's mark contains."""
        return tuple(word for word in self.hardship_words if word in text) if text else ()


def _citations(on: dt.date, overrides: Mapping[str, Any] | None) -> tuple[str, ...]:
    """One line per source: what it is, and which parameters come from it."""
    titles: dict[str, list[str]] = {}
    for code in LADDER_CODES:
        citation = policy.in_force(code, on, overrides).citation
        titles.setdefault(citation, []).append(policy.parameter(code).title)
    return tuple(f"{'、'.join(named)}：{citation}" for citation, named in titles.items())


@dataclass(frozen=True, slots=True)
class Case:
    """What the step depends on."""

    owed: int
    unpaid_months: int
    hardship: tuple[str, ...]
    plan: PlanState
    registered: bool
    moved_out: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """A step and why."""

    step: Step
    reason: str


def next_step(case: Case, ladder: Ladder) -> Advice:
    """The step for one household.

    Unpaid months are counted in total, not in a row; a limit is reached when equal (以上含本数).
    A household in hardship gets a visit and a plan whatever it owes, never a letter by itself.
    A plan that is kept holds every further step back. Who has moved out has nothing to vacate.
    Source: 公共租赁住房管理办法 art. 29 for the warning to vacate; the other steps are the
    bureau's practice.
    """
    if case.owed <= 0:
        return Advice(Step.NONE, "没有欠租")
    if not case.registered:
        return Advice(Step.VERIFY, "保障家庭台账里没有这个编号")
    counted = f"累计欠租{case.unpaid_months}个月"
    if case.hardship:
        return _hardship(case, counted, ladder)
    if case.plan is PlanState.KEPT:
        return Advice(Step.PLAN_KEPT, f"{counted}，分期协议按期履行")
    if case.moved_out:
        return Advice(Step.RECOVER, f"{counted}，已退租，只追缴欠款")
    if case.unpaid_months >= ladder.vacate:
        article = f"（{ladder.vacate_article}）" if ladder.vacate_article else ""
        return Advice(Step.VACATE, f"{counted}，达到{ladder.vacate}个月{article}")
    if case.plan is PlanState.BEHIND:
        return Advice(Step.PLAN_BROKEN, f"{counted}，分期协议逾期")
    return _ladder_step(case.unpaid_months, counted, ladder)


def _hardship(case: Case, counted: str, ladder: Ladder) -> Advice:
    marks = "、".join(case.hardship)
    if case.plan is PlanState.KEPT:
        return Advice(Step.PLAN_KEPT, f"{counted}；困难家庭（{marks}），分期协议按期履行")
    tail = "，不自动发腾退文书，由人工决定" if case.unpaid_months >= ladder.vacate else ""
    return Advice(Step.VISIT, f"{counted}；困难家庭（{marks}），先走访、订分期计划{tail}")


def _ladder_step(months: int, counted: str, ladder: Ladder) -> Advice:
    rungs = (
        (ladder.instalment, Step.INSTALMENT),
        (ladder.notice, Step.NOTICE),
        (ladder.remind, Step.REMIND),
    )
    for limit, step in rungs:
        if months >= limit:
            return Advice(step, f"{counted}，达到{limit}个月")
    return Advice(Step.NONE, f"{counted}，未到提醒月数")
