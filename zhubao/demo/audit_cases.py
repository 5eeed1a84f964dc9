"""Whom the auditors' findings are about, and when: shared by the audit and the patrol rows."""

from __future__ import annotations

import datetime as dt

from zhubao.demo.blueprint import Blueprint
from zhubao.demo.campaigns import CAMPAIGN_ESTATES
from zhubao.demo.homes import Home
from zhubao.demo.office_calendar import next_office_day, office_day_until
from zhubao.demo.tenancy import Town

_SUBLET, _CAR_OWNERS = 2, 6
_RESTORED_AFTER = dt.timedelta(days=33)


def sublet_homes(town: Town) -> list[Home]:
    """The tenants who let their unit on; in estates without a campaign where there are any."""
    tenants = [home for home in town.homes if home.role == "standing" and not home.hardship]
    tenants.sort(key=lambda home: home.lease.unit.plan.name in CAMPAIGN_ESTATES)
    return tenants[:_SUBLET]


def car_owners(town: Town) -> list[Home]:
    """The tenants who bought a car and left."""
    left = [home for home in town.homes if home.leases and home.exited_on]
    return [home for home in left if home.exit_reason == "资格取消"][:_CAR_OWNERS]


def audit_day(plan: Blueprint) -> dt.date:
    """The day on which the auditors handed their findings over, early in the first month."""
    return next_office_day(plan.start.first_day + dt.timedelta(days=6))


def confirmed_on(plan: Blueprint) -> dt.date:
    """The day on which the bureau had looked into them."""
    return min(next_office_day(audit_day(plan)), plan.as_of)


def restored_on(plan: Blueprint) -> dt.date:
    """The day on which the units let on were lived in by their tenants again."""
    return max(
        confirmed_on(plan), office_day_until(min(audit_day(plan) + _RESTORED_AFTER, plan.as_of))
    )
