"""The guard pass for sheets written in an unusual way: a real XML parse, slower, no guess."""

from __future__ import annotations

import time
from collections.abc import Iterable

from zhubao.core.errors import WorkbookTimeout
from zhubao.excel.address import parse_ref
from zhubao.excel.guard import Extent, SheetScan
from zhubao.excel.part_parser import PartParser, utf8_pieces
from zhubao.excel.structure import damaged

_TIME_LIMIT = 30.0


def xml_scan(pieces: Iterable[bytes], file: str, part: str) -> tuple[SheetScan, Extent]:
    """What the byte scan finds, and the exact extent of the cells that hold something."""
    sheet = _SheetParser(file, part)
    deadline = time.monotonic() + _TIME_LIMIT
    for piece in utf8_pieces(pieces, file, part):
        sheet.feed(piece)
        if time.monotonic() > deadline:
            raise WorkbookTimeout(
                f"{file} 的部件 {part} 检查了 {_TIME_LIMIT:.0f} 秒仍未完成，已停止",
                where=file,
                advice="请用 Excel 或 WPS 另存一份新的 .xlsx 再试",
            )
    sheet.feed(b"", final=True)
    return sheet.found, sheet.extent


class _SheetParser(PartParser):
    """Handlers over expat. Namespace prefixes are dropped; cells without `r` are counted."""

    def __init__(self, file: str, part: str) -> None:
        super().__init__(file, part)
        self.found = SheetScan()
        self.extent = Extent()
        self._row = self._column = 0
        self._kind = ""
        self._text: list[str] | None = None
        self._value = ""
        self._formula = self._has_value = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._text = []
            self._has_value = True
        elif name == "f":
            self._formula = True
            self.found.formulas += 1
        elif name == "row":
            self._row = self._number(attributes.get("r"), self._row + 1)
            self._column = 0
            self.found.hidden_rows += attributes.get("hidden", "0") in ("1", "true")

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        ref = attributes.get("r")
        if ref is not None:
            try:
                self._row, self._column = parse_ref(ref)
            except ValueError:
                raise damaged(
                    self._file, f"部件 {self._part} 有不存在的单元格位置“{ref[:20]}”"
                ) from None
        self._kind = attributes.get("t", "n")
        self._value = ""
        self._formula = self._has_value = False

    def _number(self, text: str | None, default: int) -> int:
        if text is None:
            return default
        if not text.isdigit() or len(text) > 9:
            raise damaged(self._file, f"部件 {self._part} 有不存在的行号“{text[:20]}”")
        return int(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in ("v", "t"):
            self._value += "".join(self._text or [])
            self._text = None
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        place = self._row, self._column
        if self._has_value or self._formula:
            self.extent.include(*place)
        if self._kind == "e" and self._value:
            self.found.errors[place] = self._value
        elif self._formula and not self._value and not (self._kind == "str" and self._has_value):
            self.found.uncached.add(place)

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
