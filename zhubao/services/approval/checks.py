"""Checks of 审批 row by row. Over the whole register: `register_checks`; declared in `faults`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from zhubao.core.background import paused_gc
from zhubao.core.finding import Finding, FindingKind
from zhubao.ledger.services import ApprovalKind, ApprovalResult
from zhubao.services.approval import faults
from zhubao.services.approval.files import CLOSED, SETTLED, File, Files, Run
from zhubao.services.approval.halfdays import is_before, say_moment
from zhubao.services.approval.register_checks import check_register
from zhubao.services.approval.rules import Stage


@paused_gc()
def check_files(files: Files) -> tuple[Finding, ...]:
    """Every finding about the files known at the moment, sorted by place.

    Rows are judged by what was known then: a result given later is not yet one.
    """
    found: list[Finding] = [*files.findings]
    for file in files.files:
        for judge in _ROW_CHECKS:
            found += judge(files, file)
    found += check_register(files)
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def _stage_faults(files: Files, file: File) -> Iterator[Finding]:
    """Within one stage: decided before received, decision or receipt missing."""
    for place, run in enumerate(file.runs):
        if _is_bad(files, file, run.stage):
            continue
        if run.received is None:
            yield _stage_fault(files, file, run, faults.RECEIPT_MISSING, run.stage.received)
        elif run.decided is None:
            later = _gone_on(files, file, place)
            if later:
                yield _stage_fault(files, file, run, faults.DECISION_MISSING, later=later)
        elif is_before(run.decided, run.received):
            yield _stage_fault(files, file, run, faults.DECIDED_BEFORE_RECEIVED)


def _stage_fault(
    files: Files, file: File, run: Run, kind: FindingKind, field: str = "", **words: str
) -> Finding:
    return kind.at(
        files.cell(file, field or run.stage.decided),
        number=file.number,
        stage=run.stage,
        received=say_moment(run.received),
        decided=say_moment(run.decided),
        **words,
    )


def _gone_on(files: Files, file: File, place: int) -> str:
    """Why an undecided stage should have been decided; "" where it need not."""
    if files.value(file, file.runs[place].stage.decided) is not None:
        return ""  # decided after the moment
    if place + 1 < len(file.runs):
        return f"{file.runs[place + 1].stage}级已经收件"
    return f"结果已是“{file.result}”" if file.result in SETTLED else ""


def _overlaps(files: Files, file: File) -> Iterator[Finding]:
    """A stage received before the stage below it decided."""
    for earlier, later in pairwise(file.runs):
        if earlier.decided is None or later.received is None:
            continue
        if is_before(later.received, earlier.decided):
            yield faults.STAGES_OVERLAP.at(
                files.cell(file, later.stage.received),
                number=file.number,
                earlier=earlier.stage,
                decided=say_moment(earlier.decided),
                later=later.stage,
                received=say_moment(later.received),
            )


def _result_faults(files: Files, file: File) -> Iterator[Finding]:
    """Decided without result, result without date, date before the last stage's decision."""
    words = {"number": file.number, "result": file.result}
    last = _last_decided(file)
    if file.result not in CLOSED:
        what = _ended(files, file, last)
        if what:
            yield faults.RESULT_MISSING.at(files.cell(file, "result"), **words, what=what)
    elif file.settled_on is None:
        if file.index not in files.table.bad.get("decided_on", ()):
            yield faults.SETTLED_UNDATED.at(files.cell(file, "decided_on"), **words)
    elif last is not None and last.decided and file.settled_on < last.decided.date():
        told = {"settled": file.settled_on, "stage": last.stage}
        where = files.cell(file, "decided_on")
        decided = last.decided.date()
        yield faults.SETTLED_EARLY.at(where, **told, number=file.number, decided=decided)


def _last_decided(file: File) -> Run | None:
    return next((run for run in reversed(file.runs) if run.decided is not None), None)


