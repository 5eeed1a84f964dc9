"""Random sheets, random patches: what comes out is what a model in plain Python says."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.excel.patch.patching import SHEET, patched, reopened
from tests.excel.patch.workbooks import changed_parts
from zhubao.excel.patch.plan import CellSet, CellValue, NewRows, SheetPatch

Place = tuple[int, int]
ROWS, COLUMNS = 14, 5
FORMATS = ("General", "0.00", "@", "yyyy-mm-dd", '#,##0"元"')
OTHER = "汇总"
_REF = re.compile(r"([A-E])([0-9]+)(?::([A-E])([0-9]+))?")

texts = st.text(st.sampled_from("甲乙aB1 <&>'\"\n_x"), min_size=1, max_size=8)
numbers = st.integers(1, 10**6) | st.decimals(1, 10**6, places=2)  # days to a date format, too
days = st.dates(dt.date(1950, 1, 1), dt.date(2050, 1, 1))
values: st.SearchStrategy[CellValue] = st.none() | texts | numbers | days | st.booleans()
places = st.tuples(st.integers(1, ROWS), st.integers(1, COLUMNS))


@st.composite
def formulas(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    """A sum of a column, or of two cells."""
    column = draw(st.sampled_from("ABCDE"))
    top, bottom = sorted(draw(st.tuples(st.integers(1, ROWS), st.integers(1, ROWS))))
    if draw(st.booleans()):
        return f"=SUM({column}{top}:{column}{bottom})"
    return f"={column}{bottom}+{draw(st.sampled_from('ABCDE'))}{top}"


@dataclass(frozen=True)
class Cell:
    """What is put into a cell of the source."""

    value: Any
    number_format: str


sheets = st.dictionaries(
    places,
    st.builds(Cell, values | formulas(), st.sampled_from(FORMATS)),
    min_size=1,
    max_size=25,
)
others = st.lists(formulas(), max_size=3)


def by_openpyxl(path: Path, cells: Mapping[Place, Cell], other: list[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    for (row, column), cell in cells.items():
        written = sheet.cell(row, column, cell.value)
        written.number_format = cell.number_format
    for row, text in enumerate(other, 1):
        book.create_sheet(OTHER) if OTHER not in book.sheetnames else None
        book[OTHER].cell(row, 1, on_other_sheet(text))
    book.save(path)


def by_xlsxwriter(path: Path, cells: Mapping[Place, Cell], other: list[str]) -> None:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    sheet = book.add_worksheet(SHEET)
    formats = {code: book.add_format({"num_format": code}) for code in FORMATS}
    model = {place: cell.value for place, cell in cells.items()}
    for (row, column), cell in cells.items():
        look = formats[cell.number_format]
        if isinstance(cell.value, str) and cell.value.startswith("="):
            result = evaluated(model, cell.value)
            sheet.write_formula(
                row - 1, column - 1, cell.value, look, "" if result is None else result
            )
        elif isinstance(cell.value, dt.date):
            sheet.write_datetime(row - 1, column - 1, cell.value, look)
        else:
            sheet.write(row - 1, column - 1, cell.value, look)
    if other:
        second = book.add_worksheet(OTHER)
        for row, text in enumerate(other):
            result = evaluated(model, text)
            text = on_other_sheet(text)
            second.write_formula(row, 0, text, None, "" if result is None else result)
    book.close()


WRITERS = {"openpyxl": by_openpyxl, "xlsxwriter": by_xlsxwriter}


def on_other_sheet(text: str) -> str:
    """The formula as it reads on another sheet."""
    return _REF.sub(lambda match: f"{SHEET}!{match[0]}", text)


def evaluated(model: Mapping[Place, Any], text: str, depth: int = 0) -> float | None:
    """The result of one of these formulas; None where it is no plain sum of numbers."""
    total = 0.0
    match_any = list(_REF.finditer(text))
    for match in match_any:
        column, top = ord(match[1]) - 64, int(match[2])
        for row in range(top, int(match[4] or top) + 1):
            value = model.get((row, column))
            if isinstance(value, str) and value.startswith("=") and depth < 9:
                value = evaluated(model, value, depth + 1)
                if value is None:
                    return None
            if isinstance(value, bool | str | dt.date | tuple):
                return None
            total += float(value or 0)
    return None if "#REF!" in text else total


def moved(text: str, at: int, count: int, block: int, row: int = 0) -> str:
    """The formula of row `row` after rows came (`count` > 0) or went, by the rules of Excel.

    Sums over all records grow with them, but not those in the records' own rows.
    """
    grows_at_all = block and not block <= row < at

    def one(match: re.Match[str]) -> str:
        top, bottom = int(match[2]), int(match[4] or match[2])
        if count > 0:
            grows = match[4] and grows_at_all and top <= block and bottom == at - 1
            top += count if top >= at else 0
            bottom += count if bottom >= at or grows else 0
        else:
            end = at - count  # the first row that stays behind those taken out
            if at <= top and bottom < end:
                return "#REF!"
            top = top if top < at else max(top, end) + count
            bottom = bottom if bottom < at else (bottom + count if bottom >= end else at - 1)
        return f"{match[1]}{top}" + (f":{match[3]}{bottom}" if match[4] else "")

    return _REF.sub(one, text)


def copied(text: str, down: int) -> str:
    """The formula as it reads so many rows further down."""
    return re.sub(r"([A-E])([0-9]+)", lambda match: f"{match[1]}{int(match[2]) + down}", text)


def cells_of(path: Path, sheet: str) -> dict[Place, tuple[Any, str]]:
    """Values, formulas and number formats of the cells that hold something."""
    book = reopened(path)
    if sheet not in book.sheetnames:
        return {}
    return {
        (cell.row, cell.column): (_plain(cell), cell.number_format)
        for row in book[sheet].iter_rows()
        for cell in row
        if cell.value is not None
    }


def _plain(cell: Any) -> Any:
    is_text = cell.data_type == "s" and str(cell.value).startswith("=")
    return ("text", cell.value) if is_text else cell.value


def is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def read_back(value: CellValue) -> Any:
    """How openpyxl gives a value that was set."""
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, str) and value.startswith("="):
        return "text", value
    return value if isinstance(value, bool | str | int) else float(value or 0)


def wanted_format(value: CellValue) -> str:
    if isinstance(value, dt.date):
        return "yyyy-mm-dd"
    return "" if isinstance(value, bool | str) or value is None else "0.00"


@st.composite
def patches(draw: Callable[[st.SearchStrategy[Any]], Any]) -> SheetPatch:
    """Sets anywhere near the rows, and rows put in, or taken out, or neither."""
    spots = st.tuples(st.integers(1, ROWS + 4), st.integers(1, COLUMNS + 2))
    chosen = draw(st.dictionaries(spots, values | texts.map("={}".format), max_size=5))
    sets = tuple(
        CellSet(row, column, value, wanted_format(value)) for (row, column), value in chosen.items()
    )
    kind = draw(st.sampled_from(["sets", "insert", "remove"]))
    if kind == "insert":
        at = draw(st.integers(2, ROWS + 3))
        like, block = draw(st.integers(1, at - 1)), draw(st.integers(0, at - 1))
        rows = draw(
            st.lists(st.dictionaries(st.integers(1, COLUMNS + 1), values), min_size=1, max_size=3)
        )
        formats = dict.fromkeys(range(1, COLUMNS + 2), "0.00")
        new = NewRows(at, like, tuple(_storable(row) for row in rows), block, formats)
        return SheetPatch(sets, new_rows=new)
    if kind == "remove":
        first = draw(st.integers(1, ROWS))
        return SheetPatch(sets, removed=(first, draw(st.integers(first, ROWS + 1))))
    return SheetPatch(sets)


def _storable(row: dict[int, CellValue]) -> dict[int, CellValue]:
    """New rows have one format per column, so days are left to `sets`."""
    return {column: value for column, value in row.items() if not isinstance(value, dt.date)}


def without_formulas(patch: SheetPatch, before: Mapping[Place, tuple[Any, str]]) -> SheetPatch:
    """The patch without the cells that hold formulas."""
    sets = tuple(
        one for one in patch.sets if not is_formula(before.get((one.row, one.column), ("",))[0])
    )
    return SheetPatch(sets, patch.new_rows, patch.removed)


def model_of(before: Mapping[Place, tuple[Any, str]], patch: SheetPatch) -> dict[Place, Any]:
    """Place → value or formula after the patch."""
    found = {place: value for place, (value, _) in before.items()}
    found |= {
        (one.row, one.column): read_back(one.value) for one in patch.sets if one.value is not None
    }
    for one in patch.sets:
        if one.value is None:
            found.pop((one.row, one.column), None)
    at, count, block = shift_of(patch)
    after: dict[Place, Any] = {}
    for (row, column), value in found.items():
        text = moved(value, at, count, block, row) if is_formula(value) else value
        if count < 0 and at <= row < at - count:
            continue
        after[row + count if row >= at else row, column] = text
    if patch.new_rows:
        add_new_rows(after, patch.new_rows)
    return after


def add_new_rows(after: dict[Place, Any], new: NewRows) -> None:
    """Values as given, formulas as in the row they look like."""
    for number, given_values in enumerate(new.rows, new.at):
        for column in range(1, COLUMNS + 3):
            pattern = after.get((new.like, column))
            if given_values.get(column) is not None:
                after[number, column] = read_back(given_values[column])
            elif isinstance(pattern, str) and is_formula(pattern) and column not in given_values:
                after[number, column] = copied(pattern, number - new.like)


def shift_of(patch: SheetPatch) -> tuple[int, int, int]:
    if patch.new_rows:
        return patch.new_rows.at, len(patch.new_rows.rows), patch.new_rows.block
    if patch.removed:
        first, last = patch.removed
        return first, first - last - 1, 0
    return ROWS * 9, 0, 0


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheets, others, patches(), st.sampled_from(sorted(WRITERS)))
def test_a_patched_workbook_is_what_the_model_says(
    cells: dict[Place, Cell], other: list[str], patch: SheetPatch, writer: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "台账.xlsx")
        WRITERS[writer](source, cells, other)
        before = cells_of(source, SHEET)
        patch = without_formulas(patch, before)
        after, result = patched(source, patch)
        assert changed_parts(source, after) <= set(result.changed_parts)
        now = cells_of(after, SHEET)
        model = model_of(before, patch)
        assert {place: value for place, (value, _) in now.items()} == model
        at, count, block = shift_of(patch)
        formulas_there = {place: value for place, (value, _) in cells_of(after, OTHER).items()}
        assert formulas_there == {
            (row, 1): on_other_sheet(moved(text, at, count, block)).replace("#REF!", "应收!#REF!")
            for row, text in enumerate(other, 1)
        }
        check_formats(before, now, patch)
        check_results(after, model)


def check_formats(
    before: Mapping[Place, tuple[Any, str]], now: Mapping[Place, tuple[Any, str]], patch: SheetPatch
) -> None:
    """Cells nobody touched look as they did."""
    touched = {(one.row, one.column) for one in patch.sets}
    at, count, _ = shift_of(patch)
    for (row, column), (_, number_format) in before.items():
        gone = count < 0 and at <= row < at - count
        if (row, column) not in touched and not gone:
            assert now[row + count if row >= at else row, column][1] == number_format


def check_results(path: Path, model: Mapping[Place, Any]) -> None:
    """A result that is stored is the right one."""
    book = openpyxl.load_workbook(path, data_only=True)
    for (row, column), value in model.items():
        if is_formula(value):
            stored, right = book[SHEET].cell(row, column).value, evaluated(model, value)
            if isinstance(stored, int | float) and right is not None:
                assert abs(stored - right) < 1e-6
    book.close()
