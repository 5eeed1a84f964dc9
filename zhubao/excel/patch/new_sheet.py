"""A sheet added at the end of a workbook: its part, and the three places that must know of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.address import make_ref
from zhubao.excel.patch.cells import FORMULA_STARTS, cell_xml
from zhubao.excel.patch.plan import CellValue, NewSheet
from zhubao.excel.patch.rows import kept_attributes
from zhubao.excel.patch.styles import Styles

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SHEETS_END = re.compile(rb"</((?:\w+:)?)sheets\s*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_SHEET_ID = re.compile(rb"""\ssheetId=["'](\d+)["']""")
_IDS = re.compile(rb"""\sId=["']([^"']*)["']""")
_WIDTH = 12.0
_QUOTES = {'"': "&quot;"}


@dataclass(frozen=True, slots=True)
class Places:
    """The parts that list the sheets of a workbook, as they stand."""

    workbook: bytes
    relations: bytes
    content_types: bytes


def add_to(places: Places, sheet: NewSheet, part: str, file: str) -> Places:
    """The three parts with the new sheet in part `part` ("xl/worksheets/sheet9.xml") listed."""
    end = _SHEETS_END.search(places.workbook)
    known = _SHEET.findall(places.workbook)
    relations_end = places.relations.rfind(b"</")
    types_end = places.content_types.rfind(b"</")
    if end is None or min(relations_end, types_end) < 0:
        raise LedgerNotWritable(
            f"{file} 的写法不常见，加不了新工作表",
            where=file,
            advice="请用 Excel 或 WPS 打开，保存一次，再重试",
        )
    number = max((int(m[1]) for tag in known if (m := _SHEET_ID.search(tag))), default=0) + 1
    relation = _free_id({one.decode() for one in _IDS.findall(places.relations)})
    name = escape(sheet.name, _QUOTES)
    listed = f'<{end[1].decode()}sheet xmlns:r="{_RELATIONS}" name="{name}" sheetId="{number}"'
    listed += f' r:id="{relation}"/>'
    relation_prefix = _closing_prefix(places.relations[relations_end:])
    types_prefix = _closing_prefix(places.content_types[types_end:])
    link = f'<{relation_prefix}Relationship Id="{relation}" Type="{_RELATION}" Target="/{part}"/>'
    kind = f'<{types_prefix}Override PartName="/{part}" ContentType="{_TYPE}"/>'
    return Places(
        places.workbook[: end.start()] + listed.encode() + places.workbook[end.start() :],
        places.relations[:relations_end] + link.encode() + places.relations[relations_end:],
        places.content_types[:types_end] + kind.encode() + places.content_types[types_end:],
    )


def sheet_xml(sheet: NewSheet, styles: Styles, *, date1904: bool) -> Iterator[bytes]:
    """The worksheet part: header in bold and frozen, filter, widths, values."""
    width = len(sheet.header)
    last = make_ref(len(sheet.rows) + 1, max(width, 1))
    yield (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:{last}"/><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews>'
        f"{_columns_xml(sheet)}<sheetData>"
    ).encode()
    bold = kept_attributes(styles.bold())
    header = "".join(
        cell_xml(make_ref(1, column), bold, title, date1904=date1904, where=sheet.name)
        for column, title in enumerate(sheet.header, 1)
    )
    yield f'<row r="1">{header}</row>'.encode()
    for number, values in enumerate(sheet.rows, 2):
        yield _row_xml(number, sheet, values, styles, date1904).encode()
    yield f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode()


def _row_xml(
    number: int, sheet: NewSheet, values: tuple[CellValue, ...], styles: Styles, date1904: bool
) -> str:
    cells = []
    for column, value in enumerate(values, 1):
        wanted = sheet.number_formats[column - 1] if sheet.number_formats else ""
        quoted = isinstance(value, str) and value.startswith(FORMULA_STARTS)
        kept = kept_attributes(styles.made(wanted, quoted=quoted))
        ref = make_ref(number, column)
        cells.append(cell_xml(ref, kept, value, date1904=date1904, where=sheet.name))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _columns_xml(sheet: NewSheet) -> str:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(sheet.widths or (_WIDTH,) * len(sheet.header), 1)
    )
    return f"<cols>{columns}</cols>" if columns else ""


def _free_id(taken: set[str]) -> str:
    number = len(taken) + 1
    while f"rId{number}" in taken:
        number += 1
    return f"rId{number}"


def _closing_prefix(end: bytes) -> str:
    match = re.match(rb"</((?:\w+:)?)", end)
    return match[1].decode() if match else ""
