"""What a formula reads: the areas it names, and whether it may read more than it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from zhubao.excel.address import MAX_COLUMN, MAX_ROW
from zhubao.excel.formula.parser import LONGEST_FORMULA, Call, Reference, parse, walk
from zhubao.excel.formula.tokens import (
    Area,
    Elsewhere,
    area_of,
    function_name,
    is_fixed,
    sheet_named,
    tokens,
)

VOLATILE = frozenset(
    ("NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "CELL", "INFO", "INDIRECT", "OFFSET")
)
_UNKNOWABLE = frozenset(
    ("INDIRECT", "OFFSET", "ANCHORARRAY", "EVALUATE", "CALL", "GET.CELL", "REGISTER.ID", "CELL")
)
_POSITIONAL = frozenset(
    ("ROW", "ROWS", "COLUMN", "COLUMNS", "ADDRESS", "CELL", "FORMULATEXT", "AREAS", "SHEET")
)
DEEPEST_NAME = 8
"""How many names may lead to one another."""

_STRETCHERS = ("SUMIF", "AVERAGEIF")
_STRETCHING = re.compile(r"(?:SUM|AVERAGE)IF\(", re.IGNORECASE)
_LITERALS = ("TRUE", "FALSE")
_HARMLESS = frozenset("{};")


class Needs(NamedTuple):
    """The cells a formula reads, by what is written in it."""

    areas: tuple[Area, ...] = ()
    everything: bool = False  # it may read any cell: INDIRECT, a table's column, an unknown name
    volatile: bool = False  # its result may change by itself
    positional: bool = False  # it tells where cells stand, or it lost cells (#REF!, A5:A5)


ANYTHING = Needs(everything=True)


class NeedsReader:
    """Reads formulas' needs, with the workbook's defined names spelled out.

    `names` maps a name, or "sheet!name" for a name of one sheet only, to its formula (with or
    without "="). A name whose references are not all absolute and on a sheet may mean anything.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {name.casefold(): text.removeprefix("=") for name, text in names.items()}
        self._known: dict[str, Needs] = {}
        self._depth = 0

    def needs(self, text: str, sheet: str) -> Needs:
        """What the formula `text` (without "=") in a cell of `sheet` reads."""
        if not 0 < len(text) <= LONGEST_FORMULA:
            return ANYTHING
        reading = _Reading(self, sheet)
        for token in tokens(text):
            reading.take(token)
        if _STRETCHING.search(text) is not None:
            reading.stretch(text)
        return reading.result()

    def text_of(self, name: str, sheet: str) -> str | None:
        """The formula of a defined name as seen from `sheet`; None for a name not defined."""
        local = self._names.get(f"{sheet}!{name}".casefold())
        return local if local is not None else self._names.get(name.casefold())

    def name_needs(self, name: str, sheet: str) -> Needs:
        """What a defined name reads; anything at all for one that is not defined."""
        key = f"{sheet}!{name}".casefold()
        if key not in self._known and self._depth < DEEPEST_NAME:
            self._known[key] = ANYTHING  # a name that leads to itself
            text = self.text_of(name, sheet)
            if text is not None and _is_fixed_throughout(text):
                self._depth += 1
                self._known[key] = self.needs(text, sheet)
                self._depth -= 1
        return self._known.get(key, ANYTHING)


class _Reading:
    """One formula being read, token by token."""

    def __init__(self, reader: NeedsReader, sheet: str) -> None:
        self.areas: list[Area] = []
        self._reader = reader
        self._sheet = sheet
        self._everything = self._volatile = self._positional = False

    def take(self, token: re.Match[str]) -> None:
        """One more token."""
        kind = token.lastgroup
        if kind == "reference":
            self._take_reference(token)
        elif kind == "function":
            self._take_function(function_name(token["function"]))
        elif kind == "name":
            self._take_name(token)
        elif kind == "error":
            self._positional = self._positional or "#REF" in token[0]
        elif kind == "other" and token[0] not in _HARMLESS:
            self._everything = True

    def stretch(self, text: str) -> None:
        """Add the cells SUMIF adds beyond those it names; all cells where that cannot be told."""
        if len({area.shape for area in self.areas}) < 2:
            return
        stretched = _stretched(text, self._sheet)
        self._everything = self._everything or stretched is None
        self.areas += stretched or ()

    def result(self) -> Needs:
        """All that was found."""
        return Needs(tuple(self.areas), self._everything, self._volatile, self._positional)

    def _take_reference(self, token: re.Match[str]) -> None:
        area = area_of(token, self._sheet)
        if area is None:
            self._everything = True
        elif isinstance(area, Area):
            self.areas.append(area)
            self._positional = self._positional or (area.size == 1 and token["c2"] is not None)

    def _take_function(self, name: str) -> None:
        self._volatile = self._volatile or name in VOLATILE
        self._everything = self._everything or name in _UNKNOWABLE
        self._positional = self._positional or name in _POSITIONAL

    def _take_name(self, token: re.Match[str]) -> None:
        scope, written = token["scope"], token["name"]
        name = written[len(scope) :] if scope else written
        if name.upper() in _LITERALS:
            return
        sheet = sheet_named(scope, self._sheet)
        if isinstance(sheet, Elsewhere):
            return
        found = ANYTHING if sheet is None else self._reader.name_needs(name, sheet)
        self.areas += found.areas
        self._everything = self._everything or found.everything
        self._volatile = self._volatile or found.volatile
        self._positional = self._positional or found.positional


def _is_fixed_throughout(text: str) -> bool:
    return len(text) <= LONGEST_FORMULA and all(
        is_fixed(token) for token in tokens(text) if token.lastgroup == "reference"
    )


def _stretched(text: str, sheet: str) -> list[Area] | None:
    """What each SUMIF adds: its third argument's corner with the first one's shape."""
    root = parse(text, sheet)
    if root is None:
        return None
    found: list[Area] = []
    for node in walk(root):
        if isinstance(node, Call) and node.name in _STRETCHERS and len(node.arguments) == 3:
            tested, _, added = node.arguments
            if not (isinstance(tested, Reference) and isinstance(added, Reference)):
                return None
            found.append(stretched(added.area, tested.area))
    return found


def stretched(corner: Area, like: Area) -> Area:
    """The area of the shape of `like` that begins where `corner` does, within the sheet."""
    rows, columns = like.shape
    bottom = min(corner.top + rows - 1, MAX_ROW)
    right = min(corner.left + columns - 1, MAX_COLUMN)
    return Area(corner.sheet, corner.top, corner.left, bottom, right)
