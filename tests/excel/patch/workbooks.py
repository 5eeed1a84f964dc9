"""Workbooks with everything a clerk's own ledger may hold, and how to look into them."""

from __future__ import annotations

import datetime as dt
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

FIRST, COUNT = 4, 20  # the first record's row, and how many records
LAST = FIRST + COUNT - 1
TOTAL = LAST + 1
HEADERS = ("编号", "姓名", "日期", "标准", "减免", "应收", "备注")


def png() -> bytes:
    """A picture of four pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(6) for _ in range(2))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def record(place: int) -> tuple[str, str, dt.date, float, float]:
    """The values typed into one record."""
    day = dt.date(2020, 1, 1) + dt.timedelta(days=place)
    return f"H{place:03d}", f"户{place}", day, 100.0 + place, float(place % 3)


def by_xlsxwriter(path: Path) -> Path:
    """Chart, pictures, sparklines, data bars, validations, comments, shapes, rich text, table."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("应收")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "#,##0.00", "border": 1})
    text = book.add_format({"num_format": "@"})
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    sheet.merge_range("A1:G1", "应收台账", bold)
    sheet.write("A2", "单位：元")
    sheet.write_row("A3", HEADERS, bold)
    for place in range(COUNT):
        row = FIRST - 1 + place
        number, name, day, standard, reduction = record(place)
        sheet.write_string(row, 0, number, text)
        sheet.write_string(row, 1, name)
        sheet.write_datetime(row, 2, day, date)
        sheet.write_number(row, 3, standard, money)
        sheet.write_number(row, 4, reduction, money)
        sheet.write_formula(row, 5, f"=D{row + 1}-E{row + 1}", money, standard - reduction)
        sheet.set_row(row, 21)
    sheet.write_rich_string(FIRST - 1, 6, "普通", bold, "粗", red, "红", "完")
    total = sum(record(i)[3] - record(i)[4] for i in range(COUNT))
    sheet.write(TOTAL - 1, 0, "合计", bold)
    sheet.write_formula(TOTAL - 1, 5, f"=SUM(F{FIRST}:F{LAST})", money, total)
    sheet.write(TOTAL, 0, "注：本表每月更新")
    sheet.data_validation(FIRST - 1, 6, LAST - 1, 6, {"validate": "list", "source": ["是", "否"]})
    sheet.data_validation(
        FIRST - 1, 1, LAST - 1, 1, {"validate": "list", "source": "=名单!$A$1:$A$3"}
    )
    sheet.conditional_format(FIRST - 1, 5, LAST - 1, 5, {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format(
        FIRST - 1, 3, LAST - 1, 3, {"type": "cell", "criteria": ">", "value": 110, "format": red}
    )
    sheet.autofilter(2, 0, LAST - 1, 6)
    sheet.print_area(0, 0, TOTAL, 6)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 1)
    sheet.write_comment("D4", "核定标准", {"author": "某人"})
    sheet.write_comment(TOTAL - 1, 5, "合计批注")
    sheet.insert_image("I2", "a.png", {"image_data": _bytes_io()})
    sheet.insert_image(TOTAL + 1, 8, "b.png", {"image_data": _bytes_io()})
    sheet.insert_textbox("I8", "说明文字")
    sheet.insert_button("I12", {"caption": "按钮"})
    sheet.add_sparkline(FIRST - 1, 7, {"range": f"应收!D{FIRST}:F{FIRST}"})
    sheet.set_header("&C&G", {"image_center": "c.png", "image_data_center": _bytes_io()})
    sheet.write_url("I1", f"internal:应收!A{TOTAL}", string="看合计")
    book.define_name("应收金额", f"=应收!$F${FIRST}:$F${LAST}")
    _summary(book, money)
    names = book.add_worksheet("名单")
    names.write_column("A1", ["户1", "户2", "户3"])
    names.hide()
    book.set_custom_property("单位", "示范局")
    book.close()
    return path


def _summary(book: Any, money: Any) -> None:
    sheet = book.add_worksheet("汇总")
    total = sum(record(i)[3] - record(i)[4] for i in range(COUNT))
    sheet.write_row("A1", ("项目", "数额"))
    sheet.write("A2", "应收合计")
    sheet.write_formula("B2", f"=应收!F{TOTAL}", money, total)
    sheet.write("A3", "再加一遍")
    sheet.write_formula("B3", f"=SUM(应收!F{FIRST}:F{LAST})", money, total)
    sheet.write("A4", "户数")
    sheet.write_formula("B4", f"=COUNTA(应收!A{FIRST}:A{LAST})", None, COUNT)
    sheet.write("A5", "常数")
    sheet.write_formula("B5", "=1+1", None, 2)
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "categories": f"=应收!$A${FIRST}:$A${LAST}",
            "values": f"=应收!$F${FIRST}:$F${LAST}",
        }
    )
    sheet.insert_chart("D2", chart)
    sheet.add_table("A8:B10", {"name": "小表", "data": [["甲", 1], ["乙", 2]]})


def _bytes_io() -> Any:
    import io

    return io.BytesIO(png())


