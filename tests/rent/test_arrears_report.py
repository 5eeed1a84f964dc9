"""The report: tables that add up, filters, order, masked names, cells, notes and facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhubao.core.errors import UsageError
from zhubao.core.period import Month, Period
from zhubao.core.report import Ratio, Report, Table
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.rent.arrears import compute_arrears
from zhubao.rent.arrears_options import ArrearsOptions
from zhubao.rent.arrears_report import arrears_answer, arrears_report
from zhubao.rent.needs import ARREARS_MODELS

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)


@pytest.fixture(scope="module")
def loaded(make_loaded: Make, make_household: Any, make_lease: Any) -> Loaded:
    """H1 owes 600.00 over six months, H2 (重病) 150.00 over two, H3 nothing; X9 is unknown."""
    return make_loaded(
        households=("H1", make_household("H2", "重病"), "H3"),
        leases=[make_lease(f"L{n}", f"H{n}", f"U{n}") for n in (1, 2, 3)],
        estates={"U1": "甲小区", "U2": "乙小区", "U3": "甲小区"},
        charges=[
            *(("H1", f"2020-{month:02d}", 100) for month in range(1, 7)),
            *(("H2", f"2020-{month:02d}", 75) for month in (4, 5)),
            ("H3", "2020-05", 40),
            ("X9", "2020-05", 25),
        ],
        receipts=[("H3", "2020-05-09", 45)],
        opening=[("H3", "2019-12", 5)],
    )


def report(loaded: Loaded, **options: Any) -> Report:
    return arrears_report(
        compute_arrears(loaded, AS_OF), ArrearsOptions(**options), bureau="示范局"
    )


def column(table: Table, key: str) -> list[Any]:
    return [row.values[table.index_of(key)] for row in table.rows]


def total(table: Table, key: str) -> Any:
    assert table.totals is not None
    return table.totals[table.index_of(key)]


def test_every_table_has_rows_as_wide_as_its_columns_and_totals_that_add_up(
    loaded: Loaded,
) -> None:
    for table in report(loaded).tables:
        assert all(len(row.values) == len(table.columns) for row in table.rows)
        assert table.totals is None or len(table.totals) == len(table.columns)
        assert table.summable <= {one.key for one in table.columns}
        for key in table.summable:
            assert sum(column(table, key)) == total(table, key), (table.key, key)


def test_the_summary_has_a_line_per_estate_and_one_for_unregistered_numbers(
    loaded: Loaded,
) -> None:
    summary = report(loaded).table("summary")
    assert column(summary, "estate") == ["乙小区", "甲小区", "（未登记家庭）"]
    assert column(summary, "owed") == [15000, 60000, 2500]
    assert column(summary, "households") == [1, 2, 1]
    assert total(summary, "current") == Ratio(4000, 81500, money=True)
    assert total(summary, "old_debt") == Ratio(500, 500, money=True)
    assert total(summary, "combined") == Ratio(4500, 82000, money=True)


def test_households_without_lease_and_without_money_are_no_tenants(make_loaded: Make) -> None:
    """Those on the waiting list are in the household ledger, but have no rent account."""
    leases_of_nobody: list[Any] = []
    waiting = make_loaded(
        households=("H1", "H2"), leases=leases_of_nobody, receipts=[("H2", "2020-01-01", 1)]
    )
    summary = report(waiting).table("summary")
    assert column(summary, "households") == [1]
    assert total(summary, "credit") == 100


def test_the_detail_lists_debtors_by_debt_with_masked_names_and_their_cells(
    loaded: Loaded,
) -> None:
    detail = report(loaded).table("detail")
    assert column(detail, "household_no") == ["H1", "H2", "X9"]
    assert column(detail, "name") == ["测**1", "测**2", "（未登记）"]
    assert column(detail, "step") == ["腾退告知", "走访订计划", "核对编号"]
    assert column(detail, "oldest_month")[1] == Month.of(2020, 4)
    assert column(detail, "multiple") == [6.0, 1.5, None]
    assert [row.emphasis for row in detail.rows] == ["warning", "", ""]
    assert [str(cell) for cell in detail.rows[1].sources] == [
        "tenants.xlsx!保障家庭!A3",
        "tenants.xlsx!租赁合同!A3",
        "arrears.xlsx!应收!H8",
        "arrears.xlsx!应收!H9",
    ]


def test_the_columns_of_an_ordinary_terminal_fit_eighty_characters(loaded: Loaded) -> None:
    """Level 1 columns: the widest value or title of each, two characters between."""
    for key, widest in (("detail", 70), ("summary", 70)):
        first = [one for one in report(loaded).table(key).columns if one.level == 1]
        assert len(first) <= 8, key
        assert sum(2 * len(one.title) for one in first) < widest


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("owed", ["H1", "H2", "X9"]),
        ("months", ["H1", "H2", "X9"]),
        ("oldest", ["H1", "H2", "X9"]),
        ("estate", ["H2", "H1", "X9"]),
        ("household", ["H1", "H2", "X9"]),
    ],
)
def test_the_detail_is_sorted_as_asked(loaded: Loaded, sort: str, order: list[str]) -> None:
    assert column(report(loaded, sort=sort).table("detail"), "household_no") == order


def test_a_filter_narrows_the_lists_but_never_exceptions_and_proof(loaded: Loaded) -> None:
    whole, part = report(loaded), report(loaded, estate="甲小区", min_months=3)
    assert column(part.table("detail"), "household_no") == ["H1"]
    assert column(part.table("summary"), "estate") == ["甲小区"]
    assert total(part.table("ageing"), "owed") == 60000
    assert part.table("exceptions").rows == whole.table("exceptions").rows
    assert part.table("proof").rows == whole.table("proof").rows
    assert any("例外和勾稽仍为全局" in note for note in part.notes)
    assert column(report(loaded, min_months=2).table("detail"), "household_no") == ["H1", "H2"]


def test_an_unknown_estate_or_order_is_a_usage_error_that_lists_what_there_is(
    loaded: Loaded,
) -> None:
    with pytest.raises(UsageError) as caught:
        report(loaded, estate="丙小区")
    assert "甲小区" in caught.value.advice
    with pytest.raises(UsageError) as caught:
        report(loaded, sort="name")
    assert "owed" in caught.value.advice


def test_the_basis_sums_to_the_debt_of_the_listed_households(loaded: Loaded) -> None:
    shown = report(loaded)
    basis = shown.table("basis")
    assert total(basis, "unpaid") == total(shown.table("detail"), "owed") == 77500
    assert len(basis.rows) == 9
    assert all(row.sources for row in basis.rows)
    assert basis.shown == 0


def test_the_ageing_sums_to_the_debt_and_has_a_chart(loaded: Loaded) -> None:
    ageing = report(loaded).table("ageing")
    classes = [total(ageing, f"age_{place}") for place in range(5)]
    assert classes == [10000, 20000, 37500, 10000, 0]
    assert sum(classes) == total(ageing, "owed")
    assert ageing.charts[0].series == tuple(f"age_{place}" for place in range(5))


def test_the_proof_holds_and_the_identity_is_printed(loaded: Loaded) -> None:
    shown = report(loaded)
    assert set(column(shown.table("proof"), "holds")) == {"✓"}
    identity = next(note for note in shown.notes if note.startswith("勾稽"))
    assert "期初 5.00 ＋ 应收 815.00 － 实收 45.00 － 减免核销 0.00 ＝ 结欠 775.00" in identity


def test_facts_are_in_yuan_and_name_numerators_and_denominators(loaded: Loaded) -> None:
    facts = report(loaded).facts
    assert facts["owed"] == Decimal("775.00")
    assert facts["households_in_debt"] == 3
    assert facts["households_at_vacate_limit"] == 1
    assert facts["current_collection_rate"] == Ratio(4000, 81500, money=True)
    assert facts["proved"] is True


def test_an_empty_bureau_folder_gives_an_empty_report_and_findings(tmp_path: Path) -> None:
    (tmp_path / "ledgers").mkdir()
    bureau = open_bureau(tmp_path)
    loaded = bureau.load(*ARREARS_MODELS)
    answer = arrears_answer(loaded, bureau, AS_OF, None, ArrearsOptions(), "今天")
    assert not answer.table("detail").rows
    assert answer.findings
    assert any("今天" in note for note in answer.notes)


def test_a_period_that_ends_earlier_is_the_cut_off(tmp_path: Path) -> None:
    (tmp_path / "ledgers").mkdir()
    quarter = Period.parse("2020-Q1")
    bureau = open_bureau(tmp_path)
    loaded = bureau.load(*ARREARS_MODELS)
    answer = arrears_answer(loaded, bureau, AS_OF, quarter, ArrearsOptions())
    assert (answer.as_of, answer.period) == (dt.date(2020, 3, 31), "2020年第一季度")
