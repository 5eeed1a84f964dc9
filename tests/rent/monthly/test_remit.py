"""Rent remitted: by owner on the day of the receipt, by period of the remittance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhubao.core.period import Period
from zhubao.core.report import Ratio, Table
from zhubao.ledger.arrears import Remittance
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import LeaseStatus
from zhubao.ledger.units import Ownership, Unit
from zhubao.rent.monthly.remit import REMIT_MODELS, compute_remit, reconcile, remit_report

Make = Callable[..., Loaded]
HALF = Period.parse("2020-H1")
AS_OF = dt.date(2020, 6, 30)
SAMPLE = Path(__file__).resolve().parents[3]


def remitted(number: int, period: str, on: str, yuan: int) -> dict[str, Any]:
    return {
        "remittance_no": f"HJ{number}",
        "ownership": Ownership.CITY,
        "period": period,
        "remitted_on": dt.date.fromisoformat(on),
        "amount": yuan * 100,
    }


def ledger(make: Make, remittances: list[dict[str, Any]], **sheets: Any) -> Loaded:
    """U9 is the district's; the others, H1's own UH1 among them, are the city's."""
    loaded = make(**sheets)
    owners = {unit: Ownership.CITY for unit in ("UH1", "U1", "U2")} | {"U9": Ownership.DISTRICT}
    units = [
        {"unit_no": unit, "estate": "甲小区", "ownership": owner} for unit, owner in owners.items()
    ]
    known = [table for model, table in loaded.tables.items() if model is not Unit]
    rows = LedgerTable.from_rows(Remittance, remittances)
    return Loaded.of(*known, LedgerTable.from_rows(Unit, units), rows)


def column(table: Table, key: str) -> list[Any]:
    return [row.values[table.index_of(key)] for row in table.rows]


def test_the_rate_is_what_was_remitted_for_the_period_over_what_was_received_in_it(
    make_loaded: Make,
) -> None:
    """Received in May 100.00 and in June 60.00. Remitted 100.00 for May in June, 500.00 for the
    second half of 2019 in January: rate 100.00 of 160.00, paid in the period 600.00."""
    loaded = ledger(
        make_loaded,
        [remitted(1, "2019-H2", "2020-01-15", 500), remitted(2, "2020-05", "2020-06-12", 100)],
        receipts=[("H1", "2020-05-03", 100), ("H1", "2020-06-03", 60)],
    )
    result = compute_remit(loaded, HALF, AS_OF)
    city = result.lines[0]
    assert city.rate == Ratio(10000, 16000, money=True)
    assert (city.own_paid, city.other_paid, city.paid) == (10000, 50000, 60000)
    difference = remit_report(result).table("difference")
    amounts = [row.values[2] for row in difference.rows if row.values[0] == "市级"]
    assert amounts == [16000, -6000, 50000, 60000]
    assert sum(amounts[:-1]) == amounts[-1]
    assert any("不是差错" in note for note in remit_report(result).notes)


def test_rent_of_the_period_remitted_after_it_counts_up_to_the_cut_off(make_loaded: Make) -> None:
    """June's 60.00 is remitted on 12 July: seen from 31 July, not from 30 June."""
    loaded = ledger(
        make_loaded, [remitted(1, "2020-06", "2020-07-12", 60)], receipts=[("H1", "2020-06-03", 60)]
    )
    now, later = (
        compute_remit(loaded, HALF, day).lines[0] for day in (AS_OF, dt.date(2020, 7, 31))
    )
    assert (now.own, later.own, later.own_paid) == (0, 6000, 0)


