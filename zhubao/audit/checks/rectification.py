"""Putting right what was found: overdue, or closed without visit, proof or money (AU-91x)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.cases import cases
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan
from zhubao.ledger.audit import (
    AuditFinding,
    FindingStatus,
    FollowUp,
    FollowUpResult,
    IssueKind,
    RectificationStep,
)
from zhubao.ledger.patrol import RectificationStatus, SafetyHazard, TenancyCase
from zhubao.ledger.table import LedgerTable
from zhubao.patrol.safety.book import read_hazards
from zhubao.services.office.deadlines import AUDIT_FINDINGS, overdue

_RULES = "《公共租赁住房管理办法》"
_CHAIN = "审计整改惯例：发现、整改、回访、销号依次办理"


@audit_check(
    "AU-911",
    "违规、变动逾期没有整改",
    Family.PROCESS,
    IssueKind.NOT_EXITED,
    Severity.WARNING,
    "{home} 的“{kind}”（{case}）{found} 发现，限 {deadline} 整改，逾期 {days} 天，仍是“{status}”",
    "催办；拒不整改的按规定收回住房、申请强制执行",
    basis=f"{_RULES}第二十七条、第三十一条、第三十六条",
    needs=(TenancyCase,),
    bad="限 3 月 31 日整改，6 月底还是“待整改”",
    good="限期内整改",
)
def case_overdue(facts: Facts) -> Iterator[Hit]:
    """A case of 违规与变动 that is open past its 整改时限 (that day is in time)."""
    table, known = facts.loaded.get(TenancyCase), facts.once(households)
    for case in facts.once(cases):
        if not case.is_open or not case.overdue or case.deadline is None:
            continue
        money = [table.column(name)[case.index] for name in ("back_rent", "fine", "illegal_gain")]
        words = {"home": known.label(case.household), "kind": case.kind.value, "case": case.number}
        words |= {"found": str(case.found), "deadline": str(case.deadline)}
        yield Hit(
            tuple(table.cell(case.index, name) for name in ("deadline", "status", "rectified_on")),
            {**words, "days": (facts.as_of - case.deadline).days, "status": case.stage.value},
            unit=case.unit,
            **known.subject(case.household),
            amount=sum(one or 0 for one in money) or None,
            key=(case.number,),
        )


@audit_check(
    "AU-912",
    "审计问题逾期没有整改",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "问题 {finding}（{kind}，{home}）限 {deadline} 整改，逾期 {days} 天，仍是“{status}”{money}",
    "催办并报告；确有困难的，办理延期手续",
    basis=_CHAIN,
    needs=(AuditFinding,),
    bad="限 5 月 31 日整改，6 月底还是“整改中”",
    good="限期内整改",
)
def finding_overdue(facts: Facts) -> Iterator[Hit]:
    """A row of 问题清单 that is open past its 整改时限; amount: what is not yet recovered."""
    table, known = facts.loaded.get(AuditFinding), facts.once(households)
    for item in overdue(facts.loaded, facts.as_of, AUDIT_FINDINGS):
        row = table.row(item.index)
        left = _outstanding(table, item.index)
        words = {"finding": item.number, "kind": row.kind.value, "deadline": item.due}
        words |= {"home": _about(facts, table, item.index), "status": item.status}
        yield Hit(
            tuple(table.cell(item.index, name) for name in ("deadline", "status", "recovered")),
            {
                **words,
                "days": item.days_late(facts.as_of),
                "money": f"，还有 {format_yuan(left)} 元没有追回" if left else "",
            },
            unit=row.unit_no or "",
            **known.subject(row.household_no),
            amount=left or None,
            key=(item.number,),
        )


@audit_check(
    "AU-913",
    "安全隐患逾期没有整改",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "{estate}的{level}隐患 {hazard}（{what}）{found} 发现，限 {deadline} 整改，逾期 {days} 天",
    "立即整改；一时不能整改的先采取防护措施并上报",
    basis="审计惯例：安全隐患登记、限期整改、复查",
    needs=(SafetyHazard,),
    bad="限 4 月 30 日整改，6 月底还没有整改日期",
    good="限期内整改",
)
def hazard_overdue(facts: Facts) -> Iterator[Hit]:
    """A hazard that is not repaired on the day and whose 整改时限 is past."""
    table = facts.loaded.get(SafetyHazard)
    for one in read_hazards(facts.loaded, facts.as_of):
        if one.fixed or not one.overdue or one.deadline is None:
            continue
        what = table.column("description")[one.index]
        words = {"estate": one.estate, "level": one.level.value, "hazard": one.number}
        words |= {"what": what, "found": str(one.found), "deadline": str(one.deadline)}
        yield Hit(
            tuple(table.cell(one.index, name) for name in ("deadline", "status", "fixed_on")),
            {**words, "days": (facts.as_of - one.deadline).days},
            key=(one.number,),
        )


@audit_check(
    "AU-914",
    "没有回访就销号",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{what}“已销号”（{closed}），{missing}",
    "补做回访、复查；没有整改到位的，取消销号",
    basis=_CHAIN,
    needs=(),
    bad="问题清单“已销号”，回访表里没有这个问题",
    good="销号之前有一次结果是“整改到位”的回访",
)
def closed_without_a_visit(facts: Facts) -> Iterator[Hit]:
    """已销号: a finding without a row in 回访, a case without 复查日期.

    A visit after the day of closing does not count. 回访日期 of the finding itself is enough only
    where the bureau keeps no sheet 回访.
    """
    yield from _unvisited_findings(facts)
    yield from _unvisited_cases(facts)


def _unvisited_findings(facts: Facts) -> Iterator[Hit]:
    table, visits = facts.loaded.get(AuditFinding), facts.once(_visits)
    days = facts.loaded.get(FollowUp).column("visited_on")
    for row in _closed(facts):
        number, closed = table.column("finding_no")[row], table.column("closed_on")[row]
        own = [days[visit] for visit in visits.get(number, ())]
        told = table.column("followed_up_on")[row]
        if not days and told is not None:
            own.append(told)
        if any(closed is None or day <= closed for day in own):
            continue
        missing = f"最早的回访是 {min(own)}，在销号之后" if own else "没有回访记录"
        about = f"问题 {number}（{_about(facts, table, row)}）"
        yield Hit(
            tuple(table.cell(row, name) for name in ("status", "followed_up_on", "closed_on")),
            {"what": about, "closed": closed or "没有写日期", "missing": missing},
            unit=table.column("unit_no")[row] or "",
            **facts.once(households).subject(table.column("household_no")[row]),
            key=("问题", number),
        )


def _unvisited_cases(facts: Facts) -> Iterator[Hit]:
    table, known = facts.loaded.get(TenancyCase), facts.once(households)
    checked = table.column("checked_on")
    for case in facts.once(cases):
        if case.stage is not RectificationStatus.CLOSED or checked[case.index] is not None:
            continue
        names = ("status", "checked_on", "rectified_on")
        yield Hit(
            tuple(table.cell(case.index, name) for name in names),
            {
                "what": f"{known.label(case.household)}的 {case.number} ",
                "closed": f"{case.rectified} 整改",
                "missing": "没有复查日期",
            },
            unit=case.unit,
            **known.subject(case.household),
            key=("事项", case.number),
        )


@audit_check(
    "AU-915",
    "没有整改材料就销号",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{what}“已销号”，{missing}",
    "补齐整改记录、照片、凭证；补不出来的，取消销号",
    basis=_CHAIN,
    needs=(),
    bad="“已销号”，整改记录和佐证材料都没有",
    good="有整改记录，或有佐证材料",
)
def closed_without_proof(facts: Facts) -> Iterator[Hit]:
    """已销号: a finding with no row in 整改记录 and no 佐证材料 in 回访; a case without 证据."""
    table, proved, known = facts.loaded.get(AuditFinding), _proved(facts), facts.once(households)
    for row in _closed(facts):
        number = table.column("finding_no")[row]
        if number not in proved:
            about = f"问题 {number}（{_about(facts, table, row)}）"
            yield Hit(
                (table.cell(row, "status"), table.cell(row, "evidence"), table.row_cell(row)),
                {"what": about, "missing": "没有整改记录，也没有佐证材料"},
                unit=table.column("unit_no")[row] or "",
                **known.subject(table.column("household_no")[row]),
                key=("问题", number),
            )
    violations = facts.loaded.get(TenancyCase)
    evidence = violations.column("evidence")
    for case in facts.once(cases):
        if case.stage is RectificationStatus.CLOSED and not evidence[case.index]:
            names = ("status", "evidence", "rectified_on")
            yield Hit(
                tuple(violations.cell(case.index, name) for name in names),
                {"what": f"{known.label(case.household)}的 {case.number} ", "missing": "没有证据"},
                unit=case.unit,
                **known.subject(case.household),
                key=("事项", case.number),
            )


@audit_check(
    "AU-916",
    "钱没有追回就销号",
    Family.PROCESS,
    IssueKind.FUNDS_HELD_BACK,
    Severity.ERROR,
    "问题 {finding}（{home}）“已销号”，涉及 {amount} 元，登记追回 {recovered} 元，差 {left} 元",
    "核对缴款凭证：漏登的补登，没有追回的取消销号",
    basis=_CHAIN,
    needs=(AuditFinding,),
    bad="涉及 1,800 元，已追回 900 元，已销号，没有核准人",
    good="涉及 1,800 元，已追回 1,800 元",
)
def closed_with_money_owing(facts: Facts) -> Iterator[Hit]:
    """已销号 with 已追回 below 涉及金额, unless somebody answers for it (核准人 and 核准理由)."""
    table, known = facts.loaded.get(AuditFinding), facts.once(households)
    for row in _closed(facts):
        left, values = _outstanding(table, row), table.values(row)
        if not left or (values["override_by"] and values["override_reason"]):
            continue
        words = {"finding": values["finding_no"], "home": _about(facts, table, row)}
        words |= {"amount": format_yuan(values["amount"]), "left": format_yuan(left)}
        yield Hit(
            tuple(table.cell(row, name) for name in ("recovered", "amount", "status")),
            {**words, "recovered": format_yuan(values["recovered"] or 0)},
            unit=values["unit_no"] or "",
            **known.subject(values["household_no"]),
            amount=left,
            key=(values["finding_no"],),
        )


@audit_check(
    "AU-917",
    "回访没有到位却销号",
    Family.PROCESS,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "问题 {finding}（{home}）{visited} 回访的结果是“{result}”，{closed}仍“已销号”",
    "取消销号，继续整改后再回访",
    basis=_CHAIN,
    needs=(AuditFinding, FollowUp),
    bad="最后一次回访“未到位”，问题“已销号”",
    good="最后一次回访“整改到位”",
)
def closed_against_the_visit(facts: Facts) -> Iterator[Hit]:
    """已销号 though the last visit by the day says that it is not put right, or has come back."""
    table, visits, known = (
        facts.loaded.get(AuditFinding),
        facts.once(_visits),
        facts.once(households),
    )
    followed = facts.loaded.get(FollowUp)
    days, results = followed.column("visited_on"), followed.column("result")
    for row in _closed(facts):
        number, closed = table.column("finding_no")[row], table.column("closed_on")[row]
        own = visits.get(number, ())
        if not own or results[own[-1]] is FollowUpResult.DONE:
            continue
        last = own[-1]
        words = {"finding": number, "home": _about(facts, table, row), "visited": days[last]}
        yield Hit(
            (
                followed.cell(last, "result"),
                table.cell(row, "status"),
                table.cell(row, "closed_on"),
            ),
            {
                **words,
                "result": results[last].value,
                "closed": f"{closed} " if closed else "",
            },
            unit=table.column("unit_no")[row] or "",
            **known.subject(table.column("household_no")[row]),
            key=(number,),
        )


def _closed(facts: Facts) -> list[int]:
    """The rows of 问题清单 that were 已销号 by the day."""
    table = facts.loaded.get(AuditFinding)
    states, closed = table.column("status"), table.column("closed_on")
    return [
        row
        for row in table.usable("finding_no", "status", "closed_on")
        if states[row] is FindingStatus.CLOSED
        and (closed[row] is None or closed[row] <= facts.as_of)
    ]


def _visits(facts: Facts) -> Mapping[str, tuple[int, ...]]:
    """问题编号 → its visits by the day, the earliest first."""
    table = facts.loaded.get(FollowUp)
    days, found = table.column("visited_on"), defaultdict(list)
    rows = table.usable("finding_no", "visited_on", "result")
    for row in sorted(rows, key=days.__getitem__):
        if days[row] <= facts.as_of:
            found[table.column("finding_no")[row]].append(row)
    return {number: tuple(rows) for number, rows in found.items()}


def _proved(facts: Facts) -> set[str]:
    """The findings with a step of rectification, or a visit that names a proof."""
    found = set(facts.loaded.get(RectificationStep).column("finding_no"))
    visits = facts.loaded.get(FollowUp)
    pairs = zip(visits.column("finding_no"), visits.column("evidence"), strict=True)
    return found | {number for number, proof in pairs if proof}


def _outstanding(table: LedgerTable[AuditFinding], row: int) -> int:
    """涉及金额 less 已追回, fen; 0 where no amount is written."""
    amount: Any = table.column("amount")[row] or 0
    return max(0, int(amount) - int(table.column("recovered")[row] or 0))


def _about(facts: Facts, table: LedgerTable[AuditFinding], row: int) -> str:
    """The household with its masked name, else the unit, else the kind of the matter."""
    household, unit = table.column("household_no")[row], table.column("unit_no")[row]
    if household:
        return facts.once(households).label(household)
    return f"房源 {unit}" if unit else str(table.column("kind")[row] or "没有写对象")
