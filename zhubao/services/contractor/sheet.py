"""The score sheet of one operator and period: computed from the ledgers, compared with what is
recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.services.contractor import kinds
from zhubao.services.contractor.figures import Measured, tickets, tickets_without_term
from zhubao.services.contractor.goals import find_goal
from zhubao.services.contractor.recorded import Recorded, Register, read_register
from zhubao.services.contractor.scheme import Formula, Indicator, Operator, Scheme
from zhubao.services.contractor.scope import Scope
from zhubao.services.contractor.scoring import Goal, Scored, rounded, score, shown_value

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the sheet.

    `indicator`, `measured`, `scored` are None for an item the scheme does not know: its recorded
    score stands. `counts` is False for an item of the scheme that the sheet of this period does
    not list: shown for information, without a score.
    """

    code: str
    title: str
    goal: Goal
    indicator: Indicator | None
    measured: Measured | None
    scored: Scored | None
    recorded: Recorded | None
    counts: bool
    cells: tuple[Cell, ...]

    @property
    def score(self) -> Decimal | None:
        """The computed score, the recorded one of an item nobody can compute."""
        if not self.counts:
            return None
        if self.scored is not None:
            return self.scored.score
        return self.recorded.score if self.recorded else None

    @property
    def shown_actual(self) -> Decimal | None:
        """The result as it is written down."""
        if self.scored is None:
            return self.recorded.actual if self.recorded else None
        return shown_value(self.scored.actual, self.goal.unit)


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The whole sheet. `period` is the period scored, `scope.period` the days that are over."""

    operator: Operator
    period: Period
    scope: Scope
    scheme: Scheme
    register: Register
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]

    @property
    def is_over(self) -> bool:
        """True when the period has run to its last day."""
        return self.scope.period.end == self.period.end

    @property
    def counted(self) -> list[Line]:
        """The items with a full score that count."""
        return [line for line in self.lines if line.counts]

    @property
    def full(self) -> Decimal:
        """Σ full scores of the items that have a score."""
        return sum((line.goal.full for line in self.counted if line.score is not None), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Σ scores."""
        return sum((line.score for line in self.counted if line.score is not None), Decimal(0))

    @property
    def unscored(self) -> list[Line]:
        """Items that count and have no score yet."""
        return [line for line in self.counted if line.score is None]

    @property
    def points(self) -> Decimal | None:
        """total ÷ full × 100, rounded as scores are; None without any score."""
        if not self.full:
            return None
        return rounded(Fraction(self.total) * 100 / Fraction(self.full), self.scheme.places)


def score_sheet(operator: Operator, period: Period, scope: Scope, scheme: Scheme) -> ScoreSheet:
    """Score one operator for a period.

    The items are those that 购买服务考核 lists for the operator and this period; where it lists
    none, all of the scheme. Full score, unit and target of a listed item are those of the sheet.
    """
    register = read_register(scope.loaded)
    recorded = register.of(operator.name, period)
    lines = list(_lines(operator, period, scope, scheme, register, recorded))
    sheet = ScoreSheet(operator, period, scope, scheme, register, tuple(lines), ())
    findings = sorted([*register.findings, *_findings(sheet)], key=lambda finding: finding.sort_key)
    return ScoreSheet(operator, period, scope, scheme, register, sheet.lines, tuple(findings))


def _lines(
    operator: Operator,
    period: Period,
    scope: Scope,
    scheme: Scheme,
    register: Register,
    recorded: list[Recorded],
) -> Iterator[Line]:
    by_code = {row.code.upper(): row for row in recorded}
    for indicator in scheme.indicators:
        row = by_code.pop(indicator.code.upper(), None)
        goal, goal_cells = find_goal(indicator, operator.name, period, register, scope.loaded)
        measured = _measure(indicator, scope)
        usable = goal.unit in indicator.figure.units()
        scored = score(indicator, measured, goal, scheme.places) if usable else _unusable(goal)
        yield Line(
            code=indicator.code,
            title=row.title if row else _title(indicator, operator, goal, register),
            goal=goal,
            indicator=indicator,
            measured=measured,
            scored=scored,
            recorded=row,
            counts=row is not None or not recorded,
            cells=(*goal_cells, *measured.cells),
        )
    for row in by_code.values():
        goal = Goal(row.target, row.measure, row.full or Decimal(0), "考核表")
        cells = (register.table.cell(row.index, "score"),)
        yield Line(row.code, row.title, goal, None, None, None, row, True, cells)


def _title(indicator: Indicator, operator: Operator, goal: Goal, register: Register) -> str:
    """The scheme's title; in another unit it is another thing, and the sheet's last title says."""
    if goal.unit == indicator.unit:
        return indicator.title
    code = indicator.code.upper()
    rows = (r for r in register.rows if r.operator == operator.name and r.code.upper() == code)
    return max(((row.period, row.title) for row in rows), default=(None, indicator.title))[1]


