"""The tables a timetable of choosing is made from."""

from __future__ import annotations

from zhubao.ledger.allocation import Batch, DrawEvent, DrawResult, RosterEntry, UnitSelection
from zhubao.ledger.tenants import Household, Member

SCHEDULE_MODELS = (
    DrawEvent,
    RosterEntry,
    DrawResult,
    Batch,
    UnitSelection,
    Household,
    Member,
)
