"""Running checks over the facts: all leads, which checks broke, which could not say anything."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from zhubao.audit.facts import Facts
from zhubao.audit.leads.kinds import CHECK_BROKEN
from zhubao.audit.registry import AuditCheck, LeadFound
from zhubao.core.background import paused_gc
from zhubao.core.errors import ZhubaoError
from zhubao.core.finding import Cell, Finding
from zhubao.ledger.model import LedgerRow


@dataclass(frozen=True)
class Spotted:
    """A lead of this run, with its words and fingerprint worked out once."""

    lead: LeadFound

    @cached_property
    def finding(self) -> Finding:
        """As every surface shows it."""
        return self.lead.finding

    @cached_property
    def fingerprint(self) -> str:
        """What knows it again."""
        return self.lead.fingerprint

    @property
    def check(self) -> AuditCheck:
        """The check that raised it."""
        return self.lead.check

    @property
    def code(self) -> str:
        """The check's code."""
        return self.lead.check.code


@dataclass(frozen=True, slots=True)
class Silent:
    """A check that said nothing because the sheets in `missing` have no rows."""

    check: AuditCheck
    missing: tuple[type[LedgerRow], ...]


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What the checks say of the facts; no two leads have the same fingerprint.

    `complete` are the checks that ran to their end: only of these can a lead be said to be gone.
    """

    facts: Facts
    checks: tuple[AuditCheck, ...]
    leads: tuple[Spotted, ...]
    complete: frozenset[str]
    silent: tuple[Silent, ...] = ()
    broken: tuple[Finding, ...] = ()


def run_checks(facts: Facts, checks: Sequence[AuditCheck]) -> CheckRun:
    """Run every check. One that breaks becomes a finding that names it; the others go on.

    What a check found before it broke is kept. Leads are sorted by check and then by place.
    """
    leads: list[Spotted] = []
    complete, silent, broken = set(), [], []
    with paused_gc():
        for check in checks:
            missing = check.missing(facts)
            if missing:
                silent.append(Silent(check, missing))
                continue
            found, fault = _run_one(check, facts)
            leads += found
            if fault is None:
                complete.add(check.code)
            else:
                broken.append(fault)
    return CheckRun(
        facts, tuple(checks), tuple(leads), frozenset(complete), tuple(silent), tuple(broken)
    )


def _run_one(check: AuditCheck, facts: Facts) -> tuple[list[Spotted], Finding | None]:
    """What one check finds, and its fault where it broke.

    Leads alike in all a fingerprint knows are told apart by a number.
    """
    found: list[Spotted] = []
    seen: Counter[str] = Counter()
    fault: Finding | None = None
    try:
        for lead in check.run(facts):
            spotted = Spotted(lead)
            alike = spotted.fingerprint
            if seen[alike]:
                spotted = Spotted(replace(lead, occurrence=seen[alike]))
            seen[alike] += 1
            _ = spotted.finding  # words that do not fit are the check's fault too
            found.append(spotted)
    except Exception as error:
        fault = _broken(check, facts, error)
    return sorted(found, key=lambda one: one.finding.sort_key), fault


def _broken(check: AuditCheck, facts: Facts, error: Exception) -> Finding:
    sheets = "、".join(f"“{model.SHEET.name}”" for model in check.needs) or "台账"
    where = _first_place(check, facts)
    words = {"code": check.code, "title": check.kind.title, "sheets": sheets}
    return CHECK_BROKEN.at(where, fault=_fault(error), **words)


def _fault(error: Exception) -> str:
    """Without the ledger's content: the message of a house error, else kind and line."""
    if isinstance(error, ZhubaoError):
        return error.message
    frames = traceback.extract_tb(error.__traceback__)
    place = f"，{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _first_place(check: AuditCheck, facts: Facts) -> Cell | None:
    """The first sheet the check reads."""
    for model in check.needs:
        for segment in facts.loaded.get(model).segments:
            return Cell(segment.file, segment.sheet)
    return None
