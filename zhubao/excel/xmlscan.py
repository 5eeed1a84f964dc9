"""The guard pass for sheets written in an unusual way: a real XML parse, slower, no guess."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from xml.parsers import expat

from zhubao.core.errors import WorkbookHostile, WorkbookTimeout
from zhubao.excel.address import parse_ref
from zhubao.excel.guard import Extent, SheetScan
from zhubao.excel.structure import damaged, encoding_of, to_utf8

_TIME_LIMIT = 30.0
_MAX_TRANSCODED = 256 << 20


def xml_scan(pieces: Iterable[bytes], file: str, part: str) -> tuple[SheetScan, Extent]:
    """What the byte scan finds, and the exact extent of the cells that hold something."""
    sheet = _SheetParser(file, part)
    deadline = time.monotonic() + _TIME_LIMIT
    for piece in _as_utf8(pieces, file, part):
        sheet.feed(piece)
        if time.monotonic() > deadline:
            raise WorkbookTimeout(
                f"{file} 的部件 {part} 检查了 {_TIME_LIMIT:.0f} 秒仍未完成，已停止",
                where=file,
                advice="请用 Excel 或 WPS 另存一份新的 .xlsx 再试",
            )
    sheet.close()
    return sheet.found, sheet.extent


def _as_utf8(pieces: Iterable[bytes], file: str, part: str) -> Iterator[bytes]:
    """UTF-8 pieces as they come; a part in another encoding is transcoded as a whole."""
    iterator = iter(pieces)
    head = next(iterator, b"")
    if encoding_of(head[:512]) in ("utf-8", "utf8", "us-ascii", "ascii"):
        yield head
        yield from iterator
        return
    whole = bytearray(head)
    for piece in iterator:
        whole += piece
        if len(whole) > _MAX_TRANSCODED:
            raise WorkbookHostile(
                f"{file} 的部件 {part} 不是 UTF-8 编码，又大得不合常理",
                where=file,
                advice="请用 Excel 或 WPS 另存一份新的 .xlsx 再试",
            )
    yield to_utf8(bytes(whole), file, part)


class _SheetParser:
    """Handlers over expat. Namespace prefixes are dropped; cells without `r` are counted."""

    def __init__(self, file: str, part: str) -> None:
        self.found = SheetScan()
        self.extent = Extent()
        self._file, self._part = file, part
        self._row = self._column = 0
        self._kind = ""
        self._text: list[str] | None = None
        self._value = ""
        self._formula = self._has_value = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes) -> None:
        """Parse some more; damage is named with its line and column."""
        self._parse(piece, final=False)

    def close(self) -> None:
        """The end of the part has come."""
        self._parse(b"", final=True)

    def _parse(self, piece: bytes, *, final: bool) -> None:
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
