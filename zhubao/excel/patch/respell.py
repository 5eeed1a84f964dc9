"""A worksheet spelled in an unusual way, spelled as usual: the same content, by a real parser.

Comments, CDATA, single quotes, odd attribute order, rows and cells without `r`: after this, double
quotes and `r` everywhere. Meaning is kept; only here do bytes change that no plan names.
"""

from __future__ import annotations

from xml.parsers import expat
from xml.sax.saxutils import escape

from zhubao.excel.address import make_ref, parse_ref
from zhubao.excel.guard import Unusual
from zhubao.excel.structure import damaged, refuse_doctype, to_utf8

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_IN_ATTRIBUTES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_IN_TEXT = {"\r": "&#13;"}


def respelled(data: bytes, file: str, part: str) -> bytes:
    """The whole part in the usual spelling; WorkbookDamaged when it is no XML.

    Unusual when a row or cell names no place, or another than it stands in.
    """
    utf8 = to_utf8(data, file, part)
    refuse_doctype(utf8, file, part)
    writer = _Writer()
    try:
        writer.parser.Parse(utf8, True)
    except expat.ExpatError as error:
        raise damaged(file, f"部件 {part} 不是完整的 XML（第 {error.lineno} 行）") from error
    return _DECLARATION.encode() + "".join(writer.pieces).encode()


class _Writer:
    """Writes down what the parser reports."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._open = False  # the last tag still lacks its ">"
        self._row = self._column = 0
        self._inside = False  # of sheetData

    def _start(self, name: str, attributes: list[str]) -> None:
        self._close_tag()
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        local = name.rpartition(":")[2]
        if local == "sheetData":
            self._inside = True
        elif self._inside and local == "row":
            pairs = self._numbered_row(pairs)
        elif self._inside and local == "c":
            pairs = self._numbered_cell(pairs)
        text = "".join(f' {key}="{escape(value, _IN_ATTRIBUTES)}"' for key, value in pairs)
        self.pieces.append(f"<{name}{text}")
        self._open = True

    def _numbered_row(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        given = dict(pairs).get("r")
        if given is not None and not (given.isascii() and given.isdigit()):
            raise Unusual
        self._row = int(given) if given else self._row + 1
        self._column = 0
        return [("r", str(self._row)), *(pair for pair in pairs if pair[0] != "r")]

    def _numbered_cell(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        given = dict(pairs).get("r")
        row, column = self._place(given) if given else (self._row, self._column + 1)
        if row != self._row:
            raise Unusual
        self._column = column
        ref = make_ref(row, column)
        return [("r", ref), *(pair for pair in pairs if pair[0] != "r")]

    @staticmethod
    def _place(ref: str) -> tuple[int, int]:
        try:
            return parse_ref(ref)
        except ValueError:
            raise Unusual from None

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "sheetData":
            self._inside = False
        if self._open:
            self.pieces.append("/>")
            self._open = False
        else:
            self.pieces.append(f"</{name}>")

    def _text(self, text: str) -> None:
        self._close_tag()
        self.pieces.append(escape(text, _IN_TEXT))

    def _close_tag(self) -> None:
        if self._open:
            self.pieces.append(">")
            self._open = False
