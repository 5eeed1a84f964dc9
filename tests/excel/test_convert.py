"""Formats that can only be read → .xlsx: what is kept, what is said, what is refused."""

from __future__ import annotations

import datetime as dt
import os
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.core.errors import (
    OutputError,
    WorkbookDamaged,
    WorkbookEncrypted,
    WorkbookMissing,
    WorkbookUnsupported,
)
from zhubao.core.theme import Theme, load_theme
from zhubao.excel import convert as module
from zhubao.excel.book import Book, open_book
from zhubao.excel.convert import Conversion, Method, convert, differences
from zhubao.excel.libreoffice import ConverterFailed, find_converter, to_xlsx
from zhubao.excel.plain_copy import storable, write_plain
from zhubao.excel.sheet import Merge, RawSheet

Convert = Callable[[Path, str], Path]

_NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


@pytest.fixture
def no_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_converter", lambda: None)


def ods(path: Path, *tables: tuple[str, list[str]], manifest: str = "<manifest/>") -> Path:
    """A minimal OpenDocument workbook: (sheet name, rows of cell elements)."""
    body = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in tables
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f"<office:document-content {_NAMESPACES}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def text(value: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {more}><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def number(value: float, more: str = "") -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}" {more}/>'


def day(value: str) -> str:
    return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Title over three columns, an identity number, an amount, a date, a formula, a duration."""
    spanned = 'table:number-columns-spanned="3"'
    covered = "<table:covered-table-cell/>"
    duration = '<table:table-cell office:value-type="time" office:time-value="PT36H30M00S"/>'
    return ods(
        tmp_path / "欠租.ods",
        (
            "应收",
            [
                text("欠租台账", spanned) + covered * 2,
                text("身份证号") + text("金额") + text("日期"),
                text("430104199003071234") + number(1234.5) + day("2020-06-30"),
                text("=SUM(A1)") + number(2469, 'table:formula="of:=[.B3]*2"') + duration,
            ],
        ),
    )


@pytest.mark.usefixtures("no_libreoffice")
def test_values_keep_their_types(ledger: Path, tmp_path: Path, theme: Theme) -> None:
    done = convert(ledger, tmp_path / "欠租.xlsx", theme)
    assert (done.method, done.sheets, done.cells) == (Method.PLAIN, 1, 10)
    sheet = openpyxl.load_workbook(tmp_path / "欠租.xlsx")["应收"]
    assert sheet["A3"].value == "430104199003071234"
    assert sheet["B3"].value == 1234.5
    assert (sheet["C3"].value, sheet["C3"].is_date) == (dt.datetime(2020, 6, 30), True)
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("=SUM(A1)", "s")
    assert sheet["B4"].value == 2469
    assert sheet["C4"].value == dt.timedelta(hours=36, minutes=30)
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A1:C1"]
    assert sheet.column_dimensions["A"].width >= 18


@pytest.mark.usefixtures("no_libreoffice")
def test_what_is_lost_is_said(ledger: Path, tmp_path: Path, theme: Theme) -> None:
    lost = "；".join(convert(ledger, tmp_path / "欠租.xlsx", theme).lost)
    assert "格式" in lost
    assert "公式 1 个" in lost


@pytest.mark.usefixtures("no_libreoffice")
def test_a_sheet_name_too_long_for_xlsx_is_shortened_and_said(tmp_path: Path, theme: Theme) -> None:
    name = "保障性住房租金收缴情况统计表" * 3
    source = ods(tmp_path / "长.ods", (name, [text("甲")]), ("丙[1]", [text("乙")]))
    done = convert(source, tmp_path / "长.xlsx", theme)
    assert open_book(tmp_path / "长.xlsx").sheet_names == (name[:31], "丙1")
    assert sum("表名" in words for words in done.lost) == 2


@pytest.mark.usefixtures("no_libreoffice")
def test_a_date_before_1900_becomes_text_and_is_counted(tmp_path: Path, theme: Theme) -> None:
    source = ods(tmp_path / "旧.ods", ("表", [day("1899-12-30") + day("1949-10-01")]))
    done = convert(source, tmp_path / "旧.xlsx", theme)
    assert open_book(tmp_path / "旧.xlsx").sheets[0].rows == [["1899-12-30", dt.date(1949, 10, 1)]]
    assert any("日期 1 个" in words for words in done.lost)


@pytest.mark.usefixtures("no_libreoffice")
def test_a_text_too_long_for_a_cell_is_refused_with_its_place(tmp_path: Path, theme: Theme) -> None:
    source = ods(tmp_path / "长文.ods", ("说明", [text("甲"), text("字" * 32_768)]))
    with pytest.raises(OutputError) as caught:
        convert(source, tmp_path / "长文.xlsx", theme)
    assert caught.value.where == "长文.ods!说明!A2"
    assert not (tmp_path / "长文.xlsx").exists()


@pytest.mark.usefixtures("no_libreoffice")
def test_nothing_is_overwritten_and_the_source_stays(
    ledger: Path, tmp_path: Path, theme: Theme
) -> None:
    before = ledger.read_bytes()
    target = tmp_path / "欠租.xlsx"
    target.write_bytes(b"mine")
    with pytest.raises(OutputError) as caught:
        convert(ledger, target, theme)
    assert "--out" in caught.value.advice
    assert (target.read_bytes(), ledger.read_bytes()) == (b"mine", before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["欠租.ods", "欠租.xlsx"]


@pytest.mark.usefixtures("no_libreoffice")
def test_a_result_that_reads_differently_is_not_kept(
    ledger: Path, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falsified(book: Book, path: Path, look: Theme) -> None:
        book.sheets[0].rows[2][1] = 9.0
        write_plain(book, path, look)
        book.sheets[0].rows[2][1] = 1234.5

    monkeypatch.setattr(module, "write_plain", falsified)
    with pytest.raises(OutputError) as caught:
        convert(ledger, tmp_path / "欠租.xlsx", theme)
    assert "应收!B3" in caught.value.message
    assert not (tmp_path / "欠租.xlsx").exists()


def test_a_writable_workbook_stays_as_it_is(tmp_path: Path, theme: Theme) -> None:
    book = openpyxl.Workbook()
    for name in ("甲.xlsx", "乙.xlsm"):
        book.save(tmp_path / name)
        done = convert(tmp_path / name, tmp_path / "out.xlsx", theme)
        assert (done.method, done.target) == (Method.NONE, None)
    assert not (tmp_path / "out.xlsx").exists()


def test_an_xlsx_under_another_name_is_copied_byte_for_byte(tmp_path: Path, theme: Theme) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "甲"  # type: ignore[index]
    book.save(tmp_path / "甲.xlsx")
    (tmp_path / "甲.xlsx").rename(tmp_path / "甲.xls")
    done = convert(tmp_path / "甲.xls", tmp_path / "甲.xlsx", theme)
    assert (done.method, done.cells) == (Method.COPY, 1)
    assert (tmp_path / "甲.xlsx").read_bytes() == (tmp_path / "甲.xls").read_bytes()


def test_an_xls_called_xlsx_asks_for_another_name(ledger: Path, theme: Theme) -> None:
    false = ledger.rename(ledger.with_suffix(".xlsx"))
    with pytest.raises(OutputError) as caught:
        convert(false, false, theme)
    assert "扩展名与内容不符" in caught.value.message


def test_the_readers_errors_come_through(tmp_path: Path, theme: Theme) -> None:
    target = tmp_path / "out.xlsx"
    (tmp_path / "假.xls").write_text("姓名,金额", encoding="utf-8")
    (tmp_path / "坏.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    ods(tmp_path / "锁.ods", ("表", []), manifest="<m><encryption-data/></m>")
    for name, kind in (
        ("没有.xls", WorkbookMissing),
        ("假.xls", WorkbookUnsupported),
        ("坏.xls", WorkbookDamaged),
        ("锁.ods", WorkbookEncrypted),
    ):
        with pytest.raises(kind):
            convert(tmp_path / name, target, theme)
    assert not target.exists()


def record(kind: int, body: bytes = b"") -> bytes:
    low = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    assert len(body) < 128
    return low + bytes([len(body)]) + body


def wide(words: str) -> bytes:
    return struct.pack("<L", len(words)) + words.encode("utf-16-le")


def cell(kind: int, column: int, value: bytes) -> bytes:
    return record(kind, struct.pack("<2L", column, 0) + value)


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    """A minimal .xlsb: one sheet with a text, a number and an error."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    row = struct.pack("<3L", 0, 0, 0) + b"\0" * 5
    sheet = (
        record(129)
        + record(148, struct.pack("<4L", 0, 0, 0, 2))
        + record(145)
        + record(0, row)
        + cell(6, 0, wide("430104199003071234"))
        + cell(5, 1, struct.pack("<d", 12.5))
        + cell(3, 2, b"\x2a")
        + record(146)
        + record(130)
    )
    bundle = struct.pack("<2L", 0, 1) + wide("rId1") + wide("应收")
    path = tmp_path / "应收.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        parts = record(131) + record(143) + record(156, bundle) + record(144) + record(132)
        archive.writestr("xl/workbook.bin", parts)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


