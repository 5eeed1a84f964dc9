"""Violations and changes: rates, stages by day, the law's limits, back rent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import (
    Campaign,
    CampaignStatus,
    CaseCategory,
    CaseKind,
    PatrolKind,
    PatrolVisit,
    RectificationStatus,
    TenancyCase,
)
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, ProtectionStatus, Tier
from zhubao.ledger.units import Ownership, Unit, UnitStatus
from zhubao.patrol.campaigns import campaign_rectification, compute_campaigns
from zhubao.patrol.cases.back_rent import rent_of_days
from zhubao.patrol.cases.campaign_report import campaign_report
from zhubao.patrol.cases.figures import (
    back_rent_recovered,
    rectified_cases,
    rectified_households,
)
from zhubao.patrol.cases.law import ACTS, ban_until, fine_limit, ruling_of
from zhubao.patrol.cases.listing import CaseFilter, CaseList, compute_cases
from zhubao.patrol.cases.registering import CaseOrder, register_case
from zhubao.patrol.cases.report import case_report
from zhubao.patrol.cases.steps import Step, StepOrder, take_step

Status = RectificationStatus
AS_OF = dt.date(2020, 6, 30)
H1 = Period.parse("2020-H1")
PRICED = {
    "patrol.market_rent": {
        "values": [
            {"valid_from": dt.date(2020, 1, 1), "value": {"二级": "20.00"}, "source": "示范局通知"}
        ]
    }
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def case(number: str, household: str = "J1", **fields: Any) -> dict[str, Any]:
    return {
        "case_no": number,
        "category": CaseCategory.VIOLATION,
        "kind": CaseKind.SUBLET,
        "household_no": household,
        "found_on": day("2020-03-01"),
        "deadline": day("2020-03-31"),
        "status": Status.OPEN,
        **fields,
    }


def fixed(number: str, household: str = "J1", on: str = "2020-03-20", **fields: Any) -> Any:
    return case(number, household, status=Status.RECTIFIED, rectified_on=day(on), **fields)


def ledgers(*cases: dict[str, Any], **more: Any) -> Loaded:
    homes = ("J1", "J2", "J3")
    unit = {
        "building": "1栋",
        "room": "101",
        "ownership": Ownership.CITY,
        "billed_area_m2": Decimal(50),
        "location_grade": "二级",
        "has_lift": False,
        "status": UnitStatus.OCCUPIED,
    }
    household = {
        "applicant": "张小明",
        "identity_no": "11010519491231002X",
        "size": 2,
        "tier": Tier.LOW_INCOME,
        "status": ProtectionStatus.IN_FORCE,
    }
    lease = {
        "starts_on": day("2018-01-01"),
        "ends_on": day("2022-12-31"),
        "monthly_rent": 27500,
        "status": LeaseStatus.IN_FORCE,
    }
    return Loaded.of(
        LedgerTable.from_rows(TenancyCase, cases),
        LedgerTable.from_rows(Campaign, more.get("campaigns", [])),
        LedgerTable.from_rows(PatrolVisit, more.get("visits", [])),
        LedgerTable.from_rows(Household, [{"household_no": no, **household} for no in homes]),
        LedgerTable.from_rows(
            Unit, [{"unit_no": f"U{no}", "estate": "甲小区", **unit} for no in homes]
        ),
        LedgerTable.from_rows(
            Lease,
            [{"lease_no": f"L{n}", "household_no": n, "unit_no": f"U{n}", **lease} for n in homes],
        ),
    )


def listed(loaded: Loaded, as_of: dt.date = AS_OF, **wanted: Any) -> CaseList:
    return compute_cases(loaded, Period(H1.start, as_of), as_of, CaseFilter(**wanted))


def test_rates_differ_by_count_household_and_money_and_nothing_over_nothing_is_no_rate() -> None:
    loaded = ledgers(
        fixed("W1", back_rent=20000, happened_on=day("2020-03-01")),
        case("W2", happened_on=day("2020-06-01")),
        fixed("W3", "J2", kind=CaseKind.CAR_BOUGHT, category=CaseCategory.CHANGE),
        case("W4", "J3", status=Status.UNFOUNDED),
    )
    assert rectified_cases(loaded, H1, AS_OF).ratio == Ratio(2, 3)
    assert rectified_households(loaded, H1, AS_OF).ratio == Ratio(1, 2)  # J1 has W2 open
    figure = rectified_cases(loaded, H1, AS_OF, CaseCategory.CHANGE)
    assert [str(cell) for cell in figure.cells] == ["patrol.xlsx!违规与变动!A4"]
    money = back_rent_recovered(loaded, H1, AS_OF, overrides=PRICED)
    w1 = round(72500 * 19 / 31)  # 50 m² × 20 less 275.00 of 1 to 19 March, within a fen
    assert money.numerator == 20000
    assert abs(money.denominator - (w1 + 72500)) <= 1
    none = back_rent_recovered(loaded, H1, AS_OF)
    assert none.ratio.value is None
    empty = listed(ledgers())
    assert {row.values[3].value for row in case_report(empty).table("rates").rows} == {None}


def test_a_past_day_is_replayed_and_the_movement_of_the_period_adds_up() -> None:
    loaded = ledgers(
        fixed("W1", found_on=day("2019-12-01"), on="2020-01-10", deadline=day("2019-12-31")),
        fixed("W2", on="2020-04-05"),
        case("W3", found_on=day("2019-12-20"), deadline=None),
    )
    past, now = listed(loaded, day("2020-03-31")), listed(loaded)
    assert [(one.number, one.stage, one.overdue) for one in past.listed] == [
        ("W3", Status.OPEN, False),
        ("W2", Status.OPEN, False),  # the deadline itself is in time
    ]
    assert [(one.number, one.days, one.overdue) for one in now.listed] == [
        ("W3", 193, False),
        ("W2", 35, True),
    ]
    flow = now.flow
    sizes = [len(part) for part in (flow.opening, flow.found, flow.rectified, flow.closing)]
    assert sizes == [2, 1, 2, 1]
    assert flow.gap == 0


def test_filters_of_status_leave_the_rates_alone_and_unknown_words_are_refused() -> None:
    loaded = ledgers(fixed("W1"), case("W2", "J2"))
    result = listed(loaded, status="待整改", overdue=True)
    assert [one.number for one in result.listed] == ["W2"]
    assert len(result.base) == 2
    assert not listed(loaded, kind="购房").base
    for name, word in (("status", "没整改"), ("kind", "转租"), ("estate", "乙小区")):
        with pytest.raises(UsageError):
            listed(loaded, AS_OF, **{name: word})


def test_contradictions_and_unlawful_amounts_are_found_at_their_cells() -> None:
    loaded = ledgers(
        case("W1", status=Status.RECTIFIED),
        case("W2", rectified_on=day("2020-04-01")),
        fixed("W3", fine=150000),
        fixed("W4", fine=150000, illegal_gain=60000) | {"status": Status.CLOSED},
        fixed("W5", category=CaseCategory.CHANGE),
        fixed("W6", household_exits=True, banned_until=day("2023-03-20")),
    )
    result = listed(loaded)
    found = [(str(one.where).rpartition("!")[2], one.code) for one in result.findings]
    assert found == [
        ("Z2", "PA-201"),
        ("Z3", "PA-202"),
        ("T4", "PA-204"),
        ("Z5", "PA-203"),
        ("B6", "PA-205"),
        ("Y7", "PA-206"),
    ]
    assert sum(one.settled for one in result.base) == 4  # W1 and W2 count as open


@pytest.mark.parametrize(
    ("article", "gain", "most"),
    [
        ("36", None, 100_000),
        ("36", 60_000, 180_000),  # 3 × 600 yuan
        ("36", 2_000_000, 3_000_000),  # 30,000 yuan at most
        ("35", 60_000, 100_000),
        ("31", None, 0),
        ("", None, 0),
    ],
)
def test_fine_limits_are_those_of_the_articles(article: str, gain: int | None, most: int) -> None:
    """《公共租赁住房管理办法》 arts 31, 35, 36; 以下 includes the number."""
    assert fine_limit(article, gain, AS_OF).amount == most


def test_the_ban_ends_five_years_after_giving_back() -> None:
    acts = ruling_of(CaseKind.SUBLET, AS_OF)
    assert (acts.article, ban_until(acts, AS_OF)) == (ACTS, day("2025-06-30"))
    assert ban_until(acts, day("2020-02-29")) == day("2025-02-28")
    home = ruling_of(CaseKind.HOME_BOUGHT, AS_OF)
    assert ban_until(home, AS_OF) is None
    assert "第三十一条" in home.basis
    assert ruling_of(CaseKind.REFITTED, AS_OF).condition == "拒不恢复原状的"
    assert ruling_of(CaseKind.CAR_BOUGHT, AS_OF).basis == ""
    assert ruling_of(CaseKind.OTHER, AS_OF, basis="按第三十五条处理").article == "35"


def test_rent_of_part_months_goes_by_calendar_days() -> None:
    assert rent_of_days(31000, day("2020-01-01"), day("2020-03-31")) == 93000
    assert rent_of_days(31000, day("2020-01-31"), day("2020-02-01")) == 1000 + 1069


def test_a_registered_case_gets_number_unit_deadline_and_basis() -> None:
    loaded = ledgers(case("WG00007", "J2"))
    order = CaseOrder("j1", "转租转借", day("2020-06-20"), "转租给他人", source="群众举报")
    new = register_case(order, loaded, AS_OF)
    assert new.row | {"facts": ""} == {
        "case_no": "WG00008",
        "category": CaseCategory.VIOLATION,
        "kind": CaseKind.SUBLET,
        "household_no": "J1",
        "unit_no": "UJ1",
        "found_on": day("2020-06-20"),
        "source": new.row["source"],
        "facts": "",
        "basis": new.ruling.basis,
        "deadline": day("2020-07-20"),
        "status": Status.OPEN,
    }
    assert new.ruling.basis.endswith("第二十七条、第三十六条")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"household": "J9"}, "没有编号"),
        ({"household": "J2"}, "WG00007"),  # one of the kind is open
        ({"kind": "其他"}, "类别"),
        ({"facts": " "}, "事实"),
        ({"found": dt.date(2020, 7, 1)}, "晚于"),
        ({"deadline": dt.date(2020, 6, 1)}, "时限"),
        ({"campaign": "ZZ9"}, "整治编号"),
    ],
)
def test_a_case_that_cannot_be_is_refused(fields: dict[str, Any], said: str) -> None:
    words: dict[str, Any] = {
        "household": "J1",
        "kind": "转租转借",
        "found": day("2020-06-20"),
        "facts": "转租",
    }
    with pytest.raises(UsageError, match=said):
        register_case(CaseOrder(**(words | fields)), ledgers(case("WG00007", "J2")), AS_OF)


def step(row: dict[str, Any], what: Step, on: str = "2020-04-01", **fields: Any) -> dict[str, Any]:
    """The row after a step."""
    result = take_step("w1", StepOrder(what, day(on), **fields), ledgers(row), AS_OF)
    return row | result.values


def test_a_case_goes_from_notice_to_closure_and_can_be_reopened() -> None:
    row = step(case("W1"), Step.NOTIFY, "2020-03-03", notice_no="ZG1")
    assert row["status"] is Status.IN_PROGRESS
    row = step(row, Step.EXIT, "2020-03-30", fine=180_000, illegal_gain=60_000, evidence="笔录")
    assert (row["status"], row["rectified_on"]) == (Status.RECTIFIED, day("2020-03-30"))
    assert (row["household_exits"], row["banned_until"]) == (True, day("2025-03-30"))
    row = step(row, Step.CHECK, evidence="照片")
    assert (row["status"], row["evidence"]) == (Status.CLOSED, "笔录；照片")
    row = step(row, Step.REOPEN, "2020-05-01", reason="又转租")
    assert (row["status"], row["rectified_on"], row["banned_until"]) == (
        Status.IN_PROGRESS,
        None,
        None,
    )
    assert "原整改日期 2020-03-30" in row["remark"]
    row = step(row, Step.RECTIFY, "2020-05-20", action="清退")
    assert row["status"] is Status.RECTIFIED


@pytest.mark.parametrize(
    ("fields", "what", "words", "said"),
    [
        ({}, Step.CHECK, {}, "还没有整改"),
        ({}, Step.RECTIFY, {"action": "清退"}, "还没有送达整改通知"),
        ({"notified_on": dt.date(2020, 3, 3)}, Step.RECTIFY, {}, "处理措施"),
        ({"notified_on": dt.date(2020, 4, 3)}, Step.RECTIFY, {"action": "清退"}, "比它早"),
        ({"status": Status.RECTIFIED, "rectified_on": dt.date(2020, 3, 9)}, Step.CHECK, {}, "证据"),
        ({"status": Status.CLOSED}, Step.EXIT, {}, "已销号"),
        ({}, Step.REOPEN, {"reason": "错"}, "没有结束"),
        ({}, Step.NOTIFY, {}, "通知书号"),
        ({}, Step.NOTIFY, {"notice_no": "1"}, "时限"),  # 1 April is after the deadline
        (
            {"notified_on": dt.date(2020, 3, 3)},
            Step.RECTIFY,
            {"action": "清退", "fine": 100_001},
            "第三十六条",
        ),
    ],
)
def test_a_step_out_of_order_is_refused_and_says_why(
    fields: dict[str, Any], what: Step, words: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        step(case("W1", **fields), what, **words)


def test_a_campaign_is_proved_against_the_rows_that_name_it() -> None:
    def visit(number: str, household: str, on: str) -> dict[str, Any]:
        return {
            "visit_no": number,
            "household_no": household,
            "kind": PatrolKind.CAMPAIGN,
            "visited_on": day(on),
            "campaign_no": "Z1",
        }

    campaign = {
        "campaign_no": "Z1",
        "estate": "甲小区",
        "subject": "转租转借专项整治",
        "started_on": day("2020-03-01"),
        "ended_on": day("2020-03-31"),
        "visited_households": 2,
        "violations_before": 3,
        "violations_after": 0,
        "status": CampaignStatus.FINISHED,
    }
    loaded = ledgers(
        fixed("W1", campaign_no="Z1"),
        fixed("W2", "J2", on="2020-04-02", campaign_no="Z1"),
        case("W3", "J3"),
        campaigns=[campaign],
        visits=[visit("V1", "J1", "2020-03-02"), visit("V2", "J1", "2020-05-02")],
    )
    result = compute_campaigns(loaded, H1, AS_OF)
    (line,) = result.lines
    assert (line.visited, line.visits, line.found, line.left, line.unlinked) == (1, 2, 2, 1, 1)
    assert campaign_rectification(loaded, H1, AS_OF).ratio == Ratio(3, 3)
    found = [(str(one.where).rpartition("!")[2], one.code) for one in result.findings]
    assert found == [("A2", "PA-223"), ("G2", "PA-221"), ("I2", "PA-222"), ("J2", "PA-222")]
    assert campaign_report(result).table("campaigns").rows[0].values[10] == Ratio(3, 3)
    assert not compute_campaigns(loaded, Period.parse("2019"), AS_OF).lines
