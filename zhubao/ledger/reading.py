"""One workbook file → the ledger tables in it, their findings, and the file as it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.excel.book import open_book
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.sheet import RawSheet
from zhubao.ledger.catalog import specs_of
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Source
from zhubao.ledger.recognise import (
    HEADER_UNKNOWN,
    SHEET_AMBIGUOUS,
    SHEET_UNKNOWN,
    Model,
    Naming,
    best_by_header,
)
from zhubao.ledger.table import LedgerTable


@dataclass(slots=True)
class FileRead:
    """What one file gave: per model its sheets in workbook order."""

    source: Source
    tables: dict[Model, list[LedgerTable[Any]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read: which models may be in it, and which of them are wanted."""

    path: Path
    candidates: tuple[Model, ...]
    wanted: frozenset[Model]
    config: LedgerConfig


class _NeededSheets(Collection[str]):
    """The sheet names worth parsing: wanted models, and names that say nothing by themselves."""

    def __init__(self, naming: Naming, wanted: frozenset[Model]) -> None:
        self._naming, self._wanted = naming, wanted

    def __contains__(self, name: object) -> bool:
        named = self._naming.matches(str(name))
        return not named or any(model in self._wanted for model in named)

    def __iter__(self) -> Iterator[str]:
        return iter(self._naming.models)

    def __len__(self) -> int:
        return len(self._naming.models)


def read_file(task: Task) -> FileRead:
    """Read the wanted sheets of a workbook; WorkbookError when it cannot be read."""
    naming = Naming.of(task.candidates, task.config)
    needed = _NeededSheets(naming, task.wanted) if _is_zip_workbook(task.path) else None
    book = open_book(task.path, sheets=needed)
    result = FileRead(source_of(task.path))
    result.findings += book.findings
    for sheet in book.sheets:
        model = _recognised(sheet, naming, task, result)
        if model is not None and model in task.wanted:
            _load(sheet, model, task, result)
    return result


def _is_zip_workbook(path: Path) -> bool:
    """True when sheets are picked one by one; older formats are read whole in another process."""
    try:
        with path.open("rb") as stream:
            return path.suffix.lower() in (".xlsx", ".xlsm") and stream.read(2) == b"PK"
    except OSError:
        return False


def source_of(path: Path) -> Source:
    """The file as it is now."""
    import hashlib  # loads OpenSSL: not before the parser is at work

    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return Source(path, stream.tell(), digest.hexdigest())


def specs_for(model: Model, config: LedgerConfig) -> tuple[ColumnSpec, ...]:
    """The columns of a model with the bureau's own header names added."""
    return tuple(
        replace(spec, aliases=(*spec.aliases, *more))
        if (more := config.header_aliases(model.SHEET.name, spec.header))
        else spec
        for spec in specs_of(model)
    )


def _recognised(sheet: RawSheet, naming: Naming, task: Task, result: FileRead) -> Model | None:
    """The one model of a sheet; None, with a finding, when there is none or more than one."""
    candidates = naming.matches(sheet.name)
    if len(candidates) == 1:
        return candidates[0]
    if not _has_content(sheet):
        return None
    best = best_by_header(
        sheet, candidates or task.candidates, partial(specs_for, config=task.config)
    )
    if len(best) == 1:
        return best[0]
    place = Cell(sheet.file, sheet.name)
    if best:
        names = "、".join(model.SHEET.name for model in best)
        result.findings.append(SHEET_AMBIGUOUS.at(place, sheet=sheet.name, candidates=names))
    else:
        result.findings.append(SHEET_UNKNOWN.at(place, sheet=sheet.name))
    return None


def _load(sheet: RawSheet, model: Model, task: Task, result: FileRead) -> None:
    # Imported here: the parser of the first workbook is at work by now, and does not wait for them.
    from zhubao.excel.table import read_table
    from zhubao.ledger.load import SHEET_EMPTY, load_sheet

    place = Cell(sheet.file, sheet.name)
    if not _has_content(sheet):
        result.tables.setdefault(model, [])
        if not model.SHEET.computed:
            result.findings.append(SHEET_EMPTY.at(place, title=sheet.name))
        return
    typed = read_table(sheet, specs_for(model, task.config))
    if typed is None:
        values = {"sheet": sheet.name, "schema": model.SHEET.name}
        result.tables.setdefault(model, [])
        result.findings.append(HEADER_UNKNOWN.at(place, **values))
        return
    loaded = load_sheet(model, typed)
    result.tables.setdefault(model, []).append(loaded.table)
    result.findings += loaded.findings


def _has_content(sheet: RawSheet) -> bool:
    return any(value not in (None, "") for row in sheet.rows for value in row)
