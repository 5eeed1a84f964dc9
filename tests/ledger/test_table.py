"""LedgerTable: cells, several sheets, bad rows, frames."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.table import Columns, LedgerTable, Segment, compact_rows

MARCH = Month.of(2020, 3)


def charges(count: int, *, sheet: str = "应收", first_row: int = 2) -> LedgerTable[Charge]:
    rows = [
        {"charge_no": f"{sheet}{i}", "household_no": f"H{i}", "month": MARCH, "amount": i * 100}
        for i in range(count)
    ]
    return LedgerTable.from_rows(Charge, rows, sheet=sheet, first_row=first_row)


def test_a_cell_is_named_by_file_sheet_and_reference() -> None:
    table = charges(3, first_row=5)
    assert table.cell(1, "amount") == Cell("arrears.xlsx", "应收", "H6")
    assert table.row_cell(2) == Cell("arrears.xlsx", "应收", "A7")


def test_the_cell_of_a_column_the_sheet_lacks_is_the_key_cell() -> None:
    place = Segment("a.xlsx", "应收", [4, 9], {"charge_no": "C"})
    columns = Columns({name: [None, None] for name in Charge.model_fields})
    table = LedgerTable(Charge, columns, [place])
    assert table.cell(1, "amount").ref == "C9"


def test_joined_sheets_keep_their_own_places() -> None:
    table = LedgerTable.joined(Charge, [charges(2), charges(3, sheet="应收2", first_row=8)])
    assert len(table) == 5
    assert table.column("charge_no") == ["应收0", "应收1", "应收20", "应收21", "应收22"]
    assert table.row_cell(1) == Cell("arrears.xlsx", "应收", "A3")
    assert table.row_cell(2) == Cell("arrears.xlsx", "应收2", "A8")
    with pytest.raises(IndexError):
        table.row_cell(5)


def test_joining_shifts_bad_originals_and_extras() -> None:
    first = charges(1)
    columns = Columns(
        {name: [None] for name in Charge.model_fields},
        bad={"amount": {0}},
        originals={"amount": {0: "壹元"}},
        extras={"网格员": ["甲"]},
    )
    second = LedgerTable(Charge, columns, [Segment("a.xlsx", "应收2", [3], {})])
    table = LedgerTable.joined(Charge, [first, second])
    assert table.bad["amount"] == {1}
    assert table.original(1, "amount") == "壹元"
    assert table.original(0, "amount") == 0
    assert table.extras == {"网格员": [None, "甲"]}


def test_usable_leaves_out_bad_cells_and_empty_required_cells() -> None:
    rows: list[dict[str, Any]] = [
        {"receipt_no": "R1", "household_no": "H1", "received_on": dt.date(2020, 1, 2), "amount": 5},
        {"receipt_no": "R2", "household_no": None, "received_on": None, "amount": 5},
    ]
    table = LedgerTable.from_rows(Receipt, rows)
    assert table.usable("amount", "month") == [0, 1]
    assert table.usable("household_no") == [0]
    assert table.usable() == [0]


def test_a_row_is_built_from_its_columns() -> None:
    row = charges(2).row(1)
    assert isinstance(row, Charge)
    assert (row.household_no, row.amount, row.lease_no) == ("H1", 100, None)


def test_a_frame_has_whole_numbers_even_with_gaps() -> None:
    rows = [
        {"charge_no": "C1", "household_no": "H1", "month": MARCH, "amount": 5, "standard": 5},
        {"charge_no": "C2", "household_no": "H1", "month": MARCH, "amount": 7},
    ]
    frame = LedgerTable.from_rows(Charge, rows).frame()
    assert list(frame.columns) == list(Charge.model_fields)
    assert str(frame["standard"].dtype) == "Int64"
    assert frame["amount"].sum() == 12
    assert frame["month"].tolist() == [MARCH, MARCH]


def test_a_frame_of_an_empty_table_has_the_columns() -> None:
    frame = LedgerTable.empty(Charge).frame()
    assert len(frame) == 0
    assert list(frame.columns) == list(Charge.model_fields)


def test_a_misspelt_field_is_refused() -> None:
    with pytest.raises(KeyError, match="ammount"):
        LedgerTable.from_rows(Charge, [{"ammount": 5}])


def test_row_numbers_are_kept_as_a_range_when_unbroken() -> None:
    assert compact_rows([4, 5, 6]) == range(4, 7)
    assert list(compact_rows([4, 6, 7])) == [4, 6, 7]
    assert len(compact_rows([])) == 0
