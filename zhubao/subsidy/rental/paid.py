"""What has been paid already, by household, grant and quarter; and who has signed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from zhubao.core.period import Month, Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import PaymentStatus, SubsidyPayment, SubsidySignIn
from zhubao.subsidy.rental.quarters import quarter_label, span_of

_GONE = (PaymentStatus.BOUNCED,)  # the money came back unspent: may be paid again
_COUNTED = (PaymentStatus.PAID, PaymentStatus.PENDING)
_QUARTER = 3


class Paid:
    """The rows of 发放 by household and grant."""

    def __init__(self, loaded: Loaded) -> None:
        self.table = loaded.get(SubsidyPayment)
        self._by_household: defaultdict[str, list[int]] = defaultdict(list)
        self._by_grant: defaultdict[str, list[int]] = defaultdict(list)
        households, grants = self.table.column("household_no"), self.table.column("grant_no")
        for row, (household, grant) in enumerate(zip(households, grants, strict=True)):
            if household:
                self._by_household[household].append(row)
            if grant:
                self._by_grant[grant].append(row)

    def rows_for(self, quarter: Period, household: str | None, *grants: str | None) -> list[int]:
        """The payments that stand for the quarter, of the household or under one of the grants.

        Every status but 银行退回; a payment whose quarter cannot be read may stand for any.
        """
        texts, states = self.table.column("quarter"), self.table.column("status")
        rows = list(self._by_household.get(household or "", ()))
        rows += [row for grant in grants for row in self._by_grant.get(grant or "", ())]
        return [
            row
            for row in dict.fromkeys(rows)
            if states[row] not in _GONE and _overlaps(span_of(texts[row]), quarter)
        ]

    def months_of(self, grant: str) -> int:
        """Months paid or about to be paid under the grant; an empty 发放月数 counts three."""
        states, months = self.table.column("status"), self.table.column("months")
        return sum(
            _QUARTER if months[row] is None else months[row]
            for row in self._by_grant.get(grant, ())
            if states[row] in _COUNTED
        )

    def first_month_of(self, grant: str) -> Month | None:
        """The first month of the earliest quarter recorded as paid under the grant."""
        states, texts = self.table.column("status"), self.table.column("quarter")
        spans = (
            span_of(texts[row]) for row in self._by_grant.get(grant, ()) if states[row] in _COUNTED
        )
        starts = [Month.containing(span.start) for span in spans if span is not None]
        return min(starts, default=None)


class SignIns:
    """The rows of 签到 of one quarter, by grant."""

    def __init__(self, loaded: Loaded, quarter: Period) -> None:
        self.table = loaded.get(SubsidySignIn)
        self._rows: defaultdict[str, list[int]] = defaultdict(list)
        grants, texts = self.table.column("grant_no"), self.table.column("quarter")
        label = quarter.label
        for row, (grant, text) in enumerate(zip(grants, texts, strict=True)):
            if grant and quarter_label(text) == label:
                self._rows[grant].append(row)

    def rows(self, grant: str | None) -> list[int]:
        """The grant's rows of the quarter, in the order of the sheet."""
        return self._rows.get(grant or "", [])

    def grants(self) -> Iterable[str]:
        """The grants with a row of the quarter."""
        return self._rows.keys()

    def signed_row(self, grant: str | None) -> int | None:
        """The row by which the grant is signed in; rows that contradict each other are no proof."""
        signed = self.table.column("signed")
        rows = self.rows(grant)
        return rows[0] if rows and all(signed[row] is True for row in rows) else None

    def signed(self) -> Iterator[tuple[str, int]]:
        """Grant → row of everybody signed in."""
        for grant in self._rows:
            row = self.signed_row(grant)
            if row is not None:
                yield grant, row


def _overlaps(span: Period | None, quarter: Period) -> bool:
    return span is None or (span.start <= quarter.end and span.end >= quarter.start)
