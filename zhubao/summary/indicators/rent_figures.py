"""Figures of rent: charged, received, owed, the collection rates, and what was paid on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np

from zhubao.core.finding import Cell
from zhubao.core.money import format_wan
from zhubao.core.report import Ratio
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt, Remittance
from zhubao.ledger.tenants import Household
from zhubao.ledger.units import Ownership
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.figures import collection_rates
from zhubao.rent.monthly.month import Owners, Taking, takings_of
from zhubao.rent.monthly.remit import REMIT_MODELS, Payment, RemitResult, compute_remit, is_within
from zhubao.rent.needs import ARREARS_MODELS
from zhubao.rent.postings import IntArray, read_books
from zhubao.summary.indicators.figures import Measured, Scope, figure

_ARREARS_BY = "zhubao rent arrears"
_REMITTED_BY = "zhubao rent remit"
_DEBTS = (Charge, OpeningDebt)
_REMIT_READS = (*REMIT_MODELS, Household)
_LONG = 6  # months, 《公共租赁住房管理办法》 art. 29: 累计6个月以上


def rent_takings(scope: Scope) -> tuple[Taking, ...]:
    """The receipts of the period."""
    return tuple(takings_of(scope.loaded, scope.span, scope.shared(Owners)))


def rent_accounts(scope: Scope) -> ArrearsResult:
    """Every account at the end of the last day that counts, with the period's statement."""
    return compute_arrears(
        scope.loaded,
        scope.day,
        start=scope.period.start,
        overrides=scope.overrides,
        books=scope.shared(read_books),
    )


def rent_remitted(scope: Scope) -> RemitResult:
    """Receipts and remittances of the period by owner of the unit."""
    return compute_remit(scope.loaded, scope.span, scope.day, scope.once(rent_takings))


def charged_postings(scope: Scope) -> IntArray:
    """The debts that count from a day of the period."""
    debts = scope.once(rent_accounts).books.debts
    first, last = scope.period.start.toordinal(), scope.day.toordinal()
    chosen: IntArray = np.flatnonzero((debts.day >= first) & (debts.day <= last))
    return chosen


@figure(
    "rent.received",
    "租金收缴",
    "元",
    "收款日期在期间内的实收之和，冲正为负；不分缴的是哪个月",
    example="3月缴 600 元，6月30日缴 300 元（缴 7月租金），5月冲正 100 元，7月1日缴 200 元："
    "上半年计 800 元",
    sheets=(Receipt,),
    reads=REMIT_MODELS,
    command="zhubao rent month",
    target="ZJ",
)
def rent_received(scope: Scope) -> Measured:
    """Σ 实收 received in the period."""
    return _money(scope.once(rent_takings))


@figure(
    "rent.charged",
    "租金应收",
    "元",
    "从期间内某一天起算的应收之和：按入账日期，没有的按账单月份的第一天；"
    "月份落在期间内的期初欠租也在内；减免不从应收里减",
    example="6月账单 600 元（没有填入账日期），7月账单 500 元在 6月30日入账，减免 50 元："
    "6月计 1,100 元",
    sheets=_DEBTS,
    needs=(Charge,),
    reads=ARREARS_MODELS,
    command=_ARREARS_BY,
)
def rent_charged(scope: Scope) -> Measured:
    """Σ 应收 that count from a day of the period (a month's charge from its first day)."""
    total = int(scope.once(rent_accounts).figures.charged.sum())
    return Measured(total, scope.once(_charged_cells), note=f"{format_wan(total)} 万元")


@figure(
    "rent.opening_debt",
    "期初欠租",
    "元",
    "期间第一天的前一天各户欠租之和；预缴的余额不抵别户的欠租",
    example="12月31日甲户欠 200 元、乙户预缴余 50 元，1月5日甲户缴清：上半年期初欠租计 200 元",
    sheets=_DEBTS,
    needs=(Charge,),
    reads=ARREARS_MODELS,
    command=_ARREARS_BY,
    is_stock=True,
)
def rent_opening_debt(scope: Scope) -> Measured:
    """Σ owed on the day before the period; the cells are the debts unpaid then."""
    total = int(scope.once(rent_accounts).figures.opening_debt.sum())
    return Measured(total, scope.once(_opening_cells))


