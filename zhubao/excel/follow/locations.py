"""Places inside the workbook that links lead to."""

from __future__ import annotations

from zhubao.excel.formula.ranges import shift_ref
from zhubao.excel.formula.shifting import LOST, sheet_of
from zhubao.excel.shift import Shift


def shift_location(location: str, home: str, shift: Shift) -> str:
    """Where a link of sheet `home` leads after the shift: "应收!A5", "'应收 表'!A5:B9" or "A5".

    A leading "#" stays; a place taken out becomes "应收!#REF!". Names and whatever is no place in
    the shifted sheet stay as they are. Unquoted names with blanks are understood, as Excel does.
    """
    mark = "#" if location.startswith("#") else ""
    sheet, bang, place = location.removeprefix(mark).rpartition("!")
    if sheet_of(sheet + bang, home) != shift.sheet.lower():
        return location
    try:
        moved = shift_ref(place, shift, grow="never")
    except ValueError:
        return location
    return f"{mark}{sheet}{bang}{LOST if moved is None else moved}"
