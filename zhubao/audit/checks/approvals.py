"""审批: limits, order of the stages, written refusals, public notice (AU-901 to AU-905)."""

from __future__ import annotations

from collections.abc import Iterator

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.approvals import (
    approval_files,
    approval_label,
    approval_subject,
    faulty_files,
)
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import FindingKind, Severity
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.services import Approval
from zhubao.services.approval import faults
from zhubao.services.approval.files import Standing
from zhubao.services.approval.halfdays import say_days, say_moment

_ARTICLE_9 = "《公共租赁住房管理办法》第九条"


@audit_check(
    "AU-901",
    "审批超过时限",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{stage}级用了 {taken}，时限 {limit}：{who} {received} 收件，{what}",
    "说明超期的原因；还没有办结的尽快办结",
    basis="各级办理时限（approval.limit_days，按收件当日的规定）；审计惯例：审批时效抽查",
    needs=(Approval,),
    bad="区级收件后 4 个工作日才办结，时限 2.5 个工作日",
    good="区级 2 个工作日办结",
)
def approval_past_its_limit(facts: Facts) -> Iterator[Hit]:
    """A stage decided late, or open past its limit; 补正 is taken off the district's time."""
    files = facts.once(approval_files)
    if files is None:
        return
    for file, run in files.runs():
        if run.standing is not Standing.LATE and not run.standing.is_past:
            continue
        decided = f"{say_moment(run.decided)} 办结" if run.decided else f"到 {facts.as_of} 没有办结"
        words = {"who": approval_label(files, file), "stage": run.stage.value, "what": decided}
        words |= {"received": say_moment(run.received) or "", "taken": say_days(run.taken)}
        yield Hit(
            files.cells(file, run),
            {**words, "limit": say_days(run.limit)},
            **approval_subject(facts, files, file),
            key=(file.number, run.stage.value),
        )


@audit_check(
    "AU-902",
    "审批环节颠倒或缺时间",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{who}：{what}",
    "对照流转单核实先后：倒签、补签的查原因，抄错的改正",
    basis=f"{_ARTICLE_9}：受理、审核、公示、登记依次办理",
    needs=(Approval,),
    bad="街道 6 月 20 日办结，区里 6 月 18 日已经收件",
    good="上一级办结以后下一级才收件",
)
def stages_out_of_order(facts: Facts) -> Iterator[Hit]:
    """Decided before received, received before the stage below decided, a moment missing."""
    yield from _hits(
        facts,
        faults.DECIDED_BEFORE_RECEIVED,
        faults.STAGES_OVERLAP,
        faults.DECISION_MISSING,
        faults.RECEIPT_MISSING,
    )


@audit_check(
    "AU-903",
    "不予通过没有书面告知",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{who}：{what}",
    "补发书面告知并写明理由；申请人的复核期限从书面告知起算",
    basis=f"{_ARTICLE_9}：不予登记的书面说明理由",
    needs=(Approval,),
    bad="审批结果“不通过”，书面告知日期空着",
    good="审批结果“不通过”，当天书面告知并写明原因",
)
def refused_without_written_notice(facts: Facts) -> Iterator[Hit]:
    """Refused without a day of written notice or a reason, or told before it was decided."""
    yield from _hits(facts, faults.REFUSED_UNTOLD, faults.TOLD_EARLY)


@audit_check(
    "AU-904",
    "公示天数不够或公示不全",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{who}：{what}",
    "核对公示记录；确实不够的补足公示，期间有异议的重新审核",
    basis=f"{_ARTICLE_9}：审核结果公示（天数见 approval.notice_days）",
    needs=(Approval,),
    bad="公示三日，规定七日",
    good="公示七日",
)
def notice_too_short(facts: Facts) -> Iterator[Hit]:
    """Fewer days of public notice than the kind asks for, or only one of its two days."""
    yield from _hits(facts, faults.NOTICE_SHORT, faults.NOTICE_BROKEN)


@audit_check(
    "AU-905",
    "审批结果与办结日期不符",
    Family.PROCESS,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}：{what}",
    "对照审批单补填结果、办结日期，或改正其中一个",
    basis="审计惯例：审批台账与审批单核对",
    needs=(Approval,),
    bad="审批结果“通过”，办结日期空着",
    good="审批结果“通过”，办结日期与区办结时间同日",
)
def result_unlike_its_dates(facts: Facts) -> Iterator[Hit]:
    """Decided without a result, a result without its day, a day before the last decision."""
    yield from _hits(facts, faults.RESULT_MISSING, faults.SETTLED_UNDATED, faults.SETTLED_EARLY)


def _hits(facts: Facts, *kinds: FindingKind) -> Iterator[Hit]:
    """One hit per file that has findings of these kinds."""
    files = facts.once(approval_files)
    if files is None:
        return
    for one in faulty_files(facts, *kinds):
        yield Hit(
            (*one.cells, files.cell(one.file, "result")),
            {"who": approval_label(files, one.file), "what": one.words},
            **approval_subject(facts, files, one.file),
            key=(one.file.number,),
        )
