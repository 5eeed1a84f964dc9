"""The rent of part of a month: by days, by half months, or whole months, exact to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from zhubao.core.money import prorate

HALF_ENDS_ON = 15  # the last day of the first half of a month


class PartRule(StrEnum):
    """How part of a month is charged (policy `rent.part_month`)."""

    BY_DAY = "按日"
    HALF_MONTH = "半月"
    WHOLE_MONTH = "整月"


class Stretch(NamedTuple):
    """Days of one month, first to last (1 is the first of the month), at one whole-month rent."""

    first: int
    last: int
    rent: int  # fen for the whole month

    @property
    def days(self) -> int:
        """How many days there are, both ends included."""
        return self.last - self.first + 1


def shares(rule: PartRule, month_days: int, stretches: Sequence[Stretch]) -> list[int]:
    """The fen due for each stretch of one household's month.

    `stretches` are in order and do not overlap; days between them are not charged.

    - BY_DAY: Σ (rent × days) ÷ days of the month.
    - HALF_MONTH: the 1st to the 15th and the 16th to the end are one half each; a half of which any
      day is lived in costs half the rent of its first such day. So who starts after the 15th, or
      leaves by it, pays half.
    - WHOLE_MONTH: the month costs the rent of its first day lived in.

    Rounding: the running total is rounded half up to the fen, and each stretch is what the total
    grows by. So the parts always sum to the rounded whole (the last one takes the rest), and a
    month cut in two at the same rent costs what it costs uncut. No part is below zero.
    Raises ValueError for stretches out of order, overlapping, or outside the month.
    """
    _check(month_days, stretches)
    if len(stretches) == 1 and stretches[0].days == month_days:
        return [stretches[0].rent]  # a whole month, by any rule
    weights = _WEIGHTS[rule](month_days, stretches)
    denominator = {PartRule.BY_DAY: month_days, PartRule.HALF_MONTH: 2}.get(rule, 1)
    result, running, charged = [], 0, 0
    for stretch, weight in zip(stretches, weights, strict=True):
        running += stretch.rent * weight
        total = prorate(running, 1, denominator)
        result.append(total - charged)
        charged = total
    return result


def capped(parts: Sequence[int], limits: Sequence[int]) -> list[int]:
    """The parts, none above its limit; what does not fit goes to the next with room, then back.

    The sum stays what it was. ValueError when it is above the sum of the limits.
    """
    if sum(parts) > sum(limits):
        raise ValueError("the parts do not fit under the limits")
    result, rest = [], 0
    for part, limit in zip(parts, limits, strict=True):
        result.append(min(part + rest, limit))
        rest += part - result[-1]
    for place in reversed(range(len(result))):
        more = min(rest, limits[place] - result[place])
        result[place] += more
        rest -= more
    return result


def _by_day(_: int, stretches: Sequence[Stretch]) -> list[int]:
    return [stretch.days for stretch in stretches]


def _by_half(_: int, stretches: Sequence[Stretch]) -> list[int]:
    """Halves first reached in each stretch."""
    taken: set[int] = set()
    weights = []
    for stretch in stretches:
        reached = {int(day > HALF_ENDS_ON) for day in (stretch.first, stretch.last)}
        weights.append(len(reached - taken))
        taken |= reached
    return weights


def _by_month(_: int, stretches: Sequence[Stretch]) -> list[int]:
    return [int(place == 0) for place in range(len(stretches))]


_WEIGHTS = {
    PartRule.BY_DAY: _by_day,
    PartRule.HALF_MONTH: _by_half,
    PartRule.WHOLE_MONTH: _by_month,
}


def _check(month_days: int, stretches: Sequence[Stretch]) -> None:
    day = 0
    for stretch in stretches:
        if not day < stretch.first <= stretch.last <= month_days:
            raise ValueError(f"stretches out of order or outside the month: {stretch}")
        day = stretch.last
