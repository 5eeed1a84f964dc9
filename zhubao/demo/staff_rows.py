"""Rows of subsidies.xlsx!职工住房补贴."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zhubao.demo.names import EMPLOYERS, full_name
from zhubao.demo.streams import shares, sorted_days, stream
from zhubao.demo.tenancy import Town

Row = dict[str, Any]
_ROUND = "第一轮"


def staff_rows(town: Town) -> Iterator[Row]:
    """Rows of 职工住房补贴: approved households by employer, and a few under review."""
    plan, counts = town.plan, town.plan.counts
    rng = stream(plan.seed, "staff")
    names = EMPLOYERS[: counts.staff_employers]
    parts = shares(counts.staff_households, [2 + (i * 5) % 9 for i in range(len(names))])
    employers = [name for name, part in zip(names, parts, strict=True) for _ in range(part)]
    rng.shuffle(employers)
    days = sorted_days(rng, len(employers), plan.start.first_day, plan.as_of)
    for number, (employer, day) in enumerate(zip(employers, days, strict=True), 1):
        yield _staff_row(town, rng, number, employer, day)
    for number in range(len(employers) + 1, len(employers) + 9):
        row = _staff_row(town, rng, number, rng.choice(names), plan.as_of)
        yield {**row, "status": "审核中", "approved_on": None, "amount": None}


def _staff_row(
    town: Town, rng: random.Random, number: int, employer: str, approved_on: dt.date
) -> Row:
    person = town.people.family(1)[0]
    standard = Decimal(rng.choice((70, 80, 90, 105)))
    held = Decimal(rng.choice((0, 0, 38, 45, 60)))
    return {
        "application_no": f"ZB{number:06d}",
        "employer": employer,
        "round": _ROUND,
        "employee": full_name(rng, person.name[0]),
        "identity_no": person.identity_no,
        "standard_area_m2": standard,
        "area_held_m2": held,
        "amount": int(standard - held) * 66000,
        "submitted_on": approved_on - dt.timedelta(days=rng.randint(6, 40)),
        "is_complete": True,
        "status": "已审批",
        "approved_on": approved_on,
    }
