"""A workbook's values in a new .xlsx: what such a file can hold, and writing it."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zhubao.core.errors import OutputError, WorkbookUnsupported
from zhubao.core.sheet_names import sheet_name
from zhubao.core.theme import Theme
from zhubao.core.width import display_width
from zhubao.core.workbook_look import book_options
from zhubao.excel.address import make_ref
from zhubao.excel.biff import ERROR_TEXTS
from zhubao.excel.book import Book
from zhubao.excel.sheet import Merge, RawSheet

_MOST_TEXT = 32_767
_MANY_CELLS = 300_000  # from here on rows go to disk as they are written
_MEASURED_ROWS = 200
_ELEVEN_DIGITS = 1e11  # from here on Excel would show 1.2E+11
_MADE_AT = dt.datetime(2020, 1, 1)  # fixed: same input, same file
_ERRORS = frozenset(ERROR_TEXTS.values())
_PLAIN = frozenset((str, float, int, bool))


@dataclass(slots=True)
class Losses:
    """What a copy of the values cannot carry over, counted while it is prepared."""

    formulas: int = 0
    hidden_rows: int = 0
    early_dates: int = 0
    merges: int = 0
    renamed: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # chart sheets and the like

    def words(self) -> tuple[str, ...]:
        """One phrase each, in Chinese; formats and drawings are always among them."""
        counted = (
            (self.formulas, f"公式 {self.formulas:,} 个（只留下算好的数值）"),
            (self.hidden_rows, f"行的隐藏 {self.hidden_rows:,} 行（数据都在，已显示出来）"),
            (self.early_dates, f"过早的日期 {self.early_dates:,} 个（已成为文字）"),
            (self.merges, f"相互重叠的合并区域 {self.merges:,} 处"),
            (len(self.left_out), f"不是表格的页 {'、'.join(self.left_out)}"),
        )
        renamed = [f"表名“{old}”（已改为“{new}”）" for old, new in self.renamed]
        always = "单元格格式、图表、图片、批注、下拉选项、列的隐藏、筛选和打印设置"
        return (always, *(words for count, words in counted if count), *renamed)


def storable(book: Book) -> tuple[Book, Losses]:
    """The book as an .xlsx can hold it, and what is lost on the way; `book` stays as it is.

    OutputError for a text too long for a cell; WorkbookUnsupported when there is no sheet.
    """
    if not book.sheets:
        raise WorkbookUnsupported(
            f"{book.name} 里没有表格，没有可转换的内容",
            where=book.name,
            advice="请用 Excel 或 WPS 打开，确认里面有工作表",
        )
    losses = Losses()
    names: list[str] = []
    sheets = []
    for sheet in book.sheets:
        names.append(sheet_name(sheet.name, names))
        if names[-1] != sheet.name:
            losses.renamed.append((sheet.name, names[-1]))
        sheets.append(_storable_sheet(sheet, names[-1], losses))
    loaded = {sheet.name for sheet in book.sheets}
    losses.left_out = [name for name in book.sheet_names if name not in loaded]
    return replace(book, sheet_names=tuple(names), sheets=tuple(sheets)), losses


def write_plain(book: Book, path: Path, theme: Theme) -> None:
    """Write the values of a storable book: types, merged ranges, hidden sheets, fitting widths.

    OutputError when there is no room at `path`.
    """
    from xlsxwriter.exceptions import XlsxFileError

    try:
        _write(book, path, theme)
    except (OSError, XlsxFileError) as error:
        raise OutputError(
            f"{book.name} 的转换结果写不进临时文件夹（{error}）",
            where=str(path.parent),
            advice="多半是磁盘已满：请腾出空间再试",
        ) from error


def _write(book: Book, path: Path, theme: Theme) -> None:
    import xlsxwriter

    cells = sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in book.sheets if sheet.rows)
    options = {
        **book_options(theme),
        "constant_memory": cells > _MANY_CELLS,
        "date_1904": book.date1904,
    }
    made = xlsxwriter.Workbook(str(path), options)
    made.set_properties({"created": _MADE_AT})
    styles = _styles(made, theme)
    shown = False
    for raw in book.sheets:
        sheet = made.add_worksheet(raw.name)
        if raw.hidden:
            sheet.hide()
        elif not shown:
            sheet.activate()
            sheet.set_first_sheet()
            shown = True
        _SheetWriter(sheet, raw, styles, theme).write()
    made.close()


def _storable_sheet(sheet: RawSheet, name: str, losses: Losses) -> RawSheet:
    losses.formulas += sheet.formulas
    losses.hidden_rows += sheet.hidden_rows
    first_year = 1904 if sheet.date1904 else 1900
    rows = []
    for number, row in enumerate(sheet.rows, 1):
        odd = set(map(type, row)) - _PLAIN
        if odd or any(type(value) is str and len(value) > _MOST_TEXT for value in row):
            _refuse_long(sheet, number, row)
            rows.append([_storable_value(value, first_year, losses) for value in row])
        else:
            rows.append(row)
    merged = _apart(sheet.merged)
    losses.merges += sum(map(_is_several, sheet.merged)) - len(merged)
    errors = {place: _error(text) for place, text in sheet.errors.items()}
    return replace(sheet, name=name, rows=rows, merged=merged, errors=errors)


def _refuse_long(sheet: RawSheet, number: int, row: Sequence[Any]) -> None:
    for column, value in enumerate(row, 1):
        if isinstance(value, str) and len(value) > _MOST_TEXT:
            raise OutputError(
                f"文字有 {len(value):,} 个字，.xlsx 的单元格放不下（最多 {_MOST_TEXT:,} 个字）",
                where=f"{sheet.file}!{sheet.name}!{make_ref(number, column)}",
                advice="请在原文件里把它分到几个单元格后再转换",
            )


def _storable_value(value: Any, first_year: int, losses: Losses) -> Any:
    """Dates before Excel's first day become text; a moment at midnight is a date."""
    if not isinstance(value, dt.date):
        return value
    if value.year < first_year:
        losses.early_dates += 1
        return str(value)
    midnight = isinstance(value, dt.datetime) and value.time() == dt.time()
    return value.date() if midnight and isinstance(value, dt.datetime) else value


