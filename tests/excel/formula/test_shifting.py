from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.formula.translate import Translator, TranslatorError

from zhubao.excel.formula.ranges import shift_ref
from zhubao.excel.formula.shared import shift_shared
from zhubao.excel.formula.shifting import (
    UnreadableFormula,
    shift_edits,
    shift_formula,
    translate_formula,
)
from zhubao.excel.shift import Shift

APPENDED = Shift("应收", 100, 3, 5)  # 3 records after those of rows 5 to 99, before 合计 in row 100
INSERTED = Shift("应收", 50, 2)
REMOVED = Shift("应收", 10, -5)  # rows 10 to 14


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("F100", "F103"),
        ("$F$100+F$100+$F100", "$F$103+F$103+$F103"),
        ("F99", "F99"),
        ("SUM(F5:F99)", "SUM(F5:F102)"),
        ("SUM(F4:F99)", "SUM(F4:F102)"),
        ("SUM(F6:F99)", "SUM(F6:F99)"),
        ("SUM(F5:F98)", "SUM(F5:F98)"),
        ("SUM($F$5:$F$100)", "SUM($F$5:$F$103)"),
        ("SUBTOTAL(9,F5:F99)", "SUBTOTAL(9,F5:F102)"),
        ("SUMIF(B5:B99,B100,应收!F5:F99)", "SUMIF(B5:B102,B103,应收!F5:F102)"),
        ("SUM(F99:F5)", "SUM(F102:F5)"),
        ("SUM(应收!F5:应收!F99)", "SUM(应收!F5:应收!F102)"),
        ("SUM(F5 : F99)", "SUM(F5 : F102)"),
        ("SUM(F:F)+F100:F1048576", "SUM(F:F)+F103:F1048576"),
        ("F1:F1048576 F100", "F1:F1048576 F103"),
        ("SUM(5:99)+SUM(100:101)", "SUM(5:102)+SUM(103:104)"),
        ("LOG10(100)+ATAN2(F100,1)", "LOG10(100)+ATAN2(F103,1)"),
        ('"F100 ""F100"""&F100', '"F100 ""F100"""&F103'),
        ("Table1[[#This Row],[F100]]*F100", "Table1[[#This Row],[F100]]*F103"),
        ("Table1[a'[F100]*F100", "Table1[a'[F100]*F103"),
        ("IF(F100=#N/A,1.5E+100,F100#)", "IF(F103=#N/A,1.5E+100,F103#)"),
        ("#REF!F100+#REF!", "#REF!F100+#REF!"),
        ("[1]应收!F100+'[1]应收'!F100+'C:\\[a.xlsx]应收'!F100", None),
        ("一月:应收!F100+'一 月:应收'!F100", None),
        ("[0]应收!F100", "[0]应收!F103"),
        ("实收!F100+'实 收'!F100+#REF!F100", None),
        ("F100A+F100.b+欠F100+XFE100+A1048577+ABCD100", None),
        ("_xlfn.XLOOKUP(A100,B:B,C:C)", "_xlfn.XLOOKUP(A103,B:B,C:C)"),
        ("F100:INDEX(F:F,100)", "F103:INDEX(F:F,100)"),
        ("{100,F100}", "{100,F103}"),
        ("f100+f5:f99", "f103+f5:f102"),
        ("-F100%", "-F103%"),
        ("A1048576", "#REF!"),
    ],
)
def test_rows_put_in_move_and_grow_what_refers_to_them(before: str, after: str | None) -> None:
    assert shift_formula(before, "应收", APPENDED) == (before if after is None else after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("F10", "#REF!"),
        ("应收!$F$14+1", "应收!#REF!+1"),
        ("F15", "F10"),
        ("F9", "F9"),
        ("SUM(F9:F12)", "SUM(F9:F9)"),
        ("SUM(F12:F20)", "SUM(F10:F15)"),
        ("SUM(F14:F15)", "SUM(F10:F10)"),
        ("SUM(F10:F14)", "SUM(#REF!)"),
        ("SUM(应收!F10:应收!F11)", "SUM(应收!#REF!)"),
        ("SUM(F20:F8)", "SUM(F15:F8)"),
        ("SUM(10:14)+SUM(9:15)", "SUM(#REF!)+SUM(9:10)"),
        ("F:F+F1:F1048576", "F:F+F1:F1048576"),
    ],
)
def test_rows_taken_out_leave_clipped_ranges_and_lost_cells(before: str, after: str) -> None:
    assert shift_formula(before, "应收", REMOVED) == after


