"""Problems of rent: arrears, collection and remittance."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

import numpy as np

from zhubao.core.finding import Cell
from zhubao.ledger.arrears import Charge, Receipt, Remittance
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.arrears_tables import DebtSources
from zhubao.rent.figures import collection_rates
from zhubao.rent.monthly.remit import REMIT_MODELS, Span, reconcile
from zhubao.rent.needs import ARREARS_MODELS
from zhubao.summary.problems.rules import Facts, Found, Weight, leading, rule, share, wan
from zhubao.summary.reconcile import made

_TENTH = 10


@rule("rent.concentration", "欠租集中", Weight.MEDIUM, needs=(Charge,), reads=ARREARS_MODELS)
def arrears_concentrated(facts: Facts) -> Found | None:
    """The tenth of the debtors that owes most owes at least summary.concentration_percent.

    The tenth is rounded up; equal debts are taken by account. Fewer than ten debtors are none.
    """
    result = facts.once(made.rent)
    owed = result.figures.owed
    debtors = np.flatnonzero(owed > 0)
    if len(debtors) < _TENTH:
        return None
    top = debtors[np.argsort(-owed[debtors], kind="stable")][: -(-len(debtors) // _TENTH)]
    part, whole = int(owed[top].sum()), int(owed[debtors].sum())
    if facts.is_below(part, whole, "concentration_percent"):
        return None
    place, amount = leading(_by_estate(result, debtors.tolist()), 1)[0]
    return Found(
        part,
        "元",
        f"{len(debtors):,} 户合计欠租 {wan(whole)}，其中欠得最多的一成（{len(top)} 户）"
        f"欠 {wan(part)}，占 {share(part, whole)}；欠租最多的小区是{place}，{wan(amount)}。",
        f"对欠租最多的 {len(top)} 户一户一策，由专人上门核实，签订分期协议或依法追缴。",
        _debts(result, top.tolist()),
        whole,
    )


@rule("rent.six_months", "累计欠租达到腾退月数", Weight.HIGH, needs=(Charge,), reads=ARREARS_MODELS)
def long_arrears(facts: Facts) -> Found | None:
    """Households with unpaid months of policy arrears.vacate_months or more in total.

    Source: 公共租赁住房管理办法 art. 29.
    """
    result = facts.once(made.rent)
    figures, months = result.figures, result.ladder.vacate
    late = np.flatnonzero((figures.unpaid_months >= months) & (figures.owed > 0))
    if not len(late):
        return None
    owed, all_owed = int(figures.owed[late].sum()), int(figures.owed.sum())
    gone = sum(result.homes.moved_out[account] for account in late.tolist())
    left = f"（其中 {gone} 户已经退租）" if gone else ""
    return Found(
        len(late),
        "户",
        f"累计欠租满 {months} 个月的有 {len(late)} 户{left}，欠 {wan(owed)}，"
        f"占全部欠租 {wan(all_owed)}的 {share(owed, all_owed)}。",
        f"对累计欠租满 {months} 个月的家庭逐户走访：确有困难的订立分期计划，"
        "有能力而不缴的依法送达腾退告知、提起诉讼，已经退租的单独追缴。",
        _debts(result, late.tolist()),
        int(np.count_nonzero(figures.owed > 0)),
    )


@rule(
    "rent.collection",
    "当期租金收缴率偏低",
    Weight.HIGH,
    needs=(Charge,),
    reads=ARREARS_MODELS,
)
def low_collection(facts: Facts) -> Found | None:
    """Received for the period's charges ÷ charged is below summary.collection_percent."""
    result = facts.once(made.rent)
    rate = collection_rates(result.figures).current
    if not facts.is_below(rate.numerator, rate.denominator, "collection_percent"):
        return None
    left, limit = rate.denominator - rate.numerator, facts.limit("collection_percent")
    asked = Decimal(str(limit)) * rate.denominator / 100
    short = int(asked.to_integral_value(ROUND_CEILING)) - rate.numerator
    debts = result.books.debts
    first = facts.scope.period.start.toordinal()
    charged = np.flatnonzero(debts.of_part(1) & (debts.day >= first))
    return Found(
        left,
        "元",
        f"{facts.this_period}应收租金 {wan(rate.denominator)}，当期收缴 {wan(rate.numerator)}，"
        f"收缴率 {share(rate.numerator, rate.denominator)}，低于 {limit}%，"
        f"尚有 {wan(left)}未收缴，距 {limit}% 还差 {wan(short)}。",
        "按月公布各小区租金收缴情况，欠缴当月即提醒、次月发催缴通知，落实一月一上户。",
        debts.cells(charged),
        rate.denominator,
    )


