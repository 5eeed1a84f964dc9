"""勾稽: two numbers of a summary that must agree, or that look contradictory and are explained.

Each check is declared once and answers with both numbers. Those that must agree have no excuse;
of those that may differ the definitions say why, with the numbers that lead from one to the other.
What neither agrees nor is explained to the last unit stays an open question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from zhubao.core.finding import Cell
from zhubao.core.money import format_yuan
from zhubao.core.registry import Registry
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.summary.indicators.figures import Measured, Scope

if TYPE_CHECKING:
    from zhubao.summary.summary import Summary

T = TypeVar("T")
_DECLARED_IN = (
    "wholes",
    "ledgers_apart",
    "rent_gap",
    "differences",
    "subsidy_gap",
    "subsidy_months",
    "protected",
)


class Outcome(StrEnum):
    """How two numbers stand to each other."""

    HOLDS = "相符"
    EXPLAINED = "口径不同"
    OPEN = "待核对"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Two numbers side by side; 元 is fen. `difference` is left less right.

    `explanation` says why they may differ, and is empty where nothing says it: an open question.
    So is what the explanation leaves over, `unexplained`.
    """

    code: str
    title: str
    left_title: str
    left: int
    right_title: str
    right: int
    unit: str
    explanation: str = ""
    cells: tuple[Cell, ...] = ()
    unexplained: int = 0

    @property
    def difference(self) -> int:
        """Left less right."""
        return self.left - self.right

    @property
    def holds(self) -> bool:
        """True when both are the same."""
        return self.left == self.right

    @property
    def outcome(self) -> Outcome:
        """Agree, differ for a reason given, or an open question."""
        if self.unexplained:
            return Outcome.OPEN
        if self.holds:
            return Outcome.HOLDS
        return Outcome.EXPLAINED if self.explanation else Outcome.OPEN

    def words(self, number: int) -> str:
        """A number of this check with its unit."""
        shown = format_yuan(number) if self.unit == "元" else f"{number:,}"
        return f"{shown} {self.unit}"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two numbers."""

    title: str
    number: int
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """What a check answers with. `unexplained`: what the explanation leaves over."""

    left: Side
    right: Side
    unit: str
    explanation: str = ""
    unexplained: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is asked of."""

    scope: Scope
    summary: Summary

    @property
    def loaded(self) -> Loaded:
        """The ledgers."""
        return self.scope.loaded

    def once(self, make: Callable[[Scope], T]) -> T:
        """What `make` makes of the scope, kept there."""
        return self.scope.once(make)

    def measured(self, code: str) -> Measured | None:
        """The figure of the summary; None where it has no number."""
        value = self.summary.values.get(code)
        return value.measured if value else None

    def side(self, code: str, *, whole: bool = False) -> Side | None:
        """A figure of the summary as one side; of a rate its numerator, or the denominator."""
        value = self.summary.values.get(code)
        if value is None or value.measured is None:
            return None
        one, figure = value.measured, value.figure
        if whole:
            return Side(f"{figure.title}的分母", one.whole or 0, one.base)
        return Side(f"{figure.title}{'的分子' if figure.is_rate else ''}", one.value, one.cells)


Compare = Callable[[Asked], "Pair | None"]


@dataclass(frozen=True, slots=True)
class Check:
    """A declared comparison; it is made where each of its `needs` has at least one row."""

    code: str
    title: str
    needs: tuple[type[LedgerRow], ...]
    reads: tuple[type[LedgerRow], ...]
    compare: Compare

    def reconciled(self, asked: Asked) -> Reconciled | None:
        """Both numbers, or None where there is nothing to compare."""
        pair = self.compare(asked) if asked.loaded.has(*self.needs) else None
        if pair is None:
            return None
        left, right = pair.left, pair.right
        return Reconciled(
            self.code,
            self.title,
            left.title,
            left.number,
            right.title,
            right.number,
            pair.unit,
            pair.explanation,
            tuple(dict.fromkeys((*left.cells, *right.cells))),
            pair.unexplained,
        )


CHECKS: Registry[Check] = Registry("reconciliations")


def check(
    code: str,
    title: str,
    *,
    needs: tuple[type[LedgerRow], ...],
    reads: Iterable[type[LedgerRow]] = (),
) -> Callable[[Compare], Compare]:
    """Declare the decorated function as a comparison. `reads` are the sheets beside `needs`."""

    def register(compare: Compare) -> Compare:
        CHECKS.add(Check(code, title, needs, tuple(dict.fromkeys((*needs, *reads))), compare))
        return compare

    return register


def all_checks() -> tuple[Check, ...]:
    """Every comparison, in the order they are declared; imports the modules that declare them."""
    import importlib

    for module in _DECLARED_IN:
        importlib.import_module(f"zhubao.summary.reconcile.{module}")
    return tuple(CHECKS)


def reconcile_models() -> tuple[type[LedgerRow], ...]:
    """The sheets that the comparisons look at, for loading."""
    return tuple(dict.fromkeys(model for one in all_checks() for model in one.reads))


def reconcile(summary: Summary, scope: Scope) -> tuple[Reconciled, ...]:
    """Every comparison that can be made, in the order of declaration; none is left out silently.

    A comparison is left out only where one of its sheets is empty or its figure has no number.
    """
    asked = Asked(scope, summary)
    found = (one.reconciled(asked) for one in all_checks())
    return tuple(one for one in found if one is not None)


def open_questions(reconciled: Iterable[Reconciled]) -> tuple[Reconciled, ...]:
    """Those that differ and that no definition explains."""
    return tuple(one for one in reconciled if one.outcome is Outcome.OPEN)
