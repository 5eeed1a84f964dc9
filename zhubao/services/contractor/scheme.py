"""The scheme an operator is scored by: dated policy, the bureau's own instead of the default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from zhubao import policy
from zhubao.core.money import parse_yuan
from zhubao.policy import PolicyInvalid
from zhubao.services.contractor.catalog import FIGURES, Figure

SCHEME_CODES = (
    "contractor.scheme",
    "contractor.operators",
    "contractor.score_places",
    "contractor.payment_bands",
)


class Formula(StrEnum):
    """How a result becomes a score; see `scoring.score`."""

    PROPORTIONAL = "按比例"
    DEDUCTION = "按件扣分"
    SHORTFALL = "按差额扣分"
    ALL_OR_NOTHING = "达标得分"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One item of the scheme. `points` are deducted per case or per unit; `allowed` cases are
    free; below `floor` per cent of the target nothing is earned; `target_months` is the number of
    months the target is for (0: whatever the period); `only` narrows tickets to 诉求类别."""

    code: str
    title: str
    figure: Figure
    unit: str
    full: Decimal
    formula: Formula
    target: Decimal | None = None
    target_months: int = 0
    target_code: str = ""
    points: Decimal = Decimal(0)
    allowed: int = 0
    floor: Decimal = Decimal(0)
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's contract. No estates: all of them. `monthly_fee` in fen."""

    name: str
    estates: tuple[str, ...] = ()
    contract_no: str = ""
    monthly_fee: int | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """From `at_least` points of a hundred on, `share` per cent of the fee is paid."""

    at_least: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """The scheme in force on a day; bands from the highest down."""

    indicators: tuple[Indicator, ...]
    operators: Mapping[str, Operator]
    places: int
    bands: tuple[Band, ...]
    basis: tuple[str, ...]

    def indicator(self, code: str) -> Indicator | None:
        """The item with this code; letter case does not matter."""
        wanted = code.strip().upper()
        return next((one for one in self.indicators if one.code.upper() == wanted), None)

    def operator(self, name: str) -> Operator:
        """The operator's contract; all estates where none is configured."""
        return self.operators.get(name, Operator(name))

    def share(self, points: Decimal) -> Decimal | None:
        """Per cent of the fee for so many points of a hundred; None without bands."""
        if not self.bands:
            return None
        return next((band.share for band in self.bands if points >= band.at_least), Decimal(0))


def load_scheme(day: dt.date, overrides: Mapping[str, Any] | None = None) -> Scheme:
    """The scheme in force on the day.

    Raises `PolicyInvalid` for an item that cannot be used: an unknown figure, formula or unit, a
    number that is none, a code twice.
    """
    values = {code: policy.at(code, day, overrides) for code in SCHEME_CODES}
    items = values["contractor.scheme"]
    if not isinstance(items, list) or not items:
        raise _invalid("contractor.scheme", "value 应是指标的列表")
    indicators = tuple(_indicator(item) for item in items)
    codes = [one.code.upper() for one in indicators]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise _invalid("contractor.scheme", f"指标编号重复：{'、'.join(twice)}")
    return Scheme(
        indicators,
        _operators(values["contractor.operators"]),
        _places(values["contractor.score_places"]),
        _bands(values["contractor.payment_bands"]),
        tuple(policy.basis(code, day, overrides) for code in SCHEME_CODES),
    )


def _indicator(item: Any) -> Indicator:
    code = "contractor.scheme"
    if not isinstance(item, Mapping) or not str(item.get("code", "")).strip():
        raise _invalid(code, "每项应是一个表，写明 code")
    name = str(item["code"]).strip()
    figure = FIGURES.get(str(item.get("figure", "")))
    if figure is None:
        raise _invalid(code, f"{name} 的 figure 应是 {'、'.join(FIGURES)} 之一")
    try:
        formula = Formula(str(item.get("formula", "")))
    except ValueError:
        known = "、".join(Formula)
        raise _invalid(code, f"{name} 的 formula 应是 {known} 之一") from None
    unit = str(item.get("unit", "")).strip()
    if unit not in figure.units():
        raise _invalid(code, f"{name} 的 unit 应是 {'、'.join(figure.units())} 之一")
    return Indicator(
        code=name,
        title=str(item.get("title", "")).strip() or figure.title,
        figure=figure,
        unit=unit,
        full=_number(code, name, item, "full"),
        formula=formula,
        target=_number(code, name, item, "target") if "target" in item else None,
        target_months=int(_number(code, name, item, "target_months", "0")),
        target_code=str(item.get("target_code", "")).strip(),
        points=_number(code, name, item, "points", "0"),
        allowed=int(_number(code, name, item, "allowed", "0")),
        floor=_number(code, name, item, "floor", "0"),
        only=_words(code, name, item),
    )


def _words(code: str, name: str, item: Mapping[str, Any]) -> tuple[str, ...]:
    words = item.get("only", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise _invalid(code, f'{name} 的 only 应是文字的列表，如 ["房屋维修"]')
    return tuple(word.strip() for word in words)


def _operators(table: Any) -> Mapping[str, Operator]:
    code = "contractor.operators"
    if not isinstance(table, Mapping):
        raise _invalid(code, "value 应是 单位名称 → 范围")
    found = {}
    for name, contract in table.items():
        if not isinstance(contract, Mapping):
            raise _invalid(code, f"{name} 应写成 {{ estates = [...] }}")
        estates = contract.get("estates", [])
        if not isinstance(estates, list) or not all(isinstance(one, str) for one in estates):
            raise _invalid(code, f"{name} 的 estates 应是小区名称的列表")
        fee = contract.get("monthly_fee")
        try:
            fen = None if fee is None else parse_yuan(fee)
        except ValueError:
            raise _invalid(code, f"{name} 的 monthly_fee 应是元数") from None
        found[name] = Operator(name, tuple(estates), str(contract.get("contract_no", "")), fen)
    return found


def _bands(items: Any) -> tuple[Band, ...]:
    code = "contractor.payment_bands"
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise _invalid(code, "value 应是档次的列表")
    bands = [
        Band(_number(code, "档次", item, "at_least"), _number(code, "档次", item, "share"))
        for item in items
    ]
    return tuple(sorted(bands, key=lambda band: -band.at_least))


def _places(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 4:
        raise _invalid("contractor.score_places", "value 应是 0 到 4 的整数")
    return value


def _number(
    code: str, name: str, item: Mapping[str, Any], key: str, default: str | None = None
) -> Decimal:
    """A number not below zero, from text, a whole number or a float."""
    value = item.get(key, default)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _invalid(code, f"{name} 的 {key} 应是数字") from None
    if isinstance(value, bool) or not number.is_finite() or number < 0:
        raise _invalid(code, f"{name} 的 {key} 应是不小于 0 的数字")
    return number


def _invalid(code: str, fault: str) -> PolicyInvalid:
    return PolicyInvalid(
        f"政策参数 {code} 写法有误：{fault}",
        where=f"[policy.{code}]",
        advice="对照 zhubao 的默认方案改正 zhubao.toml，或删去这一节用默认方案",
    )
