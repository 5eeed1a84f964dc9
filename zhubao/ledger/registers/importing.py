"""Many rows from a file into a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Finding, Severity
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.registers.closed import is_sealed, kind_refusal, tool_fields
from zhubao.ledger.registers.entry import numbered_key
from zhubao.ledger.registers.findings import CHECK_FAILED, ROW_CLOSED
from zhubao.ledger.registers.incoming import Incoming
from zhubao.ledger.registers.merging import Merged, merge_rows
from zhubao.ledger.registers.references import reference_findings
from zhubao.ledger.registers.trial import new_findings, table_after
from zhubao.ledger.registers.values import key_words, rules_of
from zhubao.ledger.table import Columns, LedgerTable, R, key_fields


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file amounts to for a sheet; `findings` of file, merge and checks, in order."""

    incoming: Incoming[Any]
    merged: Merged
    change: Change
    findings: tuple[Finding, ...]


def may_lack(model: type[LedgerRow], loaded: Loaded, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Columns a file may lack: what a known row does not need, a key the sheet numbers, and what
    `given` fills in."""
    keys, free = key_fields(model), numbered_key(loaded, model)
    return tuple(
        name for name in model.model_fields if name == free or name in given or name not in keys
    )


def with_values(table: LedgerTable[R], values: Mapping[str, Any]) -> LedgerTable[R]:
    """The table with empty cells of these fields filled; cells in error stay as they are."""
    columns = Columns(
        {name: list(table.column(name)) for name in table.model.model_fields},
        {name: set(indexes) for name, indexes in table.bad.items()},
        {name: dict(kept) for name, kept in table.originals.items()},
        dict(table.extras),
    )
    for name, value in values.items():
        for index, now in enumerate(columns.values[name]):
            bad = index in columns.bad.get(name, ())
            if now is None and not (bad and table.original(index, name) not in (None, "")):
                columns.values[name][index] = value
                columns.bad.get(name, set()).discard(index)
    return LedgerTable(table.model, columns, table.segments)


def import_rows(
    loaded: Loaded,
    incoming: Incoming[Any],
    day: dt.date,
    formats: Formats,
    *,
    overwrite: bool = False,
    fill_only: bool = False,
) -> Imported:
    """Merge a file into its sheet; rows that a check between sheets calls an error are left out.

    Foreign keys must exist; columns only the tool fills, and rows it has sealed, are refused. A
    warning of a check comes along as a finding and keeps nothing out.
    """
    model, table = incoming.table.model, loaded.get(incoming.table.model)
    numbered = bool(numbered_key(loaded, model))
    refuse = {**reference_findings(incoming.table, loaded), **_closed_rows(incoming, table)}
    how: dict[str, Any] = {"overwrite": overwrite, "fill_only": fill_only, "numbered": numbered}
    how["absent"] = set(model.model_fields) - incoming.given
    title = f"导入{model.SHEET.name}"
    trial = Plan(title, loaded, formats)
    merged = merge_rows(trial, table, incoming.table, refuse=refuse, **how)
    found = _checked(loaded, table, incoming, merged, trial.build(), day)
    failed = {index: one for index, one in found if index is not None}
    plan = Plan(title, loaded, formats)
    if failed:
        merged = merge_rows(plan, table, incoming.table, refuse={**refuse, **failed}, **how)
    change = plan.build() if failed else trial.build()
    told = [*incoming.findings, *merged.findings, *(one for index, one in found if index is None)]
    ordered = tuple(sorted(told, key=lambda one: one.sort_key))
    return Imported(incoming, merged, change, ordered)


def _closed_rows(incoming: Incoming[Any], table: LedgerTable[Any]) -> dict[int, Finding]:
    """Rows that only a command of their own may write."""
    rows, model = incoming.table, incoming.table.model
    tool = [name for name in tool_fields(model) if name in incoming.given]
    keys = key_fields(model)
    columns = [table.column(name) for name in keys]
    sealed = {key for row, key in enumerate(zip(*columns, strict=True)) if is_sealed(table, row)}
    found: dict[int, Finding] = {}
    for index in range(len(rows)):
        values = rows.values(index)
        filled = [name for name in tool if values[name] is not None]
        why = kind_refusal(model, values)
        if filled:
            why = f"“{rules_of(model)[filled[0]].column.header}”由 zhubao 写入，不能手工填写"
        elif tuple(values[name] for name in keys) in sealed:
            why = "台账里的这一行已由摇号冻结或写入，不能改动"
        if why:
            words = {"key": key_words(model, values), "why": why}
            found[index] = ROW_CLOSED.at(rows.row_cell(index), **words)
    return found


def _checked(
    loaded: Loaded,
    table: LedgerTable[Any],
    incoming: Incoming[Any],
    merged: Merged,
    change: Change,
    day: dt.date,
) -> list[tuple[int | None, Finding]]:
    """(row of the file to leave out, or None; the finding) of every check the merge calls up."""
    first = change.added[0].at if change.added else 2
    after = table_after(table, merged.updates, merged.new_rows, first)
    places = {len(table) + place: index for place, index in enumerate(merged.added)}
    places |= dict(zip(merged.updates, merged.changed, strict=True))
    by_row = {_row_of(after, row): index for row, index in places.items()}
    out: list[tuple[int | None, Finding]] = []
    for one in new_findings(loaded, after, day):
        where = one.where
        index = by_row.get((where.file, where.sheet, where.position[0])) if where else None
        if index is None or one.severity is not Severity.ERROR:
            out.append((None, one))
            continue
        words = {"key": key_words(table.model, incoming.table.values(index)), "why": one.message}
        out.append((index, CHECK_FAILED.at(incoming.table.row_cell(index), **words)))
    return out


def _row_of(table: LedgerTable[Any], row: int) -> tuple[str, str, int]:
    cell = table.row_cell(row)
    return cell.file, cell.sheet, cell.position[0]
