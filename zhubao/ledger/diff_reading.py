"""The two sides of a comparison: which files belong together, and their sheets as records."""

from __future__ import annotations

import datetime as dt
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from zhubao.core.background import paused_gc
from zhubao.core.errors import UsageError, WorkbookMissing
from zhubao.core.finding import Cell
from zhubao.excel.address import column_letter
from zhubao.excel.book import open_book
from zhubao.excel.cleaning import clean_symbols, clean_text, is_empty_mark
from zhubao.excel.sheet import RawSheet
from zhubao.excel.table import TypedColumn, TypedTable, read_table
from zhubao.ledger import catalog
from zhubao.ledger.bureau import SUFFIXES
from zhubao.ledger.config import CONFIG_NAME, LedgerConfig, load_config
from zhubao.ledger.reading import specs_for
from zhubao.ledger.recognise import Model, Naming, best_by_header

UNKNOWN = "?"  # begins the key of a column that no field claims
Pair = tuple[Path | None, Path | None]  # one file of each side; None: the other has no namesake
_READ = (*SUFFIXES, ".xlsb")


@dataclass(frozen=True, slots=True)
class Side:
    """One file of a pair; `label` is its name in cells and messages."""

    path: Path
    label: str


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet with content; `typed` when it is a ledger sheet with a header."""

    raw: RawSheet
    label: str
    model: Model | None = None
    typed: TypedTable | None = None

    @property
    def name(self) -> str:
        """The sheet's name as written."""
        return self.raw.name


@dataclass(frozen=True, slots=True)
class Part:
    """The records of one sheet: their Excel rows, and the letter of each column."""

    sheet: str
    rows: Sequence[int]
    letters: Mapping[str, str]


@dataclass(slots=True)
class Records:
    """The records of one ledger table in one file, from one sheet or several, column by column.

    `values` are typed; a cell that cannot be read has its text. `spelled` has what the cell holds
    where that is not simply the value. Keys are field names, or `UNKNOWN` + header.
    """

    label: str
    parts: list[Part] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    spelled: dict[str, dict[int, Any]] = field(default_factory=dict)
    ends: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return self.ends[-1] if self.ends else 0

    def sheet_of(self, index: int) -> str:
        """The sheet a record stands in."""
        return self.parts[bisect_right(self.ends, index)].sheet

    def cell(self, index: int, key: str, fallback: str = "") -> Cell:
        """The cell of a record; in the `fallback` column when its sheet has no such column."""
        at = bisect_right(self.ends, index)
        part = self.parts[at]
        row = part.rows[index - (self.ends[at - 1] if at else 0)]
        letter = part.letters.get(key) or part.letters.get(fallback, "A")
        return Cell(self.label, part.sheet, f"{letter}{row}")

    def filled(self, key: str) -> int:
        """How many records have something in this column."""
        values = self.values[key]
        return len(values) - values.count(None)


def pair_files(a: Path, b: Path) -> list[Pair]:
    """The files to compare: the two themselves, or those of two folders that have one name.

    A file against a folder is compared with its namesake there. Endings may differ
    (arrears.xls, arrears.xlsx). WorkbookMissing when there is no such file or folder, or a folder
    has no workbook.
    """
    for path in (a, b):
        if not path.exists():
            raise WorkbookMissing(
                f"找不到 {path.name}", where=str(path), advice="请核对文件名和所在文件夹"
            )
    if not a.is_dir() and not b.is_dir():
        return [(a, b)]
    if a.is_dir() != b.is_dir():
        folder, file = (a, b) if a.is_dir() else (b, a)
        found = _workbooks(folder).get(file.stem.lower())
        if found is None:
            raise UsageError(
                f"文件夹 {folder.name} 里没有与 {file.name} 同名的工作簿",
                advice="请直接写出要比对的两个文件。",
            )
        return [(found, file) if a.is_dir() else (file, found)]
    first, second = _workbooks(a), _workbooks(b)
    names = sorted({**first, **second})
    return [(first.get(name), second.get(name)) for name in names]


def common_root(*paths: Path) -> Path:
    """The nearest folder above all of these files; that of the first where there is none."""
    folders = [path.resolve().parent for path in paths]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # other drives
        return folders[0]


def side_of(path: Path, root: Path) -> Side:
    """The file, labelled with its path below `root`, so that both sides can be told apart."""
    whole = path.resolve()
    label = whole.relative_to(root) if whole.is_relative_to(root) else whole
    return Side(path, label.as_posix())


