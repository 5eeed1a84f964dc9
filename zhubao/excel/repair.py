"""A copy of a package that the parser can read where it stumbles over the original."""

from __future__ import annotations

import io
import re
import zipfile

from zhubao.excel.structure import to_utf8
from zhubao.excel.zipcheck import Package

_MAX_PART = 256 << 20
_ERROR_VALUE = re.compile(rb"(<(?:\w+:)?v>)(#[A-Z_/0-9]+[!?]?)(</)")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?/>")
_ODD_MERGE = re.compile(
    rb"""<(?:\w+:)?mergeCell\b(?![^>]*ref="[A-Z]{1,3}\d+:[A-Z]{1,3}\d+")[^>]*?/>"""
)
_ODD_STATE = re.compile(rb"""\sstate=["'](?!visible|hidden|veryHidden)[^"']*["']""")
_KNOWN = frozenset(
    (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!", b"#GETTING_DATA")
)


def repaired(package: Package) -> io.BytesIO:
    """The XML parts, stored, in UTF-8, without what makes the parser give up on a sound workbook.

    Errors newer than the parser become #N/A (the guard has noted the true ones, and the parser
    gives an empty cell for any); a claimed extent or merge that is no range, or an unknown sheet
    state, is dropped. Values are not touched.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
        for name in package.names():
            if name.lower().endswith((".xml", ".rels")):
                copy.writestr(name, _plain(package, name))
    buffer.seek(0)
    return buffer


def _plain(package: Package, name: str) -> bytes:
    data = to_utf8(package.read(name, _MAX_PART), package.file, name)
    if name.lower().endswith("workbook.xml"):
        return _ODD_STATE.sub(b"", data)
    if "worksheets/" not in name.lower():
        return data
    data = _ODD_MERGE.sub(b"", _DIMENSION.sub(b"", data, count=1))
    return _ERROR_VALUE.sub(_known_error, data)


def _known_error(match: re.Match[bytes]) -> bytes:
    text = match[2] if match[2] in _KNOWN else b"#N/A"
    return match[1] + text + match[3]
