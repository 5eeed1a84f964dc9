"""New leads go into 疑点; the known ones get the day they were last found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from zhubao.audit.leads.known import known_leads
from zhubao.audit.leads.run import CheckRun, Spotted
from zhubao.core.identity import check_identity, normalise_identity
from zhubao.core.theme import Formats
from zhubao.ledger.audit import Lead, LeadSource, LeadStatus
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.registers.numbers import next_numbers
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household
from zhubao.ledger.units import Unit
from zhubao.ledger.unread import refuse_unread

FIRST_LEAD = "YD0001"
EVIDENCE_CELLS = 20
_NEEDED = frozenset({"lead_no", "kind", "source", "raised_on", "matter", "status", "fingerprint"})


def leads_change(run: CheckRun, formats: Formats) -> Change:
    """One row of 疑点 for every lead it does not have yet; 最近出现日期 of those it has.

    A lead is known by its 疑点标识, so that it is never written twice. A day that is later already
    stays. A household or unit that is not in its ledger is left out of the row (the evidence has
    it), as is a faulty identity number. Columns the sheet lacks are left out and named.

    Raises `UsageError` when 疑点 is there and cannot be read; `LedgerNotWritable` when it lacks a
    column without which a lead would not be known again.
    """
    loaded, day = run.facts.loaded, run.facts.as_of
    refuse_unread(loaded, Lead)
    table, known = loaded.get(Lead), known_leads(loaded)
    fresh = [lead for lead in run.leads if lead.fingerprint not in known]
    plan = Plan(f"写入疑点：新增 {len(fresh):,} 条", loaded, formats)
    seen = 0
    for lead in run.leads:
        row = known.get(lead.fingerprint)
        if row is not None and _later(day, table.column("last_seen_on")[row.index]):
            plan.put(table, row.index, "last_seen_on", day)
            seen += 1
    columns = _columns(table)
    rows = [
        {name: value for name, value in one.items() if name in columns or name in _NEEDED}
        for one in _rows(run, fresh)
    ]
    plan.add(table, rows)
    plan.note(f"新增疑点 {len(rows):,} 条；已在台账里的，{seen:,} 条更新最近出现日期")
    absent = {name for one in _rows(run, fresh) for name in one} - columns - _NEEDED
    if absent:
        headers = "、".join(_header(name) for name in Lead.model_fields if name in absent)
        plan.note(f"疑点表没有这些列，没有写：{headers}")
    return plan.build()


def evidence_of(lead: Spotted) -> str:
    """The cells of a lead as the ledger keeps them."""
    cells = list(dict.fromkeys(map(str, lead.lead.hit.cells)))
    text = "、".join(cells[:EVIDENCE_CELLS])
    return f"{text} 等 {len(cells)} 处" if len(cells) > EVIDENCE_CELLS else text


def _later(day: Any, before: Any) -> bool:
    return before is None or before < day


def _columns(table: LedgerTable[Lead]) -> set[str]:
    return set(table.segments[-1].letters) if table.segments else set(Lead.model_fields)


def _header(name: str) -> str:
    return column_info(Lead.model_fields[name]).header


def _rows(run: CheckRun, fresh: list[Spotted]) -> Iterator[dict[str, Any]]:
    loaded = run.facts.loaded
    households = set(loaded.get(Household).column("household_no"))
    units = set(loaded.get(Unit).column("unit_no"))
    for number, lead in zip(_numbers(loaded, len(fresh)), fresh, strict=True):
        hit = lead.lead.hit
        row = {
            "lead_no": number,
            "check_code": lead.code,
            "kind": lead.check.issue,
            "source": LeadSource.CHECK,
            "raised_on": run.facts.as_of,
            "household_no": hit.household if hit.household in households else None,
            "unit_no": hit.unit if hit.unit in units else None,
            "person": hit.person or None,
            "identity_no": _sound(hit.identity_no),
            "matter": lead.finding.message,
            "basis": lead.check.kind.basis or None,
            "evidence": evidence_of(lead) or None,
            "amount": hit.amount if hit.amount is not None and hit.amount >= 0 else None,
            "fingerprint": lead.fingerprint,
            "last_seen_on": run.facts.as_of,
            "status": LeadStatus.OPEN,
        }
        yield {name: value for name, value in row.items() if value is not None}


def _numbers(loaded: Loaded, count: int) -> list[str]:
    taken = [number for number in loaded.get(Lead).column("lead_no") if number]
    numbers = list(islice(next_numbers(taken), count))
    return numbers or list(islice(_from_first(), count))


def _from_first() -> Iterator[str]:
    yield FIRST_LEAD
    yield from next_numbers([FIRST_LEAD])


def _sound(number: str) -> str | None:
    text = normalise_identity(number) if number else ""
    return text if text and check_identity(text) is None else None
