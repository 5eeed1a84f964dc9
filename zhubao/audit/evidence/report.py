"""The pieces of an evidence folder as reports, and the index that names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.audit.checklist.contradictions import contradictions
from zhubao.audit.checklist.standing import Standing, read_standings
from zhubao.audit.evidence.gathering import Gathered
from zhubao.audit.evidence.letters import Unfiled
from zhubao.audit.evidence.tables import originals_table, record_table, rows_table
from zhubao.audit.trace.journal_rows import Touch
from zhubao.audit.trace.places import by_row, row_words
from zhubao.core.finding import Cell
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.audit import AuditFinding, FollowUp, Lead, RectificationStep
from zhubao.ledger.history import shown_time
from zhubao.ledger.loaded import Source

INTERNAL = "内部资料：含未打码的个人信息，只供审计整改使用，不得公开、转发"
_MARK = "【内部资料】"


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the folder (or a paper that is missing: `path` ""), and where it comes from."""

    title: str
    path: str
    content: str
    rows: int | None = None
    sources: tuple[Cell, ...] = ()
    sha256: str = ""


def rows_report(gathered: Gathered, day: dt.date, bureau: str) -> Report:
    """Every gathered row, a table per sheet, and the original text where it differs."""
    tables = [rows_table(gathered.loaded, model, own) for model, own in gathered.rows.items()]
    return Report(
        code="audit.evidence.rows",
        title=f"台账原始行{_MARK}　{gathered.row.finding_no}",
        bureau=bureau,
        as_of=day,
        tables=(*tables, originals_table(gathered.loaded, gathered.rows.items())),
        notes=tuple(_scope_notes(gathered)),
    )


def course_report(gathered: Gathered, day: dt.date, bureau: str) -> Report:
    """整改经过: the finding, its lead, the steps and follow-ups, and what contradicts."""
    loaded, number = gathered.loaded, gathered.row.finding_no
    tables = [record_table(loaded.get(AuditFinding), gathered.index, "finding", "问题")]
    if gathered.lead is not None:
        tables.append(record_table(loaded.get(Lead), gathered.lead, "lead", "疑点"))
    for model, day_field in ((RectificationStep, "done_on"), (FollowUp, "visited_on")):
        table = loaded.get(model)
        days = table.column(day_field)
        own = [row for row, one in enumerate(table.column("finding_no")) if one == number]
        own.sort(key=lambda row: (days[row] or dt.date.max, row))
        tables.append(rows_table(loaded, model, own))
    standing = standing_of(gathered, day)
    return Report(
        code="audit.evidence.course",
        title=f"整改经过{_MARK}　{number}",
        bureau=bureau,
        as_of=day,
        tables=tuple(tables),
        notes=(INTERNAL, *_standing_notes(gathered, standing, day)),
        findings=contradictions([standing]) if standing else (),
    )


def changes_report(touches: Sequence[Touch], number: str, day: dt.date, bureau: str) -> Report:
    """改动记录: what the journal has about the gathered rows, the newest first."""
    columns = (
        Column("time", "时间"),
        Column("id", "改动编号"),
        Column("user", "操作人"),
        Column("command", "命令"),
        Column("now", "单元格"),
        Column("then", "当时位置"),
        Column("old", "原内容"),
        Column("new", "新内容"),
    )
    rows = [
        Row(
            (
                shown_time(one.entry.time),
                one.entry.id,
                one.entry.user,
                one.entry.command,
                str(one.now),
                str(one.then),
                one.old or "（空）",
                one.new or "（空）",
            ),
            (one.now,),
        )
        for one in touches
    ]
    notes = (
        "只有用 zhubao 写入的改动；用 Excel 直接改的不在操作日志里",
        "操作日志里的姓名、证件号本来就遮盖",
    )
    return Report(
        code="audit.evidence.changes",
        title=f"改动记录　{number}",
        bureau=bureau,
        as_of=day,
        tables=(Table("changes", "改动记录", columns, rows),),
        notes=notes if rows else (*notes, "操作日志里没有这些行的改动"),
    )


