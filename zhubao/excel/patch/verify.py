"""The new version judged before it takes the ledger's place: is it whole, does it hold the plan?

The check does not share code with the splicer: rows that were written are parsed by expat.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from xml.parsers import expat

from zhubao.core.errors import PatchUnsound, WorkbookError
from zhubao.excel.address import MAX_COLUMN, MAX_ROW, make_ref, parse_ref
from zhubao.excel.patch.cells import MAX_TEXT, serial_of
from zhubao.excel.patch.plan import CellValue, SheetPatch, WorkbookPatch
from zhubao.excel.structure import Structure, read_structure
from zhubao.excel.zipcheck import Package

_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr=["'](\d+)["']""")
_ROW_END = re.compile(rb"</(?:\w+:)?row\s*>")
_OPENED = re.compile(rb"<(?:\w+:)?row\b")
_ROOM = 1 << 20
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class _Cell:
    ref: str
    kind: str
    value: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    formula: bool = False


def verify(source: Path, staged: Path, patch: WorkbookPatch, changed: frozenset[str]) -> None:
    """PatchUnsound unless `staged` is `source` with the patch: sound, complete, nothing else.

    Parts outside `changed` must have the bytes they had; rows and cells must be in order and in
    bounds, texts short enough, and every planned cell must hold its planned value.
    """
    file = source.name
    try:
        before, after = Package(source, file), Package(staged, file)
        structure = read_structure(after)
        _compare_parts(before, after, changed, file)
        for name, sheet in patch.sheets.items():
            _check_sheet(after, structure, name, sheet, file)
        for added in patch.new_sheets:
            if added.name not in structure.names:
                raise _unsound(file, f"新工作表“{added.name}”没有写进去")
    except WorkbookError as error:
        raise _unsound(file, error.message) from error


def _compare_parts(before: Package, after: Package, changed: frozenset[str], file: str) -> None:
    """Unchanged parts by checksum and size; changed ones are read through, which checks theirs."""
    for key, entry in before.entries.items():
        if entry.name in changed:
            continue
        now = after.entries.get(key)
        if now is None or (now.crc, now.size, now.method) != (entry.crc, entry.size, entry.method):
            raise _unsound(file, f"部件 {entry.name} 不应改变，却变了")
    for name in changed:
        if name in after and "worksheets/" not in name:
            for _ in after.stream(name):
                pass


def _check_sheet(
    package: Package, structure: Structure, name: str, patch: SheetPatch, file: str
) -> None:
    part = next((sheet.part for sheet in structure.sheets if sheet.name == name), None)
    if part is None:
        raise _unsound(file, f"工作表“{name}”不见了")
    expected = expected_cells(patch)
    moved_from = _first_moved(patch)
    last = 0
    for number, data in _rows(package.stream(part)):
        if not last < number <= MAX_ROW:
            raise _unsound(file, f"工作表“{name}”第 {number} 行的次序不对")
        last = number
        wanted = expected.pop(number, None)
        if wanted is not None or number >= moved_from:
            _check_row(data, number, wanted or {}, structure.date1904, f"{file}!{name}")
    for number, cells in expected.items():
        if any(value is not None for value in cells.values()):
            raise _unsound(file, f"工作表“{name}”第 {number} 行没有写进去")


def expected_cells(patch: SheetPatch) -> dict[int, dict[int, CellValue]]:
    """Row after the patch → column → the value planned for it."""
    rows: dict[int, dict[int, CellValue]] = {}
    new, removed = patch.new_rows, patch.removed
    for one in patch.sets:
        row = one.row
        if new and row >= new.at:
            row += len(new.rows)
        if removed and removed[0] <= row <= removed[1]:
            continue
        if removed and row > removed[1]:
            row -= removed[1] - removed[0] + 1
        rows.setdefault(row, {})[one.column] = one.value
    for place, values in enumerate(new.rows if new else ()):
        rows[new.at + place if new else 0] = dict(values)
    return rows


def _first_moved(patch: SheetPatch) -> int:
    if patch.new_rows:
        return patch.new_rows.at
    return patch.removed[0] if patch.removed else MAX_ROW + 1


def _rows(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """(number, bytes from the row's tag to the next row's or beyond) of every row."""
    buffer = b""
    for piece in pieces:
        buffer += piece
        if len(buffer) < _ROOM:
            continue
        starts = [match.start() for match in _OPENED.finditer(buffer)]
        yield from _numbered(buffer, starts)
        buffer = buffer[starts[-1] :] if starts else buffer
    starts = [match.start() for match in _OPENED.finditer(buffer)]
    yield from _numbered(buffer, [*starts, len(buffer)])


def _numbered(buffer: bytes, starts: list[int]) -> Iterator[tuple[int, bytes]]:
    for start, end in pairwise(starts):
        match = _ROW.match(buffer, start)
        yield (int(match[1]) if match else 0), buffer[start:end]


def _check_row(
    data: bytes, number: int, wanted: Mapping[int, CellValue], date1904: bool, where: str
) -> None:
    last, found = 0, dict[int, _Cell]()
    for cell in _cells_of(data, where):
        row, column = parse_ref(cell.ref)
        if row != number or not last < column <= MAX_COLUMN:
            raise _unsound(where, f"第 {number} 行的单元格次序不对（{cell.ref}）")
        last, found[column] = column, cell
    for column, value in wanted.items():
        if not _holds(found.get(column), value, date1904):
            raise _unsound(where, f"{make_ref(number, column)} 写进去的内容与计划不符")


def _cells_of(data: bytes, where: str) -> list[_Cell]:
    """The cells of one row element, by a real parser."""
    opened = data.find(b">")
    closed = None if data[opened - 1 : opened] == b"/" else _ROW_END.search(data)
    reader = _RowReader()
    try:
        reader.parser.Parse(data[: closed.end() if closed else opened + 1], True)
        for cell in reader.cells:
            parse_ref(cell.ref)
    except (expat.ExpatError, ValueError) as error:
        raise _unsound(where, "写出的行不是完整的 XML") from error
    return reader.cells


class _RowReader:
    """Collects the cells of one row."""

    def __init__(self) -> None:
        self.cells: list[_Cell] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._into: list[str] | None = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self.cells.append(_Cell(attributes.get("r", ""), attributes.get("t", "")))
        elif self.cells and local in ("v", "t"):
            self._into = self.cells[-1].value if local == "v" else self.cells[-1].text
        elif self.cells and local == "f":
            self.cells[-1].formula = True

    def _end(self, name: str) -> None:
        del name
        self._into = None

    def _characters(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)


def _holds(cell: _Cell | None, value: CellValue, date1904: bool) -> bool:
    if value is None:
        return cell is None or not (cell.value or cell.text or cell.formula)
    if cell is None or cell.formula:
        return False
    if isinstance(value, str):
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), "".join(cell.text))
        return cell.kind == "inlineStr" and text == value and len(text) <= MAX_TEXT
    if isinstance(value, bool):
        return cell.kind == "b" and "".join(cell.value) == str(int(value))
    number = serial_of(value, date1904=date1904) if isinstance(value, dt.date) else value
    return cell.kind in ("", "n") and float("".join(cell.value) or "nan") == float(number)


def _unsound(where: str, what: str) -> PatchUnsound:
    return PatchUnsound(
        f"写出的新文件没有通过检查：{what}",
        where=where,
        advice="原文件没有改动；请用 Excel 或 WPS 打开它另存一次再试，仍不行请把情况告诉维护人员",
    )
