"""The rows of a filled-in list: which are sound, and how they become rows of 巡查."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhubao.core.finding import FindingKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import Campaign, PatrolVisit
from zhubao.ledger.table import Columns, LedgerTable, Segment
from zhubao.patrol.visits.checks import is_contradiction
from zhubao.patrol.visits.dwellings import Dwellings
from zhubao.patrol.visits.entry_findings import (
    ENTRY_CAMPAIGN_UNKNOWN,
    ENTRY_CONTRADICTS,
    ENTRY_EMPTY,
    ENTRY_NO_HOUSEHOLD,
    ENTRY_OUTSIDE,
    ENTRY_UNDATED,
    ENTRY_UNIT_UNKNOWN,
    ENTRY_UNKNOWN,
)
from zhubao.patrol.visits.numbers import HouseholdNumbers
from zhubao.patrol.visits.recording import EARLIEST

SAID = ("met", "occupancy", "condition", "needs", "has_problem", "evidence")
WRITTEN = (*SAID, "visitor", "visited_on")  # a row with none of these was not filled in


class Judge:
    """What a row must be to be entered, against the ledger."""

    def __init__(
        self, loaded: Loaded, numbers: HouseholdNumbers, homes: Dwellings, latest: dt.date
    ) -> None:
        self._numbers, self._homes, self._latest = numbers, homes, latest
        self._campaigns = {one for one in loaded.get(Campaign).column("campaign_no") if one}

    def fault(
        self, values: Mapping[str, Any], *, asks: bool
    ) -> tuple[FindingKind, str, dict[str, Any]] | None:
        """What keeps the row out: the kind of finding, the column it is at, the words it needs."""
        if values["household_no"] is None:
            return ENTRY_NO_HOUSEHOLD, "household_no", {}
        if self._numbers.find(values["household_no"]) is None:
            return ENTRY_UNKNOWN, "household_no", {}
        day = values["visited_on"]
        if day is None:
            return ENTRY_UNDATED, "visited_on", {}
        if not EARLIEST <= day <= self._latest:
            late = day > self._latest
            why = f"晚于 {self._latest.isoformat()}" if late else "太早"
            return ENTRY_OUTSIDE, "visited_on", {"why": why}
        if asks and all(values[name] is None for name in (*SAID, "remark")):
            return ENTRY_EMPTY, "visited_on", {}
        return self._strange(values)

    def _strange(self, values: Mapping[str, Any]) -> tuple[FindingKind, str, dict[str, Any]] | None:
        campaign, unit = values["campaign_no"], values["unit_no"]
        if campaign is not None and campaign not in self._campaigns:
            return ENTRY_CAMPAIGN_UNKNOWN, "campaign_no", {"campaign": campaign}
        if unit is not None and not self._homes.has_unit(unit):
            return ENTRY_UNIT_UNKNOWN, "unit_no", {"unit": unit}
        if is_contradiction(values["met"], values["occupancy"]):
            words = {"met": "是" if values["met"] else "否", "occupancy": values["occupancy"].value}
            return ENTRY_CONTRADICTS, "occupancy", words
        return None


def is_faulty(table: LedgerTable[PatrolVisit], index: int, name: str) -> bool:
    """True for a cell with something unreadable in it; an empty one is judged elsewhere."""
    if index not in table.bad[name]:
        return False
    required = PatrolVisit.model_fields[name].is_required()
    return not required or table.original(index, name) not in (None, "")


def kept_rows(
    table: LedgerTable[PatrolVisit], rows: Mapping[int, Mapping[str, Any]]
) -> LedgerTable[PatrolVisit]:
    """The rows of one sheet that are entered, with what they did not say filled in."""
    (segment,) = table.segments
    indexes = sorted(rows)
    values = {
        name: [rows[index].get(name, column[index]) for index in indexes]
        for name, column in ((name, table.column(name)) for name in PatrolVisit.model_fields)
    }
    place = Segment(
        segment.file,
        segment.sheet,
        [segment.rows[index] for index in indexes],
        segment.letters,
        segment.header_row,
        segment.units,
    )
    return LedgerTable(PatrolVisit, Columns(values), (place,))
