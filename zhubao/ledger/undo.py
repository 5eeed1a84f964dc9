"""Taking a journaled change back: whole where nothing happened since, else cell by cell.

Where the workbooks are exactly as the change left them, the backups are put back, every byte.
Otherwise a cell gets its former content if it still holds what the change wrote; the others are
listed and stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from zhubao.core.errors import LedgerWriteError, PatchUnsound, UsageError
from zhubao.core.finding import Cell
from zhubao.excel.address import make_ref
from zhubao.excel.book import open_book
from zhubao.excel.patch.plan import CellValue
from zhubao.ledger.change import CellEdit, Change, Head, RowsAdded, RowsRemoved
from zhubao.ledger.change_apply import Order, apply_change, keep_of, masks
from zhubao.ledger.change_record import Recorded, journal_cells, recorded, whole
from zhubao.ledger.change_values import raw_value, same_value
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Source
from zhubao.ledger.reading import source_of
from zhubao.ledger.row_moves import row_now
from zhubao.ledger.store.backups import names_for, read_private
from zhubao.ledger.store.disk import sha256_if_there
from zhubao.ledger.store.journal import Entry, read_journal
from zhubao.ledger.store.places import Places
from zhubao.ledger.store.transaction import Applied, Draft, FileWrite, commit


@dataclass(frozen=True, slots=True)
class Undo:
    """What taking back `entry` comes to. `restored`: file → backup, when all are put back whole.

    `left` says of every cell or row that stays why it does.
    """

    entry: Entry
    change: Change
    restored: Mapping[str, Path]
    left: tuple[str, ...]


def plan_undo(root: Path, change_id: str = "") -> Undo:
    """How to take a change back; the last one that is not taken back yet, without an id.

    UsageError when there is none, or it is taken back already; LedgerWriteError when its backup
    is gone; the reader's errors for a workbook that cannot be read.
    """
    entries = read_journal(root).entries
    entry = _chosen(entries, change_id)
    later = [one for one in entries if one.n > entry.n]
    places = Places(root)
    paths = {one.name: places.absolute(one.path) for one in entry.files}
    content = recorded(read_private(root, entry.id))
    backups = dict(zip(paths, names_for(list(paths)), strict=True))
    restored = {name: places.backup(entry.id) / backups[name] for name in paths}
    untouched = all(
        sha256_if_there(paths[one.name]) == one.after
        and sha256_if_there(restored[one.name]) == one.before
        for one in entry.files
    )
    back = _Back(entry, content, later, paths)
    change = back.change()
    if untouched:
        return Undo(entry, change, restored, ())
    return Undo(entry, change, {}, tuple(back.left))


def apply_undo(root: Path, undo: Undo, config: LedgerConfig, order: Order) -> Applied:
    """Carry it out, as one more change in the journal. Raises as `apply_change` does."""
    if not undo.restored:
        return apply_change(root, undo.change, config, order).applied
    day = order.now.date()
    return commit(
        root,
        [_put_back(undo, name, backup) for name, backup in undo.restored.items()],
        Draft(
            order.command,
            order.arguments,
            journal_cells(undo.change, mask=masks(config, day)),
            whole(undo.change),
            undo.entry.id,
        ),
        now=order.now,
        user=order.user,
        keep=keep_of(config, day),
    )


def _put_back(undo: Undo, name: str, backup: Path) -> FileWrite:
    one = next(file for file in undo.entry.files if file.name == name)

    def write(stream: BinaryIO) -> None:
        stream.write(backup.read_bytes())

    def check(staged: Path) -> None:
        if sha256_if_there(staged) != one.before:
            raise PatchUnsound(f"{name} 的备份在读取时变了", where=str(backup), advice="请重试")

    return FileWrite(undo.change.sources[name].path, one.after, write, check)


def _chosen(entries: tuple[Entry, ...], change_id: str) -> Entry:
    undone = {entry.undoes: entry.id for entry in entries if entry.undoes}
    if change_id:
        wanted = next((one for one in entries if one.id.lower() == change_id.lower()), None)
        if wanted is None:
            raise UsageError(
                f"没有编号为 {change_id} 的改动", advice="用 zhubao history 查看改动编号。"
            )
        if wanted.id in undone:
            raise UsageError(
                f"改动 {wanted.id} 已经撤销（见 {undone[wanted.id]}）",
                advice=f"想恢复它，运行 zhubao undo {undone[wanted.id]}。",
            )
        return wanted
    open_ones = [one for one in entries if one.id not in undone and not one.undoes]
    if not open_ones:
        raise UsageError("没有可以撤销的改动", advice="用 zhubao history 查看全部改动。")
    return open_ones[-1]


class _Back:
    """Builds the reverse of a recorded change from what the workbooks hold now."""

    def __init__(
        self, entry: Entry, content: Recorded, later: list[Entry], paths: Mapping[str, Path]
    ) -> None:
        self._entry, self._content, self._later, self._paths = entry, content, later, paths
        self._sheets: dict[tuple[str, str], list[list[object]]] = {}
        self.left: list[str] = []

    def change(self) -> Change:
        """What can be taken back; what cannot is in `left`."""
        removed = tuple(filter(None, map(self._without, self._content.added)))
        added = tuple(self._again(block) for block in self._content.removed)
        edits = tuple(self._edits())
        for sheet in self._content.new_sheets:
            self.left.append(f"{sheet.file}!{sheet.sheet}：新建的表，请在 Excel 或 WPS 里删除")
        return Change(
            f"撤销改动 {self._entry.id}（{self._entry.command}）",
            edits,
            tuple(one for one in added if one),
            tuple(one for one in removed if one),
            sources=self._sources(),
        )

    def _sources(self) -> dict[str, Source]:
        found: dict[str, Source] = {}
        for name, path in self._paths.items():
            try:
                found[name] = source_of(path)
            except OSError as error:
                raise LedgerWriteError(
                    f"{name} 不在了，或读不了", where=str(path), advice="请放回这个文件再撤销"
                ) from error
        return found

    def _edits(self) -> list[CellEdit]:
        edits: list[CellEdit] = []
        all_changes = [self._entry, *self._later]
        for cell in self._content.cells:
            row = row_now(cell.row, all_changes, cell.file, cell.sheet)
            then = f"{cell.file}!{cell.sheet}!{make_ref(cell.row, cell.head.number)}"
            if row is None:
                self.left.append(f"{then}：这一行已经不在了")
            elif not self._holds(cell.file, cell.sheet, row, cell.head, cell.new):
                self.left.append(f"{then}：后来又改过，现在的内容不是这次写入的")
            else:
                place = Cell(cell.file, cell.sheet, make_ref(row, cell.head.number))
                edits.append(CellEdit(place, cell.head, cell.new, cell.old, cell.key))
        return edits

    def _without(self, block: RowsAdded) -> RowsRemoved | None:
        """The rows that were put in, taken out again, where all of them are still as written."""
        numbers = [
            row_now(block.at + place, self._later, block.file, block.sheet)
            for place in range(len(block.rows))
        ]
        first, last = numbers[0], numbers[-1]
        together = first is not None and last is not None and last - first + 1 == len(numbers)
        same = together and all(
            self._holds(block.file, block.sheet, number or 0, head, value)
            for number, row in zip(numbers, block.rows, strict=True)
            for head, value in zip(block.heads, row, strict=True)
            if value is not None
        )
        if not same or first is None or last is None:
            where = f"{block.file}!{block.sheet}"
            self.left.append(f"{where}：新增的 {len(block.rows)} 行后来改过或移动过，没有删除")
            return None
        return RowsRemoved(block.file, block.sheet, first, last, block.heads, block.rows)

    def _again(self, block: RowsRemoved) -> RowsAdded | None:
        """The rows that were taken out, put in again."""
        at = row_now(block.first, self._later, block.file, block.sheet)
        if at is None:
            where = f"{block.file}!{block.sheet}"
            self.left.append(f"{where}：删除的 {len(block.rows)} 行找不到原来的位置，没有放回")
            return None
        return RowsAdded(block.file, block.sheet, at, at - 1, 0, block.heads, block.rows)

    def _holds(self, file: str, sheet: str, row: int, head: Head, value: CellValue) -> bool:
        rows = self._rows(file, sheet)
        inside = row <= len(rows) and head.number <= len(rows[row - 1])
        raw = rows[row - 1][head.number - 1] if inside else ""
        return same_value(raw_value(raw), value)

    def _rows(self, file: str, sheet: str) -> list[list[object]]:
        key = file, sheet
        if key not in self._sheets:
            found = open_book(self._paths[file], sheets=[sheet]).sheet(sheet)
            self._sheets[key] = found.rows if found else []
        return self._sheets[key]
