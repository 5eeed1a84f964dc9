"""Reading 审批 as it stood at a moment: stages measured in half days and put to their limits."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from zhubao.core.background import paused_gc
from zhubao.core.finding import Finding, FindingKind, Severity, declare
from zhubao.core.workdays import CalendarUnknown
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.services import Approval, ApprovalResult
from zhubao.ledger.table import LedgerTable
from zhubao.services.approval.files import CLOSED, File, Files, Run, Standing
from zhubao.services.approval.halfdays import HalfDay, HalfDayClock, is_before, say_days
from zhubao.services.approval.rules import Stage

CALENDAR_MISSING = declare(
    "AP-101",
    "这一年的工作日安排不清楚",
    Severity.ERROR,
    "{number} 的{stage}级从 {received} 到 {until}，{fault}，用时没有计算",
    "核对年份；年份没有错的，{advice}",
    bad="收件时间 2035-01-08，没有写 workdays.toml",
    good="收件时间所在年份的放假安排已经公布，或写在 workdays.toml 里",
)
DUE_UNKNOWN = declare(
    "AP-102",
    "到期时间落在工作日安排不清楚的年份",
    Severity.WARNING,
    "{number} 的{stage}级 {received} 收件，时限 {limit}，{fault}，到期时间没有推算",
    "{advice}",
    bad="年底收件，到期日在下一年，下一年的放假安排还没有公布",
    good="下一年的放假和调休写在 workdays.toml 里",
)
SUSPENSION_ODD = declare(
    "AP-103",
    "补正天数不合理",
    Severity.WARNING,
    "{number} 的补正天数是 {days}，{why}",
    "核对补正天数：按工作日填写，最小到半天，不超过区级从收件到办结的用时",
    bad="区级用了 1 个工作日，补正天数填 10",
    good="补正天数填 0.5",
)


@paused_gc()
def read_files(loaded: Loaded, at: dt.datetime, clock: HalfDayClock) -> Files:
    """The applications as they stood at the moment `at`.

    A row counts from its first moment of receipt (or, without any, always); what was decided or
    settled later is open. A stage is measured from its receipt to its decision in half days (see
    `halfdays`); the limit is the one in force on the day of receipt. 补正天数 is taken off the
    district stage: rounded down to half days, since a half day that is not whole was not waited.

    A stage without receipt, decided before it was received, or with an unreadable moment is not
    measured; a stage in a year without known holidays is an error finding and not measured.
    Raises CalendarUnknown when the year of `at` itself is unknown: then no open file can be told.
    """
    clock.works(at.date())
    reader = _Reader(loaded.get(Approval), at, clock)
    usable = loaded.get(Approval).usable("approval_no", "kind", "result")
    files = tuple(file for index in usable if (file := reader.file(index)) is not None)
    findings = tuple(sorted(reader.findings, key=lambda finding: finding.sort_key))
    unread = len(loaded.get(Approval)) - len(usable)
    return Files(loaded, loaded.get(Approval), at, clock, reader.soon, files, unread, findings)


class _Reader:
    """Columns at hand, one row after the other."""

    def __init__(self, table: LedgerTable[Approval], at: dt.datetime, clock: HalfDayClock) -> None:
        self._table, self._at, self._clock = table, at, clock
        self._moments = [
            (stage, table.column(stage.received), table.column(stage.decided)) for stage in Stage
        ]
        self._bad = {
            stage: table.bad.get(stage.received, set()) | table.bad.get(stage.decided, set())
            for stage in Stage
        }
        names = ("approval_no", "kind", "result", "decided_on", "suspended_days")
        self._columns = {name: table.column(name) for name in names}
        self.soon = clock.rules.soon(at.date())
        self.findings: list[Finding] = []

    def file(self, index: int) -> File | None:
        """The file, or None when it had not come in yet."""
        moments = [(stage, first[index], last[index]) for stage, first, last in self._moments]
        if not self._is_in(moments, self._columns["decided_on"][index]):
            return None
        later = any(decided is not None and decided > self._at for *_, decided in moments)
        result, settled = self._result(index, later=later)
        number, kind = self._columns["approval_no"][index], self._columns["kind"][index]
        runs = [
            Run(stage, received, decided if self._happened(decided) else None)
            for stage, received, decided in moments
            if self._happened(received or decided)
        ]
        measured = tuple(
            self._measured(index, number, kind, run, result, is_last=run is runs[-1])
            for run in runs
        )
        return File(index, number, kind, result, settled, measured)

    def _is_in(self, moments: list[tuple[Stage, Any, Any]], settled: dt.date | None) -> bool:
        known = [one for _, *pair in moments for one in pair if one is not None]
        if known:
            return any(self._happened(one) for one in known)
        return settled is None or settled <= self._at.date()

    def _happened(self, moment: dt.datetime | None) -> bool:
        """A date without time has happened once its day has come."""
        return moment is not None and moment <= self._at

    def _result(self, index: int, *, later: bool) -> tuple[ApprovalResult, dt.date | None]:
        """The result as known at the moment; `later`: a stage decides only afterwards."""
        result, settled = self._columns["result"][index], self._columns["decided_on"][index]
        today = self._at.date()
        if settled is not None and (settled > today or (settled == today and later)):
            return ApprovalResult.IN_PROGRESS, None
        return result, settled

    def _measured(
        self,
        index: int,
        number: str,
        kind: str,
        run: Run,
        result: ApprovalResult,
        *,
        is_last: bool,
    ) -> Run:
        if run.received is None or index in self._bad[run.stage]:
            return run
        if run.decided is not None and is_before(run.decided, run.received):
            return run
        if run.decided is None and (result in CLOSED or not is_last):
            return run
        try:
            gross = self._gross(run.received, run.decided)
        except CalendarUnknown as fault:
            until = (run.decided or self._at).date()
            self._complain(CALENDAR_MISSING, index, number, run, fault, until=until)
            return run
        return self._judged(index, number, kind, run, gross, result)

    def _gross(self, received: dt.datetime, decided: dt.datetime | None) -> int:
        if decided is not None:
            return self._clock.count(received, decided)
        return max(0, self._clock.elapsed(received, self._at))

    def _judged(
        self, index: int, number: str, kind: str, run: Run, gross: int, result: ApprovalResult
    ) -> Run:
        """The measured stage with suspension, limit, standing and due half day."""
        received = run.received
        assert received is not None
        suspended = self._suspended(index, number, gross, run) if run.stage is Stage.DISTRICT else 0
        limit = self._clock.rules.limit(run.stage, kind, received.date())
        left = None if limit is None else limit - max(0, gross - suspended)
        standing = self._standing(run, left, result)
        due = None
        if limit is not None and standing not in (Standing.DECIDED, Standing.PAUSED):
            due = self._due(index, number, run, limit + suspended)
        return Run(run.stage, received, run.decided, gross, suspended, limit, due, standing)

    def _due(self, index: int, number: str, run: Run, halves: int) -> HalfDay | None:
        assert run.received is not None
        try:
            return self._clock.due(run.received, halves)
        except CalendarUnknown as fault:
            self._complain(DUE_UNKNOWN, index, number, run, fault, limit=say_days(halves))
            return None

    def _complain(
        self,
        kind: FindingKind,
        index: int,
        number: str,
        run: Run,
        fault: CalendarUnknown,
        **words: object,
    ) -> None:
        where = self._table.cell(index, run.stage.received)
        received = run.received.date() if run.received else ""
        told = {"number": number, "stage": run.stage, "received": received, **words}
        self.findings.append(kind.at(where, fault=fault.message, advice=fault.advice, **told))

    def _standing(self, run: Run, left: int | None, result: ApprovalResult) -> Standing:
        if run.decided is not None:
            return Standing.LATE if left is not None and left < 0 else Standing.DECIDED
        if result is ApprovalResult.TO_COMPLETE:
            return Standing.PAUSED
        if left is None or left > self.soon:
            return Standing.OPEN
        return Standing.PAST if left < 0 else Standing.SOON

    def _suspended(self, index: int, number: str, gross: int, run: Run) -> int:
        days = self._columns["suspended_days"][index]
        if days is None:
            return 0
        exact = Fraction(days) * 2
        halves = int(exact)
        why = ""
        if exact != halves:
            why = f"不是半天的整倍数，按 {say_days(halves)}扣除"
        elif halves > gross and run.decided is not None:
            why = "比区级从收件到办结的用时还长，用时按 0 计"
        if why:
            where = self._table.cell(index, "suspended_days")
            self.findings.append(SUSPENSION_ODD.at(where, number=number, days=days, why=why))
        return halves
