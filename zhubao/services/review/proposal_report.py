"""The proposals as a report: counts, what is proposed and why, whom to remind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from zhubao.core.finding import Cell, Finding
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.tenants import ReviewDecision
from zhubao.services.review.places import Where, place_of
from zhubao.services.review.proposing import Proposal, Proposals, counts_of
from zhubao.services.review.reasons import Reason

_SHOWN = 15
_ORDER = (
    ReviewDecision.EXIT,
    ReviewDecision.CHANGE_TIER,
    ReviewDecision.PENDING,
    ReviewDecision.CONTINUE,
)


def proposals_report(
    made: Proposals,
    *,
    where: Where | None = None,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
    origin: str = "",
) -> Report:
    """Proposals for whoever is undecided, the gravest first; names masked."""
    place = where or Where()
    chosen = {one.number for one in place.chosen(made.view, (one.due for one in made.items))}
    items = [one for one in made.pending if one.due.number in chosen]
    decided = sum(one.taken is not None and one.due.number in chosen for one in made.items)
    counted = counts_of(items)
    undeclared = [one for one in items if one.is_undeclared]
    return Report(
        code="review.propose",
        title=f"{made.view.year} 年年审建议",
        bureau=bureau,
        as_of=made.view.as_of,
        period=f"{made.view.year}年",
        tables=(_summary(items), *_lists(made, items), _reminders(made, undeclared)),
        notes=_notes(made, place, len(chosen), decided, origin),
        references=_references(items),
        findings=(*findings, *made.findings),
        facts={
            "due": len(chosen),
            "decided": decided,
            "continue": counted[ReviewDecision.CONTINUE],
            "change": counted[ReviewDecision.CHANGE_TIER],
            "exit": counted[ReviewDecision.EXIT],
            "pending": counted[ReviewDecision.PENDING],
            "undeclared": len(undeclared),
        },
    )


def grounds_text(reasons: Iterable[Reason]) -> str:
    """The words of several reasons in one text."""
    return "；".join(one.words for one in reasons)


def proposal_cells(one: Proposal) -> tuple[Cell, ...]:
    """Every cell the proposal rests on, the household's first."""
    cells = [one.case.household_cell, *(c for r in one.judgement.reasons for c in r.cells)]
    return tuple(dict.fromkeys(cells))


def _notes(made: Proposals, where: Where, due: int, decided: int, origin: str) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    notes = [
        f"截至 {made.view.as_of}{source}应审 {due:,} 户，已有结论 {decided:,} 户，"
        f"以下是其余 {due - decided:,} 户的建议",
        "建议要由人确认：zhubao review decide；退出不会自动作出",
    ]
    if where.words:
        notes.append(f"只列 {where.words}")
    if not made.rules.income_limits:
        notes.append(
            "收入标准未配置，没有按收入判断；请在 zhubao.toml 里写 [policy.review.income_limits]"
        )
    return tuple(notes)


def _references(items: Sequence[Proposal]) -> tuple[str, ...]:
    bases = {r.basis for one in items for r in one.judgement.reasons if r.basis}
    return tuple(sorted(bases))


def _summary(items: Sequence[Proposal]) -> Table:
    rows = []
    for decision in _ORDER:
        chosen = [one for one in items if one.decision is decision]
        rows.append(
            Row((decision.value, len(chosen)), tuple(one.case.household_cell for one in chosen))
        )
    return Table(
        "summary",
        "建议汇总",
        (Column("decision", "建议"), Column("households", "户数", ValueKind.COUNT)),
        rows,
        totals=("合计", len(items)),
        summable=frozenset({"households"}),
    )


def _lists(made: Proposals, items: Sequence[Proposal]) -> list[Table]:
    ordered = sorted(items, key=lambda one: (_ORDER.index(one.decision), one.due.number))
    tables = []
    for decision, group in groupby(ordered, lambda one: one.decision):
        rows = [_row(made, one) for one in group]
        tables.append(
            Table(
                f"list_{decision.name.lower()}",
                f"建议{decision.value}" if decision is not ReviewDecision.PENDING else "待定",
                _LIST,
                rows,
                shown=_SHOWN if decision is not ReviewDecision.CONTINUE else 3,
            )
        )
    return tables


def _row(made: Proposals, one: Proposal) -> Row:
    view, judged = made.view, one.judgement
    tier = one.case.tier.value if one.case.tier else None
    target = judged.new_tier.value if judged.new_tier else None
    reason = judged.exit_reason.value if judged.exit_reason else None
    values = (
        one.due.number,
        mask_name(view.field(one.due, "applicant") or ""),
        *place_of(view, one.due),
        tier,
        target or reason,
        one.due.kind_words,
        mask_numbers(grounds_text(judged.grounds)) or None,
        mask_numbers(grounds_text(judged.remarks)) or None,
        "；".join(dict.fromkeys(r.basis for r in judged.grounds if r.basis)) or None,
    )
    return Row(values, proposal_cells(one))


def _reminders(made: Proposals, items: Sequence[Proposal]) -> Table:
    """Whom to remind of declaring, by community."""
    ordered = sorted(items, key=lambda one: (place_of(made.view, one.due), one.due.number))
    rows = [
        Row(
            (
                *place_of(made.view, one.due),
                one.due.number,
                mask_name(made.view.field(one.due, "applicant") or ""),
                one.due.kind_words,
            ),
            (made.view.cell(one.due, "declared_income"),),
        )
        for one in ordered
    ]
    return Table("reminders", "没有申报，要催报", _REMINDERS, rows, shown=5)


_CODE = ValueKind.IDENTITY
_LIST = (
    Column("household_no", "家庭编号", _CODE),
    Column("applicant", "申请人", level=2),
    Column("street", "街道", level=3),
    Column("community", "社区", level=2),
    Column("tier", "保障类型"),
    Column("outcome", "调整为/原因"),
    Column("kind", "保障方式", level=2, width=14),
    Column("grounds", "理由"),
    Column("remarks", "备注", level=2),
    Column("basis", "依据", level=3),
)
_REMINDERS = (
    Column("street", "街道"),
    Column("community", "社区"),
    Column("household_no", "家庭编号", _CODE),
    Column("applicant", "申请人"),
    Column("kind", "保障方式", level=2),
)
