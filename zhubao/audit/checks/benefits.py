"""Two benefits of public rental housing at once: unit, rental subsidy, waiting list (AU-10x)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from zhubao.allocation.waiting import faults
from zhubao.allocation.waiting.eligibility import live_faults
from zhubao.allocation.waiting.people import Person
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.payments import wrong_payments
from zhubao.audit.indexes.people import persons_by_number, proper
from zhubao.audit.indexes.protection import Holding, held, holdings
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment
from zhubao.ledger.tenants import Household, Lease, WaitingEntry
from zhubao.services.review.benefits import SUBSIDY, UNIT
from zhubao.subsidy.rental.kinds import PAID_WHILE_HOUSED
from zhubao.subsidy.rental.leads import Lead

_RULES = "《公共租赁住房管理办法》"
_ONE_OR_OTHER = "审计惯例：实物配租与租赁补贴不同时享受"
_ANOTHER = f"{_RULES}第三十一条：另承租其他保障性住房的应当腾退"


@audit_check(
    "AU-101",
    "已配租实物住房，同月仍领租赁补贴",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.ERROR,
    "家庭 {household}：{said}；涉及 {amount} 元",
    "核对入住日期和补贴所属月份；重叠的月份停发并追回",
    basis=_ONE_OR_OTHER,
    needs=(SubsidyPayment, Lease),
    bad="2020-03-10 起租，2020 年第二季度的补贴照发三个月",
    good="入住当月起没有再发补贴",
)
def paid_while_housed(facts: Facts) -> Iterator[Hit]:
    """Months paid that the household, or another household of its members, held a unit.

    One lead per payment; the amount is the share of the months beyond those without a unit, as the
    subsidy report works it out (the largest where several leases overlap).
    """
    table = facts.loaded.get(SubsidyPayment)
    by_row: dict[int, list[Lead]] = defaultdict(list)
    for lead in facts.once(wrong_payments):
        if lead.finding.code == PAID_WHILE_HOUSED.code:
            by_row[lead.row].append(lead)
    for row, leads in by_row.items():
        worst = max(leads, key=lambda one: one.amount)
        household = table.column("household_no")[row] or ""
        cells = dict.fromkeys(cell for one in leads for cell in one.cells)
        words = {"household": household, "said": worst.finding.message}
        yield Hit(
            tuple(cells),
            {**words, "amount": format_yuan(worst.amount)},
            household=household,
            amount=worst.amount,
            key=(table.column("payment_no")[row] or str(table.column("quarter")[row]),),
        )


@audit_check(
    "AU-102",
    "一户占用两套公租房",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.ERROR,
    "家庭 {household} 同时承租 {count} 套：{leases}",
    "核对是不是换房后旧合同没有终止；确实占用两套的，收回一套",
    basis=_ANOTHER,
    needs=(Lease,),
    bad="家庭 JT0001 有两份“履行中”的合同，房源不同",
    good="换房时旧合同已填退租日期",
)
def two_units(facts: Facts) -> Iterator[Hit]:
    """More than one unit under live leases of one household."""
    for household, owned in facts.once(holdings).items():
        leases = [one for one in owned if one.kind == UNIT]
        units = sorted({one.unit for one in leases})
        if len(units) < 2:
            continue
        said = "、".join(f"{one.unit}（合同 {one.number}）" for one in leases)
        words = {"household": household, "count": len(units), "leases": said}
        cells = tuple(one.cell for one in leases)
        yield Hit(cells, words, household=household, key=tuple(units))


@audit_check(
    "AU-103",
    "一人在两户各享受一份保障",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.ERROR,
    "{who}{benefits}",
    "核实此人属于哪一户；从另一户删去，重新核定其租金、补贴和户型，多享受的收回或追回",
    basis=_ANOTHER,
    needs=(Household,),
    bad="配偶的父母一户在租公租房，本户又领租赁补贴，两户都有此人",
    good="每人只在一户里",
)
def member_of_two_benefiting(facts: Facts) -> Iterator[Hit]:
    """A living person belongs to two households that both have a lease or draw a subsidy."""
    for key, persons in facts.once(persons_by_number).items():
        both = [(one, tuple(held(facts, one.household_no))) for one in persons]
        both = sorted((pair for pair in both if pair[1]), key=lambda pair: pair[0].household_no)
        if len(both) < 2:
            continue
        said = "；".join(_in_household(one, owned) for one, owned in both)
        cells = [one.cell for one, _ in both]
        cells += [holding.cell for _, owned in both for holding in owned]
        number = proper(key)
        yield Hit(
            tuple(cells),
            {"who": both[0][0].shown, "benefits": said},
            household=both[0][0].household_no,
            unit=next((h.unit for _, owned in both for h in owned if h.unit), ""),
            person=both[0][0].name,
            identity_no=number,
            key=() if number else (key,),
        )


@audit_check(
    "AU-104",
    "已有实物住房仍在轮候",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.WARNING,
    "{said}",
    "已配租的填轮候状态“已配租”和出册日期；为多占一套而轮候的，取消资格",
    basis=f"{_RULES}第三十一条；审计惯例：一户享受一份保障",
    needs=(WaitingEntry, Lease),
    bad="轮候中的家庭有一份“履行中”的合同",
    good="配租当日已出册",
)
def housed_and_waiting(facts: Facts) -> Iterator[Hit]:
    """A registration waits while the household, or a member elsewhere, has a unit (AL-104/105)."""
    table = facts.loaded.get(WaitingEntry)
    homes = dict(zip(table.column("waiting_no"), table.column("household_no"), strict=True))
    rows = {number: row for row, number in enumerate(table.column("waiting_no"))}
    for number, found in live_faults(facts.loaded, facts.as_of, facts.overrides).items():
        hits = [f for f in found if f.code in (faults.HOUSED.code, faults.MEMBER_HOUSED.code)]
        if not hits:
            continue
        household = homes.get(number) or ""
        owned = tuple(held(facts, household, UNIT))
        cells = [table.cell(rows[number], "status"), *(one.cell for one in owned)]
        cells += [one.where for one in hits if one.where is not None]
        yield Hit(
            tuple(dict.fromkeys(cells)),
            {"said": "；".join(dict.fromkeys(one.message for one in hits))},
            household=household,
            unit=next((one.unit for one in owned), ""),
            key=(number,),
        )


@audit_check(
    "AU-105",
    "实物住房与租赁补贴资格同时有效",
    Family.DOUBLE_BENEFIT,
    IssueKind.DOUBLE_BENEFIT,
    Severity.WARNING,
    "家庭 {household} 有{unit}，{subsidy}（每月 {monthly} 元）仍是“生效”",
    "从入住当月起终止补贴；已发的按月份核对，重叠的追回",
    basis=_ONE_OR_OTHER,
    needs=(Lease, SubsidyGrant),
    bad="签约入住后补贴状态仍是“生效”",
    good="签约时一并终止补贴",
)
def unit_and_grant(facts: Facts) -> Iterator[Hit]:
    """A household with a live lease whose own grant is in force, whether paid yet or not."""
    amounts = facts.loaded.get(SubsidyGrant).column("monthly_amount")
    for household in facts.once(holdings):
        units = tuple(held(facts, household, UNIT))
        for grant in held(facts, household, SUBSIDY) if units else ():
            monthly = amounts[grant.row]
            words = {"household": household, "unit": units[0].words, "subsidy": grant.words}
            yield Hit(
                (grant.cell, *(one.cell for one in units)),
                {**words, "monthly": "—" if monthly is None else format_yuan(monthly)},
                household=household,
                unit=units[0].unit,
                amount=monthly,
                key=(grant.number,),
            )


def _in_household(person: Person, owned: tuple[Holding, ...]) -> str:
    """在家庭 JT0001 有租赁合同 HT0001."""
    return f"在家庭 {person.household_no} 有{'、'.join(one.words for one in owned)}"
