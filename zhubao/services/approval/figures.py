"""The figures of this line: each a pure function with its numbers and source cells.

A file belongs to the period its 办结日期 falls in; a stage's duration to the period of that
stage's own decision. Nothing after the cut-off day counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.services import Approval, ApprovalKind, ApprovalResult
from zhubao.services.approval.files import SETTLED, File, Files, Run, Standing
from zhubao.services.approval.halfdays import HalfDayClock, end_of_day
from zhubao.services.approval.reading import read_files
from zhubao.services.approval.rules import Stage


@dataclass(frozen=True, slots=True)
class Count:
    """So many files; `amount` is the sum of their 核定金额 in fen. `cells`: one per file."""

    value: int
    amount: int
    period: Period | None
    as_of: dt.date
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of files; `blank` of them say nothing and are in neither number.

    `cells`: those of the denominator, the ones of the numerator first; `hits` of them.
    """

    ratio: Ratio
    blank: int
    period: Period
    as_of: dt.date
    cells: tuple[Cell, ...]

    @property
    def hits(self) -> int:
        """How many of the cells belong to the numerator."""
        return self.ratio.numerator


@dataclass(frozen=True, slots=True)
class Spread:
    """Durations in half days: exact median and mean, the longest; None of all without any.

    `within`: those that kept a limit, of those that had one. `unmeasured` stages were decided in
    the period and have no duration (a moment missing or out of order).
    """

    count: int
    median: Fraction | None
    mean: Fraction | None
    longest: int | None
    within: Ratio
    unmeasured: int
    cells: tuple[Cell, ...]


def settled_count(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    *,
    kind: ApprovalKind | None = None,
    result: ApprovalResult = ApprovalResult.APPROVED,
) -> Count:
    """Files with this result whose 办结日期 lies in the period, up to `as_of`; the cells: 办结日期.

    "经济适用房购房资格 115 户" is the count of that kind with 通过.
    """
    table = loaded.get(Approval)
    kinds, results = table.column("kind"), table.column("result")
    chosen = [
        index
        for index in _dated(loaded, period, as_of)
        if results[index] is result and kind in (None, kinds[index])
    ]
    amounts = table.column("amount")
    cells = tuple(table.cell(index, "decided_on") for index in chosen)
    total = sum(amounts[index] or 0 for index in chosen)
    return Count(len(chosen), total, period, as_of, cells)


def one_visit_rate(loaded: Loaded, period: Period, as_of: dt.date) -> Rate:
    """最多跑一次: 跑动次数 ≤ 1 ÷ files settled (通过, 不通过) in the period with 跑动次数 filled.

    None at all (0) counts as at most one. Blank ones are counted apart; a withdrawn file is not
    settled.
    """
    visits = loaded.get(Approval).column("visits")
    return _rate(loaded, period, as_of, "visits", [v is not None and v <= 1 for v in visits])


def online_rate(loaded: Loaded, period: Period, as_of: dt.date) -> Rate:
    """联网办理: 是否联网办理 = 是 ÷ files settled in the period with that column filled."""
    online = loaded.get(Approval).column("is_online")
    return _rate(loaded, period, as_of, "is_online", [one is True for one in online])


def review_time(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    clock: HalfDayClock,
    stage: Stage = Stage.DISTRICT,
) -> Spread:
    """Durations of a stage's decisions in the period, and how many kept the limit."""
    return stage_spread(read_files(loaded, end_of_day(as_of), clock), period, stage)


def overdue_open(
    loaded: Loaded, at: dt.datetime, clock: HalfDayClock, stage: Stage | None = None
) -> Count:
    """Files open at the moment with more half days gone than the limit allows."""
    files = read_files(loaded, at, clock)
    late = [
        (file, run)
        for file, run in files.runs()
        if run.standing is Standing.PAST and stage in (None, run.stage)
    ]
    cells = tuple(files.cell(file, run.stage.received) for file, run in late)
    amount = sum(files.value(file, "amount") or 0 for file, _ in late)
    return Count(len(late), amount, None, files.as_of, cells)


def stage_spread(files: Files, period: Period, stage: Stage) -> Spread:
    """As `review_time`, of files already read."""
    return spread_of(files, decided_in(files, period, stage))


def decided_in(files: Files, period: Period, stage: Stage) -> list[tuple[File, Run]]:
    """The decisions of a stage in the period, measured or not."""
    return [
        (file, run)
        for file, run in files.decided(stage)
        if run.decided and period.contains(run.decided.date())
    ]


def spread_of(files: Files, runs: Iterable[tuple[File, Run]]) -> Spread:
    """The spread of these decided stages."""
    decided = list(runs)
    measured = [(file, run) for file, run in decided if run.is_measured]
    halves = sorted(run.taken for _, run in measured if run.taken is not None)
    limited = [run for _, run in measured if run.limit is not None]
    kept = sum(run.standing is Standing.DECIDED for run in limited)
    return Spread(
        count=len(halves),
        median=_median(halves),
        mean=Fraction(sum(halves), len(halves)) if halves else None,
        longest=halves[-1] if halves else None,
        within=Ratio(kept, len(limited)),
        unmeasured=len(decided) - len(measured),
        cells=tuple(files.cell(file, run.stage.decided) for file, run in decided),
    )


def _median(ordered: Sequence[int]) -> Fraction | None:
    """The middle one, or the mean of the two in the middle."""
    if not ordered:
        return None
    middle = len(ordered) // 2
    return Fraction(ordered[middle] + ordered[-middle - 1], 2)


def _dated(loaded: Loaded, period: Period, as_of: dt.date) -> list[int]:
    table = loaded.get(Approval)
    days = table.column("decided_on")
    return [
        index
        for index in table.usable("approval_no", "kind", "result")
        if days[index] is not None and period.contains(days[index]) and days[index] <= as_of
    ]


def _rate(loaded: Loaded, period: Period, as_of: dt.date, name: str, hits: Sequence[bool]) -> Rate:
    table = loaded.get(Approval)
    results, values = table.column("result"), table.column(name)
    settled = [index for index in _dated(loaded, period, as_of) if results[index] in SETTLED]
    filled = [index for index in settled if values[index] is not None]
    yes = [index for index in filled if hits[index]]
    no = [index for index in filled if not hits[index]]
    return Rate(
        ratio=Ratio(len(yes), len(filled)),
        blank=len(settled) - len(filled),
        period=period,
        as_of=as_of,
        cells=tuple(table.cell(index, name) for index in (*yes, *no)),
    )
