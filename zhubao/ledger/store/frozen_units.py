"""Which units the draws that are still open hold: they may not be let or dispatched meanwhile.

The kept list of a freeze, `units.txt`, has the form: `zhubao-units-1 <tab> event`, then per unit
`unit <tab> stratum <tab> place <tab> area`; UTF-8, LF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from zhubao.ledger.allocation import DrawEvent, DrawStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.store.draw_archive import DrawArchive, DrawArchiveBroken
from zhubao.ledger.units import Unit, UnitStatus

OPEN = frozenset({DrawStatus.FROZEN, DrawStatus.PUBLISHED, DrawStatus.DRAWN, DrawStatus.SELECTING})
_UNITS, _FORM = "units.txt", "zhubao-units-1"
_SEPARATORS = re.compile(r"[、,，;；\s]+")


def units_held_by_draws(root: Path, loaded: Loaded) -> Mapping[str, str]:
    """Unit number → event number, of every draw that is open; the first event of the sheet wins.

    Open: 已冻结, 已公布, 已摇号 or 选房中 in the row with the event's highest 摇号次序. The units
    are those of the frozen list that 总校验值 names. An open event without that hash was frozen by
    hand: nobody knows its list, so every vacant unit of its estates counts as held.

    `loaded` needs DrawEvent, and Unit for events frozen by hand. Raises `DrawArchiveBroken` when a
    kept list is missing or was changed.
    """
    held: dict[str, str] = {}
    for event, index in _open_events(loaded).items():
        for unit_no in _units_of(root, loaded, event, index):
            held.setdefault(unit_no, event)
    return held


def _open_events(loaded: Loaded) -> dict[str, int]:
    """Event → index of its latest row, of the events that are open."""
    table = loaded.get(DrawEvent)
    events, draws = table.column("event_no"), table.column("draw_no")
    latest: dict[str, int] = {}
    for index in table.usable("event_no"):
        known = latest.get(events[index])
        if known is None or (draws[index] or 0) >= (draws[known] or 0):
            latest[events[index]] = index
    states = table.column("status")
    return {event: index for event, index in latest.items() if states[index] in OPEN}


def _units_of(root: Path, loaded: Loaded, event: str, index: int) -> Iterator[str]:
    rules_hash = _rules_hash(loaded, event, index)
    if rules_hash is None:
        yield from _vacant_in(loaded, loaded.get(DrawEvent).column("estate")[index])
        return
    archive = DrawArchive(root, event)
    yield from _listed(archive.frozen(rules_hash).get(_UNITS, ""), archive.folder)


def _rules_hash(loaded: Loaded, event: str, index: int) -> str | None:
    """Of the latest row; of an earlier draw of the event where that has none."""
    table = loaded.get(DrawEvent)
    hashes, events = table.column("rules_hash"), table.column("event_no")
    if hashes[index]:
        return str(hashes[index])
    return next((hashes[i] for i in range(len(table)) if events[i] == event and hashes[i]), None)


def _vacant_in(loaded: Loaded, estates: str | None) -> Iterator[str]:
    wanted = {part for part in _SEPARATORS.split(estates or "") if part}
    table = loaded.get(Unit)
    numbers, places = table.column("unit_no"), table.column("estate")
    states = table.column("status")
    for index in table.usable("unit_no", "estate"):
        if places[index] in wanted and states[index] == UnitStatus.VACANT:
            yield numbers[index]


def _listed(text: str, folder: Path) -> Iterator[str]:
    head, *lines = text.split("\n")
    if head.split("\t")[0] != _FORM:
        raise DrawArchiveBroken(
            f"摇号存档 {folder.name} 里的房源清单不是 {_FORM} 格式",
            where=str(folder / _UNITS),
            advice="请从备份或已公布的文件恢复这个文件夹",
        )
    for line in lines:
        if line:
            yield line.split("\t")[0]
