"""Who of the roster takes part: in time, entitled, once only; and who is refused, with reasons."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhubao.allocation.event.households import Households, comparable
from zhubao.allocation.event.kinds import (
    ENTRANT_TWICE,
    LATE_ENTRANT,
    MARKED_FROZEN,
    OUT_WITHOUT_REASON,
    REGISTERED_BLANK,
    ROSTER_UNREADABLE,
    SAME_PERSON,
    SHARED_MEMBER,
)
from zhubao.core.finding import Cell, Finding, Severity
from zhubao.core.masking import mask_identity
from zhubao.ledger.allocation import DrawEvent, DrawPurpose, RosterEntry, RosterStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import column_info
from zhubao.ledger.table import LedgerTable

_TIMED = "registered_at"
_NEEDED = (
    *(name for name, info in RosterEntry.model_fields.items() if info.is_required()),
    *(_TIMED, "group", "group_order", "layout", "estate"),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the roster: its index in the table, and the row."""

    index: int
    row: RosterEntry


@dataclass(frozen=True, slots=True)
class Refused:
    """A household that does not take part: what its row will say."""

    candidate: Candidate
    status: RosterStatus
    reason: str
    where: Cell


@dataclass(frozen=True, slots=True)
class Deadline:
    """What decides whether a registration is in time.

    `known`: entrants of an earlier freeze of the event, taking part or refused; None when there
    was none. A row that is not among them was put in behind that freeze.
    """

    frozen_at: dt.datetime
    ends_on: dt.date | None
    known: frozenset[str] | None = None

    def late(self, entry: RosterEntry) -> str:
        """Why the registration is too late; "" when it is not."""
        at = entry.registered_at
        if self.known is not None and entry.entrant_no not in self.known:
            return "在上一次冻结以后才列入名册"
        if at is not None and self.ends_on is not None and at.date() > self.ends_on:
            return f"{at:%Y-%m-%d %H:%M} 登记，晚于登记截止日期 {self.ends_on}"
        if at is not None and at > self.frozen_at:
            return f"{at:%Y-%m-%d %H:%M} 登记，晚于冻结时间"
        return ""


@dataclass(slots=True)
class Admission:
    """The outcome. `stopping` findings must be put right before anything can be frozen."""

    admitted: list[Candidate] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    already_out: list[Candidate] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    stopping: list[Finding] = field(default_factory=list)


def admit(
    loaded: Loaded,
    event: DrawEvent,
    deadline: Deadline,
    faults: Mapping[str, Sequence[Finding]],
    households: Households,
) -> Admission:
    """Part the event's roster rows, in this order of reasons.

    1. Rows with needed cells empty or bad, numbers given twice, and rows marked 已冻结 in an event
       that is not frozen stop the freeze.
    2. Rows already marked 不予参加 or 逾期登记 stay out, as they are; without a reason it is told.
    3. Late registrations become 逾期登记.
    4. With `faults` of error severity against the waiting number, 不予参加; warnings are shown.
    5. Of several rows for one household, or with an applicant who belongs to another entrant's
       household, the one registered first stays (the upper row at the same time).
    """
    table = loaded.get(RosterEntry)
    out = Admission()
    candidates = _readable(table, event, deadline, out)
    if event.purpose is not DrawPurpose.PUBLIC_RENTAL:
        faults = {}
    remaining = [one for one in candidates if not _refuse(table, one, deadline, faults, out)]
    _keep_first(table, remaining, households, out)
    out.admitted.sort(key=lambda one: one.index)
    return out


def roster_rows(table: LedgerTable[RosterEntry], event_no: str) -> Iterator[int]:
    """Indexes of the event's rows."""
    wanted = event_no.strip()
    for index, number in enumerate(table.column("event_no")):
        if number is not None and number.strip() == wanted:
            yield index


def _readable(
    table: LedgerTable[RosterEntry], event: DrawEvent, deadline: Deadline, out: Admission
) -> list[Candidate]:
    rows = [Candidate(index, table.row(index)) for index in roster_rows(table, event.event_no)]
    counts = Counter(one.row.entrant_no for one in rows)
    good = []
    for one in rows:
        if one.row.status in (RosterStatus.REFUSED, RosterStatus.LATE):
            out.already_out.append(one)
            if not (one.row.refusal_reason or "").strip():
                where = table.cell(one.index, "refusal_reason")
                words = {"entrant": one.row.entrant_no or "（没有编号）"}
                out.findings.append(
                    OUT_WITHOUT_REASON.at(where, **words, status=one.row.status.value)
                )
            continue
        stopping = _stopping(table, one, counts, deadline)
        if stopping is None:
            good.append(one)
        else:
            out.stopping.append(stopping)
    return good


