"""How a check is declared: code, words, severity and the function that finds, in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from zhubao.core.background import paused_gc
from zhubao.core.finding import Cell, Finding, FindingKind, Severity, declare
from zhubao.core.registry import Registry
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow

Hit = tuple[Cell, dict[str, Any]]  # the place, and the values of the message
Finder = Callable[[Loaded, dt.date], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Check:
    """A cross-row or cross-sheet check; skipped unless every sheet it needs has rows."""

    kind: FindingKind
    find: Finder
    needs: tuple[type[LedgerRow], ...]

    @property
    def code(self) -> str:
        """The code of its findings."""
        return self.kind.code

    def run(self, loaded: Loaded, as_of: dt.date) -> Iterator[Finding]:
        """The findings in these tables at the cut-off date."""
        if loaded.has(*self.needs):
            for where, values in self.find(loaded, as_of):
                yield self.kind.at(where, **values)


CHECKS: Registry[Check] = Registry("integrity checks")


def check(
    code: str,
    title: str,
    severity: Severity,
    template: str,
    advice: str,
    *,
    needs: tuple[type[LedgerRow], ...] = (),
    basis: str = "",
    bad: str,
    good: str,
) -> Callable[[Finder], Finder]:
    """Declare the decorated function as a check and register it."""
    kind = declare(code, title, severity, template, advice, basis=basis, bad=bad, good=good)

    def register(find: Finder) -> Finder:
        CHECKS.add(Check(kind, find, needs))
        return find

    return register


def check_integrity(loaded: Loaded, as_of: dt.date) -> list[Finding]:
    """Run every check; findings sorted by file, sheet, row, column, code."""
    with paused_gc():
        found = [finding for each in CHECKS for finding in each.run(loaded, as_of)]
    return sorted(found, key=lambda finding: finding.sort_key)
