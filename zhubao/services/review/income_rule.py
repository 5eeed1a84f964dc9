"""Income per person against the limits of the tiers."""

from __future__ import annotations

from zhubao.core.money import format_yuan, prorate
from zhubao.ledger.tenants import ExitReason, ReviewDecision, Tier
from zhubao.services.review.reasons import Case, Reason

RULE = "收入"


def income_reason(case: Case) -> Reason | None:
    """What the declared income says; None without a declared income and size, or without a tier.

    Income per person = 申报月收入 ÷ 申报人口; at the limit or below is within it (compared as
    income ≤ limit × size, so nothing is rounded). Over the limit of the own tier: the first looser
    tier whose limit holds it, 退出 when all are exceeded, 待定 when a limit on the way is not
    configured. Within a stricter tier that is judged by income: change to that one, the strictest
    first. Without a limit for the own tier only a remark, whatever the other limits are.
    """
    income, size, tier = case.declared.income, case.declared.size, case.tier
    if income is None or not size or tier is None:
        return None
    limits, path = case.rules.income_limits, case.rules.path(tier)
    place = path.index(tier)
    if tier not in limits:
        words = f"{_per_person(income, size)}；“{tier.value}”收入标准未配置，没有按收入判断"
        return _reason(case, words)
    stricter = [one for one in path[:place] if one not in case.rules.certified and one in limits]
    for lower in stricter:
        if income <= limits[lower] * size:
            words = f"{_compared(income, size, lower, limits[lower])}，可调整为“{lower.value}”"
            return _reason(case, words, ReviewDecision.CHANGE_TIER, new_tier=lower)
    own = _compared(income, size, tier, limits[tier])
    if income <= limits[tier] * size:
        return _reason(case, own, ReviewDecision.CONTINUE)
    return _exceeded(case, own, path[place + 1 :], income, size)


def _exceeded(case: Case, own: str, looser: tuple[Tier, ...], income: int, size: int) -> Reason:
    limits = case.rules.income_limits
    for tier in looser:
        if tier not in limits:
            words = f"{own}；“{tier.value}”收入标准未配置，判断不了调整还是退出"
            return _reason(case, words, ReviewDecision.PENDING)
        if income <= limits[tier] * size:
            words = f"{own}；不高于“{tier.value}”标准 {format_yuan(limits[tier])} 元"
            return _reason(case, words, ReviewDecision.CHANGE_TIER, new_tier=tier)
        own = f"{own}，高于“{tier.value}”标准 {format_yuan(limits[tier])} 元"
    return _reason(case, own, ReviewDecision.EXIT, exit_reason=ExitReason.INCOME)


def _per_person(income: int, size: int) -> str:
    each = format_yuan(prorate(income, 1, size))
    return f"人均月收入 {each} 元（{format_yuan(income)}÷{size}）"


def _compared(income: int, size: int, tier: Tier, limit: int) -> str:
    word = "不高于" if income <= limit * size else "高于"
    return f"{_per_person(income, size)}，{word}“{tier.value}”标准 {format_yuan(limit)} 元"


def _reason(
    case: Case,
    words: str,
    decision: ReviewDecision | None = None,
    *,
    exit_reason: ExitReason | None = None,
    new_tier: Tier | None = None,
) -> Reason:
    cells = case.declared.cells[:2]
    basis = case.rules.bases["income_limits"] if decision is not None else ""
    return Reason(RULE, words, decision, basis, cells, exit_reason, new_tier)
