"""How wide a text is on screen and on paper: a Chinese character takes two columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_ELLIPSIS = "…"
_NEVER_FIRST = frozenset("，。；：、？！）》”’】,.;:?!)")
_PIECES = re.compile(r"[!-~]+|\s+|.")


@lru_cache(maxsize=8192)
def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def display_width(text: str) -> int:
    """Columns taken by `text`: wide and full-width characters two, combining and control none."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_character_width, text))


def truncate(text: str, width: int) -> str:
    """`text` cut to `width` columns, with … in the last one when something was cut."""
    if display_width(text) <= width:
        return text
    kept, room = [], width - 1
    for character in text:
        room -= _character_width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + _ELLIPSIS if width > 0 else ""


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` filled up with blanks to `width` columns, at the left when `right`-aligned."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int, *, indent: int = 0) -> list[str]:
    """`text` in lines of at most `width` columns, each indented; words and numbers stay whole.

    Closing punctuation never begins a line: the character before it moves down with it. A word
    longer than a line is broken. No lines for a blank text.
    """
    room = max(width - indent, 8)
    lines: list[str] = []
    line = ""
    for piece in _pieces(" ".join(text.split("\n")), room):
        if display_width(line) + display_width(piece) <= room:
            line += piece
            continue
        carried = ""
        if piece[0] in _NEVER_FIRST and line and display_width(line[-1] + piece) <= room:
            line, carried = line[:-1], line[-1]
        lines.append(line.rstrip())
        line = (carried + piece).lstrip()
    lines.append(line.rstrip())
    return [" " * indent + line for line in lines if line]


def _pieces(text: str, room: int) -> Iterator[str]:
    """Words, runs of blanks and single wide characters; words no longer than `room`."""
    for piece in _PIECES.findall(text):
        for start in range(0, len(piece), room):
            yield piece[start : start + room]
