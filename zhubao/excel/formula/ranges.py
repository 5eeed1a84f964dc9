"""Where rows, ranges and lists of ranges come to stand after rows were put in or taken out."""

from __future__ import annotations

import re
from typing import Literal

from zhubao.excel.address import MAX_ROW, column_number
from zhubao.excel.shift import Shift

Grow = Literal["record", "contains", "never"]
"""When a range grows with new records (only while `Shift.block` is set).

"record": it ends in the last record's row and begins in or above the first record's (a 合计);
"contains": it ends in the last record's row, wherever it begins (a drop-down list);
"never": it only moves and stretches.
"""

_CELLS = re.compile(
    r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})"
    r"(?::(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6}))?"
)
_ROWS = re.compile(r"(\$?)([1-9][0-9]{0,6}):(\$?)([1-9][0-9]{0,6})")
_COLUMNS = re.compile(r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}")


def move_row(row: int, shift: Shift) -> int | None:
    """Where a single row goes; None when it is taken out or pushed off the sheet."""
    if row < shift.at:
        return row
    if row < shift.at - shift.count:  # never true when rows are put in
        return None
    row += shift.count
    return row if row <= MAX_ROW else None


def move_rows(
    top: int, bottom: int, shift: Shift, *, grows: bool = False
) -> tuple[int, int] | None:
    """First and last row of a range afterwards; None when nothing is left of it.

    Rows 1 to the last row of the sheet are whole columns and stay so.
    """
    if (top, bottom) == (1, MAX_ROW):
        return top, bottom
    if shift.count < 0:
        return _clipped(top, bottom, shift)
    first = move_row(top, shift)
    last = bottom + shift.count if grows or bottom >= shift.at else bottom
    return None if first is None else (first, min(last, MAX_ROW))


def _clipped(top: int, bottom: int, shift: Shift) -> tuple[int, int] | None:
    after = shift.at - shift.count  # the first row below those taken out
    first = top if top < shift.at else max(top, after) + shift.count
    last = bottom + shift.count if bottom >= after else min(bottom, shift.at - 1)
    return (first, last) if first <= last else None


def grows_with_records(top: int, bottom: int, shift: Shift, grow: Grow) -> bool:
    """Whether a range of these rows takes in the records that `shift` adds."""
    if grow == "never" or shift.block <= 0 or shift.count <= 0 or bottom != shift.at - 1:
        return False
    return grow == "contains" or top <= shift.block


def row_bounds(ref: str) -> tuple[int, int]:
    """First and last row of a reference: "A5:B9" → (5, 9); whole columns have all rows.

    ValueError when it is no reference.
    """
    if (cells := _CELLS.fullmatch(ref)) is not None:
        rows = int(cells[4]), int(cells[8] or cells[4])
    elif (whole := _ROWS.fullmatch(ref)) is not None:
        rows = int(whole[2]), int(whole[4])
    elif _COLUMNS.fullmatch(ref) is not None:
        rows = 1, MAX_ROW
    else:
        raise ValueError(f"not a reference: {ref}")
    return min(rows), max(rows)


def first_column(ref: str) -> int:
    """The leftmost column of a reference, 1 for whole rows. ValueError when it is none."""
    if (cells := _CELLS.fullmatch(ref)) is not None:
        return min(column_number(cells[2]), column_number(cells[6] or cells[2]))
    if _ROWS.fullmatch(ref) is not None:
        return 1
    if _COLUMNS.fullmatch(ref) is None:
        raise ValueError(f"not a reference: {ref}")
    return min(column_number(part.strip("$")) for part in ref.split(":"))


def shift_ref(ref: str, shift: Shift, *, grow: Grow) -> str | None:
    """A reference without sheet name ("A1", "$A$1:$C$9", "A:C", "3:5") afterwards.

    None when it was taken out as a whole; the same text when nothing changes. With "contains" a
    single cell may grow to a range; a range of which one cell is left is written as that cell.
    ValueError when it is no reference.
    """
    if (cells := _CELLS.fullmatch(ref)) is not None:
        return _shift_cells(cells, shift, grow)
    if (whole := _ROWS.fullmatch(ref)) is not None:
        moved = _moved(int(whole[2]), int(whole[4]), shift, grow)
        return None if moved is None else f"{whole[1]}{moved[0]}:{whole[3]}{moved[1]}"
    if _COLUMNS.fullmatch(ref) is None:
        raise ValueError(f"not a reference: {ref}")
    return ref


def shift_sqref(sqref: str, shift: Shift, *, grow: Grow) -> str | None:
    """A list of references separated by blanks; None when none is left. ValueError as above."""
    refs = sqref.split()
    moved = [shift_ref(ref, shift, grow=grow) for ref in refs]
    if moved == refs:
        return sqref
    return " ".join(ref for ref in moved if ref is not None) or None


def _moved(first: int, last: int, shift: Shift, grow: Grow) -> tuple[int, int] | None:
    """As `move_rows`, whichever of the two rows stands first."""
    top, bottom = min(first, last), max(first, last)
    grows = grows_with_records(top, bottom, shift, grow)
    moved = move_rows(top, bottom, shift, grows=grows)
    return moved if moved is None or first <= last else (moved[1], moved[0])


def _shift_cells(cells: re.Match[str], shift: Shift, grow: Grow) -> str | None:
    fixed, column, fixed_row, row, to_fixed, to_column, to_fixed_row, to_row = cells.groups()
    single = to_row is None
    if single and grow == "record":
        grow = "never"
    moved = _moved(int(row), int(to_row or row), shift, grow)
    if moved is None:
        return None
    start = f"{fixed}{column}{fixed_row}{moved[0]}"
    if single:
        end = f"{fixed}{column}{fixed_row}{moved[1]}"
        return start if moved[0] == moved[1] else f"{start}:{end}"
    end = f"{to_fixed}{to_column}{to_fixed_row}{moved[1]}"
    left_alone = start == end and row != to_row
    return start if left_alone else f"{start}:{end}"
