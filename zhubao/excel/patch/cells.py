"""A value as the XML of one cell. Texts are inline strings: the shared strings stay as they are."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from xml.sax.saxutils import escape

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.patch.plan import CellValue

MAX_TEXT = 32_767  # UTF-16 units in one cell
_EXACT = 1 << 53  # beyond it not every whole number is a double
_LARGEST = 9.99999999999999e307  # what Excel takes
FORMULA_STARTS = ("=", "+", "-", "@")  # what Excel would take for a formula when it is typed in

_EPOCH_1900 = dt.datetime(1899, 12, 30)
_EPOCH_1904 = dt.datetime(1904, 1, 1)
_LEAP_BUG = 61  # serials below count a 29 February 1900 that never was
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell_xml(
    ref: str, kept: str, value: CellValue, *, prefix: str = "", date1904: bool, where: str = ""
) -> str:
    """`<c>` with this value; `kept` are the attributes the cell keeps, each with a blank before.

    `where` is the sheet, for messages. Raises LedgerNotWritable for what no cell can hold.
    """
    try:
        return _cell_xml(ref, kept, value, prefix, date1904)
    except LedgerNotWritable as error:
        error.where = f"{where}!{ref}" if where else ref
        raise


def _cell_xml(ref: str, kept: str, value: CellValue, prefix: str, date1904: bool) -> str:
    attributes = f' r="{ref}"{kept}'
    if value is None or value == "":
        return f"<{prefix}c{attributes}/>"
    if isinstance(value, str):
        text = f"<{prefix}is><{prefix}t{_space(value)}>{text_xml(value)}</{prefix}t></{prefix}is>"
        return f'<{prefix}c{attributes} t="inlineStr">{text}</{prefix}c>'
    kind = ' t="b"' if isinstance(value, bool) else ""
    number = number_text(value, date1904=date1904)
    return f"<{prefix}c{attributes}{kind}><{prefix}v>{number}</{prefix}v></{prefix}c>"


def number_text(
    value: bool | int | float | Decimal | dt.date | dt.datetime, *, date1904: bool
) -> str:
    """What stands in `<v>`: whole numbers plain, others as the shortest text of the double.

    LedgerNotWritable for days before the workbook's first, and for what is no cell's number.
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dt.date):
        value = _serial_or_refusal(value, date1904)
    if isinstance(value, int) and abs(value) < _EXACT:
        return str(value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not abs(number) <= _LARGEST:  # neither is a NaN
        raise LedgerNotWritable("这个数单元格放不下", advice="请核对这个数，改正后再重试")
    return repr(number).removesuffix(".0")


def _serial_or_refusal(day: dt.date, date1904: bool) -> int | float:
    try:
        return serial_of(day, date1904=date1904)
    except ValueError as error:
        first = 1904 if date1904 else 1900
        raise LedgerNotWritable(
            f"日期 {day} 早于 {first} 年 1 月 1 日，这个工作簿放不下",
            advice="请核对日期；确实这么早的，请改写成文字",
        ) from error


def serial_of(day: dt.date | dt.datetime, *, date1904: bool) -> int | float:
    """Days since the workbook's epoch; ValueError before it."""
    moment = day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time())
    gone = moment - (_EPOCH_1904 if date1904 else _EPOCH_1900)
    serial = gone.days + gone.seconds / 86_400 if gone.seconds else gone.days
    if not date1904 and serial < _LEAP_BUG:
        serial -= 1
    if serial < 0:
        raise ValueError(f"{day} lies before the workbook's first day")
    return serial


def text_xml(text: str) -> str:
    """Escaped for XML; characters XML cannot hold as _xHHHH_, as Excel writes them."""
    units = len(text) + sum(ch > "\uffff" for ch in text)
    if units > MAX_TEXT:
        raise LedgerNotWritable(
            f"文字有 {units:,} 个字，一个单元格最多放 {MAX_TEXT:,} 个",
            advice="请缩短文字，或分到几个单元格里",
        )
    guarded = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(_UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", guarded))


def _space(text: str) -> str:
    """Blanks at the ends, and line breaks, are kept only when told to."""
    kept = text != text.strip() or "\n" in text or "\t" in text or "  " in text
    return ' xml:space="preserve"' if kept else ""
