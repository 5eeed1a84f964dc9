"""The dated standards a review is judged by, each with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from zhubao import policy
from zhubao.core.money import parse_yuan
from zhubao.ledger.tenants import Tier
from zhubao.policy import PolicyInvalid, PolicyUnknown
from zhubao.policy.lookup import Overrides
from zhubao.services.review.leads import ListKind, Wording

_OUTCOMES = ("退出", "待定", "备注")


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """The standards in force on a day.

    `income_limits`: tier → highest income per person and month, fen; a tier without one is not
    judged by income. `path`: tiers from strict to loose. `subsidy_months`: longest time of the
    capped tiers, None where no standard is known on the day.
    """

    income_limits: Mapping[Tier, int]
    ladder: tuple[Tier, ...]
    certified: tuple[Tier, ...]
    area_per_person: Decimal
    outcomes: Mapping[ListKind, str]
    wording: Wording
    capped: tuple[Tier, ...]
    subsidy_months: int | None
    bases: Mapping[str, str]  # parameter → one line with its source

    @classmethod
    def load(cls, day: dt.date, overrides: Overrides | None = None) -> ReviewRules:
        """The rules on the day; PolicyInvalid for a value of the bureau that cannot be used."""

        def value(name: str) -> Any:
            return policy.at(f"review.{name}", day, overrides)

        months, months_basis = _subsidy_months(day, overrides)
        named = ("income_limits", "area_per_person", "another_home", "confirmed_leads")
        bases = {name: policy.basis(f"review.{name}", day, overrides) for name in named}
        wording = Wording(_words(value, "cleared_words"), _words(value, "confirmed_words"))
        return cls(
            _limits(value("income_limits")),
            _tiers("review.income_ladder", value("income_ladder")),
            _tiers("review.certified_tiers", value("certified_tiers")),
            _area(value("area_per_person")),
            _outcomes(value("confirmed_leads")),
            wording,
            _tiers("subsidy.capped_tiers", policy.at("subsidy.capped_tiers", day, overrides)),
            months,
            {**bases, "subsidy_months": months_basis},
        )

    def path(self, tier: Tier) -> tuple[Tier, ...]:
        """The tiers a household of this tier may move along, strict to loose; itself among them."""
        if tier in self.certified:
            return (tier, *self.ladder)
        return self.ladder if tier in self.ladder else (tier,)


def _subsidy_months(day: dt.date, overrides: Overrides | None) -> tuple[int | None, str]:
    code = "subsidy.new_employee_months"
    try:
        return int(policy.at(code, day, overrides)), policy.basis(code, day, overrides)
    except PolicyUnknown:
        return None, ""
    except (TypeError, ValueError) as fault:
        raise _invalid(code, "应是整数") from fault


def _limits(value: Any) -> dict[Tier, int]:
    code = "review.income_limits"
    if not isinstance(value, Mapping):
        raise _invalid(code, '应写成 { "低收入" = "1200" } 这样的对照')
    tiers = _tiers(code, list(value))
    try:
        amounts = [parse_yuan(one) for one in value.values()]
    except (TypeError, ValueError) as fault:
        raise _invalid(code, f"金额看不懂（{fault}）") from fault
    if any(amount <= 0 for amount in amounts):
        raise _invalid(code, "金额应大于 0")
    return dict(zip(tiers, amounts, strict=True))


def _tiers(code: str, value: Any) -> tuple[Tier, ...]:
    try:
        return tuple(Tier(one) for one in _listed(code, value))
    except ValueError as fault:
        known = "、".join(tier.value for tier in Tier)
        raise _invalid(code, f"没有这个保障类型（可写 {known}）") from fault


def _outcomes(value: Any) -> dict[ListKind, str]:
    code = "review.confirmed_leads"
    if not isinstance(value, Mapping) or any(word not in _OUTCOMES for word in value.values()):
        raise _invalid(code, f"应是名单种类与 {'、'.join(_OUTCOMES)} 的对照")
    try:
        return {ListKind(kind): word for kind, word in value.items()}
    except ValueError as fault:
        known = "、".join(kind.value for kind in ListKind)
        raise _invalid(code, f"没有这种名单（可写 {known}）") from fault


def _area(value: Any) -> Decimal:
    try:
        area = Decimal(str(value))
    except InvalidOperation as fault:
        raise _invalid("review.area_per_person", "应是数字") from fault
    if not area.is_finite() or area <= 0:
        raise _invalid("review.area_per_person", "应大于 0")
    return area


def _words(value: Any, name: str) -> tuple[str, ...]:
    return tuple(str(one) for one in _listed(f"review.{name}", value(name)) if str(one).strip())


def _listed(code: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _invalid(code, "应写成方括号里的列表")
    return value


def _invalid(code: str, fault: str) -> PolicyInvalid:
    return PolicyInvalid(
        f"政策参数 {code} 不能用：{fault}",
        where=f"[policy.{code}]",
        advice="请改正 zhubao.toml 里这个参数的 value",
    )
