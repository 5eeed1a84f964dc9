"""Rows of units.xlsx!房源 and of tenants.xlsx."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhubao.demo.blueprint import Blueprint
from zhubao.demo.homes import Home
from zhubao.demo.streams import stream
from zhubao.demo.tenancy import Town
from zhubao.ledger import tenants

Row = dict[str, Any]


def household_rows(town: Town) -> Iterator[Row]:
    """Rows of 保障家庭."""
    for home in town.homes:
        head = home.people[0]
        yield {
            "household_no": home.no,
            "applicant": head.name,
            "identity_no": head.identity_no,
            "phone": home.phone,
            "size": len(home.people),
            "tier": home.tier,
            "monthly_income": home.income,
            "certificate_no": f"DB{home.no[2:]}" if home.tier in ("低保", "特困") else None,
            "hardship": home.hardship,
            "street": home.street,
            "community": home.community,
            "approved_on": home.approved_on,
            "status": "已退出" if home.exited_on else "在保",
            "exited_on": home.exited_on,
            "exit_reason": home.exit_reason,
            "remark": home.remark,
        }


def member_rows(town: Town) -> Iterator[Row]:
    """Rows of 家庭成员."""
    for home in town.homes:
        for person in home.people:
            yield {
                "household_no": home.no,
                "name": person.name,
                "identity_no": person.identity_no,
                "relation": person.relation,
                "sex": person.sex,
                "birth_date": person.born,
                "died_on": person.died_on,
            }


def lease_rows(town: Town) -> Iterator[Row]:
    """Rows of 租赁合同, in the order of their numbers."""
    rng = stream(town.plan.seed, "filing")
    pairs = [(lease, home) for home in town.homes for lease in home.leases]
    for lease, home in sorted(pairs, key=lambda pair: pair[0].no):
        limit = (town.plan.as_of - lease.signed_on).days
        filed_on = lease.signed_on + dt.timedelta(days=min(limit, rng.randint(4, 26)))
        yield {
            "lease_no": lease.no,
            "household_no": home.no,
            "unit_no": lease.unit.no,
            "starts_on": lease.starts_on,
            "ends_on": lease.ends_on,
            "monthly_rent": lease.rent,
            "area_m2": lease.unit.area_m2,
            "tier": home.tier,
            "signed_on": lease.signed_on,
            "filed_on": filed_on,
            "moved_in_on": lease.starts_on if lease is home.leases[0] else None,
            "terminated_on": lease.terminated_on,
            "status": lease.status,
        }


def review_rows(town: Town) -> Iterator[Row]:
    """Rows of 年审: the year before the period, for everybody who was a tenant then."""
    plan = town.plan
    year = plan.start.first_day.year - 1
    decided_on = dt.date(year, 11, 20)
    rng = stream(plan.seed, "reviews")
    for home in town.homes:
        if _was_tenant(home, plan) and home.leases[0].starts_on.year <= year:
            yield {
                "year": year,
                "household_no": home.no,
                "declared_income": home.income,
                "declared_size": len(home.people),
                "declared_area_m2": 0,
                "matched": "无异常",
                "decision": "继续保障",
                "decided_on": decided_on + dt.timedelta(days=rng.randint(0, 20)),
                "notified": True,
            }


def _was_tenant(home: Home, plan: Blueprint) -> bool:
    return home.role in ("standing", "moved") and home.leases[0].starts_on < plan.start.first_day


def tenant_rows(town: Town, waiting: list[Row]) -> dict[type, Any]:
    """Row model → rows of tenants.xlsx."""
    return {
        tenants.Household: household_rows(town),
        tenants.Member: member_rows(town),
        tenants.WaitingEntry: iter(waiting),
        tenants.Lease: lease_rows(town),
        tenants.AnnualReview: review_rows(town),
    }
