"""认定: verified leads become findings, with somebody to put them right by a deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.audit.rectify import kinds
from zhubao.audit.rectify.book import Edit, Taken, lead_index
from zhubao.audit.rectify.refusing import Refusals
from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.money import format_yuan
from zhubao.ledger.audit import (
    AuditFinding,
    FindingStatus,
    Lead,
    LeadStatus,
    Remedy,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.registers.numbers import numbers_after
from zhubao.ledger.tenants import Household
from zhubao.ledger.unread import refuse_unread
from zhubao.patrol.cases.words import choice

FIRST_FINDING = "WT0001"


@dataclass(frozen=True, slots=True)
class Charge:
    """Who puts a finding right by when; `households` and `amount` (fen) are what is due.

    None: taken from the lead, which is one household where it names one, and its amount.
    """

    department: str
    responsible: str
    deadline: dt.date
    households: int | None = None
    amount: int | None = None
    remedy: str = ""
    measures: str = ""
    found_by: str = ""


def open_leads(
    leads: Sequence[str], charge: Charge, day: dt.date, loaded: Loaded, latest: dt.date
) -> Taken:
    """A row of 问题清单 for each lead, which becomes 已认定.

    Only a lead that is 核实中 with verifier, day and text, and not before that day. With several
    leads neither households nor amount can be said. `UsageError` for an unknown lead, a lead named
    twice, a blank department or responsible.
    """
    refuse_unread(loaded, Lead, AuditFinding)
    table = loaded.get(Lead)
    indexes = [lead_index(number, loaded) for number in leads]
    if len(set(indexes)) < len(indexes):
        raise UsageError("同一条疑点写了两次", advice="每条疑点只写一次。")
    if len(indexes) > 1 and (charge.households is not None or charge.amount is not None):
        raise UsageError(
            "几条疑点一起认定时，不能写 --households 和 --amount",
            advice="各条的户数、金额取自疑点；要另写的，一条一条认定。",
        )
    common = common_values(charge, day)
    refusals: list[Finding] = []
    edits, rows = [], []
    numbers = new_numbers(loaded, len(indexes))
    for number, index in zip(numbers, indexes, strict=True):
        row = table.row(index)
        refusals += _against(row, index, charge, day, loaded, latest)
        edits.append(Edit(Lead, index, {"status": LeadStatus.CONFIRMED}))
        rows.append({"finding_no": number, **_from_lead(row, charge, loaded), **common})
    return findings_opened(numbers, rows, edits, day, tuple(refusals))


def _against(
    row: Lead, index: int, charge: Charge, day: dt.date, loaded: Loaded, latest: dt.date
) -> tuple[Finding, ...]:
    """What stands in the way of confirming a lead."""
    table = loaded.get(Lead)
    what = f"疑点 {row.lead_no} "
    refusals = Refusals(what, "认定", day)
    where = table.cell(index, "status")
    words = {"lead": row.lead_no, "status": row.status.value}
    facts = (
        ("核实人", row.verifier),
        ("核实日期", row.verified_on),
        ("核实情况", row.verification),
    )
    lacking = [name for name, value in facts if not value]
    if row.status in (LeadStatus.CONFIRMED, LeadStatus.CLEARED):
        remedy = "核对疑点编号；排除有误的，用 zhubao audit verify --again 重新核实"
        refusals.add(kinds.LEAD_DECIDED, where, **words, step="认定", remedy=remedy)
    elif row.status is LeadStatus.OPEN or lacking:
        said = f"没有填{'、'.join(lacking)}" if lacking else "没有登记核实"
        refusals.add(kinds.LEAD_UNVERIFIED, where, **words, lacking=said)
    refusals.not_after(latest, where)
    steps = (("提出日期", row.raised_on), ("核实日期", row.verified_on))
    refusals.not_before(steps, table.cell(index, "verified_on"))
    refuse_deadline(refusals, what, charge, day)
    return refusals.done()


def refuse_deadline(refusals: Refusals, what: str, charge: Charge, day: dt.date) -> None:
    """The deadline is no earlier than the day of confirmation."""
    if charge.deadline < day:
        words = {"what": what, "deadline": charge.deadline, "day": day}
        refusals.add(kinds.DEADLINE_PAST, None, **words)


def common_values(charge: Charge, day: dt.date) -> dict[str, Any]:
    """What every row of one command has alike."""
    for text, option, header in (
        (charge.department, "--department", "责任部门"),
        (charge.responsible, "--responsible", "责任人"),
    ):
        if not text.strip():
            raise UsageError(f"没有写{header}", advice=f"请加 {option}。")
    remedy = choice(Remedy, charge.remedy, "--remedy") if charge.remedy.strip() else None
    row = {
        "found_on": day,
        "department": charge.department.strip(),
        "responsible": charge.responsible.strip(),
        "deadline": charge.deadline,
        "remedy": remedy,
        "measures": charge.measures.strip() or None,
        "status": FindingStatus.OPEN,
    }
    if charge.found_by.strip():
        row["found_by"] = charge.found_by.strip()
    return row


def _from_lead(row: Lead, charge: Charge, loaded: Loaded) -> dict[str, Any]:
    households = charge.households
    if households is None:
        households = 1 if row.household_no else None
    subject = row.person or applicant_of(row.household_no, loaded) or row.unit_no
    return {
        "lead_no": row.lead_no,
        "check_code": row.check_code,
        "kind": row.kind,
        "subject": subject or row.lead_no,
        "household_no": row.household_no,
        "unit_no": row.unit_no,
        "matter": row.matter,
        "basis": row.basis,
        "evidence": row.evidence,
        "found_by": row.source.value,
        "household_count": households,
        "amount": charge.amount if charge.amount is not None else row.amount,
    }


def findings_opened(
    numbers: list[str],
    rows: list[dict[str, Any]],
    edits: list[Edit],
    day: dt.date,
    refusals: tuple[Finding, ...],
) -> Taken:
    """The rows of new findings, and the words for them."""
    title = f"认定问题 {'、'.join(numbers[:3])}{' 等' if len(numbers) > 3 else ''}"
    notes = () if refusals else tuple(_words(row) for row in rows)
    return Taken(
        title,
        tuple(numbers),
        day,
        tuple(edits),
        tuple((AuditFinding, row) for row in rows),
        notes,
        refusals,
        {"findings": numbers, "leads": [row["lead_no"] for row in rows if row.get("lead_no")]},
    )


def _words(row: dict[str, Any]) -> str:
    dues = [f"{row['household_count']} 户"] if row["household_count"] else []
    dues += [f"{format_yuan(row['amount'])} 元"] if row["amount"] else []
    due = f"，涉及 {'、'.join(dues)}" if dues else ""
    subject = mask_numbers(mask_name(row["subject"]))
    return (
        f"{row['finding_no']} {row['kind'].value}：{row['household_no'] or row['unit_no'] or ''} "
        f"{subject}{due}；{row['department']} {row['responsible']}，{row['deadline']} 前整改"
    )


def new_numbers(loaded: Loaded, count: int) -> list[str]:
    """So many numbers that continue those of 问题清单."""
    return numbers_after(loaded.get(AuditFinding).column("finding_no"), FIRST_FINDING, count)


def applicant_of(household: str | None, loaded: Loaded) -> str | None:
    """The name on the household's row; None without one."""
    table = loaded.get(Household)
    pairs = zip(table.column("household_no"), table.column("applicant"), strict=True)
    return next((name for number, name in pairs if household and number == household), None)
