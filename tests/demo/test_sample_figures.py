"""Every figure of the half-year comes out of the sample's rows by counting or summing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from zhubao.core.period import Period
from zhubao.ledger.allocation import DrawEvent, RosterEntry, UnitSelection
from zhubao.ledger.arrears import Receipt, Remittance
from zhubao.ledger.audit import AuditFinding
from zhubao.ledger.bureau import Bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.office import CareVisit, FileDelivery, Publicity, Target
from zhubao.ledger.patrol import (
    Campaign,
    KeyHousehold,
    PatrolVisit,
    SafetyHazard,
    TenancyCase,
    VacancyCheck,
)
from zhubao.ledger.services import Approval, HotlineTicket, SpecialCase
from zhubao.ledger.subsidies import StaffSubsidy, SubsidyGrant, SubsidyPayment
from zhubao.ledger.tenants import Household, Lease, WaitingEntry
from zhubao.ledger.units import Developer, Dispatch, PipelineProject, SupplyBatch, Unit

HALF_YEAR = Period.parse("2020-H1")
LAST_DAY = dt.date(2020, 6, 30)
YEAR_BEFORE = dt.date(2019, 12, 31)


def rows(loaded: Loaded, model: type[LedgerRow], day: str = "", **like: Any) -> Iterator[Any]:
    """Rows whose fields are as given and whose `day` field lies in the half-year."""
    table = loaded[model]
    for index in range(len(table)):
        values = table.values(index)
        if day and not (values[day] and HALF_YEAR.contains(values[day])):
            continue
        if all(values[name] == wanted for name, wanted in like.items()):
            yield table.row(index)


def count(model: type[LedgerRow], day: str = "", **like: Any) -> Callable[[Loaded], int]:
    return lambda loaded: sum(1 for _ in rows(loaded, model, day, **like))


def total(
    field: str, model: type[LedgerRow], day: str = "", **like: Any
) -> Callable[[Loaded], int]:
    return lambda loaded: sum(getattr(row, field) for row in rows(loaded, model, day, **like))


def distinct(
    field: str, model: type[LedgerRow], day: str = "", **like: Any
) -> Callable[[Loaded], int]:
    return lambda loaded: len({getattr(row, field) for row in rows(loaded, model, day, **like)})


def approvals(kind: str) -> Callable[[Loaded], int]:
    return count(Approval, "decided_on", kind=kind, result="通过")


def supply(channel: str) -> Callable[[Loaded], int]:
    return total("unit_count", SupplyBatch, "raised_on", channel=channel)


def dispatched(kind: str) -> Callable[[Loaded], int]:
    return total("unit_count", Dispatch, "dispatched_on", housing_type=kind)


def new_tenants(loaded: Loaded) -> set[str]:
    """Households that chose a unit in the half-year."""
    return {
        row.household_no
        for row in rows(loaded, UnitSelection, action="选定")
        if HALF_YEAR.contains(row.selected_at.date())
    }


def visits_per_household(loaded: Loaded) -> Counter[str]:
    return Counter(row.household_no for row in rows(loaded, PatrolVisit, "visited_on"))


def key_households_visited_repeatedly(loaded: Loaded) -> int:
    keys = {row.household_no for row in rows(loaded, KeyHousehold)}
    return sum(times >= 2 for home, times in visits_per_household(loaded).items() if home in keys)


def waiting_at_the_end_of_2019(loaded: Loaded) -> int:
    return sum(
        row.approved_on <= YEAR_BEFORE and (row.closed_on is None or row.closed_on > YEAR_BEFORE)
        for row in rows(loaded, WaitingEntry)
    )


def still_cooperating(loaded: Loaded) -> int:
    return sum(
        row.cooperation_start <= LAST_DAY <= row.cooperation_end for row in rows(loaded, Developer)
    )


FIGURES: list[tuple[str, Callable[[Loaded], int], int]] = [
    (
        "北辰中央公园交付套数",
        count(Unit, "delivered_on", estate="北辰中央公园"),
        72,
    ),
    ("新增租赁补贴户数", count(SubsidyGrant, "approved_on"), 3),
    ("租赁补贴资格审批", approvals("租赁补贴资格"), 3),
    ("配租户数", lambda loaded: len(new_tenants(loaded)), 362),
    ("轮候册配租户数", count(WaitingEntry, "closed_on", status="已配租"), 362),
    ("配租人数", total("people", UnitSelection, action="选定"), 850),
    (
        "新签合同户数",
        lambda loaded: len(
            new_tenants(loaded) & {row.household_no for row in rows(loaded, Lease, "signed_on")}
        ),
        362,
    ),
    ("经济适用房购房资格", approvals("经济适用房购房资格"), 115),
    ("棚改安置补贴", approvals("棚改安置补贴"), 333),
    ("购房奖励", approvals("购房奖励"), 551),
    ("半边户", approvals("半边户"), 116),
    ("12345工单", count(HotlineTicket, "handled_on", status="已办结"), 21),
    ("发放补贴户数", distinct("household_no", SubsidyPayment, "paid_on"), 909),
    ("发放补贴金额", total("amount", SubsidyPayment, "paid_on"), 81_172_500),
    ("社会合作房", supply("社会合作房"), 573),
    ("团购商品房", supply("团购商品房"), 305),
    ("限价商品房", supply("限价商品房"), 520),
    ("公租房筹集", supply("公租房"), 715),
    ("筹集合计", total("unit_count", SupplyBatch, "raised_on"), 2113),
    ("筹建套数", total("expected_units", PipelineProject, "city_approved_on"), 1200),
    ("调配经适房", dispatched("经适房"), 112),
    ("调配商品房", dispatched("商品房"), 376),
    ("调配公租房", dispatched("公租房"), 12),
    ("调配合计", total("unit_count", Dispatch, "dispatched_on"), 500),
    ("个案", count(SpecialCase, "resolved_on", status="已解决"), 11),
    ("巡查户数", lambda loaded: len(visits_per_household(loaded)), 1983),
    ("重点对象多次走访户数", key_households_visited_repeatedly, 658),
    (
        "多次走访户数（含非重点）",
        lambda loaded: sum(n >= 2 for n in visits_per_household(loaded).values()),
        658,
    ),
    ("日常违规", distinct("household_no", TenancyCase, "found_on", category="日常违规"), 20),
    ("情况变动", distinct("household_no", TenancyCase, "found_on", category="情况变动"), 66),
    ("已整改", count(TenancyCase, "rectified_on", status="已整改"), 86),
    ("专项整治小区", distinct("estate", Campaign, "ended_on", status="已完成"), 4),
    ("空置核查", distinct("unit_no", VacancyCheck, "checked_on"), 50),
    ("收缴租金", total("amount", Receipt, "received_on"), 119_710_000),
    ("市级产权汇缴", total("amount", Remittance, "remitted_on", ownership="市级"), 124_343_000),
    (
        "职补单位",
        distinct("employer", StaffSubsidy, "approved_on", status="已审批"),
        22,
    ),
    ("职补户数", count(StaffSubsidy, "approved_on", status="已审批"), 960),
    ("住院慰问", count(CareVisit, "visited_on", kind="住院慰问", is_retired=True), 6),
    ("追悼会", count(CareVisit, "visited_on", kind="追悼会"), 4),
    ("安全隐患", count(SafetyHazard, "found_on", level="较大"), 3),
    ("已整改隐患", count(SafetyHazard, "fixed_on"), 2),
    ("2019年底轮候", waiting_at_the_end_of_2019, 322),
    ("首次摇号户数", count(RosterEntry, event_no="YH202001"), 337),
    ("在租套数", count(Unit, status="在租"), 2003),
    ("空置套数", count(Unit, status="空置"), 68),
    ("审计：违规出租", count(AuditFinding, "closed_on", kind="违规转租转借"), 2),
    ("审计：退回补贴", count(AuditFinding, "closed_on", remedy="退回资金"), 5),
    ("审计：购车退出", count(AuditFinding, "closed_on", remedy="退出保障"), 6),
    ("信息动态", count(Publicity, "published_on", kind="信息动态"), 38),
    ("合作开发商", still_cooperating, 5),
]


@pytest.mark.parametrize(
    ("measure", "expected"), [f[1:] for f in FIGURES], ids=[f[0] for f in FIGURES]
)
def test_figure_of_the_half_year(
    sample: Loaded, measure: Callable[[Loaded], int], expected: int
) -> None:
    assert measure(sample) == expected


def test_occupancy_rounds_to_96_72_percent(sample: Loaded) -> None:
    states = Counter(sample[Unit].column("status"))
    occupied, lettable = states["在租"], states["在租"] + states["空置"]
    assert f"{occupied / lettable:.2%}" == "96.72%"


def test_all_campaign_estates_are_the_four_named_ones(sample: Loaded) -> None:
    assert set(sample[Campaign].column("estate")) == {
        "粟塘小区",
        "鄱阳小区",
        "凤凰佳园",
        "凤凰苑",
    }


def test_every_violation_and_change_is_rectified(sample: Loaded) -> None:
    assert set(sample[TenancyCase].column("status")) == {"已整改"}


def test_files_go_to_the_city_twice_a_week(sample: Loaded) -> None:
    weeks = Counter(day.isocalendar()[:2] for day in sample[FileDelivery].column("delivered_on"))
    assert max(weeks.values()) == 2
    assert sum(times == 2 for times in weeks.values()) >= 20  # the rest are weeks with holidays


def test_staff_subsidy_is_above_the_half_year_target(sample: Loaded) -> None:
    targets = {row.indicator: row.half_year_target for row in rows(sample, Target)}
    assert targets["职工住房补贴"] < 960


def test_district_review_takes_at_most_two_and_a_half_working_days(sample: Loaded) -> None:
    from zhubao.core.workdays import WorkCalendar

    calendar = WorkCalendar()
    slowest = 0.0
    for row in rows(sample, Approval):
        start, end = row.district_received_at, row.district_decided_at
        if end is not None and start is not None:
            days = calendar.between(start.date(), end.date()) + (end.hour - start.hour) / 8
            slowest = max(slowest, days)
    assert 1 < slowest <= 2.5


def test_cooperation_lasts_two_to_three_months(sample: Loaded) -> None:
    for row in rows(sample, Developer):
        assert 55 <= (row.cooperation_end - row.cooperation_start).days <= 93


def test_nobody_draws_a_subsidy_and_lives_in_a_public_unit(sample: Loaded) -> None:
    tenants = set(sample[Lease].column("household_no"))
    assert not tenants & set(sample[SubsidyGrant].column("household_no"))


def test_payments_follow_a_sign_in(sample: Loaded) -> None:
    from zhubao.ledger.subsidies import SubsidySignIn

    signed = {
        (row.grant_no, row.quarter): row.signed_on
        for row in rows(sample, SubsidySignIn, signed=True)
    }
    for row in rows(sample, SubsidyPayment, "paid_on"):
        assert signed[row.grant_no, row.quarter] < row.paid_on


def test_draws_come_before_selection_and_lease(sample: Loaded) -> None:
    drawn = {row.event_no: row.drawn_at for row in rows(sample, DrawEvent)}
    for row in rows(sample, UnitSelection, action="选定"):
        assert drawn[row.event_no] < row.selected_at
        assert row.selected_at.date() <= row.signed_on


def test_sample_stays_small_and_pins_its_day(sample_bureau: Bureau) -> None:
    ledgers = sample_bureau.root / "ledgers"
    assert sum(path.stat().st_size for path in ledgers.glob("*.xlsx")) < 4_000_000
    assert sample_bureau.config.as_of == LAST_DAY
    assert sample_bureau.name == "星河区住房保障局"


def test_owners_of_homes_taken_draw_in_an_event_of_their_own(sample: Loaded) -> None:
    events = {row.event_no for row in rows(sample, DrawEvent, purpose="被征收户选房")}
    entrants = [row for row in rows(sample, RosterEntry) if row.event_no in events]
    assert len(entrants) == 46
    assert {row.household_no for row in entrants} == {None}
    assert not events & set(sample[UnitSelection].column("event_no"))


def test_people_of_all_households_are_invented(sample: Loaded) -> None:
    numbers = sample[Household].column("identity_no")
    phones = sample[Household].column("phone")
    assert {number[:6] for number in numbers} == {"430199"}
    assert {phone[:3] for phone in phones} == {"154"}
