"""The canonical texts of a draw: what is hashed and published, byte for byte.

Every text is UTF-8 without a byte order mark, with LF line ends, the last line too; fields are
parted by one tab; the first line names the form and its version. The SHA-256 of a text is the hash
of its bytes, in lower-case hexadecimal. Numbers are decimal without leading zeros, nine digits at
most. A field has no control or invisible character and no white space but single inner spaces
(U+0020): `clean` makes it so. Texts are written in NFC; whoever checks one compares bytes and never
normalises, so that no two versions of Unicode can disagree about it.

    zhubao-roster-1 <tab> event                 one line per entrant, ascending by receipt:
    receipt <tab> group order <tab> group <tab> size <tab> stratum

    zhubao-units-1 <tab> event                  one line per unit, ascending by its UTF-8 bytes:
    unit <tab> stratum <tab> place <tab> area

    zhubao-rules-1 <tab> event                  then, one a line:
    name, mode ("order" or "unit"), roster hash, units hash, and per source of randomness
    source <tab> name <tab> numbers <tab> digits of each; at least one, no name twice

    zhubao-draw-1 <tab> rules hash <tab> draw number <tab> result hash of the earlier draw or "-"
    entropy <tab> name of the source <tab> numbers, parted by one space; in the order of the rules
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

NONE = "-"
ORDER, UNIT = "order", "unit"  # the modes: order of choice, or household ↔ unit
_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_ENTRANT = re.compile(
    r"^([0-9a-f]{32})\t([1-9][0-9]{0,8})\t([^\t\n]*)\t(0|[1-9][0-9]{0,8})\t([^\t\n]*)$", re.M
)
# What never stands in a field, by code points and not by any version of Unicode's categories.
_INVISIBLE = r"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_WHITE = r"\x00-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff"
_DROPPED, _SPACED = re.compile(f"[{_INVISIBLE}]"), re.compile(f"[{_WHITE} ]+")
_UNSEEN = re.compile(f"[{_INVISIBLE}{_WHITE}]".replace(r"\x00-\x1f", r"\x00-\x08\x0b-\x1f"))
_LOOSE = re.compile("  |^ |\t | $| \t", re.M)  # spaces at the ends of a field, or two in a row


class TextInvalid(ValueError):
    """A text that is not in canonical form; `line` counts from 1. The message is Chinese."""

    def __init__(self, line: int, fault: str) -> None:
        super().__init__(f"第 {line} 行：{fault}")
        self.line, self.fault = line, fault


class Entrant(NamedTuple):
    """One line of the roster; `group_order` 1 chooses first."""

    receipt: str
    group_order: int
    group: str
    size: int
    stratum: str


class DrawUnit(NamedTuple):
    """One line of the list of units; `area` is text as published, in m²."""

    unit_no: str
    stratum: str
    place: str
    area: str


@dataclass(frozen=True, slots=True)
class EntropySource:
    """A source of randomness agreed on before the freeze: `numbers` numbers of `digits` digits."""

    name: str
    numbers: int
    digits: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What the freeze binds; its hash is published and stands for roster, units and rules."""

    event: str
    name: str
    mode: str
    roster_hash: str
    units_hash: str
    sources: tuple[EntropySource, ...]


@dataclass(frozen=True, slots=True)
class DrawTicket:
    """What is known once the witnesses have spoken; the hash of its text is the draw's seed."""

    rules_hash: str
    draw_no: int
    earlier: str  # result hash of the earlier draw, or "-"
    entropy: tuple[tuple[str, str], ...]  # (source, numbers)


