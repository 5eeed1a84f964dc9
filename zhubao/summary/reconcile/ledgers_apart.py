"""The same thing kept in two sheets: what both say must agree, or the ledgers are to be looked at.

Where they may differ by definition the explanation says by how much and why.
"""

from __future__ import annotations

from zhubao.allocation.publication.allocations import REPORT_MODELS
from zhubao.allocation.publication.waiting_flow import Fate
from zhubao.ledger.allocation import DrawEvent, RosterEntry, UnitSelection
from zhubao.ledger.patrol import PatrolVisit
from zhubao.ledger.services import Approval
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.tenants import Household, Lease, WaitingEntry
from zhubao.ledger.units import Unit, UnitStatus
from zhubao.patrol.visits.needs import PLAN_MODELS
from zhubao.summary.indicators.supply_figures import unit_standings
from zhubao.summary.reconcile import made
from zhubao.summary.reconcile.checks import Asked, Pair, Side, check
from zhubao.summary.reconcile.entrants import (
    Entrant,
    EntrantOrigin,
    entrants_by_origin,
    named,
)
from zhubao.supply.needs import UNIT_MODELS


@check(
    "units.leases", "按合同的在租套数 = 房源表的在租套数", needs=(Unit, Lease), reads=UNIT_MODELS
)
def occupied_both_ways(asked: Asked) -> Pair | None:
    """Units let by their leases = units of status 在租.

    The status has no history: on a past day a unit whose lease began or ended afterwards, or that
    was delivered afterwards, may say otherwise.
    """
    standings = asked.once(unit_standings)
    leases, units = asked.loaded.get(Lease), asked.loaded.get(Unit)
    let = {one.unit_no: one for one in standings if one.lease is not None}
    numbers, states = units.column("unit_no"), units.column("status")
    by_status = [one.index for one in standings if states[one.index] is UnitStatus.OCCUPIED]
    unlike = set(let) ^ {numbers[index] for index in by_status}
    later = unlike & _changed_later(asked)
    words = ""
    if later:
        words = f"房源状态没有历史，是台账现在的；{len(later)} 套在截止日以后起租、退租或交付"
    cells = tuple(leases.cell(one.lease.index, "lease_no") for one in let.values() if one.lease)
    return Pair(
        Side("有在租合同的房源", len(let), cells),
        Side("状态是在租的房源", len(by_status), tuple(units.cell(i, "status") for i in by_status)),
        "套",
        words,
        unexplained=len(unlike - later),
    )


def _changed_later(asked: Asked) -> set[str]:
    """Units with a lease that begins or ends after the day, or that are delivered after it."""
    day, changed = asked.scope.day, set[str]()
    leases, units = asked.loaded.get(Lease), asked.loaded.get(Unit)
    for table, names in ((leases, ("starts_on", "terminated_on")), (units, ("delivered_on",))):
        numbers = table.column("unit_no")
        for name in names:
            days = table.column(name)
            changed |= {
                number
                for number, when in zip(numbers, days, strict=True)
                if number and when is not None and when > day
            }
    return changed


@check(
    "units.households",
    "在租家庭 = 在租房源",
    needs=(Unit, Lease, PatrolVisit),
    reads=(*UNIT_MODELS, *PLAN_MODELS),
)
def one_home_each(asked: Asked) -> Pair | None:
    """Households with a home (patrol) = units let (supply): one household, one unit."""
    homes, units = asked.side("patrol.coverage", whole=True), asked.side("units.occupancy")
    if homes is None or units is None:
        return None
    return Pair(
        Side("期末在租的家庭（巡查覆盖率的分母）", homes.number, homes.cells),
        Side("在租的房源（入住率的分子）", units.number, units.cells),
        "户",
    )