def _ended(files: Files, file: File, last: Run | None) -> str:
    """Why a file without result is at its end; "" when it is not."""
    if file.settled_on is not None:
        return f"的办结日期是 {file.settled_on}"
    if last is None or last is not file.at_stage or file.result is ApprovalResult.TO_COMPLETE:
        return ""
    final = files.clock.rules.final_stage(file.kind, files.as_of)
    stages = list(Stage)
    if stages.index(last.stage) < stages.index(final):
        return ""
    return f"的{last.stage}级 {say_moment(last.decided)} 已办结"


def _refusal_faults(files: Files, file: File) -> Iterator[Finding]:
    """A refusal is told in writing, with its reason (art. 9)."""
    if file.result is not ApprovalResult.REFUSED:
        return
    told, where = files.value(file, "refused_in_writing_on"), "refused_in_writing_on"
    missing = "没有书面告知日期" if told is None else ""
    if files.value(file, "refusal_reason") is None:
        missing = f"{missing}、没有写原因" if missing else "没有写原因"
        where = "refused_in_writing_on" if told is None else "refusal_reason"
    if missing and file.index not in files.table.bad.get(where, ()):
        yield faults.REFUSED_UNTOLD.at(files.cell(file, where), number=file.number, missing=missing)
    if told is not None and file.settled_on is not None and told < file.settled_on:
        words = {"number": file.number, "told": told, "settled": file.settled_on}
        yield faults.TOLD_EARLY.at(files.cell(file, "refused_in_writing_on"), **words)


def _notice_faults(files: Files, file: File) -> Iterator[Finding]:
    """Public notice in calendar days, first and last day included; blank ones: see below."""
    first, last = files.value(file, "notice_from"), files.value(file, "notice_to")
    bad = files.table.bad
    if file.index in bad.get("notice_from", ()) or file.index in bad.get("notice_to", ()):
        return
    where = files.cell(file, "notice_to")
    if first is None and last is None:
        return
    if first is None or last is None or last < first:
        why = "颠倒" if first and last else "只有一个"
        yield faults.NOTICE_BROKEN.at(where, number=file.number, why=why)
        return
    limit, days = files.clock.rules.notice_days(file.kind, first), (last - first).days + 1
    if limit is not None and days < limit:
        words = {"first": first, "last": last, "days": days, "limit": limit}
        yield faults.NOTICE_SHORT.at(where, number=file.number, **words)


def _amount_faults(files: Files, file: File) -> Iterator[Finding]:
    """An approved file of a kind that pays money has an amount."""
    if file.result is not ApprovalResult.APPROVED:
        return
    day = file.settled_on or files.as_of
    amount = files.value(file, "amount")
    if amount or not files.clock.rules.pays(file.kind, day):
        return
    if file.index in files.table.bad.get("amount", ()):
        return
    what = "空着" if amount is None else "是 0"
    where = files.cell(file, "amount")
    yield faults.AMOUNT_MISSING.at(where, number=file.number, kind=file.kind, what=what)


def _spouse_missing(files: Files, file: File) -> Iterator[Finding]:
    """A 半边户 file without any of the spouse's data."""
    if file.kind is not ApprovalKind.HALF_COUPLE or file.result is ApprovalResult.WITHDRAWN:
        return
    wanted = files.clock.rules.half_couple_fields(files.as_of)
    if wanted and all(files.value(file, name) is None for name in wanted):
        where = files.cell(file, next(iter(wanted)))
        fields = "、".join(wanted.values())
        yield faults.SPOUSE_MISSING.at(where, number=file.number, fields=fields)


_ROW_CHECKS: tuple[Callable[[Files, File], Iterator[Finding]], ...] = (
    _stage_faults,
    _overlaps,
    _result_faults,
    _refusal_faults,
    _notice_faults,
    _amount_faults,
    _spouse_missing,
)


def _is_bad(files: Files, file: File, stage: Stage) -> bool:
    bad = files.table.bad
    return any(file.index in bad.get(name, ()) for name in (stage.received, stage.decided))
