"""整改清单 as a report: the list by deadline, and the rates by kind and department."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.audit.checklist.contradictions import contradictions
from zhubao.audit.checklist.rates import Rates, by_department, by_kind, rates_of
from zhubao.audit.checklist.standing import Standing, in_period, read_standings
from zhubao.core.finding import Finding
from zhubao.core.masking import mask_account, mask_name, mask_numbers
from zhubao.core.money import format_yuan
from zhubao.core.period import Period
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.audit import AuditFinding, FindingStatus
from zhubao.ledger.loaded import Loaded

_SIGNATURES = ("填表人", "责任部门负责人", "分管领导", "日期")
_SHOWN = 30
_COUNT, _MONEY, _DATE, _RATIO = (
    ValueKind.COUNT,
    ValueKind.MONEY,
    ValueKind.DATE,
    ValueKind.RATIO,
)
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[0-9]{16,19}(?![0-9A-Za-z])")  # a bank card's digits
_COLUMNS = (
    Column("number", "序号", _COUNT),
    Column("kind", "问题类型", width=12),
    Column("subject", "对象", width=10),
    Column("matter", "问题事项", width=24),
    Column("basis", "依据", level=2, width=18),
    Column("evidence", "证据（单元格）", level=2, width=22),
    Column("department", "责任部门", level=2, width=10),
    Column("responsible", "责任人", level=2, width=10),
    Column("deadline", "整改时限", _DATE),
    Column("measures", "整改措施", level=2, width=14),
    Column("amount", "涉及金额", _MONEY, level=2),
    Column("recovered", "已追回", _MONEY, level=2),
    Column("status", "整改状态", width=14),
    Column("followed_up_on", "回访日期", _DATE, level=2),
    Column("closed_on", "销号日期", _DATE, level=2),
)
_RATE_COLUMNS = (
    Column("group", "分组"),
    Column("name", "名称"),
    Column("findings", "问题数", _COUNT),
    Column("by_count", "按件", _RATIO, note="已整改（含已回访、已销号）的问题 ÷ 全部问题"),
    Column("by_household", "按户", _RATIO, note="已整改户数 ÷ 涉及户数"),
    Column("by_money", "按金额", _RATIO, note="已追回（不超过涉及金额）÷ 涉及金额"),
    Column("closed", "销号率", _RATIO, level=2, note="已销号 ÷ 全部问题"),
    Column("overdue", "逾期未整改", _COUNT),
)


@dataclass(frozen=True, slots=True)
class Checklist:
    """The findings of a period as they stood on the day, by deadline. `unread` rows are left out.

    The rates are those of `standings`; `listed` are the ones not closed where only these were
    asked for.
    """

    as_of: dt.date
    period: Period | None
    standings: tuple[Standing, ...]
    listed: tuple[Standing, ...]
    unread: int
    findings: tuple[Finding, ...]

    @property
    def rates(self) -> Rates:
        """Of all findings of the period."""
        return rates_of(self.standings)


def compute_checklist(
    loaded: Loaded, as_of: dt.date, *, period: Period | None = None, open_only: bool = False
) -> Checklist:
    """The findings made by the day; of a period: made in it, or not closed when it began.

    By deadline, then by number. Overdue: not rectified, and the deadline lies before the day.
    """
    every = read_standings(loaded, as_of)
    chosen = sorted(
        in_period(every, period), key=lambda one: (one.row.deadline, one.row.finding_no)
    )
    table = loaded.get(AuditFinding)
    found = table.column("found_on")
    later = sum(day is not None and day > as_of for day in found)
    return Checklist(
        as_of=as_of,
        period=period,
        standings=tuple(chosen),
        listed=tuple(one for one in chosen if not (open_only and one.is_closed)),
        unread=max(0, len(table) - later - len(every)),
        findings=contradictions(chosen),
    )


def checklist_report(
    checklist: Checklist,
    *,
    bureau: str = "",
    unmasked: bool = False,
    origin: str = "",
    findings: Sequence[Finding] = (),
) -> Report:
    """The report; names and numbers of persons are masked unless `unmasked` (an internal file)."""
    rates = checklist.rates
    day = checklist.as_of
    title = f"审计整改清单（{day.year}年{day.month}月{day.day}日）"
    return Report(
        code="audit.checklist",
        title=f"{title}【内部资料】" if unmasked else title,
        bureau=bureau,
        as_of=day,
        period=checklist.period.title if checklist.period else "",
        tables=(_list(checklist, unmasked), _rates(checklist)),
        notes=tuple(_notes(checklist, rates, unmasked, origin)),
        findings=(*findings, *checklist.findings),
        facts=_facts(checklist, rates),
    )


def _list(checklist: Checklist, unmasked: bool) -> Table:
    rows = [
        Row(_values(number, one, unmasked), one.sources, _emphasis(one))
        for number, one in enumerate(checklist.listed, 1)
    ]
    amount = sum(one.row.amount or 0 for one in checklist.listed)
    recovered = sum(one.recovered for one in checklist.listed)
    blank = (None,) * 6
    totals = (None, "合计", f"{len(rows)} 项", None, *blank, amount, recovered, None, None, None)
    return Table(
        "checklist",
        "整改清单",
        _COLUMNS,
        rows,
        totals=totals if rows else None,
        summable=frozenset({"amount", "recovered"}),
        notes=("红色：已过整改时限还没有整改；问题事项前面是问题编号",) if rows else (),
        shown=_SHOWN,
        signatures=_SIGNATURES,
    )


def _values(number: int, one: Standing, unmasked: bool) -> tuple[Any, ...]:
    row = one.row

    def said(text: str | None) -> str | None:
        return text if unmasked or not text else _masked(text, row)

    return (
        number,
        row.kind.value,
        row.subject if unmasked else mask_name(row.subject),
        f"{row.finding_no} {said(row.matter)}",
        said(row.basis),
        row.evidence or str(one.cell("finding_no")),
        row.department,
        row.responsible,
        row.deadline,
        said(one.measures) or None,
        row.amount,
        one.recovered if row.amount is not None or one.recovered else None,
        _status(one),
        one.followed_up_on,
        one.closed_on,
    )


def _masked(text: str, row: AuditFinding) -> str:
    """Free text without the person's name, numbers of persons and bank accounts."""
    named = row.subject.strip()
    plain = mask_numbers(text.replace(named, mask_name(named)) if len(named) > 1 else text)
    return _ACCOUNT.sub(lambda found: mask_account(found[0]), plain)


