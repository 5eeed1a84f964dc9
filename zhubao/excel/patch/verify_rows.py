"""The rows of a worksheet part, for judging it: cut out by their tags, parsed by a real parser.

Shares no code with the splicer, so that a fault of the one is not the other's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from zhubao.excel.address import MAX_COLUMN, column_number
from zhubao.excel.structure import encoding_of

_ROOT = re.compile(rb"""<((?:[\w.-]+:)?)worksheet\b(?:[^>"']|"[^"]*"|'[^']*')*>""")
_SHEET_DATA = re.compile(rb"<(?:[\w.-]+:)?sheetData\b[^>]*>")
_NUMBER = re.compile(rb"""[^>]*?\sr=["'](\d{1,7})["']""")
_QUOTE = b'"'
_LONGEST = 64 << 20


class Unreadable(Exception):
    """The part is not spelled so that rows can be told apart by their tags, or no XML."""


class SheetRows:
    """The rows of one worksheet part, and what stands around them once they are through."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        """Reads up to the first row; Unreadable where there are no rows to be told."""
        self._pieces = iter(pieces)
        buffer = b""
        while (opened := _SHEET_DATA.search(buffer)) is None:
            buffer += self._next(buffer)
        self.head, self._rest = buffer[: opened.end()], buffer[opened.end() :]
        root = _ROOT.search(self.head)
        plain = encoding_of(self.head[:512]) in ("utf-8", "utf8")
        if root is None or not plain or b"<!" in self.head:
            raise Unreadable
        self._prefix = root[1]
        self._start = root[0] + (opened[0] if b"xmlns" in opened[0] else b"")
        self._end = b"</" + root[1] + b"worksheet>"
        if self._start != root[0]:
            self._end = b"</" + root[1] + b"sheetData>" + self._end
        self.opening = b"<" + root[1] + b"row"
        self._is_empty = opened[0].endswith(b"/>")
        self.tail = b""
        self._orders: set[tuple[str, ...]] = set()

    def __iter__(self) -> Iterator[bytes]:
        """The bytes of each row behind its opening "<row", with the white space behind it."""
        if not self._is_empty:
            for chunk in self._chunks():
                yield from self._cut(chunk)
        self.tail = self._rest + b"".join(self._pieces)

    def parsed(self, rows: Iterable[bytes]) -> ElementTree.Element:
        """These rows, as they come from here, as a tree. Unreadable when they are no XML."""
        try:
            inside = b"".join(self.opening + row for row in rows)
            tree = ElementTree.fromstring(self._start + inside + self._end)
        except ElementTree.ParseError as error:
            raise Unreadable from error
        return tree if self._end.count(b"</") == 1 else tree[0]

    def around(self) -> bytes:
        """The part without its rows."""
        return self.head + self.tail

    def is_ordered(self, row: ElementTree.Element, number: int) -> bool:
        """True when the cells stand in this row, each column once, from left to right."""
        digits = str(number)
        order = tuple(
            ref.removesuffix(digits)
            for cell in row
            if (ref := cell.get("r", "")) or cell.tag.endswith("}c") or cell.tag == "c"
        )
        if order in self._orders:
            return True
        columns = [column_number(letters) if letters.isalpha() else 0 for letters in order]
        bounds = zip([0, *columns], [*columns, MAX_COLUMN + 1], strict=True)
        if not all(one < other for one, other in bounds):
            return False
        self._orders.add(order)
        return True

    def _chunks(self) -> Iterator[bytes]:
        """The rows in pieces that end before a row."""
        closing = b"</" + self._prefix + b"sheetData"
        buffer, seen = self._rest, 0
        while (end := buffer.find(closing, seen)) < 0:
            cut = buffer.rfind(self.opening)
            if cut > 0:
                yield buffer[:cut]
                buffer = buffer[cut:]
            seen = max(len(buffer) - len(closing), 0)
            buffer += self._next(buffer)
        yield buffer[:end]
        self._rest = buffer[end:]

    def _cut(self, chunk: bytes) -> Iterator[bytes]:
        first, *rows = chunk.split(self.opening)
        if first.strip():
            raise Unreadable
        yield from rows

    def _next(self, buffer: bytes) -> bytes:
        piece = next(self._pieces, None)
        if piece is None or len(buffer) > _LONGEST:
            raise Unreadable
        return piece


def meaning(row: ElementTree.Element) -> list[object]:
    """What a row says, however it is spelled: its cells with their contents."""
    return [_content(cell) for cell in row]


def _content(element: ElementTree.Element) -> tuple[object, ...]:
    attributes = {key: value for key, value in element.attrib.items() if key != "r"}
    inside = [_content(child) for child in element]
    text = (element.text or "") if not inside else ""
    return element.tag, sorted(attributes.items()), text, inside


def number_of(row: bytes) -> int:
    """The row's number; 0 where its tag does not tell."""
    start = row.find(b' r="', 0, 32) + 4
    digits = row[start : row.find(_QUOTE, start)] if start > 4 else b""
    if digits.isdigit():
        return int(digits)
    match = _NUMBER.match(row)
    return int(match[1]) if match else 0
