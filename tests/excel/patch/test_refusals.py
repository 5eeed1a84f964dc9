"""What is refused: the message says where, the target stays of no use, the source as it was."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.excel.patch.patching import new_sheet, patched, reopened, rows_of, with_rows, with_sets
from tests.excel.patch.workbooks import by_openpyxl
from zhubao.core.errors import (
    FormulaInTheWay,
    LedgerNotWritable,
    LedgerSigned,
    SheetProtected,
    WorkbookDamaged,
    WorkbookMissing,
)
from zhubao.excel.patch.apply import patch_workbook
from zhubao.excel.patch.plan import CellSet, SheetPatch, WorkbookPatch
from zhubao.excel.patch.refusals import open_for_writing

Build = Callable[..., Path]


def refused(source: Path, patch: SheetPatch | WorkbookPatch, error: type[Exception]) -> Exception:
    before = source.read_bytes()
    with pytest.raises(error) as caught:
        patched(source, patch)
    assert source.read_bytes() == before
    assert getattr(caught.value, "advice", "")
    return caught.value


def with_parts(path: Path, parts: dict[str, Callable[[bytes], bytes]]) -> Path:
    """A workbook with parts changed or added."""
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    for name, change in parts.items():
        found[name] = change(found.get(name, b""))
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return path


def ods(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def test_an_ods_is_read_only_and_convert_is_named(tmp_path: Path) -> None:
    source = ods(tmp_path / "欠租.ods")
    error = refused(source, with_sets((1, 1, 1)), LedgerNotWritable)
    assert "OpenDocument" in str(error)
    assert "zhubao convert 欠租.ods" in getattr(error, "advice", "")


@pytest.mark.libreoffice
def test_an_xls_is_read_only_and_convert_is_named(
    tmp_path: Path, soffice: Callable[[Path, str], Path]
) -> None:
    source = soffice(by_openpyxl(tmp_path / "欠租.xlsx"), "xls")
    error = refused(source, with_sets((1, 1, 1)), LedgerNotWritable)
    assert "旧版 .xls" in str(error)
    assert "zhubao convert 欠租.xls " in getattr(error, "advice", "")


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(WorkbookMissing):
        open_for_writing(tmp_path / "没有.xlsx")


def test_a_signed_workbook_is_left_alone(package: Build) -> None:
    source = with_parts(package(), {"_xmlsignatures/sig1.xml": lambda _: b"<Signature/>"})
    error = refused(source, with_sets((1, 1, 1)), LedgerSigned)
    assert "数字签名" in str(error)


@pytest.mark.parametrize("value", ["1", "true"])
@pytest.mark.parametrize("patch", [with_sets((1, 1, 1)), with_rows(2, {1: 1})])
def test_a_protected_sheet_is_refused(package: Build, value: str, patch: SheetPatch) -> None:
    xml = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    xml += f'<sheetData><row r="1"/></sheetData><sheetProtection sheet="{value}"/></worksheet>'
    error = refused(package(sheet=xml), patch, SheetProtected)
    assert getattr(error, "where", "") == "台账.xlsx!应收"
    off = xml.replace(f'sheet="{value}"', 'sheet="0" objects="1"')
    assert rows_of(patched(package(sheet=off), patch)[0])


def test_a_protected_sheet_may_follow_what_happens_elsewhere(tmp_path: Path) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    book = reopened(source)
    book["汇总"].protection.sheet = True
    book.save(source)
    after, _ = patched(source, with_rows(24, {1: "H99", 4: Decimal(5)}, block=4))
    assert reopened(after)["汇总"]["B2"].value == "=应收!F25"
    refused(source, WorkbookPatch({"汇总": with_sets((1, 1, "x"))}), SheetProtected)


def test_a_protected_structure_takes_no_new_sheet(tmp_path: Path) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    book = reopened(source)
    book.security.lockStructure = True
    book.save(source)
    refused(source, WorkbookPatch(new_sheets=(new_sheet(),)), SheetProtected)
    assert patched(source, with_sets((5, 2, "改")))[1].changed_parts


def test_a_sheet_that_is_not_there_is_named(package: Build) -> None:
    error = refused(package(), WorkbookPatch({"实收": SheetPatch()}), LedgerNotWritable)
    assert "“实收”" in str(error)


def test_a_sheet_whose_part_is_missing_is_refused(package: Build) -> None:
    source = package(replace={"xl/worksheets/sheet1.xml": None})
    with pytest.raises((LedgerNotWritable, WorkbookDamaged)):
        patched(source, with_sets((1, 1, 1)))


def test_formulas_in_the_way_are_all_named(tmp_path: Path) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    error = refused(source, with_sets((5, 6, 1), (4, 6, 1), (4, 5, 2)), FormulaInTheWay)
    assert "F4、F5" in str(error)
    assert getattr(error, "where", "") == "a.xlsx!应收!F4"
    many = refused(source, with_sets(*((row, 6, 1) for row in range(4, 24))), FormulaInTheWay)
    assert "20 个" in str(many)
    assert "……" in str(many)


def test_a_formula_is_replaced_when_the_plan_says_so(tmp_path: Path) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    after, _ = patched(source, SheetPatch((CellSet(5, 6, Decimal(7), over_formula=True),)))
    assert reopened(after)["应收"]["F5"].value == 7


@pytest.mark.parametrize("over_formula", [False, True])
@pytest.mark.parametrize("place", [(2, 3), (3, 3), (4, 3)])
def test_no_cell_of_an_array_is_replaced(
    tmp_path: Path, place: tuple[int, int], over_formula: bool
) -> None:
    source = tmp_path / "数组.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "应收"
    for row in range(2, 5):
        sheet.append([row, row * 2])
    sheet["C2"] = ArrayFormula("C2:C4", "=A2:A4*B2:B4")
    book.save(source)
    patch = SheetPatch((CellSet(*place, 1, over_formula=over_formula),))
    refused(source, patch, FormulaInTheWay)
    assert patched(source, with_sets((2, 4, 1), (5, 3, 1)))[1]


def test_shared_formulas_are_formulas_too(package: Build) -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1</f></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/></c></row>'
    )
    refused(package(rows), with_sets((2, 1, 1)), FormulaInTheWay)
    for row, left in ((1, {2: "=B2", 3: "=B3"}), (2, {1: "=B1", 3: "=B3"})):
        patch = SheetPatch((CellSet(row, 1, 9, over_formula=True),))
        found = {r: cells[1] for r, cells in rows_of(patched(package(rows), patch)[0]).items()}
        assert found == {**left, row: "9"}
    after, _ = patched(package(rows), SheetPatch(removed=(1, 1)))
    assert rows_of(after) == {1: {1: "=B1"}, 2: {1: "=B2"}}


@pytest.mark.parametrize("column", [1, 7])
def test_titles_of_an_excel_table_are_not_changed(tmp_path: Path, column: int) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    error = refused(source, with_sets((3, column, "别的")), LedgerNotWritable)
    assert "表格" in str(error)
    assert patched(source, with_sets((3, 8, "表外"), (2, 1, "表上")))[1]


@pytest.mark.parametrize(
    "name",
    ["应收", "Äb", "汇总", "", "长" * 32, "a/b", "a:b", "'a", "a'", "[a]", "History", "a?"],
)
def test_names_excel_does_not_take_are_refused(tmp_path: Path, name: str) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    book = reopened(source)
    book.create_sheet("äB")
    book.save(source)
    refused(source, WorkbookPatch(new_sheets=(new_sheet(name=name),)), LedgerNotWritable)


def test_two_new_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    source = by_openpyxl(tmp_path / "a.xlsx")
    patch = WorkbookPatch(new_sheets=(new_sheet(name="A"), new_sheet(name="a")))
    refused(source, patch, LedgerNotWritable)


def test_nothing_is_left_in_the_target_of_a_plan_that_cannot_be(package: Build) -> None:
    target = io.BytesIO()
    with pytest.raises(LedgerNotWritable):
        patch_workbook(package(), target, WorkbookPatch({"实收": SheetPatch()}))
    assert target.getvalue() == b""


def test_rows_are_either_put_in_or_taken_out(package: Build) -> None:
    both = with_rows(2, {1: 1})
    patch = SheetPatch(new_rows=both.new_rows, removed=(1, 1))
    with pytest.raises(ValueError, match="not both"):
        patched(package(), patch)
