"""Formulas over columns of Excel tables: their results stay right when the table grows."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from zhubao.excel.patch.apply import patch_workbook
from zhubao.excel.patch.plan import CellSet, NewRows, PatchResult, SheetPatch, WorkbookPatch

ADDED = WorkbookPatch({"应收": SheetPatch(new_rows=NewRows(4, 3, ({1: "Y3", 2: 30},), 2))})


def book_with_table(path: Path, formulas: dict[str, str], *, total: str = "SUBTOTAL") -> Path:
    """应收 with the table 租金 (编号, 金额) of two records and a totals row; 汇总 with formulas."""
    book = xlsxwriter.Workbook(path)
    sheet, summary = book.add_worksheet("应收"), book.add_worksheet("汇总 '20")
    sheet.write_column("A2", ("Y1", "Y2"))
    sheet.write_column("B2", (10, 20))
    columns = [{"header": "编号", "total_string": "汇总"}, {"header": "金额"}]
    options = {"name": "租金", "columns": columns, "total_row": True}
    sheet.add_table("A1:B4", options)
    reference = "租金[金额]" if total == "SUBTOTAL" else total
    sheet.write_formula("B4", f"=SUBTOTAL(109,{reference})", None, 30)
    for ref, text in formulas.items():
        summary.write_formula(ref, text, None, 30)
    book.close()
    return path


def results(path: Path, patch: WorkbookPatch) -> tuple[openpyxl.Workbook, PatchResult]:
    stream = BytesIO()
    outcome = patch_workbook(path, stream, patch)
    stream.seek(0)
    return openpyxl.load_workbook(stream, data_only=True), outcome


@pytest.mark.parametrize("reference", ["租金[金额]", "[金额]"])
def test_the_totals_row_of_a_table_counts_the_new_record(tmp_path: Path, reference: str) -> None:
    path = book_with_table(tmp_path / "a.xlsx", {}, total=reference)
    after, outcome = results(path, ADDED)
    assert after["应收"]["B5"].value == 60
    assert not outcome.uncached


def test_formulas_elsewhere_follow_the_table_by_its_name(tmp_path: Path) -> None:
    formulas = {
        "A1": "=SUM(租金[金额])",
        "A2": '=SUMIF(租金[编号],"Y3",租金[金额])',
        "A3": '=IF(SUM(租金[金额])>50,"[金额]","少")',
    }
    after, outcome = results(book_with_table(tmp_path / "a.xlsx", formulas), ADDED)
    sheet = after["汇总 '20"]
    assert [sheet[ref].value for ref in formulas] == [60, 30, "[金额]"]
    assert not outcome.uncached


def test_a_change_elsewhere_leaves_a_totals_row_as_it_was(tmp_path: Path) -> None:
    path = book_with_table(tmp_path / "a.xlsx", {})
    patch = WorkbookPatch({"汇总 '20": SheetPatch((CellSet(9, 9, 1),))})
    after, outcome = results(path, patch)
    assert after["应收"]["B4"].value == 30
    assert not outcome.uncached


@pytest.mark.parametrize(
    "text",
    [
        "=SUM(租金[没有])",
        "=SUM(别的[金额])",
        "=SUM([金额])",  # outside the table it names nothing
        "=SUM(租金[[#Data],[金额]])",
        "=SUM(租金[#All])",
    ],
)
def test_what_cannot_be_told_loses_its_result_and_is_named(tmp_path: Path, text: str) -> None:
    after, outcome = results(book_with_table(tmp_path / "a.xlsx", {"A1": text}), ADDED)
    assert after["汇总 '20"]["A1"].value is None
    assert ("汇总 '20", "A1") in outcome.uncached
