"""The monthly report: worked examples, months that join, the archive, what changed afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.core.report import Ratio, Report, Table
from zhubao.ledger.arrears import Reduction, ReductionKind
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.units import Ownership, Unit
from zhubao.rent.arrears import compute_arrears
from zhubao.rent.monthly.month import MonthResult, compute_month
from zhubao.rent.monthly.report import archive_difference, filed_of, month_report, parse_filed
from zhubao.rent.needs import ARREARS_MODELS

Make = Callable[..., Loaded]
JUNE = Month.of(2020, 6)
SPLIT = ("this_month", "earlier_months", "earlier_years", "advance")
SAMPLE = Path(__file__).resolve().parents[3]


def totals(result: MonthResult, *names: str) -> list[int]:
    """The totals in yuan."""
    return [result.flow.total(name) // 100 for name in names]


def column(table: Table, key: str) -> list[Any]:
    return [row.values[table.index_of(key)] for row in table.rows]


def replaced(loaded: Loaded, model: Any, rows: list[dict[str, Any]]) -> Loaded:
    """The same ledgers with one table exchanged."""
    return replace(loaded, tables={**loaded.tables, model: LedgerTable.from_rows(model, rows)})


def test_receipts_are_split_by_the_months_they_paid(make_loaded: Make) -> None:
    """Owed at the end of May: 2019-12 80.00 and 2020-05 100.00 = 180.00; June is charged 100.00.

    230.00 received in June pays 80.00, 100.00 and 50.00 of June:
    180.00 + 100.00 - 230.00 = 50.00 owed. Rate of the month 50.00 of 100.00, of old debts
    180.00 of 180.00.
    """
    loaded = make_loaded(
        opening=[("H1", "2019-12", 80)],
        charges=[("H1", "2020-05", 100), ("H1", "2020-06", 100)],
        receipts=[("H1", "2020-06-10", 230)],
    )
    result = compute_month(loaded, JUNE)
    assert totals(result, *SPLIT) == [50, 100, 80, 0]
    assert totals(result, "opening", "charged", "received", "closing") == [180, 100, 230, 50]
    collection = month_report(result).table("collection")
    assert column(collection, "current") == [Ratio(5000, 10000, money=True)]
    assert column(collection, "old_debt") == [Ratio(18000, 18000, money=True)]
    assert column(collection, "year_current") == [Ratio(15000, 20000, money=True)]


def test_money_paid_ahead_is_an_advance_and_is_used_up_later(make_loaded: Make) -> None:
    """May: 250.00 for a charge of 100.00 leaves 150.00. June uses 100.00 of it, receives nothing.

    June: opening -150.00 + 100.00 = -50.00, this month 100.00, advance -100.00.
    """
    loaded = make_loaded(
        charges=[("H1", "2020-05", 100), ("H1", "2020-06", 100)],
        receipts=[("H1", "2020-05-20", 250)],
    )
    may, june = (compute_month(loaded, Month.of(2020, number)) for number in (5, 6))
    assert totals(may, *SPLIT) == [100, 0, 0, 150]
    assert totals(june, *SPLIT) == [100, 0, 0, -100]
    assert totals(june, "opening", "received", "closing", "owed", "credit") == [-150, 0, -50, 0, 50]


def test_reductions_and_write_offs_are_told_apart_and_are_not_received(make_loaded: Make) -> None:
    """Owed 2019-12 80.00 and 2020-05 100.00, charged 100.00. June: 30.00 reduced for June by name,
    80.00 written off without a month (the oldest), 120.00 received.

    Settled: 2019 80.00, May 100.00, June 50.00 = 230.00. Less reductions: 2019 80.00 - 80.00,
    June 50.00 - 30.00. So the 120.00 paid May 100.00 and June 20.00.
    """
    loaded = make_loaded(
        opening=[("H1", "2019-12", 80)],
        charges=[("H1", "2020-05", 100), ("H1", "2020-06", 100)],
        receipts=[("H1", "2020-06-10", 120)],
    )
    reductions = [
        _reduction("W1", JUNE, 3000, ReductionKind.REDUCTION),
        _reduction("W2", None, 8000, ReductionKind.WRITE_OFF),
    ]
    result = compute_month(replaced(loaded, Reduction, reductions), JUNE)
    assert totals(result, *SPLIT) == [20, 100, 0, 0]
    assert totals(result, "received", "reduced", "written_off", "closing") == [120, 30, 80, 50]


def _reduction(number: str, month: Month | None, fen: int, kind: ReductionKind) -> dict[str, Any]:
    return {
        "reduction_no": number,
        "household_no": "H1",
        "month": month,
        "kind": kind,
        "amount": fen,
        "approved_on": dt.date(2020, 6, 3),
    }


def test_rows_are_by_estate_and_by_owner_with_the_same_totals(
    make_loaded: Make, make_lease: Any
) -> None:
    loaded = make_loaded(
        households=("H1", "H2", "H3"),
        leases=[make_lease(f"L{n}", f"H{n}", f"U{n}") for n in (1, 2)],
        charges=[
            ("H1", "2020-06", 10),
            ("H2", "2020-06", 20),
            ("H3", "2020-06", 40),
            ("X9", "2020-06", 80),
        ],
    )
    owners = {"U1": Ownership.DISTRICT, "U2": Ownership.CITY}
    units = [
        {"unit_no": unit, "estate": f"{unit}小区", "ownership": owner}
        for unit, owner in owners.items()
    ]
    report = month_report(compute_month(replaced(loaded, Unit, units), JUNE))
    by_estate, by_owner = report.table("month"), report.table("ownership")
    assert column(by_estate, "group") == ["U1小区", "U2小区", "（小区不明）", "（未登记家庭）"]
    assert column(by_owner, "group") == ["市级", "区级", "（产权不明）"]
    assert column(by_owner, "charged") == [2000, 1000, 12000]
    assert by_estate.totals is not None
    assert by_owner.totals is not None
    assert by_estate.totals[1:] == by_owner.totals[1:]


def test_estate_and_owner_of_a_household_come_from_the_same_lease(
    make_loaded: Make, make_lease: Any
) -> None:
    """H1 holds a city and a district unit from the same day; H2 moved to a unit nobody registered.

    The higher lease number counts for H1, and nothing is known of H2 since it moved."""
    leases = [
        make_lease("L1", "H1", "U1"),
        make_lease("L2", "H1", "U2"),
        make_lease("L3", "H2", "U1", terminated_on="2020-05-31"),
        make_lease("L4", "H2", "U8", starts_on="2020-06-01"),
    ]
    charges = [("H1", "2020-06", 10), ("H2", "2020-05", 20), ("H2", "2020-06", 40)]
    loaded = make_loaded(households=("H1", "H2"), leases=leases, charges=charges)
    units = [
        {"unit_no": "U1", "estate": "甲小区", "ownership": Ownership.CITY},
        {"unit_no": "U2", "estate": "乙小区", "ownership": Ownership.DISTRICT},
    ]
    report = month_report(compute_month(replaced(loaded, Unit, units), JUNE))
    assert column(report.table("month"), "group") == ["乙小区", "（小区不明）"]
    assert column(report.table("ownership"), "group") == ["区级", "（产权不明）"]
    assert column(report.table("ownership"), "charged") == [1000, 4000]
    assert column(report.table("ownership"), "opening") == [0, 2000]
    assert "1 户本月换到另一产权" in report.table("ownership").notes[1]


def test_a_balance_that_moves_with_its_household_is_said(
    make_loaded: Make, make_lease: Any
) -> None:
    """H1 owes 100.00 at the end of May in 甲小区 and moves to 乙小区 on 10 June."""
    leases = [
        make_lease("L1", "H1", "U1", terminated_on="2020-06-10"),
        make_lease("L2", "H1", "U2", starts_on="2020-06-10"),
    ]
    loaded = make_loaded(leases=leases, estates={"U2": "乙小区"}, charges=[("H1", "2020-05", 100)])
    may, june = (
        month_report(compute_month(loaded, Month.of(2020, number))).table("month")
        for number in (5, 6)
    )
    assert (column(may, "group"), column(may, "closing")) == (["甲小区"], [10000])
    assert (column(june, "group"), column(june, "opening")) == (["乙小区"], [10000])
    assert (len(may.notes), len(june.notes)) == (1, 2)
    assert "（H1 100.00 元由甲小区转入乙小区）" in june.notes[1]


def test_a_household_with_nothing_but_a_reversal_has_not_paid(make_loaded: Make) -> None:
    loaded = make_loaded(
        households=("H1", "H2"),
        receipts=[("H1", "2020-05-02", 10), ("H1", "2020-06-02", -10), ("H2", "2020-06-02", 5)],
    )
    collection = month_report(compute_month(loaded, JUNE)).table("collection")
    assert column(collection, "paid_count") == [1]


_HOUSEHOLD = st.sampled_from(["H1", "H1", "H2", "未登记"])
_MONTH = st.sampled_from(["2018-11", "2019-12", "2020-01", "2020-03", "2020-04", "2020-08"])
_DAY = st.dates(dt.date(2019, 11, 1), dt.date(2020, 7, 31)).map(str)
_NAMED = st.one_of(st.just(""), _MONTH)


def _rows(*columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    return st.lists(st.tuples(*columns), max_size=10)


_HISTORIES = st.fixed_dictionaries(
    {
        "opening": _rows(_HOUSEHOLD, _MONTH, st.integers(0, 300)),
        "charges": _rows(_HOUSEHOLD, _MONTH, st.integers(-60, 300), st.one_of(st.just(""), _DAY)),
        "receipts": _rows(_HOUSEHOLD, _DAY, st.integers(-250, 400), _NAMED),
        "reductions": _rows(_HOUSEHOLD, _DAY, st.integers(0, 150), _NAMED),
    }
)


@settings(max_examples=15, deadline=None)
@given(history=_HISTORIES)
def test_months_join_and_every_account_ties(make_loaded: Make, history: Any) -> None:
    """Over any history, per account: closing = next opening, the identity, parts = received."""
    loaded = make_loaded(households=("H1", "H2"), **history)
    months = [compute_month(loaded, Month.of(2019, 12).plus(number)) for number in range(6)]
    for earlier, later in pairwise(months):
        assert (earlier.flow.closing == later.flow.opening).all()
        assert (earlier.flow.credit == later.flow.opening_credit).all()
    for month in months:
        flow = month.flow
        assert (sum(getattr(flow, name) for name in SPLIT) == flow.received).all()
        moved = flow.opening + flow.charged - flow.received - flow.reduced - flow.written_off
        assert (moved == flow.owed + flow.overdrawn - flow.credit).all()
        plain = all(row[2] >= 0 for row in history["charges"] + history["receipts"])
        if plain and not any(row[3] for row in history["receipts"] + history["reductions"]):
            late = any(row[3] for row in history["charges"])
            assert late or min(getattr(flow, name).min() for name in SPLIT[:3]) >= 0


def late_ledger(make_loaded: Make, *more: tuple[Any, ...]) -> Loaded:
    return make_loaded(
        charges=[("H1", f"2020-0{number}", 100) for number in (4, 5, 6)]
        + [("H1", "2020-03", 70, "2020-06-02")],
        receipts=[("H1", "2020-05-03", 100), ("H1", "2020-06-09", 100), *more],
    )


def test_a_charge_entered_late_counts_now_and_is_listed(make_loaded: Make) -> None:
    """March's 70.00, entered on 2 June: June charges 170.00, and the row is named."""
    result = compute_month(late_ledger(make_loaded), JUNE)
    late = month_report(result).table("late")
    assert totals(result, "opening", "charged") == [100, 170]
    assert column(late, "kind") == ["补记以前月份"]
    assert str(late.rows[0].sources[0]) == "arrears.xlsx!应收!H5"