@check(
    "draws.listed",
    "各场摇号的参加家庭 = 登记截止时已批准轮候的",
    needs=(DrawEvent, RosterEntry, WaitingEntry),
    reads=REPORT_MODELS,
)
def entrants_were_listed(asked: Asked) -> Pair | None:
    """Entrants of the draws held in the period = those on the list when registration closed.

    One approved after 登记截止日期 (without one, the day of the draw), or on no registration, is
    named. A draw among households losing their homes has no waiting list.
    """
    every: list[Entrant] = []
    strange: list[Entrant] = []
    for one in asked.once(made.allocations).events:
        if not (one.was_drawn and one.is_allocation and one.row.drawn_at):
            continue
        closes = one.row.registration_ends_on or one.row.drawn_at.date()
        groups = entrants_by_origin(asked.loaded, one.row.event_no, closes, closes)
        every += [entrant for group in groups.values() for entrant in group]
        strange += [*groups[EntrantOrigin.LATE], *groups[EntrantOrigin.UNLISTED]]
    if not every:
        return None
    words = f"登记截止时没有批准轮候而列在名册里的：{named(strange)}" if strange else ""
    left = Side("各场名册的家庭", len(every), tuple(one.cell for one in strange or every))
    right = Side("登记截止时已批准的", len(every) - len(strange))
    return Pair(left, right, "户", words, unexplained=len(strange))


@check(
    "allocation.leases",
    "配租家庭都有租赁合同",
    needs=(UnitSelection, Lease),
    reads=REPORT_MODELS,
)
def housed_have_leases(asked: Asked) -> Pair | None:
    """Households housed = those of them whose lease is in 租赁合同."""
    whole = asked.side("allocation.households")
    if whole is None:
        return None
    known = set(asked.loaded.get(Lease).column("lease_no")) - {None}
    housed = asked.once(made.allocations).allocated
    signed = [one for one in housed if one.lease_no in known]
    cells = tuple(one.place for one in housed if one.lease_no not in known)
    return Pair(whole, Side("合同在租赁合同表里的", len(signed), cells), "户")


@check(
    "allocation.waiting",
    "配租户数 = 轮候册里期间内配租出册的户数",
    needs=(UnitSelection, WaitingEntry),
    reads=REPORT_MODELS,
)
def housed_left_the_list(asked: Asked) -> Pair | None:
    """Households that signed = registrations closed as housed in the period."""
    whole = asked.side("allocation.households")
    if whole is None:
        return None
    housed = [one for one in asked.once(made.waiting).registrations if one.fate is Fate.HOUSED]
    cells = tuple(one.place for one in housed)
    return Pair(whole, Side("轮候册里配租出册的", len(housed), cells), "户")


@check(
    "allocation.people",
    "配租人数 = 配租家庭在册人口",
    needs=(UnitSelection, Household),
    reads=REPORT_MODELS,
)
def people_of_households(asked: Asked) -> Pair | None:
    """People moving in = 家庭人口 of the same households in 保障家庭."""
    people = asked.side("allocation.people")
    if people is None:
        return None
    table = asked.loaded.get(Household)
    sizes = dict(zip(table.column("household_no"), table.column("size"), strict=True))
    housed = asked.once(made.allocations).allocated
    total = sum(sizes.get(one.household_no) or 0 for one in housed)
    unlike = [one for one in housed if (sizes.get(one.household_no) or 0) != one.people]
    words = ""
    if unlike:
        words = (
            f"{len(unlike)} 户的入住人数与在册人口不同：配租人数按选房记录的入住人数计，"
            "家庭人口是保障家庭表现在的数"
        )
    right = Side("保障家庭表的家庭人口", total, tuple(one.place for one in unlike))
    return Pair(people, right, "人", words)


@check(
    "subsidy.approvals",
    "补贴资格审批通过 = 新增租赁补贴",
    needs=(Approval, SubsidyGrant),
)
def approved_are_granted(asked: Asked) -> Pair | None:
    """Files of 租赁补贴资格 approved = grants with 批准日期 in the period."""
    files, grants = asked.side("approval.rental_subsidy"), asked.side("subsidy.new_grants")
    if files is None or grants is None:
        return None
    days = asked.loaded.get(Approval).column("decided_on")
    kept = any(day is not None and asked.scope.span.contains(day) for day in days)
    words = "" if kept else "审批表里没有这个期间的办结记录，无从核对"
    return Pair(files, grants, "户", words)
