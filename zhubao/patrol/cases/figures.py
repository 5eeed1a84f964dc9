"""The figures of violations and changes: counts and rectification rates with their rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import CaseCategory, TenancyCase
from zhubao.ledger.table import LedgerTable
from zhubao.patrol.cases.back_rent import BackRent, back_rents
from zhubao.patrol.cases.book import Case, read_cases


@dataclass(frozen=True, slots=True)
class Figure:
    """A number out of another, for a period and a day; `cells` has the rows of the numerator.

    `base` has the rows of the denominator. `money`: both are fen.
    """

    numerator: int
    denominator: int
    period: Period
    as_of: dt.date
    cells: tuple[Cell, ...] = ()
    base: tuple[Cell, ...] = ()
    money: bool = False

    @property
    def ratio(self) -> Ratio:
        """Numerator ÷ denominator; 0/0 shows as "—"."""
        return Ratio(self.numerator, self.denominator, self.money)


@dataclass(frozen=True, slots=True)
class Flow:
    """opening + found = rectified + closing, in cases. `opening`: found before, open at the start.

    `rectified` counts what was put right in the period, whenever it was found.
    """

    opening: tuple[Case, ...]
    found: tuple[Case, ...]
    rectified: tuple[Case, ...]
    closing: tuple[Case, ...]

    @property
    def gap(self) -> int:
        """What the identity misses by: zero, or rows are rectified before they were found."""
        return len(self.opening) + len(self.found) - len(self.rectified) - len(self.closing)


@dataclass(frozen=True, slots=True)
class MoneyFigures:
    """Sums in fen over the cases found in the period; unfounded ones left out.

    `due` is market rent less contract rent of the cases it can be worked out for; `recorded_of_due`
    is 补缴租金 of those same cases, `back_rent` that of all.
    """

    illegal_gain: int
    fines: int
    back_rent: int
    due: int
    recorded_of_due: int
    unpriced: int
    cells: Mapping[str, tuple[Cell, ...]]

    @property
    def ratio(self) -> Ratio:
        """Back rent recorded ÷ due."""
        return Ratio(self.recorded_of_due, self.due, True)


def found_in(
    cases: Iterable[Case], period: Period, category: CaseCategory | None = None
) -> list[Case]:
    """The cases discovered in the period, unfounded ones left out."""
    return [
        case
        for case in cases
        if case.counts and period.contains(case.found) and category in (None, case.category)
    ]


def rectified_cases(
    loaded: Loaded, period: Period, as_of: dt.date, category: CaseCategory | None = None
) -> Figure:
    """Rectification by count: cases found in the period and rectified by the day ÷ cases found."""
    return count_figure(found_in(read_cases(loaded, as_of), period, category), period, as_of)


def rectified_households(
    loaded: Loaded, period: Period, as_of: dt.date, category: CaseCategory | None = None
) -> Figure:
    """Rectification by household: those with every case of the period rectified ÷ all of them."""
    return household_figure(found_in(read_cases(loaded, as_of), period, category), period, as_of)


def back_rent_recovered(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    *,
    overrides: Mapping[str, Any] | None = None,
) -> Figure:
    """Rectification by money: 补缴租金 recorded ÷ back rent due, where market rent is known."""
    base = found_in(read_cases(loaded, as_of), period)
    rents = back_rents(loaded, base, as_of, overrides)
    sums = money_figures(loaded.get(TenancyCase), base, rents)
    return Figure(
        sums.recorded_of_due,
        sums.due,
        period,
        as_of,
        sums.cells["back_rent"],
        sums.cells["due"],
        money=True,
    )


def count_figure(base: Sequence[Case], period: Period, as_of: dt.date) -> Figure:
    """Rectified ÷ all, in cases."""
    done = [case.cell for case in base if case.settled]
    cells = tuple(case.cell for case in base)
    return Figure(len(done), len(base), period, as_of, tuple(done), cells)


def household_figure(base: Sequence[Case], period: Period, as_of: dt.date) -> Figure:
    """Rectified ÷ all, in households; one with an open case left is not rectified."""
    groups: defaultdict[str, list[Case]] = defaultdict(list)
    for case in base:
        groups[case.household].append(case)
    done = [group for group in groups.values() if all(case.settled for case in group)]
    cells = tuple(case.cell for group in done for case in group)
    return Figure(len(done), len(groups), period, as_of, cells, tuple(case.cell for case in base))


def flow_of(cases: Iterable[Case], period: Period) -> Flow:
    """The movement of the period; `cases` are those read as of its last day that counts."""
    opening, found, rectified, closing = [], [], [], []
    for case in cases:
        if not case.counts:
            continue
        if period.contains(case.found):
            found.append(case)
        elif case.rectified is None or case.rectified >= period.start:
            opening.append(case)
        if case.is_open:
            closing.append(case)
        elif case.rectified is not None and case.rectified >= period.start:
            rectified.append(case)
    return Flow(tuple(opening), tuple(found), tuple(rectified), tuple(closing))


def money_figures(
    table: LedgerTable[TenancyCase], base: Sequence[Case], rents: Mapping[int, BackRent]
) -> MoneyFigures:
    """Sums over these cases; an amount left empty is nothing."""
    sums, cells = {}, {}
    for name in ("illegal_gain", "fine", "back_rent"):
        column = table.column(name)
        rows = [case.index for case in base if column[case.index]]
        sums[name] = sum(column[index] for index in rows)
        cells[name] = tuple(table.cell(index, name) for index in rows)
    priced = [case.index for case in base if case.index in rents and rents[case.index].known]
    unpriced = [case for case in base if case.index in rents and not rents[case.index].known]
    recorded = table.column("back_rent")
    cells["due"] = tuple(cell for index in priced for cell in rents[index].cells)
    return MoneyFigures(
        illegal_gain=sums["illegal_gain"],
        fines=sums["fine"],
        back_rent=sums["back_rent"],
        due=sum(rents[index].due or 0 for index in priced),
        recorded_of_due=sum(recorded[index] or 0 for index in priced),
        unpriced=len(unpriced),
        cells=cells,
    )
