"""欠租: plans and letters that were not followed up, or sent too soon (AU-404, AU-405, AU-407)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.debt_hits import days_ago, debt_hit
from zhubao.audit.indexes.debts import (
    Letter,
    arrears,
    debtors,
    last_actions,
    letters,
    visit_days,
)
from zhubao.audit.indexes.households import households
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.money import format_yuan
from zhubao.ledger.arrears import Instalment, InstalmentPlan, LetterKind, RentLetter
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.tenants import Household, Lease
from zhubao.rent.plans import PlanView
from zhubao.rent.steps import PlanState

_RULES = "《公共租赁住房管理办法》"
_HARSH = frozenset({LetterKind.DEMAND, LetterKind.VACATE})
_Part = tuple[dt.date, int, Cell]  # due day, amount, cell


@audit_check(
    "AU-404",
    "分期协议逾期没有处理",
    Family.ARREARS,
    IssueKind.RENT_UNCOLLECTED,
    Severity.WARNING,
    "{who}的分期协议 {plan}（{signed} 签订）到期应缴 {planned} 元，签订以来收到 {paid} 元，"
    "少缴 {short} 元，{action}",
    "约谈承租人：限期补缴或重订计划，仍不履行的按欠租处理",
    basis=f"{_RULES}第二十九条；分期协议的约定",
    needs=(Household, InstalmentPlan, Instalment),
    bad="四期到期未缴，最近 90 日没有走访和文书",
    good="有一期逾期，上月已走访",
)
def broken_plan_left_alone(facts: Facts) -> Iterator[Hit]:
    """A plan is behind (`rent.plans.read_plans`), and no letter or visit within the last days.

    The days count from the first part missed or the last action, whichever is later: policy
    audit.action_days. Amount: what should have been paid by the day, less what was.
    """
    result, actions = facts.once(arrears), facts.once(last_actions)
    since, due = days_ago(facts, "audit.action_days"), _parts_due(facts, result.plans)
    for one in facts.once(debtors):
        plan = result.plans.get(one.account)
        if plan is None or plan.state is not PlanState.BEHIND or plan.plan_no not in due:
            continue
        missed, cells = _missed(plan, due[plan.plan_no])
        last = actions.get(one.number)
        after = last is not None and last.day > plan.signed_on
        if missed >= since or (last is not None and last.day >= since):
            continue
        action = f"最近一次催收是 {last.day} 的{last.what}" if last and after else "没有催收记录"
        short = plan.planned - plan.received
        words = {
            "plan": plan.plan_no,
            "signed": plan.signed_on,
            "planned": format_yuan(plan.planned),
            "paid": format_yuan(plan.received),
            "short": format_yuan(short),
            "action": action,
        }
        first = (plan.cell, *cells)
        yield debt_hit(facts, one, words, first=first, amount=short, key=(plan.plan_no,))


@audit_check(
    "AU-405",
    "困难家庭未走访就发文书",
    Family.ARREARS,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{who}是困难家庭（{marks}），{day} 出具{kind} {letter}，之前 {days} 日内没有走访记录",
    "补做走访，核实困难情况，能订分期计划的撤回文书",
    basis="困难家庭先走访、订计划的催缴规程，见政策参数 arrears.hardship_words",
    needs=(Household, RentLetter),
    bad="重病家庭，2020-05-10 出具腾退告知书，此前 90 日没有走访",
    good="重病家庭，2020-04-20 走访，2020-05-10 出具催缴通知书",
)
def harsh_letter_without_visit(facts: Facts) -> Iterator[Hit]:
    """A demand or a notice to vacate to a household in hardship, not visited in the days before.

    Visits to collect rent and on patrol count, that of the day itself too. The mark of hardship is
    the one of today: what it was then is not in the ledger.
    """
    ladder, people = facts.once(arrears).ladder, facts.once(households)
    visits, days = facts.once(visit_days), facts.once(dated).count("audit.visit_before_letter_days")
    for letter in facts.once(letters):
        number = letter.household
        mark = f"{people.field(number, 'hardship') or ''} {people.field(number, 'tier') or ''}"
        marks = ladder.hardship_tags(mark)
        known = visits.get(number, [])
        first = letter.issued_on - dt.timedelta(days=days)
        visited = bisect_left(known, first) < bisect_right(known, letter.issued_on)
        if not marks or letter.kind not in _HARSH or visited:
            continue
        words = {
            "who": people.label(number),
            "marks": "、".join(marks),
            "day": letter.issued_on,
            "kind": letter.kind.value,
            "letter": letter.number,
            "days": days,
        }
        cells = (letter.cell("issued_on"), letter.cell("kind"))
        own = people.cells(number, "hardship", "tier")
        yield Hit(cells + own, words, key=(letter.number,), **people.subject(number))


@audit_check(
    "AU-407",
    "腾退告知期满没有腾退",
    Family.ARREARS,
    IssueKind.NOT_EXITED,
    Severity.WARNING,
    "{who}的腾退告知书 {letter}（{day} {how}）期限 {deadline} 已过 {days} 日，"
    "仍欠租 {months} 个月共 {amount} 元，没有腾退，也没有新的分期协议",
    "督促腾退；拒不腾退的依法申请人民法院处理，并记录起诉日期",
    basis=f"{_RULES}第二十九条",
    needs=(Household, RentLetter, Lease),
    bad="2020-03-01 发腾退告知书，2020-06-30 仍欠 8 个月，合同履行中",
    good="发腾退告知书之后订了分期协议并按期履行",
)
def notice_to_vacate_ran_out(facts: Facts) -> Iterator[Hit]:
    """The last notice to vacate has run out (policy letters.vacate_days), six months are still
    unpaid, the tenant lives there, and no plan signed since is kept."""
    result, people = facts.once(arrears), facts.once(households)
    term = dt.timedelta(days=facts.once(dated).count("letters.vacate_days"))
    last = _last_notices(facts)
    for one in facts.once(debtors):
        letter = last.get(one.number)
        if letter is None or one.moved_out or one.months < result.ladder.vacate:
            continue
        delivered = letter.delivered_on and letter.delivered_on <= facts.as_of
        start = letter.delivered_on if letter.delivered_on and delivered else letter.issued_on
        plan = result.plans.get(one.account)
        settled = plan and plan.state is PlanState.KEPT and plan.signed_on >= letter.issued_on
        deadline = start + term
        if settled or deadline >= facts.as_of:
            continue
        words = {
            "day": start,
            "how": "送达" if delivered else "出具",
            "letter": letter.number,
            "deadline": deadline,
            "days": (facts.as_of - deadline).days,
            "months": one.months,
        }
        first = (letter.cell("issued_on"), *people.cells(one.number, "status"))
        yield debt_hit(facts, one, words, first=first, key=(letter.number,))


def _parts_due(facts: Facts, plans: Mapping[int, PlanView]) -> dict[str, list[_Part]]:
    """Plan → its parts that fell due by the day (grace over): day, amount and cell, in order."""
    grace = dt.timedelta(days=facts.once(arrears).ladder.grace_days)
    wanted = {plan.plan_no for plan in plans.values() if plan.state is PlanState.BEHIND}
    table = facts.loaded.get(Instalment)
    numbers, days = table.column("plan_no"), table.column("due_on")
    found: dict[str, list[_Part]] = {}
    for row in table.usable("plan_no", "due_on", "amount"):
        if numbers[row] in wanted and days[row] + grace < facts.as_of:
            part = (days[row], table.column("amount")[row], table.cell(row, "due_on"))
            found.setdefault(numbers[row], []).append(part)
    for parts in found.values():
        parts.sort(key=lambda part: part[0])
    return found


def _missed(plan: PlanView, parts: list[_Part]) -> tuple[dt.date, tuple[Cell, ...]]:
    """The day of the first part that what was paid does not reach, and the cells from it on."""
    sum_due = 0
    for place, (_, amount, _) in enumerate(parts):
        sum_due += amount
        if sum_due > plan.received:
            return parts[place][0], tuple(part[2] for part in parts[place:])
    return parts[-1][0], (parts[-1][2],)


def _last_notices(facts: Facts) -> dict[str, Letter]:
    """Household → its last notice to vacate."""
    found: dict[str, Letter] = {}
    for one in facts.once(letters):
        known = found.get(one.household)
        later = known is None or one.issued_on >= known.issued_on
        if one.kind is LetterKind.VACATE and later:
            found[one.household] = one
    return found
