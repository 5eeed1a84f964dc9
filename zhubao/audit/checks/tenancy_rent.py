"""合同: what leases are charged, rents and areas against the standard (AU-307 to AU-311)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhubao import policy
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.charging import (
    charged,
    charges_on_vacant_units,
    charges_without_lease,
    leases_without_charge,
)
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.households import households
from zhubao.audit.indexes.lease_hits import lease_hit
from zhubao.audit.indexes.leases import live, unit_rows
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.charge_formula import WITH_LIFT, WITHOUT_LIFT, monthly_rent_fen
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit

_RULES = "《公共租赁住房管理办法》"
_CELLS = 12
_MONTHS_SHOWN = 3


@audit_check(
    "AU-307",
    "在租合同没有计租",
    Family.TENANCY,
    IssueKind.RENT_UNCOLLECTED,
    Severity.WARNING,
    "{who}的合同 {lease}（房源 {unit}）有 {count} 个整月没有应收：{months}，"
    "按月租金 {rent} 元少计 {amount} 元",
    "核实这些月是否在住：在住的补记应收，已退租的补填退租日期",
    basis=f"{_RULES}第二十一条",
    needs=(Lease, Charge),
    bad="合同 2020-01-01 起履行，应收表里没有该户 2020-04 的一行",
    good="合同履行的每个整月都有应收",
)
def lease_without_charges(facts: Facts) -> Iterator[Hit]:
    """Whole months in force in which the bureau charged rent, but not for this lease.

    A charge belongs to a lease by household and unit; one without unit counts for any. Months of
    moving in and out, months without billing (AU-308) and leases without rent are passed
    over. Amount: rent × months.
    """
    table = facts.loaded.get(Lease)
    rents = table.column("monthly_rent")
    for one in leases_without_charge(facts):
        row, rent = one.tenancy.index, rents[one.tenancy.index]
        if not rent:
            continue
        words = {
            "count": len(one.months),
            "months": months_named(one.months),
            "rent": format_yuan(rent),
            "amount": format_yuan(rent * len(one.months)),
        }
        names = ("lease_no", "starts_on", "monthly_rent", "terminated_on")
        amount = rent * len(one.months)
        yield lease_hit(facts, row, names, words, amount=amount)


@audit_check(
    "AU-308",
    "整月没有应收",
    Family.TENANCY,
    IssueKind.RENT_UNCOLLECTED,
    Severity.WARNING,
    "{months} 全表几乎没有应收，前后各月都有",
    "核实当月应收是漏记还是被删，用 zhubao rent charge 补记",
    basis="审计常规核对：租金按月计收，各月应收连续",
    needs=(Lease, Charge),
    bad="有 2020-01、2020-02、2020-04 的应收，没有 2020-03 的",
    good="2020-01 到 2020-06 每月都有应收",
)
def month_without_charges(facts: Facts) -> Iterator[Hit]:
    """Months between the first billed one and the last that has passed, with next to no charge.

    Billed: see `indexes.charging.Charged`. Months that follow one another are one lead.
    """
    table, book = facts.loaded.get(Charge), facts.once(charged)
    now = Month.containing(facts.as_of)
    last = now if facts.as_of == now.last_day else now.plus(-1)
    billed = book.months(book.billed)
    gaps = book.months(book.span(billed[0], last) & ~book.billed) if billed else []
    place = Cell(table.segments[0].file, table.segments[0].sheet)
    for run in _runs(gaps):
        yield Hit(cells=(place,), words={"months": months_named(run)}, key=(str(run[0]),))


@audit_check(
    "AU-309",
    "计租而没有合同",
    Family.TENANCY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}在 {months} 没有租赁合同，却有应收 {count} 笔，共 {amount} 元",
    "核实是否在住：在住的补签、补登合同，不在住的冲销应收",
    basis=f"{_RULES}第十七条；审计常规核对：计租须有租赁合同",
    needs=(Lease, Charge),
    bad="家庭没有合同，应收表里有它 2020-03 的一行",
    good="应收的各月都在合同起租月与退租月之间",
)
def charges_without_a_lease(facts: Facts) -> Iterator[Hit]:
    """Charges of months in which the household had no lease; on a vacant unit they are AU-502's.

    Who stays past the end of a lease still has one (AU-301). Charges that sum to nothing (one taken
    back) are no lead.
    """
    on_vacant = set(facts.once(charges_on_vacant_units))
    table, people = facts.loaded.get(Charge), facts.once(households)
    groups: defaultdict[str, list[int]] = defaultdict(list)
    numbers, months = table.column("household_no"), table.column("month")
    for row in charges_without_lease(facts):
        if row not in on_vacant:
            groups[numbers[row]].append(row)
    for number, rows in groups.items():
        amount = sum(table.column("amount")[row] for row in rows)
        if amount <= 0:
            continue
        words = {
            "who": people.label(number),
            "months": months_named(sorted({months[row] for row in rows})),
            "count": len(rows),
            "amount": format_yuan(amount),
        }
        cells = tuple(table.cell(row, "amount") for row in rows[:_CELLS])
        own = people.cells(number)
        yield Hit(cells=cells + own, words=words, amount=amount, **people.subject(number))


@audit_check(
    "AU-310",
    "合同租金与标准不符",
    Family.TENANCY,
    IssueKind.RENT_UNCOLLECTED,
    Severity.WARNING,
    "{who}的合同 {lease}（房源 {unit}）月租金 {rent} 元，按起租日 {day} 的标准应为 {standard} 元"
    "（{area} m²，{tier}、{grade}、{lift}），每月{differs} {amount} 元",
    "核对保障类型、计租面积、地段和电梯；租金定错的更正合同，并补收或退还差额",
    basis=f"{_RULES}第二十条；租金标准见政策参数 rent.price",
    needs=(Lease, Unit),
    bad="低保、50 m²、二级、无电梯，标准 0.80 元，月租金填 30.00",
    good="低保、50 m²、二级、无电梯，标准 0.80 元，月租金填 40.00",
)
def rent_off_the_standard(facts: Facts) -> Iterator[Hit]:
    """A live lease's rent is not billed area × price of tier, grade and lift on its first day.

    Tier and area are the lease's, else the household's and the unit's. Differences up to policy
    audit.rent_tolerance pass. No price (before the table, or for such a tier): no lead. Amount: the
    difference of one month.
    """
    table = facts.loaded.get(Lease)
    tolerance = facts.once(dated).fen("audit.rent_tolerance")
    rents, starts = table.column("monthly_rent"), table.column("starts_on")
    standards = _Standards(facts)
    for row in facts.once(live):
        traits = standards.traits(row)
        standard = standards.rent(traits, starts[row]) if traits else None
        if traits is None or standard is None or rents[row] is None:
            continue
        gap = rents[row] - standard
        if abs(gap) <= tolerance:
            continue
        words = {
            "rent": format_yuan(rents[row]),
            "day": starts[row],
            "standard": format_yuan(standard),
            "area": traits.area,
            "tier": traits.tier,
            "grade": traits.grade,
            "lift": WITH_LIFT if traits.lift else WITHOUT_LIFT,
            "differs": "多" if gap > 0 else "少",
            "amount": format_yuan(abs(gap)),
        }
        more = standards.cells(row)
        names = ("monthly_rent", "tier", "area_m2")
        yield lease_hit(facts, row, names, words, more=more, amount=abs(gap))


@audit_check(
    "AU-311",
    "合同面积与房源计租面积不符",
    Family.TENANCY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}的合同 {lease} 计租面积 {area} m²，房源 {unit} 登记 {billed} m²",
    "对照测绘资料改正其中一个；影响租金的补收或退还差额",
    basis="审计常规核对：租金按房源的计租面积计收",
    needs=(Lease, Unit),
    bad="合同 48.00 m²，房源 52.00 m²",
    good="合同与房源都是 52.00 m²",
)
def area_contradicts_unit(facts: Facts) -> Iterator[Hit]:
    """A live lease names another area than its unit's 计租面积."""
    table, units = facts.loaded.get(Lease), facts.loaded.get(Unit)
    homes, areas = table.column("unit_no"), table.column("area_m2")
    billed, rows = units.column("billed_area_m2"), facts.once(unit_rows)
    for row in facts.once(live):
        place = rows.get(homes[row])
        if place is None or areas[row] is None or billed[place] is None:
            continue
        if areas[row] != billed[place]:
            words = {"area": areas[row], "billed": billed[place]}
            more = (units.cell(place, "billed_area_m2"),)
            yield lease_hit(facts, row, ("area_m2",), words, more=more)


