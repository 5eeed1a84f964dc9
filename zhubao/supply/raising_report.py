"""房源筹集 as a report: channels, months, terms of cooperation, pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhubao import policy
from zhubao.core.report import Chart, Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.units import PipelineProject, SupplyChannel
from zhubao.supply.raising import Raised, Term, TermStage, developer_names

_COUNT, _DATE, _CODE = ValueKind.COUNT, ValueKind.DATE, ValueKind.IDENTITY
_HOT = {TermStage.EXPIRING: "warning", TermStage.EXPIRED: "error"}


def raised_report(
    raised: Raised,
    *,
    bureau: str = "",
    origin: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> Report:
    """The report; `origin` says where the cut-off date comes from."""
    return Report(
        code="supply.report",
        title=f"房源筹集（{raised.period.title}）",
        bureau=bureau,
        as_of=raised.as_of,
        period=raised.period.title,
        tables=(
            _channels(raised),
            _months(raised),
            _developers(raised),
            _batch_terms(raised),
            _pipeline(raised),
            _batches(raised),
        ),
        notes=_notes(raised, origin),
        references=(policy.basis("supply.expiring_days", raised.as_of, overrides),),
        findings=(*raised.loaded.findings, *raised.findings),
        facts=_facts(raised),
    )


def _facts(raised: Raised) -> dict[str, Any]:
    pipeline = raised.loaded.get(PipelineProject).column("expected_units")
    return {
        "raised": raised.units(raised.batches),
        "batches": len(raised.batches),
        "by_channel": {c.value: raised.units(raised.of_channel(c)) for c in SupplyChannel},
        "developers_cooperating": raised.cooperating,
        "developers_expiring": _in_stage(raised.developers, TermStage.EXPIRING),
        "developers_expired": _in_stage(raised.developers, TermStage.EXPIRED),
        "batches_expiring": _in_stage(raised.batch_terms, TermStage.EXPIRING),
        "batches_expired": _in_stage(raised.batch_terms, TermStage.EXPIRED),
        "pipeline_units": sum(pipeline[index] for index in raised.pipeline()),
        "rows_unread": raised.unread,
    }


def _notes(raised: Raised, origin: str) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    days = f"{raised.expiring_days} 日"
    months = sorted({term.months for term in raised.developers if term.is_going})
    span = f"，期限 {months[0]}—{months[-1]} 个月" if months else ""
    notes = [
        f"按筹集日期计入期间；合作期限看 {raised.as_of.isoformat()}{source}",
        f"还在合作的开发商 {raised.cooperating} 家{span}；"
        f"距截止日不超过 {days}（含）的列为即将到期",
    ]
    if raised.unread:
        notes.append(f"房源筹集表有 {raised.unread} 行读不出，没有计入")
    return tuple(notes)


def _channels(raised: Raised) -> Table:
    total = raised.units(raised.batches)
    rows = []
    for channel in SupplyChannel:
        batches = raised.of_channel(channel)
        units = raised.units(batches)
        cells = tuple(raised.table.cell(index, "unit_count") for index in batches)
        rows.append(Row((channel.value, len(batches), units, Ratio(units, total)), cells))
    return Table(
        key="channels",
        title="按渠道",
        columns=(
            Column("channel", "筹集渠道"),
            Column("batches", "批数", _COUNT),
            Column("units", "套数", _COUNT),
            Column("share", "占比", ValueKind.RATIO),
        ),
        rows=rows,
        totals=("合计", len(raised.batches), total, Ratio(total, total)),
        summable=frozenset({"batches", "units"}),
        charts=(Chart("bar", "各渠道筹集套数", "channel", ("units",)),),
    )


def _months(raised: Raised) -> Table:
    """A row per month of the period, the empty ones too."""
    counts = raised.by_month()
    channels = list(SupplyChannel)
    rows = []
    for month in raised.period.months():
        units = [counts[month, channel] for channel in channels]
        rows.append(Row((month, *units, sum(units))))
    totals = [raised.units(raised.of_channel(channel)) for channel in channels]
    return Table(
        key="months",
        title="按月份（套）",
        columns=(
            Column("month", "月份", ValueKind.MONTH),
            *(Column(channel.name.lower(), channel.value, _COUNT) for channel in channels),
            Column("total", "合计", _COUNT),
        ),
        rows=rows,
        totals=("合计", *totals, sum(totals)),
        summable=frozenset({*(channel.name.lower() for channel in channels), "total"}),
        shown=24,
        charts=(
            Chart(
                "column",
                "各月筹集套数",
                "month",
                tuple(channel.name.lower() for channel in channels),
                stacked=True,
            ),
        ),
    )


def _developers(raised: Raised) -> Table:
    return Table(
        key="developers",
        title="合作开发商",
        columns=(
            Column("developer_no", "编号", _CODE),
            Column("name", "开发商"),
            *_TERM,
        ),
        rows=[_term_row(term, (term.number, term.name)) for term in _by_end(raised.developers)],
    )


def _batch_terms(raised: Raised) -> Table:
    rows = [
        _term_row(term, (term.number, term.name or None, term.units))
        for term in _by_end(raised.batch_terms)
    ]
    return Table(
        key="batch_terms",
        title="有合作期限的批次",
        columns=(
            Column("batch_no", "批号", _CODE),
            Column("name", "开发商"),
            Column("units", "套数", _COUNT, 2),
            *_TERM,
        ),
        rows=rows,
        shown=15,
    )


def _by_end(terms: tuple[Term, ...]) -> list[Term]:
    """Those still to act on first, by their last day; the ended ones behind, the latest first."""

    def key(term: Term) -> tuple[bool, int, str]:
        ended = term.stage is TermStage.EXPIRED
        return ended, abs(term.days_left), term.number

    return sorted(terms, key=key)


def _term_row(term: Term, head: tuple[Any, ...]) -> Row:
    values = (*head, term.start, term.end, term.months, term.days_left, term.stage.value)
    return Row(values, (term.cell,), _HOT.get(term.stage, ""))


def _pipeline(raised: Raised) -> Table:
    table = raised.loaded.get(PipelineProject)
    names = ("project_no", "name", "housing_type", "expected_units", "stage", "city_approved_on")
    rows, expected = [], 0
    for index in raised.pipeline():
        values = tuple(table.column(name)[index] for name in (*names, "expected_on"))
        expected += table.column("expected_units")[index]
        rows.append(Row(values, (table.cell(index, "expected_units"),)))
    return Table(
        key="pipeline",
        title="筹建项目",
        columns=(
            Column("project_no", "编号", _CODE, 2),
            Column("name", "项目"),
            Column("housing_type", "房源类型"),
            Column("units", "预计套数", _COUNT, note="约数，以批复和建成为准"),
            Column("stage", "阶段"),
            Column("approved_on", "市级批复", _DATE, 2),
            Column("expected_on", "预计交付", _DATE, 2),
        ),
        rows=rows,
        totals=(None, "合计", None, expected, None, None, None),
        summable=frozenset({"units"}),
        notes=("预计套数是约数，没有计入已筹集的套数；筹建项目按台账现状列出，不能回放",),
    )


def _batches(raised: Raised) -> Table:
    table, names = raised.table, developer_names(raised.loaded)
    rows = []
    for index in raised.batches:
        developer = table.column("developer_no")[index]
        values = (
            table.column("batch_no")[index],
            table.column("channel")[index].value,
            names.get(developer, developer),
            table.column("estate")[index],
            table.column("unit_count")[index],
            table.column("raised_on")[index],
            table.column("status")[index],
        )
        rows.append(Row(values, (table.row_cell(index),)))
    return Table(
        key="batches",
        title="本期各批",
        columns=(
            Column("batch_no", "批号", _CODE),
            Column("channel", "筹集渠道"),
            Column("developer", "开发商"),
            Column("estate", "小区"),
            Column("units", "套数", _COUNT),
            Column("raised_on", "筹集日期", _DATE),
            Column("status", "状态"),
        ),
        rows=rows,
        totals=("合计", None, None, None, raised.units(raised.batches), None, None),
        summable=frozenset({"units"}),
        shown=0,
    )


def _in_stage(terms: tuple[Term, ...], stage: TermStage) -> int:
    return sum(term.stage is stage for term in terms)


_TERM = (
    Column("start", "合作开始", _DATE, 2),
    Column("end", "合作截止", _DATE),
    Column("months", "月数", _COUNT, note="合作期限的整月数，首尾两日都计入"),
    Column("left", "剩余天数", _COUNT, note="负数是已过期的天数"),
    Column("stage", "期限状态"),
)
