"""The figures of the annual review, each a pure function over the loaded ledgers.

A rate is reviewed ÷ due and the like: numerator, denominator, what it covers, cut-off date and
source cells travel together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import ReviewDecision
from zhubao.policy.lookup import Overrides
from zhubao.services.review.gathering import DECLARED
from zhubao.services.review.leads import Wording, leads_of
from zhubao.services.review.population import Due, ReviewYear, review_year
from zhubao.services.review.rules import ReviewRules

Test = Callable[[ReviewYear, Due], bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """Households counted, of how many, and the cells that were counted."""

    code: str
    title: str
    numerator: int
    denominator: int
    covers: str  # 2020年, or 2020年上半年作出的结论
    as_of: dt.date
    sources: tuple[Cell, ...]

    @property
    def ratio(self) -> Ratio:
        """Numerator ÷ denominator; "—" where nobody is due."""
        return Ratio(self.numerator, self.denominator)


def reviewed(loaded: Loaded, year: int, as_of: dt.date, period: Period | None = None) -> Figure:
    """审结率 = households decided ÷ households due in the year.

    Due: 在保 on the day, or on the year's list. Decided: 年审结论 other than 待定, dated by the day
    (an undated one counts); with a period, dated within it.
    """
    view = review_year(loaded, year, as_of)
    return count(view, view.due, "reviewed", "已审结", is_decided(period), period)


def decided_as(
    loaded: Loaded,
    year: int,
    decision: ReviewDecision,
    as_of: dt.date,
    period: Period | None = None,
) -> Figure:
    """Households decided so ÷ households decided."""
    view = review_year(loaded, year, as_of)
    done = is_decided(period)
    decided = [due for due in view.due if done(view, due)]
    code, title = f"decided_{decision.name.lower()}", decision.value
    return count(view, decided, code, title, is_decided_as(decision), period)


def not_declared(loaded: Loaded, year: int, as_of: dt.date) -> Figure:
    """Households without any of the three declared figures, and undecided ÷ households due."""
    view = review_year(loaded, year, as_of)
    return count(view, view.due, "not_declared", "未申报", is_undeclared)


def with_leads(
    loaded: Loaded, year: int, as_of: dt.date, overrides: Overrides | None = None
) -> Figure:
    """Households with a lead in 比对情况, open, verified or cleared ÷ households due."""
    view = review_year(loaded, year, as_of)
    has_lead = is_hit(ReviewRules.load(as_of, overrides).wording)
    return count(view, view.due, "with_leads", "有疑点", has_lead)


def notified(loaded: Loaded, year: int, as_of: dt.date) -> Figure:
    """Households told of their decision ÷ households decided."""
    view = review_year(loaded, year, as_of)
    decided = [due for due in view.due if view.decision(due) is not None]
    return count(view, decided, "notified", "已告知", is_told)


def count(
    view: ReviewYear,
    population: Sequence[Due],
    code: str,
    title: str,
    test: Test,
    period: Period | None = None,
) -> Figure:
    """Those of the population that pass the test, as a figure."""
    passed = [due for due in population if test(view, due)]
    covers = f"{view.year}年" + (f"（{period.title}作出的结论）" if period else "")
    cells = tuple(view.cell(due, "decision") for due in passed)
    return Figure(code, title, len(passed), len(population), covers, view.as_of, cells)


def is_decided(period: Period | None = None) -> Test:
    """Decided by the day; within the period where there is one, which needs a date."""

    def test(view: ReviewYear, due: Due) -> bool:
        if view.decision(due) is None:
            return False
        on = view.said(due, "decided_on")
        return period is None or (on is not None and period.contains(on))

    return test


def is_decided_as(decision: ReviewDecision) -> Test:
    """Decided so by the day."""

    def test(view: ReviewYear, due: Due) -> bool:
        return view.decision(due) is decision

    return test


def is_undeclared(view: ReviewYear, due: Due) -> bool:
    """Nothing declared, nothing decided."""
    said = any(view.said(due, name) is not None for name in DECLARED)
    return not said and view.decision(due) is None


def is_hit(wording: Wording) -> Test:
    """比对情况 has a lead."""

    def test(view: ReviewYear, due: Due) -> bool:
        return bool(leads_of(view.said(due, "matched"), wording))

    return test


def is_told(view: ReviewYear, due: Due) -> bool:
    """是否告知 is 是."""
    return bool(view.said(due, "notified"))