def test_a_receipt_dated_in_a_closed_month_is_listed_and_told_from_the_archive(
    make_loaded: Make,
) -> None:
    """May was filed with 100.00 owed. A receipt of 30.00 dated 28 May then comes in."""
    filed = filed_of(compute_month(late_ledger(make_loaded), Month.of(2020, 5)), "示范局")
    filed = parse_filed(filed.to_json(), Month.of(2020, 5))
    result = compute_month(late_ledger(make_loaded, ("H1", "2020-05-28", 30)), JUNE)
    for archive, kind in ((None, "补登以前日期"), (filed, "存档后补登")):
        late = month_report(result, filed=archive).table("late")
        assert column(late, "kind") == ["补记以前月份", kind]
        assert column(late, "number")[1] == "R3"
    report = month_report(result, filed=filed)
    assert [one.code for one in report.findings] == ["RE-240"]
    assert column(report.table("filed"), "title") == ["月末余额", "结欠", "预缴", "实收 2020-05"]
    assert column(report.table("filed"), "difference") == [-3000, -3000, 0, 3000]
    assert not report.table("late").notes


def test_a_row_changed_in_a_closed_month_is_not_blamed_on_new_rows(make_loaded: Make) -> None:
    """May's receipt was 100.00 when filed and is 90.00 now: no row is new, and the note says so."""
    filed = filed_of(compute_month(late_ledger(make_loaded), Month.of(2020, 5)), "示范局")
    changed = make_loaded(
        charges=[("H1", f"2020-0{number}", 100) for number in (4, 5, 6)],
        receipts=[("H1", "2020-05-03", 90), ("H1", "2020-06-09", 100)],
    )
    report = month_report(compute_month(changed, JUNE), filed=filed)
    assert not report.table("late").rows
    assert any("-10.00" in note for note in report.table("late").notes)