@figure(
    "rent.owed",
    "期末欠租",
    "元",
    "期间最后一天（或截止日）各户欠租之和；预缴的余额不抵别户的欠租",
    example="6月30日甲户欠 300 元、丙户欠 80 元、乙户预缴余 100 元，7月1日甲户缴清："
    "期末欠租计 380 元",
    sheets=_DEBTS,
    needs=(Charge,),
    reads=ARREARS_MODELS,
    command=_ARREARS_BY,
    is_stock=True,
)
def rent_owed(scope: Scope) -> Measured:
    """Σ owed at the end of the day; the cells are the debts not wholly paid."""
    rent = scope.once(rent_accounts)
    total = int(rent.figures.owed.sum())
    cells = rent.books.debts.cells(_unpaid(rent, rent.settled.now.unpaid, scope.day))
    return Measured(total, cells, note=f"{format_wan(total)} 万元")


def _declare_debtors(code: str, title: str, definition: str, example: str, months: int) -> None:
    @figure(
        code,
        title,
        "户",
        definition,
        example=example,
        sheets=_DEBTS,
        needs=(Charge,),
        reads=ARREARS_MODELS,
        command=_ARREARS_BY,
        is_stock=True,
    )
    def debtors(scope: Scope) -> Measured:
        """Households in debt with at least so many distinct unpaid billing months."""
        rent = scope.once(rent_accounts)
        figures = rent.figures
        owing = (figures.owed > 0) & (figures.unpaid_months >= months)
        debts = rent.books.debts
        rows = _unpaid(rent, rent.settled.now.unpaid, scope.day)
        cells = debts.cells(rows[owing[debts.account[rows]]])
        return Measured(int(owing.sum()), cells)


_declare_debtors(
    "rent.debtors",
    "欠租户数",
    "期间最后一天（或截止日）有欠租的家庭",
    "6月30日甲户欠 600 元、乙户欠 0.50 元，丙户预缴余 100 元，丁户缴清：计 2 户",
    0,
)
_declare_debtors(
    "rent.debtors_long",
    "累计欠租6个月以上户数",
    "期间最后一天（或截止日）欠租的账单月份累计 6 个月以上（含 6 个月）的家庭"
    "（《公共租赁住房管理办法》第二十九条）",
    "甲户去年11月、12月和今年1—4月共 6 个月没有缴清，乙户 5 个月没有缴清：计 1 户",
    _LONG,
)


def _declare_rate(code: str, title: str, definition: str, example: str, name: str) -> None:
    @figure(
        code,
        title,
        "元",
        definition,
        example=example,
        sheets=(Receipt, *_DEBTS),
        needs=(Charge, Receipt),
        reads=ARREARS_MODELS,
        command=_ARREARS_BY,
        is_rate=True,
    )
    def rate(scope: Scope) -> Measured:
        """One of the three collection rates; the numerator's cells are the period's receipts."""
        rent = scope.once(rent_accounts)
        ratio: Ratio = getattr(collection_rates(rent.figures), name)
        old, own = scope.once(_opening_cells), scope.once(_charged_cells)
        base = {"current": own, "old_debt": old, "combined": (*old, *own)}[name]
        return Measured(ratio.numerator, scope.once(_receipt_cells), ratio.denominator, base)


_declare_rate(
    "rent.collection_current",
    "当期租金收缴率",
    "抵了期间内应收的缴款 ÷ 期间内应收；缴款先抵最早的欠租，指定月份的除外。"
    "以前预缴、期间内抵了应收的算缴款；减免不算缴款，也不减少应收",
    "6月应收 600 元，当月缴 500 元（其中 100 元抵 5月欠租），减免 6月租金 50 元：400/600 元",
    "current",
)
_declare_rate(
    "rent.collection_old",
    "旧欠收回率",
    "抵了期初以前欠租的缴款 ÷ 期初欠租；缴款先抵最早的欠租，指定月份的除外。"
    "减免不算缴款，也不减少期初欠租",
    "期初欠租 800 元；期间缴款抵旧欠 300 元、抵当期 200 元，减免旧欠 100 元：300/800 元",
    "old_debt",
)
_declare_rate(
    "rent.collection_combined",
    "综合租金收缴率",
    "期间内实收 ÷（期初欠租 ＋ 期间内应收）；减免不算实收，也不减少分母，期间内的预缴算实收",
    "期初欠租 800 元，期间应收 600 元，实收 900 元（其中预缴 100 元），减免 50 元：900/1,400 元",
    "combined",
)


