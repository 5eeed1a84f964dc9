"""Numbers that seem to agree and do not, and terms that are bounded by what was received."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhubao.core.period import Month, Period
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawMode,
    DrawPurpose,
    DrawStatus,
    RosterEntry,
    RosterStatus,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt, Reduction, Remittance
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import (
    PaymentStatus,
    SubsidyGrant,
    SubsidyPayment,
    SubsidySignIn,
    SubsidyStatus,
)
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    AnnualReview,
    Household,
    Lease,
    LeaseStatus,
    ProtectionStatus,
    ReviewDecision,
    WaitingEntry,
    WaitingStatus,
)
from zhubao.ledger.units import Ownership, Unit
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.reconcile.checks import Outcome, Reconciled, reconcile
from zhubao.summary.summary import compute_summary

JUNE_30 = dt.date(2020, 6, 30)
Rows = list[dict[str, Any]]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def line(code: str, period: str, *tables: LedgerTable[Any]) -> Reconciled:
    loaded, span = Loaded.of(*tables), Period.parse(period)
    summary = compute_summary(loaded, span, JUNE_30, bureau="")
    found = {one.code: one for one in reconcile(summary, Scope(loaded, span, JUNE_30))}
    return found[code]


def receipt(number: int, on: str, yuan: int) -> dict[str, Any]:
    fen = {"amount": yuan * 100, "received_on": day(on)}
    return {"receipt_no": f"S{number}", "household_no": "JT1", **fen}


def remittance(number: int, covers: str, on: str, yuan: int) -> dict[str, Any]:
    words = {"remittance_no": f"HJ{number}", "ownership": Ownership.CITY, "period": covers}
    return {**words, "remitted_on": day(on), "amount": yuan * 100}


def city(receipts: Rows, remittances: Rows) -> tuple[LedgerTable[Any], ...]:
    unit = {"unit_no": "U1", "estate": "甲小区", "ownership": Ownership.CITY}
    lease = {
        "lease_no": "HT1",
        "household_no": "JT1",
        "unit_no": "U1",
        "status": LeaseStatus.IN_FORCE,
    }
    term = {"starts_on": day("2018-01-01"), "ends_on": day("2022-12-31")}
    return (
        LedgerTable.from_rows(Unit, [unit]),
        LedgerTable.from_rows(Lease, [{**lease, **term}]),
        LedgerTable.from_rows(Receipt, receipts),
        LedgerTable.from_rows(Remittance, remittances),
    )


@pytest.mark.parametrize(
    ("covers", "yuan", "outcome", "beyond", "said"),
    [
        ("2020-03", 300, Outcome.EXPLAINED, 0, "都没有超过所属期间的市级收缴"),
        ("2020-03", 1300, Outcome.OPEN, 100_000, "所属 2020-03 的比那时的市级收缴多 1,000.00 元"),
        ("2020-04", 500, Outcome.OPEN, 10_000, "比本期市级收缴多汇 100.00 元"),
        ("2019-H2", 900, Outcome.EXPLAINED, 0, "所属 2019-H2 的 900.00 元，那时的收款台账没有"),
        ("三月份", 900, Outcome.OPEN, 90_000, "900.00 元的所属期间看不懂"),
    ],
)
def test_what_was_remitted_for_a_period_is_bounded_by_what_was_received_in_it(
    covers: str, yuan: int, outcome: Outcome, beyond: int, said: str
) -> None:
    receipts = [receipt(1, "2020-03-10", 300), receipt(2, "2020-04-10", 400)]
    paid = [remittance(1, covers, "2020-04-20", yuan)]
    one = line("rent.remitted", "2020-04", *city(receipts, paid))
    assert (one.outcome, one.unexplained) == (outcome, beyond)
    assert said in one.explanation


def test_an_old_debt_of_a_household_that_moved_to_another_owner_is_no_excess() -> None:
    units, leases, *money = city([receipt(1, "2020-03-10", 300), receipt(2, "2020-04-10", 400)], [])
    moved = [
        {**leases.row(0).model_dump(), "terminated_on": day("2020-02-01")},
        {**leases.row(0).model_dump(), "lease_no": "HT2", "unit_no": "U2"}
        | {"starts_on": day("2020-02-01")},
    ]
    district = {"unit_no": "U2", "estate": "甲小区", "ownership": Ownership.DISTRICT}
    tables = (
        LedgerTable.from_rows(Unit, [units.row(0).model_dump(), district]),
        LedgerTable.from_rows(Lease, moved),
        money[0],
        LedgerTable.from_rows(Remittance, [remittance(1, "2020-03", "2020-04-20", 120)]),
    )
    one = line("rent.remitted", "2020-04", *tables)
    assert (one.outcome, one.unexplained) == (Outcome.EXPLAINED, 0)
    assert "多 120.00 元，在换过市级、区级房源的家庭所缴 300.00 元之内" in one.explanation


def test_a_write_off_beyond_the_charge_is_what_is_left_after_the_known_terms() -> None:
    charge = {"household_no": "JT1", "month": Month.of(2020, 4), "amount": 10_000}
    reduction = {
        "reduction_no": "J1",
        "household_no": "JT1",
        "month": Month.of(2020, 4),
        "amount": 25_000,
        "approved_on": day("2020-04-20"),
    }
    tables: tuple[LedgerTable[Any], ...] = (
        LedgerTable.from_rows(Charge, [charge]),
        LedgerTable.from_rows(OpeningDebt, []),
        LedgerTable.from_rows(Reduction, [reduction]),
        *city([receipt(1, "2020-04-10", 40)], []),
    )
    one = line("rent.settled", "2020-04", *tables)
    assert (one.outcome, one.unexplained) == (Outcome.OPEN, 15_000)
    assert "还剩 150.00 元" in one.explanation
    whole = line("rent.identity", "2020-04", *tables)
    assert whole.holds
    assert {cell.sheet for cell in whole.cells} == {"应收", "实收", "减免"}


def grant(number: int, **others: Any) -> dict[str, Any]:
    return {
        "grant_no": f"BT{number}",
        "household_no": f"JT{number}",
        "status": SubsidyStatus.IN_FORCE,
        "monthly_amount": 30_000,
        "approved_on": day("2019-06-01"),
        "first_month": Month.of(2019, 7),
        **others,
    }


def payment(number: int, **others: Any) -> dict[str, Any]:
    return {
        "payment_no": f"F{number}",
        "grant_no": f"BT{number}",
        "household_no": f"JT{number}",
        "quarter": "2020-Q1",
        "months": 3,
        "amount": 90_000,
        "paid_on": day("2020-04-10"),
        "status": PaymentStatus.PAID,
        **others,
    }


def test_a_payment_that_is_not_the_monthly_amount_times_the_months_is_named() -> None:
    rows = [payment(1), payment(2, amount=190_000), payment(3, months=None), payment(4, amount=1)]
    one = line(
        "subsidy.monthly",
        "2020-04",
        LedgerTable.from_rows(SubsidyGrant, [grant(number) for number in (1, 2, 3, 4)]),
        LedgerTable.from_rows(SubsidyPayment, rows),
    )
    assert (one.outcome, one.unexplained) == (Outcome.OPEN, 100_000 + 89_999)
    assert "F2 发 1,900.00 元、算得 900.00 元" in one.explanation
    assert "1 笔 900.00 元没有发放月数" in one.explanation


def test_who_was_not_paid_in_a_month_is_explained_by_the_quarter_that_was_paid_in_it() -> None:
    late = grant(2, approved_on=day("2020-03-05"), first_month=Month.of(2020, 4))
    signed = {"grant_no": "BT1", "quarter": "2020-Q1", "signed": True}
    one = line(
        "subsidy.in_force",
        "2020-04",
        LedgerTable.from_rows(SubsidyGrant, [grant(1), late, grant(3)]),
        LedgerTable.from_rows(SubsidyPayment, [payment(1)]),
        LedgerTable.from_rows(SubsidySignIn, [signed]),
    )
    assert (one.outcome, one.left, one.right) == (Outcome.EXPLAINED, 1, 3)
    assert "1 户在本期发放的季度以后才起发、1 户没有签到" in one.explanation


def test_an_entrant_approved_after_registration_closed_is_named() -> None:
    draw = {
        "event_no": "YH1",
        "draw_no": 1,
        "name": "配租",
        "purpose": DrawPurpose.PUBLIC_RENTAL,
        "mode": DrawMode.UNIT,
        "registration_ends_on": day("2020-03-12"),
        "drawn_at": dt.datetime(2020, 3, 15, 9, 30),
        "status": DrawStatus.DRAWN,
    }
    approved = {1: "2020-01-05", 2: "2020-03-12", 3: "2020-05-08"}
    roster = [
        {
            "event_no": "YH1",
            "entrant_no": str(number),
            "household_no": f"JT{number}",
            "waiting_no": f"LH{number}",
            "status": RosterStatus.FROZEN,
        }
        for number in (1, 2, 3, 4)
    ]
    waiting = [
        {
            "waiting_no": f"LH{number}",
            "household_no": f"JT{number}",
            "approved_on": day(on),
            "status": WaitingStatus.WAITING,
        }
        for number, on in approved.items()
    ]
    choice = {
        "selection_no": "X1",
        "event_no": "YH1",
        "entrant_no": "1",
        "action": SelectionAction.CHOSEN,
        "selected_at": dt.datetime(2020, 3, 20, 9, 0),
    }
    tables: tuple[LedgerTable[Any], ...] = (
        LedgerTable.from_rows(DrawEvent, [draw]),
        LedgerTable.from_rows(RosterEntry, roster),
        LedgerTable.from_rows(WaitingEntry, waiting),
        LedgerTable.from_rows(UnitSelection, [choice]),
    )
    strange = "JT3（2020-05-08 才批准）、JT4（当时不在轮候册）"
    one = line("waiting.entrants", "2020-03", *tables)
    assert (one.left, one.right, one.outcome) == (4, 1, Outcome.EXPLAINED)
    assert f"又批准 1 户参加；另有 2 户不应在名册里：{strange}" in one.explanation
    whole = line("draws.listed", "2020-H1", *tables)
    assert (whole.left, whole.right, whole.outcome, whole.unexplained) == (4, 2, Outcome.OPEN, 2)
    assert strange in whole.explanation
    assert [cell.ref for cell in whole.cells] == ["B4", "B5"]


def test_a_household_protected_with_nothing_is_told_with_its_cell() -> None:
    def household(number: int, status: str = ProtectionStatus.IN_FORCE) -> dict[str, Any]:
        return {"household_no": f"JT{number}", "status": status, "size": 1}

    left = {
        "waiting_no": "LH3",
        "household_no": "JT3",
        "approved_on": day("2019-01-01"),
        "closed_on": day("2020-02-01"),
        "status": WaitingStatus.ABANDONED,
    }
    ended = {
        "lease_no": "HT9",
        "household_no": "JT9",
        "unit_no": "1",
        "starts_on": day("2015-01-01"),
        "ends_on": day("2018-12-31"),
        "terminated_on": day("2018-12-31"),
        "status": LeaseStatus.TERMINATED,
    }
    review = {"year": 2020, "household_no": "JT1", "decision": ReviewDecision.PENDING}
    grants = [grant(1), grant(2, status=SubsidyStatus.STOPPED), grant(5), grant(6)]
    one = line(
        "households.protected",
        "2020-H1",
        LedgerTable.from_rows(
            Household,
            [*map(household, (1, 2, 3, 4)), household(5, ProtectionStatus.SUSPENDED)],
        ),
        LedgerTable.from_rows(AnnualReview, [review]),
        LedgerTable.from_rows(SubsidyGrant, grants),
        LedgerTable.from_rows(WaitingEntry, [left]),
        LedgerTable.from_rows(Lease, [ended]),
    )
    assert (one.left, one.right, one.outcome, one.unexplained) == (3, 4, Outcome.OPEN, 2)
    assert "3 户应年审而没有房源、补贴、轮候" in one.explanation
    assert "请核对 JT4、JT6" in one.explanation
    assert [cell.ref for cell in one.cells] == ["A3", "A4", "A5", "A6"]
