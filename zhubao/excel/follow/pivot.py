"""Pivot tables when rows are put in or taken out: where their data is, and where they stand."""

from __future__ import annotations

from zhubao.core.errors import LedgerNotWritable
from zhubao.excel.follow.xml_elements import Element, Splice, elements, replaced, spliced
from zhubao.excel.formula.ranges import row_bounds, shift_ref
from zhubao.excel.shift import Shift


def follow_pivot_source(xml: bytes, shift: Shift, home: str) -> bytes:  # noqa: ARG001
    """The range a pivot cache takes its data from; it takes in new records.

    LedgerNotWritable when all of it would be taken out.
    """
    splices: list[Splice] = []
    for root in elements(xml):
        for name in ("worksheetSource", "rangeSet"):
            for source in root.under(name):
                splices += _source(source, shift)
    return spliced(xml, splices)


def follow_pivot_table(xml: bytes, shift: Shift, home: str) -> bytes:
    """Where a pivot table of sheet `home` stands.

    LedgerNotWritable when rows would be put into it or taken out of it, which Excel refuses too.
    """
    if home.lower() != shift.sheet.lower():
        return xml
    splices: list[Splice] = []
    for root in elements(xml):
        for location in root.under("location"):
            splices += _location(location, shift)
    return spliced(xml, splices)


def _source(source: Element, shift: Shift) -> list[Splice]:
    span, ref = source.span("ref"), source.get("ref")
    elsewhere = (source.get("sheet") or "").lower() != shift.sheet.lower()
    if span is None or not ref or elsewhere or source.get("r:id") is not None:
        return []
    moved = shift_ref(ref, shift, grow="contains")
    if moved is None:
        raise _refusal(f"{shift.sheet}!{ref}", "数据透视表的数据源不能整个删掉")
    return replaced(source.xml, span, moved)


def _location(location: Element, shift: Shift) -> list[Splice]:
    span, ref = location.span("ref"), location.get("ref")
    if span is None or not ref:
        return []
    top, bottom = row_bounds(ref)
    pages = int(location.get("rowPageCount") or 0)
    top -= pages + 1 if pages else 0  # the page fields stand above, one row apart
    at, after = shift.at, shift.at - shift.count  # `after`: the first row below those taken out
    if (top < at <= bottom) if shift.count > 0 else (at <= bottom and top < after):
        raise _refusal(f"{shift.sheet}!{ref}", "不能在数据透视表中间插入或删除行")
    return replaced(location.xml, span, shift_ref(ref, shift, grow="never") or ref)


def _refusal(where: str, message: str) -> LedgerNotWritable:
    return LedgerNotWritable(
        message, where=where, advice="请在 Excel 里把数据透视表移到另一张工作表，再重试"
    )
