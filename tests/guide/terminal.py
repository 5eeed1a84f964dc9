"""A terminal's screen as an SVG: every word stands at its column, whatever font is at hand.

No font is fetched: each piece of text is told its length, so that a Chinese character takes two
columns in any font. The picture brings its own background, for white pages and dark ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from zhubao.core.width import display_width

COLUMNS = 80
_CELL, _LINE, _SIZE, _MARGIN = 8.5, 20, 14, 16
_FONTS = (
    'Consolas,Menlo,"DejaVu Sans Mono","Noto Sans Mono CJK SC","Sarasa Mono SC",'
    '"Microsoft YaHei","PingFang SC",monospace'
)
_COLOURS = {
    "plain": "#d6dbe4",
    "1": "#ffffff;font-weight:bold",
    "2": "#9aa5b5",
    "31": "#ff8a80",
    "33": "#e8bf5a",
    "36": "#62d0dc",
    "prompt": "#8ddb8c",
}
_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
_RULE = "─"


@dataclass(frozen=True)
class Cell:
    """A character, and how it is shown."""

    text: str
    style: str

    @property
    def width(self) -> int:
        return display_width(self.text)

    @property
    def kind(self) -> str:
        """What may share a piece of text: fonts differ in how wide they make signs like …"""
        if self.text.isascii():
            return "ascii"
        return self.text if self.text == _RULE else str(self.width)


Line = tuple[Cell, ...]


def screen_lines(screen: str) -> list[Line]:
    """The lines of a screen of 80 columns: colours read, longer lines broken as there."""
    lines: list[Line] = []
    style = "plain"
    for text in screen.rstrip("\n").split("\n"):
        cells: list[Cell] = []
        for number, piece in enumerate(_ESCAPE.split(text)):
            if number % 2:
                style = _style(piece)
            else:
                cells += [Cell(character, style) for character in piece]
        lines += _broken(cells)
    return lines


def typed(command: str, folder: str) -> list[Line]:
    """The command behind its prompt."""
    prompt = [Cell(character, "prompt") for character in f"{folder}$ "]
    return list(_broken([*prompt, *(Cell(character, "1") for character in command)]))


def shortened(lines: Sequence[Line], head: int, tail: int) -> list[Line]:
    """The first and last lines; how many stood between is said in their place."""
    if len(lines) <= head + tail + 1:
        return list(lines)
    where = "中间" if tail else "以下"
    said = f"……（{where}略 {len(lines) - head - tail} 行）"
    last = lines[len(lines) - tail :] if tail else []
    return [*lines[:head], tuple(Cell(character, "prompt") for character in said), *last]


def svg(lines: Sequence[Line], title: str) -> str:
    """The picture, the same for the same lines."""
    width = round(COLUMNS * _CELL) + 2 * _MARGIN
    height = len(lines) * _LINE + 2 * _MARGIN
    rules = "".join(f".s{name}{{fill:{look}}}" for name, look in _COLOURS.items())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>text{{font:{_SIZE}px {_FONTS}}}{rules}</style>",
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" '
        'fill="#1c212b" stroke="#6b7686"/>',
    ]
    for number, line in enumerate(lines):
        parts += _drawn(line, _MARGIN + number * _LINE)
    return "\n".join([*parts, "</svg>\n"])


def _style(codes: str) -> str:
    """The most telling of the codes: a colour before bold and dim."""
    known = [code for code in codes.split(";") if code not in ("", "0")]
    assert all(code in _COLOURS for code in known), codes
    return max(known, key=int, default="plain")


def _broken(cells: Sequence[Cell]) -> Iterator[Line]:
    line: list[Cell] = []
    column = 0
    for cell in cells:
        if column + cell.width > COLUMNS:
            yield tuple(line)
            line, column = [], 0
        line.append(cell)
        column += cell.width
    yield tuple(line)


def _drawn(line: Line, top: int) -> Iterator[str]:
    column = 0
    for (style, kind, blank), group in groupby(
        line, key=lambda cell: (cell.style, cell.kind, cell.text.isspace())
    ):
        text = "".join(cell.text for cell in group)
        left, length = _MARGIN + column * _CELL, display_width(text) * _CELL
        column += display_width(text)
        if blank:
            continue
        if kind == _RULE:
            yield (
                f'<rect class="s{style}" x="{left:g}" y="{top + _LINE // 2}" '
                f'width="{length:g}" height="1"/>'
            )
            continue
        yield (
            f'<text class="s{style}" x="{left:g}" y="{top + 15}" textLength="{length:g}" '
            f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
        )
