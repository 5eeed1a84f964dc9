"""One row of a worksheet as bytes: cells replaced, put in, moved, given new results.

Only the usual spelling is understood here: `r` on every row, first on every cell, double quotes.
Anything else raises `Unusual`, and the sheet is respelled by a real parser first (`respell`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from zhubao.excel.address import column_letter, column_number
from zhubao.excel.guard import Unusual
from zhubao.excel.patch.cells import text_xml

_ATTRIBUTES = rb'((?: [\w:.-]+="[^"<]*")*+) *+'
_NUMBER = re.compile(rb' r="(\d{1,7})"')
_SPANS = re.compile(rb' spans="([^"]*)"')
_SIMPLE_SPANS = re.compile(rb"(\d+):(\d+)")
_STYLE = re.compile(rb' s="(\d+)"')
_PHONETIC = re.compile(rb' ph="[^"]*"')
_TYPE = re.compile(rb' (?:t|vm)="[^"]*"')  # `vm` is about the value, so it goes with it
_HIDDEN = re.compile(rb' (?:hidden|collapsed)="[^"]*"')


class Spelling(NamedTuple):
    """The patterns of one sheet; `prefix` is its namespace prefix with the colon, or empty."""

    prefix: bytes
    row: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    formula: re.Pattern[bytes]

    @classmethod
    def of(cls, prefix: bytes) -> Spelling:
        """The patterns for this prefix."""
        p = re.escape(prefix)
        row = rb"<" + p + rb"row" + _ATTRIBUTES + rb"(/?)>"
        inner = rb"(?:[^<]++|<(?!/?" + p + rb"c[\s/>]))*+"
        cell = rb"<" + p + rb'c r="([A-Z]{1,3})(\d{1,7})"' + _ATTRIBUTES
        cell += rb"(?:/>|>(" + inner + rb")</" + p + rb"c>)"
        formula = rb"<" + p + rb"f" + _ATTRIBUTES + rb"(?:/>|>([^<]*+)</" + p + rb"f>)"
        return cls(prefix, re.compile(row), re.compile(cell), re.compile(formula))

    def number(self, data: bytes, start: int = 0) -> int:
        """The number of the row that opens at `start`; Unusual when it is not told."""
        opened = self.row.match(data, start)
        number = _NUMBER.search(opened[1]) if opened else None
        if number is None:
            raise Unusual
        return int(number[1])


@dataclass(frozen=True, slots=True)
class CellBytes:
    """A cell as it stands: place, its kept attributes as bytes, and what is inside."""

    column: int
    start: int
    end: int
    attributes: bytes
    inner: bytes

    @property
    def style(self) -> str:
        """The style index as text; "" when the cell names none."""
        match = _STYLE.search(self.attributes)
        return match[1].decode() if match else ""


@dataclass(slots=True)
class RowBytes:
    """A row taken apart: its opening tag's attributes, and its cells between `body` bytes."""

    number: int
    attributes: bytes  # without r
    body: bytes
    cells: list[CellBytes] = field(default_factory=list)

    def cell(self, column: int) -> CellBytes | None:
        """The cell in this column, or None."""
        return next((cell for cell in self.cells if cell.column == column), None)


def take_apart(data: bytes, spelling: Spelling) -> RowBytes:
    """A whole `<row>` element as its parts; Unusual when it is not spelled as usual."""
    number = spelling.number(data)
    opened = spelling.row.match(data)
    assert opened is not None  # it has a number
    attributes = _NUMBER.sub(b"", opened[1], count=1)
    closing = b"</" + spelling.prefix + b"row>"
    if opened[2]:
        return RowBytes(number, attributes, b"")
    end = len(data) - len(closing)
    if not data.endswith(closing) or end < opened.end():
        raise Unusual
    row = RowBytes(number, attributes, data[opened.end() : end])
    _find_cells(row, spelling)
    return row


def _find_cells(row: RowBytes, spelling: Spelling) -> None:
    opening = b"<" + spelling.prefix + b"c"
    count = sum(row.body.count(opening + end) for end in (b" ", b">", b"/", b"\t", b"\n", b"\r"))
    last = 0
    for match in spelling.cell.finditer(row.body):
        column = column_number(match[1].decode())
        if int(match[2]) != row.number or column <= last:
            raise Unusual
        last = column
        cell = CellBytes(column, match.start(), match.end(), match[3], match[4] or b"")
        row.cells.append(cell)
    if len(row.cells) != count:
        raise Unusual


def put_together(row: RowBytes, changes: Mapping[int, bytes], spelling: Spelling) -> bytes:
    """The row with these cells in place of, or between, its own."""
    pieces: list[bytes] = []
    place = 0
    waiting = sorted(changes)
    for cell in row.cells:
        while waiting and waiting[0] < cell.column:
            pieces += [row.body[place : cell.start], changes[waiting.pop(0)]]
            place = cell.start
        if waiting and waiting[0] == cell.column:
            pieces += [row.body[place : cell.start], changes[waiting.pop(0)]]
            place = cell.end
    tail = row.cells[-1].end if row.cells else 0
    if waiting:
        pieces += [row.body[place:tail], *(changes[column] for column in waiting)]
        place = tail
    pieces.append(row.body[place:])
    return enclosed(row.number, _spanning(row.attributes, changes), b"".join(pieces), spelling)


