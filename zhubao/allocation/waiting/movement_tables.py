"""How the waiting list moved, as tables: the sums, where everybody went, and each single move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from zhubao.allocation.waiting.movement import NEW, OLD, Flow, Line, Movement
from zhubao.allocation.waiting.ranking import RankedList
from zhubao.allocation.waiting.replay import Registration
from zhubao.allocation.waiting.waitlist_tables import NO_CATEGORY
from zhubao.core.masking import mask_name
from zhubao.core.report import Column, Row, Table, ValueKind
from zhubao.ledger.tenants import WaitingStatus

_APPROVED = "批准"
_LEFT = {
    WaitingStatus.HOUSED: "配租",
    WaitingStatus.ABANDONED: "放弃",
    WaitingStatus.DISQUALIFIED: "取消资格",
}


def movement_table(movement: Movement) -> Table:
    """Opening, approved, left, closing; by category, in households and people."""
    columns, every = _flow_columns("类别"), movement.by_category
    return Table(
        key="movement",
        title=f"轮候变动（{movement.period.title}）",
        columns=columns,
        rows=[Row((line.title or NO_CATEGORY, *_flows(line))) for line in every],
        totals=("合计", *_flows(movement.total)),
        summable=frozenset(column.key for column in columns[1:]),
        notes=(proof_text(movement), people_text(movement)),
    )


def origin_table(movement: Movement) -> Table:
    """The same by origin: those on the list at the start, and those approved since."""
    columns, total = _flow_columns("来源"), movement.total
    return Table(
        key="origin",
        title="期初在册的和本期批准的各去了哪里",
        columns=columns,
        rows=[Row((line.title, *_flows(line))) for line in movement.by_origin],
        totals=("合计", *_flows(total)),
        summable=frozenset(column.key for column in columns[1:]),
        notes=tuple(_whereabouts(line) for line in movement.by_origin),
    )


def proof_text(movement: Movement) -> str:
    """期初 322 ＋ 批准 96 － 配租 362 － 放弃 10 － 取消资格 4 ＝ 42 户，期末逐行另数也是 42 户."""
    line = movement.total
    sums = _sums([flow.households for flow in _flows_of(line)])
    counted = line.closing.households
    verdict = f"期末逐行另数也是 {counted:,} 户，相符"
    if not movement.is_proved:
        verdict = f"期末逐行另数是 {counted:,} 户，各行合起来不符，请核对日期"
    return f"{sums} ＝ {line.expected.households:,} 户；{verdict}"


def people_text(movement: Movement) -> str:
    """The same sum in people, without a verdict of its own."""
    line = movement.total
    sums = _sums([flow.people for flow in _flows_of(line)])
    return f"人数：{sums} ＝ {line.expected.people:,} 人（按保障家庭表现在的家庭人口）"


def _sums(numbers: Sequence[int]) -> str:
    titles = ("期初", "＋ 批准", "－ 配租", "－ 放弃", "－ 取消资格")
    return " ".join(f"{title} {number:,}" for title, number in zip(titles, numbers, strict=False))


def _whereabouts(line: Line) -> str:
    """期初在册 322 户：配租 317、放弃 4、取消资格 1，期末仍在册 0."""
    start = line.opening.households + line.approved.households
    return (
        f"{line.title} {start:,} 户：配租 {line.housed.households:,}、"
        f"放弃 {line.abandoned.households:,}、取消资格 {line.disqualified.households:,}，"
        f"期末仍在册 {line.closing.households:,}"
    )


def moves_table(listed: RankedList, movement: Movement) -> Table:
    """Every approval and every closing of the period in order of date, with its cells."""
    period = movement.period
    moves = [
        (day, what, one)
        for one in listed.waiting.registrations
        if one.counts
        for day, what in _moves(one)
        if period.contains(day)
    ]
    moves.sort(key=lambda move: (move[0], move[1] != _APPROVED, move[2].index))
    return Table(
        key="moves",
        title="轮候变动明细",
        columns=_MOVES,
        rows=[_move(listed, movement, *move) for move in moves],
        shown=0,
    )


def _moves(one: Registration) -> Iterator[tuple[dt.date, str]]:
    yield one.approved_on, _APPROVED
    if one.closed_on is not None:
        yield one.closed_on, _LEFT[one.status]


def _move(
    listed: RankedList, movement: Movement, day: dt.date, what: str, one: Registration
) -> Row:
    home = listed.home_row(one.household_no)
    is_approval = what == _APPROVED
    return Row(
        (
            day,
            what,
            one.waiting_no,
            one.household_no,
            mask_name(listed.home_value(home, "applicant") or "") or None,
            listed.home_value(home, "size"),
            one.category or None,
            NEW if movement.period.contains(one.approved_on) else OLD,
        ),
        (
            one.cell("approved_on" if is_approval else "closed_on"),
            *(() if is_approval else (one.cell("status"),)),
            *listed.home_cell(home, "size"),
        ),
    )


def _flows_of(line: Line) -> tuple[Flow, ...]:
    left = (line.housed, line.abandoned, line.disqualified)
    return (line.opening, line.approved, *left, line.closing)


def _flows(line: Line) -> tuple[int, ...]:
    flows = _flows_of(line)
    return (
        *(flow.households for flow in flows),
        line.difference.households,
        *(flow.people for flow in flows),
    )


def _flow_columns(first: str) -> tuple[Column, ...]:
    titles = (
        ("opening", "期初"),
        ("approved", "批准"),
        ("housed", "配租"),
        ("abandoned", "放弃"),
        ("disqualified", "取消资格"),
        ("closing", "期末"),
    )
    return (
        Column("title", first),
        *(Column(key, title, _COUNT) for key, title in titles),
        Column("difference", "差额", _COUNT, note="期末逐行另数，减去算出的期末；应为 0"),
        *(Column(f"{key}_people", f"{title}人数", _COUNT, 2) for key, title in titles),
    )


_COUNT, _ID = ValueKind.COUNT, ValueKind.IDENTITY
_MOVES = (
    Column("day", "日期", ValueKind.DATE),
    Column("what", "变动"),
    Column("waiting_no", "轮候号", _ID),
    Column("household_no", "家庭编号", _ID),
    Column("name", "申请人"),
    Column("size", "人口", _COUNT),
    Column("category", "类别"),
    Column("origin", "来源"),
)