def _error(text: str) -> str:
    """The error as Excel knows it; other programs' own ones become #VALUE!."""
    return text if text in _ERRORS else "#VALUE!"


def _is_several(merge: Merge) -> bool:
    return merge.last_row > merge.first_row or merge.last_column > merge.first_column


def _apart(merged: Iterable[Merge]) -> list[Merge]:
    """The ranges of several cells, without those that overlap an earlier one."""
    taken: dict[int, list[Merge]] = defaultdict(list)
    kept = []
    for merge in filter(_is_several, merged):
        rows = range(merge.first_row, merge.last_row + 1)
        if any(_meets(merge, other) for row in rows for other in taken.get(row, ())):
            continue
        kept.append(merge)
        for row in rows:
            taken[row].append(merge)
    return kept


def _meets(merge: Merge, other: Merge) -> bool:
    return merge.first_column <= other.last_column and other.first_column <= merge.last_column


def _styles(book: Any, theme: Theme) -> dict[Any, Any]:
    """Formats by type of value; "long" for whole numbers that would be shown shortened."""
    date = theme.formats.date
    formats = {
        dt.date: date,
        dt.datetime: f"{date} hh:mm:ss",
        dt.time: "hh:mm:ss",
        dt.timedelta: "[h]:mm:ss",
        "long": "0",
    }
    return {key: book.add_format({"num_format": text}) for key, text in formats.items()}


class _SheetWriter:
    """Writes one sheet, row by row from the top (large workbooks are written as they go)."""

    def __init__(self, sheet: Any, raw: RawSheet, styles: dict[Any, Any], theme: Theme) -> None:
        self._sheet, self._raw, self._styles, self._widths = sheet, raw, styles, theme.widths
        self._errors: dict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), text in raw.errors.items():
            self._errors[row - 1][column - 1] = text

    def write(self) -> None:
        """Merged ranges and widths first, then the cells in order.

        `merge_range` would write the cells itself, out of order for a range of several rows.
        """
        for merge in self._raw.merged:
            ends = (merge.first_row, merge.first_column, merge.last_row, merge.last_column)
            self._sheet.merge.append([end - 1 for end in ends])
        self._set_widths()
        last = max(len(self._raw.rows) - 1, *self._errors, -1)
        for number in range(last + 1):
            row = self._raw.rows[number] if number < len(self._raw.rows) else ()
            for column, value in enumerate(row):
                if value != "" and value is not None:
                    self._write_value(number, column, value)
            for column, text in self._errors.get(number, {}).items():
                self._sheet.write_formula(number, column, f"={text}", None, text)

    def _write_value(self, row: int, column: int, value: Any) -> None:
        kind = type(value)
        if kind is str:
            self._sheet.write_string(row, column, value)
        elif kind is bool:
            self._sheet.write_boolean(row, column, value)
        elif kind is float or kind is int:
            self._write_number(row, column, value)
        elif kind is dt.time:
            since = dt.timedelta(
                hours=value.hour,
                minutes=value.minute,
                seconds=value.second,
                microseconds=value.microsecond,
            )
            self._sheet.write_number(row, column, _days(since), self._styles[kind])
        elif kind is dt.timedelta:
            self._sheet.write_number(row, column, _days(value), self._styles[kind])
        else:
            self._sheet.write_datetime(row, column, value, self._styles[kind])

    def _write_number(self, row: int, column: int, value: float) -> None:
        if not math.isfinite(value):
            self._sheet.write_string(row, column, str(value))
            return
        long = abs(value) >= _ELEVEN_DIGITS and value == int(value)
        self._sheet.write_number(row, column, value, self._styles["long"] if long else None)

    def _set_widths(self) -> None:
        """From the first rows; what is merged across columns says nothing about one of them."""
        across = {
            (merge.first_row - 1, merge.first_column - 1)
            for merge in self._raw.merged
            if merge.last_column > merge.first_column
        }
        needed: Counter[int] = Counter()
        for number, row in enumerate(self._raw.rows[:_MEASURED_ROWS]):
            for column, value in enumerate(row):
                if value != "" and (number, column) not in across:
                    needed[column] = max(needed[column], _width(value))
        for column, width in needed.items():
            wanted = max(width + self._widths.padding, self._widths.minimum)
            self._sheet.set_column(column, column, min(wanted, self._widths.maximum))


def _days(since: dt.timedelta) -> float:
    return since / dt.timedelta(days=1)


def _width(value: Any) -> int:
    if isinstance(value, str):
        return max(map(display_width, value.split("\n")))
    if isinstance(value, (int, float)):
        return len(f"{value:.15g}")
    return 19 if isinstance(value, dt.datetime) else 10
