"""Which receipt paid which month: worked examples, and random histories against the arrears."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.core.period import Month
from zhubao.ledger.loaded import Loaded
from zhubao.rent.account.allotment import allot, books_of, moved_since
from zhubao.rent.arrears import compute_arrears

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)


def shares(loaded: Loaded) -> list[tuple[int, str, int]]:
    """(payment, month or what became of it, yuan) of H1, in the order they were made."""
    books = books_of(compute_arrears(loaded, AS_OF).books, 0)
    return [
        (one.money, str(one.month or ("冲正" if one.reversed else "预缴")), one.amount // 100)
        for one in allot(books, AS_OF).shares
    ]


def charged(*months: int) -> list[tuple[Any, ...]]:
    return [("H1", f"2020-{month:02d}", 100) for month in months]


def test_each_receipt_pays_on_where_the_last_one_stopped(make_loaded: Make) -> None:
    """150.00 pays January and half of February; 120.00 the other half and 70.00 of March."""
    loaded = make_loaded(
        charges=charged(1, 2, 3), receipts=[("H1", "2020-02-01", 150), ("H1", "2020-03-01", 120)]
    )
    expected = [(0, "2020-01", 100), (0, "2020-02", 50), (1, "2020-02", 50), (1, "2020-03", 70)]
    assert shares(loaded) == expected


def test_named_money_pays_its_month_and_the_rest_waits_in_credit(make_loaded: Make) -> None:
    """300.00 named for February: February 100.00, January 100.00, 100.00 left."""
    loaded = make_loaded(charges=charged(1, 2), receipts=[("H1", "2020-03-01", 300, "2020-02")])
    assert shares(loaded) == [(0, "2020-02", 100), (0, "2020-01", 100), (0, "预缴", 100)]


def test_an_opening_debt_of_the_named_month_is_paid_before_its_charge(make_loaded: Make) -> None:
    loaded = make_loaded(
        opening=[("H1", "2020-02", 30)],
        charges=charged(2),
        receipts=[("H1", "2020-03-01", 50, "2020-02")],
    )
    books = books_of(compute_arrears(loaded, AS_OF).books, 0)
    found = allot(books, AS_OF).months_of(0)
    february = Month.of(2020, 2)
    assert found == {(february, True): 3000, (february, False): 2000}


def test_a_reversal_takes_back_the_payment_of_its_amount(make_loaded: Make) -> None:
    """100.00 and 60.00 come in, 100.00 is reversed: the 60.00 pays January."""
    loaded = make_loaded(
        charges=charged(1),
        receipts=[("H1", "2020-01-05", 100), ("H1", "2020-01-09", 60), ("H1", "2020-01-20", -100)],
    )
    assert shares(loaded) == [(0, "冲正", 100), (2, "冲正", -100), (1, "2020-01", 60)]


def test_later_money_that_names_a_month_moves_earlier_money(make_loaded: Make) -> None:
    """100.00 on 1 February pays January. On 1 March 100.00 comes in for January by name: the
    first payment now pays February, and what it paid at first is kept."""
    loaded = make_loaded(
        charges=charged(1, 2),
        receipts=[("H1", "2020-02-01", 100), ("H1", "2020-03-01", 100, "2020-01")],
    )
    assert sorted(shares(loaded)) == [(0, "2020-02", 100), (1, "2020-01", 100)]
    books = books_of(compute_arrears(loaded, AS_OF).books, 0)
    assert moved_since(books, AS_OF) == {0: {(Month.of(2020, 1), False): 10000}}


def test_credit_that_pays_a_later_month_has_not_moved(make_loaded: Make) -> None:
    loaded = make_loaded(charges=charged(1, 2), receipts=[("H1", "2020-01-05", 200)])
    assert moved_since(books_of(compute_arrears(loaded, AS_OF).books, 0), AS_OF) == {}


_MONTH = st.sampled_from(["2019-11", "2019-12", "2020-01", "2020-03", "2020-08"])
_DAY = st.dates(dt.date(2019, 9, 1), dt.date(2020, 9, 30)).map(str)
_NAMED = st.one_of(st.just(""), _MONTH)
_H1 = st.sampled_from(["H1", "H1", "H2"])


def _rows(*columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    return st.lists(st.tuples(*columns), max_size=9)


@settings(max_examples=60, deadline=None)
@given(
    opening=_rows(_H1, _MONTH, st.integers(0, 300)),
    charges=_rows(_H1, _MONTH, st.integers(-60, 300), st.one_of(st.just(""), _DAY)),
    receipts=_rows(_H1, _DAY, st.integers(-250, 400), _NAMED),
    reductions=_rows(_H1, _DAY, st.integers(0, 150), _NAMED),
)
def test_every_payment_is_shared_out_and_what_is_left_unpaid_is_that_of_the_arrears(
    make_loaded: Make, **history: Any
) -> None:
    """Σ shares of a payment = its amount; Σ shares of a month = charged - unpaid in the arrears.

    A reversal beyond all money keeps a rest, which is the overdraft. Charges below zero pay too.
    """
    arrears = compute_arrears(make_loaded(households=("H1", "H2"), **history), AS_OF)
    for account in range(arrears.books.size):
        books = books_of(arrears.books, account)
        found = allot(books, AS_OF)
        unpaid = found.position.unpaid[found.position.unpaid > 0].tolist()
        own = slice(int(arrears.slots.bounds[account]), int(arrears.slots.bounds[account + 1]))
        there = arrears.settled.now.unpaid[own]
        assert unpaid == there[there > 0].tolist()
        per_payment = np.zeros(len(books.money), np.int64)
        for one in found.shares:
            if one.money >= 0:
                per_payment[one.money] += one.amount
        rest = books.money.amount - per_payment
        assert -int(rest.sum()) == int(arrears.figures.overdrawn[account])
        assert (rest <= 0).all()
        assert not rest[books.money.amount >= 0].any()
        credit = sum(one.amount for one in found.shares if one.month is None and not one.reversed)
        assert credit == int(arrears.figures.credit[account])


@pytest.mark.parametrize("until", ["2019-01-01", "2020-02-01"])
def test_the_shares_of_an_earlier_day_know_nothing_of_later_money(
    make_loaded: Make, until: str
) -> None:
    loaded = make_loaded(
        charges=charged(1, 2), receipts=[("H1", "2020-02-01", 100), ("H1", "2020-03-01", 40)]
    )
    books = books_of(compute_arrears(loaded, AS_OF).books, 0)
    found = allot(books, dt.date.fromisoformat(until)).shares
    assert [one.amount for one in found] == ([10000] if until >= "2020-02-01" else [])
