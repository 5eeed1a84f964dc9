"""The dated standard of the rental subsidy, and what it gives one household, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from zhubao import policy
from zhubao.core.money import format_yuan, parse_yuan
from zhubao.policy import PolicyInvalid, PolicyUnknown

Overrides = Mapping[str, Any] | None
_CODES = ("subsidy.price", "subsidy.area_per_person", "subsidy.max_area", "subsidy.floor")


@dataclass(frozen=True, slots=True)
class Standard:
    """Prices in yuan per m² and month, areas in m², the floor in fen; in force on `on`."""

    on: dt.date
    prices: Mapping[str, Decimal]
    area_per_person: Decimal
    max_area: Decimal
    floor: int
    citations: tuple[str, ...] = ()

    @classmethod
    def load(cls, on: dt.date, overrides: Overrides = None) -> Standard | None:
        """The standard in force on the day; None where none is known for it.

        Raises `PolicyInvalid` for a value that is no number.
        """
        try:
            price, per_person, most, floor = (policy.at(code, on, overrides) for code in _CODES)
        except PolicyUnknown:
            return None
        if not isinstance(price, Mapping):
            raise _invalid(_CODES[0], price)
        return cls(
            on=on,
            prices={str(tier): _number(_CODES[0], value) for tier, value in price.items()},
            area_per_person=_number(_CODES[1], per_person),
            max_area=_number(_CODES[2], most),
            floor=parse_yuan(_number(_CODES[3], floor)),
            citations=tuple(policy.basis(code, on, overrides) for code in _CODES),
        )


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Fen per month, and the arithmetic as text; None where the actual rent is not known."""

    amount: int | None
    price: Decimal
    area: Decimal
    by_area: int  # price × area, before floor and rent
    steps: tuple[str, ...]


def entitlement(
    standard: Standard, tier: str, size: int, area_held: Decimal | None, actual_rent: int | None
) -> Entitlement | None:
    """x = price × max(0, min(15 n, 60) - area held), half up to the fen; floor; then min(x, rent).

    The floor (300 yuan) holds where 0 < x < 300 and the actual rent is above 300: at exactly 300
    it does not, and min(x, rent) leaves x. No area held counts as 0. Without actual rent, amount is
    None where x > 0. None in all where the table has no price for the tier.

    Examples: 4 people, 低保, no home: 25 × 60 = 1500; one person, 中等偏下收入: 14 × 15 = 210,
    raised to 300.
    Source: the published Changsha rules known as of 2020-09-17, [policy] `subsidy.*`.
    """
    price = standard.prices.get(tier)
    if price is None:
        return None
    held = area_held or Decimal(0)
    whole = standard.area_per_person * size
    area = max(Decimal(0), min(whole, standard.max_area) - held)
    by_area = parse_yuan(price * area)
    steps = [_area_step(standard, size, whole, held, area)]
    steps.append(f"{price:f} 元 × {_short(area)} m² = {format_yuan(by_area)} 元")
    if not by_area:
        return Entitlement(0, price, area, 0, (*steps, "没有可补贴的面积，不发"))
    if actual_rent is None:
        return Entitlement(None, price, area, by_area, (*steps, "实际月租金空着，核定不下来"))
    amount = _with_floor(by_area, standard.floor, actual_rent, steps)
    if amount > actual_rent:
        amount = actual_rent
        steps.append(f"不超过实际租金，为 {format_yuan(amount)} 元")
    return Entitlement(amount, price, area, by_area, tuple(steps))


def _with_floor(by_area: int, floor: int, rent: int, steps: list[str]) -> int:
    if by_area >= floor:
        return by_area
    low = f"低于下限 {format_yuan(floor)} 元，实际租金 {format_yuan(rent)} 元"
    if rent > floor:
        steps.append(f"{low}高于下限，按下限")
        return floor
    steps.append(f"{low}不高于下限，不按下限")
    return by_area


def _area_step(standard: Standard, size: int, whole: Decimal, held: Decimal, area: Decimal) -> str:
    text = f"{size} 人 × {_short(standard.area_per_person)} = {_short(whole)} m²"
    if whole > standard.max_area:
        text += f"，以 {_short(standard.max_area)} m² 为限"
    if held:
        text += f"，减现有 {_short(held)} m²"
    return f"{text}，补 {_short(area)} m²" if held or whole > standard.max_area else text


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _number(code: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as fault:
        raise _invalid(code, value) from fault
    if not number.is_finite() or number < 0:
        raise _invalid(code, value)
    return number


def _invalid(code: str, value: Any) -> PolicyInvalid:
    return PolicyInvalid(
        f"政策参数 {code} 的值“{value}”不能用",
        where=f"[policy.{code}]",
        advice="写成不小于 0 的数；单价按保障类型分别写",
    )
