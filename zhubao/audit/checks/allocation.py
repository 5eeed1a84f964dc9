"""Who is housed: bans, the waiting list, leases and re-checks (AU-721 to AU-726)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from zhubao.allocation.waiting.rights import Ban, bans_on
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.draws import draws, entrant_subject, entrants, households_of
from zhubao.audit.indexes.households import households
from zhubao.audit.indexes.workdays import workdays_between
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.spans import months_later
from zhubao.ledger.allocation import (
    DrawEvent,
    RosterEntry,
    RosterStatus,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.checks.standing import households_in_force
from zhubao.ledger.patrol import TenancyCase
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import ExitReason, Household, Lease, WaitingEntry, WaitingStatus

_RULES = "《公共租赁住房管理办法》"
_BAN = f"{_RULES}第三十五条、第三十六条：五年内不得再次申请"


@audit_check(
    "AU-721",
    "限制申请期内取得住房",
    Family.ALLOCATION,
    IssueKind.INELIGIBLE,
    Severity.ERROR,
    "{home}{what}，{why}，限制申请至 {until}",
    "核实限制的起止；确在限制期内的，取消配租、收回住房",
    basis=_BAN,
    needs=(Household,),
    bad="2019-03 因违规退出，2020-02 又选定了房源",
    good="退出满五年之后再配租",
)
def allocated_while_banned(facts: Facts) -> Iterator[Hit]:
    """A unit chosen, or a lease signed, on a day on which a ban of the household ran.

    Bans are those of `bans_on` (its days included); a lease renewed by somebody who never left is
    judged like any other, since one who was banned had to leave.
    """
    suspects = _ever_banned(facts)
    bans: dict[dt.date, Mapping[str, Ban]] = {}
    for household, day, what, unit, cells in _housings(facts):
        if household not in suspects:
            continue
        if day not in bans:
            bans[day] = bans_on(facts.loaded, day, facts.overrides)
        ban = bans[day].get(household)
        if ban is not None:
            known = facts.once(households)
            words = {"home": known.label(household), "what": what, "why": ban.why}
            yield Hit(
                (*cells, ban.cell),
                {**words, "until": ban.until},
                unit=unit,
                **known.subject(household),
                key=(what,),
            )


def _ever_banned(facts: Facts) -> set[str]:
    """Households that a ban can have run against at some time: few."""
    table, cases = facts.loaded.get(Household), facts.loaded.get(TenancyCase)
    reasons = zip(table.column("household_no"), table.column("exit_reason"), strict=True)
    found = {number for number, reason in reasons if reason is ExitReason.VIOLATION}
    ends = zip(cases.column("household_no"), cases.column("banned_until"), strict=True)
    return found | {number for number, until in ends if until is not None}


def _housings(facts: Facts) -> Iterator[tuple[str, dt.date, str, str, tuple[Cell, ...]]]:
    """(household, day, words, unit, cells) of every choice that was made and every lease signed."""
    chosen, leases = facts.loaded.get(UnitSelection), facts.loaded.get(Lease)
    homes = facts.once(households_of)
    for number, draw in facts.once(draws).items():
        for one in draw.choices:
            household = one.household or homes.get((number, one.entrant), "")
            if one.action is SelectionAction.CHOSEN and household:
                day, words = one.at.date(), f"在 {one.at:%Y-%m-%d} 选定 {one.unit}（{number}）"
                cells = (chosen.cell(one.row, "selected_at"),)
                yield household, day, words, one.unit, cells
    names = ("household_no", "signed_on", "starts_on", "lease_no", "unit_no")
    columns = [leases.column(name) for name in names]
    for row, (household, signed, start, lease, unit) in enumerate(zip(*columns, strict=True)):
        day = signed or start
        if household and day is not None and day <= facts.as_of:
            words = f"在 {day} 签订合同 {lease or '（没有编号）'}"
            yield household, day, words, unit or "", (leases.cell(row, "signed_on"),)


@audit_check(
    "AU-722",
    "不在轮候册就签了合同",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{home} {signed} 签订第一份合同 {lease}（{unit}），轮候册里{what}",
    "查配租的审批文件：有专项安排的写明文号排除，没有的按违规配租处理",
    basis=f"{_RULES}第九条、第十一条至第十四条：登记为轮候对象后配租",
    needs=(Lease, WaitingEntry, DrawEvent),
    bad="摇号开始以后新签的合同，这一户没有轮候登记",
    good="新签合同的家庭早已在轮候册上",
)
def leased_without_waiting(facts: Facts) -> Iterator[Hit]:
    """A first lease of a household without a registration approved by the day of signing.

    Judged are first leases signed since the first draw on record: before it the ledgers do not
    know how anybody was chosen, and a second lease is a renewal or an exchange.
    """
    waited, table = _waiting_since(facts), facts.loaded.get(Lease)
    for household, row, signed in _new_tenants(facts):
        since = waited.get(household)
        if since is None or since > signed:
            what = "没有这一户" if since is None else f"{since} 才批准"
            yield _leased(facts, household, row, {"signed": signed, "what": what}, table)


@audit_check(
    "AU-726",
    "没有选房就签了合同",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{home} {signed} 签订第一份合同 {lease}（{unit}），{what}",
    "查房源是怎么分给这一户的：漏登的补登选房，没有公开配租的按违规处理",
    basis=f"{_RULES}第十一条至第十四条：按公开的方案和结果配租",
    needs=(Lease, WaitingEntry, UnitSelection),
    bad="轮候家庭签了合同，选房表里没有它的选定记录",
    good="合同的房源就是选定的房源",
)
def leased_without_a_choice(facts: Facts) -> Iterator[Hit]:
    """A first lease of a household on the waiting list that never chose this unit."""
    waited, table = _waiting_since(facts), facts.loaded.get(Lease)
    chosen: dict[str, set[str]] = {}
    homes = facts.once(households_of)
    for number, draw in facts.once(draws).items():
        for one in draw.choices:
            household = one.household or homes.get((number, one.entrant), "")
            if one.action is SelectionAction.CHOSEN:
                chosen.setdefault(household, set()).add(one.unit)
    for household, row, signed in _new_tenants(facts):
        units = chosen.get(household, set())
        if household in waited and table.column("unit_no")[row] not in units:
            shown = "、".join(sorted(units))
            what = f"选定的是 {shown}" if shown else "选房表里没有选定记录"
            yield _leased(facts, household, row, {"signed": signed, "what": what}, table)


def _leased(
    facts: Facts,
    household: str,
    row: int,
    words: dict[str, object],
    table: LedgerTable[Lease],
) -> Hit:
    lease, unit = table.column("lease_no")[row], table.column("unit_no")[row] or ""
    known = facts.once(households)
    return Hit(
        (table.cell(row, "signed_on"), table.cell(row, "household_no"), table.cell(row, "unit_no")),
        {**words, "home": known.label(household), "unit": unit, "lease": lease or "（没有编号）"},
        unit=unit,
        **known.subject(household),
        key=(lease or "",),
    )


def _new_tenants(facts: Facts) -> Iterator[tuple[str, int, dt.date]]:
    """(household, row, day) of the first leases signed since the first draw of rental housing."""
    moments = [draw.at.date() for draw in facts.once(draws).values() if draw.is_rental]
    table = facts.loaded.get(Lease)
    signed, starts = table.column("signed_on"), table.column("starts_on")
    for household, row in _first_leases(facts).items() if moments else ():
        day: dt.date = signed[row] or starts[row]
        if min(moments) <= day <= facts.as_of:
            yield household, row, day


def _waiting_since(facts: Facts) -> dict[str, dt.date]:
    table = facts.loaded.get(WaitingEntry)
    found: dict[str, dt.date] = {}
    days = table.column("approved_on")
    for row in table.usable("household_no", "approved_on"):
        household = table.column("household_no")[row]
        found[household] = min(days[row], found.get(household, days[row]))
    return found


def _first_leases(facts: Facts) -> dict[str, int]:
    """Household → the row of its earliest lease by 起租日期.

    Left out: who has a lease whose start cannot be read, and whose unit was let to nobody knows
    whom; either may have been the first.
    """
    table = facts.loaded.get(Lease)
    found: dict[str, int] = {}
    starts, numbers = table.column("starts_on"), table.column("household_no")
    for row in table.usable("household_no", "starts_on"):
        first = found.setdefault(numbers[row], row)
        if starts[row] < starts[first]:
            found[numbers[row]] = row
    columns = zip(numbers, table.column("unit_no"), starts, strict=True)
    unread = [(home, unit) for home, unit, start in columns if not home or start is None]
    homes, units = ({pair[place] for pair in unread} - {None} for place in (0, 1))
    lettings = table.column("unit_no")
    return {
        home: row for home, row in found.items() if home not in homes and lettings[row] not in units
    }


@audit_check(
    "AU-723",
    "轮候满五年仍未配租",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "{home} 的轮候 {waiting} 自 {approved} 起，到 {as_of} 已满 {years} 年，仍是“{status}”",
    "优先安排配租；一时没有房源的，先发租赁补贴，并向上级说明",
    basis=f"{_RULES}第十条：轮候期一般不超过五年",
    needs=(WaitingEntry,),
    bad="2015-06-30 批准，2020-06-30 还没有配租",
    good="批准后五年内配租",
)
def waits_too_long(facts: Facts) -> Iterator[Hit]:
    """轮候中 on the day, of households in force, since `allocation.max_waiting_years` or longer."""
    years = facts.once(dated).count("allocation.max_waiting_years")
    table, known = facts.loaded.get(WaitingEntry), facts.once(households)
    force = households_in_force(facts.loaded.get(Household), facts.as_of)
    approved, closed = table.column("approved_on"), table.column("closed_on")
    states = table.column("status")
    for row in table.usable("waiting_no", "household_no", "approved_on", "status", "closed_on"):
        household = table.column("household_no")[row]
        later = closed[row] is not None and closed[row] > facts.as_of
        if not later and states[row] is not WaitingStatus.WAITING:
            continue
        gone = known.row(household) is not None and household not in force
        if not gone and months_later(approved[row], 12 * years) <= facts.as_of:
            number = table.column("waiting_no")[row]
            words = {"home": known.label(household), "waiting": number, "years": years}
            words |= {"approved": approved[row], "as_of": facts.as_of}
            yield Hit(
                (table.cell(row, "approved_on"), table.cell(row, "status")),
                {**words, "status": WaitingStatus.WAITING.value},
                **known.subject(household),
                key=(number,),
            )


@audit_check(
    "AU-724",
    "登记后的资格复核超过期限",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "活动 {event}：{who} {registered} 登记，{what}，期限 {limit} 个工作日",
    "说明超期的原因；没有复核的补做，不符合条件的取消结果",
    basis=f"{_RULES}第十一条至第十四条：登记意向后复核资格（期限见 audit.recheck_days）",
    needs=(DrawEvent, RosterEntry),
    bad="2020-01-02 登记，2020-02-20 才复核",
    good="登记后十个工作日内复核",
)
def rechecked_late(facts: Facts) -> Iterator[Hit]:
    """复核日期 later than so many working days after 登记时间, or none though the draw was held.

    A missing date counts only where the bureau writes it for others of the event. Years whose
    holidays are not known are passed over.
    """
    limit = facts.once(dated).count("audit.recheck_days")
    table, known, held = facts.loaded.get(RosterEntry), facts.once(entrants), facts.once(draws)
    events, moments, checked = (
        table.column(n) for n in ("event_no", "registered_at", "checked_on")
    )
    keeping = {event for event, day in zip(events, checked, strict=True) if day is not None}
    for row in table.usable("event_no", "entrant_no", "registered_at", "checked_on", "status"):
        draw, at, day = held.get(events[row]), moments[row], checked[row]
        frozen = table.column("status")[row] is RosterStatus.FROZEN
        if draw is None or at is None or events[row] not in keeping or not frozen:
            continue
        days = workdays_between(facts.calendar, at.date(), day or draw.at.date())
        if days is None or days <= limit:
            continue
        entrant = table.column("entrant_no")[row]
        what = f"{day} 才复核，用了 {days} 个工作日" if day else f"{draw.at.date()} 摇号前没有复核"
        yield Hit(
            (table.cell(row, "checked_on"), table.cell(row, "registered_at")),
            {
                "event": draw.number,
                "who": known.label(draw.number, entrant),
                "registered": at.date(),
                "what": what,
                "limit": limit,
            },
            **entrant_subject(facts, draw.number, entrant),
            key=(draw.number, entrant),
        )


@audit_check(
    "AU-725",
    "登记已配租，没有选房也没有合同",
    Family.ALLOCATION,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{home} 的轮候 {waiting} 是“已配租”（{closed}），没有租赁合同，选房表里也没有选定记录",
    "查配租的去向：漏登合同的补登，没有配租的改回轮候",
    basis="审计惯例：轮候册与合同、选房记录核对",
    needs=(WaitingEntry, Lease),
    bad="轮候状态“已配租”，合同表里没有这一户",
    good="已配租的家庭有租赁合同",
)
def housed_on_paper(facts: Facts) -> Iterator[Hit]:
    """已配租 by the day, of a household that no lease and no choice of a unit names."""
    table, known = facts.loaded.get(WaitingEntry), facts.once(households)
    housed = set(facts.loaded.get(Lease).column("household_no"))
    chosen = {household for household, *_ in _housings(facts)}
    closed, states = table.column("closed_on"), table.column("status")
    for row in table.usable("waiting_no", "household_no", "status", "closed_on"):
        household = table.column("household_no")[row]
        if states[row] is not WaitingStatus.HOUSED or household in housed or household in chosen:
            continue
        if closed[row] is None or closed[row] <= facts.as_of:
            words = {"home": known.label(household), "waiting": table.column("waiting_no")[row]}
            yield Hit(
                (table.cell(row, "status"), table.cell(row, "closed_on")),
                {**words, "closed": closed[row] or "没有填出册日期"},
                **known.subject(household),
                key=(table.column("waiting_no")[row],),
            )
