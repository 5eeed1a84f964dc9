"""A command written as one text, split into words the same way on every system."""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"""(?P<blank>\s+)|(?P<held>\{\{.*?\}\})|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>.)""",
    re.DOTALL,
)


def split_words(text: str) -> tuple[str, ...]:
    r"""Words parted by blanks; "…" and '…' keep blanks; so does {{…}}.

    A backslash is a plain character, so that C:\租金\流水.xlsx stays what it is. ValueError when a
    quotation mark is not closed.
    """
    words: list[str] = []
    current: list[str] | None = None
    for piece in _PIECE.finditer(text):
        if piece["blank"] is not None:
            words += ["".join(current)] if current is not None else []
            current = None
            continue
        if piece["plain"] in ('"', "'"):
            raise ValueError(f"引号 {piece['plain']} 没有成对")
        current = (current or []) + [_content(piece)]
    return (*words, *(["".join(current)] if current is not None else []))


def _content(piece: re.Match[str]) -> str:
    kinds = ("held", "double", "single", "plain")
    return next(str(piece[kind]) for kind in kinds if piece[kind] is not None)


def joined_words(words: tuple[str, ...]) -> str:
    """The words as one line that `split_words` takes apart again, for people to read."""
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    if word and not re.search(r"[\s\"']", word):
        return word
    return f"'{word}'" if '"' in word else f'"{word}"'
