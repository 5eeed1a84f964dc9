"""The ledger of leads beside a run: which lead is which row, and how it stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhubao.audit.leads.kinds import FOUND_AGAIN
from zhubao.audit.leads.run import CheckRun, Spotted
from zhubao.core.finding import Finding
from zhubao.ledger.audit import AuditFinding, FindingStatus, Lead, LeadStatus
from zhubao.ledger.loaded import Loaded


@dataclass(frozen=True, slots=True)
class KnownLead:
    """A row of 疑点."""

    index: int
    lead_no: str
    status: LeadStatus | None


def known_leads(loaded: Loaded) -> dict[str, KnownLead]:
    """Fingerprint → row of 疑点; of several rows with one fingerprint, the first."""
    table = loaded.get(Lead)
    numbers, states = table.column("lead_no"), table.column("status")
    known: dict[str, KnownLead] = {}
    for index, mark in enumerate(table.column("fingerprint")):
        if mark:
            known.setdefault(mark, KnownLead(index, numbers[index] or "", states[index]))
    return known


def is_cleared(lead: Spotted, known: Mapping[str, KnownLead]) -> bool:
    """True when the lead was looked into and cleared with a reason."""
    row = known.get(lead.fingerprint)
    return row is not None and row.status is LeadStatus.CLEARED


def found_again(run: CheckRun, known: Mapping[str, KnownLead]) -> list[Finding]:
    """Findings closed without an authority's override whose lead this run finds again."""
    table = run.facts.loaded.get(AuditFinding)
    by_lead = {known[s.fingerprint].lead_no: s for s in run.leads if s.fingerprint in known}
    out = []
    for index in table.usable("finding_no", "status"):
        row = table.row(index)
        spotted = by_lead.get(row.lead_no or "")
        if spotted is None or row.status is not FindingStatus.CLOSED or row.override_by:
            continue
        words = {"finding": row.finding_no, "closed": row.closed_on or "（日期未填）"}
        where = table.cell(index, "closed_on")
        out.append(FOUND_AGAIN.at(where, code=spotted.code, lead=row.lead_no, **words))
    return out
