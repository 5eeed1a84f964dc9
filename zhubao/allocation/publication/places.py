"""The place each entrant got: from the archived draw where there is one, else from 摇号结果."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhubao.allocation.draw.algorithm import SELECTED, Place
from zhubao.allocation.draw.texts import UNIT
from zhubao.allocation.publication.draws import KnownDraw
from zhubao.allocation.publication.entrants import Entrant, by_number
from zhubao.allocation.publication.findings import ENTRANT_UNKNOWN, RANK_FAULTY, RESULT_DIFFERS
from zhubao.core.finding import Cell, Finding
from zhubao.ledger.allocation import DrawOutcome, DrawResult
from zhubao.ledger.table import LedgerTable

_MOST_NAMED = 5
_HEADERS = {"rank": "总名次", "outcome": "结果", "reserve_rank": "递补名次", "unit_no": "房源编号"}


@dataclass(frozen=True, slots=True)
class Given:
    """What the draw gave an entrant. Zero and "" where there is nothing."""

    rank: int
    group_rank: int
    outcome: DrawOutcome
    reserve_rank: int
    unit_no: str
    digest: str
    place: Cell | None


def places_of(
    table: LedgerTable[DrawResult], known: KnownDraw, entrants: Sequence[Entrant]
) -> tuple[dict[str, Given], list[Finding]]:
    """Entrant number → place, with what is wrong about the ledger's rows.

    An archived draw decides; the ledger's rows are compared with it. Without one the ledger's rows
    are all there is: ranks must be 1 to n, each once, and ranks within groups follow from them.
    """
    rows, unknown = _rows(table, known, by_number(tuple(entrants)))
    if known.drawn is not None:
        given = _archived(table, rows, known, entrants)
        compared = list(_differences(table, rows, given, known))
        return given, [*unknown, *compared]
    given = _recorded(table, rows, entrants)
    return given, [*unknown, *_rank_faults(table, known, rows)]


def _rows(
    table: LedgerTable[DrawResult], known: KnownDraw, entrants: Mapping[str, Entrant]
) -> tuple[dict[str, int], list[Finding]]:
    """Entrant → row of this draw; rows of nobody on the roster are findings."""
    events, numbers = table.column("event_no"), table.column("entrant_no")
    draws = table.column("draw_no")
    found: dict[str, int] = {}
    unknown = []
    for row in table.usable():
        if events[row] != known.row.event_no or draws[row] != known.row.draw_no:
            continue
        if numbers[row] in entrants:
            found[numbers[row]] = row
        else:
            where = table.cell(row, "entrant_no")
            unknown.append(ENTRANT_UNKNOWN.at(where, sheet="摇号结果", entrant=numbers[row]))
    return found, unknown


def _archived(
    table: LedgerTable[DrawResult],
    rows: Mapping[str, int],
    known: KnownDraw,
    entrants: Iterable[Entrant],
) -> dict[str, Given]:
    places: dict[str, Place] = (
        {one.receipt: one for one in known.drawn.places} if known.drawn else {}
    )
    found = {}
    for entrant in entrants:
        place, row = places[entrant.receipt], rows.get(entrant.entrant_no)
        outcome = DrawOutcome.SELECTED if place.outcome == SELECTED else DrawOutcome.RESERVE
        found[entrant.entrant_no] = Given(
            place.rank,
            place.group_rank,
            outcome,
            place.reserve_rank,
            place.unit_no,
            place.key,
            table.row_cell(row) if row is not None else None,
        )
    return found


def _recorded(
    table: LedgerTable[DrawResult], rows: Mapping[str, int], entrants: Iterable[Entrant]
) -> dict[str, Given]:
    ranks = table.column("rank")
    listed = [one for one in entrants if one.entrant_no in rows]
    listed.sort(key=lambda one: ranks[rows[one.entrant_no]])
    in_group: dict[int, int] = {}
    found = {}
    for one in listed:
        in_group[one.group_order] = in_group.get(one.group_order, 0) + 1
        row = rows[one.entrant_no]
        result = table.row(row)
        found[one.entrant_no] = Given(
            result.rank,
            in_group[one.group_order],
            result.outcome,
            result.reserve_rank or 0,
            result.unit_no or "",
            result.digest or "",
            table.row_cell(row),
        )
    return found


def _differences(
    table: LedgerTable[DrawResult],
    rows: Mapping[str, int],
    given: Mapping[str, Given],
    known: KnownDraw,
) -> Iterator[Finding]:
    """Rows of the ledger that say something else than the archive, and rows that are missing."""
    gives_units = known.frozen is not None and known.frozen.rules.mode == UNIT
    for number, place in given.items():
        row = rows.get(number)
        if row is None:
            where = Cell(f"{DrawResult.SHEET.workbook}.xlsx", DrawResult.SHEET.name)
            yield RESULT_DIFFERS.at(where, entrant=number, fields="整行（台账里没有这一行）")
            continue
        wanted: dict[str, object] = {
            "rank": place.rank,
            "outcome": place.outcome,
            "reserve_rank": place.reserve_rank or None,
        }
        if gives_units:
            wanted["unit_no"] = place.unit_no or None
        wrong = [name for name, value in wanted.items() if table.column(name)[row] != value]
        if wrong:
            fields = "、".join(_HEADERS[name] for name in wrong)
            yield RESULT_DIFFERS.at(table.cell(row, wrong[0]), entrant=number, fields=fields)


def _rank_faults(
    table: LedgerTable[DrawResult], known: KnownDraw, rows: Mapping[str, int]
) -> Iterator[Finding]:
    ranks = table.column("rank")
    seen: dict[int, int] = {}
    twice = []
    for row in sorted(rows.values()):
        if ranks[row] in seen:
            twice.append(row)
        seen.setdefault(ranks[row], row)
    missing = [rank for rank in range(1, len(rows) + 1) if rank not in seen]
    words = {"event": known.row.event_no, "count": len(rows)}
    for row in twice[:_MOST_NAMED]:
        fault = f"第 {ranks[row]} 名有两户以上"
        yield RANK_FAULTY.at(table.cell(row, "rank"), fault=fault, **words)
    if missing:
        named = "、".join(map(str, missing[:_MOST_NAMED]))
        more = f"等 {len(missing)} 个" if len(missing) > _MOST_NAMED else ""
        where = table.cell(next(iter(rows.values())), "rank")
        yield RANK_FAULTY.at(where, fault=f"缺第 {named} 名{more}", **words)
