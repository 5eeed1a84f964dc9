"""All figures of the summary, counted once more."""

from __future__ import annotations

from tests.summary.second_period import (
    counted_audit,
    counted_benefits,
    counted_homes,
    counted_office,
    counted_patrol,
    counted_rent,
)
from tests.summary.second_period.counting import Asked, Counted
from tests.summary.second_period.ledgers import Ledgers

_COUNTERS = (
    counted_homes.supply,
    counted_homes.dispatch,
    counted_homes.units,
    counted_homes.allocation,
    counted_homes.waiting,
    counted_rent.rent,
    counted_rent.city_rent,
    counted_benefits.approvals,
    counted_benefits.subsidies,
    counted_benefits.staff,
    counted_patrol.patrol,
    counted_patrol.cases,
    counted_patrol.checks,
    counted_patrol.safety,
    counted_office.office,
    counted_office.delivery_weeks,
    counted_office.review,
    counted_office.contractor,
    counted_audit.audit,
)


def count(books: Ledgers, asked: Asked) -> Counted:
    """Every figure of the period."""
    found: Counted = {}
    for counter in _COUNTERS:
        part = counter(books, asked)
        assert not part.keys() & found.keys()
        found |= part
    return found
