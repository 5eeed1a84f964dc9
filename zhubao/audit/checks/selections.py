"""The choice of units: in order, on time, fitting, once only (AU-711 to AU-716)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from zhubao.allocation.entitlement import layout_for, rooms_in
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.dated import dated
from zhubao.audit.indexes.draws import Choice, Draw, draws, entrant_subject, entrants
from zhubao.audit.indexes.sequence import misplaced
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Severity
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawMode,
    DrawOutcome,
    DrawResult,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit

_RULES = "《公共租赁住房管理办法》"
_ORDER = f"{_RULES}第十一条至第十四条：按摇号确定的顺序选房"
_CHOSEN, _WITHDRAWN = SelectionAction.CHOSEN, SelectionAction.WITHDRAWN


@audit_check(
    "AU-711",
    "没有按摇号的顺序选房",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "活动 {event} {stratum}：第 {rank} 名{who}在 {at} 选房，{what}",
    "核对选房记录；插队的说明理由并报监督部门，前面的家庭没有到场的补登“未到场”",
    basis=f"{_ORDER}；审计惯例：选房时间与名次核对",
    needs=(DrawEvent, DrawResult, UnitSelection),
    bad="第 50 名在第 1 名之前选定，前面的都没有“未到场”的记录",
    good="同一户型按名次先后选房",
)
def chosen_out_of_order(facts: Facts) -> Iterator[Hit]:
    """Within one estate and layout, units are chosen in the order of rank.

    A household recorded as absent, or whose earlier choice was withdrawn, may choose at any time
    afterwards; a draw that gives each its unit has no order. Choices at the same minute are in
    order. As few households as possible are named.
    """
    table, known = facts.loaded.get(UnitSelection), facts.once(entrants)
    for number, draw in facts.once(draws).items():
        if draw.event.row.mode is DrawMode.UNIT:
            continue
        ranks = _ranks(facts, draw)
        for stratum, line in _lines(facts, draw, ranks).items():
            line.sort(key=lambda one: (one.at, ranks[one.entrant]))
            for found in misplaced([ranks[one.entrant] for one in line]):
                one, other = line[found.place], line[found.against]
                place = f"第 {ranks[other.entrant]} 名{known.label(number, other.entrant)}"
                words = {"event": number, "stratum": stratum, "rank": ranks[one.entrant]}
                words |= {"who": known.label(number, one.entrant), "at": f"{one.at:%m-%d %H:%M}"}
                late = f"{place}在 {other.at:%m-%d %H:%M} 已经先选"
                yield Hit(
                    (
                        table.cell(one.row, "selected_at"),
                        table.cell(other.row, "selected_at"),
                        table.cell(one.row, "entrant_no"),
                    ),
                    {**words, "what": late if found.late else f"{place}还没有选"},
                    unit=one.unit,
                    **entrant_subject(facts, number, one.entrant),
                    key=(number, one.entrant),
                )


def _ranks(facts: Facts, draw: Draw) -> Mapping[str, int]:
    table = facts.loaded.get(DrawResult)
    numbers, ranks = table.column("entrant_no"), table.column("rank")
    return {numbers[row]: ranks[row] for row in reversed(draw.results)}


def _lines(facts: Facts, draw: Draw, ranks: Mapping[str, int]) -> dict[str, list[Choice]]:
    """Stratum → the first choice of every household that nothing was recorded of before."""
    strata, seen = _strata(facts, draw), set()
    lines: defaultdict[str, list[Choice]] = defaultdict(list)
    for one in draw.choices:
        if one.entrant not in seen and one.action is _CHOSEN and one.entrant in ranks:
            lines[strata[one.entrant]].append(one)
        seen.add(one.entrant)
    return lines


def _strata(facts: Facts, draw: Draw) -> Mapping[str, str]:
    """Entrant → 小区 and 户型, as far as result and roster say."""
    table, known = facts.loaded.get(DrawResult), facts.once(entrants)
    numbers, layouts = table.column("entrant_no"), table.column("layout")
    found = {}
    for row in draw.results:
        entrant = numbers[row]
        estate = known.field(draw.number, entrant, "estate") or ""
        layout = layouts[row] or known.field(draw.number, entrant, "layout") or ""
        found[entrant] = f"{estate}{layout}"
    return found


@audit_check(
    "AU-712",
    "中签的家庭被跳过",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "活动 {event}：第 {rank} 名{who}中签，没有选房记录，第 {other_rank} 名{other}已经选定",
    "查是否通知到：没有通知的补选，放弃的补登书面放弃，没有到场的补登“未到场”",
    basis=f"{_ORDER}；摇号惯例：每一次放弃都要登记",
    needs=(DrawEvent, DrawResult, UnitSelection),
    bad="第 12 名中签没有任何选房记录，第 13 名选定了",
    good="每个中签的家庭都有选定、放弃或未到场的记录",
)
def selected_and_passed_over(facts: Facts) -> Iterator[Hit]:
    """中签 and no row in 选房, though a later rank of its estate and layout has chosen.

    A voided or direct draw is not judged: there nobody waits for anybody.
    """
    table, known = facts.loaded.get(DrawResult), facts.once(entrants)
    chosen = facts.loaded.get(UnitSelection)
    numbers, ranks, outcomes = (table.column(n) for n in ("entrant_no", "rank", "outcome"))
    for number, draw in facts.once(draws).items():
        if not draw.choices or draw.event.row.mode is DrawMode.UNIT:
            continue
        strata = _strata(facts, draw)
        last: dict[str, tuple[int, Choice]] = {}
        rank_of = _ranks(facts, draw)
        for one in draw.choices:
            rank, stratum = rank_of.get(one.entrant), strata.get(one.entrant, "")
            if one.action is _CHOSEN and rank and rank > last.get(stratum, (0, one))[0]:
                last[stratum] = rank, one
        recorded = {one.entrant for one in draw.choices}
        for row in draw.results:
            entrant = numbers[row]
            rank, other = last.get(strata[entrant], (0, None))
            if entrant in recorded or other is None or ranks[row] > rank:
                continue
            if outcomes[row] is DrawOutcome.SELECTED:
                words = {"event": number, "rank": ranks[row], "other_rank": rank}
                words |= {"other": known.label(number, other.entrant)}
                yield Hit(
                    (table.cell(row, "outcome"), chosen.cell(other.row, "selected_at")),
                    {**words, "who": known.label(number, entrant)},
                    **entrant_subject(facts, number, entrant),
                    key=(number, entrant),
                )


@audit_check(
    "AU-713",
    "没有摇中也选了房",
    Family.ALLOCATION,
    IssueKind.FRAUD,
    Severity.ERROR,
    "活动 {event}：{who} 在 {at} 选定房源 {unit}，{what}",
    "查选房的依据：没有摇号结果的取消选定、收回房源；编号抄错的改正",
    basis=f"{_RULES}第十一条至第十四条：摇号结果公开；审计惯例：选房与摇号结果核对",
    needs=(DrawEvent, DrawResult, UnitSelection),
    bad="选房表里的参摇编号，摇号结果里没有",
    good="选定的家庭都在摇号结果里",
)
def chosen_without_being_drawn(facts: Facts) -> Iterator[Hit]:
    """选定 by a household without a result in the latest draw, or that was 未中签."""
    table, results = facts.loaded.get(UnitSelection), facts.loaded.get(DrawResult)
    numbers, outcomes = results.column("entrant_no"), results.column("outcome")
    for number, draw in facts.once(draws).items():
        if not draw.results:
            continue
        told = {numbers[row]: outcomes[row] for row in draw.results}
        for one in draw.choices:
            outcome = told.get(one.entrant)
            refused = outcome is DrawOutcome.NOT_SELECTED
            if one.action is not _CHOSEN or (outcome is not None and not refused):
                continue
            who = facts.once(entrants).label(number, one.entrant)
            words = {"event": number, "who": who, "at": f"{one.at:%Y-%m-%d %H:%M}"}
            what = "摇号结果是“未中签”" if refused else "摇号结果里没有这一户"
            yield Hit(
                (table.cell(one.row, "entrant_no"), table.cell(one.row, "unit_no")),
                {**words, "unit": one.unit or "（没有写）", "what": what},
                unit=one.unit,
                **entrant_subject(facts, number, one.entrant),
                key=(number, one.entrant),
            )


@audit_check(
    "AU-714",
    "一套房源被两户选定",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "房源 {unit} 被 {count} 户选定：{first}，{second}",
    "先选的保留，后选的重新选房；撤销过的补登“撤销”",
    basis=_ORDER,
    needs=(DrawEvent, UnitSelection),
    bad="FY0001 被两户选定，都没有撤销",
    good="一套房源只有一户选定，或前一户已撤销、已退租",
)
def unit_chosen_twice(facts: Facts) -> Iterator[Hit]:
    """Choices that stand: a household's last one, unless its lease of the unit ended before."""
    table, known = facts.loaded.get(UnitSelection), facts.once(entrants)
    for unit, holders in _standing(facts).items():
        taken = [(event, one) for event, one in holders if not _given_back(facts, one, holders)]
        if len(taken) < 2:
            continue
        (first_event, first), (event, second) = taken[0], taken[1]
        yield Hit(
            tuple(table.cell(one.row, "unit_no") for _, one in taken),
            {
                "unit": unit,
                "count": len(taken),
                "first": f"{known.label(first_event, first.entrant)} {first.at:%Y-%m-%d %H:%M}",
                "second": f"{known.label(event, second.entrant)} {second.at:%Y-%m-%d %H:%M}",
            },
            unit=unit,
            **entrant_subject(facts, event, second.entrant),
            key=tuple(sorted(f"{number} {one.entrant}" for number, one in taken)),
        )


