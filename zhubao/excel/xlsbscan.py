"""The guard pass for .xlsb: date system, error cells, merges, hidden rows, from its records."""

from __future__ import annotations

import posixpath
import struct
from collections.abc import Iterator

from zhubao.excel.biff import ERROR_TEXTS
from zhubao.excel.guard import SheetScan
from zhubao.excel.sheet import Merge
from zhubao.excel.structure import damaged, workbook_relations
from zhubao.excel.zipcheck import Package

_WORKBOOK_PROPERTIES, _BUNDLE_SHEET, _ROW_HEADER = 153, 156, 0
_CELL_ERROR, _FORMULA_ERROR = 3, 11
_FORMULAS = range(8, 12)
_MERGE = 176
_ROW_HIDDEN = 0x10
_LIMIT = 512 << 20


def scan_xlsb(package: Package) -> tuple[dict[str, SheetScan], bool]:
    """What the parser hides, by sheet name, and whether days count from 1904."""
    workbook, relations = workbook_relations(package)
    date1904 = False
    scans: dict[str, SheetScan] = {}
    for kind, body in _records(package.read(workbook)):
        if kind == _WORKBOOK_PROPERTIES and body:
            date1904 = bool(body[0] & 1)
        elif kind == _BUNDLE_SHEET:
            relation, at = _wide_string(body, 8)
            name, _ = _wide_string(body, at)
            sheet_kind, part = relations.get(relation, ("", ""))
            if sheet_kind == "worksheet":
                if part not in package:
                    raise damaged(package.file, f"缺少部件 {posixpath.basename(part)}")
                scans[name] = _scan_sheet(package.read(part, _LIMIT))
    return scans, date1904


def _scan_sheet(data: bytes) -> SheetScan:
    found = SheetScan()
    row = 0
    for kind, body in _records(data):
        if kind == _ROW_HEADER and len(body) >= 4:
            row = struct.unpack_from("<L", body)[0] + 1
            found.hidden_rows += len(body) > 11 and bool(body[11] & _ROW_HIDDEN)
        elif kind in (_CELL_ERROR, _FORMULA_ERROR) and len(body) > 8:
            column = struct.unpack_from("<L", body)[0] + 1
            found.errors[row, column] = ERROR_TEXTS.get(body[8], "#N/A")
        elif kind == _MERGE and len(body) >= 16:
            top, bottom, left, right = struct.unpack_from("<4L", body)
            found.merged.append(Merge(top + 1, left + 1, bottom + 1, right + 1))
        found.formulas += kind in _FORMULAS
    return found


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Records: a type of one or two bytes, a length of one to four, seven bits each."""
    at = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 0x80 and at < len(data):
            kind = (kind & 0x7F) | data[at] << 7
            at += 1
        size = shift = 0
        while at < len(data) and shift < 28:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, data[at : at + size]
        at += size


def _wide_string(body: bytes, at: int) -> tuple[str, int]:
    if at + 4 > len(body):
        return "", at
    length = struct.unpack_from("<L", body, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end
