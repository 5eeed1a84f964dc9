"""One household's account: order, running balance, finding the household, what the report says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.core.errors import UsageError
from zhubao.core.report import Table
from zhubao.ledger.arrears import LetterKind, RentLetter
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.rent.account.report import statement_report
from zhubao.rent.account.statement import compute_statement, unpaid_slots
from zhubao.rent.arrears import compute_arrears

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)


@pytest.fixture(scope="module")
def loaded(make_loaded: Make, make_lease: Any) -> Loaded:
    """H1 owes March of January to March; U1 was H2's before."""
    return make_loaded(
        households=("H1", "H2"),
        leases=[
            make_lease("L0", "H2", "U1", starts_on="2015-01-01", terminated_on="2017-12-31"),
            make_lease("L1", "H1", "U1"),
        ],
        opening=[("H1", "2019-12", 50)],
        charges=[("H1", f"2020-0{month}", 100) for month in (1, 2, 3)],
        receipts=[("H1", "2020-02-01", 120), ("H1", "2020-03-01", 130), ("H1", "2020-07-01", 9)],
        reductions=[("H1", "2020-03-20", 20)],
        visits=[("H1", "2020-04-02"), ("H1", "2020-07-02")],
    )


def column(table: Table, key: str) -> list[Any]:
    return [row.values[table.index_of(key)] for row in table.rows]


