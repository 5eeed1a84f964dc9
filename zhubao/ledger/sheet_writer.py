"""Writes the rows of one row model to new sheets of an xlsxwriter workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from zhubao.core.errors import OutputError
from zhubao.core.theme import Theme
from zhubao.core.width import display_width
from zhubao.excel.kinds import CellKind
from zhubao.ledger.catalog import kind_of
from zhubao.ledger.cell_styles import CellStyles, set_up_print
from zhubao.ledger.dress import Dress, dressed_date
from zhubao.ledger.guidance import YES_NO_WORDS, comment_of, validation_of
from zhubao.ledger.model import LedgerRow, column_info

Progress = Callable[[int], None]  # called now and then with the number of rows just written
ROWS_PER_SHEET = 1_000_000  # Excel's limit is 1,048,576 with titles and totals
_LAST_ROW = 1_048_575  # 0-based
_MEASURED_ROWS = 200  # rows looked at for the column widths
_STEP = 2_000
_LEAST_WIDTHS = {
    CellKind.IDENTITY: 18,
    CellKind.MOMENT: 16,
    CellKind.DATE: 10,
    CellKind.MONEY: 11,
    CellKind.TEXT: 8,
}


class SheetWriter:
    """One row model in one workbook: as many sheets as its rows need."""

    def __init__(
        self,
        book: Any,
        styles: CellStyles,
        model: type[LedgerRow],
        dress: Dress | None,
        progress: Progress | None = None,
    ) -> None:
        self._book, self._styles, self._model = book, styles, model
        self._dress, self._progress = dress, progress
        self._fields = list(model.model_fields.items())
        self._spans = dress.spans(model) if dress else {}
        self._kinds = [kind_of(field) for _, field in self._fields]

    def write(self, rows: Iterable[Mapping[str, Any]], rows_per_sheet: int) -> None:
        """Write the rows; what does not fit goes to a second sheet, a third, …"""
        source, number = iter(rows), 1
        name = self._model.SHEET.name
        first = list(islice(source, 1))
        while first or number == 1:
            part = _chained(first, islice(source, rows_per_sheet - 1))
            self._write_sheet(name if number == 1 else f"{name}{number}", part)
            first, number = list(islice(source, 1)), number + 1

    def _write_sheet(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        sheet = self._book.add_worksheet(name)
        top = self._write_heading(sheet)
        header_rows = self._write_header(sheet, top)
        first = header_rows[1] + 1
        count, totals, widths = self._write_rows(sheet, first, rows)
        total_width = self._set_columns(sheet, widths)
        self._add_validations(sheet, first, count)
        sheet.freeze_panes(first, 1)
        last_column = len(self._fields) - 1
        sheet.autofilter(header_rows[1], 0, max(header_rows[1], first + count - 1), last_column)
        set_up_print(sheet, self._styles.theme, header_rows, total_width)
        if self._dress:
            self._write_foot(sheet, first, count, totals)

    def _write_heading(self, sheet: Any) -> int:
        """Title and maker's line of a dressed ledger; the first free row."""
        if self._dress is None:
            return 0
        last, sizes = len(self._fields) - 1, self._styles.theme.sizes
        sheet.merge_range(0, 0, 0, last, self._dress.title(self._model), self._styles.title)
        sheet.set_row(0, sizes.title * 2)
        sheet.write_string(1, 0, self._dress.maker(), self._styles.note_left)
        sheet.write_string(1, last, self._dress.made(self._model), self._styles.note_right)
        return 2

    def _write_header(self, sheet: Any, top: int) -> tuple[int, int]:
        """The header in one row, or in two when there are groups; (first, last) row."""
        bottom = top + 1 if self._spans else top
        for title, (first, last) in self._spans.items():
            if first == last:
                sheet.write_string(top, first, title, self._styles.group)
            else:
                sheet.merge_range(top, first, top, last, title, self._styles.group)
        grouped = {
            column for first, last in self._spans.values() for column in range(first, last + 1)
        }
        for column, (name, field) in enumerate(self._fields):
            style = self._styles.required if field.is_required() else self._styles.optional
            header, row = column_info(field).header, bottom if column in grouped else top
            if row < bottom:
                sheet.merge_range(top, column, bottom, column, header, style)
            else:
                sheet.write_string(row, column, header, style)
            sheet.write_comment(row, column, comment_of(self._model, name), self._comment_look())
        sheet.set_row(bottom, self._styles.theme.sizes.header_height)
        return top, bottom

    def _write_rows(
        self, sheet: Any, first: int, rows: Iterable[Mapping[str, Any]]
    ) -> tuple[int, dict[int, int], list[int]]:
        """Write the rows; (how many, column → sum in fen, column → display width)."""
        names = {name: column for column, (name, _) in enumerate(self._fields)}
        writers = [self._writer(sheet, kind) for kind in self._kinds]
        money = [c for c, kind in enumerate(self._kinds) if kind is CellKind.MONEY]
        totals, widths, count = dict.fromkeys(money, 0), [0] * len(names), 0
        for count, record in enumerate(rows, 1):
            row = first + count - 1
            for name, value in record.items():
                if value is not None:
                    column = names[name]
                    writers[column](row, column, value)
                    if column in totals:
                        totals[column] += value
            if count <= _MEASURED_ROWS:
                _measure(widths, names, record)
            if self._progress and count % _STEP == 0:
                self._progress(_STEP)
        if self._progress and count % _STEP:
            self._progress(count % _STEP)
        return count, totals, widths

    def _writer(self, sheet: Any, kind: CellKind) -> Callable[[int, int, Any], None]:
        """The function that writes a value of this kind as (row, column, value)."""
        style, number, text = self._styles.by_kind[kind], sheet.write_number, _text_writer(sheet)
        if kind is CellKind.MONEY:
            return lambda row, column, value: number(row, column, value / 100, style)
        if kind is CellKind.INTEGER:
            return lambda row, column, value: number(row, column, value, style)
        if kind is CellKind.DECIMAL:
            return lambda row, column, value: number(row, column, float(value), style)
        if kind is CellKind.DATE and self._dress and self._dress.mixed_dates:
            return lambda row, column, value: self._write_odd_date(sheet, row, column, value)
        if kind in (CellKind.DATE, CellKind.MOMENT):
            return lambda row, column, value: sheet.write_datetime(row, column, value, style)
        if kind is CellKind.YES_NO:
            yes, no = YES_NO_WORDS
            return lambda row, column, value: text(row, column, yes if value else no, style)
        return lambda row, column, value: text(row, column, str(value), style)

    def _write_odd_date(self, sheet: Any, row: int, column: int, day: dt.date) -> None:
        written = dressed_date(day, row)
        if isinstance(written, dt.date):
            sheet.write_datetime(row, column, written, self._styles.by_kind[CellKind.DATE])
        elif isinstance(written, int):
            sheet.write_number(row, column, written, self._styles.odd_date)
        else:
            sheet.write_string(row, column, written, self._styles.odd_date_text)

    def _set_columns(self, sheet: Any, widths: list[int]) -> float:
        """Width and format of every column, so that rows typed in later look the same.

        Returns the width of all columns together.
        """
        total = 0.0
        for column, (_, field) in enumerate(self._fields):
            kind = self._kinds[column]
            wanted = _column_width(column_info(field).header, kind, widths[column])
            width = _bounded(wanted, self._styles.theme)
            sheet.set_column(column, column, width, self._styles.by_kind[kind])
            total += width
        return total

    def _add_validations(self, sheet: Any, first: int, count: int) -> None:
        """Over every row that may ever be typed in; in a dressed ledger over its rows only."""
        last = first + count - 1 if self._dress else _LAST_ROW
        for column, (_, field) in enumerate(self._fields):
            odd = self._dress is not None and self._kinds[column] is CellKind.DATE
            validation = None if odd or self._model.SHEET.computed else validation_of(field)
            if validation and last >= first:
                sheet.data_validation(first, column, last, column, validation)

    def _write_foot(self, sheet: Any, first: int, count: int, totals: Mapping[int, int]) -> None:
        """Total row and footnote of a dressed ledger."""
        assert self._dress is not None
        row, last = first + count, len(self._fields) - 1
        if self._dress.totals and totals and count:
            for column in range(last + 1):
                sheet.write_blank(row, column, None, self._styles.total_label)
            sheet.write_string(row, 0, "合计", self._styles.total_label)
            for column, fen in totals.items():
                letter = _letters(column)
                formula = f"=SUM({letter}{first + 1}:{letter}{row})"
                sheet.write_formula(row, column, formula, self._styles.total_money, fen / 100)
            row += 1
        note = self._dress.footnotes.get(self._model)
        if note:
            sheet.merge_range(row, 0, row, last, note, self._styles.note)

    def _comment_look(self) -> dict[str, Any]:
        theme = self._styles.theme
        return {
            "font_name": theme.fonts.body[0],
            "font_size": theme.sizes.note,
            "x_scale": 2,
            "y_scale": 1.4,
        }


