"""New ledgers: blank ones for a new bureau, and filled ones for the sample and synthetic data."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from zhubao.core.errors import OutputError
from zhubao.core.theme import Theme
from zhubao.ledger.catalog import WORKBOOKS, models_of
from zhubao.ledger.cell_styles import CellStyles
from zhubao.ledger.dress import Dress
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.sheet_writer import ROWS_PER_SHEET, Progress, SheetWriter

RowsByModel = Mapping[type[LedgerRow], Iterable[Mapping[str, Any]]]
_MADE_AT = dt.datetime(2020, 1, 1)  # fixed: the same rows give the same bytes


def write_ledger(
    path: Path,
    workbook: str,
    rows: RowsByModel,
    theme: Theme,
    *,
    dress: Dress | None = None,
    constant_memory: bool = False,
    progress: Progress | None = None,
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> None:
    """Write one workbook with a sheet per row model; a model without rows gets an empty sheet.

    Rows are field → typed value (money in fen). More than `rows_per_sheet` rows go on in 应收2,
    应收3, … The file appears at `path` only when it is complete. `constant_memory` suits very
    large tables and is ignored for a dressed workbook. OutputError when it cannot be written.
    """
    strange = set(rows) - set(models_of(workbook))
    if strange:
        raise KeyError(f"not in {workbook}: {', '.join(model.__name__ for model in strange)}")
    part = path.with_name(f".{path.name}.part")
    book = xlsxwriter.Workbook(str(part), _options(theme, constant_memory and dress is None))
    book.set_properties({"title": path.stem, "created": _MADE_AT})
    styles = CellStyles(book, theme)
    for model in models_of(workbook):
        writer = SheetWriter(book, styles, model, dress, progress)
        writer.write(rows.get(model, ()), rows_per_sheet)
    _finish(book, part, path)


def write_blank_ledgers(directory: Path, theme: Theme) -> list[Path]:
    """Write the eight blank workbooks into an existing folder; never over a file that is there."""
    paths = [directory / f"{workbook}.xlsx" for workbook in WORKBOOKS]
    there = [path.name for path in paths if path.exists()]
    if there:
        raise OutputError(
            f"文件夹里已有 {'、'.join(there)}，没有改动",
            where=str(directory),
            advice="请换一个文件夹，或先把原有的台账移走",
        )
    for workbook, path in zip(WORKBOOKS, paths, strict=True):
        write_ledger(path, workbook, {}, theme)
    return paths


def _options(theme: Theme, constant_memory: bool) -> dict[str, Any]:
    return {
        "constant_memory": constant_memory,
        "default_format_properties": {
            "font_name": theme.fonts.body[0],
            "font_size": theme.sizes.body,
        },
    }


def _finish(book: Any, part: Path, path: Path) -> None:
    """Close the workbook and put it in its place."""
    try:
        book.close()
        os.replace(part, path)
    except (FileCreateError, OSError) as error:
        part.unlink(missing_ok=True)
        raise OutputError(
            "工作簿写不进去",
            where=str(path),
            advice="请检查文件夹是否存在、是否可写，文件是否正开着",
        ) from error
