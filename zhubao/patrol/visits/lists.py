"""Filled-in lists of visits: every sheet of a file that has the two columns a visit needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zhubao.core.finding import Cell, Finding
from zhubao.excel.table import read_table
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.load import (
    COLUMN_MISSING,
    COLUMNS_UNKNOWN,
    REQUIRED_EMPTY,
    SHEET_EMPTY,
    load_sheet,
)
from zhubao.ledger.patrol import PatrolVisit
from zhubao.ledger.reading import specs_for
from zhubao.ledger.registers.findings import COLUMNS_UNUSED
from zhubao.ledger.statement_file import StatementFile
from zhubao.ledger.table import LedgerTable
from zhubao.patrol.visits.entry_findings import NO_LIST
from zhubao.patrol.visits.plan_report import PRINTED

_NEEDED = frozenset({"household_no", "visited_on"})
_JUDGED_LATER = frozenset(
    one.code for one in (COLUMN_MISSING, COLUMNS_UNKNOWN, REQUIRED_EMPTY, SHEET_EMPTY)
)


@dataclass(frozen=True, slots=True)
class FilledList:
    """One sheet: its rows as visits whose cells are the sheet's, and the fields it has.

    `faults` has what the reader says of cells it could not take.
    """

    table: LedgerTable[PatrolVisit]
    fields: frozenset[str]
    faults: Mapping[Cell, Finding]


@dataclass(frozen=True, slots=True)
class FilledLists:
    """The sheets of one file, and what is to be said of them beside their cells."""

    file: str
    lists: tuple[FilledList, ...]
    findings: tuple[Finding, ...]


def read_lists(file: StatementFile, config: LedgerConfig) -> FilledLists:
    """Every sheet with a 家庭编号 and a 巡查日期, as the ledger reader reads them.

    A plan prints a sheet per estate or building, so all of them count. Columns nobody knows are a
    notice, except those that the plan prints itself.
    """
    specs = [replace(spec, required=spec.key in _NEEDED) for spec in specs_for(PatrolVisit, config)]
    lists: list[FilledList] = []
    findings = list(file.findings)
    for sheet in file.sheets:
        typed = read_table(sheet, specs)
        if typed is None or not set(typed.columns) >= _NEEDED:
            continue
        loaded = load_sheet(PatrolVisit, typed)
        said = [one for one in loaded.findings if one.code not in _JUDGED_LATER]
        bad = _bad_cells(loaded.table)
        faults = {one.where: one for one in said if one.where and one.where in bad}
        findings += [one for one in said if one.where not in bad]
        findings += _unused(Cell(typed.file, typed.sheet), list(typed.unknown))
        lists.append(FilledList(loaded.table, frozenset(typed.columns), faults))
    if not lists:
        findings.append(NO_LIST.at(Cell(file.name)))
    return FilledLists(file.name, tuple(lists), tuple(findings))


def _bad_cells(table: LedgerTable[PatrolVisit]) -> set[Cell | None]:
    """The cells that could not be read; of columns the sheet has."""
    letters = table.segments[0].letters
    return {
        table.cell(index, name)
        for name, indexes in table.bad.items()
        if name in letters
        for index in indexes
    }


def _unused(place: Cell, headers: Sequence[str]) -> list[Finding]:
    strange = [header for header in headers if "".join(header.split()) not in PRINTED]
    if not strange:
        return []
    return [COLUMNS_UNUSED.at(place, sheet=PatrolVisit.SHEET.name, headers="、".join(strange))]
