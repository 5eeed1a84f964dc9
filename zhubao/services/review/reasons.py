"""One case on the table: what is known of a household, and what the rules say to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from zhubao.core.finding import Cell
from zhubao.ledger.patrol import TenancyCase
from zhubao.ledger.tenants import ExitReason, ReviewDecision, Tier
from zhubao.services.review.leads import Lead
from zhubao.services.review.population import Due
from zhubao.services.review.rules import ReviewRules


@dataclass(frozen=True, slots=True)
class Reason:
    """What one rule says: a decision it speaks for (None: a remark), the numbers, the basis."""

    rule: str
    words: str
    decision: ReviewDecision | None = None
    basis: str = ""
    cells: tuple[Cell, ...] = ()
    exit_reason: ExitReason | None = None
    new_tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What the household declared; None where nothing, or nothing readable, is written."""

    income: int | None
    size: int | None
    area: Decimal | None
    unread: tuple[str, ...]
    cells: tuple[Cell, Cell, Cell]


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Months of rental subsidy paid so far; `unknown` payments do not say for how many months."""

    months: int = 0
    unknown: int = 0
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberFact:
    """One member: died by the day of the review or not."""

    is_applicant: bool
    died_on: dt.date | None
    cell: Cell


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A violation or a changed circumstance that is not settled on the day."""

    row: TenancyCase
    cell: Cell


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the rules look at for one household; gathered, not yet judged."""

    due: Due
    tier: Tier | None
    size: int | None
    certificate: str | None
    household_cell: Cell
    declared: Declared
    members: tuple[MemberFact, ...]
    leads: tuple[Lead, ...]
    matched: bool
    lead_cell: Cell
    cases: tuple[OpenCase, ...]
    subsidy: Subsidy
    owed: int
    owed_cell: Cell | None
    rules: ReviewRules
    as_of: dt.date

    @property
    def living(self) -> int:
        """Members of the ledger who have not died by the day."""
        return sum(one.died_on is None for one in self.members)

    @property
    def everybody_died(self) -> bool:
        """True when the ledger has members and a date of death by the day for each."""
        return bool(self.members) and not self.living
