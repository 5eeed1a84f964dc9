"""房源调配 as reports: statistics by project and type, stock per batch, the list, and a move."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.core.period import Period
from zhubao.core.report import Chart, Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import Dispatch, DispatchType, SupplyBatch
from zhubao.supply.dispatch_checks import check_dispatches
from zhubao.supply.dispatch_moves import Moves
from zhubao.supply.slips import FROZEN, Slip, read_slips
from zhubao.supply.stock import BatchStock, batch_stocks, moved

_COUNT, _DATE, _CODE = ValueKind.COUNT, ValueKind.DATE, ValueKind.IDENTITY
_TYPES = tuple(DispatchType)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dispatches `list` shows; "" is all."""

    project: str = ""
    housing_type: str = ""
    state: str = ""


def dispatch_report(
    loaded: Loaded, period: Period, as_of: dt.date, *, bureau: str = "", origin: str = ""
) -> Report:
    """Units dispatched in the period by project × type, and stock as of the day.

    Dispatched: by 调配日期, those given back later included; returned: by 退回日期, without freezes
    that were lifted. Rows without 调配日期 belong to no period and are counted apart.
    """
    slips = read_slips(loaded)
    made = [slip for slip in slips if _within(slip.dispatched_on, period, as_of)]
    back = [s for s in slips if _within(s.returned_on, period, as_of) and s.was_dispatched()]
    frozen = [slip for slip in slips if slip.state(as_of) is FROZEN]
    undated = [slip for slip in slips if slip.dispatched_on is None and slip.was_dispatched()]
    stocks = batch_stocks(loaded, slips, as_of)
    return Report(
        code="dispatch.report",
        title=f"房源调配（{period.title}）",
        bureau=bureau,
        as_of=as_of,
        period=period.title,
        tables=(
            _projects(made, back, frozen),
            _types(made, back, frozen),
            _stock(stocks),
            _slips("dispatched", "本期各单", made, as_of, shown=0),
        ),
        notes=_notes(loaded, slips, undated, (as_of, origin)),
        findings=_findings(loaded, slips, as_of),
        facts=_facts(made, back, frozen, stocks),
    )


def list_report(
    loaded: Loaded, wanted: Wanted, as_of: dt.date, *, bureau: str = "", origin: str = ""
) -> Report:
    """The dispatches begun by the day, in the order of the sheet, with their state on it."""
    slips = read_slips(loaded)
    project = wanted.project.strip()
    if project and project not in {slip.project for slip in slips}:
        raise UsageError(f"房源调配表里没有项目“{project}”", advice="请核对 --project。")
    chosen = [
        slip
        for slip in slips
        if (state := slip.state(as_of)) is not None
        and project in ("", slip.project)
        and wanted.housing_type in ("", slip.housing_type.value)
        and wanted.state in ("", state.value)
    ]
    source = f"（{origin}）" if origin else ""
    return Report(
        code="dispatch.list",
        title="房源调配",
        bureau=bureau,
        as_of=as_of,
        tables=(_slips("dispatches", "调配单", chosen, as_of, shown=30),),
        notes=(f"状态看 {as_of.isoformat()}{source}，那一天以后的冻结、调配和退回不计",),
        findings=_findings(loaded, slips, as_of),
        facts={"dispatches": len(chosen), "units": sum(slip.count for slip in chosen)},
    )


def moves_report(moves: Moves, *, as_of: dt.date, bureau: str = "") -> Report:
    """What one command does, dispatch by dispatch."""
    rows = [
        Row(
            (
                move.number,
                move.project,
                move.housing_type.value,
                move.unit_no or move.batch_no,
                move.count,
                move.before.value if move.before else None,
                move.after.value,
            ),
            (move.cell,) if move.cell else (),
        )
        for move in moves.moves
    ]
    late = f"日期 {moves.day} 晚于截止日期 {as_of}，截至 {as_of} 的统计里不含这一次"
    return Report(
        code="dispatch.moves",
        title=moves.title,
        bureau=bureau,
        as_of=max(as_of, moves.day),
        tables=(
            Table(
                key="moves",
                title="调配单",
                columns=(*_HEAD, Column("count", "套数", _COUNT), Column("before", "原状态"),
                         Column("after", "新状态")),
                rows=rows,
                totals=("合计", None, None, None, moves.count, None, None),
                summable=frozenset({"count"}),
                shown=30,
            ),
        ),
        notes=(*moves.notes, *([late] if moves.day > as_of else [])),
        facts={
            "dispatches": [move.number for move in moves.moves],
            "units": moves.count,
            "date": moves.day.isoformat(),
        },
    )  # fmt: skip


