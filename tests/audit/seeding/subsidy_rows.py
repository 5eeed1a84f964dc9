"""Households that draw a rental subsidy, as places for faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.audit.seeding.town import Place, Town
from zhubao.ledger.subsidies import (
    PaymentStatus,
    SubsidyGrant,
    SubsidyPayment,
    SubsidySignIn,
    SubsidyStatus,
)
from zhubao.ledger.tenants import Tier

FIRST = "2020-Q1"
_CAPPED = (Tier.NEW_EMPLOYEE, Tier.MIGRANT)


@dataclass(frozen=True)
class Drawer:
    """A grant in force, its sign-in and its payment for the first quarter."""

    grant: Place
    sign_in: Place
    payment: Place

    @property
    def number(self) -> str:
        """家庭编号."""
        return str(self.grant["household_no"])

    @property
    def subjects(self) -> tuple[str, ...]:
        """What its leads are about."""
        return self.number, str(self.grant["grant_no"])


def drawers(town: Town, *, capped: bool = False) -> Iterator[Drawer]:
    """Free households whose subsidy of the first quarter was paid, in random order.

    `capped`: those of the tiers whose months are limited; others else.
    """
    sign_ins = {
        one["grant_no"]: one for one in town.all_rows(SubsidySignIn) if one["quarter"] == FIRST
    }
    payments = {
        one["grant_no"]: one
        for one in town.all_rows(SubsidyPayment)
        if one["quarter"] == FIRST and one["status"] is PaymentStatus.PAID and one["months"] == 3
    }
    places = town.places(
        SubsidyGrant,
        lambda row: (
            row["status"] is SubsidyStatus.IN_FORCE
            and (row["tier"] in _CAPPED) is capped
            and row["grant_no"] in payments
            and row["grant_no"] in sign_ins
        ),
        "household_no",
        "grant_no",
    )
    for grant in places:
        number = grant["grant_no"]
        yield Drawer(grant, sign_ins[number], payments[number])


def any_drawer(town: Town) -> Drawer:
    """A drawer to copy rows from; it stays free."""
    taken = next(drawers(town))
    town.release(*taken.subjects)
    return taken
