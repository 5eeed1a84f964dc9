"""What the sheet 购买服务考核 already says, by operator, period and item."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import ContractorScore
from zhubao.ledger.table import LedgerTable
from zhubao.services.contractor import kinds


@dataclass(frozen=True, slots=True)
class Recorded:
    """One row of the sheet with its period understood."""

    index: int
    operator: str
    period: Period
    code: str
    title: str
    measure: str
    target: Decimal | None
    actual: Decimal | None
    full: Decimal | None
    score: Decimal | None
    is_signed: bool  # a date or a scorer stands beside the score
    cell: Cell


@dataclass(frozen=True, slots=True)
class Register:
    """All rows that can be used, in the order of the sheet, and what is wrong with others."""

    table: LedgerTable[ContractorScore]
    rows: tuple[Recorded, ...]
    findings: tuple[Finding, ...]

    @property
    def operators(self) -> list[str]:
        """The operators named, by name."""
        return sorted({row.operator for row in self.rows})

    def of(self, operator: str, period: Period) -> list[Recorded]:
        """The operator's rows of exactly this period."""
        return [row for row in self.rows if row.operator == operator and row.period == period]

    def parts(self, operator: str, code: str, period: Period) -> list[Recorded]:
        """The operator's rows of one item that together cover the period without gap or overlap.

        Empty when they do not: two quarters make a half-year, one quarter does not.
        """
        inside = [
            row
            for row in self.rows
            if row.operator == operator
            and row.code.upper() == code.upper()
            and period.start <= row.period.start
            and row.period.end <= period.end
        ]
        inside.sort(key=lambda row: row.period)
        day = period.start.toordinal()
        for row in inside:
            if row.period.start.toordinal() != day:
                return []
            day = row.period.end.toordinal() + 1
        return inside if day == period.end.toordinal() + 1 else []


def read_register(loaded: Loaded) -> Register:
    """Read the sheet. A second row of one operator, period and item is passed over and said."""
    table = loaded.get(ContractorScore)
    rows: list[Recorded] = []
    findings: list[Finding] = []
    seen: defaultdict[tuple[str, Period, str], list[Cell]] = defaultdict(list)
    for index in table.usable():
        row = _recorded(table, index)
        if row is None:
            text, operator = table.column("period")[index], table.column("operator")[index]
            where = table.cell(index, "period")
            findings.append(kinds.PERIOD_UNREADABLE.at(where, operator=operator, text=text))
            continue
        key = row.operator, row.period, row.code.upper()
        if seen[key]:
            words = {"operator": row.operator, "period": row.period, "code": row.code}
            findings.append(kinds.ITEM_TWICE.at(row.cell, **words, other=seen[key][0]))
            continue
        seen[key].append(row.cell)
        rows.append(row)
    return Register(table, tuple(rows), tuple(findings))


def _recorded(table: LedgerTable[ContractorScore], index: int) -> Recorded | None:
    row = table.row(index)
    try:
        period = Period.parse(row.period)
    except ValueError:
        return None
    return Recorded(
        index=index,
        operator=row.operator,
        period=period,
        code=row.indicator_code,
        title=row.indicator,
        measure=(row.measure or "").strip(),
        target=row.target,
        actual=row.actual,
        full=row.full_score,
        score=row.score,
        is_signed=row.scored_on is not None or bool(row.scorer),
        cell=table.cell(index, "indicator_code"),
    )
