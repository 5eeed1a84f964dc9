"""One ledger table in memory: validated columns, and for every record the cells it came from."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from zhubao.core.finding import Cell
from zhubao.excel.address import column_letter
from zhubao.ledger.model import LedgerRow, column_info

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", bound=LedgerRow)


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a table that comes from one sheet; `letters` maps field → column letter.

    `header_row` is the last row of the header, 0 when the place is not known; `units` maps the
    money fields that are kept in 万元 or the like to 万, 千 …
    """

    file: str
    sheet: str
    rows: Sequence[int]  # 1-based Excel row per record
    letters: Mapping[str, str]
    header_row: int = 0
    units: Mapping[str, str] = field(default_factory=dict)

    def ref(self, index: int, name: str, fallback: str) -> str:
        """A1 reference of the record's cell; the `fallback` column when the sheet lacks `name`."""
        letter = self.letters.get(name) or self.letters.get(fallback, "A")
        return f"{letter}{self.rows[index]}"


@dataclass(slots=True)
class Columns:
    """What a table holds beside its places; every list is as long as the table.

    `bad` has the indexes of cells with an error, and of required cells that are empty.
    """

    values: dict[str, list[Any]]
    bad: dict[str, set[int]] = field(default_factory=dict)
    originals: dict[str, dict[int, Any]] = field(default_factory=dict)
    extras: dict[str, list[Any]] = field(default_factory=dict)


