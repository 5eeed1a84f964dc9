"""A plan of changes over several workbooks, made from located records by pure code.

Nothing here reads or writes a file. A finished `Change` is previewed (`change_report`), applied
(`change_apply`), written down in the journal and can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhubao.core.errors import LedgerNotWritable
from zhubao.core.finding import Cell
from zhubao.core.masking import mask_numbers
from zhubao.core.theme import Formats
from zhubao.excel.address import column_letter, column_number
from zhubao.excel.kinds import CellKind
from zhubao.excel.patch.plan import CellValue
from zhubao.ledger.catalog import kind_of
from zhubao.ledger.change_values import cell_value, masked, number_format, raw_value, same_value
from zhubao.ledger.loaded import Loaded, Source
from zhubao.ledger.model import LedgerRow, column_info
from zhubao.ledger.table import LedgerTable, Segment, key_fields

Model = type[LedgerRow]
_AMONG_SUBTOTALS = (
    "“{sheet}”表的记录之间隔着小计行或空行：新增的行放在最后一段记录之后，"
    "那一段的小计也计入新增的行；要分到各段里的，写入后请自行移动"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a plan must know of a column: letter, header, kind, whether it is personal or a key."""

    letter: str
    header: str
    kind: CellKind
    personal: bool = False
    number_format: str = ""
    key: bool = False

    @property
    def number(self) -> int:
        """The column's number, counted from 1."""
        return column_number(self.letter)


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell: what stands there, and what will."""

    cell: Cell
    head: Head
    old: CellValue
    new: CellValue
    key: str = ""  # the record's key to recognise it by, masked; nothing is found by it
    over_formula: bool = False


@dataclass(frozen=True, slots=True)
class RowsAdded:
    """Records put in before row `at`, looking like row `like`.

    `block` is the first of the records that end in row `at - 1` without a gap; ranges that hold
    all of these grow. `rows` has per record a value for every head, in their order.
    """

    file: str
    sheet: str
    at: int
    like: int
    block: int
    heads: tuple[Head, ...]
    rows: tuple[tuple[CellValue, ...], ...]


@dataclass(frozen=True, slots=True)
class RowsRemoved:
    """Rows taken out, first to last, and what stood in them."""

    file: str
    sheet: str
    first: int
    last: int
    heads: tuple[Head, ...]
    rows: tuple[tuple[CellValue, ...], ...]


@dataclass(frozen=True, slots=True)
class SheetAdded:
    """A new sheet with its header and rows."""

    file: str
    sheet: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[CellValue, ...], ...]


def first_row(block: RowsAdded | RowsRemoved | SheetAdded) -> int:
    """The number of the first row put in or taken out."""
    if isinstance(block, RowsAdded):
        return block.at
    return block.first if isinstance(block, RowsRemoved) else 2


@dataclass(frozen=True, slots=True)
class Change:
    """Everything one command wants to change; `sources` has the files as they were read."""

    title: str
    edits: tuple[CellEdit, ...] = ()
    added: tuple[RowsAdded, ...] = ()
    removed: tuple[RowsRemoved, ...] = ()
    new_sheets: tuple[SheetAdded, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when nothing would change."""
        return not (self.edits or self.added or self.removed or self.new_sheets)

    @property
    def files(self) -> tuple[str, ...]:
        """The workbooks touched, by name."""
        parts: Iterable[Any] = (*self.added, *self.removed, *self.new_sheets)
        names = {edit.cell.file for edit in self.edits} | {part.file for part in parts}
        return tuple(sorted(names))


