"""Instalment plans as reports: every agreement on record, and which households keep theirs."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding
from zhubao.core.money import format_yuan, yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.arrears import Instalment, InstalmentPlan, PlanStatus
from zhubao.ledger.table import LedgerTable
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.arrears_tables import shown_name
from zhubao.rent.plans import PlanView
from zhubao.rent.steps import PlanState

_SHOWN = 40
_ORDER = {state: place for place, state in enumerate((
    PlanState.BEHIND, PlanState.NO_PARTS, PlanState.KEPT, PlanState.SETTLED, PlanState.NONE
))}  # fmt: skip


def list_report(
    result: ArrearsResult,
    *,
    state: str = "",
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
) -> Report:
    """Every agreement, the latest first; `state` is a 协议状态 or a 分期情况.

    Whether a plan is kept is said of the one plan of each household that counts (see
    `plans.read_plans`). Raises `UsageError` for an unknown state.
    """
    known = [*(one.value for one in PlanStatus), *(one.value for one in PlanState if one.value)]
    if state and state not in known:
        listed = "、".join(dict.fromkeys(known))
        raise UsageError(f"没有“{state}”这种状态", advice=f"可用：{listed}")
    table = result.loaded.get(InstalmentPlan)
    rows = [_plan_row(result, table, row) for row in _newest_first(table)]
    rows = [row for row in rows if not state or state in row.values[-2:]]
    total = sum(row.values[5] or 0 for row in rows)
    plans = Table(
        key="plans",
        title="分期协议",
        columns=_PLANS,
        rows=rows,
        totals=("合计", None, None, None, None, total, None, None, None, None),
        summable=frozenset({"total"}),
        shown=_SHOWN,
    )
    return Report(
        code="rent.plan.list",
        title="分期协议",
        bureau=bureau,
        as_of=result.as_of,
        tables=(plans,),
        notes=(f"只列：{state}",) if state else (),
        findings=findings,
        facts={"plans": len(rows), "total": yuan(total)},
    )


def check_report(
    result: ArrearsResult, *, bureau: str = "", findings: tuple[Finding, ...] = ()
) -> Report:
    """The plan that counts of every household: planned, received, difference; the broken first."""
    views = sorted(
        result.plans.items(),
        key=lambda item: (_ORDER[item[1].state], item[1].received - item[1].planned, item[0]),
    )
    counts = Counter(view.state for _, view in views)
    ladder = result.ladder
    states = "、".join(f"{state.value} {counts[state]:,} 份" for state in _ORDER if counts[state])
    checked = Table(
        key="check",
        title="履行情况",
        columns=_CHECK,
        rows=[_check_row(result, account, view) for account, view in views],
        shown=_SHOWN,
    )
    return Report(
        code="rent.plan.check",
        title="分期协议履行情况",
        bureau=bureau,
        as_of=result.as_of,
        tables=(checked,),
        notes=(
            states or "没有分期协议",
            f"应收到＝应缴日期过了 {ladder.grace_days} 日宽限的各期之和；"
            "收到＝签订之日起的全部实收；"
            f"差额加容差 {format_yuan(ladder.tolerance)} 元仍小于零的为逾期",
        ),
        findings=findings,
        facts={
            "plans": len(views),
            "tolerance": yuan(ladder.tolerance),
            **{f"plans_{state.name.lower()}": counts[state] for state in _ORDER if state.value},
        },
    )


def _newest_first(table: LedgerTable[InstalmentPlan]) -> list[int]:
    signed = table.column("signed_on")
    return sorted(
        range(len(table)), key=lambda row: (signed[row] or dt.date.min, row), reverse=True
    )


def _plan_row(result: ArrearsResult, table: LedgerTable[InstalmentPlan], row: int) -> Row:
    values = table.values(row)
    number = values["household_no"]
    numbers = result.books.numbers
    account = numbers.index(number) if number in numbers else None
    view = result.plans.get(account) if account is not None else None
    counts = view is not None and view.plan_no == values["plan_no"]
    return Row(
        (
            values["plan_no"],
            number,
            shown_name(result, account) if account is not None else "（未登记）",
            values["signed_on"],
            values["rhythm"].value if values["rhythm"] else None,
            values["total"],
            values["parts"],
            _next_due(result, values["plan_no"]) if counts else None,
            values["status"].value if values["status"] else None,
            view.state.value if view is not None and counts else None,
        ),
        (table.row_cell(row),),
        "warning" if view is not None and counts and view.state is PlanState.BEHIND else "",
    )


def _next_due(result: ArrearsResult, plan_no: str) -> dt.date | None:
    """The first due date after the cut-off date."""
    table = result.loaded.get(Instalment)
    days = (
        table.column("due_on")[row]
        for row in table.usable("plan_no", "due_on")
        if table.column("plan_no")[row] == plan_no
    )
    return min((day for day in days if day > result.as_of), default=None)


def _check_row(result: ArrearsResult, account: int, view: PlanView) -> Row:
    values = (
        view.plan_no,
        result.books.numbers[account],
        shown_name(result, account),
        result.homes.estate[account],
        view.state.value,
        view.planned,
        view.received,
        view.received - view.planned,
        int(result.figures.owed[account]),
        view.signed_on,
    )
    sources: tuple[Cell, ...] = (view.cell,)
    return Row(values, sources, "warning" if view.state is PlanState.BEHIND else "")


_MONEY, _COUNT, _CODE = ValueKind.MONEY, ValueKind.COUNT, ValueKind.IDENTITY
_PLANS = (
    Column("plan_no", "协议编号", _CODE),
    Column("household_no", "家庭编号", _CODE),
    Column("name", "姓名"),
    Column("signed_on", "签订日期", ValueKind.DATE, 2),
    Column("rhythm", "方式", level=2),
    Column("total", "协议金额", _MONEY),
    Column("parts", "期数", _COUNT),
    Column("next_due", "下次应缴", ValueKind.DATE),
    Column("status", "协议状态"),
    Column("state", "分期情况"),
)
_CHECK = (
    Column("plan_no", "协议编号", _CODE),
    Column("household_no", "家庭编号", _CODE),
    Column("name", "姓名"),
    Column("estate", "小区", level=2),
    Column("state", "分期情况"),
    Column("planned", "应收到", _MONEY),
    Column("received", "收到", _MONEY),
    Column("difference", "差额", _MONEY, note="收到减应收到；负数是欠缴"),
    Column("owed", "结欠", _MONEY, 2),
    Column("signed_on", "签订日期", ValueKind.DATE, 2),
)
