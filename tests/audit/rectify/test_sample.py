"""The sample's audit: 2 units let on, 5 subsidies repaid, 6 car owners gone, from start to end."""

from __future__ import annotations

from pathlib import Path

from tests.audit.rectify.memory import applied
from zhubao.audit.rectify.book import STEP_MODELS, dossier_of, standing
from zhubao.audit.rectify.closing import CloseOrder, close_finding
from zhubao.audit.rectify.follow_up import FollowUpOrder, record_follow_up
from zhubao.audit.rectify.opening import Charge, open_leads
from zhubao.audit.rectify.progress import ProgressOrder, record_progress
from zhubao.audit.rectify.recheck import Recheck, Verdict
from zhubao.audit.rectify.verifying import VerifyOrder, verify_lead
from zhubao.core.report import Ratio
from zhubao.ledger.audit import (
    AuditFinding,
    FollowUp,
    IssueKind,
    Lead,
    LeadStatus,
    RectificationStep,
)
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable

_SAMPLE = Path(__file__).resolve().parents[3]
_KEPT = ("department", "responsible", "deadline", "remedy", "status", "household_no", "unit_no",
         "amount", "recovered", "household_count", "rectified_households", "rectified_on",
         "followed_up_on", "closed_on", "kind", "matter", "subject", "lead_no")  # fmt: skip


def _as_raised(loaded: Loaded) -> Loaded:
    """The sample as the auditors left it: leads to be looked into, nothing else."""
    table, tables = loaded[Lead], dict(loaded.tables)
    gone = {"verifier": None, "verified_on": None, "verification": None}
    rows = [{**table.values(i), **gone, "status": LeadStatus.OPEN} for i in range(len(table))]
    tables[Lead] = LedgerTable.from_rows(Lead, rows)
    for model in (AuditFinding, RectificationStep, FollowUp):
        tables[model] = LedgerTable.from_rows(model, [])
    return Loaded(tables)


def _replayed(loaded: Loaded, end: Loaded, index: int) -> Loaded:
    """One finding taken through all commands with the sample's own words and days."""
    lead, done = end[Lead].row(index), end[AuditFinding].row(index)
    latest = done.closed_on
    assert lead.verified_on
    assert done.rectified_on
    assert done.followed_up_on
    assert latest
    text = lead.verification or ""
    order = VerifyOrder(lead.lead_no, lead.verifier or "", lead.verified_on, text)
    loaded = applied(loaded, verify_lead(order, loaded, latest))
    remedy = done.remedy.value if done.remedy else ""
    charge = Charge(done.department, done.responsible, done.deadline, remedy=remedy)
    day = lead.verified_on
    taken = open_leads([lead.lead_no], charge, day, loaded, latest)
    loaded, number = applied(loaded, taken), taken.numbers[0]
    step = ProgressOrder(number, done.rectified_on, remedy, 1, done.recovered)
    loaded = applied(loaded, record_progress(step, loaded, latest))
    visit = FollowUpOrder(number, done.followed_up_on, "整改到位", "审计整改专班", "照片")
    loaded = applied(loaded, record_follow_up(visit, loaded, latest))
    closing = CloseOrder(number, latest)
    assert dossier_of(number, loaded).row.check_code is None  # raised by auditors: no rule to run
    return applied(loaded, close_finding(closing, Recheck(Verdict.NO_RULE), loaded, latest))


def test_the_samples_thirteen_findings_are_replayed_and_all_are_closed() -> None:
    end = open_bureau(_SAMPLE).load(*STEP_MODELS)
    loaded = _as_raised(end)
    assert standing(loaded)["closed"] == Ratio(0, 0)
    for index in range(len(end[AuditFinding])):
        loaded = _replayed(loaded, end, index)
    kinds = [row.value for row in loaded[AuditFinding].column("kind")]
    facts = {IssueKind.SUBLET: 2, IssueKind.INELIGIBLE: 5, IssueKind.NOT_EXITED: 6}
    assert {kind: kinds.count(kind.value) for kind in facts} == facts
    now, then = loaded[AuditFinding], end[AuditFinding]
    for name in _KEPT:
        assert now.column(name) == then.column(name), name
    money = sum(then.column("amount")[i] or 0 for i in range(len(then)))
    assert standing(loaded) == {
        "closed": Ratio(13, 13),
        "households": Ratio(13, 13),
        "money": Ratio(money, money, money=True),
    }
