"""The sample's deliberate mistakes: what `zhubao check` has to show on the sample, and no more.

All of them are warnings at most, so that the main job runs on the sample, and none touches a
figure of the half-year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge
from zhubao.ledger.tenants import Household, Lease, Member

Row = dict[str, Any]
STRAY_COLUMN = "钥匙编号"  # a column of the clerk's own at the end of units.xlsx!房源
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One row made wrong: the `skip`-th row of the sheet that is like `where`."""

    code: str  # the finding it leads to
    model: type
    skip: int
    where: Callable[[Row], bool]
    change: Callable[[Row], Row]


def _in_force(row: Row) -> bool:
    return bool(row["status"] == "履行中" and row["starts_on"].year in (2016, 2017, 2018))


def _five_years(row: Row) -> bool:
    return bool(_in_force(row) and (row["ends_on"] - row["starts_on"]).days > 1800)


def _six_years(row: Row) -> Row:
    return {**row, "ends_on": Month.containing(row["ends_on"]).plus(12).last_day}


def _past_its_end(row: Row) -> Row:
    start = dt.date(2015, 6, 1)
    signed = start - 12 * _DAY
    dates = {"starts_on": start, "ends_on": dt.date(2020, 5, 31), "moved_in_on": start}
    return {**row, **dates, "signed_on": signed, "filed_on": signed + 20 * _DAY}


MISTAKES = (
    Mistake(
        "LG-326",
        Household,
        40,
        lambda row: row["status"] == "在保",
        lambda row: {**row, "size": row["size"] + 1},
    ),
    Mistake(
        "LG-323",
        Member,
        120,
        lambda row: row["birth_date"].day < 28,
        lambda row: {**row, "birth_date": row["birth_date"] + _DAY},
    ),
    Mistake(
        "LG-324",
        Member,
        260,
        lambda row: row["sex"] == "女",
        lambda row: {**row, "sex": "男"},
    ),
    Mistake("LG-304", Lease, 60, _five_years, _six_years),
    Mistake("LG-305", Lease, 90, _five_years, _past_its_end),
    Mistake(
        "LG-310",
        Lease,
        120,
        _in_force,
        lambda row: {**row, "filed_on": row["signed_on"] + 46 * _DAY},
    ),
    Mistake(
        "LG-341",
        Charge,
        2500,
        lambda row: row["reduction"] is None,
        lambda row: {**row, "standard": row["standard"] + 30},
    ),
)


def with_mistakes(model: type, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of a sheet with its mistakes made."""
    pending = {mistake: mistake.skip for mistake in MISTAKES if mistake.model is model}
    for row in rows:
        for mistake, left in list(pending.items()):
            if mistake.where(row):
                pending[mistake] = left - 1
                if left == 0:
                    row = mistake.change(row)
                    del pending[mistake]
        yield row
    if pending:
        raise ValueError(f"no row to make wrong: {[mistake.code for mistake in pending]}")
