"""The audit sheets in memory: what a command does to them, done without a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zhubao.audit.facts import Facts
from zhubao.audit.rectify.book import Taken
from zhubao.audit.registry import AuditCheck, Family, Hit
from zhubao.core.finding import FindingKind, Severity
from zhubao.ledger.audit import AuditFinding, FollowUp, IssueKind, Lead, RectificationStep
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, ProtectionStatus

Row = Mapping[str, Any]
SHEETS: tuple[type[LedgerRow], ...] = (Lead, AuditFinding, RectificationStep, FollowUp, Household)
FOUND, VERIFIED = dt.date(2020, 2, 17), dt.date(2020, 2, 18)
LATEST = dt.date(2020, 6, 30)


def sheets(**rows: Iterable[Row]) -> Loaded:
    """The audit sheets and 保障家庭 with these rows, by the models' names in small letters."""
    by_name = {model.__name__.lower(): model for model in SHEETS}
    tables = [LedgerTable.from_rows(model, rows.get(name, ())) for name, model in by_name.items()]
    assert set(rows) <= set(by_name)
    return Loaded.of(*tables)


def applied(loaded: Loaded, taken: Taken) -> Loaded:
    """The sheets once the command was carried out."""
    assert not taken.refusals, [one.message for one in taken.refusals]
    rows = {model: [dict(t.values(i)) for i in range(len(t))] for model, t in loaded.tables.items()}
    for edit in taken.edits:
        rows[edit.model][edit.index] |= edit.values
    for model, row in taken.added:
        rows[model].append(dict(row))
    return Loaded.of(*(LedgerTable.from_rows(model, found) for model, found in rows.items()))


def household(number: str, status: ProtectionStatus = ProtectionStatus.IN_FORCE) -> Row:
    return {"household_no": number, "applicant": "王小明", "status": status}


def with_status(loaded: Loaded, status: ProtectionStatus) -> Loaded:
    """The same, every household with this status."""
    table = loaded[Household]
    rows = [{**table.values(i), "status": status} for i in range(len(table))]
    return Loaded({**loaded.tables, Household: LedgerTable.from_rows(Household, rows)})


def _still_protected(facts: Facts) -> Iterator[Hit]:
    table = facts.loaded.get(Household)
    for index, status in enumerate(table.column("status")):
        if status is ProtectionStatus.IN_FORCE:
            number = table.column("household_no")[index]
            yield Hit((table.cell(index, "status"),), {"home": number}, household=number)


def made_check(code: str = "ZZ-001", find: Any = _still_protected, **given: Any) -> AuditCheck:
    """A check of a test's own, that no registry knows: finds households that are 在保."""
    severity = given.pop("severity", Severity.ERROR)
    kind = FindingKind(code, "仍在保障", severity, "家庭 {home} 仍在保障", "办理退出", "依据")
    settings = {"family": Family.ELIGIBILITY, "issue": IssueKind.NOT_EXITED, "needs": (Household,)}
    return AuditCheck(kind, find=find, **{**settings, **given})
