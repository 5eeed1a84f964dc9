"""A patch carried out: the source workbook in, the new version out, the source untouched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.address import make_ref
from zhubao.excel.follow.sheet import follow_head, follow_tail
from zhubao.excel.formula.cells import FormulaCell, area_bounds
from zhubao.excel.formula.index import read_formulas
from zhubao.excel.formula.shifting import UnreadableFormula, translate_formula
from zhubao.excel.guard import Unusual
from zhubao.excel.patch.formula_moves import FormulaMoves
from zhubao.excel.patch.new_sheet import Places, add_to, sheet_xml
from zhubao.excel.patch.part_changes import PartChanges
from zhubao.excel.patch.plan import CellSet, PatchResult, SheetPatch, WorkbookPatch
from zhubao.excel.patch.refusals import (
    formula_in_the_way,
    odd_spelling,
    refuse_outside,
    refuse_protected_sheet,
    refuse_protected_structure,
    refuse_sheet_name,
    refuse_table_header,
)
from zhubao.excel.patch.respell import respelled
from zhubao.excel.patch.results import Results, results_after
from zhubao.excel.patch.sheet_edit import SheetEdit
from zhubao.excel.patch.splice import Splicer
from zhubao.excel.patch.styles import Styles
from zhubao.excel.patch.verify import expected_cells
from zhubao.excel.patch.workbook_parts import WorkbookParts
from zhubao.excel.patch.workbook_xml import (
    may_hold_formulas,
    recalculated_on_load,
    with_extent,
)
from zhubao.excel.patch.zipwriter import rewrite
from zhubao.excel.shift import Shift

_CONTENT_TYPES = "[Content_Types].xml"
_END_OF_ROWS = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData\b[^>]*/>")
_END_OF_ROWS_ROOM = 256


def patch_workbook(source: Path, target: BinaryIO, patch: WorkbookPatch) -> PatchResult:
    """Write `source` with `patch` to `target`, an empty file that can be rewound.

    Parts that need not change are copied byte for byte. Raises the LedgerWriteError that says why
    not: a formula in the way, a protected sheet, a signature, another format; the reader's errors
    for a file that is damaged, encrypted or hostile.
    """
    try:
        patching = _Patching(source, patch)
        while True:
            try:
                return patching.write_to(target)
            except _NeedsRespelling as need:
                patching.respell(need.part)
                target.seek(0)
                target.truncate()
    except Unusual as error:
        raise odd_spelling(source.name) from error
    except UnreadableFormula as error:
        raise odd_spelling(source.name, f"（公式 {str(error)[:80]}）") from error


class _NeedsRespelling(Exception):
    """A worksheet is not spelled as usual; a real parser has to go over it first."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class _Patching:
    """One patch of one workbook."""

    def __init__(self, source: Path, patch: WorkbookPatch) -> None:
        self._source, self._patch = source, patch
        self._parts = WorkbookParts.of(source)
        self._refuse_places()
        self._shifts = [s for name, one in patch.sheets.items() if (s := _shift_of(name, one))]
        self._respelled: dict[str, bytes] = {}
        self._formulas = self._read_formulas()
        self._moves = {
            name: FormulaMoves(name, self._parts.file, cells, self._shifts, self._replaced(name))
            for name, cells in self._formulas.items()
        }
        self._new_formulas = {
            name: _formulas_of_new_rows(one, self._moves.get(name))
            for name, one in patch.sheets.items()
        }
        self._results = self._find_results()

    def respell(self, part: str) -> None:
        """Take a worksheet over into the usual spelling; LedgerNotWritable when that was no use."""
        file = self._parts.file
        if part in self._respelled:
            raise odd_spelling(file, f"（部件 {part}）")
        self._respelled[part] = respelled(self._parts.read(part), file, part)

    def write_to(self, target: BinaryIO) -> PatchResult:
        """One attempt; _NeedsRespelling when a worksheet turns out to be spelled unusually."""
        changes = PartChanges(self._parts)
        styles = self._styles()
        sheets = {
            self._parts.written_name(part): partial(self._spliced, name, part, styles)
            for name in self._sheets_to_write()
            if (part := self._parts.part_of(name))
        }
        for shift in self._shifts:
            changes.follow(shift)
        self._change_calculation(changes)
        self._add_sheets(changes, styles)
        parts: dict[str, Iterator[bytes]] = {name: pieces() for name, pieces in sheets.items()}
        for name, xml in changes.changed.items():
            parts[name] = iter((xml,))
        return self._rewrite(target, parts, changes, styles)

    def _rewrite(
        self,
        target: BinaryIO,
        parts: Mapping[str, Iterator[bytes]],
        changes: PartChanges,
        styles: Styles | None,
    ) -> PatchResult:
        sizes = {entry.name: entry.size for entry in self._parts.package.entries.values()}
        written = set(parts) | changes.dropped
        late: dict[str, Callable[[], bytes | None]] = {}
        part = self._parts.part_named("styles")
        if styles is not None and part is not None:
            late[self._parts.written_name(part)] = styles.changed_xml
        rewrite(self._source, target, parts, sizes=sizes, late=late, dropped=changes.dropped)
        if styles is not None and styles.changed and part is not None:
            written.add(self._parts.written_name(part))
        return PatchResult(
            tuple(sorted(written)),
            tuple(
                (sheet, make_ref(*place))
                for sheet, found in self._results.items()
                for place, result in sorted(found.items())
                if result is None
            ),
        )

    def _refuse_places(self) -> None:
        """Sheets that are not there, cells outside the grid, headers of Excel tables."""
        for name, sheet in self._patch.sheets.items():
            part = self._parts.part_of(name)
            if part is None or part not in self._parts.package:
                raise LedgerNotWritable(
                    f"{self._parts.file} 里没有“{name}”表",
                    where=self._parts.file,
                    advice="请核对工作表的名称",
                )
            refuse_outside(sheet, self._parts.file, name)
            places = {(one.row, one.column) for one in sheet.sets}
            for table in self._parts.tables_of(part):
                refuse_table_header(self._parts.read(table), places, self._parts.file, name)
        if self._patch.new_sheets:
            refuse_protected_structure(self._parts.read(self._parts.workbook), self._parts.file)

    def _read_formulas(self) -> dict[str, list[FormulaCell]]:
        found: dict[str, list[FormulaCell]] = {}
        for sheet in self._parts.structure.sheets:
            stream = partial(self._parts.stream, sheet.part)
            if not may_hold_formulas(stream()):
                continue
            cells = read_formulas(stream, self._parts.file, sheet.part)
            if cells:
                found[sheet.name] = cells
                self._refuse_formulas(sheet.name, cells)
        return found

    def _refuse_formulas(self, sheet: str, cells: list[FormulaCell]) -> None:
        """Cells whose formula the plan does not mean to replace; none of an array may change."""
        patch = self._patch.sheets.get(sheet, SheetPatch())
        places = {(one.row, one.column) for one in patch.sets}
        replaced = self._replaced(sheet)
        blocked: set[tuple[int, int]] = set()
        for cell in cells if places else ():
            top, left, bottom, right = area_bounds(cell)
            if (top, left) == (bottom, right):
                blocked |= {(top, left)} & places - replaced
            else:
                blocked |= {(r, c) for r, c in places if top <= r <= bottom and left <= c <= right}
        if blocked:
            raise formula_in_the_way(
                self._parts.file, sheet, [make_ref(*one) for one in sorted(blocked)]
            )

    def _replaced(self, name: str) -> set[tuple[int, int]]:
        patch = self._patch.sheets.get(name, SheetPatch())
        return {(one.row, one.column) for one in patch.sets if one.over_formula}

    def _find_results(self) -> Results:
        final = {name: list(moves.final) for name, moves in self._moves.items()}
        for name, rows in self._new_formulas.items():
            new = self._patch.sheets[name].new_rows
            for place, formulas in enumerate(rows):
                at = new.at + place if new else 0
                cells = [FormulaCell(at, c, t, cached=False) for c, t in formulas.items()]
                final.setdefault(name, []).extend(cells)
        if not any(final.values()):
            return {}
        return results_after(self._source, self._parts, self._patch, self._shifts, final)

    def _styles(self) -> Styles | None:
        part = self._parts.part_named("styles")
        return Styles(self._parts.read(part), self._parts.file) if part else None

    def _sheets_to_write(self) -> list[str]:
        """The sheets whose part changes: planned, with other formulas or results, or following."""
        return [
            sheet.name
            for sheet in self._parts.structure.sheets
            if sheet.name in self._patch.sheets
            or sheet.name in self._results
            or (sheet.name in self._moves and self._moves[sheet.name].changes_any)
            or self._follows(sheet.name, sheet.part)
        ]

    def _follows(self, name: str, part: str) -> bool:
        """True when what stands behind the sheet's rows names rows that move."""
        if not self._shifts:
            return False
        tail = self._tail_of(part)
        try:
            return any(follow_tail(tail, shift, name) != tail for shift in self._shifts)
        except Unusual:
            raise _NeedsRespelling(part) from None

    def _tail_of(self, part: str) -> bytes:
        """What stands behind the rows; Unusual when the rows have no end."""
        kept = b""
        pieces = self._pieces(part)
        for piece in pieces:
            kept = kept[-_END_OF_ROWS_ROOM:] + piece
            found = _END_OF_ROWS.search(kept)
            if found:
                return kept[found.end() :] + b"".join(pieces)
        raise Unusual

    def _pieces(self, part: str) -> Iterator[bytes]:
        if part in self._respelled:
            return iter((self._respelled[part],))
        return self._parts.stream(part)

    def _spliced(self, name: str, part: str, styles: Styles | None) -> Iterator[bytes]:
        try:
            yield from Splicer(self._edit(name, styles)).spliced(self._pieces(part))
        except Unusual:
            raise _NeedsRespelling(part) from None

    def _edit(self, name: str, styles: Styles | None) -> SheetEdit:
        patch = self._patch.sheets.get(name, SheetPatch())
        moves = self._moves.get(name)
        sets: dict[int, list[CellSet]] = {}
        for one in patch.sets:
            sets.setdefault(one.row, []).append(one)
        new_formulas = [
            {column: escape(text).encode() for column, text in row.items()}
            for row in self._new_formulas.get(name, ())
        ]
        return SheetEdit(
            name,
            self._parts.file,
            styles,
            self._parts.structure.date1904,
            sets,
            patch.new_rows,
            new_formulas,
            next((shift for shift in self._shifts if shift.sheet == name), None),
            self._results.get(name, {}),
            moves.change if moves and moves.changes_any else None,
            self._head_change(name, patch),
            self._tail_change(name),
        )

    def _head_change(self, name: str, patch: SheetPatch) -> Callable[[bytes], bytes]:
        written = [
            (row, column)
            for row, cells in expected_cells(patch).items()
            for column, value in cells.items()
            if value is not None
        ]
        shifts = [shift for shift in self._shifts if shift.sheet == name]

        def change(head: bytes) -> bytes:
            for shift in shifts:
                head = follow_head(head, shift)
            return with_extent(head, written)

        return change

    def _tail_change(self, name: str) -> Callable[[bytes], bytes]:
        is_planned = name in self._patch.sheets

        def change(tail: bytes) -> bytes:
            if is_planned:
                refuse_protected_sheet(tail, self._parts.file, name)
            for shift in self._shifts:
                tail = follow_tail(tail, shift, name)
            return tail

        return change

    def _change_calculation(self, changes: PartChanges) -> None:
        if any(self._results.values()):
            changes.edit(self._parts.workbook, recalculated_on_load)
        added = {
            name: [
                make_ref(new.at + place, column)
                for place, row in enumerate(rows)
                for column in row
                if (new := self._patch.sheets[name].new_rows)
            ]
            for name, rows in self._new_formulas.items()
        }
        removed = {
            name: {
                make_ref(*place)
                for cell in self._formulas.get(name, ())
                if (place := (cell.row, cell.column)) in self._replaced(name)
            }
            for name in self._patch.sheets
        }
        changes.follow_calculation(self._shifts, added, removed)

    def _add_sheets(self, changes: PartChanges, styles: Styles | None) -> None:
        parts, file = self._parts, self._parts.file
        folder, _, stem = parts.workbook.rpartition("/")
        relations = f"{folder}/_rels/{stem}.rels" if folder else f"_rels/{stem}.rels"
        taken = {name.casefold() for name in parts.structure.names}
        for sheet in self._patch.new_sheets:
            refuse_sheet_name(sheet.name, taken, file)
            if styles is None:
                raise odd_spelling(file, "（没有样式）")
            taken.add(sheet.name.casefold())
            part = _free_part(parts, changes)
            listed = Places(*(changes.now(p) for p in (parts.workbook, relations, _CONTENT_TYPES)))
            listed = add_to(listed, sheet, part, file)
            changes.put(parts.workbook, listed.workbook)
            changes.put(relations, listed.relations)
            changes.put(_CONTENT_TYPES, listed.content_types)
            pieces = sheet_xml(sheet, styles, date1904=parts.structure.date1904)
            changes.put(part, b"".join(pieces))


