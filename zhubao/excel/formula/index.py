"""The formula cells of a worksheet part, found by scanning its bytes.

Rows without formulas cost one search each megabyte. Whatever is spelled in another way than
spreadsheet programs do is `Unusual`; `formula_xml` reads that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from zhubao.excel.address import MAX_COLUMN, MAX_ROW, column_number
from zhubao.excel.formula.cells import FormulaCell, FormulaList
from zhubao.excel.guard import Unusual
from zhubao.excel.structure import encoding_of

_LONGEST = 32 << 20
_END = b"</sheetData"
_EMPTY = re.compile(rb"<sheetData\s*/>")
_ROOT = re.compile(rb"<([A-Za-z_][^\s>/]*)([^>]*)>")
_PREFIXED_MAIN = re.compile(
    rb"xmlns:[^=]*=\s*[\"'](?:http://schemas\.openxmlformats\.org/spreadsheetml/2006/main"
    rb"|http://purl\.oclc\.org/ooxml/spreadsheetml/main)[\"']"
)
_FORMULA = re.compile(rb"<f(?=[\s/>])")
_CELL = re.compile(
    rb"""
    <c\ r="([A-Z]{1,3})([1-9][0-9]{0,6})"([^>]*+)(?<!/)>\s*+
    <f((?:\s++[\w:]++="[^"<]*+")*+)\s*+ (?: /> | >([^<]*+)</f> ) \s*+
    (?: (?: (<v\s*+/>) | <v>([^<]*+)</v> ) \s*+ )?+
    </c>
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(rb'\s([\w:]++)="([^"<]*+)"')
_ATTRIBUTES = re.compile(rb'(?:\s++[\w:]++="[^"<]*+")*+\s*+')
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def formulas_in(pieces: Iterable[bytes]) -> list[FormulaCell]:
    """Every formula cell of a worksheet part, in document order.

    `pieces` are the part's bytes, cut anywhere; they are read up to the end of the rows.
    Raises Unusual when the scan cannot be sure of them.
    """
    found = FormulaList(strict=True)
    first = True
    for chunk in _row_chunks(pieces):
        rows = _after_head(chunk) if first else chunk
        first = False
        if b"<!" in rows or b"<?" in rows or b"xmlns" in rows:
            raise Unusual
        if b"<f" in rows:
            _collect(rows, found)
    return found.cells


def read_formulas(
    open_part: Callable[[], Iterable[bytes]], file: str, part: str
) -> list[FormulaCell]:
    """As `formulas_in`, with a real parser where the scan is not sure.

    `open_part` opens the part's bytes anew. Raises WorkbookDamaged or WorkbookHostile.
    """
    try:
        return formulas_in(open_part())
    except Unusual:
        from zhubao.excel.formula.index_xml import formulas_in_xml

        return formulas_in_xml(open_part(), file, part)


def _row_chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes up to the end of the rows, in pieces that end before a row."""
    rest, has_rows = b"", False
    for piece in pieces:
        seen = max(len(rest) - len(_END), 0)
        rest += piece
        end = _end_of_rows(rest, seen, has_rows)
        if end >= 0:
            yield rest[:end]
            return
        cut = rest.rfind(b"<row", seen)
        if cut > 0:
            yield rest[:cut]
            rest, has_rows = rest[cut:], True
        elif len(rest) > _LONGEST:
            raise Unusual
    raise Unusual


def _end_of_rows(chunk: bytes, start: int, has_rows: bool) -> int:
    """Where the rows end, or -1; `<sheetData/>` stands before any row."""
    empty = None if has_rows else _EMPTY.search(chunk)
    return empty.start() if empty else chunk.find(_END, start)


def _after_head(chunk: bytes) -> bytes:
    """The rows of the first chunk; Unusual when the part is not one the scan understands."""
    root = _ROOT.search(chunk)
    if root is None or encoding_of(chunk[:512]) not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise Unusual
    prefixed = b":" in root[1] or _PREFIXED_MAIN.search(root[2]) is not None
    if prefixed or b"<!" in chunk[: root.end()]:
        raise Unusual
    return chunk[root.end() :]


def _collect(rows: bytes, found: FormulaList) -> None:
    """All formulas of these complete rows; the number found must be the number there is."""
    expected = len(_FORMULA.findall(rows))
    if not expected:
        return
    taken = 0
    for match in _CELL.finditer(rows):
        _take(match, found)
        taken += 1
    if taken != expected:
        raise Unusual


def _take(match: re.Match[bytes], found: FormulaList) -> None:
    letters, digits, cell, own, text, empty, value = match.groups()
    row, column = int(digits), column_number(letters.decode())
    if row > MAX_ROW or column > MAX_COLUMN or _ATTRIBUTES.fullmatch(cell) is None:
        raise Unusual
    has_empty_text = b' t="str"' in cell and (empty is not None or value is not None)
    attributes = {name.decode(): _text(written) for name, written in _ATTRIBUTE.findall(own)}
    found.add(row, column, _text(text or b""), attributes, cached=bool(value) or has_empty_text)


def _text(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Unusual from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal or "0", 16)
    if not 0x20 <= number < 0xD800 and number not in (9, 10, 13):
        raise Unusual
    return chr(number)
