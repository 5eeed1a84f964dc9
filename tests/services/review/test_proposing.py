"""What is proposed, rule by rule; each example says the numbers it rests on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.review.households import (
    AS_OF,
    LIMITS,
    household,
    lease,
    ledgers,
    member,
    review,
)
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import CaseCategory, CaseKind, RectificationStatus, TenancyCase
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment, SubsidyStatus
from zhubao.ledger.tenants import (
    ExitReason,
    Household,
    Lease,
    Member,
    ProtectionStatus,
    Relation,
    ReviewDecision,
    Tier,
)
from zhubao.policy import PolicyInvalid
from zhubao.services.review.proposing import Proposal, propose

CONTINUE, CHANGE, EXIT, PENDING = (
    ReviewDecision.CONTINUE,
    ReviewDecision.CHANGE_TIER,
    ReviewDecision.EXIT,
    ReviewDecision.PENDING,
)


def proposed(loaded: Loaded, limits: dict[str, Any] | None = LIMITS) -> Proposal:
    (only,) = propose(loaded, 2020, AS_OF, limits).items
    return only


def words(one: Proposal) -> str:
    return "；".join(reason.words for reason in one.judgement.reasons)


@pytest.mark.parametrize(
    ("tier", "income", "decision", "target"),
    [
        (Tier.LOWER_MIDDLE, 600_000, CONTINUE, None),  # 3,000.00 each: the limit itself is within
        (Tier.LOWER_MIDDLE, 600_001, EXIT, None),  # one fen more
        (Tier.LOWER_MIDDLE, 300_000, CHANGE, Tier.LOW_INCOME),  # within the stricter tier
        (Tier.LOW_INCOME, 300_001, CHANGE, Tier.LOWER_MIDDLE),
        (Tier.LOW_INCOME, 600_001, EXIT, None),
        (Tier.LOW_INCOME, 0, CONTINUE, None),  # 低保 is never entered by income
        (Tier.NEW_EMPLOYEE, 800_000, CONTINUE, None),  # off the ladder: its own limit only
        (Tier.NEW_EMPLOYEE, 800_001, EXIT, None),
    ],
)
def test_income_per_person_is_held_against_the_limits(
    tier: Tier, income: int, decision: ReviewDecision, target: Tier | None
) -> None:
    loaded = ledgers([household(tier=tier)], [review(declared_income=income)])
    one = proposed(loaded)
    assert (one.decision, one.judgement.new_tier) == (decision, target)
    assert one.judgement.exit_reason is (ExitReason.INCOME if decision is EXIT else None)


def test_without_a_limit_income_is_not_judged_and_the_rest_still_is() -> None:
    fine = proposed(ledgers(reviews=[review(declared_income=99_999_900)]), None)
    assert fine.decision is CONTINUE
    assert "“中等偏下收入”收入标准未配置" in words(fine)
    housed = review(declared_income=99_999_900, declared_area_m2=Decimal(30))
    assert proposed(ledgers(reviews=[housed]), None).decision is EXIT


def test_a_limit_missing_on_the_way_leaves_it_open() -> None:
    limits = {"review": {"income_limits": {"values": [
        {"valid_from": dt.date(2020, 1, 1), "value": {"低收入": "1500"}, "source": "试行"}
    ]}}}  # fmt: skip
    loaded = ledgers([household(tier=Tier.LOW_INCOME)], [review(declared_income=500_000)])
    assert proposed(loaded, limits).decision is PENDING


def test_a_limit_that_is_no_amount_is_refused() -> None:
    limits = {"review": {"income_limits": {"values": [
        {"valid_from": dt.date(2020, 1, 1), "value": {"低收入": "很多"}, "source": "试行"}
    ]}}}  # fmt: skip
    with pytest.raises(PolicyInvalid):
        propose(ledgers(), 2020, AS_OF, limits)


@pytest.mark.parametrize(
    ("area", "matched", "decision", "reason"),
    [
        ("29.99", "无异常", CONTINUE, None),
        ("30", "无异常", EXIT, ExitReason.DISQUALIFIED),  # 15 each: no longer below
        ("30", "不动产：本人 张*〔a.csv!B2〕—属实", EXIT, ExitReason.HOME_ACQUIRED),  # art. 31
        ("20", "不动产：本人 张*〔a.csv!B2〕—属实", CONTINUE, None),  # a home, still eligible
        ("0", "不动产：本人 张*〔a.csv!B2〕—属实", PENDING, None),  # declared none: contradiction
        ("0", "不动产：本人 张*〔a.csv!B2〕", PENDING, None),  # a lead is no finding
        ("0", "不动产：本人 张*〔a.csv!B2〕—已排除：同名", CONTINUE, None),
        ("0", "不动产：本人 张*〔a.csv!B2〕—不属实", CONTINUE, None),
        ("0", "车辆：本人 张*〔a.csv!B2〕—属实", EXIT, ExitReason.DISQUALIFIED),
        ("0", "工商登记：本人 张*〔a.csv!B2〕—属实", PENDING, None),
        ("0", "养老保险：本人 张*〔a.csv!B2〕—属实", CONTINUE, None),
        ("0", "不动产：无记录〔a.csv〕；低保：在册 本人 张*〔b.csv!B2〕", CONTINUE, None),
    ],
)
def test_home_area_and_leads_decide(
    area: str, matched: str, decision: ReviewDecision, reason: ExitReason | None
) -> None:
    said = review(declared_area_m2=Decimal(area), matched=matched)
    one = proposed(ledgers(reviews=[said]))
    assert (one.decision, one.judgement.exit_reason) == (decision, reason)


def test_the_area_limit_says_that_its_source_is_unverified() -> None:
    one = proposed(ledgers(reviews=[review(declared_area_m2=Decimal(30))]))
    (ground,) = one.judgement.grounds
    assert "人均住房面积 15.00 m²（30÷2），达到 15 m²" in ground.words
    assert "出处未核实" in ground.basis


@pytest.mark.parametrize(
    ("blank", "message"),
    [
        (("declared_income", "declared_size", "declared_area_m2"), "没有申报"),
        (("declared_area_m2",), "申报不全，缺 申报住房面积"),
    ],
)
def test_a_blank_declaration_is_pending_not_zero(blank: tuple[str, ...], message: str) -> None:
    said = {name: value for name, value in review().items() if name not in blank}
    result = propose(ledgers(reviews=[said]), 2020, AS_OF, LIMITS)
    assert result.items[0].decision is PENDING
    assert message in words(result.items[0])
    assert len(result.undeclared) == (len(blank) == 3)


def test_death_of_everybody_ends_protection_and_of_the_applicant_is_a_remark() -> None:
    died = member(died_on=dt.date(2020, 3, 1))
    spouse = member(name="李红", identity_no="110105194912310038", relation=Relation.SPOUSE)
    alone = proposed(ledgers(members=(Member, [died])))
    assert (alone.decision, alone.judgement.exit_reason) == (EXIT, ExitReason.DEATH)
    widow = proposed(ledgers(members=(Member, [died, spouse])))
    assert widow.decision is CONTINUE
    assert "申请人已去世" in words(widow)
    later = proposed(ledgers(members=(Member, [member(died_on=dt.date(2020, 7, 1))])))
    assert later.decision is CONTINUE  # not yet on the day of the review


@pytest.mark.parametrize(
    ("months", "housed", "decision"),
    [(23, False, CONTINUE), (24, False, EXIT), (24, True, PENDING)],
)
def test_new_employees_draw_the_subsidy_for_24_months_in_all(
    months: int, housed: bool, decision: ReviewDecision
) -> None:
    day = dt.date(2020, 12, 31)  # the limit is known from 2020-09-17 on
    grant = {
        "grant_no": "BT1", "household_no": "H1", "tier": Tier.NEW_EMPLOYEE, "size": 2,
        "monthly_amount": 30_000, "approved_on": dt.date(2018, 1, 1),
        "months_before": months - 3, "status": SubsidyStatus.IN_FORCE,
    }  # fmt: skip
    paid = {
        "payment_no": "P1", "grant_no": "BT1", "household_no": "H1", "quarter": "2020-Q1",
        "months": 3, "amount": 90_000, "status": PaymentStatus.PAID,
    }  # fmt: skip
    bounced = {**paid, "payment_no": "P2", "status": PaymentStatus.BOUNCED}
    loaded = ledgers(
        [household(tier=Tier.NEW_EMPLOYEE)],
        grants=(SubsidyGrant, [grant]),
        payments=(SubsidyPayment, [paid, bounced]),
        leases=(Lease, [lease()] if housed else []),
    )
    (one,) = propose(loaded, 2020, day, LIMITS).items
    assert one.decision is decision  # housed and subsidised at once is verified first
    assert f"已领 {months} 个月" in words(one)


def test_arrears_violations_and_changed_members_are_remarks() -> None:
    case = {
        "case_no": "WG1", "category": CaseCategory.VIOLATION, "kind": CaseKind.SUBLET,
        "household_no": "H1", "found_on": dt.date(2020, 5, 1), "status": RectificationStatus.OPEN,
    }  # fmt: skip
    charge = {"charge_no": "C1", "household_no": "H1", "month": Month.of(2020, 5), "amount": 20_000}
    receipt = {
        "receipt_no": "R1", "household_no": "H1", "received_on": dt.date(2020, 6, 1),
        "amount": 5_000,
    }  # fmt: skip
    one = proposed(
        ledgers(
            reviews=[review(declared_size=3)],
            cases=(TenancyCase, [case]),
            charges=(Charge, [charge, {**charge, "charge_no": "C2", "month": Month.of(2020, 7)}]),
            receipts=(Receipt, [receipt]),
        )
    )
    assert one.decision is CHANGE  # 4,000 ÷ 3 is within 低收入
    for remark in ("WG1（转租转借", "申报 3 人，保障家庭登记 2 人", "欠租 150.00 元"):
        assert remark in words(one)
    changed = {**case, "category": CaseCategory.CHANGE, "kind": CaseKind.HOME_BOUGHT}
    assert proposed(ledgers(cases=(TenancyCase, [changed]))).decision is PENDING


def test_two_rows_that_claim_to_be_one_household_are_never_concluded() -> None:
    twice = propose(ledgers(reviews=[review(), review(declared_income=1)]), 2020, AS_OF, LIMITS)
    assert [one.decision for one in twice.items] == [PENDING]
    assert [one.code for one in twice.findings] == ["RV-102"]


def test_only_households_in_force_are_judged() -> None:
    rows = [
        household("H1"),
        household("H2", status=ProtectionStatus.EXITED, exited_on=dt.date(2020, 7, 1)),
        household("H3", status=ProtectionStatus.EXITED, exited_on=AS_OF),
        household("H4", status=ProtectionStatus.SUSPENDED),
        household("H5", approved_on=dt.date(2020, 7, 1)),
    ]
    result = propose(ledgers(rows, [review("H1")]), 2020, AS_OF, LIMITS)
    assert [one.due.number for one in result.items] == ["H1", "H2"]
    assert result.view.suspended == 1


MIXED = [
    household("H1"), household("H2", tier=Tier.LOW_INCOME), household("H3"), household("H3"),
    household("H4", status=ProtectionStatus.EXITED),
]  # fmt: skip
SAID = [
    review("H1", matched="车辆：本人〔v!A2〕"), review("H2", declared_income=1), review("H2"),
    review("H4", declared_area_m2=Decimal(99)),
]  # fmt: skip
KIN = [
    member("H1"), member("H1", died_on=AS_OF, identity_no="110105194912310038"),
    member("H2", died_on=AS_OF), member("H2", name="王五"),
]  # fmt: skip


@given(st.permutations(MIXED), st.permutations(SAID), st.permutations(KIN))
def test_proposals_never_depend_on_the_order_of_rows(
    homes: list[Any], said: list[Any], kin: list[Any]
) -> None:
    def outcome(*tables: list[Any]) -> list[tuple[object, ...]]:
        loaded = ledgers(tables[0], tables[1], members=(Member, tables[2]))
        items = propose(loaded, 2020, AS_OF, LIMITS).items
        return [(one.due.number, one.decision, words(one)) for one in items]

    assert outcome(homes, said, kin) == outcome(MIXED, SAID, KIN)


def test_every_reason_names_cells() -> None:
    one = proposed(ledgers(reviews=[review(declared_area_m2=Decimal(30))]))
    assert str(one.judgement.grounds[0].cells[0]) == "tenants.xlsx!年审!E2"
    assert Household.SHEET.name in str(one.case.household_cell)