class LedgerTable(Generic[R]):
    """The rows of one model, column by column, from one or several sheets in order.

    A value is None where the cell is empty or bad. Nothing is mutated after building.
    """

    def __init__(self, model: type[R], columns: Columns, segments: Sequence[Segment]) -> None:
        self.model = model
        self.segments = tuple(segments)
        self._columns = columns
        self._ends = _running_totals(len(part.rows) for part in self.segments)
        self._key = key_fields(model)[0]

    @classmethod
    def empty(cls, model: type[R]) -> LedgerTable[R]:
        """A table without records and without sheets."""
        return cls(model, Columns({name: [] for name in model.model_fields}), ())

    @classmethod
    def from_rows(
        cls,
        model: type[R],
        rows: Iterable[Mapping[str, Any]],
        *,
        file: str = "",
        sheet: str = "",
        first_row: int = 2,
    ) -> LedgerTable[R]:
        """A table of already valid values (field name → value), columns A, B, … in field order.

        A field left out takes its default; an empty required field counts as bad.
        """
        records = list(rows)
        unknown = {name for record in records for name in record} - set(model.model_fields)
        if unknown:
            raise KeyError(f"{model.__name__} has no field {', '.join(sorted(unknown))}")
        columns = Columns({})
        for name, info in model.model_fields.items():
            default = None if info.is_required() else info.default
            values = [record.get(name, default) for record in records]
            columns.values[name] = values
            if info.is_required():
                columns.bad[name] = {i for i, value in enumerate(values) if value is None}
        place = Segment(
            file or f"{model.SHEET.workbook}.xlsx",
            sheet or model.SHEET.name,
            range(first_row, first_row + len(records)),
            {name: column_letter(i) for i, name in enumerate(model.model_fields, 1)},
            first_row - 1,
        )
        return cls(model, columns, (place,))

    @classmethod
    def joined(cls, model: type[R], parts: Sequence[LedgerTable[R]]) -> LedgerTable[R]:
        """One table of several, in the order given."""
        if len(parts) == 1:
            return parts[0]
        columns = Columns({name: [] for name in model.model_fields})
        for part in parts:
            _append(columns, part)
        return cls(model, columns, [place for part in parts for place in part.segments])

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def column(self, name: str) -> list[Any]:
        """The validated values of a field; do not change the list."""
        return self._columns.values[name]

    @property
    def bad(self) -> Mapping[str, set[int]]:
        """Field → indexes whose cell has an error or is empty though required."""
        return self._columns.bad

    @property
    def originals(self) -> Mapping[str, Mapping[int, Any]]:
        """Field → index → what the cell holds, where reading changed more than the type."""
        return self._columns.originals

    @property
    def extras(self) -> Mapping[str, list[Any]]:
        """Header → raw values of the columns no field claims."""
        return self._columns.extras

    def cell(self, index: int, name: str) -> Cell:
        """The cell of a field; the record's key cell when its sheet has no such column."""
        segment, offset = self.locate(index)
        return Cell(segment.file, segment.sheet, segment.ref(offset, name, self._key))

    def row_cell(self, index: int) -> Cell:
        """The record's key cell: the place that stands for the whole row."""
        return self.cell(index, self._key)

    def original(self, index: int, name: str) -> Any:
        """What the cell holds; the value itself where reading did not change it."""
        kept = self._columns.originals.get(name)
        return kept[index] if kept and index in kept else self.column(name)[index]

    def values(self, index: int) -> dict[str, Any]:
        """The record as field → value."""
        return {name: values[index] for name, values in self._columns.values.items()}

    def row(self, index: int) -> R:
        """The record as its model; the values are already validated, a bad one is None."""
        return self.model.model_construct(**self.values(index))

    def usable(self, *names: str) -> list[int]:
        """Indexes whose cells in `names` are neither bad nor, if required, empty.

        Without names: every required field counts.
        """
        wanted = names or tuple(n for n, i in self.model.model_fields.items() if i.is_required())
        out: set[int] = set()
        for name in wanted:
            out |= self._columns.bad.get(name, set())
        if not out:
            return list(range(len(self)))
        return [index for index in range(len(self)) if index not in out]

    def frame(self) -> pd.DataFrame:
        """The columns as a data frame, one row per record in order; whole numbers as Int64."""
        import pandas as pd

        data = {name: _series(values) for name, values in self._columns.values.items()}
        return pd.DataFrame(data, index=pd.RangeIndex(len(self)))

    def locate(self, index: int) -> tuple[Segment, int]:
        """The segment a record lies in, and its place there; IndexError when there is none."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        part = bisect_right(self._ends, index)
        return self.segments[part], index - (self._ends[part - 1] if part else 0)


def key_fields(model: type[LedgerRow]) -> tuple[str, ...]:
    """The fields of the sheet's unique key; the first field when none is declared."""
    fields = model.model_fields
    keys = tuple(name for name, info in fields.items() if column_info(info).key)
    return keys or (next(iter(fields)),)


def compact_rows(rows: Sequence[int]) -> Sequence[int]:
    """The same row numbers in little memory: a range when unbroken, else an array."""
    if rows and rows[-1] - rows[0] + 1 == len(rows):
        return range(rows[0], rows[-1] + 1)
    return array("I", rows)


def _running_totals(lengths: Iterable[int]) -> list[int]:
    ends: list[int] = []
    for length in lengths:
        ends.append((ends[-1] if ends else 0) + length)
    return ends


def _append(columns: Columns, part: LedgerTable[Any]) -> None:
    start = len(next(iter(columns.values.values())))
    for name, values in columns.values.items():
        values.extend(part.column(name))
    for name, indexes in part.bad.items():
        columns.bad.setdefault(name, set()).update(start + i for i in indexes)
    for name, kept in part.originals.items():
        columns.originals.setdefault(name, {}).update({start + i: v for i, v in kept.items()})
    for header in {**columns.extras, **part.extras}:
        values = columns.extras.setdefault(header, [None] * start)
        values.extend(part.extras.get(header, [None] * len(part)))


def _series(values: list[Any]) -> Any:
    """Whole numbers with gaps must stay whole numbers; everything else as pandas sees fit."""
    import pandas as pd

    present = next((value for value in values if value is not None), None)
    if type(present) is int:
        return pd.array(values, dtype="Int64")
    return pd.Series(values, dtype=object)
