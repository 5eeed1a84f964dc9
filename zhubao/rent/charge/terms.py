"""The policy a month is charged by: which rent, part months, the last day, standing reductions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from zhubao import policy
from zhubao.core.money import prorate
from zhubao.core.period import Month
from zhubao.ledger.charge_formula import monthly_rent_fen
from zhubao.ledger.tenants import Tier
from zhubao.rent.charge.part_month import PartRule

_WORDS = TypeVar("_WORDS", bound=StrEnum)
_FIXED = ("rent.charge_basis", "rent.part_month", "rent.last_day_charged", "rent.relief_rule")
_DAILY = ("rent.price", "rent.relief_percent")
_BY_TIER, _BY_WORD = "保障类型", "困难标识"
_HUNDRED_PERCENT = 10_000  # in hundredths of a percent


class Basis(StrEnum):
    """Which monthly rent is charged (policy `rent.charge_basis`)."""

    CONTRACT = "合同月租金"
    STANDARD = "标准租金"


class ReliefRule(StrEnum):
    """Where standing reductions come from (policy `rent.relief_rule`)."""

    TABLE = "减免比例"
    CARRIED = "沿用上月"


class Share(NamedTuple):
    """A part of the rent that is let off: numerator ÷ denominator."""

    numerator: int
    denominator: int

    def of(self, fen: int) -> int:
        """The fen let off of a whole-month rent, half up, never more than the rent."""
        return min(prorate(fen, self.numerator, self.denominator), fen) if self.numerator else 0


NO_RELIEF = Share(0, 1)


@dataclass(frozen=True, slots=True)
class Era:
    """Days of the month, first to last, on which prices and percentages are the same."""

    first: int
    last: int
    on: dt.date  # the day the values are looked up for
    by_tier: Mapping[str, int]  # hundredths of a percent
    by_word: Mapping[str, int]

    def relief(self, tier: str | None, hardship: str | None) -> Share:
        """The highest percentage that applies; several are not added up."""
        found = [self.by_tier.get(tier or "", 0)]
        found += [rate for word, rate in self.by_word.items() if hardship and word in hardship]
        return Share(max(found), _HUNDRED_PERCENT)


@dataclass(frozen=True, slots=True)
class Terms:
    """The policy of one month.

    Basis, part-month rule, last-day rule and relief rule are those of the month's first day; prices
    and percentages are those of each day (a simplification: a rule does not change in mid-month).
    """

    month: Month
    basis: Basis
    part_rule: PartRule
    last_day_charged: bool
    relief_rule: ReliefRule
    eras: tuple[Era, ...]
    citations: tuple[str, ...]
    overrides: Mapping[str, Any] | None = field(default=None, repr=False)

    @classmethod
    def load(cls, month: Month, overrides: Mapping[str, Any] | None = None) -> Terms:
        """Look the policy up. Raises `PolicyUnknown` for a month before it begins, and
        `PolicyInvalid` for a value that is not one of the words, or no percentage."""
        first = month.first_day
        basis, part_rule, last_day, relief_rule = (
            policy.at(code, first, overrides) for code in _FIXED
        )
        return cls(
            month=month,
            basis=_word("rent.charge_basis", basis, Basis),
            part_rule=_word("rent.part_month", part_rule, PartRule),
            last_day_charged=_yes("rent.last_day_charged", last_day),
            relief_rule=_word("rent.relief_rule", relief_rule, ReliefRule),
            eras=_eras(month, overrides),
            citations=_citations(first, overrides),
            overrides=overrides,
        )

    @property
    def days(self) -> int:
        """The number of days of the month."""
        return self.month.last_day.day

    @property
    def prescribes_relief(self) -> bool:
        """True when a table says what is let off; carried over, it is what was let off before."""
        table = any(
            rate for era in self.eras for rate in (*era.by_tier.values(), *era.by_word.values())
        )
        return self.relief_rule is not ReliefRule.CARRIED and table

    def standard(self, area: Decimal, tier: str, grade: str, has_lift: bool, era: Era) -> int:
        """The whole-month rent by the rent table; raises `PolicyUnknown` without a price."""
        return monthly_rent_fen(area, tier, grade, has_lift, era.on, self.overrides)


def _eras(month: Month, overrides: Mapping[str, Any] | None) -> tuple[Era, ...]:
    days = month.last_day.day
    in_force = [
        _values_on(month.first_day.replace(day=day), overrides) for day in range(1, days + 1)
    ]
    starts = [
        day for day in range(1, days + 1) if day == 1 or in_force[day - 1] != in_force[day - 2]
    ]
    ends = [*(start - 1 for start in starts[1:]), days]
    return tuple(
        _era(month.first_day.replace(day=first), last, in_force[first - 1][1])
        for first, last in zip(starts, ends, strict=True)
    )


def _values_on(day: dt.date, overrides: Mapping[str, Any] | None) -> list[Any]:
    """The daily parameters in force; None for one that has not begun."""
    found = []
    for code in _DAILY:
        try:
            found.append(policy.at(code, day, overrides))
        except policy.PolicyUnknown:
            found.append(None)
    return found


def _era(on: dt.date, last: int, percents: Any) -> Era:
    table = percents or {}
    if not isinstance(table, Mapping) or set(table) - {_BY_TIER, _BY_WORD}:
        raise _invalid("rent.relief_percent", f"只能有“{_BY_TIER}”和“{_BY_WORD}”两项")
    by_tier, by_word = (_rates(table.get(name, {})) for name in (_BY_TIER, _BY_WORD))
    unknown = set(by_tier) - {tier.value for tier in Tier}
    if unknown:
        raise _invalid("rent.relief_percent", f"没有这样的保障类型：{'、'.join(sorted(unknown))}")
    return Era(on.day, last, on, by_tier, by_word)


def _rates(table: Any) -> dict[str, int]:
    """Percentages as hundredths of a percent."""
    if not isinstance(table, Mapping):
        raise _invalid("rent.relief_percent", '应写成 { "名称" = 比例 } 的样子')
    rates = {}
    for name, value in table.items():
        try:
            percent = Decimal(str(value))
        except InvalidOperation:
            raise _invalid("rent.relief_percent", f"“{name}”的比例看不懂：{value}") from None
        if not 0 <= percent <= 100 or percent * 100 % 1:
            raise _invalid("rent.relief_percent", f"“{name}”的比例应在 0 到 100 之间，最多两位小数")
        rates[str(name)] = int(percent * 100)
    return rates


def _word(code: str, value: Any, words: type[_WORDS]) -> _WORDS:
    try:
        return words(str(value))
    except ValueError:
        known = "、".join(one.value for one in words)
        raise _invalid(code, f"“{value}”不是可用的写法，只能写：{known}") from None


def _yes(code: str, value: Any) -> bool:
    if value in (0, 1):
        return bool(value)
    raise _invalid(code, f"“{value}”不是可用的写法，只能写 1 或 0")


def _invalid(code: str, fault: str) -> policy.PolicyInvalid:
    return policy.PolicyInvalid(
        f"政策参数 {code} 写法有误：{fault}",
        where=f"[policy.{code}]",
        advice="请在 zhubao.toml 里改正；写法见 zhubao 自带的说明（参数的标题和备注）",
    )


def _citations(on: dt.date, overrides: Mapping[str, Any] | None) -> tuple[str, ...]:
    lines = []
    for code in (*_FIXED, *_DAILY):
        try:
            lines.append(policy.basis(code, on, overrides))
        except policy.PolicyUnknown as fault:
            lines.append(fault.message)
    return tuple(lines)
