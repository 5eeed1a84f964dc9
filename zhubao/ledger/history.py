"""Who changed what, when, from what: the journal as a report, for a bureau, a file or a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.excel.address import column_letter, make_ref, parse_ref
from zhubao.ledger.row_moves import moves_of
from zhubao.ledger.store.journal import Entry, Journal, JournalFault, read_journal
from zhubao.ledger.store.verify import verify_journal

_SHOWN = 40
_CHANGES = (
    Column("id", "编号"),
    Column("time", "时间", width=16),
    Column("command", "命令"),
    Column("user", "操作人", level=2),
    Column("cells", "单元格", ValueKind.COUNT),
    Column("rows", "增删行", ValueKind.COUNT),
    Column("files", "工作簿", level=2),
    Column("undone", "备注"),
)
_CELL = (
    Column("id", "编号"),
    Column("time", "时间", width=16),
    Column("user", "操作人", level=2),
    Column("command", "命令"),
    Column("then", "当时位置", level=2),
    Column("old", "原内容"),
    Column("new", "新内容"),
)
_FAULTS = (
    Column("kind", "性质"),
    Column("line", "行", ValueKind.COUNT),
    Column("change", "改动"),
    Column("message", "情况"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked about: a workbook, or a cell of it; everything is "" for the whole bureau."""

    file: str = ""
    sheet: str = ""
    ref: str = ""


def parse_target(text: str, entries: Sequence[Entry]) -> Target:
    """ "arrears.xlsx", "arrears.xlsx!应收!F123", "应收!F123"; UsageError when it is neither."""
    if not text:
        return Target()
    parts = text.strip().replace("！", "!").split("!")
    files = {one.name for entry in entries for one in entry.files}
    sheets = {(str(c["file"]), str(c["sheet"])) for entry in entries for c in entry.cells}
    if len(parts) == 2:
        found = sorted({file for file, sheet in sheets if sheet == parts[0]})
        parts = [found[0] if len(found) == 1 else "", *parts]
    name = Path(parts[0]).name
    name = next((file for file in files if name in (file, Path(file).stem)), name)
    if len(parts) == 1:
        return Target(name)
    try:
        ref = make_ref(*parse_ref(parts[2].replace("$", "").upper()))
    except (IndexError, ValueError):
        raise UsageError(
            f"看不懂“{text}”",
            advice="请写工作簿（arrears.xlsx）或单元格（arrears.xlsx!应收!F123）。",
        ) from None
    return Target(name, parts[1], ref)


def history_report(root: Path, text: str = "", *, bureau: str = "") -> Report:
    """The journal, newest first: every change, those of one workbook, or what befell one cell."""
    journal = read_journal(root)
    target = parse_target(text, journal.entries)
    if target.ref:
        table = _cell_table(journal, target)
        title = f"{target.file}!{target.sheet}!{target.ref} 的改动记录"
    else:
        table = _changes_table(journal, target)
        title = f"{target.file or '台账'}的改动记录"
    notes = [] if table.rows else ["没有由 zhubao 写入的改动记录。"]
    if journal.faults:
        notes.append("操作日志有问题，用 zhubao verify-journal 查看。")
    return Report(
        code="history",
        title=title,
        bureau=bureau,
        tables=(table,),
        notes=tuple(notes),
        facts={"changes": len(table.rows)},
    )


def verification_report(root: Path, *, bureau: str = "") -> tuple[Report, bool]:
    """What `verify_journal` finds, and whether anything has been tampered with."""
    faults = verify_journal(root)
    count = len(read_journal(root).entries)
    broken = [fault for fault in faults if not fault.notice]
    verdict = (
        f"操作日志共 {count} 条，发现 {len(broken)} 处被改动或损坏。"
        if broken
        else f"操作日志共 {count} 条，逐条核对，前后相接，没有被改动。"
    )
    rows = [_fault_row(fault) for fault in [*broken, *(f for f in faults if f.notice)]]
    table = Table("faults", "核对结果", _FAULTS, rows)
    report = Report(
        code="verify-journal",
        title="操作日志核对",
        bureau=bureau,
        tables=(table,) if rows else (),
        notes=(verdict,),
        facts={"entries": count, "faults": len(broken), "notices": len(faults) - len(broken)},
    )
    return report, bool(broken)


