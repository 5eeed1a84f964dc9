"""What stands in the way of a registration on a day, and where it is said."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.allocation.waiting.waiting_ledgers import AS_OF, D, Town, number, old_number
from zhubao.allocation.waiting.eligibility import eligibility_faults
from zhubao.core.finding import Severity
from zhubao.core.period import Month
from zhubao.ledger.patrol import RectificationStatus
from zhubao.ledger.subsidies import SubsidyStatus
from zhubao.ledger.tenants import ExitReason, LeaseStatus, Member, ProtectionStatus, WaitingStatus


def found(town: Town, as_of: dt.date = AS_OF) -> list[tuple[str, str, str]]:
    """(waiting number, code, sheet and cell) of everything found."""
    return [
        (no, one.code, f"{one.where.sheet}!{one.where.ref}" if one.where else "")
        for no, some in eligibility_faults(town.loaded(), as_of).items()
        for one in some
    ]


def codes(town: Town, waiting_no: str, as_of: dt.date = AS_OF) -> list[str]:
    return [code for no, code, _ in found(town, as_of) if no == waiting_no]


def waiting(**home: object) -> Town:
    """H1 with an applicant and a child waits as W1; nothing is wrong with it."""
    town = Town()
    town.home("H1", number(1), number(2), **home)
    town.waits("W1", "H1")
    return town


def test_a_clean_registration_is_not_named() -> None:
    assert found(waiting()) == []


def test_one_person_in_two_registrations_is_found_on_both_sides_in_either_form() -> None:
    town = waiting()
    town.home("H2", number(3), old_number(2))
    town.waits("W2", "H2")
    assert found(town) == [
        ("W1", "AL-101", "家庭成员!C3"),
        ("W2", "AL-101", "家庭成员!C5"),
    ]
    said = eligibility_faults(town.loaded(), AS_OF)["W1"][0]
    assert "W2（家庭 H2，tenants.xlsx!家庭成员" not in said.message  # the rival's own row is named
    assert "tenants.xlsx!轮候册!A3" in said.message
    assert number(2) not in said.message


def test_numbers_that_cannot_be_read_are_nobody() -> None:
    town = Town()
    for no in ("1", "2"):
        town.home(f"H{no}", None, None)
        town.waits(f"W{no}", f"H{no}")
    assert found(town) == []


def test_a_member_who_had_died_is_nobody_and_a_dead_applicant_is_said() -> None:
    town = waiting()
    town.home("H2", number(3), number(2))
    town.waits("W2", "H2")
    town.rows[Member][1]["died_on"] = AS_OF
    assert found(town) == []
    assert len(found(town, D(2020, 6, 29))) == 2
    town.rows[Member][0]["died_on"] = D(2020, 1, 1)
    assert codes(town, "W1") == ["AL-116"]


def test_a_household_twice_and_a_number_twice() -> None:
    town = waiting()
    town.waits("W2", "H1")
    town.home("H3", number(5))
    town.waits("W2", "H3")
    assert codes(town, "W1") == ["AL-102"]
    assert codes(town, "W2") == ["AL-102", "AL-103", "AL-103"]


@pytest.mark.parametrize(
    ("values", "day", "held"),
    [
        ({}, D(2019, 12, 31), False),  # not signed yet
        ({"signed_on": D(2019, 12, 1)}, D(2019, 12, 31), True),  # signed, moves in later
        ({}, D(2020, 1, 1), True),
        ({"terminated_on": D(2020, 6, 30), "status": LeaseStatus.TERMINATED}, AS_OF, False),
        ({"terminated_on": D(2020, 7, 1), "status": LeaseStatus.TERMINATED}, AS_OF, True),
    ],
)
def test_a_live_lease_is_a_home_already(
    values: dict[str, object], day: dt.date, held: bool
) -> None:
    town = waiting()
    town.home("H2", number(9), number(2))  # H1's child is in H2 too
    town.lease("L1", "H1", D(2020, 1, 1), **values)
    town.lease("L2", "H2", D(2020, 1, 1), **values)
    assert codes(town, "W1", day) == (["AL-105", "AL-104"] if held else [])


@pytest.mark.parametrize(
    ("day", "barred"), [(D(2020, 3, 1), True), (D(2020, 3, 2), False), (D(2015, 2, 28), False)]
)
def test_five_years_from_a_violation_end_with_the_same_day(day: dt.date, barred: bool) -> None:
    gone = {"exited_on": D(2015, 3, 1), "exit_reason": ExitReason.VIOLATION}
    town = Town()
    town.home("H1", number(1), **gone)  # in protection again
    town.waits("W1", "H1", D(2015, 1, 1))
    assert ("AL-106" in codes(town, "W1", day)) == barred


def test_a_ban_follows_the_tenant_into_another_household_and_only_warns_of_the_others() -> None:
    town = waiting()
    gone = {"status": ProtectionStatus.EXITED, "exited_on": D(2018, 6, 1)}
    town.home("H8", number(1), number(7), **gone)
    town.case("C1", "H8", D(2023, 6, 1))
    town.home("H2", number(3), number(7))
    town.waits("W2", "H2")
    first, second = (eligibility_faults(town.loaded(), AS_OF)[no][0] for no in ("W1", "W2"))
    assert (first.code, first.severity) == ("AL-107", Severity.ERROR)
    assert (second.code, second.severity) == ("AL-108", Severity.WARNING)
    assert "patrol.xlsx!违规与变动" in first.message
    assert found(town, D(2023, 6, 2)) == []


def test_of_several_bans_the_last_to_end_counts_and_its_last_day_is_included() -> None:
    town = waiting()
    for no, until in enumerate((D(2020, 7, 1), D(2022, 3, 1), D(2021, 1, 1))):
        town.case(f"C{no}", "H1", until)
    assert "限制申请至 2022-03-01" in eligibility_faults(town.loaded(), AS_OF)["W1"][0].message
    assert codes(town, "W1", D(2022, 3, 1)) == ["AL-106"]
    assert codes(town, "W1", D(2022, 3, 2)) == []


def test_an_unfounded_case_and_one_found_later_bar_nobody() -> None:
    town = waiting()
    town.case("C1", "H1", D(2025, 1, 1), status=RectificationStatus.UNFOUNDED)
    town.case("C2", "H1", D(2025, 1, 1), found_on=D(2020, 7, 1))
    assert found(town) == []


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ({}, True),
        ({"approved_on": D(2020, 7, 1)}, False),
        ({"status": SubsidyStatus.STOPPED, "status_changed_on": D(2020, 6, 30)}, False),
        ({"status": SubsidyStatus.STOPPED, "status_changed_on": D(2020, 7, 1)}, True),
        ({"status": SubsidyStatus.SUSPENDED}, False),
        ({"last_month": Month.of(2020, 6)}, True),
        ({"last_month": Month.of(2020, 5)}, False),
    ],
)
def test_a_subsidy_while_waiting_is_a_notice_and_in_another_household_a_warning(
    values: dict[str, object], drawn: bool
) -> None:
    town = waiting()
    town.home("H2", number(9), number(2))
    town.grant("G1", "H1", **values)
    town.grant("G2", "H2", **values)
    some = eligibility_faults(town.loaded(), AS_OF).get("W1", ())
    assert [one.severity for one in some] == ([Severity.WARNING, Severity.NOTICE] if drawn else [])


def test_five_years_of_waiting_include_the_day_they_are_full() -> None:
    town = Town()
    town.home("H1", number(1))
    town.waits("W1", "H1", D(2015, 6, 30))
    assert codes(town, "W1", D(2020, 6, 29)) == []
    assert found(town) == [("W1", "AL-111", "轮候册!E2")]


@pytest.mark.parametrize(
    ("desired", "differs"),
    [("一室一厅", False), ("１居室", False), ("两室一厅", True), ("3房2厅", True), (None, False)],
)
def test_the_desired_layout_is_held_against_the_size(desired: str | None, differs: bool) -> None:
    town = Town()
    town.home("H1", number(1), number(2))
    town.waits("W1", "H1", desired_layout=desired)
    assert codes(town, "W1") == (["AL-112"] if differs else [])


def test_the_household_must_be_there_and_in_protection() -> None:
    town = Town()
    town.waits("W1", "H9")
    town.home("H2", number(2), status=ProtectionStatus.EXITED, exited_on=D(2020, 6, 1))
    town.waits("W2", "H2")
    town.home("H3", number(3), status=ProtectionStatus.SUSPENDED)
    town.waits("W3", "H3")
    assert [(no, code) for no, code, _ in found(town)] == [
        ("W1", "AL-113"),
        ("W2", "AL-114"),
        ("W3", "AL-115"),
    ]
    assert codes(town, "W2", D(2020, 5, 31)) == []


@pytest.mark.parametrize(
    ("approved", "state", "code"),
    [
        (D(2020, 7, 1), (WaitingStatus.WAITING, None), "AL-118"),
        (D(2019, 1, 1), (WaitingStatus.PENDING, None), "AL-118"),
        (D(2019, 1, 1), (WaitingStatus.HOUSED, D(2020, 6, 30)), "AL-118"),
        (D(2019, 1, 1), (WaitingStatus.HOUSED, D(2020, 7, 1)), ""),
        (D(2019, 1, 1), (WaitingStatus.HOUSED, None), "AL-117"),
        (D(2019, 1, 1), (WaitingStatus.WAITING, D(2020, 7, 1)), "AL-117"),
        (D(2019, 1, 1), (WaitingStatus.ABANDONED, D(2018, 12, 31)), "AL-117"),
    ],
)
def test_who_was_not_waiting_on_the_day_is_told_why(
    approved: dt.date, state: tuple[WaitingStatus, dt.date | None], code: str
) -> None:
    town = Town()
    town.home("H1", number(1))
    town.waits("W1", "H1", approved, state=state)
    assert codes(town, "W1") == ([code] if code else [])


def test_a_number_that_everybody_has_costs_no_square() -> None:
    """A clerk's placeholder: one finding of each kind per person, with how many more there are."""
    town = Town()
    for index in range(500):
        town.home(f"H{index}", number(1), number(2 + index))
        town.waits(f"W{index}", f"H{index}")
        town.lease(f"L{index}", f"H{index}", D(2019, 1, 1))
    faults = eligibility_faults(town.loaded(), AS_OF)
    assert [one.code for one in faults["W7"]] == ["AL-101", "AL-105", "AL-104"]
    assert "另有 498 户也是" in faults["W7"][0].message
    assert sum(map(len, faults.values())) == 500 * 3
