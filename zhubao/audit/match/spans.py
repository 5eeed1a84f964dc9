"""When a household was protected: qualification, leases and months of subsidy; and where a day
lies against that."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhubao.core.finding import Cell
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.tenants import Household, ProtectionStatus
from zhubao.policy.lookup import Overrides
from zhubao.subsidy.rental.rules import PaymentRules
from zhubao.subsidy.rental.term import term_of
from zhubao.supply.tenancies import tenancies

_ONE_DAY = dt.timedelta(days=1)


class Timing(StrEnum):
    """Where the day of a list's row lies against the protection of the household."""

    INSIDE = "保障期内"
    BEFORE = "保障前"
    GONE = "保障前已终止"  # began and ended before the protection
    AFTER = "保障后"
    LATER = "截止日期之后"
    UNDATED = "日期不明"
    UNPROTECTED = "没有保障期"

    @property
    def is_lead(self) -> bool:
        """True for what must be verified: it was, or may have been, so during the protection."""
        return self in (Timing.INSIDE, Timing.BEFORE, Timing.UNDATED)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of protection, both included; `end` None while it runs. `cell` says so."""

    start: dt.date
    end: dt.date | None
    what: str
    cell: Cell

    @property
    def words(self) -> str:
        """租赁合同 HT0001（2019-01-01 至今）."""
        return f"{self.what}（{self.start} 至 {self.end or '今'}）"

    def holds(self, day: dt.date) -> bool:
        """True for a day of the span."""
        return self.start <= day and (self.end is None or day <= self.end)


def protection_spans(
    loaded: Loaded, as_of: dt.date, overrides: Overrides | None = None
) -> Mapping[str, tuple[Span, ...]]:
    """Household → its spans of protection up to the day, what is most telling first.

    Leases from 起租日期 to 退租日期 (or 到期日期 once 已到期); grants by their months in force; the
    household itself from 批准日期 to 退出日期. What begins after the day is left out.
    """
    found: dict[str, list[Span]] = defaultdict(list)
    for leases in tenancies(loaded).values():
        for one in leases:
            if one.free_on is not None and one.last_day is None:
                continue  # 已终止 without a day: nobody knows what it let
            words = f"租赁合同 {one.lease_no}"
            found[one.household_no].append(Span(one.start, one.last_day, words, one.cell))
    _grants(loaded, PaymentRules.load(as_of, overrides).start_offset, found)
    _households(loaded, found)
    return {
        number: tuple(one for one in spans if one.start <= as_of) for number, spans in found.items()
    }


def timing_of(
    begun: dt.date | None, ended: dt.date | None, spans: Sequence[Span], as_of: dt.date
) -> tuple[Timing, Span | None]:
    """Where the row lies, and the span that decides it.

    Inside: it began on a day of a span. Before: it began earlier and had not ended when a span
    began (that span is named). A row without a beginning but with an end before every span is gone
    too; what began after the cut-off date is nothing yet. Between two spans counts as before the
    later one, after the last one as after.
    """
    if not spans:
        return Timing.UNPROTECTED, None
    if begun is None:
        over = ended is not None and all(ended < one.start for one in spans)
        return (Timing.GONE, spans[0]) if over else (Timing.UNDATED, spans[0])
    if begun > as_of:
        return Timing.LATER, None
    inside = next((one for one in spans if one.holds(begun)), None)
    if inside is not None:
        return Timing.INSIDE, inside
    later = [one for one in spans if one.start > begun]
    if not later:
        return Timing.AFTER, max(spans, key=lambda one: one.end or dt.date.max)
    held = next((one for one in later if ended is None or ended >= one.start), None)
    return (Timing.GONE, later[0]) if held is None else (Timing.BEFORE, held)


def _grants(loaded: Loaded, offset: int, found: dict[str, list[Span]]) -> None:
    table = loaded.get(SubsidyGrant)
    for row in table.usable("household_no", "approved_on"):
        term = term_of(table, row, offset)
        if term.never is not None or term.first is None:
            continue
        if term.last is not None and term.last < term.first:
            continue
        end = None if term.last is None else term.last.last_day
        words = f"租赁补贴 {table.column('grant_no')[row] or ''}".strip()
        cell = table.row_cell(row)
        span = Span(term.first.first_day, end, words, cell)
        found[table.column("household_no")[row]].append(span)


def _households(loaded: Loaded, found: dict[str, list[Span]]) -> None:
    """The qualification itself; one 已退出 without a date has no end to tell and is left out."""
    table = loaded.get(Household)
    starts, ends = table.column("approved_on"), table.column("exited_on")
    states, numbers = table.column("status"), table.column("household_no")
    for row in table.usable("household_no", "status"):
        gone = states[row] is ProtectionStatus.EXITED
        if starts[row] is None or (gone and ends[row] is None):
            continue
        end = ends[row] if gone else None
        if end is not None and end < starts[row]:
            continue
        cell = table.cell(row, "approved_on")
        found[numbers[row]].append(Span(starts[row], end, "保障资格", cell))
