"""Which formulas a change makes stale, and in which order they can be worked out."""

from __future__ import annotations

import random

import pytest

from zhubao.excel.address import make_ref, parse_ref
from zhubao.excel.formula.cells import FormulaCell
from zhubao.excel.formula.dependents import Dependent, dependents
from zhubao.excel.formula.needs import NeedsReader
from zhubao.excel.formula.reach import Stretches
from zhubao.excel.formula.tokens import Area

Written = dict[str, dict[str, str]]
NAMES = {
    "合计区": "应收!$A$1:$A$9",
    "动态": "OFFSET(应收!$A$1,0,0,5,1)",
    "相对": "应收!A1",
    "表内!本表": "表内!$B$2",
    "转手": "合计区",
    **{f"长{number}": f"长{number + 1}" for number in range(500)},
}


def formulas(written: Written) -> dict[str, list[FormulaCell]]:
    return {
        sheet: [FormulaCell(*parse_ref(ref), text) for ref, text in own.items()]
        for sheet, own in written.items()
    }


def stale(written: Written, changed: dict[str, list[str]], **more: object) -> list[str]:
    places = {sheet: {parse_ref(ref) for ref in refs} for sheet, refs in changed.items()}
    found = dependents(formulas(written), places, NAMES, **more)  # type: ignore[arg-type]
    return [
        f"{one.sheet}!{make_ref(one.row, one.column)}{'' if one.evaluable else '?'}"
        for one in found
    ]


@pytest.mark.parametrize(
    ("formula", "is_stale"),
    [
        ("A5", True),
        ("A6", False),
        ("$A$5*2", True),
        ("SUM(A1:A9)", True),
        ("SUM(A9:A1)", True),
        ("SUM(B1:B9)", False),
        ("SUM(A:A)", True),
        ("SUM($B:$C)", False),
        ("SUM(5:5)", True),
        ("SUM(6:9)", False),
        ("应收!A5", True),
        ("'应收'!$A$5", True),
        ("[0]!合计区", True),
        ("实收!A5", False),
        ("SUM(应收!A1:应收!A9)", True),
        ("[1]应收!A5", False),
        ("'[1]应收'!A5", False),
        ("[1]!合计区", False),
        ("应收:实收!B1", True),  # several sheets: may be any cell
        ("SUM(合计区)", True),
        ("SUM(转手)", True),
        ("SUM(动态)", True),
        ("相对", True),
        ("没有的名称", True),
        ("长0", True),
        ("'" * 9000, True),
        ('INDIRECT("B1")', True),
        ("OFFSET(B1,1,1)", True),
        ("SUM(表1[金额])", True),
        ("B1:INDEX(B:B,3)", True),
        ("_xlfn.ANCHORARRAY(B1)", True),
        ('"A5"', False),
        ("LOG10(B1)", False),
        ("A5B+1", True),  # no cell: an unknown name
        ("1E5+B1", False),
        ("TODAY()", False),
        ("#REF!+1", False),
        ("SUM({1,2;3,4})", False),
        ("SUMIF(B1:B9,1,A1)", True),  # adds A1:A9
        ("SUMIF(B1:B4,1,A1)", False),
        ("SUMIF(B1:B4,1,A1:A2)", False),
        ("IF(B1,TRUE,FALSE)", False),
    ],
)
def test_a_formula_depends_on_the_cells_it_names(formula: str, is_stale: bool) -> None:
    found = stale({"应收": {"D1": formula}}, {"应收": ["A5"]})
    assert found == (["应收!D1"] if is_stale else [])


def test_names_of_one_sheet_count_there_only() -> None:
    written = {"表内": {"D1": "本表"}, "别表": {"D1": "表内!本表", "D2": "合计区"}}
    assert stale(written, {"表内": ["B2"]}) == ["表内!D1", "别表!D1"]


def test_a_formula_in_a_changed_cell_is_stale_itself() -> None:
    assert stale({"应收": {"D1": "1+1", "D2": "2"}}, {"应收": ["D1"]}) == ["应收!D1"]


def test_nothing_changed_means_nothing_stale() -> None:
    assert stale({"应收": {"D1": 'INDIRECT("A1")'}}, {"应收": []}) == []


def test_each_formula_comes_after_those_it_reads() -> None:
    written = {
        "应收": {"D1": "汇总!B1+1", "D2": "D1*2", "D3": "SUM(D1:D2)", "E9": "B1"},
        "汇总": {"B1": "SUM(应收!A:A)", "B2": "应收!D3"},
    }
    found = stale(written, {"应收": ["A5"]})
    assert found == ["汇总!B1", "应收!D1", "应收!D2", "应收!D3", "汇总!B2"]


def test_circles_and_what_stands_above_them_come_last() -> None:
    written = {"应收": {"B1": "A1+C1", "C1": "B1", "D1": "SUM(A:D)", "E1": "A1", "F1": "C1"}}
    found = stale(written, {"应收": ["A1"]})
    assert found[0] == "应收!E1"
    assert {one for one in found if one.endswith("?")} >= {"应收!B1?", "应收!C1?", "应收!D1?"}


