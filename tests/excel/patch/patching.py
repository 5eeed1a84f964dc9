"""Patches carried out and judged, and looks into what came of them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl

from zhubao.excel.address import parse_ref
from zhubao.excel.patch.apply import patch_workbook
from zhubao.excel.patch.plan import (
    CellSet,
    CellValue,
    NewRows,
    NewSheet,
    PatchResult,
    SheetPatch,
    WorkbookPatch,
)
from zhubao.excel.patch.verify import verify

SHEET = "应收"
PART = "xl/worksheets/sheet1.xml"


def patched(source: Path, patch: WorkbookPatch | SheetPatch) -> tuple[Path, PatchResult]:
    """The new version, after its own check; a patch of one sheet is one of "应收"."""
    whole = patch if isinstance(patch, WorkbookPatch) else WorkbookPatch({SHEET: patch})
    target = source.with_name(f"{source.stem}-new{source.suffix}")
    with target.open("w+b") as stream:
        result = patch_workbook(source, stream, whole)
    verify(source, target, whole, frozenset(result.changed_parts))
    return target, result


def with_sets(*sets: tuple[int, int, CellValue]) -> SheetPatch:
    """Cells set without wishes about their format."""
    return SheetPatch(tuple(CellSet(*one) for one in sets))


def with_rows(at: int, *rows: Mapping[int, CellValue], like: int = 0, block: int = 0) -> SheetPatch:
    """Records put in before row `at`, looking like the row above unless told."""
    return SheetPatch(new_rows=NewRows(at, like or at - 1, rows, block))


def new_sheet(*rows: tuple[CellValue, ...], name: str = "新表") -> NewSheet:
    """A sheet of three columns, the second of which holds days."""
    return NewSheet(name, ("编号", "日期", "数额"), rows, (10, 12, 14), ("@", "yyyy-mm-dd", "0.00"))


def part_of(path: Path, part: str = PART) -> bytes:
    """The bytes of one part."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(part)


def rows_of(path: Path, part: str = PART) -> dict[int, dict[int, str]]:
    """Row → column → formula with "=", else the text or value, in document order."""
    found: dict[int, dict[int, str]] = {}
    for row in ElementTree.fromstring(part_of(path, part)).iter():
        if row.tag.endswith("}row"):
            cells = [(parse_ref(cell.get("r", "")), _text(cell)) for cell in row]
            assert [place for place, _ in cells] == sorted({place for place, _ in cells})
            assert {place[0] for place, _ in cells} <= {int(row.get("r", ""))}
            found[int(row.get("r", ""))] = {place[1]: text for place, text in cells}
    assert list(found) == sorted(found)
    return found


def _text(cell: ElementTree.Element) -> str:
    pieces = {one.tag.rpartition("}")[2]: "".join(one.itertext()) for one in cell}
    if pieces.get("f"):
        return "=" + pieces["f"]
    return next((text for text in pieces.values() if text), "")


def attributes_of(path: Path, ref: str) -> dict[str, str]:
    """The attributes of one cell but `r`."""
    found = re.search(rb'<(?:\w+:)?c r="%s"([^>]*?)/?>' % ref.encode(), part_of(path))
    assert found is not None
    return {k.decode(): v.decode() for k, v in re.findall(rb' ([\w:]+)="([^"]*)"', found[1])}


def reopened(path: Path) -> Any:
    """The workbook as openpyxl reads it, from memory: no file stays open."""
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
