"""The latest annual review of every household in force, as the review's own rules look at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from zhubao.audit.facts import Facts
from zhubao.core.finding import Cell
from zhubao.ledger.tenants import AnnualReview, ReviewDecision
from zhubao.services.review.gathering import Facts as Gathered
from zhubao.services.review.gathering import case_of
from zhubao.services.review.population import ReviewYear, review_year
from zhubao.services.review.reasons import Case
from zhubao.services.review.rules import ReviewRules


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A household with its latest review; `cell` is that review's key cell."""

    view: ReviewYear
    case: Case

    @property
    def decision(self) -> ReviewDecision | None:
        """What was decided by the day; None while nothing was."""
        return self.view.decision(self.case.due)

    @property
    def decided_on(self) -> dt.date | None:
        """The day of the decision, where it is written down."""
        day: dt.date | None = self.view.said(self.case.due, "decided_on")
        return day

    @property
    def household(self) -> str:
        """The household's number."""
        return self.case.due.number

    def cell(self, name: str) -> Cell:
        """A cell of the review's row."""
        return self.view.cell(self.case.due, name)


def latest_reviews(facts: Facts) -> Mapping[str, Reviewed]:
    """Household number → the review of the latest year that has a row, households in force only.

    One that stands twice in 保障家庭 or in the year is left out: LG-201 and the review say so.
    Only what the declaration needs is gathered: balances and open cases are other checks' matter.
    """
    rules = ReviewRules.load(facts.as_of, facts.overrides)
    years = {year for year in facts.loaded.get(AnnualReview).column("year") if year is not None}
    nothing = Gathered({}, {}, {}, {})
    found: dict[str, Reviewed] = {}
    for year in sorted(years, reverse=True):
        if year > facts.as_of.year:
            continue
        view = review_year(facts.loaded, year, facts.as_of)
        for due in view.due:
            if due.review is not None and due.in_force and due.number not in found:
                found[due.number] = Reviewed(view, case_of(view, due, nothing, rules))
    return {number: one for number, one in found.items() if not one.case.due.doubled}
