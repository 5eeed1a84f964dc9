"""Tables (`xl/tables/table*.xml`) when rows of their sheet are put in or taken out."""

from __future__ import annotations

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.follow.xml_elements import Element, Splice, elements, replaced, spliced
from zhubao.excel.formula.ranges import move_row, row_bounds, shift_ref
from zhubao.excel.formula.relative import formula_splices
from zhubao.excel.shift import Shift

_REFERRING = ("autoFilter", "sortState", "sortCondition")
_FORMULAS = ("calculatedColumnFormula", "totalsRowFormula")


def follow_table(xml: bytes, shift: Shift, home: str) -> bytes:
    """A table of sheet `home`; it takes in records put in below its last row.

    LedgerNotWritable when its header, its totals row or its last data row would be taken out,
    which leaves a table Excel refuses to open. Raises UnreadableFormula.
    """
    splices: list[Splice] = []
    own = home.lower() == shift.sheet.lower()
    for table in elements(xml):
        ref = table.get("ref")
        if ref is None:
            continue
        first = row_bounds(ref)[0] + int(table.get("headerRowCount") or 1)
        for name in _FORMULAS:
            for formula in table.under(name):
                span = formula.inner, formula.inner_end
                splices += formula_splices(xml, span, shift, home, row=first)
        if own:
            _refuse_ruin(table, ref, shift)
            splices += _ranges(table, shift)
    return spliced(xml, splices)


def _ranges(table: Element, shift: Shift) -> list[Splice]:
    splices = _range(table, shift)
    for name in _REFERRING:
        for element in table.under(name):
            splices += _range(element, shift)
    return splices


def _range(element: Element, shift: Shift) -> list[Splice]:
    span = element.span("ref")
    if span is None:
        return []
    moved = shift_ref(element.get("ref") or "", shift, grow="contains")
    if moved is None:
        return [(element.start, element.end, b"")]
    return replaced(element.xml, span, moved)


def _refuse_ruin(table: Element, ref: str, shift: Shift) -> None:
    top, bottom = row_bounds(ref)
    headers, totals = (
        int(table.get(name) or default)
        for name, default in (("headerRowCount", 1), ("totalsRowCount", 0))
    )
    kept = sum(move_row(row, shift) is not None for row in _ends(top, bottom, headers, totals))
    after = shift_ref(ref, shift, grow="never")
    left = 0 if after is None else row_bounds(after)[1] - row_bounds(after)[0] + 1
    if kept == headers + totals and left > headers + totals:
        return
    name = table.get("displayName") or table.get("name") or ""
    raise LedgerNotWritable(
        f"表格“{name}”至少要留下标题行、汇总行和一行数据，这几行不能整个删掉",
        where=f"{shift.sheet}!{ref}",
        advice="请少删几行；或者先在 Excel 里用“表格工具 → 转换为区域”把它变成普通区域，再重试",
    )


def _ends(top: int, bottom: int, headers: int, totals: int) -> list[int]:
    """The header rows and the totals rows."""
    return [*range(top, top + headers), *range(bottom - totals + 1, bottom + 1)]
