"""One table on one worksheet: title, header, rows, totals, notes, charts, print set-up."""

from __future__ import annotations

import math
import re
from itertools import count
from typing import Any

from zhubao.core.report import Chart, Ratio, Report, Row, Table, ValueKind
from zhubao.core.sheet_names import quoted
from zhubao.core.width import display_width
from zhubao.core.workbook_look import set_up_print
from zhubao.render.cells import Cells, Slot, fitting, number_of
from zhubao.render.lanes import Lane, lanes_of
from zhubao.render.sources import Links
from zhubao.render.wording import NO_VALUE, NUMERIC
from zhubao.render.xlsx_styles import Styles

HEADER_ROW = 2  # 0-based, below title and circumstances
FIRST_ROW = HEADER_ROW + 1
MOST_LINKS = 65_530  # hyperlinks Excel accepts on a sheet
_CHART_HEIGHT = 260  # pixels
_CHART_WIDTHS = (360, 640)
_PIXELS_PER_CHARACTER = 7
_POINTS_PER_PIXEL = 0.75
_AXIS_FORMAT = "#,##0"
_LABEL_FORMAT = "#,##0;-#,##0;;"  # a zero has no bar and no label
_ROOM_TO_SIGN = 12  # full-width spaces after each signatory
_NAME_IN_FORMULA = re.compile(r"\{([\w.]+)\}")


