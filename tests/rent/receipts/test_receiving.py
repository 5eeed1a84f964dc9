"""One receipt at the counter, and money claimed out of suspense."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS
from tests.rent.receipts.test_matching import AS_OF, number, town, with_bad_amount
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.ledger.arrears import Receipt, SuspenseReceipt, SuspenseStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.rent.receipts.accounts import RentAccounts
from zhubao.rent.receipts.receiving import (
    ReceiptOrder,
    Receiving,
    parse_amount,
    parse_month,
    receive,
    receive_change,
    receive_report,
)
from zhubao.rent.receipts.suspense import claim, claim_change, claim_report, suspense_report

DAY = dt.date(2020, 6, 20)


def order(yuan: float, household: str = number("1"), **more: Any) -> ReceiptOrder:
    return ReceiptOrder(household, round(yuan * 100), more.pop("day", DAY), **more)


def taken(yuan: float, loaded: Loaded | None = None, **more: Any) -> Receiving:
    return receive(order(yuan, **more), loaded or town(), AS_OF)


def paid(received: Receiving) -> dict[str, tuple[int, int]]:
    return {str(month): (old, new) for month, _, old, new in received.allotment.lines()}


def test_money_pays_the_oldest_month_first_and_the_rest_is_credit() -> None:
    assert paid(taken(130)) == {"2020-05": (10000, 0), "2020-06": (10000, 7000)}
    more = taken(250)
    assert (more.allotment.after.owed, more.allotment.after.credit) == (0, 5000)


def test_a_named_month_is_paid_first() -> None:
    assert paid(taken(100, month=Month.of(2020, 6))) == {"2020-06": (10000, 0)}


def test_what_it_pays_is_what_the_account_says_once_it_is_written() -> None:
    received = taken(130, month=Month.of(2020, 6))
    (block,) = receive_change(received, town(), FORMATS).added
    assert block.sheet == "实收"
    row = {
        "receipt_no": received.order.receipt_no,
        "household_no": number("1"),
        "received_on": DAY,
        "amount": 13000,
        "month": Month.of(2020, 6),
    }
    assert RentAccounts(town([row]), AS_OF).standing(number("1")) == received.allotment.after


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("JT00121", "JT000121"),
        ("HT000992", number("2")),
        ("张三", number("1")),
        ("QQ", "tenants.xlsx"),
    ],
)
def test_an_unknown_household_is_answered_with_the_nearest(typed: str, hint: str) -> None:
    with pytest.raises(UsageError) as fault:
        taken(1, household=typed)
    assert hint in fault.value.advice


def test_numbers_may_be_typed_carelessly() -> None:
    assert taken(1, household="jT１２１").order.household == number("1")


def test_the_number_goes_on_and_a_used_one_is_refused() -> None:
    first = {"receipt_no": "SJ0000007", "household_no": number("1"), "amount": 1}
    listed = {
        "receipt_no": "0000123",
        "remark": "导入 流水.csv!B2",
        "household_no": "",
        "amount": 1,
    }
    loaded = town([{**first, "received_on": DAY}, {**listed, "received_on": DAY}])
    assert taken(1, loaded).order.receipt_no == "SJ0000008"
    with pytest.raises(UsageError, match="已经登记过"):
        taken(1, loaded, receipt_no="SJ0000007")


def test_a_reversal_needs_a_reason_and_money_to_take_back() -> None:
    row = {"receipt_no": "S1", "household_no": number("1"), "received_on": DAY, "amount": 5000}
    loaded = town([row])
    assert taken(-50, loaded, remark="重复收款").allotment.after.owed == 20000
    with pytest.raises(UsageError, match="原因"):
        taken(-50, loaded)
    with pytest.raises(UsageError, match="超过"):
        taken(-50.01, loaded, remark="重复收款")


def test_what_looks_odd_is_told_and_still_taken() -> None:
    row = {"receipt_no": "S1", "household_no": number("1"), "received_on": DAY, "amount": 10000}

    def codes(received: Receiving) -> list[str]:
        return [one.code for one in received.findings]

    assert codes(taken(100, town([row]))) == ["RE-233"]
    assert codes(taken(100, day=dt.date(2020, 7, 1))) == ["RE-230"]
    assert codes(taken(100, day=dt.date(2019, 12, 1))) == ["RE-231"]
    assert codes(taken(100, month=Month.of(2020, 3))) == ["RE-232"]
    assert codes(taken(100, household=number("5"))) == ["RE-234"]
    assert codes(taken(1400)) == []
    assert codes(taken(1400.01)) == ["RE-235"]  # 200.00 owed and twelve months of 100.00
    assert codes(taken(100, with_bad_amount(town([row]), Receipt, 0), day=AS_OF)) == ["RE-236"]


def test_a_day_no_ledger_reaches_back_to_is_refused() -> None:
    with pytest.raises(UsageError, match="1899-12-31"):
        taken(100, day=dt.date(1899, 12, 31))


@pytest.mark.parametrize(
    ("typed", "fen"), [("480.50", 48050), ("1,204", 120400), ("￥480.5元", 48050), ("-3", -300)]
)
def test_amounts_are_read_as_clerks_type_them(typed: str, fen: int) -> None:
    assert parse_amount(typed) == fen


@pytest.mark.parametrize("typed", ["", "四百", "1.005", "0"])
def test_an_amount_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_amount(typed)


def test_months_are_read_or_refused() -> None:
    assert parse_month("2020年6月") == Month.of(2020, 6)
    assert parse_month(None) is None
    with pytest.raises(UsageError):
        parse_month("六月")


def test_the_report_masks_the_applicant_and_gives_the_balance() -> None:
    report = receive_report(taken(130))
    assert "张三" not in repr(report)
    assert report.facts["owed_after"] == 70
    assert "欠租 200.00 → 70.00 元" in report.notes[1]


def waiting(status: SuspenseStatus = SuspenseStatus.OPEN) -> dict[str, Any]:
    return {
        "suspense_no": "GZ0001",
        "received_on": DAY,
        "amount": 10000,
        "payer": "张三丰",
        "memo": "代张三房租",
        "source": "流水.csv!B2 流水号 S77",
        "status": status,
    }


def test_suspense_lists_who_it_may_be_by_now() -> None:
    report = suspense_report(town(suspense=[waiting()]), AS_OF)
    row = report.table("suspense").rows[0].values
    assert (row[0], row[2], row[3], row[4]) == ("GZ0001", 10000, 10, number("1"))
    assert "张三" not in repr(row)


def test_a_claim_is_booked_under_the_bank_s_number_and_the_day_it_came_in() -> None:
    loaded = town(suspense=[waiting()])
    claimed = claim("gz0001", number("1"), loaded, AS_OF, day=AS_OF)
    change = claim_change(claimed, loaded, FORMATS)
    (block,) = change.added
    row = dict(zip([head.header for head in block.heads], block.rows[0], strict=True))
    assert (row["收据号"], row["收款日期"], row["家庭编号"]) == ("S77", DAY, number("1"))
    assert {edit.head.header: edit.new for edit in change.edits} == {
        "认领状态": "已认领",
        "家庭编号": number("1"),
        "认领日期": AS_OF,
    }
    assert claimed.allotment.after.owed == 10000


def test_what_is_claimed_or_unknown_cannot_be_claimed() -> None:
    loaded = town(suspense=[waiting(SuspenseStatus.CLAIMED)])
    with pytest.raises(UsageError, match="不能再认领"):
        claim("GZ0001", number("1"), loaded, AS_OF, day=AS_OF)
    with pytest.raises(UsageError, match="没有 GZ0002"):
        claim("GZ0002", number("1"), loaded, AS_OF, day=AS_OF)


def test_a_claim_is_never_dated_before_the_money() -> None:
    loaded = town(suspense=[waiting()])
    assert claim("gz1", number("1"), loaded, dt.date(2020, 6, 1)).day == DAY
    assert claim("gz1", number("1"), loaded, AS_OF).day == AS_OF
    with pytest.raises(UsageError, match="早于收款日期"):
        claim("gz1", number("1"), loaded, AS_OF, day=dt.date(2020, 6, 19))


def test_a_claim_tells_what_a_receipt_would_tell() -> None:
    same = {"receipt_no": "S1", "household_no": number("1"), "received_on": DAY, "amount": 10000}
    claimed = claim("GZ0001", number("1"), town([same], [waiting()]), AS_OF)
    assert [one.code for one in claim_report(claimed).findings] == ["RE-233"]
    taken_back = {**waiting(), "amount": -10001}
    with pytest.raises(UsageError, match=r"超过这一户累计收到的 100\.00 元"):
        claim("GZ0001", number("1"), town([same], [taken_back]), AS_OF)


def test_an_empty_suspense_sheet_is_an_empty_list() -> None:
    loaded = Loaded({**town().tables, SuspenseReceipt: LedgerTable.empty(SuspenseReceipt)})
    assert suspense_report(loaded, AS_OF).facts["open"] == 0
    assert loaded.get(Receipt) is not None
