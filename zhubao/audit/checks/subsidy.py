"""Rental subsidy: payments against sign-in, term, amount and dates (AU-601 to AU-607)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.indexes.subsidised import grant_rows, payments, wrongly_paid_as
from zhubao.audit.indexes.unpaid import unpaid_quarters
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan
from zhubao.core.period import Period
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment, SubsidySignIn
from zhubao.subsidy.rental import kinds
from zhubao.subsidy.rental.rules import last_payment_day

_PRACTICE = "审计惯例：发放表与签到表、资格表逐笔核对"
_NOTICE = "建保〔2016〕281号"


@audit_check(
    "AU-601",
    "没有签到却发了补贴",
    Family.SUBSIDY,
    IssueKind.INELIGIBLE,
    Severity.WARNING,
    "{what}",
    "调阅签到原始记录：漏录的补录，确实没有签到的追回，并查清谁批的发放",
    basis=f"{_PRACTICE}；按季签到后发放",
    needs=(SubsidyPayment, SubsidySignIn),
    bad="2020-Q1 的签到表里没有这一户，4 月发了 900 元",
    good="每笔发放当季都签到了",
)
def paid_without_sign_in(facts: Facts) -> Iterator[Hit]:
    """Paid for a quarter without sign-in, or whose sign-ins contradict each other (SB-131)."""
    yield from wrongly_paid_as(facts, kinds.PAID_UNSIGNED)


@audit_check(
    "AU-602",
    "停发、暂停、到期之后仍发补贴",
    Family.SUBSIDY,
    IssueKind.NOT_EXITED,
    Severity.ERROR,
    "{what}",
    "核实停发、暂停的日期和依据；停发之后发放的追回",
    basis=f"{_NOTICE}；{_PRACTICE}",
    needs=(SubsidyPayment, SubsidyGrant),
    bad="2020-01-10 终止，2020-Q1 仍发三个月",
    good="发放的月份都在起止月份之内",
)
def paid_out_of_force(facts: Facts) -> Iterator[Hit]:
    """Paid for more months than the grant was in force in the quarter (SB-132)."""
    yield from wrongly_paid_as(facts, kinds.PAID_OUT_OF_FORCE)


@audit_check(
    "AU-603",
    "同一季度补贴发了两次",
    Family.SUBSIDY,
    IssueKind.DOUBLE_BENEFIT,
    Severity.ERROR,
    "{what}",
    "核实是补差、退回重发还是重复发放；重复的追回",
    basis=_PRACTICE,
    needs=(SubsidyPayment,),
    bad="同一户 2020-Q1 有两笔“已发放”",
    good="每户每季度一笔，银行退回重发的除外",
)
def paid_twice(facts: Facts) -> Iterator[Hit]:
    """A second payment of one household or grant for a quarter (SB-134)."""
    yield from wrongly_paid_as(facts, kinds.PAID_TWICE)


@audit_check(
    "AU-604",
    "补贴发放金额高于核定额或标准",
    Family.SUBSIDY,
    IssueKind.INELIGIBLE,
    Severity.ERROR,
    "{what}",
    "核对核定表；多发的追回，标准用错的同批一并更正",
    basis="当地租赁补贴标准（[policy.subsidy] 的参数及其来源）",
    needs=(SubsidyPayment, SubsidyGrant),
    bad="月补贴额 300 元，三个月发了 1,200 元",
    good="三个月发 900 元",
)
def paid_above_the_standard(facts: Facts) -> Iterator[Hit]:
    """Paid more than 月补贴额 × months, or than the standard of the quarter gives (SB-135)."""
    yield from wrongly_paid_as(facts, kinds.PAID_TOO_MUCH)


@audit_check(
    "AU-605",
    "补贴高于实际租金",
    Family.SUBSIDY,
    IssueKind.INELIGIBLE,
    Severity.WARNING,
    "{payment}：{grant} 在 {quarter} 发了 {amount} 元，实际月租金 {rent} 元，"
    "{months} 个月共 {whole} 元，多 {gap} 元",
    "核对租房合同上的租金；补贴不超过实际租金，多发的追回",
    basis="当地租赁补贴标准：补贴不超过实际租金",
    needs=(SubsidyPayment, SubsidyGrant),
    bad="实际月租金 280 元，每月发 300 元",
    good="实际月租金 550 元，每月发 300 元",
)
def paid_above_the_rent(facts: Facts) -> Iterator[Hit]:
    """Payment > 实际月租金 × months; a grant without a rent is not judged."""
    grants, rows = facts.loaded.get(SubsidyGrant), facts.once(grant_rows)
    table, rents = facts.loaded.get(SubsidyPayment), grants.column("actual_rent")
    for one in facts.once(payments):
        row = rows.get(one.grant)
        rent = None if row is None else rents[row]
        if row is None or rent is None or one.amount <= rent * one.months:
            continue
        gap = one.amount - rent * one.months
        words = {**one.words, "months": one.months, "amount": format_yuan(one.amount)}
        words |= {"rent": format_yuan(rent), "whole": format_yuan(rent * one.months)}
        yield Hit(
            (table.cell(one.row, "amount"), grants.cell(row, "actual_rent")),
            {**words, "gap": format_yuan(gap)},
            **facts.once(households).subject(one.household),
            amount=gap,
            key=(one.number, one.grant, one.quarter.label),
        )


@audit_check(
    "AU-606",
    "晚于当年最后一次发放的期限",
    Family.SUBSIDY,
    IssueKind.PAID_LATE,
    Severity.WARNING,
    "{payment}：{grant} 的 {quarter} 补贴在 {paid} 发放，期限是 {deadline}，晚 {days} 天",
    "说明原因并报告；资金没有及时拨付的，查清卡在哪一环",
    basis=f"{_NOTICE}（当年最后一次发放的期限见 subsidy.last_payment_day）",
    needs=(SubsidyPayment,),
    bad="2019-Q4 的补贴 2019-12-30 发放，期限 12 月 25 日",
    good="2019-Q4 的补贴 2019-12-24 发放",
)
def paid_after_the_deadline(facts: Facts) -> Iterator[Hit]:
    """A fourth quarter paid after the year's last day of payment (that day is in time)."""

    @cache
    def deadline_of(quarter: Period) -> dt.date | None:
        return last_payment_day(quarter, facts.overrides)

    table = facts.loaded.get(SubsidyPayment)
    for one in facts.once(payments):
        paid: dt.date = table.column("paid_on")[one.row]
        deadline = deadline_of(one.quarter)
        if deadline is None or paid <= deadline:
            continue
        words = {**one.words, "paid": paid, "deadline": deadline}
        yield Hit(
            (table.cell(one.row, "paid_on"), table.cell(one.row, "quarter")),
            {**words, "days": (paid - deadline).days},
            **facts.once(households).subject(one.household),
            amount=one.amount,
            key=(one.number, one.grant, one.quarter.label),
        )


