"""Which months a grant is in force: first and last month, stops, suspensions, and why not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.ledger.table import LedgerTable
from zhubao.subsidy.rental.quarters import months_of

_SPELL = re.compile(r"暂停月份([0-9]{4}-[0-9]{2})至([0-9]{4}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a month is not in force, and the cell that says so."""

    words: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Term:
    """The months of a grant: from `first` to `last` (None: open), less the suspended ones.

    `never` is set where no month can be said to be in force.
    """

    first: Month | None
    last: Month | None
    suspended: tuple[tuple[Month, Month], ...] = ()
    before: Bar | None = None
    after: Bar | None = None
    between: Bar | None = None
    never: Bar | None = None

    def bar(self, month: Month) -> Bar | None:
        """Why the month is not in force; None when it is."""
        if self.never is not None:
            return self.never
        if self.first is not None and month < self.first:
            return self.before
        if self.last is not None and month > self.last:
            return self.after
        inside = any(start <= month <= end for start, end in self.suspended)
        return self.between if inside else None

    def months(self, months: Iterable[Month]) -> tuple[Month, ...]:
        """Those of the months that are in force."""
        return tuple(month for month in months if self.bar(month) is None)


def spell_words(start: Month, end: Month) -> str:
    """How a suspension that is over is kept in 变更原因."""
    return f"暂停月份{start}至{end}"


def suspended_spells(reason: str | None) -> tuple[tuple[Month, Month], ...]:
    """The suspensions written down in 变更原因."""
    return tuple(
        (Month.parse(one[1]), Month.parse(one[2])) for one in _SPELL.finditer(reason or "")
    )


def term_of(grants: LedgerTable[SubsidyGrant], index: int, start_offset: int) -> Term:
    """The months of one grant.

    First month: 起发月份; without one, `start_offset` months after 批准日期. Last month, by status:

    - 生效: 止发月份. A 状态变更日期 without a suspension written down (`spell_words`) means that it
      has been 生效 since that month only.
    - 暂停: the month before that of 状态变更日期, or 止发月份 where that is earlier.
    - 终止, 到期: 止发月份, unless it lies after the month of 状态变更日期 (a planned end); else the
      month before that. 到期 without 状态变更日期 ends with 止发月份.

    Stopped or suspended without a day, or a cell that cannot be read: no month is in force.
    """
    status, fault = grants.column("status")[index], _unreadable(grants, index)
    if fault is not None:
        return Term(None, None, never=fault)
    first, before = _first(grants, index, start_offset)
    last, changed = grants.column("last_month")[index], _changed(grants, index)
    spells = suspended_spells(grants.column("status_reason")[index])
    between = Bar("暂停的月份", grants.cell(index, "status_reason")) if spells else None
    after = Bar(f"止发月份是 {last}", grants.cell(index, "last_month")) if last else None
    if status is SubsidyStatus.IN_FORCE:
        if changed is not None and not spells and (first is None or changed > first):
            before = Bar(f"{changed} 起才是“生效”", grants.cell(index, "status_changed_on"))
            first = changed
        return Term(first, last, spells, before, after, between)
    end = _end(status, last, changed)
    if end is None:
        words = f"补贴状态是“{status.value}”，没有写从哪天起"
        return Term(first, None, never=Bar(words, grants.cell(index, "status")))
    if end != last:
        after = Bar(f"{changed} 起“{status.value}”", grants.cell(index, "status"))
    return Term(first, end, spells, before, after, between)


def quarter_months(term: Term, quarter: Period) -> tuple[Month, ...]:
    """The months of the quarter in which the grant is in force."""
    return term.months(months_of(quarter))


def _end(status: SubsidyStatus, last: Month | None, changed: Month | None) -> Month | None:
    if changed is None:
        return last if status is SubsidyStatus.EXPIRED else None
    before = changed.plus(-1)
    if last is None:
        return before
    if status is SubsidyStatus.SUSPENDED:
        return min(last, before)
    return last if last <= changed else before


def _first(
    grants: LedgerTable[SubsidyGrant], index: int, start_offset: int
) -> tuple[Month | None, Bar]:
    first = grants.column("first_month")[index]
    if first is not None:
        return first, Bar(f"起发月份是 {first}", grants.cell(index, "first_month"))
    first = Month.containing(grants.column("approved_on")[index]).plus(start_offset)
    words = f"没有写起发月份，按批准日期从 {first} 起"
    return first, Bar(words, grants.cell(index, "approved_on"))


def _changed(grants: LedgerTable[SubsidyGrant], index: int) -> Month | None:
    day = grants.column("status_changed_on")[index]
    return None if day is None else Month.containing(day)


def _unreadable(grants: LedgerTable[SubsidyGrant], index: int) -> Bar | None:
    """The first cell without which the months cannot be told."""
    names = ["status", "first_month", "last_month", "status_changed_on"]
    if grants.column("first_month")[index] is None:
        names.append("approved_on")
    for name in names:
        if index in grants.bad.get(name, ()):
            return Bar("补贴的状态或起止日期读不懂", grants.cell(index, name))
    return None
