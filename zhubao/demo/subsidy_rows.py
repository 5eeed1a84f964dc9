"""Rows of subsidies.xlsx: grants, sign-in and payments; the staff subsidy is in `staff_rows`."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from zhubao.core.period import Month
from zhubao.demo.audit_cases import confirmed_on
from zhubao.demo.blueprint import Blueprint
from zhubao.demo.homes import Home
from zhubao.demo.office_calendar import next_office_day, office_day_until
from zhubao.demo.staff_rows import staff_rows
from zhubao.demo.streams import stream, weighted
from zhubao.demo.tenancy import Town
from zhubao.ledger import subsidies

Row = dict[str, Any]
# Yuan per m² and month. A standard of the period is not published; the one of 2020-09 is used.
_PRICES = {"低保": 25, "特困": 25, "低收入": 22, "中等偏下收入": 14, "新就业": 14, "外来务工": 14}
_TIERS = (
    ("中等偏下收入", 0.80),
    ("新就业", 0.08),
    ("外来务工", 0.04),
    ("低收入", 0.05),
    ("低保", 0.03),
)
_CAPPED = ("新就业", "外来务工")
_FLOOR = 300  # yuan per household and month, when the actual rent is above it
_BANKS = ("星河农商银行", "银湖银行", "云岭银行")  # invented
_NO_BANK = "8199"  # account numbers that begin so belong to no card scheme
RECOVERED_GRANTS = 5  # subsidies drawn wrongly in earlier years, found by the audit and paid back


@dataclass(slots=True)
class Grant:
    """One household's right to a subsidy; `state` is paid, unsigned, new or repaid."""

    no: str
    home: Home
    state: str
    actual_rent: int  # yuan
    monthly: int  # yuan
    first: Month
    account: str


