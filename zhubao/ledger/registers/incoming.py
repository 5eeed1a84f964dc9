"""Rows of one sheet that a person filled in elsewhere: read from any workbook or text file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic

from zhubao.core.finding import Cell, Finding
from zhubao.excel.sheet import RawSheet
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.load import (
    COLUMN_MISSING,
    COLUMNS_UNKNOWN,
    REQUIRED_EMPTY,
    load_sheet,
)
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.reading import specs_for
from zhubao.ledger.recognise import Naming
from zhubao.ledger.registers.findings import (
    COLUMNS_LACKING,
    COLUMNS_UNUSED,
    HIDDEN_PASSED_OVER,
    NOT_THIS_SHEET,
    SHEET_PASSED_OVER,
)
from zhubao.ledger.registers.merging import Merged, merge_rows
from zhubao.ledger.statement_file import HIDDEN_SHEET_PASSED_OVER, read_statement_file
from zhubao.ledger.table import LedgerTable, R
from zhubao.ledger.validate import field_rules

if TYPE_CHECKING:
    from zhubao.excel.table import TypedTable

__all__ = ["Incoming", "Merged", "merge_rows", "read_incoming"]

_REPLACED = frozenset({COLUMN_MISSING.code, COLUMNS_UNKNOWN.code})


@dataclass(frozen=True, slots=True)
class Incoming(Generic[R]):
    """The rows as a table whose cells are those of the file, and what is wrong with them.

    `given` names the fields the file has a column for.
    """

    table: LedgerTable[R]
    findings: tuple[Finding, ...] = ()
    given: frozenset[str] = frozenset()


def read_incoming(
    path: Path, model: type[R], config: LedgerConfig, *, may_lack: Collection[str] = ()
) -> Incoming[R]:
    """Read the rows of `model` from a workbook or a delimited text, as the ledger reader does.

    Title rows, aliases (the bureau's own too), subtotals and messy values are normal. Of several
    sheets the one with the most known headers is read, a sheet that bears the model's name first
    among equals. A required column that is not there is an error finding, unless it is among
    `may_lack`: then its cells may also be empty. No such sheet at all: an empty table and an error
    finding. Raises the Workbook* error that says why the file cannot be read.
    """
    file = read_statement_file(path)
    findings = [_reworded(one) for one in file.findings]
    read = _candidates(file.sheets, model, config)
    if not read:
        headers = "、".join(rule.column.header for rule in field_rules(model))
        missing = NOT_THIS_SHEET.at(Cell(path.name), sheet=model.SHEET.name, headers=headers)
        return Incoming(LedgerTable.empty(model), (*findings, missing))
    chosen, *others = read
    findings += _passed_over(chosen, others, model)
    loaded = load_sheet(model, chosen)
    findings += _judged(loaded.findings, chosen, model, may_lack)
    ordered = sorted(findings, key=lambda one: one.sort_key)
    return Incoming(loaded.table, tuple(ordered), frozenset(chosen.columns))


def _candidates(
    sheets: Sequence[RawSheet], model: type[LedgerRow], config: LedgerConfig
) -> list[TypedTable]:
    """The sheets that have a header of the model, the best first."""
    from zhubao.excel.table import read_table

    naming, specs = Naming.of((model,), config), specs_for(model, config)
    read = [table for sheet in sheets if (table := read_table(sheet, specs)) is not None]
    required = {spec.key for spec in specs if spec.required}

    def worth(table: TypedTable) -> tuple[int, int, bool, bool]:
        known = len(table.columns), len(required & set(table.columns))
        return (*known, bool(naming.matches(table.sheet)), bool(table.rows))

    return sorted(read, key=worth, reverse=True)  # stable: of equals the first in the file


def _passed_over(
    chosen: TypedTable, others: Sequence[TypedTable], model: type[LedgerRow]
) -> list[Finding]:
    """Sheets with rows that show as many known headers as the one that is read."""
    return [
        SHEET_PASSED_OVER.at(
            Cell(other.file, other.sheet), chosen=chosen.sheet, sheet=model.SHEET.name
        )
        for other in others
        if other.rows and len(other.columns) == len(chosen.columns)
    ]


def _judged(
    findings: Sequence[Finding],
    typed: TypedTable,
    model: type[LedgerRow],
    may_lack: Collection[str],
) -> list[Finding]:
    """The loader's findings in words that suit a file handed in; what may lack is no fault."""
    place = Cell(typed.file, typed.sheet)
    free = {
        typed.address(index, name)
        for name in may_lack
        if name in typed.columns
        for index, value in enumerate(typed.columns[name].values)
        if value is None
    }
    kept = [
        one
        for one in findings
        if one.code not in _REPLACED and not (one.code == REQUIRED_EMPTY.code and one.where in free)
    ]
    lacking = [
        rule.column.header
        for rule in field_rules(model)
        if rule.required and rule.name not in typed.columns and rule.name not in may_lack
    ]
    if lacking:
        words: dict[str, Any] = {"sheet": model.SHEET.name, "headers": "、".join(lacking)}
        kept.append(COLUMNS_LACKING.at(place, **words))
    if typed.unknown:
        headers = "、".join(f"{name}（{letter} 列）" for name, (letter, _) in typed.unknown.items())
        kept.append(COLUMNS_UNUSED.at(place, sheet=model.SHEET.name, headers=headers))
    return kept


def _reworded(finding: Finding) -> Finding:
    if finding.code != HIDDEN_SHEET_PASSED_OVER.code:
        return finding
    sheet = finding.where.sheet if finding.where else ""
    return HIDDEN_PASSED_OVER.at(finding.where, sheet=sheet)
