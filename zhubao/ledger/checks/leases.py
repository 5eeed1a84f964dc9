"""Leases against themselves, their units and their households (LG-30x, LG-31x)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhubao.core.finding import Severity
from zhubao.core.spans import years_later
from zhubao.ledger.checks.check import Hit, check
from zhubao.ledger.checks.standing import exited_households, live_leases
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease, LeaseStatus
from zhubao.ledger.units import Unit, UnitStatus

_RULES = "《公共租赁住房管理办法》"
_LONGEST_YEARS = 5
_FILING_DAYS = 30


@check(
    "LG-301",
    "一套房源两份在租合同",
    Severity.WARNING,
    "房源 {unit} 同时有在租合同 {lease} 和 {first}",
    "核对哪一份仍在履行，另一份补填退租日期并改合同状态",
    needs=(Lease,),
    bad="房源 FY0001 有两份“履行中”的合同",
    good="房源 FY0001 的旧合同已填退租日期，只有一份“履行中”",
)
def unit_let_twice(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """More than one lease of a unit is live on the day."""
    yield from _live_twice(loaded[Lease], as_of, "unit_no", "unit")


@check(
    "LG-302",
    "一户两份在租合同",
    Severity.WARNING,
    "家庭 {household} 同时有在租合同 {lease} 和 {first}",
    "核对该家庭是否占用两套房源；已换房的，旧合同补填退租日期",
    needs=(Lease,),
    bad="家庭 JT0001 有两份“履行中”的合同",
    good="家庭 JT0001 只有一份“履行中”的合同",
)
def household_leases_twice(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """More than one lease of a household is live on the day."""
    yield from _live_twice(loaded[Lease], as_of, "household_no", "household")


@check(
    "LG-303",
    "起租日期晚于到期日期",
    Severity.ERROR,
    "合同 {lease} 的起租日期 {start} 晚于到期日期 {end}",
    "对照合同原件改正日期",
    needs=(Lease,),
    bad="起租 2020-06-01，到期 2019-05-31",
    good="起租 2019-06-01，到期 2022-05-31",
)
def lease_ends_before_start(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A lease's last day lies before its first."""
    table = loaded[Lease]
    starts, ends = table.column("starts_on"), table.column("ends_on")
    for index in table.usable("starts_on", "ends_on"):
        if starts[index] > ends[index]:
            values = {"lease": table.column("lease_no")[index], "start": starts[index]}
            yield table.cell(index, "ends_on"), {**values, "end": ends[index]}


