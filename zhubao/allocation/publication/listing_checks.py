"""What is to be said of a list beside its lines: order of groups, strangers, later records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from zhubao.allocation.publication.choices import records_of
from zhubao.allocation.publication.draws import KnownDraw, chain_findings
from zhubao.allocation.publication.entrants import Entrant
from zhubao.allocation.publication.findings import (
    ENTRANT_UNKNOWN,
    GROUP_OUT_OF_ORDER,
    LATER_RECORDS,
    PLACE_BLANK,
    UNVERIFIABLE,
)
from zhubao.allocation.publication.lines import Line
from zhubao.core.finding import Finding
from zhubao.ledger.allocation import DrawEvent, UnitSelection
from zhubao.ledger.loaded import Loaded


def own_findings(loaded: Loaded, known: KnownDraw) -> list[Finding]:
    """What is wrong with the event itself: its chain of draws, its hashes, where to verify."""
    table, row, at = loaded.get(DrawEvent), known.row, known.at.index
    found = list(chain_findings(table, known))
    if known.frozen is None:
        where = table.cell(at, "rules_hash")
        found.append(UNVERIFIABLE.at(where, event=row.event_no, draw=row.draw_no))
    elif not (row.published_where or "").strip():
        found.append(PLACE_BLANK.at(table.cell(at, "published_where"), event=row.event_no))
    return found


def group_order(loaded: Loaded, known: KnownDraw, lines: Sequence[Line]) -> Iterator[Finding]:
    """Households drawn behind somebody of a later group."""
    latest, behind = 0, list[Line]()
    for line in lines:
        if line.rank and line.entrant.group_order < latest:
            behind.append(line)
        latest = max(latest, line.entrant.group_order)
    if behind:
        first = behind[0]
        where = first.sources[1] if len(first.sources) > 1 else None
        words = {"event": known.row.event_no, "count": len(behind), "rank": first.rank}
        place = where or loaded.get(DrawEvent).row_cell(known.at.index)
        yield GROUP_OUT_OF_ORDER.at(place, **words)


def strangers(
    loaded: Loaded, known: KnownDraw, numbers: Mapping[str, Entrant]
) -> Iterator[Finding]:
    """Records of 选房 by somebody who is not on the roster."""
    table = loaded.get(UnitSelection)
    names = table.column("entrant_no")
    for index in records_of(table).get(known.row.event_no, []):
        if names[index] not in numbers:
            where = table.cell(index, "entrant_no")
            yield ENTRANT_UNKNOWN.at(where, sheet="选房表", entrant=names[index])


def later(loaded: Loaded, known: KnownDraw, day: dt.date | None) -> list[Finding]:
    """Draws and choices recorded after the day."""
    if day is None:
        return []
    events, moments = loaded.get(DrawEvent), loaded.get(UnitSelection).column("selected_at")
    numbers, drawn = events.column("event_no"), events.column("drawn_at")
    draws = [
        row
        for row in events.usable("event_no")
        if numbers[row] == known.row.event_no and drawn[row] and drawn[row].date() > day
    ]
    own = records_of(loaded.get(UnitSelection)).get(known.row.event_no, [])
    count = sum(moments[index].date() > day for index in own)
    parts = [f"摇号 {len(draws)} 次"] * bool(draws) + [f"选房 {count} 条"] * bool(count)
    if not parts:
        return []
    where = events.cell(draws[0] if draws else known.at.index, "drawn_at")
    return [LATER_RECORDS.at(where, day=day, count=len(draws) + count, what="、".join(parts))]
