"""`approval show`: one file's stages, and day by day which half days were counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding, Severity
from zhubao.core.masking import mask_identity, mask_name
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.services.approval.files import File, Files, Run
from zhubao.services.approval.groups import BLANK, officer_of
from zhubao.services.approval.halfdays import (
    in_days,
    say_days,
    say_moment,
)
from zhubao.services.approval.rules import RULE_NOTE
from zhubao.services.approval.selection import say_at
from zhubao.services.approval.spans import DAY_COLUMNS, day_rows, say_receipt

_DAYS = ValueKind.NUMBER


def find_file(files: Files, number: str) -> File:
    """The first file with this number; UsageError when there is none at the moment."""
    wanted = number.strip().upper()
    for file in files.files:
        if file.number.upper() == wanted:
            return file
    raise UsageError(
        f"审批表里没有编号 {number}（看 {say_at(files)}）",
        advice="请核对审批编号；截止日期以后才收件的，改 --as-of。",
    )


def timeline_report(
    files: Files,
    file: File,
    findings: tuple[Finding, ...],
    *,
    bureau: str = "",
    origin: str = "",
) -> Report:
    """The file's facts, its stages, and day by day which half days were counted."""
    clock = files.clock
    counted = [row for run in file.runs if run.gross is not None for row in _days(files, file, run)]
    source = f"（{origin}）" if origin else ""
    own = [one for one in (*files.loaded.findings, *findings) if _concerns(files, file, one)]
    sentences = [_sentence(files, run) for run in file.runs]
    same = sum(one.number == file.number for one in files.files)
    if same > 1:
        sentences.append(f"编号 {file.number} 在审批表里有 {same} 行，这里是第一行")
    return Report(
        code="approval.show",
        title=f"审批件 {file.number}",
        bureau=bureau,
        as_of=files.as_of,
        tables=(
            _facts_table(files, file),
            _stage_table(files, file),
            Table("days", "逐日半天计数", (_STAGE, *DAY_COLUMNS), counted, shown=40),
        ),
        notes=(f"看 {say_at(files)}{source}", *sentences, RULE_NOTE),
        references=clock.rules.references(files.as_of),
        findings=tuple(own),
        facts={
            "number": file.number,
            "result": file.result.value,
            "stages": {
                run.stage.value: {
                    "days": in_days(run.taken),
                    "limit": in_days(run.limit),
                    "standing": run.standing.value,
                    "due": run.due.long_title if run.due else None,
                }
                for run in file.runs
            },
        },
    )


def _concerns(files: Files, file: File, finding: Finding) -> bool:
    """A finding of this row; those that stand for many rows are notices."""
    where, own = finding.where, files.cell(file, "approval_no")
    return (
        where is not None
        and finding.severity is not Severity.NOTICE
        and (where.file, where.sheet, where.position[0]) == (own.file, own.sheet, own.position[0])
    )


def _facts_table(files: Files, file: File) -> Table:
    value = {name: files.value(file, name) for name in _SHOWN}
    online = value["is_online"]
    lines = {
        "kind": file.kind.value,
        "applicant": mask_name(value["applicant"] or ""),
        "identity_no": mask_identity(value["identity_no"] or ""),
        "street": "，".join(part for part in (value["street"], value["community"]) if part),
        "project": value["project"],
        "result": file.result.value,
        "decided_on": file.settled_on,
        "refused_in_writing_on": value["refused_in_writing_on"],
        "notice_from": _notice(value["notice_from"], value["notice_to"]),
        "visits": None if value["visits"] is None else f"{value['visits']} 次",
        "is_online": None if online is None else ("是" if online else "否"),
    }
    rows = [
        Row((_SHOWN[name], text), (files.cell(file, name),))
        for name, text in lines.items()
        if text not in (None, "")
    ]
    return Table("file", "审批件", (Column("item", "项目"), Column("text", "内容")), rows)


_SHOWN = {
    "kind": "审批事项",
    "applicant": "申请人",
    "identity_no": "身份证号",
    "street": "街道、社区",
    "community": "社区",
    "project": "棚改项目",
    "result": "审批结果",
    "decided_on": "办结日期",
    "refused_in_writing_on": "书面告知日期",
    "notice_from": "公示",
    "notice_to": "公示截止日",
    "visits": "跑动次数",
    "is_online": "联网办理",
}


def _notice(first: dt.date | None, last: dt.date | None) -> str | None:
    if first is None or last is None:
        return None if first is last else f"{first or '？'} 至 {last or '？'}"
    return f"{first} 至 {last}，{(last - first).days + 1} 日"


def _stage_table(files: Files, file: File) -> Table:
    rows = []
    for run in file.runs:
        officer = officer_of(files, file, run.stage)
        values: tuple[Any, ...] = (
            run.stage.value,
            None if officer == BLANK else officer,
            say_moment(run.received),
            say_moment(run.decided),
            in_days(run.suspended) if run.suspended else None,
            in_days(run.taken),
            in_days(run.limit),
            run.due.long_title if run.due else None,
            run.standing.value,
        )
        past = run.left is not None and run.left < 0
        rows.append(Row(values, files.cells(file, run), "error" if past else ""))
    return Table(
        key="stages",
        title="各级经过",
        columns=(
            _STAGE,
            Column("officer", "经办人", level=2),
            Column("received", "收件"),
            Column("decided", "办结"),
            Column("suspended", "补正", _DAYS, 2, note="工作日，不计入"),
            Column("taken", "用时", _DAYS, note="工作日"),
            Column("limit", "时限", _DAYS, note="工作日"),
            Column("due", "到期", level=2),
            Column("standing", "进度"),
        ),
        rows=rows,
    )


def _sentence(files: Files, run: Run) -> str:
    """How the stage's duration comes about, in words."""
    if run.received is None or run.gross is None:
        return f"{run.stage}级：收件或办结时间缺、读不出或先后颠倒，没有计算用时"
    clock = files.clock
    end = f"{say_moment(run.decided)} 办结" if run.decided else f"到 {say_at(files)} 没有办结"
    text = (
        f"{run.stage}级：{say_moment(run.received)} 收件（{say_receipt(clock, run.received)}），"
        f"{end}，{run.gross} 个半天，{say_days(run.gross)}"
    )
    if run.suspended:
        text += f"，扣补正 {say_days(run.suspended)}，计 {say_days(run.taken)}"
    if run.limit is None:
        return f"{text}；没有时限"
    due = f"，{run.due.long_title}到期" if run.due else ""
    left = run.left or 0
    over = f"，超期 {say_days(-left)}" if left < 0 else ""
    return f"{text}；时限 {say_days(run.limit)}{due}{over}"


def _days(files: Files, file: File, run: Run) -> Iterator[Row]:
    """The day rows of one stage."""
    assert run.received is not None
    until = files.clock.end_of(run.decided) if run.decided else files.at
    for row in day_rows(files.clock, run.received, until):
        yield Row((run.stage.value, *row), files.cells(file, run))


_STAGE = Column("stage", "级")
