"""Cells merged downwards among the records: words are filled down, amounts never are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.excel.address import make_ref
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.faults import MERGED_FILLED, MERGED_NUMBER
from zhubao.excel.kinds import CellKind
from zhubao.excel.sheet import Merge, RawSheet

_COUNTED = frozenset((CellKind.MONEY, CellKind.INTEGER, CellKind.DECIMAL))
_LISTED = 5


@dataclass(slots=True)
class Filled:
    """Indexes of the records filled from above, and what to say about it."""

    indexes: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def fill_merged(
    sheet: RawSheet, spec: ColumnSpec, column: int, raws: list[Any], index_of: dict[int, int]
) -> Filled:
    """Fill `raws` of a 0-based column in place from merged ranges; `index_of`: Excel row → record.

    An amount merged over several rows counts once, in its first row, and that is said.
    """
    merges = [
        merge
        for merge in sheet.merged
        if merge.first_column == column + 1
        and merge.last_row > merge.first_row
        and merge.first_row in index_of
    ]
    filled = Filled()
    if not merges:
        return filled
    if spec.kind in _COUNTED:
        _warn_number(sheet, spec, merges, filled)
        return filled
    for merge in merges:
        value = raws[index_of[merge.first_row]]
        for row in range(merge.first_row + 1, merge.last_row + 1):
            index = index_of.get(row)
            if index is not None and raws[index] == "" and value != "":
                raws[index] = value
                filled.indexes.append(index)
    if filled.indexes:
        where = Cell(sheet.file, sheet.name, make_ref(merges[0].first_row, column + 1))
        finding = MERGED_FILLED.at(where, header=spec.header, count=len(filled.indexes))
        filled.findings.append(finding)
    return filled


def _warn_number(sheet: RawSheet, spec: ColumnSpec, merges: list[Merge], filled: Filled) -> None:
    refs = [
        f"{make_ref(top, left)}:{make_ref(bottom, right)}"
        for top, left, bottom, right in merges[:_LISTED]
    ]
    more = "……" if len(merges) > _LISTED else ""
    where = Cell(sheet.file, sheet.name, refs[0].partition(":")[0])
    finding = MERGED_NUMBER.at(where, header=spec.header, refs="、".join(refs) + more)
    filled.findings.append(finding)