def _within(day: dt.date | None, period: Period, as_of: dt.date) -> bool:
    return day is not None and period.contains(day) and day <= as_of


def _findings(loaded: Loaded, slips: Sequence[Slip], as_of: dt.date) -> tuple[Finding, ...]:
    return (*loaded.findings, *check_dispatches(loaded, slips, as_of))


def _notes(
    loaded: Loaded, slips: Sequence[Slip], undated: Sequence[Slip], when: tuple[dt.date, str]
) -> tuple[str, ...]:
    as_of, origin = when
    source = f"（{origin}）" if origin else ""
    notes = [
        f"调配按调配日期计入期间，后来退回的也计；冻结和余量看 {as_of.isoformat()}{source}",
        "余量 = 筹集 - 冻结 - 调配 + 退回；解除冻结的不算调配，也不算退回",
    ]
    unbatched = [slip for slip in slips if not slip.batch_no and slip.state(as_of) is not None]
    if unbatched:
        units = moved(unbatched, as_of)
        held = units.frozen + units.dispatched - units.returned
        notes.append(f"没有写筹集批号的调配 {held} 套，不在各批余量里扣减")
    if undated:
        notes.append(
            f"没有写调配日期的 {sum(slip.count for slip in undated)} 套不属于任何期间，没有计入"
        )
    unread = len(loaded.get(Dispatch)) - len(slips)
    batches = loaded.get(SupplyBatch)
    unread_batches = len(batches) - len(batches.usable())
    if unread or unread_batches:
        notes.append(f"读不出的没有计入：房源调配 {unread} 行，房源筹集 {unread_batches} 行")
    return tuple(notes)


def _facts(
    made: Sequence[Slip],
    back: Sequence[Slip],
    frozen: Sequence[Slip],
    stocks: Sequence[BatchStock],
) -> dict[str, Any]:
    by_type = _by_type(made)
    return {
        "dispatched": _units(made),
        "by_type": {kind.value: by_type[kind] for kind in _TYPES},
        "returned": _units(back),
        "frozen": _units(frozen),
        "raised": sum(stock.raised for stock in stocks),
        "left": sum(stock.left for stock in stocks),
    }


def _projects(made: Sequence[Slip], back: Sequence[Slip], frozen: Sequence[Slip]) -> Table:
    names = dict.fromkeys(slip.project for slip in (*made, *back, *frozen))
    rows = []
    for name in sorted(names):
        own = [slip for slip in made if slip.project == name]
        values = _counts(own, [s for s in back if s.project == name],
                         [s for s in frozen if s.project == name])  # fmt: skip
        rows.append(Row((name, *values), tuple(slip.cell for slip in own)))
    keys = [kind.name.lower() for kind in _TYPES]
    return Table(
        key="projects",
        title="按项目和类型（套）",
        columns=(
            Column("project", "棚改项目"),
            *(Column(key, kind.value, _COUNT) for key, kind in zip(keys, _TYPES, strict=True)),
            Column("dispatched", "调配合计", _COUNT),
            Column("returned", "本期退回", _COUNT),
            Column("frozen", "冻结中", _COUNT),
        ),
        rows=rows,
        totals=("合计", *_counts(made, back, frozen)),
        summable=frozenset({*keys, "dispatched", "returned", "frozen"}),
        charts=(Chart("bar", "各项目调配套数", "project", tuple(keys), stacked=True),),
    )


