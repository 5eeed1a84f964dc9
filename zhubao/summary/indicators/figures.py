"""The figures that can be traced: each declared once, with words, sheets and function.

A figure is a function of a `Scope` (ledgers, period, day) that calls what a business line exposes
and says the number, both numbers of a rate, and the cells it was made of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar, cast

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.registry import Registry
from zhubao.core.report import Ratio, ValueKind
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow

T = TypeVar("T")
Overrides = Mapping[str, Any]

_DECLARED_IN = (
    "supply_figures",
    "tenancy_figures",
    "rent_figures",
    "benefit_figures",
    "patrol_figures",
    "office_figures",
    "service_figures",
    "audit_figures",
)
_NEAR = 5


class Scope:
    """What a figure is asked of. Nothing here is changed once it has been made.

    A figure counts the period up to `day`: its end, or the cut-off where that is earlier.
    """

    def __init__(
        self,
        loaded: Loaded,
        period: Period,
        as_of: dt.date,
        *,
        overrides: Overrides | None = None,
        calendar: WorkCalendar | None = None,
        shared: dict[Hashable, Any] | None = None,
    ) -> None:
        self.loaded, self.period, self.as_of = loaded, period, as_of
        self.overrides: Overrides = overrides or {}
        self.calendar = calendar or WorkCalendar()
        self._made: dict[Hashable, Any] = {}
        self._shared = {} if shared is None else shared

    @property
    def day(self) -> dt.date:
        """The last day that counts."""
        return min(self.period.end, self.as_of)

    @property
    def is_month(self) -> bool:
        """True for a period of one month."""
        return len(self.period.months()) == 1

    @property
    def span(self) -> Period:
        """The days of the period that count; ValueError for a period after the cut-off."""
        return Period(self.period.start, self.day)

    def once(self, make: Callable[[Scope], T]) -> T:
        """What `make` makes of this scope, made at the first call and kept."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def shared(self, make: Callable[[Loaded], T]) -> T:
        """What `make` makes of the ledgers, whatever the period and day.

        Made once for all scopes that were given the same `shared`; else once for this one.
        """
        if make not in self._shared:
            self._shared[make] = make(self.loaded)
        return cast("T", self._shared[make])


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure's number with its cells; a rate has `whole` and its cells too (0 is "—").

    Money is fen. `note` is what must be said with the number. `partial` says why it is that of a
    part of the period only, with which nothing may be compared.
    """

    value: int
    cells: tuple[Cell, ...]
    whole: int | None = None
    base: tuple[Cell, ...] = ()
    note: str = ""
    partial: str = ""

    @property
    def sources(self) -> tuple[Cell, ...]:
        """The cells of numerator and denominator, each once."""
        return tuple(dict.fromkeys((*self.cells, *self.base)))


def complete(measured: Measured | None) -> Measured | None:
    """What may be compared with: a number, and not that of a part of its period."""
    return None if measured is None or measured.partial else measured


Compute = Callable[[Scope], Measured]
Unfit = Callable[[Scope], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A declared figure. `unit` is that of the numerator; `money` says that it is fen.

    `example` is a small worked case with numbers, of what counts and what does not.
    `sheets` are those whose cells can be among the sources, `reads` all that must be loaded.
    `command` prints it; `target` is its 指标编码 in 目标任务, where it has one. Without a row in
    each of `needs` there is nothing to say: the figure is missing, not zero.
    `is_stock`: what stands on the last day, replayed from the ledgers; others happen in a period.
    `unfit` says why the figure would tell nothing of a scope (too early, too short); "" where it
    does: then it is missing, with that reason.
    """

    code: str
    title: str
    unit: str
    definition: str
    example: str
    sheets: tuple[type[LedgerRow], ...]
    reads: tuple[type[LedgerRow], ...]
    command: str
    compute: Compute
    is_rate: bool = False
    target: str = ""
    needs: tuple[type[LedgerRow], ...] = ()
    is_stock: bool = False
    unfit: Unfit | None = None

    @property
    def money(self) -> bool:
        """True when the number is fen, shown in yuan."""
        return self.unit == "元"

    @property
    def hundredths(self) -> bool:
        """True when the number is a whole count of hundredths: fen, and points of a score."""
        return self.unit in ("元", "分")

    @property
    def kind(self) -> ValueKind:
        """How the number is shown."""
        if self.is_rate:
            return ValueKind.RATIO
        return ValueKind.MONEY if self.money else ValueKind.COUNT

    def of(self, scope: Scope) -> Measured:
        """The figure of this scope, computed once per scope."""
        return scope.once(self.compute)

    def why_not(self, scope: Scope) -> str:
        """Why it would tell nothing of this scope; "" where it does."""
        return self.unfit(scope) if self.unfit is not None else ""

    def shown(self, measured: Measured) -> int | Ratio:
        """The value for a report: a number, or both numbers of the rate."""
        if self.is_rate:
            return Ratio(measured.value, measured.whole or 0, money=self.hundredths)
        return measured.value


