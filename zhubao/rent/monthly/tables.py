"""The tables of the monthly rent report: by estate, by owner, collection, evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhubao.core.finding import Cell
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.core.report import Column, Ratio, Row, Table, ValueKind
from zhubao.rent.arrears_tables import estate_order, sheets_of
from zhubao.rent.figures import collection_rates
from zhubao.rent.monthly.month import NO_OWNER, Flow, MonthResult
from zhubao.rent.postings import IntArray

SIGNATURES = ("制表", "审核", "负责人", "填报日期")
_LATE_ON_A_TERMINAL = 12
_MOVED_NAMED = 5  # households named in a note
_MONEY, _COUNT, _RATIO = ValueKind.MONEY, ValueKind.COUNT, ValueKind.RATIO
_RECEIVED_NOTE = (
    "实收按抵了哪个月的账单分列（规则同欠租：指明账单期的先抵该月，其余先抵最早的）；"
    "预缴增减 ＝ 本月多收、留作以后抵用的钱 － 以前预缴在本月抵用的钱，所以可为负"
)
_SUMMED = (
    "opening", "charged", "this_month", "earlier_months", "earlier_years", "advance", "received",
    "reduced", "written_off", "closing", "owed", "credit", "overdrawn", "year_received",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LateEntry:
    """A row that touches a month already closed. `changes_closed`: its date lies there, so that
    the closing balance of that month is another one than before the row was there."""

    kind: str
    sheet: str
    number: str | None
    household_no: str
    month: Month | None  # the billing month
    day: dt.date
    amount: int
    cell: Cell
    changes_closed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of last month as filed and as the ledgers say now; rows where it sums rows."""

    title: str
    filed: int
    now: int
    filed_rows: int | None = None
    rows: int | None = None

    @property
    def differs(self) -> bool:
        """True when amount or number of rows is not the same."""
        return self.filed != self.now or self.filed_rows != self.rows


def statement_table(result: MonthResult) -> Table:
    """按小区: one row per estate; sums and closing balances are formulas in a workbook."""
    note = _moved(result, "小区", result.arrears.homes.estate, result.estate_before)
    return _statement(result, ("month", "按小区", "小区"), result.arrears.homes.estate, note)


def ownership_table(result: MonthResult) -> Table:
    """按产权: the same columns by the owner of the unit."""
    note = _moved(result, "产权", result.ownership, result.ownership_before)
    return _statement(result, ("ownership", "按产权", "产权"), result.ownership, note)


def _moved(
    result: MonthResult, what: str, now: Sequence[str], before: Sequence[str]
) -> tuple[str, ...]:
    """Why a group does not open with what it closed with: balances move with their households."""
    opening = result.flow.opening
    moved = [place for place in np.flatnonzero(opening).tolist() if now[place] != before[place]]
    if not moved:
        return ()
    listed = "；".join(
        f"{result.arrears.books.numbers[place]} {format_yuan(int(opening[place]))} 元由"
        f"{before[place]}转入{now[place]}"
        for place in moved[:_MOVED_NAMED]
    )
    more = "等" if len(moved) > _MOVED_NAMED else ""
    return (
        f"按月末所住房屋的{what}列：{len(moved):,} 户本月换到另一{what}，上期结转随户转入，"
        f"所以各{what}的上期结转与上月的结转下期有出入，合计不变（{listed}{more}）",
    )


def _statement(
    result: MonthResult, titles: tuple[str, str, str], groups: Sequence[str], notes: tuple[str, ...]
) -> Table:
    key, title, first = titles
    scope = result.arrears.with_rent_account()
    rows = [
        Row((name, *_money_values(result.flow.select(accounts))), sheets_of(result.arrears))
        for name, accounts in grouped(groups, scope)
    ]
    return Table(
        key=key,
        title=title,
        columns=(Column("group", first), *_STATEMENT_COLUMNS),
        rows=rows,
        totals=("合计", *_money_values(result.flow.select(scope))),
        summable=frozenset(_SUMMED),
        notes=(
            "上期结转 ＋ 应收 － 实收 － 减免 － 核销 ＝ 结转下期 ＝ 结欠 － 预缴 ＋ 冲正超额；"
            "结转为负是预缴",
            *notes,
        ),
        signatures=SIGNATURES,
    )


