"""A change as the journal keeps it: masked for reading, whole for undoing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.masking import mask_numbers
from zhubao.excel.kinds import CellKind
from zhubao.excel.patch.plan import CellValue
from zhubao.ledger.change import Change, Head, RowsAdded, RowsRemoved, SheetAdded, first_row
from zhubao.ledger.change_report import shown
from zhubao.ledger.change_values import from_json, shown_text, to_json

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CellRecord:
    """One cell of a journaled change: where it stood then, and both contents."""

    file: str
    sheet: str
    row: int
    head: Head
    old: CellValue
    new: CellValue
    key: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A journaled change, whole. Rows are numbered as they were when it was applied:
    cells before its rows were put in or taken out, added rows after."""

    cells: tuple[CellRecord, ...]
    added: tuple[RowsAdded, ...]
    removed: tuple[RowsRemoved, ...]
    new_sheets: tuple[SheetAdded, ...]


def journal_cells(change: Change, *, mask: bool = True) -> list[Json]:
    """What the journal line says of cells and rows; personal data starred out if `mask`.

    One entry per column touched, with [row, key, old, new] of each cell, and one per block of rows.
    """
    show = shown if mask else _unmasked
    columns = _edits_by_column(change, show)
    cells = [
        {
            "file": file,
            "sheet": sheet,
            "letter": head.letter,
            "column": head.header,
            "cells": lines,
        }
        for (file, sheet, head), lines in columns.items()
    ]
    return [*cells, *(_rows_json(kind, block, show) for kind, block in _blocks(change))]


def _blocks(change: Change) -> Iterator[tuple[str, RowsAdded | RowsRemoved | SheetAdded]]:
    yield from (("added", block) for block in change.added)
    yield from (("removed", block) for block in change.removed)
    yield from (("new_sheet", block) for block in change.new_sheets)


def _rows_json(
    kind: str,
    block: RowsAdded | RowsRemoved | SheetAdded,
    show: Callable[[Head, CellValue], str],
) -> Json:
    return {
        "file": block.file,
        "sheet": block.sheet,
        "rows": kind,
        "at": first_row(block),
        "count": len(block.rows),
        "letters": [head.letter for head in block.heads],
        "columns": [head.header for head in block.heads],
        "values": [
            [show(head, value) for head, value in zip(block.heads, row, strict=True)]
            for row in block.rows
        ],
    }


def whole(change: Change) -> Json:
    """The change with every value as it is, for `undo`; goes beside the backups only."""
    return {
        "columns": [
            {"file": file, "sheet": sheet, "head": _head_json(head), "cells": cells}
            for (file, sheet, head), cells in _edits_by_column(
                change, lambda _, value: to_json(value)
            ).items()
        ],
        "added": [
            {**_block_json(block), "at": block.at, "like": block.like, "block": block.block}
            for block in change.added
        ],
        "removed": [
            {**_block_json(block), "first": block.first, "last": block.last}
            for block in change.removed
        ],
        "new_sheets": [_block_json(block) for block in change.new_sheets],
    }


def _edits_by_column(
    change: Change, told: Callable[[Head, CellValue], Any]
) -> dict[tuple[str, str, Head], list[list[Any]]]:
    """(file, sheet, column) → row, key, old and new content of its cells, as `told`."""
    columns: dict[tuple[str, str, Head], list[list[Any]]] = {}
    for edit in change.edits:
        row, head = edit.cell.position[0], edit.head
        line = [row, edit.key, told(head, edit.old), told(head, edit.new)]
        columns.setdefault((edit.cell.file, edit.cell.sheet, edit.head), []).append(line)
    return columns


def recorded(data: Mapping[str, Any]) -> Recorded:
    """What `whole` was given; KeyError, TypeError or ValueError when it is something else."""
    return Recorded(
        tuple(
            CellRecord(
                column["file"],
                column["sheet"],
                row,
                _head(column["head"]),
                from_json(old),
                from_json(new),
                mask_numbers(key),  # older payloads name people by their whole number
            )
            for column in data["columns"]
            for row, key, old, new in column["cells"]
        ),
        tuple(
            RowsAdded(b["file"], b["sheet"], b["at"], b["like"], b["block"], *_content(b))
            for b in data["added"]
        ),
        tuple(
            RowsRemoved(b["file"], b["sheet"], b["first"], b["last"], *_content(b))
            for b in data["removed"]
        ),
        tuple(SheetAdded(b["file"], b["sheet"], *_content(b)) for b in data["new_sheets"]),
    )


def _unmasked(head: Head, value: CellValue) -> str:
    del head
    return shown_text(value)


def _block_json(block: RowsAdded | RowsRemoved | SheetAdded) -> Json:
    return {
        "file": block.file,
        "sheet": block.sheet,
        "heads": [_head_json(head) for head in block.heads],
        "rows": [[to_json(value) for value in row] for row in block.rows],
    }


def _content(
    data: Mapping[str, Any],
) -> tuple[tuple[Head, ...], tuple[tuple[CellValue, ...], ...]]:
    rows: Sequence[Sequence[Any]] = data["rows"]
    heads = tuple(_head(head) for head in data["heads"])
    return heads, tuple(tuple(from_json(value) for value in row) for row in rows)


def _head_json(head: Head) -> Json:
    return {
        "letter": head.letter,
        "header": head.header,
        "kind": head.kind.value,
        "personal": head.personal,
        "format": head.number_format,
        "key": head.key,
    }


def _head(data: Mapping[str, Any]) -> Head:
    kind, key = CellKind(data["kind"]), bool(data.get("key"))
    return Head(data["letter"], data["header"], kind, data["personal"], data["format"], key)