@figure(
    "rent.received_city",
    "市级产权租金收缴",
    "元",
    "收款日期在期间内、收款当日所住房源是市级产权的实收之和",
    example="甲户 3月住市级房源时缴 500 元，5月换住区级房源后缴 300 元：上半年计 500 元",
    sheets=(Receipt,),
    reads=_REMIT_READS,
    command=_REMITTED_BY,
)
def rent_received_city(scope: Scope) -> Measured:
    """Σ 实收 of units of the city received in the period."""
    return _money(_of_city(scope.once(rent_takings)))


@figure(
    "rent.remitted_city",
    "市级产权租金汇缴",
    "元",
    "汇缴日期在期间内的市级产权租金，不论所属期间",
    example="1月8日汇缴去年12月的 2,000 元，4月10日汇缴一季度的 8,000 元，"
    "7月8日汇缴二季度的 9,000 元：上半年计 10,000 元",
    sheets=(Remittance,),
    reads=_REMIT_READS,
    command=_REMITTED_BY,
    target="HJ",
)
def rent_remitted_city(scope: Scope) -> Measured:
    """Paid on within the period for units of the city, for whatever period it was."""
    paid = [one for one in scope.once(_payments) if scope.span.contains(one.paid_on)]
    total = sum(one.amount for one in paid)
    cells = tuple(one.cell for one in paid)
    return Measured(total, cells, note=f"{format_wan(total, places=3)} 万元")


@figure(
    "rent.remittance_rate_city",
    "市级产权租金汇缴率",
    "元",
    "所属期间在期间之内、期间最后一天（或截止日）以前缴出的市级产权汇缴 ÷ 期间内市级产权实收",
    example="上半年市级实收 10,000 元；4月10日汇缴一季度的 4,000 元，"
    "1月8日汇缴去年12月的 2,000 元，7月8日汇缴二季度的 5,000 元：4,000/10,000 元",
    sheets=(Remittance, Receipt),
    reads=_REMIT_READS,
    command=_REMITTED_BY,
    is_rate=True,
    unfit=lambda scope: _not_due(scope),
)
def rent_remittance_rate_city(scope: Scope) -> Measured:
    """Remitted for the period ÷ received in the period on city-owned units (formula 6)."""
    own = scope.once(_paid_within)
    received = _of_city(scope.once(rent_takings))
    return Measured(
        sum(one.amount for one in own),
        tuple(one.cell for one in own),
        sum(one.amount for one in received),
        tuple(one.cell for one in received),
    )


def _payments(scope: Scope) -> tuple[Payment, ...]:
    found = scope.once(rent_remitted).payments
    return tuple(one for one in found if one.owner == Ownership.CITY)


def _paid_within(scope: Scope) -> list[Payment]:
    """What was paid on for the period by its last day that counts."""
    return [one for one in scope.once(_payments) if is_within(one.covers, scope.span)]


def _not_due(scope: Scope) -> str:
    """A month's rent is paid on in the next: of a month with nothing paid on there is no rate."""
    return "未到汇缴时间" if scope.is_month and not scope.once(_paid_within) else ""


def _of_city(takings: Iterable[Taking]) -> list[Taking]:
    return [one for one in takings if one.owner == Ownership.CITY]


def _receipt_cells(scope: Scope) -> tuple[Cell, ...]:
    return tuple(one.cell for one in scope.once(rent_takings))


def _charged_cells(scope: Scope) -> tuple[Cell, ...]:
    return scope.once(rent_accounts).books.debts.cells(scope.once(charged_postings))


def _opening_cells(scope: Scope) -> tuple[Cell, ...]:
    """The debts from before the period that were not wholly paid on its eve."""
    rent = scope.once(rent_accounts)
    eve = scope.period.start - dt.timedelta(days=1)
    return rent.books.debts.cells(_unpaid(rent, rent.settled.before.unpaid, eve))


def _unpaid(rent: ArrearsResult, unpaid: IntArray, day: dt.date) -> IntArray:
    """The debts up to the day whose month (slot) is not wholly paid."""
    debts, slots = rent.books.debts, rent.slots
    chosen: IntArray = np.flatnonzero((unpaid[slots.of_debt] > 0) & (debts.day <= day.toordinal()))
    return chosen


def _money(takings: Iterable[Taking]) -> Measured:
    found = list(takings)
    total = sum(one.amount for one in found)
    return Measured(total, tuple(one.cell for one in found), note=f"{format_wan(total)} 万元")
