"""Numbers in the clerk's own paragraphs that differ from the figure they name.

The program's numbers are read back and compared; these are hers, so they are only pointed out. Only
a number of ten or more counts whose clause holds every word of exactly one figure's title and its
unit, and says nothing of another period, a plan, a part or an estimate.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from zhubao.core.money import FEN_PER_WAN, FEN_PER_YUAN
from zhubao.summary.words.telling import exact_text

if TYPE_CHECKING:
    from zhubao.summary.summary import Summary, Value

_CLAUSE = re.compile(r"[，。；：、！？,;:!?()（）\n]")
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(万元|元|[一-鿿]{1,2})")
_NOT_NOW = re.compile(
    "上年|去年|同期|同比|环比|[增减升降]|计划|目标|预计|力争|其中|下半年|[近约超]|[余多]|本月|当月|[一二三四]季度|月份"
)
_ENDINGS = ("户数", "人数", "次数", "场次", "人次", "金额", "单位")
_LEAST = 10


def differing_numbers(paragraphs: Iterable[str], summary: Summary) -> tuple[tuple[str, str], ...]:
    """(9999套, 房源筹集 2,113套): the number as written, the figure's title and exact number."""
    named = [(words, value) for value in _counted(summary) if len(words := _words(value)) > 1]
    found = []
    for paragraph in paragraphs:
        for clause in _CLAUSE.split(unicodedata.normalize("NFKC", paragraph)):
            if not _NOT_NOW.search(clause):
                found += list(_differing(clause, named))
    return tuple(dict.fromkeys(found))


def _differing(
    clause: str, named: list[tuple[tuple[str, ...], Value]]
) -> Iterator[tuple[str, str]]:
    for match in _NUMBER.finditer(clause):
        number, unit = Decimal(match[1].replace(",", "")), match[2]
        value = _meant(clause, unit, named)
        if value is None or value.measured is None or number < _LEAST:
            continue
        if not _agrees(number, unit, value.measured.value):
            figure = value.figure
            text = f"{match[1]}{_unit(unit, value)}"
            yield text, f"{figure.title} {exact_text(figure, value.measured)}"


def _meant(clause: str, unit: str, named: list[tuple[tuple[str, ...], Value]]) -> Value | None:
    """The figure whose title the clause holds, the longest title; None where two are as long."""
    fits = [
        (sum(map(len, words)), value)
        for words, value in named
        if _unit(unit, value) and all(word in clause for word in words)
    ]
    longest = max((length for length, _ in fits), default=0)
    best = [value for length, value in fits if length == longest]
    return best[0] if len(best) == 1 else None


def _unit(unit: str, value: Value) -> str:
    """The unit as written where it is the figure's; "" otherwise."""
    own = value.figure.unit
    if value.figure.money:
        return unit if unit in ("万元", "元") else ""
    return own if unit.startswith(own) else ""


def _agrees(number: Decimal, unit: str, value: int) -> bool:
    """True when the figure, rounded to the places written, is the number."""
    scale = {"万元": FEN_PER_WAN, "元": FEN_PER_YUAN}.get(unit, 1)
    places = -int(number.as_tuple().exponent)
    return abs(Decimal(value) / scale - number) * 2 <= Decimal(1).scaleb(-places)


def _counted(summary: Summary) -> Iterator[Value]:
    for value in summary.values.values():
        if value.measured is not None and not value.figure.is_rate:
            yield value


def _words(value: Value) -> tuple[str, ...]:
    """The words of a title, two characters each: 房源、筹集."""
    title = value.figure.title.rpartition("：")[2]
    for ending in _ENDINGS:
        title = title.removesuffix(ending)
    pairs = (title[at : at + 2] for at in range(0, len(title), 2))
    return tuple(pair for pair in pairs if len(pair) > 1)