def _stopping(
    table: LedgerTable[RosterEntry], one: Candidate, counts: Mapping[Any, int], deadline: Deadline
) -> Finding | None:
    number = one.row.entrant_no
    bad = [name for name in _NEEDED if one.index in table.bad.get(name, ())]
    if bad:
        fields = RosterEntry.model_fields
        headers = "、".join(column_info(fields[name]).header for name in bad)
        shown = number or f"第 {table.row_cell(one.index).position[0]} 行"
        return ROSTER_UNREADABLE.at(
            table.cell(one.index, bad[0]), entrant=shown, headers=f"“{headers}”"
        )
    if counts[number] > 1:
        where = table.cell(one.index, "entrant_no")
        return ENTRANT_TWICE.at(where, entrant=number, count=counts[number])
    if one.row.status is RosterStatus.FROZEN and deadline.known is None:
        return MARKED_FROZEN.at(table.cell(one.index, "status"), entrant=number)
    return None


def _refuse(
    table: LedgerTable[RosterEntry],
    one: Candidate,
    deadline: Deadline,
    faults: Mapping[str, Sequence[Finding]],
    out: Admission,
) -> bool:
    """Late or not entitled; True when the household is out."""
    entrant, where = one.row.entrant_no, table.cell(one.index, _TIMED)
    late = deadline.late(one.row)
    if late:
        out.findings.append(LATE_ENTRANT.at(where, entrant=entrant, why=late))
        out.refused.append(Refused(one, RosterStatus.LATE, late, where))
        return True
    if one.row.registered_at is None and deadline.ends_on is not None:
        out.findings.append(REGISTERED_BLANK.at(where, entrant=entrant))
    found = faults.get(one.row.waiting_no or "", ())
    out.findings += [fault for fault in found if fault.severity is not Severity.NOTICE]
    barring = [fault for fault in found if fault.severity is Severity.ERROR]
    if barring:
        reason = "；".join(dict.fromkeys(f"{fault.title}：{fault.message}" for fault in barring))
        place = table.row_cell(one.index)
        out.refused.append(Refused(one, RosterStatus.REFUSED, reason, place))
    return bool(barring)


def _keep_first(
    table: LedgerTable[RosterEntry],
    candidates: Sequence[Candidate],
    households: Households,
    out: Admission,
) -> None:
    seen = _Seen(households)
    first = dt.datetime.min
    for one in sorted(candidates, key=lambda c: (c.row.registered_at or first, c.index)):
        other, why = seen.same(one.row)
        entrant, where = one.row.entrant_no, table.row_cell(one.index)
        if other:
            out.findings.append(SAME_PERSON.at(where, entrant=entrant, other=other, why=why))
            reason = f"与 {other} 重复登记（{why}）"
            out.refused.append(Refused(one, RosterStatus.REFUSED, reason, where))
            continue
        for kin, number in seen.shared(one.row):
            shown = mask_identity(number)
            words = {"entrant": entrant, "other": kin, "shown": shown}
            out.findings.append(SHARED_MEMBER.at(where, **words))
        seen.add(one.row)
        out.admitted.append(one)


class _Seen:
    """Those who take part so far, by what would make another row the same household."""

    def __init__(self, households: Households) -> None:
        self._households = households
        self._numbers: dict[tuple[str, str], str] = {}
        self._applicants: dict[str, str] = {}
        self._members: dict[str, list[str]] = defaultdict(list)

    def same(self, entry: RosterEntry) -> tuple[str, str]:
        """(entrant, why) of the household this one repeats; ("", "") for a new one."""
        for kind, number in self._keys(entry):
            if (kind, number) in self._numbers:
                return self._numbers[kind, number], f"{kind} {number}"
        own = comparable(entry.identity_no)
        if own in self._applicants:
            return self._applicants[own], f"申请人身份证号 {mask_identity(own)}"
        if self._members.get(own):
            return self._members[own][0], "申请人是那一户的家庭成员"
        for number in self._households.people(entry.household_no):
            if number in self._applicants:
                return self._applicants[number], "那一户的申请人是本户的家庭成员"
        return "", ""

    def shared(self, entry: RosterEntry) -> Iterator[tuple[str, str]]:
        """(entrant, identity) of other households with a member of this one."""
        for number in self._households.people(entry.household_no):
            for other in self._members.get(number, ()):
                yield other, number

    def add(self, entry: RosterEntry) -> None:
        """This household takes part."""
        entrant = entry.entrant_no
        for key in self._keys(entry):
            self._numbers[key] = entrant
        self._applicants[comparable(entry.identity_no)] = entrant
        for number in self._households.people(entry.household_no):
            self._members[number].append(entrant)

    def _keys(self, entry: RosterEntry) -> Iterator[tuple[str, str]]:
        for kind, number in (("家庭编号", entry.household_no), ("轮候号", entry.waiting_no)):
            if number:
                yield kind, number
