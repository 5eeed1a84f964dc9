"""The patrols of a period as a report: the figures, then month, kind, estate and visitor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.core.report import Chart, Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import PatrolVisit
from zhubao.patrol.visits import figures
from zhubao.patrol.visits.checks import check_visits
from zhubao.patrol.visits.figures import Figure
from zhubao.patrol.visits.groups import By, Group, visits_by
from zhubao.patrol.visits.rules import bases
from zhubao.patrol.visits.sources import cell_ranges

_COUNT, _RATIO = ValueKind.COUNT, ValueKind.RATIO
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Patrols:
    """The figures of a period, in the order shown, and the visits in groups."""

    period: Period
    as_of: dt.date
    figures: tuple[Figure, ...]
    groups: Mapping[By, tuple[Group, ...]]
    findings: tuple[Finding, ...]
    loaded: Loaded


def compute_patrols(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    *,
    latest: dt.date | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Patrols:
    """Every figure of the period; a visit after `latest` (default `as_of`) is in the future."""
    seen = figures.see(loaded, period, as_of, overrides)
    found = (
        figures.households_patrolled(seen),
        figures.patrol_coverage(seen),
        figures.key_households_revisited(seen),
        figures.visits_made(seen),
        figures.met_rate(seen),
        figures.problem_rate(seen),
        figures.key_visit_compliance(seen),
        figures.key_households_on_schedule(seen),
    )
    groups = {by: visits_by(seen, by) for by in By}
    checked = check_visits(loaded, latest or as_of, seen.homes)
    return Patrols(period, as_of, found, groups, checked, loaded)


def patrols_report(
    patrols: Patrols,
    *,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
    origin: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> Report:
    """The figures with numerator, denominator and cells; the groups; what is wrong with rows."""
    source = f"（{origin}）" if origin else ""
    day = min(patrols.period.end, patrols.as_of)
    tables = [_figures(patrols.figures)]
    tables += [_groups(patrols, by) for by in By]
    codes = ("patrol.repeat_visits", "patrol.key_visits")
    return Report(
        code="patrol.report",
        title="巡查走访统计",
        bureau=bureau,
        as_of=patrols.as_of,
        period=patrols.period.title,
        tables=tuple(tables),
        notes=(
            f"巡查计到 {day.isoformat()}{source}；家庭编号不在保障家庭表里的、没有日期的没有计入",
            "分列的户数在各行内不重复，一户在几行里都有的，各行各计一次",
            *(f"{one.title}：{one.definition}" for one in patrols.figures if one.ratio),
        ),
        references=bases(day, overrides, *codes),
        findings=(*findings, *patrols.findings),
        facts=_facts(patrols),
    )


def _facts(patrols: Patrols) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for one in patrols.figures:
        name = one.code.partition(".")[2]
        facts[name] = one.numerator
        if one.denominator is not None:
            facts[f"{name}_of"] = one.denominator
    return facts


def _figures(found: Sequence[Figure]) -> Table:
    rows = [
        Row(
            (one.title, one.numerator, one.denominator, one.ratio, one.unit, one.definition),
            (*one.cells, *one.base_cells),
        )
        for one in found
    ]
    return Table(
        key="figures",
        title="指标",
        columns=(
            Column("title", "指标"),
            Column("numerator", "数值", _COUNT, note="比率的分子"),
            Column("denominator", "分母", _COUNT),
            Column("ratio", "比率", _RATIO),
            Column("unit", "单位"),
            Column("definition", "口径", level=3),
        ),
        rows=rows,
    )


def _groups(patrols: Patrols, by: By) -> Table:
    groups = patrols.groups[by]
    rows = [Row((one.name, *_values(one)), _cells(patrols, one.rows)) for one in groups]
    charts = (Chart("column", "每月巡查次数", "name", ("visits",)),) if by is By.MONTH else ()
    return Table(
        key=by.name.lower(),
        title=f"按{by.value}",
        columns=_columns(by),
        rows=rows,
        charts=charts,
        shown=_SHOWN,
    )


def _values(group: Group) -> tuple[Any, ...]:
    return group.visits, group.households, group.key_visits, group.met, group.problems


def _cells(patrols: Patrols, rows: Sequence[int]) -> tuple[Cell, ...]:
    return cell_ranges(patrols.loaded.get(PatrolVisit), rows)


def _columns(by: By) -> tuple[Column, ...]:
    return (
        Column("name", by.value),
        Column("visits", "次数", _COUNT),
        Column("households", "户数", _COUNT),
        Column("key_visits", "重点对象次", _COUNT, note="访的是重点对象的次数"),
        Column("met", "见面率", _RATIO, note="是否见到为“是”的 ÷ 填了是否见到的"),
        Column("problems", "发现问题", _RATIO, 2, note="发现问题的 ÷ 填了是否发现问题的"),
    )
