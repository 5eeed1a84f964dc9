"""核销: never more than is owed, never without authority and reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS
from tests.rent.receipts.test_matching import AS_OF, number, town
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.rent.receipts.write_off import WriteOff, WriteOffOrder, write_off, write_off_change

DAY = dt.date(2020, 6, 20)


def given_up(yuan: float | None, household: str = number("1"), **more: Any) -> WriteOff:
    fen = None if yuan is None else round(yuan * 100)
    words = {"authority": "局务会议纪要", "reason": "承租人死亡，无人继承", **more}
    return write_off(WriteOffOrder(household, fen, DAY, **words), town(), AS_OF)


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
    ],
)
def test_what_is_not_allowed_is_refused(
    yuan: float | None, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        given_up(yuan, **more)


def test_the_row_keeps_reason_and_authority() -> None:
    (block,) = write_off_change(given_up(None, month=Month.of(2020, 5)), town(), FORMATS).added
    row = dict(zip([head.header for head in block.heads], block.rows[0], strict=True))
    assert (block.sheet, row["减免类型"], row["减免编号"]) == ("减免", "核销", "JM00001")
    assert (row["减免原因"], row["备注"]) == ("承租人死亡，无人继承", "批准依据：局务会议纪要")
    assert (row["账单期"], row["批准日期"], row["减免金额"]) == ("2020-05", DAY, 100)
