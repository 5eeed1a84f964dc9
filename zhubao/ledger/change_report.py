"""A change before it is made, as a report: what becomes of which cell, and what sums move."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.masking import mask_numbers
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.excel.kinds import CellKind
from zhubao.excel.patch.plan import CellValue
from zhubao.ledger.change import (
    CellEdit,
    Change,
    Head,
    RowsAdded,
    RowsRemoved,
    SheetAdded,
    first_row,
)
from zhubao.ledger.change_values import masked, shown_text

_SHOWN = 12  # rows of each table on a terminal
_ESSENTIAL = 5  # columns of added records on a narrow terminal
_FEN = Decimal("0.01")
_NUMBERS = frozenset({CellKind.MONEY, CellKind.INTEGER, CellKind.DECIMAL})

Block = RowsAdded | RowsRemoved | SheetAdded


def change_report(change: Change, *, bureau: str = "") -> Report:
    """The preview: counts by sheet, sums by column, every cell old → new, every row put in.

    Personal data is masked.
    """
    tables = [_summary(change)]
    tables += [_sums(change)] if _has_numbers(change) else []
    tables += [_edits(change)] if change.edits else []
    tables += [_rows("added", "新增行", block) for block in change.added]
    tables += [_rows("removed", "删除行", block) for block in change.removed]
    tables += [_rows("new_sheet", "新建表", block) for block in change.new_sheets]
    return Report(
        code="change",
        title=change.title,
        bureau=bureau,
        tables=tuple(tables),
        notes=change.notes,
        facts=counts(change),
    )


def counts(change: Change) -> dict[str, int]:
    """How many cells, rows, sheets and workbooks change."""
    return {
        "cells": len(change.edits),
        "rows_added": sum(len(block.rows) for block in put_in(change)),
        "rows_removed": sum(len(block.rows) for block in change.removed),
        "sheets_added": len(change.new_sheets),
        "workbooks": len(change.files),
    }


def put_in(change: Change) -> tuple[Block, ...]:
    """Records put into sheets, new sheets among them."""
    return (*change.added, *change.new_sheets)


def shown(head: Head, value: CellValue) -> str:
    """A cell's content for the preview and the journal: personal data masked."""
    text = shown_text(value)
    if head.kind is CellKind.MONEY and isinstance(value, Decimal):
        text = f"{value:.2f}" if value == value.quantize(Decimal("0.01")) else text
    return masked(head.kind, text) if head.personal and text else mask_numbers(text)


def _summary(change: Change) -> Table:
    lines: dict[tuple[str, str], list[int]] = {}
    for edit in change.edits:
        lines.setdefault((edit.cell.file, edit.cell.sheet), [0, 0, 0])[0] += 1
    for block in (*put_in(change), *change.removed):
        place = 2 if isinstance(block, RowsRemoved) else 1
        lines.setdefault((block.file, block.sheet), [0, 0, 0])[place] += len(block.rows)
    new = {(block.file, block.sheet) for block in change.new_sheets}
    rows = [
        Row((file, f"{sheet}（新建）" if (file, sheet) in new else sheet, *numbers))
        for (file, sheet), numbers in sorted(lines.items())
    ]
    totals = ("合计", "", *(sum(row.values[place] for row in rows) for place in (2, 3, 4)))
    columns = (
        Column("file", "工作簿"),
        Column("sheet", "表"),
        Column("cells", "改动单元格", ValueKind.COUNT),
        Column("added", "新增行", ValueKind.COUNT),
        Column("removed", "删除行", ValueKind.COUNT),
    )
    summable = frozenset({"cells", "added", "removed"})
    return Table("summary", "将要改动", columns, rows, totals, summable)


def _has_numbers(change: Change) -> bool:
    return any(head.kind is CellKind.MONEY for _, head, _, _ in _amounts(change))


