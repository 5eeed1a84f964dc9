"""Texts of a summary that are no figures: limits in force, the sentences offered on problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zhubao.policy import PolicyUnknown, at
from zhubao.summary.words.spans import since_new_year
from zhubao.summary.words.targets import target_facts
from zhubao.summary.words.telling import rate_text, tight

if TYPE_CHECKING:
    from zhubao.summary.problems.rules import Problem
    from zhubao.summary.summary import Summary

REVIEW_LIMIT = "fact.review_limit"
DELIVERIES = "fact.deliveries_per_week"
OVERDUE = "fact.approvals_overdue"
SINCE = "fact.since_new_year"  # 1—6月; only of a period that begins later
STAFF_DONE, STAFF_ANNUAL = "fact.staff_done", "fact.staff_annual"
STAFF_RATE = "fact.staff_annual_rate"
_HALF_ENDS = (6, 30)


def facts_of(
    summary: Summary,
    problems: Sequence[Problem],
    overrides: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """Every fact of the period, code → text; one without a source is left out.

    The limits are those in force on the last day that counts (policy `approval.limit_days`,
    `office.deliveries_per_week`).
    """
    day = min(summary.period.end, summary.as_of)
    limits = _policy("approval.limit_days", day, overrides)
    limit = limits.get("区") if isinstance(limits, Mapping) else None
    times = _policy("office.deliveries_per_week", day, overrides)
    facts = target_facts(summary) | _staff_facts(summary)
    facts |= {
        REVIEW_LIMIT: f"{limit}个工作日" if limit else "",
        DELIVERIES: f"{times}次" if times else "",
    }
    for number, problem in enumerate(problems, 1):
        if problem.code == "approval.overdue":
            facts[OVERDUE] = f"{problem.count}{problem.unit}"
        facts[problem_code(number)] = tight(problem.sentence)
        facts[plan_code(number)] = tight(problem.plan)
    return {code: text for code, text in facts.items() if text}


def problem_code(number: int) -> str:
    """The code of the sentence of the problem with this number, from 1."""
    return f"problem.{number}"


def plan_code(number: int) -> str:
    """The code of what is proposed for it."""
    return f"plan.{number}"


def _staff_facts(summary: Summary) -> dict[str, str]:
    """The annual target of 职工住房补贴 and what is done of it, from July on."""
    value, end = summary.values.get("staff.households"), summary.period.end
    facts = {SINCE: since_new_year(summary)}
    progress = value.progress if value is not None else None
    if progress is None or progress.annual_rate is None or (end.month, end.day) <= _HALF_ENDS:
        return facts
    rate = progress.annual_rate
    return facts | {
        STAFF_DONE: f"{progress.done:f}{progress.unit}",
        STAFF_ANNUAL: f"{progress.annual:f}{progress.unit}",
        STAFF_RATE: rate_text(rate.numerator, rate.denominator) or "",
    }


def _policy(code: str, day: dt.date, overrides: Mapping[str, Any] | None) -> Any:
    try:
        return at(code, day, overrides)
    except PolicyUnknown:
        return None
