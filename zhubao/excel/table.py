"""A sheet read against declarations: typed columns, their cell addresses, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from zhubao.core.finding import Cell, Finding, Severity
from zhubao.core.masking import mask_identity
from zhubao.excel.address import column_letter, column_number, make_ref
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.faults import (
    ALIAS_TWICE,
    EMPTY_MARK,
    ERROR_CELL,
    HEADER_MISSING,
    HEADER_TWICE,
    ROWS_ABOVE_HEADER,
    ROWS_LEFT_OUT,
    UNCACHED_FORMULA,
    UNIT_SCALED,
)
from zhubao.excel.header import Header, best_header, match_score
from zhubao.excel.kinds import CellKind
from zhubao.excel.merges import fill_merged
from zhubao.excel.normalise import Normalised, normalise
from zhubao.excel.outcome import Fault, shown
from zhubao.excel.rows import LeftOut, Reason, RowSorter, looks_like_record
from zhubao.excel.scale import declared_unit, in_yuan
from zhubao.excel.sheet import RawSheet

__all__ = [
    "ColumnSpec",
    "LeftOut",
    "Reason",
    "TypedColumn",
    "TypedTable",
    "best_header",
    "match_score",
    "read_table",
]

_LISTED_ROWS = 8


@dataclass(slots=True)
class TypedColumn:
    """Values by record; `originals` only where the value is not simply the raw one.

    `unit` is 万, 千 … where the amounts stand in 万元 and have been turned into yuan.
    """

    key: str
    letter: str
    header: str
    values: list[Any]
    originals: dict[int, Any] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)
    unit: str = ""


@dataclass(slots=True)
class TypedTable:
    """The records of a sheet by column. `rows` has the Excel row of each record."""

    file: str
    sheet: str
    header_rows: tuple[int, int]
    rows: list[int]
    columns: dict[str, TypedColumn] = field(default_factory=dict)
    missing: tuple[ColumnSpec, ...] = ()
    unknown: dict[str, tuple[str, list[Any]]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def address(self, index: int, key: str) -> Cell:
        """The cell of record `index` in column `key`; the whole row when the column is missing."""
        column = self.columns.get(key)
        letter = column.letter if column else "A"
        return Cell(self.file, self.sheet, f"{letter}{self.rows[index]}")


def read_table(sheet: RawSheet, specs: Sequence[ColumnSpec]) -> TypedTable | None:
    """Find the header, leave out what is no record, read every declared column.

    None when no row of the sheet answers to `specs`.
    """
    header = best_header(sheet, specs)
    return None if header is None else _Reading(sheet, specs, header).table()


class _Reading:
    """One sheet being read."""

    def __init__(self, sheet: RawSheet, specs: Sequence[ColumnSpec], header: Header) -> None:
        self._sheet = sheet
        self._specs = specs
        self._header = header
        sorter = self._sorter()
        self._records = sorter.records()
        self._table = TypedTable(
            sheet.file,
            sheet.name,
            (header.first, header.last),
            [index + 1 for index in self._records],
            missing=tuple(spec for spec in specs if spec.key not in header.matched),
            left_out=sorter.left_out,
        )
        self._record_rows = [sheet.rows[index] for index in self._records]
        self._above = [value for row in sheet.rows[: header.first - 1] for value in row]
        self._index: dict[int, int] = {}
        if sheet.errors or sheet.uncached or sheet.merged:
            self._index = {row: index for index, row in enumerate(self._table.rows)}

    def table(self) -> TypedTable:
        """Everything, column by column."""
        for spec in self._specs:
            cell = self._header.matched.get(spec.key)
            if cell is not None:
                self._table.columns[spec.key] = self._column(spec, cell.column, cell.text)
        self._read_unknown()
        self._report_header()
        self._report_above()
        self._report_headless()
        self._report_left_out()
        return self._table

    def _sorter(self) -> RowSorter:
        matched = self._header.matched
        required = [matched[s.key].column for s in self._specs if s.required and s.key in matched]
        row = self._sheet.rows[self._header.last - 1]
        above = self._sheet.rows[self._header.first - 1]
        titles = {cell.column: row[cell.column] or above[cell.column] for cell in matched.values()}
        occupied = {row - 1 for row, _ in self._sheet.errors}
        occupied.update(row - 1 for row, _ in self._sheet.uncached)
        rows, last = self._sheet.rows, self._header.last
        return RowSorter(
            rows,
            last,
            required,
            titles,
            self._sheet.merged,
            frozenset(occupied),
            rows[max(self._header.first - 2, 0) : last],
        )

    def _raws(self, column: int) -> list[Any]:
        return list(map(itemgetter(column), self._record_rows))

    def _column(self, spec: ColumnSpec, column: int, header: str) -> TypedColumn:
        raws = self._raws(column)
        filled = fill_merged(self._sheet, spec, column, raws, self._index)
        self._table.findings += filled.findings
        unit = declared_unit(header, self._above) if spec.kind is CellKind.MONEY else ""
        read = self._normalised(spec, column, header, raws, unit)
        letter = column_letter(column + 1)
        typed = TypedColumn(spec.key, letter, header, read.values, unit=unit)
        typed.originals = read.originals
        typed.originals.update(dict.fromkeys(filled.indexes, ""))
        self._report_faults(spec, typed, read.faults)
        if spec.required:
            self._report_marks(spec, typed, read.marks)
        self._report_hidden(spec, typed, column)
        return typed

    def _normalised(
        self, spec: ColumnSpec, column: int, header: str, raws: list[Any], unit: str
    ) -> Normalised:
        """The typed values; amounts declared in 万元 become yuan, and that is said."""
        date1904 = self._sheet.date1904
        if not unit:
            return normalise(raws, spec.kind, choices=spec.choices, date1904=date1904)
        read = normalise([in_yuan(raw, unit) for raw in raws], spec.kind)
        read.originals = {index: raw for index, raw in enumerate(raws) if raw != ""}
        for index, fault in read.faults.items():
            worded = {**fault.values, "shown": shown(raws[index])}
            read.faults[index] = Fault(fault.kind, worded)
        where = Cell(self._sheet.file, self._sheet.name, make_ref(self._header.last, column + 1))
        self._table.findings.append(UNIT_SCALED.at(where, header=header, unit=unit))
        return read

    def _report_faults(
        self, spec: ColumnSpec, typed: TypedColumn, faults: dict[int, Fault]
    ) -> None:
        made: dict[int, Finding] = {}
        findings, rows = self._table.findings, self._table.rows
        file, sheet, letter = self._table.file, self._table.sheet, typed.letter
        for index, fault in faults.items():
            model = made.get(id(fault))
            if model is None:
                model = made[id(fault)] = _worded(spec, fault)
            where = Cell(file, sheet, f"{letter}{rows[index]}")
            findings.append(
                Finding(model.code, model.severity, model.title, model.message, model.advice, where)
            )
            if model.severity is Severity.ERROR:
                typed.bad.add(index)

    def _report_marks(self, spec: ColumnSpec, typed: TypedColumn, marks: list[int]) -> None:
        for index in marks:
            where = Cell(
                self._table.file, self._table.sheet, f"{typed.letter}{self._table.rows[index]}"
            )
            mark = shown(typed.originals[index])
            self._table.findings.append(EMPTY_MARK.at(where, header=spec.header, shown=mark))
            typed.bad.add(index)

    def _report_hidden(self, spec: ColumnSpec, typed: TypedColumn, column: int) -> None:
        """Cells whose value the parser cannot give: error cells and formulas never computed."""
        sheet = self._sheet
        for (row, at), text in sheet.errors.items():
            if at == column + 1 and row in self._index:
                self._spoil(typed, row)
                where = Cell(sheet.file, sheet.name, f"{typed.letter}{row}")
                self._table.findings.append(ERROR_CELL.at(where, header=spec.header, shown=text))
        for row, at in sorted(sheet.uncached):
            if at == column + 1 and row in self._index:
                self._spoil(typed, row)
                where = Cell(sheet.file, sheet.name, f"{typed.letter}{row}")
                self._table.findings.append(UNCACHED_FORMULA.at(where, header=spec.header))

    def _spoil(self, typed: TypedColumn, row: int) -> None:
        index = self._index[row]
        typed.values[index] = None
        typed.originals[index] = self._sheet.errors.get((row, column_number(typed.letter)), "")
        typed.bad.add(index)

    def _read_unknown(self) -> None:
        for cell in self._header.unknown:
            letter = column_letter(cell.column + 1)
            name = (
                cell.text if cell.text not in self._table.unknown else f"{cell.text}（{letter}列）"
            )
            self._table.unknown[name] = (letter, self._raws(cell.column))

    def _report_header(self) -> None:
        place = self._header.last
        for first, second in self._header.twice:
            letters = column_letter(first.column + 1), column_letter(second.column + 1)
            where = Cell(self._table.file, self._table.sheet, f"{letters[1]}{place}")
            self._table.findings.append(
                HEADER_TWICE.at(where, header=second.text, first=letters[0], second=letters[1])
            )
        for first, second in self._header.rivals:
            letters = column_letter(first.column + 1), column_letter(second.column + 1)
            where = Cell(self._table.file, self._table.sheet, f"{letters[1]}{place}")
            self._table.findings.append(
                ALIAS_TWICE.at(
                    where,
                    header=second.text,
                    taken=first.text,
                    first=letters[0],
                    second=letters[1],
                )
            )

    def _report_above(self) -> None:
        """Rows above the header that look like records: they are not read, and that is said."""
        matched = self._header.matched
        columns = [matched[s.key].column for s in self._specs if s.required and s.key in matched]
        rows = [
            number
            for number, row in enumerate(self._sheet.rows[: self._header.first - 1], 1)
            if len(columns) > 1 and looks_like_record([row[column] for column in columns])
        ]
        if rows:
            where = Cell(self._sheet.file, self._sheet.name, f"A{rows[0]}")
            listed = "、".join(map(str, rows[:_LISTED_ROWS]))
            more = "……" if len(rows) > _LISTED_ROWS else ""
            self._table.findings.append(
                ROWS_ABOVE_HEADER.at(where, header=self._header.first, rows=listed + more)
            )

    def _report_headless(self) -> None:
        width = len(self._sheet.rows[0]) if self._sheet.rows else 0
        titled = {cell.column for cell in self._header.cells}
        for column in range(width):
            if column in titled:
                continue
            raws = self._raws(column)
            if raws.count("") == len(raws):
                continue
            filled = [index for index in self._records if self._sheet.rows[index][column] != ""]
            if filled:
                where = Cell(
                    self._table.file, self._table.sheet, make_ref(filled[0] + 1, column + 1)
                )
                letter = column_letter(column + 1)
                self._table.findings.append(
                    HEADER_MISSING.at(where, letter=letter, count=len(filled), first=where.ref)
                )

    def _report_left_out(self) -> None:
        parts: list[str] = []
        for reason in Reason:
            group = [item for item in self._table.left_out if item.reason is reason]
            if group:
                count = sum(item.last - item.row + 1 for item in group)
                parts.append(f"{reason.value} {count} 行（{_listed(group)}）")
        if parts:
            where = Cell(self._table.file, self._table.sheet)
            self._table.findings.append(ROWS_LEFT_OUT.at(where, summary="，".join(parts)))


def _worded(spec: ColumnSpec, fault: Fault) -> Finding:
    values = dict(fault.values)
    if spec.kind is CellKind.IDENTITY:
        values["shown"] = mask_identity(values["shown"])
    return fault.kind.at(None, header=spec.header, **values)


def _listed(group: list[LeftOut]) -> str:
    spans = [f"{g.row}" if g.last == g.row else f"{g.row}–{g.last}" for g in group[:_LISTED_ROWS]]
    more = "……" if len(group) > _LISTED_ROWS else ""
    return f"第 {'、'.join(spans)} 行{more}"
