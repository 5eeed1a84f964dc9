from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from zhubao.demo.wear import overwrite_cells, read_number


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "worn.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name in ("甲", "乙"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["编号", "金额"])
        sheet.write_row(1, 0, ["A1", 1234.5])
        sheet.write_formula(2, 1, "=SUM(B2:B2)", None, 1234.5)
    book.close()
    return path


def test_a_number_becomes_text_in_its_sheet_only(workbook: Path) -> None:
    overwrite_cells(workbook, {"乙": {"B2": "1,234.50元"}})
    book = openpyxl.load_workbook(workbook)
    assert book["乙"]["B2"].value == "1,234.50元"
    assert book["甲"]["B2"].value == 1234.5
    assert book["乙"]["B3"].value == "=SUM(B2:B2)"


def test_a_cell_can_be_added_after_the_last_column(workbook: Path) -> None:
    overwrite_cells(workbook, {"甲": {"C1": "备<注", "C2": "x"}})
    sheet = openpyxl.load_workbook(workbook)["甲"]
    assert [cell.value for cell in sheet[1]] == ["编号", "金额", "备<注"]
    assert sheet["C2"].value == "x"
    assert sheet.dimensions == "A1:C3"


def test_only_numbers_are_read_as_numbers(workbook: Path) -> None:
    assert read_number(workbook, "甲", "B2") == "1234.5"
    with pytest.raises(ValueError, match="no number"):
        read_number(workbook, "甲", "A2")
    with pytest.raises(ValueError, match="no row"):
        overwrite_cells(workbook, {"甲": {"C9": "x"}})