class TableSheet:
    """Writes `table` to `sheet`, an empty worksheet of an xlsxwriter workbook."""

    def __init__(self, book: Any, sheet: Any, table: Table, styles: Styles, links: Links) -> None:
        self._book, self._sheet, self._table = book, sheet, table
        self._styles, self._links = styles, links
        self._lanes = lanes_of(table, styles.theme.widths)
        printed = [lane for lane in self._lanes if lane.printed]
        self._printed, self._width = len(printed), sum(lane.width for lane in printed)
        self._wrapping = [lane for lane in printed if lane.wraps]
        self._cells = Cells(sheet, styles)
        self._slots: dict[str, list[tuple[int, Lane, Slot]]] = {}
        self._links_left = MOST_LINKS
        self._last = FIRST_ROW + len(table.rows) - 1

    def write(self, report: Report, *, with_report_notes: bool) -> None:
        """Everything the table has to say; the report's own notes on one sheet only."""
        self._set_columns()
        self._write_heading(report)
        self._write_header()
        for offset, row in enumerate(self._table.rows):
            self._write_row(FIRST_ROW + offset, row)
        below = self._write_totals()
        self._write_formulas()
        below = self._write_signatures(below)
        notes = (
            *self._table.notes,
            *((*report.notes, *report.references) if with_report_notes else ()),
        )
        below = self._write_notes(below, notes)
        below = self._add_charts(below + 1)
        if self._printed < len(self._lanes):
            self._sheet.print_area(0, 0, below, self._printed - 1)
        set_up_print(self._sheet, self._styles.theme, HEADER_ROW, self._width)

    def _set_columns(self) -> None:
        sheet, sizes = self._sheet, self._styles.theme.sizes
        sheet.set_default_row(sizes.row_height)
        for column, lane in enumerate(self._lanes):
            sheet.set_column(column, column, lane.width)
        sheet.set_row(0, sizes.title * 2)
        sheet.set_row(HEADER_ROW, sizes.header_height)
        sheet.freeze_panes(FIRST_ROW, 1)

    def _write_heading(self, report: Report) -> None:
        title = report.title
        if len(report.tables) > 1 and self._table.title != title:
            title = f"{title}　{self._table.title}"
        scale = self._styles.theme.sizes.title / self._styles.theme.sizes.body
        last = self._printed - 1
        if last and display_width(title) * scale <= self._width:
            self._sheet.merge_range(0, 0, 0, last, title, self._styles.title)
        else:
            self._sheet.write_string(0, 0, title, self._styles.title_left)
        words = _circumstances(report, self._lanes)
        self._sheet.write_string(1, 0, words, self._styles.circumstances)

    def _write_header(self) -> None:
        for column, lane in enumerate(self._lanes):
            self._sheet.write_string(HEADER_ROW, column, lane.title, self._styles.header)
            if lane.note:
                lines = math.ceil(display_width(lane.note) / 28) + 1
                size = {"width": 220, "height": 18 * lines, "font_size": 9}
                self._sheet.write_comment(HEADER_ROW, column, lane.note, size)
        last_row = max(HEADER_ROW, self._last)
        self._sheet.autofilter(HEADER_ROW, 0, last_row, len(self._lanes) - 1)

    def _write_row(self, number: int, row: Row) -> None:
        put, values = self._cells.put, row.values
        for column, lane, slot in self._slots_of(row.emphasis):
            if lane.index < 0:
                self._write_source(number, column, lane, row)
            elif lane.part:
                part = self._cells.slot(lane.kind_of(values), row.emphasis)
                put(number, column, lane.of(values), part)
            else:
                put(number, column, values[lane.index], slot)
        lines = max((lane.lines(values) for lane in self._wrapping), default=1)
        if lines > 1:
            self._sheet.set_row(number, self._styles.theme.sizes.body * 1.3 * lines + 5)

    def _slots_of(self, emphasis: str) -> list[tuple[int, Lane, Slot]]:
        if emphasis not in self._slots:
            slots = (self._cells.slot(lane.kind, emphasis) for lane in self._lanes)
            self._slots[emphasis] = list(zip(count(), self._lanes, slots, strict=False))
        return self._slots[emphasis]

    def _write_source(self, number: int, column: int, lane: Lane, row: Row) -> None:
        text: str = lane.value(row)
        link = None
        if lane.part == "first source" and row.sources and self._links_left:
            link = self._links.to(row.sources[0])
        if not text:
            self._sheet.write_blank(number, column, None, self._styles.source)
        elif link is None:
            self._sheet.write_string(number, column, fitting(text), self._styles.source)
        if link is None:
            return
        self._links_left -= 1
        self._sheet.write_url(number, column, link, self._styles.link, text)

    def _write_totals(self) -> int:
        """The totals, sums as formulas that follow the filter; the first row below."""
        totals = self._table.totals
        if totals is None:
            return self._last + 1
        row = self._last + 1
        for column, lane in enumerate(self._lanes):
            value = lane.of(totals)
            if self._is_summed(lane, value):
                letters = _letters(column)
                formula = f"=SUBTOTAL(9,{letters}{FIRST_ROW + 1}:{letters}{self._last + 1})"
                style = self._styles.cell(lane.kind, "total")
                self._sheet.write_formula(row, column, formula, style, number_of(value, lane.kind))
            else:
                self._cells.write(row, column, value, lane.kind_of(totals), "total")
        return row + 1

    def _is_summed(self, lane: Lane, value: Any) -> bool:
        summable = not lane.part and lane.key in self._table.summable and lane.kind in NUMERIC
        return summable and bool(self._table.rows) and number_of(value, lane.kind) is not None

    def _write_formulas(self) -> None:
        """Overwrite computed values by their column's formula, the value cached; sums stay sums."""
        if not any(column.formula for column in self._table.columns):
            return
        letters = {self._name(lane): _letters(at) for at, lane in enumerate(self._lanes)}
        lines = [
            (FIRST_ROW + at, one.values, one.emphasis) for at, one in enumerate(self._table.rows)
        ]
        if self._table.totals is not None:
            lines.append((self._last + 1, self._table.totals, "total"))
        for column, lane in enumerate(self._lanes):
            template = "" if lane.index < 0 or lane.part else self._formula(lane)
            for row, values, emphasis in lines if template else ():
                value = lane.of(values)
                if value is None or (row > self._last and self._is_summed(lane, value)):
                    continue
                text = _with_cells(template, letters, row + 1)
                style = self._styles.cell(lane.kind, emphasis)
                self._sheet.write_formula(row, column, text, style, _cached(value, lane.kind))

    def _formula(self, lane: Lane) -> str:
        return self._table.columns[lane.index].formula

    def _name(self, lane: Lane) -> str:
        """What a formula calls the column: its key, or key.numerator."""
        if lane.index < 0:
            return ""
        key = self._table.columns[lane.index].key
        return f"{key}.{lane.part}" if lane.part else key

    def _write_signatures(self, row: int) -> int:
        """One line to sign on, across the printed columns; the first row below."""
        if not self._table.signatures:
            return row
        text = ("　" * _ROOM_TO_SIGN).join(f"{who}：" for who in self._table.signatures)
        if self._printed > 1:
            self._sheet.merge_range(row, 0, row, self._printed - 1, "", self._styles.signature)
        self._sheet.write_string(row, 0, text, self._styles.signature)
        self._sheet.set_row(row, self._styles.theme.sizes.row_height * 2)
        return row + 1

    def _write_notes(self, row: int, notes: tuple[str, ...]) -> int:
        last, sizes = self._printed - 1, self._styles.theme.sizes
        for note in notes:
            text = fitting(f"注：{note}")
            scale = sizes.note / sizes.body
            lines = math.ceil(display_width(text) * scale / max(self._width - 2, 20))
            if last:
                self._sheet.merge_range(row, 0, row, last, "", self._styles.note)
            self._sheet.write_string(row, 0, text, self._styles.note)
            self._sheet.set_row(row, max(sizes.row_height, lines * sizes.note * 1.35 + 3))
            row += 1
        return row

    def _add_charts(self, row: int) -> int:
        """The charts one below the other; the last row used."""
        height = _CHART_HEIGHT * _POINTS_PER_PIXEL
        step = math.ceil(height / self._styles.theme.sizes.row_height) + 1
        for chart in self._table.charts if self._table.rows else ():
            self._sheet.insert_chart(row, 0, self._chart(chart))
            row += step
        return row - 1

    def _chart(self, chart: Chart) -> Any:
        """A native chart over the rows on this sheet."""
        font = self._styles.theme.fonts.body[0]
        made = self._book.add_chart(
            {"type": chart.kind} | ({"subtype": "stacked"} if chart.stacked else {})
        )
        for key in chart.series:
            options: dict[str, Any] = {
                "name": [self._sheet.get_name(), HEADER_ROW, self._column(key)],
                "categories": self._span(chart.category),
                "values": self._span(key),
            }
            if chart.kind == "pie":
                options["data_labels"] = {"percentage": True, "category": True}
            elif chart.kind == "bar":
                options["data_labels"] = {"value": True, "num_format": _LABEL_FORMAT}
            made.add_series(options)
        made.set_title({"name": chart.title, "name_font": {"name": font, "size": 12}})
        made.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
        self._set_axes(made, chart)
        least, most = _CHART_WIDTHS
        width = min(max(self._width * _PIXELS_PER_CHARACTER, least), most)
        made.set_size({"width": width, "height": _CHART_HEIGHT})
        return made

    def _set_axes(self, made: Any, chart: Chart) -> None:
        """Thousands apart; of a bar chart the first row on top and the values below."""
        grid = {"visible": True, "line": {"color": self._styles.theme.colours.border}}
        if chart.kind == "bar":  # its y axis has the categories
            made.set_y_axis(
                {"reverse": True, "crossing": "max", "major_gridlines": {"visible": False}}
            )
            made.set_x_axis({"num_format": _AXIS_FORMAT, "major_gridlines": grid})
        elif chart.kind != "pie":
            made.set_y_axis({"num_format": _AXIS_FORMAT, "major_gridlines": grid})

    def _span(self, key: str) -> str:
        column = _letters(self._column(key))
        sheet = quoted(self._sheet.get_name())
        return f"={sheet}!${column}${FIRST_ROW + 1}:${column}${self._last + 1}"

    def _column(self, key: str) -> int:
        """The worksheet column of a table's column; KeyError when there is none."""
        for column, lane in enumerate(self._lanes):
            if lane.key == key:
                return column
        raise KeyError(key)


def _circumstances(report: Report, lanes: list[Lane]) -> str:
    money = any(lane.kind is ValueKind.MONEY for lane in lanes)
    parts = (
        report.bureau,
        f"期间：{report.period}" if report.period else "",
        report.cut_off("截止日期："),
        "金额单位：元" if money else "",
    )
    return "　　".join(part for part in parts if part)


def _with_cells(template: str, letters: dict[str, str], row: int) -> str:
    """The formula of one row; KeyError when it names a column that is not there."""
    return "=" + _NAME_IN_FORMULA.sub(lambda found: f"{letters[found[1]]}{row}", template)


def _cached(value: Any, kind: ValueKind) -> Any:
    """The value a formula cell shows until it is calculated anew."""
    if isinstance(value, Ratio):
        return NO_VALUE if value.value is None else value.value
    return value / 100 if kind is ValueKind.MONEY and isinstance(value, int) else value


def _letters(column: int) -> str:
    """0 → A, 26 → AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
