"""The report of a period's allocations: by event, estate and size, and the waiting list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from zhubao.allocation.publication.allocations import Allocated, Allocations, EventFigures
from zhubao.allocation.publication.waiting_flow import Fate, Origin, WaitingFlow
from zhubao.core.finding import Cell, Finding
from zhubao.core.report import Column, Report, Row, Table, ValueKind

_COUNT, _ID, _DATE = ValueKind.COUNT, ValueKind.IDENTITY, ValueKind.DATE
_LARGE = 5
_UNTOLD = "未填"


def allocations_report(
    allocations: Allocations,
    flow: WaitingFlow,
    *,
    bureau: str,
    findings: tuple[Finding, ...] = (),
) -> Report:
    """Counts first, then the account of the waiting list, then every household behind them."""
    period, housed = allocations.period, allocations.allocated
    own = [one for one in allocations.events if one.is_allocation]
    others = [one for one in allocations.events if not one.is_allocation]
    tables = [
        _events("events", "各次摇号", own),
        _shares("estates", "按小区、户型", housed, _of_estate, ("小区", "户型")),
        _shares("sizes", "按家庭人口", housed, _of_size, ("家庭人口",)),
        _account(flow),
        _cohorts(flow),
    ]
    tables += [_entrants(allocations, flow)] * bool(flow.entrants)
    tables += [_events("resettlement", "被征收户选房（不计入配租）", others)] * bool(others)
    return Report(
        code="allocate.report",
        title="配租情况",
        bureau=bureau,
        as_of=period.end,
        period=period.title,
        tables=(*tables, _households(housed), _registrations(flow)),
        notes=tuple(_notes(flow)),
        findings=(*findings, *allocations.findings, *flow.findings),
        facts=_facts(allocations, flow),
    )


def _events(key: str, title: str, events: Sequence[EventFigures]) -> Table:
    rows = []
    for one in events:
        row = one.row
        head = (row.event_no, row.name, row.drawn_at.date() if row.drawn_at else None)
        rows.append(Row((*head, *_figures(one)), one.sources))
    totals = [sum(column) for column in zip(*map(_figures, events), strict=True)] or [0] * 6
    return Table(
        key,
        title,
        _EVENTS,
        rows,
        totals=("合计", None, None, *totals),
        summable=frozenset(column.key for column in _EVENTS if column.kind is _COUNT),
    )


def _figures(one: EventFigures) -> tuple[int, ...]:
    signed = len(one.allocated)
    return one.entrants, one.selected, one.chosen, one.abandoned, signed, one.people


def _shares(
    key: str,
    title: str,
    housed: Sequence[Allocated],
    part_of: Callable[[Allocated], tuple[str, ...]],
    titles: tuple[str, ...],
) -> Table:
    parts: dict[tuple[str, ...], list[Allocated]] = defaultdict(list)
    for one in housed:
        parts[part_of(one)].append(one)
    rows = [
        Row(
            (*names, len(part), sum(one.people for one in part)),
            tuple(one.place for one in part),
        )
        for names, part in sorted(parts.items())
    ]
    columns = (
        *(Column(f"part_{number}", name) for number, name in enumerate(titles)),
        Column("households", "户数", _COUNT),
        Column("people", "入住人数", _COUNT),
    )
    blank = [None] * (len(titles) - 1)
    totals = ("合计", *blank, len(housed), sum(one.people for one in housed))
    return Table(
        key, title, columns, rows, totals=totals, summable=frozenset({"households", "people"})
    )


def _of_estate(one: Allocated) -> tuple[str, ...]:
    return one.estate, one.layout or _UNTOLD


def _of_size(one: Allocated) -> tuple[str, ...]:
    if not one.people:
        return (_UNTOLD,)
    return (f"{one.people} 人" if one.people < _LARGE else f"{_LARGE} 人以上",)


def _account(flow: WaitingFlow) -> Table:
    housed, left = flow.count(fates=[Fate.HOUSED]), flow.count(fates=[Fate.LEFT])
    rows = [
        Row(("期初在册", flow.opening), _cells(flow, [Origin.OPENING])),
        Row(("加：本期批准", flow.approved), _cells(flow, set(Origin) - {Origin.OPENING})),
        Row(("减：配租", housed), _cells(flow, fates=[Fate.HOUSED])),
        Row(("减：放弃或取消资格", left), _cells(flow, fates=[Fate.LEFT])),
        Row(("期末在册", flow.closing), _cells(flow, fates=[Fate.WAITING]), "total"),
    ]
    sign = "＝" if flow.is_proved else "≠"
    proof = f"验算：{flow.opening} ＋ {flow.approved} － {housed} － {left} {sign} {flow.closing}"
    columns = (Column("item", "项目"), Column("households", "户数", _COUNT))
    return Table("waiting", "轮候册的增减", columns, rows, notes=(proof,))


def _cohorts(flow: WaitingFlow) -> Table:
    rows = []
    for origin in Origin:
        total = flow.count([origin])
        if total:
            ends = (flow.count([origin], [fate]) for fate in Fate)
            rows.append(Row((origin.value, total, *ends), _cells(flow, [origin])))
    totals = ("合计", len(flow.registrations), *(flow.count(fates=[fate]) for fate in Fate))
    columns = (
        Column("origin", "什么时候批准"),
        Column("households", "户数", _COUNT),
        *(Column(fate.name.lower(), fate.value, _COUNT) for fate in Fate),
    )
    summable = frozenset(column.key for column in columns if column.kind is _COUNT)
    return Table("cohorts", "先后批准的各去了哪里", columns, rows, totals=totals, summable=summable)


def _entrants(allocations: Allocations, flow: WaitingFlow) -> Table:
    origins = (Origin.OPENING, Origin.EARLY, Origin.LATER, None)
    rows = []
    for one in allocations.events:
        counts = flow.entrants.get(one.row.event_no)
        if counts is not None:
            parts = (counts[origin] for origin in origins)
            values = (one.row.event_no, one.row.name, sum(counts.values()), *parts)
            rows.append(Row(values, one.sources[:1]))
    columns = (
        Column("event_no", "活动编号", _ID),
        Column("name", "活动名称"),
        Column("entrants", "参加", _COUNT),
        *(Column(one.name.lower(), one.value, _COUNT) for one in origins if one),
        Column("unlisted", "不在册", _COUNT, note="名册写的轮候号在本期的轮候册里找不到"),
    )
    return Table("entrants", "参加摇号的家庭从哪里来", columns, rows)


def _households(housed: Sequence[Allocated]) -> Table:
    rows = [
        Row(
            (
                one.event_no,
                one.household_no or None,
                one.unit_no or None,
                one.estate,
                one.layout or None,
                one.people,
                one.chosen_on,
                one.signed_on,
                one.lease_no or None,
            ),
            (one.place,),
        )
        for one in housed
    ]
    return Table("households", "配租家庭", _HOUSEHOLDS, rows, shown=0)


def _registrations(flow: WaitingFlow) -> Table:
    rows = [
        Row(
            (
                one.waiting_no,
                one.household_no,
                one.approved_on,
                one.origin.value,
                one.fate.value,
                one.closed_on,
            ),
            (one.place,),
        )
        for one in flow.registrations
    ]
    return Table("registrations", "轮候登记", _REGISTRATIONS, rows, shown=0)


def _cells(
    flow: WaitingFlow, origins: Sequence[Origin] | set[Origin] = (), fates: Sequence[Fate] = ()
) -> tuple[Cell, ...]:
    wanted, ends = set(origins) or set(Origin), set(fates) or set(Fate)
    return tuple(
        one.place for one in flow.registrations if one.origin in wanted and one.fate in ends
    )


def _notes(flow: WaitingFlow) -> Iterator[str]:
    yield "配租：选房记录是“选定”，签约日期在本期之内；人数是选房表的入住人数"
    yield "选定、放弃按选房时间计"
    yield "参加、中签只计本期之内摇的号；以前摇号、本期选房或签约的，只计选定以后各栏"
    early, later = flow.count([Origin.EARLY]), flow.count([Origin.LATER])
    if flow.first_draw is not None:
        yield (
            f"期初在册 {flow.opening} 户之外，本期陆续批准 {flow.approved} 户："
            f"首次摇号（{flow.first_draw}）之前 {early} 户，之后 {later} 户；"
            "后来批准的参加后来的摇号，所以配租户数可以多于期初在册户数"
        )
    if flow.pending:
        yield f"另有待审核 {flow.pending} 户，还没有进轮候册，没有计入"


def _facts(allocations: Allocations, flow: WaitingFlow) -> dict[str, object]:
    own = [one for one in allocations.events if one.is_allocation]
    return {
        "period": allocations.period.label,
        "allocated_households": len(allocations.allocated),
        "allocated_people": sum(one.people for one in allocations.allocated),
        "selected": sum(one.selected for one in own),
        "chosen": sum(one.chosen for one in own),
        "abandoned": sum(one.abandoned for one in own),
        "waiting": {
            "opening": flow.opening,
            "approved": flow.approved,
            "approved_before_first_draw": flow.count([Origin.EARLY]),
            "approved_after_first_draw": flow.count([Origin.LATER]),
            "housed": flow.count(fates=[Fate.HOUSED]),
            "left": flow.count(fates=[Fate.LEFT]),
            "closing": flow.closing,
            "proved": flow.is_proved,
        },
    }


_EVENTS = (
    Column("event_no", "活动编号", _ID),
    Column("name", "活动名称"),
    Column("drawn_on", "摇号日期", _DATE, 2),
    Column("entrants", "参加", _COUNT),
    Column("selected", "中签", _COUNT),
    Column("chosen", "选定", _COUNT),
    Column("abandoned", "放弃", _COUNT, note="放弃和未到场"),
    Column("signed", "签约", _COUNT, note="配租户数"),
    Column("people", "入住人数", _COUNT),
)
_HOUSEHOLDS = (
    Column("event_no", "活动编号", _ID),
    Column("household_no", "家庭编号", _ID),
    Column("unit_no", "房源编号", _ID),
    Column("estate", "小区"),
    Column("layout", "户型"),
    Column("people", "入住人数", _COUNT),
    Column("chosen_on", "选房日期", _DATE),
    Column("signed_on", "签约日期", _DATE),
    Column("lease_no", "合同编号", _ID),
)
_REGISTRATIONS = (
    Column("waiting_no", "轮候号", _ID),
    Column("household_no", "家庭编号", _ID),
    Column("approved_on", "批准日期", _DATE),
    Column("origin", "什么时候批准"),
    Column("fate", "期末"),
    Column("closed_on", "出册日期", _DATE),
)
