"""Making instalment plans: equal parts with due dates, and the change that books a new plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from zhubao.core.errors import UsageError
from zhubao.core.masking import mask_name
from zhubao.core.money import format_yuan, split_evenly
from zhubao.core.period import Month
from zhubao.core.theme import Formats
from zhubao.ledger.arrears import Instalment, InstalmentPlan, PlanRhythm, PlanStatus
from zhubao.ledger.change import Change, Plan
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.bad_rows import bad_accounts
from zhubao.rent.receipts.household import resolve_household
from zhubao.rent.receipts.numbers import next_number

MOST_PARTS = 120
_STEP = {PlanRhythm.MONTHLY: 1, PlanRhythm.QUARTERLY: 3}
_LONGEST_WAIT = dt.timedelta(days=366)
_FIRST_NUMBER = "FQ00001"


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment; `amount` in fen."""

    number: int
    due_on: dt.date
    amount: int


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What is asked for. Without `total` the whole debt; `first` is the first due date."""

    household_no: str
    parts: int
    first: dt.date
    signed_on: dt.date
    rhythm: PlanRhythm = PlanRhythm.MONTHLY
    total: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan ready to be booked."""

    plan_no: str
    request: PlanRequest
    owed: int
    total: int
    parts: tuple[Part, ...]


def split_debt(
    total: int, parts: int, first: dt.date, rhythm: PlanRhythm = PlanRhythm.MONTHLY
) -> tuple[Part, ...]:
    """`total` fen in equal parts, one a month or one a quarter from `first` on.

    Parts differ by one fen at most, the larger first, and sum to the total exactly. Every due date
    has the day of `first`; in a shorter month it is the month's last day (31 January, 29 February,
    31 March). ValueError for less than one fen a part.
    """
    if not 1 <= parts <= max(total, 0):
        raise ValueError("每期不足一分")
    month, step = Month.containing(first), _STEP[rhythm]
    amounts = split_evenly(total, parts)
    return tuple(
        Part(index + 1, _day_in(month.plus(index * step), first.day), amount)
        for index, amount in enumerate(amounts)
    )


def make_plan(result: ArrearsResult, request: PlanRequest) -> NewPlan:
    """The plan as asked for, checked against the household's account at the cut-off date.

    Raises `UsageError` for an unknown household, an account with faulty cells, nothing owed, a
    plan still in force (whatever its signing date), a total above the debt or not above zero,
    parts that cannot be, and a first due date before the signing or more than a year after it.
    """
    number = resolve_household(request.household_no, result.loaded)
    request = replace(request, household_no=number)
    account = _account_of(result, number)
    _refuse_second_plan(result, request.household_no)
    owed = int(result.figures.owed[account])
    total = owed if request.total is None else request.total
    _refuse_amounts(request, owed, total)
    parts = split_debt(total, request.parts, request.first, request.rhythm)
    numbers = result.loaded.get(InstalmentPlan).column("plan_no")
    return NewPlan(next_number(numbers, _FIRST_NUMBER), request, owed, total, parts)


def plan_in_force(
    result: ArrearsResult, household_no: str
) -> tuple[tuple[Part, ...], PlanRhythm] | None:
    """The parts and the rhythm of the household's plan in force; None without one.

    Of several the one signed last. Parts with faulty cells are left out.
    """
    table, dues = result.loaded.get(InstalmentPlan), result.loaded.get(Instalment)
    households, status = table.column("household_no"), table.column("status")
    rows = [
        row
        for row in table.usable("plan_no", "household_no", "signed_on", "status", "rhythm")
        if households[row] == household_no and status[row] is PlanStatus.IN_FORCE
    ]
    if not rows:
        return None
    row = max(rows, key=lambda one: table.column("signed_on")[one])
    number = table.column("plan_no")[row]
    names = ("part", "due_on", "amount")
    parts = sorted(
        tuple(dues.column(name)[one] for name in names)
        for one in dues.usable("plan_no", *names)
        if dues.column("plan_no")[one] == number
    )
    return tuple(Part(*part) for part in parts), table.column("rhythm")[row]


