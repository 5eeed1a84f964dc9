"""An annotated copy: every cell at its own address, faulty ones coloured, with a list in front."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

import xlsxwriter

from zhubao.core.finding import Finding, Severity
from zhubao.core.output_file import replacing
from zhubao.core.sheet_names import sheet_name
from zhubao.core.theme import Theme
from zhubao.core.width import display_width
from zhubao.core.workbook_look import book_options
from zhubao.excel.finding_list import LIST_NAME, FindingList
from zhubao.excel.sheet import Merge, RawSheet

MOST_COMMENTS = 5_000  # on one sheet; Excel crawls with more, and the list has them all
_MANY_CELLS = 300_000  # from here on rows go to disk as they are written
_MOST_TEXT = 32_767
_MEASURED_ROWS = 200
_FIFTEEN_DIGITS = 1e11  # from here on Excel would show 1.2E+11
_LARGEST_MERGE = 10_000
_MADE_AT = dt.datetime(2020, 1, 1)  # fixed: same input, same file

Marks = dict[int, dict[int, list[Finding]]]  # row → column → findings, both 0-based


def write_annotated(
    path: Path, sheets: Sequence[RawSheet], findings: Sequence[Finding], theme: Theme
) -> None:
    """Write a copy of `sheets` to `path` with `findings` marked and listed.

    Values only, at the same addresses: formulas become their values. A faulty cell is red (error)
    or amber (warning) and says code, message and advice in a comment; the first sheet lists all
    findings, also those without a cell. OutputError when the place cannot be written.
    """
    names = _sheet_names(sheets)
    marks = {place: _marks(findings, *place) for place in names}
    cells = sum(len(sheet.rows) * (len(sheet.rows[0]) if sheet.rows else 0) for sheet in sheets)
    options = {**book_options(theme), "constant_memory": cells > _MANY_CELLS}
    with replacing(path) as stream:
        book = xlsxwriter.Workbook(stream, options)
        book.set_properties({"title": LIST_NAME, "created": _MADE_AT})
        FindingList(book, theme, names).write(findings)
        styles = _Styles(book, theme)
        for raw in sheets:
            place = (raw.file, raw.name)
            sheet = book.add_worksheet(names[place])
            if raw.hidden and not marks[place]:
                sheet.hide()
            _SheetCopy(sheet, raw, styles, marks[place]).write()
        book.close()


def _sheet_names(sheets: Sequence[RawSheet]) -> dict[tuple[str, str], str]:
    """(file, sheet) → its name in the copy, after the file's stem when there are several files."""
    several = len({sheet.file for sheet in sheets}) > 1
    taken = [LIST_NAME]
    names = {}
    for sheet in sheets:
        wanted = f"{PurePath(sheet.file).stem}-{sheet.name}" if several else sheet.name
        taken.append(sheet_name(wanted, taken))
        names[sheet.file, sheet.name] = taken[-1]
    return names


def _marks(findings: Sequence[Finding], file: str, sheet: str) -> Marks:
    marks: Marks = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        where = finding.where
        if where is None or (where.file, where.sheet) != (file, sheet):
            continue
        row, column = where.position
        if row and column:
            marks[row - 1][column - 1].append(finding)
    return marks


class _Styles:
    """Formats by shade and number format, made when first asked for."""

    def __init__(self, book: Any, theme: Theme) -> None:
        self._book, self.theme = book, theme
        colours = theme.colours
        self._fills = {"error": colours.error_fill, "warning": colours.warning_fill}
        self._made: dict[tuple[str, str], Any] = {}
        date = theme.formats.date
        self.by_type = {
            dt.date: date,
            dt.datetime: f"{date} hh:mm:ss",
            dt.time: "hh:mm:ss",
            dt.timedelta: "[h]:mm:ss",
        }

    def of(self, shade: str, number_format: str = "") -> Any:
        """The format, or None for a plain cell."""
        if not shade and not number_format:
            return None
        key = (shade, number_format)
        if key not in self._made:
            fill = {"bg_color": self._fills[shade]} if shade else {}
            number = {"num_format": number_format} if number_format else {}
            self._made[key] = self._book.add_format({**fill, **number})
        return self._made[key]