@pytest.mark.usefixtures("no_libreoffice")
def test_a_binary_workbook_is_converted_with_its_error_cells(
    binary: Path, tmp_path: Path, theme: Theme
) -> None:
    done = convert(binary, tmp_path / "应收.xlsx", theme)
    assert done.cells == 3
    sheet = openpyxl.load_workbook(tmp_path / "应收.xlsx", data_only=True)["应收"]
    assert [one.value for one in sheet[1]] == ["430104199003071234", 12.5, "#N/A"]
    assert sheet["C1"].data_type == "e"


values = st.one_of(
    st.just(""),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(-(10**14), 10**14).map(float),
    st.booleans(),
    st.dates(dt.date(1900, 3, 1), dt.date(2199, 12, 31)),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.timedeltas(dt.timedelta(days=1), dt.timedelta(days=900)).map(
        lambda span: dt.timedelta(seconds=int(span.total_seconds()))
    ),
)


@settings(max_examples=60, deadline=None)
@given(grid=st.lists(st.lists(values, min_size=3, max_size=3), min_size=1, max_size=6))
def test_whatever_a_sheet_holds_is_read_back_the_same(
    grid: list[list[Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    sheet = RawSheet("a.ods", "表", grid, errors={(9, 5): "#REF!"}, merged=[Merge(7, 1, 8, 2)])
    hidden = RawSheet("a.ods", "隐藏", [["x"]], hidden=True)
    book = Book(Path("a.ods"), "a.ods", False, ("隐藏", "表"), (hidden, sheet))
    path = tmp_path_factory.mktemp("copy") / "a.xlsx"
    wanted, _ = storable(book)
    write_plain(wanted, path, load_theme())
    assert differences(wanted, open_book(path)) == []


def test_overlapping_ranges_are_not_both_merged(tmp_path: Path, theme: Theme) -> None:
    merges = [Merge(1, 1, 2, 2), Merge(2, 2, 3, 3), Merge(1, 3, 1, 4), Merge(5, 5, 5, 5)]
    sheet = RawSheet("a.xls", "表", [["甲", "", "", ""]], merged=merges)
    wanted, losses = storable(Book(Path("a.xls"), "a.xls", False, ("表",), (sheet,)))
    assert wanted.sheets[0].merged == [merges[0], merges[2]]
    assert losses.merges == 1
    write_plain(wanted, tmp_path / "a.xlsx", theme)
    assert differences(wanted, open_book(tmp_path / "a.xlsx")) == []


def test_every_kind_of_difference_is_named() -> None:
    def book(*sheets: RawSheet) -> Book:
        return Book(Path("a"), "a", False, tuple(one.name for one in sheets), sheets)

    one = RawSheet("a", "表", [[1.0, "甲"], [True, dt.date(2020, 6, 30)]])
    same = RawSheet("a", "表", [[1, "甲", ""], [True, dt.datetime(2020, 6, 30)]])
    assert differences(book(one), book(same)) == []
    other = RawSheet(
        "a", "表", [["1", "乙"], [1.0, dt.date(2020, 7, 1)]], hidden=True, errors={(3, 1): "#N/A"}
    )
    other.merged.append(Merge(1, 1, 2, 1))
    assert differences(book(one), book(other)) == [
        "表（隐藏或显示）",
        "表（合并区域）",
        *(f"表!{ref}" for ref in ("A1", "B1", "A2", "B2", "A3")),
    ]
    assert differences(book(one), book(one, one)) == ["表的数目、名称或顺序"]
    shifted = book(one)
    shifted.date1904 = True
    assert differences(book(one), shifted) == ["日期系统（1900 或 1904）"]


@pytest.fixture(scope="module")
def formatted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An .xlsx with a format, a formula, a hidden sheet and a chart-free page, to be made .xls."""
    path = tmp_path_factory.mktemp("formatted") / "实收.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("实收")
    sheet.merge_range("A1:C1", "实收台账", book.add_format({"bold": True, "bg_color": "#FFFF00"}))
    sheet.write_row("A2", ["家庭编号", "收款日期", "金额"])
    sheet.write_row("A3", ["JT001"])
    sheet.write_datetime("B3", dt.datetime(2020, 6, 30), book.add_format({"num_format": 14}))
    sheet.write_number("C3", 102.5)
    sheet.write_formula("C4", "=C3*2", None, 205)
    sheet.write_boolean("A4", True)
    sheet.write_number("B4", 430104199003071234)
    book.add_worksheet("旧").hide()
    book.close()
    return path


@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", ["xls", "ods"])
def test_libreoffice_keeps_formats_and_formulas(
    formatted: Path, soffice: Convert, tmp_path: Path, theme: Theme, extension: str
) -> None:
    source = soffice(formatted, extension)
    done = convert(source, tmp_path / "实收.xlsx", theme)
    assert (done.notes, done.lost, done.method) == ((), (), Method.LIBREOFFICE)
    sheet = openpyxl.load_workbook(tmp_path / "实收.xlsx")["实收"]
    assert sheet["C4"].value == "=C3*2"
    assert sheet["A1"].font.b
    assert [path.name for path in source.parent.iterdir()] == [source.name]


@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", ["xls", "ods"])
def test_our_own_way_keeps_every_value(
    formatted: Path, soffice: Convert, tmp_path: Path, theme: Theme, extension: str
) -> None:
    source = soffice(formatted, extension)
    et = source.rename(source.with_suffix(".et")) if extension == "xls" else source
    done = convert(et, tmp_path / "实收.xlsx", theme, plain=True)
    assert done.method is Method.PLAIN
    copy = open_book(tmp_path / "实收.xlsx")
    assert differences(open_book(et), copy) == []
    assert [sheet.hidden for sheet in copy.sheets] == [False, True]


@pytest.mark.parametrize("fault", ["fails", "changes a value"])
def test_without_a_faithful_libreoffice_our_own_way_is_taken(
    ledger: Path, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def convert_badly(_: Path, __: Path, ___: str, folder: Path) -> Path:
        if fault == "fails":
            raise ConverterFailed("退出码 77")
        book = openpyxl.Workbook()
        book.active.title = "应收"  # type: ignore[union-attr]
        book.save(folder / "source.xlsx")
        return folder / "source.xlsx"

    monkeypatch.setattr(module, "find_converter", lambda: Path("soffice"))
    monkeypatch.setattr(module, "to_xlsx", convert_badly)
    done: Conversion = convert(ledger, tmp_path / "欠租.xlsx", theme)
    assert done.method is Method.PLAIN
    assert ("退出码 77" in done.notes[0]) == (fault == "fails")
    assert ("应收!A1" in done.notes[0]) == (fault != "fails")


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for the program")
def test_a_converter_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n(sleep 1; touch '{tmp_path}/alive') &\nwait\n", "utf-8")
    program.chmod(0o755)
    (tmp_path / "a.xls").write_bytes(b"x")
    folder = tmp_path / "work"
    folder.mkdir()
    begun = time.monotonic()
    with pytest.raises(ConverterFailed, match=r"0\.3 秒"):
        to_xlsx(program, tmp_path / "a.xls", ".xls", folder, time_limit=0.3)
    assert time.monotonic() - begun < 1
    time.sleep(1.2)
    assert not (tmp_path / "alive").exists()


def test_the_converter_is_found_where_windows_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "LibreOffice" / "program" / "soffice.exe"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    monkeypatch.delenv("ProgramW6432", raising=False)
    assert find_converter() == program
