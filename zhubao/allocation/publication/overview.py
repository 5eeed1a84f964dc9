"""What every edition of a list says alike: its title, the counts, the hashes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from zhubao.allocation.draw.texts import NONE
from zhubao.allocation.publication.lines import Line, Stage
from zhubao.allocation.publication.listing import Listing
from zhubao.core.report import Column, Ratio, Row, Table, ValueKind
from zhubao.ledger.allocation import DrawOutcome, SelectionAction

_HASH = 64  # hexadecimal digits
_COUNT = ValueKind.COUNT


def title_of(listing: Listing) -> str:
    """粟塘小区公租房摇号选房　摇号结果."""
    row = listing.row
    redraw = f"（第 {row.draw_no} 次摇号）" if row.draw_no > 1 else ""
    return f"{row.name}　{listing.stage.value}{redraw}"


def counts_table(listing: Listing) -> Table:
    """Entrants, selected, in reserve, and what came of it, by stratum and group."""
    found: dict[tuple[str, int, str], list[Line]] = defaultdict(list)
    for line in listing.lines:
        one = line.entrant
        found[one.stratum, one.group_order, one.group].append(line)
    columns = _COUNT_COLUMNS[listing.stage]
    rows = [
        Row((stratum, group, *_counts(lines)[: len(columns) - 2]))
        for (stratum, _, group), lines in sorted(found.items())
    ]
    totals = ("合计", None, *_counts(listing.lines)[: len(columns) - 2])
    summable = frozenset(column.key for column in columns if column.kind is _COUNT)
    return Table("counts", "户数", columns, rows, totals=totals, summable=summable)


def hashes_table(listing: Listing) -> Table:
    """The hashes of the event, the seed, and the witnesses' numbers; in order of their making."""
    known, row = listing.known, listing.row
    pairs: list[tuple[str, str]] = []
    if known.frozen is not None:
        rules = known.frozen.rules
        pairs += [
            ("名册校验值", rules.roster_hash),
            ("房源校验值", rules.units_hash),
            ("总校验值", known.frozen.rules_hash),
        ]
    if known.drawn is not None:
        earlier = known.drawn.ticket.earlier
        pairs += [("随机数", f"{name}：{value}") for name, value in known.drawn.ticket.entropy]
        pairs += [("前次结果校验值", earlier)] * (earlier != NONE)
        pairs += [("随机种子", known.drawn.seed), ("结果校验值", known.result_hash)]
    pairs.append(("名单校验值", listing.digest))
    columns = (Column("item", "项目"), Column("value", "值", width=_HASH))
    notes = (
        "名单校验值由本名单的凭证号、类别、名次、结果和房源算出；同一次生成的各版相同",
        "；".join(
            f"{header} {moment(value)}"
            for header, value in (
                ("冻结时间", row.frozen_at),
                ("公布时间", row.published_at),
                ("摇号时间", row.drawn_at),
            )
            if value is None or listing.day is None or value.date() <= listing.day
        ),
    )
    rows = [Row(pair) for pair in pairs]
    return Table("hashes", "校验值", columns, rows, notes=notes, shown=None)


def moment(value: dt.datetime | None) -> str:
    """2020-02-09 09:30; 未填 when there is none."""
    return f"{value:%Y-%m-%d %H:%M}" if value else "未填"


def _counts(lines: Sequence[Line]) -> tuple[object, ...]:
    selected = sum(line.outcome == DrawOutcome.SELECTED.value for line in lines)
    decisions = [line.decision for line in lines]
    return (
        len(lines),
        selected,
        Ratio(selected, len(lines)),
        sum(line.outcome == DrawOutcome.RESERVE.value for line in lines),
        decisions.count(SelectionAction.CHOSEN.value),
        decisions.count(SelectionAction.ABANDONED.value),
        decisions.count(SelectionAction.ABSENT.value),
    )


_COUNTS = (
    Column("stratum", "小区、户型"),
    Column("group", "组别"),
    Column("entrants", "参加", _COUNT),
    Column("selected", "中签", _COUNT),
    Column("share", "中签率", ValueKind.RATIO),
    Column("reserve", "递补", _COUNT),
    Column("chosen", "选定", _COUNT),
    Column("abandoned", "放弃", _COUNT),
    Column("absent", "未到场", _COUNT),
)
_COUNT_COLUMNS = {Stage.ROSTER: _COUNTS[:3], Stage.RESULT: _COUNTS[:6], Stage.SELECTION: _COUNTS}