def months_named(months: Sequence[Month]) -> str:
    """2020-03; 2020-03、2020-05; more than three: 2020-01 至 2020-06（5 个月）."""
    if len(months) <= _MONTHS_SHOWN:
        return "、".join(map(str, months))
    return f"{months[0]} 至 {months[-1]}（{len(months)} 个月）"


def _runs(months: Sequence[Month]) -> list[list[Month]]:
    """The months cut into stretches that follow one another."""
    found: list[list[Month]] = []
    for month in months:
        if found and found[-1][-1] + 1 == month:
            found[-1].append(month)
        else:
            found.append([month])
    return found


@dataclass(frozen=True, slots=True)
class _Traits:
    area: Decimal
    tier: str
    grade: str
    lift: bool


class _Standards:
    """The rent by the table for the traits of a lease, worked out once per combination."""

    def __init__(self, facts: Facts) -> None:
        self._overrides = facts.overrides
        self._leases, self._units = facts.loaded.get(Lease), facts.loaded.get(Unit)
        self._rows, self._people = facts.once(unit_rows), facts.once(households)
        self._found: dict[tuple[_Traits, dt.date], int | None] = {}

    def traits(self, row: int) -> _Traits | None:
        """What the price depends on; None where something of it is missing or unreadable."""
        place = self._rows.get(self._leases.column("unit_no")[row])
        unread = any(row in self._leases.bad.get(name, ()) for name in ("area_m2", "tier"))
        if place is None or unread:
            return None
        grade, lift = (self._units.column(name)[place] for name in ("location_grade", "has_lift"))
        area = self._leases.column("area_m2")[row] or self._units.column("billed_area_m2")[place]
        number = self._leases.column("household_no")[row]
        tier = self._leases.column("tier")[row] or self._people.field(number, "tier")
        if not (area and tier and grade) or lift is None:
            return None
        return _Traits(Decimal(area), str(tier), grade, lift)

    def rent(self, traits: _Traits, day: dt.date) -> int | None:
        """The rent of a whole month; None where the table has no price."""
        key = traits, day
        if key not in self._found:
            try:
                self._found[key] = monthly_rent_fen(
                    traits.area, traits.tier, traits.grade, traits.lift, day, self._overrides
                )
            except policy.PolicyUnknown:
                self._found[key] = None
        return self._found[key]

    def cells(self, row: int) -> tuple[Cell, ...]:
        """The unit's cells the price depends on."""
        place = self._rows[self._leases.column("unit_no")[row]]
        names = ("billed_area_m2", "location_grade", "has_lift")
        return tuple(self._units.cell(place, name) for name in names)
