"""The sentences offered on problems and plans, and what the clerk made of them.

A document remembers what it offered: per sentence two checksums and its numbers (`remembered`).
Read back beside the paragraphs that stand there now, that tells a sentence deleted from one kept
and one reworded (`Edits`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_DATE = r"\d{4}\s*[年\-/.]\s*\d{1,2}\s*[月\-/.]\s*\d{1,2}日?"
_DATES = re.compile(_DATE)
# A Chinese numeral counts as a number where a unit follows: 三户, 两件.
_NUMBERS = re.compile(
    rf"{_DATE}|\d[\d,]*(?:\.\d+)?%?|[〇零一二三四五六七八九十百千两]+(?=[户套件起家人名份个万])"
)
_BLANKS = re.compile(r"\s+")
_PLACE = re.compile(r"^\s*\d{1,3}\s*[.\uff0e、]\s*")  # the number before a plan
_MOST = 255  # characters that a word processor keeps of a property
_UNKNOWN = "*"  # numbers too many to be remembered


@dataclass(frozen=True, slots=True)
class Offered:
    """What is remembered of a sentence: `exact`, and `dateless`, which another day leaves as it is.

    `numbers` in order; None where there were too many.
    """

    exact: str
    dateless: str
    numbers: tuple[str, ...] | None

    @classmethod
    def of(cls, sentence: str) -> Offered:
        """From the sentence itself."""
        plain = _plain(sentence)
        return cls(_checksum(plain), _checksum(_DATES.sub("", plain)), _numbers(sentence))

    @classmethod
    def read(cls, remembered: str) -> Offered | None:
        """From what `remembered` gave; None when it is no such text."""
        exact, _, rest = remembered.partition(" ")
        dateless, _, numbers = rest.partition(" ")
        if not exact or not dateless:
            return None
        return cls(exact, dateless, None if numbers == _UNKNOWN else tuple(numbers.split()))

    def remembered(self) -> str:
        """One line of at most 255 characters."""
        numbers = _UNKNOWN if self.numbers is None else " ".join(self.numbers)
        line = f"{self.exact} {self.dateless} {numbers}"
        return line if len(line) <= _MOST else f"{self.exact} {self.dateless} {_UNKNOWN}"


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of one offer: its paragraphs, None standing for the offered sentence.

    `lost` are the clerk's lines that are not written any more: their numbers have changed, or the
    problem is gone. `sentence` is to be remembered; "" for one left out because a file of notes
    says so, which holds for that run only.
    """

    lines: tuple[str | None, ...] = (None,)
    lost: tuple[str, ...] = ()
    sentence: str = ""

    @property
    def is_dropped(self) -> bool:
        """True for a sentence that stays deleted."""
        return not self.lines

    @property
    def is_reworded(self) -> bool:
        """True where words of the clerk's stand."""
        return any(line is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class Edits:
    """What earlier documents offered, by code, and the lines that stand for it there now.

    `drop` and `keep` are codes a file of notes names: left out, or offered anew, whatever was
    edited; with the code of a problem its plan is meant, too.
    """

    offered: Mapping[str, Offered] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()

    def updated(self, newer: Edits) -> Edits:
        """These with those of `newer` in their place, code by code."""
        before = {code: line for code, line in self.lines.items() if code not in newer.offered}
        return Edits(
            {**self.offered, **newer.offered},
            {**before, **newer.lines},
            (self.drop - newer.keep) | newer.drop,
            (self.keep - newer.drop) | newer.keep,
        )

    def settle(self, sentences: Mapping[str, str]) -> dict[str, Settled]:
        """What becomes of each sentence by code; edits of what is not offered any more are lost."""
        settled = {code: self._settle(code, text) for code, text in sentences.items()}
        for code, lines in self.lines.items():
            if code not in sentences and (own := self._own(code, lines)):
                settled[code] = Settled((), own)
        return settled

    def _settle(self, code: str, sentence: str) -> Settled:
        named = code.partition(".")[2]
        if named in self.drop:
            return Settled(())
        if named in self.keep:
            return Settled(sentence=sentence)
        before, lines = self.offered.get(code), self.lines.get(code, ())
        if not lines:
            stays = before is not None and before.dateless == Offered.of(sentence).dateless
            return Settled(() if stays else (None,), sentence=sentence)
        return _sorted(lines, before, Offered.of(sentence), sentence)

    def _own(self, code: str, lines: Iterable[str]) -> tuple[str, ...]:
        before = self.offered.get(code)
        exact = before.exact if before is not None else ""
        return tuple(line for line in lines if Offered.of(line).exact != exact)


def edits_from_document(
    remembered: Mapping[str, str], paragraphs: Iterable[tuple[str, str]]
) -> Edits:
    """The edits of a document: what it remembers by code, its paragraphs with their codes.

    Paragraphs without text do not count: their sentence has been deleted.
    """
    lines: dict[str, tuple[str, ...]] = {}
    for code, text in paragraphs:
        words = _PLACE.sub("", text).strip() if code.startswith("plan.") else text.strip()
        if words:
            lines[code] = (*lines.get(code, ()), words)
    read = {code: Offered.read(text) for code, text in remembered.items()}
    return Edits({code: one for code, one in read.items() if one is not None}, lines)


def _sorted(lines: Iterable[str], before: Offered | None, now: Offered, sentence: str) -> Settled:
    """The lines that stand for an offer: as offered, the clerk's and still true, or lost."""
    kept: list[str | None] = []
    lost: list[str] = []
    known = {now.exact, before.exact if before is not None else now.exact}
    for line in lines:
        mine = Offered.of(line)
        if mine.exact in known:
            kept.append(None)
        elif _holds(mine, before, now):
            kept.append(line)
        else:
            lost.append(line)
    return Settled(tuple(kept) or (None,), tuple(lost), sentence)


def _holds(mine: Offered, before: Offered | None, now: Offered) -> bool:
    """True when every number of a reworded line still is what it was made from.

    With nothing changed, her own numbers stand. Otherwise each must be one of those offered, at
    places that hold the same number now; where there is nothing to compare with, one of today's.
    """
    if before is None:
        return set(mine.numbers or ()) <= set(now.numbers or ())
    if before.exact == now.exact or not mine.numbers:
        return True
    if before.numbers is None or now.numbers is None:
        return False
    if before.numbers == now.numbers:
        return True
    if len(before.numbers) != len(now.numbers):
        return False
    both = list(zip(before.numbers, now.numbers, strict=True))
    moved = {old for old, new in both if old != new}
    return set(mine.numbers) <= set(before.numbers) - moved


def _numbers(text: str) -> tuple[str, ...]:
    """The numbers of a text in order, dates among them, written one way."""
    flat = unicodedata.normalize("NFKC", text)
    return tuple(_BLANKS.sub("", one).replace(",", "") for one in _NUMBERS.findall(flat))


def _plain(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
