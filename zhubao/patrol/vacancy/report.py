"""The check list and the checks made, as a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from zhubao import policy
from zhubao.core.period import Period
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.patrol import VacancyReason, VacancyResult, VacancyStatus
from zhubao.ledger.units import Unit
from zhubao.patrol.cases.report import shown_names
from zhubao.patrol.vacancy.checks import CheckFigures, check_figures
from zhubao.patrol.vacancy.leads import Lead, LeadList
from zhubao.patrol.vacancy.signs import signs_after

_COUNT, _DATE, _CODE = ValueKind.COUNT, ValueKind.DATE, ValueKind.IDENTITY
_BLANKS = (("seen", "现场情况"), ("utilities", "水电用量"), ("neighbours", "邻里反映"))


def vacancy_report(
    result: LeadList,
    period: Period,
    *,
    bureau: str = "",
    origin: str = "",
    on_paper: bool = False,
    overrides: Mapping[str, Any] | None = None,
) -> Report:
    """The leads on the day, and the checks of the period. `on_paper` adds columns to fill in."""
    figures = check_figures(result.loaded, period, result.as_of, units=_units(result))
    codes = ("lease.idle_months", "patrol.failed_visits", "patrol.elderly_age")
    return Report(
        code="patrol.vacancy",
        title="空置和疑似死亡核查",
        bureau=bureau,
        as_of=result.as_of,
        period=period.title,
        tables=(
            _leads(result, on_paper=on_paper),
            _counts(figures),
            _checks(result, figures),
            *_paying(result),
        ),
        notes=tuple(_notes(result, figures, period, origin)),
        references=tuple(policy.basis(code, result.as_of, overrides) for code in codes),
        findings=result.loaded.findings,
        facts=_facts(result, figures),
    )


def _units(result: LeadList) -> frozenset[str] | None:
    """The units of the estate asked for; None for all."""
    if not result.estate:
        return None
    table = result.loaded.get(Unit)
    pairs = zip(table.column("unit_no"), table.column("estate"), strict=True)
    return frozenset(unit for unit, estate in pairs if unit and estate == result.estate)


def _notes(result: LeadList, figures: CheckFigures, period: Period, origin: str) -> Iterator[str]:
    source = f"（{origin}）" if origin else ""
    only = f"{result.estate}：" if result.estate else ""
    several = sum(len(lead.evidence) >= 2 for lead in result.leads)
    under_way = len(result.leads) - len(result.new)
    yield (
        f"{only}在租 {result.let:,} 套中有疑点 {len(result.leads)} 套，其中两项以上证据的 "
        f"{several} 套，已在核查的 {under_way} 套，截至 {result.as_of}{source}"
    )
    yield (
        f"疑点不是结论，要上门核查。空置：最后一次见到住户或收到租金以后满 {result.months} 个整月"
        "（含），并有租金、上户或以前核查的证据；见到人或收到租金即重新起算"
    )
    yield "疑似死亡：承租人登记了死亡日期，或达到核查年龄而一直没有人见到本人"
    yield f"{period.title}核查 {figures.checked.numerator} 套（{figures.checked.denominator} 行）"
    if result.paying:
        yield (
            f"另有 {len(result.paying)} 套几次上户都无人居住、而租金照缴，"
            "按规则不列为疑点，见“无人居住而照常缴租”"
        )


def _leads(result: LeadList, *, on_paper: bool) -> Table:
    names = shown_names(result.loaded)
    blanks = _BLANKS if on_paper else ()
    rows = [
        Row(
            (*_lead_values(number, lead, names.get(lead.household)), *(None for _ in blanks)),
            lead.cells,
            "warning" if len(lead.evidence) >= 2 else "",
        )
        for number, lead in enumerate(result.leads, 1)
    ]
    return Table(
        key="leads",
        title="核查清单（疑点）",
        columns=_lead_columns(on_paper=on_paper),
        rows=rows,
        shown=50,
        signatures=("核查人", "复核人", "日期") if on_paper else (),
    )


def _lead_columns(*, on_paper: bool) -> tuple[Column, ...]:
    """On paper the sentence instead of the few words, and room to write."""
    few, sentence = (3, 2) if on_paper else (1, 3)
    return (
        Column("number", "序号", _COUNT, 2),
        Column("unit_no", "房源编号", _CODE),
        Column("estate", "小区"),
        Column("household_no", "家庭编号", _CODE),
        Column("name", "承租人", level=3),
        Column("reason", "原因", level=2),
        Column("months", "整月", _COUNT, note="最后一次见到人或收到租金至截止日期"),
        Column("evidence", "证据", level=few),
        Column("sign", "最后的迹象", level=max(2, few)),
        Column("check_no", "核查编号", _CODE, few, note="已在核查的"),
        Column("explanation", "说明", level=sentence, width=44 if on_paper else None),
        Column("cells", "证据单元格", level=3),
        *(Column(key, title, level=2, width=10) for key, title in _BLANKS if on_paper),
    )


def _lead_values(number: int, lead: Lead, name: str | None) -> tuple[Any, ...]:
    return (
        number,
        lead.unit,
        lead.estate or None,
        lead.household,
        name,
        "空置" if lead.reason is VacancyReason.IDLE else lead.reason.value,
        lead.months,
        "、".join(one.short for one in lead.evidence),
        lead.sign.words,
        lead.check.number if lead.check else None,
        lead.explanation,
        "、".join(str(cell) for cell in lead.cells),
    )


def _counts(figures: CheckFigures) -> Table:
    total = figures.checked.numerator
    groups: tuple[tuple[str, str, type[StrEnum]], ...] = (
        ("原因", "reason", VacancyReason),
        ("结果", "result", VacancyResult),
        ("状态", "status", VacancyStatus),
    )
    rows = []
    for label, field, kind in groups:
        for member in kind:
            own = [one.cell for one in figures.units if getattr(one, field) is member]
            if own:
                values = (label, member.value, len(own), Ratio(len(own), total))
                rows.append(Row(values, tuple(own)))
    closed = figures.closed
    rows.append(Row(("办结", "已办结", closed.numerator, closed.ratio), closed.base))
    return Table(
        key="counts",
        title="期内核查（套）",
        columns=(
            Column("group", "按"),
            Column("value", "项目"),
            Column("units", "套数", _COUNT),
            Column("share", "占比", ValueKind.RATIO),
        ),
        rows=rows,
        notes=("同一套核查几次的，按最后一次算一套",),
    )


def _checks(result: LeadList, figures: CheckFigures) -> Table:
    later = signs_after(result.loaded, figures.rows, result.as_of)
    rows = []
    for one in figures.rows:
        sign = later.get(one.index)
        values = (
            one.number,
            one.unit,
            one.household or None,
            one.reason.value,
            one.day,
            one.result.value,
            one.status.value,
            one.closed_on,
            (result.as_of - one.day).days if one.is_open else None,
            sign.words if sign and one.is_open else None,
        )
        cells = (one.cell, sign.cell) if sign else (one.cell,)
        rows.append(Row(values, cells))
    waiting = sum(one.is_open and one.index in later for one in figures.rows)
    note = f"没有办结而核查之后见到人或收到租金的 {waiting} 起，请核对是否可以办结"
    return Table(
        key="checks",
        title="期内核查明细",
        columns=(
            Column("check_no", "核查编号", _CODE),
            Column("unit_no", "房源编号", _CODE),
            Column("household_no", "家庭编号", _CODE, 2),
            Column("reason", "原因", level=2),
            Column("checked_on", "核查日期", _DATE),
            Column("result", "结果"),
            Column("status", "状态"),
            Column("closed_on", "办结", _DATE, 2),
            Column("open_days", "未办结天数", _COUNT, 2),
            Column("later", "核查以后", level=2, note="核查日期以后见到人或收到租金"),
        ),
        rows=rows,
        notes=(note,) if waiting else (),
        shown=10,
    )


def _paying(result: LeadList) -> tuple[Table, ...]:
    if not result.paying:
        return ()
    rows = [Row((unit, household, len(cells)), cells) for unit, household, cells in result.paying]
    columns = (
        Column("unit_no", "房源编号", _CODE),
        Column("household_no", "家庭编号", _CODE),
        Column("visits", "无人居住次数", _COUNT),
    )
    return (Table("paying", "无人居住而照常缴租", columns, rows, shown=10),)


def _facts(result: LeadList, figures: CheckFigures) -> dict[str, Any]:
    return {
        "let": result.let,
        "leads": len(result.leads),
        "new_leads": len(result.new),
        "limit_months": result.months,
        "checked_units": figures.checked.numerator,
        "checked_rows": figures.checked.denominator,
        "closed_units": figures.closed.numerator,
        "by_reason": {key.value: count for key, count in figures.by_reason.items()},
        "by_result": {key.value: count for key, count in figures.by_result.items()},
        "by_status": {key.value: count for key, count in figures.by_status.items()},
    }
