"""Which targets a period is held to, and which of them are missed.

A period that ends by 30 June is held to the half-year targets, a later one to the annual targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from zhubao.core.report import Ratio
from zhubao.summary.targets.progress import Progress

if TYPE_CHECKING:
    from zhubao.summary.indicators.figures import Figure
    from zhubao.summary.summary import Summary

_HALF_ENDS = (6, 30)
_FINE = Decimal("0.01")
_MONEY = frozenset({"万元", "亿元"})


@dataclass(frozen=True, slots=True)
class Due:
    """One target that counts: the half-year's or the year's."""

    figure: Figure
    progress: Progress
    is_half: bool

    @property
    def target(self) -> Decimal:
        """The target, in the unit of `progress`."""
        target = self.progress.half_year if self.is_half else self.progress.annual
        return target if target is not None else Decimal(0)

    @property
    def done(self) -> Decimal:
        """What is done of it."""
        return self.progress.half_done if self.is_half else self.progress.done

    @property
    def rate(self) -> Ratio | None:
        """Done ÷ target."""
        return self.progress.half_rate if self.is_half else self.progress.annual_rate

    @property
    def gone(self) -> Ratio:
        """The share of its time that has passed."""
        return self.progress.half_elapsed if self.is_half else self.progress.elapsed

    @property
    def is_behind(self) -> bool:
        """True below the share of the time gone: at the end of the time, not reached."""
        one = self.progress
        return one.is_half_behind if self.is_half else one.is_annual_behind

    @property
    def span(self) -> str:
        """半年 or 全年."""
        return "半年" if self.is_half else "全年"


@dataclass(frozen=True, slots=True)
class Held:
    """The targets a period is held to; `is_over` once the time of all of them has passed."""

    dues: tuple[Due, ...]

    @property
    def behind(self) -> tuple[Due, ...]:
        """Those missed, or behind their time."""
        return tuple(one for one in self.dues if one.is_behind)

    @property
    def is_over(self) -> bool:
        """True at the end of a half-year, or year, that all targets are for."""
        spans = {one.is_half for one in self.dues}
        return len(spans) == 1 and all(
            one.gone.numerator == one.gone.denominator for one in self.dues
        )

    @property
    def title(self) -> str:
        """半年目标 or 全年目标."""
        return f"{self.dues[0].span}目标"


def all_of(count: int) -> str:
    """均 of several, nothing of a single one."""
    return "均" if count > 1 else ""


def held_to(summary: Summary) -> Held:
    """The targets of the summary's period that can be counted; none gives an empty tuple."""
    end = summary.period.end
    is_early = (end.month, end.day) <= _HALF_ENDS
    found = []
    for value in summary.values.values():
        one = value.progress
        if one is None or (one.half_year is None and one.annual is None):
            continue
        is_half = one.annual is None or (is_early and one.half_year is not None)
        found.append(Due(value.figure, one, is_half))
    return Held(tuple(found))


def number(value: Decimal, unit: str = "") -> str:
    """1,234.5 without trailing zeros; 万元 and 亿元 with the two decimals of an amount."""
    if unit in _MONEY and value != value.to_integral_value():
        return f"{value.quantize(_FINE):,f}"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
