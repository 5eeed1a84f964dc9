"""`approval overdue`: open past the limit, about to be, and decided too late in the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name
from zhubao.core.period import Period
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.services.approval.files import File, Files, Run, Standing
from zhubao.services.approval.groups import officer_of
from zhubao.services.approval.halfdays import end_of_day, in_days, say_days, say_moment
from zhubao.services.approval.rules import RULE_NOTE
from zhubao.services.approval.selection import Wanted, say_at, severe

_CODE, _DAYS = ValueKind.IDENTITY, ValueKind.NUMBER
Runs = Sequence[tuple[File, Run]]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Sorted lists: past and soon by their due half day, late by how much; paused by receipt."""

    files: Files
    period: Period
    past: Runs
    soon: Runs
    late: Runs
    paused: Runs
    within: Ratio  # of the period's decisions under a limit


def compute_deadlines(files: Files, period: Period, wanted: Wanted | None = None) -> Deadlines:
    """Stages against their limits at the moment of `files`.

    Past: open, half days gone > limit. Soon: open, half days left ≤ approval.soon_days, down to
    none: then the due half day has begun. Late: decided in the period after more than the limit.
    补正 stops the district's time, so files waiting for the applicant are listed apart.
    """
    choice = wanted or Wanted()
    choice.check(files)
    runs = [(file, run) for file, run in files.runs() if choice.takes(files, file, run)]
    decided = [
        (file, run)
        for file, run in runs
        if run.is_measured and run.decided and period.contains(run.decided.date())
    ]
    limited = [run for _, run in decided if run.limit is not None]
    late = [one for one in decided if one[1].standing is Standing.LATE]
    late.sort(key=lambda one: (one[1].left or 0, one[1].decided, one[0].number))
    return Deadlines(
        files,
        period,
        _by_due(runs, Standing.PAST),
        _by_due(runs, Standing.SOON),
        late,
        [one for one in runs if one[1].standing is Standing.PAUSED],
        Ratio(len(limited) - len(late), len(limited)),
    )


def overdue_report(
    found: Deadlines, findings: tuple[Finding, ...], *, bureau: str = "", origin: str = ""
) -> Report:
    """The lists; what is past its limit first."""
    files = found.files
    tables = [
        _open_table("past", "已超期，还没有办结", files, found.past),
        _open_table("soon", "即将到期", files, found.soon),
        _late_table(found),
    ]
    if found.paused:
        tables.append(_open_table("paused", "补正中，区级时限停计", files, found.paused))
    return Report(
        code="approval.overdue",
        title="审批超期和即将到期",
        bureau=bureau,
        as_of=files.as_of,
        period=found.period.title,
        tables=tuple(tables),
        notes=_notes(found, origin),
        references=files.clock.rules.references(files.as_of),
        findings=(*files.loaded.findings, *severe(findings)),
        facts={
            "at": say_at(files),
            "past": len(found.past),
            "soon": len(found.soon),
            "late": len(found.late),
            "paused": len(found.paused),
            "within_limit": found.within,
            "soon_days": in_days(files.soon),
        },
    )


def _notes(found: Deadlines, origin: str) -> tuple[str, ...]:
    files = found.files
    source = f"（{origin}）" if origin else ""
    day = "，当日全天算过" if files.at == end_of_day(files.as_of) else ""
    return (
        f"在办的看 {say_at(files)}{source}{day}；超期办结的看{found.period.title}办结的",
        f"剩余不超过 {say_days(files.soon)}（含）的列为即将到期；到期的那个半天之内办结不算超期",
        RULE_NOTE,
    )


def _by_due(runs: Runs, standing: Standing) -> Runs:
    chosen = [one for one in runs if one[1].standing is standing]
    far = (2, 0, 0)

    def key(one: tuple[File, Run]) -> tuple[Any, ...]:
        due = one[1].due
        when = far if due is None else (1, due.day.toordinal(), int(due.afternoon))
        return (*when, one[0].number)

    return sorted(chosen, key=key)


def _open_table(key: str, title: str, files: Files, runs: Runs) -> Table:
    past = key == "past"
    rows = []
    for file, run in runs:
        left = run.left if run.left is not None else 0
        values = (
            *_who(files, file, run),
            run.due.long_title if run.due else None,
            in_days(run.taken),
            in_days(run.limit),
            in_days(-left if past else left) if run.limit is not None else None,
        )
        emphasis = "error" if past else "warning" if key == "soon" else ""
        rows.append(Row(values, files.cells(file, run), emphasis))
    return Table(
        key=key,
        title=f"{title}（{len(runs):,} 件）",
        columns=(
            *_WHO,
            Column("due", "到期"),
            Column("taken", "已用", _DAYS, note="工作日"),
            Column("limit", "时限", _DAYS, 2, note="工作日"),
            Column("left", "超期" if past else "剩余", _DAYS, note="工作日"),
        ),
        rows=rows,
        shown=30,
    )


def _late_table(found: Deadlines) -> Table:
    files, rows = found.files, []
    for file, run in found.late:
        values = (
            *_who(files, file, run),
            say_moment(run.decided),
            run.due.long_title if run.due else None,
            in_days(run.taken),
            in_days(run.limit),
            in_days(-(run.left or 0)),
        )
        rows.append(Row(values, files.cells(file, run), "warning"))
    return Table(
        key="late",
        title=f"超期办结（{len(rows):,} 件）",
        columns=(
            *_WHO,
            Column("decided", "办结", level=2),
            Column("due", "应于"),
            Column("taken", "用时", _DAYS, note="工作日"),
            Column("limit", "时限", _DAYS, 2, note="工作日"),
            Column("over", "超期", _DAYS, note="工作日"),
        ),
        rows=rows,
        notes=(f"限内办结 {found.within.numerator:,} / {found.within.denominator:,} 件",),
        shown=20,
    )


def _who(files: Files, file: File, run: Run) -> tuple[Any, ...]:
    return (
        file.number,
        file.kind.value,
        mask_name(files.value(file, "applicant") or "") or None,
        files.value(file, "street"),
        files.value(file, "community"),
        run.stage.value,
        officer_of(files, file, run.stage),
        say_moment(run.received),
    )


_WHO = (
    Column("number", "审批编号", _CODE),
    Column("kind", "审批事项"),
    Column("applicant", "申请人"),
    Column("street", "街道", level=3),
    Column("community", "社区", level=2),
    Column("stage", "级"),
    Column("officer", "经办人", level=2),
    Column("received", "收件", level=2),
)
