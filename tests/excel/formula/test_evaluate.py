"""Formulas worked out as Excel does, or not at all; compared with LibreOffice where it is there."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from zhubao.excel.formula.evaluate import Evaluator, Result, evaluate
from zhubao.excel.formula.tokens import Area
from zhubao.excel.formula.values import ERROR, UNKNOWN

Cells = dict[tuple[str, int, int], object]
CELLS: Cells = {
    ("应收", 1, 1): 10.0,
    ("应收", 2, 1): 2.5,
    ("应收", 3, 1): "张三",
    ("应收", 4, 1): True,
    # A5 is empty
    ("应收", 6, 1): "",
    ("应收", 1, 2): "张三",
    ("应收", 2, 2): "李四",
    ("应收", 3, 2): "张三",
    ("应收", 1, 3): 100.0,
    ("应收", 2, 3): 200.0,
    ("应收", 3, 3): 300.0,
    ("应收", 1, 4): ERROR,
    ("应收", 2, 4): UNKNOWN,
    ("实收", 1, 1): 7.0,
    ("My Sheet", 2, 2): 8.0,
}
NAMES = {
    "单价": "应收!$C$1",
    "全部": "应收!$C$1:$C$3",
    "税率": "0.05",
    "相对": "应收!C1",
    "圈": "圈+1",
    "名一": "名二+1",
    "名二": "名一+1",
    **{f"长{number}": f"长{number + 1}" for number in range(500)},
}


def work_out(
    formula: str,
    *,
    is_plain: Callable[[Area], bool] | None = None,
    at: tuple[int, int] | None = None,
) -> Result:
    return evaluate(
        formula,
        "应收",
        lambda sheet, row, column: CELLS.get((sheet, row, column)),
        names=NAMES,
        sheets=("应收", "实收", "My Sheet"),
        extent=lambda _: (10, 6),
        is_plain=is_plain,
        at=at,
    )


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("1+2*3", 7.0),
        ("-2^2", 4.0),
        ("2^3^2", 64.0),
        ("2^-2", 0.25),
        ("10%+1", 1.1),
        ("-A1%", -0.1),
        ("(1+2)*3", 9.0),
        ('A1&"元"', "10元"),
        ('0.1+0.2&""', "0.3"),
        ("0.1+0.2", 0.30000000000000004),
        ("0.1+0.2-0.3", 0.0),
        ("A5", 0.0),
        ('A5&""', ""),
        ("A5=0", True),
        ('A5=""', True),
        ("TRUE=1", False),
        ('"a"="A"', True),
        ('"张三"<>B2', True),
        ('1<"1"', True),
        ('"z"<TRUE', True),
        ("实收!A1*2", 14.0),
        ("'My Sheet'!$B$2", 8.0),
        ("SUM(A1:A6)", 12.5),
        ("SUM(A1:A6,TRUE,3)", 16.5),
        ("SUM(C:C)", 600.0),
        ("SUM(1:1048576)-1", UNKNOWN),
        ("PRODUCT(A1:A6)", 25.0),
        ("AVERAGE(A1:A6)", 6.25),
        ("AVERAGE(A5:A6)", ERROR),
        ("MIN(A1:A6)", 2.5),
        ("MAX(A5:A6)", 0.0),
        ("COUNT(A1:A6)", 2.0),
        ("COUNT(D1:D1,A1)", 1.0),
        ("COUNTA(A1:A6)", 5.0),
        ("ROUND(2.5,0)", 3.0),
        ("ROUND(-2.5,0)", -3.0),
        ("ROUND(1.005,2)", 1.01),
        ("ROUND(2.675,2)", 2.68),
        ("ROUND(1234.5,-2)", 1200.0),
        ("ROUND(0.1+0.2-0.3,2)", 0.0),
        ("ROUNDUP(-1.21,1)", -1.3),
        ("ROUNDDOWN(-1.29,1)", -1.2),
        ("INT(-1.5)", -2.0),
        ("ABS(-3)", 3.0),
        ('IF(A1>5,"大","小")', "大"),
        ("IF(A1>5,1,D2)", 1.0),
        ("IF(A1<5,1)", False),
        ("IF(TRUE,,1)", 0.0),
        ("IF(TRUE,A3)", "张三"),
        ("SUM(IF(TRUE,A1:A2,0))", 12.5),
        ("SUM(IF(TRUE,A4))", 0.0),
        ("IFERROR(1/0,9)", 9.0),
        ("IFERROR(D1,9)", 9.0),
        ("IFERROR(A1,9)", 10.0),
        ("IFERROR(D2,9)", UNKNOWN),
        ("AND(A1>1,A2>1)", True),
        ("OR(A1<1,A4:A6)", True),
        ("AND(A5:A6)", ERROR),
        ("NOT(A1)", False),
        ('SUMIF(B:B,"张三",C:C)', 400.0),
        ('SUMIF(B1:B3,"<>张三",C1:C3)', 200.0),
        ('SUMIF(C1:C3,">100")', 500.0),
        ('SUMIF(C1:C3,">="&C2,A1)', 2.5),
        ('COUNTIF(B1:B3,"张三")', 2.0),
        ('COUNTIF(B1:B20,"<>张三")', 18.0),
        ("COUNTIF(C1:C3,200)", 1.0),
        ("SUMPRODUCT(A1:A3,C1:C3)", 1500.0),
        ("SUMPRODUCT(A1:A3,C1:C2)", ERROR),
        ("N(A3)", 0.0),
        ("N(TRUE)", 1.0),
        ('VALUE("12.5")', 12.5),
        ('VALUE("")', ERROR),
        ("ISBLANK(A5)", True),
        ("ISBLANK(A6)", False),
        ("单价*税率", 5.0),
        ("SUM(全部)", 600.0),
        ("ROWS(A1:A9)", 9.0),
        ("1/0", ERROR),
        ("0^0", ERROR),
        ("#REF!+1", ERROR),
        ("A1+D1", ERROR),
        ("1E308*10", ERROR),
        ("+".join(["A1"] * 2500), 25000.0),
    ],
)
def test_a_formula_gives_what_excel_stores(formula: str, result: Result) -> None:
    found = work_out(formula)
    assert (type(found), found) == (type(result), result)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "1+",
        "A3+1",  # a text may be a number
        '"5"+1',
        "A1:A3+1",
        "A1:A3",
        "SUM(A1:D3)",  # D2 is not known
        "SUM(D2)",
        "D2",
        "TODAY()",
        "VLOOKUP(A1,A:B,2,0)",
        "[1]应收!A1",
        "应收:实收!A1",
        "表1[金额]",
        "{1,2}",
        "SUM((A1,A2))",
        "A1:B2 B1:C3",
        "没有的名称",
        "相对",
        "圈",
        "(0.1+0.2-0.3)",  # in parentheses Excel keeps the noise
        "(0.1+0.2-0.3)*1",
        "IF(0.1+0.2-0.3>0,1,0)",
        "0.1+0.2=0.3",
        "SUM(0.1,0.2,-0.3)",
        "INT(4.35*100)",
        'SUMIF(B1:B3,"张*",C1:C3)',
        'COUNTIF(B1:B3,"2020-01")',
        'COUNTIF(B1:B3,"5%")',
        'COUNTIF(B1:B3,">张三")',
        'COUNTIF(B1:B3,"110101199003070011")',
        "COUNTIF(B1:B3,A5)",
        'VALUE("1,000")',
        'VALUE("2020-01-01")',
        '"é"="e"',
        '"乙"<"甲"',
        "SUBTOTAL(9,C1:C3)",
        "ROW()",
        "1E15&A1",
        "+".join(["A1"] * 3000),  # longer than Excel allows
        "长0",
        "名一",  # names that lead to one another without end
        "(" * 200 + "1" + ")" * 200,
    ],
)
def test_what_is_not_certain_is_unknown(formula: str) -> None:
    assert work_out(formula) is UNKNOWN


def test_rounding_a_half_that_is_not_quite_one_is_unknown() -> None:
    below = math.nextafter(0.125, 0)
    assert evaluate("ROUND(A1,2)", "s", lambda *_: below) is UNKNOWN


def test_a_subtotal_is_certain_only_where_every_cell_counts() -> None:
    assert work_out("SUBTOTAL(9,C1:C3)", is_plain=lambda _: True) == 600.0
    assert work_out("SUBTOTAL(103,A1:A6)", is_plain=lambda _: True) == 5.0
    assert work_out("SUBTOTAL(9,C1:C3)", is_plain=lambda area: area.top > 1) is UNKNOWN
    assert work_out("SUBTOTAL(7,C1:C3)", is_plain=lambda _: True) is UNKNOWN


def test_a_formula_may_ask_where_it_stands() -> None:
    assert work_out("ROW()-1", at=(12, 3)) == 11.0
    assert work_out("COLUMN()", at=(12, 3)) == 3.0
    assert work_out("ROW(B7)") == 7.0


def test_values_that_are_no_numbers_or_texts_are_unknown() -> None:
    assert evaluate("A1+1", "s", lambda *_: object()) is UNKNOWN


def test_an_evaluator_stops_after_so_many_cells() -> None:
    evaluator = Evaluator(lambda *_: 1.0, visits=10)
    assert evaluator.evaluate("SUM(A1:A9)", "s") == 9.0
    assert evaluator.evaluate("SUM(A1:A5)", "s") is UNKNOWN
    assert evaluator.evaluate("A1+A2", "s") == 2.0


def _random_sheet(rng: random.Random) -> Cells:
    """A1:F40: amounts, names, blanks. No truth values, which LibreOffice takes for numbers."""
    cells: Cells = {}
    for row in range(1, 41):
        for column in range(1, 7):
            kind = rng.random()
            if kind < 0.55:
                cells["数据", row, column] = round(rng.uniform(-5000, 5000), 2)
            elif kind < 0.7:
                cells["数据", row, column] = float(rng.randrange(-20, 20))
            elif kind < 0.85:
                cells["数据", row, column] = rng.choice(["张三", "李四", "王五", "abc", "ABC"])
    return cells


def _random_formulas(rng: random.Random) -> list[str]:
    def cell() -> str:
        return f"数据!{rng.choice('ABCDEF')}{rng.randrange(1, 41)}"

    def area() -> str:
        top, column = rng.randrange(1, 30), rng.choice("ABCD")
        right = chr(ord(column) + rng.randrange(0, 3))
        return f"数据!{column}{top}:{right}{top + rng.randrange(0, 11)}"

    def column() -> tuple[str, str]:
        top, bottom = rng.randrange(1, 20), rng.randrange(20, 41)
        first, second = rng.sample("ABCDEF", 2)
        return f"数据!{first}{top}:{first}{bottom}", f"数据!{second}{top}:{second}{bottom}"

    formulas: list[str] = []
    for _ in range(12):
        a, b = column()
        formulas += [
            f"{cell()}+{cell()}*{cell()}-{cell()}",
            f"ROUND({cell()}*{cell()}/7,{rng.randrange(-1, 4)})",
            f"ROUNDUP({cell()}/3,2)+ROUNDDOWN({cell()}/3,1)",
            f"INT({cell()})+ABS({cell()})",
            f"SUM({area()},{cell()})",
            f"AVERAGE({area()})+MIN({area()})-MAX({area()})",
            f"COUNT({area()})+COUNTA({area()})*100",
            f'IF({cell()}>{rng.randrange(-9, 9)},{cell()}&"x",{cell()})',
            f'IF(OR({cell()}="张三",{cell()}<>"abc"),1,2)',
            f'SUMIF({a},"{rng.choice(["张三", "李四", "abc"])}",{b})',
            f'SUMIF({a},"{rng.choice([">", "<=", "<>"])}{rng.randrange(-500, 500)}",{b})',
            f'COUNTIF({a},"{rng.choice([">", "<", ">="])}{rng.randrange(-500, 500)}")',
            f"SUMPRODUCT({a},{b})",
            f"PRODUCT({cell()},{cell()},2)%",
            f"-{cell()}^2+N({cell()})",
            f"IFERROR({cell()}/{cell()},-1)",
            f"ISBLANK({cell()})",
            f"AND({cell()}>0,NOT({cell()}>0))",
            f"SUM({a})/COUNT({b})",
            f"SUBTOTAL({rng.choice([9, 109, 2, 103])},{a})",
        ]
    return formulas


@pytest.mark.libreoffice
def test_results_agree_with_libreoffice(
    tmp_path: Path, soffice: Callable[[Path, str], Path]
) -> None:
    rng = random.Random(20200630)
    cells, formulas = _random_sheet(rng), _random_formulas(rng)
    book = Workbook()
    first = book.worksheets[0]
    first.title = "公式"
    data = book.create_sheet("数据")
    for (_, row, column), value in cells.items():
        data.cell(row, column, value)
    for row, formula in enumerate(formulas, start=1):
        first.cell(row, 1, f"={formula}")
    path = tmp_path / "公式.xlsx"
    book.save(path)
    recalculated = load_workbook(soffice(path, "xlsx"), data_only=True)["公式"]
    evaluator = Evaluator(
        lambda sheet, row, column: cells.get((sheet, row, column)), is_plain=lambda _: True
    )
    certain = 0
    for row, formula in enumerate(formulas, start=1):
        result = evaluator.evaluate(formula, "公式")
        theirs = recalculated.cell(row, 1).value
        if result is ERROR:
            assert str(theirs).startswith("#"), formula
        elif result is not UNKNOWN:
            certain += 1
            assert _agree(result, theirs), (formula, result, theirs)
    assert certain > 0.6 * len(formulas)


def _agree(ours: Result, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, int | float):
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-12)
    return ours == (theirs if theirs is not None else "")
