"""The tables of a run: families, checks, every lead, what is gone, which checks are silent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from zhubao.audit.leads.answer import Answer, amount_of
from zhubao.audit.leads.history import Remembered
from zhubao.audit.leads.run import CheckRun, Silent, Spotted
from zhubao.audit.registry import Family
from zhubao.core.finding import Severity
from zhubao.core.masking import mask_identity, mask_name
from zhubao.core.report import Column, Row, Table, ValueKind
from zhubao.ledger.tenants import Household

_COUNT, _MONEY, _ID = ValueKind.COUNT, ValueKind.MONEY, ValueKind.IDENTITY
_LEVELS = tuple(Severity)
_SHOWN = 20
_EMPHASIS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: ""}


def families_table(answer: Answer) -> Table:
    """One row per family with leads."""
    rows = []
    for family in Family:
        mine = [lead for lead in answer.live if lead.check.family is family]
        cleared = [s for s in answer.run.leads if s.check.family is family and answer.cleared(s)]
        gone = [one for one in answer.compared.gone if _family_of(one, answer.run) is family]
        if mine or cleared or gone:
            rows.append(Row((family.value, *_numbers(mine, answer), len(gone), len(cleared))))
    totals = tuple(sum(row.values[i] for row in rows) for i in range(1, 10)) if rows else None
    return Table(
        key="families",
        title="各类疑点",
        columns=(
            Column("family", "类别"),
            *(Column(level.value, level.title, _COUNT) for level in _LEVELS),
            Column("total", "合计", _COUNT),
            Column("new", "新增", _COUNT),
            Column("continuing", "持续", _COUNT, 2),
            Column("amount", "涉及金额", _MONEY, note="有金额的疑点之和；同一笔钱可在几条疑点里"),
            Column("gone", "不再检出", _COUNT, 2),
            Column("cleared", "已排除", _COUNT, 2, note="疑点表里已排除的，不计入左边各数"),
        ),
        rows=rows,
        totals=("合计", *totals) if totals else None,
        summable=frozenset({*(s.value for s in _LEVELS), "total", "new", "continuing", "amount"}),
    )


def _numbers(leads: Sequence[Spotted], answer: Answer) -> tuple[int, ...]:
    levels = Counter(lead.check.severity for lead in leads)
    new = sum(answer.compared.new(lead) for lead in leads)
    counts = *(levels[level] for level in _LEVELS), len(leads), new, len(leads) - new
    return *counts, amount_of(leads)


def checks_table(answer: Answer) -> Table:
    """One row per check with leads, now or before; by severity, then by number of leads."""
    by_code: dict[str, list[Spotted]] = defaultdict(list)
    for lead in answer.live:
        by_code[lead.code].append(lead)
    gone = Counter(one.code for one in answer.compared.gone)
    chosen = [check for check in answer.run.checks if by_code[check.code] or gone[check.code]]
    chosen.sort(key=lambda c: (_LEVELS.index(c.severity), -len(by_code[c.code]), c.code))
    rows = []
    for check in chosen:
        mine = by_code[check.code]
        new = sum(answer.compared.new(lead) for lead in mine)
        words = check.code, check.severity.title, check.kind.title, check.family.value
        rows.append(Row((*words, len(mine), new, gone[check.code], amount_of(mine))))
    return Table(
        key="checks",
        title="各规则的疑点",
        columns=(
            Column("code", "规则"),
            Column("severity", "级别"),
            Column("title", "疑点"),
            Column("family", "类别", level=2),
            Column("count", "条", _COUNT),
            Column("new", "新增", _COUNT),
            Column("gone", "不再检出", _COUNT, 2),
            Column("amount", "涉及金额", _MONEY, 2),
        ),
        rows=rows,
    )


def leads_table(answer: Answer) -> Table:
    """Every lead, the worst first; families together."""
    families = list(Family)
    ordered = sorted(
        answer.run.leads,
        key=lambda s: (
            answer.cleared(s),
            _LEVELS.index(s.check.severity),
            families.index(s.check.family),
        ),
    )
    return Table(
        key="leads",
        title=f"疑点（{len(ordered):,} 条，须核实后认定）",
        columns=(
            Column("course", "比较", note="与上次检查比较"),
            Column("code", "规则"),
            Column("severity", "级别", level=2),
            Column("family", "类别", level=3),
            Column("kind", "问题类型", level=3),
            Column("household", "家庭编号", _ID, 3),
            Column("unit", "房源编号", _ID, 3),
            Column("person", "姓名", level=3),
            Column("identity", "身份证号", _ID, 3),
            Column("matter", "疑点事项"),
            Column("amount", "涉及金额", _MONEY, 2),
            Column("place", "证据（首个单元格）"),
            Column("lead_no", "疑点编号", _ID, 2),
            Column("status", "疑点状态", level=2),
            Column("fingerprint", "疑点标识", _ID, 3),
            Column("advice", "怎么办", level=3),
        ),
        rows=[_lead_row(lead, answer) for lead in ordered],
        shown=_SHOWN,
    )


def _lead_row(lead: Spotted, answer: Answer) -> Row:
    hit, check, known = lead.lead.hit, lead.check, answer.known.get(lead.fingerprint)
    cleared = answer.cleared(lead)
    status = known.status.value if known and known.status else "未入台账"
    values = (
        answer.compared.course[lead.fingerprint].value,
        lead.code,
        check.severity.title,
        check.family.value,
        check.issue.value,
        hit.household or None,
        hit.unit or None,
        mask_name(hit.person) or None,
        mask_identity(hit.identity_no) or None,
        lead.finding.message,
        hit.amount,
        str(hit.cells[0]) if hit.cells else None,
        known.lead_no if known else None,
        status,
        lead.fingerprint,
        lead.finding.advice,
    )
    return Row(values, hit.cells, "" if cleared else _EMPHASIS[check.severity])


def gone_table(answer: Answer) -> Table:
    """What the earlier run found and this one does not."""
    titles = {check.code: check.kind.title for check in answer.run.checks}
    households = set(answer.run.facts.loaded.get(Household).column("household_no"))
    rows = []
    for one in answer.compared.gone:
        known = answer.known.get(one.fingerprint)
        there = "仍在台账" if one.household in households else "台账里已没有这一户"
        rows.append(
            Row(
                (
                    one.code,
                    titles.get(one.code, ""),
                    one.household or None,
                    one.unit or None,
                    there if one.household else None,
                    one.place or None,
                    known.lead_no if known else None,
                    known.status.value if known and known.status else None,
                )
            )
        )
    return Table(
        key="gone",
        title="不再检出",
        columns=(
            Column("code", "规则"),
            Column("title", "疑点"),
            Column("household", "家庭编号", _ID),
            Column("unit", "房源编号", _ID, 2),
            Column("there", "家庭"),
            Column("place", "原来的位置", level=2),
            Column("lead_no", "疑点编号", _ID, 2),
            Column("status", "疑点状态", level=2),
        ),
        rows=rows,
        shown=_SHOWN,
        notes=(
            "不再检出不等于已整改：也可能是那一行被删去，或家庭编号、房源编号改了；"
            "“台账里已没有这一户”的要先查明",
        ),
    )


def silent_table(silent: Iterable[Silent]) -> Table:
    """The checks that said nothing, and the sheets that have no rows."""
    rows = [
        Row((one.check.code, one.check.kind.title, "、".join(m.SHEET.name for m in one.missing)))
        for one in silent
    ]
    return Table(
        key="silent",
        title="没有结论的规则",
        columns=(
            Column("code", "规则"),
            Column("title", "疑点"),
            Column("missing", "没有数据的表"),
        ),
        rows=rows,
        shown=_SHOWN,
        notes=("要用的表没有数据，这些规则什么也说不出，不等于没有问题",),
    )


def _family_of(one: Remembered, run: CheckRun) -> Family | None:
    return next((check.family for check in run.checks if check.code == one.code), None)
