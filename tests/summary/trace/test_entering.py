"""A cell that moves figures is never said to enter none; cells that are more than their figure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhubao.audit.trace.places import Locator
from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.ledger.arrears import Charge, Receipt, Reduction, ReductionKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Target
from zhubao.ledger.table import LedgerTable
from zhubao.summary.indicators.figures import find_figures
from zhubao.summary.summary import Measuring
from zhubao.summary.trace.entering import entering, figures_about, indirectly
from zhubao.summary.trace.figure_report import ask
from zhubao.summary.trace.sums import sum_notes

DAY, SPAN = dt.date(2020, 6, 30), Period.parse("2020-H1")


def ledgers() -> Loaded:
    owed: dict[str, Any] = {"household_no": "H1", "amount": 100_00}
    less: dict[str, Any] = {"kind": ReductionKind.REDUCTION, "amount": 10_00}
    target: dict[str, Any] = {"year": 2020, "indicator": "租金收缴", "measure": "万元"}
    return Loaded.of(
        LedgerTable.from_rows(
            Charge,
            [
                owed | {"charge_no": "Y1", "month": Month.of(2020, 3)},
                owed | {"charge_no": "Y2", "month": Month.of(2020, 4)},
            ],
        ),
        LedgerTable.from_rows(
            Receipt,
            [owed | {"receipt_no": "S1", "amount": 130_00, "received_on": dt.date(2020, 4, 2)}],
        ),
        LedgerTable.from_rows(
            Reduction,
            [less | {"reduction_no": "J1", "household_no": "H1", "approved_on": DAY}],
        ),
        LedgerTable.from_rows(
            Target, [target | {"indicator_code": "ZJ", "annual_target": Decimal(110)}]
        ),
    )


def about(sheet: str, file: str = "arrears.xlsx") -> tuple[set[str], dict[str, str]]:
    """The figures that the first row of a sheet enters, and those it bears on."""
    loaded = ledgers()
    cell = Cell(file, sheet, "A2")
    place = Locator(loaded).at(cell)
    assert place is not None
    entered = entering(cell, figures_about(place.model), [SPAN], loaded, DAY)
    found = indirectly(place, entered, loaded)
    return {one.figure.code for one in entered}, {one.figure.code: one.how for one in found}


def test_a_reduction_bears_on_what_is_owed_though_no_figure_names_its_cells() -> None:
    direct, indirect = about("减免")
    assert direct == set()
    assert {"rent.owed", "rent.debtors", "rent.collection_current"} <= set(indirect)


def test_a_receipt_enters_what_was_received_and_bears_on_what_is_owed() -> None:
    direct, indirect = about("实收")
    assert "rent.received" in direct
    assert {"rent.owed", "rent.debtors", "rent.opening_debt"} <= set(indirect)
    assert not direct & set(indirect)


def test_a_target_bears_on_the_progress_of_its_figure() -> None:
    _, indirect = about("目标任务", "services.xlsx")
    assert indirect["rent.received"] == "这一行是它的目标（2020年，ZJ）"


def test_cells_that_hold_more_than_the_figure_say_how_much_is_left_out() -> None:
    measuring = Measuring(ledgers())
    codes = ("rent.owed", "rent.received", "rent.collection_current")
    figures = [one for code in codes for one in find_figures(code)]
    asked = ask(figures, measuring, SPAN, dt.date(2020, 3, 31))
    assert list(sum_notes(asked, Locator(measuring.loaded))) == []
    asked = ask(figures, measuring, SPAN, dt.date(2020, 5, 31))
    (owed,) = sum_notes(asked, Locator(measuring.loaded))
    assert owed.startswith("期末欠租：")
    assert "合计 100.00 元；其中 30.00 元已部分缴清或减免" in owed