def index_report(
    gathered: Gathered,
    pieces: Sequence[Piece],
    sources: Sequence[Source],
    command: str,
    day: dt.date,
    *,
    bureau: str = "",
    unmasked: bool = False,
    missing: Sequence[Unfiled] = (),
) -> Report:
    """The index: every piece with its source cells, the ledgers by hash, how to make it again."""
    row = gathered.row
    subject = row.subject if unmasked else mask_name(row.subject)
    matter = row.matter
    if not unmasked:
        matter = mask_numbers(matter.replace(row.subject, subject) if row.subject else matter)
    standing = standing_of(gathered, day)
    return Report(
        code="audit.evidence",
        title=f"审计证据索引　{row.finding_no}{_MARK if unmasked else ''}",
        bureau=bureau,
        as_of=day,
        tables=(_pieces(pieces), _unfiled(missing), _ledgers(sources)),
        notes=(
            INTERNAL if unmasked else f"文件夹是{INTERNAL}",
            f"问题 {row.finding_no}：{row.kind.value}，{subject}，{matter}",
            *_standing_notes(gathered, standing, day),
            *_scope_notes(gathered)[1:],
            "核对文件有没有改过：在文件夹里运行 sha256sum -c SHA256SUMS",
            f"同样的台账（哈希见“台账文件”）可以原样重做：{command}",
        ),
        facts=_facts(gathered, pieces, standing),
    )


def standing_of(gathered: Gathered, day: dt.date) -> Standing | None:
    """The finding as it stood on the day; None when it was made later, or cannot be read."""
    found = read_standings(gathered.loaded, day)
    return next((one for one in found if one.index == gathered.index), None)


def _pieces(pieces: Sequence[Piece]) -> Table:
    columns = (
        Column("number", "序号", ValueKind.COUNT),
        Column("title", "材料"),
        Column("path", "文件"),
        Column("content", "内容", level=2, width=36),
        Column("rows", "行数", ValueKind.COUNT),
        Column("cells", "来源", level=2, width=40),
        Column("sha256", "SHA-256", level=3),
    )
    rows = [
        Row(
            (
                number,
                one.title,
                one.path or "（文件不在）",
                one.content,
                one.rows,
                row_words(by_row(one.sources)) or None,
                one.sha256 or None,
            ),
            one.sources,
            "" if one.path else "warning",
        )
        for number, one in enumerate(pieces, 1)
    ]
    return Table("pieces", "材料目录", columns, rows)


def _unfiled(missing: Sequence[Unfiled]) -> Table:
    columns = (
        Column("number", "文号", ValueKind.IDENTITY),
        Column("title", "文书"),
        Column("cell", "单元格"),
    )
    rows = [Row((one.number, one.title, str(one.cell)), (one.cell,)) for one in missing]
    notes = ("台账只登记了文号，没有写文件；请另附原件",) if rows else ()
    return Table("unfiled", "只有文号的文书", columns, rows, notes=notes, shown=None if rows else 0)


def _ledgers(sources: Sequence[Source]) -> Table:
    columns = (
        Column("file", "台账文件"),
        Column("size", "字节", ValueKind.COUNT),
        Column("sha256", "SHA-256"),
    )
    ordered = sorted(sources, key=lambda one: one.name)
    rows = [Row((one.name, one.size, one.sha256)) for one in ordered]
    return Table("ledgers", "台账文件", columns, rows, shown=0)


def _scope_notes(gathered: Gathered) -> list[str]:
    whom = "、".join((*gathered.households, *gathered.units)) or "（没有写家庭和房源）"
    notes = [
        INTERNAL,
        f"收入 {whom} 和家庭成员在各表的行，共 {gathered.count:,} 行；内容是台账现在的内容",
        "列名是标准列名；台账上的别名见“位置”所指的表",
    ]
    if gathered.left_out:
        notes.append(f"同一房源其他家庭的 {gathered.left_out:,} 行没有收入（租赁合同除外）")
    return notes


def _standing_notes(gathered: Gathered, standing: Standing | None, day: dt.date) -> list[str]:
    notes = []
    if standing is None:
        notes.append(f"{day} 时这个问题还没有认定，或必填单元格读不出")
    else:
        notes.append(f"{day} 的整改状态：{standing.stage.value}；整改时限 {standing.row.deadline}")
    if gathered.row.check_code:
        notes.append(
            f"由规则 {gathered.row.check_code} 检出：{_check_words(gathered.row.check_code)}"
        )
    return notes


def _check_words(code: str) -> str:
    """The check's title and basis; where there is no such check, that."""
    from zhubao.audit.registry import all_checks

    kind = next((one.kind for one in all_checks() if one.code == code), None)
    if kind is None:
        return "现在没有这条规则"
    return f"{kind.title}；依据 {kind.basis}" if kind.basis else kind.title


def _facts(
    gathered: Gathered, pieces: Sequence[Piece], standing: Standing | None
) -> dict[str, Any]:
    return {
        "finding": gathered.row.finding_no,
        "status": standing.stage.value if standing else None,
        "rows": gathered.count,
        "sheets": len(gathered.rows),
        "left_out": gathered.left_out,
        "pieces": [{"path": one.path, "sha256": one.sha256} for one in pieces],
    }
