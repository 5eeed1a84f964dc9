"""Workbooks that are not changed in place, each with its reason."""

from __future__ import annotations

import re
from pathlib import Path

from zhubao.core.errors import LedgerNotWritable, LedgerSigned, SheetProtected
from zhubao.excel.container import Kind, recognise
from zhubao.excel.zipcheck import Package

_KIND_WORDS = {
    Kind.XLS: "旧版 .xls（或 WPS .et）",
    Kind.ODS: "OpenDocument .ods",
    Kind.XLSB: "二进制 .xlsb",
}
_SHEET_PROTECTION = re.compile(rb"<(?:\w+:)?sheetProtection\b([^>]*)>")
_BOOK_PROTECTION = re.compile(rb"<(?:\w+:)?workbookProtection\b([^>]*)>")
_ON = ("1", "true")


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


def _is_on(attributes: bytes, name: bytes) -> bool:
    match = re.search(rb"\s" + name + rb"""=["']([^"']*)["']""", attributes)
    return match is not None and match[1].decode().lower() in _ON