@pytest.mark.parametrize("prefix", ["应收", "'应收'"])
def test_other_sheets_follow_only_what_names_the_sheet(prefix: str) -> None:
    text = f"SUM({prefix}!F5:F99)+F100"
    assert shift_formula(text, "汇总", APPENDED) == f"SUM({prefix}!F5:F102)+F100"


def test_a_quoted_sheet_name_is_unquoted_before_it_is_compared() -> None:
    shift = Shift("李'氏 (2020)", 100, 1)
    assert shift_formula("'李''氏 (2020)'!A100", "汇总", shift) == "'李''氏 (2020)'!A101"


def test_sheet_names_are_the_same_in_any_case() -> None:
    assert shift_formula("SHEET1!A9", "x", Shift("Sheet1", 9, 1)) == "SHEET1!A10"


def test_a_single_cell_never_grows_but_a_range_of_one_does() -> None:
    first = Shift("应收", 6, 2, 5)
    assert shift_formula("SUM(F5)", "应收", first) == "SUM(F5)"
    assert shift_formula("SUM(F5:F5)", "应收", first) == "SUM(F5:F7)"


def test_in_a_record_only_ranges_with_an_absolute_end_grow() -> None:
    text = "F99/SUM(F$5:F$99)+SUM(F$5:F99)+SUM(G99:L99)"
    assert shift_formula(text, "应收", APPENDED, row=99) == text.replace("F$99", "F$102")
    only = Shift("应收", 6, 1, 5)
    assert shift_formula("SUM(G5:L5)", "应收", only, row=5) == "SUM(G5:L5)"
    assert shift_formula("SUM(F5:F99)", "应收", APPENDED, row=100) == "SUM(F5:F102)"


def test_nothing_grows_without_a_block() -> None:
    assert shift_formula("SUM(F5:F49)", "应收", INSERTED) == "SUM(F5:F49)"


@pytest.mark.parametrize(
    "text", ["", "1+1", "F99", "SUM(F6:F99)", "NOW()", '"F98', "实收!F100", "SUM(F5:F98)*100"]
)
def test_an_unchanged_formula_is_the_same_object(text: str) -> None:
    shift = Shift("应收", 101, 3, 7)
    assert shift_formula(text, "应收", shift) is text


