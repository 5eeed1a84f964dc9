"""The period's figures and the leads among its payments."""

from __future__ import annotations

import datetime as dt

from tests.subsidy.rental.small_ledgers import (
    Row,
    day,
    grant,
    household,
    lease,
    ledgers,
    payment,
    sign,
)
from zhubao.core.period import Period
from zhubao.ledger.subsidies import PaymentStatus, SubsidyStatus
from zhubao.subsidy.rental import figures
from zhubao.subsidy.rental.leads import wrongly_paid

HALF = Period.parse("2020-H1")
AS_OF = dt.date(2020, 6, 30)


def test_each_figure_counts_its_own_rows_and_names_their_cells() -> None:
    april: Row = {"quarter": "2020-Q1", "paid_on": day("2020-04-24")}
    rows = [
        payment("F1", **april),
        payment("F2", **april, amount=10001),
        payment("F3", "B2", household_no="H2", **april | {"paid_on": day("2020-07-01")}),
        payment("F4", "B2", household_no="H2", **april, status=PaymentStatus.BOUNCED),
        payment(
            "F5", "B2", household_no="H2", **april, status=PaymentStatus.RECOVERED,
            recovered=30000, recovered_on=day("2020-06-30"),
        ),
        payment("F6", "B3", household_no="H3", **april, status=PaymentStatus.BOUNCED),
    ]  # fmt: skip
    grants = [
        grant("B1", approved_on=day("2020-01-01")),
        grant("B2", "H2", status=SubsidyStatus.STOPPED, status_changed_on=day("2020-06-30")),
    ]
    loaded = ledgers(grants, payments=rows)
    paid = figures.paid(loaded, HALF)
    assert (paid.households, paid.amount, paid.rows) == (2, 90000 + 10001 + 90000, (0, 1, 4))
    assert [cell.ref for cell in paid.cells] == ["G2", "G3", "G6"]
    assert figures.new_grants(loaded, HALF).rows == (0,)
    assert figures.stopped(loaded, HALF).rows == (1,)
    back = figures.recovered(loaded, HALF)
    assert (back.households, back.amount) == (1, 30000)
    assert figures.bounced(loaded).rows == (5,)  # F4 was paid anew
    assert {key: one.amount for key, one in figures.paid_by_tier(loaded, HALF).items()} == {
        "中等偏下收入": paid.amount
    }
    assert list(figures.paid_by_quarter(loaded, HALF)) == ["2020-Q1"]
    rates = figures.sign_in_rates(loaded, HALF, AS_OF)
    assert [(one.quarter.label, one.rate.numerator, one.rate.denominator) for one in rates] == [
        ("2020-Q1", 0, 2),
        ("2020-Q2", 2, 2),
    ]


def test_leads_name_both_sides_and_the_money_in_question() -> None:
    april: Row = {"quarter": "2020-Q1", "paid_on": day("2020-04-24")}
    grants = [
        grant("B1", "H1"),
        grant("B2", "H2", status=SubsidyStatus.STOPPED, status_changed_on=day("2020-02-01")),
        grant("B3", "H3"),
        grant("B4", "H4"),
        grant("B5", "H5"),
        grant("B6", "H6"),
    ]
    rows = [
        *(payment(f"F{n}", f"B{n}", household_no=f"H{n}", **april) for n in (1, 2, 3, 4, 6)),
        payment("F7", "B4", household_no="H4", **april),
        payment("F5", "B5", household_no="H5", **april, amount=100000),
    ]
    signs = [sign(f"B{n}", "2020-Q1") for n in range(2, 7)]
    homes = [household(f"H{n}") for n in range(1, 7)]
    loaded = ledgers(grants, signs, rows, homes, leases=[lease("H3", start="2020-03-20")])
    leads = wrongly_paid(loaded, HALF, AS_OF)
    assert [(one.finding.code, one.row, one.amount) for one in leads] == [
        ("SB-131", 0, 90000),
        ("SB-132", 1, 60000),
        ("SB-133", 2, 30000),
        ("SB-134", 5, 90000),
        ("SB-135", 6, 10000),
    ]
    assert [str(cell) for cell in leads[2].cells] == [
        "subsidies.xlsx!发放!G4",
        "tenants.xlsx!租赁合同!A2",
    ]


def test_above_the_standard_is_a_lead_only_where_the_standard_is_known() -> None:
    def codes(quarter: str, paid_on: str) -> list[str]:
        row = payment("F1", quarter=quarter, paid_on=day(paid_on), amount=120000)
        loaded = ledgers([grant(monthly_amount=40000)], [sign("B1", quarter)], [row])
        span = Period.parse("2020")
        return [one.finding.code for one in wrongly_paid(loaded, span, dt.date(2020, 12, 31))]

    assert codes("2020-Q1", "2020-04-24") == []
    assert codes("2020-Q3", "2020-10-24") == ["SB-135"]