def _sums(change: Change) -> Table:
    """Per money column touched: the sum of its touched cells before and after."""
    sums: dict[tuple[str, str, str], list[Decimal]] = {}
    for place, head, old, new in _amounts(change):
        if head.kind is CellKind.MONEY:
            pair = sums.setdefault((*place, head.header), [Decimal(0), Decimal(0)])
            pair[0] += _number(old)
            pair[1] += _number(new)
    in_fen = all(amount % _FEN == 0 for pair in sums.values() for amount in pair)
    kind = ValueKind.MONEY if in_fen else ValueKind.NUMBER
    rows = [
        Row(
            (
                sheet,
                header,
                *(int(one / _FEN) if in_fen else one for one in (old, new, new - old)),
            )
        )
        for (_, sheet, header), (old, new) in sums.items()
    ]
    columns = (
        Column("sheet", "表"),
        Column("column", "列"),
        Column("before", "改动前", kind),
        Column("after", "改动后", kind),
        Column("difference", "增减", kind),
    )
    note = "只加总涉及的单元格，单位同台账；写成文字的金额，和 Excel 求和一样不计入改动前"
    return Table("sums", "金额合计", columns, rows, notes=(note,))


def _amounts(
    change: Change,
) -> Iterator[tuple[tuple[str, str], Head, CellValue, CellValue]]:
    """(file and sheet, column, before, after) of every cell touched."""
    for edit in change.edits:
        yield (edit.cell.file, edit.cell.sheet), edit.head, edit.old, edit.new
    for added in put_in(change):
        for row in added.rows:
            for head, value in zip(added.heads, row, strict=True):
                yield (added.file, added.sheet), head, None, value
    for removed in change.removed:
        for row in removed.rows:
            for head, value in zip(removed.heads, row, strict=True):
                yield (removed.file, removed.sheet), head, value, None


def _number(value: CellValue) -> Decimal:
    return Decimal(value) if isinstance(value, (int, Decimal)) else Decimal(0)


def _edits(change: Change) -> Table:
    columns = (
        Column("cell", "单元格"),
        Column("record", "记录"),
        Column("header", "列"),
        Column("old", "原内容"),
        Column("new", "新内容"),
        Column("file", "工作簿", level=2),
    )
    rows = [_edit_row(edit) for edit in change.edits]
    return Table("edits", "单元格改动", columns, rows, shown=_SHOWN)


def _edit_row(edit: CellEdit) -> Row:
    place = f"{edit.cell.sheet}!{edit.cell.ref}"
    old, new = shown(edit.head, edit.old), shown(edit.head, edit.new)
    values = (place, edit.key, edit.head.header, old or "（空）", new or "（空）", edit.cell.file)
    return Row(values, (edit.cell,))


def _rows(key: str, what: str, block: Block) -> Table:
    kinds = [
        _kind_of(head, column) for head, column in zip(block.heads, _columns(block), strict=True)
    ]
    columns = [
        Column("row", "行", ValueKind.COUNT),
        *(
            Column(f"c{place}", head.header, kind, 1 if place < _ESSENTIAL else 2)
            for place, (head, kind) in enumerate(zip(block.heads, kinds, strict=True))
        ),
    ]
    first = first_row(block)
    rows = [
        Row(
            (first + place, *map(_typed, block.heads, kinds, values)),
            (Cell(block.file, block.sheet, f"A{first + place}"),) if key == "removed" else (),
        )
        for place, values in enumerate(block.rows)
    ]
    title = f"{what}：{block.sheet}（{len(block.rows)} 行）"
    return Table(f"{key}.{block.sheet}", title, tuple(columns), rows, shown=_SHOWN)


def _columns(block: Block) -> list[list[CellValue]]:
    return [[row[place] for row in block.rows] for place in range(len(block.heads))]


def _kind_of(head: Head, column: list[CellValue]) -> ValueKind:
    """Amounts in whole fen as money; other numbers as they are; everything else as text.

    A number that names the record (年度) is text: no thousands separator belongs in it.
    """
    numbers = [value for value in column if _is_number(value)]
    if (
        head.key
        or head.kind not in _NUMBERS
        or len(numbers) < len([v for v in column if v is not None])
    ):
        return ValueKind.TEXT
    in_fen = head.kind is CellKind.MONEY and all(_number(value) % _FEN == 0 for value in numbers)
    return ValueKind.MONEY if in_fen else ValueKind.NUMBER


def _typed(head: Head, kind: ValueKind, value: CellValue) -> Any:
    if value is None or kind is ValueKind.NUMBER:
        return value
    return int(_number(value) / _FEN) if kind is ValueKind.MONEY else shown(head, value)


def _is_number(value: CellValue) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