@audit_check(
    "AU-607",
    "补贴未及时发放",
    Family.SUBSIDY,
    IssueKind.PAID_LATE,
    Severity.WARNING,
    "{grant} 的 {quarter} 补贴{what}，季度终了后 {days} 天，期限 {limit} 天",
    "查清为什么没有按时发放；还没有发的尽快发放",
    basis=f"{_NOTICE}：按月或按季发放；审计问题类型“补贴未及时发放”",
    needs=(SubsidyGrant, SubsidyPayment),
    bad="2020-Q1 已签到，6 月底还没有发放",
    good="季度终了后 24 天发放",
)
def paid_late_or_not_at_all(facts: Facts) -> Iterator[Hit]:
    """Paid more than `audit.subsidy_late_days` after the quarter, or signed in and not paid since.

    Not paid: in force in the quarter, signed in, nothing that bars the payment, and no payment but
    one returned by the bank. Amount: the payment, or 月补贴额 × the months it is due for.
    """
    limit = facts.once(dated).count("audit.subsidy_late_days")
    table, known = facts.loaded.get(SubsidyPayment), facts.once(households)
    for one in facts.once(payments):
        paid: dt.date = table.column("paid_on")[one.row]
        days = (paid - one.quarter.end).days
        if days > limit:
            words = {**one.words, "what": f"在 {paid} 才发放（{one.number}）", "days": days}
            yield Hit(
                (table.cell(one.row, "paid_on"), table.cell(one.row, "quarter")),
                {**words, "limit": limit},
                **known.subject(one.household),
                amount=one.amount,
                key=(one.number, one.grant, one.quarter.label),
            )
    for due in unpaid_quarters(facts, limit):
        words = {"grant": due.grant, "quarter": due.quarter.label, "days": due.days}
        what = f"到 {facts.as_of} 没有发放{due.hint}"
        yield Hit(
            due.cells,
            {**words, "what": what, "limit": limit},
            **known.subject(due.household),
            amount=due.amount,
            key=("没有发放", due.grant, due.quarter.label),
        )
