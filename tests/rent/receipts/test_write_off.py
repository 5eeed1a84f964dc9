"""核销: never more than is owed, never without authority and reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS
from tests.rent.receipts.test_matching import AS_OF, number, town, with_bad_amount
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.ledger.arrears import Receipt
from zhubao.rent.receipts.write_off import (
    WriteOff,
    WriteOffOrder,
    write_off,
    write_off_change,
    write_off_report,
)

DAY = dt.date(2020, 6, 20)


def given_up(yuan: float | None, household: str = number("1"), **more: Any) -> WriteOff:
    fen = None if yuan is None else round(yuan * 100)
    words = {"authority": "局务会议纪要", "reason": "承租人死亡，无人继承", **more}
    day = words.pop("day", DAY)
    return write_off(WriteOffOrder(household, fen, day, **words), town(), AS_OF)


def test_the_oldest_debt_goes_first_and_all_means_all() -> None:
    part = given_up(130)
    assert [(str(month), new) for month, _, _, new in part.allotment.lines()] == [
        ("2020-05", 0),
        ("2020-06", 7000),
    ]
    everything = given_up(None)
    assert (everything.amount, everything.allotment.after.owed) == (20000, 0)


def test_a_month_limits_what_can_be_given_up() -> None:
    june = given_up(None, month=Month.of(2020, 6))
    assert [(str(month), new) for month, _, _, new in june.allotment.lines()] == [("2020-06", 0)]
    with pytest.raises(UsageError, match=r"只欠 100\.00 元"):
        given_up(100.01, month=Month.of(2020, 6))


@pytest.mark.parametrize(
    ("yuan", "more", "message"),
    [
        (200.01, {}, r"只欠 200\.00 元"),
        (-1, {}, "大于 0"),
        (1, {"authority": " "}, "批准依据"),
        (1, {"reason": ""}, "原因"),
        (None, {"household": number("5")}, "没有欠租"),
        (None, {"month": Month.of(2020, 1)}, "没有欠租"),
        (1, {"household": "JT999"}, "没有编号"),
        (1, {"day": dt.date(1920, 6, 20)}, "批准日期"),
    ],
)
def test_what_is_not_allowed_is_refused(
    yuan: float | None, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        given_up(yuan, **more)


def test_nothing_is_given_up_while_the_account_cannot_be_read() -> None:
    paid = {"receipt_no": "S1", "household_no": number("1"), "received_on": DAY, "amount": 100}
    loaded = with_bad_amount(town([paid]), Receipt, 0)
    order = WriteOffOrder(number("1"), None, DAY, "纪要", "死亡")
    with pytest.raises(UsageError, match="欠租算不准"):
        write_off(order, loaded, AS_OF)
    other = write_off(replace(order, household=number("2")), loaded, AS_OF)
    assert other.amount == 40000


def test_the_report_tells_an_odd_day_and_hides_numbers_in_the_reason() -> None:
    early = write_off_report(given_up(130, day=dt.date(2020, 4, 1), reason="电话13812345678"))
    assert "批准日期早于账单月 2020-05，请核对日期" in early.notes
    assert "13812345678" not in repr(early)
    late = write_off_report(given_up(130, day=dt.date(2020, 7, 1)))
    assert any("晚于截止日期 2020-06-30" in note for note in late.notes)


def test_the_row_keeps_reason_and_authority() -> None:
    (block,) = write_off_change(given_up(None, month=Month.of(2020, 5)), town(), FORMATS).added
    row = dict(zip([head.header for head in block.heads], block.rows[0], strict=True))
    assert (block.sheet, row["减免类型"], row["减免编号"]) == ("减免", "核销", "JM00001")
    assert (row["减免原因"], row["备注"]) == ("承租人死亡，无人继承", "批准依据：局务会议纪要")
    assert (row["账单期"], row["批准日期"], row["减免金额"]) == ("2020-05", DAY, 100)
