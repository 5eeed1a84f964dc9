"""The account statement for the counter: who, what was charged and paid, what is still unpaid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.masking import mask_name
from zhubao.core.money import format_yuan, yuan
from zhubao.core.period import Month
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.arrears import CollectionVisit, Instalment, RentLetter
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Unit
from zhubao.rent.account.statement import StatementResult, rows_of, unpaid_slots
from zhubao.rent.arrears_tables import DebtSources
from zhubao.rent.figures import AGE_TITLES, age_class
from zhubao.rent.postings import NO_MONTH

_LINES_ON_A_TERMINAL = 60


def statement_report(
    result: StatementResult,
    *,
    bureau: str = "",
    show_personal: bool = False,
    findings: tuple[Finding, ...] = (),
) -> Report:
    """The report; the name is masked unless `show_personal`. Empty tables are left out."""
    tables = (
        profile_table(result, show_personal=show_personal),
        account_table(result),
        unpaid_table(result),
        allotment_table(result),
        _instalment_table(result),
        _letter_table(result),
        _visit_table(result),
    )
    as_of = result.arrears.as_of
    period = f"{result.start} 至 {as_of}" if result.start else f"账面开始至 {as_of}"
    return Report(
        code="rent.statement",
        title=f"租金对账单（{result.household_no}）",
        bureau=bureau,
        as_of=as_of,
        period=period,
        tables=tuple(table for table in tables if table.rows or table.key in _ALWAYS),
        notes=tuple(_notes(result)),
        findings=findings,
        facts=_facts(result),
    )


def profile_table(result: StatementResult, *, show_personal: bool = False) -> Table:
    """概况: household, leases, plan, step, letters and visits, each with its row."""
    rows = [
        Row((item, text), cells)
        for item, text, cells in (
            *_household_lines(result, show_personal=show_personal),
            *_lease_lines(result),
            *_state_lines(result),
        )
    ]
    return Table("profile", "概况", _PROFILE_COLUMNS, rows)


_Fact = tuple[str, str, tuple[Cell, ...]]


def _household_lines(result: StatementResult, *, show_personal: bool) -> Iterator[_Fact]:
    arrears, account = result.arrears, result.account
    yield "家庭编号", result.household_no, ()
    if not arrears.is_registered(account):
        yield "登记", "保障家庭台账里没有这个编号，请核对", ()
        return
    table, row = arrears.loaded.get(Household), arrears.books.household_rows[account]
    name = table.column("applicant")[row] or ""
    shown = name if show_personal else mask_name(name)
    yield "姓名", shown, (table.cell(row, "applicant"),)
    tier, status = table.column("tier")[row], table.column("status")[row]
    words = "、".join(one.value for one in (tier, status) if one)
    yield "保障类型、状态", words, (table.cell(row, "tier"), table.cell(row, "status"))
    if table.column("hardship")[row]:
        yield "困难标识", table.column("hardship")[row], (table.cell(row, "hardship"),)


def _lease_lines(result: StatementResult) -> Iterator[_Fact]:
    """Every lease of the household, the latest first, with its unit."""
    loaded = result.arrears.loaded
    leases = loaded.get(Lease)
    numbers, starts = leases.column("household_no"), leases.column("starts_on")
    rows = [
        row
        for row in leases.usable("household_no", "starts_on")
        if numbers[row] == result.household_no
    ]
    if not rows:
        yield "合同", "没有租赁合同", ()
    for row in sorted(rows, key=lambda row: starts[row], reverse=True):
        one = leases.row(row)
        rent = f"月租金 {format_yuan(one.monthly_rent)} 元" if one.monthly_rent is not None else ""
        status = one.status.value if one.status else ""
        left = f"{one.terminated_on} 退租" if one.terminated_on else ""
        term = f"{one.starts_on} 至 {one.ends_on or '（未填）'}"
        text = "，".join(part for part in (term, status, left, rent) if part)
        yield f"合同 {one.lease_no}", text, (leases.row_cell(row),)
        yield from _unit_line(loaded.get(Unit), one.unit_no)


def _unit_line(units: Any, unit_no: str | None) -> Iterator[_Fact]:
    column = units.column("unit_no")
    if unit_no not in column:
        yield f"房源 {unit_no or '（未填）'}", "房源表里没有这套房", ()
        return
    row = column.index(unit_no)
    one = units.row(row)
    place = " ".join(part for part in (one.estate, one.building, one.entrance, one.room) if part)
    owner = one.ownership.value if one.ownership else ""
    area = f"计租面积 {one.billed_area_m2} 平方米" if one.billed_area_m2 is not None else ""
    text = "，".join(part for part in (place, owner, area) if part)
    yield f"房源 {unit_no}", text, (units.row_cell(row),)


def _state_lines(result: StatementResult) -> Iterator[_Fact]:
    arrears, account = result.arrears, result.account
    advice, plan = arrears.advice(account), arrears.plans.get(account)
    owed, credit = result.figure("owed"), result.figure("credit")
    oldest = result.figure("oldest_month")
    since = f"，最早 {Month(oldest)}" if oldest != NO_MONTH else ""
    months = f"{result.figure('unpaid_months')} 个月{since}" if owed else "没有欠租"
    yield "结欠", f"{format_yuan(owed)} 元，{months}", ()
    if credit:
        yield "预缴", f"{format_yuan(credit)} 元", ()
    if plan:
        paid = f"到期应缴 {format_yuan(plan.planned)}，签订后已缴 {format_yuan(plan.received)}"
        yield (
            f"分期 {plan.plan_no}",
            f"{plan.signed_on} 签订，{plan.state.value}；{paid}",
            (plan.cell,),
        )
    yield "建议", f"{advice.step.value}（{advice.reason}）", ()


def account_table(result: StatementResult) -> Table:
    """账目: the postings with the balance after each; what came before `start` in one line."""
    rows = [
        Row(
            (one.day, one.kind, one.number, one.month, one.debit or None, one.credit or None,
             one.balance, one.note),
            (one.cell,),
        )
        for one in result.lines
    ]  # fmt: skip
    if result.start is not None:
        brought = (result.start, "承前余额", None, None, None, None, result.brought, None)
        rows.insert(0, Row(brought, (), "total"))
    debit, credit = (
        sum(getattr(one, name) for one in result.lines) for name in ("debit", "credit")
    )
    closing = result.brought + debit - credit
    return Table(
        key="account",
        title="账目",
        columns=_ACCOUNT_COLUMNS,
        rows=rows,
        totals=("合计", None, None, None, debit, credit, closing, None),
        summable=frozenset({"debit", "credit"}),
        notes=("余额为负是预缴；同一天先记应收、后记缴款",),
        shown=_LINES_ON_A_TERMINAL,
    )


def unpaid_table(result: StatementResult) -> Table:
    """未缴清的月份, as in the arrears."""
    arrears, slots = result.arrears, result.arrears.slots
    sources = DebtSources(arrears, [result.account])
    now, rows = arrears.settled.now, []
    for slot in unpaid_slots(result):
        month = Month(int(slots.month[slot]))
        due, unpaid = int(now.payable[slot]), int(now.unpaid[slot])
        age = max(Month.containing(arrears.as_of) - month + 1, 1)
        source = "期初欠租" if slots.opening[slot] else "应收"
        values = (month, source, due, due - unpaid, unpaid, AGE_TITLES[age_class(age)])
        rows.append(Row(values, sources.cells_of_slot(slot)))
    due, paid, unpaid = (sum(row.values[place] for row in rows) for place in (2, 3, 4))
    return Table(
        key="unpaid",
        title="未缴清的月份",
        columns=_UNPAID_COLUMNS,
        rows=rows,
        totals=("合计", None, due, paid, unpaid, None),
        summable=frozenset({"due", "paid", "unpaid"}),
    )


def allotment_table(result: StatementResult) -> Table:
    """抵扣: payment → months, by the rule over all postings up to the cut-off date."""
    lines = {line.money: line for line in result.lines if line.money is not None}
    shares = [one for one in result.allotment.shares if one.money in lines]
    shares.sort(
        key=lambda one: (lines[one.money].day, one.money, one.month is None, not one.opening)
    )
    rows = []
    said: set[int] = set()
    for one in shares:
        line = lines[one.money]
        note = "" if one.money in said else _moved(result, one.money)
        said.add(one.money)
        target = _target(one.reversed, one.opening) if one.month is None or one.opening else "应收"
        values = (line.day, line.kind, line.number, one.month, target, one.amount, note or None)
        rows.append(Row(values, (line.cell,), "warning" if note else ""))
    notes = ["先抵指明的账单期，其余先抵最早的欠租；按截止日期前的全部账目计算"]
    if any(row.values[6] for row in rows):
        notes.append(
            "“原抵”是收款当天的抵扣；后来有指明账单期的缴款、补记的应收或冲正，按规则重排了"
        )
    return Table(
        key="allotment",
        title="抵扣（每笔缴款抵了哪个月）",
        columns=_ALLOTMENT_COLUMNS,
        rows=rows,
        notes=tuple(notes),
        shown=_LINES_ON_A_TERMINAL,
    )


def _target(reversed_: bool, opening: bool) -> str:
    if opening:
        return "期初欠租"
    return "冲正" if reversed_ else "预缴"


def _moved(result: StatementResult, money: int) -> str:
    """原抵 2020-03 100.00、2020-04 20.00, where it is no longer so."""
    first = result.moved.get(money, {})
    parts = (f"{month} {format_yuan(amount)}" for (month, _), amount in sorted(first.items()))
    return f"原抵 {'、'.join(parts)}" if first else ""


def _instalment_table(result: StatementResult) -> Table:
    """分期: the parts of the plan that counts."""
    plan = result.arrears.plans.get(result.account)
    table = result.arrears.loaded.get(Instalment)
    rows = [
        Row(
            (table.column("part")[row], table.column("due_on")[row], table.column("amount")[row],
             "已到期" if table.column("due_on")[row] <= result.arrears.as_of else "未到期"),
            (table.cell(row, "amount"),),
        )
        for row in table.usable("plan_no", "due_on", "amount")
        if plan and table.column("plan_no")[row] == plan.plan_no
    ]  # fmt: skip
    return Table("instalments", "分期计划", _INSTALMENT_COLUMNS, rows)


def _letter_table(result: StatementResult) -> Table:
    """催缴文书."""
    table = result.arrears.loaded.get(RentLetter)
    rows = []
    for row in rows_of(
        result.arrears.loaded, RentLetter, result.household_no, "issued_on", result.arrears.as_of
    ):
        one = table.row(row)
        kind = one.kind.value if one.kind else ""
        values = (one.issued_on, kind, one.letter_no, one.amount, one.delivered_on, one.delivery)
        rows.append(Row(values, (table.row_cell(row),)))
    return Table("letters", "催缴文书", _LETTER_COLUMNS, rows)


def _visit_table(result: StatementResult) -> Table:
    """收租走访."""
    table = result.arrears.loaded.get(CollectionVisit)
    rows = []
    for row in rows_of(
        result.arrears.loaded,
        CollectionVisit,
        result.household_no,
        "visited_on",
        result.arrears.as_of,
    ):
        one = table.row(row)
        values = (one.visited_on, one.visitor, one.met, one.result, one.promised)
        rows.append(Row(values, (table.row_cell(row),)))
    return Table("visits", "收租走访", _VISIT_COLUMNS, rows)


def _notes(result: StatementResult) -> Iterator[str]:
    if result.found_by:
        yield result.found_by
    debit, credit = (
        sum(getattr(one, name) for one in result.lines) for name in ("debit", "credit")
    )
    owed, ahead = result.figure("owed"), result.figure("credit")
    overdrawn = result.figure("overdrawn")
    tail = f" ＋ 冲正超额 {format_yuan(overdrawn)}" if overdrawn else ""
    yield (
        f"承前 {format_yuan(result.brought)} ＋ 应收 {format_yuan(debit)} － 缴款和减免 "
        f"{format_yuan(credit)} ＝ 结欠 {format_yuan(owed)} － 预缴 {format_yuan(ahead)}{tail} ✓"
    )


def _facts(result: StatementResult) -> dict[str, Any]:
    names = ("owed", "credit", "overdrawn")
    return {
        "household_no": result.household_no,
        **{name: yuan(result.figure(name)) for name in names},
        "unpaid_months": result.figure("unpaid_months"),
        "step": result.arrears.advice(result.account).step.value,
        "moved_payments": len(result.moved),
    }


_ALWAYS = ("profile", "account", "unpaid")
_MONEY, _DATE = ValueKind.MONEY, ValueKind.DATE
_PROFILE_COLUMNS = (Column("item", "项目"), Column("text", "内容", width=56))
_ACCOUNT_COLUMNS = (
    Column("day", "日期", _DATE),
    Column("kind", "摘要"),
    Column("number", "编号", ValueKind.IDENTITY, 2),
    Column("month", "账单期", ValueKind.MONTH),
    Column("debit", "应收", _MONEY),
    Column("credit", "缴款减免", _MONEY),
    Column("balance", "余额", _MONEY),
    Column("note", "说明", level=2),
)
_UNPAID_COLUMNS = (
    Column("month", "账单期", ValueKind.MONTH),
    Column("kind", "来自"),
    Column("due", "应缴", _MONEY),
    Column("paid", "已抵", _MONEY),
    Column("unpaid", "未缴", _MONEY, formula="ROUND({due}-{paid},2)"),
    Column("age_class", "账龄"),
)
_ALLOTMENT_COLUMNS = (
    Column("day", "日期", _DATE),
    Column("kind", "类别"),
    Column("number", "编号", ValueKind.IDENTITY),
    Column("month", "抵账单期", ValueKind.MONTH),
    Column("target", "抵到"),
    Column("amount", "金额", _MONEY),
    Column("moved", "说明", level=2),
)
_INSTALMENT_COLUMNS = (
    Column("part", "期次", ValueKind.COUNT),
    Column("due_on", "应缴日期", _DATE),
    Column("amount", "应缴金额", _MONEY),
    Column("state", "情况"),
)
_LETTER_COLUMNS = (
    Column("issued_on", "出具日期", _DATE),
    Column("kind", "文书"),
    Column("letter_no", "文书编号", ValueKind.IDENTITY),
    Column("amount", "欠租金额", _MONEY),
    Column("delivered_on", "送达日期", _DATE),
    Column("delivery", "送达方式", level=2),
)
_VISIT_COLUMNS = (
    Column("visited_on", "走访日期", _DATE),
    Column("visitor", "走访人"),
    Column("met", "见到"),
    Column("result", "结果", width=30),
    Column("promised", "承诺缴款", _MONEY),
)
