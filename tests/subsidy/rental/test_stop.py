"""Suspend, stop, resume: what is written, and which months are paid afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.subsidy.rental.small_ledgers import FORMATS, Row, grant, ledgers, payment
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.subsidy.rental.stop import Action, StopOrder, stop_change, stop_grant
from zhubao.subsidy.rental.term import term_of

YEAR = [Month.of(2020, number) for number in range(1, 13)]


def after(row: Row, *orders: tuple[Action, str]) -> Row:
    """The grant's row when the orders were carried out one after the other."""
    for action, start in orders:
        order = StopOrder(action, "B1", "核查", Month.parse(start))
        row = row | stop_grant(ledgers([row]), order).values
    return row


def months_paid(row: Row) -> list[int]:
    term = term_of(ledgers([row])[SubsidyGrant], 0, 1)
    return [month.month for month in term.months(YEAR)]


def test_a_suspension_leaves_a_gap_that_later_changes_keep() -> None:
    suspended = after(grant(), (Action.SUSPEND, "2020-04"))
    assert months_paid(suspended) == [1, 2, 3]
    resumed = after(suspended, (Action.RESUME, "2020-06"))
    assert months_paid(resumed) == [1, 2, 3, 6, 7, 8, 9, 10, 11, 12]
    again = after(resumed, (Action.SUSPEND, "2020-08"), (Action.RESUME, "2020-09"))
    assert months_paid(again) == [1, 2, 3, 6, 7, 9, 10, 11, 12]
    stopped = after(again, (Action.STOP, "2020-11"))
    assert months_paid(stopped) == [1, 2, 3, 6, 7, 9, 10]
    assert stopped["last_month"] == Month.of(2020, 10)


def test_a_planned_end_stays_the_end_where_it_is_earlier() -> None:
    row = grant(last_month=Month.of(2020, 6))
    assert months_paid(after(row, (Action.SUSPEND, "2020-06"))) == [1, 2, 3, 4, 5]
    assert after(row, (Action.STOP, "2020-09"))["last_month"] == Month.of(2020, 6)


def test_payments_for_stopped_months_are_named() -> None:
    loaded = ledgers([grant()], payments=[payment("F1"), payment("F2", quarter="2020-Q1")])
    result = stop_grant(loaded, StopOrder(Action.STOP, "H1", "已购房", Month.of(2020, 6)))
    assert [(number, str(cell)) for number, _, cell in result.overpaid] == [
        ("F1", "subsidies.xlsx!发放!G2")
    ]
    edits = {edit.head.header: str(edit.new) for edit in stop_change(result, FORMATS).edits}
    assert edits == {
        "补贴状态": "终止",
        "状态变更日期": "2020-06-01",
        "变更原因": "已购房",
        "止发月份": "2020-05",
    }


@pytest.mark.parametrize(
    ("more", "action", "reason"),
    [
        ({}, Action.RESUME, "核查"),
        ({"status": SubsidyStatus.STOPPED}, Action.RESUME, "核查"),
        ({"status": SubsidyStatus.SUSPENDED}, Action.RESUME, "核查"),  # since when is not known
        ({"status": SubsidyStatus.EXPIRED}, Action.STOP, "核查"),
        ({}, Action.STOP, " "),
        ({"grant_no": "B2"}, Action.STOP, "核查"),
    ],
)
def test_what_does_not_fit_is_refused(more: dict[str, Any], action: Action, reason: str) -> None:
    with pytest.raises(UsageError):
        stop_grant(ledgers([grant(**more)]), StopOrder(action, "B1", reason, Month.of(2020, 6)))
