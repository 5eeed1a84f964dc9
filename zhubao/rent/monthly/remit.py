"""租金汇缴: rent received by the owner of the unit, what was paid on, and the difference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.money import format_yuan, yuan
from zhubao.core.period import Month, Period
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.arrears import Charge, Receipt, Remittance
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Ownership, Unit
from zhubao.rent.monthly.month import NO_OWNER, Taking, takings_of

REMIT_MODELS = (Unit, Household, Lease, Charge, Receipt, Remittance)
_SHOWN = 20

PERIOD_UNREADABLE = declare(
    "RE-245",
    "汇缴的所属期间看不懂",
    Severity.WARNING,
    "所属期间写的是“{text}”，这笔 {amount} 元没有算进汇缴率",
    "写成 2020-06、2020-Q2 或 2020-H1 这样的期间",
    bad="所属期间写“六月”",
    good="所属期间写“2020-06”",
)
PERIOD_ACROSS = declare(
    "RE-246",
    "汇缴的所属期间跨出统计期间",
    Severity.NOTICE,
    "所属期间 {text} 只有一部分在统计期间里，这笔 {amount} 元没有算进汇缴率",
    "需要时换一个包含它的统计期间再看，如 --period 2020",
    bad="统计 2020 年上半年，有一笔的所属期间是 2020 年全年",
    good="各笔的所属期间都在统计期间之内或之外",
)
OWNER_UNKNOWN = declare(
    "RE-247",
    "有收款不知道属于哪个产权",
    Severity.WARNING,
    "有 {count} 笔收款共 {amount} 元找不到所住房屋的产权，没有算进市级、区级",
    "在租赁合同里补上房源编号，或在房源表里补上产权单位",
    bad="缴款家庭没有租赁合同，应收里也没有房源编号",
    good="缴款家庭有合同，合同的房源在房源表里",
)


@dataclass(frozen=True, slots=True)
class Payment:
    """One remittance; `covers` is None where its period cannot be read."""

    owner: str
    covers: Period | None
    text: str
    paid_on: dt.date
    amount: int
    number: str | None
    cell: Cell


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """One owner, in fen. `own` was remitted for the period up to the cut-off, `own_paid` of it
    within the period; `other_paid` was paid within the period for other periods."""

    owner: str
    received: int
    own: int
    own_paid: int
    other_paid: int

    @property
    def paid(self) -> int:
        """All that was paid on within the period."""
        return self.own_paid + self.other_paid

    @property
    def rate(self) -> Ratio:
        """Remitted for the period ÷ received in the period (formula 6)."""
        return Ratio(self.own, self.received, money=True)


@dataclass(frozen=True, slots=True)
class RemitResult:
    """Receipts of the period, remittances up to the cut-off, and the lines per owner."""

    period: Period
    as_of: dt.date
    takings: tuple[Taking, ...]
    payments: tuple[Payment, ...]
    lines: tuple[OwnerLine, ...]
    findings: tuple[Finding, ...]


def compute_remit(
    loaded: Loaded, period: Period, as_of: dt.date, takings: tuple[Taking, ...] | None = None
) -> RemitResult:
    """Receipts and remittances of a period by owner of the unit.

    A receipt belongs to the owner of the unit its household lived in on the day it was received
    (see `month.Owners`), a remittance to the period that its 所属期间 lies in; only those paid by
    `as_of` count. Remittance rate = remitted for the period ÷ received in it. More remitted than
    received is no error: rent of earlier periods is remitted later. `takings`: those of the period.
    """
    takings, payments = takings or (*takings_of(loaded, period),), (*_payments(loaded, as_of),)
    owners = [*Ownership, ""] if any(not one.owner for one in takings) else list(Ownership)
    lines = tuple(_line(str(owner), period, takings, payments) for owner in owners)
    findings = (*loaded.findings, *_findings(period, takings, payments))
    return RemitResult(period, as_of, takings, payments, lines, findings)


def _line(
    owner: str, period: Period, takings: Sequence[Taking], payments: Sequence[Payment]
) -> OwnerLine:
    mine = [one for one in payments if one.owner == owner]
    own = [one for one in mine if is_within(one.covers, period)]
    within = [one for one in mine if period.contains(one.paid_on)]
    own_paid = sum(one.amount for one in within if is_within(one.covers, period))
    return OwnerLine(
        owner=owner,
        received=sum(one.amount for one in takings if one.owner == owner),
        own=sum(one.amount for one in own),
        own_paid=own_paid,
        other_paid=sum(one.amount for one in within) - own_paid,
    )


def is_within(covers: Period | None, period: Period) -> bool:
    """True when it lies wholly in the period; one cut off in mid-month holds the whole month."""
    if covers is None:
        return False
    last = Month.containing(period.end).last_day
    return period.start <= covers.start and covers.end <= last


def _payments(loaded: Loaded, as_of: dt.date) -> Iterator[Payment]:
    table = loaded.get(Remittance)
    for row in table.usable("ownership", "period", "remitted_on", "amount"):
        one = table.row(row)
        if one.remitted_on <= as_of:
            yield Payment(
                owner=one.ownership.value,
                covers=_period(one.period),
                text=one.period,
                paid_on=one.remitted_on,
                amount=one.amount,
                number=one.remittance_no,
                cell=table.cell(row, "amount"),
            )


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except ValueError:
        return None


def _findings(
    period: Period, takings: Sequence[Taking], payments: Sequence[Payment]
) -> Iterator[Finding]:
    last = Month.containing(period.end).last_day
    for one in payments:
        words = {"text": one.text, "amount": format_yuan(one.amount)}
        if one.covers is None:
            yield PERIOD_UNREADABLE.at(one.cell, **words)
        elif not is_within(one.covers, period) and (
            one.covers.start <= last and one.covers.end >= period.start
        ):
            yield PERIOD_ACROSS.at(one.cell, **words)
    lost = [one for one in takings if not one.owner]
    if lost:
        amount = format_yuan(sum(one.amount for one in lost))
        where = Cell(lost[0].cell.file, lost[0].cell.sheet)
        yield OWNER_UNKNOWN.at(where, count=len(lost), amount=amount)


@dataclass(frozen=True, slots=True)
class Span:
    """Months that are reconciled together, because one remittance covers them together."""

    first: Month
    last: Month
    received: int
    payments: tuple[Payment, ...]

    @property
    def left(self) -> int:
        """Received and not remitted; negative when more was remitted."""
        return self.received - sum(one.amount for one in self.payments)


def reconcile(result: RemitResult, owner: str) -> list[Span]:
    """Received and remitted month by month; months that one remittance spans are one line."""
    period = result.period
    payments = [o for o in result.payments if o.owner == owner and is_within(o.covers, period)]
    stretches = [(month, month) for month in period.months()]
    stretches += [_ends(one) for one in payments]
    found: list[tuple[Month, Month]] = []
    for first, last in sorted(stretches):
        if found and first <= found[-1][1]:
            first, last = found[-1][0], max(found.pop()[1], last)
        found.append((first, last))
    takings = [one for one in result.takings if one.owner == owner]
    return [
        Span(
            first,
            last,
            sum(one.amount for one in takings if first <= one.month <= last),
            tuple(one for one in payments if first <= _ends(one)[0] <= last),
        )
        for first, last in found
    ]


def _ends(payment: Payment) -> tuple[Month, Month]:
    covers = payment.covers
    assert covers is not None
    return Month.containing(covers.start), Month.containing(covers.end)


def remit_report(result: RemitResult, *, bureau: str = "") -> Report:
    """The report: per owner, month by month, the difference explained, every remittance."""
    tables = [_summary(result), _difference(result), _by_month(result)]
    if any(one.owner != one.later or not one.owner for one in result.takings):
        tables.append(_doubtful(result))
    return Report(
        code="rent.remit",
        title=f"租金汇缴（{result.period.title}）",
        bureau=bureau,
        as_of=result.as_of,
        period=result.period.title,
        tables=tuple(tables),
        notes=tuple(_notes(result)),
        findings=result.findings,
        facts=_facts(result),
    )


def _summary(result: RemitResult) -> Table:
    cells = [one.cell for one in result.takings] + [one.cell for one in result.payments]
    sheets = tuple(dict.fromkeys(Cell(cell.file, cell.sheet) for cell in cells))
    rows = [Row(_summary_values(_title(one.owner), [one]), sheets) for one in result.lines]
    return Table(
        key="summary",
        title="汇总",
        columns=_SUMMARY_COLUMNS,
        rows=rows,
        totals=_summary_values("合计", result.lines),
        summable=frozenset({"received", "own", "left", "own_paid", "other_paid", "paid"}),
        notes=("汇缴率 ＝ 所属本期的汇缴 ÷ 本期实收；所属期间以租金汇缴表的“所属期间”为准",),
        signatures=("制表", "审核", "负责人", "填报日期"),
    )


def _summary_values(title: str, lines: Sequence[OwnerLine]) -> tuple[Any, ...]:
    received, own = sum(one.received for one in lines), sum(one.own for one in lines)
    own_paid, other = sum(one.own_paid for one in lines), sum(one.other_paid for one in lines)
    rate = Ratio(own, received, money=True)
    return (title, received, own, received - own, rate, own_paid, other, own_paid + other)


def _difference(result: RemitResult) -> Table:
    """差额说明: from what was received to what was paid on, in lines that add up."""
    rows = [row for line in result.lines if line.owner for row in _steps(result, line)]
    return Table("difference", "差额说明", _DIFFERENCE_COLUMNS, rows)


def _steps(result: RemitResult, line: OwnerLine) -> Iterator[Row]:
    """received - still to remit - paid after the period + paid for other periods = paid."""

    def row(item: str, amount: int, note: str, *cells: Cell) -> Row:
        return Row((line.owner, item, amount, note), cells)

    yield row("本期实收", line.received, "按收款当日所住房屋的产权")
    left = line.received - line.own
    yield row("减：尚未汇缴" if left >= 0 else "加：多汇", -left, "逐月见“逐月核对”")
    if line.own != line.own_paid:
        yield row("减：期后汇缴", line.own_paid - line.own, "所属本期，在期末以后缴出")
    for one in result.payments:
        paid_within = one.owner == line.owner and result.period.contains(one.paid_on)
        if paid_within and not is_within(one.covers, result.period):
            yield row("加：其他期间", one.amount, f"所属 {one.text}，{one.paid_on} 缴出", one.cell)
    yield row("本期内缴出", line.paid, _comparison(line))


def _comparison(line: OwnerLine) -> str:
    more = line.paid - line.received
    if more <= 0:
        return f"比本期实收少 {format_yuan(-more)}" if more else "与本期实收相同"
    return f"比本期实收多 {format_yuan(more)}，是其他期间的租金在本期汇缴所致"


def _by_month(result: RemitResult) -> Table:
    """逐月核对: one row per owner and month (or months that one remittance spans)."""
    rows = []
    for line in result.lines:
        for span in reconcile(result, line.owner) if line.owner else ():
            numbers = "、".join(one.number or "" for one in span.payments)
            remitted = span.received - span.left
            values = (line.owner, _months(span), span.received, remitted, span.left, _state(span))
            cells = tuple(one.cell for one in span.payments)
            rows.append(Row((*values, numbers), cells, "warning" if span.left else ""))
    return Table("months", "逐月核对", _MONTH_COLUMNS, rows, shown=_SHOWN)


def _state(span: Span) -> str:
    if span.left > 0:
        return "少汇" if span.payments else "未汇"
    return ("多汇" if span.payments else "冲正多于收款") if span.left else "已汇清"


def _doubtful(result: RemitResult) -> Table:
    """产权要核对的收款: of no known owner, or of a household that moved to another owner's unit."""
    rows = [
        Row(
            (one.household_no, one.month, one.amount, _title(one.owner), _title(one.later)),
            (one.cell,),
            "" if one.owner else "warning",
        )
        for one in result.takings
        if not one.owner or one.owner != one.later
    ]
    note = "期间内换住过另一产权房屋的，按收款当日的产权算；汇缴时按别的日期算的，逐月会有差额"
    return Table(
        "doubtful", "产权要核对的收款", _DOUBTFUL_COLUMNS, rows, notes=(note,), shown=_SHOWN
    )


