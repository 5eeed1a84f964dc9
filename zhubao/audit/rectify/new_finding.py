"""A finding that no lead led to: what auditors, or anybody, pointed out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from zhubao.audit.rectify.book import Taken
from zhubao.audit.rectify.opening import (
    Charge,
    applicant_of,
    common_values,
    findings_opened,
    new_numbers,
    refuse_deadline,
)
from zhubao.audit.rectify.refusing import Refusals
from zhubao.core.errors import UsageError
from zhubao.ledger.audit import AuditFinding, IssueKind, Lead, LeadStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household
from zhubao.ledger.units import Unit
from zhubao.ledger.unread import refuse_unread
from zhubao.patrol.cases.words import choice, household_index

_WAITING = (LeadStatus.OPEN, LeadStatus.VERIFYING)


@dataclass(frozen=True, slots=True)
class NewFinding:
    """A finding of auditors, or of anybody, that no lead led to."""

    kind: str
    matter: str
    household: str = ""
    unit: str = ""
    subject: str = ""
    basis: str = ""
    evidence: str = ""


def open_new(
    new: NewFinding, charge: Charge, day: dt.date, loaded: Loaded, latest: dt.date
) -> Taken:
    """A row of 问题清单 without a lead.

    `UsageError` for an unknown kind, household or unit, no matter, nobody it is about.
    """
    refuse_unread(loaded, AuditFinding)
    if not new.matter.strip():
        raise UsageError("没有写问题事项", advice="请加 --matter。")
    household = _household(new.household, loaded)
    unit = _unit(new.unit, loaded)
    subject = new.subject.strip() or applicant_of(household, loaded) or unit
    if not subject:
        raise UsageError("没有写是谁的问题", advice="请加 --household、--unit 或 --subject。")
    number = new_numbers(loaded, 1)[0]
    refusals = Refusals("新问题", "认定", day)
    refusals.not_after(latest, None)
    refuse_deadline(refusals, "新问题", charge, day)
    households = charge.households if charge.households is not None else (1 if household else None)
    row = {
        "finding_no": number,
        "kind": choice(IssueKind, new.kind, "--kind"),
        "subject": subject,
        "household_no": household,
        "unit_no": unit,
        "matter": new.matter.strip(),
        "basis": new.basis.strip() or None,
        "evidence": new.evidence.strip() or None,
        "household_count": households,
        "amount": charge.amount,
        **common_values(charge, day),
    }
    taken = findings_opened([number], [row], [], day, refusals.done())
    return replace(taken, notes=(*taken.notes, *_waiting(household, unit, loaded)))


def _waiting(household: str | None, unit: str | None, loaded: Loaded) -> Iterator[str]:
    """Leads on the same household or unit that may be the same matter, and have a rule to run."""
    table = loaded.get(Lead)
    found = []
    for index in table.usable("lead_no", "status"):
        row = table.row(index)
        same = household and row.household_no == household
        if (same or (unit and row.unit_no == unit)) and row.status in _WAITING:
            found.append(row.lead_no)
    if found:
        yield (
            f"同一户或同一套房源另有没有办结的疑点 {'、'.join(found)}；"
            "是同一件事的，请改为认定疑点，销号时才能复核规则"
        )


def _household(text: str, loaded: Loaded) -> str | None:
    if not text.strip():
        return None
    number: str = loaded.get(Household).column("household_no")[household_index(text, loaded)]
    return number


def _unit(text: str, loaded: Loaded) -> str | None:
    if not text.strip():
        return None
    for number in loaded.get(Unit).column("unit_no"):
        if number and number.upper() == text.strip().upper():
            return str(number)
    raise UsageError(f"房源台账里没有编号“{text}”", advice="请在房源表里查到编号再写。")
