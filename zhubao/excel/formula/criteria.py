"""The criterion of SUMIF and COUNTIF: a value or a comparison, where its meaning is certain."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhubao.excel.formula.values import (
    UNKNOWN,
    Noise,
    Scalar,
    Uncertain,
    compared_numbers,
    same_text,
)

_SPLIT = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_MOST_DIGITS = 15
_WILDCARDS = frozenset("*?~")
_LETTERS = re.compile(r"[A-Za-z]+")
_NUMBER_WORDS = frozenset(
    ("e", "d", "a", "p", "am", "pm", "rmb", "cny", "usd", "eur", "gbp", "jpy", "hkd", "nt", "us")
)
_TRUTH_WORDS = ("true", "false")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERALS = frozenset("零〇一二三四五六七八九十")
_WRITTEN_NUMBERS = frozenset("年月日时分秒上下午点元角零〇一二三四五六七八九十百千万亿星期周")

_HOLDS = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """An operator and what cells are compared with."""

    operator: str
    wanted: float | str

    def matches(self, cell: Scalar) -> bool | Uncertain:
        """Whether a cell meets it; UNKNOWN where Excel might read a text as a number."""
        if cell is UNKNOWN or isinstance(cell, Noise):
            return UNKNOWN
        if isinstance(self.wanted, str):
            return self._matches_text(cell, self.wanted)
        return self._matches_number(cell, self.wanted)

    def _matches_text(self, cell: Scalar, wanted: str) -> bool | Uncertain:
        is_negative = self.operator == "<>"
        if isinstance(cell, Uncertain):
            return UNKNOWN if is_negative else False
        same = same_text(cell, wanted) if isinstance(cell, str) else False
        return same if isinstance(same, Uncertain) else same != is_negative

    def _matches_number(self, cell: Scalar, wanted: float) -> bool | Uncertain:
        is_negative = self.operator == "<>"
        if isinstance(cell, Uncertain):
            return UNKNOWN if is_negative else False
        if isinstance(cell, float) and not isinstance(cell, bool):
            order = compared_numbers(cell, wanted)
            return order if isinstance(order, Uncertain) else _HOLDS[self.operator](order)
        if isinstance(cell, str) and not is_plain_text(cell):
            return UNKNOWN
        return is_negative


def criterion(value: Scalar) -> Criterion | None:
    """What a criterion argument means; None when that is not certain."""
    if isinstance(value, bool) or not isinstance(value, float | str):
        return None
    if isinstance(value, float):
        return Criterion("=", value)
    match = _SPLIT.fullmatch(value)
    if match is None or not match[2]:
        return None
    return _written(match[1] or "=", match[2])


def _written(operator: str, wanted: str) -> Criterion | None:
    if _NUMBER.fullmatch(wanted) is not None:
        digits = sum(character.isdigit() for character in wanted)
        return Criterion(operator, float(wanted)) if digits <= _MOST_DIGITS else None
    is_certain = operator in ("=", "<>") and is_plain_text(wanted)
    if not is_certain or _WILDCARDS.intersection(wanted):
        return None
    return Criterion(operator, wanted)


def is_plain_text(text: str) -> bool:
    """Whether Excel certainly reads no number, date, time, truth value or error in the text."""
    if not text:
        return True
    words = [word.lower() for word in _LETTERS.findall(text)]
    if text[0] in "#=<>" or text != text.strip() or set(words).intersection(_TRUTH_WORDS):
        return False
    if not any(character.isdigit() or character in _NUMERALS for character in text):
        return True
    if any(_is_wordy(character) for character in text):
        return True
    return any(word not in _NUMBER_WORDS and not word.startswith(_MONTHS) for word in words)


def _is_wordy(character: str) -> bool:
    """An ideograph no date, time or number is written with."""
    return "\u4e00" <= character <= "\u9fff" and character not in _WRITTEN_NUMBERS
