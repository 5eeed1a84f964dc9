"""Texts of a summary that are no figures: limits in force, the sentences offered on problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zhubao.policy import PolicyUnknown, at
from zhubao.summary.words.targets import target_facts
from zhubao.summary.words.telling import tight

if TYPE_CHECKING:
    from zhubao.summary.problems.rules import Problem
    from zhubao.summary.summary import Summary

REVIEW_LIMIT = "fact.review_limit"
DELIVERIES = "fact.deliveries_per_week"


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
    facts = target_facts(summary) | {
        REVIEW_LIMIT: f"{limit}个工作日" if limit else "",
        DELIVERIES: f"{times}次" if times else "",
    }
    for number, problem in enumerate(problems, 1):
        facts[problem_code(number)] = tight(problem.sentence)
        facts[plan_code(number)] = tight(problem.plan)
    return {code: text for code, text in facts.items() if text}


def problem_code(number: int) -> str:
    """The code of the sentence of the problem with this number, from 1."""
    return f"problem.{number}"


def plan_code(number: int) -> str:
    """The code of what is proposed for it."""
    return f"plan.{number}"


def _policy(code: str, day: dt.date, overrides: Mapping[str, Any] | None) -> Any:
    try:
        return at(code, day, overrides)
    except PolicyUnknown:
        return None
