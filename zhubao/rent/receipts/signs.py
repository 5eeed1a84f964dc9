"""What a line's words point to: numbers, addresses and names, in the spellings payers use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"[A-Z0-9][A-Z0-9_/.#-]*[A-Z0-9]|[A-Z0-9]")
_LABELLED = re.compile(r"(?:家庭|租户|住户|户|保障|合同)?(?:编号|户号|号码)[:是为]?\s*([0-9]+)")
_SHORTEST_BARE = 6  # digits alone in free text: shorter ones are rooms, dates, amounts
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])?")
_MOST_PREFIXES = 50

_NUMERAL = re.compile(r"[一二三四五六七八九十]{1,3}(?=[栋幢座]|号楼|单元)")
_DIGITS = {digit: place for place, digit in enumerate("一二三四五六七八九", 1)}
_PART = r"([A-Z]?[0-9]{1,4}[A-Z]?|[A-Z])"
_BUILDING = r"\s*(?:号楼|号栋|栋|幢|座|楼|#楼?)\s*"
_ENTRANCE = r"\s*(?:单元|门)\s*"
_FLOOR = r"(?:[0-9]{1,2}\s*(?:层|楼|-)\s*)?"
_ROOM = r"([A-Z]?[0-9]{1,5}[A-Z]?)"
_END = r"(?![0-9A-Z-]|\s*(?:单元|门|栋|幢|层|楼))"
_DASH = r"\s*[-—–/]\s*"
_SPELLED = rf"{_PART}{_BUILDING}-?(?:{_PART}(?:{_ENTRANCE}|{_DASH})-?)?{_FLOOR}{_ROOM}{_END}"
_DASHED = rf"{_PART}{_DASH}(?:{_PART}{_DASH})?{_ROOM}{_END}"
_AFTER_ESTATE = re.compile(rf"[^0-9A-Z]{{0,6}}?(?:{_SPELLED}|{_DASHED})")
_ALONE = re.compile(rf"(?<![0-9A-Z./-])(?:{_SPELLED}|{_PART}{_DASH}{_PART}{_DASH}{_ROOM}{_END})")

_HAN = re.compile(r"[\u4e00-\u9fff·]{2,}")
_PAYING_WORDS = (
    "公租房|廉租房|保障房|租金|房租|租费|房款|缴纳|缴费|缴款|交纳|交款|转账|汇款|收款|付款"
    "|收取|月份|年度|季度|上半年|下半年|户主|住户|租户|户名|姓名|承租人|本人|现金|银行|代扣|扣款|历史"
    "|单元|小区|冲正|退款|退回|退还"
)
_PAYING_SIGNS = "缴|交|付|代|补|欠|收|月|年|的|预|款|费|为|给|由|替|第|号|栋|室"
_BETWEEN_WORDS = re.compile(_PAYING_WORDS)
_BETWEEN_SIGNS = re.compile(_PAYING_SIGNS)
_SIGNS_AHEAD = re.compile(f"(?:{_PAYING_SIGNS})*")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Half-width and upper case, blanks single; what texts are searched in."""
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """A name for comparing: no blanks, nothing in brackets behind it."""
    bare = re.sub(r"[(\[].*$", "", unicodedata.normalize("NFKC", text))
    return "".join(bare.split()).replace("•", "·").upper()


class NumberFinder:
    """Finds the ledger's own numbers in free text.

    `owners` maps number → household. A number is recognised as a word of its own; with a blank or
    without leading zeros behind its letters (JT 123 for JT000123, where that is one number only).
    Digits alone count from six on, unless they read as a date, or behind a word like 编号.
    """

    def __init__(self, owners: Mapping[str, str]) -> None:
        self._owners = {plain(number): owner for number, owner in owners.items()}
        self._short: dict[tuple[str, int], set[str]] = {}
        for number in self._owners:
            prefix, digits = _split(number)
            if prefix and digits:
                self._short.setdefault((prefix, int(digits)), set()).add(number)
        prefixes = sorted({prefix for prefix, _ in self._short}, key=len, reverse=True)
        letters = [prefix for prefix in prefixes if prefix[-1].isalpha() and len(prefix) > 1]
        self._claim = (
            re.compile(
                rf"(?<![A-Z0-9])({'|'.join(map(re.escape, letters))})\s?([0-9]{{1,18}})(?![A-Z0-9])"
            )
            if letters and len(letters) <= _MOST_PREFIXES
            else None
        )

    def owner(self, text: str) -> str | None:
        """The household of a number as a clerk types it; None when there is none."""
        number = plain(text).replace(" ", "")
        if number in self._owners:
            return self._owners[number]
        prefix, digits = _split(number)
        if not prefix or not digits or digits.startswith("0"):
            return None
        found = self._short.get((prefix, int(digits)), set())
        return self._owners[next(iter(found))] if len(found) == 1 else None

    def search(self, text: str) -> tuple[set[str], set[str]]:
        """(households pointed to, numbers of the ledger's shape that it does not have)."""
        text = plain(text)
        found = {self._owners[token] for token in self._tokens(text) if token in self._owners}
        unknown: set[str] = set()
        for match in self._claim.finditer(text) if self._claim else ():
            owner = self.owner(match[1] + match[2])
            if owner is None:
                unknown.add(match[1] + match[2])
            else:
                found.add(owner)
        return found, unknown

    def _tokens(self, text: str) -> Iterator[str]:
        for token in _TOKEN.findall(text):
            if not token.isdigit() or (len(token) >= _SHORTEST_BARE and not _DATE.fullmatch(token)):
                yield token
        for match in _LABELLED.finditer(text):
            yield match[1]


