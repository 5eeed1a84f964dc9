"""Campaigns as a report: before and after per estate, and what the rows say of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.patrol.campaigns import CampaignLine, Campaigns

_COUNT, _DATE, _RATIO = ValueKind.COUNT, ValueKind.DATE, ValueKind.RATIO


def campaign_report(result: Campaigns, *, bureau: str = "", origin: str = "") -> Report:
    """The report of `zhubao patrol campaigns`."""
    before, after = _sums(result.lines)
    source = f"（{origin}）" if origin else ""
    notes = [
        f"{result.period.title}开展专项整治 {len(result.lines)} 次，"
        f"涉及 {len(result.estates)} 个小区：{'、'.join(result.estates) or '—'}；"
        f"截至 {result.as_of}{source}",
        "整改率＝（整治前－整治后）÷整治前，按登记的户数；"
        "“明细”各列按填了整治编号的巡查、违规与变动各行另算，不一致的列在后面",
    ]
    if result.unread:
        notes.append(f"有 {result.unread} 行必填项读不出，没有列入，请先运行 zhubao check")
    return Report(
        code="patrol.campaigns",
        title="专项整治",
        bureau=bureau,
        as_of=result.as_of,
        period=result.period.title,
        tables=(_registered(result), _proof(result)),
        notes=tuple(notes),
        findings=(*result.loaded.findings, *result.findings),
        facts={
            "campaigns": len(result.lines),
            "estates": list(result.estates),
            "visited_households": _total(line.row.visited_households for line in result.lines),
            "watches": _total(line.row.watch_count for line in result.lines),
            "violations_before": before,
            "violations_after": after,
        },
    )


def _registered(result: Campaigns) -> Table:
    rows = [Row(_registered_values(line), (line.cell,)) for line in result.lines]
    return Table(
        key="campaigns",
        title="整治前后（登记数）",
        columns=(
            Column("estate", "小区"),
            Column("campaign_no", "整治编号", ValueKind.IDENTITY, 2),
            Column("subject", "内容", level=2),
            Column("started_on", "开始", _DATE),
            Column("ended_on", "结束", _DATE, 2),
            Column("publicity", "宣传", _COUNT, 2),
            Column("visited", "入户", _COUNT, note="户"),
            Column("watches", "蹲点", _COUNT, note="次"),
            Column("before", "整治前", _COUNT, note="违规户数"),
            Column("after", "整治后", _COUNT, note="违规户数"),
            Column("rate", "整改率", _RATIO, note="（整治前－整治后）÷整治前；两个数都登记的才算"),
            Column("status", "进展", level=2),
            Column("result", "效果", level=3),
        ),
        rows=rows,
        totals=_totals(result) if rows else None,
        summable=frozenset({"publicity", "visited", "watches", "before", "after"}),
    )


def _registered_values(line: CampaignLine) -> tuple[Any, ...]:
    row = line.row
    return (
        row.estate,
        row.campaign_no,
        row.subject,
        row.started_on,
        row.ended_on,
        row.publicity_count,
        row.visited_households,
        row.watch_count,
        row.violations_before,
        row.violations_after,
        line.rate,
        row.status.value,
        row.result,
    )


def _totals(result: Campaigns) -> tuple[Any, ...]:
    before, after = _sums(result.lines)
    return (
        "合计",
        *(None,) * 4,
        _total(line.row.publicity_count for line in result.lines),
        _total(line.row.visited_households for line in result.lines),
        _total(line.row.watch_count for line in result.lines),
        _total(line.row.violations_before for line in result.lines),
        _total(line.row.violations_after for line in result.lines),
        Ratio(before - after, before),
        None,
        None,
    )


def _proof(result: Campaigns) -> Table:
    rows = [
        Row(_proof_values(line), (line.cell, *line.row_cells), _emphasis(line))
        for line in result.lines
    ]
    return Table(
        key="proof",
        title="登记数与明细",
        columns=(
            Column("estate", "小区"),
            Column("campaign_no", "整治编号", ValueKind.IDENTITY),
            Column("visited", "登记入户", _COUNT),
            Column("visited_rows", "明细入户", _COUNT, note="巡查表里填了整治编号的户数"),
            Column("visits", "巡查次数", _COUNT, 2),
            Column("before", "登记前", _COUNT),
            Column("found", "明细前", _COUNT, note="违规与变动表里填了整治编号的户数"),
            Column("after", "登记后", _COUNT),
            Column("left", "明细后", _COUNT, note="整治结束时还没有整改的户数"),
            Column("row_rate", "明细整改率", _RATIO, 2),
            Column("unlinked", "未挂", _COUNT, 2, note="同小区整治期间没有填整治编号的违规与变动"),
        ),
        rows=rows,
    )


def _proof_values(line: CampaignLine) -> tuple[Any, ...]:
    row = line.row
    return (
        row.estate,
        row.campaign_no,
        row.visited_households,
        line.visited,
        line.visits,
        row.violations_before,
        line.found,
        row.violations_after,
        line.left,
        line.row_rate,
        line.unlinked,
    )


def _emphasis(line: CampaignLine) -> str:
    row = line.row
    pairs = (
        (row.visited_households, line.visited),
        (row.violations_before, line.found),
        (row.violations_after, line.left),
    )
    return "warning" if any(said not in (None, rows) for said, rows in pairs) else ""


def _total(numbers: Iterable[int | None]) -> int:
    return sum(number or 0 for number in numbers)


def _sums(lines: Iterable[CampaignLine]) -> tuple[int, int]:
    """(before, after) of the campaigns that have both."""
    both = [line.row for line in lines if line.rate is not None]
    before = _total(row.violations_before for row in both)
    return before, _total(row.violations_after for row in both)
