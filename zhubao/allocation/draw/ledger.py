"""A draw as it is written into the ledger: the event's row, and one row per entrant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zhubao.allocation.draw.algorithm import SELECTED, Drawn, Place, result_text
from zhubao.allocation.draw.entropy import entropy_words
from zhubao.allocation.draw.intent import Intent
from zhubao.allocation.draw.texts import NONE, sha256
from zhubao.core.errors import LedgerWriteError
from zhubao.core.theme import Formats
from zhubao.ledger.allocation import DrawEvent, DrawOutcome, DrawResult, DrawStatus
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable

_RESULT_NEEDS = frozenset({"event_no", "draw_no", "entrant_no", "rank", "outcome", "receipt_no"})
_EVENT_NEEDS = frozenset(
    {"event_no", "draw_no", "entropy", "drawn_at", "result_hash", "earlier_hash", "redraw_reason"}
)


def draw_change(intent: Intent, drawn: Drawn, loaded: Loaded, formats: Formats) -> Change:
    """摇号结果 grows by a row per entrant; the event's row tells how it was drawn.

    A re-draw adds an event row with the same freeze; the rows of earlier draws stay as they are.
    LedgerWriteError when 摇号结果 already holds rows of this draw.
    """
    event, draw_no = intent.latest.row.event_no, drawn.ticket.draw_no
    results, events = loaded.get(DrawResult), loaded.get(DrawEvent)
    _refuse_rows(results, event, draw_no)
    plan = Plan(f"摇号：{event} 第 {draw_no} 次", loaded, formats)
    facts = _event_facts(intent, drawn)
    own = next((one for one in intent.rows if one.row.draw_no == draw_no), None)
    if own is not None:
        for name, value in _writable(events, facts, _EVENT_NEEDS).items():
            plan.put(events, own.index, name, value)
    else:
        copied = {**events.values(intent.latest.index), "draw_no": draw_no, "remark": None, **facts}
        plan.add(events, [_writable(events, copied, _EVENT_NEEDS)])
    plan.add(results, [_writable(results, row, _RESULT_NEEDS) for row in _rows(intent, drawn)])
    plan.note("摇号已经登记在存档里；不写入台账也不改变结果，再运行同一条命令可以补写")
    return plan.build()


def _event_facts(intent: Intent, drawn: Drawn) -> dict[str, Any]:
    ticket, facts = drawn.ticket, intent.facts
    return {
        "entropy": entropy_words(ticket.entropy),
        "witnesses": "、".join(facts.witnesses) or None,
        "drawn_at": facts.moment,
        "result_hash": sha256(result_text(drawn)),
        "earlier_hash": None if ticket.earlier == NONE else ticket.earlier,
        "redraw_reason": facts.reason or None,
        "redraw_approvers": "、".join(facts.approved_by) or None,
        "status": DrawStatus.DRAWN,
    }


def _rows(intent: Intent, drawn: Drawn) -> Iterable[dict[str, Any]]:
    event = intent.latest.row.event_no
    return (_row(intent, event, drawn.ticket.draw_no, place) for place in drawn.places)


def _row(intent: Intent, event: str, draw_no: int, place: Place) -> dict[str, Any]:
    person = intent.frozen.people[place.receipt]
    selected = place.outcome == SELECTED
    return {
        "event_no": event,
        "draw_no": draw_no,
        "entrant_no": person.entrant_no,
        "household_no": person.household_no or None,
        "receipt_no": place.receipt,
        "group": intent.frozen.by_receipt[place.receipt].group or None,
        "layout": person.layout or place.stratum or None,
        "rank": place.rank,
        "group_rank": place.group_rank,
        "outcome": DrawOutcome.SELECTED if selected else DrawOutcome.RESERVE,
        "reserve_rank": place.reserve_rank or None,
        "unit_no": place.unit_no or None,
        "digest": place.key,
    }


def _writable(
    table: LedgerTable[Any], row: Mapping[str, Any], needed: frozenset[str]
) -> dict[str, Any]:
    """Without the values that are empty or that the clerks' sheet has no column for."""
    letters = table.segments[-1].letters if table.segments else table.model.model_fields
    return {
        name: value
        for name, value in row.items()
        if value is not None and (name in letters or name in needed)
    }


def _refuse_rows(table: LedgerTable[DrawResult], event: str, draw_no: int) -> None:
    pairs = zip(table.column("event_no"), table.column("draw_no"), strict=True)
    there = [index for index, pair in enumerate(pairs) if pair == (event, draw_no)]
    if there:
        raise LedgerWriteError(
            f"“摇号结果”表里已经有 {event} 第 {draw_no} 次的 {len(there)} 行，没有写入",
            where=str(table.row_cell(there[0])),
            advice="请核对这些行从哪里来；不是 zhubao 写入的，请移走后再运行同一条命令",
        )
