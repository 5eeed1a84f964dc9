"""Every exception is listed with its cells, and nothing is dropped from the totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from zhubao.ledger.loaded import Loaded
from zhubao.rent.arrears import compute_arrears
from zhubao.rent.exceptions import ExceptionItem, ExceptionKind

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)
CHARGES = [("H1", "2020-01", 100), ("H1", "2020-02", 100)]


def exceptions(make: Make, **sheets: Any) -> list[ExceptionItem]:
    return list(compute_arrears(make(**sheets), AS_OF).exceptions)


def test_each_sheet_names_its_unknown_households(make_loaded: Make) -> None:
    found = exceptions(
        make_loaded,
        opening=[("X1", "2019-12", 5)],
        charges=[("X2", "2020-01", 6), ("X2", "2020-02", 7)],
        receipts=[("X3", "2020-01-01", 8)],
        reductions=[("X4", "2020-01-01", 9)],
    )
    unknown = [(item.kind.value, item.household_no, item.amount) for item in found]
    assert unknown == [
        ("实收查无家庭", "X3", 800),
        ("减免查无家庭", "X4", 900),
        ("应收查无家庭", "X2", 1300),
        ("期初查无家庭", "X1", 500),
        ("多缴（预缴）", "X3", 800),
        ("多缴（预缴）", "X4", 900),
    ]
    assert [str(cell) for cell in found[2].cells] == [
        "arrears.xlsx!应收!H2",
        "arrears.xlsx!应收!H3",
    ]


def test_a_credit_names_the_latest_receipts_that_make_it_up(make_loaded: Make) -> None:
    """200.00 due, 90 + 150 + 40 received: credit 80.00, from the 40.00 and part of the 150.00."""
    receipts = [("H1", "2020-01-05", 90), ("H1", "2020-03-05", 40), ("H1", "2020-02-05", 150)]
    (item,) = exceptions(make_loaded, charges=CHARGES, receipts=receipts)
    assert (item.kind, item.amount) == (ExceptionKind.OVERPAID, 8000)
    assert [cell.ref for cell in item.cells] == ["D3", "D4"]


def test_money_for_a_month_without_charge_goes_to_the_oldest_debt_and_is_listed(
    make_loaded: Make,
) -> None:
    loaded = make_loaded(charges=CHARGES, receipts=[("H1", "2020-03-01", 60, "2020-05")])
    result = compute_arrears(loaded, AS_OF)
    (item,) = result.exceptions
    assert (item.kind, item.amount) == (ExceptionKind.NAMED_WITHOUT_CHARGE, 6000)
    assert item.detail == "2020-05 没有应收，改抵最早欠租"
    assert int(result.figures.owed[0]) == 14000


def test_two_receipts_for_one_month_are_listed_together(make_loaded: Make) -> None:
    receipts = [("H1", "2020-02-01", 100, "2020-02"), ("H1", "2020-02-09", 30, "2020-02")]
    (item,) = exceptions(make_loaded, charges=CHARGES, receipts=receipts)
    assert (item.kind, item.amount, len(item.cells)) == (ExceptionKind.NAMED_EXCESS, 3000, 2)
    assert item.detail == "2020-02 应缴 100.00，指定缴 130.00，多出的抵最早欠租"


def test_a_month_charged_below_zero_is_listed_and_pays_other_months(make_loaded: Make) -> None:
    """100.00 + 100.00 charged, -30.00 corrected for March: owed 170.00."""
    loaded = make_loaded(charges=[*CHARGES, ("H1", "2020-03", -30)])
    result = compute_arrears(loaded, AS_OF)
    (item,) = result.exceptions
    assert (item.kind, item.amount) == (ExceptionKind.NEGATIVE_CHARGE, -3000)
    assert int(result.figures.owed[0]) == 17000
    assert int(result.figures.charged[0]) == 17000


def test_left_out_rows_name_sheet_and_column(make_loaded: Make) -> None:
    (item,) = exceptions(make_loaded, charges=[("H1", "", None)])
    assert item.detail == "应收：账单期、应收金额有误或空着"
    assert item.amount is None
    assert [cell.ref for cell in item.cells] == ["E2", "H2"]