def _counts(made: Sequence[Slip], back: Sequence[Slip], frozen: Sequence[Slip]) -> tuple[int, ...]:
    by_type = _by_type(made)
    types = [by_type[kind] for kind in _TYPES]
    return (*types, sum(types), _units(back), _units(frozen))


def _types(made: Sequence[Slip], back: Sequence[Slip], frozen: Sequence[Slip]) -> Table:
    sums = [_by_type(slips) for slips in (made, back, frozen)]
    rows = [
        Row((kind.value, sum(slip.housing_type is kind for slip in made),
             *(counts[kind] for counts in sums), sums[0][kind] - sums[1][kind]))
        for kind in _TYPES
    ]  # fmt: skip
    totals = [counts.total() for counts in sums]
    return Table(
        key="types",
        title="按类型",
        columns=(
            Column("housing_type", "房源类型"),
            Column("slips", "调配单", _COUNT),
            Column("dispatched", "调配套数", _COUNT),
            Column("returned", "退回套数", _COUNT),
            Column("frozen", "冻结中", _COUNT),
            Column("net", "净调配", _COUNT, formula="{dispatched}-{returned}"),
        ),
        rows=rows,
        totals=("合计", len(made), *totals, totals[0] - totals[1]),
        summable=frozenset({"slips", "dispatched", "returned", "frozen", "net"}),
    )


def _stock(stocks: Sequence[BatchStock]) -> Table:
    rows = [
        Row(
            (s.batch_no, s.channel.value, s.raised_on, s.raised, s.frozen, s.dispatched,
             s.returned, s.left),
            (s.cell, *(slip.cell for slip in s.slips)),
            "error" if s.left < 0 else "",
        )
        for s in stocks
    ]  # fmt: skip
    sums = [sum(row.values[place] for row in rows) for place in range(3, 8)]
    return Table(
        key="stock",
        title="各批余量（套）",
        columns=(
            Column("batch_no", "批号", _CODE),
            Column("channel", "筹集渠道"),
            Column("raised_on", "筹集日期", _DATE, 2),
            Column("raised", "筹集", _COUNT),
            Column("frozen", "冻结中", _COUNT),
            Column("dispatched", "累计调配", _COUNT),
            Column("returned", "累计退回", _COUNT),
            Column("left", "余量", _COUNT, formula="{raised}-{frozen}-{dispatched}+{returned}"),
        ),
        rows=rows,
        totals=("合计", None, None, *sums),
        summable=frozenset({"raised", "frozen", "dispatched", "returned", "left"}),
        shown=30,
    )


def _slips(key: str, title: str, slips: Sequence[Slip], as_of: dt.date, *, shown: int) -> Table:
    rows = []
    for slip in slips:
        state = slip.state(as_of)
        values = (
            slip.number,
            slip.project,
            slip.housing_type.value,
            slip.unit_no or slip.batch_no,
            slip.count,
            slip.frozen_on,
            slip.dispatched_on,
            slip.returned_on,
            state.value if state else None,
        )
        quiet = "warning" if state is FROZEN else ""
        rows.append(Row(values, (slip.cell,), quiet))
    return Table(
        key=key,
        title=title,
        columns=(
            *_HEAD,
            Column("count", "套数", _COUNT),
            Column("frozen_on", "冻结", _DATE, 2),
            Column("dispatched_on", "调配", _DATE),
            Column("returned_on", "退回", _DATE, 2),
            Column("state", "状态"),
        ),
        rows=rows,
        totals=("合计", None, None, None, _units(slips), None, None, None, None),
        summable=frozenset({"count"}),
        shown=shown,
    )


def _units(slips: Sequence[Slip]) -> int:
    return sum(slip.count for slip in slips)


def _by_type(slips: Sequence[Slip]) -> Counter[DispatchType]:
    counts: Counter[DispatchType] = Counter()
    for slip in slips:
        counts[slip.housing_type] += slip.count
    return counts


_HEAD = (
    Column("dispatch_no", "调配编号", _CODE),
    Column("project", "棚改项目"),
    Column("housing_type", "类型"),
    Column("what", "房源或批号", _CODE),
)
