"""The entitlements as a report: the arithmetic of every household, and what differs."""

from __future__ import annotations

from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name
from zhubao.core.money import yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.subsidy.rental.entitle import Assessed, Assessment

_SHOWN = 20
_FEW = 5  # so many are shown with their arithmetic on any terminal
_SOURCES = ("tier", "size", "area_held_m2", "actual_rent", "monthly_amount")


def entitle_report(
    assessment: Assessment,
    *,
    bureau: str = "",
    origin: str = "",
    findings: tuple[Finding, ...] = (),
) -> Report:
    """One row per grant with the steps; those that differ first in a table of their own."""
    lines, standard = assessment.lines, assessment.standard
    known = [line for line in lines if line.entitled and line.entitled.amount is not None]
    differing = assessment.differing
    tables = [_summary(assessment, len(known))]
    if differing:
        tables.append(_table(assessment, "differing", "与台账不同的", differing))
    tables.append(_table(assessment, "detail", "逐户核定", lines))
    if 0 < len(lines) <= _FEW:
        tables.append(_steps(assessment))
    return Report(
        code="subsidy.entitle",
        title="租赁补贴核定",
        bureau=bureau,
        as_of=assessment.as_of,
        tables=tuple(tables),
        notes=_notes(assessment, origin),
        references=standard.citations if standard else (),
        findings=(*findings, *assessment.findings),
        facts={
            "grants": len(lines),
            "computed": len(known),
            "differing": len(differing),
            "ledger_per_month": yuan(_ledger(lines)),
            "computed_per_month": yuan(_computed(lines)),
            "standard_known": standard is not None,
        },
    )


def _ledger(lines: tuple[Assessed, ...]) -> int:
    return sum(line.ledger or 0 for line in lines)


def _computed(lines: tuple[Assessed, ...]) -> int:
    return sum((line.entitled.amount or 0) for line in lines if line.entitled)


def _summary(assessment: Assessment, known: int) -> Table:
    lines, differing = assessment.lines, assessment.differing
    over = [line for line in differing if (line.difference or 0) > 0]
    under = [line for line in differing if (line.difference or 0) < 0]
    rows = [
        Row(("列入", len(lines), _ledger(lines))),
        Row(("已核定（标准算得的）", known, _computed(lines))),
        Row(("不能核定", len(lines) - known, None)),
        Row(("台账高于标准", len(over), sum(line.difference or 0 for line in over))),
        Row(("台账低于标准", len(under), sum(line.difference or 0 for line in under))),
    ]
    columns = (
        Column("item", "项目"),
        Column("grants", "份数", ValueKind.COUNT),
        Column("amount", "每月金额", ValueKind.MONEY, note="高于、低于两行是差额"),
    )
    return Table("summary", "汇总", columns, rows)


def _table(assessment: Assessment, key: str, title: str, lines: tuple[Assessed, ...]) -> Table:
    money = ValueKind.MONEY
    return Table(
        key,
        f"{title}（{len(lines):,} 份）",
        (
            Column("grant_no", "补贴编号", ValueKind.IDENTITY),
            Column("household_no", "家庭编号", ValueKind.IDENTITY, 2),
            Column("payee", "领取人", level=2),
            Column("tier", "保障类型"),
            Column("size", "人口", ValueKind.COUNT),
            Column("held", "现有面积", ValueKind.NUMBER, 2),
            Column("rent", "实际租金", money),
            Column("computed", "按标准", money),
            Column("ledger", "台账", money),
            Column("difference", "台账多出", money),
            Column("steps", "怎么算的", level=2, width=60),
        ),
        [_row(assessment, line) for line in lines],
        shown=_SHOWN,
    )


def _row(assessment: Assessment, line: Assessed) -> Row:
    grants, entitled = assessment.loaded.get(SubsidyGrant), line.entitled
    names = ("grant_no", "household_no", "payee", "tier", "size", "area_held_m2", "actual_rent")
    number, household, payee, tier, size, held, rent = (
        grants.column(name)[line.index] for name in names
    )
    values = (
        number,
        household,
        mask_name(payee or "") or None,
        str(tier) if tier else None,
        size,
        held,
        rent,
        entitled.amount if entitled else None,
        line.ledger,
        line.difference,
        "；".join(entitled.steps) if entitled else line.why_not,
    )
    cells = tuple(grants.cell(line.index, name) for name in _SOURCES)
    return Row(values, cells, "warning" if line.difference else "")


def _steps(assessment: Assessment) -> Table:
    """The arithmetic line by line, for a few households asked for by number."""
    grants = assessment.loaded.get(SubsidyGrant)
    rows = []
    for line in assessment.lines:
        number = grants.column("grant_no")[line.index]
        steps = line.entitled.steps if line.entitled else (line.why_not,)
        for place, step in enumerate(steps, 1):
            rows.append(Row((number, place, step), (grants.row_cell(line.index),)))
    columns = (
        Column("grant_no", "补贴编号", ValueKind.IDENTITY),
        Column("step", "步", ValueKind.COUNT),
        Column("words", "怎么算的", width=60),
    )
    return Table("steps", "计算步骤", columns, rows)


def _notes(assessment: Assessment, origin: str) -> tuple[str, ...]:
    day, source = assessment.as_of, f"（{origin}）" if origin else ""
    if assessment.standard is None:
        return (
            f"没有 {day}{source}的补贴标准，没有核定，台账的月补贴额没有比较",
            "要用更早的标准，在 zhubao.toml 的 [policy.subsidy.price]、area_per_person、max_area、"
            "floor 里补上当时的值和文件名称；或用 --as-of 写标准已知的日期",
        )
    return (
        f"按 {day}{source}的标准：单价 × 补贴面积（人均面积 × 人口，不超过每户上限，减现有面积）；"
        "低于下限且实际租金高于下限的按下限；不超过实际租金",
    )
