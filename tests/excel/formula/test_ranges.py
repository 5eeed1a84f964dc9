from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.excel.address import MAX_ROW
from zhubao.excel.formula.ranges import (
    Grow,
    first_column,
    move_row,
    move_rows,
    row_bounds,
    shift_ref,
    shift_sqref,
)
from zhubao.excel.shift import Shift

APPENDED = Shift("应收", 100, 3, 5)
REMOVED = Shift("应收", 10, -5)


@pytest.mark.parametrize(
    ("ref", "grow", "after"),
    [
        ("A99", "never", "A99"),
        ("A100", "never", "A103"),
        ("$A$5:$C$99", "never", "$A$5:$C$99"),
        ("$A$5:$C$99", "record", "$A$5:$C$102"),
        ("A6:C99", "record", "A6:C99"),
        ("A6:C99", "contains", "A6:C102"),
        ("A99", "record", "A99"),
        ("A99", "contains", "A99:A102"),
        ("$A$99", "contains", "$A$99:$A$102"),
        ("A5:C98", "contains", "A5:C98"),
        ("A5:C120", "contains", "A5:C123"),
        ("A:C", "contains", "A:C"),
        ("5:99", "record", "5:102"),
        ("$100:$101", "never", "$103:$104"),
        ("F2:F1048576", "contains", "F2:F1048576"),
        ("F100:F1048576", "never", "F103:F1048576"),
        ("F1:F1048576", "never", "F1:F1048576"),
        ("F1048575", "never", None),
    ],
)
def test_rows_put_in(ref: str, grow: Grow, after: str | None) -> None:
    assert shift_ref(ref, APPENDED, grow=grow) == after


@pytest.mark.parametrize(
    ("ref", "after"),
    [
        ("A9", "A9"),
        ("A10", None),
        ("A14", None),
        ("A15", "A10"),
        ("A10:B14", None),
        ("A9:A12", "A9"),
        ("A9:B12", "A9:B9"),
        ("$A$9:$B$20", "$A$9:$B$15"),
        ("12:20", "10:15"),
        ("10:12", None),
        ("A:A", "A:A"),
    ],
)
def test_rows_taken_out(ref: str, after: str | None) -> None:
    assert shift_ref(ref, REMOVED, grow="contains") == after


def test_lists_lose_what_was_taken_out() -> None:
    assert shift_sqref("A5:A9 B10 C15", REMOVED, grow="never") == "A5:A9 C10"
    assert shift_sqref("B10 C11:C12", REMOVED, grow="never") is None
    assert shift_sqref("A5:A98 B99", APPENDED, grow="contains") == "A5:A98 B99:B102"


def test_an_unchanged_list_is_the_same_text() -> None:
    assert shift_sqref(" A1  B2 ", APPENDED, grow="never") == " A1  B2 "


def test_nothing_grows_without_a_block() -> None:
    assert shift_ref("A5:A99", Shift("应收", 100, 3), grow="contains") == "A5:A99"


@pytest.mark.parametrize("text", ["", "A0", "A", "5", "A1:", "应收!A1", "A1:B", "#REF!", "A01"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    for reads in (row_bounds, first_column, lambda ref: shift_ref(ref, APPENDED, grow="never")):
        with pytest.raises(ValueError):
            reads(text)


def test_bounds_are_read_whichever_corner_stands_first() -> None:
    assert row_bounds("B9:A5") == (5, 9)
    assert row_bounds("$A$7") == (7, 7)
    assert row_bounds("3:5") == (3, 5)
    assert row_bounds("B:D") == (1, MAX_ROW)
    assert [first_column(ref) for ref in ("D9:$B5", "$C$1", "3:5", "D:B")] == [2, 3, 1, 2]


rows = st.integers(1, 200)
counts = st.integers(1, 20)


@given(rows, rows, rows, counts, st.sampled_from(["A{}", "$A${}:C{}", "{}:{}"]))
def test_putting_in_and_taking_out_is_identity(
    one: int, other: int, at: int, count: int, form: str
) -> None:
    ref = form.format(one, other)
    there = shift_ref(ref, Shift("s", at, count), grow="contains")
    assert there is not None
    assert shift_ref(there, Shift("s", at, -count), grow="contains") == ref


@given(rows, rows, rows, counts, st.booleans())
def test_a_range_is_the_hull_of_its_moved_rows(
    one: int, other: int, at: int, count: int, out: bool
) -> None:
    shift = Shift("s", at, -count if out else count)
    top, bottom = sorted((one, other))
    moved = [new for row in range(top, bottom + 1) if (new := move_row(row, shift)) is not None]
    assert move_rows(top, bottom, shift) == ((moved[0], moved[-1]) if moved else None)


@given(rows, rows, rows, counts, rows)
def test_a_range_grows_by_what_is_put_in_or_not_at_all(
    one: int, other: int, at: int, count: int, block: int
) -> None:
    shift = Shift("s", at, count, min(block, at - 1))
    top, bottom = sorted((one, other))
    plain = row_bounds(shift_ref(f"A{top}:B{bottom}", shift, grow="never") or "")
    record = row_bounds(shift_ref(f"A{top}:B{bottom}", shift, grow="record") or "")
    contains = row_bounds(shift_ref(f"A{top}:B{bottom}", shift, grow="contains") or "")
    last = bottom == at - 1 and shift.block > 0
    assert contains == ((plain[0], plain[1] + count) if last else plain)
    assert record == (contains if top <= shift.block else plain)
