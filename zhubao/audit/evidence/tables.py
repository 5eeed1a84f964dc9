"""Ledger rows as tables: values as read, the place of each row, and the original text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.report import Column, Row, Table, ValueKind
from zhubao.excel.kinds import CellKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.registers.values import rules_of, spelled
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.validate import FieldRule

_KINDS = {
    CellKind.MONEY: ValueKind.MONEY,
    CellKind.DATE: ValueKind.DATE,
    CellKind.MONTH: ValueKind.MONTH,
    CellKind.INTEGER: ValueKind.COUNT,
    CellKind.DECIMAL: ValueKind.NUMBER,
    CellKind.CODE: ValueKind.IDENTITY,
    CellKind.IDENTITY: ValueKind.IDENTITY,
}
_PLAIN = (ValueKind.TEXT, ValueKind.IDENTITY)
_PRINTED = 9  # columns on paper; the others stand to the right


def rows_table(loaded: Loaded, model: type[LedgerRow], rows: Iterable[int]) -> Table:
    """These rows of a sheet, whole and unmasked: the row's place, every column of the sheet.

    Columns no field claims follow as they are. An empty column is left out.
    """
    table, chosen = loaded.get(model), list(rows)
    rules = [rule for rule in rules_of(model).values() if _has_any(table, rule, chosen)]
    extras = [
        header
        for header, values in table.extras.items()
        if any(values[row] not in (None, "") for row in chosen)
    ]
    columns = (
        Column("place", "位置"),
        *(
            Column(rule.name, rule.column.header, kind_of(rule), 2 if at < _PRINTED else 3)
            for at, rule in enumerate(rules)
        ),
        *(Column(f"extra{at}", header, level=3) for at, header in enumerate(extras)),
    )
    lines = [
        Row(
            (
                str(_row_place(table, row)),
                *(shown(rule, table.column(rule.name)[row]) for rule in rules),
                *(_text(table.extras[header][row]) for header in extras),
            ),
            (table.row_cell(row),),
        )
        for row in chosen
    ]
    return Table(model.__name__, model.SHEET.name, columns, lines)


def originals_table(loaded: Loaded, rows: Iterable[tuple[type[LedgerRow], Iterable[int]]]) -> Table:
    """原文: every cell of these rows that is written otherwise than it is read, or unreadable."""
    columns = (
        Column("cell", "单元格"),
        Column("header", "列"),
        Column("read", "读作"),
        Column("original", "台账原文", width=60),
    )
    lines = [line for model, own in rows for line in _originals(loaded.get(model), own)]
    notes = ("只列读取时改过写法的（如 2020.6.30 读作 2020-06-30）和读不出的；其余与原文一样",)
    return Table("originals", "台账原文", columns, lines, notes=notes)


def record_table(table: LedgerTable[Any], row: int, key: str, title: str) -> Table:
    """One record from top to bottom: column, value as read, cell; empty cells left out."""
    columns = (
        Column("header", "项目"),
        Column("value", "内容", width=60),
        Column("cell", "单元格"),
    )
    lines = [
        Row((rule.column.header, spelled(rule, value, unmasked=True), str(cell)), (cell,))
        for rule in rules_of(table.model).values()
        if (value := table.column(rule.name)[row]) is not None
        and (cell := table.cell(row, rule.name))
    ]
    return Table(key, title, columns, lines)


def kind_of(rule: FieldRule) -> ValueKind:
    """How a field is shown in a file; numbers of persons and things stay text."""
    return _KINDS.get(rule.kind, ValueKind.TEXT) if rule.kind else ValueKind.TEXT


def shown(rule: FieldRule, value: Any) -> Any:
    """A value for its column, unmasked; None for an empty cell."""
    if value is None or kind_of(rule) not in _PLAIN:
        return value
    return spelled(rule, value, unmasked=True)


def _originals(table: LedgerTable[Any], rows: Iterable[int]) -> Iterator[Row]:
    rules = rules_of(table.model)
    for row in rows:
        for name, kept in table.originals.items():
            if row not in kept or name not in rules:
                continue
            value, cell = table.column(name)[row], table.cell(row, name)
            read = "（读不出）" if value is None else spelled(rules[name], value, unmasked=True)
            raw = _text(kept[row]) or "（空）"
            emphasis = "warning" if value is None else ""
            yield Row((str(cell), rules[name].column.header, read, raw), (cell,), emphasis)


def _row_place(table: LedgerTable[Any], row: int) -> Cell:
    """file!sheet!row."""
    cell = table.row_cell(row)
    return Cell(cell.file, cell.sheet, f"第{cell.position[0]}行")


def _has_any(table: LedgerTable[Any], rule: FieldRule, rows: Iterable[int]) -> bool:
    values = table.column(rule.name)
    return any(values[row] is not None for row in rows)


def _text(raw: Any) -> str | None:
    return None if raw in (None, "") else str(raw)