def _chained(
    first: list[Mapping[str, Any]], rest: Iterable[Mapping[str, Any]]
) -> Iterable[Mapping[str, Any]]:
    yield from first
    yield from rest


def _text_writer(sheet: Any) -> Callable[[int, int, str, Any], None]:
    write_string = sheet.write_string

    def write(row: int, column: int, text: str, style: Any) -> None:
        if write_string(row, column, text, style):
            raise OutputError(
                f"第 {row + 1} 行的文字太长，一个单元格放不下",
                where=sheet.name,
                advice="请缩短到 32767 个字以内",
            )

    return write


def _measure(widths: list[int], names: Mapping[str, int], record: Mapping[str, Any]) -> None:
    for name, value in record.items():
        if isinstance(value, str) and display_width(value) > widths[names[name]]:
            widths[names[name]] = display_width(value)


def _column_width(header: str, kind: CellKind, content: int) -> float:
    """Room for the content; a long header may break into two lines; the filter arrow takes two."""
    wide = display_width(header)
    header_room = wide if wide <= 8 else max(8, (wide + 1) // 2)
    return max(header_room + 2, content, _LEAST_WIDTHS.get(kind, 0))


def _bounded(width: float, theme: Theme) -> float:
    widths = theme.widths
    return min(max(width + widths.padding, widths.minimum), widths.maximum)


def _letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
