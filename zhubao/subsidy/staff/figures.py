"""The figures of 职工住房补贴, each with what it counts and the cells it comes from.

All are pure functions of the loaded sheets, the period and the day; a summary may call any of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhubao import policy
from zhubao.core.finding import Cell
from zhubao.core.money import yuan
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Target
from zhubao.ledger.table import LedgerTable
from zhubao.subsidy.staff.applications import (
    Application,
    Applications,
    Stage,
    read_applications,
)

HOUSEHOLD_MEASURES = frozenset({"户", "人", "份", "件"})
EMPLOYER_MEASURES = frozenset({"家", "个", "单位"})
_WAN = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Count:
    """Households, the employers they belong to, and Σ 补贴金额 in fen of those that have one.

    `cells` are the cells that decide: 申报日期 of applications, 审批日期 of approvals and refusals,
    办理状态 of those still pending.
    """

    households: int
    employers: int
    amount: int
    cells: tuple[Cell, ...]


def applications(loaded: Loaded, period: Period, round_name: str = "") -> Count:
    """Households whose 申报日期 lies in the period, whatever became of them."""
    book = read_applications(loaded, period.end).of_round(round_name)
    return count(book, submitted_in(book, period), "submitted_on")


def approvals(loaded: Loaded, period: Period, round_name: str = "") -> Count:
    """Households approved (已审批 or 已发放) with 审批日期 in the period.

    Example: 960 households of 22 employers in the first half of 2020. An approval without a date
    is in no period (finding SB-208).
    """
    book = read_applications(loaded, period.end).of_round(round_name)
    return count(book, approved_in(book, period), "approved_on")


def refusals(loaded: Loaded, period: Period, round_name: str = "") -> Count:
    """Households refused in the period: by 审批日期, without one by 申报日期."""
    book = read_applications(loaded, period.end).of_round(round_name)
    return count(book, refused_in(book, period), "approved_on")


def payments(loaded: Loaded, period: Period, round_name: str = "") -> Count:
    """Households paid with 发放日期 in the period."""
    book = read_applications(loaded, period.end).of_round(round_name)
    return count(book, paid_in(book, period), "paid_on")


def pending(loaded: Loaded, as_of: dt.date, stage: Stage, round_name: str = "") -> Count:
    """Households at the `stage` (审核中 or 资料不全) at the end of the day."""
    book = read_applications(loaded, as_of).of_round(round_name)
    return count(book, at_stage(book, stage), "status")


@dataclass(frozen=True, slots=True)
class Progress:
    """Approvals against one target (时间过半、任务过半).

    rate = done ÷ target; elapsed = days of the span gone ÷ days of the span, first and last day
    counted. `done` and `target` are in `measure`: 户 households, 家 employers, 元 or 万元 amounts.
    """

    title: str
    span: Period
    as_of: dt.date
    measure: str
    done: Decimal
    target: Decimal
    elapsed: Ratio
    cells: tuple[Cell, ...]  # the target's cell first, then the approvals'

    @property
    def rate(self) -> Ratio:
        """done ÷ target, exact; "—" for a target of zero."""
        places = max(0, *(-int(one.as_tuple().exponent) for one in (self.done, self.target)))
        scale = 10**places
        return Ratio(int(self.done * scale), int(self.target * scale))

    @property
    def is_on_time(self) -> bool:
        """True when the share done is at least the share of time gone (以上含本数)."""
        gone, whole = self.elapsed.numerator, self.elapsed.denominator
        return self.done * whole >= self.target * gone

    @property
    def is_reached(self) -> bool:
        """True when the target is reached."""
        return self.done >= self.target


@dataclass(frozen=True, slots=True)
class Targets:
    """Where the year's targets stand in 目标任务; `row` is None where there is no such row."""

    code: str
    year: int
    row: int | None
    table: LedgerTable[Target]
    measure: str

    @property
    def is_comparable(self) -> bool:
        """True when approvals can be put into the target's 计量单位."""
        return self.measure in HOUSEHOLD_MEASURES | EMPLOYER_MEASURES | {"元", "万元"}


