"""The declared checks as a list: code, title, family, severity, basis, the sheets they need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zhubao.audit.registry import AuditCheck, Family
from zhubao.core.report import Column, Report, Row, Table


def catalogue_report(checks: Sequence[AuditCheck], *, bureau: str = "") -> Report:
    """The report of `zhubao audit list`."""
    counts = Counter(check.family for check in checks)
    families = "，".join(f"{family.value} {counts[family]}" for family in Family if counts[family])
    return Report(
        code="audit.list",
        title=f"审计检查规则（{len(checks)} 条）",
        bureau=bureau,
        tables=(_table(checks),),
        notes=(
            f"各类条数：{families}",
            "一条规则的提示语、怎么办和例子，用 zhubao explain 规则编号",
        ),
        facts={"checks": len(checks), **{family.name.lower(): counts[family] for family in counts}},
    )


def _table(checks: Sequence[AuditCheck]) -> Table:
    rows = [
        Row(
            (
                check.code,
                check.kind.title,
                check.family.value,
                check.severity.title,
                check.issue.value,
                check.kind.basis,
                "、".join(model.SHEET.name for model in check.needs),
            )
        )
        for check in checks
    ]
    return Table(
        key="checks",
        title="规则",
        columns=(
            Column("code", "规则"),
            Column("title", "疑点"),
            Column("family", "类别"),
            Column("severity", "级别"),
            Column("kind", "问题类型", level=2),
            Column("basis", "依据"),
            Column("needs", "要用的表", level=2),
        ),
        rows=rows,
    )
