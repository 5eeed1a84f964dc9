"""欠租: debts nobody did anything about (AU-401 to AU-403, AU-406)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.debt_hits import days_ago, debt_hit
from zhubao.audit.indexes.debts import (
    Debtor,
    arrears,
    dead_tenants,
    debtors,
    exits,
    last_actions,
)
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.period import Month
from zhubao.core.spans import whole_months
from zhubao.ledger.arrears import Charge
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.tenants import Household, Lease, Member
from zhubao.rent.steps import PlanState

_RULES = "《公共租赁住房管理办法》"


@audit_check(
    "AU-401",
    "欠租六个月以上没有处理",
    Family.ARREARS,
    IssueKind.RENT_UNCOLLECTED,
    Severity.WARNING,
    "{who}累计欠租 {months} 个月（达到 {limit} 个月应当腾退），共 {amount} 元，{action}",
    "上门催收：困难家庭订分期计划，其余发腾退告知，拒不腾退的向法院起诉",
    basis=f"{_RULES}第二十九条",
    needs=(Household, Charge),
    bad="累计欠租 7 个月，台账里没有催缴文书、走访和分期协议",
    good="累计欠租 7 个月，上月有收租走访",
)
def long_debt_left_alone(facts: Facts) -> Iterator[Hit]:
    """Unpaid for six months in total or more, and no letter, visit or plan within the last days.

    Months are counted as in art. 29: in total, not in a row; six included. Days: policy
    audit.action_days. A plan that is kept is action enough; who has moved out, exited or died is
    AU-402's and AU-403's.
    """
    result, actions = facts.once(arrears), facts.once(last_actions)
    limit = result.ladder.vacate
    gone: Mapping[str, object] = {**facts.once(exits), **facts.once(dead_tenants)}
    since = days_ago(facts, "audit.action_days")
    for one in facts.once(debtors):
        if one.months < limit or one.moved_out or one.number in gone:
            continue
        last = actions.get(one.number)
        kept = result.plan_state(one.account) is PlanState.KEPT
        if kept or (last is not None and last.day >= since):
            continue
        action = f"最近一次是 {last.day} 的{last.what}" if last else "没有任何催收记录"
        words = {"months": one.months, "limit": limit, "action": action}
        yield debt_hit(facts, one, words, more=(last.cell,) if last else ())


@audit_check(
    "AU-402",
    "欠租人已故",
    Family.ARREARS,
    IssueKind.RENT_UNCOLLECTED,
    Severity.WARNING,
    "{who}的承租人 {day} 死亡，仍欠租 {amount} 元（{months} 个月），{left}",
    "有共同居住人的变更承租人并签认欠款；没有的收回住房，先从保证金和遗产中追收，收不回的按程序申请核销",
    basis=f"{_RULES}第三十一条；审计常规核对：死亡人员的债权及时清理",
    needs=(Household, Member, Charge),
    bad="承租人 2019-11-02 死亡，结欠 1,200.00 元",
    good="承租人死亡，欠租已结清或已核销",
)
def debtor_is_dead(facts: Facts) -> Iterator[Hit]:
    """The tenant is recorded dead, and the household owes."""
    dead = facts.once(dead_tenants)
    for one in facts.once(debtors):
        death = dead.get(one.number)
        if death is not None:
            left = f"户内还有 {death.alive} 人" if death.alive else "户内没有其他人"
            words = {"day": death.day, "left": left, "months": one.months}
            yield debt_hit(facts, one, words, first=death.cells)


@audit_check(
    "AU-403",
    "退出户欠租没有追收",
    Family.ARREARS,
    IssueKind.RENT_UNCOLLECTED,
    Severity.WARNING,
    "{who}已于 {day} {how}，仍欠租 {amount} 元（{months} 个月），此后 {days} 日没有收款和催收记录",
    "发催缴通知，从保证金抵扣或起诉追收；确无法收回的按程序申请核销",
    basis=f"{_RULES}第二十九条；审计常规核对：退出人员的债权及时清理",
    needs=(Household, Charge),
    bad="2019-12-31 退租，欠 900.00 元，此后没有收款、文书、走访",
    good="2019-12-31 退租，欠款 2020-02 已结清",
)
def departed_debtor(facts: Facts) -> Iterator[Hit]:
    """Exited or moved out longer ago than policy audit.exit_debt_days; since then nothing was paid
    and nothing was done. The dead are AU-402's."""
    result, actions = facts.once(arrears), facts.once(last_actions)
    dead, until = facts.once(dead_tenants), days_ago(facts, "audit.exit_debt_days")
    for one in facts.once(debtors):
        left = _left_on(facts, one)
        if left is None or left[0] >= until or one.number in dead:
            continue
        day, how, cell = left
        paid = int(result.last_payment[one.account])
        last = actions.get(one.number)
        if paid > day.toordinal() or (last is not None and last.day > day):
            continue
        words = {"day": day, "how": how, "months": one.months, "days": (facts.as_of - day).days}
        yield debt_hit(facts, one, words, more=(cell,))


@audit_check(
    "AU-406",
    "旧欠长期没有收款",
    Family.ARREARS,
    IssueKind.RENT_UNCOLLECTED,
    Severity.WARNING,
    "{who}最早欠租 {oldest}（{age} 个月前），{paid}，结欠 {amount} 元",
    "核实人是否在、钱能不能收：能收的订计划或起诉，收不回的按程序申请核销",
    basis=f"{_RULES}第二十九条；审计常规核对：长期挂账的债权",
    needs=(Household, Charge),
    bad="最早欠租 2019-03，最近一次收款 2019-05-12",
    good="最早欠租 2019-03，2020-05 仍有收款",
)
def old_debt_without_receipt(facts: Facts) -> Iterator[Hit]:
    """The oldest unpaid month and the last receipt are twelve months old or more.

    Policy audit.silent_months, itself included. Where no receipt is on record at all, the age of
    the debt alone tells: a receipt before the ledger began would have paid an older month first.
    """
    result, now = facts.once(arrears), Month.containing(facts.as_of)
    limit = facts.once(dated).count("audit.silent_months")
    for one in facts.once(debtors):
        oldest = int(result.figures.oldest_month[one.account])
        paid = int(result.last_payment[one.account])
        day = dt.date.fromordinal(paid) if paid else None
        if now - oldest < limit or (day and whole_months(day, facts.as_of) < limit):
            continue
        said = f"最近一次收款是 {day}" if day else "台账里没有一笔收款"
        words = {"oldest": Month(oldest), "age": now - oldest, "paid": said}
        yield debt_hit(facts, one, words)


def _left_on(facts: Facts, one: Debtor) -> tuple[dt.date, str, Cell] | None:
    """The day a household exited, else moved out; None where it did neither or no day is known."""
    gone = facts.once(exits)
    if one.number in gone:
        day = gone[one.number]
        cells = facts.once(households).cells(one.number, "exited_on")
        return (day, "退出", cells[0]) if day is not None and cells else None
    table, row = facts.loaded.get(Lease), facts.once(arrears).homes.lease_row[one.account]
    if not one.moved_out or row < 0:
        return None
    day = table.column("terminated_on")[row]
    return (day, "退租", table.cell(row, "terminated_on")) if day is not None else None
