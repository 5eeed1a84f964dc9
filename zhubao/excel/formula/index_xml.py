"""The formula cells of a worksheet part written in an unusual way: a real parser, no guess."""

from __future__ import annotations

from collections.abc import Iterable

from zhubao.excel.address import MAX_COLUMN, MAX_ROW, parse_ref
from zhubao.excel.formula.cells import FormulaCell, FormulaList
from zhubao.excel.guard import Unusual
from zhubao.excel.part_parser import PartParser, utf8_pieces
from zhubao.excel.structure import damaged


def formulas_in_xml(pieces: Iterable[bytes], file: str, part: str) -> list[FormulaCell]:
    """Every formula cell of a worksheet part, in document order.

    A member of a shared group that has no master before it comes without text. Raises
    WorkbookDamaged for bad XML or impossible cells, WorkbookHostile for a DOCTYPE.
    """
    sheet = _SheetParser(file, part)
    for piece in utf8_pieces(pieces, file, part):
        sheet.feed(piece)
    sheet.feed(b"", final=True)
    return sheet.found.cells


class _SheetParser(PartParser):
    """Handlers over expat; only elements of the worksheet's own namespace count."""

    def __init__(self, file: str, part: str) -> None:
        super().__init__(file, part, namespaces=True)
        self.found = FormulaList(strict=False)
        self._space: str | None = None
        self._in_rows = False
        self._row = self._column = 0
        self._kind = ""
        self._formula: dict[str, str] | None = None
        self._formula_text = self._value = ""
        self._has_value = False
        self._text: list[str] | None = None

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
