"""`approval list`: the files, where each stands, and how long it has taken there."""

from __future__ import annotations

from collections import Counter
from typing import Any

from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name
from zhubao.core.period import Period
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.services.approval.files import CLOSED, File, Files
from zhubao.services.approval.halfdays import in_days, say_moment
from zhubao.services.approval.rules import RULE_NOTE
from zhubao.services.approval.selection import Wanted, say_at, severe

_CODE, _DAYS, _DATE = ValueKind.IDENTITY, ValueKind.NUMBER, ValueKind.DATE


def choose(
    files: Files, wanted: Wanted, *, period: Period | None = None, open_only: bool = False
) -> tuple[File, ...]:
    """The files wanted, by their latest stage; with a period, those settled in it.

    Raises UsageError for an unknown kind, stage, result, street or community.
    """
    wanted.check(files)
    return tuple(
        file
        for file in files.files
        if wanted.takes(files, file, file.at_stage)
        and not (open_only and file.result in CLOSED)
        and (period is None or (file.settled_on is not None and period.contains(file.settled_on)))
    )


def list_report(
    files: Files,
    chosen: tuple[File, ...],
    findings: tuple[Finding, ...],
    *,
    period: Period | None = None,
    bureau: str = "",
    origin: str = "",
) -> Report:
    """One row per file in sheet order."""
    source = f"（{origin}）" if origin else ""
    rows = [_row(files, file) for file in chosen]
    counts = Counter(file.result.value for file in chosen)
    told = "，".join(f"{result} {count:,} 件" for result, count in counts.items())
    return Report(
        code="approval.list",
        title="审批件",
        bureau=bureau,
        as_of=files.as_of,
        period=period.title if period else "",
        tables=(Table("files", f"审批件（{len(rows):,} 件）", _COLUMNS, rows, shown=30),),
        notes=(f"看 {say_at(files)}{source}：{told or '没有符合条件的审批件'}", RULE_NOTE),
        references=files.clock.rules.references(files.as_of),
        findings=(*files.loaded.findings, *severe(findings)),
        facts={"files": len(rows), "by_result": dict(counts), "rows_unread": files.unread},
    )


def _row(files: Files, file: File) -> Row:
    run = file.at_stage
    values: tuple[Any, ...] = (
        file.number,
        file.kind.value,
        mask_name(files.value(file, "applicant") or "") or None,
        files.value(file, "street"),
        files.value(file, "community"),
        file.result.value,
        file.settled_on,
        run.stage.value if run else None,
        say_moment(run.received) if run else None,
        run.standing.value if run else None,
        in_days(run.taken) if run else None,
        in_days(run.limit) if run else None,
    )
    cells = (files.cell(file, "approval_no"), *(files.cells(file, run) if run else ()))
    past = run is not None and run.standing.is_past
    return Row(values, cells, "error" if past else "")


_COLUMNS = (
    Column("number", "审批编号", _CODE),
    Column("kind", "审批事项"),
    Column("applicant", "申请人"),
    Column("street", "街道", level=3),
    Column("community", "社区", level=2),
    Column("result", "结果"),
    Column("settled_on", "办结日期", _DATE),
    Column("stage", "级", note="到了哪一级"),
    Column("received", "收件", level=2),
    Column("standing", "进度", level=2),
    Column("taken", "用时", _DAYS, note="这一级，工作日"),
    Column("limit", "时限", _DAYS, 2, note="这一级，工作日"),
)
