"""The canonical texts of a draw: what is hashed and published, byte for byte.

Every text is UTF-8 with LF line ends; fields are parted by one tab; the first line names the form
and its version. The SHA-256 of a text is the hash of its bytes, in lower-case hexadecimal.

    zhubao-roster-1 <tab> event                 one line per entrant, ascending by receipt:
    receipt <tab> group order <tab> group <tab> size <tab> stratum

    zhubao-units-1 <tab> event                  one line per unit, no unit twice:
    unit <tab> stratum <tab> place <tab> area

    zhubao-rules-1 <tab> event                  then, one a line:
    name, mode ("order" or "unit"), roster hash, units hash, and per source of randomness
    source <tab> name <tab> numbers <tab> digits of each

    zhubao-draw-1 <tab> rules hash <tab> draw number <tab> result hash of the earlier draw or "-"
    entropy <tab> name of the source <tab> numbers, parted by one space; in the order of the rules
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

NONE = "-"
ORDER, UNIT = "order", "unit"  # the modes: order of choice, or household ↔ unit
_RECEIPT = re.compile(r"[0-9a-f]{32}")
_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"0|[1-9][0-9]*")


class TextInvalid(ValueError):
    """A text that is not in canonical form; `line` counts from 1. The message is Chinese."""

    def __init__(self, line: int, fault: str) -> None:
        super().__init__(f"第 {line} 行：{fault}")
        self.line, self.fault = line, fault


@dataclass(frozen=True, slots=True)
class Entrant:
    """One line of the roster; `group_order` 1 chooses first."""

    receipt: str
    group_order: int
    group: str
    size: int
    stratum: str


@dataclass(frozen=True, slots=True)
class DrawUnit:
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
    """
    parts = ("zhubao-receipt-1", event, entrant_no, identity_no, salt)
    return sha256("\t".join(parts))[:32]


def clean(text: str | None) -> str:
    """A field as it stands in a canonical text: NFC, one space for any white space."""
    normal = unicodedata.normalize("NFC", text or "")
    return " ".join("".join(ch if ch.isprintable() else " " for ch in normal).split())


def roster_text(event: str, entrants: Iterable[Entrant]) -> str:
    """The canonical roster; the order of `entrants` does not matter."""
    ordered = sorted(entrants, key=lambda entrant: entrant.receipt)
    lines = (
        f"{e.receipt}\t{e.group_order}\t{clean(e.group)}\t{e.size}\t{clean(e.stratum)}"
        for e in ordered
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
    event, lines = _opened(text, "zhubao-roster-1", 1)
    entrants = tuple(_entrant(number, line) for number, line in enumerate(lines, 2))
    for number, (earlier, later) in enumerate(pairwise(entrants), 3):
        if earlier.receipt >= later.receipt:
            raise TextInvalid(number, "凭证号重复，或没有从小到大排列")
    _same(text, roster_text(event[0], entrants))
    return event[0], entrants


def parse_units(text: str) -> tuple[str, tuple[DrawUnit, ...]]:
    """(event, units); TextInvalid unless the text is exactly as `units_text` writes it."""
    event, lines = _opened(text, "zhubao-units-1", 1)
    units = tuple(DrawUnit(*_fields(number, line, 4)) for number, line in enumerate(lines, 2))
    seen: set[str] = set()
    for number, unit in enumerate(units, 2):
        if not unit.unit_no or unit.unit_no in seen:
            raise TextInvalid(number, "房源编号空着或重复")
        seen.add(unit.unit_no)
    _same(text, units_text(event[0], units))
    return event[0], units


def parse_rules(text: str) -> Rules:
    """The rules; TextInvalid unless the text is exactly as `rules_text` writes it."""
    event, lines = _opened(text, "zhubao-rules-1", 1)
    if len(lines) < 5:
        raise TextInvalid(len(lines) + 1, "规则没有写完")
    heads = ("name", "mode", "roster", "units")
    values = [_named(n, line, head) for n, (line, head) in enumerate(zip(lines, heads), 2)]  # noqa: B905
    sources = tuple(_source(number, line) for number, line in enumerate(lines[4:], 6))
    rules = Rules(event[0], values[0], values[1], values[2], values[3], sources)
    if rules.mode not in (ORDER, UNIT):
        raise TextInvalid(3, "摇号方式不是 order 或 unit")
    _same(text, rules_text(rules))
    return rules


def parse_ticket(text: str) -> DrawTicket:
    """The ticket; TextInvalid unless the text is exactly as `ticket_text` writes it."""
    (rules_hash, draw_no, earlier), lines = _opened(text, "zhubao-draw-1", 3)
    if not _HASH.fullmatch(rules_hash) or not (earlier == NONE or _HASH.fullmatch(earlier)):
        raise TextInvalid(1, "校验值应当是 64 位十六进制数")
    entropy = [_fields(number, line, 3) for number, line in enumerate(lines, 2)]
    pairs = tuple((name, value) for _, name, value in entropy)
    ticket = DrawTicket(rules_hash, _whole(1, draw_no), earlier, pairs)
    _same(text, ticket_text(ticket))
    return ticket


def _text(head: str, lines: Iterable[str]) -> str:
    return "\n".join([head, *lines, ""])


def _opened(text: str, form: str, fields: int) -> tuple[list[str], Sequence[str]]:
    """The fields of the first line, and the other lines."""
    lines = text.split("\n")
    if lines[-1] != "":
        raise TextInvalid(len(lines), "最后一行没有以换行结束")
    head = lines[0].split("\t")
    if head[0] != form or len(head) != fields + 1:
        raise TextInvalid(1, f"不是 {form} 格式")
    return head[1:], lines[1:-1]


def _fields(number: int, line: str, count: int) -> list[str]:
    fields = line.split("\t")
    if len(fields) != count:
        raise TextInvalid(number, f"应当有 {count} 栏，实有 {len(fields)} 栏")
    return fields


def _entrant(number: int, line: str) -> Entrant:
    receipt, group_order, group, size, stratum = _fields(number, line, 5)
    if not _RECEIPT.fullmatch(receipt):
        raise TextInvalid(number, "凭证号应当是 32 位十六进制数")
    return Entrant(receipt, _whole(number, group_order), group, _whole(number, size), stratum)


def _source(number: int, line: str) -> EntropySource:
    name, numbers, digits = _fields(number, line, 4)[1:]
    return EntropySource(name, _whole(number, numbers), _whole(number, digits))


def _named(number: int, line: str, head: str) -> str:
    name, value = _fields(number, line, 2)
    if name != head:
        raise TextInvalid(number, f"这一行应当是 {head}")
    return value


def _whole(number: int, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise TextInvalid(number, f"“{text}”不是整数")
    return int(text)


def _same(text: str, canonical: str) -> None:
    """Byte for byte: a text that says the same in another spelling is another text."""
    if text == canonical:
        return
    pairs = zip(text.split("\n"), canonical.split("\n"), strict=False)
    line = next((n for n, (found, wanted) in enumerate(pairs, 1) if found != wanted), 1)
    raise TextInvalid(line, "写法与规定的格式不一致")
