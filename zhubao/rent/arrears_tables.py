"""The tables a clerk reads first: totals per estate, households in debt, ageing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhubao.core.finding import Cell
from zhubao.core.masking import mask_name
from zhubao.core.period import Month
from zhubao.core.report import Chart, Column, Row, Table, ValueKind
from zhubao.ledger.tenants import Household, Lease
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.figures import AGE_TITLES, Figures, collection_rates
from zhubao.rent.homes import NO_ESTATE, UNREGISTERED
from zhubao.rent.postings import NO_MONTH, IntArray

_ROWS_ON_A_TERMINAL = 30
_SUMMED = (
    "opening", "charged", "received", "written_off", "owed", "credit", "overdrawn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """What the report is asked to show: the accounts of the estate, and those of them listed."""

    scope: IntArray  # accounts in the summary and the ageing
    listed: IntArray  # accounts in the detail list, in order


def estates_in(result: ArrearsResult, scope: IntArray) -> list[tuple[str, IntArray]]:
    """Estate → its accounts, by name; households without estate or registration come last."""
    names = np.array(result.homes.estate)[scope]
    order = sorted(set(names.tolist()), key=estate_order)
    return [(name, scope[names == name]) for name in order]


def estate_order(name: str) -> tuple[bool, str]:
    """Sort key: by name, and what is no estate last."""
    return name in _LAST, name


def summary_table(result: ArrearsResult, selection: Selection) -> Table:
    """汇总: one row per estate with the statement and the three collection rates."""
    rows = [
        Row(_summary_values(name, result.figures.select(accounts)), sheets_of(result))
        for name, accounts in estates_in(result, selection.scope)
    ]
    return Table(
        key="summary",
        title="汇总",
        columns=_SUMMARY_COLUMNS,
        rows=rows,
        totals=_summary_values("合计", result.figures.select(selection.scope)),
        summable=frozenset({"households", "in_debt", *_SUMMED}),
        notes=("期初 ＋ 应收 － 实收 － 减免核销 ＝ 结欠 ＋ 冲正超额 － 预缴；期初为负是上期预缴",),
    )


def rates_table(result: ArrearsResult, selection: Selection) -> Table:
    """收缴率: the three collection rates of the scope with both numbers and what they mean."""
    rates = collection_rates(result.figures.select(selection.scope))
    rows = [
        Row((column.title, getattr(rates, column.key), column.note))
        for column in _SUMMARY_COLUMNS
        if column.kind is _RATIO
    ]
    return Table("rates", "收缴率", _RATE_COLUMNS, rows)


def detail_table(result: ArrearsResult, selection: Selection, sources: DebtSources) -> Table:
    """明细: one row per household in debt."""
    rows = [_detail_row(result, int(account), sources) for account in selection.listed]
    figures = result.figures.select(selection.listed)
    totals = {name: int(getattr(figures, name).sum()) for name in _SUMMED if name != "credit"}
    for place in range(len(AGE_TITLES)):
        totals[f"age_{place}"] = int(figures.ages[:, place].sum())
    return Table(
        key="detail",
        title="明细",
        columns=_DETAIL_COLUMNS,
        rows=rows,
        totals=("合计", *(totals.get(column.key) for column in _DETAIL_COLUMNS[1:])),
        summable=frozenset(totals),
        shown=_ROWS_ON_A_TERMINAL,
    )


def ageing_table(result: ArrearsResult, selection: Selection) -> Table:
    """账龄: the debt per estate by age class; the classes sum to the debt."""
    rows = [
        Row(_ageing_values(name, result.figures.select(accounts)), sheets_of(result))
        for name, accounts in estates_in(result, selection.scope)
        if result.figures.owed[accounts].any()
    ]
    keys = tuple(f"age_{place}" for place in range(len(AGE_TITLES)))
    return Table(
        key="ageing",
        title="账龄",
        columns=_AGEING_COLUMNS,
        rows=rows,
        totals=_ageing_values("合计", result.figures.select(selection.scope)),
        summable=frozenset({"in_debt", "owed", *keys}),
        notes=("账龄从账单月算到截止月，截止月本月的账单算 1 个月",),
        charts=(Chart("column", "各小区欠租账龄（元）", "estate", keys, stacked=True),),
    )


def sheets_of(result: ArrearsResult) -> tuple[Cell, ...]:
    """The four money sheets as they were read: the source of every total."""
    tables = (*result.books.debts.tables, *result.books.money.tables)
    places = (Cell(part.file, part.sheet) for table in tables for part in table.segments)
    return tuple(dict.fromkeys(places))


class DebtSources:
    """The cells of unpaid debts by account and slot, looked up once for all tables."""

    def __init__(self, result: ArrearsResult, accounts: Iterable[int]) -> None:
        wanted = np.zeros(result.books.size, bool)
        wanted[list(accounts)] = True
        unpaid = (result.settled.now.unpaid > 0) & wanted[result.slots.account]
        of_debt = result.slots.of_debt
        rows = np.flatnonzero(unpaid[of_debt]) if len(of_debt) else of_debt
        self._slots: dict[int, list[int]] = {}
        self._cells: dict[int, list[Cell]] = {}
        for slot in np.flatnonzero(unpaid).tolist():
            self._slots.setdefault(int(result.slots.account[slot]), []).append(slot)
            self._cells[slot] = []
        for row, slot in zip(rows.tolist(), of_debt[rows].tolist(), strict=True):
            self._cells[slot].append(result.books.debts.cell(row))

    def slots(self, account: int) -> Sequence[int]:
        """The unpaid slots of an account, in the order they are paid."""
        return self._slots.get(account, ())

    def cells_of_slot(self, slot: int) -> tuple[Cell, ...]:
        """The amount cells of one account and month."""
        return tuple(self._cells[slot])

    def cells(self, account: int) -> list[Cell]:
        """The amount cells of all unpaid debts of an account."""
        return [cell for slot in self.slots(account) for cell in self._cells[slot]]


def shown_name(result: ArrearsResult, account: int) -> str:
    """The masked name; a number the ledger does not know has none."""
    if not result.is_registered(account):
        return "（未登记）"
    return mask_name(result.household_field(account, "applicant") or "")


def _summary_values(name: str, figures: Figures) -> tuple[Any, ...]:
    rates = collection_rates(figures)
    in_debt = int(np.count_nonzero(figures.owed))
    sums = [int(getattr(figures, key).sum()) for key in _SUMMED]
    return (
        name, len(figures.owed), in_debt, *sums, rates.current, rates.old_debt, rates.combined
    )  # fmt: skip


def _ageing_values(name: str, figures: Figures) -> tuple[Any, ...]:
    ages = figures.ages.sum(axis=0).tolist()
    return (name, int(np.count_nonzero(figures.owed)), *ages, int(figures.owed.sum()))


def _detail_row(result: ArrearsResult, account: int, sources: DebtSources) -> Row:
    figures, advice = result.figures, result.advice(account)
    months = int(figures.unpaid_months[account])
    oldest = int(figures.oldest_month[account])
    reached = months >= result.ladder.vacate
    values = {
        "household_no": result.books.numbers[account],
        "name": shown_name(result, account),
        "estate": result.homes.estate[account],
        "unpaid_months": months,
        "oldest_month": Month(oldest) if oldest != NO_MONTH else None,
        "step": advice.step.value,
        "reason": advice.reason,
        "reached": "是" if reached else None,
        "multiple": result.rent_multiple(account),
        "hardship": "、".join(result.hardship_tags(account)) or None,
        "plan": result.plan_state(account).value or None,
        "last_payment": _day(int(result.last_payment[account])),
        "last_visit": _day(int(result.last_visit[account])),
        **{key: int(getattr(figures, key)[account]) for key in _SUMMED},
        **{f"age_{place}": int(fen) for place, fen in enumerate(figures.ages[account])},
    }
    return Row(
        tuple(values[column.key] for column in _DETAIL_COLUMNS),
        _detail_sources(result, account, sources),
        "warning" if reached else "",
    )


def _detail_sources(result: ArrearsResult, account: int, sources: DebtSources) -> tuple[Cell, ...]:
    """Household, lease, plan, then every unpaid row."""
    cells: list[Cell] = []
    if result.is_registered(account):
        row = result.books.household_rows[account]
        cells.append(result.loaded.get(Household).row_cell(row))
    lease = result.homes.lease_row[account]
    if lease >= 0:
        cells.append(result.loaded.get(Lease).row_cell(lease))
    if account in result.plans:
        cells.append(result.plans[account].cell)
    return (*cells, *sources.cells(account))


def _day(ordinal: int) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None


_LAST = (NO_ESTATE, UNREGISTERED)
_MONEY, _COUNT, _RATIO = ValueKind.MONEY, ValueKind.COUNT, ValueKind.RATIO
_AGE_COLUMNS = tuple(Column(f"age_{i}", title, _MONEY) for i, title in enumerate(AGE_TITLES))
_SUMMARY_COLUMNS = (
    Column("estate", "小区"),
    Column("households", "户数", _COUNT, 2, note="有租赁合同或有应收、实收的家庭"),
    Column("in_debt", "欠租户", _COUNT),
    Column("opening", "期初", _MONEY, 2, note="期间开始前一天的余额；负数是预缴"),
    Column("charged", "应收", _MONEY),
    Column("received", "实收", _MONEY),
    Column("written_off", "减免核销", _MONEY, 2),
    Column("owed", "结欠", _MONEY),
    Column("credit", "预缴", _MONEY, 3, note="多缴、尚未抵用的钱"),
    Column("overdrawn", "冲正超额", _MONEY, 3, note="冲正超过该户全部已收的部分"),
    Column("current", "当期收缴率", _RATIO, note="收到的本期租金 ÷ 本期应收；含以前预缴抵用的"),
    Column("old_debt", "清欠率", _RATIO, 2, note="收到的期初前旧欠 ÷ 期初欠租（不扣预缴）"),
    Column("combined", "综合收缴率", _RATIO, 2, note="本期实收 ÷（期初欠租 ＋ 本期应收）"),
)
_DETAIL_COLUMNS = (
    Column("household_no", "家庭编号", ValueKind.IDENTITY),
    Column("name", "姓名"),
    Column("estate", "小区"),
    Column("opening", "期初", _MONEY, 3),
    Column("charged", "应收", _MONEY, 3),
    Column("received", "实收", _MONEY, 3),
    Column("written_off", "减免核销", _MONEY, 3),
    Column("overdrawn", "冲正超额", _MONEY, 3),
    Column("owed", "结欠", _MONEY),
    Column("unpaid_months", "月数", _COUNT, note="未缴清的账单月数，累计，不要求连续"),
    Column("oldest_month", "最早", ValueKind.MONTH, note="最早的未缴清账单月"),
    Column("multiple", "欠租÷月租", ValueKind.NUMBER, 2, note="结欠 ÷ 现行合同月租金"),
    *(Column(age.key, age.title, _MONEY, 3) for age in _AGE_COLUMNS),
    Column("hardship", "困难标识", level=2),
    Column("plan", "分期", level=2),
    Column("last_payment", "最近缴款", ValueKind.DATE, 2),
    Column("last_visit", "最近走访", ValueKind.DATE, 2),
    Column("reached", "达腾退月数", level=3, note="累计欠租达到规定月数"),
    Column("step", "建议"),
    Column("reason", "理由", level=3),
)
_AGEING_COLUMNS = (
    Column("estate", "小区"),
    Column("in_debt", "户数", _COUNT, 2),
    *_AGE_COLUMNS,
    Column("owed", "合计", _MONEY),
)
_RATE_COLUMNS = (
    Column("rate", "项目"),
    Column("value", "比率", _RATIO),
    Column("definition", "口径", level=2),
)