def _shift_of(name: str, patch: SheetPatch) -> Shift | None:
    new, removed = patch.new_rows, patch.removed
    if new and removed:
        raise ValueError("a patch puts rows into a sheet or takes rows out of it, not both")
    if new and new.like >= new.at:
        raise ValueError("new rows look like a row above them")
    if new and new.rows:
        return Shift(name, new.at, len(new.rows), new.block)
    if removed:
        return Shift(name, removed[0], removed[0] - removed[1] - 1)
    return None


def _formulas_of_new_rows(patch: SheetPatch, moves: FormulaMoves | None) -> list[dict[int, str]]:
    """Per new row: column → the formula of the row it looks like, copied down."""
    new = patch.new_rows
    if new is None or moves is None:
        return []
    copied = [
        cell
        for cell in moves.final
        if cell.row == new.like and cell.kind in ("normal", "shared") and cell.text
    ]
    return [
        {
            cell.column: translate_formula(cell.text, new.like, new.at + place)
            for cell in copied
            if cell.column not in values
        }
        for place, values in enumerate(new.rows)
    ]


def _free_part(parts: WorkbookParts, changes: PartChanges) -> str:
    folder = parts.workbook.rpartition("/")[0]
    number = 1
    while True:
        name = f"{folder}/worksheets/sheet{number}.xml".lstrip("/")
        if name not in parts.package and name not in changes.changed:
            return name
        number += 1
