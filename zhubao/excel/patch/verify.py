"""The new version judged before it takes the ledger's place: is it whole, does it hold the plan?

The check does not share code with the splicer: rows that were written are read by a real parser,
all others must have the bytes they had.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree
from xml.parsers import expat

from zhubao.core.errors import PatchUnsound, WorkbookError
from zhubao.excel.address import MAX_ROW, make_ref, parse_ref
from zhubao.excel.patch.cells import MAX_TEXT, serial_of
from zhubao.excel.patch.plan import CellValue, SheetPatch, WorkbookPatch
from zhubao.excel.patch.read_ahead import read_ahead
from zhubao.excel.patch.verify_rows import SheetRows, Unreadable, meaning, number_of
from zhubao.excel.structure import Structure, read_structure, relations_of
from zhubao.excel.zipcheck import Entry, Package

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FILLS_OTHERS = (b't="array"', b't="dataTable"')
_FORMULA = re.compile(rb"[<:]f[\s/>]")
_XML = (".xml", ".rels", ".vml")
_AT_ONCE = 1 << 20
_LARGE = 8 << 20  # from here on it pays to inflate aside


def verify(source: Path, staged: Path, patch: WorkbookPatch, changed: frozenset[str]) -> None:
    """PatchUnsound unless `staged` is `source` with the patch: sound, complete, nothing else.

    Parts outside `changed` must have the bytes they had, those in it must be XML; rows and cells
    must be in order and in bounds, texts short enough, every planned cell must hold its planned
    value, and no other row may be lost, added or, where rows do not move, different.
    """
    file = source.name
    try:
        before, after = Package(source, file), Package(staged, file)
        structure = read_structure(after)
        _compare_parts(before, after, changed, file)
        planned = {one.name: one.part for one in structure.sheets if one.name in patch.sheets}
        _check_changed(after, changed - set(planned.values()), file)
        for name, sheet in patch.sheets.items():
            if name not in planned:
                raise _unsound(file, f"工作表“{name}”不见了")
            _check_sheet(_Places(before, after, planned[name], f"{file}!{name}"), structure, sheet)
        for added in patch.new_sheets:
            if added.name not in structure.names:
                raise _unsound(file, f"新工作表“{added.name}”没有写进去")
    except WorkbookError as error:
        raise _unsound(file, error.message) from error


@dataclass(frozen=True, slots=True)
class _Places:
    """A worksheet part before and after, and its name for messages."""

    before: Package
    after: Package
    part: str
    where: str


def _compare_parts(before: Package, after: Package, changed: frozenset[str], file: str) -> None:
    """Unchanged parts by their packed bytes; none may come that was not announced."""
    with before.path.open("rb") as one, after.path.open("rb") as other:
        for key, entry in before.entries.items():
            now = after.entries.get(key)
            if entry.name in changed:
                continue
            if now is None or not _is_copy(one, entry, other, now):
                raise _unsound(file, f"部件 {entry.name} 不应改变，却变了")
    for key, entry in after.entries.items():
        if key not in before.entries and entry.name not in changed:
            raise _unsound(file, f"多出了部件 {entry.name}")


def _is_copy(one: BinaryIO, entry: Entry, other: BinaryIO, now: Entry) -> bool:
    told = entry.crc, entry.size, entry.packed, entry.method
    if told != (now.crc, now.size, now.packed, now.method):
        return False
    one.seek(entry.start)
    other.seek(now.start)
    for done in range(0, entry.packed, _AT_ONCE):
        size = min(_AT_ONCE, entry.packed - done)
        if one.read(size) != other.read(size):
            return False
    return True


def _check_changed(after: Package, changed: frozenset[str], file: str) -> None:
    """Changed parts are read to their end, which checks their checksums, and must be XML."""
    for name in sorted(changed):
        if name not in after:
            continue
        parser = expat.ParserCreate() if name.endswith(_XML) else None
        try:
            for piece in after.stream(name):
                if parser:
                    parser.Parse(piece, False)
            if parser:
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise _unsound(file, f"部件 {name} 不是完整的 XML") from error
        if name.endswith(".rels"):
            _check_targets(after, name, file)


def _check_targets(after: Package, name: str, file: str) -> None:
    """What a changed list of relationships names must be there."""
    folder, listing = posixpath.split(name)
    part = posixpath.join(posixpath.dirname(folder), listing.removesuffix(".rels"))
    for _, target in relations_of(after, part).values():
        if target not in after:
            raise _unsound(file, f"部件 {name} 指向的 {target} 不在文件里")


def _check_sheet(places: _Places, structure: Structure, patch: SheetPatch) -> None:
    expected = expected_cells(patch)
    try:
        rows = SheetRows(places.after.stream(places.part))
        check = _RowCheck(rows, structure.date1904, places.where)
        fresh = frozenset(expected)
        others = _Others(_former_rows(places), patch, fresh, places.where)
        moved_from = _first_moved(patch)
        due = _DueRows(expected)
        above, is_usual = b"", True
        for data in rows:
            if is_usual and others.is_next(data) and not data.startswith(due.opening):
                above = data
                continue
            number = number_of(data)
            if not (number_of(above) if above else 0) < number <= MAX_ROW:
                raise _unsound(places.where, f"第 {number} 行的次序不对")
            is_same = others.compare(number, data, rows)
            wanted = due.take(number)
            above, is_usual = data, wanted is None
            if wanted is not None or not (is_same or number < moved_from):
                check.add(data, number, wanted or {})
        check.flush()
        others.finish()
        ElementTree.fromstring(rows.around())
    except (Unreadable, ElementTree.ParseError) as error:
        raise _unsound(places.where, "写出的工作表不是完整的 XML") from error
    for number, cells in expected.items():
        if any(value not in (None, "") for value in cells.values()):
            raise _unsound(places.where, f"第 {number} 行没有写进去")


def _former_rows(places: _Places) -> SheetRows | None:
    """The rows as they were; None where they are spelled so that only a parser could tell them."""
    try:
        size = places.before.entries[places.part.casefold()].size
        pieces = places.before.stream(places.part)
        return SheetRows(read_ahead(pieces) if size > _LARGE else pieces)
    except Unreadable:
        return None


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


class _DueRows:
    """The planned rows that have not come yet; `opening` is how the next one begins."""

    def __init__(self, expected: dict[int, dict[int, CellValue]]) -> None:
        self._expected = expected
        self._numbers = sorted(expected, reverse=True)
        self.opening = b""
        self._announce()

    def take(self, number: int) -> Mapping[int, CellValue] | None:
        """What is planned for this row; None for no plan."""
        while self._numbers and self._numbers[-1] <= number:
            self._numbers.pop()
        self._announce()
        return self._expected.pop(number, None)

    def _announce(self) -> None:
        self.opening = b' r="%d"' % self._numbers[-1] if self._numbers else b"\0"


class _Others:
    """Holds the rows that are there against those that were: none lost, none from nowhere."""

    def __init__(
        self, former: SheetRows | None, patch: SheetPatch, planned: frozenset[int], where: str
    ) -> None:
        self._former, self._patch, self._planned = former, patch, planned
        self._where, self._moved_from = where, _first_moved(patch)
        self._left = iter(former or ())
        self._fills_others = False
        self._now = b""
        self._advance()

    def is_next(self, data: bytes) -> bool:
        """True, and a step on, when no row moves and this one is the next there was."""
        if data != self._now or self._moved_from <= MAX_ROW:
            return False
        self._advance()
        return True

    def compare(self, number: int, data: bytes, rows: SheetRows) -> bool:
        """Whether a row of the new version is one there was, but for its number.

        PatchUnsound when it should be and is not.
        """
        here = self._number_after(self._now)
        if here == 0:
            self._former = None  # rows without numbers cannot be told from each other
        if self._former is None:
            return False
        if any(mark in data for mark in _FILLS_OTHERS):
            self._fills_others = True
        if number == here:
            return self._is_kept(number, data, rows)
        if number > here:
            raise _unsound(self._where, f"第 {here} 行不见了")
        if number not in self._planned:
            raise _unsound(self._where, f"第 {number} 行是多出来的")
        return False

    def _is_kept(self, number: int, data: bytes, rows: SheetRows) -> bool:
        before = self._now
        self._advance()
        if _is_renumbered(before, data, number):
            return True
        is_free = number in self._planned or number >= self._moved_from
        if not is_free and not self._may_differ(before, data, rows):
            raise _unsound(self._where, f"第 {number} 行不应改变，却变了")
        return False

    def finish(self) -> None:
        """PatchUnsound when rows are missing at the end."""
        here = self._number_after(self._now)
        if self._former is not None and 0 < here <= MAX_ROW:
            raise _unsound(self._where, f"第 {here} 行不见了")

    def _may_differ(self, before: bytes, data: bytes, rows: SheetRows) -> bool:
        """Formulas and the cells they fill get other results; a respelled row means the same."""
        if self._fills_others or _FORMULA.search(data) or self._former is None:
            return True
        one, other = self._former.parsed([before])[0], rows.parsed([data])[0]
        return meaning(one) == meaning(other)

    def _advance(self) -> None:
        """The next row that was there and is not taken out; b"" behind the last."""
        try:
            self._now = next(self._left, b"")
            while self._patch.removed and self._number_after(self._now) < 0:
                self._now = next(self._left, b"")
        except Unreadable:
            self._former, self._now = None, b""

    def _number_after(self, row: bytes) -> int:
        """A former row's number now; -1 taken out, 0 not told, beyond all rows for no row."""
        number = number_of(row) if row else MAX_ROW + 1
        new, removed = self._patch.new_rows, self._patch.removed
        if new and number >= new.at:
            return number + len(new.rows)
        if removed and number >= removed[0]:
            first, last = removed
            return -1 if number <= last else number - (last - first + 1 if row else 0)
        return number


