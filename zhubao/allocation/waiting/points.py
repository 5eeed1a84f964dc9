"""Points of a household by the bureau's own formula, with the arithmetic written out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from zhubao import policy

CODE = "allocation.points"
_NUMBERS = ("base", "per_month", "month_cap", "per_person", "person_cap", "hardship_cap")
_TABLES = ("tier", "hardship", "group")
_FLAG = "from_ledger"
_TITLES = {"tier": "保障类型", "hardship": "困难", "group": "优先类别"}
_SPLIT = re.compile(r"[、，,；;/\s]+")
_BRACKETS = re.compile(r"[（(].*?[）)]")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What points are given for. `months` waited in full; `ledger` is 评分 of 轮候册."""

    months: int
    size: int | None
    tier: str
    hardship: str
    group: str
    ledger: Decimal | None


@dataclass(frozen=True, slots=True)
class Points:
    """The points, and how they come about; None where what they need is not written down."""

    value: Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """points = base + min(per_month × months, month_cap) + min(per_person × size, person_cap)
    + tier + group + min(Σ hardship, hardship_cap) + 评分 of the ledger, if it counts.

    A cap that is absent is no cap. Exact decimals, nothing is rounded.
    """

    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    from_ledger: bool = False

    @property
    def is_used(self) -> bool:
        """False when the bureau gives no points at all."""
        return bool(self.numbers or self.tables or self.from_ledger)

    def points_of(self, case: Circumstances) -> Points:
        """The points of one household, with the sum as text: 基础 60 ＋ 人口 2×5＝10 ＝ 70."""
        if self.from_ledger and case.ledger is None:
            return Points(None, "轮候册的评分空着，算不出")
        if "per_person" in self.numbers and case.size is None:
            return Points(None, "家庭人口空着或查无家庭，算不出")
        parts = [*self._plain(case), *self._listed(case), *self._hardship(case)]
        if self.from_ledger and case.ledger is not None:
            parts.append((case.ledger, f"轮候册评分 {_plain(case.ledger)}"))
        total = sum((value for value, _ in parts), _ZERO)
        words = " ＋ ".join(text for _, text in parts) or "没有得分项"
        return Points(total, f"{words} ＝ {_plain(total)}")

    def _plain(self, case: Circumstances) -> list[tuple[Decimal, str]]:
        parts = []
        if "base" in self.numbers:
            parts.append((self.numbers["base"], f"基础 {_plain(self.numbers['base'])}"))
        if "per_month" in self.numbers:
            parts.append(self._times("轮候", case.months, "个月", "per_month", "month_cap"))
        if "per_person" in self.numbers:
            parts.append(self._times("人口", case.size or 0, "人", "per_person", "person_cap"))
        return parts

    def _times(self, title: str, count: int, unit: str, rate: str, cap: str) -> tuple[Decimal, str]:
        worth = self.numbers[rate] * count
        text = f"{title} {count} {unit}×{_plain(self.numbers[rate])}＝{_plain(worth)}"
        return self._capped(worth, text, cap)

    def _capped(self, worth: Decimal, text: str, cap: str) -> tuple[Decimal, str]:
        most = self.numbers.get(cap)
        if most is None or worth <= most:
            return worth, text
        return most, f"{text}（封顶 {_plain(most)}）"

    def _listed(self, case: Circumstances) -> list[tuple[Decimal, str]]:
        parts = []
        for name, word in (("tier", case.tier), ("group", case.group)):
            worth = self.tables.get(name, {}).get(word)
            if worth is not None:
                parts.append((worth, f"{_TITLES[name]}（{word}）{_plain(worth)}"))
        return parts

    def _hardship(self, case: Circumstances) -> list[tuple[Decimal, str]]:
        table = self.tables.get("hardship", {})
        words = list(dict.fromkeys(hardship_words(case.hardship))) if table else []
        found = [(table[word], f"{word} {_plain(table[word])}") for word in words if word in table]
        if not found:
            return []
        worth = sum((value for value, _ in found), _ZERO)
        return [
            self._capped(worth, f"困难（{'、'.join(text for _, text in found)}）", "hardship_cap")
        ]


def hardship_words(text: str) -> tuple[str, ...]:
    """重病、残疾（二级） → 重病, 残疾: split at the usual marks, what is in brackets left out."""
    return tuple(word for word in _SPLIT.split(_BRACKETS.sub("", text)) if word)


def formula_on(day: dt.date, overrides: Mapping[str, Any] | None = None) -> Formula:
    """The bureau's formula in force, from `allocation.points`; PolicyUnknown when it is unclear."""
    value = policy.at(CODE, day, overrides)
    if not isinstance(value, Mapping):
        raise _unclear("应当写成 { 项目 = 分值 } 的样子")
    unknown = [str(key) for key in value if key not in (*_NUMBERS, *_TABLES, _FLAG)]
    if unknown:
        raise _unclear(f"不认识 {'、'.join(unknown)}")
    tables = {}
    for name in _TABLES:
        given = value.get(name, {})
        if not isinstance(given, Mapping):
            raise _unclear(f"{name} 应当写成 {{ 名称 = 分值 }}")
        if given:
            tables[name] = {str(word): _number(name, worth) for word, worth in given.items()}
    numbers = {name: _number(name, value[name]) for name in _NUMBERS if name in value}
    if not isinstance(value.get(_FLAG, False), bool):
        raise _unclear(f"{_FLAG} 应当是 true 或 false")
    return Formula(numbers, tables, value.get(_FLAG, False))


def _number(name: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise _unclear(f"{name} 的分值“{value}”不是数")
    return number


def _unclear(fault: str) -> policy.PolicyUnknown:
    return policy.PolicyUnknown(
        f"积分公式看不懂：{fault}",
        where=f"[policy.{CODE}]",
        advice=(
            f"可用的项目：{'、'.join((*_NUMBERS, *_TABLES, _FLAG))}；写法如 "
            'value = { base = 60, per_month = "0.5", per_person = 5, hardship = { "重病" = 10 } }'
        ),
    )


def _plain(number: Decimal) -> str:
    """14.50 → 14.5, 60 → 60: no exponent, no idle zeros."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