def _standing(facts: Facts) -> dict[str, list[tuple[str, Choice]]]:
    """Unit → (event, choice) of the households whose last record is that they chose it."""
    found: defaultdict[str, list[tuple[str, Choice]]] = defaultdict(list)
    for number, draw in facts.once(draws).items():
        last = {one.entrant: one for one in draw.choices}
        for one in last.values():
            if one.action is _CHOSEN and one.unit:
                found[one.unit].append((number, one))
    for holders in found.values():
        holders.sort(key=lambda pair: (pair[1].at, pair[1].row))
    return found


def _given_back(facts: Facts, one: Choice, holders: list[tuple[str, Choice]]) -> bool:
    """True when the household's lease of the unit ended before the last of the choices."""
    leases = facts.loaded.get(Lease)
    number = facts.loaded.get(UnitSelection).column("lease_no")[one.row]
    row = facts.once(_lease_rows).get(number or "")
    left = None if row is None else leases.column("terminated_on")[row]
    return left is not None and left <= holders[-1][1].at.date() and one is not holders[-1][1]


def _lease_rows(facts: Facts) -> Mapping[str, int]:
    numbers = facts.loaded.get(Lease).column("lease_no")
    return {number: row for row, number in reversed(list(enumerate(numbers))) if number}


@audit_check(
    "AU-715",
    "房源户型与家庭人口不相称",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.WARNING,
    "活动 {event}：{who} {size} 人，应配{right}，选了{layout}（{unit}）",
    "核对家庭人口；确实不相称的，查批准的依据，没有的重新配租",
    basis="家庭人口与应配户型的对照（allocation.layout_by_size）",
    needs=(DrawEvent, UnitSelection, Unit),
    bad="1 人户选了两室一厅",
    good="3 人户选了两室一厅",
)
def layout_does_not_fit(facts: Facts) -> Iterator[Hit]:
    """A unit chosen in a public rental draw has more or fewer rooms than the size entitles to.

    The size is that of the roster, else 入住人数; units whose 户型 names no rooms are not judged.
    """
    units, table = facts.loaded.get(Unit), facts.loaded.get(UnitSelection)
    layouts = {n: i for i, n in enumerate(units.column("unit_no")) if n}
    known = facts.once(entrants)
    for number, draw in facts.once(draws).items():
        for one in draw.choices if draw.is_rental else ():
            row = layouts.get(one.unit)
            size = known.field(number, one.entrant, "size") or table.column("people")[one.row]
            layout = None if row is None else units.column("layout")[row]
            if one.action is not _CHOSEN or row is None or not size or not layout:
                continue
            right = layout_for(size, draw.at.date(), facts.overrides)
            if rooms_in(layout) is None or rooms_in(layout) == rooms_in(right):
                continue
            who = known.label(number, one.entrant)
            words = {"event": number, "who": who, "size": size, "right": right}
            yield Hit(
                (
                    table.cell(one.row, "unit_no"),
                    units.cell(row, "layout"),
                    *known.cells(number, one.entrant, "size"),
                ),
                {**words, "layout": layout, "unit": one.unit},
                unit=one.unit,
                **entrant_subject(facts, number, one.entrant),
                key=(number, one.entrant),
            )


