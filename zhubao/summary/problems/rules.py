"""Problems: each rule declared once, with code, title, weight and the sheets it looks at.

A rule gets the `Facts` of a summary and answers with what it found, or None. Its two sentences are
proposals: one for 存在的问题, one for the plan; the clerk keeps or deletes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from zhubao.core.finding import Cell
from zhubao.core.money import format_wan, format_yuan
from zhubao.core.registry import Registry
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.policy import lookup
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.indicators.sheet_days import SheetDays
from zhubao.summary.words.telling import rate_text

if TYPE_CHECKING:
    from zhubao.summary.summary import Summary

T = TypeVar("T")
_HALF_YEAR = 6
_SMALL = 100_000  # fen: in 万元 with two decimals little would be left
_DECLARED_IN = ("homes", "rent_money", "benefits", "work", "contractor", "targets")


class Weight(StrEnum):
    """How much a problem weighs: a legal deadline or money first."""

    HIGH = "重点"
    MEDIUM = "一般"
    LOW = "提示"


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: `count` of `whole` in `unit` (元 is fen), two sentences, the cells.

    `title` and `severity` stand instead of the rule's. With `is_want` what is counted is what is
    left of a thing that is wanted, so that 0 is a problem, too; else nothing counted is no problem.
    """

    count: int
    unit: str
    sentence: str
    plan: str
    cells: tuple[Cell, ...]
    whole: int | None = None
    title: str = ""
    is_want: bool = False
    severity: Weight | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem the ledgers show. `whole` is what `count` is a part of, None where nothing is."""

    code: str
    title: str
    severity: Weight
    sentence: str
    plan: str
    count: int
    unit: str
    cells: tuple[Cell, ...]
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule is asked of: the scope of the summary and the summary itself."""

    scope: Scope
    summary: Summary

    @property
    def loaded(self) -> Loaded:
        """The ledgers."""
        return self.scope.loaded

    @property
    def day(self) -> dt.date:
        """The last day that counts."""
        return self.scope.day

    @property
    def is_long(self) -> bool:
        """True for at least six months: rates that build up mean nothing in a month."""
        return len(self.scope.span.months()) >= _HALF_YEAR

    @property
    def this_period(self) -> str:
        """本月 of one month, else 本期."""
        return "本月" if self.scope.is_month else "本期"

    def has_begun(self, *models: type[LedgerRow]) -> bool:
        """True unless one of the sheets has days, and all of them after the last that counts."""
        days = self.scope.shared(SheetDays)
        firsts = (days.first(model) for model in models)
        return all(first is None or first <= self.day for first in firsts)

    def once(self, make: Callable[[Scope], T]) -> T:
        """What `make` makes of the scope, kept there."""
        return self.scope.once(make)

    def limit(self, name: str) -> Any:
        """The threshold `summary.NAME` in force on the day; PolicyUnknown before it began."""
        return lookup.at(f"summary.{name}", self.day, self.scope.overrides)

    def is_below(self, part: int, whole: int, name: str) -> bool:
        """True when `part` ÷ `whole` is below the percentage `name`; False for a whole of 0."""
        return whole > 0 and Decimal(part) * 100 < Decimal(str(self.limit(name))) * whole

    def is_above(self, part: int, whole: int, name: str) -> bool:
        """True when `part` ÷ `whole` is above the percentage `name`; False for a whole of 0."""
        return whole > 0 and Decimal(part) * 100 > Decimal(str(self.limit(name))) * whole


Check = Callable[[Facts], Found | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A declared rule; it is applied where each of its `needs` has at least one row.

    A sheet whose first day lies after the last day that counts says nothing about the period:
    the rule is silent.
    """

    code: str
    title: str
    severity: Weight
    needs: tuple[type[LedgerRow], ...]
    reads: tuple[type[LedgerRow], ...]
    check: Check

    def problem(self, facts: Facts) -> Problem | None:
        """The problem, or None when there is none or its sheets are empty."""
        known = facts.loaded.has(*self.needs) and facts.has_begun(*self.needs)
        found = self.check(facts) if known else None
        if found is None or (found.count <= 0 and not found.is_want):
            return None
        return Problem(
            self.code,
            found.title or self.title,
            found.severity or self.severity,
            found.sentence,
            found.plan,
            found.count,
            found.unit,
            tuple(dict.fromkeys(found.cells)),
            found.whole,
        )


RULES: Registry[Rule] = Registry("problem rules")


def rule(
    code: str,
    title: str,
    severity: Weight,
    *,
    needs: tuple[type[LedgerRow], ...],
    reads: Iterable[type[LedgerRow]] = (),
) -> Callable[[Check], Check]:
    """Declare the decorated function as a rule. `reads` are the sheets beside `needs`."""

    def register(check: Check) -> Check:
        everything = tuple(dict.fromkeys((*needs, *reads)))
        RULES.add(Rule(code, title, severity, needs, everything, check))
        return check

    return register


def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order they are declared; imports the modules that declare them."""
    import importlib

    for module in _DECLARED_IN:
        importlib.import_module(f"zhubao.summary.problems.{module}")
    return tuple(RULES)


def problem_models() -> tuple[type[LedgerRow], ...]:
    """The sheets that the rules look at, for loading."""
    return tuple(dict.fromkeys(model for one in all_rules() for model in one.reads))


def find_problems(
    loaded: Loaded,
    summary: Summary,
    as_of: dt.date,
    overrides: Mapping[str, Any] | None = None,
    *,
    scope: Scope | None = None,
) -> tuple[Problem, ...]:
    """What the ledgers show as problems on the summary's last day, the weightiest first.

    `overrides` is the bureau's [policy] table. `scope` spares computing twice what was made for
    the same ledgers, period and day; it also carries the bureau's calendar, without which only the
    published holidays are known. Thresholds: policy `summary.*`; each list is complete, none is
    cut off.
    """
    scope = scope or Scope(loaded, summary.period, as_of, overrides=overrides)
    facts = Facts(scope, summary)
    found = [one for rule in all_rules() if (one := rule.problem(facts)) is not None]
    order = list(Weight)
    return tuple(sorted(found, key=lambda one: order.index(one.severity)))


def share(part: int, whole: int) -> str:
    """12.34% of a whole, as the figures print it; "—" for a whole of 0."""
    return rate_text(part, whole) or "—"


def among(words: str, whole: int, part: int, unit: str) -> str:
    """ "在办的 3 件个案中，1 件"; where it is all of them "在办的 3 件个案均"."""
    if part == whole:
        return f"{words}均" if whole > 1 else words
    return f"{words}中，{part:,} {unit}"


def wan(fen: int) -> str:
    """12.34 万元; below a thousand yuan 815.30 元."""
    if abs(fen) < _SMALL:
        return f"{format_yuan(fen)} 元"
    return f"{format_wan(fen)} 万元"


def day_words(day: dt.date) -> str:
    """2020年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def leading(counts: Mapping[str, int], most: int = 3) -> list[tuple[str, int]]:
    """The largest of these, the largest first; equal ones by name."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:most]
