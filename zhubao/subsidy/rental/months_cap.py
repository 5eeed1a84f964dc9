"""新就业、外来务工: how many of the 24 months in all are left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.table import LedgerTable
from zhubao.subsidy.rental.paid import Paid
from zhubao.subsidy.rental.rules import PaymentRules
from zhubao.subsidy.rental.term import Term


@dataclass(frozen=True, slots=True)
class UsedMonths:
    """Months drawn so far: written down or estimated, and recorded in 发放."""

    before: int
    recorded: int
    estimated: bool
    cells: tuple[Cell, ...]

    @property
    def total(self) -> int:
        """All months drawn."""
        return self.before + self.recorded


class MonthsCap:
    """Counts months by household over its grants of the capped tiers."""

    def __init__(
        self,
        grants: LedgerTable[SubsidyGrant],
        paid: Paid,
        rules: PaymentRules,
        term: Callable[[int], Term],
    ) -> None:
        self._grants, self._paid, self._rules, self._term = grants, paid, rules, term
        self._rows: dict[str, list[int]] = {}
        tiers, households = grants.column("tier"), grants.column("household_no")
        for index, (tier, household) in enumerate(zip(tiers, households, strict=True)):
            if household and self.is_capped(tier):
                self._rows.setdefault(household, []).append(index)

    def is_capped(self, tier: object) -> bool:
        """True for a tier with a limit of months in all."""
        return tier is not None and str(tier) in self._rules.capped

    def used(self, household: str, quarter: Period) -> UsedMonths:
        """The months drawn by the household before the quarter, or recorded for any quarter.

        此前已领月数 as written. Empty, it is estimated on the careful side: every month in force
        from the first one to the first payment recorded under the grant (to the quarter where there
        is none).
        """
        until = Month.containing(quarter.start)
        before = recorded = 0
        estimated, cells = False, []
        for index in self._rows.get(household, ()):
            months, guessed = self._before(index, until)
            before, estimated = before + months, estimated or guessed
            recorded += self._paid.months_of(self._grants.column("grant_no")[index] or "")
            cells.append(self._grants.cell(index, "months_before"))
        return UsedMonths(before, recorded, estimated, tuple(cells))

    def _before(self, index: int, until: Month) -> tuple[int, bool]:
        written = self._grants.column("months_before")[index]
        if written is not None:
            return int(written), False
        term = self._term(index)
        if term.first is None:
            return 0, False
        recorded = self._paid.first_month_of(self._grants.column("grant_no")[index] or "")
        end = until if recorded is None else min(recorded, until)
        months = len(term.months(Month(one) for one in range(term.first, end)))
        return months, months > 0
