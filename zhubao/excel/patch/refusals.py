"""Workbooks that are not changed in place, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from zhubao.core.errors import FormulaInTheWay, LedgerNotWritable, LedgerSigned, SheetProtected
from zhubao.excel.address import MAX_COLUMN, MAX_ROW, make_ref, parse_ref
from zhubao.excel.container import Kind, recognise
from zhubao.excel.patch.plan import SheetPatch
from zhubao.excel.zipcheck import Package

_KIND_WORDS = {
    Kind.XLS: "旧版 .xls（或 WPS .et）",
    Kind.ODS: " OpenDocument .ods ",
    Kind.XLSB: "二进制 .xlsb ",
}
_SHEET_PROTECTION = re.compile(rb"<(?:\w+:)?sheetProtection\b([^>]*)>")
_BOOK_PROTECTION = re.compile(rb"<(?:\w+:)?workbookProtection\b([^>]*)>")
_TABLE = re.compile(rb"<(?:\w+:)?table\b([^>]*)>")
_ON = ("1", "true")
_LISTED = 12
_LONGEST_NAME = 31
_BAD_NAME = re.compile(r"[:\\/?*\[\]\x00-\x1f]|^'|'$")


def open_for_writing(path: Path) -> Package:
    """The package of a workbook that may be patched.

    Raises LedgerNotWritable for another format, LedgerSigned, or what the reader raises for files
    that are missing, encrypted, damaged or hostile.
    """
    kind, package = recognise(path, path.name)
    if kind is not Kind.XLSX or package is None:
        raise LedgerNotWritable(
            f"{path.name} 是{_KIND_WORDS[kind]}格式，能读，不能写",
            where=path.name,
            advice=f"用 zhubao convert {path.name} 转成 .xlsx，核对后用新文件代替它，再重试",
        )
    if any(name.lower().startswith("_xmlsignatures/") for name in package.names()):
        raise LedgerSigned(
            f"{path.name} 带有数字签名，任何改动都会使签名失效",
            where=path.name,
            advice="请由签名人在 Excel 里去掉签名，改完后重新签",
        )
    return package


def refuse_protected_sheet(tail: bytes, file: str, sheet: str) -> None:
    """SheetProtected when what follows the sheet's rows says so."""
    found = _SHEET_PROTECTION.search(tail)
    if found and _is_on(found[1], b"sheet"):
        raise SheetProtected(
            f"工作表“{sheet}”受保护，不能写入",
            where=f"{file}!{sheet}",
            advice="请在 Excel 或 WPS 的“审阅”里撤销工作表保护，写完后再重新保护",
        )


def refuse_protected_structure(workbook: bytes, file: str) -> None:
    """SheetProtected when no sheet may be added."""
    found = _BOOK_PROTECTION.search(workbook)
    if found and _is_on(found[1], b"lockStructure"):
        raise SheetProtected(
            f"{file} 的工作簿结构受保护，加不了新工作表",
            where=file,
            advice="请在 Excel 或 WPS 的“审阅”里撤销工作簿保护，写完后再重新保护",
        )


def refuse_outside(patch: SheetPatch, file: str, sheet: str) -> None:
    """LedgerNotWritable for a cell beyond the last row or column of a sheet."""
    places = [(one.row, one.column) for one in patch.sets]
    new = patch.new_rows
    for number, values in enumerate(new.rows if new else (), new.at if new else 0):
        places += [(number, column) for column in values]
    outside = [
        (row, column)
        for row, column in places
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN)
    ]
    if outside:
        row, column = outside[0]
        raise LedgerNotWritable(
            f"工作表“{sheet}”没有第 {row} 行第 {column} 列，写不进去",
            where=f"{file}!{sheet}",
            advice=f"一张工作表最多 {MAX_ROW:,} 行、{MAX_COLUMN:,} 列；请把数据分到几张表里",
        )


def refuse_table_header(
    table: bytes, places: Collection[tuple[int, int]], file: str, sheet: str
) -> None:
    """LedgerNotWritable when a column title of an Excel table would change.

    The table lists its titles elsewhere, too; Excel calls a file damaged where the two differ.
    """
    found = _TABLE.search(table)
    ref = _attribute(found[1], b"ref") if found else ""
    if found is None or _attribute(found[1], b"headerRowCount") == "0":
        return
    first, _, last = ref.partition(":")
    try:
        (row, left), (_, right) = parse_ref(first), parse_ref(last or first)
    except ValueError:
        return
    hit = sorted(place for place in places if place[0] == row and left <= place[1] <= right)
    if hit:
        raise LedgerNotWritable(
            "要改的单元格是 Excel“表格”的标题，从外部改会使文件打不开",
            where=f"{file}!{sheet}!{make_ref(*hit[0])}",
            advice="请在 Excel 或 WPS 里改这个标题",
        )


def refuse_sheet_name(name: str, taken: Collection[str], file: str) -> None:
    """LedgerNotWritable for a name Excel does not accept; `taken` are the others, casefolded."""
    if name.casefold() in taken:
        raise LedgerNotWritable(
            f"{file} 里已经有“{name}”表", where=file, advice="请换一个名称，或先改原表的名称"
        )
    units = len(name.encode("utf-16-le")) // 2
    if not 0 < units <= _LONGEST_NAME or _BAD_NAME.search(name) or name.casefold() == "history":
        raise LedgerNotWritable(
            f"“{name}”不能作工作表的名称",
            where=file,
            advice=f"名称要有 1 到 {_LONGEST_NAME} 个字，不含 : \\ / ? * [ ]，首尾不是单引号",
        )


def odd_spelling(file: str, what: str = "") -> LedgerNotWritable:
    """For a part that no program known here writes so; `what` in brackets."""
    return LedgerNotWritable(
        f"{file} 的写法不常见{what}，不能在原文件上改",
        where=file,
        advice="请用 Excel 或 WPS 打开，保存一次，再重试",
    )


def formula_in_the_way(file: str, sheet: str, refs: list[str]) -> FormulaInTheWay:
    """For planned cells that hold formulas."""
    listed = "、".join(refs[:_LISTED]) + ("……" if len(refs) > _LISTED else "")
    return FormulaInTheWay(
        f"{len(refs)} 个要改的单元格里是公式：{listed}",
        where=f"{file}!{sheet}!{refs[0]}",
        advice="请在 Excel 或 WPS 里把公式改成数值，或改公式引用的单元格，再重试",
    )


def _is_on(attributes: bytes, name: bytes) -> bool:
    return _attribute(attributes, name).lower() in _ON


def _attribute(attributes: bytes, name: bytes) -> str:
    match = re.search(rb"\s" + name + rb"""\s*=\s*["']([^"']*)["']""", attributes)
    return match[1].decode("utf-8", "replace") if match else ""
