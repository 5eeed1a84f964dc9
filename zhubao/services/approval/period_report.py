"""`approval report`: counts by kind and result, durations by stage, street, community, officer."""

from __future__ import annotations

from collections import Counter
from typing import Any

from zhubao.core.background import paused_gc
from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.core.report import Chart, Column, Report, Row, Table, ValueKind
from zhubao.ledger.services import ApprovalKind, ApprovalResult
from zhubao.services.approval.figures import (
    Count,
    Rate,
    Spread,
    one_visit_rate,
    online_rate,
    settled_count,
    stage_spread,
)
from zhubao.services.approval.files import CLOSED, Files, Standing
from zhubao.services.approval.groups import by_community, by_street
from zhubao.services.approval.halfdays import in_days, say_days
from zhubao.services.approval.period_tables import (
    SPREAD_COLUMNS,
    officers_table,
    outside_table,
    places_table,
    spread_values,
)
from zhubao.services.approval.rules import RULE_NOTE, Stage

_COUNT, _DAYS, _RATIO = ValueKind.COUNT, ValueKind.NUMBER, ValueKind.RATIO
_RESULTS = (ApprovalResult.APPROVED, ApprovalResult.REFUSED, ApprovalResult.WITHDRAWN)


@paused_gc()
def period_report(
    files: Files,
    period: Period,
    findings: tuple[Finding, ...],
    *,
    bureau: str = "",
    origin: str = "",
    detail: bool = False,
) -> Report:
    """The period's figures. `findings` are those of `check_files`; `origin` of the cut-off date.

    `detail` adds every moment outside working time.
    """
    counts = {
        (kind, result): settled_count(files.loaded, period, files.as_of, kind=kind, result=result)
        for kind in ApprovalKind
        for result in _RESULTS
    }
    spreads = {stage: stage_spread(files, period, stage) for stage in Stage}
    rates = {
        "最多跑一次": one_visit_rate(files.loaded, period, files.as_of),
        "联网办理": online_rate(files.loaded, period, files.as_of),
    }
    return Report(
        code="approval.report",
        title=f"审批统计（{period.title}）",
        bureau=bureau,
        as_of=files.as_of,
        period=period.title,
        tables=(
            _kinds(files, counts),
            _rates(rates),
            _stages(files, spreads),
            places_table("streets", "按街道", by_street(files, period)),
            places_table("communities", "按社区", by_community(files, period)),
            officers_table(files, period),
            *([outside_table(files)] if detail else []),
        ),
        notes=_notes(files, period, spreads, origin),
        references=files.clock.rules.references(files.as_of),
        findings=(*files.loaded.findings, *findings),
        facts=_facts(files, counts, spreads, rates),
    )


def _facts(
    files: Files,
    counts: dict[tuple[ApprovalKind, ApprovalResult], Count],
    spreads: dict[Stage, Spread],
    rates: dict[str, Rate],
) -> dict[str, Any]:
    district = spreads[Stage.DISTRICT]
    standings = Counter(run.standing for _, run in files.runs())
    return {
        "approved": {k.value: counts[k, ApprovalResult.APPROVED].value for k in ApprovalKind},
        "refused": {k.value: counts[k, ApprovalResult.REFUSED].value for k in ApprovalKind},
        "withdrawn": {k.value: counts[k, ApprovalResult.WITHDRAWN].value for k in ApprovalKind},
        "one_visit": rates["最多跑一次"].ratio,
        "one_visit_blank": rates["最多跑一次"].blank,
        "online": rates["联网办理"].ratio,
        "online_blank": rates["联网办理"].blank,
        "district_decided": district.count,
        "district_median_days": in_days(district.median),
        "district_mean_days": in_days(district.mean),
        "district_max_days": in_days(district.longest),
        "district_within_limit": district.within,
        "open_past_limit": standings[Standing.PAST],
        "paused": standings[Standing.PAUSED],
        "rows_unread": files.unread,
    }