def make_grants(town: Town) -> list[Grant]:
    """Grants that are paid, a few that did not sign in, the new ones, and those paid back."""
    plan, counts = town.plan, town.plan.counts
    rng = stream(plan.seed, "subsidy")
    unsigned = max(1, counts.subsidy_households // 80)
    states = ["paid"] * counts.subsidy_households + ["unsigned"] * unsigned
    states += ["repaid"] * min(RECOVERED_GRANTS, counts.subsidy_households)
    states += ["new"] * counts.subsidy_new
    return [_grant(town, rng, number, state) for number, state in enumerate(states, 1)]


def monthly_subsidy(price: int, people: int, actual_rent: int) -> int:
    """Yuan per month for a household that holds no home of its own."""
    amount = price * min(15 * people, 60)
    if 0 < amount < _FLOOR < actual_rent:
        amount = _FLOOR
    return min(amount, actual_rent)


def subsidy_rows(town: Town, grants: list[Grant]) -> dict[type, Any]:
    """Row model → rows of subsidies.xlsx."""
    return {
        subsidies.SubsidyGrant: grant_rows(town, grants),
        subsidies.SubsidySignIn: sign_in_rows(town, grants),
        subsidies.SubsidyPayment: payment_rows(town, grants),
        subsidies.StaffSubsidy: staff_rows(town),
    }


def grant_rows(town: Town, grants: list[Grant]) -> Iterator[Row]:
    """Rows of 租赁补贴."""
    banks = stream(town.plan.seed, "bank accounts")
    stopped = min(next_office_day(confirmed_on(town.plan)), town.plan.as_of)
    for number, grant in enumerate(grants):
        repaid = grant.state == "repaid"
        yield {
            "grant_no": grant.no,
            "household_no": grant.home.no,
            "tier": grant.home.tier,
            "size": len(grant.home.people),
            "area_held_m2": 0,
            "actual_rent": grant.actual_rent * 100,
            "rented_address": f"{grant.home.community}租住房{number + 1}号",
            "rental_ends_on": town.plan.end.plus(6).last_day,
            "price": _PRICES[grant.home.tier] * 100,
            "monthly_amount": grant.monthly * 100,
            "approved_on": grant.home.approved_on,
            "first_month": grant.first,
            "months_before": _months_before(town.plan, grant),
            "last_month": _last_paid_month(town.plan) if repaid else None,
            "payee": grant.home.people[0].name,
            "bank": banks.choice(_BANKS),
            "bank_account": grant.account,
            "status": "终止" if repaid else "生效",
            "status_changed_on": stopped if repaid else None,
            "status_reason": "审计发现不符合条件" if repaid else None,
        }


def sign_in_rows(town: Town, grants: list[Grant]) -> Iterator[Row]:
    """Rows of 签到: every quarter whose payment or end lies in the period."""
    rng = stream(town.plan.seed, "sign-in")
    for quarter in sign_in_quarters(town):
        last = quarter.plus(2)
        for grant in grants:
            if grant.state == "repaid" or grant.first > last:
                continue
            signed = grant.state != "unsigned"
            day = last.first_day.replace(day=rng.randint(2, 24))
            yield {
                "grant_no": grant.no,
                "quarter": _label(quarter),
                "household_no": grant.home.no,
                "signed": signed,
                "signed_on": day if signed else None,
                "method": rng.choice(("本人到场", "本人到场", "上门签到")) if signed else None,
                "changed": False if signed else None,
                "community": grant.home.community,
            }


def payment_rows(town: Town, grants: list[Grant]) -> Iterator[Row]:
    """Rows of 发放: each quarter in the month after it; earlier wrong payments given back."""
    for number, row in enumerate(chain(_recovered(town, grants), _paid(town, grants)), 1):
        yield {"payment_no": f"FF{number:06d}", **row}


def sign_in_quarters(town: Town) -> list[Month]:
    """Quarters (by first month) that end within the period."""
    months = town.plan.months
    return [month.plus(-2) for month in months if month.month % 3 == 0]


def pay_day(quarter: Month) -> dt.date:
    """The 24th of the month after the quarter; the fourth quarter's before 25 December."""
    if quarter.month == 10:
        return quarter.plus(2).first_day.replace(day=24)
    return quarter.plus(3).first_day.replace(day=24)


def recovery_day(plan: Blueprint) -> dt.date:
    """The day on which wrong payments were back: in the fourth month, or the last one."""
    return min(plan.start.plus(3), plan.end).first_day.replace(day=15)


def _months_before(plan: Blueprint, grant: Grant) -> int | None:
    """Months paid before the ledgers begin, for the tiers with a limit of months in all."""
    if grant.home.tier not in _CAPPED or grant.state == "repaid":
        return None
    begin = plan.start.plus(-((plan.start.month - 1) % 3))
    return max(0, begin - grant.first)


def _last_paid_month(plan: Blueprint) -> Month:
    """The last month of the quarter two quarters before the period's first."""
    return plan.start.plus(-((plan.start.month - 1) % 3) - 4)


def _grant(town: Town, rng: random.Random, number: int, state: str) -> Grant:
    plan = town.plan
    size = 1 if rng.random() < 0.955 else 2
    home = town.new_home("subsidy", size, high=True)
    home.tier = weighted(rng, _TIERS)
    first = plan.start.plus(-rng.randint(4, 20))
    if state == "new":
        first = plan.end.plus(-2)
        month = max(plan.start, first.plus(-1))
        home.approved_on = office_day_until(month.first_day.replace(day=rng.randint(12, 24)))
    else:
        if state == "repaid":
            first = min(first, _last_paid_month(plan).plus(-2))
        home.approved_on = first.plus(-1).first_day.replace(day=rng.randint(5, 25))
    cheap = rng.random() < 0.13
    rent = rng.randrange(220, 300, 10) if cheap else rng.randrange(450, 900, 50)
    monthly = monthly_subsidy(_PRICES[home.tier], size, rent)
    account = f"{_NO_BANK}{plan.seed % 10**6:06d}{number:07d}"
    return Grant(f"BT{number:05d}", home, state, rent, monthly, first, account)


def _paid(town: Town, grants: list[Grant]) -> Iterator[Row]:
    plan = town.plan
    for quarter in sign_in_quarters(town):
        paid_on = pay_day(quarter)
        if paid_on > plan.as_of:
            continue
        for grant in grants:
            if grant.state in ("paid", "new") and grant.first <= quarter:
                yield _payment(grant, quarter, paid_on)


def _recovered(town: Town, grants: list[Grant]) -> Iterator[Row]:
    """Two quarters before the period, recovered in its fourth month or at its end."""
    quarter = _last_paid_month(town.plan).plus(-2)
    back = recovery_day(town.plan)
    for grant in grants:
        if grant.state == "repaid":
            row = _payment(grant, quarter, pay_day(quarter))
            returned = {"status": "已追回", "recovered": row["amount"], "recovered_on": back}
            yield {**row, **returned, "remark": "审计发现不符合条件，已全额退回"}


def _payment(grant: Grant, quarter: Month, paid_on: dt.date) -> Row:
    return {
        "roll_no": f"FP{paid_on:%Y%m}",
        "grant_no": grant.no,
        "household_no": grant.home.no,
        "quarter": _label(quarter),
        "months": 3,
        "amount": grant.monthly * 300,
        "paid_on": paid_on,
        "status": "已发放",
        "payee": grant.home.people[0].name,
        "bank_account": grant.account,
        "voucher_no": f"BZ{paid_on:%Y%m}",
    }


def _label(quarter: Month) -> str:
    return f"{quarter.year}-Q{quarter.month // 3 + 1}"