def _fault_row(fault: JournalFault) -> Row:
    kind = "提示" if fault.notice else "错误"
    values = (kind, fault.line or None, fault.change, fault.message)
    return Row(values, emphasis="" if fault.notice else "error")


def _changes_table(journal: Journal, target: Target) -> Table:
    undone = {entry.undoes: entry.id for entry in journal.entries if entry.undoes}
    rows = [
        Row(_change_values(entry, target, undone.get(entry.id, "")))
        for entry in reversed(journal.entries)
        if not target.file or any(one.name == target.file for one in entry.files)
    ]
    return Table("changes", "改动", _CHANGES, rows, shown=_SHOWN)


def _change_values(entry: Entry, target: Target, undone_by: str) -> tuple[Any, ...]:
    cells = [c for c in entry.cells if not target.file or c["file"] == target.file]
    remark = f"已由 {undone_by} 撤销" if undone_by else ""
    remark = f"撤销 {entry.undoes}" if entry.undoes else remark
    return (
        entry.id,
        shown_time(entry.time),
        entry.command,
        entry.user,
        sum(len(cell.get("cells", ())) for cell in cells),
        sum(int(cell["count"]) for cell in cells if "rows" in cell),
        "、".join(one.name for one in entry.files),
        remark,
    )


def _cell_table(journal: Journal, target: Target) -> Table:
    rows = list(_cell_rows(journal.entries, target))
    return Table("cell", "单元格的改动", _CELL, rows)


def _cell_rows(entries: Sequence[Entry], target: Target) -> Iterator[Row]:
    """From the newest change to the oldest, following the cell to where it stood before each."""
    row: int | None
    row, column = parse_ref(target.ref)
    for entry in reversed(entries):
        moves = moves_of(entry.cells, target.file, target.sheet)
        before: int | None = row
        for move in reversed(moves):
            before = None if before is None else move.back(before)
        if before is None:
            yield from _put_in(entry, target, row, column)
            return
        ref = make_ref(before, column)
        for cell in _column_cells(entry, target, column_letter(column)):
            if cell[0] == before:
                yield _cell_row(entry, target, ref, cell[2], cell[3])
        row = before


def _column_cells(entry: Entry, target: Target, letter: str) -> Iterator[Sequence[Any]]:
    """[row, key, old, new] of every cell the change set in the column."""
    for cell in entry.cells:
        same = (cell["file"], cell["sheet"]) == (target.file, target.sheet)
        if same and cell.get("letter") == letter:
            yield from cell["cells"]


def _put_in(entry: Entry, target: Target, row: int, column: int) -> Iterator[Row]:
    """The change that put the cell's row in."""
    letter = column_letter(column)
    for cell in entry.cells:
        same = (cell["file"], cell["sheet"]) == (target.file, target.sheet)
        if same and cell.get("rows") == "added" and letter in cell["letters"]:
            new = _value_at(cell, row, letter)
            if new is not None:
                yield _cell_row(entry, target, make_ref(row, column), "（新增行）", new)


def _value_at(block: Mapping[str, Any], row: int, letter: str) -> str | None:
    place = row - int(block["at"])
    if not 0 <= place < len(block["values"]):
        return None
    return str(block["values"][place][block["letters"].index(letter)])


def _cell_row(entry: Entry, target: Target, ref: str, old: str, new: str) -> Row:
    values = (
        entry.id,
        shown_time(entry.time),
        entry.user,
        entry.command,
        f"{target.sheet}!{ref}",
        old or "（空）",
        new or "（空）",
    )
    return Row(values, (Cell(target.file, target.sheet, ref),))


def shown_time(iso: str) -> str:
    """2020-06-30 15:30 of an ISO time."""
    return iso[:16].replace("T", " ")
