"""Registers whose rows have a deadline: what is open on a day, what was closed, what is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.ledger.audit import AuditFinding, FindingStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.patrol import RectificationStatus, SafetyHazard, TenancyCase
from zhubao.ledger.services import CaseProgress, HotlineTicket, SpecialCase, TicketStatus
from zhubao.ledger.table import LedgerTable

CLOSED_UNDATED = declare(
    "OF-130",
    "办完了没有日期",
    Severity.WARNING,
    "{number} 的状态是“{status}”，没有填办完的日期，不计入任何期间的办结数",
    "补填办完的日期",
    bad="工单状态“已办结”，办结日期空着",
    good="工单状态“已办结”，办结日期 2020-06-12",
)
OPEN_DATED = declare(
    "OF-131",
    "填了办完的日期，状态还没有改",
    Severity.WARNING,
    "{number} 填了办完的日期 {day}，状态还是“{status}”，按没有办完算",
    "已办完的改状态；没有办完的，删去日期",
    bad="办结日期 2020-06-12，工单状态“办理中”",
    good="办结日期 2020-06-12，工单状态“已办结”",
)


class State(StrEnum):
    """How a row stands on a day."""

    OPEN = "在办"
    CLOSED = "已办完"
    DROPPED = "不用办"  # returned to the sender, unfounded


@dataclass(frozen=True, slots=True)
class Register:
    """A sheet with deadlines: which columns say when it came, is due and was closed."""

    model: type[LedgerRow]
    title: str
    number: str
    received: str
    due: str
    closed: str
    status: str
    open_words: frozenset[str]
    dropped_words: frozenset[str]
    subject: str
    responsible: str


_RECTIFYING = frozenset({RectificationStatus.OPEN, RectificationStatus.IN_PROGRESS})
TICKETS = Register(
    HotlineTicket,
    "12345工单",
    "ticket_no",
    "received_on",
    "due_on",
    "handled_on",
    "status",
    frozenset({TicketStatus.OPEN, TicketStatus.HANDLING}),
    frozenset({TicketStatus.RETURNED}),
    "subject",
    "department",
)
CASES = Register(
    SpecialCase,
    "个案",
    "case_no",
    "received_on",
    "due_on",
    "resolved_on",
    "status",
    frozenset({CaseProgress.HANDLING}),
    frozenset(),
    "difficulty",
    "handler",
)
VIOLATIONS = Register(
    TenancyCase,
    "违规与变动",
    "case_no",
    "found_on",
    "deadline",
    "rectified_on",
    "status",
    _RECTIFYING,
    frozenset({RectificationStatus.UNFOUNDED}),
    "kind",
    "responsible",
)
HAZARDS = Register(
    SafetyHazard,
    "安全隐患",
    "hazard_no",
    "found_on",
    "deadline",
    "fixed_on",
    "status",
    _RECTIFYING,
    frozenset({RectificationStatus.UNFOUNDED}),
    "description",
    "responsible",
)
AUDIT_FINDINGS = Register(
    AuditFinding,
    "问题清单",
    "finding_no",
    "found_on",
    "deadline",
    "rectified_on",
    "status",
    frozenset({FindingStatus.OPEN, FindingStatus.IN_PROGRESS}),
    frozenset(),
    "matter",
    "department",
)
REGISTERS = (TICKETS, CASES, VIOLATIONS, HAZARDS, AUDIT_FINDINGS)


@dataclass(frozen=True, slots=True)
class Item:
    """A row with its days; `closed` is the day it was closed by the cut-off date, else None."""

    register: Register
    index: int
    cell: Cell
    number: str
    received: dt.date
    due: dt.date | None
    closed: dt.date | None
    state: State
    status: str

    def days_late(self, as_of: dt.date) -> int:
        """Days past the deadline on the day; 0 on the last day itself, and without a deadline."""
        return max(0, (as_of - self.due).days) if self.due else 0

    @property
    def in_time(self) -> bool:
        """Closed on the last day or before; the day of closing and the deadline are known."""
        return self.closed is not None and self.due is not None and self.closed <= self.due


def items(loaded: Loaded, register: Register, as_of: dt.date) -> tuple[Item, ...]:
    """Every row received by the cut-off date, as it stood then.

    A status that says open counts as open whatever the dates say; one that says done counts from
    the day it was done, and is still open before that day. Rows whose day of receipt or status
    cannot be read are left out; the loader has a finding for them.
    """
    return tuple(_items(loaded.get(register.model), register, as_of))


def overdue(loaded: Loaded, as_of: dt.date, *registers: Register) -> tuple[Item, ...]:
    """Open rows whose deadline lies before the cut-off date, by deadline; due that day is not."""
    found = [
        item
        for register in registers or REGISTERS
        for item in items(loaded, register, as_of)
        if item.state is State.OPEN and item.due is not None and item.due < as_of
    ]
    order = {register: place for place, register in enumerate(REGISTERS)}
    found.sort(key=lambda one: (one.due, order[one.register], one.number))
    return tuple(found)


def contradictions(loaded: Loaded, *registers: Register) -> list[Finding]:
    """Rows whose status and date of closing do not agree."""
    found: list[Finding] = []
    for register in registers or REGISTERS:
        table = loaded.get(register.model)
        for row in table.usable(register.status):
            status, day = table.column(register.status)[row], table.column(register.closed)[row]
            number = table.column(register.number)[row] or "这一行"
            where = table.cell(row, register.closed)
            bad = row in table.bad.get(register.closed, ())
            if day is not None and status in register.open_words:
                found.append(OPEN_DATED.at(where, number=number, day=day, status=status))
            elif day is None and not bad and _is_done(register, status):
                found.append(CLOSED_UNDATED.at(where, number=number, status=status))
    return sorted(found, key=lambda one: one.sort_key)


def _is_done(register: Register, status: str) -> bool:
    return status not in register.open_words and status not in register.dropped_words


def _items(table: LedgerTable[Any], register: Register, as_of: dt.date) -> Iterator[Item]:
    received = table.column(register.received)
    due, closed = table.column(register.due), table.column(register.closed)
    numbers, statuses = table.column(register.number), table.column(register.status)
    for row in table.usable(register.received, register.status):
        if received[row] > as_of:
            continue
        state = _state(register, statuses[row], closed[row], as_of)
        yield Item(
            register,
            row,
            table.row_cell(row),
            numbers[row] or "",
            received[row],
            due[row],
            closed[row] if state is State.CLOSED else None,
            state,
            str(statuses[row]),
        )


def _state(register: Register, status: str, closed: dt.date | None, as_of: dt.date) -> State:
    if status in register.open_words:
        return State.OPEN
    if closed is not None and closed > as_of:
        return State.OPEN
    return State.DROPPED if status in register.dropped_words else State.CLOSED