def _notes(
    files: Files, period: Period, spreads: dict[Stage, Spread], origin: str
) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    district = spreads[Stage.DISTRICT]
    notes = [
        f"件数按办结日期、用时按各级办结时间计入 {period.label}；在办看 {files.as_of}{source}",
        RULE_NOTE,
        f"区级办结 {district.count:,} 件，中位 {say_days(district.median)}，"
        f"最长 {say_days(district.longest)}",
        "最多跑一次＝跑动次数不超过 1 的÷填了跑动次数的；分母是通过、不通过的，空白的不计入",
    ]
    unmeasured = sum(spread.unmeasured for spread in spreads.values())
    if unmeasured:
        notes.append(f"有 {unmeasured:,} 级次缺收件时间或时间颠倒，没有计算用时")
    undated = sum(one.result in CLOSED and one.settled_on is None for one in files.files)
    if undated:
        notes.append(f"有结果而没有办结日期的 {undated:,} 件，没有计入任何期间")
    if files.unread:
        notes.append(f"审批表有 {files.unread:,} 行读不出，没有计入")
    return tuple(notes)


def _kinds(files: Files, counts: dict[tuple[ApprovalKind, ApprovalResult], Count]) -> Table:
    waiting: dict[str, list[Cell]] = {kind: [] for kind in ApprovalKind}
    for file in files.files:
        if file.result not in CLOSED:
            waiting[file.kind].append(files.cell(file, "result"))
    rows = []
    for kind in ApprovalKind:
        own = [counts[kind, result] for result in _RESULTS]
        values = [count.value for count in own]
        settled = values[0] + values[1]
        row = (kind.value, *values, settled, len(waiting[kind]), own[0].amount or None)
        cells = (*(cell for count in own for cell in count.cells), *waiting[kind])
        rows.append(Row(row, cells))
    totals = [sum(row.values[place] or 0 for row in rows) for place in range(1, 7)]
    return Table(
        key="kinds",
        title="按事项",
        columns=(
            Column("kind", "审批事项"),
            Column("approved", "通过", _COUNT),
            Column("refused", "不通过", _COUNT),
            Column("withdrawn", "撤回", _COUNT),
            Column("settled", "办结", _COUNT, note="通过与不通过之和"),
            Column("waiting", "在办", _COUNT, note=f"截至 {files.as_of}，含补正"),
            Column("amount", "核定金额", ValueKind.MONEY, 2, note="通过的合计"),
        ),
        rows=rows,
        totals=("合计", *totals),
        summable=frozenset({"approved", "refused", "withdrawn", "settled", "waiting", "amount"}),
        charts=(Chart("bar", "各事项通过件数", "kind", ("approved",)),),
    )


def _rates(rates: dict[str, Rate]) -> Table:
    rows = [
        Row(
            (name, rate.ratio, rate.ratio.numerator, rate.ratio.denominator, rate.blank),
            rate.cells,
        )
        for name, rate in rates.items()
    ]
    return Table(
        key="rates",
        title="最多跑一次、联网办理",
        columns=(
            Column("name", "指标"),
            Column("rate", "比率", _RATIO),
            Column("numerator", "件数", _COUNT),
            Column("denominator", "填了的办结件", _COUNT),
            Column("blank", "空白", _COUNT, note="办结了而这一列没有填的，不在分母里"),
        ),
        rows=rows,
    )


def _stages(files: Files, spreads: dict[Stage, Spread]) -> Table:
    open_cells: dict[Stage, list[Cell]] = {stage: [] for stage in Stage}
    past: Counter[Stage] = Counter()
    for file, run in files.runs():
        if run.is_open:
            open_cells[run.stage].append(files.cell(file, run.stage.received))
            past[run.stage] += run.standing.is_past
    rows = []
    for stage, spread in spreads.items():
        limit = files.clock.rules.limit(stage, None, files.as_of)
        waiting = open_cells[stage]
        row = (stage.value, in_days(limit), *spread_values(spread), len(waiting), past[stage])
        rows.append(Row(row, (*spread.cells, *waiting), "warning" if past[stage] else ""))
    return Table(
        key="stages",
        title="各级用时（工作日）",
        columns=(
            Column("stage", "级"),
            Column("limit", "时限", _DAYS, note=f"{files.as_of} 收件的时限，工作日"),
            *SPREAD_COLUMNS,
            Column("open", "在办", _COUNT),
            Column("past", "超期在办", _COUNT),
        ),
        rows=rows,
    )