def _measure(indicator: Indicator, scope: Scope) -> Measured:
    if indicator.only and indicator.figure.measure is tickets:
        return tickets(scope, indicator.only)
    return indicator.figure.measure(scope)


def _unusable(goal: Goal) -> Scored:
    return Scored(None, None, f"计量单位“{goal.unit}”不能用，没有评分")


def _findings(sheet: ScoreSheet) -> Iterator[Finding]:
    for line in sheet.counted:
        yield from _line_findings(sheet, line)
        if line.recorded is not None:
            yield from _comparison(sheet, line, line.recorded)
    yield from _tickets(sheet)
    for estate in sheet.scope.unknown_estates():
        where = _sheet_cell(sheet)
        yield kinds.ESTATE_UNKNOWN.at(where, operator=sheet.operator.name, estate=estate)
    if sheet.counted and sum((x.goal.full for x in sheet.counted), Decimal(0)) != _HUNDRED:
        total = sum((line.goal.full for line in sheet.counted), Decimal(0))
        words = {"operator": sheet.operator.name, "period": sheet.period, "total": total}
        yield kinds.FULL_NOT_HUNDRED.at(_sheet_cell(sheet), **words)


def _line_findings(sheet: ScoreSheet, line: Line) -> Iterator[Finding]:
    where = line.recorded.cell if line.recorded else _sheet_cell(sheet)
    words = {"code": line.code, "title": line.title}
    if line.indicator is None:
        yield kinds.ITEM_UNKNOWN.at(where, **words)
        return
    units = line.indicator.figure.units()
    if line.goal.unit not in units:
        said = "、".join(units)
        yield kinds.UNIT_UNUSABLE.at(where, **words, unit=line.goal.unit, units=said)
    elif line.goal.target is None and line.indicator.formula is not Formula.DEDUCTION:
        yield kinds.TARGET_UNKNOWN.at(where, **words, period=sheet.period)


def _comparison(sheet: ScoreSheet, line: Line, row: Recorded) -> Iterator[Finding]:
    table, words = sheet.register.table, {"code": line.code, "title": line.title}
    for said in _out_of_range(row):
        yield kinds.SCORE_TOO_HIGH.at(table.cell(row.index, "score"), **words, said=said)
    scored = line.scored
    if scored is None or line.indicator is None:
        return
    if line.goal.unit not in line.indicator.figure.units():
        return
    if row.actual is not None and not _agrees(row.actual, scored.actual, sheet.scheme.places):
        computed = "—" if line.shown_actual is None else f"{line.shown_actual:f} {line.goal.unit}"
        where, values = table.cell(row.index, "actual"), {"written": row.actual, "how": _how(line)}
        yield kinds.ACTUAL_DIFFERS.at(where, **words, **values, computed=computed)
    if row.score is not None and scored.score is not None and row.score != scored.score:
        values = {"written": row.score, "computed": str(scored.score)}
        where = table.cell(row.index, "score")
        yield kinds.SCORE_DIFFERS.at(where, **words, **values, how=scored.arithmetic)


def _how(line: Line) -> str:
    if line.measured is None or line.indicator is None:
        return ""
    ratio = line.measured.ratio
    divisor = 100 if line.measured.money else 1
    done, whole = Decimal(ratio.numerator) / divisor, Decimal(ratio.denominator) / divisor
    return f"{line.indicator.figure.definition}：{done:,} ÷ {whole:,}"


def _out_of_range(row: Recorded) -> Iterator[str]:
    if row.score is not None and row.full is not None and not 0 <= row.score <= row.full:
        yield f"得分 {row.score} 不在 0 到满分 {row.full} 之间"
    if row.measure == "%" and row.actual is not None and row.actual > _HUNDRED:
        yield f"完成值 {row.actual}% 超过 100%"


def _agrees(written: Decimal, actual: Fraction | None, places: int) -> bool:
    """Equal at the decimals written, at least as many as scores have; x/0 agrees with 0 only."""
    if actual is None:
        return written == 0
    decimals = max(places, -int(written.as_tuple().exponent))
    return rounded(actual, decimals) == written


def _tickets(sheet: ScoreSheet) -> Iterable[Finding]:
    for line in sheet.counted:
        if line.indicator is not None and line.indicator.figure.measure is tickets:
            cells = tickets_without_term(sheet.scope, line.indicator.only)
            return [kinds.TICKET_WITHOUT_TERM.at(cell) for cell in cells]
    return []


def _sheet_cell(sheet: ScoreSheet) -> Cell:
    table = sheet.register.table
    model = table.model.SHEET
    place = table.segments[0] if table.segments else None
    return Cell(place.file, place.sheet) if place else Cell(f"{model.workbook}.xlsx", model.name)
