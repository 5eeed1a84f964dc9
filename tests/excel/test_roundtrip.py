from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.excel.book import open_book
from zhubao.excel.kinds import CellKind
from zhubao.excel.table import ColumnSpec, TypedTable, read_table

SPECS = (
    ColumnSpec("no", "编号", (), CellKind.CODE, required=True),
    ColumnSpec("day", "日期", (), CellKind.DATE),
    ColumnSpec("day_text", "日期文字", (), CellKind.DATE),
    ColumnSpec("amount", "金额", (), CellKind.MONEY),
    ColumnSpec("amount_text", "金额文字", (), CellKind.MONEY),
    ColumnSpec("month", "月份", (), CellKind.MONTH),
    ColumnSpec("text", "文字", (), CellKind.TEXT),
)
HEADERS = [spec.header for spec in SPECS]

RECORDS = st.lists(
    st.tuples(
        st.dates(dt.date(1905, 10, 3), dt.date(2099, 12, 31)),
        st.integers(-(10**11), 10**11),
        st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20),
    ),
    min_size=1,
    max_size=20,
)
QUICK = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

Record = tuple[dt.date, int, str]


def rows_of(records: list[Record]) -> list[list[Any]]:
    return [
        [
            f"N{number:04d}",
            day,
            f"{day.year}年{day.month}月{day.day}日",
            fen / 100,
            format_yuan(fen, unit="元"),
            f"{day.year}{day.month:02d}",
            text,
        ]
        for number, (day, fen, text) in enumerate(records, 1)
    ]


def check(path: Path, records: list[Record]) -> None:
    table = read_table(open_book(path).sheets[0], SPECS)
    assert isinstance(table, TypedTable)
    assert [finding for finding in table.findings if finding.severity == "error"] == []
    days = [day for day, _, _ in records]
    amounts = [fen for _, fen, _ in records]
    assert table.rows == list(range(2, len(records) + 2))
    assert table.columns["no"].values == [f"N{i:04d}" for i in range(1, len(records) + 1)]
    assert table.columns["day"].values == days
    assert table.columns["day_text"].values == days
    assert table.columns["amount"].values == amounts
    assert table.columns["amount_text"].values == amounts
    assert table.columns["month"].values == [Month.containing(day) for day in days]


@QUICK
@given(RECORDS)
def test_what_xlsxwriter_writes_is_read_back(tmp_path: Path, records: list[Record]) -> None:
    path = tmp_path / "写.xlsx"
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    for number, row in enumerate(rows_of(records), 1):
        sheet.write_row(number, 0, row[:6])
        sheet.write_string(number, 6, str(row[6]))
    book.close()
    path.write_bytes(buffer.getvalue())
    check(path, records)


@QUICK
@given(RECORDS)
def test_what_openpyxl_writes_is_read_back(tmp_path: Path, records: list[Record]) -> None:
    path = tmp_path / "写.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEADERS, *rows_of(records)]:
        sheet.append(row)
    book.save(path)
    check(path, records)
