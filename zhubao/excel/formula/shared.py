"""Shared formulas: one text for a block of cells, each cell reading it from where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhubao.excel.formula.ranges import move_row, row_bounds, shift_ref
from zhubao.excel.formula.shifting import shift_formula, translate_formula
from zhubao.excel.shift import Shift

_DIGITS = re.compile(r"[1-9][0-9]{0,6}")


def shift_shared(
    master_text: str, master_cell: tuple[int, int], ref: str, home: str, shift: Shift
) -> tuple[str, str] | None:
    """The master's new text and the group's new `ref`; None when the group must be taken apart.

    It stays together only where every cell of `ref` reads the same from the new text as from its
    own formula shifted; otherwise each cell gets its own, translated then shifted. `master_cell`
    is (row, column) before the shift. Rows put in amid a group lie in its `ref` but are not its
    members. Raises UnreadableFormula.
    """
    row, _ = master_cell
    moves = home.lower() == shift.sheet.lower()
    new_row = move_row(row, shift) if moves else row
    new_ref = shift_ref(ref, shift, grow="never") if moves else ref
    if new_row is None or new_ref is None:
        return None
    new_text = shift_formula(master_text, home, shift, row=row)
    for member in _telling_rows(master_text, row, ref, shift):
        place = move_row(member, shift) if moves else member
        if place is None:
            continue
        own = translate_formula(master_text, row, member)
        if shift_formula(own, home, shift, row=member) != translate_formula(
            new_text, new_row, place
        ):
            return None
    return new_text, new_ref


def _telling_rows(text: str, master: int, ref: str, shift: Shift) -> Iterator[int]:
    """The group's rows next to which a reference, or the cell itself, begins to behave differently.

    Between two of them all rows behave alike, so these suffice as samples.
    """
    top, bottom = row_bounds(ref)
    turns = (shift.at, shift.at - 1, shift.at - min(shift.count, 0), shift.block)
    offsets = {0, *(int(digits) - master for digits in _DIGITS.findall(text))}
    rows = {top, bottom}
    for turn in turns:
        for offset in offsets:
            rows.update(range(turn - offset - 1, turn - offset + 2))
    return (row for row in sorted(rows) if top <= row <= bottom)