def read_sheets(side: Side) -> list[SheetRead]:
    """Every sheet with content, ledger sheets as typed columns; WorkbookError when unreadable."""
    config = load_config(side.path.parent / CONFIG_NAME)
    naming = Naming.of(catalog.all_models(), config)
    with paused_gc():
        return [
            _read(sheet, side.label, naming, config)
            for sheet in open_book(side.path).sheets
            if sheet.errors or any(value not in (None, "") for row in sheet.rows for value in row)
        ]


def records_of(sheets: Sequence[SheetRead]) -> Records:
    """The records of the sheets, which are of one model, joined in order."""
    records = Records(sheets[0].label)
    for sheet in sheets:
        assert sheet.typed is not None
        _append(records, sheet.raw, sheet.typed)
    return records


def plain_value(raw: Any) -> Any:
    """A raw value for comparison: None for nothing, text trimmed, a day without its midnight."""
    if isinstance(raw, str):
        return raw.strip() or None
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        return raw.date()
    return raw


def _workbooks(folder: Path) -> dict[str, Path]:
    """Stem in lower case → workbook of the folder, or of its ledgers folder."""
    place = folder / "ledgers" if (folder / "ledgers").is_dir() else folder
    paths = [
        path
        for path in sorted(place.iterdir())
        if path.suffix.lower() in _READ and path.name[0] not in "~."
    ]
    if not paths:
        raise WorkbookMissing(
            f"文件夹 {folder} 里没有工作簿", where=str(folder), advice="请核对文件夹有没有写错"
        )
    paths.sort(key=lambda path: _READ.index(path.suffix.lower()), reverse=True)
    return {path.stem.lower(): path for path in paths}


def _read(sheet: RawSheet, label: str, naming: Naming, config: LedgerConfig) -> SheetRead:
    candidates = naming.matches(sheet.name)
    specs = partial(specs_for, config=config)
    if len(candidates) != 1:
        candidates = best_by_header(sheet, candidates or catalog.all_models(), specs)
    if len(candidates) != 1:
        return SheetRead(sheet, label)
    typed = read_table(sheet, specs(candidates[0]))
    return SheetRead(sheet, label, candidates[0] if typed else None, typed)


def _append(records: Records, raw: RawSheet, typed: TypedTable) -> None:
    start, count = len(records), len(typed.rows)
    letters: dict[str, str] = {}
    for key, letter, values, originals in _columns(raw, typed):
        letters[key] = letter
        column = records.values.setdefault(key, [None] * start)
        column.extend(values)
        spelled = records.spelled.setdefault(key, {})
        spelled.update({start + index: value for index, value in originals.items()})
    for column in records.values.values():
        column.extend([None] * (start + count - len(column)))
    records.parts.append(Part(raw.name, typed.rows, letters))
    records.ends.append(start + count)


def _columns(
    raw: RawSheet, typed: TypedTable
) -> Iterator[tuple[str, str, list[Any], Mapping[int, Any]]]:
    """(key, letter, values, originals): declared columns, unknown ones, those without header."""
    for key, column in typed.columns.items():
        yield key, column.letter, _comparable(column), column.originals
    for header, (letter, values) in typed.unknown.items():
        yield UNKNOWN + clean_text(header), letter, list(map(plain_value, values)), {}
    titled = {column.letter for column in typed.columns.values()}
    titled |= {letter for letter, _ in typed.unknown.values()}
    yield from _headless(raw, typed.rows, titled)


def _headless(
    raw: RawSheet, rows: Sequence[int], titled: Iterable[str]
) -> Iterator[tuple[str, str, list[Any], Mapping[int, Any]]]:
    known = set(titled)
    for number in range(1, len(raw.rows[0]) + 1 if raw.rows else 1):
        letter = column_letter(number)
        if letter in known:
            continue
        values = [plain_value(raw.rows[row - 1][number - 1]) for row in rows]
        if values.count(None) < len(values):
            yield f"{UNKNOWN}{letter} 列（无表头）", letter, values, {}


def _comparable(column: TypedColumn) -> list[Any]:
    """The typed values; where a cell holds something unreadable, that text."""
    values = column.values
    lost = {
        index: text
        for index, raw in column.originals.items()
        if values[index] is None and (text := _unread(raw)) is not None
    }
    if lost:
        values = list(values)
        for index, text in lost.items():
            values[index] = text
    return values


def _unread(raw: Any) -> Any:
    """What stands in a cell without value; None for blanks and the marks of an empty cell."""
    if isinstance(raw, str) and (not raw or is_empty_mark(clean_symbols(raw))):
        return None
    return plain_value(raw)
