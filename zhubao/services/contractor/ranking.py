"""All operators of a period from the recorded scores: totals, ranks, share of the fee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from zhubao.core.finding import Finding
from zhubao.core.money import prorate, yuan
from zhubao.core.period import Period
from zhubao.core.report import Chart, Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.services.contractor import kinds
from zhubao.services.contractor.recorded import Recorded, Register, read_register
from zhubao.services.contractor.scheme import Scheme
from zhubao.services.contractor.scoring import rounded


@dataclass(frozen=True, slots=True)
class Standing:
    """One operator. `points` of a hundred; `rank` and what is due only when every item is scored.

    points = Σ scores ÷ Σ full scores × 100 over all items of the periods; equal points share a
    rank, and the next one is passed over. `fee` is the monthly fee × months, `due` its share.
    """

    operator: str
    periods: tuple[Period, ...]
    rows: tuple[Recorded, ...]
    unscored: int
    full: Decimal
    score: Decimal
    points: Decimal | None
    rank: int | None
    share: Decimal | None
    fee: int | None
    due: int | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every operator with rows in the period, best first; unfinished ones last."""

    loaded: Loaded
    register: Register
    period: Period
    scheme: Scheme
    standings: tuple[Standing, ...]
    findings: tuple[Finding, ...]


def rank_operators(loaded: Loaded, period: Period, scheme: Scheme) -> Ranking:
    """Rank the operators by what 购买服务考核 says.

    An operator's rows of exactly this period count; without any, those of shorter periods inside
    it. A shorter period that overlaps an earlier one is left out (CO-112).
    """
    register = read_register(loaded)
    findings = list(register.findings)
    found = []
    for operator in register.operators:
        rows = register.of(operator, period) or list(_inside(register, operator, period, findings))
        if rows:
            found.append(_standing(operator, rows, scheme))
    standings = tuple(_ranked(found))
    findings.sort(key=lambda finding: finding.sort_key)
    return Ranking(loaded, register, period, scheme, standings, tuple(findings))


def ranking_report(ranking: Ranking, *, as_of: dt.date, bureau: str = "") -> Report:
    """Totals and ranks, and the score of every period and item."""
    return Report(
        code="contractor.report",
        title=f"购买服务考核汇总（{ranking.period.title}）",
        bureau=bureau,
        as_of=as_of,
        period=ranking.period.title,
        tables=(_totals(ranking), _items(ranking)),
        notes=_notes(ranking),
        references=ranking.scheme.basis,
        findings=(*ranking.loaded.findings, *ranking.findings),
        facts={
            "period": ranking.period.label,
            "operators": {
                one.operator: {
                    "points": one.points,
                    "rank": one.rank,
                    "score": one.score,
                    "full": one.full,
                    "unscored": one.unscored,
                    "share": one.share,
                    "due": None if one.due is None else yuan(one.due),
                }
                for one in ranking.standings
            },
        },
    )


def _inside(
    register: Register, operator: str, period: Period, findings: list[Finding]
) -> Iterator[Recorded]:
    rows = [
        row
        for row in register.rows
        if row.operator == operator
        and period.start <= row.period.start
        and row.period.end <= period.end
    ]
    rows.sort(key=lambda row: (row.period.start, -row.period.end.toordinal(), row.index))
    last: Period | None = None
    for span, group in groupby(rows, key=lambda row: row.period):
        members = list(group)
        if last is not None and span.start <= last.end:
            words = {"operator": operator, "period": span, "other": last}
            findings.append(kinds.PERIODS_OVERLAP.at(members[0].cell, **words))
            continue
        last = span
        yield from members


