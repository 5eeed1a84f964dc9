"""A draw on paper: before it is made only what was given, afterwards who got which place."""

from __future__ import annotations

from collections import Counter
from typing import Any

from zhubao.allocation.draw.algorithm import SELECTED, Drawn, Place, result_text
from zhubao.allocation.draw.entropy import entropy_words
from zhubao.allocation.draw.intent import Intent
from zhubao.allocation.draw.texts import NONE, UNIT, sha256
from zhubao.allocation.event.drift import drift
from zhubao.core.masking import mask_name
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.allocation import DrawEvent
from zhubao.ledger.loaded import Loaded

_SHOWN = 20
_COUNT = ValueKind.COUNT
_STRATA = (
    Column("stratum", "小区与户型"),
    Column("units", "房源（套）", _COUNT),
    Column("entrants", "参加（户）", _COUNT),
    Column("selected", "中签（户）", _COUNT),
    Column("reserve", "递补（户）", _COUNT),
)
_PLACES: tuple[Column, ...] = (
    Column("rank", "总名次", _COUNT),
    Column("entrant_no", "参摇编号", ValueKind.IDENTITY),
    Column("name", "申请人"),
    Column("group", "优先类别", level=2),
    Column("group_rank", "组内名次", _COUNT, level=2),
    Column("stratum", "小区与户型", level=2),
    Column("outcome", "结果"),
    Column("reserve_rank", "递补名次", _COUNT),
    Column("unit_no", "房源编号", ValueKind.IDENTITY),
    Column("receipt", "凭证号", ValueKind.IDENTITY, level=3),
    Column("key", "摇号值", ValueKind.IDENTITY, level=3),
)


def intent_report(intent: Intent, loaded: Loaded, *, bureau: str = "") -> Report:
    """What would be drawn: form and conditions only, nothing from which a result could be read.

    The result must not be seen by anybody who could still type other numbers. The seed is left
    out too.
    """
    frozen = intent.frozen
    notes = (
        "格式和前提都已核对，可以摇号。结果要到登记之后才计算和显示。",
        "各数应按产生的先后书写（公开发布的号码按发布的次序），不得重新排列，请与现场记录核对。",
        *_given(intent),
        f"参加 {len(frozen.entrants)} 户，房源 {len(frozen.units)} 套",
        "登记之后随机数不能再改，结果随之完全确定。",
    )
    if intent.kept:
        notes = ("这次摇号已经登记在存档里，只差写入台账。", *notes[2:])
    return _report(intent, loaded, bureau, "摇号前核对", notes, {}, ())


def draw_report(intent: Intent, drawn: Drawn, loaded: Loaded, *, bureau: str = "") -> Report:
    """The places by rank, names masked, and the counts per stratum."""
    chosen = sum(place.outcome == SELECTED for place in drawn.places)
    result_hash = sha256(result_text(drawn))
    notes = (
        *_given(intent),
        f"中签 {chosen} 户，递补 {len(drawn.places) - chosen} 户",
        f"结果校验值 {result_hash}",
        *_second(intent),
    )
    facts = {
        "seed": drawn.seed,
        "result_hash": result_hash,
        "selected": chosen,
        "reserve": len(drawn.places) - chosen,
    }
    tables = (_strata_table(intent, drawn, loaded), _places_table(intent, drawn))
    return _report(intent, loaded, bureau, "摇号结果", notes, facts, tables)


def _report(
    intent: Intent,
    loaded: Loaded,
    bureau: str,
    title: str,
    notes: tuple[str, ...],
    facts: dict[str, Any],
    tables: tuple[Table, ...],
) -> Report:
    ticket, row = intent.ticket, intent.latest.row
    return Report(
        code="allocate.draw",
        title=f"{title}：{row.name}（{row.event_no} 第 {ticket.draw_no} 次）",
        bureau=bureau,
        as_of=intent.facts.moment.date(),
        tables=tables,
        notes=notes,
        references=("《公共租赁住房管理办法》（住房和城乡建设部令第11号）第十一条至第十五条",),
        findings=drift(loaded, intent.frozen),
        facts={
            "event": row.event_no,
            "draw_no": ticket.draw_no,
            "rules_hash": ticket.rules_hash,
            "entropy": dict(ticket.entropy),
            "drawn_at": intent.facts.drawn_at,
            "entrants": len(intent.frozen.entrants),
            "units": len(intent.frozen.units),
            "recorded": intent.kept,
            **facts,
        },
    )


def _given(intent: Intent) -> tuple[str, ...]:
    facts = intent.facts
    witnesses = "、".join(facts.witnesses)
    return (
        f"随机数：{entropy_words(intent.ticket.entropy)}",
        f"摇号时间 {facts.drawn_at.replace('T', ' ')}，"
        + (f"见证人 {witnesses}" if witnesses else "没有写见证人（--witness）"),
        f"总校验值 {intent.ticket.rules_hash}",
    )


def _second(intent: Intent) -> tuple[str, ...]:
    if intent.ticket.earlier == NONE:
        return ()
    facts = intent.facts
    return (
        f"这是重摇。原因：{facts.reason}；批准人：{'、'.join(facts.approved_by)}",
        f"前次结果校验值 {intent.ticket.earlier}，前次的凭据和结果仍在存档里",
    )


def _strata_table(intent: Intent, drawn: Drawn, loaded: Loaded) -> Table:
    units = Counter(unit.stratum for unit in intent.frozen.units)
    by_outcome = Counter((place.stratum, place.outcome == SELECTED) for place in drawn.places)
    source = loaded.get(DrawEvent).row_cell(intent.latest.index)
    lines = []
    for stratum in sorted(units.keys() | {stratum for stratum, _ in by_outcome}):
        selected, reserve = by_outcome[stratum, True], by_outcome[stratum, False]
        lines.append((stratum or "不分", units[stratum], selected + reserve, selected, reserve))
    totals = ("合计", *(sum(column) for column in zip(*(line[1:] for line in lines), strict=True)))
    rows = [Row(line, (source,)) for line in lines]
    summable = frozenset(column.key for column in _STRATA[1:])
    return Table("strata", "各小区各户型", _STRATA, rows, totals, summable)


def _places_table(intent: Intent, drawn: Drawn) -> Table:
    columns = _PLACES
    rows = [Row(_place(intent, place)) for place in drawn.places]
    if intent.frozen.rules.mode != UNIT:
        at = [index for index, column in enumerate(columns) if column.key != "unit_no"]
        columns = tuple(columns[index] for index in at)
        rows = [Row(tuple(row.values[index] for index in at)) for row in rows]
    return Table("places", "名次", columns, rows, shown=_SHOWN)


def _place(intent: Intent, place: Place) -> tuple[Any, ...]:
    person, entrant = intent.frozen.people[place.receipt], intent.frozen.by_receipt[place.receipt]
    return (
        place.rank,
        person.entrant_no,
        mask_name(person.applicant),
        entrant.group or "普通组",
        place.group_rank,
        place.stratum,
        "中签" if place.outcome == SELECTED else "递补",
        place.reserve_rank or None,
        place.unit_no or None,
        place.receipt,
        place.key,
    )