FIGURES: Registry[Figure] = Registry("traceable figures")


def figure(
    code: str,
    title: str,
    unit: str,
    definition: str,
    *,
    example: str,
    sheets: tuple[type[LedgerRow], ...],
    command: str,
    reads: Iterable[type[LedgerRow]] = (),
    is_rate: bool = False,
    target: str = "",
    needs: tuple[type[LedgerRow], ...] | None = None,
    is_stock: bool = False,
    unfit: Unfit | None = None,
) -> Callable[[Compute], Compute]:
    """Declare the decorated function as a traceable figure and register it.

    `example`: one line for the clerk, rows → value, with the edges that are asked about (first and
    last day, what was returned or unfounded). `reads` are the sheets needed beside `sheets`;
    `needs` those of `sheets` that must have a row, by default all; `unfit` says of which scopes it
    tells nothing. The function's docstring says how
    it is counted where the definition for the clerk leaves something open.
    """

    def register(compute: Compute) -> Compute:
        needed = tuple(dict.fromkeys((*sheets, *reads)))
        must = sheets if needs is None else needs
        words = (code, title, unit, definition, example, sheets, needed, command)
        FIGURES.add(Figure(*words, compute, is_rate, target, must, is_stock, unfit))
        return compute

    return register


def all_figures() -> tuple[Figure, ...]:
    """Every figure, in the order they are declared; imports the modules that declare them."""
    import importlib

    for module in _DECLARED_IN:
        importlib.import_module(f"zhubao.summary.indicators.{module}")
    return tuple(FIGURES)


def find_figures(word: str) -> tuple[Figure, ...]:
    """The figures a word means: a code, the codes below it ("dispatch"), a title, a target's code.

    Small and capital letters are alike. UsageError, with what comes near, for any other word.
    """
    wanted, figures = word.strip().casefold(), all_figures()
    for test in (
        lambda one: wanted in (one.code.casefold(), one.title),
        lambda one: one.target.casefold() == wanted != "",
        lambda one: one.code.casefold().startswith(f"{wanted}."),
    ):
        found = tuple(one for one in figures if test(one))
        if found:
            return found
    raise UsageError(f"没有编号为“{word}”的指标", advice=_advice(word, figures))


def _advice(word: str, figures: Iterable[Figure]) -> str:
    named = {name: one for one in figures for name in (one.code, one.title)}
    near = [name for name in named if len(word) > 1 and word in name]
    near += get_close_matches(word, named, n=_NEAR, cutoff=0.5)
    shown = dict.fromkeys(f"{named[name].code}（{named[name].title}）" for name in near[:_NEAR])
    if shown:
        return f"是不是 {'、'.join(shown)}？"
    return "不写编号，直接运行 zhubao trace，列出全部可以追溯的指标。"
