"""The formula cells of a worksheet part written in an unusual way: a real parser, no guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from zhubao.core.errors import WorkbookHostile
from zhubao.excel.address import MAX_COLUMN, MAX_ROW, parse_ref
from zhubao.excel.formula.cells import FormulaCell, FormulaList
from zhubao.excel.guard import Unusual
from zhubao.excel.structure import damaged, encoding_of, to_utf8


def formulas_in_xml(pieces: Iterable[bytes], file: str, part: str) -> list[FormulaCell]:
    """Every formula cell of a worksheet part, in document order.

    A member of a shared group that has no master before it comes without text. Raises
    WorkbookDamaged for bad XML or impossible cells, WorkbookHostile for a DOCTYPE.
    """
    sheet = _SheetParser(file, part)
    for piece in _utf8(pieces, file, part):
        sheet.feed(piece)
    sheet.feed(b"", final=True)
    return sheet.found.cells


def _utf8(pieces: Iterable[bytes], file: str, part: str) -> Iterator[bytes]:
    """The pieces as they come; a part in another encoding is transcoded as a whole."""
    iterator = iter(pieces)
    head = b""
    for piece in iterator:
        head += piece
        if len(head) >= 512:
            break
    if encoding_of(head[:512]) in ("utf-8", "utf8", "us-ascii", "ascii"):
        yield head
        yield from iterator
        return
    yield to_utf8(b"".join((head, *iterator)), file, part)


class _SheetParser:
    """Handlers over expat; only elements of the worksheet's own namespace count."""

    def __init__(self, file: str, part: str) -> None:
        self.found = FormulaList(strict=False)
        self._file, self._part = file, part
        self._space: str | None = None
        self._in_rows = False
        self._row = self._column = 0
        self._kind = ""
        self._formula: dict[str, str] | None = None
        self._formula_text = self._value = ""
        self._has_value = False
        self._text: list[str] | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes, *, final: bool = False) -> None:
        """Parse some more; damage is named with its line and column."""
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            where = f"第 {error.lineno} 行第 {error.offset} 列"
            raise damaged(self._file, f"部件 {self._part} 不是完整的 XML（{where}）") from error

    def _doctype(self, *_: object) -> None:
        raise WorkbookHostile(
            f"{self._file} 被拒绝读取：部件 {self._part} 含有 DOCTYPE/ENTITY 声明",
            where=self._file,
            advice="正常的台账不会这样；请核对文件来源，用 Excel 或 WPS 另存一份新的 .xlsx 再试",
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if self._space is None:
            self._space = space
        if space != self._space:
            return
        if name == "sheetData":
            self._in_rows = True
        elif self._in_rows:
            self._start_in_rows(name, attributes)

    def _start_in_rows(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._start_row(attributes.get("r"))
        elif name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self._formula = attributes
            self._text = []
        elif name in ("v", "t"):
            self._has_value = True
            self._text = []

    def _start_row(self, number: str | None) -> None:
        self._column = 0
        if number is None:
            self._row += 1
            return
        if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= MAX_ROW):
            raise damaged(self._file, f"部件 {self._part} 有不存在的行号“{number[:20]}”")
        self._row = int(number)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        ref = attributes.get("r")
        if ref is not None:
            try:
                self._row, self._column = parse_ref(ref)
            except ValueError:
                self._row = 0
        if not (1 <= self._row <= MAX_ROW and 1 <= self._column <= MAX_COLUMN):
            raise self._no_place(ref or "")
        self._kind = attributes.get("t", "n")
        self._formula = None
        self._formula_text = self._value = ""
        self._has_value = False

    def _no_place(self, ref: str) -> Exception:
        return damaged(self._file, f"部件 {self._part} 有不存在的单元格位置“{ref[:20]}”")

    def _end(self, tag: str) -> None:
        space, _, name = tag.rpartition(" ")
        if space != self._space or not self._in_rows:
            return
        if name == "sheetData":
            self._in_rows = False
        elif name == "f":
            self._formula_text = "".join(self._text or [])
            self._text = None
        elif name in ("v", "t"):
            self._value += "".join(self._text or [])
            self._text = None
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        if self._formula is None:
            return
        cached = bool(self._value) or (self._kind == "str" and self._has_value)
        try:
            self.found.add(
                self._row, self._column, self._formula_text, self._formula, cached=cached
            )
        except Unusual:
            raise damaged(
                self._file, f"部件 {self._part} 第 {self._row} 行有不合规范的公式"
            ) from None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
