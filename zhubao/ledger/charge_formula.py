"""The monthly rent of a unit: billed area × the dated price of its tier, grade and lift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zhubao import policy

WITH_LIFT = "有电梯"
WITHOUT_LIFT = "无电梯"


def monthly_rent_fen(
    area_m2: Decimal,
    tier: str,
    grade: str,
    has_lift: bool,
    on: dt.date,
    overrides: Mapping[str, Any] | None = None,
) -> int:
    """The rent of one whole month, in fen.

    area (m²) × price (yuan per m² and month), two decimals, half up. `tier` is the 保障类型,
    `grade` the 地段等级 as the rent table spells them. Source: `policy.at("rent.price")`.
    Raises `PolicyUnknown` for a tier or grade without price, or a date before the table.
    """
    yuan = area_m2 * price_per_m2(tier, grade, has_lift, on, overrides)
    return int((yuan * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def price_per_m2(
    tier: str,
    grade: str,
    has_lift: bool,
    on: dt.date,
    overrides: Mapping[str, Any] | None = None,
) -> Decimal:
    """Yuan per m² and month; raises `PolicyUnknown` when the table has no such cell."""
    table = policy.at("rent.price", on, overrides)
    lift = WITH_LIFT if has_lift else WITHOUT_LIFT
    try:
        return Decimal(str(table[str(tier)][grade][lift]))
    except (KeyError, TypeError) as fault:
        raise policy.PolicyUnknown(
            f"租金标准里没有“{tier} · {grade} · {lift}”的价格",
            where="[policy.rent.price]",
            advice="核对保障类型和地段等级；确有此类时在 zhubao.toml 里补上价格",
        ) from fault
