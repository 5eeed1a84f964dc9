"""The counts of a period, worked by hand; what is wrong with the rows they are made of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.patrol.visits.town import day, home, key, town, visit
from zhubao.core.period import Period
from zhubao.ledger.patrol import KeyHouseholdKind, Occupancy, PatrolKind
from zhubao.ledger.tenants import ProtectionStatus
from zhubao.patrol.visits import figures
from zhubao.patrol.visits.checks import check_visits
from zhubao.patrol.visits.figures import Figure, Seen, see
from zhubao.patrol.visits.groups import By, visits_by
from zhubao.patrol.visits.key_report import key_report
from zhubao.patrol.visits.keys import key_list

H1, JUNE_30 = Period.parse("2020-H1"), day("2020-06-30")
KEY = PatrolKind.KEY_HOUSEHOLD


def seen(period: Period = H1, as_of: str = "2020-06-30") -> Seen:
    """H1 and H2 key households; H3 not; H4 moved out, H9 unknown; visits around the half-year."""
    return see(
        town(
            [
                home("H1"),
                home("H2"),
                home("H3"),
                home("H4", lease__terminated_on=day("2020-02-01")),
            ],
            [
                visit("H1", "2019-12-31", met=True),
                visit("H1", "2020-01-01", met=True, has_problem=False),
                visit("H1", "2020-01-20", kind=KEY, met=False, has_problem=True),
                visit("H1", "2020-01-25", kind=KEY, met=True, visitor="李四"),
                visit("H2", "2020-06-30", kind=KEY),
                visit("H3", "2020-03-01", met=True),
                visit("H4", "2020-01-15", met=False),
                visit("H9", "2020-03-01", met=True),
                visit("H3", "2020-07-01", met=True),
            ],
            [key("H1", visits_per_month=2), key("H2", listed_on=day("2020-05-02"))],
        ),
        period,
        day(as_of),
    )


@pytest.mark.parametrize(
    ("figure", "numerator", "denominator", "cells"),
    [
        (figures.households_patrolled, 4, None, "A3 A6:A8"),
        (figures.visits_made, 7, None, "A3:A9"),
        (figures.patrol_coverage, 3, 3, "A3 A6:A7"),
        (figures.key_households_revisited, 1, 2, "A3:A5"),
        (figures.met_rate, 4, 6, "A3 A5 A7 A9"),
        (figures.problem_rate, 1, 2, "A4"),
        # H1: two due in each of six months, two of January's three count; H2: two due in June.
        (figures.key_visit_compliance, 3, 14, "A3:A6"),
        (figures.key_households_on_schedule, 0, 2, ""),
    ],
)
def test_figures_of_a_half_year(
    figure: Any, numerator: int, denominator: int | None, cells: str
) -> None:
    made: Figure = figure(seen())
    assert (made.numerator, made.denominator) == (numerator, denominator)
    assert " ".join(cell.ref for cell in made.cells) == cells


def test_the_figures_of_a_past_day_leave_out_what_came_later() -> None:
    past = seen(as_of="2020-01-20")
    assert figures.visits_made(past).numerator == 3
    assert figures.key_visit_compliance(past).denominator == 0


@pytest.mark.parametrize("by", list(By))
def test_groups_hold_every_visit_once(by: By) -> None:
    made = seen()
    groups = visits_by(made, by)
    assert sorted(row for group in groups for row in group.rows) == sorted(made.rows)


def test_what_is_wrong_with_visits_is_found_with_its_cell() -> None:
    loaded = town(
        [home("H1"), home("H2", lease__terminated_on=day("2020-02-01"))],
        [
            visit("H9", "2020-06-01"),
            visit("H1", "2020-07-01"),
            visit("H1", "2020-06-01"),
            visit("H1", "2020-06-01"),
            visit("H1", "2020-06-01", kind=KEY),
            visit("H2", "2020-02-01"),
            visit("H1", "2020-06-09", met=True, occupancy=Occupancy.UNKNOWN),
        ],
    )
    found = [
        (one.where.ref if one.where else "", one.code) for one in check_visits(loaded, JUNE_30)
    ]
    assert found == [
        ("B2", "PA-101"),
        ("E3", "PA-102"),
        ("A5", "PA-104"),
        ("E7", "PA-107"),
        ("H8", "PA-108"),
    ]


def test_the_list_of_key_households_tells_due_silence_and_who_left_or_is_missing() -> None:
    loaded = town(
        [
            home("H1"),
            home("H2", household__status=ProtectionStatus.EXITED,
                 household__exited_on=day("2020-03-01")),
            home("H3", household__hardship="重病、残疾"),
            home("H4"),
            home("H5", household__size=2),
            home("H6", lease__starts_on=day("2021-01-01")),
        ],
        [
            visit("H1", "2020-04-30", needs="王大1要装扶手"),
            visit("H1", "2020-05-02"),
            visit("H2", "2020-06-29"),
        ],
        [
            key("H1", kind=KeyHouseholdKind.ELDERLY_ALONE, visits_per_month=1, responsible="李四"),
            key("H2"),
            key("H3", removed_on=day("2018-12-31")),
            key("H6"),
            key("H9"),
        ],
        [
            {"household_no": "H4", "name": "王大4", "birth_date": day("1950-06-30")},
            {"household_no": "H5", "name": "王大5", "birth_date": day("1940-01-01")},
        ],
    )  # fmt: skip
    listed = key_list(loaded, day("2020-07-01"), Period.parse("2020-04..2020-07"))
    first = listed.entries[0]
    assert (first.due.required, first.due.kept, len(first.visits)) == (3, 2, 2)
    assert (first.days_since, first.responsible) == (60, "李四")
    assert [one.household_no for one in listed.left] == ["H2"]
    missing = [(one.household_no, one.kind.value) for one in listed.missing]
    assert missing == [("H3", "病痛户"), ("H3", "残疾户"), ("H4", "孤寡老人")]
    assert [(one.where.ref if one.where else "", one.code) for one in listed.findings] == [
        ("A2", "PA-105"),
        ("D3", "PA-106"),
        ("D4", "PA-103"),
        ("A5", "PA-110"),
        ("A6", "PA-109"),
    ]
    assert "王大1" not in str(key_report(listed).tables)
