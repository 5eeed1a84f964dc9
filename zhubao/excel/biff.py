"""The guard pass for .xls and .et: encryption, date system, error cells, hidden rows."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from zhubao.core.errors import WorkbookDamaged, WorkbookEncrypted
from zhubao.excel.cfb import CompoundError, CompoundFile
from zhubao.excel.container import RESTORE, UNLOCK
from zhubao.excel.guard import SheetScan

_BOF, _EOF, _FILE_PASS, _DATE_MODE, _BOUND_SHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
_BOOL_ERROR, _FORMULA, _ROW = 0x0205, 0x0006, 0x0208
ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_ROW_HIDDEN = 0x20


def scan_xls(path: Path, file: str) -> tuple[dict[str, SheetScan], bool]:
    """What the parser hides, by sheet name, and whether days count from 1904."""
    try:
        compound = CompoundFile(path.read_bytes())
        names = {name.casefold(): name for name in compound.streams}
        stream = compound.read(names.get("workbook") or names["book"])
    except (CompoundError, KeyError) as error:
        raise WorkbookDamaged(f"{file} 不完整或已损坏", where=file, advice=RESTORE) from error
    offsets: dict[str, int] = {}
    date1904 = False
    wide = stream[4:6] == b"\x00\x06"
    for kind, body in _records(stream, 0):
        if kind == _FILE_PASS:
            raise WorkbookEncrypted(f"{file} 有密码保护", where=file, advice=UNLOCK)
        if kind == _DATE_MODE:
            date1904 = body[:2] == b"\x01\x00"
        elif kind == _BOUND_SHEET and len(body) > 8:
            offsets[_sheet_name(body, wide=wide)] = struct.unpack_from("<L", body)[0]
    for at in offsets.values():
        if not _is_whole(stream, at):
            raise WorkbookDamaged(f"{file} 不完整或已损坏", where=file, advice=RESTORE)
    return {name: _scan_sheet(stream, at) for name, at in offsets.items()}, date1904


def _is_whole(stream: bytes, at: int) -> bool:
    """The sheet begins with a beginning, ends with an end, and has no blanked-out records.

    The format has no checksums; over a gap the parser stops and gives the rows up to there.
    """
    last = -1
    for number, (kind, body) in enumerate(_records(stream, at)):
        blanked = not kind and not body
        if blanked or (number == 0 and kind & 0xFF != _BOF & 0xFF):
            return False
        last = kind
    return last == _EOF


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records up to the end of the substream that begins at `at`."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return


def _sheet_name(body: bytes, *, wide: bool) -> str:
    length = body[6]
    if not wide:
        return body[7 : 7 + length].decode("gbk", "replace")
    if body[7] & 1:
        return body[8 : 8 + 2 * length].decode("utf-16-le", "replace")
    return body[8 : 8 + length].decode("latin-1")


def _scan_sheet(stream: bytes, at: int) -> SheetScan:
    found = SheetScan()
    for kind, body in _records(stream, at):
        if kind == _BOOL_ERROR and len(body) >= 8 and body[7]:
            found.errors[_place(body)] = ERROR_TEXTS.get(body[6], "#N/A")
        elif kind == _FORMULA and len(body) >= 14:
            found.formulas += 1
            if body[12:14] == b"\xff\xff" and body[6] == 2:
                found.errors[_place(body)] = ERROR_TEXTS.get(body[8], "#N/A")
        elif kind == _ROW and len(body) >= 16 and body[12] & _ROW_HIDDEN:
            found.hidden_rows += 1
    return found


def _place(body: bytes) -> tuple[int, int]:
    row, column = struct.unpack_from("<2H", body)
    return row + 1, column + 1