def enclosed(number: int, attributes: bytes, body: bytes, spelling: Spelling) -> bytes:
    """The `<row>` element around `body`."""
    opening = b"<" + spelling.prefix + b'row r="%d"' % number + attributes
    if not body:
        return opening + b"/>"
    return opening + b">" + body + b"</" + spelling.prefix + b"row>"


def _spanning(attributes: bytes, changes: Mapping[int, bytes]) -> bytes:
    """`spans` names the first and the last column with a cell; several spans go, being a hint."""
    match = _SPANS.search(attributes)
    if match is None or not changes:
        return attributes
    simple = _SIMPLE_SPANS.fullmatch(match[1])
    if simple is None:
        return attributes.replace(match[0], b"")
    first, last = min(int(simple[1]), *changes), max(int(simple[2]), *changes)
    return attributes.replace(match[0], b' spans="%d:%d"' % (first, last))


def kept_attributes(style: str, cell: CellBytes | None = None) -> str:
    """What a cell keeps when its value is replaced; its type goes with the value."""
    phonetic = _PHONETIC.search(cell.attributes) if cell else None
    named = f' s="{style}"' if style else ""
    return named + (phonetic[0].decode() if phonetic else "")


def attributes_for_new_row(attributes: bytes) -> bytes:
    """Height and format of the row that a new one looks like; it is not hidden."""
    return _HIDDEN.sub(b"", attributes)


def renumbered(data: bytes, by: int, spelling: Spelling) -> bytes:
    """A row, its number and its cells' references moved by so many rows."""
    number = spelling.number(data)
    before, after = b"%d" % number, b"%d" % (number + by)
    opening = b"<" + spelling.prefix + b'c r="'
    row, *cells = data.split(opening)
    if data.count(opening[:-4]) != len(cells):
        take_apart(data, spelling)  # Unusual unless the others are no cells
    pieces = [row.replace(b' r="%s"' % before, b' r="%s"' % after, 1)]
    for cell in cells:
        end = cell.find(b'"')
        letters = cell[: end - len(before)]
        if not letters.isalpha() or cell[len(letters) : end] != before:
            raise Unusual
        pieces.append(letters + after + cell[end:])
    return opening.join(pieces)


def with_formulas(
    data: bytes, change: Callable[[int, bytes, bytes], tuple[bytes, bytes]], spelling: Spelling
) -> bytes:
    """The row with every formula's attributes and text as `change(column, attributes, text)` says.

    Text is XML as it stands, between the tags.
    """
    row = take_apart(data, spelling)
    changes: dict[int, bytes] = {}
    for cell in row.cells:
        found = spelling.formula.search(cell.inner)
        if found is None:
            _refuse_formula(cell, spelling)
            continue
        before = found[1], found[2] or b""
        after = change(cell.column, *before)
        if after != before:
            element = formula_element(*after, spelling)
            inner = cell.inner[: found.start()] + element + cell.inner[found.end() :]
            changes[cell.column] = rebuilt(row.number, cell, inner, spelling)
    return put_together(row, changes, spelling) if changes else data


def formula_element(attributes: bytes, text: bytes, spelling: Spelling) -> bytes:
    """`<f>` with these attributes and this text."""
    opening = b"<" + spelling.prefix + b"f" + attributes
    return opening + b">" + text + b"</" + spelling.prefix + b"f>" if text else opening + b"/>"


def rebuilt(number: int, cell: CellBytes, inner: bytes, spelling: Spelling) -> bytes:
    """The cell with other content."""
    ref = column_letter(cell.column).encode() + b"%d" % number
    opening = b"<" + spelling.prefix + b'c r="' + ref + b'"' + cell.attributes
    return opening + b">" + inner + b"</" + spelling.prefix + b"c>" if inner else opening + b"/>"


def with_result(
    number: int, cell: CellBytes, result: float | str | bool | None, spelling: Spelling
) -> bytes:
    """The formula cell with another cached result; None: without one.

    A cell that an array formula fills from elsewhere can only lose its result.
    """
    found = spelling.formula.search(cell.inner)
    if found is None:
        _refuse_formula(cell, spelling)
        if result is not None:
            raise Unusual
    kind, text = _result_xml(result)
    value = b"<%sv>%s</%sv>" % (spelling.prefix, text, spelling.prefix) if text is not None else b""
    attributes = _TYPE.sub(b"", cell.attributes) + (b' t="%s"' % kind if kind else b"")
    typed = replace(cell, attributes=attributes)
    return rebuilt(number, typed, (found[0] if found else b"") + value, spelling)


def _refuse_formula(cell: CellBytes, spelling: Spelling) -> None:
    """Unusual when there is a formula after all, in a spelling of its own."""
    if re.search(rb"<" + re.escape(spelling.prefix) + rb"f[\s/>]", cell.inner):
        raise Unusual


def _result_xml(result: float | str | bool | None) -> tuple[bytes, bytes | None]:
    if result is None:
        return b"", None
    if isinstance(result, bool):
        return b"b", b"1" if result else b"0"
    if isinstance(result, str):
        return b"str", text_xml(result).encode()
    return b"", repr(float(result)).removesuffix(".0").encode()
