"""Why a household is charged, owes and is asked what it is: the calculation, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.finding import Cell
from zhubao.core.money import format_yuan, yuan
from zhubao.core.period import Month
from zhubao.core.report import Column, Report, Row, Table
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt
from zhubao.ledger.charge_formula import WITH_LIFT, WITHOUT_LIFT, monthly_rent_fen, price_per_m2
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Unit
from zhubao.ledger.unread import absent, refuse_none_found
from zhubao.rent.account.report import profile_table
from zhubao.rent.account.statement import (
    STATEMENT_MODELS,
    StatementResult,
    compute_statement,
    unpaid_slots,
)
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.arrears_tables import DebtSources
from zhubao.rent.letters.rounds import LetterOrder, write_round
from zhubao.rent.letters.rules import LetterRules
from zhubao.rent.postings import Postings
from zhubao.rent.steps import Ladder, PlanState, Step

EXPLAIN_MODELS = STATEMENT_MODELS
_NOT_KNOWN = "缺数据"


@dataclass(frozen=True, slots=True)
class _Reason:
    """One step of an explanation: what, how it was worked out, the outcome, on what basis."""

    item: str
    working: str
    outcome: str
    basis: str = ""
    cells: tuple[Cell, ...] = ()

    @property
    def row(self) -> Row:
        """As a row of a table."""
        return Row((self.item, self.working, self.outcome, self.basis or None), self.cells)


def explain(loaded: Loaded, config: LedgerConfig, household_no: str, as_of: dt.date) -> Report:
    """Explain one household's rent, debt, next step and letter at a date.

    `loaded` needs the sheets of `EXPLAIN_MODELS`; `household_no` may also be a lease or unit
    number. Every line names its cells; every limit names its source, unverified ones say so.
    Figures, step and letter come from the same calculations as the arrears and the letters.
    Sheets that were not found are among the findings. Raises `UsageError` for an unknown number and
    when neither 期初欠租 nor 应收 nor 实收 was found, `PolicyUnknown` for a date before the policy.
    """
    refuse_none_found(loaded, "欠不欠租不能确定", Charge, OpeningDebt, Receipt)
    unread = absent(loaded)
    result = compute_statement(loaded, household_no, as_of, overrides=config.policy)
    owed = result.figure("owed")
    advice = result.arrears.advice(result.account)
    sections = (
        ("rent", "月租金怎么来的", _rent(result, config.policy)),
        ("debt", "欠租怎么来的", _debt(result)),
        ("step", "下一步怎么定的", _steps(result, config.policy)),
        ("letter", "文书怎么定的", _letter(result, config)),
    )
    months = result.figure("unpaid_months")
    headline = (
        f"结欠 {format_yuan(owed)} 元，{months} 个月；建议：{advice.step.value}（{advice.reason}）"
    )
    return Report(
        code="rent.explain",
        title=f"计算说明（{result.household_no}）",
        bureau=config.bureau,
        as_of=as_of,
        tables=(
            profile_table(result),
            *(
                Table(key, title, _COLUMNS, [one.row for one in lines])
                for key, title, lines in sections
            ),
        ),
        notes=tuple(text for text in (result.found_by, headline) if text),
        references=tuple(f"建议的依据　{text}" for text in result.arrears.ladder.citations),
        findings=tuple(
            one for one in loaded.findings if one in unread or _is_about(one.where, result)
        ),
        facts={
            "household_no": result.household_no,
            "owed": yuan(owed),
            "unpaid_months": months,
            "step": advice.step.value,
        },
    )


def _is_about(where: Cell | None, result: StatementResult) -> bool:
    """True for a finding in a row that the account stands on."""
    rows = {(line.cell.file, line.cell.sheet, line.cell.position[0]) for line in result.lines}
    return where is not None and (where.file, where.sheet, where.position[0]) in rows


def _rent(result: StatementResult, overrides: Mapping[str, Any]) -> Iterator[_Reason]:
    """area × price = standard rent, beside the lease's rent and the last charge."""
    arrears = result.arrears
    row = arrears.homes.lease_row[result.account]
    if row < 0:
        yield _Reason("合同", "没有租赁合同", _NOT_KNOWN)
        return
    leases = arrears.loaded.get(Lease)
    lease = leases.row(row)
    standard = None
    for reason, fen in _standard(result, lease, row, overrides):
        standard = fen if fen is not None else standard
        yield reason
    rent = lease.monthly_rent
    told = "未填" if rent is None else f"{format_yuan(rent)} 元"
    yield _Reason(
        "合同月租金",
        f"合同 {lease.lease_no}",
        told,
        _compared(rent, standard, "标准租金"),
        (leases.cell(row, "monthly_rent"),),
    )
    yield from _last_charge(result, rent)


