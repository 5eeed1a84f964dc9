"""Decisions as a report, and what must now be ended elsewhere, by which command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.period import Month
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease, ProtectionStatus, ReviewDecision, WaitingEntry
from zhubao.services.review.deciding import Decided, Verdict
from zhubao.services.review.proposal_report import grounds_text
from zhubao.services.review.proposing import Proposal

_SHOWN = 20


def decision_report(
    decided: Decided,
    *,
    to_households: bool,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
) -> Report:
    """The decisions, the proposals to leave that were not accepted, and what follows."""
    view = decided.view
    tables = (_decisions(decided), _left(decided), _consequences(decided))
    counted = Counter(one.decision for one in decided.verdicts)
    return Report(
        code="review.decide",
        title=f"{view.year} 年年审结论",
        bureau=bureau,
        as_of=view.as_of,
        period=f"{view.year}年",
        tables=tuple(table for table in tables if table.rows),
        notes=tuple(_notes(decided, to_households=to_households)),
        findings=(*findings, *view.findings, *decided.findings),
        facts={
            "decided": len(decided.verdicts),
            "continue": counted[ReviewDecision.CONTINUE],
            "change": counted[ReviewDecision.CHANGE_TIER],
            "exit": counted[ReviewDecision.EXIT],
            "exits_not_accepted": len(decided.left),
            "pending": decided.pending,
        },
    )


def _notes(decided: Decided, *, to_households: bool) -> Iterator[str]:
    counted = Counter(one.decision for one in decided.verdicts)
    yield (
        f"这次 {len(decided.verdicts):,} 户：继续保障 {counted[ReviewDecision.CONTINUE]:,}，"
        f"调整类型 {counted[ReviewDecision.CHANGE_TIER]:,}，退出 {counted[ReviewDecision.EXIT]:,}"
    )
    if decided.pending:
        yield f"另有 {decided.pending:,} 户待定，没有作结论"
    if decided.left:
        yield (
            f"建议退出的 {len(decided.left):,} 户没有作结论：逐户用 zhubao review decide 家庭编号，"
            "或加 --include-exits 一并确认"
        )
    changed = counted[ReviewDecision.CHANGE_TIER] + counted[ReviewDecision.EXIT]
    if changed and not to_households:
        yield "没有改保障家庭；要改保障类型、保障状态，加 --apply-to-households（以后再加也可以）"
    gone = [one.due.number for one in decided.verdicts if _is_back(decided, one)]
    if gone:
        yield f"保障家庭里仍是已退出，恢复保障请另行办理：{'、'.join(gone[:5])}"


def _is_back(decided: Decided, one: Verdict) -> bool:
    """Decided to stay, though the ledger says it has left."""
    left = decided.view.field(one.due, "status") is ProtectionStatus.EXITED
    return left and one.decision is not ReviewDecision.EXIT


def _decisions(decided: Decided) -> Table:
    rows = [_decision(decided, one) for one in decided.verdicts]
    return Table("decisions", "结论", _DECISIONS, rows, shown=_SHOWN)


def _decision(decided: Decided, one: Verdict) -> Row:
    view = decided.view
    outcome = one.tier.value if one.tier else one.exit_reason.value if one.exit_reason else None
    tier = view.field(one.due, "tier")
    values = (
        one.due.number,
        mask_name(view.field(one.due, "applicant") or ""),
        tier.value if tier else None,
        one.decision.value,
        outcome,
        one.day,
        mask_numbers(one.words) or None,
    )
    emphasis = "warning" if one.decision is ReviewDecision.EXIT else ""
    cells = (view.cell(one.due, "decision"), view.households.row_cell(one.due.household))
    return Row(values, cells, emphasis)


def _left(decided: Decided) -> Table:
    rows = [_left_row(decided, one) for one in decided.left]
    return Table("exits", "建议退出，没有作结论", _LEFT, rows, shown=_SHOWN)


def _left_row(decided: Decided, one: Proposal) -> Row:
    view, reason = decided.view, one.judgement.exit_reason
    values = (
        one.due.number,
        mask_name(view.field(one.due, "applicant") or ""),
        reason.value if reason else None,
        mask_numbers(grounds_text(one.judgement.grounds)),
    )
    return Row(values, (one.case.household_cell,))


def _consequences(decided: Decided) -> Table:
    rows = [row for one in decided.verdicts for row in _follow(decided, one)]
    forms: dict[str, str] = {}  # a terminal has no room for the commands: one of each kind below
    for row in rows:
        forms.setdefault(row.values[1], f"{row.values[1]}，如 {row.values[3]}")
    notes = tuple(forms.values())
    return Table("consequences", "还要办的", _FOLLOW, rows, notes=notes, shown=_SHOWN)


def _follow(decided: Decided, one: Verdict) -> Iterator[Row]:
    """What a household that leaves still holds; what a change of tier makes wrong."""
    loaded, held = decided.view.loaded, one.due.benefits
    if one.decision is ReviewDecision.EXIT:
        leases, grants, waiting = (
            loaded.get(Lease),
            loaded.get(SubsidyGrant),
            loaded.get(WaitingEntry),
        )
        month = Month.containing(one.day).plus(1)
        for row in held.leases:
            number, cell = _named(leases, row, "lease_no")
            command = f"zhubao record 租赁合同 --update {number} 合同状态=已终止 退租日期=…"
            yield _follow_row(one, "腾退后终止租赁合同", number, command, cell)
        for row in held.grants:
            number, cell = _named(grants, row, "grant_no")
            command = f"zhubao subsidy stop stop {number} --from {month} --reason 年审退出"
            yield _follow_row(one, "终止租赁补贴", number, command, cell)
        for row in held.waiting:
            number, cell = _named(waiting, row, "waiting_no")
            command = f"zhubao record 轮候册 --update {number} 轮候状态=取消资格 出册日期={one.day}"
            yield _follow_row(one, "轮候出册", number, command, cell)
    elif one.tier is not None:
        yield from _after_change(decided, one)


def _after_change(decided: Decided, one: Verdict) -> Iterator[Row]:
    loaded, held = decided.view.loaded, one.due.benefits
    assert one.tier is not None
    for row in held.leases:
        number, cell = _named(loaded.get(Lease), row, "lease_no")
        command = f"zhubao record 租赁合同 --update {number} 保障类型={one.tier.value} 月租金=…"
        yield _follow_row(one, "重新核定租金", number, command, cell)
    for row in held.grants:
        number, cell = _named(loaded.get(SubsidyGrant), row, "grant_no")
        command = f"zhubao subsidy entitle {one.due.number}"
        yield _follow_row(one, "重新核定补贴额", number, command, cell)


def _named(table: LedgerTable[Any], row: int, name: str) -> tuple[str, Cell]:
    return str(table.column(name)[row] or table.row_cell(row)), table.row_cell(row)


def _follow_row(one: Verdict, what: str, number: str, command: str, cell: Cell) -> Row:
    return Row((one.due.number, what, number, command), (cell,))


_CODE = ValueKind.IDENTITY
_DECISIONS = (
    Column("household_no", "家庭编号", _CODE),
    Column("applicant", "申请人", level=2),
    Column("tier", "保障类型", level=2),
    Column("decision", "结论"),
    Column("outcome", "调整为/原因"),
    Column("day", "结论日期", ValueKind.DATE, 2),
    Column("words", "理由"),
)
_LEFT = (
    Column("household_no", "家庭编号", _CODE),
    Column("applicant", "申请人", level=2),
    Column("reason", "原因"),
    Column("grounds", "理由"),
)
_FOLLOW = (
    Column("household_no", "家庭编号", _CODE),
    Column("what", "要办的事"),
    Column("number", "编号", _CODE),
    Column("command", "命令", level=2),
)
