"""A run of the checks as a report: what it found, and how it stands against the earlier run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from zhubao.audit.leads.answer import Answer, amount_of
from zhubao.audit.leads.run import CheckRun
from zhubao.audit.leads.tables import (
    checks_table,
    families_table,
    gone_table,
    leads_table,
    silent_table,
)
from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan, yuan
from zhubao.core.report import Report

_LEVELS = tuple(Severity)


def check_report(answer: Answer, *, bureau: str = "", origin: str = "") -> Report:
    """The report of `zhubao audit check`."""
    run = answer.run
    return Report(
        code="audit.check",
        title="审计检查",
        bureau=bureau,
        as_of=run.facts.as_of,
        tables=(
            families_table(answer),
            checks_table(answer),
            leads_table(answer),
            *((gone_table(answer),) if answer.compared.gone else ()),
            *((silent_table(run.silent),) if run.silent else ()),
        ),
        notes=tuple(_notes(answer, origin)),
        references=tuple(_references(run)),
        findings=(*run.broken, *answer.notices),
        facts=_facts(answer),
    )


def _notes(answer: Answer, origin: str) -> Iterable[str]:
    run, live = answer.run, answer.live
    source = f"（{origin}）" if origin else ""
    levels = Counter(lead.check.severity for lead in live)
    words = "，".join(f"{level.title} {levels[level]:,} 条" for level in _LEVELS)
    yield (
        f"截至 {run.facts.as_of}{source}，运行规则 {len(run.checks)} 条（没有结论 "
        f"{len(run.silent)} 条，没有运行完 {len(run.broken)} 条），疑点 {len(live):,} 条：{words}；"
        f"涉及金额 {format_yuan(amount_of(live))} 元"
    )
    cleared = len(run.leads) - len(live)
    if cleared:
        yield f"另有 {cleared:,} 条已在疑点表里排除，列在最后，不计入上面各数"
    yield _against(answer)
    yield "疑点要核实后才能认定；写入疑点表用 --write，一条规则的依据用 zhubao explain 规则编号"
    errors = sum(one.severity is Severity.ERROR for one in run.facts.loaded.findings)
    if errors:
        yield f"台账里另有 {errors:,} 处错误，有错误的单元格没有参加检查，请用 zhubao check 查看"


def _against(answer: Answer) -> str:
    compared = answer.compared
    if not compared.baseline:
        return f"没有{answer.since}可以比较，全部算新增"
    days = sorted({run.as_of for run in compared.baseline.values()})
    said = str(days[0]) if len(days) == 1 else f"{days[0]} 至 {days[-1]}（各规则分别取最近一次）"
    new = sum(compared.new(lead) for lead in answer.live)
    return (
        f"与{answer.since}（截至 {said}）比较：新增 {new:,} 条，"
        f"持续 {len(answer.live) - new:,} 条，不再检出 {len(compared.gone):,} 条"
    )


def _references(run: CheckRun) -> Iterable[str]:
    fired = {lead.code for lead in run.leads}
    for check in run.checks:
        if check.code in fired and check.kind.basis:
            yield f"{check.code} {check.kind.title}：{check.kind.basis}"


def _facts(answer: Answer) -> dict[str, Any]:
    run, live = answer.run, answer.live
    levels = Counter(lead.check.severity for lead in live)
    new = sum(answer.compared.new(lead) for lead in live)
    return {
        "checks": len(run.checks),
        "silent": len(run.silent),
        "broken": len(run.broken),
        "leads": len(live),
        **{level.value: levels[level] for level in _LEVELS},
        "new": new,
        "continuing": len(live) - new,
        "gone": len(answer.compared.gone),
        "cleared": len(run.leads) - len(live),
        "amount": yuan(amount_of(live)),
    }
