"""Which rows under a header are records, and which totals, notes, blanks, repeated headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from operator import itemgetter
from typing import Any

from zhubao.excel.cleaning import EMPTY_MARKS, clean_symbols, is_empty_mark
from zhubao.excel.sheet import Merge


class Reason(StrEnum):
    """Why a row is no record."""

    SUBTOTAL = "合计行"
    FOOTNOTE = "说明行"
    BLANK = "空行"
    HEADER = "重复的表头"
    NUMBERING = "栏次行"


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
_COUNTED = r"[0-9]{1,7}(?:户|套|人|笔|条|行|项|份|次|家)?"
_TOTAL = re.compile(rf"(?:{_TOTAL_WORDS}|总合计数|合计金额)(?:\(.*\)|[:：]?{_COUNTED})?[:：]?")
_TOTAL_OF = re.compile(
    rf".{{1,20}}(?:{_TOTAL_WORDS})(?:\(.*\))?[:：]?|(?:{_TOTAL_WORDS})[:：].{{0,30}}"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|填表说明|填报说明|编制说明|注意事项|制表|制表人|填表|填表人|填报人|填报单位"
    r"|审核|审核人|复核|复核人|经办|经办人|负责人|单位负责人|主管|领导签字|签字|盖章|联系人|联系电话"
    r"|制表日期|填表日期|填报日期|打印日期|打印时间|统计日期)"
    r"(?:[:：0-9一二三四五(].*|$)|[\W_]*以下(?:空白|无正文|无内容)[\W_]*",
    re.DOTALL,
)
_SURE_TOTAL = re.compile(r"(?:合计|小计|总计|共计)(?:\(.*\))?:?")
_TOTALS_WRITTEN = frozenset(
    ("合计", "小计", "总计", "共计", "合 计", "小 计", "总 计", "合计：", "小计：")
)
_STEMS = "甲乙丙丁戊己庚辛壬癸"  # 栏次: columns numbered 甲, 乙, 1, 2, 3
_TAIL = 8  # the last rows are looked at even when every required cell is filled
_BAND = re.compile(
    r".{1,20}(?:小区|[苑园庭府里村居厦寓]|佳园|公馆|家园|花园|新城|街道|社区|乡|镇|片区|项目|部分|类|户"
    r"|[0-9一二三四五六七八九十]+(?:栋|幢|号楼|期))(?:\(.*\))?[:：]?"
)
_DIGIT = re.compile(r"[0-9０-９]")
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
        header: Sequence[Sequence[Any]] = (),
    ) -> None:
        """`first` is the 0-based index of the row below the header; `titles` its texts by column.

        `occupied`: 0-based rows that hold something the values do not show (error cells, formulas).
        `header`: the header's rows as they lie in the sheet, with the row above (of groups).
        """
        self._rows = rows
        self._first = first
        self._required = list(required) or sorted(titles)[:1]
        self._known = sorted(titles)
        self._titles = titles
        self._wide = {merge.first_row - 1: merge for merge in merged if _is_wide(merge)}
        self._covered = _covered_cells(merged)
        self._occupied = occupied
        self._header = [_filled_of(row) for row in header]
        self._below_header = -1  # the row that may be the second one of a repeated header
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
        """Rows with an empty required cell or a title of the header; the first, the last few."""
        found: set[int] = set()
        for column in {*self._required, *self._known[:2]}:
            values = list(map(itemgetter(column), islice(self._rows, self._first, None)))
            wanted = _blanks_of(values) if column in self._required else set()
            wanted.update(row[column] for row in self._header if column in row)
            if column in self._known[:2]:
                wanted.add(self._titles[column])
                wanted |= _TOTALS_WRITTEN
            if not wanted.isdisjoint(values):
                found.update(i for i, value in enumerate(values, self._first) if value in wanted)
        end = len(self._rows)
        if end > self._first:
            found.add(self._first)
            found.update(range(max(self._first, end - _TAIL), end))
        return found

    def _reason(self, index: int) -> Reason | None:
        row = self._rows[index]
        filled = [(column, value) for column, value in enumerate(row) if not _is_blank(value)]
        if not filled:
            return None if index in self._occupied else Reason.BLANK
        if self._repeats_header(index, row):
            return Reason.HEADER
        if index == self._first and _is_numbering(filled):
            return Reason.NUMBERING
        texts = [clean_symbols(value) for _, value in filled if isinstance(value, str)]
        covered = self._covered.get(index, ())
        empty = [c for c in self._required if _is_empty(row[c]) and c not in covered]
        if not empty:
            return _sure_reason(filled[0][1])
        mostly_empty = len(empty) * 2 >= len(self._required)
        if _is_total(texts, mostly_empty=mostly_empty):
            return Reason.SUBTOTAL
        is_note = bool(texts) and self._is_note(index, texts[0], filled, mostly_empty)
        return Reason.FOOTNOTE if is_note else None

    def _repeats_header(self, index: int, row: Sequence[Any]) -> bool:
        """The titles of the columns read, or one row of the header; its second row follows it."""
        filled = _filled_of(row)
        if index == self._below_header and filled == self._header[-1]:
            return True
        same = sum(row[column] == title for column, title in self._titles.items())
        repeats = same >= 2 and same * 2 >= len(self._titles)
        if repeats or (len(filled) >= 2 and filled in self._header):
            self._below_header = index + 1 if len(self._header) > 1 else -1
            return True
        return False

    def _is_note(
        self, index: int, text: str, filled: list[tuple[int, Any]], mostly_empty: bool
    ) -> bool:
        """Words of a note in front, or a lone sentence, or a lone text over a block of rows."""
        if not isinstance(filled[0][1], str):
            return False
        if _NOTE.fullmatch(text):
            return mostly_empty or text[-1] in ":："
        alone = mostly_empty and len(filled) == 1 and len(self._known) > 2
        if not alone or index in self._occupied:
            return False
        heads_block = filled[0][0] not in self._required or _BAND.fullmatch(text) is not None
        return heads_block or bool(_SENTENCE.search(text)) or index in self._wide

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


def looks_like_record(cells: Sequence[Any]) -> bool:
    """Every cell is filled, and half of them or more with digits; headers and titles are not."""
    if any(_is_empty(cell) for cell in cells):
        return False
    digits = sum(not isinstance(cell, str) or _DIGIT.search(cell) is not None for cell in cells)
    numbering = _is_numbering(list(enumerate(cells)))
    return digits * 2 >= len(cells) and not numbering


def _sure_reason(first: Any) -> Reason | None:
    """What the first filled cell makes of a row with every required cell filled."""
    text = clean_symbols(first) if isinstance(first, str) else ""
    if _SURE_TOTAL.fullmatch(text):
        return Reason.SUBTOTAL
    return Reason.FOOTNOTE if text[-1:] == ":" and _NOTE.fullmatch(text) else None


def _is_numbering(filled: list[tuple[int, Any]]) -> bool:
    """Three columns or more, numbered in order: 1, 2, 3 or 甲, 乙, 1, 2."""
    texts = [clean_symbols(v) if isinstance(v, str) else f"{v:g}" for _, v in filled if _plain(v)]
    letters = "".join(text for text in texts if text in _STEMS)
    numbers = texts[len(letters) :]
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    enough = len(texts) == len(filled) >= 3 and len(numbers) >= 2
    return enough and _STEMS.startswith(letters) and numbers == counted


def _plain(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


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


def _is_empty(value: Any) -> bool:
    """Blank, or one of the marks that clerks write where there is nothing to write."""
    return _is_blank(value) or (isinstance(value, str) and is_empty_mark(value.strip()))


def _filled_of(row: Sequence[Any]) -> dict[int, Any]:
    return {column: value for column, value in enumerate(row) if not _is_blank(value)}


def _blanks_of(values: list[Any]) -> set[Any]:
    """The empty text and whatever other blank texts may occur."""
    types = set(map(type, values))
    if not any(issubclass(kind, str) for kind in types):
        return {"", *_INVISIBLE, *EMPTY_MARKS}
    texts = values if types == {str} else (text for text in values if isinstance(text, str))
    return {"", *_INVISIBLE, *EMPTY_MARKS, *filter(str.isspace, texts)}


def _is_wide(merge: Merge) -> bool:
    return merge.last_column - merge.first_column >= 2


def _covered_cells(merged: Sequence[Merge]) -> dict[int, set[int]]:
    """0-based row → columns whose blank belongs to a range merged downwards from a row above."""
    covered: dict[int, set[int]] = {}
    for merge in merged:
        for row in range(merge.first_row, merge.last_row):
            covered.setdefault(row, set()).add(merge.first_column - 1)
    return covered
