"""The dress of ledgers as bureaus really keep them: title, groups of headers, totals, odd dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhubao.excel.kinds import CellKind
from zhubao.ledger.catalog import kind_of
from zhubao.ledger.model import LedgerRow

_SELF_EXPLAINING = ("台账", "册", "清单", "明细")


@dataclass(frozen=True, slots=True)
class Dress:
    """How a workbook is dressed up.

    `groups` maps a row model to its header groups: title → (first field, last field). `footnotes`
    maps a row model to the note under its rows.
    """

    bureau: str
    made_on: dt.date
    groups: Mapping[type[LedgerRow], Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    footnotes: Mapping[type[LedgerRow], str] = field(default_factory=dict)
    totals: bool = True
    mixed_dates: bool = True

    def title(self, model: type[LedgerRow]) -> str:
        """The line above everything: bureau and name of the ledger."""
        name = model.SHEET.name
        return f"{self.bureau}{name}{'' if name.endswith(_SELF_EXPLAINING) else '台账'}"

    def maker(self) -> str:
        """Left end of the line under the title."""
        return f"编制单位：{self.bureau}"

    def made(self, model: type[LedgerRow]) -> str:
        """Right end of the line under the title: date, and the unit where there is money."""
        kinds = {kind_of(one) for one in model.model_fields.values()}
        unit = "　单位：元" if CellKind.MONEY in kinds else ""
        return f"制表日期：{_chinese(self.made_on)}{unit}"

    def spans(self, model: type[LedgerRow]) -> dict[str, tuple[int, int]]:
        """Header groups as title → (first column, last column), 0-based.

        ValueError when a group names unknown fields, runs backwards or overlaps another.
        """
        names = list(model.model_fields)
        spans = {
            title: (names.index(first), names.index(last))
            for title, (first, last) in self.groups.get(model, {}).items()
        }
        _refuse_overlaps(sorted(spans.values()))
        return spans


def dressed_date(day: dt.date, row: int) -> dt.date | str | int:
    """The date of the `row`-th record as one of the many hands that keep a ledger writes it."""
    ways: tuple[dt.date | str | int, ...] = (
        day,
        f"{day.year}.{day.month}.{day.day}",
        day,
        f"{day.year}/{day.month}/{day.day}",
        _chinese(day),
        day.year * 10000 + day.month * 100 + day.day,
    )
    return ways[row // 3 % len(ways)]


def _chinese(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _refuse_overlaps(spans: Sequence[tuple[int, int]]) -> None:
    reached = -1
    for first, last in spans:
        if first > last or first <= reached:
            raise ValueError("header groups overlap or run backwards")
        reached = last
