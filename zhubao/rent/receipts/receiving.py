"""One receipt at the counter: what it pays, what stays owed or becomes credit, and its row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.masking import mask_name
from zhubao.core.money import format_yuan, yuan
from zhubao.core.period import Month
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import Formats
from zhubao.excel.amounts import read_money
from zhubao.ledger.arrears import Receipt
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household
from zhubao.rent.receipts.accounts import PaymentEffect, RentAccounts, Standing
from zhubao.rent.receipts.household import resolve_household
from zhubao.rent.receipts.numbers import next_number
from zhubao.rent.receipts.rows import FIRST_RECEIPT, add_receipts, own_numbers

RECEIPT_LATE = declare(
    "RE-230",
    "收款日期晚于截止日期",
    Severity.WARNING,
    "收款日期 {day} 晚于截止日期 {as_of}",
    "核对日期；没有写错的照常入账，但截至 {as_of} 的欠租里不含这笔",
    bad="截止 2020-06-30，收款日期写 2020-07-02",
    good="收款日期不晚于截止日期",
)
RECEIPT_EARLY = declare(
    "RE-231",
    "收款日期早于台账启用",
    Severity.WARNING,
    "收款日期 {day} 早于台账的第一个账单月（{start}）",
    "核对这笔款是不是已经在期初欠租里扣过，扣过的不要再入账",
    bad="应收从 2020-01 开始，收款日期写 2019-12-20",
    good="收款日期在台账启用之后",
)
MONTH_NOT_CHARGED = declare(
    "RE-232",
    "指定的账单期没有应收",
    Severity.WARNING,
    "{household} 在 {month} 没有应收，也没有期初欠租，这笔款会先抵最早的欠租",
    "核对账单期；不指定账单期的，请去掉 --month",
    bad="指定 2020-07，应收只到 2020-06",
    good="指定的账单期有应收",
)
LOOKS_DOUBLE = declare(
    "RE-233",
    "可能重复登记",
    Severity.WARNING,
    "{household} 在 {day} 已有一笔同额的收款（收据号 {number}）",
    "对照收据存根，确是两笔的照常入账，是同一笔的不要再写",
    bad="同一户同一天已有 480.50 元，再登记 480.50 元",
    good="同一户同一天没有同额的收款",
)
NO_ACCOUNT = declare(
    "RE-234",
    "这一户没有租金账",
    Severity.WARNING,
    "{household} 没有租赁合同，也没有应收，这笔款全部记作预缴",
    "核对家庭编号有没有写错",
    bad="给还在轮候的家庭登记收款",
    good="收款的家庭有租赁合同",
)
AMOUNT_LARGE = declare(
    "RE-235",
    "收款数额很大",
    Severity.WARNING,
    "{household} 只欠 {owed} 元，月租 {rent} 元，这笔款 {amount} 元会多出 {months} 个月以上的租金",
    "对照收据核对金额，看小数点和单位有没有写错；没有写错的照常入账",
    bad="月租 252.59 元的一户收款 48050 元",
    good="收款不多于欠租加一年的租金",
)
ACCOUNT_UNSURE = declare(
    "RE-236",
    "账目里有读不出的单元格",
    Severity.WARNING,
    "{household} 的账目里有读不出的单元格（{place}），上面的欠租和余额不准",
    "照常可以入账；请用 zhubao check 查看，改正后再核对余额",
    bad="这一户的一笔实收写成“四百”",
    good="这一户的应收、实收、减免都读得出",
)
_YEAR_OF_RENT = 12
_FIRST_YEAR = 1990  # no rent ledger is older, and Excel counts no day before 1900


@dataclass(frozen=True, slots=True)
class ReceiptOrder:
    """One receipt as the clerk states it. `amount` in fen, below zero for a reversal."""

    household: str
    amount: int
    day: dt.date
    month: Month | None = None
    method: str = "现金"
    payer: str = ""
    receipt_no: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Receiving:
    """The receipt as it will stand in the ledger, and what it does to the account."""

    order: ReceiptOrder
    allotment: PaymentEffect
    applicant: str
    as_of: dt.date
    findings: tuple[Finding, ...]


def parse_amount(text: str, option: str = "--amount") -> int:
    """Yuan as a clerk types it (480.50, 1,204, 480.5元) as fen; `UsageError` for anything else,
    for more than two decimals, and for zero."""
    read = read_money(text)
    if read.value is None or read.fault is not None:
        raise UsageError(f"选项 {option} 的金额“{text}”看不懂", advice="请写成 480.50 这样的元数。")
    if read.value == 0:
        raise UsageError(f"选项 {option} 的金额是 0", advice="请写实际收到的金额。")
    return int(read.value)


def parse_month(text: str | None, option: str = "--month") -> Month | None:
    """A billing month as typed; `UsageError` when it cannot be read."""
    if not text:
        return None
    try:
        return Month.parse(text)
    except ValueError as fault:
        raise UsageError(
            f"选项 {option} 的月份“{text}”看不懂", advice="请写成 2020-06 这样的月份。"
        ) from fault


def receive(order: ReceiptOrder, loaded: Loaded, as_of: dt.date) -> Receiving:
    """Work out one receipt; debts count up to `as_of`, or to the receipt's day where that is later.

    The household is resolved, the number continues the ledger's own where none is given. Money
    named for a month pays it first, the rest goes to the oldest debt (`settlement.settle`).

    Raises `UsageError` for an unknown household, a receipt number already in the ledger, a day
    before 1990, a reversal without a remark, and one of more than was ever received.
    """
    refuse_old_day(order.day, "收款日期")
    household = resolve_household(order.household, loaded)
    accounts = RentAccounts(loaded, max(as_of, order.day))
    number = _number(order, loaded)
    if order.amount < 0 and not order.remark.strip():
        raise UsageError("冲正要写明原因", advice="请加 --remark，写明冲正哪一笔、为什么。")
    refuse_reversal(order.amount, household, accounts)
    order = replace(order, household=household, receipt_no=number)
    allotment = accounts.with_payment(household, order.day, order.amount, order.month)
    findings = receipt_findings(order, loaded, accounts, as_of)
    return Receiving(order, allotment, applicant_of(household, loaded), as_of, findings)


def receive_change(received: Receiving, loaded: Loaded, formats: Formats) -> Change:
    """The one row of 实收."""
    order = received.order
    plan = Plan(f"登记收款：{order.household} {format_yuan(order.amount)} 元", loaded, formats)
    row = {
        "receipt_no": order.receipt_no,
        "household_no": order.household,
        "received_on": order.day,
        "amount": order.amount,
        "month": order.month,
        "method": order.method or None,
        "payer": order.payer or None,
        "remark": order.remark or None,
    }
    add_receipts(plan, loaded.get(Receipt), [row])
    return plan.build()


def receive_report(received: Receiving, *, bureau: str = "") -> Report:
    """What the money pays, month by month, and where the account stands then."""
    order, after = received.order, received.allotment.after
    named = f"，指定 {order.month}" if order.month is not None else ""
    notes = [
        f"{order.household} {mask_name(received.applicant)}　"
        f"{order.day.isoformat()} 收款 {format_yuan(order.amount)} 元{named}，"
        f"收据号 {order.receipt_no}",
        balance_note(received.allotment.before, after),
    ]
    return Report(
        code="rent.receive",
        title="登记收款",
        bureau=bureau,
        as_of=max(received.as_of, order.day),
        tables=(allotment_table(received.allotment, "这笔款抵哪些月"),),
        notes=tuple(notes),
        findings=received.findings,
        facts={
            "household": order.household,
            "receipt_no": order.receipt_no,
            "amount": yuan(order.amount),
            "owed_before": yuan(received.allotment.before.owed),
            "owed_after": yuan(after.owed),
            "credit_after": yuan(after.credit),
        },
    )


def balance_note(before: Standing, after: Standing) -> str:
    """The account before and after in one sentence."""
    parts = [f"欠租 {format_yuan(before.owed)} → {format_yuan(after.owed)} 元"]
    if before.credit or after.credit:
        parts.append(f"预缴 {format_yuan(before.credit)} → {format_yuan(after.credit)} 元")
    if after.overdrawn:
        parts.append(f"冲正超过已收 {format_yuan(after.overdrawn)} 元")
    return "，".join(parts)


def allotment_table(allotment: PaymentEffect, title: str) -> Table:
    """Debt by debt: owed before, settled by this money, owed after; credit in the last row."""
    rows = [
        Row((f"{month}{'（期初）' if opening else ''}", old, old - new, new))
        for month, opening, old, new in allotment.lines()
    ]
    before, after = allotment.before, allotment.after
    gained = (after.credit - after.overdrawn) - (before.credit - before.overdrawn)
    if gained:
        rows.append(Row(("预缴", None, gained, None), emphasis="warning"))
    columns = (
        Column("month", "账单期"),
        Column("before", "原欠", ValueKind.MONEY),
        Column("paid", "这次抵", ValueKind.MONEY),
        Column("after", "还欠", ValueKind.MONEY),
    )
    paid = sum(row.values[2] for row in rows)
    return Table("allotment", title, columns, rows, ("合计", None, paid, None), frozenset({"paid"}))


def applicant_of(household: str, loaded: Loaded) -> str:
    """The applicant's name; "" where the ledger has none."""
    table = loaded.get(Household)
    place = table.column("household_no").index(household)
    return str(table.column("applicant")[place] or "")


