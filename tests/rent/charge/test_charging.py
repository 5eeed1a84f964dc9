"""The month's charges: worked examples, part months, reductions, exceptions, running it again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rent.charge_ledgers import (
    JULY,
    RENT,
    amounts,
    booked,
    charge,
    codes,
    day,
    household,
    lease,
    ledgers,
    own_policy,
    price_change,
    reduction,
    run,
    unit,
)
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.tenants import LeaseStatus, ProtectionStatus, Tier
from zhubao.policy import PolicyInvalid
from zhubao.rent.charge.charging import CHARGE_MODELS, compute_charges

SAMPLE = Path(__file__).resolve().parents[3]

EXPIRED, TERMINATED = LeaseStatus.EXPIRED, LeaseStatus.TERMINATED
STANDARD: dict[str, Any] = {"charge_basis": "标准租金"}


def test_charge_is_area_times_price_less_reduction_each_amount_by_hand() -> None:
    """domain.md 5.1: charge = billed area × price(tier, grade, lift, date) - reduction, half up.

    48.35 m² × 1.10 (低保, 一级, lift) = 53.185 → 53.19; 30 % of it 15.957 → 15.96; 37.23 due.
    """
    home = household("H1", hardship="重病、残疾", tier=Tier.LOW_SUBSISTENCE)
    flat = unit("U1", location_grade="一级", has_lift=True, billed_area_m2=Decimal("48.35"))
    one = lease("L1", "H1", "U1", tier=None, area_m2=None, monthly_rent=5319)
    relief = {"保障类型": {"特困": 50}, "困难标识": {"重病": 30, "孤老": "12.5"}}
    made = run(ledgers([one], households=[home], units=[flat]), relief_percent=relief, **STANDARD)
    (draft,) = made.new
    assert (draft.home.area, draft.home.tier) == (Decimal("48.35"), "低保")
    assert (draft.tariff.standard, draft.rent) == (5319, 5319)
    assert (draft.standard, draft.reduction, draft.amount) == (5319, 1596, 3723)
    assert not made.findings


def test_the_contract_rent_is_charged_unless_the_policy_says_otherwise() -> None:
    """50 m² × 5.50 = 275.00 by the table; the contract says 300.00: a finding with its cell."""
    loaded = ledgers([lease("L1", "H1", "U1", monthly_rent=30000)])
    assert amounts(run(loaded)) == {"L1": 30000}
    assert amounts(run(loaded, **STANDARD)) == {"L1": RENT}
    (finding,) = run(loaded).findings
    assert (finding.code, str(finding.where)) == ("RE-208", "tenants.xlsx!租赁合同!F2")
    assert "50 m² × 5.50" in finding.message
    assert "按合同月租金计收" in finding.message


@pytest.mark.parametrize(
    ("month", "terms", "fen"),
    [
        ("2020-07", {"start": "2020-07-11"}, 18629),  # 21 of 31 days
        ("2020-06", {"start": "2020-06-16"}, 13750),  # 15 of 30
        ("2020-02", {"start": "2020-02-29"}, 948),  # 1 of 29
        ("2019-02", {"terminated_on": "2019-02-07"}, 6875),  # 7 of 28: the day of leaving counts
        ("2020-07", {"start": "2020-07-31"}, 887),  # 8.8709…
        ("2020-07", {"start": "2020-08-01"}, None),
        ("2020-07", {"terminated_on": "2020-06-30"}, None),
        ("2020-07", {"terminated_on": "2020-07-01"}, 887),
        ("2020-07", {"status": TERMINATED}, None),  # terminated without a date is past
        ("2020-07", {"ends_on": "2020-03-31"}, 27500),  # past its end, lived in
        ("2020-07", {"ends_on": "2020-03-31", "status": EXPIRED}, 27500),
        ("2020-07", {"ends_on": "9999-12-31", "status": EXPIRED}, 27500),
        ("2020-07", {"start": "2020-07-05", "terminated_on": "2020-07-04"}, None),
    ],
)
def test_a_lease_is_charged_for_the_days_it_is_live(
    month: str, terms: dict[str, Any], fen: int | None
) -> None:
    made = run(ledgers([lease("L1", "H1", "U1", **terms)]), Month.parse(month))
    assert amounts(made) == ({} if fen is None else {"L1": fen})


def test_whether_the_day_of_leaving_counts_is_policy() -> None:
    loaded = ledgers([lease("L1", "H1", "U1", terminated_on="2020-07-10")])
    assert amounts(run(loaded)) == {"L1": 8871}  # 10 of 31 days
    assert amounts(run(loaded, last_day_charged=0)) == {"L1": 7984}  # 9 of 31


def test_a_household_that_moves_in_mid_month_has_two_rows_that_sum_to_the_month() -> None:
    """One row per lease, because each names its unit; the day of handing over is charged once."""
    leases = [
        lease("L1", "H1", "U1", terminated_on="2020-07-15"),
        lease("L2", "H1", "U2", "2020-07-15"),
    ]
    made = run(ledgers(leases))
    assert amounts(made) == {"L1": 12419, "L2": 15081}  # 14 and 17 days; 275.00 in all
    assert [draft.remark for draft in made.new] == [
        "部分月14天（7月1日至14日，全月31天，按日）",
        "部分月17天（7月15日至31日，全月31天，按日）",
    ]
    other = [leases[0], lease("L2", "H1", "U2", "2020-07-16", monthly_rent=40000)]
    assert sum(amounts(run(ledgers(other))).values()) == 33952  # (275×15 + 400×16) ÷ 31 = 339.516


def test_under_whole_months_a_move_is_charged_once_and_said_so() -> None:
    leases = [
        lease("L1", "H1", "U1", terminated_on="2020-07-15"),
        lease("L2", "H1", "U2", "2020-07-16"),
    ]
    made = run(ledgers(leases), part_month="整月")
    assert amounts(made) == {"L1": 27500}
    assert [one.reason for one in made.blocked] == ["本月已按整月计入该户的另一份合同"]
    assert amounts(run(ledgers(leases), part_month="半月")) == {"L1": 13750, "L2": 13750}


def test_a_tier_that_changes_with_a_renewal_is_right_to_the_fen() -> None:
    """15 days at 50 × 5.50 = 275.00, 16 at 50 × 1.00 = 50.00: 133.06 + 25.81 = 158.87."""
    leases = [
        lease("L1", "H1", "U1", ends_on="2020-07-15", status=EXPIRED),
        lease("L2", "H1", "U1", "2020-07-16", tier=Tier.LOW_INCOME, monthly_rent=5000),
    ]
    for policy in ({}, STANDARD):
        assert amounts(run(ledgers(leases), **policy)) == {"L1": 13306, "L2": 2581}


def test_a_price_that_changes_in_mid_month_holds_from_its_day_on() -> None:
    """10 days at 50 × 5.50 = 275.00, 21 at 50 × 6.00 = 300.00: (2750 + 6300) ÷ 31 = 291.935…"""
    policy = price_change(dt.date(2020, 7, 11), "5.50", "6.00") | own_policy(**STANDARD)
    loaded = ledgers([lease("L1", "H1", "U1")])
    (draft,) = compute_charges(loaded, JULY, overrides=policy).new
    assert (draft.amount, draft.rent) == (29194, 30000)
    assert draft.remark == "11日起月租金由275.00调为300.00"


def test_reductions_come_from_the_table_by_tier_and_by_words_the_highest_wins() -> None:
    relief = {"保障类型": {"特困": 50}, "困难标识": {"重病": "33.33"}}
    homes = [household("H1"), household("H2", hardship="重病"), household("H3", hardship="重病")]
    leases = [
        lease("L1", "H1", "U1"),
        lease("L2", "H2", "U2"),  # 91.6575 → 91.66
        lease("L3", "H3", "U3", tier=Tier.DESTITUTE),
    ]
    made = run(ledgers(leases, households=homes), relief_percent=relief)
    assert [draft.reduction for draft in made.new] == [0, 9166, 13750]


def test_a_reduction_may_be_carried_over_as_a_share_of_the_rent() -> None:
    """June: 24.79 of 49.58; in July 15 of 31 days of it: 12.00 of 23.99."""
    june = charge("C1", "H1", "2020-06", 2479, unit_no="U1", standard=4958, reduction=2479)
    whole = ledgers([lease("L1", "H1", "U1", monthly_rent=4958)], charges=[june])
    (draft,) = run(whole, relief_rule="沿用上月").new
    assert (draft.standard, draft.reduction, draft.amount) == (4958, 2479, 2479)
    part = lease("L1", "H1", "U1", monthly_rent=4958, terminated_on="2020-07-15")
    (draft,) = run(ledgers([part], charges=[june]), relief_rule="沿用上月").new
    assert (draft.standard, draft.reduction) == (2399, 1200)


def test_a_share_carried_over_from_part_of_a_month_is_not_a_fen_off() -> None:
    """20 % of 275.00 is 55.00; of 19 of 30 days 34.83 of 174.17, which is 19.9977 %."""
    june = charge(
        "C1", "H1", "2020-06", 13934, lease_no="L1", unit_no="U1", standard=17417, reduction=3483
    )
    loaded = ledgers([lease("L1", "H1", "U1", "2020-06-12")], charges=[june])
    (draft,) = run(loaded, relief_rule="沿用上月").new
    assert (draft.standard, draft.reduction) == (RENT, 5500)


def test_a_reduction_that_stops_and_one_given_twice_are_findings() -> None:
    june = charge("C1", "H1", "2020-06", 20000, unit_no="U1", standard=RENT, reduction=7500)
    loaded = ledgers(
        [lease("L1", "H1", "U1")], charges=[june], reductions=[reduction("R1", "H1", "2020-07", 99)]
    )
    assert codes(run(loaded)) == ["RE-215"]
    assert amounts(run(loaded)) == {"L1": RENT}  # what the sheet 减免 says is not taken off here
    assert codes(run(loaded, relief_rule="沿用上月")) == ["RE-216"]


@pytest.mark.parametrize(
    ("terms", "cell", "code"),
    [
        ({"status": None}, "tenants.xlsx!租赁合同!M2", "RE-201"),
        ({"start": None}, "tenants.xlsx!租赁合同!D2", "RE-201"),
        ({"monthly_rent": None}, "tenants.xlsx!租赁合同!F2", "RE-201"),
        ({"unit": "U9"}, "tenants.xlsx!租赁合同!C2", "RE-202"),
        ({"household": "H9"}, "tenants.xlsx!租赁合同!B2", "RE-203"),
    ],
)
def test_a_faulty_lease_is_listed_and_not_charged_the_others_are(
    terms: dict[str, Any], cell: str, code: str
) -> None:
    bad = lease("L1", terms.pop("household", "H1"), terms.pop("unit", "U1"), **terms)
    loaded = ledgers(
        [bad, lease("L2", "H2", "U2")],
        households=[household("H1"), household("H2")],
        units=[unit("U1"), unit("U2")],
    )
    made = run(loaded)
    assert amounts(made) == {"L2": RENT}
    assert [(one.code, str(one.where)) for one in made.findings] == [(code, cell)]
    assert [one.row for one in made.blocked] == [0]


def test_a_date_of_leaving_before_the_start_is_not_taken_for_an_empty_unit() -> None:
    """2002 typed for 2020: not charged and said; a lease that ended before it began is no lease."""
    typo = lease("L1", "H1", "U1", "2019-01-01", terminated_on="2002-06-30")
    never = lease(
        "L2", "H2", "U2", "2019-01-01", terminated_on="2018-12-31", status=LeaseStatus.TERMINATED
    )
    made = run(ledgers([typo, never]))
    assert (made.new, [one.row for one in made.blocked]) == ((), [0])
    (finding,) = (one for one in made.findings if one.code == "RE-201")
    assert "退租日期、起租日期" in finding.message


def test_an_unclear_lease_that_is_long_over_does_not_matter() -> None:
    made = run(ledgers([lease("L1", "H1", "U1", status=None, terminated_on="2019-01-31")]))
    assert not made.findings


@pytest.mark.parametrize(
    "flaw", [{"location_grade": "九级"}, {"location_grade": None}, {"has_lift": None},
             {"billed_area_m2": Decimal(0)}],
)  # fmt: skip
def test_without_a_standard_rent_only_the_contract_can_be_charged(flaw: dict[str, Any]) -> None:
    loaded = ledgers([lease("L1", "H1", "U1", area_m2=None)], units=[unit("U1", **flaw)])
    made = run(loaded)
    assert (amounts(made), codes(made)) == ({"L1": RENT}, ["RE-207"])
    made = run(loaded, **STANDARD)
    assert (amounts(made), codes(made)) == ({}, ["RE-206"])


def test_one_unit_let_to_two_households_charges_neither() -> None:
    leases = [lease("L1", "H1", "U1"), lease("L2", "H2", "U1", "2020-07-10")]
    made = run(ledgers([*leases, lease("L3", "H3", "U3")]))
    assert (amounts(made), codes(made)) == ({"L3": RENT}, ["RE-204", "RE-204"])
    handed_over = [lease("L1", "H1", "U1", terminated_on="2020-07-10"), leases[1]]
    made = run(ledgers(handed_over))
    assert (amounts(made), codes(made)) == ({"L1": 7984, "L2": 19516}, [])  # 9 and 22 days


def test_two_units_of_one_household_are_both_charged_and_warned() -> None:
    made = run(ledgers([lease("L1", "H1", "U1"), lease("L2", "H1", "U2")]))
    assert (amounts(made), codes(made)) == ({"L1": RENT, "L2": RENT}, ["RE-212"])


def test_a_placeholder_shared_by_thousands_of_leases_costs_no_more() -> None:
    """One unit number on every row: all in conflict, and found without comparing every pair."""
    made = run(ledgers([lease(f"L{n}", f"H{n}", "待定") for n in range(4000)]))
    assert not made.new
    assert len(made.blocked) == 4000


def test_without_any_lease_nothing_is_charged_silently() -> None:
    with pytest.raises(UsageError):
        run(ledgers([]))


def test_a_lease_number_on_two_rows_is_not_charged() -> None:
    made = run(ledgers([lease("L1", "H1", "U1"), lease("L1", "H2", "U2")]))
    assert (amounts(made), codes(made)) == ({}, ["RE-205", "RE-205"])


def test_a_lease_for_ever_has_no_day_after_it() -> None:
    old = lease("L1", "H1", "U1", ends_on="9999-12-31", status=EXPIRED)
    made = run(ledgers([old, lease("L2", "H2", "U1", "2020-06-11")]))
    assert codes(made) == ["RE-204", "RE-204"]


def test_an_expired_lease_ends_when_the_unit_is_let_again() -> None:
    """The old tenant left no date; the new one came on the 11th."""
    old = lease("L1", "H1", "U1", ends_on="2020-05-31", status=EXPIRED)
    made = run(ledgers([old, lease("L2", "H2", "U1", "2020-07-11")]))
    assert amounts(made) == {"L1": 8871, "L2": 18629}
    assert codes(made) == ["RE-213", "RE-219"]
    assert amounts(run(ledgers([old, lease("L2", "H2", "U1", "2020-06-11")]))) == {"L2": RENT}


def test_staying_on_and_an_exited_household_are_said() -> None:
    homes = [
        household("H1"),
        household("H2", status=ProtectionStatus.EXITED, exited_on=day("2020-06-30")),
    ]
    leases = [lease("L1", "H1", "U1", ends_on="2020-06-30"), lease("L2", "H2", "U2")]
    made = run(ledgers(leases, households=homes))
    assert codes(made) == ["RE-213", "RE-214"]
    assert made.new[0].remark == "合同到期后续住"


# --- what is there already


def test_charging_twice_is_charging_once() -> None:
    leases = [lease("L1", "H1", "U1"), lease("L2", "H2", "U2", "2020-07-20")]
    first = run(ledgers(leases))
    again = run(ledgers(leases, charges=booked(first)))
    assert len(first.new) == 2
    assert (again.new, again.findings) == ((), ())


@pytest.mark.parametrize(
    "named",
    [{"lease_no": "L1"}, {"unit_no": "U1"}, {}, {"lease_no": "L1", "unit_no": "U9"}],
    ids=["by lease", "by household and unit", "by household", "lease before unit"],
)
def test_a_charge_of_the_month_is_found_however_it_names_the_lease(named: dict[str, Any]) -> None:
    made = run(ledgers([lease("L1", "H1", "U1")], charges=[charge("C1", "H1", "2020-07", RENT, **named)]))  # fmt: skip  # noqa: E501
    assert (made.new, codes(made)) == ((), [])


def test_a_charge_under_the_old_number_counts_and_is_said() -> None:
    old = lease("L0", "H1", "U1", "2015-01-01", terminated_on="2019-12-31", status=TERMINATED)
    row = charge("C1", "H1", "2020-07", RENT, lease_no="L0", unit_no="U1")
    made = run(ledgers([old, lease("L1", "H1", "U1", "2020-01-01")], charges=[row]))
    assert (made.new, codes(made)) == ((), ["RE-211"])


def test_another_amount_is_a_finding_and_is_left_alone() -> None:
    rows = [charge("C1", "H1", "2020-07", 20000, lease_no="L1")]
    made = run(ledgers([lease("L1", "H1", "U1")], charges=rows))
    assert (made.new, codes(made)) == ((), ["RE-209"])
    assert str(made.findings[0].where) == "arrears.xlsx!应收!H2"
    corrected = [*rows, charge("C2", "H1", "2020-07", 7500, lease_no="L1")]
    assert codes(run(ledgers([lease("L1", "H1", "U1")], charges=corrected))) == []


def test_a_reduction_written_by_hand_is_no_difference_while_no_rule_is_set() -> None:
    row = charge("C1", "H1", "2020-07", 20000, lease_no="L1", standard=RENT, reduction=7500)
    loaded = ledgers([lease("L1", "H1", "U1")], charges=[row])
    assert codes(run(loaded)) == []
    assert codes(run(loaded, relief_percent={"困难标识": {"重病": 30}})) == ["RE-209"]


def test_a_charge_that_could_be_of_several_leases_blocks_them() -> None:
    leases = [lease("L1", "H1", "U1"), lease("L2", "H1", "U2"), lease("L3", "H3", "U3")]
    made = run(ledgers(leases, charges=[charge("C1", "H1", "2020-07", RENT)]))
    assert amounts(made) == {"L3": RENT}
    assert codes(made) == ["RE-210", "RE-210", "RE-212"]


def test_a_charge_that_names_a_lease_of_another_household_blocks_both() -> None:
    leases = [lease("L1", "H1", "U1"), lease("L2", "H2", "U2"), lease("L3", "H3", "U3")]
    made = run(ledgers(leases, charges=[charge("C1", "H1", "2020-07", RENT, lease_no="L2")]))
    assert (amounts(made), codes(made)) == ({"L3": RENT}, ["RE-210", "RE-210"])
    assert made.booked.strays == (0,)  # it counts as charged to H1 all the same


def test_a_charge_whose_month_is_unreadable_blocks_its_lease_only() -> None:
    leases = [lease("L1", "H1", "U1"), lease("L2", "H2", "U2")]
    made = run(ledgers(leases, charges=[charge("C1", "H1", "", RENT, lease_no="L1")]))
    assert (amounts(made), codes(made)) == ({"L2": RENT}, ["RE-210"])


def test_a_charge_without_a_live_lease_is_said() -> None:
    gone = lease("L1", "H1", "U1", terminated_on="2020-05-31", status=TERMINATED)
    rows = [charge("C1", "H1", "2020-07", RENT, lease_no="L1"), charge("C2", "H9", "2020-07", 1)]
    made = run(ledgers([gone], charges=rows))
    assert codes(made) == ["RE-211", "RE-211"]
    assert made.booked.strays == (0, 1)


def test_every_month_of_the_sample_is_what_the_rule_gives() -> None:
    """11,098 charges of six months, computed again: none missing, none different."""
    loaded = open_bureau(SAMPLE).load(*CHARGE_MODELS)
    found = 0
    for number in range(1, 7):
        made = compute_charges(loaded, Month.of(2020, number))
        found += sum(len(rows) for rows in made.booked.of_lease.values())
        assert (made.new, made.blocked, made.findings) == ((), (), ())
    assert found == len(loaded.get(Charge)) == 11_098


# --- numbers, order, gaps


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ([], "YS202007000001"),
        (["YS202006000001", "YS202006000002"], "YS202007000001"),
        (["收-2020-06-0009"], "收-2020-07-0001"),
        (["YS2006-01", "YS2006-02"], "YS2007-01"),
        (["A00098", "A00099"], "A00100"),
        (["998", "999"], "1000"),
    ],
)
def test_numbers_go_on_as_the_ledger_writes_them(written: list[str], first: str) -> None:
    rows = [charge(number, "H9", "2020-06", 1) for number in written]
    made = run(ledgers([lease("L1", "H1", "U1"), lease("L2", "H2", "U2")], charges=rows))
    numbers = [draft.charge_no for draft in made.new]
    assert numbers[0] == first
    assert len({*numbers, *written}) == len(written) + 2


def test_numbers_of_the_month_go_on_behind_the_highest_and_never_repeat() -> None:
    rows = [
        charge("YS202006000007", "H9", "2020-06", 1),
        charge("YS202007000003", "H1", "2020-07", RENT, lease_no="L1"),
        charge("YS202007000004", "H9", "2020-05", 1),  # a number under a wrong month is still used
    ]
    made = run(ledgers([lease("L1", "H1", "U1"), lease("L2", "H2", "U2")], charges=rows))
    assert [draft.charge_no for draft in made.new] == ["YS202007000005"]


@pytest.mark.parametrize(
    ("month", "expected"),
    [("2020-07", []), ("2020-08", ["RE-217"]), ("2019-12", ["RE-218"]), ("2020-06", [])],
)
def test_a_month_before_the_ledger_or_after_a_gap_is_warned(
    month: str, expected: list[str]
) -> None:
    rows = [charge(f"C{n}", "H1", f"2020-{n:02d}", RENT, lease_no="L1") for n in range(1, 7)]
    made = run(ledgers([lease("L1", "H1", "U1")], charges=rows), Month.parse(month))
    assert codes(made) == expected


@pytest.mark.parametrize(
    "policy",
    [
        {"part_month": "按周"},
        {"charge_basis": "市场租金"},
        {"last_day_charged": "是"},
        {"relief_percent": {"保障类型": {"低保户": 10}}},
        {"relief_percent": {"困难标识": {"重病": 130}}},
        {"relief_percent": {"重病": 30}},
    ],
)
def test_a_rule_written_wrongly_is_refused(policy: dict[str, Any]) -> None:
    with pytest.raises(PolicyInvalid):
        run(ledgers([lease("L1", "H1", "U1")]), **policy)


_LEASES = [
    lease("L1", "H1", "U1", terminated_on="2020-07-09"),
    lease("L2", "H1", "U2", "2020-07-10", monthly_rent=31234),
    lease("L3", "H2", "U3", ends_on="2020-05-31", status=EXPIRED),
    lease("L4", "H2", "U3", "2020-06-01", monthly_rent=30001),
    lease("L5", "H3", "U4", ends_on="2020-05-31", status=EXPIRED),
    lease("L6", "H4", "U4", "2020-07-20"),
    lease("L7", "H5", "U5"),
    lease("L8", "H6", "U5"),
]


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(_LEASES), part=st.sampled_from(["按日", "半月", "整月"]))
def test_the_order_of_the_rows_does_not_matter_and_a_second_run_adds_nothing(
    order: list[dict[str, Any]], part: str
) -> None:
    def outcome(rows: list[dict[str, Any]]) -> Any:
        made = run(ledgers(rows), part_month=part)
        return [(d.charge_no, d.stay.lease_no, d.amount, d.remark) for d in made.new], codes(made)

    assert outcome(order) == outcome(_LEASES)
    first = run(ledgers(order), part_month=part)
    again = run(ledgers(order, charges=booked(first)), part_month=part)
    assert not again.new


@settings(max_examples=60, deadline=None)
@given(
    cuts=st.sets(st.integers(2, 31), max_size=5),
    rent=st.integers(1, 10**6),
    relief=st.integers(0, 100),
    part=st.sampled_from(["按日", "半月", "整月"]),
)
def test_a_lease_split_by_renewals_costs_what_the_whole_lease_costs(
    cuts: set[int], rent: int, relief: int, part: str
) -> None:
    policy: dict[str, Any] = {
        "part_month": part, "relief_percent": {"保障类型": {"中等偏下收入": relief}}
    }  # fmt: skip
    starts = ["2018-01-01", *(f"2020-07-{day:02d}" for day in sorted(cuts))]
    leases = [
        lease(f"L{n}", "H1", "U1", start, monthly_rent=rent) for n, start in enumerate(starts)
    ]
    (whole,) = run(ledgers(leases[:1]), **policy).new
    parts = run(ledgers(leases), **policy).new
    assert sum(one.standard for one in parts) == whole.standard == rent
    assert sum(one.reduction for one in parts) == whole.reduction