def _standing(operator: str, rows: list[Recorded], scheme: Scheme) -> Standing:
    unscored = sum(row.score is None or row.full is None for row in rows)
    scored = [row for row in rows if row.score is not None and row.full is not None]
    full = sum((row.full or Decimal(0) for row in scored), Decimal(0))
    total = sum((row.score or Decimal(0) for row in scored), Decimal(0))
    points = rounded(Fraction(total) * 100 / Fraction(full), scheme.places) if full else None
    share = None if points is None or unscored else scheme.share(points)
    periods = tuple(sorted({row.period for row in rows}))
    monthly = scheme.operator(operator).monthly_fee
    fee = None if monthly is None else monthly * sum(len(one.months()) for one in periods)
    return Standing(
        operator, periods, tuple(rows), unscored, full, total, points, None, share, fee,
        _due(fee, share),
    )  # fmt: skip


def _due(fee: int | None, share: Decimal | None) -> int | None:
    """fee × share %, to the fen, half up; None where either is not configured."""
    if fee is None or share is None:
        return None
    exact = Fraction(share) / 100
    return prorate(fee, exact.numerator, exact.denominator)


def _ranked(found: list[Standing]) -> Iterator[Standing]:
    """Best first. Ranks go by the exact quotient, so that rounding makes no ties."""
    finished = [one for one in found if one.full and not one.unscored]
    values = {one.operator: Fraction(one.score) / Fraction(one.full) for one in finished}
    for one in sorted(finished, key=lambda one: (-values[one.operator], one.operator)):
        better = sum(value > values[one.operator] for value in values.values())
        yield Standing(
            one.operator, one.periods, one.rows, 0, one.full, one.score, one.points, better + 1,
            one.share, one.fee, one.due,
        )  # fmt: skip
    yield from (one for one in found if one.operator not in values)


def _notes(ranking: Ranking) -> tuple[str, ...]:
    notes = [
        "得分照“购买服务考核”表所记，折百分制＝得分合计 ÷ 满分合计 × 100；分数相同的并列",
        "没有得分的项目不计入合计，这样的单位不排名",
    ]
    if not ranking.scheme.bands:
        notes.append("没有登记按得分付费的档次，不算付费比例")
    if not ranking.standings:
        notes.append(f"考核表里没有{ranking.period.title}以内的考核")
    return tuple(notes)


def _totals(ranking: Ranking) -> Table:
    rows = []
    for one in ranking.standings:
        values = (
            one.rank,
            one.operator,
            "、".join(period.label for period in one.periods),
            len(one.rows),
            one.unscored,
            one.full,
            one.score,
            one.points,
            None if one.share is None else f"{one.share}%",
            one.fee,
            one.due,
        )
        cells = tuple(ranking.register.table.cell(row.index, "score") for row in one.rows)
        rows.append(Row(values, cells, "warning" if one.unscored else ""))
    return Table(
        key="totals",
        title="各运营单位",
        columns=(
            Column("rank", "名次", ValueKind.COUNT),
            Column("operator", "运营单位"),
            Column("periods", "考核期间"),
            Column("items", "项目数", ValueKind.COUNT, 2),
            Column("unscored", "未评分", ValueKind.COUNT),
            Column("full", "满分合计", ValueKind.NUMBER, 2),
            Column("score", "得分合计", ValueKind.NUMBER),
            Column("points", "折百分制", ValueKind.NUMBER),
            Column("share", "付费比例"),
            Column("fee", "服务费", ValueKind.MONEY, 2),
            Column("due", "应付", ValueKind.MONEY, 2),
        ),
        rows=rows,
        charts=(Chart("bar", "各运营单位得分（百分制）", "operator", ("points",)),),
    )


def _items(ranking: Ranking) -> Table:
    table = ranking.register.table
    rows = [
        Row(
            (row.operator, row.period.label, row.code, row.title, row.full, row.score),
            (table.cell(row.index, "score"),),
            "warning" if row.score is None else "",
        )
        for one in ranking.standings
        for row in one.rows
    ]
    return Table(
        key="items",
        title="各项得分",
        columns=(
            Column("operator", "运营单位"),
            Column("period", "考核期间"),
            Column("code", "编号", ValueKind.IDENTITY),
            Column("title", "考核指标"),
            Column("full", "满分", ValueKind.NUMBER),
            Column("score", "得分", ValueKind.NUMBER),
        ),
        rows=rows,
        shown=30,
    )
