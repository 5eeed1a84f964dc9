"""The quarter's sign-in: who must sign, who has, who did so late; lists by community."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from zhubao.core.period import Month, Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.table import LedgerTable
from zhubao.subsidy.rental.paid import SignIns
from zhubao.subsidy.rental.rules import Overrides, PaymentRules
from zhubao.subsidy.rental.standing import Standing
from zhubao.subsidy.rental.term import quarter_months, term_of

NO_COMMUNITY = "（社区空着）"


@dataclass(frozen=True, slots=True)
class Due:
    """One grant that must sign; `row` is its row in 签到, `signed_on` None while not signed."""

    index: int  # row in 租赁补贴
    community: str
    months: tuple[Month, ...]
    row: int | None
    signed: bool
    signed_on: dt.date | None
    late: bool


@dataclass(frozen=True, slots=True)
class SignInList:
    """Who is due in the quarter, by community and as the ledger stands."""

    loaded: Loaded
    standing: Standing
    quarter: Period
    as_of: dt.date
    due: tuple[Due, ...]

    @property
    def rate(self) -> Ratio:
        """Signed ÷ due."""
        return Ratio(sum(one.signed for one in self.due), len(self.due))

    def by_community(self) -> dict[str, list[Due]]:
        """The due by community, in the order of the list."""
        found: dict[str, list[Due]] = {}
        for one in self.due:
            found.setdefault(one.community, []).append(one)
        return found


def sign_in_list(
    loaded: Loaded,
    quarter: Period,
    as_of: dt.date,
    communities: Sequence[str] = (),
    *,
    overrides: Overrides = None,
) -> SignInList:
    """Who must sign: every grant in force in at least one month of the quarter.

    The community is that of the household, else that of its sign-in row. A sign-in after `as_of`
    has not happened; one after the quarter's last day is late. Sorted by community and grant.
    """
    grants = loaded.get(SubsidyGrant)
    reader = _Reader(grants, SignIns(loaded, quarter), Standing(loaded), quarter, as_of)
    offset = PaymentRules.load(as_of, overrides).start_offset
    found: list[Due] = []
    for index in grants.usable("grant_no", "household_no", "status"):
        months = quarter_months(term_of(grants, index, offset), quarter)
        if months:
            found.append(reader.due(index, months))
    kept = [one for one in found if not communities or one.community in communities]
    numbers = grants.column("grant_no")
    kept.sort(key=lambda one: (one.community == NO_COMMUNITY, one.community, numbers[one.index]))
    return SignInList(loaded, reader.standing, quarter, as_of, tuple(kept))


@dataclass(frozen=True, slots=True)
class _Reader:
    """What the tables say of one grant's sign-in."""

    grants: LedgerTable[SubsidyGrant]
    signs: SignIns
    standing: Standing
    quarter: Period
    as_of: dt.date

    def due(self, index: int, months: tuple[Month, ...]) -> Due:
        table = self.signs.table
        number, household = (
            self.grants.column(name)[index] for name in ("grant_no", "household_no")
        )
        row, rows = self.signs.signed_row(number), self.signs.rows(number)
        day = None if row is None else table.column("signed_on")[row]
        signed = row is not None and (day is None or day <= self.as_of)
        known = rows[0] if rows else None
        written = None if known is None else table.column("community")[known]
        community = self.standing.text(household, "community") or written or NO_COMMUNITY
        late = signed and day is not None and day > self.quarter.end
        return Due(index, community, months, known, signed, day if signed else None, late)
