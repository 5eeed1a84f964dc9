"""合同: who should have left and has not (AU-312 to AU-314)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.lease_hits import lease_hit
from zhubao.audit.indexes.leases import live_by_key, tenancies_by_unit, unit_rows
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.patrol import CaseCategory, TenancyCase
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit, UnitStatus
from zhubao.patrol.cases.book import Case, read_cases
from zhubao.patrol.cases.law import ACTS, ruling_of

_RULES = "《公共租赁住房管理办法》"


@audit_check(
    "AU-312",
    "合同已终止房源仍标在租",
    Family.TENANCY,
    IssueKind.NOT_EXITED,
    Severity.WARNING,
    "{who}的合同 {lease} 已于 {day} {how}，房源 {unit} 仍是“在租”，此后没有别的合同",
    "上门核实是否仍有人居住：已腾退的改房源状态并填空置起始日，未腾退的限期收回",
    basis=f"{_RULES}第三十条、第三十一条",
    needs=(Unit, Lease),
    bad="合同 2020-03-31 退租，房源状态“在租”，没有新合同",
    good="合同 2020-03-31 退租，房源状态“空置”",
)
def unit_not_given_back(facts: Facts) -> Iterator[Hit]:
    """The unit's last lease is over, nobody else has one, and the unit is still marked 在租.

    A lease that ran out without 退租日期 is AU-301's. A unit that never had a lease is AU-503's.
    """
    units, table = facts.loaded.get(Unit), facts.loaded.get(Lease)
    states, lets = units.column("status"), facts.once(tenancies_by_unit)
    left, ends = table.column("terminated_on"), table.column("ends_on")
    for unit, place in facts.once(unit_rows).items():
        own = lets.get(unit)
        if states[place] is not UnitStatus.OCCUPIED or not own:
            continue
        if any(one.ends_after(facts.as_of) for one in own):
            continue
        last = own[-1]
        if last.last_day is not None and left[last.index] is None:
            continue
        how = "退租" if left[last.index] else "终止（没有填退租日期）"
        day = left[last.index] or ends[last.index]
        more = (units.cell(place, "status"),)
        names = ("terminated_on", "status")
        yield lease_hit(facts, last.index, names, {"day": day, "how": how}, more=more)


@audit_check(
    "AU-313",
    "违规到期未整改仍在租",
    Family.TENANCY,
    IssueKind.NOT_EXITED,
    Severity.WARNING,
    "{who}的违规“{kind}”（{case}）{found} 发现，限期 {deadline} 已过 {days} 日，没有整改，"
    "合同 {lease}（房源 {unit}）仍在履行",
    "按第三十六条处理：责令退回住房，按市场租金补缴，记入档案",
    basis=f"{_RULES}第二十七条、第三十六条",
    needs=(TenancyCase, Lease),
    bad="转租 2020-02-01 发现，限期 2020-03-01，整改状态“待整改”，合同履行中",
    good="转租 2020-02-01 发现，2020-02-20 整改，合同已退租",
)
def violation_goes_on(facts: Facts) -> Iterator[Hit]:
    """An act of art. 27 is past its deadline, not put right, and the tenant still has the unit.

    Without a deadline in the row it is the day found plus policy patrol.case_days; the deadline
    itself is in time. A dispute that turned out unfounded is none.
    """
    days = facts.once(dated).count("patrol.case_days")
    for case in facts.once(_cases):
        deadline = case.deadline or case.found + dt.timedelta(days=days)
        if not case.is_open or deadline >= facts.as_of or not _is_act(facts, case):
            continue
        words = {
            "kind": case.kind.value,
            "found": case.found,
            "deadline": deadline,
            "days": (facts.as_of - deadline).days,
        }
        yield from _living(facts, case, ("kind", "found_on", "deadline", "status"), words)


@audit_check(
    "AU-314",
    "登记退出后合同仍在履行",
    Family.TENANCY,
    IssueKind.NOT_EXITED,
    Severity.WARNING,
    "{who}因违规“{kind}”（{case}）登记为退出保障，{rectified} 已记整改，"
    "合同 {lease}（房源 {unit}）仍在履行",
    "上门核实：已腾退的补填退租日期，未腾退的撤回整改结论，限期腾退",
    basis=f"{_RULES}第三十一条、第三十六条",
    needs=(TenancyCase, Lease),
    bad="转租，是否退出保障“是”，已整改，合同仍“履行中”",
    good="转租，是否退出保障“是”，合同已填退租日期",
)
def exit_on_paper(facts: Facts) -> Iterator[Hit]:
    """A violation is settled by the household's exit, and its lease is still live.

    Changed circumstances (a home bought, a car) are the checks of eligibility's.
    """
    table = facts.loaded.get(TenancyCase)
    exiting = table.column("household_exits")
    for case in facts.once(_cases):
        if exiting[case.index] and case.settled and case.category is CaseCategory.VIOLATION:
            words = {"kind": case.kind.value, "rectified": case.rectified}
            yield from _living(facts, case, ("household_exits", "rectified_on", "status"), words)


def _cases(facts: Facts) -> list[Case]:
    return read_cases(facts.loaded, facts.as_of)


def _is_act(facts: Facts, case: Case) -> bool:
    """True for violations that art. 27 with 36 speaks of."""
    if case.category is not CaseCategory.VIOLATION:
        return False
    return ruling_of(case.kind, case.found, facts.overrides).article == ACTS


def _living(
    facts: Facts, case: Case, names: tuple[str, ...], words: Mapping[str, object]
) -> Iterator[Hit]:
    """A lead for each live lease of the case's household and unit begun before it was found."""
    table, leases = facts.loaded.get(TenancyCase), facts.loaded.get(Lease)
    more = tuple(table.cell(case.index, name) for name in names)
    starts = leases.column("starts_on")
    named = table.column("unit_no")[case.index] or ""
    for row in facts.once(live_by_key).of(case.household, named):
        if starts[row] <= case.found:
            own = ("status", "terminated_on")
            yield lease_hit(
                facts, row, own, {"case": case.number, **words}, more=more, key=(case.number,)
            )
