"""What a sentence is made from, and the one place where a number becomes text.

A number in a sentence is marked with its code and part, so that a made document can be compared
with the values again: START code "|" part MIDDLE text END. The marks never reach a reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from zhubao.core.money import FEN_PER_WAN, FEN_PER_YUAN, format_wan, format_yuan
from zhubao.core.report import Ratio
from zhubao.summary.indicators.figures import complete

if TYPE_CHECKING:
    from zhubao.summary.indicators.figures import Figure, Measured
    from zhubao.summary.summary import Summary

START, MIDDLE, END = "\ue000", "\ue001", "\ue002"
# Parts of a figure that are printed; the first letters differ.
COUNT, WHOLE, RATE, OPEN, NOTE, FACT = "count", "whole", "rate", "open", "note", "fact"
EXACT, YEAR = "exact", "year"  # as in the table: to the fen, both numbers; a year before
LAST = "last"  # the period before, as in the table
# What the document compares with, as in a sentence, and the change since then.
BEFORE, DELTA, GROWTH = "before", "delta", "growth"
PARTS = (COUNT, WHOLE, RATE, OPEN, NOTE, FACT, EXACT, YEAR, LAST, BEFORE, DELTA, GROWTH)
_MARKED = re.compile(f"{START}([^{MIDDLE}]*)\\|([^{MIDDLE}|]*){MIDDLE}([^{END}]*){END}")
_UNFIT = re.compile("[\x00-\x1f\x7f\ue000-\ue002\ufffe\uffff\ud800-\udfff]+")
_BLANK = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef“”—]) | (?=[\u3000-\u9fff\uff00-\uffef“”—])")
_COMMA = re.compile(r"(?<=\d),(?=\d{3})")
_EXACT_PLACES = (0, 2)  # of 万元: 119.71 is exact, 81.1725 is "约81.17万元"
_SHOWN_WAN = FEN_PER_WAN // 100  # 0.01万元
_FEW = 10  # a count below it has no percentage of growth
_MOST_GROWTH = 10  # times the number before: beyond it a percentage tells nothing


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. `code` and `part` say whose number it is; plain words have neither."""

    text: str
    code: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """The summary to be told, and texts that are no figures: limits in force, project names.

    `facts` is code → text; a fact is checked in the document like a figure. `absent` are the
    workbooks that were not found, with the file names they would have.
    """

    summary: Summary
    facts: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_month(self) -> bool:
        """True for the summary of one month."""
        return len(self.summary.period.months()) == 1

    @property
    def is_cut(self) -> bool:
        """True while the period has not ended on the cut-off day."""
        return self.summary.as_of < self.summary.period.end

    @property
    def against(self) -> str:
        """What the document compares with: 上月 in a month, else 上年同期.

        上期 where of what happened more than twice as much is known of that as of a year before. A
        period cut short has no 上月 or 上期 that could be compared.
        """
        if self.is_cut:
            return LAST_YEAR
        if self.is_month:
            return LAST_MONTH
        happened = [one for one in self.summary.values.values() if not one.figure.is_stock]
        years = sum(complete(one.last_year) is not None for one in happened)
        periods = sum(complete(one.last_period) is not None for one in happened)
        return LAST_YEAR if years * 2 >= periods else LAST_PERIOD

    def before(self, code: str) -> Measured | None:
        """The figure of the period compared with; None where it is not known."""
        value = self.summary.values.get(code)
        if value is None or value.measured is None:
            return None
        return complete(value.last_year if self.against == LAST_YEAR else value.last_period)

    def figure(self, code: str) -> tuple[Figure, Measured] | None:
        """The figure and what was measured; None when there is no such figure or no ledger."""
        if not self.summary.has(code):
            return None
        value = self.summary.value(code)
        return (value.figure, value.measured) if value.measured is not None else None

    def told(self, code: str) -> bool:
        """True when the figure is worth a clause: measured, and not zero (a rate: whole not 0)."""
        found = self.figure(code)
        if found is None:
            return False
        figure, measured = found
        return bool(measured.whole if figure.is_rate else measured.value)

    def text(self, code: str, part: str) -> str | None:
        """The number as it is printed; None when there is nothing to print."""
        if part == FACT:
            return one_line(self.facts[code]) if code in self.facts else None
        found = self.figure(code)
        if found is None:
            return None
        figure, measured = found
        if part in (YEAR, LAST):
            value = self.summary.value(code)
            other = complete(value.last_year if part == YEAR else value.last_period)
            return exact_text(figure, other) if other is not None else None
        if part in (BEFORE, DELTA, GROWTH):
            before = self.before(code)
            return _compared_text(figure, measured, before, part) if before is not None else None
        return _part_text(figure, measured, part)

    def n(self, code: str, part: str = COUNT) -> str:
        """The number, marked. KeyError when there is none: ask `told` first."""
        text = self.text(code, part)
        if text is None:
            raise KeyError(f"{code} {part}")
        return f"{START}{code}|{part}{MIDDLE}{text}{END}"

    def n_or(self, code: str, part: str, pattern: str) -> str:
        """`pattern` with {} replaced by the number, or nothing where there is none."""
        text = self.text(code, part)
        return pattern.replace("{}", self.n(code, part)) if text else ""


