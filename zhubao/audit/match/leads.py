"""From what a list says to rows of 疑点: each to be verified, none a verdict; never twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from zhubao.audit.leads.known import known_leads
from zhubao.audit.match.kinds import RULES
from zhubao.audit.match.matching import Hit, MatchResult
from zhubao.audit.match.members import Members
from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity, normalise_identity
from zhubao.core.masking import mask_name
from zhubao.core.theme import Formats
from zhubao.ledger.audit import IssueKind, Lead, LeadSource, LeadStatus
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.model import column_info
from zhubao.ledger.registers.numbers import next_numbers
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household
from zhubao.ledger.unread import refuse_unread

FIRST_LEAD = "YD0001"
_REQUIRED = frozenset({"lead_no", "kind", "source", "raised_on", "matter", "status", "fingerprint"})


@dataclass(frozen=True, slots=True)
class MatchLead:
    """One lead for the ledger; person and number unmasked, the matter masked."""

    household: str
    unit: str
    person: str
    identity_no: str
    issue: IssueKind
    matter: str
    basis: str
    cells: tuple[Cell, ...]
    fingerprint: str


def matches_as_leads(result: MatchResult, members: Members) -> tuple[MatchLead, ...]:
    """The hits to be verified, and the certified households a 低保 list does not have.

    The fingerprint is made of the kind, the household, the person and what the row says of the
    thing (its day and details), not of the file: next quarter's list finds the same lead again.
    """
    hits = (_of_hit(result, members, hit) for hit in result.leads)
    return (*hits, *_of_absent(result, members))


def match_leads_change(
    leads: tuple[MatchLead, ...], result: MatchResult, members: Members, formats: Formats
) -> Change:
    """A row of 疑点 for every lead it does not have; 最近出现日期 of those it has.

    Needs `Lead` among the loaded tables. `UsageError` when 疑点 cannot be read.
    """
    loaded, day = members.loaded, members.as_of
    refuse_unread(loaded, Lead)
    table, known = loaded.get(Lead), known_leads(loaded)
    fresh = [lead for lead in leads if lead.fingerprint not in known]
    plan = Plan(f"写入疑点：新增 {len(fresh)} 条（{result.list_name}）", loaded, formats)
    seen = 0
    for lead in leads:
        row = known.get(lead.fingerprint)
        if row is None:
            continue
        last = table.column("last_seen_on")[row.index]
        if last is None or last < day:
            plan.put(table, row.index, "last_seen_on", day)
            seen += 1
    rows, left = _fitting(table, list(_rows(fresh, result, members)))
    plan.add(table, rows)
    plan.note(f"新增疑点 {len(rows)} 条；已在台账里的，{seen} 条更新最近出现日期")
    if left:
        plan.note(f"疑点表没有这些列，没有写：{'、'.join(left)}")
    return plan.build()


def _of_hit(result: MatchResult, members: Members, hit: Hit) -> MatchLead:
    rules, person = RULES[result.kind], hit.person
    said = f"：{hit.words}" if hit.words else ""
    against = f"，{hit.timing.value}，{hit.span.words}" if hit.span else f"，{hit.timing.value}"
    household = person.household_no
    return MatchLead(
        household,
        members.unit(household),
        person.name,
        person.key,
        rules.issue,
        f"{result.kind.value}名单有{mask_name(person.name)}{said}{against}。待核实：{rules.verify}",
        rules.basis,
        (person.cell, *((hit.span.cell,) if hit.span else ()), *hit.cells),
        _fingerprint(result.kind.value, household, person.key, str(hit.begun), hit.words),
    )


def _of_absent(result: MatchResult, members: Members) -> Iterator[MatchLead]:
    rules, table = RULES[result.kind], members.loaded.get(Household)
    rows = members.certified()
    for one in result.absent:
        row = rows[one.household]
        number = normalise_identity(table.column("identity_no")[row] or "")
        tier = table.column("tier")[row]
        yield MatchLead(
            one.household,
            members.unit(one.household),
            table.column("applicant")[row] or "",
            number if number and check_identity(number) is None else "",
            rules.issue,
            f"按“{tier}”享受保障，{result.kind.value}名单上没有这一户的成员。待核实：{rules.verify}",
            rules.basis,
            (one.cell,),
            _fingerprint(result.kind.value, one.household, "不在册"),
        )


def _fingerprint(*parts: str) -> str:
    """16 hexadecimal digits, as the checks' leads have."""
    return hashlib.sha256("\x1f".join(("清单比对", *parts)).encode()).hexdigest()[:16]


def _rows(
    fresh: list[MatchLead], result: MatchResult, members: Members
) -> Iterator[dict[str, Any]]:
    taken = [number for number in members.loaded.get(Lead).column("lead_no") if number]
    numbers = list(islice(next_numbers(taken), len(fresh)))
    if not numbers:
        numbers = [FIRST_LEAD, *islice(next_numbers([FIRST_LEAD]), max(len(fresh) - 1, 0))]
    for number, lead in zip(numbers, fresh, strict=False):
        row = {
            "lead_no": number,
            "kind": lead.issue,
            "source": LeadSource.LIST_MATCH,
            "list_name": result.list_name,
            "raised_on": members.as_of,
            "household_no": lead.household,
            "unit_no": lead.unit or None,
            "person": lead.person or None,
            "identity_no": lead.identity_no or None,
            "matter": lead.matter,
            "basis": lead.basis,
            "evidence": "、".join(map(str, dict.fromkeys(lead.cells))),
            "fingerprint": lead.fingerprint,
            "last_seen_on": members.as_of,
            "status": LeadStatus.OPEN,
        }
        yield {name: value for name, value in row.items() if value is not None}


def _fitting(
    table: LedgerTable[Lead], rows: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows without the values the sheet has no column for, and those columns' headers."""
    if not table.segments:
        return rows, []
    kept = set(table.segments[-1].letters) | _REQUIRED
    lacking = {name for row in rows for name in row} - kept
    headers = [
        column_info(info).header for name, info in Lead.model_fields.items() if name in lacking
    ]
    fitting = [{name: v for name, v in row.items() if name in kept} for row in rows]
    return fitting, headers
