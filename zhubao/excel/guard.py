"""The guard pass over a worksheet's bytes: first what must be refused, then what the parser hides.

It scans, it does not parse. Whatever is written in an unusual way goes to `xmlscan`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from zhubao.core.errors import WorkbookHostile
from zhubao.excel.address import MAX_COLUMN, MAX_ROW, column_number, make_ref
from zhubao.excel.sheet import Merge
from zhubao.excel.structure import encoding_of, refuse_doctype

MAX_AREA = 30_000_000
_SPARSE = 50
_DENSE_LIMIT = 90_000_000

_LONGEST = 32 << 20
_QUICK_COLUMNS, _QUICK_ROWS, _MANY_ROWS = 26, 99_999, 999_999
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?worksheet\b")
_PRETTY = re.compile(rb"<row\b[^>]*>\s+<|<c\b[^>]*>\s+<")
_NOT_QUICK = re.compile(rb"""<c(?=[\s/>])(?! r="[A-Z][0-9]{1,5}+")""")
_UNUSUAL_CELL = re.compile(rb"""<c(?=[\s/>])(?! r="[A-Z]{1,3}[0-9]{1,7}")""")
_WIDE_CELL = re.compile(rb"""<c r="([A-Z]{2,3})""")
_SIX_DIGITS = re.compile(rb"""<c r="[A-Z]++[0-9]{6}""")
_SEVEN_DIGITS = re.compile(rb"""<c r="[A-Z]++([0-9]{7})""")
_FILLED_CELL = re.compile(rb"""<c r="([A-Z]++)([0-9]++)"[^>]*+(?<!/)>""")
_ERROR = re.compile(
    rb"""<c r="([A-Z]+)([0-9]+)"([^>]*)>(?:<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))?<v>(#[^<]*)</v>"""
)
_UNCACHED = re.compile(
    rb"""<c r="([A-Z]+)([0-9]+)"([^>]*)><f(?:\s[^>]*)?(?:/>|>[^<]*</f>)(<v\s*/>|<v></v>)?</c>"""
)
_UNCACHED_ENDS = (b"</f></c>", b"/></c>", b"<v></v></c>")  # every match of _UNCACHED has one
_HIDDEN_ROW = re.compile(rb"""<row\b[^>]*\bhidden="(?:1|true)\"""")


class Unusual(Exception):
    """The sheet is written in a way the byte scan does not understand."""


@dataclass(slots=True)
class SheetScan:
    """What the guard found, by (row, column) counted from 1."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    formulas: int = 0
    hidden_rows: int = 0
    merged: list[Merge] = field(default_factory=list)  # only where the parser tells of none


@dataclass(slots=True)
class Extent:
    """The bounding box of cells, and how many there are."""

    rows: int = 0
    columns: int = 0
    cells: int = 0

    def include(self, row: int, column: int) -> None:
        """Widen the box to this cell."""
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)
        self.cells += 1


def survey(pieces: Iterable[bytes], file: str, part: str) -> Extent:
    """A cheap upper bound of the sheet's extent; Unusual when cells are written unusually."""
    extent = Extent(_QUICK_ROWS, _QUICK_COLUMNS)
    first = True
    for chunk in _chunks(pieces, b"<"):
        if first:
            _check_head(chunk, file, part)
            first = False
        if _NOT_QUICK.search(chunk) is not None:
            _widen(extent, chunk)
    return extent


def _widen(extent: Extent, chunk: bytes) -> None:
    """Exact columns; rows exact from a million on, else rounded up to 999,999."""
    if _UNUSUAL_CELL.search(chunk) is not None:
        raise Unusual
    for letters in set(_WIDE_CELL.findall(chunk)):
        extent.columns = max(extent.columns, column_number(letters.decode()))
    if _SIX_DIGITS.search(chunk) is not None:
        extent.rows = max(extent.rows, _MANY_ROWS)
        for digits in set(_SEVEN_DIGITS.findall(chunk)):
            extent.rows = max(extent.rows, int(digits))


