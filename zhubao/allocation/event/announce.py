"""公布: on record that the hashes of a freeze were made public, when and where."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhubao.allocation.event.drift import drift
from zhubao.allocation.event.freeze_report import changes_table, hash_table
from zhubao.allocation.event.frozen import Frozen
from zhubao.allocation.event.record import EventRow
from zhubao.allocation.event.standing import refuse_announcement
from zhubao.core.finding import Severity, declare
from zhubao.core.report import Report
from zhubao.core.theme import Formats
from zhubao.ledger.allocation import DrawEvent, DrawStatus
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded

_MINUTE = "%Y-%m-%d %H:%M"
AFTER_PLAN = declare(
    "AL-222",
    "公布时间不早于计划摇号时间",
    Severity.WARNING,
    "公布时间 {at} 不早于计划摇号时间 {planned}",
    "校验值要在摇号以前公布；公布得晚的，请推迟摇号，并改正“计划摇号时间”",
    bad="计划 5 月 14 日 9:30 摇号，当天 10:00 才公布",
    good="计划 5 月 14 日摇号，5 月 13 日公布",
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """The publication of one freeze, as it will stand in the ledger."""

    event: EventRow
    frozen: Frozen
    at: dt.datetime
    where: str


def announce(event: EventRow, frozen: Frozen, at: dt.datetime, where: str) -> Announcement:
    """Refused (UsageError) as `standing.refuse_announcement` says.

    `frozen` is the archived freeze, already compared with the ledger's hashes by
    `record.frozen_of`.
    """
    refuse_announcement(event, at, where)
    return Announcement(event, frozen, at, where.strip())


def announce_change(announcement: Announcement, loaded: Loaded, formats: Formats) -> Change:
    """公布时间, 公布处 and the status of the event's row."""
    row = announcement.event.row
    plan = Plan(f"登记公布：摇号活动 {row.event_no}", loaded, formats)
    table, index = loaded.get(DrawEvent), announcement.event.index
    plan.put(table, index, "published_at", announcement.at)
    plan.put(table, index, "published_where", announcement.where)
    plan.put(table, index, "status", DrawStatus.PUBLISHED)
    plan.note("登记公布以后，名册和房源不能再冻结第二次")
    return plan.build()


def announce_report(announcement: Announcement, loaded: Loaded, *, bureau: str = "") -> Report:
    """The hashes that were published, and what became of the roster since the freeze."""
    event, frozen, at = announcement.event.row, announcement.frozen, announcement.at
    changes = drift(loaded, frozen)
    tables = (hash_table(frozen), *([changes_table(changes)] if changes else []))
    findings = list(changes)
    if event.planned_at is not None and at >= event.planned_at:
        where = loaded.get(DrawEvent).cell(announcement.event.index, "planned_at")
        words = {"at": f"{at:{_MINUTE}}", "planned": f"{event.planned_at:{_MINUTE}}"}
        findings.append(AFTER_PLAN.at(where, **words))
    return Report(
        code="allocation.announce",
        title=f"{event.name}：登记公布",
        bureau=bureau,
        as_of=at.date(),
        tables=tables,
        notes=(
            f"公布时间 {at:{_MINUTE}}，公布处：{announcement.where}",
            f"总校验值 {frozen.rules_hash}",
            "已核对：冻结存档与台账的三个校验值一致。公布出去的总校验值，请与上一行逐字核对",
        ),
        findings=tuple(findings),
        facts={
            "event": event.event_no,
            "published_at": at.isoformat(),
            "published_where": announcement.where,
            "rules_hash": frozen.rules_hash,
            "changed_rows": len(changes),
        },
    )
