"""空置: units that stand empty, by the ledgers or by what visitors found (AU-501 to AU-508)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.charging import charges_on_vacant_units
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.indexes.leases import live, tenancies_by_unit, unit_rows, units_ever_let
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.money import format_yuan
from zhubao.core.spans import months_later
from zhubao.ledger.arrears import Charge
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit, UnitStatus
from zhubao.supply.occupancy import LETTABLE, Standing, ratio_of, standings_on
from zhubao.supply.vacancy import compute_vacancies

_RULES = "《公共租赁住房管理办法》"
_HUNAN = "湖南省关于公共租赁住房竣工一年内入住率的要求，见政策参数 audit.occupancy_percent"
_CELLS = 12


@audit_check(
    "AU-501",
    "房源连续空置六个月以上",
    Family.VACANCY,
    IssueKind.LEFT_IDLE,
    Severity.WARNING,
    "房源 {unit}（{estate}）自 {since}（{origin}）起空置 {months} 个月（{days} 日），没有出租",
    "查明原因（维修、无人选、手续未清），列入配租或调配计划，有轮候家庭的尽快配租",
    basis="审计常规核对：空置六个月以上的房源（月数取政策参数 lease.idle_months）",
    needs=(Unit,),
    bad="状态“空置”，空置起始日 2019-12-30，截止 2020-06-30",
    good="状态“空置”，空置起始日 2020-01-15，截止 2020-06-30",
)
def long_vacant(facts: Facts) -> Iterator[Hit]:
    """Lettable, let to nobody, and vacant six whole consecutive months or more (six included).

    Since when: see `supply.vacancy.compute_vacancies`. Units that were delivered a year ago and
    never let are AU-506's, those marked 在租 AU-312's and AU-503's.
    """
    found = compute_vacancies(facts.loaded, facts.as_of, overrides=facts.overrides)
    units, never = facts.loaded.get(Unit), facts.once(_never_let)
    estates, states = units.column("estate"), units.column("status")
    for one in found.vacancies:
        place = one.standing
        empty = states[place.index] is UnitStatus.VACANT and place.unit_no not in never
        if not empty or not found.is_long(one):
            continue
        words = {
            "unit": place.unit_no,
            "estate": estates[place.index] or "小区不明",
            "since": one.since,
            "origin": one.origin,
            "months": one.months,
            "days": one.days,
        }
        status = units.cell(place.index, "status")
        yield Hit(cells=(status, *one.cells), words=words, unit=place.unit_no)


@audit_check(
    "AU-502",
    "空置房源仍在计租",
    Family.VACANCY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "房源 {unit} 自 {since} 起空置，{months} 仍有应收 {count} 笔共 {amount} 元（{who}）",
    "核实有没有人住：没有的冲销应收，有的改房源状态、补签合同",
    basis="审计常规核对：空置房源不计租金",
    needs=(Unit, Charge),
    bad="空置起始日 2020-03-31，应收表有该房源 2020-05 的一行",
    good="空置起始日 2020-03-31，最后一笔应收是 2020-03",
)
def vacant_but_charged(facts: Facts) -> Iterator[Hit]:
    """Charges on a unit for whole months in which it was vacant and let to nobody."""
    table, units = facts.loaded.get(Charge), facts.loaded.get(Unit)
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for row in facts.once(charges_on_vacant_units):
        groups[table.column("unit_no")[row]].append(row)
    months, tenants = table.column("month"), table.column("household_no")
    people = facts.once(households)
    for unit, rows in groups.items():
        amount = sum(table.column("amount")[row] for row in rows)
        if amount <= 0:
            continue
        place = facts.once(unit_rows)[unit]
        first, last = min(months[row] for row in rows), max(months[row] for row in rows)
        owners = sorted({tenants[row] for row in rows})
        words = {
            "unit": unit,
            "since": units.column("vacant_since")[place],
            "months": first if first == last else f"{first} 至 {last}",
            "count": len(rows),
            "amount": format_yuan(amount),
            "who": "、".join(people.label(number) for number in owners),
        }
        own = (units.cell(place, "vacant_since"), units.cell(place, "status"))
        cells = tuple(table.cell(row, "amount") for row in rows[:_CELLS])
        subject = people.subject(owners[0] if len(owners) == 1 else None)
        yield Hit(cells=cells + own, words=words, unit=unit, amount=amount, **subject)


@audit_check(
    "AU-503",
    "标在租而没有合同",
    Family.VACANCY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "房源 {unit}（{estate}）状态“在租”，租赁合同表里从来没有它的合同",
    "上门核实谁在居住、凭什么入住：合规的补签合同、补收租金，违规出租出借的收回",
    basis=f"{_RULES}第十七条；审计常规核对：在租房源须有租赁合同",
    needs=(Unit, Lease),
    bad="状态“在租”，没有任何合同",
    good="状态“在租”，有一份履行中的合同",
)
def occupied_but_unlet(facts: Facts) -> Iterator[Hit]:
    """A unit marked 在租 that no lease names; one whose last lease is over is AU-312's."""
    units, named = facts.loaded.get(Unit), facts.once(units_ever_let)
    states, estates = units.column("status"), units.column("estate")
    for unit, row in facts.once(unit_rows).items():
        if states[row] is UnitStatus.OCCUPIED and unit not in named:
            words = {"unit": unit, "estate": estates[row] or "小区不明"}
            cells = (units.cell(row, "status"), units.cell(row, "unit_no"))
            yield Hit(cells=cells, words=words, unit=unit)