def filled_extent(pieces: Iterable[bytes]) -> Extent:
    """The box of the cells that hold something; styled empty cells do not count."""
    extent = Extent()
    for chunk in _chunks(pieces, b"<row"):
        found = _FILLED_CELL.findall(chunk)
        extent.cells += len(found)
        for letters in {letters for letters, _ in found}:
            extent.columns = max(extent.columns, column_number(letters.decode()))
        extent.rows = max(extent.rows, max((int(digits) for _, digits in found), default=0))
    return extent


def refuse_extent(extent: Extent, file: str, sheet: str) -> None:
    """Refuse cells outside a sheet, and grids that are nearly all empty but huge."""
    ref = make_ref(max(extent.rows, 1), max(extent.columns, 1))
    area = extent.rows * extent.columns
    if extent.rows > MAX_ROW or extent.columns > MAX_COLUMN:
        raise WorkbookHostile(
            f"{file} 的工作表“{sheet}”有单元格 {ref}，超出了表格的范围（XFD1048576）",
            where=f"{file}!{sheet}",
            advice="请用 Excel 或 WPS 另存一份新的 .xlsx 再试",
        )
    sparse = area > MAX_AREA and area > _SPARSE * max(extent.cells, 1)
    if sparse or area > _DENSE_LIMIT:
        raise WorkbookHostile(
            f"{file} 的工作表“{sheet}”一直延伸到 {ref}，只有 {extent.cells:,} 个单元格有内容，"
            f"铺开要 {area:,} 格，已拒绝读取",
            where=f"{file}!{sheet}!{ref}",
            advice=f"请在 Excel 或 WPS 中按 Ctrl+End 找到远处的单元格（{ref} 一带），"
            "删除多余的行列后保存，再读取",
        )


def scan(pieces: Iterable[bytes], file: str, part: str) -> SheetScan:
    """Error cells, formulas without result and hidden rows; Unusual when it cannot be sure."""
    found = SheetScan()
    for chunk in _chunks(pieces, b"<row"):
        if _has(chunk, b"!", b"<!"):
            refuse_doctype(chunk, file, part)
            raise Unusual
        if b"<v " in chunk:
            raise Unusual
        if _has(chunk, b"#", b"<v>#"):
            _find_errors(chunk, found)
        if _has(chunk, b"f", b"<f"):
            _find_uncached(chunk, found)
        if _has(chunk, b"h", b'hidden="'):
            found.hidden_rows += len(_HIDDEN_ROW.findall(chunk))
    return found


def _has(chunk: bytes, rare: bytes, word: bytes) -> bool:
    """`word in chunk`; a single byte of it that rows seldom have is looked for much faster."""
    return rare in chunk and word in chunk


def _find_errors(chunk: bytes, found: SheetScan) -> None:
    for letters, digits, attributes, text in _ERROR.findall(chunk):
        if b't="e"' in attributes:
            found.errors[_cell(letters, digits)] = text.decode("utf-8", "replace")


def _find_uncached(chunk: bytes, found: SheetScan) -> None:
    found.formulas += chunk.count(b"<f>") + chunk.count(b"<f ")
    if not any(end in chunk for end in _UNCACHED_ENDS):
        return
    for letters, digits, attributes, value in _UNCACHED.findall(chunk):
        if not (value and b't="str"' in attributes):
            found.uncached.add(_cell(letters, digits))


def _cell(letters: bytes, digits: bytes) -> tuple[int, int]:
    return int(digits), column_number(letters.decode())


def _check_head(chunk: bytes, file: str, part: str) -> None:
    refuse_doctype(chunk, file, part)
    root = _ROOT.search(chunk)
    if encoding_of(chunk[:512]) not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise Unusual
    if root is None or root[1] or _PRETTY.search(chunk) or b"='" in chunk[: root.end() + 200]:
        raise Unusual


def _chunks(pieces: Iterable[bytes], cut: bytes) -> Iterator[bytes]:
    """The same bytes in pieces that end before a `cut`; Unusual when there is none for long."""
    rest: list[bytes] = []
    held = 0
    for piece in pieces:
        at = piece.rfind(cut)
        if at < 0:
            rest.append(piece)
            held += len(piece)
            if held > _LONGEST:
                raise Unusual
            continue
        yield b"".join([*rest, piece[:at]])
        rest = [piece[at:]]
        held = 0
    yield b"".join(rest)
