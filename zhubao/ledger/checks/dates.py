"""Dates in order, and dates that cannot be (LG-35x)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from zhubao.core.finding import Severity
from zhubao.excel.kinds import CellKind
from zhubao.ledger.checks.check import Hit, check
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.validate import field_rules

_EARLIEST_YEAR = 1980  # before it there was no housing of this kind to date
_LIFE_DATES = ("birth_date", "died_on")

# Sheet model → chains of fields whose dates follow one another (empty ones are passed over).
# A lease's first and last day have a check of their own, of error severity.
ORDERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "Unit": (("delivered_on", "vacant_since"),),
    "SupplyBatch": (("cooperation_start", "cooperation_end"),),
    "Developer": (("cooperation_start", "cooperation_end"),),
    "Household": (("approved_on", "exited_on"),),
    "Member": (("birth_date", "died_on"),),
    "WaitingEntry": (("approved_on", "closed_on"),),
    "Lease": (("signed_on", "filed_on"), ("starts_on", "terminated_on")),
    "SubsidyGrant": (("approved_on", "status_changed_on"), ("first_month", "last_month")),
    "SubsidyPayment": (("paid_on", "recovered_on"),),
    "StaffSubsidy": (("submitted_on", "approved_on", "paid_on"),),
    "Batch": (("starts_at", "ends_at"),),
    "DrawEvent": (("frozen_at", "published_at", "drawn_at"),),
    "UnitSelection": (("signed_on", "handed_over_on"),),
    "KeyHousehold": (("listed_on", "removed_on"),),
    "TenancyCase": (("happened_on", "found_on", "notified_on"), ("found_on", "rectified_on")),
    "Campaign": (("started_on", "ended_on"),),
    "VacancyCheck": (("checked_on", "closed_on"),),
    "SafetyHazard": (("found_on", "reported_on"), ("found_on", "fixed_on")),
    "Lead": (("raised_on", "verified_on"),),
    "AuditFinding": (("found_on", "rectified_on", "closed_on"),),
    "Approval": (
        ("community_received_at", "community_decided_at"),
        ("street_received_at", "street_decided_at"),
        ("district_received_at", "district_decided_at"),
        ("city_received_at", "city_decided_at"),
        ("notice_from", "notice_to"),
    ),
    "SpecialCase": (("received_on", "resolved_on"),),
    "HotlineTicket": (("received_on", "handled_on"),),
}

# Sheet model → the date of something that has happened when it is written down.
PAST: dict[str, tuple[str, ...]] = {
    "Member": _LIFE_DATES,
    "Receipt": ("received_on",),
    "Reduction": ("approved_on",),
    "CollectionVisit": ("visited_on",),
    "Remittance": ("remitted_on",),
    "SubsidyPayment": ("paid_on",),
    "PatrolVisit": ("visited_on",),
}


@check(
    "LG-351",
    "日期先后颠倒",
    Severity.WARNING,
    "“{later}” {day} 早于“{earlier}” {other}",
    "对照原始材料改正其中一个日期",
    bad="批准日期 2020-05-01，退出日期 2019-05-01",
    good="批准日期 2019-05-01，退出日期 2020-05-01",
)
def dates_out_of_order(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """Two dates of one row whose order is given by what they mean stand the other way round."""
    for model, table in loaded.tables.items():
        for chain in ORDERS.get(model.__name__, ()):
            yield from _backward_steps(table, chain)


@check(
    "LG-352",
    "日期晚于截止日期",
    Severity.NOTICE,
    "“{header}”有 {count} 行晚于截止日期 {as_of}（最晚 {latest}），计算到截止日期时不计入",
    "截止日期就在今天的，核对年份有没有填错",
    bad="截止日期 2020-06-30，收款日期 2026-06-12",
    good="截止日期 2020-06-30，收款日期都不晚于这一天",
)
def date_after_cut_off(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """Receipts, visits and the like dated after the day; one finding per column, at the latest."""
    for model, table in loaded.tables.items():
        for name in PAST.get(model.__name__, ()):
            days = table.column(name)
            late = [index for index, day in enumerate(days) if day is not None and day > as_of]
            if late:
                latest = max(late, key=lambda index: days[index])
                values = {"header": _header(table, name), "count": len(late), "as_of": as_of}
                yield table.cell(latest, name), {**values, "latest": days[latest]}


@check(
    "LG-353",
    "年份可疑",
    Severity.WARNING,
    "“{header}”填了 {day}，年份太早",
    "对照原始材料改正；常见原因是少录了数字，或把数字当成了日期",
    bad="签订日期 1920-03-05",
    good="签订日期 2020-03-05",
)
def date_too_early(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A date before 1980 in a column that is not about a person's birth or death."""
    for model, table in loaded.tables.items():
        for rule in field_rules(model):
            if rule.kind is CellKind.DATE and rule.name not in _LIFE_DATES:
                yield from _too_early(table, rule.name)


def _too_early(table: LedgerTable[Any], name: str) -> Iterator[Hit]:
    days = table.column(name)
    suspects = {day for day in set(days) if day is not None and day.year < _EARLIEST_YEAR}
    if suspects:
        for index, day in enumerate(days):
            if day in suspects:
                yield table.cell(index, name), {"header": _header(table, name), "day": day}


def _backward_steps(table: LedgerTable[Any], chain: tuple[str, ...]) -> Iterator[Hit]:
    for index, days in enumerate(zip(*map(table.column, chain), strict=True)):
        written = [(name, day) for name, day in zip(chain, days, strict=True) if day is not None]
        for (before, first), (after, second) in pairwise(written):
            if second < first:
                values = {"later": _header(table, after), "earlier": _header(table, before)}
                yield table.cell(index, after), {**values, "day": second, "other": first}


def _header(table: LedgerTable[Any], name: str) -> str:
    return column_info(table.model.model_fields[name]).header