def plan_change(result: ArrearsResult, plan: NewPlan, formats: Formats) -> Change:
    """One row of 分期协议 and one of 分期计划 for every part."""
    loaded, request = result.loaded, plan.request
    name = mask_name(_applicant(result, request.household_no))
    change = Plan(f"订立分期协议 {plan.plan_no}（{request.household_no} {name}）", loaded, formats)
    head = {
        "plan_no": plan.plan_no,
        "household_no": request.household_no,
        "signed_on": request.signed_on,
        "rhythm": request.rhythm,
        "total": plan.total,
        "parts": len(plan.parts),
        "status": PlanStatus.IN_FORCE,
    }
    change.add(
        loaded.get(InstalmentPlan), [head | ({"reason": request.reason} if request.reason else {})]
    )
    rows = [
        {"plan_no": plan.plan_no, "part": one.number, "due_on": one.due_on, "amount": one.amount}
        for one in plan.parts
    ]
    change.add(loaded.get(Instalment), rows)
    for note in _notes(result, plan):
        change.note(note)
    return change.build()


def _notes(result: ArrearsResult, plan: NewPlan) -> list[str]:
    """What the clerk should see before agreeing."""
    first, last = plan.parts[0], plan.parts[-1]
    notes = [
        f"截至 {result.as_of.isoformat()} 结欠 {format_yuan(plan.owed)} 元，协议金额 "
        f"{format_yuan(plan.total)} 元，{plan.request.rhythm.value} {len(plan.parts)} 期，"
        f"首期 {first.due_on.isoformat()} {format_yuan(first.amount)} 元，"
        f"末期 {last.due_on.isoformat()} {format_yuan(last.amount)} 元"
    ]
    if plan.request.signed_on > result.as_of:
        notes.append("签订日期晚于截止日期，结欠只算到截止日期；要算到签订那天，请写 --as-of")
    if plan.total < plan.owed:
        rest = format_yuan(plan.owed - plan.total)
        notes.append(f"协议金额少于结欠，其余 {rest} 元不在协议之内")
    return notes


def _day_in(month: Month, day: int) -> dt.date:
    return month.first_day.replace(day=min(day, month.last_day.day))


def _account_of(result: ArrearsResult, household_no: str) -> int:
    account = result.books.numbers.index(household_no)
    fault = bad_accounts(result).get(account)
    if fault is not None:
        raise UsageError(
            f"{household_no} 的账目里有错误的单元格（{fault}），欠租算不准，没有订立",
            advice="请先运行 zhubao check，改正后再订立。",
        )
    return account


def _applicant(result: ArrearsResult, household_no: str) -> str:
    account = result.books.numbers.index(household_no)
    return result.household_field(account, "applicant") or ""


def _refuse_second_plan(result: ArrearsResult, household_no: str) -> None:
    table = result.loaded.get(InstalmentPlan)
    rows = zip(
        table.column("household_no"), table.column("status"), table.column("plan_no"), strict=True
    )
    for index, (number, status, plan_no) in enumerate(rows):
        if number == household_no and status is PlanStatus.IN_FORCE:
            raise UsageError(
                f"{household_no} 已有履行中的分期协议 {plan_no}（{table.row_cell(index)}）",
                advice="旧协议确已结清或作废的，先在台账里改它的协议状态，再订新协议。",
            )


def _refuse_amounts(request: PlanRequest, owed: int, total: int) -> None:
    if owed <= 0:
        raise UsageError(f"{request.household_no} 没有欠租，不用订分期协议")
    if not 0 < total <= owed:
        raise UsageError(
            f"协议金额 {format_yuan(total)} 元应大于零，且不超过结欠 {format_yuan(owed)} 元",
            advice="不写 --total 就是全部欠租。",
        )
    most = min(MOST_PARTS, total)
    if not 1 <= request.parts <= most:
        raise UsageError(
            f"期数 {request.parts} 不对：应是 1 到 {most} 期",
            advice=f"请改 --parts：最多 {MOST_PARTS} 期，每期至少一分钱。",
        )
    if request.first < request.signed_on:
        raise UsageError(
            f"首期 {request.first.isoformat()} 早于签订日期 {request.signed_on.isoformat()}",
            advice="请改 --first 或 --signed。",
        )
    if request.first > request.signed_on + _LONGEST_WAIT:
        raise UsageError(
            f"首期 {request.first.isoformat()} 离签订日期 {request.signed_on.isoformat()} 超过一年",
            advice="请核对 --first 和 --signed 的年份。",
        )
