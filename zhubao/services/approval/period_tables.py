"""Tables of the period's report: streets, communities, officers, moments outside working time."""

from __future__ import annotations

from typing import Any

from zhubao.core.period import Period
from zhubao.core.report import Column, Row, Table, ValueKind
from zhubao.ledger.model import column_info
from zhubao.ledger.services import Approval
from zhubao.services.approval.figures import Spread
from zhubao.services.approval.files import Files
from zhubao.services.approval.groups import Place, by_officer
from zhubao.services.approval.halfdays import in_days, say_moment
from zhubao.services.approval.register_checks import is_outside
from zhubao.services.approval.rules import Stage

_COUNT, _DAYS, _RATIO = ValueKind.COUNT, ValueKind.NUMBER, ValueKind.RATIO
SPREAD_COLUMNS = (
    Column("count", "办结", _COUNT),
    Column("median", "中位", _DAYS, note="工作日"),
    Column("mean", "平均", _DAYS, note="工作日"),
    Column("longest", "最长", _DAYS, note="工作日"),
    Column("within", "限内率", _RATIO, note="没有超过时限的÷有时限的"),
)


def spread_values(spread: Spread) -> tuple[Any, ...]:
    """The values for `SPREAD_COLUMNS`."""
    halves = spread.median, spread.mean, spread.longest
    median, mean, longest = (in_days(one) for one in halves)
    return spread.count, median, mean, longest, spread.within


def places_table(key: str, title: str, places: tuple[Place, ...]) -> Table:
    """One row per community or street."""
    is_community = key == "communities"
    own = "社区" if is_community else "街道"
    rows = []
    for place in places:
        names = (place.name, place.street) if is_community else (place.name,)
        own_values = spread_values(place.own)[:4]
        row = (*names, *own_values, *spread_values(place.district))
        rows.append(Row(row, tuple(dict.fromkeys((*place.own.cells, *place.district.cells)))))
    first = (Column("name", own), Column("street", "街道", level=2))
    return Table(
        key=key,
        title=f"{title}（工作日）",
        columns=(
            *(first if is_community else first[:1]),
            Column("own_count", f"{own}办结", _COUNT),
            Column("own_median", "中位", _DAYS),
            Column("own_mean", "平均", _DAYS, 2),
            Column("own_longest", "最长", _DAYS),
            Column("count", "区办结", _COUNT),
            Column("median", "区中位", _DAYS),
            Column("mean", "区平均", _DAYS, 2),
            Column("longest", "区最长", _DAYS),
            Column("within", "区限内率", _RATIO),
        ),
        rows=rows,
        shown=20,
    )


def officers_table(files: Files, period: Period) -> Table:
    """One row per stage and officer."""
    rows = [
        Row(
            (one.stage.value, one.name, *spread_values(one.spread), one.open_now, one.past),
            (*one.spread.cells, *one.open_cells),
            "warning" if one.past else "",
        )
        for one in by_officer(files, period)
    ]
    return Table(
        key="officers",
        title="按经办人（工作日）",
        columns=(
            Column("stage", "级"),
            Column("officer", "经办人"),
            *SPREAD_COLUMNS,
            Column("open", "在办", _COUNT),
            Column("past", "超期在办", _COUNT),
        ),
        rows=rows,
        shown=30,
    )


def outside_table(files: Files) -> Table:
    """Moments outside working time, one row each: in files, not on a terminal."""
    rows = []
    for name in (name for stage in Stage for name in (stage.received, stage.decided)):
        header = column_info(Approval.model_fields[name]).header
        for file in files.files:
            if is_outside(files, file, name):
                moment = files.value(file, name)
                why = "上班时间以外" if files.clock.works(moment.date()) else "休息日"
                values = (file.number, header, say_moment(moment), why)
                rows.append(Row(values, (files.cell(file, name),)))
    return Table(
        key="outside",
        title=f"不在上班时间的时间（{len(rows):,} 处）",
        columns=(
            Column("number", "审批编号", ValueKind.IDENTITY),
            Column("header", "哪一列"),
            Column("moment", "时间"),
            Column("why", "说明"),
        ),
        rows=rows,
        shown=0,
    )
