"""What the bureau's policy says about letters: intervals, deadlines, legal basis, whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.period import Month
from zhubao.policy import PolicyInvalid


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule of law as a letter quotes it: source, article, words."""

    source: str
    article: str
    words: str

    @property
    def citation(self) -> str:
        """《…办法》第二十九条."""
        return f"{self.source}{self.article}"

    def after(self, other: Clause) -> str:
        """The citation behind one of `other`: of the same source, only the article."""
        return f"该办法{self.article}" if self.source == other.source else self.citation


@dataclass(frozen=True, slots=True)
class LetterRules:
    """The policy of letters in force on a day. `phone` and `channels` are empty until given."""

    repeat_days: int
    pay_days: int
    vacate_days: int
    objection_days: int
    plan_parts: int
    plan_due_day: int
    rent_duty: Clause
    vacate_duty: Clause
    phone: str
    channels: str

    @classmethod
    def load(cls, on: dt.date, overrides: Mapping[str, Any] | None = None) -> LetterRules:
        """Look the rules up; `PolicyUnknown` before they begin, `PolicyInvalid` for no number."""
        return cls(
            repeat_days=_whole("repeat_days", on, overrides, least=0),
            pay_days=_whole("pay_days", on, overrides),
            vacate_days=_whole("vacate_days", on, overrides),
            objection_days=_whole("objection_days", on, overrides),
            plan_parts=_whole("plan_parts", on, overrides),
            plan_due_day=_whole("plan_due_day", on, overrides, most=31),
            rent_duty=_clause("rent_duty", on, overrides),
            vacate_duty=_clause("vacate_duty", on, overrides),
            phone=_joined(policy.at("letters.phone", on, overrides), "、"),
            channels=_joined(policy.at("letters.channels", on, overrides), "；"),
        )

    def first_due(self, signed: dt.date) -> dt.date:
        """The day the first part falls due when nobody says otherwise: in the month after."""
        month = Month.containing(signed).plus(1)
        return month.first_day.replace(day=min(self.plan_due_day, month.last_day.day))


def _whole(
    name: str,
    on: dt.date,
    overrides: Mapping[str, Any] | None,
    *,
    least: int = 1,
    most: int = 3660,
) -> int:
    value = policy.at(f"letters.{name}", on, overrides)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise PolicyInvalid(
        f"政策参数 letters.{name} 应是 {least} 到 {most} 的整数，现在是 {value!r}",
        where=f"[policy.letters.{name}]",
        advice="请在 zhubao.toml 里改正这个值（不加引号）",
    )


def _clause(name: str, on: dt.date, overrides: Mapping[str, Any] | None) -> Clause:
    found = policy.in_force(f"letters.{name}", on, overrides)
    return Clause(found.source, found.article, str(found.value).strip("。；"))


def _joined(value: Any, separator: str) -> str:
    """One text, or several joined."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return separator.join(text for one in value if (text := str(one).strip("。；; ")))
    return str(value).strip("。；; ")
