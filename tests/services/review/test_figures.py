"""The figures of the review: numerator, denominator, what they cover, and their cells."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.services.review.households import AS_OF, household, ledgers, review
from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import ProtectionStatus, ReviewDecision, Tier
from zhubao.services.review.figures import (
    decided_as,
    not_declared,
    notified,
    reviewed,
    with_leads,
)
from zhubao.services.review.listing import list_year, refuse_wrong_year
from zhubao.services.review.places import Where
from zhubao.services.review.review_report import review_report

APRIL = dt.date(2020, 4, 10)


@pytest.fixture
def loaded() -> Loaded:
    """Five due: H1 continues, H2 left by the review, H3 leads, H4 silent, H5 not on the list."""
    gone = {"status": ProtectionStatus.EXITED, "exited_on": APRIL}
    return ledgers(
        [
            household("H1"),
            household("H2", **gone),
            household("H3", tier=Tier.LOW_INCOME, community="丙社区"),
            household("H4"),
            household("H5"),
        ],
        [
            review("H1", decision=ReviewDecision.CONTINUE, decided_on=AS_OF, notified=True),
            review("H2", decision=ReviewDecision.EXIT, decided_on=APRIL),
            review("H3", matched="车辆：本人〔v!A2〕"),
            {"year": 2020, "household_no": "H4"},
        ],
    )


def test_every_figure_has_both_numbers_and_its_cells(loaded: Loaded) -> None:
    done = reviewed(loaded, 2020, AS_OF)
    assert (done.numerator, done.denominator, done.covers) == (2, 5, "2020年")
    assert [str(cell) for cell in done.sources] == ["tenants.xlsx!年审!G2", "tenants.xlsx!年审!G3"]
    left = decided_as(loaded, 2020, ReviewDecision.EXIT, AS_OF)
    assert (left.numerator, left.denominator) == (1, 2)
    assert not_declared(loaded, 2020, AS_OF).numerator == 2
    assert with_leads(loaded, 2020, AS_OF).ratio.value == 0.2
    assert (notified(loaded, 2020, AS_OF).numerator, notified(loaded, 2020, AS_OF).denominator) == (
        1,
        2,
    )


def test_a_past_day_knows_only_the_decisions_taken_by_then(loaded: Loaded) -> None:
    assert reviewed(loaded, 2020, dt.date(2020, 5, 1)).numerator == 1
    quarter = reviewed(loaded, 2020, AS_OF, Period.parse("2020-04"))
    assert (quarter.numerator, quarter.covers) == (1, "2020年（2020年4月作出的结论）")


def test_the_report_adds_up_by_street_tier_and_community(loaded: Loaded) -> None:
    report = review_report(loaded, 2020, AS_OF)
    for key in ("street", "tier", "kind", "community"):
        table = report.table(key)
        assert table.totals is not None
        for place in (1, 2, 4, 5, 6, 7, 8, 9):
            assert sum(row.values[place] for row in table.rows) == table.totals[place]
    assert report.facts["decided_exit"] == 1


def test_the_list_has_who_is_in_force_and_only_the_missing_are_added(loaded: Loaded) -> None:
    listed = list_year(loaded, 2020, AS_OF)
    assert [one.number for one in listed.items] == ["H1", "H3", "H4", "H5"]
    assert [one.number for one in listed.missing] == ["H5"]
    assert [one.number for one in list_year(loaded, 2020, AS_OF, Where("", "丙社区")).items] == [
        "H3"
    ]
    with pytest.raises(UsageError, match="没有社区“丁社区”"):
        list_year(loaded, 2020, AS_OF, Where("", "丁社区"))
    with pytest.raises(UsageError, match="年度 2021"):
        refuse_wrong_year(2021, AS_OF)