def by_openpyxl(path: Path) -> Path:
    """The same ledger as openpyxl writes it: shared strings, a table over the records, a chart."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "应收"
    sheet["A1"] = "应收台账"
    sheet.merge_cells("A1:G1")
    sheet.append(["单位：元"])
    sheet.append(list(HEADERS))
    for place in range(COUNT):
        row = FIRST + place
        number, name, day, standard, reduction = record(place)
        sheet.append([number, name, day, standard, reduction, f"=D{row}-E{row}"])
        sheet.cell(row, 3).number_format = "yyyy-mm-dd"
        for column in (4, 5, 6):
            sheet.cell(row, column).number_format = "#,##0.00"
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor="FFDDEE")
        sheet.cell(row, 2).font = Font(bold=True)
        sheet.row_dimensions[row].height = 21
    sheet.append(["合计", None, None, None, None, f"=SUM(F{FIRST}:F{LAST})"])
    sheet.append(["注：本表每月更新"])
    choice = DataValidation(type="list", formula1='"是,否"')
    choice.add(f"G{FIRST}:G{LAST}")
    sheet.add_data_validation(choice)
    sheet.conditional_formatting.add(
        f"D{FIRST}:D{LAST}",
        CellIsRule(operator="greaterThan", formula=["110"], font=Font()),  # type: ignore[no-untyped-call]
    )
    sheet.add_table(Table(displayName="应收表", ref=f"A3:G{LAST}"))
    sheet.freeze_panes = "B4"
    sheet.print_title_rows = "3:3"
    sheet.print_area = f"A1:G{TOTAL + 1}"
    sheet["D4"].comment = Comment("核定标准", "某人")
    book.defined_names["应收金额"] = DefinedName("应收金额", attr_text=f"应收!$F${FIRST}:$F${LAST}")
    summary = book.create_sheet("汇总")
    for line in (
        ["项目", "数额"],
        ["应收合计", f"=应收!F{TOTAL}"],
        ["再加一遍", f"=SUM(应收!F{FIRST}:F{LAST})"],
        ["户数", f"=COUNTA(应收!A{FIRST}:A{LAST})"],
        ["常数", "=1+1"],
    ):
        summary.append(line)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=6, min_row=FIRST, max_row=LAST))
    summary.add_chart(chart, "D2")
    book.create_sheet("名单").sheet_state = "hidden"
    book.save(path)
    return path


def with_extra_parts(path: Path) -> Path:
    """Parts no library here writes: custom XML, a pivot cache, phonetic text, a macro project."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts["customXml/item1.xml"] = b"<stamp xmlns='urn:x'>2020</stamp>"
    parts["customXml/itemProps1.xml"] = b"<ds/>"
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 not a real macro"
    parts["xl/pivotCache/pivotCacheDefinition1.xml"] = (
        '<?xml version="1.0"?><pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/'
        'spreadsheetml/2006/main" recordCount="0"><cacheSource type="worksheet">'
        f'<worksheetSource ref="A3:G{LAST}" sheet="应收"/></cacheSource></pivotCacheDefinition>'
    ).encode()
    phonetic = "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si></sst>".encode()
    for name in [name for name in parts if name.endswith("sharedStrings.xml")]:
        parts[name] = parts[name].replace(b"</sst>", phonetic)
    types = parts["[Content_Types].xml"].decode()
    extra = (
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Override PartName="/xl/pivotCache/pivotCacheDefinition1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"/>'
    )
    parts["[Content_Types].xml"] = types.replace("</Types>", extra + "</Types>").encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    """Every part of a package."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def changed_parts(before: Path, after: Path) -> set[str]:
    """Names of the parts that differ, came or went."""
    one, two = parts_of(before), parts_of(after)
    return {name for name in one.keys() | two.keys() if one.get(name) != two.get(name)}


def cells_of(path: Path, *, values: bool = False) -> dict[str, dict[tuple[int, int], Any]]:
    """Sheet → (row, column) → value, formula (or its result if `values`) and number format."""
    book = openpyxl.load_workbook(path, data_only=values, rich_text=not values)
    found: dict[str, dict[tuple[int, int], Any]] = {}
    for sheet in book.worksheets:
        cells = found.setdefault(sheet.title, {})
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.has_style:
                    cells[int(cell.row or 0), int(cell.column or 0)] = (
                        str(cell.value),
                        cell.number_format,
                    )
    book.close()
    return found


def without_results(path: Path, target: Path) -> Path:
    """A copy whose formulas have no cached results, so that whoever opens it computes them."""
    formula = re.compile(
        rb"(<c\b[^>]*?)( t=\"(?:str|b|e|n)\")?([^>]*>)(<f\b.*?(?:/>|</f>))<v>[^<]*</v>"
    )
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for info in source.infolist():
            data = source.read(info)
            if "worksheets/sheet" in info.filename and info.filename.endswith(".xml"):
                data = formula.sub(rb"\1\3\4", data)
            copy.writestr(info.filename, data)
    return target


BUILDERS: Mapping[str, Callable[[Path], Path]] = {
    "xlsxwriter": lambda path: with_extra_parts(by_xlsxwriter(path)),
    "openpyxl": lambda path: with_extra_parts(by_openpyxl(path)),
}
