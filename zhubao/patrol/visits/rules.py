"""The bureau's own rules of patrolling, as dated parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.ledger.patrol import KeyHouseholdKind
from zhubao.policy import PolicyInvalid

CODES = (
    "patrol.routine_months",
    "patrol.key_visits",
    "patrol.repeat_visits",
    "patrol.key_silence_days",
    "patrol.alone_age",
    "patrol.hardship_words",
)


@dataclass(frozen=True, slots=True)
class VisitRules:
    """What holds on a day.

    `routine_months`: every household once in so many months. `key_visits`: visits a month per kind
    of key household, where 每月走访次数 is empty. `repeat_visits`: from so many visits in a period
    on, a household counts as visited repeatedly. `silence_days`: a key household not visited for
    so many days is a finding. `alone_age`: a sole member of this age should be listed.
    `hardship_words`: the word in 困难标识 → the kind to be listed under.
    """

    routine_months: int
    key_visits: Mapping[KeyHouseholdKind, int]
    repeat_visits: int
    silence_days: int
    alone_age: int
    hardship_words: Mapping[str, KeyHouseholdKind]

    @classmethod
    def on(cls, day: dt.date, overrides: Mapping[str, Any] | None = None) -> VisitRules:
        """The rules in force on the day; PolicyInvalid where a value is not of its kind."""
        routine, visits, repeat, silence, age, words = (
            policy.at(code, day, overrides) for code in CODES
        )
        return cls(
            _count(CODES[0], routine),
            {kind: _count(CODES[1], _table(CODES[1], visits).get(kind, 1)) for kind in _KINDS},
            _count(CODES[2], repeat),
            _count(CODES[3], silence),
            _count(CODES[4], age),
            _words(words),
        )

    def visits_a_month(self, kind: KeyHouseholdKind | None, own: int | None) -> int:
        """What a row of 重点对象 asks for: its own number, else the kind's."""
        if own is not None:
            return own
        return self.key_visits[kind] if kind is not None else 1


def bases(day: dt.date, overrides: Mapping[str, Any] | None, *codes: str) -> tuple[str, ...]:
    """The source line of each parameter, for a report."""
    return tuple(policy.basis(code, day, overrides) for code in codes)


_KINDS = tuple(KeyHouseholdKind)


def _count(code: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _invalid(code, f"“{value}”不是大于 0 的整数")
    return value


def _table(code: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _invalid(code, "应当是一个表，如 { 孤寡老人 = 2 }")
    strange = [str(key) for key in value if key not in set(_KINDS)]
    if strange:
        raise _invalid(code, f"没有重点类型“{'、'.join(strange)}”")
    return value


def _words(value: Any) -> dict[str, KeyHouseholdKind]:
    code = CODES[5]
    found: dict[str, KeyHouseholdKind] = {}
    for kind, words in _table(code, value).items():
        if not isinstance(words, list):
            raise _invalid(code, f'“{kind}”后面应当是几个词，如 ["重病"]')
        found |= {str(word): KeyHouseholdKind(kind) for word in words if str(word).strip()}
    return found


def _invalid(code: str, fault: str) -> PolicyInvalid:
    return PolicyInvalid(
        f"政策参数 {code} 的值不对：{fault}",
        where=f"[policy.{code}]",
        advice=f"在 zhubao.toml 的 [[policy.{code}.values]] 里改正",
    )
