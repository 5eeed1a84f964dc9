"""How an audit check is declared: code, words, family and the function that finds, in one place.

A check is a generator over `Facts` that yields a `Hit` for everything it finds. It reads no file,
no clock and no global. What it finds is a lead (疑点) to be verified, never a verdict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zhubao.audit.facts import Facts
from zhubao.core.finding import Cell, Finding, FindingKind, Severity, declare
from zhubao.core.identity import check_identity, normalise_identity, to_18
from zhubao.core.registry import Registry
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.model import LedgerRow


class Family(StrEnum):
    """疑点类别."""

    IDENTITY = "身份"
    DOUBLE_BENEFIT = "重复享受"
    ELIGIBILITY = "资格"
    TENANCY = "合同"
    ARREARS = "欠租"
    VACANCY = "空置"
    SUBSIDY = "补贴"
    ALLOCATION = "配租"
    MONEY = "资金"
    PROCESS = "程序"
    HYGIENE = "台账"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `cells` are the evidence, the telling one first.

    `words` fill the check's message: personal data in them is masked by whoever makes them.
    `key` tells apart several hits of the check on the same household and unit (a month, a
    payment's number); it must stay the same from run to run, so no row numbers.
    `person` and `identity_no` are unmasked, for the ledger of leads.
    """

    cells: tuple[Cell, ...]
    words: Mapping[str, Any] = field(default_factory=dict)
    household: str = ""
    unit: str = ""
    person: str = ""
    identity_no: str = ""
    amount: int | None = None  # fen
    key: tuple[str, ...] = ()


Finder = Callable[[Facts], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """A declared check; `needs` are the sheets without which it says nothing."""

    kind: FindingKind
    family: Family
    issue: IssueKind
    find: Finder
    needs: tuple[type[LedgerRow], ...]

    @property
    def code(self) -> str:
        """The code of its leads."""
        return self.kind.code

    @property
    def severity(self) -> Severity:
        """How bad each of its leads is."""
        return self.kind.severity

    def missing(self, facts: Facts) -> tuple[type[LedgerRow], ...]:
        """The needed sheets that have no rows; with any, the check says nothing."""
        return tuple(model for model in self.needs if not facts.loaded.has(model))

    def run(self, facts: Facts) -> Iterator[LeadFound]:
        """The leads in these facts; nothing where a needed sheet has no rows."""
        if facts.loaded.has(*self.needs):
            for hit in self.find(facts):
                yield LeadFound(self, hit)


@dataclass(frozen=True, slots=True)
class LeadFound:
    """A hit with the check that made it.

    `occurrence` counts hits of a check that are alike in all a fingerprint knows: 0, 1, …
    """

    check: AuditCheck
    hit: Hit
    occurrence: int = 0

    @property
    def finding(self) -> Finding:
        """As every surface shows it."""
        return self.check.kind.at(self.hit.cells[0] if self.hit.cells else None, **self.hit.words)

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that know the lead again, whatever row it stands in.

        Over code, household, unit, person (18 digits; a faulty number as it stands) and key.
        """
        hit = self.hit
        number = _comparable(hit.identity_no)
        parts = (self.check.code, hit.household, hit.unit, number, *hit.key)
        again = (f"#{self.occurrence}",) if self.occurrence else ()
        return hashlib.sha256("\x1f".join((*parts, *again)).encode()).hexdigest()[:16]


AUDIT_CHECKS: Registry[AuditCheck] = Registry("audit checks")


def audit_check(
    code: str,
    title: str,
    family: Family,
    issue: IssueKind,
    severity: Severity,
    template: str,
    advice: str,
    *,
    basis: str,
    needs: tuple[type[LedgerRow], ...],
    bad: str,
    good: str,
) -> Callable[[Finder], Finder]:
    """Declare the decorated function as an audit check and register it.

    `basis` is the regulation and article, or the audit practice it follows; `bad` and `good` are
    an example that is found and one that is not.
    """
    kind = declare(code, title, severity, template, advice, basis=basis, bad=bad, good=good)

    def register(find: Finder) -> Finder:
        AUDIT_CHECKS.add(AuditCheck(kind, family, issue, find, needs))
        return find

    return register


def all_checks() -> tuple[AuditCheck, ...]:
    """Every declared check, in the order of codes; imports the modules that declare them."""
    import importlib
    import pkgutil

    from zhubao.audit import checks

    for module in pkgutil.iter_modules(checks.__path__, f"{checks.__name__}."):
        importlib.import_module(module.name)
    return tuple(sorted(AUDIT_CHECKS, key=lambda check: check.code))


def find_leads(facts: Facts, checks: Iterable[AuditCheck]) -> list[LeadFound]:
    """All leads at once, by check and then by place."""
    found = [lead for check in checks for lead in check.run(facts)]
    return sorted(found, key=lambda lead: (lead.check.code, lead.finding.sort_key))


def _comparable(number: str) -> str:
    """The eighteen-digit form; a number with a fault as it stands."""
    text = normalise_identity(number) if number else ""
    return text if not text or check_identity(text) is not None else to_18(text)
