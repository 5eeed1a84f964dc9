"""The guard pass for .ods: extent, error cells, merges and hidden rows from content.xml."""

from __future__ import annotations

from zhubao.excel.guard import Extent, SheetScan, refuse_extent
from zhubao.excel.part_parser import PartParser
from zhubao.excel.sheet import Merge
from zhubao.excel.structure import damaged
from zhubao.excel.zipcheck import Package

_CONTENT = "content.xml"


def scan_ods(package: Package) -> dict[str, SheetScan]:
    """What the parser hides, by sheet name; WorkbookHostile for grids blown up by repetition."""
    parser = _ContentParser(package.file)
    for piece in package.stream(_CONTENT):
        parser.feed(piece)
    parser.feed(b"", final=True)
    for name, extent in parser.extents.items():
        refuse_extent(extent, package.file, name)
    return parser.found


class _ContentParser(PartParser):
    """Walks tables, rows and cells with their repetition counts."""

    def __init__(self, file: str) -> None:
        super().__init__(file, _CONTENT)
        self.found: dict[str, SheetScan] = {}
        self.extents: dict[str, Extent] = {}
        self._scan, self._extent = SheetScan(), Extent()
        self._row = self._column = 0
        self._row_repeat = self._repeat = 1
        self._is_error = False
        self._filled = self._hidden = False
        self._text: list[str] = []

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            name = attributes.get("table:name", "")
            self._scan = self.found.setdefault(name, SheetScan())
            self._extent = self.extents.setdefault(name, Extent())
            self._row = 0
        elif tag == "table:table-row":
            self._start_row(attributes)
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._start_cell(attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row += 1
        self._column = 0
        self._row_repeat = self._count(attributes, "table:number-rows-repeated")
        self._hidden = attributes.get("table:visibility", "visible") != "visible"
        self._filled = False

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        self._repeat = self._count(attributes, "table:number-columns-repeated")
        self._is_error = attributes.get("calcext:value-type") == "error"
        self._scan.formulas += "table:formula" in attributes
        self._text = []
        self._note_merge(attributes)
        if "office:value-type" in attributes:
            self._filled = True
            last_row = self._row + self._row_repeat - 1
            self._extent.include(last_row, self._column + self._repeat - 1)
            self._extent.cells += self._repeat * self._row_repeat - 1

    def _note_merge(self, attributes: dict[str, str]) -> None:
        down = self._count(attributes, "table:number-rows-spanned")
        across = self._count(attributes, "table:number-columns-spanned")
        if down > 1 or across > 1:
            last = self._row + down - 1, self._column + across - 1
            self._scan.merged.append(Merge(self._row, self._column, *last))

    def _count(self, attributes: dict[str, str], key: str) -> int:
        text = attributes.get(key, "1")
        if not text.isdigit() or len(text) > 12:
            raise damaged(self._file, f"部件 {_CONTENT} 的重复次数“{text[:20]}”不是数字")
        return max(int(text), 1)

    def _end(self, tag: str) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            if self._is_error:
                self._scan.errors[self._row, self._column] = "".join(self._text) or "#N/A"
            self._column += self._repeat - 1
        elif tag == "table:table-row":
            if self._hidden and self._filled:
                self._scan.hidden_rows += self._row_repeat
            self._row += self._row_repeat - 1

    def _characters(self, text: str) -> None:
        if self._is_error:
            self._text.append(text)
