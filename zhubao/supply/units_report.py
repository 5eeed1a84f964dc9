"""Units as reports: occupancy, vacancy, one unit's history, counts by status."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhubao import policy
from zhubao.core.masking import mask_numbers
from zhubao.core.report import Chart, Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import Unit, UnitStatus
from zhubao.supply.occupancy import BLANK, By, Occupancy, Standing, ratio_of
from zhubao.supply.unit_history import GAP, Event, UnitHistory

_COUNT, _DATE, _CODE, _RATIO = (
    ValueKind.COUNT,
    ValueKind.DATE,
    ValueKind.IDENTITY,
    ValueKind.RATIO,
)
_STATUSES = tuple(UnitStatus)


def occupancy_report(
    result: Occupancy,
    by: By = By.ESTATE,
    *,
    detail: bool = False,
    bureau: str = "",
    origin: str = "",
) -> Report:
    """Occupancy on the day, by leases and by status; `detail` lists every lettable unit."""
    ratio = result.ratio
    tables = [_by_groups(result, by), _ways(result), _trend(result), _not_let(result)]
    if detail:
        tables.append(_every_unit(result))
    return Report(
        code="units.occupancy",
        title="房源入住率",
        bureau=bureau,
        as_of=result.as_of,
        tables=tuple(tables),
        notes=_occupancy_notes(result, origin),
        findings=(*result.loaded.findings, *result.findings),
        facts={
            "occupied": ratio.numerator,
            "lettable": ratio.denominator,
            "occupied_by_status": result.by_status.numerator,
            "lettable_by_status": result.by_status.denominator,
            "not_replayable": result.unknown,
            "differences": len(result.findings),
        },
    )


def history_report(history: UnitHistory, *, bureau: str = "", origin: str = "") -> Report:
    """One unit: what its row says, and its events with their cells."""
    units, source = history.loaded.get(Unit), f"（{origin}）" if origin else ""
    return Report(
        code="units.show",
        title=f"房源 {history.unit_no}",
        bureau=bureau,
        as_of=history.as_of,
        tables=(_facts_table(history), _events_table(history.events)),
        notes=(
            f"经过看到 {history.as_of.isoformat()}{source}；房源一栏是台账现状",
            "空置是交付以后既没有合同、也没有调配的日子；日期读不出的行没有列出",
        ),
        findings=history.loaded.findings,
        facts={
            "unit_no": history.unit_no,
            "status": _shown(units.column("status")[history.index]),
            "lease_no": history.lease.lease_no if history.lease else None,
            "events": len(history.events),
            "gaps": sum(event.kind == GAP for event in history.events),
        },
    )


def units_report(loaded: Loaded, *, as_of: dt.date, bureau: str = "") -> Report:
    """Counts by status × estate, ownership and layout, as the sheet stands; no past day."""
    table = loaded.get(Unit)
    usable = table.usable("unit_no", "status")
    unread = len(table) - len(usable)
    counts = Counter(table.column("status")[index] for index in usable)
    notes = ["按房源表的状态列统计，是台账现状；状态没有日期，不能回放过去某一天"]
    if unread:
        notes.append(f"编号或状态读不出的 {unread} 行没有计入")
    return Report(
        code="units.report",
        title="房源统计",
        bureau=bureau,
        as_of=as_of,
        tables=tuple(_crossed(loaded, usable, by) for by in By),
        notes=tuple(notes),
        findings=loaded.findings,
        facts={
            "units": len(usable),
            "by_status": {status.value: counts[status] for status in _STATUSES},
            "rows_unread": unread,
        },
    )


def _occupancy_notes(result: Occupancy, origin: str) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    ratio, status = result.ratio, result.by_status
    notes = [
        f"按合同：{_said(ratio)}，截至 {result.as_of.isoformat()}{source}",
        f"按状态列（台账现状）：{_said(status)}",
        "在租 = 当日有合同；可出租 = 当日有合同，或状态是在租、空置并且已经交付；"
        "装修中、预留、已处置的不计入",
    ]
    if not result.reconciled:
        notes.append(
            "这是过去的日期：在租和交付由合同、交付日期回放，状态列没有日期，不能回放；"
            f"现在装修中、预留或已处置的 {result.unknown} 套，当日没有合同的都没有计入可出租，"
            "也不与状态列对照"
        )
    if result.unread:
        notes.append(f"编号或状态读不出的 {result.unread} 行没有计入")
    return tuple(notes)


def _said(ratio: Ratio) -> str:
    share = f"{ratio.value:.2%}" if ratio.value is not None else "—"
    return f"{ratio.numerator} ÷ {ratio.denominator} = {share}"


def _by_groups(result: Occupancy, by: By) -> Table:
    rows = []
    for name, group in result.groups(by).items():
        ratio = ratio_of(group)
        values = (name, ratio.numerator, ratio.denominator, ratio,
                  ratio.denominator - ratio.numerator)  # fmt: skip
        rows.append(Row(values))
    ratio = result.ratio
    vacant = ratio.denominator - ratio.numerator
    return Table(
        key="groups",
        title=f"按{by.value}",
        columns=(
            Column("group", by.value),
            Column("occupied", "在租", _COUNT),
            Column("lettable", "可出租", _COUNT),
            Column("occupancy", "入住率", _RATIO),
            Column("vacant", "空置", _COUNT, formula="{lettable}-{occupied}"),
        ),
        rows=rows,
        totals=("合计", ratio.numerator, ratio.denominator, ratio, vacant),
        summable=frozenset({"occupied", "lettable", "vacant"}),
        charts=(Chart("bar", "入住率", "group", ("occupancy",)),),
        shown=30,
    )


def _ways(result: Occupancy) -> Table:
    ways = (("按合同", result.ratio), ("按状态列", result.by_status))
    return Table(
        key="ways",
        title="两种算法对照",
        columns=(
            Column("way", "算法"),
            Column("occupied", "在租", _COUNT),
            Column("lettable", "可出租", _COUNT),
            Column("occupancy", "入住率", _RATIO),
        ),
        rows=[Row((name, r.numerator, r.denominator, r)) for name, r in ways],
    )


def _trend(result: Occupancy) -> Table:
    rows = [Row((m, r.numerator, r.denominator, r)) for m, r in result.trend]
    return Table(
        key="trend",
        title="当年各月末（按合同）",
        columns=(
            Column("month", "月份", ValueKind.MONTH),
            Column("occupied", "在租", _COUNT),
            Column("lettable", "可出租", _COUNT),
            Column("occupancy", "入住率", _RATIO),
        ),
        rows=rows,
        notes=("最后一行截至截止日期；预留、处置以前曾可出租的房源无从回放，分母只是近似",),
        charts=(Chart("line", "各月末入住率", "month", ("occupancy",)),),
    )


def _not_let(result: Occupancy) -> Table:
    chosen = [one for one in result.standings if one.lettable and one.lease is None]
    return _unit_list(result, "vacant", "可出租而没有合同的房源", chosen)


def _every_unit(result: Occupancy) -> Table:
    chosen = [one for one in result.standings if one.lettable]
    return _unit_list(result, "units", "全部可出租房源", chosen)


def _unit_list(result: Occupancy, key: str, title: str, chosen: Sequence[Standing]) -> Table:
    units, rows = result.units, []
    for one in chosen:
        fields = ("unit_no", "estate", "ownership", "layout", "status")
        values = [_shown(units.column(name)[one.index]) for name in fields]
        cells = [units.row_cell(one.index), *([one.lease.cell] if one.lease else [])]
        lease = one.lease.lease_no if one.lease else None
        rows.append(Row((*values, lease), tuple(cells)))
    return Table(
        key=key,
        title=title,
        columns=(
            Column("unit_no", "房源编号", _CODE),
            Column("estate", "小区"),
            Column("ownership", "产权"),
            Column("layout", "户型"),
            Column("status", "状态"),
            Column("lease_no", "在租合同", _CODE),
        ),
        rows=rows,
        shown=0,
    )


def _facts_table(history: UnitHistory) -> Table:
    units, index = history.loaded.get(Unit), history.index
    rows = []
    for name, title in _UNIT_FIELDS.items():
        value = units.column(name)[index]
        if value is not None:
            text = (
                ("有" if value else "无") if isinstance(value, bool) else mask_numbers(str(value))
            )
            rows.append(Row((title, text), (units.cell(index, name),)))
    return Table(
        key="unit",
        title="房源",
        columns=(Column("field", "项目"), Column("value", "内容", _CODE)),
        rows=rows,
    )


def _events_table(events: Iterable[Event]) -> Table:
    rows = [
        Row((e.start, e.end, e.kind, e.words), e.cells, "warning" if e.is_long else "")
        for e in events
    ]
    return Table(
        key="events",
        title="经过",
        columns=(
            Column("start", "日期", _DATE),
            Column("end", "止于", _DATE),
            Column("kind", "事项"),
            Column("words", "内容"),
        ),
        rows=rows,
        shown=40,
    )


def _crossed(loaded: Loaded, usable: Sequence[int], by: By) -> Table:
    table = loaded.get(Unit)
    groups: list[Any] = table.column(by.field)
    counts = Counter((str(groups[i] or BLANK), table.column("status")[i]) for i in usable)
    names = sorted({name for name, _ in counts})
    rows = []
    for name in names:
        row = [counts[name, status] for status in _STATUSES]
        rows.append(Row((name, *row, sum(row))))
    totals = [sum(counts[name, status] for name in names) for status in _STATUSES]
    keys = [status.name.lower() for status in _STATUSES]
    return Table(
        key=by.field,
        title=f"按{by.value}和状态（套）",
        columns=(
            Column("group", by.value),
            *(
                Column(key, status.value, _COUNT)
                for key, status in zip(keys, _STATUSES, strict=True)
            ),
            Column("total", "合计", _COUNT),
        ),
        rows=rows,
        totals=("合计", *totals, sum(totals)),
        summable=frozenset({*keys, "total"}),
        shown=30,
    )


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)


def policy_months(as_of: dt.date, overrides: Mapping[str, Any] | None) -> int:
    """The months of vacancy from which a gap is marked."""
    return int(policy.at("lease.idle_months", as_of, overrides))


_UNIT_FIELDS = {
    "estate": "小区",
    "building": "楼栋",
    "entrance": "单元",
    "floor": "楼层",
    "room": "房号",
    "location_district": "坐落区",
    "managing_district": "管理区",
    "ownership": "产权单位",
    "layout": "户型",
    "billed_area_m2": "计租面积（m²）",
    "location_grade": "地段等级",
    "has_lift": "电梯",
    "status": "状态",
    "delivered_on": "交付日期",
    "vacant_since": "空置起始日",
    "remark": "备注",
}
