"""Formulas in a report's workbook: each recalculates to the value cached beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.core.theme import load_theme
from zhubao.render.xlsx import write_xlsx

_MONEY = ValueKind.MONEY
_QUOTIENT = 'IF({rate.denominator}=0,"—",{rate.numerator}/{rate.denominator})'
_COLUMNS = (
    Column("estate", "小区"),
    Column("opening", "上期结转", _MONEY),
    Column("charged", "应收", _MONEY),
    Column("closing", "结转", _MONEY, formula="ROUND({opening}+{charged},2)"),
    Column("rate", "收缴率", ValueKind.RATIO, formula=_QUOTIENT),
)
_ROWS = (
    Row(("甲小区", 10_10, 20_20, 30_30, Ratio(10_00, 20_20, money=True)), emphasis="warning"),
    Row(("乙小区", -5_00, 5_10, 10, Ratio(0, 0, money=True))),
)
_TOTALS = ("合计", 5_10, 25_30, 30_40, Ratio(10_00, 20_20, money=True))


def make(columns: tuple[Column, ...] = _COLUMNS, **more: Any) -> Report:
    summable = frozenset({"opening", "charged", "closing"})
    table = Table("month", "月报", columns, _ROWS, _TOTALS, summable, **more)
    return Report("test.month", "租金月报", "示范局", tables=(table,))


Written = Callable[[Report], tuple[Any, Any]]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """The sheet as formulas, and as cached values."""

    def write(report: Report) -> tuple[Any, Any]:
        path = tmp_path / "月报.xlsx"
        write_xlsx(report, path, load_theme())
        formulas, values = (openpyxl.load_workbook(path, data_only=only) for only in (False, True))
        return formulas["月报"], values["月报"]

    return write


def calculated(formula: str, values: Any) -> Any:
    """The value of one of the three shapes of formula a report has."""
    total = re.fullmatch(r"=SUBTOTAL\(9,(\w+):(\w+)\)", formula)
    if total:
        return round(sum(row[0].value or 0 for row in values[f"{total[1]}:{total[2]}"]), 2)
    quotient = re.fullmatch(r'=IF\((\w+)=0,"—",(\w+)/\1\)', formula)
    if quotient:
        bottom = values[quotient[1]].value
        return values[quotient[2]].value / bottom if bottom else "—"
    rounded = re.fullmatch(r"=ROUND\(([-+\w]+),2\)", formula)
    assert rounded, formula
    terms = re.findall(r"([-+]?)(\w+)", rounded[1])
    return round(sum((-1 if sign == "-" else 1) * values[cell].value for sign, cell in terms), 2)


def test_every_formula_gives_the_value_cached_with_it(written: Written) -> None:
    formulas, values = written(make())
    found = [cell for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    assert [cell.coordinate for cell in found] == ["D4", "E4", "D5", "E5", "B6", "C6", "D6", "E6"]
    for cell in found:
        assert calculated(cell.value, values) == values[cell.coordinate].value, cell.value


def test_a_formula_names_the_cells_of_its_row_and_sums_stay_sums(written: Written) -> None:
    formulas, values = written(make())
    assert formulas["D5"].value == "=ROUND(B5+C5,2)"
    assert formulas["D6"].value == "=SUBTOTAL(9,D4:D5)"
    assert formulas["E6"].value == '=IF(G6=0,"—",F6/G6)'
    assert values["E5"].value == "—"


def test_a_formula_keeps_the_look_of_its_row(written: Written) -> None:
    formulas, _ = written(make())
    assert formulas["D4"].number_format == "#,##0.00"
    assert formulas["E4"].number_format == "0.00%"
    assert formulas["D4"].fill.fgColor.rgb == formulas["B4"].fill.fgColor.rgb
    assert formulas["D4"].fill.fgColor.rgb != formulas["D5"].fill.fgColor.rgb


def test_a_formula_that_names_no_column_is_a_fault_of_the_program(written: Written) -> None:
    columns = (*_COLUMNS[:3], Column("closing", "结转", _MONEY, formula="{nothing}"), _COLUMNS[4])
    with pytest.raises(KeyError):
        written(make(columns))


def test_those_who_sign_have_one_line_below_the_totals(written: Written) -> None:
    sheet, _ = written(make(signatures=("制表", "审核"), notes=("说明",)))
    assert re.fullmatch(r"制表：\s+审核：", sheet["A7"].value)
    assert any(str(area).startswith("A7:") for area in sheet.merged_cells.ranges)
    assert sheet["A8"].value == "注：说明"
    plain, _ = written(make())
    assert plain["A7"].value is None
