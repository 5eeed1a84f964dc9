"""Numbers in the clerk's words for a sentence that the sentence itself has otherwise, or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

# Days and months are no numbers of the ledgers: 2020年6月30日, 6月底, 2020-06-30.
_DATES = re.compile(
    r"\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}日?|\d{4}\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?"
    r"|\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?"
)
_DIGITS = "〇一二三四五六七八九"
_TENS = {"十": 10, "百": 100, "千": 1000}
_COUNTED = "户套件起家人名份个项周次"
_NUMBER = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)\s*(%|[万亿]元|个百分点|个工作日|个月|[一-鿿])?"
    rf"|([〇零一二两三四五六七八九十百千]+)(?=([{_COUNTED}]))"
)
_YUAN_PER = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_ROUNDED = frozenset({*_YUAN_PER, "%", "个百分点"})


@dataclass(frozen=True, slots=True)
class Told:
    """A number as written, its value (money in yuan), its unit, and half its last place."""

    text: str
    value: Decimal
    unit: str
    half_place: Decimal
    in_words: bool = False

    def agrees(self, other: Told) -> bool:
        """True when `other` is this number; an amount or a rate may be rounded as written here."""
        if self.unit != other.unit and self.unit and other.unit:
            return False
        is_rounded = self.unit in _ROUNDED and other.unit in _ROUNDED
        return abs(self.value - other.value) <= (self.half_place if is_rounded else 0)


def changed_numbers(own: Iterable[str], sentence: str) -> tuple[tuple[str, str], ...]:
    """(30套, 25套): each number of the clerk's that the sentence has not, and what it has instead.

    Those are its numbers of the same unit that she has not; "" where there are none: the number is
    hers alone. A Chinese numeral counts from 二 on, where the sentence counts in its unit.
    """
    offered = _numbers(sentence)
    units = {one.unit for one in offered}
    mine = [
        one
        for line in own
        for one in _numbers(line)
        if not one.in_words or (one.value > 1 and one.unit in units)
    ]
    new = [one for one in mine if not any(one.agrees(other) for other in offered)]
    left = _left(offered, mine)
    pairs = ((one.text, _instead(one, new, left)) for one in new)
    return tuple(dict.fromkeys(pairs))


def _left(offered: Sequence[Told], mine: Iterable[Told]) -> list[Told]:
    """The numbers of the sentence that hers do not stand for, each of hers for one."""
    left = list(offered)
    for one in mine:
        same = next((at for at, other in enumerate(left) if one.agrees(other)), None)
        if same is not None:
            del left[same]
    return left


def _instead(one: Told, new: Sequence[Told], left: Sequence[Told]) -> str:
    """The number in the same place where both have as many of the unit, else all of them."""
    mine = [other for other in new if other.unit == one.unit]
    theirs = [other for other in left if other.unit == one.unit]
    if len(mine) == len(theirs):
        return theirs[mine.index(one)].text
    return "、".join(dict.fromkeys(other.text for other in theirs))


def _numbers(text: str) -> list[Told]:
    flat = _DATES.sub("，", unicodedata.normalize("NFKC", text))
    return [_told(found) for found in _NUMBER.finditer(flat)]


def _told(found: re.Match[str]) -> Told:
    digits, unit, words, counted = found.groups()
    if words:
        return Told(words + counted, Decimal(_read(words)), counted, Decimal(0), in_words=True)
    number = Decimal(digits.replace(",", ""))
    scale = _YUAN_PER.get(unit or "", 1)
    half = Decimal(scale) * Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2
    kind = "元" if unit in _YUAN_PER else unit or ""
    return Told(f"{digits}{unit or ''}", number * scale, kind, half)


def _read(words: str) -> int:
    """三十二 → 32, 两百 → 200, 十 → 10."""
    total = digit = 0
    for letter in words.replace("两", "二").replace("零", _DIGITS[0]):
        if letter in _TENS:
            total += (digit or 1) * _TENS[letter]
            digit = 0
        else:
            digit = _DIGITS.index(letter)
    return total + digit
