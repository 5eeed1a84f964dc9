"""销号: a finding closes when its check runs clean, a visit found it put right, all is complete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from zhubao.audit.rectify import kinds
from zhubao.audit.rectify.book import Dossier, Edit, Taken, dossier_of, standing
from zhubao.audit.rectify.progress import refuse_differing
from zhubao.audit.rectify.recheck import Recheck, Verdict, lead_of
from zhubao.audit.rectify.refusing import Refusals
from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan
from zhubao.core.report import Ratio
from zhubao.ledger.audit import (
    AuditFinding,
    FindingStatus,
    FollowUp,
    FollowUpResult,
    LeadSource,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household
from zhubao.ledger.units import Unit
from zhubao.patrol.cases.words import joined

Status = FindingStatus


@dataclass(frozen=True, slots=True)
class CloseOrder:
    """A closure; with `override_by` an authority closes what does not meet the conditions."""

    finding: str
    day: dt.date
    override_by: str = ""
    reason: str = ""


def close_finding(order: CloseOrder, verdict: Recheck, loaded: Loaded, latest: dt.date) -> Taken:
    """The finding becomes 已销号; the verdict goes into 规则复核通过 of its last visit.

    All conditions are looked at: `verdict` clean where there is a rule, household and unit still in
    their ledgers, the last visit 整改到位 and not before the last step, no household and no money
    left, totals that agree with the steps; for a lead of a list match, not seen again since.
    An override, with a name and a reason, stands in for them and is recorded with what was not met.
    It is no override of dates, nor of a closure already made.

    `UsageError` for half an override and an unknown or unreadable finding.
    """
    by, reason = order.override_by.strip(), order.reason.strip()
    if bool(by) != bool(reason):
        raise UsageError(
            "核准销号要写明谁核准、为什么", advice="--override-by 和 --reason 请一起写。"
        )
    file = dossier_of(order.finding, loaded)
    firm = Refusals(f"问题 {file.number} ", "销号", order.day)
    _refuse_firmly(firm, file, loaded, latest)
    closed = file.row.status is Status.CLOSED
    unmet = () if closed else _unmet(file, verdict, loaded, order.day, latest)
    overridden = bool(by) and bool(unmet)
    refusals = (*firm.done(), *(() if overridden else unmet))
    values: dict[str, Any] = {"status": Status.CLOSED, "closed_on": order.day}
    if overridden:
        said = "、".join(dict.fromkeys(f"{one.title}（{one.code}）" for one in unmet))
        remark = joined(file.row.remark, f"{order.day} 由 {by} 核准销号，未满足：{said}")
        values |= {"override_by": by, "override_reason": reason, "remark": remark}
    edits = [Edit(AuditFinding, file.index, values), *_visit_edit(file, verdict)]
    notes = () if refusals else tuple(_notes(file, verdict, unmet, by, loaded))
    return Taken(
        f"销号 {file.number}",
        (file.number,),
        order.day,
        tuple(edits),
        notes=notes,
        refusals=refusals,
        facts={
            "finding": file.number,
            "verdict": verdict.verdict.value,
            "overridden": overridden,
            "closed": _closed(loaded, 0 if refusals else 1),
        },
    )


def _refuse_firmly(refusals: Refusals, file: Dossier, loaded: Loaded, latest: dt.date) -> None:
    """What no authority can override."""
    row, where = file.row, loaded.get(AuditFinding).cell(file.index, "status")
    if row.status is Status.CLOSED:
        words = {"finding": file.number, "status": row.status.value, "step": "再销号"}
        remedy = f"已于 {row.closed_on or '（日期未填）'} 销号；又有反弹的，登记回访“问题反弹”"
        refusals.add(kinds.WRONG_STATE, where, **words, remedy=remedy)
    refusals.not_after(latest, where)
    visited = file.last_visit[1].visited_on if file.last_visit else None
    steps = (("认定日期", row.found_on), ("整改日期", row.rectified_on))
    refusals.not_before((*steps, ("上一步整改", file.last_step), ("回访", visited)), where)


def _unmet(
    file: Dossier, verdict: Recheck, loaded: Loaded, day: dt.date, latest: dt.date
) -> tuple[Finding, ...]:
    """Every condition that is not met."""
    refusals = Refusals(f"问题 {file.number} ", "销号", day)
    _refuse_verdict(refusals, file, verdict, loaded, latest)
    _refuse_follow_up(refusals, file, loaded)
    _refuse_rest(refusals, file, loaded)
    refuse_differing(refusals, file, loaded)
    _refuse_seen(refusals, file, loaded)
    return refusals.done()


def _refuse_verdict(
    refusals: Refusals, file: Dossier, verdict: Recheck, loaded: Loaded, latest: dt.date
) -> None:
    table = loaded.get(AuditFinding)
    words = {"finding": file.number, "code": verdict.code}
    if verdict.verdict is Verdict.FOUND:
        where = verdict.cells[0] if verdict.cells else table.cell(file.index, "check_code")
        refusals.add(kinds.STILL_FOUND, where, **words, day=latest, message=verdict.message)
    elif verdict.verdict is Verdict.UNKNOWN:
        where = table.cell(file.index, "check_code")
        refusals.add(kinds.NO_VERDICT, where, **words, why=verdict.why)
    elif verdict.verdict is Verdict.CLEAN:
        for model, name, what in (
            (Household, "household_no", "家庭编号"),
            (Unit, "unit_no", "房源编号"),
        ):
            number = getattr(file.row, name)
            if number and number not in set(loaded.get(model).column(name)):
                said = {"what": what, "number": number, "sheet": model.SHEET.name}
                where = table.cell(file.index, name)
                refusals.add(kinds.SUBJECT_GONE, where, finding=file.number, **said)


def _refuse_follow_up(refusals: Refusals, file: Dossier, loaded: Loaded) -> None:
    where = loaded.get(AuditFinding).cell(file.index, "status")
    why = _lacking_visit(file)
    if file.last_visit and why:
        where = loaded.get(FollowUp).cell(file.last_visit[0], "result")
    if not why and file.row.status is not Status.FOLLOWED_UP:
        why = f"的状态是“{file.row.status.value}”，还没有走到“{Status.FOLLOWED_UP.value}”"
    if why:
        refusals.add(kinds.NO_FOLLOW_UP, where, finding=file.number, why=why)


def _lacking_visit(file: Dossier) -> str:
    """Why the last visit does not do; "" when it does."""
    if file.last_visit is None:
        return "还没有回访"
    visit = file.last_visit[1]
    if visit.result is not FollowUpResult.DONE:
        return f"最近一次回访（{visit.visited_on}）是“{visit.result.value}”"
    done = max(filter(None, (file.row.rectified_on, file.last_step)), default=None)
    if done is not None and visit.visited_on < done:
        return f"最近一次回访（{visit.visited_on}）在整改（{done}）之前"
    return ""


def _refuse_rest(refusals: Refusals, file: Dossier, loaded: Loaded) -> None:
    table, row = loaded.get(AuditFinding), file.row
    due, done = row.household_count or 0, file.households_done
    if done < due:
        words = {"due": due, "done": done, "left": due - done}
        where = table.cell(file.index, "rectified_households")
        refusals.add(kinds.HOUSEHOLDS_LEFT, where, finding=file.number, **words)
    due, done = row.amount or 0, file.money_back
    if done < due:
        amounts = {"due": due, "done": done, "left": due - done}
        said = {key: format_yuan(amount) for key, amount in amounts.items()}
        where = table.cell(file.index, "recovered")
        refusals.add(kinds.MONEY_LEFT, where, finding=file.number, **said)


def _refuse_seen(refusals: Refusals, file: Dossier, loaded: Loaded) -> None:
    """A lead of a list match cannot be run again; but it may have been seen since."""
    lead, day = lead_of(file, loaded), file.row.rectified_on
    if lead is None or lead.source is not LeadSource.LIST_MATCH:
        return
    if day is not None and lead.last_seen_on is not None and lead.last_seen_on > day:
        words = {"lead": lead.lead_no, "day": day, "seen": lead.last_seen_on}
        where = loaded.get(AuditFinding).cell(file.index, "lead_no")
        refusals.add(kinds.SEEN_SINCE, where, finding=file.number, **words)


def _visit_edit(file: Dossier, verdict: Recheck) -> Iterator[Edit]:
    if file.last_visit and verdict.verdict in (Verdict.CLEAN, Verdict.FOUND):
        clean = verdict.verdict is Verdict.CLEAN
        yield Edit(FollowUp, file.last_visit[0], {"check_is_clean": clean})


def _notes(
    file: Dossier, verdict: Recheck, unmet: Iterable[Finding], by: str, loaded: Loaded
) -> Iterator[str]:
    yield f"问题 {file.number}：{file.row.status.value} → {Status.CLOSED.value}"
    if verdict.verdict is Verdict.CLEAN:
        yield f"规则复核：{verdict.code} 不再检出"
        if verdict.others:
            yield (
                f"规则 {verdict.code} 对同一户或同一套房源另有 {verdict.others} 条疑点，请一并核实"
            )
    elif verdict.verdict is Verdict.NO_RULE:
        yield "这个问题没有可以重跑的规则，以回访结果为准"
    conditions = list(unmet)
    if by and conditions:
        yield f"由 {by} 核准销号，未满足的条件 {len(conditions)} 项："
        yield from (f"{one.code} {one.message}" for one in conditions)
    elif by:
        yield "各项条件都满足，没有用核准，核准人、核准理由没有写"
    closed = _closed(loaded, 1)
    yield f"销号后，问题清单 {closed.denominator} 条，已销号 {closed.numerator} 条"


def _closed(loaded: Loaded, more: int) -> Ratio:
    now = standing(loaded)["closed"]
    return Ratio(now.numerator + more, now.denominator)