@pytest.mark.parametrize("text", ['F100&"a', "'应收!F100", "T[F100", "T[[x]+F100"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFormula):
        shift_formula(text, "应收", APPENDED)
    with pytest.raises(UnreadableFormula):
        translate_formula(text, 1, 2)


@pytest.mark.parametrize(
    ("before", "rows", "columns", "after"),
    [
        ("F5*$G5+H$1+$I$1", 1, 0, "F6*$G6+H$1+$I$1"),
        ("F5*$G5+H$1", 0, 2, "H5*$G5+J$1"),
        ("'应 收'!F5+应收!F5+[1]应收!F5", 2, 1, "'应 收'!G7+应收!G7+[1]应收!G7"),
        ("SUM(F:F)+SUM($F:G)+SUM(5:$9)", 1, 1, "SUM(G:G)+SUM($F:H)+SUM(6:$9)"),
        ("VLOOKUP(A5,B1:B1048576,1)", 1, 0, "VLOOKUP(A6,B1:B1048576,1)"),
        ("Table1[[#This Row],[F5]]+F5", 1, 0, "Table1[[#This Row],[F5]]+F6"),
        ('"F5"&F5', 1, 0, '"F5"&F6'),
        ("F1", -1, 0, "#REF!"),
        ("应收!A5:B6", 0, -1, "应收!#REF!"),
        ("XFD5", 0, 1, "#REF!"),
        ("SUM(F$5:F5)", 1, 0, "SUM(F$5:F6)"),
        ("#REF!F5+F5", 1, 0, "#REF!F5+F6"),
    ],
)
def test_a_copied_formula_moves_its_relative_references(
    before: str, rows: int, columns: int, after: str
) -> None:
    assert translate_formula(before, 10, 10 + rows, columns=columns) == after


ROWS = st.integers(1, 130)
COLUMNS = st.sampled_from(["A", "F", "$F", "AB", "$XFD"])


@st.composite
def references(draw: st.DrawFn) -> str:
    """ "F5", "$F$5:G9", "5:9" or "F:G", sometimes on a named sheet."""
    prefix = draw(st.sampled_from(["", "", "应收!", "'应收'!", "实收!", "'实 收'!"]))
    dollars = [draw(st.sampled_from(["", "$"])) for _ in range(2)]
    rows = sorted([draw(ROWS), draw(ROWS)])
    kind = draw(st.sampled_from(["cell", "cells", "rows", "columns"]))
    first, last = (f"{dollar}{row}" for dollar, row in zip(dollars, rows, strict=True))
    left, right = draw(COLUMNS), draw(COLUMNS)
    body = {
        "cell": f"{left}{first}",
        "cells": f"{left}{first}:{right}{last}",
        "rows": f"{first}:{last}",
        "columns": f"{left}:{right}",
    }[kind]
    return prefix + body


@st.composite
def formulas(draw: st.DrawFn) -> str:
    """References among functions, texts, names, errors and numbers."""
    other = st.sampled_from(
        ['"F50 ""x"""', "LOG10(2)", "欠租F50", "#N/A", "1.5E+3", "T1[[#This Row],[F 50]]", "TRUE"]
    )
    parts = draw(st.lists(st.one_of(references(), other), min_size=1, max_size=5))
    joined = draw(st.sampled_from(["+", ",", "&", "*-", ">="])).join(parts)
    return f"IF({joined})" if "," in joined else joined


shifts = st.builds(Shift, st.just("应收"), st.integers(1, 130), st.integers(1, 9), st.just(0))


@given(references(), st.sampled_from(["应收", "实收"]), shifts, st.booleans())
def test_a_reference_follows_as_the_range_arithmetic_says(
    text: str, home: str, shift: Shift, taken_out: bool
) -> None:
    shift = Shift(shift.sheet, shift.at, -shift.count if taken_out else shift.count)
    prefix, _, body = text.rpartition("!")
    meant = prefix.strip("'") or home
    if meant != "应收":
        assert shift_formula(text, home, shift) == text
        return
    moved = shift_ref(body, shift, grow="record") or "#REF!"
    assume(moved == "#REF!" or moved.count(":") == body.count(":"))  # a rest of one cell
    assert shift_formula(text, home, shift) == (f"{prefix}!{moved}" if prefix else moved)


def cells_of(ref: str) -> set[int]:
    """The rows a reference without sheet covers, among the first 300."""
    ends = [int("".join(c for c in end if c.isdigit()) or 0) for end in ref.split(":")]
    if ends == [0, 0]:
        return set(range(1, 301))
    return set(range(min(ends), max(ends) + 1))


@given(references(), st.integers(1, 130), st.integers(-9, 9).filter(bool))
def test_what_a_reference_covers_moves_cell_by_cell(text: str, at: int, count: int) -> None:
    shift = Shift("应收", at, count)
    body = text.rpartition("!")[2]
    assume(not cells_of(body) >= set(range(1, 301)))
    after = shift_formula(body, "应收", shift)
    where = {row: row if row < at else row + count for row in cells_of(body)}
    kept = {new for row, new in where.items() if row < at or row >= at - min(count, 0)}
    if after == "#REF!":
        assert not kept
        return
    between = set(range(at, at + count)) if min(kept) < at < max(kept) else set()
    assert cells_of(after) == kept | between


@given(formulas(), st.sampled_from(["应收", "实收"]), shifts)
def test_rows_put_in_and_taken_out_again_leave_the_formula_as_it_was(
    text: str, home: str, shift: Shift
) -> None:
    there = shift_formula(text, home, shift)
    back = Shift(shift.sheet, shift.at, -shift.count)
    assert shift_formula(there, home, back) == text


@given(formulas(), shifts)
def test_only_row_numbers_are_edited(text: str, shift: Shift) -> None:
    for start, stop, new in shift_edits(text, "应收", shift):
        assert text[start:stop].isdigit()
        assert new.isdigit()


@given(formulas(), st.integers(0, 20), st.integers(0, 20))
def test_copying_agrees_with_openpyxl(text: str, rows: int, columns: int) -> None:
    try:
        expected = Translator("=" + text, "A1").translate_formula(row_delta=rows, col_delta=columns)
    except TranslatorError:
        return
    assert "=" + translate_formula(text, 1, 1 + rows, columns=columns) == expected


@given(formulas())
def test_the_references_found_are_those_openpyxl_finds(text: str) -> None:
    """Every row number of a reference moves when rows are put in before row 1."""
    text = text.replace("实收", "应收").replace("实 收", "应收")
    edits = shift_edits(text, "应收", Shift("应收", 1, 1))
    tokens = Tokenizer("=" + text).items
    operands = [t.value for t in tokens if t.type == Token.OPERAND and t.subtype == Token.RANGE]
    rows = [
        end
        for value in operands
        if "[" not in value and not value.startswith("欠租")
        for end in value.rpartition("!")[2].split(":")
        if any(c.isdigit() for c in end)
    ]
    assert len(edits) == len(rows)


@pytest.mark.parametrize(
    ("text", "ref", "shift", "expected"),
    [
        ("G5*2", "M5:M49", INSERTED, ("G5*2", "M5:M49")),
        ("G60*2", "M60:M90", INSERTED, ("G62*2", "M62:M92")),
        ("G5*$A$1", "M5:M99", INSERTED, ("G5*$A$1", "M5:M101")),
        ("G5*$A$60", "M5:M99", INSERTED, ("G5*$A$62", "M5:M101")),
        ("G4+G5", "M5:M99", INSERTED, None),
        ("SUM(F$5:F5)", "M5:M99", INSERTED, ("SUM(F$5:F5)", "M5:M101")),
        ("SUM(F5:F$99)", "M5:M99", INSERTED, ("SUM(F5:F$101)", "M5:M101")),
        ("F5/SUM(F$5:F$99)", "M5:M99", APPENDED, ("F5/SUM(F$5:F$102)", "M5:M99")),
        ("实收!G5", "M5:M99", INSERTED, None),
        ("实收!G5", "M60:M99", INSERTED, ("实收!G5", "M62:M101")),
        ("G5*2", "M5:M99", REMOVED, ("G5*2", "M5:M94")),
        ("G5*2", "M10:M14", REMOVED, None),
        ("G6-G5", "M5:M99", REMOVED, None),
    ],
)
def test_a_shared_formula_stays_shared_only_where_every_cell_agrees(
    text: str, ref: str, shift: Shift, expected: tuple[str, str] | None
) -> None:
    row = int(ref.split(":")[0][1:])
    if text.startswith("G60"):
        row = 60
    assert shift_shared(text, (row, 13), ref, "应收", shift) == expected


def test_a_shared_formula_of_another_sheet_is_taken_apart_at_the_turn() -> None:
    assert shift_shared("应收!G5", (5, 2), "B5:B20", "汇总", INSERTED) == ("应收!G5", "B5:B20")
    assert shift_shared("应收!G5", (5, 2), "B5:B60", "汇总", INSERTED) is None
    assert shift_shared("G5", (5, 2), "B5:B60", "汇总", INSERTED) == ("G5", "B5:B60")


@given(formulas(), st.integers(1, 120), st.integers(0, 40), st.data())
def test_a_shared_formula_kept_reads_right_from_every_cell(
    text: str, top: int, more: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(-9, 9).filter(bool))
    at = data.draw(st.integers(1, 130))
    block = data.draw(st.integers(0, at - 1)) if count > 0 else 0
    shift = Shift("应收", at, count, block)
    home = data.draw(st.sampled_from(["应收", "实收"]))
    kept = shift_shared(text, (top, 6), f"F{top}:F{top + more}", home, shift)
    if kept is None:
        return
    for row in range(top, top + more + 1):
        moved = shift_ref(f"F{row}", shift, grow="never") if home == "应收" else f"F{row}"
        if moved is not None:
            own = shift_formula(translate_formula(text, top, row), home, shift, row=row)
            new_top = int(kept[1].split(":")[0][1:])
            assert translate_formula(kept[0], new_top, int(moved[1:])) == own