def _status(one: Standing) -> str:
    word = one.stage.value
    if one.overdue_days:
        return f"{word}（逾期 {one.overdue_days} 天）"
    return f"{word}（迟 {one.late_days} 天）" if one.late_days else word


def _emphasis(one: Standing) -> str:
    return "error" if one.overdue_days else ""


def _rates(checklist: Checklist) -> Table:
    rows = []
    for group, parts in (
        ("问题类型", by_kind(checklist.standings)),
        ("责任部门", by_department(checklist.standings)),
    ):
        for name, own in parts.items():
            rates = rates_of(own)
            rows.append(
                Row(_rate_values(group, name, rates), rates.cells, "error" if rates.overdue else "")
            )
    whole = checklist.rates
    return Table(
        "rates",
        "整改率",
        _RATE_COLUMNS,
        rows,
        totals=_rate_values("全部", "", whole),
        notes=("分母为零的显示“—”。类型和部门是同一批问题的两种分法，不能相加",),
    )


def _rate_values(group: str, name: str, rates: Rates) -> tuple[Any, ...]:
    return (
        group,
        name,
        rates.findings,
        rates.by_count,
        rates.by_household,
        rates.by_money,
        rates.closed,
        rates.overdue,
    )


def _notes(checklist: Checklist, rates: Rates, unmasked: bool, origin: str) -> Iterator[str]:
    if unmasked:
        yield "内部资料：含未打码的个人信息，只供审计整改使用，不得公开、转发"
    yield f"截止日期 {checklist.as_of}{f'（{origin}）' if origin else ''}"
    if checklist.period is not None:
        title = checklist.period.title
        yield f"列入的是{title}发现的问题，和以前发现、期初还没有销号的问题"
    left = len(checklist.standings) - len(checklist.listed)
    if left:
        yield f"清单只列没有销号的；已销号 {left} 项没有列出，整改率仍按全部 {rates.findings} 项计"
    if rates.findings:
        yield (
            f"整改率：按件 {_both(rates.by_count)}，按户 {_both(rates.by_household)}，"
            f"按金额 {_both(rates.by_money)}；销号 {_both(rates.closed)}"
        )
    if rates.overdue:
        yield f"逾期没有整改的 {rates.overdue} 项"
    if checklist.unread:
        yield (
            f"问题清单有 {checklist.unread} 行必填单元格读不出，没有列入；"
            "用 zhubao check 看是哪几行"
        )
    if not checklist.standings:
        yield "没有列入的问题"


def _both(ratio: Ratio) -> str:
    """92.31%（12/13）; — where the denominator is zero."""
    if ratio.value is None:
        return "—"
    show = format_yuan if ratio.money else "{:,}".format
    unit = " 元" if ratio.money else ""
    return f"{ratio.value:.2%}（{show(ratio.numerator)}/{show(ratio.denominator)}{unit}）"


def _facts(checklist: Checklist, rates: Rates) -> dict[str, Any]:
    stages = {stage.name.lower(): 0 for stage in FindingStatus}
    for one in checklist.standings:
        stages[one.stage.name.lower()] += 1
    return {
        "findings": rates.findings,
        "listed": len(checklist.listed),
        "by_count": rates.by_count,
        "by_household": rates.by_household,
        "by_money": rates.by_money,
        "closed": rates.closed,
        "overdue": rates.overdue,
        "stages": stages,
    }
