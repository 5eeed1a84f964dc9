"""Which lines that stand for an offer are the sentence, the clerk's own words for it, or added.

A line put beside a sentence in a word processor takes over its style, and so its code: it must not
be taken for the sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_PLACE = re.compile(r"^\s*\d{1,3}\s*[.\uff0e、]\s*")  # the number before a plan
_NO_WORDS = re.compile(r"[\s\W\d_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph under an offer's code; `is_placed` where a number stood before it."""

    words: str
    is_placed: bool = False

    @classmethod
    def read(cls, text: str, *, of_plan: bool) -> Line:
        """From the paragraph as it stands; only plans are numbered."""
        plain = _PLACE.sub("", text) if of_plan else text
        return cls(plain.strip(), plain != text)


def added(lines: Sequence[Line], exact: Collection[int], sentence: str) -> frozenset[int]:
    """The places of the lines that are beside the sentence, not words for it.

    `exact` are the places where it stands as it was offered: every other line is added then. Else
    those are words for it that share half of their letter pairs with it, or had a number where
    others have none; where none does, all are.
    """
    if exact:
        return frozenset(range(len(lines))) - frozenset(exact)
    alike = {at for at, line in enumerate(lines) if is_about(line.words, sentence)}
    mine = alike or {at for at, line in enumerate(lines) if line.is_placed}
    return frozenset(range(len(lines))) - mine if mine else frozenset()


def own_items(lines: Sequence[Line], beside: Collection[int]) -> frozenset[int]:
    """Of the added lines of a plan those that are items of their own.

    They stand before the sentence, or the clerk has numbered them; others continue what is above.
    """
    first = next((at for at in range(len(lines)) if at not in beside), len(lines))
    return frozenset(at for at in beside if at < first or lines[at].is_placed)


def is_about(words: str, sentence: str) -> bool:
    """True when half of the pairs of letters of `words`, digits left out, are in the sentence."""
    mine, theirs = _pairs(words), _pairs(sentence)
    return bool(mine) and 2 * len(mine & theirs) >= len(mine)


def _pairs(text: str) -> set[str]:
    plain = _NO_WORDS.sub("", unicodedata.normalize("NFKC", text))
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
