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
from dataclasses import dataclass, field, replace

from zhubao.summary.narrative.sorting import Line, added, own_items

_DATE = r"\d{4}\s*[年\-/.]\s*\d{1,2}\s*[月\-/.]\s*\d{1,2}日?"
_DATES = re.compile(_DATE)
# A Chinese numeral counts as a number where a unit follows: 三户, 两件.
_NUMBERS = re.compile(
    rf"{_DATE}|\d[\d,]*(?:\.\d+)?%?|[〇零一二三四五六七八九十百千两]+(?=[户套件起家人名份个万])"
)
_BLANKS = re.compile(r"\s+")
_PLAN = "plan."  # of the codes of plans
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
    says so, which holds for that run only, and for one that is not offered any more.
    `beside` are the places in `lines` of what the clerk added to the sentence, `own` those of them
    that are items of a plan of their own: they stay whatever becomes of the sentence. `is_gone` is
    true for what the ledgers no longer show.
    """

    lines: tuple[str | None, ...] = (None,)
    lost: tuple[str, ...] = ()
    sentence: str = ""
    beside: frozenset[int] = frozenset()
    own: frozenset[int] = frozenset()
    is_gone: bool = False

    @property
    def is_dropped(self) -> bool:
        """True for a sentence that stays deleted."""
        return not self.is_gone and len(self.beside) == len(self.lines)

    @property
    def reworded(self) -> tuple[str, ...]:
        """The clerk's words that stand for the sentence."""
        return self._words(beside=False)

    @property
    def is_reworded(self) -> bool:
        """True where words of the clerk's stand for the sentence."""
        return bool(self.reworded)

    @property
    def added(self) -> tuple[str, ...]:
        """The clerk's words beside the sentence."""
        return self._words(beside=True)

    @property
    def items(self) -> frozenset[int]:
        """The places in `lines` that have a number in the plan: the sentence's first, and own."""
        first = next((at for at in range(len(self.lines)) if at not in self.own), None)
        return self.own if first is None else self.own | {first}

    def _words(self, *, beside: bool) -> tuple[str, ...]:
        lines = enumerate(self.lines)
        return tuple(one for at, one in lines if one is not None and (at in self.beside) is beside)


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
        """What becomes of each sentence by code.

        Edits of what is not offered any more are lost, but for items of a plan of the clerk's own.
        """
        settled = {code: self._settle(code, text) for code, text in sentences.items()}
        for code in self.lines:
            if code not in sentences:
                gone = self._gone(code)
                if gone.lines or gone.lost:
                    settled[code] = gone
        return settled

    def _settle(self, code: str, sentence: str) -> Settled:
        named, now = code.partition(".")[2], Offered.of(sentence)
        read, before = self._read(code, sentence), self.offered.get(code)
        if named in self.drop:
            return _with_own(read.own_words(), ())
        if named in self.keep or (read.lines and read.only_items):
            return _with_own(read.own_words(), (None,), sentence=sentence)
        if not read.lines:
            stays = before is not None and before.dateless == now.dateless
            return Settled(() if stays else (None,), sentence=sentence)
        return _sorted(read, before, now, sentence)

    def _gone(self, code: str) -> Settled:
        """What stays and what is lost of the lines of a sentence that is not offered any more."""
        read = self._read(code, "")
        items = read.own if read.exact or read.only_items else frozenset()
        kept = tuple(line.words for at, line in enumerate(read.lines) if at in items)
        stood = read.exact | items
        lost = tuple(line.words for at, line in enumerate(read.lines) if at not in stood)
        return replace(_with_own(kept, ()), lost=lost, is_gone=True)

    def _read(self, code: str, sentence: str) -> _Read:
        """The lines under a code, and which of them are the sentence, and added to it."""
        of_plan, before = code.startswith(_PLAN), self.offered.get(code)
        lines = tuple(Line.read(text, of_plan=of_plan) for text in self.lines.get(code, ()))
        known = {before.exact} if before is not None else set()
        known |= {Offered.of(sentence).exact} if sentence else set()
        marks = [Offered.of(line.words).exact for line in lines]
        exact = frozenset(at for at, mark in enumerate(marks) if mark in known)
        if of_plan and NO_SENTENCE.exact in known and not exact:
            every = frozenset(range(len(lines)))
            return _Read(lines, exact, every, every)
        beside = added(lines, exact, sentence)
        return _Read(lines, exact, beside, own_items(lines, beside) if of_plan else frozenset())


def edits_from_document(
    remembered: Mapping[str, str], paragraphs: Iterable[tuple[str, str]]
) -> Edits:
    """The edits of a document: what it remembers by code, its paragraphs with their codes.

    Paragraphs without text do not count: their sentence has been deleted.
    """
    lines: dict[str, tuple[str, ...]] = {}
    for code, text in paragraphs:
        if Line.read(text, of_plan=code.startswith(_PLAN)).words:
            lines[code] = (*lines.get(code, ()), text)
    read = {code: Offered.read(text) for code, text in remembered.items()}
    return Edits({code: one for code, one in read.items() if one is not None}, lines)


@dataclass(frozen=True, slots=True)
class _Read:
    """The lines under a code and the places of the sentence, of what was added, of own items."""

    lines: tuple[Line, ...]
    exact: frozenset[int]
    beside: frozenset[int]
    own: frozenset[int]

    @property
    def only_items(self) -> bool:
        """True where no line is the sentence or words for it: it was not offered before."""
        return len(self.own) == len(self.lines)

    def own_words(self) -> tuple[str, ...]:
        """The items of the clerk's own."""
        return tuple(self.lines[at].words for at in sorted(self.own))


def _with_own(items: tuple[str, ...], shown: tuple[None, ...], *, sentence: str = "") -> Settled:
    """Items of the clerk's own, and the sentence below them where it is shown."""
    own = frozenset(range(len(items)))
    return Settled((*items, *shown), (), sentence, own, own)


def _sorted(read: _Read, before: Offered | None, now: Offered, sentence: str) -> Settled:
    """The lines that stand for an offer: as offered, the clerk's and still true, or lost."""
    kept: list[str | None] = []
    lost: list[str] = []
    beside, own = set[int](), set[int]()
    for at, line in enumerate(read.lines):
        stays = at in read.exact | read.own or _holds(Offered.of(line.words), before, now)
        if not stays:
            lost.append(line.words)
            continue
        beside |= {len(kept)} if at in read.beside else set()
        own |= {len(kept)} if at in read.own else set()
        kept.append(None if at in read.exact else line.words)
    if len(beside) == len(kept):
        kept.append(None)
    return Settled(tuple(kept), tuple(lost), sentence, frozenset(beside), frozenset(own))


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


# Remembered under a code where only items of the clerk's own stand.
NO_SENTENCE = Offered.of("")
