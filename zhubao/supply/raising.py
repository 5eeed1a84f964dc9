"""房源筹集: units raised by channel and month, terms of cooperation, projects in the pipeline."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao import policy
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.period import Month, Period
from zhubao.core.spans import term_months
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.units import Developer, PipelineProject, SupplyBatch, SupplyChannel

COOPERATION_STATUS = declare(
    "SU-101",
    "合作状态与合作期限不符",
    Severity.WARNING,
    "{name} 的状态写着“{status}”，合作期限却是 {start} 至 {end}，截至 {as_of} {stage}",
    "续期的改合作截止日，结束的改状态",
    bad="状态“合作中”，合作截止日 2020-04-07，截止日期 2020-06-30",
    good="状态“已到期”，合作截止日 2020-04-07",
)
COOPERATION_BACKWARDS = declare(
    "SU-102",
    "合作截止日早于开始日",
    Severity.WARNING,
    "{name} 的合作期限 {start} 至 {end} 先后颠倒，没有列入合作期限",
    "对照合作协议改正日期",
    bad="合作开始日 2020-06-03，合作截止日 2020-03-02",
    good="合作开始日 2020-06-03，合作截止日 2020-08-02",
)
BATCH_OUTSIDE_TERM = declare(
    "SU-103",
    "筹集日期不在本批合作期限内",
    Severity.NOTICE,
    "{name} 于 {day} 筹集，本批合作期限是 {start} 至 {end}",
    "对照合作协议核对筹集日期和合作期限",
    bad="筹集日期 2020-01-16，合作开始日 2020-06-03",
    good="筹集日期 2020-06-08，合作期限 2020-06-08 至 2020-08-07",
)
_ENDED_WORDS = ("到期", "终止", "结束", "停止")
_GOING_WORDS = ("合作中", "在合作", "履行")


class TermStage(StrEnum):
    """Where a day lies in a term of cooperation; the last day still is cooperation."""

    AHEAD = "未开始"
    RUNNING = "合作中"
    EXPIRING = "即将到期"
    EXPIRED = "已到期"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of cooperation of a developer or of one batch."""

    number: str
    name: str
    start: dt.date
    end: dt.date
    stage: TermStage
    days_left: int  # negative after the end
    units: int | None  # of a batch
    cell: Cell

    @property
    def months(self) -> int:
        """Whole months of the term, both days counted."""
        return term_months(self.start, self.end)

    @property
    def is_going(self) -> bool:
        """True while the cooperation has begun and not ended."""
        return self.stage in (TermStage.RUNNING, TermStage.EXPIRING)


@dataclass(frozen=True, slots=True)
class Raised:
    """What was raised in the period, and how cooperation and pipeline stand on the day.

    `batches` are indexes of 房源筹集; `unread` counts its rows with required cells that cannot be
    read.
    """

    loaded: Loaded
    period: Period
    as_of: dt.date
    expiring_days: int
    batches: tuple[int, ...]
    unread: int
    developers: tuple[Term, ...]
    batch_terms: tuple[Term, ...]
    findings: tuple[Finding, ...]

    @property
    def table(self) -> LedgerTable[SupplyBatch]:
        """The sheet 房源筹集."""
        return self.loaded.get(SupplyBatch)

    def by_month(self) -> Counter[tuple[Month, SupplyChannel]]:
        """Units by (month raised, channel)."""
        counts: Counter[tuple[Month, SupplyChannel]] = Counter()
        days, channels = self.table.column("raised_on"), self.table.column("channel")
        for index in self.batches:
            key = Month.containing(days[index]), channels[index]
            counts[key] += self.table.column("unit_count")[index]
        return counts

    def of_channel(self, channel: SupplyChannel) -> list[int]:
        """The period's batches of one channel."""
        channels = self.table.column("channel")
        return [index for index in self.batches if channels[index] == channel]

    def units(self, batches: list[int] | tuple[int, ...]) -> int:
        """Σ 套数 of these batches."""
        return sum(self.table.column("unit_count")[index] for index in batches)

    @property
    def cooperating(self) -> int:
        """Developers still cooperating on the day."""
        return sum(term.is_going for term in self.developers)

    def pipeline(self) -> list[int]:
        """Indexes of 筹建项目 that can be counted."""
        return self.loaded.get(PipelineProject).usable()


