"""空置: units that are let, and that visitors or a check found empty (AU-505, AU-508)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.lease_hits import lease_hit
from zhubao.audit.indexes.leases import live, live_by_key
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.core.spans import whole_months
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.patrol import (
    Occupancy,
    PatrolVisit,
    VacancyCheck,
    VacancyResult,
)
from zhubao.ledger.tenants import Lease
from zhubao.patrol.vacancy.checks import Checked, last_checks
from zhubao.patrol.vacancy.visit_signs import Call, call_cell, calls_of

_RULES = "《公共租赁住房管理办法》"
_CELLS = 12


@audit_check(
    "AU-505",
    "承租后闲置六个月以上",
    Family.VACANCY,
    IssueKind.LEFT_IDLE,
    Severity.WARNING,
    "{who}承租的房源 {unit}（合同 {lease}）自 {first} 起 {months} 个月，"
    "{count} 次上户都无人居住，{seen}",
    "查水电用量、走访邻里，确属闲置的责令退回；有正当理由的记录在案",
    basis=f"{_RULES}第二十七条",
    needs=(Lease, PatrolVisit),
    bad="2019-12-10 和 2020-05-12 巡查都是“无人居住”，其间没有见到人",
    good="2019-12-10 巡查“无人居住”，2020-03-05 巡查“本人居住”",
)
def let_but_empty(facts: Facts) -> Iterator[Hit]:
    """Found empty (无人居住) again and again for six months or more, and nobody met since.

    At least policy patrol.failed_visits different days, the first of them policy lease.idle_months
    whole months ago or more (six included, art. 27 counts in a row): any visit on which somebody
    was met, a check that found the unit lived in, or a new lease breaks the run. Receipts do not:
    rent is paid from afar. A unit that the last 空置核查 has in hand is AU-508's.
    """
    empty = _found_empty(facts)
    if not empty:
        return
    table, policy = facts.loaded.get(Lease), facts.once(dated)
    least, limit = policy.count("patrol.failed_visits"), policy.count("lease.idle_months")
    calls, checks = calls_of(facts.loaded, facts.as_of), last_checks(facts.loaded, facts.as_of)
    tenants, homes, starts = (table.column(n) for n in ("household_no", "unit_no", "starts_on"))
    for row in facts.once(live):
        check = checks.get(homes[row])
        if tenants[row] not in empty or (check is not None and check.is_open):
            continue
        own = [one for one in calls.get(tenants[row], ()) if one.unit in ("", homes[row])]
        seen = max((one.day for one in own if one.seen), default=None)
        since = max(_lived_in(check), seen or dt.date.min, starts[row])
        run = [one for one in own if one.empty and one.day > since]
        if len({one.day for one in run}) >= least:
            months = whole_months(run[0].day, facts.as_of)
            if months >= limit:
                yield _empty_hit(facts, row, run, months, seen)


@audit_check(
    "AU-508",
    "核查属实的空置没有收回",
    Family.VACANCY,
    IssueKind.LEFT_IDLE,
    Severity.WARNING,
    "{who}承租的房源 {unit}（合同 {lease}）{checked} 核查（{check}）结果是“{result}”，"
    "已 {days} 日，还是“{status}”，没有收回",
    "限期收回；联系不上承租人和家属的，公告后按程序收回",
    basis=f"{_RULES}第二十七条",
    needs=(Lease, VacancyCheck),
    bad="2020-01-10 核查“确认空置”，办理状态“收回中”，截止 2020-06-30 合同仍履行",
    good="2020-01-10 核查“确认空置”，2020-02-20 已收回",
)
def confirmed_and_not_recovered(facts: Facts) -> Iterator[Hit]:
    """The unit's last check confirmed it idle or the tenant dead, and the lease is still live.

    Later than policy audit.recover_days after the check, whatever the status says (a unit said to
    be recovered whose lease goes on is one of these); 已排除 is none.
    """
    table, days = facts.loaded.get(VacancyCheck), facts.once(dated).count("audit.recover_days")
    for unit, check in last_checks(facts.loaded, facts.as_of).items():
        old = (facts.as_of - check.day).days
        confirmed = check.result in (VacancyResult.IDLE, VacancyResult.DEAD)
        if not confirmed or check.lived_in or old <= days:
            continue
        for row in _leases_checked(facts, unit, check):
            words = {
                "checked": check.day,
                "check": check.number,
                "result": check.result.value,
                "days": old,
                "status": check.status.value,
            }
            names = ("result", "checked_on", "status")
            more = tuple(table.cell(check.index, name) for name in names)
            yield lease_hit(facts, row, ("status",), words, more=more, key=(check.number,))


def _found_empty(facts: Facts) -> set[str]:
    """The households whose unit a patrol ever found empty: mostly few, often none."""
    table = facts.loaded.get(PatrolVisit)
    numbers = table.column("household_no")
    return {
        numbers[row]
        for row, state in enumerate(table.column("occupancy"))
        if state is Occupancy.EMPTY and numbers[row]
    }


def _lived_in(check: Checked | None) -> dt.date:
    """The day a check found the unit lived in; long ago where none did."""
    return check.day if check is not None and check.lived_in else dt.date.min


def _empty_hit(
    facts: Facts, row: int, run: Sequence[Call], months: int, seen: dt.date | None
) -> Hit:
    said = f"上次见到人是 {seen}" if seen else "起租以来没有见到过人"
    words = {"first": run[0].day, "months": months, "count": len(run), "seen": said}
    more = tuple(call_cell(facts.loaded, one) for one in run[:_CELLS])
    return lease_hit(facts, row, ("unit_no",), words, more=more)


def _leases_checked(facts: Facts, unit: str, check: Checked) -> list[int]:
    """The live leases the check was about: of its household, begun before it."""
    table = facts.loaded.get(Lease)
    tenants, starts = table.column("household_no"), table.column("starts_on")
    return [
        row
        for row in facts.once(live_by_key).by_unit.get(unit, ())
        if check.household in ("", tenants[row]) and starts[row] <= check.day
    ]