@check(
    "LG-304",
    "租期超过五年",
    Severity.WARNING,
    "合同 {lease} 的租期 {start} 至 {end}，超过五年",
    "对照合同原件；租期确实超过五年的，续签时改为不超过五年",
    needs=(Lease,),
    basis=f"{_RULES}第十八条",
    bad="起租 2015-01-01，到期 2020-12-31",
    good="起租 2016-01-01，到期 2020-12-31",
)
def lease_too_long(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """The term is longer than five years, first and last day included."""
    table = loaded[Lease]
    starts, ends = table.column("starts_on"), table.column("ends_on")
    for index in table.usable("starts_on", "ends_on"):
        if ends[index] >= years_later(starts[index], _LONGEST_YEARS):
            values = {"lease": table.column("lease_no")[index], "start": starts[index]}
            yield table.cell(index, "ends_on"), {**values, "end": ends[index]}


@check(
    "LG-305",
    "合同已过期仍在履行",
    Severity.WARNING,
    "合同 {lease} 已于 {end} 到期，状态仍是“履行中”",
    "已续签的登记新合同；未续签的办理腾退，并更新合同状态",
    needs=(Lease,),
    basis=f"{_RULES}第三十条",
    bad="到期 2019-12-31，截止日期 2020-06-30，状态“履行中”",
    good="到期 2020-12-31，截止日期 2020-06-30，状态“履行中”",
)
def lease_past_its_end(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """A lease marked in force whose last day has passed."""
    table = loaded[Lease]
    ends, states = table.column("ends_on"), table.column("status")
    for index in table.usable("ends_on", "status"):
        if states[index] == LeaseStatus.IN_FORCE and ends[index] < as_of:
            values = {"lease": table.column("lease_no")[index], "end": ends[index]}
            yield table.cell(index, "ends_on"), values


@check(
    "LG-306",
    "退租日期与合同状态不符",
    Severity.WARNING,
    "合同 {lease} 的状态是“{status}”，{fault}",
    "已退租的：状态改为“已终止”并填退租日期；未退租的：清除退租日期",
    needs=(Lease,),
    bad="状态“履行中”，退租日期 2020-03-31",
    good="状态“已终止”，退租日期 2020-03-31",
)
def termination_contradicts_status(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """Terminated without a date, or in force with a termination date that has passed."""
    table = loaded[Lease]
    states, left = table.column("status"), table.column("terminated_on")
    for index in table.usable("status", "terminated_on"):
        fault = ""
        if states[index] == LeaseStatus.TERMINATED and left[index] is None:
            fault = "却没有退租日期"
        if states[index] == LeaseStatus.IN_FORCE and left[index] and left[index] <= as_of:
            fault = f"却有退租日期 {left[index]}"
        if fault:
            values = {"lease": table.column("lease_no")[index], "status": states[index]}
            yield table.cell(index, "terminated_on"), {**values, "fault": fault}


@check(
    "LG-307",
    "在租房源没有在租合同",
    Severity.WARNING,
    "房源 {unit} 的状态是“在租”，但没有在租合同",
    "补登合同；房源其实空着的，把状态改为“空置”并填空置起始日",
    needs=(Unit, Lease),
    bad="房源 FY0001 “在租”，租赁合同表里没有它的在租合同",
    good="房源 FY0001 “在租”，有一份“履行中”的合同",
)
def occupied_without_lease(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """A unit marked occupied under which no lease is live; one that is signed to begin counts."""
    leases, units = loaded[Lease], loaded[Unit]
    numbers, states, starts = (leases.column(n) for n in ("unit_no", "status", "starts_on"))
    let = {numbers[index] for index in live_leases(leases, as_of)}
    for index in leases.usable("unit_no", "status", "starts_on"):
        if starts[index] > as_of and states[index] == LeaseStatus.IN_FORCE:
            let.add(numbers[index])
    numbers, states = units.column("unit_no"), units.column("status")
    for index in units.usable("unit_no", "status"):
        if states[index] == UnitStatus.OCCUPIED and numbers[index] not in let:
            yield units.cell(index, "status"), {"unit": numbers[index]}


@check(
    "LG-308",
    "在租合同的房源不是在租状态",
    Severity.WARNING,
    "合同 {lease} 在租，但房源 {unit} 的状态是“{status}”",
    "核对是否已入住：已入住的把房源状态改为“在租”，未入住或已退的更新合同",
    needs=(Unit, Lease),
    bad="合同 HT0001 “履行中”，房源 FY0001 “空置”",
    good="合同 HT0001 “履行中”，房源 FY0001 “在租”",
)
def lease_on_unlet_unit(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """A live lease on a unit that is marked vacant, reserved or otherwise not occupied."""
    leases, units = loaded[Lease], loaded[Unit]
    states = dict(zip(units.column("unit_no"), units.column("status"), strict=True))
    for index in live_leases(leases, as_of):
        unit = leases.column("unit_no")[index]
        status = states.get(unit)
        if status is not None and status != UnitStatus.OCCUPIED:
            values = {"lease": leases.column("lease_no")[index], "unit": unit}
            yield leases.cell(index, "unit_no"), {**values, "status": status}


@check(
    "LG-309",
    "已退出家庭仍有在租合同",
    Severity.WARNING,
    "家庭 {household} 已退出保障，合同 {lease} 仍在租",
    "核实是否已腾退：已腾退的补填退租日期，未腾退的列入清退",
    needs=(Household, Lease),
    basis=f"{_RULES}第三十一条",
    bad="家庭 JT0001 “已退出”，合同 HT0001 “履行中”",
    good="家庭 JT0001 “已退出”，合同 HT0001 “已终止”",
)
def exited_household_with_lease(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """A household that has exited and still has a live lease."""
    leases = loaded[Lease]
    exited = exited_households(loaded[Household], as_of)
    for index in live_leases(leases, as_of):
        household = leases.column("household_no")[index]
        if household in exited:
            values = {"household": household, "lease": leases.column("lease_no")[index]}
            yield leases.cell(index, "household_no"), values


@check(
    "LG-310",
    "合同备案超过三十日",
    Severity.NOTICE,
    "合同 {lease} 于 {signed} 签订，{filed}，超过 {days} 日",
    "尽快备案；已备案的补填备案日期",
    needs=(Lease,),
    basis=f"{_RULES}第十七条",
    bad="签订 2020-01-02，备案 2020-03-02",
    good="签订 2020-01-02，备案 2020-01-20",
)
def lease_filed_late(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """Filed later than thirty days after signing; one not filed counts only while in force."""
    table = loaded[Lease]
    signed, filed = table.column("signed_on"), table.column("filed_on")
    states = table.column("status")
    for index in table.usable("signed_on", "filed_on", "status"):
        if signed[index] is None:
            continue
        if filed[index] is None and states[index] != LeaseStatus.IN_FORCE:
            continue
        if ((filed[index] or as_of) - signed[index]).days > _FILING_DAYS:
            words = f"{filed[index]} 备案" if filed[index] else "至今没有备案日期"
            values = {"lease": table.column("lease_no")[index], "signed": signed[index]}
            yield table.cell(index, "filed_on"), {**values, "filed": words, "days": _FILING_DAYS}


def _live_twice(
    table: LedgerTable[Lease], as_of: dt.date, field: str, placeholder: str
) -> Iterator[Hit]:
    shared, numbers = table.column(field), table.column("lease_no")
    seen: dict[str, int] = {}
    for index in live_leases(table, as_of):
        if shared[index] is None:
            continue
        first = seen.setdefault(shared[index], index)
        if first != index:
            values = {placeholder: shared[index], "lease": numbers[index], "first": numbers[first]}
            yield table.cell(index, field), values