def _is_renumbered(before: bytes, data: bytes, number: int) -> bool:
    """True only when the rows are the same but for the number in their references."""
    if before == data:
        return True
    former = number_of(before)
    return before.split(b'%d"' % former) == data.split(b'%d"' % number)


class _RowCheck:
    """Parses rows some at a time and holds their cells against the plan."""

    def __init__(self, rows: SheetRows, date1904: bool, where: str) -> None:
        self._rows, self._date1904, self._where = rows, date1904, where
        self._waiting: list[tuple[int, bytes, Mapping[int, CellValue]]] = []
        self._size = 0

    def add(self, data: bytes, number: int, wanted: Mapping[int, CellValue]) -> None:
        """One row to be checked now or with those to come."""
        self._waiting.append((number, data, wanted))
        self._size += len(data)
        if self._size > _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Check what waits. PatchUnsound for the first fault."""
        tree = self._rows.parsed(data for _, data, _ in self._waiting)
        if len(tree) != len(self._waiting):
            raise Unreadable
        for row, (number, _, wanted) in zip(tree, self._waiting, strict=True):
            if not self._rows.is_ordered(row, number):
                raise _unsound(self._where, f"第 {number} 行的单元格次序不对")
            if wanted:
                self._check_values(row, number, wanted)
        self._waiting, self._size = [], 0

    def _check_values(
        self, row: ElementTree.Element, number: int, wanted: Mapping[int, CellValue]
    ) -> None:
        cells = {parse_ref(cell.get("r", ""))[1]: cell for cell in row if cell.get("r")}
        for column, value in wanted.items():
            if not _holds(cells.get(column), value, self._date1904):
                raise _unsound(self._where, f"{make_ref(number, column)} 写进去的内容与计划不符")


def _holds(cell: ElementTree.Element | None, value: CellValue, date1904: bool) -> bool:
    if value is None or value == "":
        return cell is None or len(cell) == 0
    space = "" if cell is None else cell.tag.removesuffix("c")
    if cell is None or cell.find(f"{space}f") is not None:
        return False
    kind, stored = cell.get("t", "n"), cell.findtext(f"{space}v") or ""
    if isinstance(value, str):
        texts = [one.text or "" for one in cell.iterfind(f"{space}is//{space}t")]
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), "".join(texts))
        return kind == "inlineStr" and text == value and _units(text) <= MAX_TEXT
    if isinstance(value, bool):
        return kind == "b" and stored == str(int(value))
    number = serial_of(value, date1904=date1904) if isinstance(value, dt.date) else value
    return kind == "n" and _same_number(stored, float(number))


def _same_number(stored: str, number: float) -> bool:
    try:
        return float(stored) == number
    except ValueError:
        return False


def _units(text: str) -> int:
    """The length as Excel counts it."""
    return len(text) + sum(ch > "\uffff" for ch in text)


def _unsound(where: str, what: str) -> PatchUnsound:
    return PatchUnsound(
        f"写出的新文件没有通过检查：{what}",
        where=where,
        advice="原文件没有改动；请用 Excel 或 WPS 打开它另存一次再试，仍不行请把情况告诉维护人员",
    )
