"""Which rows under a header are records, and which totals, notes, blanks, repeated headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from operator import itemgetter
from typing import Any

from zhubao.excel.cleaning import clean_symbols
from zhubao.excel.sheet import Merge


class Reason(StrEnum):
    """Why a row is no record."""

    SUBTOTAL = "合计行"
    FOOTNOTE = "说明行"
    BLANK = "空行"
    HEADER = "重复的表头"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows left out, 1-based; `last` differs from `row` for a band of blank rows."""

    row: int
    reason: Reason
    text: str = ""
    last: int = 0


_TOTAL_WORDS = (
    "合计|小计|总计|累计|共计|总合计|合计数|本页合计|本页小计|本月合计|本年累计|本月小计|汇总"
)
_TOTAL = re.compile(rf"(?:{_TOTAL_WORDS})(?:\(.*\))?[:：]?")
_TOTAL_OF = re.compile(
    rf".{{1,20}}(?:{_TOTAL_WORDS})(?:\(.*\))?[:：]?|(?:{_TOTAL_WORDS})[:：].{{0,30}}"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|填表说明|填报说明|编制说明|注意事项|制表|制表人|填表|填表人|填报人|填报单位"
    r"|审核|审核人|复核|复核人|经办|经办人|负责人|单位负责人|主管|领导签字|签字|盖章|联系人|联系电话"
    r"|制表日期|填表日期|填报日期|打印日期|打印时间|统计日期)"
    r"(?:[:：0-9一二三四五(].*|$)",
    re.DOTALL,
)
_NUMBERED = re.compile(r"[0-9A-Za-z]")
_SENTENCE = re.compile(r"[。；;！]|.{25,}")


_INVISIBLE = frozenset(("\u200b", "\ufeff", "\u200e"))


class RowSorter:
    """Sorts the rows of one sheet into records and the rest.

    `required` and `known` are 0-based columns; rows with every required cell filled are records,
    unless they repeat the header.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[Any]],
        first: int,
        required: Sequence[int],
        titles: dict[int, str],
        merged: Sequence[Merge],
        occupied: frozenset[int] = frozenset(),
    ) -> None:
        """`first` is the 0-based index of the row below the header; `titles` its texts by column.

        `occupied`: 0-based rows that hold something the values do not show (error cells, formulas).
        """
        self._rows = rows
        self._first = first
        self._required = list(required) or sorted(titles)[:1]
        self._known = sorted(titles)
        self._titles = titles
        self._wide = {merge.first_row - 1: merge for merge in merged if _is_wide(merge)}
        self._covered = _covered_cells(merged)
        self._occupied = occupied
        self.left_out: list[LeftOut] = []

    def records(self) -> list[int]:
        """0-based indexes of the records; `left_out` is filled on the way."""
        rows = self._rows
        count = len(rows) - self._first
        suspects = self._suspects()
        if not suspects:
            return list(range(self._first, self._first + count))
        reasons = {index: self._reason(index) for index in sorted(suspects)}
        out = {index for index, reason in reasons.items() if reason is not None}
        self._report(reasons)
        return [index for index in range(self._first, len(rows)) if index not in out]

    def _suspects(self) -> set[int]:
        """Rows with an empty required cell, and rows whose first known cells repeat the header."""
        found: set[int] = set()
        for column in {*self._required, *self._known[:2]}:
            values = list(map(itemgetter(column), islice(self._rows, self._first, None)))
            wanted = _blanks_of(values) if column in self._required else set()
            if column in self._known[:2]:
                wanted.add(self._titles[column])
            if not wanted.isdisjoint(values):
                found.update(i for i, value in enumerate(values, self._first) if value in wanted)
        return found

    def _reason(self, index: int) -> Reason | None:
        row = self._rows[index]
        filled = [(column, value) for column, value in enumerate(row) if not _is_blank(value)]
        if not filled:
            return None if index in self._occupied else Reason.BLANK
        if self._repeats_header(row):
            return Reason.HEADER
        covered = self._covered.get(index, ())
        empty = sum(_is_blank(row[c]) and c not in covered for c in self._required)
        if not empty:
            return None
        mostly_empty = empty * 2 >= len(self._required)
        texts = [clean_symbols(value) for _, value in filled if isinstance(value, str)]
        if _is_total(texts, mostly_empty=mostly_empty):
            return Reason.SUBTOTAL
        is_note = mostly_empty and bool(texts) and self._is_note(index, texts[0], filled)
        return Reason.FOOTNOTE if is_note else None

    def _repeats_header(self, row: Sequence[Any]) -> bool:
        same = sum(row[column] == title for column, title in self._titles.items())
        return bool(same >= 2 and same * 2 >= len(self._titles))

    def _is_note(self, index: int, text: str, filled: list[tuple[int, Any]]) -> bool:
        """Words of a note in front, or a lone sentence, or a lone text merged across the sheet."""
        if not isinstance(filled[0][1], str):
            return False
        if _NOTE.fullmatch(text):
            return True
        alone = len(filled) == 1 and len(self._known) > 2
        return alone and (bool(_SENTENCE.search(text)) or index in self._wide)

    def _report(self, reasons: dict[int, Reason | None]) -> None:
        """One entry per row or band of blank rows; blanks after the last filled row are nothing."""
        last = len(self._rows) - 1
        while last >= self._first and reasons.get(last) is Reason.BLANK:
            last -= 1
        for index, reason in reasons.items():
            if reason is None:
                continue
            if reason is not Reason.BLANK:
                self.left_out.append(LeftOut(index + 1, reason, self._excerpt(index), index + 1))
            elif index < last:
                self._extend_band(index + 1)

    def _extend_band(self, row: int) -> None:
        previous = self.left_out[-1] if self.left_out else None
        if previous and previous.reason is Reason.BLANK and previous.last == row - 1:
            self.left_out[-1] = LeftOut(previous.row, Reason.BLANK, "", row)
        else:
            self.left_out.append(LeftOut(row, Reason.BLANK, "", row))

    def _excerpt(self, index: int) -> str:
        texts = [" ".join(str(v).split()) for v in self._rows[index] if not _is_blank(v)]
        return " ".join(texts)[:40]


def _is_total(texts: list[str], *, mostly_empty: bool) -> bool:
    """A word of totals in the first text, or in the second behind a name that is no number.

    Where most required cells are empty, "粟塘小区小计" in the first text will do too.
    """
    if not texts:
        return False
    if _TOTAL.fullmatch(texts[0]) or (mostly_empty and _TOTAL_OF.fullmatch(texts[0])):
        return True
    second = len(texts) > 1 and _TOTAL.fullmatch(texts[1]) is not None
    return second and (mostly_empty or _NUMBERED.search(texts[0]) is None)


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and (not value or value.isspace() or value in _INVISIBLE)


def _blanks_of(values: list[Any]) -> set[Any]:
    """The empty text and whatever other blank texts may occur."""
    try:
        spaces = set(filter(str.isspace, values))
    except TypeError:
        spaces = set(filter(str.isspace, (text for text in values if isinstance(text, str))))
    return {"", *_INVISIBLE, *spaces}


def _is_wide(merge: Merge) -> bool:
    return merge.last_column - merge.first_column >= 2


def _covered_cells(merged: Sequence[Merge]) -> dict[int, set[int]]:
    """0-based row → columns whose blank belongs to a range merged downwards from a row above."""
    covered: dict[int, set[int]] = {}
    for merge in merged:
        for row in range(merge.first_row, merge.last_row):
            covered.setdefault(row, set()).add(merge.first_column - 1)
    return covered
