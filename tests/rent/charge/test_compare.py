"""This month beside last month: who came, went, changed and why; and the report made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rent.charge_ledgers import RENT, charge, household, lease, ledgers, run
from zhubao.core.period import Month
from zhubao.core.report import Table
from zhubao.ledger.tenants import LeaseStatus, Tier
from zhubao.rent.charge.charging import ChargeRun
from zhubao.rent.charge.compare import ChargesDoNotTie, Movement, compare
from zhubao.rent.charge.report import charge_report

EXPIRED, TERMINATED = LeaseStatus.EXPIRED, LeaseStatus.TERMINATED


def june(lease_no: str, household_no: str, amount: int = RENT, **more: Any) -> dict[str, Any]:
    return charge(f"C{lease_no}", household_no, "2020-06", amount, lease_no=lease_no, **more)


@pytest.fixture(scope="module")
def made() -> ChargeRun:
    """One household for every reason; the same ones stay the same."""
    leases = [
        lease("L1", "H1", "U1"),  # the same
        lease("L2", "H2", "U2", "2020-07-11"),  # new, part month
        lease("L3", "H3", "U3", terminated_on="2020-06-30", status=TERMINATED),
        lease("L4", "H4", "U4", monthly_rent=30000),  # was 275.00
        lease("L5", "H5", "U5", terminated_on="2020-07-15"),  # leaves in mid-month
        lease("L6", "H6", "U6", terminated_on="2020-06-30", status=TERMINATED),
        lease("L7", "H6", "U7", "2020-07-01", monthly_rent=20000),  # moved
        lease("L8", "H8", "U8", ends_on="2020-06-30", status=EXPIRED),
        lease("L9", "H8", "U8", "2020-07-01", tier=Tier.LOW_INCOME, monthly_rent=5000),
        lease("LA", "HA", "UA"),  # reduced in June
        lease("LB", "HB", "UB", status=None),  # cannot be charged
        lease("LC", "HC", "UC", "2019-01-01"),  # forgotten in June
    ]
    charges = [
        june("L1", "H1"), june("L3", "H3"), june("L4", "H4"), june("L5", "H5"), june("L6", "H6"),
        june("L8", "H8"), june("LA", "HA", 20000, standard=RENT, reduction=7500), june("LB", "HB"),
    ]  # fmt: skip
    return run(ledgers(leases, charges=charges))


def test_every_difference_has_its_reason(made: ChargeRun) -> None:
    found = {one.household_no: (one.movement, one.reasons) for one in compare(made).differences}
    assert found == {
        "H2": (Movement.NEW, ("起租", "部分月")),
        "H3": (Movement.GONE, ("退租（2020-06-30）",)),
        "H4": (Movement.RAISED, ("调租",)),
        "H5": (Movement.LOWERED, ("部分月",)),
        "H6": (Movement.LOWERED, ("换房",)),
        "H8": (Movement.LOWERED, ("类型变更",)),
        "HA": (Movement.RAISED, ("减免变化",)),
        "HB": (Movement.GONE, ("未计：合同数据不全，不能计租",)),
        "HC": (Movement.NEW, ("上月未计",)),
    }


def test_a_row_without_unit_and_a_correction_are_no_move_and_no_new_rent() -> None:
    before = charge("C1", "H1", "2020-05", RENT)  # names neither lease nor unit
    rows = [charge("C2", "H1", "2020-06", RENT), charge("C3", "H1", "2020-06", -5000)]
    loaded = ledgers([lease("L1", "H1", "U1")], charges=[before, *rows])
    made = run(loaded, Month.of(2020, 6))
    (one,) = compare(made).differences
    assert (one.movement, one.reasons) == (Movement.LOWERED, ("笔数不同",))
    totals = charge_report(made).table("totals")
    assert [row.values[:2] for row in totals.rows] == [("甲小区", "市级")]


def test_last_month_plus_new_less_gone_and_changes_is_this_month(made: ChargeRun) -> None:
    """June: 7 × 275.00 + 200.00. July by hand, household by household."""
    one = compare(made)
    assert one.before == 7 * RENT + 20000
    assert one.totals == {
        Movement.NEW: (2, 18629 + RENT),
        Movement.GONE: (2, 2 * RENT),
        Movement.RAISED: (2, 2500 + 7500),
        Movement.LOWERED: (3, (RENT - 13306) + 7500 + 22500),
        Movement.SAME: (1, 0),
    }
    assert one.now == one.added == sum(draft.amount for draft in made.new)
    assert one.before + 46129 - 55000 + 10000 - 44194 == one.now


def test_a_sum_that_does_not_tie_is_a_fault_of_the_program(made: ChargeRun) -> None:
    with pytest.raises(ChargesDoNotTie):
        compare(replace(made, last_rows=made.last_rows[1:], last_month=Month.of(2020, 6),
                        booked=replace(made.booked, strays=(0,))))  # fmt: skip


def test_charges_already_there_count_as_this_month() -> None:
    leases = [lease("L1", "H1", "U1"), lease("L2", "H2", "U2")]
    july = charge("C9", "H1", "2020-07", 30000, lease_no="L1")
    loaded = ledgers(leases, charges=[june("L1", "H1"), june("L2", "H2"), july])
    one = compare(run(loaded))
    assert (one.booked, one.added, one.now) == (30000, RENT, 30000 + RENT)
    assert [(d.household_no, d.change) for d in one.differences] == [("H1", 2500)]


@settings(max_examples=40, deadline=None)
@given(
    before=st.lists(st.tuples(st.integers(1, 9), st.integers(-500, 50000)), max_size=12),
    here=st.lists(st.tuples(st.integers(1, 9), st.integers(-500, 50000)), max_size=6),
)
def test_the_bridge_holds_whatever_is_in_the_sheet(
    before: list[tuple[int, int]], here: list[tuple[int, int]]
) -> None:
    rows = [charge(f"A{n}", f"H{h}", "2020-06", fen) for n, (h, fen) in enumerate(before)]
    rows += [charge(f"B{n}", f"H{h}", "2020-07", fen) for n, (h, fen) in enumerate(here)]
    leases = [lease(f"L{n}", f"H{n}", f"U{n}") for n in range(4, 8)]
    one = compare(run(ledgers(leases, charges=rows)))
    assert one.before == sum(fen for _, fen in before)
    assert one.booked == sum(fen for _, fen in here)


# --- the report


def column(table: Table, key: str) -> list[Any]:
    return [row.values[table.index_of(key)] for row in table.rows]


def test_every_table_is_as_wide_as_its_columns_and_its_totals_add_up(made: ChargeRun) -> None:
    for table in charge_report(made).tables:
        assert all(len(row.values) == len(table.columns) for row in table.rows)
        for key in table.summable if table.totals else ():
            assert table.totals
            assert sum(column(table, key)) == table.totals[table.index_of(key)], (table.key, key)


def test_the_report_says_which_rent_and_which_rule_were_used(made: ChargeRun) -> None:
    report = charge_report(made)
    notes = "\n".join(report.notes)
    assert "按合同月租金计收，不按标准租金；两者不同的 2 份" in notes  # L4 and L7
    assert "按日计" in notes
    assert "没有设固定减免" in notes
    assert report.facts["basis"] == "合同月租金"
    assert any("rent.charge_basis" not in line and "【出处未核实】" in line
               for line in report.references)  # fmt: skip


def test_the_detail_shows_what_each_charge_comes_from(made: ChargeRun) -> None:
    detail = charge_report(made).table("detail")
    row = next(row for row in detail.rows if "L2" in row.values)
    values = dict(zip((one.key for one in detail.columns), row.values, strict=True))
    assert (values["name"], values["table_rent"], values["contract"], values["days"]) == (
        "张*明", RENT, RENT, 21,
    )  # fmt: skip
    assert (values["standard"], values["amount"]) == (18629, 18629)
    assert [str(cell) for cell in row.sources] == [
        "tenants.xlsx!租赁合同!F3", "units.xlsx!房源!L3", "tenants.xlsx!保障家庭!F3",
    ]  # fmt: skip


def test_leases_that_are_not_charged_are_listed_with_code_and_cell(made: ChargeRun) -> None:
    (row,) = charge_report(made).table("not_charged").rows
    assert row.values[0] == "LB"
    assert row.values[-1] == "RE-201"
    assert str(row.sources[0]) == "tenants.xlsx!租赁合同!M12"


def test_the_first_month_has_nothing_to_be_compared_with() -> None:
    loaded = ledgers([lease("L1", "H1", "U1")], households=[household("H1")])
    report = charge_report(run(loaded))
    assert not report.table("differences").rows
    assert column(report.table("bridge"), "fen")[0] == 0
    assert report.facts["last_month"] is None


def test_after_a_gap_the_latest_month_is_compared_with() -> None:
    loaded = ledgers([lease("L1", "H1", "U1")], charges=[june("L1", "H1")])
    report = charge_report(run(loaded, Month.of(2020, 9)))
    assert any("与最近有应收的 2020-06 比较" in note for note in report.notes)
