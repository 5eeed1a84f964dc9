"""Worked examples, each with its intermediate amounts. Cut-off 2020-06-30 unless said otherwise."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.ledger.loaded import Loaded
from zhubao.policy import PolicyUnknown
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.figures import collection_rates
from zhubao.rent.postings import Books
from zhubao.rent.proof import IdentityBroken, prove
from zhubao.rent.settlement import _KeyIndex

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)


def half_year(household: str = "H1", amount: int = 100) -> list[tuple[Any, ...]]:
    return [(household, f"2020-{month:02d}", amount) for month in range(1, 7)]


def figure(result: ArrearsResult, name: str, household: str = "H1") -> Any:
    return getattr(result.figures, name)[result.books.numbers.index(household)].tolist()


def unpaid(result: ArrearsResult) -> dict[str, int]:
    """Billing month → unpaid fen, all accounts together."""
    slots = np.flatnonzero(result.settled.now.unpaid)
    return {
        str(Month(int(result.slots.month[slot]))): int(result.settled.now.unpaid[slot])
        for slot in slots
    }


def test_money_without_a_month_pays_the_oldest_debt_first(make_loaded: Make) -> None:
    """Six charges of 100.00 = 600.00; one receipt of 250.00 pays January, February, half of March.

    Owed 350.00: March 50.00 (4 months old), April, May, June 100.00 each (3, 2, 1 months).
    Ages: one month 100.00, two 100.00, three to five 100.00 + 50.00.
    """
    result = compute_arrears(
        make_loaded(charges=half_year(), receipts=[("H1", "2020-04-02", 250)]), AS_OF
    )
    assert unpaid(result) == {"2020-03": 5000, "2020-04": 10000, "2020-05": 10000, "2020-06": 10000}
    assert figure(result, "owed") == 35000
    assert figure(result, "unpaid_months") == 4
    assert figure(result, "oldest_month") == Month.of(2020, 3)
    assert figure(result, "ages") == [10000, 10000, 15000, 0, 0]
    assert result.rent_multiple(0) == 3.5


def test_money_for_a_named_month_pays_that_month_and_the_excess_the_oldest(
    make_loaded: Make,
) -> None:
    """300.00 named for May: May takes 100.00, the other 200.00 pay January and February.

    Unpaid: March, April, June.
    """
    loaded = make_loaded(charges=half_year(), receipts=[("H1", "2020-05-20", 300, "2020-05")])
    result = compute_arrears(loaded, AS_OF)
    assert unpaid(result) == {"2020-03": 10000, "2020-04": 10000, "2020-06": 10000}
    assert [item.kind.value for item in result.exceptions] == ["指定月多缴"]
    assert result.exceptions[0].amount == 20000


def test_opening_debt_is_older_than_every_charge(make_loaded: Make) -> None:
    """Opening: 2019-11 80.00, 2019-12 80.00 = 160.00. Charged 600.00, received 700.00.

    160.00 + 600.00 - 700.00 = 60.00 owed, all of it June.
    For old debts 160.00 of 160.00 = 100 %; for the period's charges 540.00 of 600.00 = 90 %;
    combined 700.00 of (160.00 + 600.00).
    """
    loaded = make_loaded(
        opening=[("H1", "2019-11", 80), ("H1", "2019-12", 80)],
        charges=half_year(),
        receipts=[("H1", "2020-06-15", 700)],
    )
    result = compute_arrears(loaded, AS_OF)
    rates = collection_rates(result.figures)
    assert figure(result, "opening") == 16000
    assert unpaid(result) == {"2020-06": 6000}
    assert (rates.old_debt.numerator, rates.old_debt.denominator) == (16000, 16000)
    assert (rates.current.numerator, rates.current.denominator) == (54000, 60000)
    assert (rates.combined.numerator, rates.combined.denominator) == (70000, 76000)


def test_a_write_off_lowers_the_debt_but_is_not_received(make_loaded: Make) -> None:
    """Opening 2019-12 80.00 written off by name; 600.00 charged, 100.00 received.

    80.00 + 600.00 - 100.00 - 80.00 = 500.00. Received for old debts 0.00 of 80.00, for the
    period's charges 100.00 of 600.00.
    """
    loaded = make_loaded(
        opening=[("H1", "2019-12", 80)],
        charges=half_year(),
        receipts=[("H1", "2020-02-01", 100)],
        reductions=[("H1", "2020-03-01", 80, "2019-12")],
    )
    result = compute_arrears(loaded, AS_OF)
    rates = collection_rates(result.figures)
    assert figure(result, "owed") == 50000
    assert figure(result, "written_off") == 8000
    assert (rates.old_debt.numerator, rates.old_debt.denominator) == (0, 8000)
    assert rates.current.numerator == 10000


def test_a_month_counts_once_though_both_opening_debt_and_charge_are_unpaid(
    make_loaded: Make,
) -> None:
    """2020-01 is owed as opening debt (30.00) and as charge (100.00): one month, 130.00."""
    loaded = make_loaded(opening=[("H1", "2020-01", 30)], charges=[("H1", "2020-01", 100)])
    result = compute_arrears(loaded, AS_OF)
    assert figure(result, "unpaid_months") == 1
    assert figure(result, "owed") == 13000


def test_named_money_pays_the_opening_debt_of_that_month_before_its_charge(
    make_loaded: Make,
) -> None:
    """50.00 named for 2020-02: the opening debt takes 30.00, the charge 20.00; January is left."""
    loaded = make_loaded(
        opening=[("H1", "2020-02", 30)],
        charges=[("H1", "2020-01", 100), ("H1", "2020-02", 100)],
        receipts=[("H1", "2020-03-01", 50, "2020-02")],
    )
    assert unpaid(compute_arrears(loaded, AS_OF)) == {"2020-01": 10000, "2020-02": 8000}


def test_a_reversal_takes_the_money_back(make_loaded: Make) -> None:
    """100.00 named for March, reversed later without a month: March is owed again."""
    loaded = make_loaded(
        charges=half_year(),
        receipts=[("H1", "2020-03-05", 100, "2020-03"), ("H1", "2020-03-20", -100)],
    )
    result = compute_arrears(loaded, AS_OF)
    assert figure(result, "owed") == 60000
    assert figure(result, "received") == 0
    assert figure(result, "overdrawn") == 0


def test_reversing_more_than_was_ever_paid_is_shown_and_not_hidden_in_the_debt(
    make_loaded: Make,
) -> None:
    """600.00 charged, 100.00 received, 150.00 reversed: owed 600.00 and overdrawn 50.00.

    0 + 600.00 - (100.00 - 150.00) = 650.00 = 600.00 + 50.00.
    """
    loaded = make_loaded(
        charges=half_year(),
        receipts=[("H1", "2020-03-05", 100, "2020-03"), ("H1", "2020-03-20", -150)],
    )
    result = compute_arrears(loaded, AS_OF)
    assert figure(result, "owed") == 60000
    assert figure(result, "overdrawn") == 5000
    assert [item.kind.value for item in result.exceptions] == ["冲正超过已收"]


def test_paying_ahead_is_a_credit_that_settles_later_charges(make_loaded: Make) -> None:
    """700.00 received in December 2019: at 2020-01-31 owed 0, credit 600.00; at 06-30 100.00.

    Opening of 2020 is a credit of 700.00; the period's charges are paid out of it: 100 %.
    """
    loaded = make_loaded(charges=half_year(), receipts=[("H1", "2019-12-20", 700)])
    january = compute_arrears(loaded, dt.date(2020, 1, 31))
    june = compute_arrears(loaded, AS_OF)
    assert (figure(january, "credit"), figure(june, "credit")) == (60000, 10000)
    assert figure(june, "opening") == -70000
    assert figure(june, "opening_debt") == 0
    assert collection_rates(june.figures).current.value == 1
    assert collection_rates(june.figures).old_debt.value is None


def test_a_charge_counts_from_its_entry_date_else_from_the_first_of_its_month(
    make_loaded: Make,
) -> None:
    """June's charge is entered on 5 July, July's has no date: neither counts on 30 June."""
    loaded = make_loaded(
        charges=[("H1", "2020-06", 100, "2020-07-05"), ("H1", "2020-07", 100), ("H1", "2020-05", 7)]
    )
    assert unpaid(compute_arrears(loaded, AS_OF)) == {"2020-05": 700}
    assert figure(compute_arrears(loaded, dt.date(2020, 7, 1)), "owed") == 10700


def test_a_late_charge_for_an_old_month_is_charged_in_the_period_it_is_entered(
    make_loaded: Make,
) -> None:
    """2019-11 is charged in May 2020: no opening debt, charged 100.00, eight months old."""
    result = compute_arrears(make_loaded(charges=[("H1", "2019-11", 100, "2020-05-10")]), AS_OF)
    assert (figure(result, "opening"), figure(result, "charged")) == (0, 10000)
    assert figure(result, "ages") == [0, 0, 0, 10000, 0]


@pytest.mark.parametrize(
    ("billed", "place"),
    [
        ("2020-07", 0),
        ("2020-06", 0),
        ("2020-05", 1),
        ("2020-04", 2),
        ("2020-02", 2),
        ("2020-01", 3),
        ("2019-08", 3),
        ("2019-07", 4),
        ("2015-01", 4),
    ],
)
def test_age_classes_begin_and_end_where_they_say(
    make_loaded: Make, billed: str, place: int
) -> None:
    """At 2020-06-30: June is 1 month, May 2, April to February 3-5, January to August 6-11."""
    result = compute_arrears(make_loaded(charges=[("H1", billed, 10, "2020-06-01")]), AS_OF)
    assert figure(result, "ages") == [1000 if n == place else 0 for n in range(5)]


def test_accounts_the_household_ledger_lacks_keep_their_money(make_loaded: Make) -> None:
    """X9 is charged 100.00 and pays 30.00 without being registered; H1 owes 600.00.

    Total owed 670.00; X9 is its own account with its own line.
    """
    loaded = make_loaded(
        charges=[*half_year(), ("X9", "2020-05", 100)], receipts=[("X9", "2020-06-01", 30)]
    )
    result = compute_arrears(loaded, AS_OF)
    assert int(result.figures.owed.sum()) == 67000
    assert figure(result, "owed", "X9") == 7000
    assert not result.is_registered(1)
    assert result.homes.estate == ("甲小区", "（未登记家庭）")


def test_rows_with_a_bad_cell_are_left_out_and_listed(make_loaded: Make) -> None:
    """The second charge has no amount, the receipt no date: neither counts, both are named."""
    loaded = make_loaded(
        charges=[("H1", "2020-01", 100), ("H1", "2020-02", None)], receipts=[("H1", "", 40)]
    )
    result = compute_arrears(loaded, AS_OF)
    assert figure(result, "owed") == 10000
    listed = [(item.kind.value, str(item.cells[0])) for item in result.exceptions]
    assert listed == [
        ("未计入的行", "arrears.xlsx!实收!C2"),
        ("未计入的行", "arrears.xlsx!应收!H3"),
    ]


def test_a_bureau_without_rows_has_no_debt(make_loaded: Make) -> None:
    """No table at all, and households without money."""
    assert compute_arrears(Loaded.of(), AS_OF).books.size == 0
    result = compute_arrears(make_loaded(), AS_OF)
    assert figure(result, "owed") == 0
    assert result.advice(0).step.value == "无需催缴"


def test_last_payment_and_last_visit_are_those_up_to_the_cut_off(make_loaded: Make) -> None:
    """A reversal is no payment; what happens in July is not seen on 30 June."""
    loaded = make_loaded(
        receipts=[("H1", "2020-05-02", 10), ("H1", "2020-06-03", -10), ("H1", "2020-07-01", 10)],
        visits=[
            ("H1", "2020-04-01"),
            ("H1", "2020-06-11"),
            ("H1", "2020-07-09"),
            ("?", "2020-01-01"),
        ],
    )
    result = compute_arrears(loaded, AS_OF)
    assert dt.date.fromordinal(int(result.last_payment[0])) == dt.date(2020, 5, 2)
    assert dt.date.fromordinal(int(result.last_visit[0])) == dt.date(2020, 6, 11)


def test_a_period_upside_down_is_a_usage_error(make_loaded: Make) -> None:
    with pytest.raises(UsageError):
        compute_arrears(make_loaded(), AS_OF, start=dt.date(2020, 7, 1))


def test_a_date_before_the_policy_is_refused_with_advice(make_loaded: Make) -> None:
    with pytest.raises(PolicyUnknown) as caught:
        compute_arrears(make_loaded(), dt.date(2009, 6, 30))
    assert "zhubao.toml" in caught.value.advice


def test_a_figure_that_does_not_tie_is_raised_loudly(make_loaded: Make) -> None:
    """One fen is slipped into the received amounts: the proof must not let it pass."""
    result = compute_arrears(make_loaded(charges=half_year()), AS_OF)
    result.figures.received[0] += 1
    with pytest.raises(IdentityBroken):
        prove(result.books, result.books, result.figures, result.start.toordinal())


def test_a_row_lost_between_sheet_and_books_is_raised_loudly(make_loaded: Make) -> None:
    result = compute_arrears(make_loaded(charges=half_year()), AS_OF)
    books = result.books
    fewer = books.debts.where(np.arange(len(books.debts)) > 0)
    lost = Books(books.numbers, books.known, books.household_rows, fewer, books.money)
    with pytest.raises(IdentityBroken):
        prove(lost, books, result.figures, result.start.toordinal())


@pytest.mark.parametrize("size", [60, 10_000_000_000])
def test_keys_are_found_whether_dense_or_sparse(size: int) -> None:
    """The same keys in a small range (looked up in a table) and in a huge one (searched)."""
    keys = np.array([50, 7, 50, 0, 13])
    index = _KeyIndex.of(keys, size)
    assert (index.table is None) == (size > 1_000_000)
    assert index.keys.tolist() == [0, 7, 13, 50]
    assert index.find(np.array([50, 0, 8, 13, 59])).tolist() == [3, 0, -1, 2, -1]
    assert len(_KeyIndex.of(np.array([], np.int64), size).find(np.array([3]))) == 1


def test_the_calculation_never_imports_pandas() -> None:
    code = "import sys, zhubao.rent.arrears_report; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
