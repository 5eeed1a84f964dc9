"""Vacant units as a report: totals by estate, and the list with days and whole months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhubao import policy
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.units import Unit
from zhubao.supply.occupancy import BLANK
from zhubao.supply.vacancy import Vacancies, Vacancy

_COUNT, _DATE, _CODE = ValueKind.COUNT, ValueKind.DATE, ValueKind.IDENTITY


def vacancy_report(
    result: Vacancies,
    *,
    bureau: str = "",
    origin: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> Report:
    """The vacant units on the day, the longest first."""
    long = sum(result.is_long(one) for one in result.vacancies)
    return Report(
        code="units.vacant",
        title="空置房源",
        bureau=bureau,
        as_of=result.as_of,
        tables=(_estates(result), _list(result)),
        notes=_notes(result, origin, long),
        references=(policy.basis("lease.idle_months", result.as_of, overrides),),
        findings=(*result.loaded.findings, *result.findings),
        facts={
            "vacant": len(result.vacancies),
            "long": long,
            "unknown_since": sum(one.since is None for one in result.vacancies),
            "lettable": sum(result.lettable.values()),
            "limit_months": result.limit_months,
        },
    )


def _notes(result: Vacancies, origin: str, long: int) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    listed = f"只列空置满 {result.min_months} 个月的；" if result.min_months else ""
    return (
        f"{listed}空置 {len(result.vacancies):,} 套，其中连续空置满 {result.limit_months} 个月"
        f"（含）的 {long:,} 套，截至 {result.as_of.isoformat()}{source}",
        "起算日取空置起始日、上一份合同退租或到期、调配退回、交付日期中最晚的一个；"
        "月数是连续的整月，从某日到同日算一个月；"
        "现在装修中、预留、已处置的，回放过去也不列",
        "这里是没有租出去的房源；第二十七条说的是租出去而连续闲置的，"
        "由空置核查另查，这里只借用它的月数作标记",
    )


def _estates(result: Vacancies) -> Table:
    estates = result.loaded.get(Unit).column("estate")
    groups: dict[str, list[Vacancy]] = {name: [] for name in sorted(result.lettable)}
    for one in result.vacancies:
        groups[str(estates[one.standing.index] or "")].append(one)
    rows = []
    for name, group in groups.items():
        counts = _counts(result, group, result.lettable[name])
        rows.append(Row((name or BLANK, *counts), _cells(group)))
    totals = _counts(result, list(result.vacancies), sum(result.lettable.values()))
    return Table(
        key="estates",
        title="按小区",
        columns=(
            Column("estate", "小区"),
            Column("lettable", "可出租", _COUNT),
            Column("vacant", "空置", _COUNT),
            Column("share", "占比", ValueKind.RATIO),
            Column("long", f"满{result.limit_months}个月", _COUNT),
            Column("longest", "最长天数", _COUNT),
        ),
        rows=rows,
        totals=("合计", *totals),
        summable=frozenset({"lettable", "vacant", "long"}),
        shown=30,
    )


def _counts(result: Vacancies, group: list[Vacancy], lettable: int) -> tuple[Any, ...]:
    long = sum(result.is_long(one) for one in group)
    longest = max((one.days for one in group if one.days is not None), default=None)
    return lettable, len(group), Ratio(len(group), lettable), long, longest


def _cells(group: list[Vacancy]) -> tuple[Any, ...]:
    return tuple(one.cells[0] for one in group)


def _list(result: Vacancies) -> Table:
    units, rows = result.loaded.get(Unit), []
    for number, one in enumerate(result.vacancies, 1):
        index = one.standing.index
        fields = ("unit_no", "estate", "ownership", "layout", "billed_area_m2")
        values = [units.column(name)[index] for name in fields]
        long = result.is_long(one)
        row = (number, *values, one.since, one.days, one.months, one.origin or None)
        rows.append(Row(row, one.cells, "warning" if long else ""))
    return Table(
        key="vacant",
        title="空置房源",
        columns=(
            Column("number", "序号", _COUNT, 2),
            Column("unit_no", "房源编号", _CODE),
            Column("estate", "小区"),
            Column("ownership", "产权", level=2),
            Column("layout", "户型"),
            Column("area", "计租面积", ValueKind.NUMBER, 2),
            Column("since", "起算日", _DATE),
            Column("days", "天数", _COUNT),
            Column("months", "整月", _COUNT),
            Column("origin", "起算依据", level=2),
        ),
        rows=rows,
        shown=30,
    )