def test_an_archive_that_agrees_says_nothing(make_loaded: Make) -> None:
    filed = filed_of(compute_month(late_ledger(make_loaded), Month.of(2020, 5)), "示范局")
    report: Report = month_report(compute_month(late_ledger(make_loaded), JUNE), filed=filed)
    assert not report.findings
    assert not any(one.emphasis for one in report.table("filed").rows)
    assert any("存档一致" in note for note in report.notes)


def test_a_sheet_not_kept_by_date_says_nothing_about_late_rows(make_loaded: Make) -> None:
    """Receipts sorted by household: every other row is older than the one above."""
    days = ["2020-06-01", "2020-05-01"] * 30
    loaded = make_loaded(receipts=[("H1", day, 1) for day in days])
    table = month_report(compute_month(loaded, JUNE)).table("late")
    assert not table.rows
    assert "不按日期排列" in table.notes[0]


def test_the_months_own_archive_is_compared(make_loaded: Make) -> None:
    before = filed_of(compute_month(late_ledger(make_loaded), JUNE), "示范局")
    after = compute_month(late_ledger(make_loaded, ("H1", "2020-06-28", 30)), JUNE)
    found = archive_difference(filed_of(after, "示范局"), before)
    assert found is not None
    assert found.code == "RE-242"
    assert archive_difference(before, before) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "zhubao.rent.month/1"}', "甲"])