def test_the_balance_runs_from_line_to_line(loaded: Loaded) -> None:
    """50 + 100 = 150; + 100 - 120 = 130; + 100 - 130 = 100; - 20 = 80. July is not seen."""
    result = compute_statement(loaded, "H1", AS_OF)
    account = statement_report(result).table("account")
    assert [fen // 100 for fen in column(account, "balance")] == [50, 150, 250, 130, 230, 100, 80]
    kinds = ["期初欠租", "应收", "应收", "实收", "应收", "实收", "核销"]
    assert column(account, "kind") == kinds
    assert account.totals is not None
    assert account.totals[4:7] == (35000, 27000, 8000)
    assert str(account.rows[3].sources[0]) == "arrears.xlsx!实收!D2"


def test_what_came_before_the_first_day_is_one_line(loaded: Loaded) -> None:
    result = compute_statement(loaded, "H1", AS_OF, start=dt.date(2020, 3, 1))
    table = statement_report(result).table("account")
    assert column(table, "kind") == ["承前余额", "应收", "实收", "核销"]
    assert column(table, "balance")[0] == 13000
    with pytest.raises(UsageError):
        compute_statement(loaded, "H1", AS_OF, start=dt.date(2020, 7, 1))


def test_every_payment_says_which_months_it_paid(loaded: Loaded) -> None:
    """120.00: December 50.00 and January 70.00. 130.00: January 30.00 and February 100.00.
    The 20.00 written off without a month go to March, of which 80.00 are left."""
    report = statement_report(compute_statement(loaded, "H1", AS_OF))
    table = report.table("allotment")
    found = list(zip(map(str, column(table, "month")), column(table, "amount"), strict=True))
    assert found == [
        ("2019-12", 5000),
        ("2020-01", 7000),
        ("2020-01", 3000),
        ("2020-02", 10000),
        ("2020-03", 2000),
    ]
    assert column(table, "target")[0] == "期初欠租"
    assert column(report.table("unpaid"), "unpaid") == [8000]


def test_money_moved_by_later_money_is_explained(make_loaded: Make) -> None:
    """The payment of 1 February paid January, until January was paid by name on 1 March."""
    loaded = make_loaded(
        charges=[("H1", "2020-01", 100), ("H1", "2020-02", 100)],
        receipts=[("H1", "2020-02-01", 100), ("H1", "2020-03-01", 100, "2020-01")],
    )
    table = statement_report(compute_statement(loaded, "H1", AS_OF)).table("allotment")
    assert column(table, "moved") == ["原抵 2020-01 100.00", None]
    assert [str(month) for month in column(table, "month")] == ["2020-02", "2020-01"]
    assert any("重排" in note for note in table.notes)


@pytest.mark.parametrize(
    ("word", "household", "told"),
    [
        ("H1", "H1", ""),
        (" h１ ", "H1", ""),
        ("L1", "H1", "合同 L1"),
        ("L0", "H2", "合同 L0"),
        ("U1", "H1", "房源 U1"),
    ],
)
def test_a_household_is_found_by_its_own_a_lease_or_a_unit_number(
    loaded: Loaded, word: str, household: str, told: str
) -> None:
    """The unit stands for who holds it now; that it was another's before is said."""
    result = compute_statement(loaded, word, AS_OF)
    assert result.household_no == household
    assert told in result.found_by
    assert ("H2" in result.found_by) == (word in ("U1", "L0"))


def test_a_number_nobody_has_is_a_usage_error_with_those_that_look_alike(
    make_loaded: Make,
) -> None:
    loaded = make_loaded(households=("JT000123", "JT000321"))
    with pytest.raises(UsageError) as caught:
        compute_statement(loaded, "123", AS_OF)
    assert "JT000123" in caught.value.advice


def test_the_name_is_masked_unless_asked_for(loaded: Loaded) -> None:
    result = compute_statement(loaded, "H1", AS_OF)
    for personal, name in ((False, "测**1"), (True, "测试H1")):
        profile = statement_report(result, show_personal=personal).table("profile")
        assert (
            dict(zip(column(profile, "item"), column(profile, "text"), strict=True))["姓名"] == name
        )


def test_letters_and_visits_up_to_the_cut_off_are_listed(loaded: Loaded) -> None:
    letters = [
        {
            "letter_no": f"CJ{day}",
            "household_no": "H1",
            "kind": LetterKind.DEMAND,
            "issued_on": dt.date(2020, 6, day),
        }
        for day in (3, 20)
    ]
    more = Loaded.of(*loaded.tables.values(), LedgerTable.from_rows(RentLetter, letters))
    report = statement_report(compute_statement(more, "H1", dt.date(2020, 6, 10)))
    assert column(report.table("letters"), "letter_no") == ["CJ3"]
    assert len(report.table("visits").rows) == 1


def test_a_household_without_any_posting_has_an_empty_account(loaded: Loaded) -> None:
    report = statement_report(compute_statement(loaded, "H2", AS_OF))
    assert [table.key for table in report.tables] == ["profile", "account", "unpaid"]
    assert report.facts["unpaid_months"] == 0


_MONTH = st.sampled_from(["2019-11", "2020-01", "2020-03", "2020-08"])
_DAY = st.dates(dt.date(2019, 9, 1), dt.date(2020, 9, 30)).map(str)
_NAMED = st.one_of(st.just(""), _MONTH)
_H1 = st.sampled_from(["H1", "H2"])


def _rows(*columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    return st.lists(st.tuples(*columns), max_size=7)


@settings(max_examples=20, deadline=None)
@given(
    opening=_rows(_H1, _MONTH, st.integers(0, 300)),
    charges=_rows(_H1, _MONTH, st.integers(-60, 300), st.one_of(st.just(""), _DAY)),
    receipts=_rows(_H1, _DAY, st.integers(-250, 400), _NAMED),
    reductions=_rows(_H1, _DAY, st.integers(0, 150), _NAMED),
)
def test_the_account_ends_where_the_arrears_do(make_loaded: Make, **history: Any) -> None:
    """Last balance and unpaid months are those of the arrears, whatever the history."""
    loaded = make_loaded(households=("H1", "H2"), **history)
    arrears = compute_arrears(loaded, AS_OF)
    for account, number in enumerate(("H1", "H2")):
        result = compute_statement(loaded, number, AS_OF)
        balance = result.lines[-1].balance if result.lines else 0
        assert balance == int(arrears.settled.now.balance[account])
        unpaid = statement_report(result).table("unpaid")
        assert sum(column(unpaid, "unpaid")) == int(arrears.figures.owed[account])
        assert len(set(column(unpaid, "month"))) == int(arrears.figures.unpaid_months[account])
        assert len(unpaid_slots(result)) == len(unpaid.rows)
