"""A workbook of a format that can only be read (.xls, .et, .ods, .xlsb) → a checked .xlsx."""

from __future__ import annotations

import datetime as dt
import math
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from zhubao.core.errors import OutputError, WorkbookError
from zhubao.core.output_file import replacing
from zhubao.core.theme import Theme
from zhubao.excel.address import make_ref
from zhubao.excel.biff import ERROR_TEXTS
from zhubao.excel.book import Book, open_book
from zhubao.excel.cfb import CompoundFile
from zhubao.excel.container import Kind, recognise
from zhubao.excel.libreoffice import ConverterFailed, find_converter, to_xlsx
from zhubao.excel.plain_copy import storable, write_plain
from zhubao.excel.sheet import Merge, RawSheet
from zhubao.excel.zipcheck import Package

WRITABLE = (".xlsx", ".xlsm")
_SUFFIXES = {Kind.XLS: ".xls", Kind.ODS: ".ods", Kind.XLSB: ".xlsb"}
_MACROS = "xl/vbaproject.bin"
_LISTED = 5
_CLOSE = 5e-15  # beyond the fifteenth digit, which is where spreadsheets stop
_A_MOMENT = 2e-3  # seconds; the formats keep milliseconds at best
_EPOCH = dt.datetime(1899, 12, 30)
_DURATION = re.compile(r"(-?)PT([0-9]+)H([0-9]+)M([0-9]+(?:\.[0-9]+)?)S")
_ERRORS = frozenset(ERROR_TEXTS.values())