@audit_check(
    "AU-504",
    "有合同而标空置",
    Family.VACANCY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}的合同 {lease} 在履行，房源 {unit} 的状态却是“{status}”",
    "上门核实：有人住的改状态为“在租”，没人住的核查空置原因或补填退租日期",
    basis=f"{_RULES}第二十七条",
    needs=(Unit, Lease),
    bad="合同“履行中”，房源状态“空置”",
    good="合同“履行中”，房源状态“在租”",
)
def let_but_marked_vacant(facts: Facts) -> Iterator[Hit]:
    """A live lease on a unit that is marked vacant, fitting out, reserved or disposed of."""
    table, units = facts.loaded.get(Lease), facts.loaded.get(Unit)
    homes, tenants = table.column("unit_no"), table.column("household_no")
    states, rows, people = units.column("status"), facts.once(unit_rows), facts.once(households)
    for row in facts.once(live):
        place = rows.get(homes[row])
        if place is None or states[place] in (None, UnitStatus.OCCUPIED):
            continue
        lease = table.column("lease_no")[row] or "（编号空着）"
        words = {
            "who": people.label(tenants[row]),
            "lease": lease,
            "unit": homes[row],
            "status": states[place].value,
        }
        cells = (units.cell(place, "status"), table.cell(row, "status"))
        own = people.subject(tenants[row])
        yield Hit(cells, words, unit=homes[row], key=(lease,), **own)


@audit_check(
    "AU-506",
    "交付一年以上从未出租",
    Family.VACANCY,
    IssueKind.LEFT_IDLE,
    Severity.WARNING,
    "房源 {unit}（{estate}）{delivered} 交付，已满 {months} 个月，从没有出租过",
    "查明未配租的原因，列入近期配租计划",
    basis=_HUNAN,
    needs=(Unit, Lease),
    bad="2019-03-31 交付，状态“空置”，没有任何合同",
    good="2019-03-31 交付，2019-08 起出租",
)
def delivered_and_never_let(facts: Facts) -> Iterator[Hit]:
    """A vacant unit delivered twelve months ago or more that no lease names.

    Policy audit.first_let_months, itself included. A unit that fell vacant later than it was
    delivered has been let before: AU-501's.
    """
    units = facts.loaded.get(Unit)
    months = facts.once(dated).count("audit.first_let_months")
    estates, delivered = units.column("estate"), units.column("delivered_on")
    for unit, row in facts.once(_never_let).items():
        words = {
            "unit": unit,
            "estate": estates[row] or "小区不明",
            "delivered": delivered[row],
            "months": months,
        }
        cells = tuple(units.cell(row, name) for name in ("delivered_on", "status", "unit_no"))
        yield Hit(cells=cells, words=words, unit=unit)


@audit_check(
    "AU-507",
    "小区入住率不到标准",
    Family.VACANCY,
    IssueKind.LEFT_IDLE,
    Severity.WARNING,
    "{estate} 交付满 {months} 个月的可出租房源 {lettable} 套，在租 {let} 套，"
    "入住率 {rate}，不到 {least} %",
    "制定配租计划，空置房源公开配租；地段偏、需求少的研究调剂使用",
    basis=_HUNAN,
    needs=(Unit, Lease),
    bad="可出租 10 套，在租 8 套",
    good="可出租 10 套，在租 9 套",
)
def estate_under_occupied(facts: Facts) -> Iterator[Hit]:
    """Occupied ÷ lettable (`supply.occupancy`) of an estate's units delivered a year ago or more.

    Policy audit.occupancy_percent; the percentage itself passes. Units without 交付日期 count as
    delivered long ago.
    """
    units, policy = facts.loaded.get(Unit), facts.once(dated)
    months, least = (policy.count(f"audit.{n}") for n in ("first_let_months", "occupancy_percent"))
    estates, delivered = units.column("estate"), units.column("delivered_on")
    until = months_later(facts.as_of, -months)
    groups: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in standings_on(facts.loaded, facts.once(tenancies_by_unit), facts.as_of):
        day = delivered[one.index]
        if one.lettable and (day is None or day <= until):
            groups[estates[one.index] or "小区不明"].append(one)
    for estate, standings in groups.items():
        ratio = ratio_of(standings)
        if ratio.numerator * 100 >= least * ratio.denominator:
            continue
        words = {
            "estate": estate,
            "months": months,
            "lettable": ratio.denominator,
            "let": ratio.numerator,
            "rate": f"{100 * ratio.numerator / ratio.denominator:.2f}%",
            "least": least,
        }
        empty = [one for one in standings if one.lease is None][:_CELLS]
        cells = tuple(units.cell(one.index, "status") for one in empty)
        yield Hit(cells=cells, words=words, key=(estate,))


def _never_let(facts: Facts) -> dict[str, int]:
    """Unit → row of the vacant units delivered long ago that no lease names.

    One that fell vacant after its delivery was let before the ledger of leases began.
    """
    units: LedgerTable[Unit] = facts.loaded.get(Unit)
    if not facts.loaded.has(Lease):
        return {}
    named = facts.once(units_ever_let)
    states, delivered = units.column("status"), units.column("delivered_on")
    since, until = units.column("vacant_since"), _months_ago(facts)
    return {
        unit: row
        for unit, row in facts.once(unit_rows).items()
        if states[row] in LETTABLE
        and states[row] is not UnitStatus.OCCUPIED
        and unit not in named
        and delivered[row] is not None
        and delivered[row] <= until
        and (since[row] is None or since[row] <= delivered[row])
    }


def _months_ago(facts: Facts) -> dt.date:
    """The last day of delivery from which a unit should have been let by now."""
    return months_later(facts.as_of, -facts.once(dated).count("audit.first_let_months"))