def test_an_archive_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不完整"):
        parse_filed(text, JUNE)


def test_an_archive_of_another_month_is_refused(make_loaded: Make) -> None:
    text = filed_of(compute_month(late_ledger(make_loaded), JUNE), "示范局").to_json()
    with pytest.raises(ValueError, match="2020-06"):
        parse_filed(text, Month.of(2020, 5))


def test_a_month_cut_off_is_not_whole_and_one_after_the_cut_off_is_refused(
    make_loaded: Make,
) -> None:
    loaded = late_ledger(make_loaded)
    part = compute_month(loaded, JUNE, as_of=dt.date(2020, 6, 8))
    assert not part.is_whole
    assert totals(part, "charged", "received") == [170, 0]
    with pytest.raises(UsageError):
        compute_month(loaded, JUNE, as_of=dt.date(2020, 5, 31))


def test_the_sample_bureau_month_by_month() -> None:
    """January to June 2020: each closing is the next opening, the six months' receipts are the
    half year's 1,197,100.00, and June closes at the figures of the arrears."""
    loaded = open_bureau(SAMPLE).load(*ARREARS_MODELS)
    months = [compute_month(loaded, Month.of(2020, number)) for number in range(1, 7)]
    for earlier, later in pairwise(months):
        assert (earlier.flow.closing == later.flow.opening).all()
    assert sum(month.flow.total("received") for month in months) == 119_710_000
    assert months[-1].flow.total("year_received") == 119_710_000
    arrears = compute_arrears(loaded, dt.date(2020, 6, 30)).figures
    assert (months[-1].flow.owed == arrears.owed).all()
    assert (months[-1].flow.credit == arrears.credit).all()
