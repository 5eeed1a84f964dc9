"""Where a row comes from, in words and as a link to the first ledger cell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import SupportsIndex

from zhubao.core.finding import Cell
from zhubao.core.sheet_names import quoted

_SPELLED_OUT = 40  # cells named in a row's text; the others are counted
_SHEET = attrgetter("file", "sheet")
_LONGEST_LINK = 2000  # Excel's limit is 2,080
_ESCAPES = str.maketrans({sign: f"%{ord(sign):02x}" for sign in '% #"<>[]^`{}'})


class Address(str):
    """An address for `write_url` that keeps the forward slashes of its path.

    The target of a relationship is a URI (OOXML part 2, attribute Target), in which a backslash
    separates nothing; `write_url` writes one for every slash. Chinese stays as it is, as in an IRI.
    """

    __slots__ = ()

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> Address:
        """As of a text, but for backslashes, which are not put in; the answer is an address too."""
        return self if new == "\\" else Address(super().replace(old, new, count))


class Links:
    """Links from a report's folder to the ledgers; none when it is not known where they are."""

    def __init__(self, report_path: Path, source_root: Path | None) -> None:
        self._folder = report_path.resolve().parent
        self._root = source_root.resolve() if source_root is not None else None
        self._targets: dict[str, str] = {}

    def to(self, cell: Cell) -> Address | None:
        """The address to give to `write_url`, or None."""
        if self._root is None or not cell.file:
            return None
        if cell.file not in self._targets:
            self._targets[cell.file] = _escaped(self._root / cell.file, self._folder)
        anchor = f"#{quoted(cell.sheet)}!{cell.ref or 'A1'}" if cell.sheet else ""
        address = Address(f"external:{self._targets[cell.file]}{anchor}")
        return address if len(address) <= _LONGEST_LINK else None


def first_source(sources: Sequence[Cell]) -> str:
    """arrears.xlsx!应收!F12, with （共 9 处） when there are more."""
    if not sources:
        return ""
    count = f"（共 {len(sources):,} 处）" if len(sources) > 1 else ""
    return f"{sources[0]}{count}"


def other_sources(sources: Sequence[Cell]) -> str:
    """The second source on, by sheet: arrears.xlsx!应收!F13、F14；arrears.xlsx!实收!D3."""
    named = sources[1 : 1 + _SPELLED_OUT]
    parts = (
        f"{Cell(*sheet)}!{'、'.join(cell.ref for cell in cells)}".rstrip("!")
        for sheet, cells in groupby(named, key=_SHEET)
    )
    left = len(sources) - 1 - len(named)
    return "；".join(parts) + (f"……另有 {left:,} 处" if left > 0 else "")


def _escaped(target: Path, folder: Path) -> str:
    """The relative path from the folder; the absolute one where there is none (other drive)."""
    try:
        path = os.path.relpath(target, folder)
    except ValueError:
        path = str(target)
    return path.replace("\\", "/").translate(_ESCAPES)
