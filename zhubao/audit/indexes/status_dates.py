"""Status columns beside the day on which they came to be: where the two cannot both be right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from zhubao.audit.facts import Facts
from zhubao.ledger.audit import AuditFinding, FindingStatus, Lead, LeadStatus
from zhubao.ledger.model import LedgerRow, column_info
from zhubao.ledger.patrol import VacancyCheck, VacancyStatus
from zhubao.ledger.subsidies import (
    PaymentStatus,
    StaffSubsidy,
    StaffSubsidyStatus,
    SubsidyPayment,
)
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    Household,
    Lease,
    LeaseStatus,
    ProtectionStatus,
    WaitingEntry,
    WaitingStatus,
)
from zhubao.services.office.deadlines import REGISTERS


@dataclass(frozen=True, slots=True)
class Pair:
    """A status and its day: `done` asks for the day, `open` allows none that has come."""

    model: type[LedgerRow]
    status: str
    day: str
    done: frozenset[Any]
    open: frozenset[Any]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One row whose status and day do not agree."""

    table: LedgerTable[Any]
    row: int
    status_field: str
    date_field: str
    status_header: str
    status: str
    what: str


def _pair(model: type[LedgerRow], day: str, done: set[Any], still: set[Any]) -> Pair:
    return Pair(model, "status", day, frozenset(done), frozenset(still))


_W, _S = WaitingStatus, StaffSubsidyStatus
PAIRS = (
    _pair(Household, "exited_on", {ProtectionStatus.EXITED}, set(ProtectionStatus)),
    _pair(Lease, "terminated_on", {LeaseStatus.TERMINATED}, {LeaseStatus.IN_FORCE}),
    _pair(
        WaitingEntry,
        "closed_on",
        {_W.HOUSED, _W.ABANDONED, _W.DISQUALIFIED},
        {_W.PENDING, _W.WAITING},
    ),
    _pair(
        SubsidyPayment,
        "paid_on",
        {PaymentStatus.PAID, PaymentStatus.RECOVERED},
        {PaymentStatus.PENDING},
    ),
    _pair(StaffSubsidy, "approved_on", {_S.APPROVED, _S.PAID}, {_S.INCOMPLETE, _S.IN_REVIEW}),
    _pair(StaffSubsidy, "paid_on", {_S.PAID}, set(_S) - {_S.PAID}),
    _pair(
        VacancyCheck,
        "closed_on",
        {VacancyStatus.RECOVERED, VacancyStatus.CLEARED},
        {VacancyStatus.CONTACTING, VacancyStatus.RECOVERING},
    ),
    _pair(Lead, "verified_on", {LeadStatus.CONFIRMED, LeadStatus.CLEARED}, {LeadStatus.OPEN}),
    _pair(
        AuditFinding,
        "closed_on",
        {FindingStatus.CLOSED},
        set(FindingStatus) - {FindingStatus.CLOSED},
    ),
)


def pairs() -> tuple[Pair, ...]:
    """The pairs named here, and those of the registers with deadlines."""
    registers = []
    for one in REGISTERS:
        words = set(cast("type[StrEnum]", one.model.model_fields[one.status].annotation))
        done = words - one.open_words - one.dropped_words
        registers.append(Pair(one.model, one.status, one.closed, frozenset(done), one.open_words))
    return (*PAIRS, *registers)


def contradictions(facts: Facts) -> Iterator[Contradiction]:
    """Done without a day, or open though the day has come; a bad cell is no empty one."""
    for pair in pairs():
        table = facts.loaded.get(pair.model)
        states, days = table.column(pair.status), table.column(pair.day)
        for row in table.usable(pair.status, pair.day):
            what = _fault(pair, states[row], days[row], facts.as_of)
            if what:
                fields = pair.model.model_fields
                header = column_info(fields[pair.day]).header
                yield Contradiction(
                    table,
                    row,
                    pair.status,
                    pair.day,
                    column_info(fields[pair.status]).header,
                    str(states[row]),
                    what.format(header=header),
                )


def _fault(pair: Pair, status: Any, day: dt.date | None, as_of: dt.date) -> str:
    if day is None:
        return "“{header}”却空着" if status in pair.done else ""
    has_come = status in pair.open and status not in pair.done and day <= as_of
    return f"“{{header}}”却是 {day}" if has_come else ""