def find_targets(
    loaded: Loaded, as_of: dt.date, overrides: Mapping[str, Any] | None = None
) -> Targets:
    """The row of 目标任务 of the day's year with the code of policy staff_subsidy.target_code."""
    code = str(policy.at("staff_subsidy.target_code", as_of, overrides))
    table = loaded.get(Target)
    years, codes = table.column("year"), table.column("indicator_code")
    rows = [i for i in table.usable() if years[i] == as_of.year and codes[i] == code]
    row = rows[0] if rows else None
    measure = "" if row is None else str(table.column("measure")[row]).strip()
    return Targets(code, as_of.year, row, table, measure)


def progress(
    loaded: Loaded, as_of: dt.date, overrides: Mapping[str, Any] | None = None
) -> tuple[Progress, ...]:
    """Approvals since 1 January against the half-year target and the annual target.

    The half-year target is that of January to June: after June it is compared with what was
    approved by 30 June. Approvals of every round count. Empty where there is no target, or where
    its 计量单位 cannot be compared.
    """
    targets = find_targets(loaded, as_of, overrides)
    if targets.row is None or not targets.is_comparable:
        return ()
    year = as_of.year
    spans = (
        ("半年目标", "half_year_target", Period(dt.date(year, 1, 1), dt.date(year, 6, 30))),
        ("年度目标", "annual_target", Period(dt.date(year, 1, 1), dt.date(year, 12, 31))),
    )
    book = read_applications(loaded, as_of)
    found = (_progress(book, targets, *span) for span in spans)
    return tuple(one for one in found if one is not None)


def _progress(
    book: Applications, targets: Targets, title: str, name: str, span: Period
) -> Progress | None:
    assert targets.row is not None
    target = targets.table.column(name)[targets.row]
    if target is None:
        return None
    end = min(book.as_of, span.end)
    rows = approved_in(book, Period(span.start, end))
    done = count(book, rows, "approved_on")
    days = ((end - span.start).days + 1, (span.end - span.start).days + 1)
    return Progress(
        title=title,
        span=span,
        as_of=end,
        measure=targets.measure,
        done=_in_measure(done, targets.measure),
        target=target,
        elapsed=Ratio(*days),
        cells=(targets.table.cell(targets.row, name), *done.cells),
    )


def _in_measure(done: Count, measure: str) -> Decimal:
    if measure in EMPLOYER_MEASURES:
        return Decimal(done.employers)
    if measure in ("元", "万元"):
        return yuan(done.amount) / (_WAN if measure == "万元" else 1)
    return Decimal(done.households)


def submitted_in(book: Applications, period: Period) -> list[Application]:
    """The applications submitted in the period."""
    return [row for row in book.rows if period.contains(row.submitted)]


def approved_in(book: Applications, period: Period) -> list[Application]:
    """Those approved in the period."""
    return [row for row in book.rows if row.stage is Stage.APPROVED and _decided(row, period)]


def refused_in(book: Applications, period: Period) -> list[Application]:
    """Those refused in the period."""
    return [row for row in book.rows if row.stage is Stage.REFUSED and _decided(row, period)]


def paid_in(book: Applications, period: Period) -> list[Application]:
    """Those paid in the period."""
    return [row for row in book.rows if row.paid is not None and period.contains(row.paid)]


def at_stage(book: Applications, stage: Stage) -> list[Application]:
    """Those at the stage on the day."""
    return [row for row in book.rows if row.stage is stage]


def count(book: Applications, rows: Iterable[Application], name: str) -> Count:
    """Households, employers, amounts and the cells of field `name` of these applications."""
    chosen = list(rows)
    return Count(
        households=len(chosen),
        employers=len({row.employer_key for row in chosen}),
        amount=sum(row.amount or 0 for row in chosen),
        cells=book.cells(chosen, name),
    )


def _decided(row: Application, period: Period) -> bool:
    return period.contains(row.decided or row.submitted)