def _number(order: ReceiptOrder, loaded: Loaded) -> str:
    taken = loaded.get(Receipt).column("receipt_no")
    number = order.receipt_no.strip()
    if not number:
        return next_number(own_numbers(loaded), FIRST_RECEIPT)
    if number in taken:
        where = loaded.get(Receipt).cell(taken.index(number), "receipt_no")
        raise UsageError(
            f"收据号 {number} 已经登记过",
            where=str(where),
            advice="请核对收据号；补登另一笔的请换一个号。",
        )
    return number


def refuse_old_day(day: dt.date, what: str) -> None:
    """`UsageError` for a day that no rent ledger reaches back to."""
    if day.year < _FIRST_YEAR:
        raise UsageError(f"{what} {day.isoformat()} 不对", advice="请核对年份。")


def refuse_reversal(amount: int, household: str, accounts: RentAccounts) -> None:
    """`UsageError` when more is taken back than the household ever paid."""
    received = accounts.received(household)
    if amount < 0 and -amount > received:
        raise UsageError(
            f"冲正 {format_yuan(-amount)} 元超过这一户累计收到的 {format_yuan(received)} 元",
            advice="请核对家庭编号和金额。",
        )


def receipt_findings(
    order: ReceiptOrder, loaded: Loaded, accounts: RentAccounts, as_of: dt.date
) -> tuple[Finding, ...]:
    """What a person should look at before the receipt is booked; `order.household` is resolved."""
    where = _place(loaded)
    household, day, start = order.household, order.day, accounts.start
    found: list[Finding] = []
    if day > as_of:
        found.append(RECEIPT_LATE.at(where, day=day, as_of=as_of))
    if start is not None and day < start:
        found.append(RECEIPT_EARLY.at(where, day=day, start=start))
    if not accounts.has_account(household):
        found.append(NO_ACCOUNT.at(where, household=household))
    elif order.month is not None and not accounts.is_charged(household, order.month):
        found.append(MONTH_NOT_CHARGED.at(where, household=household, month=order.month))
    found += _of_account(order, accounts, where)
    twin = _twin(order, loaded)
    if twin is not None:
        table = loaded.get(Receipt)
        number = table.column("receipt_no")[twin] or "（空）"
        place = table.cell(twin, "amount")
        found.append(LOOKS_DOUBLE.at(place, household=household, day=day, number=number))
    return tuple(found)


def _of_account(order: ReceiptOrder, accounts: RentAccounts, where: Cell) -> list[Finding]:
    found: list[Finding] = []
    household = order.household
    rent, owed = accounts.monthly_rent(household), accounts.owed(household)
    if rent and order.amount - owed > _YEAR_OF_RENT * rent:
        words = {"owed": owed, "rent": rent, "amount": order.amount}
        shown = {name: format_yuan(value) for name, value in words.items()}
        found.append(AMOUNT_LARGE.at(where, household=household, months=_YEAR_OF_RENT, **shown))
    place = accounts.faulty_cell(household)
    if place is not None:
        found.append(ACCOUNT_UNSURE.at(place, household=household, place=place))
    return found


def _twin(order: ReceiptOrder, loaded: Loaded) -> int | None:
    table = loaded.get(Receipt)
    names = ("household_no", "received_on", "amount")
    rows = zip(*(table.column(name) for name in names), strict=True)
    wanted = (order.household, order.day, order.amount)
    return next((place for place, row in enumerate(rows) if row == wanted), None)


def _place(loaded: Loaded) -> Cell:
    segments = loaded.get(Receipt).segments
    return Cell(segments[-1].file, segments[-1].sheet) if segments else Cell("arrears.xlsx", "实收")