def _notes(result: RemitResult) -> Iterator[str]:
    everything = sum(line.received for line in result.lines)
    for line in result.lines:
        if line.owner and line.paid > everything:
            yield (
                f"{line.owner}在本期缴出 {format_yuan(line.paid)} 元，多于全部实收 "
                f"{format_yuan(everything)} 元：两个数的期间和产权口径不同，不是差错"
            )
    yield "实收含区级、市级全部收款；冲正按负数计入"


def _facts(result: RemitResult) -> dict[str, Any]:
    """Money in yuan; per owner what was received, remitted for the period and paid within it."""
    names = ("received", "own", "paid")
    owners = {
        _title(line.owner): {
            **{name: yuan(getattr(line, name)) for name in names},
            "remittance_rate": line.rate,
        }
        for line in result.lines
    }
    received = sum(line.received for line in result.lines)
    return {"label": result.period.label, "received": yuan(received), "owners": owners}


def _title(owner: str) -> str:
    return owner or NO_OWNER


def _months(span: Span) -> str:
    return str(span.first) if span.first == span.last else f"{span.first} 至 {span.last}"


_MONEY = ValueKind.MONEY
_QUOTIENT = 'IF({rate.denominator}=0,"—",{rate.numerator}/{rate.denominator})'
_SUMMARY_COLUMNS = (
    Column("owner", "产权"),
    Column("received", "本期实收", _MONEY),
    Column("own", "所属本期汇缴", _MONEY, note="所属期间在本期之内，截止日期前缴出"),
    Column("left", "尚未汇缴", _MONEY, formula="ROUND({received}-{own},2)"),
    Column("rate", "汇缴率", ValueKind.RATIO, formula=_QUOTIENT),
    Column("own_paid", "其中本期缴出", _MONEY, 2),
    Column("other_paid", "缴其他期间", _MONEY, 2, note="在本期缴出，所属期间不在本期之内"),
    Column("paid", "本期缴出合计", _MONEY, 2, formula="ROUND({own_paid}+{other_paid},2)"),
)
_DIFFERENCE_COLUMNS = (
    Column("owner", "产权"),
    Column("item", "项目"),
    Column("amount", "金额", _MONEY),
    Column("note", "说明", width=40),
)
_MONTH_COLUMNS = (
    Column("owner", "产权"),
    Column("months", "月份"),
    Column("received", "实收", _MONEY),
    Column("remitted", "已汇", _MONEY),
    Column("left", "未汇", _MONEY, formula="ROUND({received}-{remitted},2)"),
    Column("state", "情况"),
    Column("numbers", "汇缴编号", level=2),
)
_DOUBTFUL_COLUMNS = (
    Column("household_no", "家庭编号", ValueKind.IDENTITY),
    Column("month", "收款月份", ValueKind.MONTH),
    Column("amount", "金额", _MONEY),
    Column("owner", "收款当日产权"),
    Column("later", "期末产权"),
)
