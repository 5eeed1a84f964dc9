"""A printed number beside its own sources: their sum, their count, and rates at odds."""

from __future__ import annotations

from typing import Any

import pytest

from zhubao.audit.trace.adding import of_column, rate_agrees, sums_to
from zhubao.audit.trace.places import Locator
from zhubao.audit.trace.printed import Printed
from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable


def printed(header: str, row: dict[str, Any], *sources: Cell) -> Printed:
    where = Cell("r.xlsx", "表", "B4")
    return Printed(where, header, row[header], row, sources, 0, "")


def test_a_rate_that_is_not_its_two_numbers_contradicts_itself() -> None:
    row = {"入住率": 0.5, "入住率分子": 2003, "入住率分母": 2071}
    words, same = rate_agrees(printed("入住率", row))
    assert same is False
    assert "50.00%" in words
    assert "96.72%" in words
    assert rate_agrees(printed("入住率分母", row))[1] is False
    assert rate_agrees(printed("入住率", row | {"入住率": 0.9672}))[1] is True
    assert rate_agrees(printed("入住率", row | {"入住率分母": 0}))[1] is None


@pytest.fixture
def locator() -> Locator:
    owed: dict[str, Any] = {"household_no": "H1", "month": Month.of(2020, 3), "amount": 100_00}
    paid: dict[str, Any] = {"household_no": "H1", "received_on": Month.of(2020, 4).first_day}
    return Locator(
        Loaded.of(
            LedgerTable.from_rows(Charge, [owed | {"charge_no": "Y1"}, owed | {"charge_no": "Y2"}]),
            LedgerTable.from_rows(Receipt, [paid | {"receipt_no": "S1", "amount": 60_00}]),
        )
    )


def test_a_row_with_two_numbers_has_the_cells_of_each_apart(locator: Locator) -> None:
    table = locator.at(Cell("arrears.xlsx", "应收", "A2"))
    assert table is not None
    amount = table.table.cell(0, "amount")
    letter = amount.ref.rstrip("2")
    charged = [Cell("arrears.xlsx", "应收", f"{letter}{row}") for row in (2, 3)]
    receipt = locator.at(Cell("arrears.xlsx", "实收", "A2"))
    assert receipt is not None
    received = receipt.table.cell(0, "amount")
    row = {"应收": 200.0, "实收": 61.0, "月末欠租": 140.0}
    own = {name: of_column(printed(name, row, *charged, received), locator) for name in row}
    assert own["应收"].sources == tuple(charged)
    assert own["实收"].sources == (received,)
    assert own["月末欠租"].sources == (*charged, received)
    assert sums_to(own["应收"], locator)[1] is True
    assert sums_to(own["实收"], locator) == ("来源单元格现在的合计是 60.00，报表上是 61.0", None)
    assert sums_to(own["月末欠租"], locator) == ("", None)
