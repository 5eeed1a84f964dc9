"""职工住房补贴: what counts in a period, progress against the target, leads, the working list."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from zhubao.core.errors import UsageError
from zhubao.core.identity import to_18
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Target
from zhubao.ledger.subsidies import StaffSubsidy, StaffSubsidyStatus
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, Member
from zhubao.subsidy.staff import figures
from zhubao.subsidy.staff.applications import Stage, read_applications
from zhubao.subsidy.staff.checks import staff_findings
from zhubao.subsidy.staff.incomplete import incomplete_files, incomplete_report
from zhubao.subsidy.staff.report import staff_report

HALF = Period.parse("2020-H1")
DAY = dt.date(2020, 6, 30)
Status = StaffSubsidyStatus
OLD, NEW = "430102800101123", to_18("430102800101123")  # one person, before and after 1999
OTHER = "11010519491231002X"


def application(number: str, **values: Any) -> dict[str, Any]:
    return {
        "application_no": number,
        "employer": "区一中",
        "round": "第一轮",
        "employee": "张小明",
        "identity_no": f"43010219900101{number[-4:]:0>4}",
        "amount": 26_400_00,
        "submitted_on": dt.date(2020, 2, 1),
        "is_complete": True,
        "status": Status.APPROVED,
        "approved_on": dt.date(2020, 3, 1),
    } | values


def ledger(*rows: dict[str, Any], **target: Any) -> Loaded:
    tables: list[Any] = [LedgerTable.from_rows(StaffSubsidy, rows)]
    if target:
        half = {"half_year_target": Decimal(2), "annual_target": Decimal(4), "measure": "户"}
        row = {"year": 2020, "indicator_code": "ZB", "indicator": "职工住房补贴"}
        tables.append(LedgerTable.from_rows(Target, [row | half | target]))
    return Loaded.of(*tables)


def codes(loaded: Loaded) -> set[tuple[str, str]]:
    found = staff_findings(loaded, read_applications(loaded, DAY))
    return {(one.where.ref if one.where else "", one.code) for one in found}


def test_an_approval_counts_on_the_day_it_was_given() -> None:
    """The first and the last day of the period count, the days outside do not, nor one undated."""
    days = [dt.date(2019, 12, 31), dt.date(2020, 1, 1), DAY, dt.date(2020, 7, 1), None]
    early = dt.date(2019, 9, 1)
    loaded = ledger(
        *(
            application(f"Z{n}", approved_on=day, employer=f"单位{n % 2}", submitted_on=early)
            for n, day in enumerate(days)
        )
    )
    found = figures.approvals(loaded, HALF)
    assert (found.households, found.employers, found.amount) == (2, 2, 52_800_00)
    assert [cell.ref for cell in found.cells] == ["P3", "P4"]
    assert figures.pending(loaded, DAY, Stage.IN_REVIEW).households == 1  # approved on 1 July
    assert figures.pending(loaded, DAY, Stage.UNDATED).households == 1


def test_what_is_refused_paid_pending_or_of_another_round_is_kept_apart() -> None:
    loaded = ledger(
        application("Z1", status=Status.REFUSED),
        application("Z2", status=Status.REFUSED, approved_on=None),
        application("Z3", status=Status.PAID, paid_on=dt.date(2020, 6, 1), round="第二轮"),
        application("Z4", status=Status.IN_REVIEW, approved_on=None),
        application("Z5", status=Status.IN_REVIEW, approved_on=None, is_complete=False),
        application("Z6", status=Status.INCOMPLETE, approved_on=None, missing_papers="发票"),
    )
    assert figures.refusals(loaded, HALF).households == 2
    assert figures.payments(loaded, HALF).amount == 26_400_00
    assert figures.approvals(loaded, HALF).households == 1
    assert figures.approvals(loaded, HALF, "第一轮").households == 0
    assert figures.pending(loaded, DAY, Stage.IN_REVIEW).households == 1
    assert figures.pending(loaded, DAY, Stage.INCOMPLETE).households == 2
    assert figures.applications(loaded, HALF).households == 6
    with pytest.raises(UsageError, match="第三轮"):
        figures.approvals(loaded, HALF, "第三轮")


def test_progress_is_set_against_the_time_gone() -> None:
    """182 of the 366 days of 2020 were gone by 30 June: 2 of 4 are on time, 1 of 4 is not."""
    half, annual = figures.progress(ledger(application("Z1"), application("Z2"), measure="户"), DAY)
    assert half.is_reached
    assert [half.done, half.target] == [Decimal(2), Decimal(2)]
    assert (annual.rate.numerator, annual.rate.denominator) == (2, 4)
    assert (annual.elapsed.numerator, annual.elapsed.denominator) == (182, 366)
    assert annual.is_on_time
    assert str(annual.cells[0]).startswith("services.xlsx!目标任务!")
    _, late = figures.progress(ledger(application("Z1"), measure="户"), DAY)
    assert not late.is_on_time
    money, _ = figures.progress(ledger(application("Z1"), measure="万元"), DAY)
    assert money.done == Decimal("2.64")


def test_after_june_the_half_year_target_still_means_january_to_june() -> None:
    rows = [application("Z1"), application("Z2", approved_on=dt.date(2020, 8, 1))]
    half, annual = figures.progress(ledger(*rows, measure="户"), dt.date(2020, 9, 30))
    assert [half.done, annual.done] == [Decimal(1), Decimal(2)]


@pytest.mark.parametrize("target", [{}, {"measure": "平方米"}, {"year": 2019}])
def test_without_a_target_to_compare_with_the_report_says_so(target: dict[str, Any]) -> None:
    report = staff_report(ledger(application("Z1"), **target), HALF)
    assert "SB-214" in {one.code for one in report.findings}
    assert report.table("progress").rows == []
    assert report.facts["approved_households"] == 1


def test_an_employer_is_one_under_every_spelling_and_by_its_code() -> None:
    loaded = ledger(
        application("Z1", employer="区一中（本部）", employer_code="E1"),
        application("Z2", employer="区一中 (本部)"),
        application("Z3", employer="区第一中学", employer_code="E1"),
        application("Z4", employer="区二中"),
    )
    assert figures.approvals(loaded, HALF).employers == 2
    assert ("B4", "SB-212") in codes(loaded)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"identity_no": OLD}, {"identity_no": NEW, "round": "第二轮"}], ("F3", "SB-201")),
        ([{"identity_no": NEW}, {"identity_no": OLD, "status": Status.IN_REVIEW,
          "approved_on": None}], ("F3", "SB-202")),
        ([{"spouse_identity_no": OLD}, {"identity_no": NEW}], ("H2", "SB-203")),
        ([{"missing_papers": "发票"}], ("N2", "SB-204")),
        ([{"approved_on": dt.date(2020, 1, 31)}], ("P2", "SB-205")),
        ([{"amount": None}], ("K2", "SB-206")),
        ([{"standard_area_m2": Decimal(80), "area_held_m2": Decimal(80)}], ("J2", "SB-207")),
        ([{"approved_on": None}], ("P2", "SB-208")),
        ([{"status": Status.IN_REVIEW}], ("O2", "SB-209")),
        ([{"status": Status.INCOMPLETE, "approved_on": None}], ("N2", "SB-210")),
        ([{"paid_on": dt.date(2020, 2, 15)}], ("Q2", "SB-213")),
    ],
)  # fmt: skip
def test_a_lead_is_found_at_its_cell(rows: list[dict[str, Any]], expected: tuple[str, str]) -> None:
    assert codes(ledger(*(application(f"Z{n}", **row) for n, row in enumerate(rows)))) == {expected}


def test_what_is_in_order_gives_no_lead() -> None:
    """A blank spouse is nobody; a refused double is none; approved on the day of application."""
    loaded = ledger(
        application("Z1", identity_no=NEW, approved_on=dt.date(2020, 2, 1)),
        application("Z2", identity_no=NEW, status=Status.REFUSED),
        application("Z3", standard_area_m2=Decimal(80), area_held_m2=Decimal("79.99")),
    )
    assert codes(loaded) == set()


def test_an_employee_who_lives_in_public_housing_is_noticed() -> None:
    household = {"household_no": "H1", "applicant": "王五", "identity_no": OTHER}
    member = {"household_no": "H1", "name": "张小明", "identity_no": NEW}
    days = {"starts_on": dt.date(2019, 1, 1), "ends_on": dt.date(2023, 12, 31)}
    lease = {"lease_no": "L1", "household_no": "H1", "unit_no": "U1", **days}
    staff = LedgerTable.from_rows(StaffSubsidy, [application("Z1", identity_no=OLD)])
    loaded = Loaded.of(
        staff,
        LedgerTable.from_rows(Household, [household]),
        LedgerTable.from_rows(Member, [member]),
        LedgerTable.from_rows(Lease, [{**lease, "status": LeaseStatus.IN_FORCE}]),
    )
    assert codes(loaded) == {("F2", "SB-211")}


def test_the_working_list_has_a_table_per_employer_and_full_names_on_paper_only() -> None:
    pending = {"status": Status.INCOMPLETE, "approved_on": None, "clerk": "王姐"}
    loaded = ledger(
        application("Z1", **pending, missing_papers=f"身份证{OTHER}复印件"),
        application("Z2", **pending, submitted_on=dt.date(2020, 5, 31), employer="区二中"),
        application("Z3", **pending, submitted_on=dt.date(2020, 6, 1), employer="区二中"),
    )
    listed = incomplete_files(loaded, DAY)
    days = [[(one.row.number, one.days) for one in files] for _, files in listed.groups]
    assert days == [[("Z1", 150)], [("Z2", 30), ("Z3", 29)]]
    assert listed.overdue == 2  # thirty days are too long, twenty-nine are not
    screen, paper = incomplete_report(listed), incomplete_report(listed, on_paper=True)
    assert [table.title for table in paper.tables] == ["汇总", "区一中", "区二中"]
    shown = screen.tables[1].rows[0].values
    assert (shown[1], shown[5]) == ("张*明", "身份证110105********002X复印件")
    assert paper.tables[1].rows[0].values[1] == "张小明"
    assert len(incomplete_files(loaded, DAY, employer=" 区二中").files) == 2
    with pytest.raises(UsageError, match="区三中"):
        incomplete_files(loaded, DAY, employer="区三中")
