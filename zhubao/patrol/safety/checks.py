"""What is wrong in 安全检查 and 安全隐患."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping

from zhubao.core.finding import Finding
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import RectificationStatus, SafetyHazard, SafetyInspection
from zhubao.patrol.safety.kinds import (
    COUNT_DIFFERS,
    NOT_REPORTED,
    OTHER_ESTATE,
    STATUS_UNLIKE_DATE,
)

_FIXED = frozenset({RectificationStatus.RECTIFIED, RectificationStatus.CLOSED})


def safety_faults(loaded: Loaded, as_of: dt.date, report_days: Mapping[str, int]) -> list[Finding]:
    """Hazards found by the day that were reported late or not at all, and contradictions.

    A level named in `report_days` is to be reported within so many days of discovery (that many
    days later is still in time); on `as_of` itself the time must be over to be a fault.
    """
    table = loaded.get(SafetyHazard)
    found: list[Finding] = []
    for index in table.usable():
        row = table.row(index)
        if row.found_on > as_of or row.status is RectificationStatus.UNFOUNDED:
            continue
        found += _of_reporting(loaded, index, row, as_of, report_days)
        found += _of_status(loaded, index, row)
    found += _of_inspections(loaded, as_of)
    return sorted(found, key=lambda finding: finding.sort_key)


def _of_reporting(
    loaded: Loaded, index: int, row: SafetyHazard, as_of: dt.date, report_days: Mapping[str, int]
) -> Iterator[Finding]:
    days = report_days.get(row.level.value)
    if days is None:
        return
    limit = row.found_on + dt.timedelta(days=int(days))
    reported = row.reported_on if row.reported_on and row.reported_on <= as_of else None
    if (reported or as_of) <= limit:
        return
    what = f"{reported} 才上报" if reported else f"到 {as_of} 没有上报"
    words = {"level": row.level.value, "found": row.found_on, "days": days, "limit": limit}
    where = loaded.get(SafetyHazard).cell(index, "reported_on")
    yield NOT_REPORTED.at(where, hazard=f"{row.hazard_no} {row.estate}", what=what, **words)


def _of_status(loaded: Loaded, index: int, row: SafetyHazard) -> Iterator[Finding]:
    what = ""
    if row.status in _FIXED and row.fixed_on is None:
        what = "整改日期空着"
    elif row.status not in _FIXED and row.fixed_on is not None:
        what = f"整改日期却是 {row.fixed_on}"
    if what:
        where = loaded.get(SafetyHazard).cell(index, "status")
        words = {"status": row.status.value, "what": what}
        yield STATUS_UNLIKE_DATE.at(where, hazard=row.hazard_no, **words)


def _of_inspections(loaded: Loaded, as_of: dt.date) -> Iterator[Finding]:
    hazards, table = loaded.get(SafetyHazard), loaded.get(SafetyInspection)
    numbers = hazards.column("inspection_no")
    rows = Counter(numbers[index] for index in hazards.usable())
    places = {}
    for index in table.usable():
        row = table.row(index)
        places[row.inspection_no] = row.estate
        said = row.hazard_count
        if row.inspected_on <= as_of and said is not None and said != rows[row.inspection_no]:
            where = table.cell(index, "hazard_count")
            words = {"said": said, "rows": rows[row.inspection_no]}
            yield COUNT_DIFFERS.at(where, inspection=row.inspection_no, **words)
    for index in hazards.usable():
        hazard = hazards.row(index)
        other = places.get(hazard.inspection_no or "")
        if other is not None and other != hazard.estate:
            words2 = {"estate": hazard.estate, "inspection": hazard.inspection_no, "other": other}
            where = hazards.cell(index, "estate")
            yield OTHER_ESTATE.at(where, hazard=hazard.hazard_no, **words2)
