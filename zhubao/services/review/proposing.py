"""A proposal for every household of the year: continue, change tier, leave, or not yet."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from zhubao.core.finding import Finding
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import ReviewDecision
from zhubao.policy.lookup import Overrides
from zhubao.services.review.gathering import case_of, gather_facts
from zhubao.services.review.judging import Judgement, judge
from zhubao.services.review.population import Due, ReviewYear, review_year
from zhubao.services.review.reasons import Case
from zhubao.services.review.rules import ReviewRules


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one household; `taken` is the decision it already has."""

    case: Case
    judgement: Judgement
    taken: ReviewDecision | None

    @property
    def due(self) -> Due:
        """The household."""
        return self.case.due

    @property
    def decision(self) -> ReviewDecision:
        """The decision proposed."""
        return self.judgement.decision

    @property
    def is_undeclared(self) -> bool:
        """True when nothing at all was declared."""
        said = self.case.declared
        return said.income is None and said.size is None and said.area is None and not said.unread


@dataclass(frozen=True, slots=True)
class Proposals:
    """All proposals of a year, by household number."""

    view: ReviewYear
    rules: ReviewRules
    items: tuple[Proposal, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the rows the year is made of."""
        return self.view.findings

    @property
    def pending(self) -> tuple[Proposal, ...]:
        """Those nobody has decided yet."""
        return tuple(one for one in self.items if one.taken is None)

    @property
    def undeclared(self) -> tuple[Proposal, ...]:
        """Those to be reminded: nothing declared, nothing decided."""
        return tuple(one for one in self.pending if one.is_undeclared)


def propose(
    loaded: Loaded, year: int, as_of: dt.date, overrides: Overrides | None = None
) -> Proposals:
    """Judge every household due in the year by what the ledgers say on the day.

    Never a decision: 退出 too is a proposal to be confirmed. Only households in force are judged;
    the order of rows never matters. PolicyInvalid for a value of the bureau that cannot be used.
    """
    view = review_year(loaded, year, as_of)
    rules, facts = ReviewRules.load(as_of, overrides), gather_facts(loaded, as_of)
    items = []
    for due in view.due:
        if due.in_force:
            case = case_of(view, due, facts, rules)
            items.append(Proposal(case, judge(case), view.decision(due)))
    return Proposals(view, rules, tuple(items))


def counts_of(items: Sequence[Proposal]) -> dict[ReviewDecision, int]:
    """Proposals by decision, every decision among the keys."""
    counted = Counter(one.decision for one in items)
    return {decision: counted[decision] for decision in ReviewDecision}