def _standard(
    result: StatementResult, lease: Any, row: int, overrides: Mapping[str, Any]
) -> Iterator[tuple[_Reason, int | None]]:
    """What the price depends on, then the product; the rent in fen comes with the last line."""
    arrears = result.arrears
    leases, units = arrears.loaded.get(Lease), arrears.loaded.get(Unit)
    column = units.column("unit_no")
    if lease.unit_no not in column:
        yield _Reason("房源", f"房源表里没有 {lease.unit_no}", _NOT_KNOWN), None
        return
    at = column.index(lease.unit_no)
    unit = units.row(at)
    tier, tier_cell = _tier(result, lease, row)
    area = lease.area_m2 if lease.area_m2 is not None else unit.billed_area_m2
    area_cell = (
        leases.cell(row, "area_m2")
        if lease.area_m2 is not None
        else units.cell(at, "billed_area_m2")
    )
    grade, lift = unit.location_grade, unit.has_lift
    yield _Reason("保障类型", "合同上的，没有时取家庭的", tier or _NOT_KNOWN, "", tier_cell), None
    yield _Reason("计租面积", "合同上的，没有时取房源的", f"{area} 平方米", "", (area_cell,)), None
    words = f"{grade}，{WITH_LIFT if lift else WITHOUT_LIFT}"
    cells = (units.cell(at, "location_grade"), units.cell(at, "has_lift"))
    yield _Reason("地段、电梯", f"房源 {lease.unit_no}", words, "", cells), None
    if tier is None or area is None or grade is None or lift is None:
        yield _Reason("标准租金", "上面有缺的数据，算不出", _NOT_KNOWN), None
        return
    yield _product(result.arrears.as_of, (area, tier, grade, lift), overrides)


def _product(
    on: dt.date, terms: tuple[Any, str, str, bool], overrides: Mapping[str, Any]
) -> tuple[_Reason, int | None]:
    try:
        area, tier, grade, lift = terms
        price = price_per_m2(tier, grade, lift, on, overrides)
        rent = monthly_rent_fen(area, tier, grade, lift, on, overrides)
        basis = policy.basis("rent.price", on, overrides)
    except policy.PolicyUnknown as fault:
        return _Reason("标准租金", fault.message, _NOT_KNOWN, fault.advice), None
    working = f"{area} 平方米 × {price} 元，四舍五入到分"
    return _Reason("标准租金", working, f"{format_yuan(rent)} 元", basis), rent


def _tier(result: StatementResult, lease: Any, row: int) -> tuple[str | None, tuple[Cell, ...]]:
    arrears = result.arrears
    if lease.tier is not None:
        return lease.tier.value, (arrears.loaded.get(Lease).cell(row, "tier"),)
    tier = arrears.household_field(result.account, "tier")
    if tier is None:
        return None, ()
    cell = arrears.loaded.get(Household).cell(arrears.books.household_rows[result.account], "tier")
    return tier.value, (cell,)


def _last_charge(result: StatementResult, rent: int | None) -> Iterator[_Reason]:
    debts = result.books.debts
    charges = [index for index in range(len(debts)) if debts.part[index] == 1]
    if not charges:
        yield _Reason("最近一期应收", "应收表里没有这一户", "无")
        return
    month = max(int(debts.month[index]) for index in charges)
    rows = [index for index in charges if int(debts.month[index]) == month]
    amount, cells = int(debts.amount[rows].sum()), debts.cells(rows)
    compared = _compared(amount, rent, "合同月租金")
    working = f"{Month(month)}{_parts_of(debts, rows)}"
    yield _Reason("最近一期应收", working, f"{format_yuan(amount)} 元", compared, cells)