LAST_MONTH, LAST_YEAR, LAST_PERIOD = "上月", "上年同期", "上期"
Sentence = Callable[[Telling], "str | None"]


def quantity(value: int, figure: Figure) -> str:
    """A count with its unit, or an amount: in 万元 from ten thousand yuan on, rounded with 约."""
    if not figure.money:
        return f"{_unrounded(value, figure).replace(',', '')}{figure.unit}"
    if abs(value) < FEN_PER_WAN:
        whole, rest = divmod(abs(value), FEN_PER_YUAN)
        return f"{'-' if value < 0 else ''}{whole}{f'.{rest:02d}' if rest else ''}元"
    return _wan(value)


def _wan(value: int) -> str:
    exact = Decimal(value) / FEN_PER_WAN
    for places in _EXACT_PLACES:
        if exact == round(exact, places):
            return f"{exact:.{places}f}万元"
    return f"约{format_wan(value).replace(',', '')}万元"


def exact_text(figure: Figure, measured: Measured) -> str:
    """362户, 1,197,100.00元, 2,003 / 2,071套 = 96.72%: nothing rounded but the percentage."""
    value = _unrounded(measured.value, figure)
    if not figure.is_rate:
        return f"{value}{figure.unit}"
    whole = measured.whole or 0
    rate = rate_text(measured.value, whole) or "—"
    return f"{value} / {_unrounded(whole, figure)}{figure.unit} = {rate}"


def _unrounded(value: int, figure: Figure) -> str:
    if figure.money:
        return format_yuan(value)
    if figure.hundredths:
        return f"{Decimal(value) / 100:,.1f}"
    return f"{value:,}"


def _part_text(figure: Figure, measured: Measured, part: str) -> str | None:
    whole = measured.whole
    if part == EXACT:
        return exact_text(figure, measured)
    if part == COUNT:
        return quantity(measured.value, figure)
    if part == NOTE:
        return tight(measured.note) or None
    if whole is None:
        return None
    if part == WHOLE:
        return quantity(whole, figure)
    if part == OPEN:
        return quantity(whole - measured.value, figure)
    return rate_text(measured.value, whole) if part == RATE else None


def rate_text(value: int, whole: int) -> str | None:
    """96.72%, 100%; None for nothing to divide by. Less than all never rounds to 100."""
    if not whole:
        return None
    return "100%" if value == whole else f"{Ratio(value, whole).percent}%"


def _compared_text(figure: Figure, now: Measured, before: Measured, part: str) -> str | None:
    """A number of the comparison without its direction; None where it would mean nothing.

    Of rates the difference of what is printed, in points; growth is a share of the number before,
    of counts from ten on and up to 1,000%.
    """
    if figure.is_rate:
        if part == GROWTH or not now.whole or not before.whole:
            return None
        if part == BEFORE:
            return rate_text(before.value, before.whole)
        change = Ratio(now.value, now.whole).points_over(Ratio(before.value, before.whole))
        return None if change is None else f"{abs(change)}个百分点"
    if part == BEFORE:
        return quantity(before.value, figure)
    moved = abs(now.value - before.value)
    if part == DELTA:
        in_wan = figure.money and min(now.value, before.value) >= FEN_PER_WAN
        return _wan(moved) if in_wan and moved >= _SHOWN_WAN else quantity(moved, figure)
    if before.value < (1 if figure.money else _FEW) or moved > _MOST_GROWTH * before.value:
        return None
    return f"{round(Decimal(moved) * 100 / before.value, 2)}%"


def share(telling: Telling, code: str, done: str) -> str:
    """ "1219件全部在时限之内", "24周中20周报足了次数（83.33%）": a part of its whole."""
    found = telling.figure(code)
    if found is not None and found[1].value == found[1].whole:
        return f"{telling.n(code)}全部{done}"
    return f"{telling.n(code, WHOLE)}中{telling.n(code)}{done}（{telling.n(code, RATE)}）"


def tight(text: str) -> str:
    """As official texts are set: no blank beside Chinese, no commas in numbers."""
    return _COMMA.sub("", _BLANK.sub("", one_line(text)))


def listed(telling: Telling, names: Sequence[tuple[str, str]], joint: str = "、") -> str | None:
    """ "社会合作房573套、团购商品房305套": those of (name, code) that are told; None for none."""
    parts = [f"{name}{telling.n(code)}" for name, code in names if telling.told(code)]
    return joint.join(parts) or None


def one_line(text: str) -> str:
    """Without line breaks and the characters that no document and no mark may hold."""
    return " ".join(_UNFIT.sub(" ", text).split())


def pieces(text: str) -> tuple[Piece, ...]:
    """The stretches of a marked text, in order; nothing is lost but the marks."""
    found, place = [], 0
    for match in _MARKED.finditer(text):
        if match.start() > place:
            found.append(Piece(text[place : match.start()]))
        found.append(Piece(match[3], match[1], match[2]))
        place = match.end()
    if place < len(text):
        found.append(Piece(text[place:]))
    return tuple(found)


def plain(text: str) -> str:
    """The text as a reader sees it."""
    return _MARKED.sub(r"\3", text)