def test_a_receipt_belongs_to_the_unit_lived_in_on_its_day(
    make_loaded: Make, make_lease: Any
) -> None:
    """H1 lived in a city unit to 31 March and in a district unit from 1 April on."""
    leases = [
        make_lease("L1", "H1", "U1", status=LeaseStatus.TERMINATED, terminated_on="2020-03-31"),
        make_lease("L2", "H1", "U9", starts_on="2020-04-01"),
    ]
    receipts = [("H1", "2020-03-30", 10), ("H1", "2020-04-01", 20)]
    result = compute_remit(ledger(make_loaded, [], leases=leases, receipts=receipts), HALF, AS_OF)
    assert [line.received for line in result.lines] == [1000, 2000]
    doubtful = remit_report(result).table("doubtful")
    assert column(doubtful, "owner") == ["市级"]
    assert column(doubtful, "later") == ["区级"]


def test_without_a_lease_the_unit_of_the_charges_decides_and_without_any_it_is_listed(
    make_loaded: Make,
) -> None:
    loaded = ledger(
        make_loaded,
        [],
        households=("H1", "H2"),
        leases=[],
        charges=[("H1", "2020-03", 10, "", "", "U9"), ("H1", "2020-05", 10, "", "", "U2")],
        receipts=[("H1", "2020-04-02", 1), ("H1", "2020-06-02", 2), ("H2", "2020-06-02", 4)],
    )
    result = compute_remit(loaded, HALF, AS_OF)
    assert [(line.owner, line.received) for line in result.lines] == [
        ("市级", 200),
        ("区级", 100),
        ("", 400),
    ]
    assert [one.code for one in result.findings] == ["RE-247"]
    assert column(remit_report(result).table("doubtful"), "household_no") == ["H1", "H2"]


def test_a_month_of_reversals_alone_is_not_remitted_too_much(make_loaded: Make) -> None:
    receipts = [("H1", "2020-01-02", 10), ("H1", "2020-02-02", -4)]
    result = compute_remit(ledger(make_loaded, [], receipts=receipts), HALF, AS_OF)
    months = remit_report(result).table("months")
    assert column(months, "state")[:3] == ["未汇", "冲正多于收款", "已汇清"]


def test_months_that_one_remittance_spans_are_reconciled_together(make_loaded: Make) -> None:
    """A remittance for 2020-Q1 and one for February: one line January to March, then single
    months."""
    loaded = ledger(
        make_loaded,
        [remitted(1, "2020-Q1", "2020-04-12", 90), remitted(2, "2020年2月", "2020-03-12", 5)],
        receipts=[("H1", f"2020-0{month}-05", 30) for month in (1, 2, 3, 4)],
    )
    spans = reconcile(compute_remit(loaded, HALF, AS_OF), "市级")
    found = [(str(one.first), str(one.last), one.received // 100, one.left // 100) for one in spans]
    assert found == [
        ("2020-01", "2020-03", 90, -5),
        ("2020-04", "2020-04", 30, 30),
        ("2020-05", "2020-05", 0, 0),
        ("2020-06", "2020-06", 0, 0),
    ]


@pytest.mark.parametrize(
    ("period", "code"), [("六月", "RE-245"), ("2020", "RE-246"), ("2019-H2", None)]
)
def test_a_period_that_cannot_be_placed_is_a_finding(
    make_loaded: Make, period: str, code: str | None
) -> None:
    loaded = ledger(make_loaded, [remitted(1, period, "2020-06-12", 10)])
    result = compute_remit(loaded, HALF, AS_OF)
    assert [one.code for one in result.findings] == ([code] if code else [])
    assert result.lines[0].own == 0
    assert result.lines[0].paid == 1000


def test_the_sample_bureau() -> None:
    """1,197,100.00 received by both owners; 1,243,430.00 of city rent paid on in the half year.

    Three households moved between owners: 303.76 - 53.30 - 38.76 = 211.70, by which January's
    city rent was remitted too high."""
    result = compute_remit(open_bureau(SAMPLE).load(*REMIT_MODELS), HALF, AS_OF)
    assert sum(line.received for line in result.lines) == 119_710_000
    assert result.lines[0].paid == 124_343_000
    assert [span.left for span in reconcile(result, "市级")][:5] == [-21170, 3876, 3876, 3876, 3876]