def _parts_of(debts: Postings, rows: list[int]) -> str:
    """：标准 100.00 － 减免 20.00, of every row of the month that has a standard rent."""
    table, sheet_rows = debts.tables[1], [int(debts.row[index]) for index in rows]
    assert table.model is Charge
    standard, reduction = table.column("standard"), table.column("reduction")
    if any(standard[row] is None for row in sheet_rows):
        return "" if len(rows) == 1 else f"：{len(rows)} 笔合计"
    let_off = sum(reduction[row] or 0 for row in sheet_rows)
    head = "" if len(rows) == 1 else f"{len(rows)} 笔合计，"
    full = sum(standard[row] for row in sheet_rows)
    return f"：{head}标准 {format_yuan(full)} － 减免 {format_yuan(let_off)}"


def _compared(amount: int | None, other: int | None, title: str) -> str:
    if amount is None or other is None:
        return ""
    if amount == other:
        return f"与{title}一致"
    return f"比{title}{'多' if amount > other else '少'} {format_yuan(abs(amount - other))} 元"


def _debt(result: StatementResult) -> Iterator[_Reason]:
    """The sums of the account, then every unpaid month, then how the months are counted."""
    sums: dict[str, int] = {}
    cells: dict[str, list[Cell]] = {}
    for line in result.lines:
        sums[line.kind] = sums.get(line.kind, 0) + line.debit + line.credit
        cells.setdefault(line.kind, []).append(line.cell)
    for kind, amount in sums.items():
        count = f"截止日期前 {len(cells[kind])} 笔"
        yield _Reason(f"{kind}合计", count, f"{format_yuan(amount)} 元", "", tuple(cells[kind]))
    overdrawn = result.figure("overdrawn")
    tail = f" ＋ 冲正超额 {format_yuan(overdrawn)}" if overdrawn else ""
    owed, credit = (format_yuan(result.figure(name)) for name in ("owed", "credit"))
    yield _Reason(
        "余额",
        "期初欠租 ＋ 应收 － 实收（冲正为负）－ 减免核销",
        f"结欠 {owed} － 预缴 {credit}{tail}",
        "指明账单期的先抵该月，其余先抵最早的欠租",
    )
    arrears = result.arrears
    sources = DebtSources(arrears, [result.account])
    for slot in unpaid_slots(result):
        due, unpaid = (
            int(v[slot]) for v in (arrears.settled.now.payable, arrears.settled.now.unpaid)
        )
        working = f"应缴 {format_yuan(due)}，已抵 {format_yuan(due - unpaid)}"
        month = Month(int(arrears.slots.month[slot]))
        found = sources.cells_of_slot(slot)
        yield _Reason(f"未缴 {month}", working, f"{format_yuan(unpaid)} 元", "", found)
    counted = f"{result.figure('unpaid_months')} 个月"
    yield _Reason("欠租月数", "未缴清的账单月数，累计，不要求连续", counted)


def _steps(result: StatementResult, overrides: Mapping[str, Any]) -> Iterator[_Reason]:
    """What the step depends on, in the order in which it is decided (`steps.next_step`)."""
    arrears, account = result.arrears, result.account
    row = arrears.books.household_rows[account] if arrears.is_registered(account) else -1
    household = arrears.loaded.get(Household)
    owed = result.figure("owed")
    yield _Reason("有没有欠租", f"结欠 {format_yuan(owed)} 元", "有" if owed > 0 else "没有")
    yield _Reason("是否登记", "保障家庭台账里有没有这个编号", "有" if row >= 0 else "没有")
    tags = "、".join(arrears.hardship_tags(account))
    basis = _basis("arrears.hardship_words", arrears, overrides)
    cells = (household.cell(row, "hardship"), household.cell(row, "tier")) if row >= 0 else ()
    working = "困难标识、保障类型里有没有认定词；有的先走访、订计划"
    yield _Reason("困难家庭", working, tags or "不是", basis, cells)
    yield _plan(arrears, account, overrides)
    gone = "已退租，只追缴欠款" if arrears.homes.moved_out[account] else "还在住，或没有合同"
    yield _Reason("是否退租", "最后一份合同有没有退租", gone, "", _lease_cells(arrears, account))
    yield from _rungs(arrears, result.figure("unpaid_months"), overrides)
    advice = arrears.advice(account)
    yield _Reason("结论", advice.reason, advice.step.value)


