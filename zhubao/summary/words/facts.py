"""Texts of a summary that are no figures: limits in force, the sentences offered on problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zhubao.ledger.tenants import Lease
from zhubao.policy import PolicyUnknown, at
from zhubao.summary.problems.due import Due, held_to, number
from zhubao.summary.reconcile import made
from zhubao.summary.words.spans import since_new_year
from zhubao.summary.words.targets import target_facts
from zhubao.summary.words.telling import quantity, rate_text, tight

if TYPE_CHECKING:
    from zhubao.summary.indicators.figures import Scope
    from zhubao.summary.problems.rules import Problem
    from zhubao.summary.summary import Summary

REVIEW_LIMIT = "fact.review_limit"
DELIVERIES = "fact.deliveries_per_week"
OVERDUE = "fact.approvals_overdue"
SINCE = "fact.since_new_year"  # 1—6月; only of a period that begins later
STAFF_DONE, STAFF_ANNUAL = "fact.staff_done", "fact.staff_annual"
STAFF_RATE = "fact.staff_annual_rate"
REMITTED_OTHER = "fact.remitted_other"  # remitted in the period for rent of other periods
HOUSED_LATER = "fact.housed_later"  # households whose lease begins after the last day that counts
# 房源筹集 against the target it is held to, where nothing was raised or it is behind.
RAISED_DONE, RAISED_TARGET = "fact.raised_done", "fact.raised_target"
RAISED_RATE = "fact.raised_rate"
_HALF_ENDS = (6, 30)


def facts_of(
    summary: Summary,
    problems: Sequence[Problem],
    overrides: Mapping[str, Any] | None = None,
    *,
    scope: Scope | None = None,
) -> dict[str, str]:
    """Every fact of the period, code → text; one without a source is left out.

    What is counted from rows needs the `scope` of the figures.

    The limits are those in force on the last day that counts (policy `approval.limit_days`,
    `office.deliveries_per_week`).
    """
    day = min(summary.period.end, summary.as_of)
    limits = _policy("approval.limit_days", day, overrides)
    limit = limits.get("区") if isinstance(limits, Mapping) else None
    times = _policy("office.deliveries_per_week", day, overrides)
    facts = target_facts(summary) | _staff_facts(summary) | _raised_facts(summary)
    facts |= {
        REMITTED_OTHER: _remitted_other(summary),
        REVIEW_LIMIT: f"{limit}个工作日" if limit else "",
        DELIVERIES: f"{times}次" if times else "",
        HOUSED_LATER: _housed_later(scope) if scope is not None else "",
    }
    for place, problem in enumerate(problems, 1):
        if problem.code == "approval.overdue":
            facts[OVERDUE] = f"{problem.count}{problem.unit}"
        facts[problem_code(place)] = tight(problem.sentence)
        facts[plan_code(place)] = tight(problem.plan)
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


def raised_due(summary: Summary) -> Due | None:
    """The target of 房源筹集 the period is held to; None where it has none."""
    return next((one for one in held_to(summary).dues if one.figure.code == "supply.raised"), None)


def _raised_facts(summary: Summary) -> dict[str, str]:
    """Done of the target since 1 January, where nothing was raised or it is behind."""
    due, value = raised_due(summary), summary.values.get("supply.raised")
    if due is None or value is None or value.measured is None or due.rate is None:
        return {}
    if value.measured.value and not due.is_behind:
        return {}
    done, target = (tight(number(one)) for one in (due.done, due.target))
    unit, rate = due.progress.unit, due.rate
    return {
        RAISED_DONE: f"{done}{unit}" if due.done else "",
        RAISED_TARGET: f"{target}{unit}",
        RAISED_RATE: rate_text(rate.numerator, rate.denominator) or "",
    }


def _remitted_other(summary: Summary) -> str:
    """市级产权租金汇缴 less what of it is rent of the period; "" for nothing, or unknown."""
    paid = summary.values.get("rent.remitted_city")
    rate = summary.values.get("rent.remittance_rate_city")
    if paid is None or paid.measured is None or rate is None or rate.measured is None:
        return ""
    other = paid.measured.value - rate.measured.value
    return quantity(other, paid.figure) if other > 0 else ""


def _housed_later(scope: Scope) -> str:
    """84户 of the period have a lease that begins after its last day; "" for none."""
    leases = scope.loaded.get(Lease)
    starts = dict(zip(leases.column("lease_no"), leases.column("starts_on"), strict=True))
    begins = [starts.get(one.lease_no) for one in scope.once(made.allocations).allocated]
    later = sum(day is not None and day > scope.day for day in begins)
    return f"{later}户" if later else ""


def _policy(code: str, day: dt.date, overrides: Mapping[str, Any] | None) -> Any:
    try:
        return at(code, day, overrides)
    except PolicyUnknown:
        return None
