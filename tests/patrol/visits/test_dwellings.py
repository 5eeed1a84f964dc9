"""Who lives where on a day, when a household has several leases."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.patrol.visits.town import day, home, town
from zhubao.ledger.tenants import LeaseStatus
from zhubao.patrol.visits.dwellings import Dwellings


def lease(unit: str, starts_on: str, **fields: object) -> dict[str, dict[str, object]]:
    """One of the leases of household H1."""
    rows = home(unit, lease__household_no="H1", lease__starts_on=day(starts_on))
    rows["lease"].update(fields)
    return rows


@pytest.mark.parametrize(
    ("first", "second", "lived_in"),
    [
        # the later lease ended on the day, the earlier one goes on
        ({}, {"terminated_on": dt.date(2020, 6, 30)}, "UH1"),
        ({}, {"terminated_on": dt.date(2020, 7, 1)}, "UH2"),
        # run out without a day of return: the household stays until it takes another home
        ({"status": LeaseStatus.EXPIRED}, {"terminated_on": dt.date(2020, 6, 30)}, None),
        ({"terminated_on": dt.date(2019, 1, 1)}, {"status": LeaseStatus.EXPIRED}, "UH2"),
    ],
)
def test_a_household_lives_in_the_last_of_its_homes_that_it_has_not_given_back(
    first: dict[str, object], second: dict[str, object], lived_in: str | None
) -> None:
    one, other = lease("H1", "2018-01-01", **first), lease("H2", "2019-01-01", **second)
    found = Dwellings(town(homes=[one, other])).of("H1", day("2020-06-30"))
    assert (found.unit_no if found else None) == lived_in