@audit_check(
    "AU-716",
    "选定房源后迟迟没有签合同",
    Family.ALLOCATION,
    IssueKind.LEFT_IDLE,
    Severity.WARNING,
    "活动 {event}：{who} {at} 选定 {unit}，到 {as_of} 已 {days} 天没有合同，期限 {limit} 天",
    "催签合同；不签的登记放弃，房源递补给下一户",
    basis="审计惯例：选定房源后及时签订租赁合同；期限见 audit.lease_days",
    needs=(DrawEvent, UnitSelection, Lease),
    bad="2 月选定，6 月底还没有签合同",
    good="选定后一个月内签了合同",
)
def chosen_and_no_lease(facts: Facts) -> Iterator[Hit]:
    """A standing choice of a public rental draw, older than `audit.lease_days`, without a lease.

    Neither 合同编号 in 选房 that 租赁合同 has, nor a lease of this household and unit.
    """
    limit = facts.once(dated).count("audit.lease_days")
    table, known, held = facts.loaded.get(UnitSelection), facts.once(entrants), facts.once(draws)
    for unit, holders in _standing(facts).items():
        for number, one in holders:
            days = (facts.as_of - one.at.date()).days
            if days <= limit or not held[number].is_rental or _is_signed(facts, one):
                continue
            who = known.label(number, one.entrant)
            words = {"event": number, "who": who, "at": one.at.date(), "unit": unit}
            yield Hit(
                (table.cell(one.row, "selected_at"), table.cell(one.row, "lease_no")),
                {**words, "as_of": facts.as_of, "days": days, "limit": limit},
                unit=unit,
                **entrant_subject(facts, number, one.entrant),
                key=(number, one.entrant),
            )


def _is_signed(facts: Facts, one: Choice) -> bool:
    number = facts.loaded.get(UnitSelection).column("lease_no")[one.row]
    pair = one.household, one.unit
    return number in facts.once(_lease_rows) or pair in facts.once(_let)


def _let(facts: Facts) -> frozenset[tuple[str, str]]:
    """(家庭编号, 房源编号) of every lease."""
    table = facts.loaded.get(Lease)
    return frozenset(zip(table.column("household_no"), table.column("unit_no"), strict=True))
