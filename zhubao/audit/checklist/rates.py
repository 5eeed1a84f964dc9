"""整改率 by count, household and money, each with both numbers and its cells."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zhubao.audit.checklist.standing import Standing, in_period, read_standings
from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded

BLANK = "（未填）"


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of some findings; `overdue` are open past their deadline.

    by count      rectified findings ÷ findings
    by household  Σ 已整改户数 ÷ Σ 涉及户数
    by money      Σ 已追回 (at most 涉及金额, finding by finding) ÷ Σ 涉及金额, fen
    closed        已销号 ÷ findings
    """

    findings: int
    by_count: Ratio
    by_household: Ratio
    by_money: Ratio
    closed: Ratio
    overdue: int
    cells: tuple[Cell, ...]


def rates_of(standings: Sequence[Standing]) -> Rates:
    """The rates of these findings; 0/0 has no value and shows as "—"."""
    count = len(standings)
    return Rates(
        findings=count,
        by_count=Ratio(sum(one.is_rectified for one in standings), count),
        by_household=Ratio(
            sum(one.rectified_households for one in standings),
            sum(one.households for one in standings),
        ),
        by_money=Ratio(
            sum(one.settled_amount for one in standings),
            sum(one.row.amount or 0 for one in standings),
            money=True,
        ),
        closed=Ratio(sum(one.is_closed for one in standings), count),
        overdue=sum(one.overdue_days > 0 for one in standings),
        cells=tuple(one.cell("status") for one in standings),
    )


def rectification_rates(loaded: Loaded, period: Period | None, as_of: dt.date) -> Rates:
    """The rates of a period's findings as they stood on the day; without a period, of all."""
    return rates_of(in_period(read_standings(loaded, as_of), period))


def by_kind(standings: Sequence[Standing]) -> dict[str, list[Standing]]:
    """The findings by 问题类型, in order of the word."""
    return _grouped(standings, lambda one: one.row.kind.value)


def by_department(standings: Sequence[Standing]) -> dict[str, list[Standing]]:
    """The findings by 责任部门, in order of the name."""
    return _grouped(standings, lambda one: one.row.department or BLANK)


def _grouped(
    standings: Sequence[Standing], name: Callable[[Standing], str]
) -> dict[str, list[Standing]]:
    groups: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in standings:
        groups[name(one)].append(one)
    return dict(sorted(groups.items()))
