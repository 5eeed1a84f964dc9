"""Progress against 目标任务: done since 1 January, and the share of the time that has passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Target
from zhubao.summary.indicators.figures import Figure, Measured
from zhubao.summary.targets import kinds

_ALIKE = ({"家", "个", "单位"}, {"名", "人"}, {"份", "件"}, {"次", "场"})
_FEN_PER = {"元": 100, "千元": 100_000, "万元": 1_000_000, "亿元": 10_000_000_000}
_PERCENT = frozenset({"%", "\uff05", "百分比"})

_FINE = Decimal("0.01")

YearToDate = Callable[[Figure, Period], "Measured | None"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One target and what is done of it, in the target's own `unit`.

    `done` counts from 1 January to the day; `half_done` to 30 June, where the day is later.
    `elapsed` is days of the year gone ÷ days of the year, first and last day counted. A rate
    (`is_level`) is compared as it stands on the day: no share of time applies. `cells` are those
    of the target, then those of the figure.
    """

    half_year: Decimal | None
    annual: Decimal | None
    done: Decimal
    unit: str
    elapsed: Ratio
    cells: tuple[Cell, ...]
    day: dt.date
    half_done: Decimal
    is_level: bool = False

    @property
    def half_elapsed(self) -> Ratio:
        """Days of January to June gone ÷ all of them; full from 30 June on."""
        whole = (dt.date(self.day.year, 6, 30) - dt.date(self.day.year, 1, 1)).days + 1
        return Ratio(min(self.elapsed.numerator, whole), whole)

    @property
    def half_rate(self) -> Ratio | None:
        """Done by 30 June ÷ half-year target; None without a half-year target."""
        return None if self.half_year is None else self._ratio(self.half_done, self.half_year)

    @property
    def annual_rate(self) -> Ratio | None:
        """Done ÷ annual target; None without one."""
        return None if self.annual is None else self._ratio(self.done, self.annual)

    @property
    def in_half_year(self) -> bool:
        """True up to 30 June: the half-year's target counts, not only the year's."""
        return (self.day.month, self.day.day) <= (6, 30)

    @property
    def is_half_behind(self) -> bool:
        """True when the half-year's share done is below the share of its time gone."""
        return self._is_behind(self.half_done, self.half_year, self.half_elapsed)

    @property
    def is_annual_behind(self) -> bool:
        """True when the year's share done is below the share of the year gone (以上含本数)."""
        return self._is_behind(self.done, self.annual, self.elapsed)

    @property
    def is_behind(self) -> bool:
        """True when a target that counts on the day is behind its time.

        Until 30 June either of them; then the year's, or the half-year's where the year has none.
        """
        if self.in_half_year or self.annual is None:
            return self.is_half_behind or self.is_annual_behind
        return self.is_annual_behind

    def due(self, *, half: bool) -> Decimal | None:
        """What should be done by the day: target × share of time gone; a count is rounded up.

        None without a target; of a rate the target itself.
        """
        target = self.half_year if half else self.annual
        if target is None or self.is_level:
            return target
        gone = self.half_elapsed if half else self.elapsed
        exact = target * gone.numerator / gone.denominator
        if self.unit in _FEN_PER:
            return exact.quantize(_FINE, ROUND_HALF_UP)
        return exact.to_integral_value(ROUND_CEILING)

    def _ratio(self, done: Decimal, target: Decimal) -> Ratio:
        """Both in fen, or as whole numbers of the finest decimal either has."""
        fen = _FEN_PER.get(self.unit)
        if fen:
            return Ratio(int(done * fen), int(target * fen), money=True)
        places = max(0, *(-int(one.as_tuple().exponent) for one in (done, target)))
        return Ratio(int(done.scaleb(places)), int(target.scaleb(places)))

    def _is_behind(self, done: Decimal, target: Decimal | None, elapsed: Ratio) -> bool:
        if target is None:
            return False
        if self.is_level:
            return done < target
        return done * elapsed.denominator < target * elapsed.numerator


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A row of 目标任务 and the figure its code means; None where no figure has it."""

    index: int
    row: Target
    figure: Figure | None
    cells: tuple[Cell, ...]


def target_rows(loaded: Loaded, year: int, figures: tuple[Figure, ...]) -> Iterator[TargetRow]:
    """The usable targets of a year, in the order of the sheet; of a code given twice the first."""
    named = {name.casefold(): one for one in figures for name in (one.code, one.target) if name}
    table, seen = loaded.get(Target), set[str]()
    for index in table.usable():
        row = table.row(index)
        code = row.indicator_code.strip().casefold()
        if row.year != year or code in seen:
            continue
        seen.add(code)
        cells = tuple(table.cell(index, one) for one in ("half_year_target", "annual_target"))
        yield TargetRow(index, row, named.get(code), cells)


def progress_of(target: TargetRow, day: dt.date, measured: YearToDate) -> Progress | Finding | None:
    """The progress of one target; the finding where code or 计量单位 are of no use.

    None where the figure has no value: its sheets are empty.
    """
    row, figure = target.row, target.figure
    if figure is None:
        return kinds.TARGET_UNKNOWN.at(
            target.cells[0], year=row.year, indicator=row.indicator, code=row.indicator_code
        )
    spans = year_spans(day)
    whole, half = measured(figure, spans[0]), measured(figure, spans[1])
    if whole is None or half is None:
        return None
    done, half_done = (in_measure(figure, one, row.measure) for one in (whole, half))
    if done is None or half_done is None:
        return kinds.TARGET_MEASURE.at(
            target.cells[0],
            year=row.year,
            indicator=row.indicator,
            measure=row.measure,
            title=figure.title,
            unit="%" if figure.is_rate else figure.unit,
        )
    year = spans[0].start.replace(month=12, day=31)
    return Progress(
        half_year=row.half_year_target,
        annual=row.annual_target,
        done=done,
        unit=row.measure.strip(),
        elapsed=Ratio(_days(spans[0]), (year - spans[0].start).days + 1),
        cells=tuple(dict.fromkeys((*target.cells, *whole.sources))),
        day=day,
        half_done=half_done,
        is_level=figure.is_rate,
    )


def year_spans(day: dt.date) -> tuple[Period, Period]:
    """1 January to the day, and 1 January to 30 June or the day, whichever is earlier."""
    start = dt.date(day.year, 1, 1)
    return Period(start, day), Period(start, min(day, dt.date(day.year, 6, 30)))


def in_measure(figure: Figure, measured: Measured, measure: str) -> Decimal | None:
    """The number in a target's 计量单位; None where the two cannot be compared.

    A rate only in % (two decimals, half up; 0 for 0/0), money in 元 up to 亿元, a count in its own
    unit or a word that means the same.
    """
    unit = measure.strip()
    if figure.is_rate:
        return _percent(measured) if unit in _PERCENT else None
    if figure.money:
        fen = _FEN_PER.get(unit)
        return None if fen is None else Decimal(measured.value) / fen
    same = unit == figure.unit or any({unit, figure.unit} <= words for words in _ALIKE)
    return Decimal(measured.value) if same else None


def _percent(measured: Measured) -> Decimal:
    if not measured.whole:
        return Decimal(0)
    share = Decimal(100 * measured.value) / Decimal(measured.whole)
    return share.quantize(_FINE, ROUND_HALF_UP)


def _days(period: Period) -> int:
    return (period.end - period.start).days + 1
