"""A small bureau on disk, dressed as clerks keep it: titles, a total row, a note, odd spellings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from zhubao.core.theme import Formats
from zhubao.ledger.bureau import Bureau, open_bureau

FORMATS = Formats("#,##0", "#,##0.00", "#,##0.00", "yyyy-mm-dd", "yyyy-mm", "0.00%")
NOW = dt.datetime(2020, 6, 30, 17, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
RECEIPTS = ("收据号", "家庭编号", "收款日期", "实收金额", "账单期", "缴款人", "备注")

Rows = Sequence[Sequence[Any]]


def receipt_rows(count: int = 5) -> list[list[Any]]:
    """Receipts R1, R2 …; two of them spelled oddly."""
    rows: list[list[Any]] = [
        [f"R{n}", f"H{n}", dt.date(2020, 1, n), 100.5 + n, "2020-01", f"王小{n}", "现金"]
        for n in range(1, count + 1)
    ]
    if count > 1:
        rows[1][2], rows[1][3] = "2020.1.2", "1,102.50元"
    return rows


def make_bureau(
    root: Path, receipts: Rows | None = None, households: int = 5, *, total: bool = True
) -> Bureau:
    """arrears.xlsx with 实收 (title, header in row 3, 合计, note) and 应收; tenants.xlsx."""
    ledgers = root / "ledgers"
    ledgers.mkdir(parents=True)
    (ledgers / "zhubao.toml").write_text('bureau = "示范局"\n', encoding="utf-8")
    book = xlsxwriter.Workbook(ledgers / "arrears.xlsx")
    sheet = book.add_worksheet("实收")
    _write_receipts(book, sheet, receipt_rows() if receipts is None else receipts, total)
    charges = book.add_worksheet("应收")
    charges.write_row(0, 0, ("应收编号", "家庭编号", "账单期", "应收金额"))
    for n in range(1, households + 1):
        charges.write_row(n, 0, (f"Y{n}", f"H{n}", "2020-01", 200))
    book.close()
    _write_tenants(ledgers / "tenants.xlsx", households)
    return open_bureau(root)


def _write_receipts(book: Any, sheet: Any, rows: Rows, total: bool) -> None:
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "#,##0.00"})
    sheet.merge_range("A1:G1", "实收台账")
    sheet.write("A2", "制表：张三")
    sheet.write_row("A3", RECEIPTS)
    for row, values in enumerate(rows, 3):
        for column, value in enumerate(values):
            if isinstance(value, dt.date):
                sheet.write_datetime(row, column, value, date)
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                sheet.write_number(row, column, value, money)
    if total and rows:
        last = len(rows) + 3
        amounts = (value for value in (values[3] for values in rows) if isinstance(value, float))
        sheet.write_string(last, 0, "合计")
        sheet.write_formula(last, 3, f"=SUM(D4:D{last})", money, sum(amounts))
        sheet.write_string(last + 1, 0, "注：按收据登记")


def _write_tenants(path: Path, households: int) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("保障家庭")
    sheet.write_row(
        0, 0, ("家庭编号", "申请人", "身份证号", "家庭人口", "保障类型", "保障状态", "联系电话")
    )
    for n in range(1, households + 1):
        sheet.write_row(
            n, 0, (f"H{n}", f"　李　{n}", "11010519491231002X", 2, "低保", "在保", 10000000000 + n)
        )
    book.close()