class _SheetCopy:
    """Writes one sheet, row by row from the top (large workbooks are written as they go)."""

    def __init__(self, sheet: Any, raw: RawSheet, styles: _Styles, marks: Marks) -> None:
        self._sheet, self._raw, self._styles, self._marks = sheet, raw, styles, marks
        self._comments_left = MOST_COMMENTS
        self._errors: dict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), text in raw.errors.items():
            self._errors[row - 1][column - 1] = text

    def write(self) -> None:
        """Values, marks, merged cells and widths."""
        self._merge()
        self._set_widths()
        self._colour_tab()
        last = max([len(self._raw.rows) - 1, *self._marks, *self._errors])
        for number in range(last + 1):
            self._write_row(number, self._values(number), self._marks.get(number, {}))
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)

    def _values(self, number: int) -> Sequence[Any]:
        """A row's values; error cells, which the parser leaves empty, say #N/A and the like."""
        values: Sequence[Any] = self._raw.rows[number] if number < len(self._raw.rows) else ()
        errors = self._errors.get(number)
        if not errors:
            return values
        width = max(len(values), max(errors) + 1)
        padded = [*values, *[""] * (width - len(values))]
        return [errors.get(column, value) for column, value in enumerate(padded)]

    def _write_row(
        self, number: int, values: Sequence[Any], marks: dict[int, list[Finding]]
    ) -> None:
        for column, value in enumerate(values):
            if value != "" and value is not None:
                self._write_value(number, column, value, _shade(marks.get(column)))
        for column, findings in marks.items():
            if column >= len(values) or values[column] in ("", None):
                self._sheet.write_blank(number, column, None, self._styles.of(_shade(findings)))
            self._comment(number, column, findings)

    def _write_value(self, row: int, column: int, value: Any, shade: str) -> None:
        kind = type(value)
        if kind is str:
            text = value if len(value) <= _MOST_TEXT else value[:_MOST_TEXT]
            self._sheet.write_string(row, column, text, self._styles.of(shade))
        elif kind is bool:
            self._sheet.write_boolean(row, column, value, self._styles.of(shade))
        elif kind is float or kind is int:
            long = abs(value) >= _FIFTEEN_DIGITS and math.isfinite(value) and value == int(value)
            self._sheet.write_number(
                row, column, value, self._styles.of(shade, "0" if long else "")
            )
        else:
            self._write_moment(row, column, value, shade)

    def _write_moment(self, row: int, column: int, value: Any, shade: str) -> None:
        """A date, moment, time or duration; what Excel cannot hold becomes text."""
        if isinstance(value, dt.datetime) and value.time() == dt.time():
            value = value.date()
        number_format = self._styles.by_type.get(type(value), "")
        if not number_format or (isinstance(value, dt.date) and value.year < 1900):
            self._sheet.write_string(row, column, str(value), self._styles.of(shade))
        else:
            style = self._styles.of(shade, number_format)
            self._sheet.write_datetime(row, column, value, style)

    def _comment(self, row: int, column: int, findings: Sequence[Finding]) -> None:
        """Code, message and advice of every finding on the cell."""
        if not self._comments_left:
            return
        self._comments_left -= 1
        text = "\n".join(
            f"{finding.severity.title} {finding.code}：{finding.message}\n怎么办：{finding.advice}"
            for finding in findings
        )[:_MOST_TEXT]
        lines = sum(math.ceil(display_width(line) / 36) or 1 for line in text.split("\n"))
        size = {"width": 280, "height": min(18 * lines + 12, 400), "font_size": 9}
        self._sheet.write_comment(row, column, text, {**size, "author": "zhubao"})

    def _merge(self) -> None:
        """The merged ranges as they are; the cells are written like any others.

        `merge_range` would write the cells itself, out of order for a range of several rows.
        """
        covered: set[tuple[int, int]] = set()
        for merge in self._raw.merged:
            cells = _cells_of(merge)
            if len(cells) > 1 and covered.isdisjoint(cells):
                covered |= cells
                ends = (merge.first_row, merge.first_column, merge.last_row, merge.last_column)
                self._sheet.merge.append([end - 1 for end in ends])

    def _set_widths(self) -> None:
        """From the first rows; what is merged across columns says nothing about one of them."""
        widths = self._styles.theme.widths
        across = {
            (merge.first_row - 1, merge.first_column - 1)
            for merge in self._raw.merged
            if merge.last_column > merge.first_column
        }
        needed: dict[int, int] = defaultdict(int)
        for number, row in enumerate(self._raw.rows[:_MEASURED_ROWS]):
            for column, value in enumerate(row):
                if value != "" and (number, column) not in across:
                    needed[column] = max(needed[column], _width(value))
        for column, width in needed.items():
            bounded = min(max(width + widths.padding, widths.minimum), widths.maximum)
            self._sheet.set_column(column, column, bounded)

    def _colour_tab(self) -> None:
        marked = [one for row in self._marks.values() for some in row.values() for one in some]
        colours = self._styles.theme.colours
        if marked:
            worst = _shade(marked)
            self._sheet.set_tab_color(
                colours.error_fill if worst == "error" else colours.warning_fill
            )


def _shade(findings: Sequence[Finding] | None) -> str:
    if not findings:
        return ""
    return "error" if any(one.severity is Severity.ERROR for one in findings) else "warning"


def _width(value: Any) -> int:
    if isinstance(value, str):
        return max(map(display_width, value.split("\n")))
    return (
        10
        if isinstance(value, dt.date)
        else len(f"{value:.15g}" if isinstance(value, float) else str(value))
    )


def _cells_of(merge: Merge) -> set[tuple[int, int]]:
    """The cells of a range; none of an absurdly large one."""
    rows = merge.last_row - merge.first_row + 1
    columns = merge.last_column - merge.first_column + 1
    if rows * columns > _LARGEST_MERGE:
        return set()
    return {
        (row, column)
        for row in range(merge.first_row, merge.last_row + 1)
        for column in range(merge.first_column, merge.last_column + 1)
    }
