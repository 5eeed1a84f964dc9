"""Safety as a report: inspections per estate, hazards by level, and the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhubao import policy
from zhubao.core.masking import mask_numbers
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.patrol import HazardLevel, SafetyHazard, SafetyInspection
from zhubao.patrol.safety.book import Hazard, SafetyBook, fixed_figure

_COUNT, _DATE, _CODE = ValueKind.COUNT, ValueKind.DATE, ValueKind.IDENTITY


def safety_report(
    book: SafetyBook,
    *,
    only_open: bool = False,
    bureau: str = "",
    origin: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> Report:
    """The report of `zhubao patrol safety`; `only_open` lists what is not repaired."""
    fixed = fixed_figure(book.found, book.period, book.as_of)
    return Report(
        code="patrol.safety",
        title="安全检查和隐患",
        bureau=bureau,
        as_of=book.as_of,
        period=book.period.title,
        tables=(_levels(book), _estates(book), _list(book, only_open=only_open)),
        notes=tuple(_notes(book, origin)),
        references=(policy.basis("patrol.hazard_report_days", book.as_of, overrides),),
        findings=(*book.loaded.findings, *book.findings),
        facts={
            "inspections": len(book.inspections),
            "hazards_found": fixed.denominator,
            "hazards_fixed": fixed.numerator,
            "hazards_open": fixed.denominator - fixed.numerator,
            "earlier_open": len(book.earlier_open),
            "overdue": sum(one.overdue for one in book.listed),
        },
    )


def _notes(book: SafetyBook, origin: str) -> Iterator[str]:
    source = f"（{origin}）" if origin else ""
    fixed = sum(one.fixed for one in book.found)
    yield (
        f"{book.period.title}检查 {len(book.inspections)} 次，发现隐患 {len(book.found)} 起，"
        f"已整改 {fixed} 起，未整改 {len(book.found) - fixed} 起，截至 {book.as_of}{source}"
    )
    if book.earlier_open:
        yield f"以前发现、还没有整改的另有 {len(book.earlier_open)} 起"
    if book.unfounded:
        yield f"不属实的 {book.unfounded} 起不计"
    if book.unread:
        yield f"有 {book.unread} 行必填项读不出，没有统计，请先运行 zhubao check"


def _levels(book: SafetyBook) -> Table:
    rows = []
    for level in HazardLevel:
        own = [one for one in book.found if one.level is level]
        if own:
            rows.append(Row((level.value, *_counts(book, own)), tuple(one.cell for one in own)))
    return Table(
        key="levels",
        title="期内发现的隐患",
        columns=(
            Column("level", "等级"),
            Column("found", "发现", _COUNT),
            Column("fixed", "已整改", _COUNT),
            Column("open", "未整改", _COUNT),
            Column("rate", "整改率", ValueKind.RATIO),
            Column("reported", "已上报", _COUNT),
            Column("overdue", "逾期", _COUNT),
        ),
        rows=rows,
        totals=("合计", *_counts(book, book.found)),
        summable=frozenset({"found", "fixed", "open", "reported", "overdue"}),
    )


def _counts(book: SafetyBook, hazards: Sequence[Hazard]) -> tuple[Any, ...]:
    fixed = fixed_figure(hazards, book.period, book.as_of)
    return (
        fixed.denominator,
        fixed.numerator,
        fixed.denominator - fixed.numerator,
        fixed.ratio,
        sum(one.reported_on is not None for one in hazards),
        sum(one.overdue for one in hazards),
    )


def _estates(book: SafetyBook) -> Table:
    table = book.loaded.get(SafetyInspection)
    estates, days = table.column("estate"), table.column("inspected_on")
    visited = {estates[index] for index in book.inspections}
    rows = []
    for name in sorted(visited | {one.estate for one in book.listed}):
        own = [index for index in book.inspections if estates[index] == name]
        hazards = [one for one in book.found if one.estate == name]
        still = [one for one in book.open if one.estate == name]
        last = max((days[index] for index in own), default=None)
        cells = (*(table.row_cell(i) for i in own), *(one.cell for one in hazards))
        rows.append(Row((name, len(own), last, len(hazards), len(still)), cells))
    return Table(
        key="estates",
        title="按小区",
        columns=(
            Column("estate", "小区"),
            Column("inspections", "检查次数", _COUNT),
            Column("last", "最近检查", _DATE),
            Column("found", "发现隐患", _COUNT),
            Column("open", "未整改", _COUNT, note="含以前发现的"),
        ),
        rows=rows,
        totals=("合计", len(book.inspections), None, len(book.found), len(book.open)),
        summable=frozenset({"inspections", "found", "open"}),
        shown=30,
    )


def _list(book: SafetyBook, *, only_open: bool) -> Table:
    table = book.loaded.get(SafetyHazard)
    rows = []
    for one in book.open if only_open else book.listed:
        row = table.row(one.index)
        values = (
            one.number,
            one.estate,
            row.place,
            mask_numbers(row.description),
            one.level.value,
            one.found,
            one.reported_to,
            one.reported_on,
            one.deadline,
            one.fixed_on,
            one.days,
            "已整改" if one.fixed else "未整改",
            "逾期" if one.overdue else None,
            row.responsible,
            mask_numbers(row.action or "") or None,
            row.inspection_no,
        )
        rows.append(Row(values, (one.cell,), "warning" if one.overdue and not one.fixed else ""))
    return Table(
        key="hazards",
        title="未整改的隐患" if only_open else "隐患明细（含以前发现、还没有整改的）",
        columns=(
            Column("hazard_no", "隐患编号", _CODE),
            Column("estate", "小区"),
            Column("place", "部位", level=3),
            Column("description", "隐患内容"),
            Column("level", "等级"),
            Column("found_on", "发现", _DATE),
            Column("reported_to", "上报单位", level=2),
            Column("reported_on", "上报", _DATE, 2),
            Column("deadline", "时限", _DATE, 2),
            Column("fixed_on", "整改", _DATE, 2),
            Column("days", "天数", _COUNT, note="发现至整改；没有整改的至截止日"),
            Column("state", "状态"),
            Column("overdue", "逾期", level=2),
            Column("responsible", "责任人", level=3),
            Column("action", "整改措施", level=3),
            Column("inspection_no", "检查编号", _CODE, 3),
        ),
        rows=rows,
        shown=30,
    )
