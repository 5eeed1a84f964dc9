"""What becomes of the formulas of one sheet: their text after the shifts, groups taken apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.address import make_ref
from zhubao.excel.formula.cells import FormulaCell
from zhubao.excel.formula.ranges import move_row, row_bounds, shift_ref
from zhubao.excel.formula.shared import shift_shared
from zhubao.excel.formula.shifting import UnreadableFormula, shift_formula
from zhubao.excel.shift import Shift

_GROUP = re.compile(rb' (?:t|ref|si)="[^"]*"')
_REF = re.compile(rb'( ref=")[^"]*(")')


@dataclass(frozen=True, slots=True)
class _After:
    """A formula as it will stand: XML text, area ("" as it was), whether it leaves its group."""

    text: bytes
    ref: bytes = b""
    alone: bool = False


@dataclass(slots=True)
class FormulaMoves:
    """The formulas of `sheet` before and after; `replaced` are cells whose formula is overwritten.

    Raises LedgerNotWritable for a formula whose references cannot be told apart, and for an array
    that rows would be put into or taken out of.
    """

    sheet: str
    file: str
    formulas: Sequence[FormulaCell]
    shifts: Sequence[Shift]
    replaced: Collection[tuple[int, int]] = ()
    _after: dict[tuple[int, int], _After] = field(default_factory=dict)
    _final: list[FormulaCell] = field(default_factory=list)

    def __post_init__(self) -> None:
        groups: dict[int, list[FormulaCell]] = {}
        for cell in self.formulas:
            if cell.kind == "shared" and cell.shared is not None:
                groups.setdefault(cell.shared, []).append(cell)
            else:
                self._move(cell, alone=False)
        for members in groups.values():
            self._move_group(members)

    @property
    def changes_any(self) -> bool:
        """True when any formula's XML changes."""
        return bool(self._after)

    @property
    def final(self) -> list[FormulaCell]:
        """The formulas that stay, where they stand and as they read after the shifts."""
        return self._final

    def change(self, row: int, column: int, attributes: bytes, text: bytes) -> tuple[bytes, bytes]:
        """Attributes and text of one formula after the shifts; for the splicer."""
        after = self._after.get((row, column))
        if after is None:
            return attributes, text
        if after.alone:
            attributes = _GROUP.sub(b"", attributes)
        elif after.ref:
            attributes = _REF.sub(rb"\g<1>" + after.ref + rb"\g<2>", attributes)
        return attributes, after.text

    def _stays(self, cell: FormulaCell) -> bool:
        return (cell.row, cell.column) not in self.replaced and self._row(cell.row) is not None

    def _row(self, row: int) -> int | None:
        for shift in self.shifts:
            moved = move_row(row, shift) if shift.sheet == self.sheet else row
            if moved is None:
                return None
            row = moved
        return row

    def _move(self, cell: FormulaCell, *, alone: bool) -> None:
        row = self._row(cell.row)
        if row is None or (cell.row, cell.column) in self.replaced:
            return
        if alone and not cell.text:
            raise self._unreadable(cell)
        text = self._shifted(cell, cell.text)
        ref = "" if alone else self._area(cell)
        self._final.append(
            cell._replace(row=row, text=text, ref=ref, kind="normal" if alone else cell.kind)
        )
        if alone or text != cell.text or ref != cell.ref:
            xml = escape(text).encode()
            self._after[cell.row, cell.column] = _After(xml, ref.encode(), alone)

    def _move_group(self, members: list[FormulaCell]) -> None:
        master = members[0]
        whole = all(self._stays(member) for member in members)
        together = self._together(master) if whole and master.ref else None
        if together is None:
            for member in members:
                self._move(member, alone=True)
            return
        text, ref = together
        for member in members:
            row = self._row(member.row)
            assert row is not None  # they all stay
            own = self._shifted(member, member.text)
            self._final.append(member._replace(row=row, text=own, ref=""))
        if text != master.text or ref != master.ref:
            xml = escape(text).encode()
            self._after[master.row, master.column] = _After(xml, ref.encode())

    def _together(self, master: FormulaCell) -> tuple[str, str] | None:
        """Text and area of a group that can stay one; None when it cannot."""
        text, ref, row = master.text, master.ref, master.row
        for shift in self.shifts:
            with self._readable(master):
                moved = shift_shared(text, (row, master.column), ref, self.sheet, shift)
            if moved is None:
                return None
            text, ref = moved
            if shift.sheet == self.sheet:
                row = move_row(row, shift) or row
        return text, ref

    def _shifted(self, cell: FormulaCell, text: str) -> str:
        row = cell.row
        for shift in self.shifts:
            with self._readable(cell):
                text = shift_formula(text, self.sheet, shift, row=row)
            if shift.sheet == self.sheet:
                row = move_row(row, shift) or row
        return text

    def _area(self, cell: FormulaCell) -> str:
        """The cells an array or data table fills; rows may not be put into its middle."""
        ref = cell.ref
        for shift in self._own_shifts() if ref else ():
            moved = shift_ref(ref, shift, grow="never")
            if moved is None or _height(moved) != _height(ref):
                raise LedgerNotWritable(
                    "不能在数组公式的中间加行、删行",
                    where=f"{self.file}!{self.sheet}!{make_ref(cell.row, cell.column)}",
                    advice="请在 Excel 或 WPS 里把它移到别处，或改成普通公式，再重试",
                )
            ref = moved
        return ref

    def _own_shifts(self) -> Iterator[Shift]:
        return (shift for shift in self.shifts if shift.sheet == self.sheet)

    @contextmanager
    def _readable(self, cell: FormulaCell) -> Iterator[None]:
        try:
            yield
        except UnreadableFormula as error:
            raise self._unreadable(cell) from error

    def _unreadable(self, cell: FormulaCell) -> LedgerNotWritable:
        return LedgerNotWritable(
            "这个公式的写法看不懂，不能保证加行、删行后它仍然正确",
            where=f"{self.file}!{self.sheet}!{make_ref(cell.row, cell.column)}",
            advice="请在 Excel 或 WPS 里核对这个公式，保存后再重试",
        )


def _height(ref: str) -> int:
    top, bottom = row_bounds(ref)
    return bottom - top
