"""Dates of things that have happened when they are written down, and how far the records go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhubao.audit.facts import Facts
from zhubao.ledger.checks.dates import PAST
from zhubao.ledger.table import LedgerTable

_MORE: dict[str, tuple[str, ...]] = {
    "Household": ("exited_on",),
    "Lease": ("terminated_on", "filed_on"),
    "Charge": ("charged_on",),
    "RentLetter": ("issued_on", "delivered_on"),
    "SubsidySignIn": ("signed_on",),
    "SubsidyPayment": ("paid_on", "recovered_on"),
    "StaffSubsidy": ("submitted_on", "approved_on", "paid_on"),
    "DrawEvent": ("drawn_at",),
    "UnitSelection": ("selected_at",),
    "TenancyCase": ("found_on", "rectified_on"),
    "VacancyCheck": ("checked_on",),
    "SafetyInspection": ("inspected_on",),
    "SafetyHazard": ("found_on", "fixed_on"),
    "AuditFinding": ("found_on", "rectified_on", "closed_on"),
    "RectificationStep": ("done_on",),
    "FollowUp": ("visited_on",),
    "Approval": ("decided_on",),
    "SpecialCase": ("received_on", "resolved_on"),
    "HotlineTicket": ("received_on", "handled_on"),
    "FileDelivery": ("delivered_on",),
    "Publicity": ("published_on",),
    "CareVisit": ("visited_on",),
}
HAPPENED = {name: fields for name, fields in (PAST | _MORE).items() if name != "Receipt"}
_LED_BY = 3  # sheets that must go on after the day for the records to go on after it
_SLACK = dt.timedelta(days=31)


def columns(facts: Facts) -> Iterator[tuple[LedgerTable[Any], str]]:
    """Every loaded table and column of such dates; 实收 has a check of its own."""
    for model, table in facts.loaded.tables.items():
        for name in HAPPENED.get(model.__name__, ()):
            if len(table):
                yield table, name


def horizon(facts: Facts) -> dt.date:
    """The last day on which anything recorded can have happened.

    The cut-off date, where the records end by then. Where they go on (a past day is looked at
    again: at least three sheets have later dates), a month after the last day that three sheets
    have reached: only what lies beyond cannot be.
    """
    latest: dict[str, dt.date] = {}
    for table, name in columns(facts):
        days = [as_day(value) for value in set(table.column(name)) if value is not None]
        if days:
            sheet = table.model.__name__
            latest[sheet] = max(max(days), latest.get(sheet, dt.date.min))
    reached = sorted(latest.values(), reverse=True)
    led = reached[_LED_BY - 1] if len(reached) >= _LED_BY else facts.as_of
    return facts.as_of if led <= facts.as_of else led + _SLACK


def as_day(value: dt.date) -> dt.date:
    """The day of a date or a moment."""
    return value.date() if isinstance(value, dt.datetime) else value
