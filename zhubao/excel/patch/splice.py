"""A worksheet part streamed through with its changes: rows nobody touches pass as they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.address import MAX_ROW, make_ref
from zhubao.excel.guard import Unusual
from zhubao.excel.patch.cells import FORMULA_STARTS, cell_xml
from zhubao.excel.patch.plan import CellValue, NewRows
from zhubao.excel.patch.refusals import formula_in_the_way, odd_spelling
from zhubao.excel.patch.rows import (
    RowBytes,
    Spelling,
    attributes_for_new_row,
    enclosed,
    formula_element,
    kept_attributes,
    put_together,
    renumbered,
    take_apart,
    with_formulas,
    with_result,
)
from zhubao.excel.patch.sheet_edit import Result, SheetEdit
from zhubao.excel.patch.styles import FormatClass, class_of_format
from zhubao.excel.structure import encoding_of

_OPEN = re.compile(rb"<((?:\w+:)?)sheetData\b[^>]*?(/?)>")
_DECLARATION = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]*\?>")
_COLUMN_STYLE = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_BOUND = re.compile(rb' (min|max|style)="(\d+)"')
_CHUNK = 1 << 20


class Splicer:
    """One pass over one worksheet part."""

    def __init__(self, edit: SheetEdit) -> None:
        self._edit = edit
        self._spelling = Spelling.of(b"")
        self._column_styles: list[tuple[int, int, str]] = []
        self._waiting = deque(sorted(edit.sets))
        self._like: RowBytes | None = None
        self._previous = b""
        self._last = 0
        self._rows_due = edit.new_rows is not None
        self._results = _by_row(edit.results)
        self._result_rows = sorted(self._results)

    def spliced(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The part after the changes; Unusual when it is not spelled as usual."""
        source = iter(pieces)
        head, buffer = self._head(source)
        yield head
        closing = b"</" + self._spelling.prefix + b"sheetData"
        seen = 0
        while (end := buffer.find(closing, seen)) < 0:
            cut = buffer.rfind(b"<" + self._spelling.prefix + b"row")
            if cut > 0 and len(buffer) > _CHUNK:
                yield self._rows(buffer[:cut])
                buffer = buffer[cut:]
            seen = max(len(buffer) - len(closing), 0)
            piece = next(source, None)
            if piece is None:
                raise Unusual
            buffer += piece
        yield self._rows(buffer[:end])
        yield self._missing_rows(None)
        tail = buffer[end:] + b"".join(source)
        _refuse_hiding(tail)
        yield self._edit.tail(tail)

    def _head(self, source: Iterator[bytes]) -> tuple[bytes, bytes]:
        """Everything up to the first row, and what was read beyond."""
        buffer = b""
        while (found := _OPEN.search(buffer)) is None:
            piece = next(source, None)
            if piece is None:
                raise Unusual
            buffer += piece
        self._spelling = Spelling.of(found[1])
        head, rest = buffer[: found.start()], buffer[found.end() :]
        _refuse_hiding(_DECLARATION.sub(b"", head))
        if encoding_of(head[:512]) not in ("utf-8", "utf8"):
            raise Unusual
        self._column_styles = _column_styles(head)
        opened = found[0]
        if found[2]:
            opened = opened[:-2].rstrip() + b">"
            rest = b"</" + found[1] + b"sheetData>" + rest
        return self._edit.head(head) + opened, rest

    def _rows(self, chunk: bytes) -> bytes:
        """A run of whole rows."""
        _refuse_hiding(chunk)
        opening = b"<" + self._spelling.prefix + b"row"
        cut = chunk.rfind(opening)
        if cut < 0:
            if chunk.strip():
                raise Unusual
            return chunk
        first = self._spelling.number(chunk, chunk.find(opening))
        last = self._spelling.number(chunk, cut)
        if first <= self._last or last < first:
            raise Unusual
        if self._passes(chunk, last):
            self._last, self._previous = last, chunk[cut:]
            return chunk
        starts = self._starts_of_due(chunk, last)
        if starts is None:
            starts = [match.start() for match in re.finditer(re.escape(opening), chunk)]
        return b"".join(self._with_due(chunk, starts))

    def _with_due(self, chunk: bytes, starts: Sequence[int]) -> Iterator[bytes]:
        """The rows that open at `starts` with their changes, those between as they are."""
        opening = b"<" + self._spelling.prefix + b"row"
        done = 0
        for start in starts:
            yield self._passed(chunk, done, start)
            end = chunk.find(opening, start + 1)
            done = end if end >= 0 else len(chunk)
            yield self._row(chunk[start:done])
        yield self._passed(chunk, done, len(chunk))

    def _passed(self, chunk: bytes, start: int, end: int) -> bytes:
        """Rows that stay; the last of them is the one above whatever comes next."""
        above = chunk.rfind(b"<" + self._spelling.prefix + b"row", start, end)
        if above >= 0:
            self._last, self._previous = self._spelling.number(chunk, above), chunk[above:end]
        return chunk[start:end]

    def _starts_of_due(self, chunk: bytes, last: int) -> list[int] | None:
        """Where the rows with sets or results open, when no other row changes; else None.

        None, too, where such a row has no element or is spelled with `r` further behind.
        """
        edit = self._edit
        moves = edit.shift is not None or edit.new_rows is not None
        if moves or (edit.formula_change and self._formula in chunk):
            return None
        due = {*takewhile(lambda row: row <= last, self._waiting), *self._results_up_to(last)}
        starts: list[int] = []
        for number in sorted(due):
            opening = b'<%srow r="%d"' % (self._spelling.prefix, number)
            starts.append(chunk.find(opening, starts[-1] + 1 if starts else 0))
        return None if -1 in starts else starts

    def _results_up_to(self, last: int) -> list[int]:
        """Rows behind the last one that get results, up to this one."""
        rows = self._result_rows
        return rows[bisect_right(rows, self._last) : bisect_right(rows, last)]

    def _passes(self, chunk: bytes, last: int) -> bool:
        """True when nothing in these rows changes."""
        edit = self._edit
        if self._waiting and self._waiting[0] <= last:
            return False
        if edit.shift and last >= edit.shift.at:
            return False
        if edit.new_rows and (self._last < edit.new_rows.like <= last):
            return False
        if edit.formula_change and self._formula in chunk:
            return False
        return not self._results_up_to(last)

    @property
    def _formula(self) -> bytes:
        """What every formula begins with."""
        return b"<" + self._spelling.prefix + b"f"

    def _row(self, segment: bytes) -> bytes:
        """One row with its changes; `segment` may end with white space."""
        number = self._spelling.number(segment)
        if number <= self._last:
            raise Unusual
        before = self._missing_rows(number)
        self._last = number
        data, gap = _split_gap(segment)
        if self._edit.new_rows and number == self._edit.new_rows.like:
            self._like = take_apart(data, self._spelling)
        is_set = bool(self._waiting) and self._waiting[0] == number
        if is_set:
            self._waiting.popleft()
        if self._edit.is_removed(number):
            return before
        if is_set:
            data = self._with_sets(take_apart(data, self._spelling))
        self._previous = data
        return before + self._finished(number, data) + gap

    def _finished(self, number: int, data: bytes) -> bytes:
        """Formulas, results and the row's number after the shift."""
        edit = self._edit
        if edit.formula_change and self._formula in data:
            change = edit.formula_change
            data = with_formulas(
                data, lambda column, *formula: change(number, column, *formula), self._spelling
            )
        after = edit.after(number)
        if after > MAX_ROW:
            return self._pushed_out(number, data)
        results = self._results.get(after)
        if results:
            row = take_apart(data, self._spelling)
            changes = {
                cell.column: with_result(number, cell, results[cell.column], self._spelling)
                for cell in row.cells
                if cell.column in results
            }
            data = put_together(row, changes, self._spelling)
        return renumbered(data, after - number, self._spelling) if after != number else data

    def _pushed_out(self, number: int, data: bytes) -> bytes:
        """Nothing, for a row without content that new rows push beyond the last one."""
        row = take_apart(data, self._spelling)
        if any(cell.inner for cell in row.cells):
            raise LedgerNotWritable(
                f"工作表“{self._edit.name}”放不下这么多行：第 {number} 行有内容，会被挤出表外",
                where=f"{self._edit.file}!{self._edit.name}",
                advice="请先在 Excel 或 WPS 里清理表末多余的内容，再重试",
            )
        return b""

    def _missing_rows(self, before: int | None) -> bytes:
        """New records and rows that had no element yet, due before this row (None: all)."""
        pieces: list[bytes] = []
        edit = self._edit
        while self._waiting and (before is None or self._waiting[0] < before):
            number = self._waiting[0]
            if self._rows_due and edit.new_rows and edit.new_rows.at <= number:
                break
            self._waiting.popleft()
            if not edit.is_removed(number):
                row = RowBytes(number, b"", b"")
                pieces.append(self._finished(number, self._with_sets(row)))
        if self._rows_due and edit.new_rows and (before is None or edit.new_rows.at <= before):
            self._rows_due = False
            pieces += self._new_rows(edit.new_rows)
            pieces.append(self._missing_rows(before))
        return b"".join(pieces)

    def _with_sets(self, row: RowBytes) -> bytes:
        changes: dict[int, bytes] = {}
        for one in self._edit.sets[row.number]:
            cell = row.cell(one.column)
            if cell is None and one.value is None:
                continue
            if cell and not one.over_formula and self._spelling.formula.search(cell.inner):
                ref = make_ref(row.number, one.column)
                raise formula_in_the_way(self._edit.file, self._edit.name, [ref])
            style = cell.style if cell else self._style_for(row, one.column)
            kept = kept_attributes(self._suited(style, one.value, one.number_format), cell)
            changes[one.column] = self._cell(row.number, one.column, kept, one.value)
        return put_together(row, changes, self._spelling)

    def _cell(self, row: int, column: int, kept: str, value: CellValue) -> bytes:
        return cell_xml(
            make_ref(row, column),
            kept,
            value,
            prefix=self._spelling.prefix.decode(),
            date1904=self._edit.date1904,
            where=f"{self._edit.file}!{self._edit.name}",
        ).encode()

    def _suited(self, style: str, value: CellValue, number_format: str) -> str:
        quoted = isinstance(value, str) and value.startswith(FORMULA_STARTS)
        if value is None or value == "":
            return style
        if self._edit.styles is None:
            if class_of_format(number_format) is FormatClass.DATE:
                raise odd_spelling(self._edit.file, "（没有样式，写不了日期）")
            return style
        return self._edit.styles.suited(style, number_format, quoted=quoted)

    def _style_for(self, row: RowBytes, column: int) -> str:
        """A new cell looks like the one above it, else as its row or column says."""
        if self._previous:
            above = take_apart(_split_gap(self._previous)[0], self._spelling).cell(column)
            if above is not None:
                return above.style
        own = re.search(rb' s="(\d+)"', row.attributes)
        if own and b'customFormat="1"' in row.attributes:
            return own[1].decode()
        return self._column_style(column)

    def _column_style(self, column: int) -> str:
        styles = self._column_styles
        return next((style for first, last, style in styles if first <= column <= last), "")

    def _new_rows(self, new: NewRows) -> list[bytes]:
        like = self._like or RowBytes(new.like, b"", b"")
        attributes = attributes_for_new_row(like.attributes)
        rows = []
        for place, values in enumerate(new.rows):
            number = new.at + place
            formulas = self._edit.new_formulas[place] if self._edit.new_formulas else {}
            columns = sorted({*(cell.column for cell in like.cells), *values})
            cells = {
                column: self._new_cell(number, column, like, values, formulas, new)
                for column in columns
            }
            row = RowBytes(number, attributes, b"")
            rows.append(put_together(row, cells, self._spelling))
        return rows

    def _new_cell(
        self,
        number: int,
        column: int,
        like: RowBytes,
        values: Mapping[int, CellValue],
        formulas: Mapping[int, bytes],
        new: NewRows,
    ) -> bytes:
        above = like.cell(column)
        style = above.style if above else self._column_style(column)
        if column in values or column not in formulas:
            value = values.get(column)
            style = self._suited(style, value, new.number_formats.get(column, ""))
            return self._cell(number, column, kept_attributes(style), value)
        xml = self._cell(number, column, kept_attributes(style), None)
        formula = formula_element(b"", formulas[column], self._spelling)
        closing = b"</" + self._spelling.prefix + b"c>"
        data = enclosed(number, b"", xml[:-2] + b">" + formula + closing, self._spelling)
        cell = take_apart(data, self._spelling).cells[0]
        result = self._results.get(number, {}).get(column)
        return with_result(number, cell, result, self._spelling)


def _refuse_hiding(data: bytes) -> None:
    """Unusual where comments, CDATA or processing instructions could hide anything."""
    # the search for one byte is so much faster that it pays to look for the rare one first
    if (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data):
        raise Unusual


def _by_row(results: Mapping[tuple[int, int], Result]) -> dict[int, dict[int, Result]]:
    rows: dict[int, dict[int, Result]] = {}
    for (row, column), result in results.items():
        rows.setdefault(row, {})[column] = result
    return rows


def _split_gap(segment: bytes) -> tuple[bytes, bytes]:
    """The row element and the white space behind it."""
    data = segment.rstrip()
    return data, segment[len(data) :]


def _column_styles(head: bytes) -> list[tuple[int, int, str]]:
    found = []
    for attributes in _COLUMN_STYLE.findall(head):
        bounds = {name: value for name, value in _BOUND.findall(attributes)}
        if len(bounds) == 3:
            found.append((int(bounds[b"min"]), int(bounds[b"max"]), bounds[b"style"].decode()))
    return found