def test_a_long_chain_needs_no_deep_stack() -> None:
    cells = [FormulaCell(row, 2, f"B{row + 1}+A{row}") for row in range(1, 20_001)]
    found = dependents({"应收": cells}, {"应收": {(20_000, 1)}}, {})
    assert [one.row for one in found] == list(range(20_000, 0, -1))


def test_cells_an_array_fills_pass_the_change_on() -> None:
    cells = [
        FormulaCell(1, 3, "A1:A5", "array", ref="C1:C5"),
        FormulaCell(1, 4, "C4"),
        FormulaCell(2, 4, "C6"),
    ]
    found = dependents({"应收": cells}, {"应收": {(2, 1)}}, {})
    assert found == [Dependent("应收", 1, 3), Dependent("应收", 1, 4)]
    huge = [FormulaCell(1, 3, "A1", "array", ref="C1:XFD1048576"), FormulaCell(1, 2, "Z9")]
    assert len(dependents({"应收": huge}, {"应收": {(1, 1)}}, {})) == 2


def test_rows_put_in_or_taken_out_make_ranges_across_the_edge_stale() -> None:
    written = {
        "应收": {
            "D1": "SUM(A2:A9)",
            "D2": "SUM(A2:A4)",
            "D3": "SUM(A6:A9)",
            "D4": "A5",
            "D5": "ROW()",
            "D6": "#REF!*2",
            "D7": "SUM(A2:A3)",
            "D8": "SUM(A5:A5)",
        },
        "汇总": {"A1": "VLOOKUP(1,应收!A:C,3,0)", "A2": "ROWS(实收!A1:A9)", "A3": "SUM(A1:A9)"},
    }
    found = stale(written, {}, seams={"应收": [5]})
    expected = ["应收!D1", "应收!D2", "应收!D5", "应收!D6", "应收!D8", "汇总!A1", "汇总!A2"]
    assert sorted(one for one in found if one.startswith("应收")) == expected[:5]
    assert {"汇总!A1", "汇总!A2"} <= {one.rstrip("?") for one in found}


def test_needs_tell_what_is_volatile() -> None:
    reader = NeedsReader(NAMES)
    assert reader.needs("TODAY()-A1", "应收").volatile
    assert reader.needs("SUM(动态)", "应收").volatile
    assert not reader.needs('"TODAY()"', "应收").volatile
    assert reader.needs("A1", "Sheet").areas == (Area("sheet", 1, 1, 1, 1),)


def test_stretches_are_given_out_once() -> None:
    stretches = Stretches([(1, 5, 10), (3, 3, 11), (4, 9, 12)])
    assert sorted(stretches.take(3)) == [10, 11]
    assert list(stretches.take(5)) == [12]
    assert list(stretches.take(5)) == []
    assert list(Stretches([]).take(1)) == []


@pytest.mark.parametrize("seed", range(30))
def test_the_index_finds_what_a_plain_search_finds(seed: int) -> None:
    rng = random.Random(seed)
    written: dict[str, str] = {}
    for _ in range(40):
        place = make_ref(rng.randrange(1, 15), rng.randrange(1, 10))
        top, left = rng.randrange(1, 15), rng.randrange(1, 10)
        bottom, right = top + rng.choice([0, 0, 1, 4]), left + rng.choice([0, 0, 1, 4])
        written[place] = (
            f"SUM({make_ref(top, left)}:{make_ref(bottom, right)})+{make_ref(left, top)}"
        )
    changed = {(rng.randrange(1, 15), rng.randrange(1, 10)) for _ in range(2)}
    cells = formulas({"应收": written})["应收"]
    found = dependents({"应收": cells}, {"应收": changed}, {})
    assert {(one.row, one.column) for one in found} == _plain_search(cells, changed)
    place_of = {(one.row, one.column): at for at, one in enumerate(found) if one.evaluable}
    for one in found:
        if one.evaluable:
            text = written[make_ref(one.row, one.column)]
            for area in NeedsReader({}).needs(text, "应收").areas:
                before = [at for place, at in place_of.items() if area.holds("应收", *place)]
                assert all(at < place_of[one.row, one.column] for at in before)


def _plain_search(cells: list[FormulaCell], changed: set[tuple[int, int]]) -> set[tuple[int, int]]:
    reader = NeedsReader({})
    dirty = set(changed)
    found: set[tuple[int, int]] = set()
    grown = True
    while grown:
        grown = False
        for cell in cells:
            place = cell.row, cell.column
            areas = reader.needs(cell.text, "应收").areas
            reads = any(area.holds("应收", *one) for area in areas for one in dirty)
            if place not in found and (reads or place in changed):
                found.add(place)
                dirty.add(place)
                grown = True
    return found
