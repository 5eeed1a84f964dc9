"""What a comparison of ledgers found, as a Report: counts by sheet, and every difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhubao.core.finding import Cell
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.width import display_width
from zhubao.excel.address import make_ref
from zhubao.excel.sheet import RawSheet
from zhubao.ledger import catalog
from zhubao.ledger.diff import FileDiff, GridDiff, TableDiff
from zhubao.ledger.diff_words import Words, personal_columns, title_of

_SHOWN = 20  # differences on a terminal
_SHORT_KEY = 18  # columns of a key that is never cut
_COUNTS = ("added", "removed", "changed_rows", "changed_cells", "moved", "respelled")
_SUMMARY = (
    Column("sheet", "表", width=18),
    Column("rows_a", "A 行数", ValueKind.COUNT),
    Column("rows_b", "B 行数", ValueKind.COUNT),
    Column("added", "新增", ValueKind.COUNT, note="只在 B 里的行"),
    Column("removed", "删除", ValueKind.COUNT, note="只在 A 里的行"),
    Column("changed_rows", "改动行", ValueKind.COUNT),
    Column("changed_cells", "改动格", ValueKind.COUNT, note="改动单元格数"),
    Column("moved", "移动", ValueKind.COUNT, note="内容没变、先后变了的行，不算差别"),
    Column(
        "respelled",
        "写法不同",
        ValueKind.COUNT,
        level=2,
        note="值相同、写法不同的单元格（如 1,234.50 和 1234.5），不算差别",
    ),
    Column("way", "比对方式", level=2),
    Column("file", "文件", level=2),
)
_ONLY = (
    Column("side", "只在"),
    Column("kind", "种类"),
    Column("sheet", "表", width=18),
    Column("column", "列"),
    Column("filled", "有内容的行", ValueKind.COUNT),
    Column("file", "文件", level=2),
)
_DETAILS = (
    Column("sheet", "表", width=16),
    Column("change", "类别", level=2),
    Column("key", "编号", width=28),
    Column("column", "列", width=20),
    Column("old", "原值（A）", width=32),
    Column("new", "新值（B）", width=32),
    Column("cell_a", "A 处"),
    Column("cell_b", "B 处"),
    Column("file", "文件", level=2),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything compared: what A and B are called, pairs of files, and files of one side only."""

    a: str
    b: str
    files: Sequence[FileDiff]
    only: Sequence[tuple[str, str]] = ()  # (side, label of the file)

    @property
    def differs(self) -> bool:
        """Whether anything but order and spelling differs."""
        return bool(self.only) or any(one.differs for one in self.files)


def diff_report(comparison: Comparison, *, show_personal: bool = False) -> Report:
    """Counts by sheet, what only one side has, and every difference with its cells.

    Names, identity numbers, phones and accounts are masked unless `show_personal`.
    """
    words = Words(show_personal)
    summary = _summary(comparison.files)
    only = _only_rows(comparison)
    details = [row for one in comparison.files for row in _details(one, words)]
    tables = [summary]
    if only:
        tables.append(Table("only", "只在一边的文件、表和列", _ONLY, only))
    if details:
        tables.append(_details_table(details, several=len(comparison.files) > 1))
    assert summary.totals is not None
    facts = {key: summary.totals[summary.index_of(key)] for key in _COUNTS}
    return Report(
        code="diff",
        title="台账比对",
        bureau="",
        tables=tuple(tables),
        notes=tuple(_notes(comparison, only)),
        facts={"equal": not comparison.differs, **facts, "only_one_side": len(only)},
    )


def _summary(files: Sequence[FileDiff]) -> Table:
    """Sheets that differ first; the others are left to the workbook when there are many."""
    rows = [_table_counts(one, diff) for one in files for diff in one.tables]
    rows += [_grid_counts(one, grid) for one in files for grid in one.grids]
    rows.sort(key=lambda row: not row.emphasis)
    differing = sum(bool(row.emphasis) for row in rows)
    totals = [sum(row.values[at] or 0 for row in rows) for at in range(1, 9)]
    keys = frozenset({"rows_a", "rows_b", *_COUNTS})
    shown = differing if differing and len(rows) - differing > 3 else None
    total_row = ("合计", *totals, None, None)
    return Table("sheets", "各表", _SUMMARY, rows, total_row, keys, shown=shown)


def _table_counts(file: FileDiff, diff: TableDiff) -> Row:
    values = (
        diff.name,
        len(diff.a),
        len(diff.b),
        len(diff.added),
        len(diff.removed),
        diff.changed_rows,
        len(diff.changes),
        diff.moved,
        diff.respelled,
        f"按{'、'.join(title_of(diff.model, key) for key in diff.key)}",
        _file_words(file),
    )
    return Row(values, emphasis="warning" if diff.differs else "")


def _grid_counts(file: FileDiff, grid: GridDiff) -> Row:
    rows = len({change.row for change in grid.changes})
    counts = (_filled_rows(grid.a), _filled_rows(grid.b), 0, 0, rows, len(grid.changes), 0, 0)
    values = (grid.name, *counts, "按单元格位置", _file_words(file))
    return Row(values, emphasis="warning" if grid.differs else "")


def _filled_rows(sheet: RawSheet) -> int:
    return sum(any(value not in (None, "") for value in row) for row in sheet.rows)


