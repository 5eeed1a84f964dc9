"""The dated rules of payment: the months' limit, when it begins to run, the year's last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.period import Period
from zhubao.policy import PolicyInvalid, PolicyUnknown

Overrides = Mapping[str, Any] | None
_LAST_QUARTER = 4


@dataclass(frozen=True, slots=True)
class PaymentRules:
    """What limits the months paid. `capped` are the tiers with a limit of months in all."""

    months_cap: int
    capped: frozenset[str]
    start_offset: int  # months from approval to the first month paid, where none is written down
    citations: tuple[str, ...]

    @classmethod
    def load(cls, on: dt.date, overrides: Overrides = None) -> PaymentRules:
        """The rules in force on the day.

        Before the first known value of the limit the earliest one is used and marked: a limit not
        known to hold then still must not be overrun without anybody looking.
        """
        cap, capped, offset = (
            whole_number("subsidy.new_employee_months", _earliest(on, overrides), overrides),
            _texts("subsidy.capped_tiers", on, overrides),
            whole_number("subsidy.start_after_approval", on, overrides),
        )
        codes = ("subsidy.capped_tiers", "subsidy.start_after_approval")
        cited = [policy.basis("subsidy.new_employee_months", _earliest(on, overrides), overrides)]
        cited += [policy.basis(code, on, overrides) for code in codes]
        return cls(cap, frozenset(capped), offset, tuple(cited))


def last_payment_day(quarter: Period, overrides: Overrides = None) -> dt.date | None:
    """The last day of payment of a fourth quarter; None for others, and where no rule is known.

    建保〔2016〕281号: the year's last payment by 25 December; Hunan from 2021: by 15 December.
    """
    if quarter.end.month != _LAST_QUARTER * 3:
        return None
    try:
        text = str(policy.at("subsidy.last_payment_day", quarter.end, overrides))
    except PolicyUnknown:
        return None
    try:
        month, day = (int(part) for part in text.split("-"))
        return dt.date(quarter.end.year, month, day)
    except ValueError as fault:
        raise PolicyInvalid(
            f"政策参数 subsidy.last_payment_day 的值“{text}”不是日期",
            where="[policy.subsidy.last_payment_day]",
            advice='写成“月-日”，如 "12-25"',
        ) from fault


def whole_number(code: str, on: dt.date, overrides: Overrides) -> int:
    """A whole number of months; `PolicyInvalid` for anything else."""
    value = policy.at(code, on, overrides)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise PolicyInvalid(
        f"政策参数 {code} 的值“{value}”不是整数",
        where=f"[policy.{code}]",
        advice="写成不小于 0 的整数，如 24",
    )


def _texts(code: str, on: dt.date, overrides: Overrides) -> list[str]:
    value = policy.at(code, on, overrides)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise PolicyInvalid(
        f"政策参数 {code} 的值不是文字的列表",
        where=f"[policy.{code}]",
        advice='写成 ["新就业", "外来务工"] 这样的列表',
    )


def _earliest(on: dt.date, overrides: Overrides) -> dt.date:
    """The day itself, or the first day of the limit's first known value."""
    code = "subsidy.new_employee_months"
    try:
        policy.at(code, on, overrides)
    except PolicyUnknown:
        return policy.parameter(code).values[0].valid_from
    return on
