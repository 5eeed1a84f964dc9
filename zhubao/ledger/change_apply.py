"""A change carried out on the bureau's workbooks: all of them, or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from zhubao import policy
from zhubao.core.masking import mask_numbers
from zhubao.excel.patch.apply import patch_workbook
from zhubao.excel.patch.plan import CellSet, NewRows, NewSheet, SheetPatch, WorkbookPatch
from zhubao.excel.patch.verify import verify
from zhubao.ledger.change import Change, RowsAdded, SheetAdded
from zhubao.ledger.change_record import journal_cells, whole
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Source
from zhubao.ledger.store.backups import Keep
from zhubao.ledger.store.transaction import Applied, Draft, FileWrite, commit

_WIDTHS = {"@": 20.0}
_WIDTH = 14.0


@dataclass(frozen=True, slots=True)
class Order:
    """Who asked for a change, with which words; `undoes` names the change it takes back."""

    command: str
    user: str
    now: dt.datetime
    arguments: Mapping[str, Any] = field(default_factory=dict)
    undoes: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was applied, and the formula cells left for Excel to work out: "文件!表!F5"."""

    applied: Applied
    uncached: tuple[str, ...]


def apply_change(root: Path, change: Change, config: LedgerConfig, order: Order) -> Outcome:
    """Write the change into the workbooks below `root`; ValueError for an empty one.

    Raises the LedgerWriteError that says why not; then no workbook was changed. The new version
    of every workbook is checked before any takes its place.
    """
    if change.is_empty:
        raise ValueError("nothing to apply")
    day = order.now.date()
    writers = [_Writer(change.sources[file], patch) for file, patch in patches(change).items()]
    draft = Draft(
        command=order.command,
        arguments=_without_numbers(order.arguments) if masks(config, day) else order.arguments,
        cells=journal_cells(change, mask=masks(config, day)),
        private=whole(change),
        undoes=order.undoes,
    )
    applied = commit(
        root,
        [writer.order() for writer in writers],
        draft,
        now=order.now,
        user=order.user,
        keep=keep_of(config, day),
    )
    return Outcome(applied, tuple(place for writer in writers for place in writer.uncached))


def keep_of(config: LedgerConfig, day: dt.date) -> Keep:
    """How long backups are kept: the bureau's own setting, else the default."""
    count = int(policy.at("store.backup_count", day, config.policy))
    days = int(policy.at("store.backup_days", day, config.policy))
    return Keep(count, days)


def masks(config: LedgerConfig, day: dt.date) -> bool:
    """Whether the journal hides most of personal data."""
    return bool(policy.at("store.mask", day, config.policy))


def _without_numbers(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments for the journal: numbers of persons typed into a text are starred out."""
    return {
        key: mask_numbers(value) if isinstance(value, str) else value
        for key, value in arguments.items()
    }


class _Writer:
    """Writes one workbook's new version and judges it."""

    def __init__(self, source: Source, patch: WorkbookPatch) -> None:
        self._source, self._patch = source, patch
        self._changed: frozenset[str] = frozenset()
        self.uncached: tuple[str, ...] = ()

    def order(self) -> FileWrite:
        """What the transaction needs."""
        return FileWrite(self._source.path, self._source.sha256, self._write, self._check)

    def _write(self, stream: BinaryIO) -> None:
        result = patch_workbook(self._source.path, stream, self._patch)
        self._changed = frozenset(result.changed_parts)
        self.uncached = tuple(f"{self._source.name}!{s}!{ref}" for s, ref in result.uncached)

    def _check(self, staged: Path) -> None:
        verify(self._source.path, staged, self._patch, self._changed)


def patches(change: Change) -> dict[str, WorkbookPatch]:
    """File name → what is changed in it."""
    return {
        file: WorkbookPatch(
            _sheet_patches(change, file),
            tuple(_new_sheet(sheet) for sheet in change.new_sheets if sheet.file == file),
        )
        for file in change.files
    }


def _sheet_patches(change: Change, file: str) -> dict[str, SheetPatch]:
    sets: dict[str, list[CellSet]] = {}
    for edit in change.edits:
        if edit.cell.file == file:
            row, column = edit.cell.position
            wanted = edit.head.number_format
            one = CellSet(row, column, edit.new, wanted, over_formula=edit.over_formula)
            sets.setdefault(edit.cell.sheet, []).append(one)
    added = {block.sheet: _new_rows(block) for block in change.added if block.file == file}
    removed = {one.sheet: (one.first, one.last) for one in change.removed if one.file == file}
    names = dict.fromkeys([*sets, *added, *removed])
    return {
        name: SheetPatch(tuple(sets.get(name, ())), added.get(name), removed.get(name))
        for name in names
    }


def _new_rows(block: RowsAdded) -> NewRows:
    rows = tuple(
        {
            head.number: value
            for head, value in zip(block.heads, row, strict=True)
            if value is not None
        }
        for row in block.rows
    )
    formats = {head.number: head.number_format for head in block.heads if head.number_format}
    return NewRows(block.at, block.like, rows, block.block, formats)


def _new_sheet(sheet: SheetAdded) -> NewSheet:
    formats = tuple(head.number_format for head in sheet.heads)
    widths = tuple(_WIDTHS.get(wanted, _WIDTH) for wanted in formats)
    headers = tuple(head.header for head in sheet.heads)
    return NewSheet(sheet.sheet, headers, sheet.rows, widths, formats)


def unfinished_note(uncached: Sequence[str]) -> str:
    """What the clerk should know of formulas without a result; "" when there are none."""
    if not uncached:
        return ""
    listed = "、".join(uncached[:5]) + ("……" if len(uncached) > 5 else "")
    return (
        f"有 {len(uncached)} 个公式的结果要等 Excel 或 WPS 打开并保存一次才会更新"
        f"（已清掉旧结果，免得误读）：{listed}"
    )
