"""The tables that back the others: every unpaid charge, every exception, every equation."""

from __future__ import annotations

from zhubao.core.period import Month
from zhubao.core.report import Column, Row, Table, ValueKind
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.arrears_tables import DebtSources, Selection, sheets_of, shown_name
from zhubao.rent.figures import AGE_TITLES, age_class

_EXCEPTIONS_ON_A_TERMINAL = 10
_WHOLE_BUREAU = "本表为全局数据，不受小区、月数筛选影响"


def basis_table(result: ArrearsResult, selection: Selection, sources: DebtSources) -> Table:
    """依据: one row per unpaid month of the listed households, with the rows it was charged in."""
    rows = [
        _basis_row(result, int(account), slot, sources)
        for account in selection.listed
        for slot in sources.slots(int(account))
    ]
    sums = [sum(row.values[place] for row in rows) for place in (5, 6, 7)]
    return Table(
        key="basis",
        title="依据",
        columns=_BASIS_COLUMNS,
        rows=rows,
        totals=("合计", None, None, None, None, *sums, None, None),
        summable=frozenset({"charged", "settled", "unpaid"}),
        notes=("已抵 ＝ 指定该月的缴款和减免，加上按“先抵最早欠租”分到该月的缴款和减免",),
        shown=0,
    )


def exceptions_table(result: ArrearsResult) -> Table:
    """例外: what does not fit, for the whole bureau."""
    rows = [
        Row((item.kind.value, item.household_no, item.amount, item.detail), item.cells, "warning")
        for item in result.exceptions
    ]
    return Table(
        key="exceptions",
        title="例外",
        columns=_EXCEPTION_COLUMNS,
        rows=rows,
        notes=(f"所列金额除“未计入的行”外都已算入合计；{_WHOLE_BUREAU}",) if rows else (),
        shown=_EXCEPTIONS_ON_A_TERMINAL,
    )


def proof_table(result: ArrearsResult) -> Table:
    """勾稽: the equations that were tested, both sides to the fen, for the whole bureau."""
    rows = [
        Row(
            (line.title, line.left, line.right, "✓" if line.holds else "✗"),
            sheets_of(result),
            "" if line.holds else "error",
        )
        for line in result.proof.lines
    ]
    note = f"账户等式已逐户验算，共 {result.proof.accounts:,} 户，每户都平；{_WHOLE_BUREAU}"
    return Table("proof", "勾稽", _PROOF_COLUMNS, rows, notes=(note,))


def _basis_row(result: ArrearsResult, account: int, slot: int, sources: DebtSources) -> Row:
    slots, now = result.slots, result.settled.now
    month = Month(int(slots.month[slot]))
    payable, unpaid = int(now.payable[slot]), int(now.unpaid[slot])
    age = max(Month.containing(result.as_of) - month + 1, 1)
    return Row(
        (
            result.books.numbers[account],
            shown_name(result, account),
            result.homes.estate[account],
            month,
            "期初欠租" if slots.opening[slot] else "应收",
            payable,
            payable - unpaid,
            unpaid,
            age,
            AGE_TITLES[age_class(age)],
        ),
        sources.cells_of_slot(slot),
    )


_BASIS_COLUMNS = (
    Column("household_no", "家庭编号", ValueKind.IDENTITY),
    Column("name", "姓名", level=2),
    Column("estate", "小区", level=2),
    Column("month", "账单期", ValueKind.MONTH),
    Column("kind", "来自", note="期初欠租表或应收表"),
    Column("charged", "应缴", ValueKind.MONEY),
    Column("settled", "已抵", ValueKind.MONEY),
    Column("unpaid", "未缴", ValueKind.MONEY),
    Column("age", "账龄（月）", ValueKind.COUNT),
    Column("age_class", "账龄段", level=2),
)
_EXCEPTION_COLUMNS = (
    Column("kind", "类型"),
    Column("household_no", "家庭编号", ValueKind.IDENTITY),
    Column("amount", "金额", ValueKind.MONEY),
    Column("detail", "说明"),
)
_PROOF_COLUMNS = (
    Column("equation", "等式"),
    Column("left", "左边", ValueKind.MONEY),
    Column("right", "右边", ValueKind.MONEY),
    Column("holds", "结果"),
)