def _plan(arrears: ArrearsResult, account: int, overrides: Mapping[str, Any]) -> _Reason:
    plan = arrears.plans.get(account)
    basis = _basis("arrears.plan_grace_days", arrears, overrides)
    if plan is None:
        return _Reason("分期协议", "没有未作废的分期协议", "无", basis)
    ladder = arrears.ladder
    working = (
        f"{plan.plan_no}：到期满 {ladder.grace_days} 日应缴 {format_yuan(plan.planned)}，"
        f"签订后已缴 {format_yuan(plan.received)}，容差 {format_yuan(ladder.tolerance)}"
    )
    held = "；按期履行的不往下催" if plan.state is PlanState.KEPT else ""
    return _Reason("分期协议", working, f"{plan.state.value}{held}", basis, (plan.cell,))


def _lease_cells(arrears: ArrearsResult, account: int) -> tuple[Cell, ...]:
    row = arrears.homes.lease_row[account]
    return (arrears.loaded.get(Lease).cell(row, "terminated_on"),) if row >= 0 else ()


def _rungs(arrears: ArrearsResult, months: int, overrides: Mapping[str, Any]) -> Iterator[_Reason]:
    """The limits of the ladder, the severest first; a limit is reached when equal."""
    ladder: Ladder = arrears.ladder
    for limit, step, code in (
        (ladder.vacate, Step.VACATE, "vacate_months"),
        (ladder.instalment, Step.INSTALMENT, "instalment_months"),
        (ladder.notice, Step.NOTICE, "notice_months"),
        (ladder.remind, Step.REMIND, "remind_months"),
    ):
        reached = "达到" if months >= limit else "没达到"
        working = f"欠租 {months} 个月，界限 {limit} 个月（以上含本数）"
        basis = _basis(f"arrears.{code}", arrears, overrides)
        yield _Reason(step.value, working, reached, basis)


def _basis(code: str, arrears: ArrearsResult, overrides: Mapping[str, Any]) -> str:
    return policy.in_force(code, arrears.as_of, overrides).citation


def _letter(result: StatementResult, config: LedgerConfig) -> Iterator[_Reason]:
    """The letter the step leads to, or why there is none; nothing is written or numbered."""
    arrears, account = result.arrears, result.account
    advice = arrears.advice(account)
    if int(arrears.figures.owed[account]) <= 0:
        yield _Reason("文书", "没有欠租", "不出文书")
        return
    rules = LetterRules.load(arrears.as_of, config.policy)
    order = LetterOrder(households=(result.household_no,), bureau=config.bureau or "（局名未填）")
    made = write_round(arrears, rules, order, numbered=False)
    for letter in made.letters:
        basis = arrears.ladder.vacate_article if advice.step is Step.VACATE else ""
        yield _Reason("文书", letter.reason, letter.kind.value, basis, letter.sources)
    for one in made.withheld:
        yield _Reason("文书", one.reason, "不出文书")
    if not made.letters and not made.withheld:
        yield _Reason("文书", f"“{advice.step.value}”不用文书", "不出文书")
    if advice.step is Step.VISIT:
        yield _Reason("困难家庭", "先走访、订分期计划，不自动发催缴和腾退文书", "由人工决定")


_COLUMNS = (
    Column("item", "项目"),
    Column("working", "怎么算的", width=34),
    Column("outcome", "结果"),
    Column("basis", "依据", level=2, width=50),
)
