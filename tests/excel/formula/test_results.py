"""Cached results after a change: the right ones, or none; what does not depend is not named."""

from __future__ import annotations

from collections.abc import Collection

from zhubao.excel.address import make_ref, parse_ref
from zhubao.excel.formula.cells import FormulaCell
from zhubao.excel.formula.results import cached_results

VALUES: dict[tuple[str, str], object] = {
    ("Data", "A1"): 100.0,
    ("Data", "A2"): 50.25,
    ("Data", "A3"): 9.0,
    ("Data", "B1"): "张三",
    ("Data", "H1"): 44_000.0,  # a cached TODAY()
    ("Data", "H2"): 44_001.0,
}


def results(
    formulas: dict[str, list[FormulaCell]],
    changed: dict[str, list[str]],
    *,
    seams: dict[str, list[int]] | None = None,
    hidden: Collection[int] | None = None,
) -> dict[str, float | str | bool | None]:
    found = cached_results(
        formulas,
        {sheet: {parse_ref(ref) for ref in refs} for sheet, refs in changed.items()},
        {"单价": "Data!$A$2"},
        lambda sheet, row, column: VALUES.get((sheet, make_ref(row, column))),
        seams=seams,
        extent=lambda sheet: (3, 8) if sheet == "Data" else (0, 0),
        hidden_rows=None if hidden is None else lambda _: hidden,
    )
    return {
        f"{sheet}!{make_ref(*place)}": value
        for sheet, own in found.items()
        for place, value in own.items()
    }


def cell(ref: str, text: str, *, cached: bool = True) -> FormulaCell:
    return FormulaCell(*parse_ref(ref), text, cached=cached)


def test_results_follow_the_change_through_sheets() -> None:
    formulas = {
        "Data": [cell("C1", "A1*单价"), cell("C2", 'B1&"户"'), cell("C3", "SUM(A2:A3)")],
        "汇总": [cell("A1", "SUM(data!C:C)+Data!A3"), cell("A2", "A1>1"), cell("A3", "A3x")],
    }
    assert results(formulas, {"Data": ["A1", "B1"]}) == {
        "Data!C1": 5025.0,
        "Data!C2": "张三户",
        # C3 does not depend on the change: its cached value, unknown here, is used
        "汇总!A1": 5034.0,
        "汇总!A2": True,
        "汇总!A3": None,
    }


def test_what_is_not_certain_loses_its_result_and_so_does_what_reads_it() -> None:
    formulas = {
        "Data": [
            cell("C1", "VLOOKUP(A1,A:B,2,0)"),
            cell("C2", "C1+1"),
            cell("C3", "IF(A1>1,7,C1)"),
            cell("D1", "1/(A1-100)"),
            cell("D2", "IFERROR(D1,0)"),
            cell("E1", "E2+A1"),
            cell("E2", "E1"),
        ]
    }
    assert results(formulas, {"Data": ["A1"]}) == {
        "Data!C1": None,
        "Data!C2": None,
        "Data!C3": 7.0,
        "Data!D1": None,
        "Data!D2": 0.0,
        "Data!E1": None,
        "Data!E2": None,
    }


def test_a_result_that_changes_by_itself_makes_others_uncertain_but_is_kept() -> None:
    formulas = {
        "Data": [cell("H1", "TODAY()"), cell("H2", "H1+1"), cell("C1", "H2-A1"), cell("C2", "A1")]
    }
    assert results(formulas, {"Data": ["A1"]}) == {"Data!C1": None, "Data!C2": 100.0}


def test_a_formula_never_worked_out_is_not_read_as_empty() -> None:
    formulas = {"Data": [cell("D1", "5", cached=False), cell("C1", "A1+D1")]}
    assert results(formulas, {"Data": ["A1"]}) == {"Data!C1": None}
    assert results(formulas, {"Data": ["D1"]}) == {"Data!C1": 105.0, "Data!D1": 5.0}


def test_array_formulas_lose_the_results_of_all_their_cells() -> None:
    formulas = {
        "Data": [
            FormulaCell(1, 3, "A1:A3*2", "array", ref="C1:C3"),
            cell("D1", "C2"),
            cell("D2", "SUM(C1:C2)+A1"),
            FormulaCell(1, 6, "", "dataTable", ref="F1:F2"),
        ]
    }
    assert results(formulas, {"Data": ["A1"]}) == {
        **{f"Data!C{row}": None for row in (1, 2, 3)},
        **dict.fromkeys(("Data!D1", "Data!D2", "Data!F1", "Data!F2")),
    }


def test_subtotals_are_certain_where_no_row_is_hidden() -> None:
    formulas = {"Data": [cell("C1", "SUBTOTAL(9,A1:A3)"), cell("C2", "SUBTOTAL(9,C1:C1,A1:A2)")]}
    assert results(formulas, {"Data": ["A1"]}) == {"Data!C1": None, "Data!C2": None}
    found = results(formulas, {"Data": ["A1"]}, hidden=[])
    assert found == {"Data!C1": 159.25, "Data!C2": None}  # a subtotal of a subtotal
    assert results(formulas, {"Data": ["A1"]}, hidden=[3])["Data!C1"] is None


def test_rows_put_in_renew_sums_and_row_numbers() -> None:
    formulas = {"Data": [cell("C1", "SUM(A1:A3)"), cell("C3", "ROW()-1"), cell("D1", "A1*2")]}
    found = results(formulas, {}, seams={"Data": [3]})
    assert found == {"Data!C1": 159.25, "Data!C3": 2.0}


def test_nothing_changed_gives_nothing() -> None:
    assert results({"Data": [cell("C1", "A1")]}, {}) == {}
