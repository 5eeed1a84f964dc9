"""What a freeze writes into allocation.xlsx: the event's row, and every row of its roster."""

from __future__ import annotations

from typing import Any

from zhubao.allocation.draw.texts import roster_text, sha256
from zhubao.allocation.event.freeze import Freeze
from zhubao.core.theme import Formats
from zhubao.ledger.allocation import DrawEvent, RosterEntry, RosterStatus
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable

_EVENT_FIELDS = (
    "frozen_at",
    "roster_count",
    "unit_count",
    "roster_hash",
    "unit_list_hash",
    "rules_hash",
    "entropy_sources",
    "status",
)


def freeze_change(freeze: Freeze, loaded: Loaded, formats: Formats) -> Change:
    """One Change for the whole freeze; empty when the freeze is not possible.

    A household's 名册行校验值 is the SHA-256 of its line in the canonical roster, without the
    line end. A row that took part in the freeze before this one and is refused now loses receipt,
    salt and hash.
    """
    row = freeze.event.row
    plan = Plan(f"冻结摇号活动 {row.event_no}", loaded, formats)
    if freeze.is_possible:
        _put_event(plan, loaded.get(DrawEvent), freeze)
        _put_roster(plan, loaded.get(RosterEntry), freeze)
        plan.note(
            f"冻结 {len(freeze.lines.entrants)} 户、{len(freeze.units.units)} 套房源，"
            f"不参加 {len(freeze.admission.refused)} 户；冻结以后台账再改，不影响冻结的名册"
        )
    return plan.build()


def _put_event(plan: Plan, table: LedgerTable[DrawEvent], freeze: Freeze) -> None:
    row = freeze.frozen_event.row
    values: dict[str, Any] = {name: getattr(row, name) for name in _EVENT_FIELDS}
    if freeze.order.known is not None:
        values["remark"] = _remark(freeze)
    for name, value in values.items():
        plan.put(table, freeze.event.index, name, value)


def _put_roster(plan: Plan, table: LedgerTable[RosterEntry], freeze: Freeze) -> None:
    lines = freeze.lines
    texts = roster_text("", lines.entrants.values()).split("\n")[1:-1]
    hashes = {text.partition("\t")[0]: sha256(text) for text in texts}
    for index, person in lines.people.items():
        values = {
            "status": RosterStatus.FROZEN,
            "salt": person.salt,
            "receipt_no": person.receipt,
            "row_hash": hashes[person.receipt],
        }
        for name, value in values.items():
            plan.put(table, index, name, value)
    for refused in freeze.admission.refused:
        index = refused.candidate.index
        plan.put(table, index, "status", refused.status)
        plan.put(table, index, "refusal_reason", refused.reason)
        for name in ("salt", "receipt_no", "row_hash"):
            if table.column(name)[index] is not None:
                plan.put(table, index, name, None)


def _remark(freeze: Freeze) -> str:
    """The former remark, and that this freeze replaces another one."""
    row, order = freeze.event.row, freeze.order
    former = f"{row.frozen_at:%Y-%m-%d %H:%M} 的冻结" if row.frozen_at is not None else "原冻结"
    added = (
        f"{order.at:%Y-%m-%d %H:%M} 重新冻结，原因：{order.reason.strip()}；"
        f"代替{former}（总校验值 {(row.rules_hash or '')[:16]}）"
    )
    return f"{row.remark}；{added}" if row.remark else added
