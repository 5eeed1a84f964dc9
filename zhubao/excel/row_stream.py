"""A very large workbook row by row: for lists that are gone through once and never held whole.

Small workbooks, other formats and everything unusual go through `book.open_book`, with all its
checks; a large plain .xlsx is guarded the same way and then handed out row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhubao.excel.book import open_book
from zhubao.excel.container import Kind, recognise
from zhubao.excel.guard import Unusual, refuse_extent, survey
from zhubao.excel.structure import Structure, read_structure
from zhubao.excel.zipcheck import Package

_LARGE = 8 << 20  # bytes of the packed file: below it, reading it whole costs little
_FAILED = (KeyboardInterrupt, SystemExit, MemoryError)


@dataclass(frozen=True, slots=True)
class StreamedSheet:
    """One sheet; `rows` are handed out once, the first is Excel's row 1, "" is an empty cell.

    Rows before the first filled one are empty lists.
    """

    file: str
    name: str
    rows: Iterable[list[Any]]
    hidden: bool = False
    date1904: bool = False


def stream_book(path: Path) -> Iterator[StreamedSheet]:
    """The sheets in order, each to be gone through before the next is asked for.

    Raises the same Workbook* errors as `open_book`, before the first sheet.
    """
    kind, package = recognise(path, path.name)
    if kind is Kind.XLSX and package is not None and path.stat().st_size >= _LARGE:
        structure = read_structure(package)
        if _is_plain(package, structure):
            yield from _streamed(path, structure)
            return
    for sheet in open_book(path).sheets:
        yield StreamedSheet(sheet.file, sheet.name, sheet.rows, sheet.hidden, sheet.date1904)


def _is_plain(package: Package, structure: Structure) -> bool:
    """True when the guard passes every sheet; hostile ones raise, unusual ones are left to it."""
    try:
        for part in structure.sheets:
            extent = survey(package.stream(part.part), package.file, part.part)
            refuse_extent(extent, package.file, part.name)
    except (Unusual, KeyError):
        return False
    return True


def _streamed(path: Path, structure: Structure) -> Iterator[StreamedSheet]:
    import python_calamine

    hidden = {part.name: part.hidden for part in structure.sheets}
    workbook = python_calamine.load_workbook(str(path))
    try:
        for name in workbook.sheet_names:
            if name in hidden:
                sheet = _opened(path, workbook, name)
                rows = _rows(sheet)
                yield StreamedSheet(path.name, name, rows, hidden[name], structure.date1904)
    finally:
        workbook.close()


def _opened(path: Path, workbook: Any, name: str) -> Any:
    """The parsed sheet; what the parser gives up on, `open_book` repairs or names the fault of."""
    try:
        return workbook.get_sheet_by_name(name)
    except _FAILED:
        raise
    except BaseException:  # a Rust panic is a BaseException
        return next(sheet for sheet in open_book(path).sheets if sheet.name == name)


def _rows(sheet: Any) -> Iterator[list[Any]]:
    if hasattr(sheet, "rows"):
        yield from sheet.rows
        return
    top, left = sheet.start or (0, 0)
    yield from ([] for _ in range(top))
    margin = [""] * left
    for row in sheet.iter_rows():
        yield margin + row if left else row
