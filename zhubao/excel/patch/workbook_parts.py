"""The parts of a workbook that a patch has to know: sheets, their numbers, what belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from zhubao.excel.patch.refusals import open_for_writing
from zhubao.excel.patch.respell import respelled
from zhubao.excel.structure import (
    Structure,
    encoding_of,
    parse_part,
    read_structure,
    relations_of,
    to_utf8,
    workbook_relations,
)
from zhubao.excel.zipcheck import Package

MAX_PART = 256 << 20
_DECLARATION = re.compile(rb"^<\?xml[^>]*\?>")
_FOLLOWING = frozenset(
    (
        "table",
        "comments",
        "threadedComment",
        "vmlDrawing",
        "drawing",
        "ctrlProp",
        "pivotTable",
        "namedSheetView",
        "tableSingleCells",
    )
)
_CHARTS = re.compile(
    r"(?:^|/)(?:charts/chart\w*|chartEx\w*|pivotCache/pivotCacheDefinition\w*)\.xml$"
)


@dataclass(slots=True)
class WorkbookParts:
    """A workbook that may be patched, and where things are in it."""

    package: Package
    structure: Structure
    workbook: str
    relations: dict[str, tuple[str, str]]
    sheet_ids: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> WorkbookParts:
        """Open `path`; LedgerNotWritable, LedgerSigned and the reader's errors."""
        package = open_for_writing(path)
        structure = read_structure(package)
        workbook, relations = workbook_relations(package)
        ids = {
            element.get("name", ""): int(element.get("sheetId", "0"))
            for element in parse_part(package, workbook).iter()
            if element.tag.rpartition("}")[2] == "sheet"
        }
        return cls(package, structure, workbook, relations, ids)

    @property
    def file(self) -> str:
        """The workbook's file name."""
        return self.package.file

    def part_of(self, sheet: str) -> str | None:
        """The worksheet's part, or None when there is no such sheet."""
        return next((one.part for one in self.structure.sheets if one.name == sheet), None)

    def part_named(self, kind: str) -> str | None:
        """A part the workbook refers to (styles, calcChain …), by the last word of its type."""
        found = (part for one, part in self.relations.values() if one == kind)
        return next((part for part in found if part in self.package), None)

    def tables_of(self, part: str) -> list[str]:
        """The Excel tables on a worksheet."""
        linked = relations_of(self.package, part).values()
        return [target for kind, target in linked if kind == "table" and target in self.package]

    def read(self, part: str) -> bytes:
        """A whole part, in UTF-8, XML without comments and CDATA."""
        data = self.package.read(part, MAX_PART)
        if part.endswith(".xml") and b"<!" in data:
            return respelled(data, self.file, part)
        if encoding_of(data[:512]) in ("us-ascii", "ascii"):
            return _DECLARATION.sub(b"", data)
        return to_utf8(data, self.file, part)

    def stream(self, part: str) -> Iterator[bytes]:
        """A part in pieces."""
        return self.package.stream(part, counted=False)

    def written_name(self, part: str) -> str:
        """The part's name as the package spells it."""
        return self.package.entries[part.casefold()].name

    def followers(self) -> Iterator[tuple[str, str, str | None]]:
        """(kind, part, sheet it lies on or None) of every part that may name rows of a sheet."""
        seen: set[str] = set()
        for sheet in self.structure.sheets:
            for kind, part in relations_of(self.package, sheet.part).values():
                if kind in _FOLLOWING and part in self.package and part not in seen:
                    seen.add(part)
                    yield kind, part, sheet.name
        for name in self.package.names():
            if _CHARTS.search(name) and name not in seen:
                kind = "pivotCacheDefinition" if "pivotCache" in name else "chart"
                yield kind, name, None
