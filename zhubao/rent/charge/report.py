"""The report of a month's charges: what is added, what is different, what is left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan, yuan
from zhubao.core.report import Report
from zhubao.ledger.arrears import Reduction
from zhubao.rent.charge.charging import ChargeRun
from zhubao.rent.charge.compare import Comparison, compare
from zhubao.rent.charge.drafts import Draft
from zhubao.rent.charge.tables import (
    bridge_table,
    detail_table,
    differences_table,
    not_charged_table,
    totals_table,
)
from zhubao.rent.charge.terms import Basis, ReliefRule


def charge_report(run: ChargeRun, *, bureau: str = "", findings: Iterable[Finding] = ()) -> Report:
    """The report of a computed run; `findings` are those of reading the ledgers.

    Names are masked. The detail (every new charge with what it was computed from) is not shown on
    a terminal.
    """
    comparison = compare(run)
    return Report(
        code="rent.charge",
        title=f"{run.month.title}应收",
        bureau=bureau,
        period=run.month.title,
        tables=(
            totals_table(run),
            bridge_table(run, comparison),
            differences_table(run, comparison),
            not_charged_table(run),
            detail_table(run),
        ),
        notes=_notes(run, comparison),
        references=run.terms.citations,
        findings=(*findings, *run.findings),
        facts=_facts(run, comparison),
    )


def _notes(run: ChargeRun, comparison: Comparison) -> tuple[str, ...]:
    terms = run.terms
    other = Basis.STANDARD if terms.basis is Basis.CONTRACT else Basis.CONTRACT
    last = "计租" if terms.last_day_charged else "不计租"
    notes = [
        f"新增 {len(run.new):,} 笔，{format_yuan(comparison.added)} 元；"
        f"已有 {format_yuan(comparison.booked)} 元；入账日期 {run.charged_on}",
        f"按{terms.basis.value}计收，不按{other.value}；"
        f"两者不同的 {_differing(run):,} 份，见 RE-208",
        f"不满一个月的{terms.part_rule.value}计，{len(_partial(run)):,} 笔；退租当日{last}；"
        "同户月内换合同的各写一行，各行合计等于整月应计的数",
        _relief_note(run),
    ]
    if run.reductions:
        notes.append(_reduction_note(run))
    if comparison.last_month is not None and comparison.last_month.plus(1) != run.month:
        notes.append(f"上月没有应收，与最近有应收的 {comparison.last_month} 比较")
    if comparison.unreadable:
        notes.append(f"有 {comparison.unreadable:,} 行应收金额看不清，没有算进两个月的合计")
    return tuple(notes)


def _relief_note(run: ChargeRun) -> str:
    terms = run.terms
    let_off = [draft.reduction for draft in run.new if draft.reduction]
    if terms.relief_rule is ReliefRule.CARRIED:
        rule = "固定减免沿用上月的比例"
    elif terms.prescribes_relief:
        rule = "固定减免按减免比例"
    else:
        return "没有设固定减免（rent.relief_percent 为空），本次一律不减免"
    return f"{rule}，{len(let_off):,} 笔共 {format_yuan(sum(let_off))} 元"


def _reduction_note(run: ChargeRun) -> str:
    amounts = run.loaded.get(Reduction).column("amount")
    total = format_yuan(sum(amounts[row] for row in run.reductions))
    return (
        f"减免表里这个月另有 {len(run.reductions):,} 笔共 {total} 元，由欠租计算抵扣，"
        "应收里不重复减"
    )


def _facts(run: ChargeRun, comparison: Comparison) -> dict[str, Any]:
    """Headline values; money in yuan."""
    return {
        "month": run.month,
        "charged_on": run.charged_on,
        "basis": run.terms.basis.value,
        "part_month": run.terms.part_rule.value,
        "charges_new": len(run.new),
        "leases_charged_before": len(run.booked.of_lease),
        "leases_not_charged": len(run.blocked),
        "part_months": len(_partial(run)),
        "rents_that_differ": _differing(run),
        "amount_new": yuan(comparison.added),
        "amount_booked": yuan(comparison.booked),
        "amount_now": yuan(comparison.now),
        "amount_last_month": yuan(comparison.before),
        "last_month": comparison.last_month,
        "differences": {
            movement.name.lower(): {"households": households, "amount": yuan(fen)}
            for movement, (households, fen) in comparison.totals.items()
        },
        "proved": True,
    }


def _differing(run: ChargeRun) -> int:
    """New charges whose contract rent is not what the rent table says."""
    return sum(
        draft.tariff.standard is not None and draft.tariff.standard != draft.home.contract
        for draft in run.new
    )


def _partial(run: ChargeRun) -> list[Draft]:
    return [draft for draft in run.new if not draft.stay.is_whole_month]
