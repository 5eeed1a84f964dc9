"""Rows of units.xlsx beside 房源: supply batches, pipeline, developers, dispatches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhubao.core.period import Month
from zhubao.demo.blueprint import Blueprint
from zhubao.demo.estates import UnitDraft, unit_row, unlettable_units
from zhubao.demo.names import DEVELOPERS, HEADQUARTERS, PROJECTS
from zhubao.demo.streams import shares, sorted_days, stream
from zhubao.demo.tenancy import Town
from zhubao.ledger import units

Row = dict[str, Any]
_BATCHES = {"社会合作房": 5, "团购商品房": 3, "限价商品房": 2, "公租房": 2}
_ENDED = len(DEVELOPERS) - 1  # the last developer's cooperation is over


def unit_workbook_rows(town: Town) -> dict[type, Any]:
    """Row model → rows of units.xlsx."""
    plan = town.plan
    kept_back = unlettable_units(plan)
    for unit in kept_back:
        unit.delivered_on = min(unit.delivered_on, plan.start.first_day)
    batches = list(batch_rows(plan))
    dispatches = list(dispatch_rows(plan, kept_back, batches))
    every = [*town.units, *kept_back]
    return {
        units.Unit: (unit_row(unit) for unit in every),
        units.SupplyBatch: iter(batches),
        units.PipelineProject: pipeline_rows(plan),
        units.Developer: developer_rows(plan),
        units.Dispatch: iter(dispatches),
    }


def developer_rows(plan: Blueprint) -> Iterator[Row]:
    """Rows of 合作开发商: all but one still cooperate at the end, for two or three months."""
    for index, name in enumerate(DEVELOPERS):
        start, end = _term(plan, index)
        ended = index == _ENDED
        yield {
            "developer_no": _developer_no(index),
            "name": name,
            "cooperation_start": start,
            "cooperation_end": end,
            "location": "二环外" if index % 2 else "三环外",
            "status": "已到期" if ended else "合作中",
        }


def batch_rows(plan: Blueprint) -> Iterator[Row]:
    """Rows of 房源筹集: each channel's units in several batches."""
    rng = stream(plan.seed, "supply")
    number = 0
    for channel, total in plan.counts.supply.items():
        count = min(_BATCHES[channel], total)
        parts = [part for part in shares(total, [3 + i % 3 for i in range(count)]) if part]
        days = sorted_days(rng, len(parts), plan.start.first_day, plan.as_of)
        for index, (part, day) in enumerate(zip(parts, days, strict=True)):
            number += 1
            commercial = channel in ("社会合作房", "团购商品房")
            ends_on = day + dt.timedelta(days=60 + index % 2 * 30)
            yield {
                "batch_no": f"CJ{number:04d}",
                "channel": channel,
                "developer_no": _developer_no(index) if commercial else None,
                "estate": None if commercial else plan.estates[number % len(plan.estates)].name,
                "unit_count": part,
                "raised_on": day,
                "cooperation_start": day if commercial else None,
                "cooperation_end": ends_on if commercial else None,
                "status": "已落实",
            }


def pipeline_rows(plan: Blueprint) -> Iterator[Row]:
    """Rows of 筹建项目."""
    yield {
        "project_no": "XM0001",
        "name": "长大公司地块定向限价商品房",
        "housing_type": "限价商品房",
        "expected_units": plan.counts.pipeline_units,
        "stage": "立项办理中",
        "city_approved_on": plan.end.plus(-1).first_day.replace(day=18),
        "remark": "市级已批复；预计套数为约数",
    }


def dispatch_rows(plan: Blueprint, kept_back: list[UnitDraft], batches: list[Row]) -> Iterator[Row]:
    """Rows of 房源调配: public rental units one by one, the rest in lots."""
    rng = stream(plan.seed, "dispatch")
    reserved = [unit for unit in kept_back if unit.status == "预留"]
    lots: list[tuple[str, int, UnitDraft | None]] = []
    for kind, total in plan.counts.dispatched.items():
        if kind == "公租房":
            lots += [(kind, 1, unit) for unit in reserved[:total]]
        else:
            parts = shares(total, [2 + i % 4 for i in range(min(9, total))])
            lots += [(kind, part, None) for part in parts if part]
    days = sorted_days(rng, len(lots), plan.start.first_day, plan.as_of)
    rng.shuffle(lots)
    left = {row["batch_no"]: row["unit_count"] for row in batches}
    for number, ((kind, count, unit), day) in enumerate(zip(lots, days, strict=True), 1):
        project = rng.choice(PROJECTS)
        if unit:
            unit.remark = f"已调配给{project}"
        yield {
            "dispatch_no": f"DP{number:04d}",
            "project": project,
            "headquarters": HEADQUARTERS.get(project),
            "housing_type": kind,
            "unit_no": unit.no if unit else None,
            "batch_no": _batch_for(batches, left, count, day) if kind == "商品房" else None,
            "unit_count": count,
            "frozen_on": max(plan.start.first_day, day - dt.timedelta(days=3)) if unit else None,
            "dispatched_on": day,
            "status": "已调配",
        }


def _batch_for(batches: list[Row], left: dict[str, int], count: int, day: dt.date) -> str | None:
    """The first batch raised by then with so many units left; takes them. None: not noted."""
    for row in batches:
        number: str = row["batch_no"]
        for_sale = row["channel"] in ("团购商品房", "限价商品房")
        if for_sale and row["raised_on"] <= day and left[number] >= count:
            left[number] -= count
            return number
    return None


def _term(plan: Blueprint, index: int) -> tuple[dt.date, dt.date]:
    """A cooperation of two or three months; only the last developer's is over."""
    months = 2 + index % 2
    first: Month = plan.end.plus(-5 if index == _ENDED else 0)
    start = first.first_day.replace(day=3 + index)
    return start, Month.containing(start).plus(months).first_day.replace(day=2 + index)


def _developer_no(index: int) -> str:
    return f"KF{index + 1:03d}"