def composition_table(result: MonthResult) -> Table:
    """实收构成: what the month's receipts paid, for the whole bureau."""
    flow = result.flow
    received = flow.total("received")
    rows = [
        Row((title, flow.total(key), Ratio(flow.total(key), received, money=True), note))
        for key, title, note in _PARTS
    ]
    return Table(
        key="composition",
        title="实收构成",
        columns=_COMPOSITION_COLUMNS,
        rows=rows,
        totals=("实收合计", received, Ratio(received, received, money=True), None),
        summable=frozenset({"amount"}),
        notes=(_RECEIVED_NOTE,),
    )


def collection_table(result: MonthResult) -> Table:
    """收缴率: households and the rates of the month and of the year so far, by estate."""
    scope = result.arrears.with_rent_account()
    groups = grouped(result.arrears.homes.estate, scope)
    rows = [
        Row((name, *_collection_values(result, accounts)), sheets_of(result.arrears))
        for name, accounts in groups
    ]
    return Table(
        key="collection",
        title="收缴率",
        columns=_COLLECTION_COLUMNS,
        rows=rows,
        totals=("合计", *_collection_values(result, scope)),
        summable=frozenset(
            {"households", "charged_count", "paid_count", "in_debt", "charged", "received"}
        ),
        notes=("累计从本年 1 月 1 日起；比率的口径与欠租情况表相同",),
        signatures=SIGNATURES,
    )


def proof_table(result: MonthResult) -> Table:
    """勾稽: the equations, tested on every household; the printed figures are the totals."""
    rows = [
        Row((line.title, line.left, line.right, "✓" if line.holds else "✗"))
        for line in (*result.proof, *result.arrears.proof.lines)
    ]
    note = f"前 {len(result.proof)} 项已逐户验算，共 {result.arrears.proof.accounts:,} 户，每户都平"
    shown = len(result.proof)
    return Table("proof", "勾稽", _PROOF_COLUMNS, rows, notes=(note,), shown=shown)


def late_table(entries: Sequence[LateEntry], notes: tuple[str, ...]) -> Table:
    """补记和变动: rows that touch months already closed."""
    rows = [
        Row(
            (one.kind, one.sheet, one.number, one.household_no, one.month, one.day, one.amount),
            (one.cell,),
            "warning" if one.changes_closed else "",
        )
        for one in entries
    ]
    return Table(
        key="late",
        title="补记和变动",
        columns=_LATE_COLUMNS,
        rows=rows,
        notes=notes,
        shown=_LATE_ON_A_TERMINAL,
    )


def filed_table(differences: Sequence[Difference]) -> Table:
    """与上月存档核对: the figures as filed last month, as the ledgers say now."""
    rows = [
        Row(
            (one.title, one.filed_rows, one.rows, one.filed, one.now, one.now - one.filed),
            (),
            "warning" if one.differs else "",
        )
        for one in differences
    ]
    return Table("filed", "与上月存档核对", _FILED_COLUMNS, rows)


def grouped(names: Sequence[str], scope: IntArray) -> Iterator[tuple[str, IntArray]]:
    """Group → its accounts, by name; what is unknown comes last."""
    own = np.array(names)[scope]
    for name in sorted(set(own.tolist()), key=_order):
        yield name, scope[own == name]


def _order(name: str) -> tuple[bool, bool, str]:
    """City before district, estates by name, unknown ones last."""
    return name == NO_OWNER, *estate_order(name.replace("市级", "0市级"))


def _money_values(flow: Flow) -> tuple[Any, ...]:
    values = {name: flow.total(name) for name in _SUMMED}
    return tuple(values[column.key] for column in _STATEMENT_COLUMNS)


def _collection_values(result: MonthResult, accounts: IntArray) -> tuple[Any, ...]:
    flow = result.flow.select(accounts)
    rates = collection_rates(result.arrears.figures.select(accounts))
    year = collection_rates(result.year.select(accounts))
    return (
        len(accounts),
        flow.total("was_charged"),
        flow.total("has_paid"),
        flow.total("in_debt"),
        rates.current,
        rates.old_debt,
        flow.total("year_charged"),
        flow.total("year_received"),
        year.current,
        year.combined,
    )


def _quotient(key: str) -> str:
    """A percentage from the two columns beside it."""
    top, bottom = f"{{{key}.numerator}}", f"{{{key}.denominator}}"
    return f'IF({bottom}=0,"—",{top}/{bottom})'


def _rate(key: str, title: str, level: int, note: str) -> Column:
    return Column(key, title, _RATIO, level, note=note, formula=_quotient(key))