def compute_raised(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    *,
    overrides: Mapping[str, Any] | None = None,
) -> Raised:
    """The report's figures. A batch counts in the period its 筹集日期 falls in, up to `as_of`.

    A term is 即将到期 when 0 <= last day - `as_of` <= policy supply.expiring_days, 已到期 from the
    day after its last day on. Rows with unreadable required cells are left out (the loader has said
    so) and counted in `unread`.
    """
    table = loaded.get(SupplyBatch)
    days, usable = table.column("raised_on"), table.usable()
    chosen = tuple(i for i in usable if period.contains(days[i]) and days[i] <= as_of)
    limit = int(policy.at("supply.expiring_days", as_of, overrides))
    findings: list[Finding] = []
    developers = tuple(_developer_terms(loaded, as_of, limit, findings))
    batch_terms = tuple(_batch_terms(loaded, as_of, limit, findings))
    findings.sort(key=lambda finding: finding.sort_key)
    unread = len(table) - len(usable)
    return Raised(
        loaded, period, as_of, limit, chosen, unread, developers, batch_terms, tuple(findings)
    )


def stage_of(start: dt.date, end: dt.date, as_of: dt.date, limit: int) -> TermStage:
    """Where the day lies in the term; `limit` days before its last day it is about to expire."""
    if as_of < start:
        return TermStage.AHEAD
    left = (end - as_of).days
    if left < 0:
        return TermStage.EXPIRED
    return TermStage.EXPIRING if left <= limit else TermStage.RUNNING


def _developer_terms(
    loaded: Loaded, as_of: dt.date, limit: int, findings: list[Finding]
) -> Iterator[Term]:
    table = loaded.get(Developer)
    for index in table.usable():
        number, name = table.column("developer_no")[index], table.column("name")[index]
        term = _term(table, index, (number, name, None), (as_of, limit), findings)
        if term is not None:
            findings += _status_faults(table, index, term, as_of)
            yield term


def _batch_terms(
    loaded: Loaded, as_of: dt.date, limit: int, findings: list[Finding]
) -> Iterator[Term]:
    """Of the batches with both days of cooperation, raised by the day."""
    table, names = loaded.get(SupplyBatch), developer_names(loaded)
    starts, ends = table.column("cooperation_start"), table.column("cooperation_end")
    for index in table.usable():
        raised = table.column("raised_on")[index]
        if starts[index] is None or ends[index] is None or raised > as_of:
            continue
        number, developer = table.column("batch_no")[index], table.column("developer_no")[index]
        label = names.get(developer, developer or "")
        units = table.column("unit_count")[index]
        term = _term(table, index, (number, label, units), (as_of, limit), findings)
        if term is None:
            continue
        if not term.start <= raised <= term.end:
            words = {"name": number, "day": raised, "start": term.start, "end": term.end}
            findings.append(BATCH_OUTSIDE_TERM.at(table.cell(index, "raised_on"), **words))
        yield term


def _term(
    table: LedgerTable[Any],
    index: int,
    labels: tuple[str, str, int | None],
    when: tuple[dt.date, int],
    findings: list[Finding],
) -> Term | None:
    start = table.column("cooperation_start")[index]
    end = table.column("cooperation_end")[index]
    number, name, units = labels
    if end < start:
        where = table.cell(index, "cooperation_end")
        findings.append(COOPERATION_BACKWARDS.at(where, name=number, start=start, end=end))
        return None
    as_of, limit = when
    stage = stage_of(start, end, as_of, limit)
    return Term(number, name, start, end, stage, (end - as_of).days, units, table.row_cell(index))


def _status_faults(
    table: LedgerTable[Any], index: int, term: Term, as_of: dt.date
) -> Iterator[Finding]:
    """A word for "going" after the end, or for "ended" before it; other words say nothing."""
    status = table.column("status")[index] or ""
    says_ended = any(word in status for word in _ENDED_WORDS)
    says_going = not says_ended and any(word in status for word in _GOING_WORDS)
    ended = term.stage is TermStage.EXPIRED
    if (says_going and ended) or (says_ended and not ended):
        yield COOPERATION_STATUS.at(
            table.cell(index, "status"),
            name=term.name,
            status=status,
            start=term.start,
            end=term.end,
            as_of=as_of,
            stage=term.stage.value,
        )


def developer_names(loaded: Loaded) -> dict[str | None, str]:
    """Developer number → name."""
    table = loaded.get(Developer)
    numbers, names = table.column("developer_no"), table.column("name")
    return {numbers[index]: names[index] for index in table.usable("developer_no", "name")}
