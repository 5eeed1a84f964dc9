from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.excel.address import (
    MAX_COLUMN,
    MAX_ROW,
    column_letter,
    column_number,
    make_ref,
    parse_ref,
)


def test_the_last_column_of_a_sheet_is_xfd() -> None:
    assert column_letter(MAX_COLUMN) == "XFD"
    assert column_number("xfd") == MAX_COLUMN


@given(st.integers(1, MAX_ROW), st.integers(1, MAX_COLUMN))
def test_a_reference_read_back_is_the_same_cell(row: int, column: int) -> None:
    assert parse_ref(make_ref(row, column)) == (row, column)


@pytest.mark.parametrize("text", ["", "12", "G", "7G", "ABCD1", "A12345678", "A1:B2"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_ref(text)


def test_columns_are_counted_from_one() -> None:
    with pytest.raises(ValueError):
        column_letter(0)
    with pytest.raises(ValueError):
        column_number("A1")