@rule("rent.old_debt", "旧欠回收慢", Weight.MEDIUM, needs=(Charge,), reads=ARREARS_MODELS)
def slow_recovery(facts: Facts) -> Found | None:
    """Received for older charges ÷ opening debt is below summary.recovery_percent.

    Of periods of six months or longer: recovery builds up.
    """
    result = facts.once(made.rent)
    rate = collection_rates(result.figures).old_debt
    low = facts.is_below(rate.numerator, rate.denominator, "recovery_percent")
    if not (low and facts.is_long):
        return None
    left = rate.denominator - rate.numerator
    old = np.flatnonzero(result.books.debts.day < facts.scope.period.start.toordinal())
    return Found(
        left,
        "元",
        f"期初欠租 {wan(rate.denominator)}，{facts.this_period}收回 {wan(rate.numerator)}，"
        f"回收率 {share(rate.numerator, rate.denominator)}，还有 {wan(left)}没有收回。",
        "把旧欠分解到小区和责任人，按账龄由长到短清理，核实无法收回的按程序报批核销。",
        result.books.debts.cells(old),
        rate.denominator,
    )


@rule(
    "rent.remittance_late",
    "租金没有按时汇缴",
    Weight.HIGH,
    needs=(Receipt, Remittance),
    reads=REMIT_MODELS,
)
def remittance_late(facts: Facts) -> Found | None:
    """Months received and not remitted summary.remittance_days after their end, above a share.

    Months that one remittance covers stand together. What is below summary.remittance_percent of
    the receipts in all is the work of moves between owners, not a delay.
    """
    spans = [one for one in _spans(facts) if _is_late(one, facts)]
    left, whole = sum(one.left for one in spans), sum(one.received for one in spans)
    if left <= 0 or not facts.is_above(left, whole, "remittance_percent"):
        return None
    open_months = "、".join(dict.fromkeys(one.last.title for one in spans if one.left > 0))
    return Found(
        left,
        "元",
        f"收到已满 {facts.limit('remittance_days')} 日的租金 {wan(whole)}中，{wan(left)}还没有汇缴"
        f"（{open_months}），占 {share(left, whole)}。",
        "逐月核对租金的收款和汇缴，把没有汇缴的尽快缴清，以后按月汇缴。",
        _paid_cells(spans),
        whole,
    )


def _spans(facts: Facts) -> list[Span]:
    result = facts.once(made.remitted)
    return [span for line in result.lines if line.owner for span in reconcile(result, line.owner)]


def _is_late(span: Span, facts: Facts) -> bool:
    grace = dt.timedelta(days=int(facts.limit("remittance_days")))
    return span.last.last_day + grace <= facts.day


def _paid_cells(spans: Iterable[Span]) -> tuple[Cell, ...]:
    return tuple(payment.cell for one in spans for payment in one.payments)


def _by_estate(result: ArrearsResult, accounts: Iterable[int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for account in accounts:
        found[result.homes.estate[account]] += int(result.figures.owed[account])
    return found


def _debts(result: ArrearsResult, accounts: list[int]) -> tuple[Cell, ...]:
    sources = DebtSources(result, accounts)
    return tuple(cell for account in accounts for cell in sources.cells(account))