@dataclass(frozen=True, slots=True)
class HomeKey:
    """A home as written: estate "" where none is named, entrance "" likewise."""

    estate: str
    building: str
    entrance: str
    room: str


class AddressReader:
    """Finds addresses in text: 粟塘小区3栋2单元501, 粟塘3-2-501, 3#2单元5楼501室, 3-2-501.

    An estate may be named without 小区 where that is no other estate's name.
    """

    def __init__(self, estates: Iterable[str]) -> None:
        names = {plain(name).replace(" ", ""): name for name in estates if name}
        short: dict[str, set[str]] = {}
        for key, name in names.items():
            bare = key.removesuffix("小区")
            if len(bare) >= 2 and bare not in names:
                short.setdefault(bare, set()).add(name)
        self._names = {bare: next(iter(found)) for bare, found in short.items() if len(found) == 1}
        self._names |= names
        longest = sorted(self._names, key=len, reverse=True)
        self._estate = re.compile("|".join(map(re.escape, longest))) if longest else None

    def find(self, text: str) -> list[HomeKey]:
        """The addresses in the text, those of a named estate before bare ones."""
        text = _NUMERAL.sub(lambda match: str(_numeral(match[0])), plain(text))
        if not any(sign.isdigit() for sign in text):
            return []
        named = list(self._of_estates(text))
        if named:
            return named
        return [_address("", match) for match in _ALONE.finditer(text)]

    def _of_estates(self, text: str) -> Iterator[HomeKey]:
        for found in self._estate.finditer(text) if self._estate else ():
            match = _AFTER_ESTATE.match(text, found.end())
            if match:
                yield _address(self._names[found[0]], match)


def home_key(estate: str, building: str, entrance: str | None, room: str) -> HomeKey:
    """A unit of the ledger as `AddressReader` would read it."""
    return HomeKey(
        estate,
        _trimmed(building, "号楼|号栋|栋|幢|座|楼|#"),
        _trimmed(entrance or "", "单元|门"),
        _trimmed(plain(room).rpartition("-")[2], "号房|室|房|号"),
    )


def names_in(text: str, known: Mapping[str, object]) -> set[str]:
    """The known names in free text: a run of characters, or what words of paying leave of it.

    Signs like 代 and 付 are taken off one by one, since they may be a name's own: 代付强交房租
    names 付强.
    """
    found: set[str] = set()
    for run in _HAN.findall(unicodedata.normalize("NFKC", text)):
        for piece in [run] if run in known else _BETWEEN_WORDS.split(run):
            found.update(_names_of(piece, known))
    return found


def _names_of(piece: str, known: Mapping[str, object]) -> set[str]:
    """The piece less some of the signs at its ends, the longest known; else what stands between."""
    ahead = _SIGNS_AHEAD.match(piece)
    behind = _SIGNS_AHEAD.match(piece[::-1])
    assert ahead is not None
    assert behind is not None
    cuts = [
        piece[first : len(piece) - last]
        for first in range(ahead.end() + 1)
        for last in range(behind.end() + 1)
    ]
    whole = [cut for cut in cuts if len(cut) > 1 and cut in known]
    if whole:
        return {max(whole, key=len)}
    return {part for part in _BETWEEN_SIGNS.split(piece) if part in known}


def _address(estate: str, match: re.Match[str]) -> HomeKey:
    groups = match.groups()
    parts = groups[:3] if groups[0] else groups[3:]
    building, entrance, room = (part or "" for part in parts[:3])
    return HomeKey(estate, _number(building), _number(entrance), _number(room))


def _trimmed(text: str, endings: str) -> str:
    return _number(re.sub(rf"(?:{endings})$", "", plain(text).replace(" ", "")))


def _number(text: str) -> str:
    return text.lstrip("0") or text


def _numeral(text: str) -> int:
    """一 … 九十九."""
    tens, sign, ones = text.rpartition("十")
    if not sign:
        return int("".join(str(_DIGITS[digit]) for digit in text))
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + _DIGITS.get(ones, 0)


def _split(number: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.*?)([0-9]*)", number)
    assert match is not None
    return match[1], match[2]