def sha256(text: str) -> str:
    """Of the UTF-8 bytes, lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def receipt_of(event: str, entrant_no: str, identity_no: str, salt: str) -> str:
    """The receipt that stands for a household in everything published: 32 hexadecimal digits.

    The first half of SHA-256 over "zhubao-receipt-1", event, entrant, identity number (18 digits,
    X in upper case) and the household's secret salt, parted by tabs. The salt keeps others from
    finding a receipt by trying identity numbers; the household holds it and can prove its receipt.
    Each part is taken as `clean` leaves it.
    """
    parts = (clean(event), clean(entrant_no), clean(identity_no).upper(), clean(salt))
    return sha256("\t".join(("zhubao-receipt-1", *parts)))[:32]


def clean(text: str | None) -> str:
    """A field as it stands in a canonical text: NFC, nothing invisible, one space for white space.

    Control characters count as white space; characters of private use stay, for rare names.
    """
    visible = _DROPPED.sub("", text or "")
    return unicodedata.normalize("NFC", _SPACED.sub(" ", visible)).strip(" ")


def roster_text(event: str, entrants: Iterable[Entrant]) -> str:
    """The canonical roster; the order of `entrants` does not matter."""
    clean_once = lru_cache(4096)(clean)
    lines = sorted(
        f"{receipt}\t{order}\t{clean_once(group)}\t{size}\t{clean_once(stratum)}"
        for receipt, order, group, size, stratum in entrants
    )
    return _text(f"zhubao-roster-1\t{clean(event)}", lines)


def units_text(event: str, units: Iterable[DrawUnit]) -> str:
    """The canonical list of units; the order of `units` does not matter."""
    ordered = sorted(units, key=lambda unit: clean(unit.unit_no).encode())
    lines = (
        f"{clean(u.unit_no)}\t{clean(u.stratum)}\t{clean(u.place)}\t{clean(u.area)}"
        for u in ordered
    )
    return _text(f"zhubao-units-1\t{clean(event)}", lines)


def rules_text(rules: Rules) -> str:
    """The canonical rules; the order of the sources is part of them."""
    lines = [
        f"name\t{clean(rules.name)}",
        f"mode\t{rules.mode}",
        f"roster\t{rules.roster_hash}",
        f"units\t{rules.units_hash}",
        *(f"source\t{clean(s.name)}\t{s.numbers}\t{s.digits}" for s in rules.sources),
    ]
    return _text(f"zhubao-rules-1\t{clean(rules.event)}", lines)


def ticket_text(ticket: DrawTicket) -> str:
    """The canonical text whose hash is the seed."""
    head = f"zhubao-draw-1\t{ticket.rules_hash}\t{ticket.draw_no}\t{ticket.earlier}"
    return _text(head, (f"entropy\t{clean(name)}\t{value}" for name, value in ticket.entropy))


def parse_roster(text: str) -> tuple[str, tuple[Entrant, ...]]:
    """(event, entrants); TextInvalid unless the text is exactly as `roster_text` writes it."""
    (event,), lines = _opened(text, "zhubao-roster-1", 1)
    found = _ENTRANT.findall(text)
    if len(found) != len(lines):
        _refuse_entrant(lines)
    entrants = tuple(Entrant(r, int(order), group, int(n), s) for r, order, group, n, s in found)
    for number, (earlier, later) in enumerate(pairwise(entrants), 3):
        if earlier.receipt >= later.receipt:
            raise TextInvalid(number, "凭证号重复，或没有从小到大排列")
    return event, entrants


def parse_units(text: str) -> tuple[str, tuple[DrawUnit, ...]]:
    """(event, units); TextInvalid unless the text is exactly as `units_text` writes it."""
    (event,), lines = _opened(text, "zhubao-units-1", 1)
    units = tuple(DrawUnit(*_fields(number, line, 4)) for number, line in enumerate(lines, 2))
    before = ""
    for number, unit in enumerate(units, 2):
        if unit.unit_no in ("", NONE):
            raise TextInvalid(number, "没有房源编号")
        if unit.unit_no <= before:  # by code point, which is the order of the UTF-8 bytes
            raise TextInvalid(number, "房源编号重复，或没有从小到大排列")
        before = unit.unit_no
    return event, units


def parse_rules(text: str) -> Rules:
    """The rules; TextInvalid unless the text is exactly as `rules_text` writes it."""
    (event,), lines = _opened(text, "zhubao-rules-1", 1)
    if len(lines) < 5:
        raise TextInvalid(
            len(lines) + 2, "规则没有写完：要有名称、方式、两个校验值和至少一个随机源"
        )
    heads = ("name", "mode", "roster", "units")
    name, mode, *hashes = (_named(n, lines[n - 2], head) for n, head in enumerate(heads, 2))
    if mode not in (ORDER, UNIT):
        raise TextInvalid(3, "摇号方式不是 order 或 unit")
    for number, value in enumerate(hashes, 4):
        if not _HASH.fullmatch(value):
            raise TextInvalid(number, _NO_HASH)
    sources = tuple(_source(number, line) for number, line in enumerate(lines[4:], 6))
    for number, source in enumerate(sources, 6):
        if source.name in {one.name for one in sources[: number - 6]}:
            raise TextInvalid(number, f"随机源“{source.name}”写了两次")
    return Rules(event, name, mode, hashes[0], hashes[1], sources)


def parse_ticket(text: str) -> DrawTicket:
    """The ticket; TextInvalid unless the text is exactly as `ticket_text` writes it."""
    (rules_hash, draw_no, earlier), lines = _opened(text, "zhubao-draw-1", 3)
    if not _HASH.fullmatch(rules_hash) or not (earlier == NONE or _HASH.fullmatch(earlier)):
        raise TextInvalid(1, _NO_HASH)
    number = _whole(1, draw_no)
    if (number == 1) != (earlier == NONE) or not number:
        raise TextInvalid(1, "第一次摇号没有前次结果，重摇必须写明前次结果的校验值")
    entropy = tuple(_entropy(number, line) for number, line in enumerate(lines, 2))
    return DrawTicket(rules_hash, number, earlier, entropy)


_NO_HASH = "校验值应当是 64 位十六进制数（小写）"


def _text(head: str, lines: Iterable[str]) -> str:
    return "\n".join([head, *lines, ""])


def _opened(text: str, form: str, fields: int) -> tuple[list[str], Sequence[str]]:
    """The fields of the first line, and the other lines; every field is known to be clean."""
    lines = text.split("\n")
    head = lines[0].split("\t")
    if head[0] != form or len(head) != fields + 1 or "" in head:
        raise TextInvalid(1, f"不是 {form} 格式")
    if lines[-1] != "":
        raise TextInvalid(len(lines), "最后一行没有以换行结束")
    unclean = _UNSEEN.search(text) or (_LOOSE.search(text) if " " in text else None)
    if unclean:
        number = text.count("\n", 0, unclean.start()) + 1
        raise TextInvalid(number, "有多余的空白、回车或看不见的字符")
    return head[1:], lines[1:-1]


def _fields(number: int, line: str, count: int) -> list[str]:
    fields = line.split("\t")
    if len(fields) != count:
        raise TextInvalid(number, f"应当有 {count} 栏，实有 {len(fields)} 栏")
    return fields


def _refuse_entrant(lines: Sequence[str]) -> None:
    """Say which line of a roster is none."""
    for number, line in enumerate(lines, 2):
        if not _ENTRANT.fullmatch(line):
            _fields(number, line, 5)
            raise TextInvalid(number, "凭证号应当是 32 位十六进制数（小写），组序和人口应当是整数")


def _source(number: int, line: str) -> EntropySource:
    head, name, numbers, digits = _fields(number, line, 4)
    source = EntropySource(name, _whole(number, numbers), _whole(number, digits))
    if head != "source" or not (name and source.numbers and source.digits):
        raise TextInvalid(number, "随机源应当写明名称、几个数、每个数几位")
    return source


def _entropy(number: int, line: str) -> tuple[str, str]:
    head, name, value = _fields(number, line, 3)
    if head != "entropy" or not name:
        raise TextInvalid(number, "这一行应当是 entropy、随机源名称、随机数")
    return name, value


def _named(number: int, line: str, head: str) -> str:
    name, value = _fields(number, line, 2)
    if name != head:
        raise TextInvalid(number, f"这一行应当是 {head}")
    return value


def _whole(number: int, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise TextInvalid(number, f"“{text}”不是整数")
    return int(text)
