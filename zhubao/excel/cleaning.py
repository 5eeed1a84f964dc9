"""Cleaning of text that clerks type: widths, stray blanks, invisible characters, empty marks."""

from __future__ import annotations

import re

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_BLANKS = "\u00a0\u2002\u2003\u2009\u202f\u3000"
_DROP = {ord(char): None for char in _INVISIBLE}
_DROP |= {code: None for code in (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)}
_SPACE = {ord(char): " " for char in _BLANKS}
_NARROW_ALL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW_WORDS = {code: narrow for code, narrow in _NARROW_ALL.items() if chr(narrow).isalnum()}
_TEXT = {**_NARROW_WORDS, **_SPACE, **_DROP}
_SYMBOLS = {**_NARROW_ALL, **_SPACE, **_DROP}

# A set of so many characters takes 3 ms to compile: only when a cell has a line break.
_BREAK_BETWEEN_CJK = r"(?<=[\u3000-\u9fff\uff00-\uffef])\s*[\r\n]+\s*(?=[\u3000-\u9fff])"
_BLANK_RUN = re.compile(r"\s+")

EMPTY_MARKS = frozenset(
    ("/", "\\", "-", "--", "---", "—", "——", "–", "―", "－", "／", "无", "暂无", "空", "…", "……")
)

# Anything that clean_text would change, in a column joined by \x1f (also at both ends).
UNCLEAN_TEXT = re.compile(
    "[\x00-\x1e\x7f\xa0\xad\u2002\u2003\u2009\u200b-\u200f\u202a-\u202f\u2060\u3000\ufeff"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]|\x1f[ '’`]| [ \x1f]"
)
UNCLEAN_CODE = re.compile("[^\x1f0-9A-Za-z_/.#\u4e00-\u9fff-]")
UNCLEAN_IDENTITY = re.compile("[^\x1f0-9X]")


def clean_text(raw: str) -> str:
    """Text to keep: half-width letters and digits, single blanks, no line breaks, trimmed."""
    text = raw.translate(_TEXT) if not raw.isascii() else raw.translate(_DROP)
    if "\n" in text or "\r" in text:
        text = re.sub(_BREAK_BETWEEN_CJK, "", text)
    return _BLANK_RUN.sub(" ", text).strip().lstrip("'’`").strip()


def clean_symbols(raw: str) -> str:
    """Text to be parsed: everything half-width, all blanks and leading apostrophes gone."""
    text = raw.translate(_SYMBOLS)
    return _BLANK_RUN.sub("", text).lstrip("'’‘`")


def clean_moment(raw: str) -> str:
    """Like clean_symbols, with single blanks kept: they separate a date from a time."""
    text = _BLANK_RUN.sub(" ", raw.translate(_SYMBOLS)).strip()
    return text.lstrip("'’‘`").strip()


def is_empty_mark(text: str) -> bool:
    """True for a cleaned text that clerks write where there is nothing to write."""
    return text in EMPTY_MARKS
