"""Values into the cells of a worksheet, each as its own type."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any, NamedTuple

from zhubao.core.period import Month
from zhubao.core.report import Ratio, ValueKind
from zhubao.render.wording import NO_VALUE, word
from zhubao.render.xlsx_styles import Styles

MOST_TEXT = 32_767  # characters Excel accepts in a cell
_SERIALS_RUN_FROM = dt.date(1900, 3, 1)  # after the 29 February that Excel believes in
_DAY_ZERO = dt.date(1899, 12, 30).toordinal()
_CUT = "……（已截断）"


class Slot(NamedTuple):
    """How the cells of a column are written in rows of one emphasis."""

    kind: ValueKind
    emphasis: str
    style: Any
    is_fen: bool


class Cells:
    """Writes values to `sheet`, a worksheet of an xlsxwriter workbook."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self._sheet, self._styles = sheet, styles
        self._text, self._amount = sheet.write_string, sheet.write_number
        self._blank = sheet.write_blank

    def write(self, row: int, column: int, value: Any, kind: ValueKind, emphasis: str) -> None:
        """A value as its own type; a value that does not fit its column's kind as text."""
        self.put(row, column, value, self.slot(kind, emphasis))

    def slot(self, kind: ValueKind, emphasis: str) -> Slot:
        """What cells of this kind and emphasis have in common."""
        style = self._styles.cell(kind, emphasis)
        return Slot(kind, emphasis, style, kind is ValueKind.MONEY)

    def put(self, row: int, column: int, value: Any, slot: Slot) -> None:
        """Like `write`. Most values are plain, and there are many: they are told by their type."""
        plain = type(value)
        if value is None or value == "":
            self._blank(row, column, None, slot.style)
        elif plain is str:
            self._text(row, column, fitting(value), slot.style)
        elif plain is int:
            self._amount(row, column, value / 100 if slot.is_fen else value, slot.style)
        else:
            self._write_other(row, column, value, slot.kind, slot.emphasis)

    def _write_other(
        self, row: int, column: int, value: Any, kind: ValueKind, emphasis: str
    ) -> None:
        style = self._styles.cell(kind, emphasis)
        if isinstance(value, str):
            self._text(row, column, fitting(value), style)
        elif isinstance(value, Ratio):
            self._write_ratio(row, column, value, emphasis)
        elif isinstance(value, dt.date):
            self._write_day(row, column, value, ValueKind.DATE, emphasis)
        elif isinstance(value, Month):
            self._write_day(row, column, value.first_day, ValueKind.MONTH, emphasis)
        elif (number := number_of(value, kind)) is not None:
            self._amount(row, column, number, style)
        else:
            self._text(row, column, fitting(word(value, kind)), style)

    def _write_ratio(self, row: int, column: int, ratio: Ratio, emphasis: str) -> None:
        style = self._styles.cell(ValueKind.RATIO, emphasis)
        if ratio.value is None:
            self._text(row, column, NO_VALUE, style)
        else:
            self._amount(row, column, ratio.value, style)

    def _write_day(
        self, row: int, column: int, day: dt.date, kind: ValueKind, emphasis: str
    ) -> None:
        """A date; before 1900 Excel knows none, so text."""
        style = self._styles.cell(kind, emphasis)
        if day.year < 1900:
            self._text(row, column, str(day), style)
        elif type(day) is dt.date and day >= _SERIALS_RUN_FROM:
            self._amount(row, column, day.toordinal() - _DAY_ZERO, style)
        else:
            self._sheet.write_datetime(row, column, day, style)


def number_of(value: Any, kind: ValueKind) -> float | None:
    """The number Excel is to hold, or None when the value is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = value / 100 if kind is ValueKind.MONEY else value
    return number if isinstance(number, int) or math.isfinite(number) else None  # type: ignore[return-value]


def fitting(text: str) -> str:
    """The text, cut where Excel would refuse it."""
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - len(_CUT)] + _CUT
