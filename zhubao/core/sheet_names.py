"""Names a workbook accepts for its sheets."""

from __future__ import annotations

import re
from collections.abc import Collection

LONGEST = 31  # in UTF-16 units, as Excel counts
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = "history"


def sheet_name(wanted: str, taken: Collection[str] = ()) -> str:
    """`wanted` without forbidden characters, short enough, and unlike any in `taken`.

    Names that differ only in case count as the same, as they do in Excel.
    """
    base = _FORBIDDEN.sub("", wanted).strip().strip("'").strip() or "表"
    used = {name.casefold() for name in taken} | {_RESERVED}
    name, number = _cut(base, LONGEST), 1
    while name.casefold() in used:
        number += 1
        suffix = f"({number})"
        name = _cut(base, LONGEST - len(suffix)) + suffix
    return name


def quoted(name: str) -> str:
    """The name as a reference carries it: 'it''s'."""
    return "'" + name.replace("'", "''") + "'"


def _cut(text: str, units: int) -> str:
    while len(text.encode("utf-16-le")) // 2 > units:
        text = text[:-1]
    return text.rstrip().rstrip("'")
