"""Who is on a payment roll, who is not and why; at the bank; and the second run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.subsidy.rental.small_ledgers import (
    CARD,
    FORMATS,
    ON,
    Q2,
    Row,
    day,
    grant,
    household,
    lease,
    ledgers,
    member,
    month,
    payment,
    sign,
)
from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import PaymentStatus, SubsidyPayment, SubsidyStatus
from zhubao.ledger.tenants import LeaseStatus, ProtectionStatus, Tier
from zhubao.subsidy.rental.roll import Roll, RollOrder, make_roll
from zhubao.subsidy.rental.roll_change import (
    Returned,
    mark_bounced,
    mark_paid,
    roll_change,
    settle_change,
)
from zhubao.subsidy.rental.roll_checks import account_fault, roll_findings

Ledgers = Callable[[], Loaded]


def roll_of(loaded: Loaded, **more: Any) -> Roll:
    return make_roll(loaded, RollOrder(Q2, ON, **more))


def months_of(roll: Roll) -> str:
    """The months of the one grant: 456, 4, or nothing."""
    return "".join(str(one.month) for line in roll.lines for one in line.months)


def reasons_of_one(roll: Roll) -> list[tuple[str, str]]:
    found = [
        *(one for refused in roll.refused for one in refused.reasons),
        *(one for line in roll.lines for one in line.cut),
    ]
    return [(str(one.reason), one.cells[0].ref) for one in found]


def in_state(status: str, changed: str | None, last: str | None = None, **more: Any) -> Row:
    return grant(
        status=SubsidyStatus(status),
        status_changed_on=day(changed),
        last_month=month(last),
        **more,
    )


def test_who_has_everything_is_paid_for_all_months() -> None:
    roll = roll_of(ledgers([grant()]))
    assert (months_of(roll), roll.total, roll.roll_no) == ("456", 90000, "FP202007")
    assert not roll.refused


@pytest.mark.parametrize(
    ("row", "paid", "reason"),
    [
        (grant(first_month=month("2020-05")), "56", ("不在发放期", "L2")),
        (grant(first_month=None, approved_on=day("2020-04-30")), "56", ("不在发放期", "K2")),
        (grant(last_month=month("2020-04")), "4", ("不在发放期", "M2")),
        (in_state("暂停", "2020-06-15"), "45", ("暂停或终止", "R2")),
        (in_state("暂停", "2020-05-01", "2021-12"), "4", ("暂停或终止", "R2")),
        (in_state("暂停", None), "", ("暂停或终止", "R2")),
        (in_state("终止", "2020-05-20", "2020-05"), "45", ("暂停或终止", "M2")),
        (in_state("终止", "2020-05-20", "2021-12"), "4", ("暂停或终止", "R2")),
        (in_state("终止", "2019-12-31"), "", ("暂停或终止", "R2")),
        (in_state("终止", None, "2021-12"), "", ("暂停或终止", "R2")),
        (in_state("到期", None, "2020-04"), "4", ("不在发放期", "M2")),
        (in_state("生效", "2020-06-01"), "6", ("不在发放期", "S2")),
        (
            in_state("生效", "2020-06-01", status_reason="查清；暂停月份2020-05至2020-05"),
            "46",
            ("暂停或终止", "T2"),
        ),
        (grant(rental_ends_on=day("2020-06-29")), "45", ("租房合同到期", "H2")),
        (grant(rental_ends_on=day("2020-06-30")), "456", None),
        (grant(bank_account=None), "", ("没有银行账号", "Q2")),
        (grant(monthly_amount=0), "", ("补贴额为零", "J2")),
        (grant(monthly_amount=None), "", ("台账读不懂", "J2")),
    ],
)
def test_the_grant_itself(row: Row, paid: str, reason: tuple[str, str] | None) -> None:
    expected = [reason] if reason else []
    roll = roll_of(ledgers([row]))
    assert (months_of(roll), reasons_of_one(roll)) == (paid, expected)


@pytest.mark.parametrize(
    ("more", "paid", "reason"),
    [
        ({"signs": []}, "", "未签到"),
        ({"signs": [sign(signed=False, signed_on=None)]}, "", "未签到"),
        ({"signs": [sign(), sign(signed=False)]}, "", "未签到"),
        ({"signs": [sign(quarter="2020年第二季度")]}, "456", None),
        ({"signs": [sign(signed_on=day("2020-07-21"))]}, "", "未签到"),
        ({"households": []}, "", "查不到家庭"),
        ({"households": [household(exited_on=day("2020-05-01"))]}, "4", "已退出保障"),
        ({"households": [household(status=ProtectionStatus.EXITED)]}, "", "已退出保障"),
        ({"households": [household(status=ProtectionStatus.SUSPENDED)]}, "", "已退出保障"),
        ({"members": [member(died_on=day("2020-07-20"))]}, "", "死亡"),
        ({"members": [member(died_on=day("2020-07-21"))]}, "456", None),
        ({"leases": [lease()]}, "4", "已住公租房"),
        ({"leases": [lease(start="2020-07-01")]}, "456", None),
        ({"leases": [lease(terminated_on=day("2020-06-01"))]}, "46", "已住公租房"),
        (
            {"leases": [lease(start="2015-05-10", ends_on=day("2020-04-01"),
                              status=LeaseStatus.EXPIRED)]},
            "56",
            "已住公租房",
        ),
        ({"payments": [payment()]}, "", "本季度已发放"),
        ({"payments": [payment(status=PaymentStatus.PENDING)]}, "", "本季度已发放"),
        ({"payments": [payment(status=PaymentStatus.RECOVERED)]}, "", "本季度已发放"),
        ({"payments": [payment(quarter="2020-05", months=1)]}, "", "本季度已发放"),
        ({"payments": [payment(quarter="二季")]}, "", "本季度已发放"),
        ({"payments": [payment(status=PaymentStatus.BOUNCED)]}, "456", None),
        ({"payments": [payment(quarter="2020-Q1")]}, "456", None),
    ],
)  # fmt: skip
def test_what_other_sheets_say(more: dict[str, Any], paid: str, reason: str | None) -> None:
    roll = roll_of(ledgers([grant()], **more))
    assert (months_of(roll), {one for one, _ in reasons_of_one(roll)}) == (
        paid,
        {reason} if reason else set(),
    )


def test_every_reason_is_listed_with_its_cell_not_the_first_only() -> None:
    loaded = ledgers(
        [grant(bank_account=None)],
        signs=[sign(signed=False)],
        members=[member(died_on=day("2020-01-31"))],
        leases=[lease()],
    )
    assert reasons_of_one(roll_of(loaded)) == [
        ("未签到", "D2"),
        ("死亡", "H2"),
        ("没有银行账号", "Q2"),
        ("已住公租房", "A2"),
    ]


def test_a_member_who_holds_a_unit_in_another_household_is_found_by_either_identity_form() -> None:
    old, new = "110105491231002", "11010519491231002X"
    loaded = ledgers(
        [grant()],
        households=[household(), household("H9", person=new)],
        members=[member(person=old)],
        leases=[lease("H9", start="2019-01-01")],
    )
    roll = roll_of(loaded)
    assert not roll.lines
    assert "成员在家庭 H9" in roll.refused[0].reasons[0].words


@pytest.mark.parametrize(
    ("before", "recorded", "paid"),
    [(20, 3, "4"), (21, 3, ""), (18, 3, "456"), (24, 0, ""), (None, 0, "45")],
)
def test_new_employees_get_the_months_left_of_24(
    before: int | None, recorded: int, paid: str
) -> None:
    """Where the months before are not written down, every month in force since counts."""
    row = grant(tier=Tier.NEW_EMPLOYEE, months_before=before, first_month=month("2018-06"))
    rows = [payment(quarter="2020-Q1", months=recorded)] if recorded else []
    assert months_of(roll_of(ledgers([row], payments=rows))) == paid


def test_one_grant_per_household_and_per_person() -> None:
    loaded = ledgers(
        [grant("B1"), grant("B2"), grant("B3", "H2")],
        households=[household("H1"), household("H2", person="ID-H1")],
    )
    roll = roll_of(loaded)
    assert len(roll.lines) == 1
    assert [str(one.reasons[0].reason) for one in roll.refused] == ["重复享受", "重复享受"]


def test_after_the_last_day_of_the_year_a_reason_is_wanted_and_kept() -> None:
    loaded = ledgers([grant()], signs=[sign(quarter="2020-Q4"), sign(quarter="2021-Q4")])
    quarter, december = Period.parse("2020-Q4"), dt.date(2020, 12, 25)
    assert make_roll(loaded, RollOrder(quarter, december)).total == 90000
    with pytest.raises(UsageError, match="2020-12-25"):
        make_roll(loaded, RollOrder(quarter, dt.date(2020, 12, 26)))
    with pytest.raises(UsageError, match="2021-12-15"):
        make_roll(loaded, RollOrder(Period.parse("2021-Q4"), dt.date(2021, 12, 16)))
    late = make_roll(loaded, RollOrder(quarter, dt.date(2020, 12, 26), late="财政指标晚到"))
    assert [one.code for one in roll_findings(late)] == ["SB-127"]
    head, row = roll_change(late, FORMATS).added[0].heads, roll_change(late, FORMATS).added[0].rows
    assert dict(zip((one.header for one in head), row[0], strict=True))["备注"] == (
        "逾期发放：财政指标晚到"
    )


def test_accounts_are_looked_at_but_keep_nobody_out() -> None:
    assert account_fault(CARD) == ""
    assert account_fault(CARD[:-1] + "7") == "校验位不符"
    assert account_fault("12345678901") == "不是 12 到 30 位数字"
    loaded = ledgers([grant(), grant("B2", "H2"), grant("B3", "H3", bank_account="12345")])
    roll = roll_of(loaded)
    assert len(roll.lines) == 3
    assert [one.code for one in roll_findings(roll)] == ["SB-121", "SB-121", "SB-120"]


def test_what_the_bank_sends_back_may_be_paid_again_and_nothing_else() -> None:
    rows = [
        payment("F1", "B1", roll_no="P", status=PaymentStatus.PENDING, bank_account=CARD),
        payment("F2", "B2", roll_no="P", status=PaymentStatus.PENDING, household_no="H2"),
        payment("F3", "B3", roll_no="P", status=PaymentStatus.RECOVERED, household_no="H3"),
    ]
    loaded = ledgers([grant("B1"), grant("B2", "H2"), grant("B3", "H3")], payments=rows)
    paid = mark_paid(loaded, "P", dt.date(2020, 7, 24))
    assert (paid.rows, paid.amount) == ((0, 1), 180000)
    back = mark_bounced(
        loaded,
        [Returned(account=CARD, amount=90000), Returned("F3"), Returned("F9"), Returned("F1")],
        ON,
        "户名不符",
    )
    assert back.rows == (0,)
    assert [one.code for one in back.findings] == ["SB-126", "SB-126"]
    edits = {edit.head.header: edit.new for edit in settle_change(back, FORMATS).edits}
    assert edits == {"发放状态": "银行退回", "备注": "2020-07-20 银行退回：户名不符"}
    rows[0]["status"] = PaymentStatus.BOUNCED
    again = roll_of(ledgers([grant("B1"), grant("B2", "H2")], payments=rows))
    assert [line.index for line in again.lines] == [0]
    assert again.lines[0].payment_no == "F4"


def test_the_same_quarter_again_pays_nobody_twice() -> None:
    grants = [grant(f"B{n}", f"H{n}") for n in range(30)]
    first = roll_of(ledgers(grants))
    added = roll_change(first, FORMATS).added[0]
    fields = {info.alias: name for name, info in SubsidyPayment.model_fields.items()}
    rows = []
    for values in added.rows:
        pairs = zip(added.heads, values, strict=True)
        row = {fields[head.header]: value for head, value in pairs}
        row |= {"amount": 90000, "status": PaymentStatus(str(row["status"]))}
        rows.append(row)
    second = roll_of(ledgers(grants, payments=rows))
    assert len(first.lines) == len(rows) == 30
    assert not second.lines
    assert roll_change(second, FORMATS).is_empty
    assert second.roll_no == "FP202007-2"