class Method(StrEnum):
    """How a workbook became an .xlsx."""

    LIBREOFFICE = "libreoffice"
    PLAIN = "plain"
    COPY = "copy"
    NONE = "none"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The word shown to the clerk."""
        return _TITLES[self]


_TITLES = {
    Method.LIBREOFFICE: "用 LibreOffice 转换",
    Method.PLAIN: "用自带方式转换",
    Method.COPY: "原样复制",
    Method.NONE: "不用转换",
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was made of one workbook; no `target` when there was nothing to do."""

    source: Path
    target: Path | None
    method: Method
    sheets: int = 0
    cells: int = 0
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def convert(source: Path, target: Path, theme: Theme, *, plain: bool = False) -> Conversion:
    """Write `source` to `target` as .xlsx, read it again and compare every cell.

    LibreOffice does it where it is installed, unless `plain`; what it changes, or cannot do, is
    done by a copy of the values. The source is never touched. Raises Workbook* errors of the
    reader; OutputError when `target` exists, cannot be written, or does not hold what was read.
    """
    kind, package = recognise(source, source.name)
    if kind is Kind.XLSX and package is not None:
        return _writable_already(source, target, package)
    refuse_existing(source, target)
    book = _with_durations(open_book(source)) if kind is Kind.ODS else open_book(source)
    program = None if plain else find_converter()
    with tempfile.TemporaryDirectory(prefix="zhubao-", ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "plain.xlsx"
        done, note = None, ""
        if program is not None:
            done, note = _by_libreoffice(program, book, _SUFFIXES[kind], Path(folder))
        method = Method.PLAIN if done is None else Method.LIBREOFFICE
        lost = _write_values(book, made, theme) if done is None else ()
        _put(done or made, source, target)
    macros = ("宏",) if _has_macros(kind, source, package) else ()
    notes = (note,) if note else ()
    return Conversion(
        source, target, method, len(book.sheets), _filled(book), (*lost, *macros), notes
    )


def refuse_existing(source: Path, target: Path) -> None:
    """OutputError when there is something at `target`: nothing is ever overwritten."""
    if not target.exists():
        return
    same = target.resolve() == source.resolve()
    raise OutputError(
        f"{target.name} 已经存在，没有转换 {source.name}"
        if not same
        else f"{source.name} 的扩展名与内容不符，转换结果会与它同名，没有转换",
        where=str(target),
        advice="请用 --out 指定另一个文件夹或文件名，或先把已有的文件移开",
    )


def differences(original: Book, copy: Book, *, truth_as_number: bool = False) -> list[str]:
    """Where two workbooks differ, in words (sheets) and as 表!G12; empty when they agree.

    Values are compared with their types. A number may differ beyond its fifteenth digit, a moment
    by milliseconds; line breaks may be written either way. `truth_as_number`: 1 is TRUE (the
    reader tells truth values in .ods as numbers).
    """
    names = [sheet.name for sheet in original.sheets]
    if names != [sheet.name for sheet in copy.sheets]:
        return ["表的数目、名称或顺序"]
    found = ["日期系统（1900 或 1904）"] if original.date1904 != copy.date1904 else []
    for first, second in zip(original.sheets, copy.sheets, strict=True):
        if first.hidden != second.hidden:
            found.append(f"{first.name}（隐藏或显示）")
        if _several(first.merged) != _several(second.merged):
            found.append(f"{first.name}（合并区域）")
        places = _differing(first, second, truth_as_number=truth_as_number)
        found += [f"{first.name}!{make_ref(*place)}" for place in places]
    return found


def _by_libreoffice(
    program: Path, book: Book, suffix: str, folder: Path
) -> tuple[Path | None, str]:
    """The workbook LibreOffice made of the book's file, or None and why not."""
    try:
        made = to_xlsx(program, book.path, suffix, folder)
        found = differences(book, open_book(made), truth_as_number=suffix == ".ods")
    except (ConverterFailed, WorkbookError) as error:
        return None, f"LibreOffice 没有转换成功：{error}"
    if found:
        return None, (
            f"LibreOffice 转换的结果有 {len(found):,} 处与原表不同（{_listed(found)}），没有采用；"
            "多半是它重算了公式（如 TODAY，或合计里夹着文字写的数）。"
            "要保留格式，请用 Excel 或 WPS 另存为 .xlsx"
        )
    return made, ""


def _write_values(book: Book, made: Path, theme: Theme) -> tuple[str, ...]:
    """The copy of the values, checked; what it could not keep."""
    wanted, losses = storable(book)
    write_plain(wanted, made, theme)
    found = differences(wanted, open_book(made))
    if found:
        raise OutputError(
            f"转换后再读出来，有 {len(found):,} 处与原表不同（{_listed(found)}），结果没有保留",
            where=book.name,
            advice="请用 Excel 或 WPS 打开原文件，另存为 .xlsx",
        )
    return losses.words()


def _put(made: Path, source: Path, target: Path) -> None:
    refuse_existing(source, target)
    with made.open("rb") as finished, replacing(target) as stream:
        shutil.copyfileobj(finished, stream)


def _writable_already(source: Path, target: Path, package: Package) -> Conversion:
    """An .xlsx or .xlsm stays; one under another name is copied as it is."""
    if source.suffix.lower() in WRITABLE:
        note = "zhubao 可以直接读写这个文件"
        return Conversion(source, None, Method.NONE, notes=(note,))
    if _MACROS in package:
        note = "内容是带宏的工作簿，请把扩展名改成 .xlsm，zhubao 可以直接读写"
        return Conversion(source, None, Method.NONE, notes=(note,))
    refuse_existing(source, target)
    book = open_book(source)
    _put(source, source, target)
    note = "内容本来就是 .xlsx，只是扩展名不对"
    return Conversion(source, target, Method.COPY, len(book.sheets), _filled(book), notes=(note,))


def _has_macros(kind: Kind, source: Path, package: Package | None) -> bool:
    if kind is Kind.XLS:
        streams = {name.casefold() for name in CompoundFile(source.read_bytes()).streams}
        return bool(streams & {"_vba_project_cur", "_vba_project"})
    return package is not None and (
        _MACROS in package or any(name.startswith("Basic/") for name in package.names())
    )


def _with_durations(book: Book) -> Book:
    """OpenDocument durations of a day and more come as text PT24H00M00S: made durations."""
    sheets = [
        replace(sheet, rows=[list(map(_duration_or_same, row)) for row in sheet.rows])
        for sheet in book.sheets
    ]
    return replace(book, sheets=tuple(sheets))


def _duration_or_same(value: Any) -> Any:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    hours, minutes, seconds = int(match[2]), int(match[3]), float(match[4])
    span = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -span if match[1] else span


def _differing(
    first: RawSheet, second: RawSheet, *, truth_as_number: bool
) -> Iterator[tuple[int, int]]:
    """(row, column) of every cell that differs, counted from 1."""
    for number, (row, other) in enumerate(
        zip_longest(first.rows, second.rows, fillvalue=()), start=1
    ):
        if row == other and list(map(type, row)) == list(map(type, other)):
            continue
        for column, (value, copied) in enumerate(zip_longest(row, other, fillvalue=""), start=1):
            if truth_as_number and isinstance(copied, bool):
                copied = float(copied)
            if not _same(value, copied):
                yield number, column
    for place in sorted(first.errors.keys() | second.errors.keys()):
        if _error(first.errors.get(place, "")) != _error(second.errors.get(place, "")):
            yield place


def _same(value: Any, copied: Any) -> bool:
    if isinstance(value, bool) or isinstance(copied, bool):
        return value is copied
    if isinstance(value, str) and isinstance(copied, str):
        return value == copied or _one_break(value) == _one_break(copied)
    if isinstance(value, (int, float)) and isinstance(copied, (int, float)):
        return value == copied or math.isclose(value, copied, rel_tol=_CLOSE)
    days, others = _days(value), _days(copied)
    return days is not None and others is not None and abs(days - others) * 86_400 <= _A_MOMENT


def _days(value: Any) -> float | None:
    """The serial number behind a date, moment, time or duration; None for anything else."""
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, dt.time):
        value = dt.datetime.combine(_EPOCH.date(), value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    return (value - _EPOCH) / dt.timedelta(days=1) if isinstance(value, dt.datetime) else None


def _one_break(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _error(text: str) -> str:
    return text if not text or text in _ERRORS else "#VALUE!"


def _several(merged: Sequence[Merge]) -> set[Merge]:
    return {one for one in merged if (one.first_row, one.first_column) != one[2:]}


def _filled(book: Book) -> int:
    rows = (row for sheet in book.sheets for row in sheet.rows)
    values = sum(len(row) - row.count("") for row in rows)
    return values + sum(len(sheet.errors) for sheet in book.sheets)


def _listed(found: Sequence[str]) -> str:
    more = "……" if len(found) > _LISTED else ""
    return "、".join(islice(found, _LISTED)) + more
