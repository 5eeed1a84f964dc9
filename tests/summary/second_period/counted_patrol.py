"""Patrols, violations and changes, campaigns, vacancy and safety, counted by their definitions."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from tests.summary.second_period.counted_homes import is_lived_in
from tests.summary.second_period.counting import Asked, Counted
from tests.summary.second_period.ledgers import Ledgers, Row, day, in_period

_OFTEN = 2  # visits that make "repeatedly"


def patrol(books: Ledgers, asked: Asked) -> Counted:
    """Visits and households visited; key households visited twice; households with a home."""
    visits = Counter(
        row["家庭编号"] for row in in_period(books.rows("巡查"), "巡查日期", asked.days)
    )
    keys = {row["家庭编号"] for row in books.rows("重点对象") if _is_listed(row, asked)}
    leases = books.rows("租赁合同")
    homes = {row["家庭编号"] for row in leases if is_lived_in(row, asked.day, leases)}
    often = sum(visits[number] >= _OFTEN for number in keys)
    return {
        "patrol.households": (len(visits), None),
        "patrol.visits": (sum(visits.values()), None),
        "patrol.key_households_revisited": (often, len(keys)),
        "patrol.coverage": (len(homes & set(visits)), len(homes)),
    }


def _is_listed(row: Row, asked: Asked) -> bool:
    """On at least one day of the period, from 列入日期 to the day before 移出日期."""
    listed, removed = day(row["列入日期"]), day(row["移出日期"])
    assert listed is not None
    return listed <= asked.day and (removed is None or removed > asked.first)


def cases(books: Ledgers, asked: Asked) -> Counted:
    """Cases found in the period that were not unfounded, and what of them is put right."""
    found = [
        row
        for row in in_period(books.rows("违规与变动"), "发现日期", asked.days)
        if row["整改状态"] != "不属实"
    ]
    return {
        "cases.violations": _households(found, "日常违规", asked.day),
        "cases.changes": _households(found, "情况变动", asked.day),
        "cases.rectification": (sum(_is_right(row, asked.day) for row in found), len(found)),
    }


def _households(found: list[Row], category: str, on: dt.date) -> tuple[int, int]:
    own = [row for row in found if row["类别"] == category]
    every = {row["家庭编号"] for row in own}
    still_open = {row["家庭编号"] for row in own if not _is_right(row, on)}
    return len(every - still_open), len(every)


def _is_right(row: Row, on: dt.date) -> bool:
    """Word and date both say so by the day."""
    done = day(row["整改日期"])
    return row["整改状态"] in ("已整改", "已销号") and done is not None and done <= on


def safety(books: Ledgers, asked: Asked) -> Counted:
    """Hazards found in the period that were not unfounded, and those repaired."""
    found = [
        row
        for row in in_period(books.rows("安全隐患"), "发现日期", asked.days)
        if row["整改状态"] != "不属实"
    ]
    return {"safety.hazards": (sum(_is_right(row, asked.day) for row in found), len(found))}


def checks(books: Ledgers, asked: Asked) -> Counted:
    """Estates with a campaign that ran in the period; units checked as idle."""
    estates = set()
    for row in books.rows("专项整治"):
        begun, ended = day(row["开始日期"]), day(row["结束日期"])
        assert begun is not None
        if row["进展"] != "计划" and begun <= asked.day and (ended is None or ended >= asked.first):
            estates.add(row["小区"])
    units = {row["房源编号"] for row in in_period(books.rows("空置核查"), "核查日期", asked.days)}
    return {"campaigns.estates": (len(estates), None), "vacancy.checked": (len(units), None)}
