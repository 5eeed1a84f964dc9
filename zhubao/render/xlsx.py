"""A Report as a workbook: one sheet per table, ready to print, every row linked to its source."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import xlsxwriter

from zhubao.core.errors import OutputError
from zhubao.core.output_file import replacing
from zhubao.core.report import Report, Table
from zhubao.core.sheet_names import sheet_name
from zhubao.core.theme import Theme
from zhubao.core.workbook_look import book_options
from zhubao.render.finding_tables import findings_by_place
from zhubao.render.sources import Links
from zhubao.render.worksheet import TableSheet
from zhubao.render.xlsx_styles import Styles

MOST_ROWS = 1_000_000  # Excel's limit is 1,048,576, with title, totals and notes
_MADE_AT = dt.date(2020, 1, 1)  # for reports without a cut-off date: same input, same file


def write_xlsx(
    report: Report, path: Path, theme: Theme, *, source_root: Path | None = None
) -> None:
    """Write `report` to `path`, which is complete or untouched.

    One sheet per table, one more for findings. Each row's first source is a link to the ledger
    cell below `source_root` (plain text without it), relative, so that a bureau folder can move.
    Text is stored as text, whatever it begins with. OutputError when the place cannot be written
    or a table has more rows than a sheet holds.
    """
    tables = [*report.tables]
    if report.findings or not tables:
        tables.append(findings_by_place(report.findings))
    for table in tables:
        _refuse_too_long(table, path)
    links = Links(path, source_root)
    with replacing(path) as stream:
        book = xlsxwriter.Workbook(stream, book_options(theme) | {"in_memory": True})
        made = dt.datetime.combine(report.as_of or _MADE_AT, dt.time())
        book.set_properties({"title": report.title, "author": report.bureau, "created": made})
        styles, names = Styles(book, theme), list[str]()
        for number, table in enumerate(tables):
            names.append(sheet_name(table.title, names))
            sheet = TableSheet(book, book.add_worksheet(names[-1]), table, styles, links)
            sheet.write(report, with_report_notes=number == 0)
        book.close()


def _refuse_too_long(table: Table, path: Path) -> None:
    if len(table.rows) > MOST_ROWS:
        raise OutputError(
            f"“{table.title}”有 {len(table.rows):,} 行，一张工作表放不下",
            where=str(path),
            advice="请缩小期间或范围，或改用 --json 输出",
        )