_PARTS = (
    ("this_month", "抵本月份", "账单期为本月"),
    ("earlier_months", "抵本年以前月份", "账单期为本年、早于本月"),
    ("earlier_years", "抵以前年度", "账单期在以前年度，含启用台账前的欠租"),
    ("advance", "预缴增减", "新增预缴减去本月抵用的预缴；含抵以后月份的"),
)
_STATEMENT_COLUMNS = (
    Column("opening", "上期结转", _MONEY, note="上月末余额；负数是预缴"),
    Column("charged", "应收", _MONEY, note="本月入账的应收，含补记以前月份的"),
    Column("this_month", "实收本月份", _MONEY, 2, note="抵了本月账单的实收"),
    Column("earlier_months", "实收以前月份", _MONEY, 2, note="抵了本年以前月份账单的实收"),
    Column("earlier_years", "实收以前年度", _MONEY, 2, note="抵了以前年度账单的实收"),
    Column("advance", "预缴增减", _MONEY, 2, note="新增预缴减去本月抵用的预缴"),
    Column(
        "received",
        "实收合计",
        _MONEY,
        note="本月收到的全部租金",
        formula="ROUND({this_month}+{earlier_months}+{earlier_years}+{advance},2)",
    ),
    Column("reduced", "减免", _MONEY, 2, note="减免表中本月批准的减免"),
    Column("written_off", "核销", _MONEY, 2, note="减免表中本月批准的核销"),
    Column(
        "closing",
        "结转下期",
        _MONEY,
        2,
        note="上期结转 ＋ 应收 － 实收 － 减免 － 核销",
        formula="ROUND({opening}+{charged}-{received}-{reduced}-{written_off},2)",
    ),
    Column("owed", "结欠", _MONEY, note="欠租户所欠合计"),
    Column("credit", "预缴", _MONEY, 2, note="多缴、尚未抵用的钱"),
    Column("overdrawn", "冲正超额", _MONEY, 3, note="冲正超过该户全部已收的部分"),
    Column("year_received", "本年累计实收", _MONEY, 2),
)
_COMPOSITION_COLUMNS = (
    Column("part", "项目"),
    Column("amount", "金额", _MONEY),
    _rate("share", "占实收", 1, "÷ 本月实收合计"),
    Column("note", "口径", level=2),
)
_COLLECTION_COLUMNS = (
    Column("estate", "小区"),
    Column("households", "户数", _COUNT, 2, note="有租赁合同或有应收、实收的家庭"),
    Column("charged_count", "应收户", _COUNT, 2, note="本月有应收入账的家庭"),
    Column("paid_count", "缴款户", _COUNT, 2, note="本月有收款的家庭，只有冲正的不算"),
    Column("in_debt", "欠租户", _COUNT),
    _rate("current", "本月收缴率", 1, "收到的本月应收 ÷ 本月应收；含以前预缴抵用的"),
    _rate("old_debt", "清欠率", 1, "收到的上月末旧欠 ÷ 上月末欠租（不扣预缴）"),
    Column("charged", "累计应收", _MONEY, 2),
    Column("received", "累计实收", _MONEY, 2),
    _rate("year_current", "累计收缴率", 1, "收到的本年应收 ÷ 本年累计应收"),
    _rate("year_combined", "累计综合率", 2, "本年累计实收 ÷（年初欠租 ＋ 本年累计应收）"),
)
_PROOF_COLUMNS = (
    Column("equation", "等式"),
    Column("left", "左边", _MONEY),
    Column("right", "右边", _MONEY),
    Column("holds", "结果"),
)
_LATE_COLUMNS = (
    Column("kind", "类型"),
    Column("sheet", "表", level=2),
    Column("number", "编号", ValueKind.IDENTITY),
    Column("household_no", "家庭编号", ValueKind.IDENTITY),
    Column("month", "账单期", ValueKind.MONTH),
    Column("day", "日期", ValueKind.DATE),
    Column("amount", "金额", _MONEY),
)
_FILED_COLUMNS = (
    Column("title", "项目"),
    Column("filed_rows", "存档笔数", _COUNT, 2),
    Column("rows", "现在笔数", _COUNT, 2),
    Column("filed", "存档金额", _MONEY),
    Column("now", "现在金额", _MONEY),
    Column("difference", "相差", _MONEY, formula="ROUND({now}-{filed},2)"),
)
