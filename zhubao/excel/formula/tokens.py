"""A formula's text in tokens, and the areas its references name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from zhubao.excel.address import MAX_COLUMN, MAX_ROW, column_number

_COLUMN = r"\$?[A-Za-z]{1,3}"
_ROW = r"\$?[0-9]{1,7}"
_COLON = r":(?:(?P=prefix))?"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*+")
  | (?P<reference>
        (?P<prefix> '(?:[^']|'')++'! | [\w.\[\]:]++! )?
        (?: (?P<c1>{_COLUMN})(?P<r1>{_ROW})(?:{_COLON}(?P<c2>{_COLUMN})(?P<r2>{_ROW}))?
          | (?P<top>{_ROW}){_COLON}(?P<bottom>{_ROW})
          | (?P<left>{_COLUMN}){_COLON}(?P<right>{_COLUMN})
        )
        (?![\w.?\\(\[!'])
    )
  | (?P<error> (?: '(?:[^']|'')++'! | [\w.\[\]:]++! )? \#(?:N/A|DIV/0!|[A-Z_]++[!?]) )
  | (?P<function>[^\W\d][\w.]*+)\(
  | (?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?)(?![\w.])
  | (?P<name>(?P<scope> '(?:[^']|'')++'! | [\w.\[\]:]++! )? [^\W\d][\w.?\\]*+)(?![\[(!'])
  | (?P<space>\s++)
  | (?P<operator><=|>=|<>|[-+*/^&=<>%(),])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIXES = ("_xlfn.", "_xlws.")
_NOT_ONE_SHEET = re.compile(r"[:/\\#]")
_THIS_WORKBOOK = "[0]"


class Area(NamedTuple):
    """A rectangle of cells; `sheet` is casefolded, rows and columns are counted from 1."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        """The number of cells."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top + 1, self.right - self.left + 1

    def holds(self, sheet: str, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return (
            sheet == self.sheet
            and self.top <= row <= self.bottom
            and self.left <= column <= self.right
        )

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.sheet == other.sheet
            and self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


class Elsewhere(NamedTuple):
    """A reference into another workbook: no change of this one reaches it."""

    text: str


def tokens(text: str) -> Iterator[re.Match[str]]:
    """The formula (without "=") in order; `lastgroup` tells the kind.

    Kinds: text, reference, error, function (the "(" included), number, name, space, operator,
    other.
    """
    return _TOKEN.finditer(text)


def function_name(written: str) -> str:
    """In capitals, without the marks that newer functions carry in a file."""
    name = written
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name.upper()


def area_of(token: re.Match[str], home: str) -> Area | Elsewhere | None:
    """The area a reference token names, seen from sheet `home`; None when it cannot be told."""
    sheet = sheet_named(token["prefix"], home)
    if not isinstance(sheet, str):
        return sheet
    bounds = _bounds(token)
    return None if bounds is None else Area(sheet, *bounds)


def sheet_named(prefix: str | None, home: str) -> str | Elsewhere | None:
    """The casefolded sheet before the "!"; None for several sheets at once."""
    if not prefix:
        return home.casefold()
    name = prefix[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    name = name.removeprefix(_THIS_WORKBOOK)
    if "[" in name:
        return Elsewhere(prefix)
    return None if _NOT_ONE_SHEET.search(name) else name.casefold()


def is_fixed(token: re.Match[str]) -> bool:
    """Whether a reference means the same cells wherever it is written (`应收!$A$1:$B$9`)."""
    groups = ("c1", "r1", "c2", "r2", "top", "bottom", "left", "right")
    ends = [end for end in token.group(*groups) if end]
    return bool(token["prefix"]) and all(end.startswith("$") for end in ends)


def _bounds(token: re.Match[str]) -> tuple[int, int, int, int] | None:
    c1, r1, c2, r2 = token.group("c1", "r1", "c2", "r2")
    if c1 is not None:
        top, left = _row(r1), _column(c1)
        bottom, right = (top, left) if c2 is None else (_row(r2), _column(c2))
    elif token["top"] is not None:
        top, bottom, left, right = _row(token["top"]), _row(token["bottom"]), 1, MAX_COLUMN
    else:
        top, bottom = 1, MAX_ROW
        left, right = _column(token["left"]), _column(token["right"])
    return _ordered(top, left, bottom, right)


def _ordered(top: int, left: int, bottom: int, right: int) -> tuple[int, int, int, int] | None:
    if top > bottom:
        top, bottom = bottom, top
    if left > right:
        left, right = right, left
    inside = top >= 1 and bottom <= MAX_ROW and right <= MAX_COLUMN
    return (top, left, bottom, right) if inside else None


def _row(text: str) -> int:
    return int(text.lstrip("$"))


def _column(text: str) -> int:
    return column_number(text.lstrip("$"))
