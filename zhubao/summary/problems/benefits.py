"""Problems of the rental subsidy."""

from __future__ import annotations

from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment, SubsidySignIn
from zhubao.subsidy.rental.figures import bounced, sign_in_rates
from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
from zhubao.summary.problems.rules import Facts, Found, Weight, rule, share, wan


@rule(
    "subsidy.signin",
    "补贴签到率偏低",
    Weight.MEDIUM,
    needs=(SubsidyGrant, SubsidySignIn),
    reads=SUBSIDY_MODELS,
)
def low_sign_in(facts: Facts) -> Found | None:
    """The worst quarter of the period signed in below summary.signin_percent."""
    rates = sign_in_rates(
        facts.loaded, facts.scope.span, facts.day, overrides=facts.scope.overrides
    )
    low = [
        one
        for one in rates
        if facts.is_below(one.rate.numerator, one.rate.denominator, "signin_percent")
    ]
    if not low:
        return None
    worst = min(low, key=lambda one: one.rate.value or 0.0)
    signed, due = worst.rate.numerator, worst.rate.denominator
    late = f"，另有 {worst.late} 户逾期补签" if worst.late else ""
    return Found(
        due - signed,
        "户",
        f"{worst.quarter.title}应签到 {due} 户，已签到 {signed} 户，签到率 {share(signed, due)}，"
        f"{due - signed} 户没有签到{late}。",
        f"由社区逐户通知没有签到的 {due - signed} 户补贴家庭，查明去向，仍不签到的暂停发放。",
        worst.cells,
        due,
    )


@rule("subsidy.bounced", "补贴被银行退回", Weight.MEDIUM, needs=(SubsidyPayment,))
def bounced_payments(facts: Facts) -> Found | None:
    """Payments the bank sent back and that have not been paid anew; of those dated by the day."""
    found = bounced(facts.loaded)
    table = facts.loaded.get(SubsidyPayment)
    days, amounts = table.column("paid_on"), table.column("amount")
    rows = [row for row in found.rows if days[row] is None or days[row] <= facts.day]
    if not rows:
        return None
    amount = sum(amounts[row] or 0 for row in rows)
    return Found(
        len(rows),
        "笔",
        f"{len(rows)} 笔补贴（{wan(amount)}）被银行退回，还没有重新发放。",
        "联系被退回补贴的领取人核对账户，改正后随下一季度补发。",
        tuple(table.row_cell(row) for row in rows),
    )