def _only_rows(comparison: Comparison) -> list[Row]:
    rows = [
        Row((side, "文件", None, None, None, name), (Cell(name),)) for side, name in comparison.only
    ]
    for file in comparison.files:
        words = _file_words(file)
        for side, sheet in file.only:
            filled, place = _filled_rows(sheet.raw), Cell(sheet.label, sheet.name, "A1")
            rows.append(Row((side, "表", sheet.name, None, filled, words), (place,)))
        for diff in file.tables:
            for one in diff.only:
                records = diff.a if one.side == "A" else diff.b
                places = (records.cell(0, one.column, diff.key[0]),) if len(records) else ()
                title = title_of(diff.model, one.column)
                rows.append(Row((one.side, "列", diff.name, title, one.filled, words), places))
    return rows


def _details_table(rows: list[Row], *, several: bool) -> Table:
    """Short keys are never cut on a terminal; the file is named when there are several."""
    longest = max(display_width(row.values[2] or "") for row in rows)
    kinds = {"key": ValueKind.IDENTITY if longest <= _SHORT_KEY else ValueKind.TEXT}
    columns = tuple(
        replace(
            column,
            kind=kinds.get(column.key, column.kind),
            level=3 if column.key == "file" and not several else column.level,
        )
        for column in _DETAILS
    )
    return Table("details", "差别", columns, rows, shown=_SHOWN)


def _details(file: FileDiff, words: Words) -> Iterator[Row]:
    where = _file_words(file)
    for diff in file.tables:
        yield from _table_details(diff, words, where)
    for grid in file.grids:
        yield from _grid_details(grid, words, where)


def _table_details(diff: TableDiff, words: Words, where: str) -> Iterator[Row]:
    """Changed cells in the order of A, then removed rows, then added ones."""
    a, b, main = diff.a, diff.b, diff.key[0]
    for change in diff.changes:
        old, new = words.change(diff.model, change.column, change.old, change.new)
        cells = a.cell(change.a, change.column, main), b.cell(change.b, change.column, main)
        head = (
            diff.name,
            "改动",
            words.key(diff, a, change.a),
            title_of(diff.model, change.column),
        )
        refs = (cells[0].ref, cells[1].ref)
        yield Row((*head, old, new, *refs, where), (cells[1], cells[0]))
    for index in diff.removed:
        cell, key = a.cell(index, main), words.key(diff, a, index)
        text = words.row(diff, a, index)
        yield Row((diff.name, "删除", key, "整行删除", text, None, cell.ref, None, where), (cell,))
    for index in diff.added:
        cell, key = b.cell(index, main), words.key(diff, b, index)
        text = words.row(diff, b, index)
        yield Row((diff.name, "新增", key, "整行新增", None, text, None, cell.ref, where), (cell,))


def _grid_details(grid: GridDiff, words: Words, where: str) -> Iterator[Row]:
    personal = personal_columns(grid.a) | personal_columns(grid.b)
    for change in grid.changes:
        ref = make_ref(change.row, change.column)
        old, new = words.pair(change.old, change.new, None, personal=change.column in personal)
        cells = tuple(Cell(label, grid.name, ref) for label in reversed(grid.labels))
        yield Row((grid.name, "改动", None, None, old, new, ref, ref, where), cells)


def _notes(comparison: Comparison, only: Sequence[Row]) -> Iterator[str]:
    """What was compared, and what has to be known to read the counts."""
    yield f"A 是 {comparison.a}"
    yield f"B 是 {comparison.b}"
    if not comparison.differs:
        yield "两边内容相同"
    for file in comparison.files:
        for diff in file.tables:
            yield from _table_notes(diff)
        grids = "、".join(grid.name for grid in file.grids)
        if grids:
            yield f"{grids}：不是台账表，按单元格位置比对"
    if only:
        yield "只在一边的列不逐格列出"
    yield "标题、表头、合计行和说明行不参与比对；公式按算好的值比对"


def _table_notes(diff: TableDiff) -> Iterator[str]:
    key = "、".join(title_of(diff.model, name) for name in diff.key)
    if diff.key != catalog.key_fields(diff.model):
        yield f"{diff.name}：缺少编号列，改按{key}比对"
    if any(diff.repeated):
        counts = f"A {diff.repeated[0]:,} 个，B {diff.repeated[1]:,} 个"
        yield f"{diff.name}：有重复的{key}（{counts}），其中内容相同的先配对，其余按先后配对"
    if any(diff.keyless):
        counts = f"A {diff.keyless[0]:,} 行，B {diff.keyless[1]:,} 行"
        yield f"{diff.name}：有没填{key}的行（{counts}），内容完全相同的才配对"
    in_a = {part.sheet for part in diff.a.parts}
    in_b = {part.sheet for part in diff.b.parts}
    if len(in_a) == len(in_b) == 1 and in_a != in_b:
        yield f"表名不同：A 的“{min(in_a)}”与 B 的“{min(in_b)}”是同一台账，一并比对"
    for side, mine, others in (("A", in_a, in_b), ("B", in_b, in_a)):
        if len(mine) > 1 and mine - others:
            sheets = "、".join(sorted(mine - others))
            yield f"{diff.name}：表“{sheets}”只在 {side}，其中的行一并比对"


def _file_words(file: FileDiff) -> str:
    """Both labels, or the one name they share."""
    names = file.a.path.name, file.b.path.name
    return names[0] if names[0] == names[1] else f"{names[0]} / {names[1]}"
