"""The parser (python-calamine) and its failures. Values only: the guard finds what it hides."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine

from zhubao.excel.sheet import Merge


class ParsedSheet(NamedTuple):
    """One sheet's values from A1 on, its merged ranges, and whether it is hidden."""

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]]
    hidden: bool


class Parsed(NamedTuple):
    """All sheet names, and the sheets that were asked for."""

    names: list[str]
    sheets: list[ParsedSheet]


class ParserFailed(Exception):
    """The parser gave up, panicked, or lost its process; turned into a Workbook* error later."""


class ParserTimeout(ParserFailed):
    """A child process was still parsing when its time was up."""


def parse(source: Path | io.BytesIO, wanted: Sequence[str] | None) -> Parsed:
    """Values of the wanted sheets (None: all); ParserFailed for a panic as for an error."""
    try:
        return _parse(source, wanted)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a Rust panic is a BaseException
        raise ParserFailed(f"{type(error).__name__}: {error}") from None


def _parse(source: Path | io.BytesIO, wanted: Sequence[str] | None) -> Parsed:
    opened = str(source) if isinstance(source, Path) else source
    workbook = python_calamine.load_workbook(opened)
    try:
        sheets = [
            _sheet(workbook, meta)
            for meta in workbook.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            and (wanted is None or meta.name in wanted)
        ]
        return Parsed(list(workbook.sheet_names), sheets)
    finally:
        workbook.close()


def _sheet(workbook: Any, meta: Any) -> ParsedSheet:
    sheet = workbook.get_sheet_by_name(meta.name)
    merged = [
        (top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    rows = sheet.to_python(skip_empty_area=False)
    return ParsedSheet(meta.name, rows, merged, hidden)


def merges_of(sheet: ParsedSheet) -> list[Merge]:
    """The merged ranges as such."""
    return [Merge(*item) for item in sheet.merged]
