"""Formula text when rows are put in or taken out, and when a formula is copied to another cell.

Only the references are looked at; every other character of a formula stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from zhubao.excel.address import MAX_COLUMN, MAX_ROW, column_letter, column_number
from zhubao.excel.formula.ranges import grows_with_records, move_row, move_rows
from zhubao.excel.shift import Shift

LOST = "#REF!"

_WORD = r"""[^\s'"()\[\]{}+\-*/^&=<>,;:!%#@]"""
# up to XFD1048576: what lies beyond is a name
_COLUMN = r"\$?(?:[A-Za-z]{1,2}|[A-Wa-w][A-Za-z]{2}|[Xx][A-Ea-e][A-Za-z]|[Xx][Ff][A-Da-d])"
_ROW = (
    r"\$?(?:[1-9][0-9]{0,5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}"
    r"|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])"
)
_COLON = r"\s*+:\s*+(?:(?P=prefix))?"
_TOKEN = re.compile(
    rf"""
    "(?:[^"]|"")*+"
  | (?P<prefix>
        (?: '(?:[^']|'')*+' | \[[^\[\]']*+\]{_WORD}*+ | {_WORD}++(?::{_WORD}++)? | \#REF )!
    )?
    (?: (?P<c1>{_COLUMN})(?P<r1>{_ROW})(?:{_COLON}(?P<c2>{_COLUMN})(?P<r2>{_ROW}))?
      | (?P<top>{_ROW}){_COLON}(?P<bottom>{_ROW})
      | (?P<left>{_COLUMN}){_COLON}(?P<right>{_COLUMN})
    )
    (?! {_WORD} | [(!\[] )
  | '(?:[^']|'')*+'
  | \[ (?: [^\[\]'] | '. | \[ (?:[^\[\]'] | '.)*+ \] )*+ \]
  | \#(?: N/A | DIV/0! | [A-Z_]++[!?]? )
  | {_WORD}++
  | (?P<bad>["'\[])
    """,
    re.VERBOSE | re.DOTALL,
)
CORNERS = {  # by the last group of a match: the groups of each corner's column and row
    "r1": (("c1", "r1"),),
    "r2": (("c1", "r1"), ("c2", "r2")),
    "bottom": (("", "top"), ("", "bottom")),
    "right": (("left", ""), ("right", "")),
}
_NO_SHEET = re.compile(r"[\[\]:\\/#]")
_DIGITS = re.compile(r"[1-9][0-9]{0,6}")

Edit = tuple[int, int, str]
"""Start, end and new text of a piece of a formula."""


class UnreadableFormula(Exception):
    """A formula whose references cannot be told apart; the text is `args[0]`."""


def shift_formula(text: str, home: str, shift: Shift, *, row: int = 0) -> str:
    """The formula (without "=") of sheet `home` after the shift; the same object when unchanged.

    Ranges grow with new records by the "record" rule of `ranges.Grow`. `row`, where known, is the
    row the formula stands in before the shift: in a record's own row (a running total
    `SUM(F$5:F99)`, a row's `SUM(G5:L5)`) a range grows only where its last row is absolute.
    A cell taken out becomes #REF!. Raises UnreadableFormula.
    """
    edits = shift_edits(text, home, shift, row=row)
    return apply_edits(text, edits) if edits else text


def shift_edits(text: str, home: str, shift: Shift, *, row: int = 0) -> list[Edit]:
    """What `shift_formula` would change, in order. Raises UnreadableFormula."""
    home, sheet = home.lower(), shift.sheet.lower()
    if _is_out_of_reach(text, home, sheet, shift):
        return []
    in_record = home == sheet and 0 < shift.block <= row < shift.at
    edits: list[Edit] = []
    for match in references(text):
        if match.lastgroup != "right" and sheet_of(match["prefix"], home) == sheet:
            edits += shifted_reference(match, shift, in_record=in_record)
    return edits


def translate_formula(text: str, origin_row: int, row: int, *, columns: int = 0) -> str:
    """The formula (without "=") as copied from `origin_row` to `row`, `columns` to the right.

    Relative references move, to whichever sheet; those that would leave the sheet become #REF!.
    Raises UnreadableFormula.
    """
    rows = row - origin_row
    if not rows and not columns:
        return text
    edits: list[Edit] = []
    for match in references(text):
        if match["prefix"] != LOST:
            edits += _translated(match, rows, columns)
    return apply_edits(text, edits) if edits else text


def apply_edits(text: str, edits: list[Edit]) -> str:
    """The text with its pieces replaced; the edits are in order and do not overlap."""
    pieces: list[str] = []
    done = 0
    for start, stop, new in edits:
        pieces += (text[done:start], new)
        done = stop
    return "".join((*pieces, text[done:]))


@lru_cache(maxsize=4096)
def sheet_of(prefix: str | None, home: str) -> str:
    """The sheet a reference's prefix names, in lower case; "" for other workbooks and 3-D ones."""
    if not prefix:
        return home.lower()
    name = prefix[:-1]
    if name.startswith("'") and name.endswith("'"):
        name = name[1:-1].replace("''", "'")
    name = name.removeprefix("[0]")  # this workbook
    return "" if _NO_SHEET.search(name) else name.lower()


def _is_out_of_reach(text: str, home: str, sheet: str, shift: Shift) -> bool:
    """A cheap test: no other sheet may be named here, or no number is as high as the rows moved."""
    if home != sheet and sheet.replace("'", "''") not in text.lower():
        return True
    reach = shift.at - 1 if shift.count > 0 and shift.block > 0 else shift.at
    return all(int(digits) < reach for digits in _DIGITS.findall(text))


def references(text: str) -> Iterator[re.Match[str]]:
    """The references of a formula: `lastgroup` is the kind (`CORNERS`), "prefix" the sheet.

    Raises UnreadableFormula when it comes to what cannot be read.
    """
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "bad":
            raise UnreadableFormula(text)
        if kind is not None:
            yield match


def shifted_reference(match: re.Match[str], shift: Shift, *, in_record: bool) -> list[Edit]:
    """How one reference to the shifted sheet changes; `in_record` as `row` of `shift_formula`."""
    corners = CORNERS[match.lastgroup or ""]
    if len(corners) == 1:
        return _shifted_cell(match, shift)
    first, last = match[corners[0][1]], match[corners[1][1]]
    top, bottom = int(first.lstrip("$")), int(last.lstrip("$"))
    turned = top > bottom
    if turned:
        top, bottom, last = bottom, top, first
    grows = grows_with_records(top, bottom, shift, "record")
    rows = move_rows(top, bottom, shift, grows=grows and (last[0] == "$" or not in_record))
    return _renumbered(match, (rows[1], rows[0]) if rows and turned else rows)


def _shifted_cell(match: re.Match[str], shift: Shift) -> list[Edit]:
    digits = match["r1"].lstrip("$")
    row = int(digits)
    if row < shift.at:
        return []
    moved, end = move_row(row, shift), match.end()
    return [
        (match.start("c1"), end, LOST) if moved is None else (end - len(digits), end, str(moved))
    ]


def _renumbered(match: re.Match[str], rows: tuple[int, int] | None) -> list[Edit]:
    """The row numbers that differ, or the whole reference when it was taken out."""
    corners = CORNERS[match.lastgroup or ""]
    if rows is None:
        return [(match.start(corners[0][0] or corners[0][1]), match.end(), LOST)]
    edits = []
    for (_, group), row in zip(corners, rows, strict=False):
        old = match[group].lstrip("$")
        if old != str(row):
            edits.append((match.end(group) - len(old), match.end(group), str(row)))
    return edits


def _translated(match: re.Match[str], rows: int, columns: int) -> list[Edit]:
    corners = CORNERS[match.lastgroup or ""]
    edits: list[Edit] = []
    full = _is_full_height(match)
    for column, row in corners:
        letters = _copied_column(match[column], columns) if column else ""
        digits = _copied_row(match[row], 0 if full else rows) if row else ""
        if letters is None or digits is None:
            return [(match.start(corners[0][0] or corners[0][1]), match.end(), LOST)]
        edits.append((match.start(column or row), match.end(row or column), letters + digits))
    return edits


def _copied_row(digits: str, rows: int) -> str | None:
    """ "5" → "6", "$5" stays; None outside the sheet."""
    if digits.startswith("$"):
        return digits
    row = int(digits) + rows
    return str(row) if 1 <= row <= MAX_ROW else None


def _copied_column(letters: str, columns: int) -> str | None:
    """ "F" → "G", "$F" stays; None outside the sheet."""
    if not columns or letters.startswith("$"):
        return letters
    column = column_number(letters) + columns
    return column_letter(column) if 1 <= column <= MAX_COLUMN else None


def _is_full_height(match: re.Match[str]) -> bool:
    """F1:F1048576 is the column F, not a range that can be copied down."""
    rows = {match[row].lstrip("$") for _, row in CORNERS[match.lastgroup or ""] if row}
    return rows == {"1", str(MAX_ROW)}
