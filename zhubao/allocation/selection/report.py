"""How a selection stands, by stratum: for `--show`, `状态` and the end of a session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from zhubao.allocation.selection.basis import Basis
from zhubao.allocation.selection.queue import Candidate
from zhubao.allocation.selection.standing import Standing, State
from zhubao.core.finding import Finding
from zhubao.core.report import Column, Report, Row, Table, ValueKind

_NEXT = 5  # households shown per stratum
_COUNTS = ("homes", "chosen", "left", "gone", "line", "abandoned", "absent", "waiting")


def selection_report(
    basis: Basis,
    standing: Standing,
    *,
    bureau: str = "",
    pending: int = 0,
    findings: Sequence[Finding] = (),
) -> Report:
    """Per stratum units and households, who comes next, and who was absent.

    left = units neither chosen nor gone; line = households in line, reserves among them; waiting =
    those for whom a unit is left and who have not been absent. `pending`: entries not written yet.
    """
    queue = basis.queue
    table = _strata(standing)
    totals = dict(zip(_COUNTS, (table.totals or ())[1:], strict=False))
    notes = (
        f"{queue.event_no} {queue.title}（{'户房对应' if queue.direct else '选房顺序'}）",
        *queue.notes,
        *([f"有 {pending} 条登记还没有写入台账；结束时写入"] if pending else []),
    )
    tables = [table, _people("next", "接下来", _upcoming(standing))]
    absent = [one for one in queue.candidates if standing.state_of(one) is State.ABSENT]
    tables += [_people("absent", "未到场（可以回来选）", absent)] if absent else []
    facts = {"event": queue.event_no, "pending": pending, "done": standing.is_done(), **totals}
    return Report(
        "allocate.select",
        "选房",
        bureau,
        basis.day,
        tables=tuple(tables),
        notes=notes,
        findings=tuple(findings),
        facts=facts,
    )


def left_by_stratum(standing: Standing, first: str = "") -> list[tuple[str, list[str]]]:
    """(stratum, units left), the stratum named `first` at the head."""
    strata = sorted(standing.queue.all_strata, key=lambda one: one != first)
    return [(one, [home.unit_no for home in standing.left(one)]) for one in strata]


def _strata(standing: Standing) -> Table:
    rows = [Row(_counts(stratum, standing)) for stratum in standing.queue.all_strata]
    totals = ("合计", *(sum(row.values[at] for row in rows) for at in range(1, 9)), None)
    count = ValueKind.COUNT
    columns = (
        Column("stratum", "小区户型"),
        Column("homes", "房源", count),
        Column("chosen", "已选", count),
        Column("left", "剩余", count),
        Column("gone", "不能选", count, 2, note="清单里有，但已出租、已调配或台账里找不到"),
        Column("line", "排队户数", count, 2),
        Column("abandoned", "放弃", count),
        Column("absent", "未到", count),
        Column("waiting", "待选", count, note="有房可选、还没有选的户数，不含未到的"),
        Column("turn", "轮到", count),
    )
    return Table("strata", "各户型", columns, rows, totals, frozenset(_COUNTS))


def _counts(stratum: str, standing: Standing) -> tuple[object, ...]:
    queue = standing.queue
    homes, line = queue.homes_of.get(stratum, ()), queue.strata.get(stratum, ())
    states = Counter(standing.state_of(one) for one in line)
    held = sum(home.unit_no in standing.holder for home in homes)
    left = len(standing.left(stratum))
    called = standing.called(stratum)
    waiting = sum(standing.state_of(one) is State.WAITING for one in called)
    turn = standing.turn(stratum)
    gone = len(homes) - held - left
    numbers = (len(homes), held, left, gone, len(line), states[State.ABANDONED])
    return stratum, *numbers, states[State.ABSENT], waiting, turn.rank if turn else None


def _upcoming(standing: Standing) -> list[Candidate]:
    """The next of every stratum, by rank."""
    found = [
        one
        for stratum in standing.queue.strata
        for one in [c for c in standing.called(stratum) if standing.state_of(c) is State.WAITING][
            :_NEXT
        ]
    ]
    return sorted(found, key=lambda one: one.rank)


def _people(key: str, title: str, people: Iterable[Candidate]) -> Table:
    rows = [
        Row(
            (one.rank, one.masked, one.stratum, one.size, one.reserve_rank or None, one.batch_no),
            (one.place,) if one.place else (),
        )
        for one in people
    ]
    columns = (
        Column("rank", "顺序号", ValueKind.COUNT),
        Column("name", "家庭"),
        Column("stratum", "小区户型"),
        Column("size", "人口", ValueKind.COUNT),
        Column("reserve", "递补", ValueKind.COUNT),
        Column("batch", "批次", level=2),
    )
    return Table(key, title, columns, rows)
