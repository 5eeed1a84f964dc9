"""New inspections and hazards, and what is done about a hazard: reported, repaired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.errors import UsageError
from zhubao.core.report import Report
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.patrol import (
    HazardLevel,
    RectificationStatus,
    SafetyHazard,
    SafetyInspection,
)
from zhubao.ledger.registers.numbers import next_number
from zhubao.ledger.unread import refuse_unread
from zhubao.patrol.cases.words import choice, dated, joined
from zhubao.patrol.safety.book import FIXED, known_estates

Overrides = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class HazardOrder:
    """A hazard as the clerk gives it; "" and None where nothing was said."""

    estate: str
    level: str
    description: str
    found: dt.date
    place: str = ""
    inspection: str = ""
    reported_to: str = ""
    reported_on: dt.date | None = None
    deadline: dt.date | None = None
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class InspectionOrder:
    """An inspection as the clerk gives it; `hazards` as counted on the spot."""

    estate: str
    day: dt.date
    inspectors: str = ""
    leader: str = ""
    scope: str = ""
    result: str = ""
    hazards: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """One new row, or the new values of a row (`index`), and what the clerk should know."""

    model: type[LedgerRow]
    number: str
    title: str
    values: dict[str, Any]
    day: dt.date
    index: int | None = None
    notes: tuple[str, ...] = ()


def new_hazard(
    order: HazardOrder, loaded: Loaded, latest: dt.date, overrides: Overrides = None
) -> Recorded:
    """The new row of 安全隐患, 待整改; its number follows the sheet's own.

    Raises `UsageError` for an unknown estate, level or inspection, no description, a report
    without day or receiver, and dates out of order or after `latest`.
    """
    refuse_unread(loaded, SafetyHazard)
    level = choice(HazardLevel, order.level, "--level")
    _known_estate(order.estate, loaded)
    if not order.description.strip():
        raise UsageError("没有写隐患内容", advice="请用 --description 写明是什么隐患。")
    found = dated(order.found, "发现日期", latest)
    if order.deadline is not None and order.deadline < found:
        raise UsageError("整改时限早于发现日期", advice="请核对 --deadline。")
    reported = _report_words(order.reported_to, order.reported_on, found, latest)
    inspections = loaded.get(SafetyInspection).column("inspection_no")
    if order.inspection and order.inspection not in inspections:
        raise UsageError(f"安全检查表里没有 {order.inspection}", advice="请核对 --inspection。")
    number = next_number(loaded.get(SafetyHazard).column("hazard_no")) or "YC001"
    row: dict[str, Any] = {
        "hazard_no": number,
        "inspection_no": order.inspection or None,
        "estate": order.estate,
        "place": order.place.strip() or None,
        "description": order.description.strip(),
        "level": level,
        "found_on": found,
        "responsible": order.responsible.strip() or None,
        "deadline": order.deadline,
        "status": RectificationStatus.OPEN,
    } | reported
    kept = {name: value for name, value in row.items() if value is not None}
    days = policy.at("patrol.hazard_report_days", found, overrides).get(level.value)
    notes = []
    if days is not None and not reported:
        limit = found + dt.timedelta(days=int(days))
        notes.append(f"{level.value}隐患要在 {limit} 以前上报，上报后用 --report {number} 登记")
    return Recorded(SafetyHazard, number, f"登记隐患 {number}", kept, found, notes=tuple(notes))


def new_inspection(order: InspectionOrder, loaded: Loaded, latest: dt.date) -> Recorded:
    """The new row of 安全检查.

    Raises `UsageError` for an unknown estate, a count below zero, and a day after `latest`.
    """
    _known_estate(order.estate, loaded)
    refuse_unread(loaded, SafetyInspection)
    if order.hazards < 0:
        raise UsageError("隐患数不能小于 0", advice="请核对 --hazards。")
    day = dated(order.day, "检查日期", latest)
    number = next_number(loaded.get(SafetyInspection).column("inspection_no")) or "AJ0001"
    row = {
        "inspection_no": number,
        "estate": order.estate,
        "inspected_on": day,
        "leader": order.leader.strip() or None,
        "inspectors": order.inspectors.strip() or None,
        "scope": order.scope.strip() or None,
        "result": order.result.strip() or None,
        "hazard_count": order.hazards,
    }
    kept = {name: value for name, value in row.items() if value is not None}
    note = f"发现的 {order.hazards} 起隐患请逐起登记（--new 隐患 --inspection {number}）"
    notes = (note,) if order.hazards else ()
    return Recorded(SafetyInspection, number, f"登记安全检查 {number}", kept, day, notes=notes)


def fix_hazard(
    number: str, day: dt.date, action: str, evidence: str, loaded: Loaded, latest: dt.date
) -> Recorded:
    """The hazard is repaired on the day.

    Raises `UsageError` for an unknown hazard, one that is repaired or unfounded already, no action
    (neither given nor in the ledger), and a day before discovery or after `latest`.
    """
    index, hazard = _hazard(number, loaded)
    if hazard.status in FIXED or hazard.status is RectificationStatus.UNFOUNDED:
        raise UsageError(
            f"{hazard.hazard_no} 的状态已是“{hazard.status.value}”", advice="请核对隐患编号。"
        )
    dated(day, "整改日期", latest, after=hazard.found_on)
    words = action.strip() or hazard.action
    if not words:
        raise UsageError("没有写整改措施", advice="请加 --action，写明怎么整改的。")
    values: dict[str, Any] = {
        "fixed_on": day,
        "action": words,
        "status": RectificationStatus.RECTIFIED,
    }
    if evidence.strip():
        values["evidence"] = joined(hazard.evidence, evidence.strip())
    late = hazard.deadline is not None and day > hazard.deadline
    notes = (f"超过整改时限 {hazard.deadline}",) if late else ()
    return Recorded(
        SafetyHazard, hazard.hazard_no, f"{hazard.hazard_no} 已整改", values, day, index, notes
    )


def report_hazard(
    number: str, receiver: str, day: dt.date, loaded: Loaded, latest: dt.date
) -> Recorded:
    """The hazard was reported on the day; a second receiver is added to the first.

    Raises `UsageError` for an unknown hazard, no receiver, and a day before discovery or after
    `latest`.
    """
    index, hazard = _hazard(number, loaded)
    values = _report_words(receiver, day, hazard.found_on, latest)
    if hazard.reported_on is not None:
        names = (hazard.reported_to or "").split("、")
        if receiver.strip() in names:
            raise UsageError(
                f"{hazard.hazard_no} 已于 {hazard.reported_on} 上报{receiver.strip()}",
                advice="请核对隐患编号和上报单位。",
            )
        merged = "、".join([*(name for name in names if name), receiver.strip()])
        values = {"reported_to": merged, "reported_on": min(day, hazard.reported_on)}
    return Recorded(SafetyHazard, hazard.hazard_no, f"{hazard.hazard_no} 上报", values, day, index)


def recorded_change(recorded: Recorded, loaded: Loaded, formats: Formats) -> Change:
    """The new row, or the cells of the one row."""
    plan, table = Plan(recorded.title, loaded, formats), loaded.get(recorded.model)
    if recorded.index is None:
        plan.add(table, [recorded.values])
    else:
        for name, value in recorded.values.items():
            plan.put(table, recorded.index, name, value)
    return plan.build()


def recorded_report(recorded: Recorded, *, bureau: str = "") -> Report:
    """What is recorded."""
    key = "hazard_no" if recorded.model is SafetyHazard else "inspection_no"
    return Report(
        code="patrol.safety.record",
        title=recorded.title,
        bureau=bureau,
        as_of=recorded.day,
        notes=recorded.notes,
        facts={key: recorded.number, "date": recorded.day},
    )


def _known_estate(estate: str, loaded: Loaded) -> None:
    if not estate:
        raise UsageError("没有写小区", advice="请加 --estate。")
    if estate not in known_estates(loaded):
        raise UsageError(f"没有名为“{estate}”的小区", advice="请核对小区名称。")


def _report_words(
    receiver: str, day: dt.date | None, found: dt.date, latest: dt.date
) -> dict[str, Any]:
    if not receiver.strip() and day is None:
        return {}
    if not receiver.strip() or day is None:
        raise UsageError("上报要写明单位和日期", advice="请同时写上报单位和上报日期。")
    dated(day, "上报日期", latest, after=found)
    return {"reported_to": receiver.strip(), "reported_on": day}


def _hazard(number: str, loaded: Loaded) -> tuple[int, SafetyHazard]:
    table = loaded.get(SafetyHazard)
    key = number.strip().upper()
    found = [i for i, one in enumerate(table.column("hazard_no")) if one and one.upper() == key]
    if len(found) != 1 or found[0] not in set(table.usable()):
        fault = "里没有" if not found else "里不止一行或读不出"
        raise UsageError(
            f"安全隐患表{fault}隐患编号“{number}”",
            where="、".join(str(table.row_cell(index)) for index in found),
            advice="用 zhubao patrol safety 查编号。",
        )
    return found[0], table.row(found[0])