class Plan:
    """Collects changes of the tables in `loaded`; `build` gives the finished Change.

    Every method takes typed values, by field name, and refuses what the sheet cannot hold
    (LedgerNotWritable). A cell that already holds the value is left out.
    """

    def __init__(self, title: str, loaded: Loaded, formats: Formats) -> None:
        self._title, self._loaded, self._formats = title, loaded, formats
        self._edits: dict[tuple[str, str, str], CellEdit] = {}
        self._added: dict[tuple[str, str], RowsAdded] = {}
        self._removed: list[RowsRemoved] = []
        self._new_sheets: list[SheetAdded] = []
        self._notes: list[str] = []

    def put(self, table: LedgerTable[Any], index: int, name: str, value: Any) -> None:
        """Give a field of one record another value; ValueError for two values in one cell."""
        old_typed = table.column(name)[index]
        if old_typed == value and index not in table.bad.get(name, ()):
            return
        self._set(table, index, name, value)

    def respell(self, table: LedgerTable[Any], index: int, name: str) -> bool:
        """Write a record's field as its type is written: a text that is a date becomes a date.

        False when it is written so already.
        """
        return self._set(table, index, name, table.column(name)[index])

    def add(self, table: LedgerTable[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """Put records (field → value) in behind the table's last one."""
        if not rows:
            return
        if not table.segments:
            self._add_sheet(table.model, rows)
            return
        segment = table.segments[-1]
        heads = self._heads(table.model, segment, {name for row in rows for name in row})
        key = segment.file, segment.sheet
        written = tuple(self._row(table, heads, row) for row in rows)
        before = self._added.get(key)
        if before is not None:
            self._added[key] = _joined(before, tuple(heads.values()), written)
            return
        at, like, block = _place_behind(table)
        if block > next(iter(segment.rows), block):
            self.note(_AMONG_SUBTOTALS.format(sheet=segment.sheet))
        self._added[key] = RowsAdded(
            segment.file, segment.sheet, at, like, block, tuple(heads.values()), written
        )

    def replace_all(self, table: LedgerTable[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """Make a computed sheet hold exactly these records, in this order."""
        kept = min(len(table), len(rows))
        for index in range(kept):
            for name in table.model.model_fields:
                if self._has_column(table, index, name):
                    self.put(table, index, name, rows[index].get(name))
        self.add(table, rows[kept:])
        if len(table) > kept:
            self._remove_from(table, kept)

    def note(self, text: str) -> None:
        """A line for the clerk under the preview."""
        self._notes.append(text)

    def build(self) -> Change:
        """The finished plan, in the order of files, sheets, rows and columns."""
        edits = sorted(
            self._edits.values(), key=lambda e: (e.cell.file, e.cell.sheet, e.cell.position)
        )
        sources = {source.name: source for source in self._loaded.sources}
        return Change(
            self._title,
            tuple(edits),
            tuple(self._added[key] for key in sorted(self._added)),
            tuple(self._removed),
            tuple(self._new_sheets),
            sources,
            tuple(self._notes),
        )

    def _set(self, table: LedgerTable[Any], index: int, name: str, value: Any) -> bool:
        segment, _ = table.locate(index)
        head = self._head(table.model, segment, name)
        cell = table.cell(index, name)
        old = self._old(table, index, name, segment)
        unit = segment.units.get(name, "")
        new = cell_value(head.kind, value, unit=unit, like=table.original(index, name))
        if _same_spelling(old, new):
            return False
        computed = table.model.SHEET.computed
        edit = CellEdit(cell, head, old, new, record_key(table, index), over_formula=computed)
        place = cell.file, cell.sheet, cell.ref
        if self._edits.setdefault(place, edit).new != new:
            raise ValueError(f"two values for {cell}")
        return True

    def _old(self, table: LedgerTable[Any], index: int, name: str, segment: Segment) -> CellValue:
        originals = table.originals.get(name, {})
        if index in originals:
            return raw_value(originals[index])
        kind = kind_of(table.model.model_fields[name])
        return cell_value(kind, table.column(name)[index], unit=segment.units.get(name, ""))

    def _row(
        self, table: LedgerTable[Any], heads: Mapping[str, Head], row: Mapping[str, Any]
    ) -> tuple[CellValue, ...]:
        last, units = _last_record(table), table.segments[-1].units
        return tuple(
            cell_value(
                head.kind,
                row.get(name),
                unit=units.get(name, ""),
                like=table.original(last, name) if last >= 0 else "",
            )
            for name, head in heads.items()
        )

    def _heads(self, model: Model, segment: Segment, names: set[str]) -> dict[str, Head]:
        """The columns written, in the sheet's order; a value without a column is refused."""
        missing = [name for name in model.model_fields if name in names - set(segment.letters)]
        if missing:
            headers = "、".join(column_info(model.model_fields[name]).header for name in missing)
            raise LedgerNotWritable(
                f"“{segment.sheet}”表里没有这些列，写不进去：{headers}",
                where=f"{segment.file}!{segment.sheet}",
                advice="请在表头加上这些列；单位另有叫法的，在 zhubao.toml 的 [aliases] 里登记",
            )
        ordered = sorted(segment.letters, key=lambda name: column_number(segment.letters[name]))
        return {name: self._head(model, segment, name) for name in ordered}

    def _head(self, model: Model, segment: Segment, name: str) -> Head:
        info = column_info(model.model_fields[name])
        letter = segment.letters.get(name)
        if letter is None:
            raise LedgerNotWritable(
                f"“{segment.sheet}”表里没有“{info.header}”一列",
                where=f"{segment.file}!{segment.sheet}",
                advice="请在表头加上这一列，或在 zhubao.toml 的 [aliases] 里登记它的叫法",
            )
        return self._made_head(model, name, letter)

    def _made_head(self, model: Model, name: str, letter: str) -> Head:
        info, kind = column_info(model.model_fields[name]), kind_of(model.model_fields[name])
        personal = info.personal or kind is CellKind.IDENTITY
        shown_as = number_format(kind, self._formats)
        return Head(letter, info.header, kind, personal, shown_as, info.key)

    def _has_column(self, table: LedgerTable[Any], index: int, name: str) -> bool:
        return name in table.locate(index)[0].letters

    def _remove_from(self, table: LedgerTable[Any], start: int) -> None:
        """Take out the records from `start` on; other rows between them stay, emptied cells."""
        if len(table.segments) > 1:
            raise LedgerNotWritable(
                f"“{table.model.SHEET.name}”分在几张表里，不能重写",
                where=table.segments[0].file,
                advice="请把它们合成一张表再试",
            )
        segment = table.segments[0]
        first, last = segment.rows[start], segment.rows[-1]
        if last - first + 1 != len(table) - start:
            for index in range(start, len(table)):
                for name in segment.letters:
                    self._set(table, index, name, None)
            return
        names = sorted(segment.letters, key=lambda name: column_number(segment.letters[name]))
        heads = tuple(self._head(table.model, segment, name) for name in names)
        rows = tuple(
            tuple(self._old(table, index, name, segment) for name in names)
            for index in range(start, len(table))
        )
        self._removed.append(RowsRemoved(segment.file, segment.sheet, first, last, heads, rows))

    def _add_sheet(self, model: Model, rows: Sequence[Mapping[str, Any]]) -> None:
        """The sheet does not exist yet: make it, in the workbook it belongs to."""
        file = self._file_of(model.SHEET.workbook)
        if file is None:
            raise no_workbook(model)
        names = list(model.model_fields)
        heads = tuple(
            self._made_head(model, name, column_letter(number))
            for number, name in enumerate(names, 1)
        )
        written = tuple(
            tuple(cell_value(h.kind, row.get(name)) for name, h in zip(names, heads, strict=True))
            for row in rows
        )
        self._new_sheets.append(SheetAdded(file, model.SHEET.name, heads, written))

    def _file_of(self, stem: str) -> str | None:
        """The file that holds the workbook's other sheets."""
        for model, table in self._loaded.tables.items():
            if model.SHEET.workbook == stem and table.segments:
                return table.segments[0].file
        return None


def no_workbook(model: Model) -> LedgerNotWritable:
    """The workbook a new row belongs in is not there."""
    file = f"{model.SHEET.workbook}.xlsx"
    return LedgerNotWritable(
        f"没有“{model.SHEET.name}”表要写进的台账 {file}",
        where=file,
        advice="用 zhubao init 新建一套空白台账，把这一本放进台账文件夹",
    )


def record_key(table: LedgerTable[Any], index: int) -> str:
    """The record's key fields as one text, for people: personal parts are masked, as cells are.

    Two records may have one such text; a cell is told from another by its place alone.
    """
    parts = (_key_part(table, index, name) for name in key_fields(table.model))
    return " ".join(part for part in parts if part)


def _key_part(table: LedgerTable[Any], index: int, name: str) -> str:
    text, info = str(table.column(name)[index] or ""), table.model.model_fields[name]
    kind = kind_of(info)
    personal = kind is CellKind.IDENTITY or column_info(info).personal
    return masked(kind, text) if personal and text else mask_numbers(text)


def _same_spelling(old: CellValue, new: CellValue) -> bool:
    """Same content in the same type: the text "500" is not the number 500."""
    return isinstance(old, str) == isinstance(new, str) and same_value(old, new)


def _place_behind(table: LedgerTable[Any]) -> tuple[int, int, int]:
    """(row to put records in before, row to look like, `RowsAdded.block`) of the last sheet.

    Records at the end without any key are passed over: they may be totals without a word for it.
    """
    rows = table.segments[-1].rows
    if not len(rows):
        at = table.segments[-1].header_row + 1
        return at, 0, at
    before = len(table) - len(rows)
    last = _last_record(table) - before
    last = last if last >= 0 else len(rows) - 1
    return rows[last] + 1, rows[last], _run_before(rows, last)


def _last_record(table: LedgerTable[Any]) -> int:
    """The index of the last record with a key; of the last one where none has; -1 without any."""
    keys = [table.column(name) for name in key_fields(table.model)]
    keyed = (i for i in reversed(range(len(table))) if any(key[i] is not None for key in keys))
    return next(keyed, len(table) - 1)


def _run_before(rows: Sequence[int], place: int) -> int:
    """The first of the unbroken rows that end here: where the range of their own 小计 begins."""
    while place and rows[place - 1] == rows[place] - 1:
        place -= 1
    return rows[place]


def _joined(
    before: RowsAdded, heads: tuple[Head, ...], rows: tuple[tuple[CellValue, ...], ...]
) -> RowsAdded:
    if heads != before.heads:
        raise ValueError(f"two sets of columns for {before.sheet}")
    joined = (*before.rows, *rows)
    return RowsAdded(before.file, before.sheet, before.at, before.like, before.block, heads, joined)
